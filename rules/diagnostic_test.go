package rules

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files of this package again")

// mistaken is a template full of mistakes, each at a line of its own.
func mistaken() Definition {
	row := 0
	at := func(members ...string) Positions {
		row += 10
		p := Positions{"": {File: "order.yaml", Line: row, Column: 3}}
		for i, m := range members {
			p[m] = Position{File: "order.yaml", Line: row + 1 + i, Column: 12}
		}
		return p
	}
	d := order()
	d.Rules, d.Conditions = nil, nil
	for _, e := range []string{
		`products.totl <= credit.limit`, `product.total <= credit.limit`, `products.total > 500`, `products.total > 500.0`,
		`products.lines.all(l, l.quantity > 0 && l.prize > decimal("0"))`, `products.lines.al(l, l.quantity > 0)`,
		`customer.since > "2026-01-01"`, `old == old`, `has(customer)`, `has(customer.size())`, `old.custmer.company == "x"`,
		`customer.company.matches(customer.vat)`, `customer.company.matches("[")`, `decimal("1,5") > products.total`,
		`date("2026-02-30") < today`, `customer.company +`, `customer.company == "a`, `customer.company == 'a' b`, `customer.company`,
		`customer{company: "x"}.company == "y"`, `sise(customer.company) > 2`, `tody > date("2026-01-01")`,
		"customer.company == 'x'\n  && products.totl > decimal('1')", `customer.kind == "businss"`, `customer.kind in ["private", "busines"]`,
		`now() > today`, `this > 3`, `customer.since + days(3) > today`, `products.total - 1 > credit.limit`, `customer.company.isEmial()`,
		`products.lines.map(l, l.price).sum() > "1"`, `"` + strings.Repeat("a", maxExpression) + `" == ""`, `città.nome == "x"`, ``,
	} {
		d.Rules = append(d.Rules, Rule{ID: "r" + itoa(len(d.Rules)), Expr: e, Pos: at("rule")})
	}
	c := &d.Sections[0]
	c.Fields[0].Check, c.Fields[0].Pos = `this.size() > 2 && credit.limit > decimal("0")`, at("check")
	c.Fields[2].When, c.Fields[2].Pos = `today > date("2026-01-01")`, at("when")
	c.Fields[3].RequiredIf, c.Fields[3].Pos = `knd == "business"`, at("required_if")
	d.Sections[1].Fields[2].Compute, d.Sections[1].Fields[2].Pos = `lines.map(l, l.quantity).sum() > 3`, at("compute")
	d.Rules[3].Field, d.Rules[3].Pos = "products.totals", at("field")
	d.Rules = append(d.Rules, Rule{ID: "r0", Expr: "true", Pos: at()}, Rule{ID: "Bad-Id", Expr: "true", Severity: "fatal", Pos: at("severity")})
	d.Conditions = []Condition{{ID: "valid.customer", Expr: "true", Pos: at()}, {ID: "guard.submit", Expr: `state = "x"`, Pos: at("expression")}, {ID: "guard.submit", Expr: "true", Pos: at()}}
	return d
}

// TestDiagnostics compares with a golden file; -update writes it.
func TestDiagnostics(t *testing.T) {
	_, err := Compile(mistaken())
	var all Diagnostics
	if !errors.As(err, &all) {
		t.Fatalf("%T", err)
	}
	golden(t, "testdata/diagnostics.txt", err.Error()+"\n")
	for _, d := range all {
		if d.Caret > 0 && (d.Caret > len([]rune(d.Source))+1 || d.Pos.Line == 0) {
			t.Errorf("caret outside the line: %+v", d)
		}
	}
	t.Logf("%d mistakes at once", len(all))
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		must(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	must(t, err)
	if string(want) != got {
		t.Errorf("%s differs from:\n%s", file, got)
	}
}

// What is wrong with a definition itself, one thing at a time.
func TestDefinitionMistakes(t *testing.T) {
	fields := func(f ...Field) Definition { return Definition{Sections: []Section{{Name: "s", Fields: f}}} }
	many := func(n int) []Field {
		out := make([]Field, n)
		for i := range out {
			out[i] = Field{Name: "f" + itoa(i), Kind: KindBoolean}
		}
		return out
	}
	deep := func(n int) Field {
		f := Field{Name: "x", Kind: KindBoolean}
		for range n {
			f = Field{Name: "x", Kind: KindRecord, Fields: []Field{f}}
		}
		return f
	}
	text := Field{Name: "a", Kind: KindText}
	cases := []struct {
		what string
		d    Definition
		want string // "" where it compiles
	}{
		{"a field", fields(text), ""},
		{"no fields", fields(), "at least one field"},
		{"upper case", fields(Field{Name: "A", Kind: KindText}), "field names are"},
		{"accent", fields(Field{Name: "città", Kind: KindText}), "field names are"},
		{"longest name", fields(Field{Name: strings.Repeat("a", 63), Kind: KindText}), ""},
		{"name too long", fields(Field{Name: strings.Repeat("a", 64), Kind: KindText}), "field names are"},
		{"reserved word", fields(Field{Name: "in", Kind: KindText}), "means something else"},
		{"this", fields(Field{Name: "this", Kind: KindText}), "means something else"},
		{"a name of the engine", fields(Field{Name: "type", Kind: KindText, Check: `type != "x" && this != type`}, Field{Name: "list", Kind: KindInteger, Compute: "size(type)"}), ""},
		{"twice", fields(text, text), "two fields"},
		{"unknown type", fields(Field{Name: "a", Kind: "txt"}), `did you mean "text"?`},
		{"no type", fields(Field{Name: "a"}), "unknown type"},
		{"format", fields(Field{Name: "a", Kind: KindText, Format: "emial"}), `did you mean "email"?`},
		{"format of a number", fields(Field{Name: "a", Kind: KindInteger, Format: "email"}), "not for the type"},
		{"scale of a text", fields(Field{Name: "a", Kind: KindText, Scale: 2}), "not for the type"},
		{"largest scale", fields(Field{Name: "a", Kind: KindDecimal, Scale: maxScale}), ""},
		{"scale too large", fields(Field{Name: "a", Kind: KindDecimal, Scale: maxScale + 1}), "scale is"},
		{"bound with too many decimals", fields(Field{Name: "a", Kind: KindDecimal, Scale: 2, Min: "0.001"}), "no value of this field"},
		{"bounds crossed", fields(Field{Name: "a", Kind: KindDate, Min: "2026-01-02", Max: "2026-01-01"}), "greater than max"},
		{"text bounds crossed", fields(Field{Name: "a", Kind: KindText, Min: "3", Max: "2"}), "min is"},
		{"longest text", fields(Field{Name: "a", Kind: KindText, Max: itoa(maxText)}), ""},
		{"text too long", fields(Field{Name: "a", Kind: KindText, Max: itoa(maxText + 1)}), "max is"},
		{"max no number", fields(Field{Name: "a", Kind: KindText, Max: "010"}), "max is"},
		{"longest list", fields(Field{Name: "a", Kind: KindList, Max: itoa(maxList), Of: &Field{Kind: KindInteger}}), ""},
		{"list too long", fields(Field{Name: "a", Kind: KindList, Max: itoa(maxList + 1), Of: &Field{Kind: KindInteger}}), "max is"},
		{"list of nothing", fields(Field{Name: "a", Kind: KindList}), "needs the type of its items"},
		{"list of lists", fields(Field{Name: "a", Kind: KindList, Of: &Field{Kind: KindList, Of: &text}}), "any but a list"},
		{"required item", fields(Field{Name: "a", Kind: KindList, Of: &Field{Kind: KindText, Required: true}}), "there or not"},
		{"record of nothing", fields(Field{Name: "a", Kind: KindRecord}), "at least one field"},
		{"computed record", fields(Field{Name: "a", Kind: KindRecord, Compute: "a", Fields: many(1)}), "not for the type"},
		{"choice of nothing", fields(Field{Name: "a", Kind: KindChoice}), "1 to"},
		{"choice twice", fields(Field{Name: "a", Kind: KindChoice, Choices: []Choice{{Name: "x"}, {Name: "x"}}}), "twice"},
		{"choices of a text", fields(Field{Name: "a", Kind: KindText, Choices: []Choice{{Name: "x"}}}), "not for the type"},
		{"message without a check", fields(Field{Name: "a", Kind: KindText, Message: Text{"en": "x"}}), "there is none"},
		{"required twice", fields(Field{Name: "a", Kind: KindText, Required: true, RequiredIf: "true"}), "always and by a condition"},
		{"deepest", fields(deep(maxNesting)), ""},
		{"too deep", fields(deep(maxNesting + 1)), "in each other"},
		{"most fields", fields(many(maxFields)...), ""},
		{"too many fields", fields(many(maxFields + 1)...), "more than 2000 fields"},
		{"two sections", Definition{Sections: []Section{{Name: "a", Fields: many(1)}, {Name: "a", Fields: many(1)}}}, "two sections"},
		{"section as fact", Definition{Sections: []Section{{Name: "a", Fields: many(1)}}, Facts: []Fact{{Name: "a", Type: text}}}, "two variables"},
		{"fact with rules", Definition{Facts: []Fact{{Name: "a", Type: Field{Kind: KindText, Required: true}}}}, "no rules"},
		{"too many sections", Definition{Sections: make([]Section, maxSections+1)}, "at most 100 sections"},
		{"too many rules", Definition{Rules: make([]Rule, maxRules+1)}, "at most 1000 rules"},
		{"too many facts", Definition{Facts: make([]Fact, maxFacts+1)}, "at most 100 facts"},
		{"too many conditions", Definition{Conditions: make([]Condition, maxConditions+1)}, "at most 1000 conditions"},
		{"a holiday that is none", Definition{Holidays: []string{"2026-02-30"}}, "no date"},
		{"nothing", Definition{}, ""},
	}
	refused := 0
	for _, c := range cases {
		_, err := Compile(c.d)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.what, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		case c.want != "":
			refused++
		}
	}
	t.Logf("%d refused of %d", refused, len(cases))
	if _, err := Compile(Definition{Sections: []Section{{Name: "s", Fields: func() []Field {
		f := many(300)
		for i := range f {
			f[i].Kind = "x"
		}
		return f
	}()}}}); len(err.(Diagnostics)) != maxDiagnostics+1 {
		t.Errorf("%d diagnostics", len(err.(Diagnostics)))
	}
}

// The longest expression and the whole of all expressions, at their bounds.
func TestExpressionLimits(t *testing.T) {
	// A condition that costs little and is as long as is wanted.
	long := func(n int) string { return `"` + strings.Repeat("a", n-len(`"" != ""`)) + `" != ""` }
	if _, err := Compile(small(long(maxExpression))); err != nil {
		t.Errorf("at the bound: %v", err)
	}
	if _, err := Compile(small(long(maxExpression + 1))); err == nil {
		t.Error("one byte more is accepted")
	}
	n := maxExpressions / maxExpression
	full := make([]string, n)
	for i := range full {
		full[i] = long(maxExpression)
	}
	if _, err := Compile(small(full...)); err != nil {
		t.Errorf("all at the bound: %v", err)
	}
	if _, err := Compile(small(append(full, "true")...)); err == nil || !strings.Contains(err.Error(), "all expressions together") {
		t.Errorf("four bytes more: %v", err)
	}
	nest := func(n int) string {
		return strings.Repeat("[1].all(x, ", n) + "true" + strings.Repeat(")", n)
	}
	if _, err := Compile(small(nest(maxVariables))); err != nil {
		t.Errorf("at the bound: %v", err)
	}
	if _, err := Compile(small(nest(maxVariables + 1))); err == nil {
		t.Error("one comprehension more is accepted")
	}
}
