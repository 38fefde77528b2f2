package rules

import (
	"slices"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
)

// BenchmarkFormatFunction compares a format's function in an expression with the
// floor: a function of cel-go's own, which does next to nothing, on the same text.
// The two alternate in short slices, since the machine's speed drifts, and the
// median of their ratios is what is reported.
func BenchmarkFormatFunction(b *testing.B) {
	env := formatEnv(b)
	for _, c := range []struct{ function, value string }{
		{"isEmail", "nome.cognome@sub.example.it"},
		{"isIban", "IT60X0542811101000000123456"},
		{"isTaxCodeIt", "RSSMRA85T10A562S"},
		{"isUri", "https://example.com:8080/a/b?q=x#f"},
		{"isVat", "IT00743110157"},
	} {
		b.Run(c.function, func(b *testing.B) {
			vars := map[string]any{"s": c.value}
			subject := formatProgram(b, env, "s."+c.function+"()", cel.EvalOptions(cel.OptOptimize))
			floor := formatProgram(b, env, `s.endsWith("?")`, cel.EvalOptions(cel.OptOptimize))
			const slice = 200
			run := func(program cel.Program) time.Duration {
				start := time.Now()
				for range slice {
					if _, _, err := program.Eval(vars); err != nil {
						b.Fatal(err)
					}
				}
				return time.Since(start)
			}
			var ratios []float64
			for b.Loop() {
				ratios = append(ratios, float64(run(subject))/float64(run(floor)))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "x-floor")
			b.ReportMetric(0, "ns/op") // of a slice of both, which says nothing
		})
	}
}
