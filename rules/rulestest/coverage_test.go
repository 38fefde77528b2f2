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
		{At: "order.yaml:12:5", Where: "rule covered", What: "this is never false", Source: "products.total <= credit.limit", Column: 1},
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
	if has(r, "valid.products: never expected to fail") || !has(r, "products.discount check: this is never true") {
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
  - {name: dear, from: base, old: other, set: {credit.limit: 1, credit.parts: 50, products.discount: 11}, expect: {covered: fail, keep: fail, parts: fail, valid.credit: {fail: [rule.parts]}, valid.products: warning}}
  - {name: small, from: base, set: {products.discount: 1, "products.lines[0].price": 0.5, "products.lines[1].price": 0.5, "products.lines[2]": {sku: c, price: 0.5}}, expect: {valid.products: pass, few: pass}}
  - {name: many, from: base, set: {"products.lines[2]": {sku: c, price: 0.5}}, expect: {few: fail}}
  - {name: sales, from: base, as: sales, state: closed, facts: {today: 2026-08-03}, expect: {covered: unknown, parts: unknown, guard.send: fail, guard.close: fail}}
  - {name: closed, from: base, state: closed, expect: {guard.send: fail}}
  - {name: late, from: base, facts: {now: 2026-08-03T00:00:00Z}, expect: {guard.send: fail}}
  - {name: unsigned, as: care, facts: {signed: {receipt: 0}}, expect: {guard.close: fail}}
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
	if err != nil || r.Coverage.Percent() != 100 || len(r.Results) != 8 {
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
	want := `coverage: 37% (3 of 8)
  valid.s: no test
  rule.big: never expected to fail
  1:1: rule big: this is never false
    s.n > 1 &&
    ^
  2:3: rule big: this is never false
      s.n < 9
      ^`
	if got := r.Coverage.String(); got != want {
		t.Errorf("%s", got)
	}
}
