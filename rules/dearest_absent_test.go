package rules

import (
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"
)

// mostChecks is how many checks of an Ed25519 signature, of 50 to 80 µs, the dearest
// condition may take as long as: more than a second, where half of one is meant, and less
// than half of it was seen.
const mostChecks = 20_000

// checks measures f in checks of a signature, so that a slow machine is not taken for a
// dear condition.
func checks(f func()) float64 {
	public, private, _ := ed25519.GenerateKey(nil)
	signature := ed25519.Sign(private, nil)
	const times = 300
	begun := cpuTime()
	for range times {
		ed25519.Verify(public, nil, signature)
	}
	unit := cpuTime() - begun
	begun = cpuTime()
	f()
	return float64(cpuTime()-begun) * times / float64(max(unit, 1))
}

// The dearest conditions over nothing but absent fields: the engine gathers their names at
// each step. What they allocate is garbage at once.
func TestDearestAbsent(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, which runs with -short, takes its own time")
	}
	with := func(operator string, n int) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = "y.f" + itoa(i)
		}
		return strings.Join(parts, operator)
	}
	pairs := func(e string) string { return "s.list.exists(x, s.list.exists(y, " + e + "))" }
	cases := []struct {
		kind Kind
		expr string
		want int // names
	}{
		{KindBoolean, pairs(with("", 1)), 1},
		{KindBoolean, pairs(with(" || ", 2)), 2},
		{KindBoolean, pairs(with(" || ", 8)), 8},
		{KindBoolean, pairs(with(" && ", 8)), 8},
		{KindBoolean, pairs(with(" || ", 40)), 40},
		{KindInteger, pairs(with(" + ", 25) + " > 0"), 25},
		{KindInteger, pairs(with(" + ", 8) + " > x.f9"), 9},
		{KindInteger, pairs("[" + with(", ", 8) + "].size() > 3"), 8},
		{KindInteger, pairs("[" + with(", ", 8) + "].distinct().size() > 3"), 8},
		{KindInteger, pairs("math.greatest(" + with(", ", 8) + ") > 3"), 8},
		{KindInteger, pairs("cel.bind(z, [" + with(", ", 8) + "], z.size() > 3)"), 8},
		{KindInteger, pairs("[[" + with(", ", 4) + "], [" + with(", ", 8) + "]].exists(z, z.size() > 3)"), 8},
		{KindInteger, pairs("{1: y.f0, 2: y.f1, 3: y.f2, 4: y.f3}.size() > 3"), 4},
		{KindInteger, pairs("(y.f0 == y.f1 ? [y.f2, y.f3] : [y.f4]).size() > 3"), 2},
		{KindText, pairs("[" + with(", ", 8) + "].join() == ''"), 8},
		{KindText, pairs("y.f0 in [" + with(", ", 8) + "]"), 8},
		{KindInteger, "s.list.filter(x, s.list.exists(y, y.f0 > 1)).size() > 0", 1},
		{KindInteger, "s.list.map(x, s.list.map(y, y.f0 + x.f1)).size() > 0", 2},
		{KindInteger, "s.list.exists_one(x, s.list.exists_one(y, y.f0 == x.f1))", 2},
		{KindInteger, "s.list.all(x, s.list.transformList(i, y, y.f0 + i).size() > 0)", 1},
	}
	for i, c := range cases {
		t.Run(fmt.Sprintf("%d of %s", c.want, c.kind), func(t *testing.T) {
			definition := func(n int) Definition {
				d := wide(50, itoa(n), Field{Kind: c.kind})
				d.Rules = []Rule{{ID: "x", Expr: c.expr, At: []string{"go"}}}
				return d
			}
			n := 0
			for step := 2048; step > 0; step /= 2 {
				if accepted(definition(n + step)) {
					n += step
				}
			}
			if n == 0 {
				t.Fatal("not accepted with anything")
			}
			s := compiled(t, definition(n))
			items := make([]any, n)
			for i := range items {
				items[i] = map[string]any{}
			}
			in := s.Input()
			must(t, in.Section("s", map[string]any{"list": items}))
			var v Verdict
			taken := 0.0
			bytes := allocated(func() { taken = checks(func() { v = s.Eval("rule.x", in) }) })
			t.Logf("case %d: %d items, cost %d: %.0f checks, %d MiB", i, n, s.Conditions()[1].Cost, taken, bytes>>20)
			if v.Result != Unknown || len(v.Absent) != c.want {
				t.Errorf("%s for want of %q", v.Result, v.Absent)
			}
			if bytes > 256<<20 {
				t.Errorf("%d MiB were allocated", bytes>>20)
			}
			if taken > mostChecks {
				t.Errorf("it took as long as %.0f checks of a signature", taken)
			}
		})
	}
}
