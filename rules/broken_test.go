package rules

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// offer is a section whose total breaks where its amounts are of two currencies,
// or where there are none.
func offer() Definition {
	euroOrDollar := []string{"EUR", "USD"}
	return Definition{
		Sections: []Section{{Name: "s", Fields: []Field{
			{Name: "grand", Kind: KindMoney, Scale: 2, Compute: `total * 2`},
			{Name: "lines", Kind: KindList, Required: true, Min: "1", Of: &Field{Kind: KindRecord, Fields: []Field{
				{Name: "price", Kind: KindMoney, Scale: 2, Currencies: euroOrDollar, Required: true},
				{Name: "net", Kind: KindMoney, Scale: 2, Currencies: euroOrDollar, Compute: `price`},
			}}},
			{Name: "total", Kind: KindMoney, Scale: 2, Required: true, Compute: `lines.map(l, l.net).sum()`},
			{Name: "count", Kind: KindInteger, Compute: `lines.size()`},
			{Name: "late", Kind: KindInteger, When: `total.currency() == "EUR"`, Compute: `count + 1`},
		}}},
		Rules: []Rule{{ID: "one", Expr: `s.lines.all(l, l.price.currency() == s.lines[0].price.currency())`, Field: "s.lines"}},
	}
}

func prices(amounts ...string) map[string]any {
	lines := []any{}
	for _, a := range amounts {
		lines = append(lines, map[string]any{"price": a})
	}
	return map[string]any{"lines": lines, "total": "5.00 EUR", "grand": "5.00 EUR", "late": int64(4)}
}

// told is the outcome with where and why a rule broke.
func told(v Verdict) string {
	if broken := (*EvalError)(nil); errors.As(v.Err, &broken) {
		return string(v.Result) + "; " + broken.Where + ": " + broken.Reason
	}
	return outcome(v)
}

// Of a section of which some computed fields break, the others are computed; and
// those that follow are absent, and told.
func TestComputeGoesOn(t *testing.T) {
	s := compiled(t, offer())
	for name, c := range map[string]struct {
		amounts []string
		broken  []string
		fields  []string
		total   any
		valid   string
	}{
		"sound":          {[]string{"1.00 EUR", "2.00 EUR"}, nil, nil, "3.00 EUR", "pass"},
		"two currencies": {[]string{"1.00 EUR", "2.00 USD"}, []string{"s.total compute: amounts in two currencies"}, []string{"s.total", "s.grand", "s.late"}, nil, "fail; s.lines rule; valid.s: an expression broke"},
		"no amounts":     {nil, []string{"s.total compute: a sum of no amounts has no currency"}, []string{"s.total", "s.grand", "s.late"}, nil, "fail; s.lines required; valid.s: an expression broke"},
		"another currency": {[]string{"1.00 EUR", "1.00 GBP", "2.00 GBP"}, []string{"s.lines[].net compute: want an amount with 2 decimals and its currency (EUR, USD), as text"},
			[]string{"s.lines[].net", "s.total", "s.grand", "s.late"}, nil,
			"fail; s.lines[1].price currency; s.lines[2].price currency; s.total required; s.lines rule; valid.s: an expression broke"},
	} {
		t.Run(name, func(t *testing.T) {
			given := prices(c.amounts...)
			out, err := s.Compute("s", given)
			var broke *ComputeError
			if errors.As(err, &broke) != (c.broken != nil) || (err == nil) != (c.broken == nil) {
				t.Fatalf("%v", err)
			}
			if out["total"] != c.total || out["count"] != int64(len(c.amounts)) || (out["grand"] == nil) != (c.total == nil) || (out["late"] == nil) != (c.total == nil) {
				t.Errorf("computed %v", out)
			}
			if broke != nil {
				var broken []string
				for _, e := range broke.Broken {
					broken = append(broken, e.Where+": "+e.Reason)
				}
				if !slices.Equal(broken, c.broken) || !reflect.DeepEqual(broke.Fields, c.fields) {
					t.Errorf("broken: %q, absent: %q", broken, broke.Fields)
				}
				if text := err.Error(); text != "s has fields that cannot be computed" || !errors.Is(err, broke.Broken[0]) {
					t.Errorf("%s", text)
				}
			}
			in := s.Input()
			must(t, in.Section("s", out))
			if got := outcome(s.Eval("valid.s", in)); got != c.valid {
				t.Errorf("%s, want %s", got, c.valid)
			}
			// Whoever checks a value that was computed from nothing finds it.
			out["total"] = "5.00 EUR"
			must(t, in.Section("s", out))
			v := s.Eval("valid.s", in)
			forged := slices.ContainsFunc(v.Violations, func(x Violation) bool { return x.Rule == "s.total.computed" })
			if !forged || v.Result != Fail {
				t.Errorf("a total that was not computed: %s", outcome(v))
			}
		})
	}
}

// What breaks alone is the outcome, not that the field is required.
func TestBrokenAlone(t *testing.T) {
	d := computed("1 / x", "c0 + 1")
	d.Sections[0].Fields[1].Required = true
	s := compiled(t, d)
	for x, want := range map[int64]string{0: "error; valid.s: an expression broke", 1: "pass"} {
		content, _ := s.Compute("s", map[string]any{"x": x})
		in := s.Input()
		must(t, in.Section("s", content))
		if got := outcome(s.Eval("valid.s", in)); got != want {
			t.Errorf("%d: %s, want %s", x, got, want)
		}
	}
	in := s.Input()
	if got, want := outcome(s.Eval("valid.s", in)), "fail; s.c0 required"; got != want {
		t.Errorf("nothing written: %s, want %s", got, want)
	}
}

// No value that reads as an error of the engine is taken for one.
func TestErrorTexts(t *testing.T) {
	d := vault()
	for id, e := range map[string]string{
		"int": `int(open.note) > 1`, "bool": `bool(open.note)`, "time": `timestamp(open.note) > timestamp("2026-01-01T00:00:00Z")`,
		"span": `duration(open.note) > duration("1s")`, "key": `{"a": 1}[open.note] == 1`, "zone": `timestamp("2026-01-01T00:00:00Z").getHours(open.note) == 1`,
		"amount": `decimal(open.note) > decimal("1")`, "money": `money(open.note).currency() == "EUR"`, "day": `date(open.note).year() > 1`,
		"item": `open.note.charAt(100000) == "a"`, "index": `[1][open.amount] == 1`,
	} {
		d.Conditions = append(d.Conditions, Condition{ID: id, Expr: e})
	}
	s := compiled(t, d)
	reasons := map[string]string{}
	eval := func(id, note string) string {
		in := s.Input()
		must(t, in.Section("open", map[string]any{"note": note, "amount": int64(7)}))
		v := s.Eval(id, in)
		var broken *EvalError
		if !errors.As(v.Err, &broken) {
			t.Fatalf("%s of %q: %s", id, note, outcome(v))
		}
		return broken.Reason
	}
	for _, c := range d.Conditions {
		reasons[c.ID] = eval(c.ID, "abc")
	}
	if reasons["key"] != "there is no entry of that key" || reasons["index"] != "there is no item of that index" || reasons["time"] != "it cannot be evaluated" {
		t.Errorf("%v", reasons)
	}
	n := 0
	for _, known := range engineErrors {
		for _, note := range []string{known.text, known.text + ": 1", "x " + known.text, known.text + " " + errDivision.Error()} {
			for id, want := range reasons {
				if n++; eval(id, note) != want {
					t.Errorf("%s of %q: %s, want %s", id, note, eval(id, note), want)
				}
			}
		}
	}
	for _, own := range ownErrors {
		for id, want := range reasons {
			if n++; eval(id, own.Error()) != want {
				t.Errorf("%s of %q: %s, want %s", id, own, eval(id, own.Error()), want)
			}
		}
	}
	if n == 0 {
		t.Error("nothing was evaluated")
	}
}

// What the text of an error says is the same whatever the values are, and so is
// what an application lacks.
func TestErrorsDoNotTellBranches(t *testing.T) {
	d := Definition{
		Functions: []Function{{Name: "isCardiac", Result: KindBoolean}, {Name: "isRenal", Result: KindBoolean}},
		Formats:   []Format{{Name: "ward"}},
		Sections: []Section{{Name: "med", Fields: []Field{
			{Name: "ill", Kind: KindChoice, Choices: []Choice{{Name: "heart", When: "isCardiac()"}, {Name: "kidney", When: "isRenal()"}, {Name: "none"}}},
			{Name: "ward", Kind: KindText, Format: "ward"},
			{Name: "hiv", Kind: KindBoolean},
			{Name: "z", Kind: KindInteger},
			{Name: "e", Kind: KindInteger, When: "hiv", Compute: `1 / z`},
			{Name: "e2", Kind: KindInteger, When: "!hiv", Compute: `{1: 1}[2]`},
			{Name: "e3", Kind: KindInteger, Compute: `hiv ? 1 / z : {1: 1}[2]`},
		}}},
		Rules: []Rule{{ID: "a", Expr: "med.hiv && 1 / med.z > 1"}, {ID: "b", Expr: "!med.hiv && 1 / med.z > 1"}},
	}
	broken := compiled(t, d)
	d.Sections[0].Fields = d.Sections[0].Fields[:4]
	d.Rules = nil
	sound := compiled(t, d)
	lacks, texts := map[string]bool{}, map[string]bool{}
	for _, c := range []map[string]any{{"ill": "heart"}, {"ill": "kidney"}, {"ward": "W1"}} {
		in := sound.Input()
		must(t, in.Section("med", c))
		v := sound.Eval("valid.med", in)
		if v.Result != Unknown {
			t.Errorf("%v: %s", c, outcome(v))
		}
		lacks[strings.Join(v.Lacks, " ")] = true
	}
	if len(lacks) != 1 || !lacks["isCardiac isRenal ward"] {
		t.Errorf("lacks %v", lacks)
	}
	wheres := map[string]bool{}
	for _, hiv := range []bool{true, false} {
		in, content := broken.Input(), map[string]any{"hiv": hiv, "z": int64(0)}
		must(t, in.Section("med", content))
		v := broken.Eval("valid.med", in)
		_, err := broken.Compute("med", content)
		if v.Err == nil || err == nil {
			t.Fatalf("%v: %s, %v", hiv, outcome(v), err)
		}
		texts[v.Err.Error()+"; "+err.Error()] = true
		wheres[v.Err.(*EvalError).Where] = true
		if first := err.(*ComputeError).Broken[0]; first.Where != v.Err.(*EvalError).Where || first.Error() != v.Err.Error() {
			t.Errorf("%+v, and %+v", first, v.Err)
		}
	}
	if len(texts) != 1 || !texts["valid.med: an expression broke; med has fields that cannot be computed"] {
		t.Errorf("texts %v", texts)
	}
	if len(wheres) != 2 {
		t.Errorf("who may read it is not told where: %v", wheres)
	}
}
