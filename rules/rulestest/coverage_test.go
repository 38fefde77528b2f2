package rulestest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// gaps are what is missing, each as "where: what".
func gaps(r *rulestest.Report) []string {
	var out []string
	for _, g := range r.Coverage.Missing {
		out = append(out, g.Where+": "+g.What)
	}
	return out
}

func TestCoverageOfLittle(t *testing.T) {
	r := check(t, "tests: [{name: x, from: base, expect: {covered: pass}}]")
	c := r.Coverage
	if !slices.Equal(c.Untested, []string{"valid.products", "rule.few", "valid.credit", "rule.parts", "valid.notes", "rule.keep", "guard.close", "guard.send"}) {
		t.Errorf("untested %q", c.Untested)
	}
	for _, want := range []rulestest.Gap{
		{At: "order.yaml:11:1", Where: "rule.covered", What: "never expected to fail"},
		{At: "order.yaml:12:5", Where: "rule covered", What: "what begins here is never false", Source: "products.total <= credit.limit", Column: 1},
		{At: "order.yaml:11:1", Where: "rule.few", What: "no test"},
	} {
		if !slices.ContainsFunc(c.Missing, func(g rulestest.Gap) bool {
			return g.At == want.At && g.Where == want.Where && g.What == want.What && g.Source == want.Source && g.Column == want.Column
		}) {
			t.Errorf("without %+v", want)
		}
	}
	// Two were seen: that it passes, and that the comparison is true.
	if c.Covered != 2 {
		t.Errorf("covered %d of %d", c.Covered, c.Total)
	}
}

// Only what a case expects, and what came true, is covered.
func TestCoverageIsOfExpectations(t *testing.T) {
	has := func(r *rulestest.Report, gap string) bool { return slices.Contains(gaps(r), gap) }
	r := check(t, "tests: [{name: x, from: base, expect: {covered: fail}}]")
	if !has(r, "rule.covered: no test") || r.Failed() != 1 {
		t.Errorf("an expectation that did not come true covers: %q", gaps(r))
	}
	r = check(t, "tests: [{name: x, from: base, set: {products.lines: null}, expect: {products.discount.check: pass, products.lines.required: fail}}]")
	if has(r, "valid.products: never expected to fail") || !has(r, "valid.products: never expected to pass") {
		t.Errorf("demands of fields: %q", gaps(r))
	}
	r = check(t, "tests: [{name: x, from: base, set: {products.discount: 11}, expect: {valid.products: warning}}]")
	if has(r, "valid.products: never expected to fail") || !has(r, "products.discount check: what begins here is never true") {
		t.Errorf("a warning: %q", gaps(r))
	}
	r = check(t, `tests: [{name: x, from: base, set: {"products.lines[2]": {sku: c, price: 3}}, expect: {valid.products: {fail: [rule.few]}}}]`)
	if has(r, "rule.few: no test") || !has(r, "rule.few: never expected to pass") {
		t.Errorf("a rule among the violations: %q", gaps(r))
	}
	for _, never := range []string{"valid.products: never expected to be unknown", "valid.notes: never expected to fail"} {
		if slices.ContainsFunc(gaps(r), func(g string) bool { return strings.HasPrefix(g, never) }) {
			t.Errorf("%q is asked for", never)
		}
	}
}

const all = `tests:
  - {name: good, from: base, old: base, as: care, facts: {signed: {receipt: 1}}, expect: {valid.products: pass, few: pass, valid.credit: pass, valid.notes: pass, covered: pass, keep: pass, parts: pass, guard.send: pass, guard.close: pass}}
  - {name: dear, from: base, old: other, set: {credit.limit: 1, credit.parts: 50, products.discount: 11}, expect: {covered: fail, keep: fail, parts: fail, valid.credit: {fail: [rule.parts]}, valid.products: {warning: a large discount}}}
  - {name: small, from: base, set: {products.discount: 1, "products.lines[0].price": 0.5, "products.lines[1].price": 0.5, "products.lines[2]": {sku: c, price: 0.5}}, expect: {valid.products: pass, few: pass}}
  - {name: many, from: base, set: {"products.lines[2]": {sku: c, price: 0.5}}, expect: {few: fail}}
  - {name: sales, from: base, as: sales, state: closed, facts: {today: 2026-08-03}, expect: {covered: unknown, parts: unknown, guard.send: fail, guard.close: fail}}
  - {name: closed, from: base, state: closed, expect: {guard.send: fail}}
  - {name: late, from: base, facts: {now: 2026-08-03T00:00:00Z}, expect: {guard.send: fail}}
  - {name: unsigned, as: care, facts: {signed: {receipt: 0}}, expect: {guard.close: fail}}
  - {name: elsewhere, from: base, set: {products.lines: null, products.total: 1, credit.fee: 1 CHF, credit.deposit: 1 USD}, expect: {valid.products: {fail: [products.lines.required, products.total.computed]}, credit.fee.currency: fail, credit.deposit.currency: fail}}
  - {name: half, from: base, set: {"products.lines[0]": {}, "products.lines[1].price": -1}, expect: {valid.products: {fail: ["products.lines[].sku.required", "products.lines[].price.required", "products.lines[].price.bounds"]}}}
`

func TestCoverageOfAll(t *testing.T) {
	r := check(t, all)
	if got := failures(r); got != "" {
		t.Error(got)
	}
	if c := r.Coverage; c.Percent() != 100 || c.Covered != c.Total || c.Total == 0 || len(c.Missing)+len(c.Untested) > 0 {
		t.Errorf("%v", c)
	}
	// Each case is needed: without it something is missing.
	lines := strings.SplitAfter(all, "\n")
	for i := 1; i < len(lines)-1; i++ {
		r := check(t, strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""))
		if c := r.Coverage; c.Percent() == 100 || c.Covered+len(c.Missing) < c.Total-2 || len(c.Missing) == 0 {
			t.Errorf("without %s: %v", lines[i], c)
		}
	}
}

// demanding is a set with a demand of each kind, and with what is none.
func demanding(t *testing.T) rulestest.Template {
	t.Helper()
	members := []string{"required", "required_if", "when", "compute", "check", "format", "min", "max", "currencies", "choices"}
	field := func(line int, f rules.Field) rules.Field {
		f.Pos = rules.Positions{"": {Line: line, Column: 1}}
		for i, m := range members {
			f.Pos[m] = rules.Position{Line: line, Column: 10 * (i + 1)}
		}
		return f
	}
	day := field(10, rules.Field{Kind: rules.KindDate, Check: `this.year() > 2000`, Severity: rules.SeverityWarning})
	set, err := rules.Compile(rules.Definition{Sections: []rules.Section{{Name: "s", Fields: []rules.Field{
		field(1, rules.Field{Name: "mail", Kind: rules.KindText, Required: true, Format: "email", Max: "30"}),
		field(2, rules.Field{Name: "kind", Kind: rules.KindChoice, Choices: []rules.Choice{{Name: "a"}, {Name: "b"}}}),
		field(3, rules.Field{Name: "why", Kind: rules.KindText, Min: "3", When: `kind == "b"`}),
		field(4, rules.Field{Name: "size", Kind: rules.KindInteger, Min: "1", Max: "9", RequiredIf: `kind == "a"`}),
		field(5, rules.Field{Name: "fee", Kind: rules.KindMoney, Scale: 2, Currencies: []string{"EUR"}, Max: "10"}),
		field(6, rules.Field{Name: "twice", Kind: rules.KindInteger, Compute: `size * 2`}),
		field(7, rules.Field{Name: "days", Kind: rules.KindList, Min: "1", Max: "2", Of: &day}),
		field(8, rules.Field{Name: "free", Kind: rules.KindText, Min: "1", Max: "1000"}),
		field(9, rules.Field{Name: "any", Kind: rules.KindList, Min: "0", Max: "100", Of: &rules.Field{Kind: rules.KindText}}),
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	return rulestest.Bare(set)
}

const demandingFixture = `fixtures:
  base: {s: {mail: a@example.com, kind: a, size: 1, fee: 5, days: [2026-01-01]}}
tests:
`

func checkDemanding(t *testing.T, text string) *rulestest.Report {
	t.Helper()
	tpl := demanding(t)
	s, err := rulestest.Parse("s_test.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	r, err := rulestest.Check(tpl, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// unshown are the demands that no case violates, each as "place rule member".
func unshown(r *rulestest.Report) []string {
	var out []string
	for _, g := range r.Coverage.Missing {
		if member, ok := strings.CutPrefix(g.What, "no violation of "); ok && g.Column == 0 && g.Source == "" {
			out = append(out, g.At+" "+g.Where+" "+strings.TrimSuffix(member, " is expected"))
		}
	}
	return out
}

// Each demand of a field counts one, and is missing at its place until a case
// names a violation of it.
func TestCoverageOfDemands(t *testing.T) {
	all := []string{
		"1:10 s.mail.required required", "1:60 s.mail.format format", "1:80 s.mail.bounds max", "2:100 s.kind.choice choices",
		"3:30 s.why.inapplicable when", "3:70 s.why.bounds min", "4:20 s.size.required required", "4:70 s.size.bounds min",
		"4:80 s.size.bounds max", "5:80 s.fee.bounds max", "5:90 s.fee.currency currencies", "6:40 s.twice.computed compute",
		"7:70 s.days.bounds min", "7:80 s.days.bounds max", "10:50 s.days[].check check",
	}
	cases := []struct {
		set, expect string
		shown       []string // rule and member
	}{
		{"", "valid.s: pass", nil},
		{"s.mail: null", "s.mail.required: fail", []string{"s.mail.required required"}},
		{"s.mail: null", "valid.s: {fail: [s.mail.required]}", []string{"s.mail.required required"}},
		{"s.mail: null", "valid.s: {fail: a value is required}", []string{"s.mail.required required"}},
		{"s.mail: null, s.size: 10", "valid.s: {fail: must be at most 9, at: s.size}", []string{"s.size.bounds max"}},
		{"s.mail: null", "valid.s: fail", nil}, // of what, it does not say
		{"s.mail: null, s.size: 10", "s.size.bounds: fail", []string{"s.size.bounds max"}},
		{"s.mail: null, s.size: 10", "s.size.required: pass", nil},
		{"s.mail: null", "s.mail.required: pass", nil}, // did not come true
		{"s.mail: x", "s.mail.format: fail", []string{"s.mail.format format"}},
		{"s.mail: a@example.com.example.com.example", "s.mail.bounds: fail", []string{"s.mail.bounds max"}},
		{"s.kind: c", "s.kind.choice: fail", []string{"s.kind.choice choices"}},
		{"s.why: because", "s.why.inapplicable: fail", []string{"s.why.inapplicable when"}},
		{"s.kind: b, s.why: no", "s.why.bounds: fail", []string{"s.why.bounds min"}},
		{"s.size: null", "s.size.required: fail", []string{"s.size.required required"}},
		{"s.size: 0", "s.size.bounds: fail", []string{"s.size.bounds min"}},
		{"s.fee: 10.01", "s.fee.bounds: fail", []string{"s.fee.bounds max"}},
		{"s.fee: 1 CHF", "s.fee.currency: fail", []string{"s.fee.currency currencies"}},
		{"s.twice: 3", "s.twice.computed: fail", []string{"s.twice.computed compute"}},
		{"s.days: []", "s.days.bounds: fail", []string{"s.days.bounds min"}},
		{"s.days: [2026-01-01, 2026-01-01, 2026-01-01]", "s.days.bounds: fail", []string{"s.days.bounds max"}},
		{"s.days: [1999-01-01]", `"s.days[].check": warning`, []string{"s.days[].check check"}},
		{"s.days: [1999-01-01]", "valid.s: warning", nil},
	}
	for _, c := range cases {
		r := checkDemanding(t, demandingFixture+"  - {name: x, from: base, set: {"+c.set+"}, expect: {"+c.expect+"}}\n  - {name: y, from: base, expect: {valid.s: pass}}\n")
		var want []string
		for _, d := range all {
			if !slices.ContainsFunc(c.shown, func(shown string) bool { return strings.HasSuffix(d, shown) }) {
				want = append(want, d)
			}
		}
		got := unshown(r)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s, %s: missing\n%q, want\n%q\n%s", c.set, c.expect, got, want, failures(r))
		}
	}
	if len(cases) == 0 {
		t.Error("no cases")
	}
}

func TestPercentIsFloored(t *testing.T) {
	for _, c := range []struct{ covered, total, want int }{{0, 0, 100}, {0, 3, 0}, {1, 3, 33}, {2, 3, 66}, {299, 300, 99}, {9999, 10000, 99}, {300, 300, 100}} {
		if got := (rulestest.Coverage{Covered: c.covered, Total: c.total}).Percent(); got != c.want {
			t.Errorf("%d of %d: %d%%", c.covered, c.total, got)
		}
	}
}

// Suites of one template count together.
func TestCoverageOfSuites(t *testing.T) {
	var suites []*rulestest.Suite
	for i, line := range strings.SplitAfter(strings.TrimSpace(strings.TrimPrefix(all, "tests:\n")), "\n") {
		s, err := rulestest.Parse(string(rune('a'+i)), []byte(fixtures+"tests:\n  "+strings.TrimSpace(line)))
		if err != nil {
			t.Fatal(err)
		}
		suites = append(suites, s)
	}
	r, err := rulestest.Check(template(t), suites...)
	if err != nil || r.Coverage.Percent() != 100 || len(r.Results) != 10 {
		t.Errorf("%v %v", err, r)
	}
}

// Without a file, places are those within the expressions.
func TestCoverageOfABareSet(t *testing.T) {
	set, err := rules.Compile(rules.Definition{
		Sections: []rules.Section{{Name: "s", Fields: []rules.Field{{Name: "n", Kind: rules.KindInteger}}}},
		Rules:    []rules.Rule{{ID: "big", Expr: "s.n > 1 &&\n  s.n < 9"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := rulestest.Check(rulestest.Bare(set), &rulestest.Suite{Cases: []rulestest.Case{{
		Name: "two", Set: map[string]any{"s.n": 2},
		Expect: []rulestest.Expectation{{Rule: "big", Outcome: rulestest.Pass}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	want := `coverage: 40% (4 of 10)
  valid.s: no test
  rule.big: never expected to fail
  1:1: rule big: what begins here is never false
    s.n > 1 &&
    ^
  1:9: rule big: this && is never false
    s.n > 1 &&
            ^
  2:3: rule big: what begins here is never false
      s.n < 9
      ^`
	if got := r.Coverage.String(); got != want {
		t.Errorf("%s", got)
	}
}

// Every part of a rule can be shown both ways without that a whole ever is: where
// one operand is absent each time that the other decides, or no list passes.
func TestCoverageOfWholes(t *testing.T) {
	integer := func(name string) rules.Field { return rules.Field{Name: name, Kind: rules.KindInteger} }
	for _, c := range []struct{ expr, cases, want string }{
		{`(s.a > 1 && s.b > 1) || s.c > 1`, `
  - {name: a, expect: {x: pass}, from: none, set: {s.a: 2, s.c: 2}}
  - {name: b, expect: {x: pass}, from: none, set: {s.b: 2, s.c: 2}}
  - {name: neither, expect: {x: fail}, from: none, set: {s.a: 1, s.c: 1}}
  - {name: not b, expect: {x: fail}, from: none, set: {s.a: 2, s.b: 1, s.c: 1}}
`, "this && is never true"},
		{`!(s.a > 1 || s.b > 1) || s.c > 1`, `
  - {name: both, expect: {x: pass}, from: none, set: {s.a: 2, s.b: 2, s.c: 2}}
  - {name: a, expect: {x: pass}, from: none, set: {s.a: 1, s.c: 2}}
  - {name: b, expect: {x: pass}, from: none, set: {s.b: 1, s.c: 2}}
  - {name: not c, expect: {x: fail}, from: none, set: {s.a: 1, s.b: 2, s.c: 1}}
`, "this || is never false"},
		{`s.list.all(i, i > 1) || s.c > 1`, `
  - {name: some, expect: {x: pass}, from: none, set: {s.list: [2, 1], s.c: 2}}
  - {name: else, expect: {x: fail}, from: none, set: {s.list: [2, 1], s.c: 1}}
`, "this all() is never true"},
		{`s.list.exists(i, i > 1) && s.c > 1`, `
  - {name: some, expect: {x: pass}, from: none, set: {s.list: [1, 2], s.c: 2}}
  - {name: else, expect: {x: fail}, from: none, set: {s.list: [1, 2], s.c: 1}}
`, "this exists() is never false"},
	} {
		set, err := rules.Compile(rules.Definition{
			Sections: []rules.Section{{Name: "s", Fields: []rules.Field{integer("a"), integer("b"), integer("c"), {Name: "list", Kind: rules.KindList, Of: &rules.Field{Kind: rules.KindInteger}}}}},
			Rules:    []rules.Rule{{ID: "x", Expr: c.expr, At: []string{"send"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := rulestest.Parse("s_test.yaml", []byte("fixtures: {none: {s: {}}}\ntests:"+c.cases))
		if err != nil {
			t.Fatal(err)
		}
		r, err := rulestest.Check(rulestest.Bare(set), s)
		if err != nil || r.Failed() > 0 {
			t.Fatalf("%s: %v %v", c.expr, err, failures(r))
		}
		var missing []string
		for _, g := range r.Coverage.Missing {
			if g.Where == "rule x" {
				missing = append(missing, g.What)
			}
		}
		if !slices.Equal(missing, []string{c.want}) {
			t.Errorf("%s: missing %q, want %q", c.expr, missing, c.want)
		}
	}
}
