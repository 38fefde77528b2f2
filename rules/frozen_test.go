package rules

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// lists is a section with two lists of n items at most, under rules of every
// kind that cost as much as reading every pair of items does.
func lists(n int) Definition {
	list := func(name string) Field {
		return Field{Name: name, Kind: KindList, Max: itoa(n), Of: &Field{Kind: KindInteger}}
	}
	pairs := `a.all(x, b.all(y, x + y > 0))`
	return Definition{
		Sections: []Section{{Name: "s", Fields: []Field{
			list("a"), list("b"),
			{Name: "sum", Kind: KindInteger, Compute: `a.map(x, b.map(y, x * y).sum()).sum()`},
			{Name: "note", Kind: KindText, Check: strings.ReplaceAll(pairs, "0", "1")},
		}}},
		Rules: []Rule{{
			ID: "pairs", Expr: `s.a.all(x, s.b.all(y, x + y > 0))`, At: []string{"submit"},
			MessageExpr: `string(s.a.map(x, s.b.map(y, x + y).sum()).sum())`, Message: Text{"en": "no pair"},
		}},
		Conditions: []Condition{{ID: "guard", Expr: `s.a.all(x, s.b.all(y, x + y > 0))`}},
	}
}

func numbers(n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = int64(i + 1)
	}
	return out
}

// notRun reports whether a verdict says so, and nothing that could be taken for an
// outcome.
func notRun(v Verdict) bool {
	return errors.Is(v.Err, ErrTooDear) && v.Result == "" && !v.Skipped && len(v.Violations)+len(v.Absent)+len(v.Hidden)+len(v.Lacks) == 0
}

// What a definition could cost is told to whoever writes it, and never makes a
// definition that is in use another.
func TestCompileFrozen(t *testing.T) {
	content := map[string]any{"a": numbers(20), "b": numbers(20), "note": "x"}
	dear := 100
	for accepted(lists(dear)) {
		dear++
	}
	for _, c := range []struct {
		items             int
		admitted, running bool
	}{
		{100, true, true}, {dear, false, true}, {5000, false, false},
	} {
		d := lists(c.items)
		if _, err := Compile(d); (err == nil) != c.admitted {
			t.Errorf("%d items: Compile says %v", c.items, err)
		}
		s, err := CompileFrozen(d)
		if err != nil {
			t.Errorf("%d items: %v", c.items, err)
			continue
		}
		in := s.Input()
		content, err := s.Compute("s", content)
		if (err == nil) != c.running || errors.Is(err, ErrTooDear) == c.running {
			t.Errorf("%d items: Compute says %v", c.items, err)
		}
		must(t, in.Section("s", content))
		for _, id := range []string{"valid.s", "rule.pairs", "guard"} {
			v := s.Eval(id, in)
			if c.running {
				if v.Result != Pass {
					t.Errorf("%d items: %s: %s", c.items, id, outcome(v))
				}
				continue
			}
			if !notRun(v) {
				t.Errorf("%d items: %s: %s", c.items, id, outcome(v))
			}
			if w := changed(s, id, in, "s.a"); !notRun(w) {
				t.Errorf("%d items: %s, changed: %s", c.items, id, outcome(w))
			}
		}
		s.Lint() // evaluates what is constant
	}
}

// What is not run says so also where a rule is asked for that belongs to a section's
// validity; and what it would skip it skips, since that takes no running.
func TestNotRun(t *testing.T) {
	d := lists(5000)
	d.Rules[0].At = nil
	d.Rules[0].Expr = `s.a.all(x, s.b.all(y, x + y > 0))`
	d.Sections[0].Fields[3].Check = `a.all(x, b.all(y, x + y > old.a.size()))`
	d.Conditions = append(d.Conditions, Condition{ID: "back", Expr: `s.a.all(x, s.b.all(y, x + y > old.s.a.size()))`})
	s, err := CompileFrozen(d)
	must(t, err)
	content := map[string]any{"a": numbers(20), "b": numbers(20), "note": "x"}
	in := s.Input()
	must(t, in.Section("s", content))
	if v := s.EvalRule("rule.pairs", in); !notRun(v) {
		t.Errorf("a rule of a section: %s", outcome(v))
	}
	for _, id := range []string{"change.s", "back"} {
		if v := s.Eval(id, in); v.Result != Pass || !v.Skipped || v.Err != nil {
			t.Errorf("%s of the first revision: %s", id, outcome(v))
		}
	}
	must(t, in.Old("s", content))
	for _, id := range []string{"change.s", "back"} {
		if v := s.Eval(id, in); !notRun(v) {
			t.Errorf("%s: %s", id, outcome(v))
		}
	}
}

// What runs beside a condition is stopped by its own cost: the message is the one
// that stands in for a text that was not computed.
func TestCostlyMessage(t *testing.T) {
	d := lists(5000)
	d.Sections[0].Fields = d.Sections[0].Fields[:2]
	d.Rules[0].Expr, d.Conditions = `s.a.size() == 0`, nil
	s, err := CompileFrozen(d)
	must(t, err)
	in := s.Input()
	must(t, in.Section("s", map[string]any{"a": numbers(5000), "b": numbers(5000)}))
	v := s.Eval("rule.pairs", in)
	if v.Result != Fail || v.Violations[0].Message("en") != "no pair" {
		t.Errorf("%s: %s", outcome(v), v.Violations[0].Message("en"))
	}
}

// The largest pattern that is accepted; one step more is among TestFrozenLimits.
func TestLargestPattern(t *testing.T) {
	if _, err := CompileFrozen(small(`s.text.matches("a{997}b")`)); err != nil {
		t.Fatal(err)
	}
}

// CompileFrozen enforces all that is frozen.
func TestFrozenLimits(t *testing.T) {
	nest := func(n int) string {
		return strings.Repeat("[1].all(x, ", n) + "true" + strings.Repeat(")", n)
	}
	cases := map[string]Definition{
		"a long expression":     small(`"` + strings.Repeat("a", maxExpression) + `" != ""`),
		"many variables":        small(nest(maxVariables + 1)),
		"depth":                 small(strings.Repeat("(", 500) + "true" + strings.Repeat(")", 500)),
		"nodes":                 small(strings.Repeat("1+", 1000) + "1 == 1"),
		"a pattern from data":   small(`s.text.matches(s.text)`),
		"no pattern":            small(`s.text.matches("(((a{100}){100}){100})")`),
		"a large pattern":       small(`s.text.matches("a{998}b")`), // maxPattern and one step
		"a range":               small(`lists.range(10).size() > 1`),
		"a float":               small(`1.5 > 1.0`),
		"another type":          small(`s.n`),
		"a list over the bound": {Sections: []Section{{Name: "s", Fields: []Field{{Name: "l", Kind: KindList, Max: itoa(maxList + 1), Of: &Field{Kind: KindInteger}}}}}},
		"sections":              {Sections: make([]Section, maxSections+1)},
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for name, d := range cases {
		if _, err := CompileFrozen(d); err == nil {
			t.Errorf("%s is accepted", name)
		} else if strings.Contains(err.Error(), "units") {
			t.Errorf("%s is refused for its cost: %v", name, err)
		}
	}
}

// A condition is run up to the bound, and not past it; so are all together,
// but for those that are stopped by themselves.
func TestCostSlack(t *testing.T) {
	const most = maxRun
	s := compiled(t, small("true", "true"))
	for _, c := range []struct {
		name         string
		valid, other uint64 // costs of valid.s, and of each of the others
		stopped      string // "valid.s", "others"
	}{
		{"at the bound", most, 0, ""},
		{"past the bound", most + 1, 0, "valid.s"},
		{"all at the bound", 0, most / 2, ""},
		{"all past the bound", 1, most / 2, "valid.s others"},
		{"one without a bound, all at the bound", math.MaxUint64, most / 2, "valid.s"},
	} {
		for i := range s.infos {
			s.infos[i].Cost = c.other
		}
		s.infos[0].Cost = c.valid
		s.restrain()
		got := ""
		if v := s.Eval("valid.s", s.Input()); notRun(v) {
			got = "valid.s"
		}
		if v := s.Eval("c0", s.Input()); notRun(v) {
			got = strings.TrimSpace(got + " others")
		}
		if got != c.stopped {
			t.Errorf("%s: %q is not run, want %q", c.name, got, c.stopped)
		}
	}
}

// Formats, functions and time zones that follow a revised table, and nothing
// else, leave no condition that everybody can replay.
func TestReplayable(t *testing.T) {
	d := small(`s.text.isIban()`, `s.text.isVatIt()`, `s.text.isVat() || s.n == 1`, `s.n == 1`, `s.when.getDate("Europe/Rome") == 1`, `s.when.getDate("+01:00") == 1`,
		`s.text.matches("^\\p{L}+$")`, `s.text.matches("^[A-Z]\\d+$")`, `s.text.matches("^\\\\p")`, `s.text.matches("[^\\PN]")`)
	s := compiled(t, d)
	for i, want := range []string{
		"c0: isIban() follows a table that is revised", "", "c2: isVat() follows a table that is revised", "",
		"c4: the table of named time zones is revised; an offset such as \"+01:00\" is not", "",
		"c6: classes of Unicode such as \\p{L} grow with its versions; [A-Za-z] does not", "", "",
		"c9: classes of Unicode such as \\p{L} grow with its versions; [A-Za-z] does not",
	} {
		info := s.Conditions()[1+i]
		got := ""
		for _, d := range info.Differs {
			got += strings.TrimPrefix(d.Where, "condition ") + ": " + d.Message
			if d.Caret == 0 {
				t.Errorf("%s: no place in the expression", info.ID)
			}
		}
		if got != want || info.Replayable != (want == "") {
			t.Errorf("%s: %q, replayable %v; want %q", info.ID, got, info.Replayable, want)
		}
	}
	revised := 0
	for _, f := range formats {
		d := Definition{Sections: []Section{{Name: "s", Fields: []Field{
			{Name: "l", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{{Name: "x", Kind: KindText, Format: f.name}}}},
		}}}, Conditions: []Condition{{ID: "c", Expr: `s.l.size() == 1`}}}
		s := compiled(t, d)
		info := s.Conditions()[0]
		if info.Replayable == f.revised {
			t.Errorf("the format %s: replayable %v", f.name, info.Replayable)
		}
		if f.revised {
			revised++
			if len(info.Differs) != 1 || info.Differs[0].Where != "s.l[].x" || !strings.Contains(info.Differs[0].Message, f.name) {
				t.Errorf("the format %s: %v", f.name, info.Differs)
			}
		}
		if !s.Conditions()[1].Replayable {
			t.Errorf("the format %s: a condition that does not ask for it", f.name)
		}
	}
	if revised == 0 || revised == len(formats) {
		t.Errorf("%d of %d formats are revised", revised, len(formats))
	}
}
