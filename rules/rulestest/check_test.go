package rulestest_test

import (
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// Each expectation is true of the case, and the wrong one beside it is told
// with what came out.
func TestExpectations(t *testing.T) {
	cases := []struct{ name, test, right, wrong, told string }{
		{"pass", "from: base", "covered: pass", "covered: fail", "covered: want fail, got pass"},
		{"full id", "from: base", "rule.covered: pass", "rule.covered: unknown", "want unknown, got pass"},
		{"fail", "from: base, set: {credit.limit: 10}", "covered: fail", "covered: pass", `want pass, got fail rule.covered at products.total "over the limit"`},
		{"message", "from: base, set: {credit.limit: 10}", "covered: {fail: over the limit}", "covered: {fail: other}", `want fail "other", got fail rule.covered at products.total "over the limit"`},
		{"path", "from: base, set: {credit.limit: 10}", "covered: {fail: over the limit, at: products.total}", "covered: {fail: over the limit, at: credit.limit}", `want fail "over the limit" at credit.limit, got`},
		{"hidden from a role", "from: base, as: sales", "covered: {unknown: [credit]}", "covered: {unknown: [products]}", "want unknown for want of the sections [products], got unknown for want of the sections [credit]"},
		{"shown to a role", "from: base, as: care", "covered: pass", "covered: unknown", "want unknown, got pass"},
		{"hidden though unwritten", "as: sales", "valid.credit: unknown", "valid.credit: pass", "want pass, got unknown"},
		{"hidden in a state", "from: base, as: sales, state: open", "valid.notes: {unknown: [notes]}", "valid.notes: pass", "got unknown"},
		{"shown in a state", "from: base, as: sales, state: closed", "valid.notes: pass", "valid.notes: unknown", "got pass"},
		{"an instance of one's own", "from: base, as: care, instance: own", "valid.notes: pass", "valid.notes: unknown", "want unknown, got pass"},
		{"somebody else's instance", "from: base, as: care, instance: other", "valid.notes: {unknown: [notes]}", "valid.notes: pass", "want pass, got unknown for want of the sections [notes]"},
		{"somebody else's, to a role that reads each", "from: base, as: sales, state: closed, instance: other", "valid.notes: pass", "valid.notes: unknown", "got pass"},
		{"hidden by name", "from: base, hide: [products]", "covered: {unknown: [products]}", "covered: {unknown: []}", "for want of the sections []"},
		{"absent", "from: base, set: {credit.limit: null}", "covered: {absent: [credit.limit]}", "covered: {absent: [credit]}", "for want of the fields [credit], got unknown for want of the fields [credit.limit]"},
		{"absent section", "from: base, set: {credit: null}", "covered: {absent: [credit.limit]}", "covered: pass", "got unknown"},
		{"absent, not hidden", "from: base, set: {credit: null}", "covered: {unknown: [], absent: [credit.limit]}", "covered: {unknown: [credit]}", "got unknown for want of the fields"},
		{"error", "from: base, set: {credit.parts: 0}", "parts: {error: division by zero}", "parts: {error: other}", `want error "other", got error "division by zero"`},
		{"any error", "from: base, set: {credit.parts: 0}", "parts: error", "parts: fail", "want fail, got error"},
		{"folded", "from: base", "few: pass", "few: fail", "want fail, got pass"},
		{"folded fails", `from: base, set: {"products.lines[2]": {sku: c, price: 3}}`, "few: {fail: too many}", "few: pass", "got fail"},
		{"folded unknown", "from: base, hide: [products]", "few: {unknown: [products]}", "few: pass", "got unknown"},
		{"violations", "from: base, set: {products.lines: null}", "valid.products: {fail: [products.lines.required]}", "valid.products: {fail: []}", "want violations of [], got"},
		{"a rule among violations", `from: base, set: {"products.lines[2]": {sku: c, price: 3}}`, "valid.products: {fail: [rule.few]}", "valid.products: {fail: [few]}", "got fail rule.few"},
		{"demand of a field", "from: base, set: {products.lines: null}", "products.lines.required: {at: products.lines, fail: a value is required}", "products.lines.required: pass", "got fail"},
		{"demand that is met", "from: base", "products.lines.required: pass", "products.lines.required: fail", "want fail, got pass"},
		{"demand met beside another", "from: base, set: {products.lines: null}", "products.discount.check: pass", "products.discount.check: fail", "want fail, got pass"},
		{"demand of items", `from: base, set: {"products.lines[1].price": -1}`, `"products.lines[].price.bounds": {fail: must be at least 0, at: "products.lines[1].price"}`, `"products.lines[].price.bounds": {fail: must be at least 0, at: "products.lines[0].price"}`, `at products.lines[1].price "must be at least 0"`},
		{"demand that is hidden", "hide: [products]", "products.lines.required: {unknown: [products]}", "products.lines.required: pass", "got unknown"},
		{"warning", "from: base, set: {products.discount: 11}", "valid.products: {warning: a large discount, at: products.discount}", "valid.products: pass", "got warning products.discount.check"},
		{"warning of a field", "from: base, set: {products.discount: 11}", "products.discount.check: warning", "products.discount.check: fail", "got warning"},
		{"skipped", "from: base", "keep: skipped", "keep: pass", "want pass, got skipped"},
		{"before", "from: base, old: base", "keep: pass", "keep: skipped", "want skipped, got pass"},
		{"before, changed", "from: base, old: other", "keep: fail", "keep: pass", "got fail"},
		{"before, hidden", "from: base, old: base, hide: [products]", "keep: {unknown: [old.products, products]}", "keep: {unknown: [products]}", "got unknown for want of the sections [old.products, products]"},
		{"clock and state", "from: base", "guard.send: pass", "guard.send: fail", "got pass"},
		{"another state", "from: base, state: closed", "guard.send: fail", "guard.send: pass", "want pass, got fail"},
		{"another day", `from: base, facts: {today: 2026-08-03}`, "guard.send: fail", "guard.send: pass", "got fail"},
		{"role and facts", "as: care, facts: {signed: {receipt: 1}}", "guard.close: pass", "guard.close: fail", "got pass"},
		{"another role", "as: sales, facts: {signed: {receipt: 1}}", "guard.close: fail", "guard.close: pass", "got fail"},
		{"no role", "facts: {signed: {receipt: 1}}", "guard.close: {absent: [role]}", "guard.close: pass", "got unknown for want of the fields [role]"},
		{"given, not computed", "from: base, set: {products.total: 1}", "products.total.computed: fail", "products.total.computed: pass", "got fail"},
		{"an item taken away", `from: base, set: {"products.lines[0]": null, "products.lines[1].price": 20, credit.limit: 20}`, "covered: pass", "covered: fail", "got pass"},
		{"decimal without decimals", "from: base, set: {credit.points: 3, credit.limit: 20.0}", "valid.credit: pass", "valid.credit: fail", "got pass"},
		{"decimal with all its zeros", "from: base, set: {credit.limit: 15.50}", "covered: pass", "covered: fail", "got pass"},
		{"money", "from: base, set: {credit.fee: 12.5, credit.deposit: 3 CHF}", "valid.credit: pass", "valid.credit: fail", "got pass"},
		{"money in another currency", "from: base, set: {credit.fee: 12 CHF}", "credit.fee.currency: {fail: must be an amount in EUR}", "credit.fee.currency: pass", "got fail"},
		{"both items taken away", `from: base, set: {"products.lines[0]": null, "products.lines[1]": null}`, "valid.products: {fail: [products.lines.required]}", "valid.products: pass", "got fail"},
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := failures(check(t, "tests: [{name: x, "+c.test+", expect: {"+c.right+"}}]")); got != "" {
				t.Errorf("%s", got)
			}
			if got := failures(check(t, "tests: [{name: x, "+c.test+", expect: {"+c.wrong+"}}]")); !strings.Contains(got, c.told) || !strings.HasPrefix(got, "order_test.yaml:9:") {
				t.Errorf("%s is told as %q, without %q", c.wrong, got, c.told)
			}
		})
	}
}

// Whatever a case names must exist, or it fails.
func TestCasesThatCannotBe(t *testing.T) {
	cases := []struct{ name, test, told string }{
		{"rule", "from: base, expect: {cover: pass}", "there is no such rule; there are valid.products, rule.few,"},
		{"rule of a kind", "from: base, expect: {guard.sent: pass}", `there is no such rule; did you mean "guard.send"?`},
		{"field", "from: base, expect: {products.line.required: pass}", "no such rule"},
		{"item of no list", `from: base, expect: {"products.total[].required": pass}`, "no such rule"},
		{"rule of a kind, another", "from: base, expect: {guard.return: pass}", "there is no such rule; there are guard.close, guard.send"},
		{"rule by its id", "from: base, expect: {coverd: pass}", `there is no such rule; did you mean "covered"?`},
		{"demand", "from: base, expect: {products.lines.reqired: pass}", `no such rule; did you mean "products.lines.required"?`},
		{"format that there is none of", "from: base, expect: {notes.text.format: pass}", `the field declares nothing that "format" could be said of; there are notes.text.bounds`},
		{"bounds that there are none of", "from: base, expect: {credit.parts.bounds: pass}", `"bounds" could be said of; there are none`},
		{"required that it is not", "from: base, expect: {products.day.required: pass}", `"required" could be said of; there are none`},
		{"required that an item is not", `from: base, expect: {"products.lines[].sku.format": pass}`, `"format" could be said of; there are products.lines[].sku.required, products.lines[].sku.bounds`},
		{"choices of no choice", "from: base, expect: {products.day.choice: pass}", `"choice" could be said of`},
		{"currency of no money", "from: base, expect: {credit.limit.currency: pass}", `"currency" could be said of`},
		{"check that there is none of", "from: base, expect: {products.total.check: pass}", `"check" could be said of; there are products.total.computed`},
		{"computed that it is not", "from: base, expect: {products.discount.computed: pass}", `"computed" could be said of; there are products.discount.check`},
		{"inapplicable that it cannot be", "from: base, expect: {products.discount.inapplicable: pass}", `"inapplicable" could be said of`},
		{"fixture", "from: bass, expect: {covered: pass}", `there is no fixture "bass"; did you mean "base"?`},
		{"fixture before", "from: base, old: bass, expect: {covered: pass}", `before: there is no fixture "bass"`},
		{"role", "from: base, as: seller, expect: {covered: pass}", `there is no role "seller"; there are sales, care`},
		{"state", "from: base, state: shut, expect: {covered: pass}", `there is no state "shut"; there are open, closed`},
		{"section", "from: base, set: {product.total: 1}, expect: {covered: pass}", `there is no section "product"`},
		{"instance that is nobody's", "from: base, instance: other, expect: {covered: pass}", `say "as" which`},
		{"section to hide", "from: base, hide: [credits], expect: {covered: pass}", `there is no section "credits"`},
		{"field to set", "from: base, set: {products.totl: 1}, expect: {covered: pass}", `there is no field products.totl; did you mean "total"?`},
		{"field of an item", `from: base, set: {"products.lines[1].pric": 1}, expect: {covered: pass}`, `there is no field products.lines[1].pric; did you mean "price"?`},
		{"fact", "from: base, facts: {moon: full}, expect: {covered: pass}", `there is no fact "moon"; there are now, role,`},
		{"value", "from: base, set: {credit.limit: much}, expect: {covered: pass}", "credit.limit"},
		{"decimals beyond the scale", "from: base, set: {credit.limit: 1.555}, expect: {covered: pass}", "credit.limit"},
		{"money of two currencies without one", "from: base, set: {credit.deposit: 12.50}, expect: {covered: pass}", "credit.deposit"},
		{"money beyond the scale", "from: base, set: {credit.fee: 12.505}, expect: {covered: pass}", "credit.fee"},
		{"money in words", "from: base, set: {credit.fee: 12 euros}, expect: {covered: pass}", "credit.fee"},
		{"fraction of an integer", "from: base, set: {credit.parts: 1.5}, expect: {covered: pass}", "credit.parts"},
		{"value of a fact", "from: base, facts: {today: tomorrow}, expect: {covered: pass}", "today"},
		{"path", `from: base, set: {"products..total": 1}, expect: {covered: pass}`, "is no path such as"},
		{"item beyond the end", `from: base, set: {"products.lines[3].price": 1}, expect: {covered: pass}`, "there is no item 3"},
		{"item of no list to set", `from: base, set: {"products.day[0]": 1}, expect: {covered: pass}`, "there is no item 0"},
		{"item to take away", `from: base, set: {"products.lines[2]": null}, expect: {covered: pass}`, "there is no item 2"},
		{"record that is none", "from: base, set: {products.day.hour: 1}, expect: {covered: pass}", "is in no record"},
		{"section that is a value", "from: base, set: {credit: 1}, expect: {covered: pass}", "a section is a mapping"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := failures(check(t, "tests: [{name: x, "+c.test+"}]")); !strings.Contains(got, c.told) {
				t.Errorf("told as %q, without %q", got, c.told)
			}
		})
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
}

func TestSuitesInGo(t *testing.T) {
	set, err := rules.Compile(definition())
	if err != nil {
		t.Fatal(err)
	}
	s := &rulestest.Suite{
		Fixtures: map[string]rulestest.Content{"base": {"credit": {"limit": 5, "parts": uint8(3)}}},
		Options:  rulestest.Options{Lang: "it", Now: "not a time"},
		Cases: []rulestest.Case{
			{Name: "no time", From: "base", Expect: []rulestest.Expectation{{Rule: "parts", Outcome: rulestest.Pass}}},
			{Name: "nothing expected", From: "base"},
			{Name: "role of a bare set", From: "base", As: "care", Expect: []rulestest.Expectation{{Rule: "parts", Outcome: rulestest.Pass}}},
			{Name: "no such outcome", From: "base", Expect: []rulestest.Expectation{{Rule: "parts", Outcome: "passes"}}},
		},
	}
	want := []string{"not a time", "expects nothing", "not a time", "not a time"}
	for range 2 {
		r, err := rulestest.Check(rulestest.Bare(set), s)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range r.Results {
			got := ""
			if len(c.Failures) > 0 {
				got = c.Failures[0].Message
			}
			if want[i] == "" && got != "" || !strings.Contains(got, want[i]) {
				t.Errorf("%s: %q, want %q", c.Name, got, want[i])
			}
		}
		s.Options.Now, want = "", []string{"", "expects nothing", `there is no role "care"; there are none`, `there is no outcome "passes"; did you mean "pass"?`}
	}
}

// Fixtures are not changed by the cases that begin with them.
func TestFixturesStay(t *testing.T) {
	r := check(t, `tests:
  - {name: a, from: base, set: {"products.lines[0].price": 100, credit.limit: 1}, expect: {covered: fail}}
  - {name: b, from: base, expect: {covered: pass}}
`)
	if r.Failed() > 0 || len(r.Results) != 2 {
		t.Error(failures(r))
	}
}

func TestLanguage(t *testing.T) {
	text := strings.Replace(fixtures, "options: {", "options: {lang: it, ", 1) + "tests: [{name: x, from: base, set: {credit.limit: 1}, expect: {covered: {fail: oltre il fido}}}]"
	s, err := rulestest.Parse("x", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := rulestest.Check(template(t), s)
	if err != nil || r.Failed() > 0 {
		t.Error(err, failures(r))
	}
}
