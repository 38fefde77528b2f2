package rulestest_test

import (
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// basket has a total that breaks where prices are in two currencies, where there
// are none, and where a currency is none of its own.
func basket(t *testing.T) rulestest.Template {
	t.Helper()
	codes := []string{"EUR", "USD"}
	set, err := rules.Compile(rules.Definition{
		Sections: []rules.Section{{Name: "s", Fields: []rules.Field{
			{Name: "lines", Kind: rules.KindList, Required: true, Min: "1", Max: "9", Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{
				{Name: "price", Kind: rules.KindMoney, Scale: 2, Currencies: codes, Required: true},
				{Name: "net", Kind: rules.KindMoney, Scale: 2, Currencies: codes, Compute: `price`},
			}}},
			{Name: "total", Kind: rules.KindMoney, Scale: 2, Compute: `lines.map(l, l.net).sum()`},
			{Name: "part", Kind: rules.KindInteger},
			{Name: "parts", Kind: rules.KindInteger, Compute: `10 / part`},
		}}},
		Rules: []rules.Rule{{ID: "one", Expr: `s.lines.all(l, l.price.currency() == s.lines[0].price.currency())`, Field: "s.lines", Message: rules.Text{"en": "one currency"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return rulestest.Bare(set)
}

// A case in which computed fields break is evaluated all the same, with the values
// that it gives, and every reason can be shown.
func TestBroken(t *testing.T) {
	suite, err := rulestest.Parse("s_test.yaml", []byte(`
fixtures:
  base: {s: {lines: [{price: 1 EUR}, {price: 2 EUR}], part: 2}}
tests:
  - {name: sound, from: base, expect: {valid.s: pass, one: pass}}
  - name: two currencies
    from: base
    set: {"s.lines[0].price": 1 USD}
    expect: {valid.s: {fail: [rule.one], error: amounts in two currencies}, one: {fail: one currency}, s.total.computed: {error: amounts in two currencies}, s.lines.required: pass}
  - name: and a total that is given
    from: base
    set: {"s.lines[0].price": 1 USD, s.total: 3 EUR}
    expect: {s.total.computed: fail}
  - name: no lines
    from: base
    set: {s.lines: []}
    expect: {valid.s: {fail: [s.lines.required], error: a sum of no amounts has no currency}}
  - name: another currency
    from: base
    set: {"s.lines[1].price": 1 GBP}
    expect: {"s.lines[].price.currency": fail, s.lines.bounds: pass, "s.lines[].price.required": pass}
  - name: too many
    from: base
    set: {"s.lines": [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}
    expect: {s.lines.bounds: fail}
  - name: no price
    from: base
    set: {"s.lines[0].price": null}
    expect: {"s.lines[].price.required": fail}
  - name: a net that is given, of a price that has none
    from: base
    set: {"s.lines[0].price": 1 GBP, "s.lines[0].net": 1 EUR}
    expect: {"s.lines[].net.computed": {fail: is not what is computed from the other fields, at: "s.lines[0].net"}}
  - name: a net that is given, of no currency of its own
    from: base
    set: {"s.lines[0].net": 1 GBP}
    expect: {"s.lines[].net.currency": fail}
  - name: only what breaks
    from: base
    set: {s.part: 0}
    expect: {valid.s: {error: division by zero}, s.parts.computed: {error: division by zero}}
  - {name: parts, from: base, set: {s.parts: 7}, expect: {s.parts.computed: fail}}
`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := rulestest.Check(basket(t), suite)
	if err != nil || len(r.Results) != 11 || r.Failed() > 0 {
		t.Fatalf("%v\n%s", err, failures(r))
	}
	if r.Coverage.Percent() != 100 {
		t.Errorf("%v", r.Coverage)
	}
	for expect, want := range map[string]string{
		"{fail: [rule.one], error: other}":                        `want error "other", got fail rule.one at s.lines "one currency" "amounts in two currencies"`,
		"{error: other, fail: one currency}":                      `want error "other", got fail`,
		"{error: amounts in two currencies}":                      "want error, got fail rule.one",
		"{fail: [], error: amounts in two currencies}":            "want violations of [], got fail rule.one",
		"{fail: [rule.one, s.total.computed]}":                    "want violations of [rule.one, s.total.computed]",
		"{fail: other, error: amounts in two currencies}":         `want fail "other", got fail`,
		"{fail: one currency, error: a number is much too large}": `want error "a number is much too large", got`,
	} {
		suite, err := rulestest.Parse("s_test.yaml", []byte("fixtures: {base: {s: {lines: [{price: 1 EUR}, {price: 2 USD}]}}}\ntests: [{name: a, from: base, expect: {valid.s: "+expect+"}}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := rulestest.Check(basket(t), suite)
		if err != nil || r.Failed() != 1 || !strings.Contains(failures(r), want) {
			t.Errorf("%s: %v\n%s", expect, err, failures(r))
		}
	}
	if _, err := rulestest.Parse("s_test.yaml", []byte("tests: [{name: a, expect: {valid.s: {error: x, unknown: [s]}}}]")); err == nil || !strings.Contains(err.Error(), "one outcome is expected") {
		t.Errorf("error and unknown: %v", err)
	}
}

// A first test file shows a currency that a field does not take.
func TestScaffoldOfBroken(t *testing.T) {
	file, err := rulestest.Scaffold(basket(t), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`{"s.lines[0].price": "1.00 CHF"}`, `{"s.lines[].price.currency": fail}`, `{s.parts: 1}`} {
		if !strings.Contains(string(file), want) {
			t.Errorf("no %s in\n%s", want, file)
		}
	}
	s, err := rulestest.Parse("s_test.yaml", file)
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	if r, err := rulestest.Check(basket(t), s); err != nil || r.Failed() > 0 {
		t.Errorf("%v\n%s\n%s", err, failures(r), file)
	}
}
