package rules

import (
	"math/rand/v2"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// counted are the prices of this package, see [estimator.price], where the engine counts
// more than they are: a text is compared with another as a whole, not byte by byte.
type counted struct{}

func (counted) CallCost(_, overload string, args []ref.Val, _ ref.Val) *uint64 {
	if overload != overloads.Equals && overload != overloads.NotEquals {
		return nil
	}
	a, ok1 := args[0].(types.String)
	b, ok2 := args[1].(types.String)
	if !ok1 || !ok2 {
		return nil
	}
	units := 1 + uint64(float64(min(len(a), len(b)))*compareCost)
	return &units
}

// What an expression is said to cost is never less than what the engine counts when
// it runs over values as large as they can be: on that it rests that nothing is
// metered.
func TestCostIsABound(t *testing.T) {
	definitions := 40
	if testing.Short() {
		definitions = 8
	}
	g := &generator{Rand: rand.New(rand.NewPCG(5, 6)), roots: parts}
	line := map[string]any{"amount": int64(3), "note": strings.Repeat("€", defaultText)}
	full := func() map[string]any {
		fees := g.pick("1.00 EUR", "999999999999.99 EUR", "1.00 CHF")
		return map[string]any{
			"amount": int64(g.IntN(4)), "vip": g.IntN(2) == 0, "note": strings.Repeat("€", defaultText),
			"tags":  []any{"€€€€€€€€€€", "a", "a", "€€€€€€€€€€", "b"},
			"lines": []any{line, line, line, line, line},
			"inner": map[string]any{"amount": int64(g.IntN(3))},
			"price": fees, "fees": []any{fees, fees, fees, fees, fees},
		}
	}
	expressions, runs, closest := 0, 0, 0.0
	for range definitions {
		d := vault()
		for i := range 20 {
			d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: g.boolean(5)})
		}
		s, err := CompileFrozen(d)
		if err != nil {
			t.Fatalf("the generator writes nonsense: %v", err)
		}
		for _, c := range d.Conditions {
			p := s.conditions[c.ID].test
			counting, err := p.origin.env.Program(p.origin.checked, cel.EvalOptions(cel.OptOptimize), cel.CostTracking(counted{}))
			if err != nil {
				t.Fatal(err)
			}
			expressions++
			for i := range 6 {
				contents := map[string]map[string]any{}
				for _, part := range parts {
					if contents[part] = full(); i == 5 { // some absent
						contents[part] = g.content()
					}
				}
				hidden := 0
				if i >= 4 {
					hidden = g.IntN(1 << len(parts))
				}
				_, details, _ := counting.Eval(&partly(t, s, contents, hidden).root)
				actual := details.ActualCost()
				if actual == nil {
					t.Fatal("nothing was counted")
				}
				if runs++; *actual > p.cost {
					t.Errorf("%s\ncost %d, and is said to be %d at most", c.Expr, *actual, p.cost)
				}
				closest = max(closest, float64(*actual)/float64(p.cost))
			}
		}
	}
	if closest < 0.5 {
		t.Errorf("the dearest run cost %.2f of what was said: too far below to say anything", closest)
	}
	t.Logf("%d expressions, %d runs, of which the dearest cost %.2f of what was said", expressions, runs, closest)
}
