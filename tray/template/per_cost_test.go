package template

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// What is evaluated for each instance costs as many times: one line would keep a
// host busy a hundred times as long as the bound says.
func TestInstancesCost(t *testing.T) {
	for _, per := range []bool{false, true} {
		d := with(func(d *Definition) {
			s := Section{Name: "votes", Public: true, Write: []string{d.Roles[0].Name}, Fields: []rules.Field{
				{Name: "l", Kind: rules.KindList, Max: "400", Of: &rules.Field{Kind: rules.KindInteger}},
			}}
			if per {
				s.Per = []string{d.Roles[0].Name}
			}
			d.Sections = append(d.Sections, s)
			d.Rules = append(d.Rules, Rule{Rule: rules.Rule{ID: "pairs", Expr: `votes.l.all(x, votes.l.all(y, x + y > 0))`, At: []string{d.Lifecycle.Events[0].Name}}})
			edit := &d.Lifecycle.States[0].Edit[0]
			edit.Sections = append(slices.Clone(edit.Sections), "votes")
		})
		_, err := Compile(d)
		if per != (err != nil && strings.Contains(err.Error(), "evaluated for each instance")) || !per && err != nil {
			t.Errorf("per a role %v: Compile says %v", per, err)
		}
		tpl, err := compile(d, frozen, newReport(nil))
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := Parse(tpl.Canonical())
		if err != nil {
			t.Fatal(err)
		}
		if v := parsed.Rules().Eval("rule.pairs", parsed.Rules().Input()); errors.Is(v.Err, rules.ErrTooDear) != per {
			t.Errorf("per a role %v: it comes to %s, %v", per, v.Result, v.Err)
		}
	}
}
