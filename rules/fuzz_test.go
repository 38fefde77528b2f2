package rules

import "testing"

// No expression makes the compiler or the evaluator panic, and what it reads
// from a hidden section decides nothing.
func FuzzExpression(f *testing.F) {
	for _, e := range aliases {
		f.Add(e)
	}
	f.Fuzz(func(t *testing.T, e string) {
		d := vault()
		d.Conditions = []Condition{{ID: "c", Expr: e}}
		s, err := Compile(d)
		if err != nil {
			return
		}
		hidden, full := inputs(t, s)
		v := s.Eval("c", hidden)
		if v.Result != Pass && v.Result != Fail {
			return
		}
		for _, in := range full {
			if w := s.Eval("c", in); w.Result != v.Result {
				t.Errorf("hidden: %s, with it: %s (%v)", v.Result, w.Result, w.Err)
			}
		}
	})
}
