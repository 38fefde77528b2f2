package rules

import (
	"slices"
	"strings"
	"testing"
)

// A wrong declaration is told once, with the mistakes in all expressions that
// have nothing to do with it, and no others.
func TestUnsure(t *testing.T) {
	broken := Field{Name: "a", Kind: "dezimal"}
	record := Field{Name: "a", Kind: KindRecord, Fields: []Field{broken, {Name: "b", Kind: KindText}}}
	lines := Field{Name: "a", Kind: KindList, Of: &record}
	nameless := Field{Name: "Ä", Kind: KindText}
	dotted := Field{Name: "a.b", Kind: KindText}
	twice := []Field{{Name: "a", Kind: KindText}, {Name: "a", Kind: KindInteger}}
	with := func(fields ...Field) []Field {
		return append(fields, Field{Name: "n", Kind: KindInteger}, Field{Name: "t", Kind: KindText})
	}
	cases := []struct {
		what   string
		fields []Field
		exprs  []string // conditions over section s
		want   []string // what is told of them, besides the declarations
	}{
		{"unknown type", with(broken), []string{
			`s.a > 3`, `s.a`, `s.a == "x" && s.a.size() > 2`, `has(s.a)`, `old.s.a != s.a`, `[s.a, s.a].sum() > s.a`, `s.a.b.c`, `s.a.all(x, x > 2)`,
			`s.?a.orValue(3) > 2`, `s.a in ["x"]`, `s.n > 2 ? s.a : false`, `s.a.isEmail()`, `cel.bind(x, s.a, x > 2)`, `s == s`,
		}, nil},
		{"beside an unknown type", with(broken), []string{
			`s.a > 3 && s.m > 3`, `s.a > 3 && s.n > "x"`, `s.n`, `s.a.isEmial()`, `m.a > 3`, `s.a > 3 ? s.n : 4`,
		}, []string{`no field "m"`, `">" does not take`, "must be boolean", `no function "isEmial"`, `no "m"`, "is integer, and must be boolean"}},
		{"unknown type in a record", with(record), []string{`s.a.a > 3`, `s.a.b == "x"`, `s.a.c`, `s.a.b > 3`},
			[]string{`no field "c"`, `">" does not take`}},
		{"unknown type in a list", with(lines), []string{`s.a.all(x, x.a > 3)`, `s.a.map(x, x.a).sum() > 4`, `s.a[0].a == "x"`, `s.a.exists(x, x.c)`, `s.a > 3`},
			[]string{`no field "c"`, `">" does not take`}},
		{"list of nothing", with(Field{Name: "a", Kind: KindList}), []string{`s.a.all(x, x.b > 3)`, `s.a.map(x, x.b).sum() == 3`, `"x" in s.a`, `s.a > 3`},
			[]string{`">" does not take`}},
		{"list of lists", with(Field{Name: "a", Kind: KindList, Of: &lines}), []string{`s.a.all(x, x[0] > 3)`}, nil},
		{"record of nothing", with(Field{Name: "a", Kind: KindRecord}), []string{`s.a.b > 3`, `has(s.a.b)`, `s.a.b.c`, `s.a > 3`}, []string{`">" does not take`}},
		{"choice of nothing", with(Field{Name: "a", Kind: KindChoice}), []string{`s.a == "x"`, `s.a in ["y"]`}, nil},
		{"currency that is none", with(Field{Name: "a", Kind: KindMoney, Scale: 2, Currencies: []string{"eur"}}, Field{Name: "b", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}}),
			[]string{`s.a > s.b`, `s.b > money("1 USD")`, `s.a > money("1 EUR")`}, []string{"USD"}},
		{"name that is none", with(nameless), []string{`s.b == 3`, `has(s.b)`, `old.s.b == s.b`, `s.n == "x"`}, []string{`"==" does not take`}},
		{"name with a dot", with(dotted), []string{`s.a.b == "x"`, `s.a > 3`, `s.n > "x"`}, []string{`">" does not take`}},
		{"two of a name", append(twice, with()...), []string{`s.a > 3`, `s.a == "x"`, `s.n == "x"`}, []string{`"==" does not take`}},
		{"bound that is none", with(Field{Name: "a", Kind: KindInteger, Min: "x"}), []string{`s.a > 3`, `s.a == "x"`}, []string{`"==" does not take`}},
		{"no fields", nil, []string{`s.a > 3`, `s.a.b`, `old.s.a`, `x.a > 3`}, []string{`no "x"`}},
		{"rules of its own", with(Field{Name: "a", Kind: "dezimal", Check: "this > 3", When: "n > 3", Compute: "n + 3"},
			Field{Name: "c", Kind: KindInteger, Compute: "a * 3"}, Field{Name: "d", Kind: KindInteger, Compute: "a + m"}), nil, []string{`no "m"`}},
	}
	told := 0
	for _, c := range cases {
		d := Definition{Sections: []Section{{Name: "s", Fields: c.fields}}}
		alone, _ := compile(Definition{Sections: []Section{{Name: "s", Fields: declared(c.fields)}}})
		if len(alone.found) == 0 {
			t.Fatalf("%s: no mistake in the declarations", c.what)
		}
		for i, e := range c.exprs {
			d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: e})
		}
		_, err := Compile(d)
		found, _ := err.(Diagnostics)
		var got []string
		for _, f := range found[min(len(found), len(alone.found)):] {
			got = append(got, f.String())
		}
		told += len(got)
		if !slices.EqualFunc(got, c.want, strings.Contains) {
			t.Errorf("%s: besides the declarations\n%s\nwant\n%s", c.what, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
	t.Logf("%d wrong declarations, %d mistakes in expressions", len(cases), told)
}

// declared gives fields without expressions.
func declared(fields []Field) []Field {
	out := slices.Clone(fields)
	for i := range out {
		out[i].Check, out[i].When, out[i].Compute = "", "", ""
	}
	return out
}

// The same for sections, facts and functions.
func TestUnsureNames(t *testing.T) {
	text := []Field{{Name: "a", Kind: KindText}}
	fact := func(name string, f Field) Fact { return Fact{Name: name, Type: f} }
	cases := []struct {
		what string
		d    Definition
		expr string
		want int // mistakes
	}{
		{"section with a bad name", Definition{Sections: []Section{{Name: "Order", Fields: text}}}, `order.a == 3`, 1},
		{"the same, by that name", Definition{Sections: []Section{{Name: "Order", Fields: text}}}, `Order.a == "x"`, 1},
		{"the same, with a mistake", Definition{Sections: []Section{{Name: "Order", Fields: text}}}, `Order.a == 3`, 2},
		{"before it", Definition{Sections: []Section{{Name: "Order", Fields: text}}}, `old.order.a == 3`, 1},
		{"section without a name", Definition{Sections: []Section{{Fields: text}}}, `order.a == 3`, 1},
		{"two sections, and none of another name", Definition{Sections: []Section{{Name: "o", Fields: text}, {Name: "o", Fields: text}}}, `p.a == 3`, 1},
		{"fact called as a section", Definition{Sections: []Section{{Name: "o", Fields: text}}, Facts: []Fact{fact("o", text[0])}}, `p == 3`, 1},
		{"two sections", Definition{Sections: []Section{{Name: "o", Fields: text}, {Name: "o", Fields: text}}}, `o.a == 3`, 2},
		{"fact with a bad name", Definition{Facts: []Fact{fact("Now", text[0])}}, `now == 3`, 1},
		{"fact of no type", Definition{Facts: []Fact{fact("now", Field{})}}, `now > 3`, 1},
		{"another fact", Definition{Facts: []Fact{fact("now", Field{}), fact("x", text[0])}}, `x > 3`, 2},
		{"record without fields", Definition{Facts: []Fact{fact("now", Field{Kind: KindRecord})}}, `now.x > 3`, 1},
		{"function with a bad name", Definition{Functions: []Function{{Name: "F", Result: KindText}}}, `f("x") == "y"`, 1},
		{"function without a result", Definition{Functions: []Function{{Name: "f"}}}, `f("x") == "y"`, 1},
		{"an unknown argument", Definition{Functions: []Function{{Name: "f"}}}, `f(x) == "y"`, 2},
	}
	for _, c := range cases {
		c.d.Conditions = []Condition{{ID: "c", Expr: c.expr}}
		if _, err := Compile(c.d); err == nil || len(err.(Diagnostics)) != c.want {
			t.Errorf("%s: want %d mistakes:\n%v", c.what, c.want, err)
		}
	}
}

// What costs too much is told with the rest.
func TestCostBesideMistakes(t *testing.T) {
	d := Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "a", Kind: "x"},
		{Name: "l", Kind: KindList, Max: itoa(maxList), Of: &Field{Kind: KindText}}}}},
		Conditions: []Condition{{ID: "c", Expr: `s.l.all(x, s.l.all(y, x.contains(y)))`}, {ID: "d", Expr: `s.a.all(x, s.a.all(y, x.contains(y)))`}}}
	_, err := Compile(d)
	if found, _ := err.(Diagnostics); len(found) != 2 || !strings.Contains(found[1].Message, "can cost") {
		t.Errorf("got %v", err)
	}
}

// Inspect tells what is read by whatever nothing is wrong with.
func TestInspect(t *testing.T) {
	d := order()
	all, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	ids := func(infos []Info) []string {
		var out []string
		for _, i := range infos {
			out = append(out, i.ID)
		}
		return out
	}
	if got := Inspect(d); !slices.Equal(ids(got), ids(all.Conditions())) {
		t.Errorf("of a sound definition: %v", ids(got))
	}
	d.Sections = slices.Clone(d.Sections)
	d.Sections[0].Fields = append([]Field{{Name: "zz", Kind: "x"}}, d.Sections[0].Fields...)
	d.Conditions = []Condition{{ID: "sound", Expr: `credit.limit > decimal("1")`}, {ID: "wrong", Expr: `credit.limt > decimal("1")`}, {ID: "follows", Expr: "customer.zz > 1"}}
	d.Rules = []Rule{{ID: "folded", Expr: `credit.limit > decimal("2")`}, {ID: "r", Expr: `credit.limit > products.total`}, {ID: "s", Expr: `credit.limit > 3`}}
	got := Inspect(d)
	if !slices.Equal(ids(got), []string{"valid.products", "valid.credit", "rule.r", "sound"}) {
		t.Errorf("got %v", ids(got))
	}
	if len(got) == 4 && (!slices.Equal(got[2].Sections, []string{"credit", "products"}) || !slices.Equal(got[1].Folded, []string{"rule.folded"})) {
		t.Errorf("got %+v", got)
	}
	broken := small(`s.n > 3`)
	broken.Sections[0].Fields[0].Check = "this > 3"
	if got := Inspect(broken); !slices.Equal(ids(got), []string{"c0"}) {
		t.Errorf("of a section with a wrong expression: %v", ids(got))
	}
	if got := Inspect(Definition{Sections: make([]Section, maxSections+1)}); got != nil {
		t.Errorf("of what is too large: %v", got)
	}
}
