package rulestest_test

import (
	"fmt"
	"log"
	"os"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// quote is a small set of rules: a quote over 500 needs a discount of at most
// ten percent.
func quote() *rules.Set {
	set, err := rules.Compile(rules.Definition{
		Sections: []rules.Section{
			{Name: "offer", Fields: []rules.Field{{Name: "total", Kind: rules.KindDecimal, Scale: 2, Required: true}}},
			{Name: "margin", Fields: []rules.Field{{Name: "discount", Kind: rules.KindInteger, Required: true}}},
		},
		Rules: []rules.Rule{{
			ID:      "careful",
			Expr:    `offer.total <= decimal("500") || margin.discount <= 10`,
			Message: rules.Text{"en": "a large offer has a small discount"},
			Field:   "margin.discount",
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	return set
}

// Cases can be written in Go, over a set of rules without a template.
func ExampleCheck() {
	suite := &rulestest.Suite{
		Name:     "quote",
		Fixtures: map[string]rulestest.Content{"small": {"offer": {"total": 400}, "margin": {"discount": 30}}},
		Cases: []rulestest.Case{
			{Name: "small", From: "small", Expect: []rulestest.Expectation{{Rule: "careful", Outcome: rulestest.Pass}}},
			{Name: "small, whatever the margin", From: "small", Hide: []string{"margin"},
				Expect: []rulestest.Expectation{{Rule: "careful", Outcome: rulestest.Pass}}},
			{Name: "large", From: "small", Set: map[string]any{"offer.total": "500.01"}, Expect: []rulestest.Expectation{
				{Rule: "careful", Outcome: rulestest.Fail, Message: "a large offer has a small discount", At: "margin.discount"}}},
			{Name: "large, the margin unknown", From: "small", Set: map[string]any{"offer.total": "500.01"}, Hide: []string{"margin"},
				Expect: []rulestest.Expectation{{Rule: "careful", Outcome: rulestest.Pass}}},
		},
	}
	report, err := rulestest.Check(rulestest.Bare(quote()), suite)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range report.Results {
		fmt.Println(r.Name, r.Failures)
	}
	fmt.Println(report.Coverage)
	// Output:
	// small []
	// small, whatever the margin []
	// large []
	// large, the margin unknown [careful: want pass, got unknown for want of the sections [margin]]
	// coverage: 50% (7 of 14)
	//   valid.offer: no test
	//   valid.margin: no test
	//   1:34: rule careful: what begins here is never true
	//     offer.total <= decimal("500") || margin.discount <= 10
	//                                      ^
}

// Files are what people write; a table has a row for each case.
func ExampleParse() {
	suite, err := rulestest.Parse("quote_test.yaml", []byte(`
fixtures:
  small:
    offer: {total: 400}
    margin: {discount: 30}
tests:
  - name: nothing entered
    expect:
      valid.offer: {fail: [offer.total.required]}
      valid.margin: {fail: [margin.discount.required]}
tables:
  - name: total and discount
    from: small
    set: [offer.total, margin.discount]
    expect: [careful, valid.offer, valid.margin]
    rows:
      - [500,    99, pass, pass, pass]
      - [500.01, 10, pass, pass, pass]
      - [500.01, 11, {fail: a large offer has a small discount}, pass, pass]
`))
	if err != nil {
		log.Fatal(err)
	}
	suite.Template = "quote.yaml"
	report, err := rulestest.Check(rulestest.Bare(quote()), suite)
	if err != nil {
		log.Fatal(err)
	}
	if err := report.WriteText(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// quote_test.yaml
	//   ok   nothing entered
	//   ok   total and discount/1
	//   ok   total and discount/2
	//   ok   total and discount/3
	// quote.yaml: 4 cases, 0 failed
	// coverage: 100% (14 of 14)
}

// All mistakes of a file are told at once.
func ExampleMistakes() {
	_, err := rulestest.Parse("quote_test.yaml", []byte(`
tests:
  - name: a large quote
    form: base
    expect: {careful: fails}
`))
	fmt.Println(err)
	// Output:
	// quote_test.yaml:4:5: unknown key "form"; did you mean "from"?
	// quote_test.yaml:5:23: there is no outcome "fails"; did you mean "fail"?
}

// A first test file says what the rules say now. It succeeds, and is there to
// be corrected.
func ExampleScaffold() {
	text, err := rulestest.Scaffold(rulestest.Bare(quote()), "quote.yaml")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s", text)
	// Output:
	// # A first test file. What it expects is what the rules say now: correct what should be otherwise.
	// template: "quote.yaml"
	// options: {now: 2026-01-15T12:00:00Z}
	//
	// fixtures:
	//   base:
	//     offer:
	//       total: "1.00"
	//     margin:
	//       discount: 1
	//
	// tests:
	//   - name: everything filled in
	//     from: base
	//     expect:
	//       valid.offer: pass
	//       valid.margin: pass
	//       rule.careful: pass
	//   - name: nothing written
	//     expect:
	//       valid.offer: {fail: [offer.total.required]}
	//       valid.margin: {fail: [margin.discount.required]}
	//       rule.careful: {absent: [margin.discount, offer.total]}
}

// Build servers read the results in the form of JUnit.
func ExampleWriteJUnit() {
	suite := &rulestest.Suite{Name: "quote_test.yaml", Cases: []rulestest.Case{
		{Name: "nothing entered", Expect: []rulestest.Expectation{{Rule: "valid.offer", Outcome: rulestest.Fail}}},
		{Name: "wrong", Expect: []rulestest.Expectation{{Rule: "valid.offer", Outcome: rulestest.Pass}}},
	}}
	report, err := rulestest.Check(rulestest.Bare(quote()), suite)
	if err != nil {
		log.Fatal(err)
	}
	report.Template = "quote.yaml"
	if err := rulestest.WriteJUnit(os.Stdout, report); err != nil {
		log.Fatal(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <testsuites>
	//   <testsuite name="quote.yaml" tests="2" failures="1">
	//     <properties>
	//       <property name="coverage" value="7"></property>
	//     </properties>
	//     <testcase classname="quote_test" name="nothing entered"></testcase>
	//     <testcase classname="quote_test" name="wrong">
	//       <failure message="want pass, got fail offer.total.required at offer.total &#34;a value is required&#34;">valid.offer: want pass, got fail offer.total.required at offer.total &#34;a value is required&#34;</failure>
	//     </testcase>
	//     <system-out>coverage: 7% (1 of 14)&#xA;  valid.offer: never expected to pass&#xA;  valid.margin: no test&#xA;  rule.careful: no test&#xA;  offer.total.required: no violation of required is expected</system-out>
	//   </testsuite>
	// </testsuites>
}
