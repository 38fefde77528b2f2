package rules

import (
	"strings"
	"testing"
)

// instances is a section of which there can be so many, under a condition that
// reads it and one that does not, of about the same cost.
func instances(n, items int) Definition {
	list := []Field{{Name: "a", Kind: KindList, Max: itoa(items), Of: &Field{Kind: KindInteger}}}
	return Definition{
		Sections: []Section{{Name: "each", Fields: list, Instances: n}, {Name: "one", Fields: list}},
		Conditions: []Condition{
			{ID: "c.each", Expr: `each.a.all(x, each.a.all(y, x + y > 0))`},
			{ID: "c.one", Expr: `one.a.all(x, one.a.all(y, x + y > 0))`},
		},
	}
}

// What is evaluated for each instance of a section costs as many times, in the
// bound of all conditions together, and not in that of one.
func TestInstancesCost(t *testing.T) {
	for _, c := range []struct {
		instances, items int
		refused          string // by Compile
		stopped          string // conditions that CompileFrozen does not run
	}{
		{0, 250, "", ""},
		{1, 250, "", ""},
		{2, 250, "", ""},
		{100, 40, "", ""},
		{100, 250, "all conditions together, evaluated for each instance, can cost", "c.each"},
		{1, 5000, "c.each: the expression can cost", "c.each c.one"},
	} {
		d := instances(c.instances, c.items)
		_, err := Compile(d)
		if c.refused == "" && err != nil || c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)) {
			t.Errorf("%d instances of %d items: %v, want %q", c.instances, c.items, err, c.refused)
		}
		s, err := CompileFrozen(d)
		must(t, err)
		var stopped []string
		for _, info := range s.Conditions() {
			if want := uint64(max(c.instances, 1)); strings.HasSuffix(info.ID, "each") && info.Times != want || strings.HasSuffix(info.ID, "one") && info.Times != 1 {
				t.Errorf("%d instances: %s is evaluated %d times", c.instances, info.ID, info.Times)
			}
			if notRun(s.Eval(info.ID, s.Input())) {
				stopped = append(stopped, info.ID)
			}
		}
		if got := strings.Join(stopped, " "); got != c.stopped {
			t.Errorf("%d instances of %d items: %q is not run, want %q", c.instances, c.items, got, c.stopped)
		}
	}
}
