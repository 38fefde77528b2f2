package rules

import (
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// Templates that try to hang or to exhaust whoever loads or evaluates them are
// refused, or stopped, quickly and within little memory.
func TestHostileExpressions(t *testing.T) {
	nested := func(n int, macro string) string {
		s := "true"
		for i := range n {
			v := "x" + itoa(i)
			s = "s.list." + macro + "(" + v + ", " + s + ")"
		}
		return s
	}
	bind := `"` + strings.Repeat("a", 100) + `"`
	for i := range 28 {
		v := "v" + itoa(i)
		if i == 0 {
			bind = "cel.bind(v0, " + bind + ", "
			continue
		}
		bind += "cel.bind(" + v + ", v" + itoa(i-1) + " + v" + itoa(i-1) + ", "
	}
	bind += "v27.size() > 1" + strings.Repeat(")", 28)
	mapped := "s.list"
	for i := range 5 {
		mapped = "s.list.map(y" + itoa(i) + ", " + mapped + ")"
	}
	for name, e := range map[string]string{
		"nested comprehensions":        nested(6, "all"),
		"nested exists_one":            nested(12, "exists_one"),
		"doubling strings":             bind,
		"nested maps":                  mapped + ".size() > 1",
		"flattened maps":               "[" + mapped + "].flatten().flatten().flatten().size() > 1",
		"a list range":                 `lists.range(1000000000).size() > 1`,
		"deep parentheses":             strings.Repeat("(", 500) + "true" + strings.Repeat(")", 500),
		"deep negations":               strings.Repeat("!", 1000) + "true",
		"deep lists":                   strings.Repeat("[", 300) + strings.Repeat("]", 300) + ".size() == 1",
		"deep selections":              "s" + strings.Repeat(".a", 600) + " == 1",
		"long":                         `"` + strings.Repeat("a", maxExpression) + `" == ""`,
		"many nodes":                   strings.Repeat("1+", 1000) + "1 == 1",
		"a big literal":                strings.Repeat("9", 1900) + " > 1",
		"a big pattern":                `s.text.matches("(((a{100}){100}){100})")`,
		"a pattern from data":          `s.text.matches(s.text)`,
		"a pattern from an expression": `s.text.matches("(a" + "|a)*b")`,
		"a big replacement":            `s.list.map(a, s.list.map(b, s.text.replace("a", s.text).replace("a", s.text).replace("a", s.text))).size() > 1`,
		"a big join":                   `s.list.map(a, s.list.map(b, s.list.map(c, s.text + s.text).join()).join()).join().size() > 1`,
		"broken UTF-8":                 "s.text == \"\xff\"",
		"a null byte":                  "s.text == \"\x00",
		"a big format":                 `"%.1000000f".format([1]) == ""`,
		"many alternatives":            strings.Repeat("s.text == '' || ", 130) + "true",
		"optional chains":              "s" + strings.Repeat(".?a", 400) + ".hasValue()",
		"sums of texts":                strings.Repeat("s.text+", 120) + "'' == ''",
		"sums of walks":                strings.Repeat("s.list.size()+", 120) + "1 > 1",
		"differences in brackets":      strings.Repeat("(s.n-", 120) + "1" + strings.Repeat(")", 120) + " > 1",
		"conditionals in brackets":     strings.Repeat("(s.n > 1 ? 1 : ", 120) + "1" + strings.Repeat(")", 120) + " > 1",
		"deep calls":                   strings.Repeat("string(", 120) + "s.n" + strings.Repeat(")", 120) + " == ''",
		"conditional chains":           strings.Repeat("s.n == 1 ? ", 150) + "true" + strings.Repeat(" : false", 150),
		"working days over and over":   `s.list.all(a, s.list.all(b, date("2026-01-01").addWorkdays(36525) > date("2026-01-01")))`,
		"sets of everything":           `s.list.all(a, s.list.all(b, sets.contains(s.list, s.list)))`,
		"splitting":                    `s.list.all(a, s.list.all(b, s.text.split("").all(c, s.text.split("").size() > 0)))`,
		"distinct of pairs":            `s.list.map(a, s.list.map(b, a + b)).flatten().distinct().size() > 0`,
	} {
		t.Run(name, func(t *testing.T) {
			d := Definition{Sections: []Section{{Name: "s", Fields: []Field{
				{Name: "list", Kind: KindList, Max: "5000", Of: &Field{Kind: KindText, Max: "100"}},
				{Name: "text", Kind: KindText, Max: "100000"}, {Name: "n", Kind: KindInteger},
			}}}, Conditions: []Condition{{ID: "c", Expr: e}}}
			var m0, m1 runtime.MemStats
			runtime.ReadMemStats(&m0)
			begun := cpuTime()
			_, refused := Compile(d)
			// Whoever got it all the same, from a host that is hostile, too.
			s, err := CompileFrozen(d)
			if err == nil {
				// Legal, so it must be cheap, or not run.
				in := s.Input()
				items := make([]any, 5000)
				for i := range items {
					items[i] = strings.Repeat("a", 100)
				}
				must(t, in.Section("s", map[string]any{"list": items, "text": strings.Repeat("a", 100_000), "n": int64(2)}))
				v := s.Eval("c", in)
				t.Logf("cost %d, Compile accepts it: %v; %s %v", s.infos[len(s.infos)-1].Cost, refused == nil, v.Result, v.Err)
			}
			spent := cpuTime() - begun
			runtime.ReadMemStats(&m1)
			allocated := (m1.TotalAlloc - m0.TotalAlloc) >> 20
			t.Logf("%v, %d MiB allocated", spent, allocated)
			if allocated > 64 {
				t.Errorf("%d MiB allocated", allocated)
			}
			// Of the processor, whoever else uses it: half a second is what limits.go
			// promises, and a fiftieth was seen.
			if spent > 2*time.Second && !testing.Short() {
				t.Errorf("took %v", spent)
			}
		})
	}
}

// What fills the bound of all expressions loads within little memory, whatever
// it is made of: of what is alive, not of what is garbage by then.
func TestLoadAtTheBound(t *testing.T) {
	fill := func(unit, tail string, most int) string {
		return strings.Repeat(unit, min((maxExpression-len(tail))/len(unit), most)) + tail
	}
	live := func() int64 {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		return int64(sample[0].Value.Uint64())
	}
	for name, e := range map[string]string{
		"comparisons": fill(`s.n>1||`, "true", 140), "sums": fill(`s.n+`, "1>1", 125), "conditionals": fill(`s.n>1?true:`, "false", 120), "parentheses": strings.Repeat("(", 120) + "s.n" + strings.Repeat("+1)", 120) + ">1",
		"selections": strings.Repeat("-(", 120) + "s.n" + strings.Repeat(")", 120) + ">1", "sums of texts": fill("s.text+", "s.text==''", 125),
		"macros": fill(`[1].all(x,x>s.n)||`, "true", 50), "calls": fill(`s.text.matches("^a")||`, "true", 80), "short": `s.n>1`,
	} {
		d := Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "n", Kind: KindInteger}, {Name: "text", Kind: KindText}}}}}
		for i := 0; i < maxConditions && (i+1)*len(e) <= maxExpressions; i++ {
			d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: e})
		}
		runtime.GC()
		before, done, peak := live(), make(chan struct{}), make(chan int64)
		go func() {
			most := int64(0)
			for {
				most = max(most, live())
				select {
				case <-done:
					peak <- most
					return
				case <-time.After(time.Millisecond):
				}
			}
		}()
		start := time.Now()
		s, err := CompileFrozen(d)
		spent := time.Since(start)
		if err != nil {
			t.Fatalf("%s: %.200s", name, err)
		}
		runtime.GC()
		close(done)
		most := (<-peak - before) >> 20
		runtime.KeepAlive(s)
		t.Logf("%s: %d expressions of %d bytes: %v, %d MiB", name, len(d.Conditions), len(e), spent, most)
		if most > 64 {
			t.Errorf("%s: %d MiB alive", name, most)
		}
	}
}
