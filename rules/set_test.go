package rules

import (
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestConditions(t *testing.T) {
	s := compiled(t, order())
	var ids []string
	for _, i := range s.Conditions() {
		ids = append(ids, i.ID)
	}
	want := []string{"valid.customer", "valid.products", "valid.credit", "rule.covered", "rule.keep", "required.confirmation"}
	if !slices.Equal(ids, want) {
		t.Errorf("%v", ids)
	}
	get := func(id string) Info {
		for _, i := range s.Conditions() {
			if i.ID == id {
				return i
			}
		}
		t.Fatal(id)
		return Info{}
	}
	for id, want := range map[string]Info{
		"rule.covered":   {Sections: []string{"credit", "products"}, At: []string{"validate"}, Paths: []string{"credit.limit", "products.total"}},
		"rule.keep":      {Sections: []string{"customer"}, Old: true, Paths: []string{"customer.company", "old.customer.company"}},
		"valid.products": {Sections: []string{"products"}, Folded: []string{"rule.few"}},
		"valid.customer": {Sections: []string{"customer"}, Facts: []string{"today"}},
	} {
		got := get(id)
		if !slices.Equal(got.Sections, want.Sections) || !slices.Equal(got.Facts, want.Facts) || got.Old != want.Old || !slices.Equal(got.At, want.At) ||
			!slices.Equal(got.Folded, want.Folded) || want.Paths != nil && !slices.Equal(got.Paths, want.Paths) || !got.Replayable {
			t.Errorf("%s: %+v", id, got)
		}
	}
	d := s.Definition()
	if d.Sections[0].Fields[0].Max != "1000" || d.Sections[1].Fields[0].Of.Fields[0].Max != "20" {
		t.Errorf("defaults: %+v", d.Sections[0].Fields[0])
	}
	again := compiled(t, d)
	if !reflect.DeepEqual(again.Definition(), d) || !reflect.DeepEqual(again.Conditions(), s.Conditions()) {
		t.Error("compiling the definition with its defaults gives another")
	}
}

// Static references through comprehensions, bindings, optional access.
func TestPaths(t *testing.T) {
	for e, want := range map[string]string{
		`open.lines.all(l, l.amount > secret.amount)`:             "open.lines[].amount secret.amount",
		`open.lines.size() > 1`:                                   "open.lines",
		`open.lines.all(l, true)`:                                 "open.lines[]",
		`open.lines[0].amount == 1`:                               "open.lines[].amount",
		`has(open.inner.amount)`:                                  "open.inner.amount",
		`open.?inner.?amount.orValue(1) == 1`:                     "open.inner.amount",
		`cel.bind(p, secret, p.lines.exists(x, x.amount > 3))`:    "secret.lines[].amount",
		`open == old.open`:                                        "old.open open",
		`open.lines.filter(l, l.amount > 1).map(l, l.note) == []`: "open.lines[] open.lines[].amount",
		`(open.vip ? open.inner : old.open.inner).amount == 1`:    "old.open.inner open.inner open.vip",
		`dyn(secret)["amount"] == 1`:                              "secret",
		`open.tags.exists(i, t, t == "a" && i > 0)`:               "open.tags[]",
		`open.tags.exists(open, open == "a")`:                     "open.tags[]",
		`{"a": open.amount}["a"] == 1 && [open.vip][0]`:           "open.amount open.vip",
	} {
		d := vault()
		d.Conditions = []Condition{{ID: "c", Expr: e}}
		s := compiled(t, d)
		infos := s.Conditions()
		got := strings.Join(infos[len(infos)-1].Paths, " ")
		if got != want {
			t.Errorf("%s: %s, want %s", e, got, want)
		}
	}
}

func TestRecomputed(t *testing.T) {
	d := order()
	fields := &d.Sections[1].Fields
	*fields = append(*fields, Field{Name: "double", Kind: KindDecimal, Scale: 2, Compute: "total + total"})
	s := compiled(t, d)
	for path, want := range map[string]string{
		"products.lines[3].price": "products.lines[].amount products.total products.double",
		"products.lines":          "products.lines[].amount products.total products.double",
		"products.total":          "products.double",
		"products.double":         "",
		"credit.limit":            "",
		"nothing":                 "",
	} {
		paths := []string{path}
		if got := strings.Join(s.Recomputed(paths), " "); got != want || paths[0] != path {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestAffected(t *testing.T) {
	s := compiled(t, order())
	for path, want := range map[string]string{
		"credit.limit":            "valid.credit rule.covered",
		"products.lines[3].price": "valid.products",
		"products.total":          "valid.products rule.covered required.confirmation",
		"products":                "valid.products rule.covered required.confirmation",
		"customer.company":        "valid.customer rule.keep",
		"customer.companyx":       "valid.customer",
		"today":                   "valid.customer",
		"nothing":                 "",
	} {
		if got := strings.Join(s.Affected([]string{path}), " "); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	// Of a section only what depends on the change is evaluated.
	in := s.Input()
	must(t, in.Section("customer", map[string]any{"country": "ITA", "address": map[string]any{"city": "R", "zip": "1"}}))
	must(t, in.Fact("today", "2026-11-22"))
	for path, want := range map[string]string{
		"customer.company":     "fail; customer.company required",
		"customer.address.zip": "fail; customer.address.zip check",
		"customer.since":       "pass",
	} {
		if path == "customer.address.zip" {
			want = "pass" // a country beyond its maximum is not read
		}
		if got := outcome(changed(s, "valid.customer", in, path)); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestNamedZones(t *testing.T) {
	zones := compiled(t, small(`s.when.getHours("Europe/Rome") == 1`, `s.when.getHours("+01:00") == 23`, `s.when.getHours(s.text) == 23`))
	for i, want := range []bool{true, false, true, false} {
		if got := zones.Conditions()[i]; got.Replayable != want {
			t.Errorf("%s: replayable %v", got.ID, got.Replayable)
		}
	}
}

// One set and one input serve many evaluations at once.
func TestConcurrentUse(t *testing.T) {
	d := vault()
	for i, e := range aliases[:20] {
		d.Conditions = append(d.Conditions, Condition{ID: "a" + itoa(i), Expr: e})
	}
	s := compiled(t, d)
	hidden, full := inputs(t, s)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, in := range append(full, hidden) {
				for _, i := range s.Conditions() {
					s.Eval(i.ID, in)
				}
			}
		})
	}
	wg.Wait()
}

func TestLint(t *testing.T) {
	d := order()
	d.Sections[0].Title = Text{"en": "Customer"}
	d.Rules = append(d.Rules, Rule{ID: "always", Expr: `1 < 2`, Message: Text{"en": "x", "it": "y"}}, Rule{ID: "never", Expr: `size("a") > 1`, Message: Text{"en": "x", "it": "y"}},
		Rule{ID: "whole", Expr: `credit == old.credit`, Message: Text{"en": "x", "it": "y"}})
	var got []string
	for _, w := range compiled(t, d).Lint() {
		got = append(got, w.Where+": "+w.Code)
		if w.Message == "" || w.String() == "" {
			t.Errorf("%+v", w)
		}
	}
	want := []string{"section customer: translation", "products.discount: translation", "rule few: message", "rule keep: message",
		"rule always: constant", "rule never: constant", "rule whole: whole", "fact state: unused"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Engine is the version that is linked.
func TestEngine(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Skip("no build information")
	}
	for _, m := range info.Deps {
		if m.Path == "cel.dev/cel-go" {
			if Engine != "cel-go/"+m.Version {
				t.Errorf("Engine is %s, and %s is linked", Engine, m.Version)
			}
			return
		}
	}
	t.Skip("the engine is not in the build information")
}

func TestText(t *testing.T) {
	text := Text{"it": "uno", "en": "one", "de-AT": "eins"}
	for lang, want := range map[string]string{"it": "uno", "it-CH": "uno", "fr": "one", "de-AT": "eins", "de": "one", "": "one"} {
		if got := text.In(lang); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
	if (Text{"it": "uno", "de": "eins"}).In("fr") != "eins" || (Text{}).In("it") != "" || Text(nil).In("") != "" {
		t.Error("fallback")
	}
}

// A section may be called as a type is, and is no value of it.
func TestSectionsCalledAsTypes(t *testing.T) {
	for _, name := range []string{"date", "decimal", "money"} {
		text := map[string]string{"date": "2026-01-31", "decimal": "1.50", "money": "1.50 EUR"}[name]
		d := Definition{Sections: []Section{{Name: name, Fields: []Field{{Name: "x", Kind: Kind(name), Scale: 2}, {Name: "y", Kind: KindText}}}}}
		if name == "date" {
			d.Sections[0].Fields[0].Scale = 0
		}
		d.Conditions = []Condition{{ID: "c", Expr: name + `.x == ` + name + `("` + text + `") && has(` + name + `.x) && old.` + name + ` == ` + name}}
		s := compiled(t, d)
		in := s.Input()
		must(t, in.Section(name, map[string]any{"x": text}))
		must(t, in.Old(name, map[string]any{"x": text}))
		if v := s.Eval("c", in); v.Result != Pass {
			t.Errorf("%s: %v", name, v)
		}
		for _, e := range []string{name + " < " + name, name + ` == ` + name + `("` + text + `")`, name + ".x.y == 1", "[" + name + "].sum() == [" + name + "].sum()", name + "." + name + " == 1"} {
			d.Conditions = []Condition{{ID: "c", Expr: e}}
			if _, err := Compile(d); err == nil || strings.Contains(err.Error(), "@") {
				t.Errorf("%s: %v", e, err)
			}
		}
	}
}
