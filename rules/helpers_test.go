package rules

import (
	"strconv"
	"testing"
)

func itoa(i int) string { return strconv.Itoa(i) }

// small is a definition for expressions that need little.
func small(conditions ...string) Definition {
	d := Definition{
		Sections: []Section{{Name: "s", Fields: []Field{
			{Name: "text", Kind: KindText}, {Name: "n", Kind: KindInteger}, {Name: "when", Kind: KindDatetime},
			{Name: "day", Kind: KindDate}, {Name: "long", Kind: KindDuration}, {Name: "money", Kind: KindDecimal, Scale: 2},
		}}},
		Holidays: []string{"2026-12-25", "2026-12-26", "2027-01-01"},
	}
	for i, e := range conditions {
		d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: e})
	}
	return d
}

// changed gives what [Set.EvalChanged] says of one condition.
func changed(s *Set, id string, in *Input, path string) (out Verdict) {
	for v := range s.EvalChanged(in, []string{path}) {
		if v.ID == id {
			out = v
		}
	}
	return out
}

// table evaluates expressions that read nothing, or the content of section s.
func table(t *testing.T, cases map[string]Result) {
	t.Helper()
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for e, want := range cases {
		s, err := Compile(small(e))
		if err != nil {
			t.Errorf("%s: %v", e, err)
			continue
		}
		in := s.Input()
		must(t, in.Section("s", map[string]any{
			"text": "abc", "n": int64(3), "when": "2026-11-22T23:30:00+01:00", "day": "2026-01-31", "long": "1d12h", "money": "12.50",
		}))
		if v := s.Eval("c0", in); v.Result != want {
			t.Errorf("%s: %s (%v), want %s", e, v.Result, v.Err, want)
		}
	}
}

// refused checks that expressions do not compile.
func refused(t *testing.T, expressions ...string) {
	t.Helper()
	for _, e := range expressions {
		if _, err := Compile(small(e)); err == nil {
			t.Errorf("%s compiles", e)
		}
	}
}
