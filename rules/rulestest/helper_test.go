package rulestest_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// orders is a template by hand: care alone reads credit, and sales reads
// notes in the state "closed" only.
type orders struct{ set *rules.Set }

func (o orders) Rules() *rules.Set    { return o.set }
func (o orders) RoleNames() []string  { return []string{"sales", "care"} }
func (o orders) StateNames() []string { return []string{"open", "closed"} }
func (o orders) ReadBy(role, section, state string) bool {
	switch section {
	case "credit":
		return role == "care"
	case "notes":
		return role == "care" || state == "closed"
	}
	return true
}

// ReadsEach: of "notes", care has one of its own.
func (o orders) ReadsEach(role, section, state string) bool {
	return o.ReadBy(role, section, state) && (section != "notes" || role != "care")
}

// Position moves everything ten lines down, as a file would.
func (o orders) Position(path string, line, column int) rules.Position {
	return rules.Position{File: "order.yaml", Line: line + 10, Column: column}
}

func definition() rules.Definition {
	at := func(path string) rules.Positions {
		return rules.Positions{"": {File: path, Line: 1, Column: 1}, "rule": {File: path, Line: 2, Column: 5}}
	}
	return rules.Definition{
		Sections: []rules.Section{
			{Name: "products", Pos: at("products"), Fields: []rules.Field{
				{Name: "lines", Kind: rules.KindList, Required: true, Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{
					{Name: "sku", Kind: rules.KindText, Required: true},
					{Name: "price", Kind: rules.KindDecimal, Scale: 2, Required: true, Min: "0"},
				}}},
				{Name: "total", Kind: rules.KindDecimal, Scale: 2, Compute: `lines.map(l, l.price).sum()`},
				{Name: "discount", Kind: rules.KindInteger, Check: `this <= 10`, Severity: rules.SeverityWarning, Message: rules.Text{"en": "a large discount", "it": "uno sconto forte"}},
				{Name: "day", Kind: rules.KindDate},
			}},
			{Name: "credit", Pos: at("credit"), Fields: []rules.Field{{Name: "limit", Kind: rules.KindDecimal, Scale: 2}, {Name: "parts", Kind: rules.KindInteger}, {Name: "points", Kind: rules.KindDecimal},
				{Name: "fee", Kind: rules.KindMoney, Scale: 2, Currencies: []string{"EUR"}}, {Name: "deposit", Kind: rules.KindMoney, Scale: 2, Currencies: []string{"EUR", "CHF"}}}},
			{Name: "notes", Pos: at("notes"), Fields: []rules.Field{{Name: "text", Kind: rules.KindText}}},
		},
		Facts: []rules.Fact{
			{Name: "today", Type: rules.Field{Kind: rules.KindDate}},
			{Name: "now", Type: rules.Field{Kind: rules.KindDatetime}},
			{Name: "role", Type: rules.Field{Kind: rules.KindText}},
			{Name: "state", Type: rules.Field{Kind: rules.KindText}},
			{Name: "signed", Type: rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{{Name: "receipt", Kind: rules.KindInteger}}}},
		},
		Rules: []rules.Rule{
			{ID: "covered", Expr: `products.total <= credit.limit`, Field: "products.total", Pos: at("covered"),
				Message: rules.Text{"en": "over the limit", "it": "oltre il fido"}},
			{ID: "few", Expr: `products.lines.size() < 3 || products.lines.all(l, l.price < decimal("1"))`, Pos: at("few"), Message: rules.Text{"en": "too many"}},
			{ID: "keep", Expr: `old.products.day == products.day`, Pos: at("keep")},
			{ID: "parts", Expr: `100 / credit.parts > 5`, Pos: at("parts")},
		},
		Conditions: []rules.Condition{
			{ID: "guard.send", Expr: `today == date("2026-08-02") && now < timestamp("2026-08-03T00:00:00Z") && state == "open"`, Pos: at("send")},
			{ID: "guard.close", Expr: `role == "care" && signed.receipt > 0`, Pos: at("close")},
		},
	}
}

func template(t testing.TB) orders {
	t.Helper()
	set, err := rules.Compile(definition())
	if err != nil {
		t.Fatal(err)
	}
	return orders{set}
}

// load stands for the loading of templates.
func load(t testing.TB) func(fs.FS, string) (orders, error) {
	return func(fsys fs.FS, name string) (orders, error) {
		if _, err := fs.Stat(fsys, name); err != nil {
			return orders{}, err
		}
		return template(t), nil
	}
}

const fixtures = `options: {now: 2026-08-02T15:00:00Z}
fixtures:
  base:
    products: {lines: [{sku: a, price: 10}, {sku: b, price: "5.50"}], day: 2026-08-02}
    credit: {limit: 20, parts: 10}
    notes: {text: hello}
  other:
    products: {lines: [{sku: a, price: 1}], day: 2026-08-01}
`

// check evaluates tests written below the fixtures.
func check(t testing.TB, tests string) *rulestest.Report {
	t.Helper()
	s, err := rulestest.Parse("order_test.yaml", []byte(fixtures+tests))
	if err != nil {
		t.Fatalf("%v\nin %s", err, tests)
	}
	r, err := rulestest.Check(template(t), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// failures are those of all cases, one on a line.
func failures(r *rulestest.Report) string {
	var out []string
	for _, c := range r.Results {
		for _, f := range c.Failures {
			out = append(out, f.String())
		}
	}
	return strings.Join(out, "\n")
}

func mistakes(err error) []string {
	var all rulestest.Mistakes
	if !errors.As(err, &all) {
		return nil
	}
	out := make([]string, len(all))
	for i := range all {
		out[i] = all[i].String()
	}
	return slices.Compact(out)
}

// loadBare loads a set, whatever the name.
func loadBare(set *rules.Set) func(fs.FS, string) (rulestest.Template, error) {
	return func(fs.FS, string) (rulestest.Template, error) { return rulestest.Bare(set), nil }
}
