package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// branches are the branches of one expression, each by its caret, what it is the
// whole of, and how it was seen.
func branches(c *Coverage, where string) string {
	var out []string
	for _, b := range c.Branches() {
		if b.Where == where {
			seen := ""
			if b.True {
				seen += "t"
			}
			if b.False {
				seen += "f"
			}
			out = append(out, fmt.Sprintf("%d%s%s", b.Caret, b.Whole, seen))
		}
	}
	return strings.Join(out, " ")
}

func TestBranches(t *testing.T) {
	cases := []struct{ expr, fresh, seen string }{
		{`s.n == 3`, "1", "1t"},
		{`s.n > 5`, "1", "1f"},
		{`s.n == 3 && s.text == "abc"`, "1 10&& 13", "1t 10&&t 13t"},
		{`s.n > 5 && s.text == "abc"`, "1 9&& 12", "1f 9&&f 12"},
		{`!(s.n > 5) || s.text == "x"`, "3 12|| 15", "3f 12||t 15"},
		{`(s.n > 5 ? s.text == "x" : s.text == "abc")`, "2 12 28", "2f 12 28t"},
		{`(s.n > 5 ? true : s.text == "abc")`, "2 19", "2f 19t"},
		{`has(s.day)`, "1", "1t"},
		{`has(s.day) == true && false != has(s.text)`, "1 20&& 32", "1t 20&&t 32t"},
		{`s.day < date("2026-02-01")`, "1", "1t"},
		{`true`, "", ""},
		{`[1, 2, 3].all(x, x < 3)`, "11all 18", "11allf 18tf"},
		{`[1, 2, 3].exists(x, x > 1 && x < 9)`, "11exists 21 27&& 30", "11existst 21tf 27&&tf 30t"},
		{`[1, 2, 3].exists_one(x, x == 3)`, "11exists_one 25", "11exists_onet 25tf"},
		{`[1, 2, 3].filter(x, x > s.n).size() == 0`, "1 21", "1t 21f"},
		{`[1, 2].map(x, x > 1, x * 2) == [4]`, "1 15", "1t 15tf"},
		{`cel.bind(b, s.n == 3, b || b)`, "13 23 25|| 28", "13t 23t 25||t 28"},
		{`s.?text.hasValue() && s.n in [1, 2, 3]`, "1 20&& 23", "1t 20&&t 23t"},
		{`s.text in ["a", "b"]`, "1", "1f"},
		{`s.text.matches("^a") && s.n == 3`, "1 22&& 25", "1t 22&&t 25t"},
		// What is absent leaves the part undecided, and not the whole.
		{`(s.n == 3 && s.money > decimal("1")) || s.text == "abc"`, "2 11&& 14 38|| 41", "2t 11&& 14 38||t 41t"},
		{`s.text == "abc" || (s.day > date("2026-02-01") || s.n == 3)`, "1 17|| 21 51", "1t 17||t 21 51"},
		{`s.n > 5 || s.n == 3 && (s.n > 2 && s.text == "abc") && s.n > 0`, "1 9|| 12 21&& 25 36 56", "1f 9||t 12t 21&&t 25t 36t 56t"},
		{`!(s.n == 3 && s.text == "x") == true`, "3 12&& 15", "3t 12&&f 15f"},
		{`(s.n == 3 && s.text == "x" ? s.n == 1 : s.n == 2 || s.n == 3)`, "2 11&& 14 30 41 50|| 53", "2t 11&&f 14f 30 41f 50||t 53t"},
		{`[1, 2].all(x, [3, 4].exists(y, x > y) || x == 1)`, "8all 22exists 32 39|| 42", "8allf 22existsf 32f 39||tf 42tf"},
		{`[[1]].all(x, x.all(y, y > 1))`, "7all 16all 23", "7allf 16allf 23f"},
		{`[1, 2].existsOne(i, x, x == i + 1 && x > 0)`, "8existsOne 24 35&& 38", "8existsOnef 24t 35&&t 38t"},
		{"[1].all (x, x == 1)", "5all 13", "5allt 13t"},
		{"[1]\n  .exists(x,\n x == 1)", "4exists 2", "4existst 2t"},
		{`[s.n > 5, s.n == 3].exists(x, x)`, "2 11 21exists 31", "2f 11t 21existst 31tf"},
		{`s.?text.optMap(x, x == "abc" && s.n == 3).orValue(false)`, "1 1 19 30&& 33", "1t 1t 19t 30&&t 33t"},
		{"s.n == 3 &&\n  s.text == \"x\"", "1 10&& 3", "1t 10&&f 3f"},
	}
	for _, c := range cases {
		set := compiled(t, small(c.expr))
		cov, err := set.Coverage()
		must(t, err)
		if got := branches(cov, "condition c0"); got != c.fresh {
			t.Errorf("%s: branches %q, want %q", c.expr, got, c.fresh)
		}
		content := map[string]any{"text": "abc", "n": int64(3), "day": "2026-01-31"}
		plain, in := set.Input(), set.Input()
		in.Observe(cov)
		must(t, in.Section("s", content))
		must(t, plain.Section("s", content))
		if got, want := outcome(set.Eval("c0", in)), outcome(set.Eval("c0", plain)); got != want {
			t.Errorf("%s: %s when observed, else %s", c.expr, got, want)
		}
		if got := branches(cov, "condition c0"); got != c.seen {
			t.Errorf("%s: saw %q, want %q", c.expr, got, c.seen)
		}
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
}

// What cannot be told is not seen, and observing changes no verdict.
func TestBranchesOfTheUnknown(t *testing.T) {
	d := vault()
	d.Conditions = []Condition{{ID: "both", Expr: `open.amount > 1 && secret.amount > 1`}, {ID: "broken", Expr: `1 / (open.amount - 2) == 1 || open.amount > 5`}}
	d.Sections = append(d.Sections[:1:1], Section{Name: "secret", Fields: []Field{{Name: "amount", Kind: KindInteger}}})
	d.Rules = nil
	set := compiled(t, d)
	cov, err := set.Coverage()
	must(t, err)
	in := set.Input()
	in.Observe(cov)
	must(t, in.Section("open", map[string]any{"amount": int64(2)}))
	must(t, in.Hidden("secret"))
	if got := outcome(set.Eval("both", in)); got != "unknown; secret" {
		t.Error(got)
	}
	if got := branches(cov, "condition both"); got != "1t 17&& 20" {
		t.Errorf("saw %q", got)
	}
	if v := set.Eval("broken", in); v.Result != Error {
		t.Errorf("%s", outcome(v))
	}
	if got := branches(cov, "condition broken"); got != "1 28|| 31f" {
		t.Errorf("saw %q", got)
	}
}

func TestObserveAnotherSet(t *testing.T) {
	set, other := compiled(t, small(`s.n == 3`)), compiled(t, small(`s.n == 3`))
	cov, err := other.Coverage()
	must(t, err)
	in := set.Input()
	in.Observe(cov)
	in.Observe(nil)
	must(t, in.Section("s", map[string]any{"n": int64(3)}))
	set.Eval("c0", in)
	if got := branches(cov, "condition c0"); got != "1" {
		t.Errorf("saw %q", got)
	}
}

// Fields' expressions are among the branches, messages are not.
func TestBranchesOfFields(t *testing.T) {
	d := order()
	d.Sections[0].Fields = append(d.Sections[0].Fields, Field{Name: "age", Kind: KindInteger, Check: `this > 17`, MessageExpr: `lang == "it" ? "minorenne" : "under age"`})
	d.Rules = append(d.Rules, Rule{ID: "said", Expr: `customer.age > 17`, MessageExpr: `lang == "it" ? "minorenne" : "under age"`})
	set := compiled(t, d)
	cov, err := set.Coverage()
	must(t, err)
	// A message is as it is without a coverage.
	in := set.Input()
	in.Observe(cov)
	must(t, in.Section("customer", map[string]any{"company": "A", "age": int64(3)}))
	v := set.Eval("valid.customer", in)
	if len(v.Violations) != 2 || v.Violations[0].Message("it") != "minorenne" || v.Violations[1].Message("en") != "under age" {
		t.Errorf("%s", outcome(v))
	}
	if branches(cov, "customer.age check") != "1f" {
		t.Errorf("saw %q", branches(cov, "customer.age check"))
	}
	var where []string
	for _, b := range cov.Branches() {
		where = append(where, b.Where)
		if strings.Contains(b.Where, "message") {
			t.Errorf("%s is a branch", b.Where)
		}
	}
	for _, want := range []string{"customer.vat when", "customer.vat required", "rule covered", "rule few", "condition required.confirmation"} {
		if !slices.Contains(where, want) {
			t.Errorf("no branch of %s in %q", want, where)
		}
	}
}

func TestEvalRule(t *testing.T) {
	set := compiled(t, order())
	for _, c := range []struct {
		lines int
		want  string
	}{{1, "pass"}, {4, "fail;  rule"}} {
		in := set.Input()
		var lines []any
		for range c.lines {
			lines = append(lines, line("a", 1, "1.00"))
		}
		must(t, in.Section("products", map[string]any{"lines": lines}))
		if got := outcome(set.EvalRule("rule.few", in)); got != c.want {
			t.Errorf("%d lines: %s, want %s", c.lines, got, c.want)
		}
	}
	in := set.Input()
	if got := outcome(set.EvalRule("rule.covered", in)); !strings.HasPrefix(got, "unknown") {
		t.Error(got)
	}
	for _, id := range []string{"rule.none", "few", ""} {
		if v := set.EvalRule(id, in); v.Result != Error {
			t.Errorf("%q: %s", id, v.Result)
		}
	}
	if v := set.EvalRule("rule.few", compiled(t, order()).Input()); v.Result != Error {
		t.Errorf("the input of another set: %s", v.Result)
	}
}

func TestObserveAtOnce(t *testing.T) {
	set := compiled(t, small(`s.n == 3`))
	cov, err := set.Coverage()
	must(t, err)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			in := set.Input()
			in.Observe(cov)
			if in.Section("s", map[string]any{"n": int64(i)}) == nil {
				set.Eval("c0", in)
			}
			cov.Branches()
		})
	}
	wg.Wait()
	if got := branches(cov, "condition c0"); got != "1tf" {
		t.Errorf("saw %q", got)
	}
}

// What a field demands is known also of a definition that was filled in and
// compiled again, and a violation is shown only by who shows it.
func TestDemands(t *testing.T) {
	d := Definition{
		Functions: []Function{{Name: "known", Args: []Kind{KindText}, Result: KindBoolean}},
		Sections: []Section{{Name: "s", Fields: []Field{
			{Name: "name", Kind: KindText, Required: true}, {Name: "code", Kind: KindText, Max: "3"}, {Name: "list", Kind: KindList, Of: &Field{Kind: KindInteger, Min: "2"}},
		}}},
	}
	set, err := compiled(t, d).With(Library{Functions: []Function{{Name: "known", Args: []Kind{KindText}, Result: KindBoolean, Call: func([]any) (any, error) { return true, nil }}}})
	must(t, err)
	cov, err := set.Coverage()
	must(t, err)
	listed := func() string {
		var out []string
		for _, d := range cov.Demands() {
			out = append(out, fmt.Sprintf("%s %s %v", d.Rule, d.Member, d.Violated))
		}
		return strings.Join(out, ", ")
	}
	in := set.Input()
	in.Observe(cov)
	must(t, in.Section("s", map[string]any{"code": "abcd", "list": []any{int64(1)}}))
	v := set.Eval("valid.s", in)
	if got := listed(); got != "s.name.required required false, s.code.bounds max false, s.list[].bounds min false" {
		t.Error(got)
	}
	cov.Show(v.Violations[1])
	cov.Show(Violation{Rule: "s.list[].bounds"})
	if got := listed(); got != "s.name.required required false, s.code.bounds max true, s.list[].bounds min false" {
		t.Error(got)
	}
}
