package template

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/vassoio/vassoio/rules"
)

// ratio runs two functions in turns, in short slices since machines drift, and
// gives the median of how many times longer the first takes.
func ratio(b *testing.B, ours, floor func()) float64 {
	var ratios []float64
	measure := func(f func()) time.Duration {
		start := time.Now()
		f()
		return time.Since(start)
	}
	for b.Loop() {
		a, c := measure(ours), measure(floor)
		ratios = append(ratios, float64(a)/float64(max(c, 1)))
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

// BenchmarkLoad is a template from YAML; its floor is the compilation of the
// same expressions by package rules.
func BenchmarkLoad(b *testing.B) {
	for _, name := range []string{"order.yaml", "everything.yaml"} {
		b.Run(name, func(b *testing.B) {
			def := loadFile(b, name).Rules().Definition()
			b.ReportMetric(ratio(b, func() {
				if _, err := Load(os.DirFS("testdata"), name); err != nil {
					b.Fatal(err)
				}
			}, func() {
				if _, err := rules.Compile(def); err != nil {
					b.Fatal(err)
				}
			}), "x-floor")
		})
	}
}

// BenchmarkParse is a template from its canonical JSON, as it comes with a tray
// that was never seen; the same floor.
func BenchmarkParse(b *testing.B) {
	tpl := loadFile(b, "order.yaml")
	canonical, def := tpl.Canonical(), tpl.Rules().Definition()
	b.ReportMetric(ratio(b, func() {
		if _, err := Parse(canonical); err != nil {
			b.Fatal(err)
		}
	}, func() {
		if _, err := rules.Compile(def); err != nil {
			b.Fatal(err)
		}
	}), "x-floor")
}

// BenchmarkCache is the second load of a template: how much of the first it
// takes.
func BenchmarkCache(b *testing.B) {
	canonical := loadFile(b, "order.yaml").Canonical()
	var cache Cache
	if _, err := cache.Parse(canonical); err != nil {
		b.Fatal(err)
	}
	const times = 100 // in one slice: it takes microseconds
	first := ratio(b, func() {
		for range times {
			if _, err := cache.Parse(canonical); err != nil {
				b.Fatal(err)
			}
		}
	}, func() {
		if _, err := Parse(canonical); err != nil {
			b.Fatal(err)
		}
	})
	b.ReportMetric(first/times, "x-first")
}
