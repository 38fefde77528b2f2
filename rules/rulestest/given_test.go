package rulestest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// told are the mistakes of a test file of the template.
func told(t *testing.T, text string) []string {
	t.Helper()
	_, err := rulestest.CheckFS(fstest.MapFS{"a_test.yaml": file(text), "a.yaml": file("")}, load(t))
	return mistakes(err)
}

// What is not of its type is told once, where it stands, however many cases have it.
func TestWrongValues(t *testing.T) {
	got := told(t, `fixtures:
  base:
    products:
      lines: [{sku: a, price: ten}, {sku: 3, price: 1.555}, {sku: c, price: "1"}]
      day: tomorrow
    credit: {limit: much, parts: 1.5, fee: 12 euros, deposit: 3}
  sound:
    products: {lines: [{sku: a}], day: 2026-08-02, total: ~}
    notes: ~
tests:
  - {name: a, from: base, expect: {covered: pass}}
  - {name: b, from: base, expect: {covered: pass}}
  - {name: c, from: sound, set: {credit.parts: half, "products.lines[7].price": [1], "products.lines[0]": x, credit: {limit: [3]}, notes.text: ~}, expect: {few: pass}}
  - {name: d, from: sound, facts: {today: soon, signed: {receipt: yes}}, expect: {few: pass}}
tables:
  - {name: e, set: [products.day], expect: [few], rows: [[2026-08-02, pass], [now, pass]]}
`)
	want := []string{
		`a_test.yaml:4:31: products.lines[0].price: want a decimal with 2 decimals`,
		`a_test.yaml:4:43: products.lines[1].sku: want a text`,
		`a_test.yaml:4:53: products.lines[1].price: want a decimal with 2 decimals`,
		`a_test.yaml:5:12: products.day: want a date`,
		`a_test.yaml:6:21: credit.limit: want a decimal`,
		`a_test.yaml:6:34: credit.parts: want an integer`,
		`a_test.yaml:6:44: credit.fee: want an amount`,
		`a_test.yaml:6:63: credit.deposit: want an amount`,
		`a_test.yaml:13:48: credit.parts: want an integer`,
		`a_test.yaml:13:81: products.lines[0].price: want a decimal`,
		`a_test.yaml:13:107: products.lines[0]: want a record`,
		`a_test.yaml:13:126: credit.limit: want a decimal`,
		`a_test.yaml:14:43: today: want a date`,
		`a_test.yaml:14:67: signed.receipt: want an integer`,
		`a_test.yaml:16:79: products.day: want a date`,
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if got := told(t, fixtures+all[:strings.Index(all, "\n  - {name: dear")+1]); len(got) > 0 {
		t.Errorf("sound values are wrong: %q", got)
	}
	many := "fixtures: {x: {products: {lines: [" + strings.Repeat("{price: x},", 300) + "]}}}\ntests: [{name: x, expect: {few: pass}}]"
	if got := told(t, many); len(got) != 201 || !strings.Contains(got[200], "[200]") {
		t.Errorf("%d mistakes", len(got))
	}
}

// Whatever an expectation names must be something that could come out.
func TestNamesInExpectations(t *testing.T) {
	cases := []struct{ expect, told string }{
		{"valid.products: {fail: [products.lines.requird]}", `a_test.yaml:9:52: products.lines.requird: there is no such rule; did you mean "products.lines.required"?`},
		{"valid.products: {fail: [few]}", `few: a violation has the whole name; did you mean "rule.few"?`},
		{"valid.products: {fail: [products.day.format]}", `products.day.format: the field declares nothing that "format" could be said of`},
		{"covered: {fail: over the limit, at: product.total}", `there is no section "product"; did you mean "products"?`},
		{"covered: {fail: over the limit, at: products.totl}", `there is no field products.totl; did you mean "total"?`},
		{"covered: {unknown: [credits]}", `there is no section "credits"; did you mean "credit"?`},
		{"keep: {unknown: [old.product]}", `there is no section "product"; did you mean "products"?`},
		{"covered: {absent: [credit.limt]}", `there is no field credit.limt; did you mean "limit"?`},
		{"keep: {absent: [old.products.dy]}", `there is no field products.dy; did you mean "day"?`},
		{"covered: {lacks: [knownArticle]}", `there is no function or format of the application "knownArticle"; there are none`},
		{"products.day.format: pass", `the field declares nothing that "format" could be said of; there are none`},
		{"products.lines.format: fail", `"format" could be said of; there are products.lines.required, products.lines.bounds`},
		{`covered: {fail: over the limit, at: "products.lines[0].price"}`, ""},
		{`few: {absent: ["products.lines[].price"]}`, ""},
		{"guard.close: {absent: [role, signed.receipt]}", ""},
		{"keep: {unknown: [old.products, products], absent: [old.products.day]}", ""},
		{"valid.products: {fail: [rule.few, products.lines.bounds]}", ""},
	}
	for _, c := range cases {
		got := strings.Join(told(t, fixtures+"tests: [{name: x, expect: {"+c.expect+"}}]"), "\n")
		if c.told == "" && got != "" || !strings.Contains(got, c.told) {
			t.Errorf("%s: told as %q, without %q", c.expect, got, c.told)
		}
	}
	t.Logf("%d expectations", len(cases))
}

// A value that is no choice is told to be none, unless a test is about that.
func TestChoicesMistyped(t *testing.T) {
	choice := rules.Field{Kind: rules.KindChoice, Choices: []rules.Choice{{Name: "approved"}, {Name: "refused"}, {Name: "no"}}}
	named, items := choice, choice
	named.Name = "answer"
	set, err := rules.Compile(rules.Definition{Sections: []rules.Section{{Name: "s", Fields: []rules.Field{
		named, {Name: "all", Kind: rules.KindList, Of: &items},
		{Name: "rows", Kind: rules.KindList, Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{named}}},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ content, expect, want string }{
		{"answer: aproved", "valid.s: pass", `a_test.yaml:1:28: s.answer has no choice "aproved"; did you mean "approved"? (a test that means it expects s.answer.choice)`},
		{"all: [refused, refsued]", "valid.s: pass", `a_test.yaml:1:35: s.all[1] has no choice "refsued"; did you mean "refused"?`},
		{"rows: [{answer: aproved}]", "valid.s: pass", `a_test.yaml:1:36: s.rows[0].answer has no choice "aproved"; did you mean "approved"? (a test that means it expects s.rows[].answer.choice)`},
		{"answer: approved, all: [no, refused]", "valid.s: pass", ""},
		{"answer: other", "valid.s: fail", `a_test.yaml:1:28: s.answer has no choice "other"; there are approved, refused, no (a test`},
		{"answer: yo", "valid.s: pass", `a_test.yaml:1:28: s.answer has no choice "yo"; did you mean "no"? (a test`},
		{"answer: no", "valid.s: pass", ""},
		{"answer: aproved", "s.answer.choice: fail", ""},
		{"answer: aproved", "valid.s: {fail: [s.answer.choice]}", ""},
		{"rows: [{answer: aproved}]", `"s.rows[].answer.choice": fail`, ""},
	} {
		text := "fixtures: {a: {s: {" + c.content + "}}}\ntests: [{name: x, from: a, expect: {" + c.expect + "}}]"
		reports, err := rulestest.CheckFS(fstest.MapFS{"a_test.yaml": file(text), "a.yaml": file("")}, loadBare(set))
		got := strings.Join(mistakes(err), "\n")
		if c.want == "" && (err != nil || reports[0].Failed() > 0) || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s, %s: %v, want %q", c.content, c.expect, err, c.want)
		}
	}
}
