package rulestest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// A first test file can be read and succeeds, and has something on every rule.
func TestScaffold(t *testing.T) {
	tpl := template(t)
	text, err := rulestest.Scaffold(tpl, "order.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := rulestest.Parse("order_test.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	r, err := rulestest.Check(tpl, s)
	if err != nil {
		t.Fatal(err)
	}
	if got := failures(r); got != "" || len(r.Coverage.Untested) > 0 || s.Template != "order.yaml" || len(r.Results) != 9 {
		t.Errorf("%s\n%v\n%s", got, r.Coverage, text)
	}
	if strings.Contains(string(text), "      total:") {
		t.Errorf("what is computed is given:\n%s", text)
	}
	for _, want := range []string{
		`      lines: [{price: "0.00", sku: "text"}]`,
		"      rule.covered: pass",
		"  - name: as sales\n    from: base\n    as: sales\n    expect:\n      valid.credit: {unknown: [credit]}",
		"      rule.covered: {absent: [credit.limit, products.total]}",
		"  - name: products.lines[].price against min\n    from: base\n    set: {\"products.lines[0].price\": \"-0.01\"}\n    expect: {\"products.lines[].price.bounds\": fail}\n",
		"  - name: products.lines[].sku against required\n    from: base\n    set: {\"products.lines[0].sku\": null}\n    expect: {\"products.lines[].sku.required\": fail}\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("without %q:\n%s", want, text)
		}
	}
}

// A first test file shows the violation of every demand for which a value can
// be told, and of the others none.
func TestScaffoldOfDemands(t *testing.T) {
	text, err := rulestest.Scaffold(demanding(t), "")
	if err != nil {
		t.Fatal(err)
	}
	r := checkDemanding(t, string(text))
	if got := failures(r); got != "" {
		t.Errorf("%s\n%s", got, text)
	}
	// "why" is not in the fixture, so that it cannot be too short there; what a
	// check refuses, nobody can tell from its expression.
	want := []string{"10:50 s.days[].check check", "3:70 s.why.bounds min"}
	got := unshown(r)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("missing %q, want %q\n%s", got, want, text)
	}
}

// The sample of every format has it, and every kind has a sample.
func TestScaffoldSamples(t *testing.T) {
	formats := []string{"bic", "country", "currency", "email", "hostname", "iban", "ip", "ip_prefix", "pec", "phone",
		"postal_code_it", "sdi", "semver", "tax_code_it", "uri", "uri_ref", "uuid", "vat_eu", "vat_it"}
	fields := []rules.Field{
		{Name: "a", Kind: rules.KindText, Min: "6", Required: true},
		{Name: "b", Kind: rules.KindText, Max: "2", Required: true},
		{Name: "c", Kind: rules.KindInteger, Min: "5", Required: true},
		{Name: "d", Kind: rules.KindDecimal, Scale: 3, Min: "2.5", Required: true},
		{Name: "m", Kind: rules.KindMoney, Scale: 2, Min: "2.5", Currencies: []string{"CHF"}, Required: true},
		{Name: "o", Kind: rules.KindMoney, Required: true},
		{Name: "e", Kind: rules.KindBoolean, Required: true},
		{Name: "f", Kind: rules.KindDate, Min: "2030-01-01", Required: true},
		{Name: "g", Kind: rules.KindDatetime, Required: true},
		{Name: "h", Kind: rules.KindDuration, Required: true},
		{Name: "i", Kind: rules.KindChoice, Choices: []rules.Choice{{Name: "x", When: "e == false"}, {Name: "y"}}, Required: true},
		{Name: "j", Kind: rules.KindList, Min: "3", Of: &rules.Field{Kind: rules.KindDate}, Required: true},
		{Name: "k", Kind: rules.KindRecord, Fields: []rules.Field{{Name: "l", Kind: rules.KindText, Required: true}}, Required: true},
	}
	for i, format := range formats {
		fields = append(fields, rules.Field{Name: "x" + string(rune('a'+i)), Kind: rules.KindText, Format: format, Required: true})
	}
	set, err := rules.Compile(rules.Definition{Sections: []rules.Section{{Name: "s", Fields: fields}, {Name: "empty", Fields: []rules.Field{{Name: "n", Kind: rules.KindInteger, Compute: "1"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := rulestest.Scaffold(rulestest.Bare(set), "")
	if err != nil || !strings.Contains(string(text), "everything filled in\n    from: base\n    expect:\n      valid.s: pass\n      valid.empty: pass\n") {
		t.Errorf("%v\n%s", err, text)
	}
	s, err := rulestest.Parse("s_test.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if r, err := rulestest.Check(rulestest.Bare(set), s); err != nil || r.Failed() > 0 {
		t.Errorf("%v\n%s\n%s", err, failures(r), text)
	}
}

// A template whose lists must have thousands of items, each with lists of as many,
// has a first test file all the same, of a size that can be read.
func TestScaffoldOfMuch(t *testing.T) {
	text := rules.Field{Name: "c", Kind: rules.KindText, Min: "100000", Max: "100000"}
	inner := rules.Field{Name: "b", Kind: rules.KindList, Min: "1000", Max: "1000", Required: true,
		Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{text, {Name: "n", Kind: rules.KindInteger}}}}
	fields := []rules.Field{
		{Name: "few", Kind: rules.KindList, Min: "3", Of: &rules.Field{Kind: rules.KindText}, Required: true},
		{Name: "much", Kind: rules.KindList, Min: "1000", Max: "1000", Required: true, Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{inner}}},
	}
	for i := range 20 {
		text.Name = "text" + string(rune('a'+i))
		fields = append(fields, text)
	}
	set, err := rules.Compile(rules.Definition{Sections: []rules.Section{{Name: "s", Fields: fields}}})
	if err != nil {
		t.Fatal(err)
	}
	file, err := rulestest.Scaffold(rulestest.Bare(set), "")
	if err != nil || len(file) > 1<<20 || !strings.Contains(string(file), `few: ["text", "text", "text"]`) || strings.Contains(string(file), "much: ") {
		t.Fatalf("%v, %d bytes", err, len(file))
	}
	s, err := rulestest.Parse("s_test.yaml", file)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := rulestest.Check(rulestest.Bare(set), s); err != nil || r.Failed() > 0 {
		t.Errorf("%v\n%s", err, failures(r))
	}
}
