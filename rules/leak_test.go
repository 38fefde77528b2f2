package rules

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// vault is a definition with a section that the evaluator of these tests
// cannot read.
func vault() Definition {
	fields := []Field{
		{Name: "amount", Kind: KindInteger},
		{Name: "vip", Kind: KindBoolean},
		{Name: "note", Kind: KindText},
		{Name: "tags", Kind: KindList, Max: "5", Of: &Field{Kind: KindText, Max: "10"}},
		{Name: "lines", Kind: KindList, Max: "5", Of: &Field{Kind: KindRecord, Fields: []Field{
			{Name: "amount", Kind: KindInteger}, {Name: "note", Kind: KindText},
		}}},
		{Name: "inner", Kind: KindRecord, Fields: []Field{{Name: "amount", Kind: KindInteger}}},
		{Name: "price", Kind: KindMoney, Scale: 2},
		{Name: "fees", Kind: KindList, Max: "5", Of: &Field{Kind: KindMoney, Scale: 2}},
	}
	return Definition{Sections: []Section{{Name: "open", Fields: fields}, {Name: "secret", Fields: fields}}}
}

const secretWord = "xyzzy"

func secretContent() map[string]any {
	return map[string]any{
		"amount": int64(7), "vip": true, "note": secretWord, "tags": []any{secretWord},
		"lines": []any{map[string]any{"amount": int64(7), "note": secretWord}},
		"inner": map[string]any{"amount": int64(7)},
		"price": "7.00 CHF", "fees": []any{"7.00 CHF", "77.00 CHF"},
	}
}

func openContent() map[string]any {
	c := secretContent()
	c["note"], c["tags"] = "open", []any{"a", "b"}
	c["lines"] = []any{map[string]any{"amount": int64(3), "note": "open"}}
	c["price"], c["fees"] = "3.00 CHF", []any{"3.00 CHF"}
	return c
}

// aliases are ways to reach a hidden value around the pattern that hides it.
// None may have a definite outcome.
var aliases = []string{
	`secret.amount == 7`, `secret.amount != 7`, `!(secret.amount == 7)`, `-secret.amount < 0`,
	`has(secret.note)`, `!has(secret.note)`, `has(secret.inner.amount)`,
	`secret.?note.hasValue()`, `secret.?note.orValue("x") == "xyzzy"`, `optional.of(secret).value().vip`,
	`optional.of(secret).hasValue() && secret.vip`, `secret.?inner.?amount.orValue(1) > 1`,
	`secret == secret`, `secret != secret`, `dyn(secret) == dyn(open)`, `dyn(open) != dyn(secret)`, `dyn(secret.inner) == dyn(open.inner)`,
	`[secret] == [secret]`, `[open, secret].exists(s, s.vip)`, `[secret].map(s, s.note)[0] == "xyzzy"`,
	`{"a": secret}.a.vip`, `{"a": secret}["a"].vip`, `{"a": secret.vip}.a`, `[secret.vip][0]`,
	`cel.bind(s, secret, s.vip)`, `cel.bind(s, secret.note, s == "xyzzy")`, `cel.bind(s, [secret], s[0].vip)`,
	`dyn(secret)["vip"] == true`, `dyn(secret)["note"] == "xyzzy"`, `dyn(secret) == dyn(secret)`,
	`dyn(secret)[open.vip ? "vip" : "note"] == true`, `(open.vip ? dyn(secret) : dyn(open)).vip == true`, `(open.amount > 100 ? dyn(open) : dyn(secret)).vip == true`,
	`(secret.vip ? 1 : 2) == 1`, `(secret.vip ? open.amount : open.amount) > 1 && secret.vip`,
	`secret.lines.all(l, l.amount > 0)`, `secret.lines.exists(l, l.note == "xyzzy")`, `secret.lines.exists_one(l, l.amount == 7)`,
	`secret.lines.size() == 1`, `size(secret.lines) == 1`, `secret.lines.map(l, l.amount).sum() == 7`, `secret.lines.filter(l, l.amount > 3).size() == 1`,
	`open.lines.all(l, l.amount < secret.amount)`, `open.lines.exists(l, l.amount < secret.amount)`, `open.lines.map(l, secret.amount).sum() > 6`,
	`open.lines.all(l, secret.vip)`, `secret.lines[0].amount == 7`, `secret.tags[0] == "xyzzy"`, `secret.tags == ["xyzzy"]`, `"xyzzy" in secret.tags`,
	`secret.note in ["xyzzy"]`, `secret.note in open.tags`, `secret.note.matches("x.*")`, `secret.note.contains("y")`, `secret.note.size() == 5`,
	`secret.note + "" == "xyzzy"`, `string(secret.amount) == "7"`, `decimal(secret.amount) == decimal("7")`, `math.greatest(secret.amount, 1) == 7`,
	`sets.contains(secret.tags, ["xyzzy"])`, `secret.tags.transformList(i, t, t).size() == 1`, `secret.tags.all(i, t, i < 1)`, `type(secret.note) == type("")`,
	`secret.note.split("").size() == 5`, `"%s".format([secret.note]) == "xyzzy"`, `[secret.note].join() == "xyzzy"`, `secret.tags.distinct().size() == 1`,
	`secret.amount / size("") == 1`, `1 / (secret.amount - 7) == 1`, `secret.lines[secret.amount].amount == 1`, `open.tags[secret.amount - 7] == "a"`,
	`open.tags[secret.amount] == "a"`, `[1, 2][secret.amount - 7] == 1`, `{"xyzzy": true}[secret.note]`, `{secret.note: true}["xyzzy"]`, `{secret.note: 1}.size() == 1`,
	`old.secret.amount == 7`, `has(old.secret.note)`, `old.secret == secret`, `dyn(old.open) == dyn(old.secret)`, `dyn(old.secret)["vip"] == true`,
	`[1, 2].exists(i, secret.amount == i + 5)`, `[secret.amount].exists(i, i == 7)`, `open.lines.exists(l, [secret].exists(s, s.amount > l.amount))`,
	`secret.price == money("7 CHF")`, `secret.price != money("7 EUR")`, `secret.price > open.price`, `open.price < secret.price`, `secret.price + open.price == money("10 CHF")`, `secret.price - secret.price == money("0 CHF")`,
	`-secret.price < money("0 CHF")`, `secret.price * 2 == money("14 CHF")`, `2 * secret.price == money("14 CHF")`, `open.price * secret.amount == money("21 CHF")`, `secret.amount * open.price == money("21 CHF")`,
	`secret.price.amount() == decimal(7)`, `secret.price.currency() == "CHF"`, `string(secret.price) == "7.00 CHF"`, `secret.price.round(0) == secret.price`, `secret.price.div(7, 0) == money("1 CHF")`, `secret.price.abs() == secret.price`,
	`open.price.div(secret.amount, 2) > money("0 CHF")`, `money(decimal(secret.amount), "CHF") == money("7 CHF")`, `money(secret.amount, "CHF") > open.price`, `money(open.amount, secret.price.currency()) > open.price`, `money(secret.note) == open.price`,
	`secret.fees.sum() == money("84 CHF")`, `secret.fees.sum("CHF") == money("84 CHF")`, `open.fees.sum(secret.price.currency()) == money("3 CHF")`, `[secret.price].sum() == money("7 CHF")`, `[open.price, secret.price].sum() == money("10 CHF")`,
	`[secret.price].sum("CHF") > open.price`, `secret.price in [money("7 CHF")]`, `open.price in secret.fees`, `secret.fees[0] == secret.price`, `open.fees.map(f, f + secret.price).sum() == money("10 CHF")`, `secret.?price.orValue(money("0 CHF")) > open.price`,
	`secret.price + money("1 EUR") == open.price`, `secret.price < money("1 EUR")`, `secret.fees.sum("EUR") > money("0 EUR")`, `old.secret.price == secret.price`,
	`open.vip && secret.vip`, `secret.vip && open.vip`, `open.amount == 100 || secret.vip`, `1 / (open.amount - 7) == 1 || secret.vip`,
}

// inputs returns one input with the section hidden, and two in which it is
// there, with contents that answer most questions differently.
func inputs(t testing.TB, s *Set) (hidden *Input, full []*Input) {
	t.Helper()
	contents := []map[string]any{secretContent(), {}}
	for i := range 3 {
		in := s.Input()
		if err := in.Section("open", openContent()); err != nil {
			t.Fatal(err)
		}
		if err := in.Old("open", openContent()); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			// A caller that gives the value and hides it afterwards.
			must(t, in.Section("secret", secretContent()))
			must(t, in.Hidden("secret"))
			must(t, in.OldHidden("secret"))
			hidden = in
			continue
		}
		must(t, in.Section("secret", contents[i]))
		must(t, in.Old("secret", contents[i]))
		full = append(full, in)
	}
	return hidden, full
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestHiddenValuesDoNotLeak(t *testing.T) {
	d := vault()
	for i, e := range aliases {
		d.Conditions = append(d.Conditions, Condition{ID: "a" + itoa(i), Expr: e})
	}
	s := compiled(t, d)
	hidden, full := inputs(t, s)
	oracle := oracleActivation(hidden)
	definite := 0
	for i, e := range aliases {
		id := "a" + itoa(i)
		v := s.Eval(id, hidden)
		if v.Result != Unknown || len(v.Hidden) == 0 {
			t.Errorf("%s: %s, needs %v (%v); want unknown", e, v.Result, v.Hidden, v.Err)
		}
		if out, err := partially(t, s, id, oracle); err != nil || !types.IsUnknown(out) {
			t.Errorf("%s: the engine says %v, %v", e, out, err)
		}
		for _, in := range full {
			if r := s.Eval(id, in).Result; r == Pass || r == Fail {
				definite++
			}
		}
	}
	if definite < len(aliases)/2 {
		t.Errorf("only %d definite outcomes with the section: the expressions test nothing", definite)
	}
	t.Logf("%d expressions, %d definite outcomes with the section", len(aliases), definite)
}

// What is hidden makes of random conditions what the engine's own partial
// evaluation, of which nothing is used, makes of them.
func TestHiddenIsAsPartial(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(7, 8)), roots: parts}
	results := map[Result]int{}
	for range 20 {
		d := vault()
		for i := range 20 {
			d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: g.boolean(4)})
		}
		s, err := CompileFrozen(d)
		must(t, err)
		for _, c := range d.Conditions {
			for range 20 {
				contents := map[string]map[string]any{}
				for _, part := range parts {
					contents[part] = g.content()
				}
				in := partly(t, s, contents, 1+g.IntN(1<<len(parts)-1))
				want := Unknown
				switch out, err := partially(t, s, c.ID, oracleActivation(in)); {
				case err != nil:
					want = Error
				case out == types.True:
					want = Pass
				case out == types.False:
					want = Fail
				}
				results[want]++
				v := s.Eval(c.ID, in)
				if v.Result != want && (v.Result != Unknown || want != Error) { // it looks at an index even of a list that is absent
					t.Fatalf("%s\n%v\n%s, the engine says %s", c.Expr, contents, v.Result, want)
				}
			}
		}
	}
	for _, r := range []Result{Pass, Fail, Unknown, Error} {
		if results[r] < 20 {
			t.Errorf("outcomes %v: too few %s", results, r)
		}
	}
	t.Logf("outcomes %v", results)
}

// partially evaluates a condition by the engine's own partial evaluation.
func partially(t *testing.T, s *Set, id string, act cel.PartialActivation) (ref.Val, error) {
	from := s.conditions[id].test.origin
	prog, err := from.env.Program(from.checked, cel.EvalOptions(cel.OptPartialEval))
	must(t, err)
	out, _, err := prog.Eval(act)
	return out, err
}

// oracleActivation is what a user of the bare engine would build.
func oracleActivation(in *Input) cel.PartialActivation {
	values := map[string]any{}
	var patterns []*cel.AttributePatternType
	for name, at := range in.set.places {
		if types.IsUnknown(in.values[at.value]) && !strings.HasPrefix(name, factVar("")) {
			patterns = append(patterns, cel.AttributePattern(name))
		} else if v, ok := in.root.ResolveName(name); ok {
			values[name] = v
		}
	}
	act, err := cel.PartialVars(values, patterns...)
	if err != nil {
		panic(err)
	}
	return act
}

// Definite outcomes that need no hidden value stay definite.
func TestHiddenDoesNotMatter(t *testing.T) {
	for e, want := range map[string]Result{
		`open.amount > 100 && secret.vip`:                                    Fail,
		`open.price > money("5 CHF") && secret.price > open.price`:           Fail,
		`open.fees.sum() == open.price || secret.fees.sum() == secret.price`: Pass,
		`secret.vip && open.amount > 100`:                                    Fail,
		`open.amount > 1 || secret.vip`:                                      Pass,
		`secret.vip || open.amount > 1`:                                      Pass,
		`open.amount > 1 ? true : secret.vip`:                                Pass,
		`open.lines.exists(l, l.amount == 3 || secret.vip)`:                  Pass,
		`open.lines.all(l, l.amount == 4 && secret.vip)`:                     Fail,
		`!has(open.amount) && secret.vip`:                                    Fail,
		`[].all(x, secret.vip)`:                                              Pass,
		`cel.bind(s, secret, open.amount == 7)`:                              Pass,
		`secret.vip && false`:                                                Fail,
		`old.open == open`:                                                   Pass,
		`1 / (open.amount - 7) == 1 && open.amount > 100`:                    Fail,
		`open.amount > 100 && old.secret.vip && secret.vip`:                  Fail,
		`open.lines.filter(l, false).all(l, secret.vip)`:                     Pass,
		`open.?amount.orValue(0) == 7 || secret.?vip.hasValue()`:             Pass,
	} {
		d := vault()
		d.Conditions = []Condition{{ID: "c", Expr: e}}
		s := compiled(t, d)
		hidden, _ := inputs(t, s)
		if v := s.Eval("c", hidden); v.Result != want {
			t.Errorf("%s: %s (%v), want %s", e, v.Result, v.Err, want)
		}
	}
}

// Messages and errors say nothing of what they must not know, and errors
// nothing of any value.
func TestMessagesDoNotLeak(t *testing.T) {
	messages := []string{
		`"it is " + secret.note`, `has(secret.note) ? "there" : "not there"`, `"n " + string(secret.lines.size())`,
		`secret.vip ? "vip" : "plain"`, `"old " + old.secret.note`, `[secret].map(s, s.note)[0]`}
	for _, m := range messages {
		d := vault()
		d.Rules = []Rule{{ID: "r", Expr: `open.amount > 100 && secret.vip`, Message: Text{"en": "plain text"}, MessageExpr: m}}
		s := compiled(t, d)
		hidden, full := inputs(t, s)
		v := s.Eval("rule.r", hidden)
		if v.Result != Fail || len(v.Violations) != 1 {
			t.Fatalf("%s: %v", m, v)
		}
		if got := v.Violations[0].Message("en"); got != "plain text" {
			t.Errorf("%s: said %q to somebody who cannot read", m, got)
		}
		if got := s.Eval("rule.r", full[0]).Violations[0].Message("en"); got == "plain text" {
			t.Errorf("%s: not used for somebody who can read", m)
		}
	}
	for _, e := range []string{
		`int(open.note) > 1`, `decimal(open.note) > decimal("1")`, `date(open.note) > date("2026-01-01")`, `timestamp(open.note) > timestamp("2026-01-01T00:00:00Z")`,
		`duration(open.note) > days(1)`, `{"a": 1}[open.note] == 1`, `open.tags[open.amount] == "a"`, `open.amount / (open.amount - 7) == 1`,
		`dyn(open)[open.note] == 1`, `bool(open.note)`, `open.note.substring(open.amount) == ""`, `days(open.amount * 1000000) > days(1)`,
		`money(open.note) > open.price`, `money(open.amount, open.note) > open.price`, `open.price + money("1 EUR") > open.price`, `open.price < money("1 EUR")`, `open.fees.sum("EUR") > money("0 EUR")`, `open.fees.filter(f, f.amount() < decimal(0)).sum() > open.price`,
		`open.price.div(open.amount - 7, 2) > open.price`, `open.fees.sum(open.note) > open.price`, `(open.price * 9007199254740991 * 9007199254740991 * 9007199254740991 * 9007199254740991 * 9007199254740991 * 9007199254740991 * 9007199254740991 * 9007199254740991) > open.price`,
		`uint(open.note) > 1u`, `open.amount * 9223372036854775807 > 1`, `date("2026-01-01").addMonths(open.amount * 1000000000).year() > 1`,
		`open.note.charAt(open.amount) == "x"`, `open.tags.slice(open.amount, 99) == []`,
	} {
		d := vault()
		d.Conditions = []Condition{{ID: "c", Expr: e}}
		s := compiled(t, d)
		in := s.Input()
		c := openContent()
		c["note"] = secretWord
		must(t, in.Section("open", c))
		v := s.Eval("c", in)
		if v.Result != Error || v.Err == nil {
			t.Errorf("%s: %s, want error", e, v.Result)
			continue
		}
		if text := v.Err.Error(); strings.Contains(text, secretWord) || strings.Contains(text, "7") {
			t.Errorf("%s: the error holds a value: %s", e, text)
		}
	}
}

// Nor does the place of what broke tell the value: the condition of a choice
// is run where that choice was made.
func TestChosenIsNotNamed(t *testing.T) {
	d := vault()
	d.Sections[0].Fields = append(slices.Clone(d.Sections[0].Fields), Field{Name: "kind", Kind: KindChoice,
		Choices: []Choice{{Name: secretWord, When: `{"a": true}["b"]`}, {Name: "other"}}})
	s := compiled(t, d)
	in := s.Input()
	must(t, in.Section("open", map[string]any{"kind": secretWord}))
	v := s.Eval("valid.open", in)
	if v.Result != Error || v.Err == nil {
		t.Fatalf("%s, want error", v.Result)
	}
	if text := v.Err.Error(); strings.Contains(text, secretWord) || !strings.Contains(text, "valid.open") {
		t.Errorf("%s", text)
	}
	if broken := v.Err.(*EvalError); broken.Where != "open.kind choices" {
		t.Errorf("%+v", broken)
	}
	d.Sections[0].Fields[8].Choices[0].When = `{"a": true}["b"`
	if _, err := Compile(d); err == nil || !strings.Contains(err.Error(), "choice "+secretWord) {
		t.Errorf("a mistake in a choice's condition does not name the choice: %v", err)
	}
}
