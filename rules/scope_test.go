package rules

import (
	"slices"
	"testing"
)

// A variable of an expression's own hides what else has its name, also where
// nothing is known of its values.
func TestVariableHidesName(t *testing.T) {
	d := vault()
	for i, e := range []string{
		`[open].exists(old, old.amount == 3)`,
		`[{"secret": open.amount}].exists(old, old.secret == 3)`,
		`cel.bind(old, {"secret": 3}, old.secret == open.amount)`,
		`[{"note": "x"}].exists(secret, secret.note == "x") && open.amount == 3`,
		`open.lines.map(l, l.amount).exists(open, open == 3)`,
		`[{"greatest": 3}].exists(math, math.greatest == open.amount)`,
	} {
		d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: e})
	}
	s := compiled(t, d)
	in := s.Input()
	must(t, in.Section("open", openContent()))
	must(t, in.Hidden("secret"))
	c := openContent()
	c["amount"] = int64(3)
	in, err := in.With("open", c)
	must(t, err)
	for _, info := range s.Conditions() {
		if v := s.Eval(info.ID, in); info.ID[0] == 'c' && (v.Result != Pass || info.Old || slices.Contains(info.Sections, "secret")) {
			t.Errorf("%s: %s (%v), reads %v, old %v", info.ID, v.Result, v.Err, info.Paths, info.Old)
		}
	}
}
