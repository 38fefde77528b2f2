package rules

import (
	"errors"
	"strings"
	"testing"
)

// claim is what the slips are made about.
func claim() Definition {
	d := Definition{
		Sections: []Section{{Name: "claim", Fields: []Field{
			{Name: "kind", Kind: KindChoice, Choices: []Choice{{Name: "car"}, {Name: "home"}}},
			{Name: "day", Kind: KindDate}, {Name: "seen", Kind: KindDatetime}, {Name: "long", Kind: KindDuration},
			{Name: "amount", Kind: KindDecimal, Scale: 2}, {Name: "price", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}},
			{Name: "n", Kind: KindInteger}, {Name: "name", Kind: KindText},
			{Name: "tags", Kind: KindList, Of: &Field{Kind: KindText}},
			{Name: "lines", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{
				{Name: "price", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}}, {Name: "code", Kind: KindText},
			}}},
		}}},
		Facts: []Fact{{Name: "today", Type: Field{Kind: KindDate}}, {Name: "now", Type: Field{Kind: KindDatetime}}},
	}
	return d
}

// The mistakes that are made most, in the rules of a field and over sections:
// each is told once, where it is, with what to write.
func TestSlips(t *testing.T) {
	var told strings.Builder
	cases := 0
	try := func(d Definition, expr string) {
		cases++
		_, err := Compile(d)
		var all Diagnostics
		switch {
		case !errors.As(err, &all):
			t.Errorf("%s: %v", expr, err)
		case len(all) != 1:
			t.Errorf("%s: is told %d times: %v", expr, len(all), err)
		case !strings.ContainsAny(all[0].Message, ";:"):
			t.Errorf("%s: no advice: %v", expr, err)
		case all[0].Caret == 0:
			t.Errorf("%s: no place: %v", expr, err)
		}
		told.WriteString(err.Error() + "\n")
	}
	for i, expr := range []string{
		`amount > 3`, `claim.kind == car`, `car == claim.kind`, `claim.kind in [car, "home"]`, `claim.n > 3 == TRUE`, `new.claim.n > 3`, `claim.name == nil`,
		`claim.price > money(10, EUR)`, `claim.lines.price > money("1 EUR")`, `claim.lines.all(l.price > money("1 EUR"))`,
		`claim.lines.exists(price > money("1 EUR"))`, `all(claim.lines, l, l.code == "x")`, `sum(claim.lines, l, l.price) > money("1 EUR")`,
		`claim.lines.sum() > money("1 EUR")`, `claim.lines.map(l, l.price).sum > money("1 EUR")`, `claim.price.currency == "EUR"`,
		`claim.tags.length > 2`, `claim.name.length > 2`, `len(claim.tags) > 2`, `claim.tags.count() > 2`, `upper(claim.name) == "X"`, `claim.name.toLowerCase() == "x"`,
		`claim.name.includes("x")`, `LIKE(claim.name, "x")`, `claim.tags.some(t, t == "x")`, `isBlank(claim.name)`, `claim.amount.between(1, 2)`, `max(claim.n, 2) > 3`,
		`avg(claim.tags) > 2`, `AND(claim.n > 1, claim.n < 3)`, `not(claim.n > 1)`, `IF(claim.n > 1, true, false)`, `today() > claim.day`,
		`claim.day + 30 > today`, `claim.day - 30 > today`, `claim.day + days(3) > today`, `claim.day > 2026-01-01`, `claim.day > "2026-01-01"`,
		`claim.day.addDays("3") > today`, `claim.seen > today`, `claim.seen.year() > 2025`, `claim.day.getFullYear() > 2025`, `claim.seen > "2026-01-01T00:00:00Z"`,
		`claim.seen + 3 > now`, `claim.seen.hours > 3`, `claim.long > 3`, `"3d" < claim.long`, `claim.day - today > 3`, `(claim.day - today).days > 3`,
		`claim.amount / 3 > decimal("1")`, `(claim.amount * 2) / 3 > decimal("1")`, `claim.amount.div(3) > decimal("1")`, `div(claim.amount, 3) > decimal("1")`,
		`round(claim.amount) > decimal("1")`, `claim.amount.round() > decimal("1")`, `round(claim.amount, 2) > decimal("1")`, `claim.amount > 3`, `3 < claim.amount`,
		`claim.amount > "3"`, `"3" < claim.n`, `claim.price > 3`, `claim.price / 2 > claim.price`, `claim.price * claim.price > claim.price`, `claim.amount > 1.5`,
		`claim.name in claim.name`, `claim.name in claim.lines`, `claim.n in claim.tags`, `claim.n in 3`, `claim.name == null`, `claim.name != null`,
		`claim.name + 1 == "x"`, `1 + claim.name == "x"`, `claim.n > 1 ? "x" : claim.n > 2`, `claim.name.startsWith(3)`, `claim.name.substring("x") == "x"`,
		`claim.n > 1 and claim.n < 3`, `claim.n > 1 OR claim.n < 3`, `not claim.n > 1`, `claim.n = 1`, `claim.n === 1`, `claim.n !== 1`, `claim.n <> 1`, `claim.n =< 1`, `claim.n => 1`,
		`claim.n ≤ 1`, `claim.n ≠ 1`, `claim.name == “x”`, `claim.name == ‘x’`, `“x” == claim.name`, "claim.name == `x`", `claim.price > €10`, `claim.amount > 1.000,50`,
		`if claim.n > 1 then true else false`, `claim.name contains "x"`, `claim.name like "x"`, `claim.n between 1 and 2`, `claim.n is 3`, `claim.tags.all(t; t != "x")`,
		`{"a": 1}.exists(k, k == "a")`,
		`claim.tags.sum() > 1`, `claim.lines.map(l, l.code == "x").sum() > 1`, `claim.tags.flatten().size() > 1`, `claim.lines.flatten().size() > 1`, `claim.tags.map(t, t.size()).join(", ") == ""`,
		`claim.lines.join() == ""`, `[claim.n].join() == ""`, `addDays(claim.day, 1) > today`, `addDays(claim.seen, 1) > today`, `addMonths(claim.day, "1") > today`,
		`math.greatest(claim.amount, claim.amount) > claim.amount`, `math.least(claim.day, today) == today`, `math.greatest([claim.amount]) > claim.amount`,
		`claim.lines.map(l, 3).all(x, x)`, `claim.tags.exists(t, t)`, `claim.tags.exists_one(t, t)`, `claim.tags.filter(t, t.size()).size() > 1`, `claim.tags.all(t, claim.lines)`,
		`claim.n && true`, `true || claim.name`, `!claim.n`, `!claim.day`, `claim.n ? true : false`, `claim.n + 1 ? true : false`, `claim.tags.map(t, t, t).size() > 1`,
		`claim.tags.exists(1, true)`, `claim.tags.map("x", true).size() > 1`, `claim.lines.all(l.code, true)`, `claim.tags.all(1, t, true)`, `cel.bind(1, 2, true)`, `claim.tags.first().optMap(1, true).orValue(true)`,
		`claim.lines.count(l, l.code == "x") > 1`, `COUNTIF(claim.tags, "x") > 1`, `claim.name == "x" || "y"`, `"x" || claim.name == "y"`,
		`if(claim.n > 1, true, false)`, `sum(claim.lines.price) > money("1 EUR")`, `avg(claim.lines, l, l.price) > money("1 EUR")`, `claim.lines.sum(l, l.price) > money("1 EUR")`,
		`claim.name =~ "x"`, `claim.name ~ "x"`, `1 < claim.n < 5`, `claim.price > 500 EUR`, `claim.price > EUR 500`, `claim.n > 30%`, `30 % > claim.n`, `claim.name == "a" || == "b"`,
		`SUM(claim.tags) > 1`, `DATE(2026, 1, 2) > claim.day`, `TODAY() > claim.day`, `DAYS(today, claim.day) > 3`, `date(2026, 1, 2) > claim.day`, `days(30) / 2 > claim.long`, `ROUND(claim.amount, 2) == claim.amount`,
		`claim.n > 1 implies claim.n > 2`, `claim.n > 1 -> claim.n > 2`, `claim.n > 1 xor claim.n > 2`, `claim.n ^ 2 > 3`, `claim.n ** 2 > 3`, `claim.n in 1..5`, `claim.kind in ("car", "home")`, `exists(claim.name)`,
		`has(claim.n) ? claim.n > 1`, `(claim.n > 1 ? true) && true`, `claim.n > 1 ? true, false`, `claim.n > 1 ? claim.n > 2 ? true : false`, `claim.n > 1 ? true ? false : true : true`,
	} {
		d := claim()
		d.Rules = []Rule{{ID: "r", Expr: expr, Pos: Positions{"rule": {File: "claim.yaml", Line: i + 1, Column: 9}}}}
		try(d, expr)
	}
	for i, expr := range []string{
		`claim.n > 1`, `this > 1`, `now() > seen`, `today() > day`, `day + 30 > day`, `kind == car`, `tags.length > 2`, `price.currency == "EUR"`, `claim.lines.size() > 2`, `Amount > decimal("1")`,
		`lines.all(l, l.price.amount > decimal("1"))`, `TRUE`,
	} {
		d := claim()
		s := &d.Sections[0]
		s.Fields = append(s.Fields, Field{Name: "f", Kind: KindText, When: expr, Pos: Positions{"when": {File: "field.yaml", Line: i + 1, Column: 9}}})
		try(d, expr)
	}
	golden(t, "testdata/slips.txt", told.String())
	t.Logf("%d slips", cases)
}

// Types and formats by other names, and paths that leave out items.
func TestSlipsOfDeclarations(t *testing.T) {
	for name, want := range map[string]string{
		"string": `"text"`, "String": `"text"`, "number": `"decimal" or "integer"`, "int": `"integer"`, "float": `"decimal" or "integer"`, "bool": `"boolean"`,
		"timestamp": `"datetime"`, "date_time": `"datetime"`, "enum": `"choice"`, "array": `"list"`, "object": `"record"`, "txt": `"text"`, "currency": `"money"`,
	} {
		_, err := Compile(Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "f", Kind: Kind(name)}}}}})
		if err == nil || !strings.HasSuffix(err.Error(), "; did you mean "+want+"?") {
			t.Errorf("type %s: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"mail": `"email"`, "e-mail": `"email"`, "codice_fiscale": `"tax_code_it"`, "partita_iva": `"vat_it" or "vat_eu"`, "url": `"uri"`, "CAP": `"postal_code_it"`,
	} {
		_, err := Compile(Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "f", Kind: KindText, Format: name}}}}})
		if err == nil || !strings.HasSuffix(err.Error(), "; did you mean "+want+"?") {
			t.Errorf("format %s: %v", name, err)
		}
	}
	for path, want := range map[string]string{
		"claim.lines.price": `"claim.lines[].price"`, "claim.lines[0].price": `"claim.lines[].price"`, "claim.lines.prize": "", "claim.amuont": `"claim.amount"`,
	} {
		d := claim()
		d.Rules = []Rule{{ID: "r", Expr: "claim.n > 1", Field: path}}
		_, err := Compile(d)
		if got := err != nil && strings.Contains(err.Error(), "; did you mean "); got != (want != "") || got && !strings.HasSuffix(err.Error(), "; did you mean "+want+"?") {
			t.Errorf("field %s: %v", path, err)
		}
	}
}

// What slips are taken for exists, so that no advice leads to another mistake.
func TestAdviceIsSound(t *testing.T) {
	for _, c := range []struct {
		lists map[string]string
		known []string
	}{
		{kindsElsewhere, []string{"text", "integer", "decimal", "money", "boolean", "date", "datetime", "duration", "choice", "list", "record"}},
		{formatsElsewhere, formatNames()},
	} {
		names := 0
		for word, advice := range c.lists {
			if plainly(word) != word {
				t.Errorf("%q is never found", word)
			}
			for i, name := range strings.Split(advice, `"`) {
				if i%2 == 1 {
					names++
					if !strings.Contains(" "+strings.Join(c.known, " ")+" ", " "+name+" ") {
						t.Errorf("%s: there is no %s", word, name)
					}
				}
			}
		}
		if names < len(c.lists) {
			t.Errorf("%d names for %d words", names, len(c.lists))
		}
	}
	for word, advice := range functionsElsewhere {
		if plainly(word) != word {
			t.Errorf("%q is never found", word)
		}
		base, err := baseEnv()
		must(t, err)
		if base.HasFunction(word) && word != "text" {
			t.Errorf("%s is a function (%s)", word, advice)
		}
	}
}
