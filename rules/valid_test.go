package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// outcome is the result with its violations, in one line.
func outcome(v Verdict) string {
	parts := []string{string(v.Result)}
	for _, x := range v.Violations {
		parts = append(parts, x.Path+" "+x.Reason)
	}
	if v.Err != nil {
		parts = append(parts, v.Err.Error())
	}
	if v.Skipped {
		parts = append(parts, "skipped")
	}
	return strings.Join(append(parts, append(slices.Clone(v.Hidden), v.Absent...)...), "; ")
}

func orderInput(t *testing.T, s *Set, customer map[string]any) *Input {
	t.Helper()
	in := s.Input()
	must(t, in.Section("customer", customer))
	must(t, in.Fact("today", "2026-11-22"))
	return in
}

func TestFieldRules(t *testing.T) {
	s := compiled(t, order())
	ok := func(change map[string]any) map[string]any {
		c := map[string]any{"company": "Rossi", "kind": "business", "country": "IT", "vat": "123", "since": "2020-01-01",
			"address": map[string]any{"city": "Roma", "zip": "00100"}}
		for k, v := range change {
			if v == nil {
				delete(c, k)
			} else {
				c[k] = v
			}
		}
		return c
	}
	for _, c := range []struct {
		name   string
		change map[string]any
		want   string
	}{
		{"all right", nil, "pass"},
		{"required", map[string]any{"company": nil}, "fail; customer.company required"},
		{"required by a condition", map[string]any{"vat": nil}, "fail; customer.vat required"},
		{"not required", map[string]any{"kind": "public", "vat": nil}, "pass"},
		{"inapplicable", map[string]any{"kind": "private"}, "fail; customer.vat inapplicable"},
		{"inapplicable and absent", map[string]any{"kind": "private", "vat": nil}, "pass"},
		{"when of an absent field does not hold", map[string]any{"kind": nil}, "fail; customer.vat inapplicable"},
		{"no choice", map[string]any{"kind": "other"}, "fail; customer.kind choice"},
		{"a choice that is not offered here", map[string]any{"kind": "public", "country": "FR"}, "fail; customer.kind choice"},
		{"too long", map[string]any{"country": "ITA"}, "fail; customer.country bounds"},
		{"record is optional as a whole", map[string]any{"address": nil}, "pass"},
		{"required in a record", map[string]any{"address": map[string]any{"zip": "00100"}}, "fail; customer.address.city required"},
		{"required in a record by a field outside", map[string]any{"address": map[string]any{"city": "Roma"}}, "fail; customer.address.zip required"},
		{"not so elsewhere", map[string]any{"country": "FR", "address": map[string]any{"city": "Nice"}}, "pass"},
		{"check in a record", map[string]any{"address": map[string]any{"city": "Roma", "zip": "1"}}, "fail; customer.address.zip check"},
		{"check over a fact", map[string]any{"since": "2026-11-23"}, "fail; customer.since check"},
		{"check that lacks an optional field", map[string]any{"country": nil, "kind": "business", "address": map[string]any{"city": "R", "zip": "1"}}, "pass"},
		{"several", map[string]any{"company": nil, "country": "ITA"}, "fail; customer.company required; customer.country bounds"},
		{"everything absent", map[string]any{"company": nil, "kind": nil, "country": nil, "vat": nil, "address": nil, "since": nil}, "fail; customer.company required"},
	} {
		if got := outcome(s.Eval("valid.customer", orderInput(t, s, ok(c.change)))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	// A fact that the caller forgot is not an optional field.
	in := s.Input()
	must(t, in.Section("customer", ok(nil)))
	if got := outcome(s.Eval("valid.customer", in)); got != "unknown; today" {
		t.Errorf("without the fact: %s", got)
	}
}

func TestListRules(t *testing.T) {
	s := compiled(t, order())
	for _, c := range []struct {
		name    string
		content map[string]any
		want    string
	}{
		{"all right", map[string]any{"lines": []any{line("a", 1, "1.00"), line("b", 2, "2.50")}}, "pass"},
		{"no section", nil, "fail; products.lines required"},
		{"no items", map[string]any{"lines": []any{}}, "fail; products.lines required"},
		{"an item", map[string]any{"lines": []any{line("a", 1, "1.00"), line("b", 0, "-1.00")}}, "fail; products.lines[1].quantity bounds; products.lines[1].price bounds"},
		{"absent in an item", map[string]any{"lines": []any{map[string]any{"sku": "a"}}}, "fail; products.lines[0].quantity required; products.lines[0].price required"},
		{"a rule over the section alone", map[string]any{"lines": []any{line("a", 1, "1.00"), line("a", 1, "1.00"), line("a", 1, "1.00"), line("a", 1, "1.00")}}, "fail;  rule"},
		{"a warning", map[string]any{"discount": "99.00", "lines": []any{line("a", 1, "1.00")}}, "pass; products.discount check"},
		{"too long in an item", map[string]any{"lines": []any{line(strings.Repeat("x", 21), 1, "1.00")}}, "fail; products.lines[0].sku bounds"},
	} {
		content, err := s.Compute("products", c.content)
		must(t, err)
		in := s.Input()
		must(t, in.Section("products", content))
		if got := outcome(s.Eval("valid.products", in)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	// What was not computed as declared.
	for name, content := range map[string]map[string]any{
		"products.total":           {"lines": []any{map[string]any{"sku": "a", "quantity": int64(1), "price": "1.00", "amount": "1.00"}}, "total": "2.00"},
		"products.lines[0].amount": {"lines": []any{map[string]any{"sku": "a", "quantity": int64(1), "price": "1.00", "amount": "2.00"}}, "total": "2.00"},
	} {
		in := s.Input()
		must(t, in.Section("products", content))
		if got := outcome(s.Eval("valid.products", in)); got != "fail; "+name+" computed" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Rules over several sections and over the revision before, with everything
// that can be missing.
func TestRules(t *testing.T) {
	s := compiled(t, order())
	products, err := s.Compute("products", map[string]any{"lines": []any{line("a", 2, "100.00")}})
	must(t, err)
	credit := func(limit string) map[string]any { return map[string]any{"limit": limit} }
	for _, c := range []struct {
		name string
		id   string
		fill func(in *Input)
		want string
	}{
		{"holds", "rule.covered", func(in *Input) { in.Section("products", products); in.Section("credit", credit("200.00")) }, "pass"},
		{"does not", "rule.covered", func(in *Input) { in.Section("products", products); in.Section("credit", credit("199.99")) }, "fail; products.total rule"},
		{"hidden", "rule.covered", func(in *Input) { in.Section("products", products); in.Hidden("credit") }, "unknown; credit"},
		{"both hidden", "rule.covered", func(in *Input) { in.Hidden("products"); in.Hidden("credit") }, "unknown; credit; products"},
		{"never written", "rule.covered", func(in *Input) { in.Section("products", products) }, "unknown; credit.limit"},
		{"hidden and absent", "rule.covered", func(in *Input) { in.Hidden("credit") }, "unknown; credit; products.total"},
		{"first revision", "rule.keep", func(in *Input) { in.Section("customer", map[string]any{"company": "A"}) }, "pass; skipped"},
		{"kept", "rule.keep", func(in *Input) {
			in.Section("customer", map[string]any{"company": "A"})
			in.Old("customer", map[string]any{"company": "A"})
		}, "pass"},
		{"changed", "rule.keep", func(in *Input) {
			in.Section("customer", map[string]any{"company": "A"})
			in.Old("customer", map[string]any{"company": "B"})
		}, "fail;  rule"},
		{"old hidden", "rule.keep", func(in *Input) { in.Section("customer", map[string]any{"company": "A"}); in.OldHidden("customer") }, "unknown; old.customer"},
		{"shown again", "rule.covered", func(in *Input) {
			in.Hidden("credit")
			in.Section("products", products)
			in.Section("credit", credit("200.00"))
		}, "pass"},
		{"condition", "required.confirmation", func(in *Input) { in.Section("products", products) }, "fail"},
		{"condition unknown", "required.confirmation", func(in *Input) {}, "unknown; products.total"},
		{"section hidden", "valid.credit", func(in *Input) { in.Hidden("credit") }, "unknown; credit"},
		{"no such condition", "rule.other", func(in *Input) {}, "error; rule.other: there is no such condition, or the input is of another set"},
		{"folded", "rule.few", func(in *Input) {}, "error; rule.few: there is no such condition, or the input is of another set"},
	} {
		in := s.Input()
		c.fill(in)
		if got := outcome(s.Eval(c.id, in)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	other := compiled(t, order())
	if v := other.Eval("valid.credit", s.Input()); v.Result != Error {
		t.Errorf("the input of another set: %v", v)
	}
}

func TestMessages(t *testing.T) {
	d := small()
	d.Sections[0].Fields[1].Check = `this > 5`
	d.Sections[0].Fields[1].MessageExpr = `lang == "it" ? "più di " + string(this) : "more than " + string(this)`
	d.Rules = []Rule{
		{ID: "a", Expr: `s.n > 4`, Message: Text{"en": "too small", "it": "troppo piccolo"}, Reason: "low", Field: "s.n"},
		{ID: "b", Expr: `s.n > 4`, MessageExpr: `s.text`, Message: Text{"de": "zu klein"}},
		{ID: "c", Expr: `s.n > 4`, MessageExpr: `"a" + "\n" + "b"`},
	}
	s := compiled(t, d)
	in := s.Input()
	must(t, in.Section("s", map[string]any{"n": int64(3)}))
	v := s.Eval("valid.s", in)
	var got []string
	for _, x := range v.Violations {
		got = append(got, x.Message("it"), x.Message("en-GB"), x.Message("fr"))
		if strings.Contains(fmt.Sprint(x, v), "3") {
			t.Errorf("printing shows the value: %v", x)
		}
	}
	want := []string{"più di 3", "more than 3", "more than 3", "troppo piccolo", "too small", "too small", "zu klein", "zu klein", "zu klein",
		"la regola c non è rispettata", "rule c does not hold", "rule c does not hold"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if v.Violations[1].Reason != "low" || v.Violations[1].Rule != "rule.a" || v.Violations[1].Path != "s.n" {
		t.Errorf("%+v", v.Violations[1])
	}
}

// An expression goes by the tag whose text would do, so that all of a form is in
// one language.
func TestMessageLanguages(t *testing.T) {
	d := small()
	d.Rules = []Rule{
		{ID: "plain", Expr: `s.n > 4`, MessageExpr: `lang == "it" ? "poco" : lang == "de-AT" ? "zu wenig, gell" : lang == "de" ? "zu wenig" : lang == "en" ? "too little" : lang`},
		{ID: "texts", Expr: `s.n > 4`, MessageExpr: `lang`, Message: Text{"it": "poco", "sl": "malo", "pt-BR": "pouco"}},
		{ID: "table", Expr: `s.n > 4`, MessageExpr: `{"it": "poco", "en": "too little"}[lang]`},
	}
	s := compiled(t, d)
	in := s.Input()
	must(t, in.Section("s", map[string]any{"n": int64(3)}))
	v := s.Eval("valid.s", in)
	if len(v.Violations) != 3 {
		t.Fatalf("%v", v.Violations)
	}
	for lang, want := range map[string]string{
		"it": "poco|it|poco", "it-CH": "poco|it|poco", "de-AT": "zu wenig, gell|de|too little", "de-CH": "zu wenig|de|too little", "de": "zu wenig|de|too little",
		"en-GB": "too little|en|too little", "sl-SI": "too little|sl|too little", "pt-BR": "too little|pt-BR|too little", "pt-PT": "too little|pt|too little", "": "too little|poco|too little", "itx": "too little|itx|too little",
	} {
		var got []string
		for _, x := range v.Violations {
			got = append(got, x.Message(lang))
		}
		if text := strings.Join(got, "|"); text != want {
			t.Errorf("%s: %s, want %s", lang, text, want)
		}
	}
}

// That there is no item is told once.
func TestNoItemsOnce(t *testing.T) {
	list := Field{Name: "l", Kind: KindList, Min: "1", Of: &Field{Kind: KindInteger}}
	required, by, two, checked := list, list, list, list
	required.Required, by.RequiredIf, two.Required, checked.Required = true, "x > 1", true, true
	two.Min, checked.Check = "2", "this.size() > 0"
	for _, c := range []struct {
		field    Field
		x        int64
		items    []any
		want     string
		demanded string
	}{
		{required, 1, []any{}, "fail; s.l required", "s.l.required"},
		{required, 1, nil, "fail; s.l required", "s.l.required"},
		{list, 1, []any{}, "fail; s.l bounds", "s.l.bounds"},
		{list, 1, nil, "pass", "s.l.bounds"},
		{by, 1, []any{}, "fail; s.l bounds", "s.l.required s.l.bounds"},
		{by, 2, []any{}, "fail; s.l required", "s.l.required s.l.bounds"},
		{two, 2, []any{}, "fail; s.l required", "s.l.required s.l.bounds"},
		{two, 2, []any{int64(1)}, "fail; s.l bounds", "s.l.required s.l.bounds"},
		{checked, 2, []any{}, "fail; s.l required", "s.l.required s.l.check"},
	} {
		s := compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "x", Kind: KindInteger}, c.field}}}})
		in, content := s.Input(), map[string]any{"x": c.x}
		if c.items != nil {
			content["l"] = c.items
		}
		must(t, in.Section("s", content))
		if got := outcome(s.Eval("valid.s", in)); got != c.want {
			t.Errorf("%v with %v: %s, want %s", c.field, c.items, got, c.want)
		}
		coverage, err := s.Coverage()
		must(t, err)
		var demanded []string
		for _, d := range coverage.Demands() {
			demanded = append(demanded, d.Rule)
		}
		if got := strings.Join(demanded, " "); got != c.demanded {
			t.Errorf("%v demands %s, want %s", c.field, got, c.demanded)
		}
	}
}

// What is known to be wrong stands, whatever cannot be told beside it.
func TestFailureBeatsUnknown(t *testing.T) {
	d := vault()
	d.Sections[0].Fields[0].Check = `this >= old.amount`
	d.Sections[0].Fields[2].Check = `this != "no" && this != old.note`
	s := compiled(t, d)
	for note, want := range map[string]string{"so": "unknown; old.open", "no": "fail; open.note check"} {
		in := s.Input()
		must(t, in.Section("open", map[string]any{"amount": int64(1), "note": note}))
		must(t, in.OldHidden("open"))
		if got := outcome(s.Eval("change.open", in)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// No expression sees a value beyond its maximum, on which the costs rest.
func TestBeyondTheMaximum(t *testing.T) {
	d := vault()
	d.Conditions = []Condition{{ID: "size", Expr: `open.tags.size() > 0`}, {ID: "first", Expr: `open.tags[0] == "a"`}}
	s := compiled(t, d)
	for _, c := range []struct {
		tags []any
		want string
	}{
		{[]any{"a", "b", "c", "d", "e"}, "pass"},
		{[]any{"a", "b", "c", "d", "e", "f"}, "unknown; open.tags"},
		{[]any{"a", "éééééééééé"}, "pass"},
		{[]any{"a", "ééééééééééé"}, "unknown; open.tags[]"},
	} {
		in := s.Input()
		must(t, in.Section("open", map[string]any{"tags": c.tags}))
		for _, id := range []string{"size", "first"} {
			if got := outcome(s.Eval(id, in)); got != c.want {
				t.Errorf("%v: %s, want %s", c.tags, got, c.want)
			}
		}
	}
}

// Violations say where, in lists of records and lists inside those.
func TestNestedItems(t *testing.T) {
	s := compiled(t, Definition{Sections: []Section{{Name: "products", Fields: []Field{
		{Name: "lines", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{
			{Name: "sku", Kind: KindText, Required: true},
			{Name: "price", Kind: KindMoney, Scale: 2, Min: "0", Currencies: []string{"EUR"}},
			{Name: "box", Kind: KindRecord, Fields: []Field{{Name: "weight", Kind: KindInteger, Check: `this > 0 && size(sku) > 0`}}},
			{Name: "discounts", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{
				{Name: "rate", Kind: KindDecimal, Scale: 2, Max: "1"},
				{Name: "off", Kind: KindMoney, Scale: 2, Check: `this <= price`, Compute: `(price * rate).round(2)`},
			}}},
			{Name: "tags", Kind: KindList, Of: &Field{Kind: KindText, Check: `this != sku`}},
		}}},
	}}}})
	at := func(price, rate string, weight int64, tag string) map[string]any {
		return map[string]any{"sku": "a", "price": price, "box": map[string]any{"weight": weight}, "tags": []any{"x", tag},
			"discounts": []any{map[string]any{"rate": "0.10"}, map[string]any{"rate": rate}}}
	}
	good := at("10.00 EUR", "0.50", 1, "b")
	for _, c := range []struct {
		name string
		line map[string]any
		want string
	}{
		{"all right", good, "pass"},
		{"bounds", at("-1.00 EUR", "0.50", 1, "b"), "fail; products.lines[3].price bounds; products.lines[3].discounts[0].off check; products.lines[3].discounts[1].off check"},
		{"another currency", at("1.00 CHF", "0.50", 1, "b"), "fail; products.lines[3].price currency"},
		{"in a list inside", at("10.00 EUR", "1.01", 1, "b"), "fail; products.lines[3].discounts[1].rate bounds; products.lines[3].discounts[1].off check"},
		{"in a record inside", at("10.00 EUR", "0.50", 0, "b"), "fail; products.lines[3].box.weight check"},
		{"in a list of texts inside", at("10.00 EUR", "0.50", 1, "a"), "fail; products.lines[3].tags[1] check"},
		{"absent", map[string]any{}, "fail; products.lines[3].sku required"},
	} {
		content, err := s.Compute("products", map[string]any{"lines": []any{good, good, good, c.line}})
		must(t, err)
		in := s.Input()
		must(t, in.Section("products", content))
		if got := outcome(s.Eval("valid.products", in)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	content, err := s.Compute("products", map[string]any{"lines": []any{good}})
	must(t, err)
	off := content["lines"].([]any)[0].(map[string]any)["discounts"].([]any)
	if off[0].(map[string]any)["off"] != "1.00 EUR" || off[1].(map[string]any)["off"] != "5.00 EUR" {
		t.Errorf("computed in a list inside a list: %v", off)
	}
}

// What is no tag of a language reaches no expression, which was priced for a tag.
func TestMessageWithoutALanguage(t *testing.T) {
	long := strings.Repeat("x", maxLang+1)
	set := compiled(t, Definition{
		Sections: []Section{{Name: "s", Fields: []Field{{Name: "n", Kind: KindInteger}}}},
		Rules:    []Rule{{ID: "r", Expr: `s.n > 1`, Message: Text{"en": "too little", "it": "poco"}, MessageExpr: `lang == "it" ? "poco" : "said in " + lang + (lang == "` + long + `" ? "!" : "")`}},
	})
	in := set.Input()
	must(t, in.Section("s", map[string]any{"n": int64(1)}))
	v := set.EvalRule("rule.r", in)
	said := 0
	for lang, want := range map[string]string{
		"it": "poco", "it-CH": "poco", "en": "said in en", "de": "said in en",
		long: "said in en", long[1:]: "said in en", strings.Repeat("x", 1<<20): "said in en", long + "-it": "said in en",
		"it it": "said in en", "<b>": "said in en", "it\x00": "said in en", "é": "said in en", "it;q=0.9": "said in en", "it_CH": "said in en",
	} {
		said++
		if got := v.Violations[0].Message(lang); got != want {
			t.Errorf("%.40q: %.80q, want %q", lang, got, want)
		}
	}
	if got := (Text{"en": "a", long: "b"}).In(long); got != "a" {
		t.Errorf("an over-long tag: %q", got)
	}
	t.Logf("%d languages", said)
}

// A choice whose condition reads what is absent is not offered.
func TestChoiceOfWhatIsAbsent(t *testing.T) {
	s := compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "n", Kind: KindInteger},
		{Name: "kind", Kind: KindChoice, Choices: []Choice{{Name: "many", When: "n > 1"}, {Name: "any"}}},
	}}}})
	for _, c := range []struct {
		content map[string]any
		want    Result
	}{
		{map[string]any{"kind": "many"}, Fail},
		{map[string]any{"kind": "many", "n": int64(1)}, Fail},
		{map[string]any{"kind": "many", "n": int64(2)}, Pass},
		{map[string]any{"kind": "any"}, Pass},
	} {
		in := s.Input()
		must(t, in.Section("s", c.content))
		if v := s.Eval("valid.s", in); v.Result != c.want {
			t.Errorf("%v: %v", c.content, v)
		}
	}
}

// What a message would read decides nothing, so nobody waits for it.
func TestMessageIsNotWaitedFor(t *testing.T) {
	s := compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "n", Kind: KindInteger, Check: "this > 1", MessageExpr: `"it was " + string(old.n)`},
	}}}})
	in := s.Input()
	must(t, in.Hidden("s"))
	must(t, in.OldHidden("s"))
	if v := s.Eval("valid.s", in); v.Result != Unknown || !slices.Equal(v.Hidden, []string{"s"}) {
		t.Errorf("%v", v)
	}
}
