package rules

import (
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestDearest looks, for the expressions that get most out of a unit of cost, for
// the largest lists and texts with which they are accepted, and evaluates them:
// what is accepted takes 64 MiB at most, and a fraction of a second.
func TestDearest(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, which runs with -short, allocates for itself")
	}
	doubling, last := "", "s.text"
	for i := range 8 {
		doubling += "cel.bind(v" + itoa(i) + ", " + last + " + " + last + ", "
		last = "v" + itoa(i)
	}
	doubling += last + ".size() > 1" + strings.Repeat(")", 8)
	expressions := map[string]string{
		"doubling text":   doubling,
		"map nested2":     `s.ints.map(a, s.ints.map(b, b + a)).size() > 0`,
		"map nested text": `s.list.map(a, s.list.map(b, a + b)).size() > 0`,
		"map nested dec":  `s.decs.map(a, s.decs.map(b, a * b)).size() > 0`,
		"map dec cube":    `s.decs.map(a, s.decs.map(b, a * b * a * b)).size() > 0`,
		"dec div":         `s.decs.map(a, s.decs.map(b, a.div(b, 18))).size() > 0`,
		"dec to string":   `s.decs.map(a, s.decs.map(b, string(a * b))).size() > 0`,
		"sum all":         `s.decs.all(a, s.decs.sum() != a)`,
		"all pairs":       `s.ints.all(a, s.ints.all(b, a + b > -1))`,
		"in list text":    `s.list.all(a, !((a + "x") in s.list))`,
		"split":           `s.text.split("").size() > 0`,
		"split all":       `s.list.map(a, s.text.split("")).size() > 0`,
		"join":            `s.list.join(s.text).size() > 0`,
		"replace2":        `s.text.replace("", s.list[0]).size() > 0`,
		"matches":         `s.text.matches("(a?){240}b")`,
		"matches nocase":  `s.text.matches("(?i)a{300}b")`,
		"matches list":    `s.list.all(x, !x.matches("(a?){240}b"))`,
		"matches alt":     `s.text.matches("(a|b|ab|ba|aa|bb)*c")`,
		"distinct":        `s.list.distinct().size() > 0`,
		"sortBy":          `s.list.sortBy(x, x + x).size() > 0`,
		"sets":            `sets.contains(s.list, s.list)`,
		"sets equiv":      `sets.equivalent(s.list, s.list)`,
		"flatten":         `s.list.map(a, s.list).flatten().size() > 0`,
		"workdays":        `s.days.all(d, d.addWorkdays(30000) > d)`,
		"workdaysUntil":   `s.days.all(d, d.workdaysUntil(date("2100-01-01")) > 0)`,
		"substring":       `s.list.map(x, s.text.substring(1)).size() > 0`,
		"records":         `s.recs.all(a, s.recs.exists(b, a != b) || true)`,
		"recs in":         `s.recs.all(a, a in s.recs)`,
		"recs equal":      `s.recs.all(a, s.recs == s.recs)`,
		"flags equal":     `s.flags.all(a, s.flags == s.flags)`,
		"has":             `s.recs.all(a, s.recs.all(b, has(a.x)))`,
		"decimal(text)":   `s.list.all(x, decimal("1.5") * x.size() > decimal("-1"))`,
		"decimal parsed":  `s.ints.map(a, s.ints.map(b, decimal("12345678901" + ".123456789012345678"))).size() > 0`,
		"decimal made":    `s.ints.map(a, s.ints.map(b, decimal(b))).size() > 0`,
		"list reversed":   `s.list.all(x, s.ints.reverse().size() > 0)`,
		"timestamps":      `s.list.all(x, timestamp("2026-01-01T00:00:00Z").getHours("Europe/Rome") >= 0)`,
		"duration days":   `s.ints.all(a, s.ints.all(b, days(b).getDays() >= 0))`,
		"charAt":          `s.list.all(x, s.text.charAt(5) != "")`,
		"less decs":       `s.decs.all(a, s.decs.all(b, a < b + a))`,
		"eq lists":        `s.list.all(x, s.list.map(y, y + "a") == s.list.map(y, y + "a"))`,
		"eq list fields":  `s.list.all(x, s.list == s.list2)`,
		"size":            `s.list.all(x, s.text.size() > 0)`,
		"quote":           `strings.quote(s.text).size() > 0`,
		"money times":     `s.pays.map(a, s.pays.map(b, a * b.amount())).size() > 0`,
		"times money":     `s.ints.map(i, s.pays.map(a, i * a)).size() > 0`,
		"money div":       `s.pays.map(a, s.decs.map(b, a.div(b, 18))).size() > 0`,
		"money round":     `s.pays.map(a, s.decs.map(b, (a * b).round(1))).size() > 0`,
		"money to string": `s.pays.map(a, s.decs.map(b, string(a * b))).size() > 0`,
		"money sum":       `s.pays.all(a, s.pays.sum() != a)`,
		"money sum EUR":   `s.pays.all(a, s.pays.sum("EUR") != a)`,
		"money less":      `s.pays.all(a, s.pays.all(b, a < b + a))`,
		"money equal":     `s.pays.all(a, s.pays.exists(b, a == b))`,
		"money negated":   `s.pays.map(a, s.ints.map(b, (-a).abs())).size() > 0`,
		"money parsed":    `s.ints.map(a, s.ints.map(b, money(string(b) + ".5 EUR"))).size() > 0`,
		"money made":      `s.decs.map(a, s.ints.map(b, money(a, "EUR"))).size() > 0`,
		"money amount":    `s.pays.map(a, s.ints.map(b, a.amount())).size() > 0`,
		"money currency":  `s.pays.map(a, s.ints.map(b, a.currency())).size() > 0`,
		"money in":        `s.pays.all(a, a in s.pays)`,
		"exists_one":      `s.ints.exists_one(x, s.ints.exists_one(y, x == y))`,
	}
	for name, e := range expressions {
		t.Run(name, func(t *testing.T) {
			n := 0
			for step := 4096; step > 0; step /= 2 {
				if n+step <= maxList && accepted(dearest(n+step, e)) {
					n += step
				}
			}
			if n == 0 {
				t.Fatal("not accepted with anything")
			}
			s := compiled(t, dearest(n, e))
			in := s.Input()
			must(t, in.Section("s", dearContent(n, strings.Contains(e, "matches"))))
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var v Verdict
			taken := checks(func() { v = s.Eval("rule.x", in) })
			runtime.ReadMemStats(&after)
			cost, bytes := s.Conditions()[1].Cost, after.TotalAlloc-before.TotalAlloc
			t.Logf("%d items, cost %d: %.0f checks, %d MiB (%.0f bytes a unit)", n, cost, taken, bytes>>20, float64(bytes)/float64(cost))
			if v.Result != Pass && v.Result != Fail {
				t.Errorf("%s %v", v.Result, v.Err)
			}
			if bytes > 64<<20 {
				t.Errorf("%d MiB were allocated", bytes>>20)
			}
			if taken > mostChecks {
				t.Errorf("it took as long as %.0f checks of a signature", taken)
			}
		})
	}
	t.Logf("%d expressions", len(expressions))
}

// dearest is a definition with lists of n items, and texts in proportion.
func dearest(n int, e string) Definition {
	list := func(name string, of Field) Field {
		return Field{Name: name, Kind: KindList, Max: itoa(n), Of: &of}
	}
	text := Field{Kind: KindText, Max: "1000"}
	return Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "text", Kind: KindText, Max: itoa(min(maxText, 20*n))},
		list("list", text), list("list2", text),
		list("ints", Field{Kind: KindInteger}),
		list("decs", Field{Kind: KindDecimal, Scale: 18}),
		list("pays", Field{Kind: KindMoney, Scale: 18, Currencies: []string{"EUR"}}),
		list("days", Field{Kind: KindDate}),
		list("recs", Field{Kind: KindRecord, Fields: []Field{{Name: "x", Kind: KindText, Max: "1000"}, {Name: "y", Kind: KindInteger}}}),
		list("flags", Field{Kind: KindRecord, Fields: []Field{{Name: "x", Kind: KindBoolean}, {Name: "y", Kind: KindBoolean}, {Name: "z", Kind: KindList, Max: "20", Of: &Field{Kind: KindBoolean}}}}),
	}}}, Rules: []Rule{{ID: "x", Expr: e, At: []string{"go"}}}}
}

func accepted(d Definition) bool {
	_, err := Compile(d)
	return err == nil
}

// dearContent is as large as its definition admits; texts differ at their end, if
// at all, and for patterns they are such as to keep all their steps busy.
func dearContent(n int, pattern bool) map[string]any {
	letter := "😀"
	if pattern {
		letter = "a"
	}
	var list, ints, decs, pays, days, recs, flags []any
	for i := range n {
		text := strings.Repeat(letter, 995) + itoa(10_000+i)
		if pattern {
			text = strings.Repeat(letter, 1000)
		}
		list = append(list, text)
		ints = append(ints, int64(i))
		decs = append(decs, "99999999999."+itoa(100_000+i)+"000000000000")
		pays = append(pays, decs[i].(string)+" EUR")
		days = append(days, "2026-01-0"+itoa(1+i%9))
		recs = append(recs, map[string]any{"x": text, "y": int64(i)})
		flags = append(flags, map[string]any{"x": true, "y": true, "z": slices.Repeat([]any{true}, 20)})
	}
	return map[string]any{
		"text": strings.Repeat(letter, min(maxText, 20*n)), "list": list, "list2": clone(list),
		"ints": ints, "decs": decs, "pays": pays, "days": days, "recs": recs, "flags": flags,
	}
}

// TestHonestExpressions compiles what an author writes over the lines of an order, at a
// sixth of the bound for the dearest.
func TestHonestExpressions(t *testing.T) {
	lines := Field{Name: "lines", Kind: KindList, Max: "100", Of: &Field{Kind: KindRecord, Fields: []Field{
		{Name: "sku", Kind: KindText, Max: "20"}, {Name: "note", Kind: KindText, Max: "40"}, {Name: "n", Kind: KindInteger},
		{Name: "price", Kind: KindDecimal, Scale: 2}, {Name: "kind", Kind: KindChoice, Choices: []Choice{{Name: "goods"}, {Name: "work"}}},
		{Name: "due", Kind: KindDate}, {Name: "box", Kind: KindRecord, Fields: []Field{{Name: "label", Kind: KindText, Max: "20"}}},
		{Name: "tags", Kind: KindList, Max: "5", Of: &Field{Kind: KindText, Max: "20"}},
		{Name: "tiers", Kind: KindList, Max: "5", Of: &Field{Kind: KindRecord, Fields: []Field{{Name: "name", Kind: KindText, Max: "20"}, {Name: "from", Kind: KindInteger}}}},
	}}}
	conditions := []string{
		`s.lines.filter(x, x.n > 3).all(x, x.note.contains("a"))`,
		`s.lines.filter(x, x.n > 3).map(x, x.note).join("; ") != ""`,
		`s.lines.filter(x, x.n > 3)[0].note == "a"`,
		`s.lines.filter(x, x.n > 3).exists(x, x.note.matches("^[A-Z]+$"))`,
		`s.lines.filter(x, x.n > 3).map(x, x.box.label).exists(l, l.startsWith("A"))`,
		`s.lines.filter(x, x.n > 3).all(x, x.tags.exists(tag, tag.contains("new")))`,
		`s.lines.filter(x, x.n > 3).all(x, x.tiers.all(y, y.name.contains("a")))`,
		`s.lines.filter(x, x.kind == "goods").map(x, x.tiers.map(y, y.name).join(",")).join(";") != ""`,
		`s.lines.sortBy(x, x.n)[0].note.size() > 1`,
		`s.lines.sortBy(x, x.n).map(x, x.sku).join(", ") != ""`,
		`s.lines.first().value().note.contains("x")`,
		`s.lines.first().?note.orValue("x").contains("x")`,
		`s.lines.first().optMap(x, x.note.contains("x")).orValue(false)`,
		`s.lines.last().value().note.size() > 3`,
		`s.lines.reverse()[0].note.contains("x")`,
		`s.lines.slice(0, 1)[0].note.contains("x")`,
		`(s.lines + old.s.lines).all(x, x.note.contains("a"))`,
		`cel.bind(big, s.lines.filter(x, x.n > 3), big.all(y, y.note.contains("a")))`,
		`cel.bind(one, s.lines.sortBy(x, x.n).first(), one.hasValue() && one.value().note.contains("a"))`,
		`[s.lines[0], s.lines[1]].exists(x, x.note.contains("a"))`,
		`(s.b ? s.lines : old.s.lines).exists(x, x.note.contains("a"))`,
		`s.lines.map(x, x.sku).distinct().size() == s.lines.size()`,
		`s.lines.filter(x, x.kind == "work").map(x, x.sku).distinct().join(",").size() < 100`,
		`s.lines.all(x, s.lines.exists_one(y, y.sku == x.sku))`,
		`s.lines.all(x, s.lines.filter(y, y.sku == x.sku).size() == 1)`,
		`s.lines.filter(x, x.kind == "goods").map(x, x.price * x.n).sum() >= s.lines.filter(x, x.kind == "work").map(x, x.price * x.n).sum()`,
		`s.lines.first().value().price >= s.lines.map(x, x.price).sum().div(2, 2)`,
		`s.lines.all(x, s.lines[0].price >= x.price)`,
		`s.lines.all(x, old.s.lines.exists(y, y.sku == x.sku && y.price == x.price))`,
		`old.s.lines.filter(x, !s.lines.exists(y, y.sku == x.sku)).map(x, x.sku).join(", ") == ""`,
		`s.lines.transformList(i, x, i == 0 || s.lines[i - 1].due <= x.due).all(ok, ok)`,
		`s.lines == old.s.lines || s.lines.size() > old.s.lines.size()`,
	}
	messages := []string{
		`"lang " + lang`,
		`(lang == "it" ? "troppo care: " : "too dear: ") + s.lines.filter(x, x.price > decimal("9")).map(x, x.sku + " " + string(x.price)).join("; ")`,
		`s.lines.sortBy(x, x.n).last().value().note + " (" + lang.upperAscii() + ")"`,
	}
	d := Definition{Sections: []Section{{Name: "s", Fields: []Field{lines, {Name: "b", Kind: KindBoolean}}}}}
	for _, e := range conditions {
		d.Rules = []Rule{{ID: "x", Expr: e, At: []string{"go"}}}
		if s, err := Compile(d); err != nil {
			t.Error(err)
		} else if cost := s.conditions["rule.x"].rule.test.cost; cost > maxCost/6 {
			t.Errorf("%s costs %d", e, cost)
		}
	}
	for _, e := range messages {
		d.Rules = []Rule{{ID: "x", Expr: `s.b`, At: []string{"go"}, MessageExpr: e}}
		if _, err := Compile(d); err != nil {
			t.Error(err)
		}
	}
	if len(conditions) < 30 || len(messages) == 0 {
		t.Errorf("%d conditions, %d messages", len(conditions), len(messages))
	}
}

// What costs too much is told at the place in the expression that makes it so, with what
// would help.
func TestTooDear(t *testing.T) {
	d := Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "text", Kind: KindText, Max: "100000"},
		{Name: "lines", Kind: KindList, Max: "5000", Of: &Field{Kind: KindRecord, Fields: []Field{{Name: "t", Kind: KindText}, {Name: "n", Kind: KindInteger}}}},
	}}}}
	for _, c := range []struct {
		expr         string
		line, column int
		want         string
	}{
		{"s.text != \"\" &&\n  s.lines.all(x, s.lines.exists(y, y.n == x.n))", 2, 3, "; give s.lines (max 5000) a smaller max"},
		{`cel.bind(l, s.lines, l.size() > 1 && l.all(x, l.all(y, x != y)))`, 1, 38, "; give s.lines (max 5000) a smaller max"},
		{`s.text.contains(s.text)`, 1, 1, "; give s.text (max 100000) a smaller max"},
		{`s.text != "" && "%s".format([s.text]).contains("a")`, 1, 17, "; leave out format()"},
		{`s.lines.map(x, {"t": x.t}).all(y, y.t.contains("x"))`, 1, 35, "so what the expression costs"},
	} {
		d.Conditions = []Condition{{ID: "c", Expr: c.expr, Pos: Positions{"expression": {File: "f", Line: 1, Column: 1}}}}
		_, err := Compile(d)
		found, _ := err.(Diagnostics)
		if len(found) != 1 || found[0].Pos.Line != c.line || found[0].Caret != c.column || !strings.HasSuffix(found[0].Message, c.want) {
			t.Errorf("want %d:%d %q:\n%v", c.line, c.column, c.want, err)
		}
	}
}

// TestHonest compiles what a large company may come up with: 500 fields, an order
// of 500 lines with sums, formats and comparisons, and 100 rules.
func TestHonest(t *testing.T) {
	d := Definition{Sections: []Section{{Name: "order", Fields: []Field{
		{Name: "lines", Kind: KindList, Required: true, Max: "500", Of: &Field{Kind: KindRecord, Fields: []Field{
			{Name: "sku", Kind: KindText, Required: true, Max: "20", Check: `this.matches("^[A-Z]{2}[0-9]{4,12}$")`},
			{Name: "description", Kind: KindText, Max: "200"},
			{Name: "quantity", Kind: KindInteger, Required: true, Min: "1"},
			{Name: "price", Kind: KindDecimal, Scale: 2, Required: true, Check: `this >= decimal("0")`},
			{Name: "discount", Kind: KindDecimal, Scale: 2, RequiredIf: `quantity > 100`},
			{Name: "amount", Kind: KindDecimal, Scale: 2, Compute: `(price * quantity * (decimal("100") - discount)).div(100, 2)`},
			{Name: "due", Kind: KindDate, Check: `this.isWorkday()`},
		}}},
		{Name: "total", Kind: KindDecimal, Scale: 2, Compute: `lines.map(l, l.amount).sum()`},
	}}}}
	fields := 9
	for s := range 10 {
		sec := Section{Name: "s" + itoa(s)}
		for i := range 49 {
			f := []Field{
				{Kind: KindText, Format: "email", RequiredIf: `f1 > 0`}, {Kind: KindInteger, Min: "0", Max: "1000"},
				{Kind: KindText, Format: "vat_eu", Max: "20"}, {Kind: KindDecimal, Scale: 2, When: `f1 > 10`},
				{Kind: KindText, Check: `this.size() > 2 && !this.contains("http://")`}, {Kind: KindDate},
				{Kind: KindText, Max: "40", Check: `this.matches("^[A-Z0-9 .-]+$")`},
			}[i%7]
			f.Name = "f" + itoa(i)
			sec.Fields = append(sec.Fields, f)
			fields++
		}
		d.Sections = append(d.Sections, sec)
		for i := range 9 {
			d.Rules = append(d.Rules, Rule{ID: "r" + itoa(10*s+i), Expr: []string{
				`order.total <= ` + sec.Name + `.f3`, sec.Name + `.f0 != order.lines[0].description`,
				`order.lines.all(l, l.due >= ` + sec.Name + `.f5)`, `order.lines.exists(l, l.sku == ` + sec.Name + `.f2)`,
				`order.lines.map(l, l.sku).distinct().size() >= ` + sec.Name + `.f1`,
			}[i%5]})
		}
		d.Rules = append(d.Rules, Rule{ID: "p" + itoa(s), Expr: `order.lines.filter(l, l.price > decimal("100")).map(l, l.amount).sum() <= ` + sec.Name + `.f3`})
	}
	s := compiled(t, d)
	t.Logf("%d fields, %d rules: %d of %d units", fields, len(d.Rules), s.cost, maxCost)
	if fields < 499 || len(d.Rules) < 100 {
		t.Errorf("%d fields, %d rules", fields, len(d.Rules))
	}
}

// The text of a text is as long as it is.
func TestTextOfText(t *testing.T) {
	for _, expr := range []string{`string(s.text).matches("a")`, `string(s.text) + "a" == "b"`, `string(string(s.text)).isEmail()`} {
		if _, err := Compile(small(expr)); err != nil {
			t.Errorf("%s: %v", expr, err)
		}
	}
	far := `[1, 2].all(x, [1, 2].all(y, ` + `string(s.text).replace("a", s.text).replace("a", s.text)` + ` == ""))`
	if _, err := Compile(small(far)); err == nil {
		t.Error("what grows is accepted")
	}
}
