package rules

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// bounds is a definition whose fields all have bounds, with one rule.
func bounds(rule string) Definition {
	return Definition{
		Sections: []Section{
			{Name: "s", Fields: []Field{
				{Name: "n", Kind: KindInteger, Min: "0", Max: "3", Required: true},
				{Name: "m", Kind: KindInteger, Min: "-2"},
				{Name: "one", Kind: KindInteger, Min: "1", Max: "1"},
				{Name: "d", Kind: KindDecimal, Scale: 1, Min: "0", Max: "2.5"},
				{Name: "day", Kind: KindDate, Min: "2026-01-01", Max: "2026-01-03"},
				{Name: "at", Kind: KindDatetime, Min: "2026-01-01T00:00:00Z"},
				{Name: "long", Kind: KindDuration, Max: "2d"},
				{Name: "b", Kind: KindBoolean},
				{Name: "text", Kind: KindText, Max: "3"},
				{Name: "word", Kind: KindText, Min: "2", Max: "2", Required: true},
				{Name: "pick", Kind: KindChoice, Required: true, Choices: []Choice{{Name: "x"}, {Name: "yy"}}},
				{Name: "only", Kind: KindChoice, Choices: []Choice{{Name: "x"}}},
				{Name: "list", Kind: KindList, Min: "1", Max: "2", Of: &Field{Kind: KindInteger, Min: "1", Max: "2"}},
				{Name: "single", Kind: KindList, Min: "1", Max: "1", Of: &Field{Kind: KindInteger, Min: "1", Max: "2"}},
				{Name: "pair", Kind: KindList, Min: "2", Max: "2", Of: &Field{Kind: KindInteger, Min: "1", Max: "2"}},
				{Name: "pay", Kind: KindMoney, Scale: 1, Min: "0", Max: "2.5", Currencies: []string{"EUR"}},
				{Name: "fee", Kind: KindMoney, Scale: 1, Min: "1", Currencies: []string{"EUR", "CHF"}},
				{Name: "any", Kind: KindMoney, Max: "3"},
				{Name: "coin", Kind: KindMoney, Min: "1", Max: "1", Currencies: []string{"EUR"}},
				{Name: "toll", Kind: KindMoney, Min: "1", Max: "1", Currencies: []string{"EUR", "CHF"}},
				{Name: "rows", Kind: KindList, Max: "2", Of: &Field{Kind: KindRecord, Fields: []Field{
					{Name: "k", Kind: KindInteger, Max: "5", Required: true}, {Name: "w", Kind: KindText, Max: "2"},
				}}},
				{Name: "rec", Kind: KindRecord, Required: true, Fields: []Field{{Name: "deep", Kind: KindInteger, Min: "7", Required: true}, {Name: "opt", Kind: KindBoolean}}},
				{Name: "may", Kind: KindRecord, Fields: []Field{{Name: "deep", Kind: KindInteger, Max: "1", Required: true}}},
			}},
			{Name: "other", Fields: []Field{{Name: "n", Kind: KindInteger, Max: "9", Required: true}}},
		},
		Rules: []Rule{{ID: "r", Expr: rule, Message: Text{"en": "no"}}},
	}
}

// Each expression has the findings that are written beside it: the part, and
// whether it can never be false (F) or never be true (T).
func TestDecided(t *testing.T) {
	cases := []struct{ expr, want string }{
		{`s.n >= 0`, "F s.n >= 0"},
		{`s.n > 3`, "T s.n > 3"},
		{`s.n < 4 && s.m > 0`, "F s.n < 4"},
		{`s.n == 4`, "T s.n == 4"},
		{`s.n != -1`, "F s.n != -1"},
		{`s.n + 1 > 0`, "F s.n + 1 > 0"},
		{`s.n * 2 - 6 > 0`, "T s.n * 2 - 6 > 0"},
		{`-s.n > 0`, "T -s.n > 0"},
		{`s.n <= other.n`, ""},
		{`s.m >= -2`, "F s.m >= -2"},
		{`s.m <= 9007199254740991`, "F s.m <= 9007199254740991"},
		{`s.one == 1`, "F s.one == 1"},
		{`s.d <= decimal("2.5")`, `F s.d <= decimal("2.5")`},
		{`s.d > decimal("2.6")`, `T s.d > decimal("2.6")`},
		{`s.d * 2 <= decimal("5")`, `F s.d * 2 <= decimal("5")`},
		{`s.d * 2 < decimal("5")`, ""},
		{`s.pay >= money("0 EUR")`, `F s.pay >= money("0 EUR")`},
		{`s.pay > money("2.5 EUR")`, `T s.pay > money("2.5 EUR")`},
		{`s.pay < money("2.5 EUR")`, ""},
		{`s.fee < money("1 CHF")`, `T s.fee < money("1 CHF")`},
		{`s.fee >= money("1 CHF")`, `F s.fee >= money("1 CHF")`},
		{`s.fee > money("1 CHF")`, ""},
		{`s.any <= money("3 USD")`, `F s.any <= money("3 USD")`},
		{`s.pay == money("1 CHF")`, `T s.pay == money("1 CHF")`},
		{`s.fee == money("1 CHF")`, ""},
		{`s.pay == money("2.6 EUR")`, `T s.pay == money("2.6 EUR")`},
		{`s.coin == money("1.0 EUR")`, `F s.coin == money("1.0 EUR")`},
		{`s.any == s.coin`, ""},
		{`s.toll == s.coin`, ""}, // one amount, of two currencies
		{`s.toll == money("2 CHF")`, `T s.toll == money("2 CHF")`},
		{`s.pay != s.coin`, ""},
		{`s.pay in [money("3 EUR"), money("1 CHF")]`, `T s.pay in [money("3 EUR"), money("1 CHF")]`},
		{`s.pay in [money("1 EUR"), money("1 CHF")]`, ""},
		{`s.pay * 2 <= money("5 EUR")`, `F s.pay * 2 <= money("5 EUR")`},
		{`2 * s.pay > money("5 EUR")`, `T 2 * s.pay > money("5 EUR")`},
		{`s.pay * decimal("0.5") + s.coin > money("2.25 EUR")`, `T s.pay * decimal("0.5") + s.coin > money("2.25 EUR")`},
		{`s.pay - s.coin >= money("-1 EUR")`, `F s.pay - s.coin >= money("-1 EUR")`},
		{`-s.pay <= money("0 EUR")`, `F -s.pay <= money("0 EUR")`},
		{`s.any + s.pay == money("9 CHF")`, `T s.any + s.pay == money("9 CHF")`},
		{`s.pay.amount() < decimal("0")`, `T s.pay.amount() < decimal("0")`},
		{`s.pay.currency() == "EUR"`, `F s.pay.currency() == "EUR"`},
		{`s.fee.currency() in ["EUR", "CHF"]`, `F s.fee.currency() in ["EUR", "CHF"]`},
		{`s.fee.currency() == "USD"`, `T s.fee.currency() == "USD"`},
		{`s.fee.currency() == "EUR"`, ""},
		{`s.any.currency() == "USD"`, ""},
		{`money(s.n, "EUR") > money("9 EUR")`, ""}, // made of a number: not looked at
		{`s.fee > money("2 EUR") && s.fee < money("2 EUR")`, `T s.fee > money("2 EUR") && s.fee < money("2 EUR")`},
		{`s.fee == money("2 EUR") || s.fee == money("2 CHF")`, ""},
		{`s.fee == money("2 EUR") && s.fee == money("2 CHF")`, ""}, // that would be two currencies
		{`s.fee > money("2 EUR") && s.fee < money("3 EUR")`, ""},
		{`[?s.?n].size() == 1`, ""},
		{`[?s.?n, s.m].size() > 0`, "F [?s.?n, s.m].size() > 0"},
		{`s.day < date("2026-01-04")`, `F s.day < date("2026-01-04")`},
		{`s.day == date("2025-12-31")`, `T s.day == date("2025-12-31")`},
		{`s.at >= timestamp("2026-01-01T01:00:00+01:00")`, `F s.at >= timestamp("2026-01-01T01:00:00+01:00")`},
		{`s.long <= days(2)`, `F s.long <= days(2)`},
		{`s.long > duration("48h")`, `T s.long > duration("48h")`},
		{`size(s.text) <= 3`, "F size(s.text) <= 3"},
		{`s.text.size() > 0`, "F s.text.size() > 0"},
		{`s.text != ""`, `F s.text != ""`},
		{`s.text == "long"`, `T s.text == "long"`},
		{`s.word == "abc" || s.word == "ab"`, `T s.word == "abc"`},
		{`s.pick in ["x", "yy"]`, `F s.pick in ["x", "yy"]`},
		{`s.pick in ["x"]`, ""},
		{`s.only == "x"`, `F s.only == "x"`},
		{`s.only == s.pick`, ""},
		{`s.pick == s.text`, ""},
		{`s.n in [4, 5]`, "T s.n in [4, 5]"},
		{`s.n in [0, 1, 2, 3]`, ""}, // that it lists them all is not looked for
		{`size(s.list) == 0`, "T size(s.list) == 0"},
		{`s.list.all(i, i > 0)`, "F s.list.all(i, i > 0)"},
		{`s.list.exists(i, i > 2)`, "T s.list.exists(i, i > 2)"},
		{`s.list.all(i, i > 2)`, "T s.list.all(i, i > 2)"},
		{`s.list.exists(i, i > 0)`, "F s.list.exists(i, i > 0)"},
		{`s.rows.all(r, r.k > 5)`, "T r.k > 5"}, // of no rows, it holds
		{`s.rows.exists(r, r.k < 6)`, "F r.k < 6"},
		{`s.list.exists_one(i, i > 2)`, "T s.list.exists_one(i, i > 2)"},
		{`s.list.exists_one(i, i > 0)`, "F i > 0"}, // of one item, or two
		{`s.list.exists_one(i, i > 1)`, ""},
		{`s.rows.exists_one(r, r.k > 5)`, "T s.rows.exists_one(r, r.k > 5)"},
		{`s.single.exists_one(i, i > 0)`, "F s.single.exists_one(i, i > 0)"},
		{`s.single.exists_one(i, i > 1)`, ""},
		{`s.pair.exists_one(i, i > 0)`, "T s.pair.exists_one(i, i > 0)"},
		{`s.pair.exists_one(i, i > 1)`, ""},
		{`s.pair.exists_one(at, i, i > 0)`, "T s.pair.exists_one(at, i, i > 0)"},
		{`[s.n, s.m].exists_one(i, true)`, "T [s.n, s.m].exists_one(i, true)"},
		{`s.list[0] < 3`, "F s.list[0] < 3"},
		{`s.rows.all(r, r.k <= 5 && r.w == "xyz")`, `T r.k <= 5 && r.w == "xyz"`},
		{`s.rows.all(r, r.k <= 5 && r.w == "xy")`, `F r.k <= 5`},
		{`s.rows.all(i, r, i < 2 && r.k < 6)`, "F r.k < 6"},
		{`cel.bind(x, s.n, x < 4)`, "F cel.bind(x, s.n, x < 4)"},
		{`s.rec.deep >= 7`, "F s.rec.deep >= 7"},
		// Written alike, opposite, apart.
		{`s.m == s.m`, "F s.m == s.m"},
		{`s.m < s.m`, "T s.m < s.m"},
		{`s.m - 1 <= s.m - 1`, "F s.m - 1 <= s.m - 1"},
		{`s.b || !s.b`, "F s.b || !s.b"},
		{`s.b && s.n > 1 && !s.b`, "T s.b && s.n > 1 && !s.b"},
		{`s.m < other.n || s.m >= other.n`, "F s.m < other.n || s.m >= other.n"},
		{`s.m > 5 && s.m < 4`, "T s.m > 5 && s.m < 4"},
		{`s.m > 5 && 5 >= s.m`, "T s.m > 5 && 5 >= s.m"},
		{`s.m == 4 && s.m == 5`, "T s.m == 4 && s.m == 5"},
		{`s.m > 5 && s.m < 6`, "T s.m > 5 && s.m < 6"}, // no number is between
		{`s.m > 5 && s.m < 7`, ""},
		{`s.m <= 5 || s.m >= 6`, "F s.m <= 5 || s.m >= 6"},
		{`s.m < 5 || s.m > 6`, ""},
		{`s.m <= 5 || s.m > 6`, ""},
		{`6 > s.m && 5 < s.m`, "T 6 > s.m && 5 < s.m"},
		{`s.m > 5 && s.m == 5`, "T s.m > 5 && s.m == 5"},
		{`s.m > 5 && s.m == 6`, ""},
		{`s.day > date("2026-01-01") && s.day < date("2026-01-02")`, `T s.day > date("2026-01-01") && s.day < date("2026-01-02")`},
		{`s.day > date("2026-01-01") && s.day < date("2026-01-03")`, ""},
		{`s.d > decimal("1") && s.d < decimal("2")`, ""}, // numbers with parts are
		{`s.long > days(1) && s.long < days(2)`, ""},
		{`s.m > 5 || s.m < 6`, "F s.m > 5 || s.m < 6"},
		{`s.m > 5 || s.m < 5`, ""},
		{`s.m >= 5 || s.m < 5`, "F s.m >= 5 || s.m < 5"},
		{`s.m > 4 || s.m <= 5`, "F s.m > 4 || s.m <= 5"},
		{`s.m >= 5 && s.m <= 5`, ""},
		{`s.m != 5 || s.m != 6`, "F s.m != 5 || s.m != 6"},
		{`!(s.n >= 0)`, "T !(s.n >= 0)"},
		{`s.b ? s.n >= 0 : s.n < 4`, "F s.b ? s.n >= 0 : s.n < 4"},
		{`s.b ? s.n >= 0 : s.n > 1`, "F s.n >= 0"},
		// What is required is there, in the validity of its own section.
		{`has(s.n)`, "F has(s.n)"},
		{`has(s.m)`, ""},
		{`has(s.rec.deep)`, "F has(s.rec.deep)"},
		{`has(s.may.deep)`, ""},
		{`s.rows.all(r, has(r.k))`, "F s.rows.all(r, has(r.k))"},
		{`has(other.n) && has(s.n)`, ""},
		{`old.s.n >= 0 && s.m > 3`, ""}, // it need not have been valid
		{`s.m > 3 && s.text.startsWith("a")`, ""},
		{`s.text.matches("a+")`, ""},
		{`s.m / 2 > 100`, ""},
	}
	for _, c := range cases {
		set := compiled(t, bounds(c.expr))
		var got []string
		for _, w := range set.Lint() {
			letter := map[string]string{LintNeverFalse: "F", LintNeverTrue: "T"}[w.Code]
			if letter == "" {
				continue
			}
			if w.Caret < 1 || w.Source != c.expr || w.Pos.Column != w.Caret || !strings.Contains(w.Message, "; leave it out") && !strings.Contains(w.Message, "; ask has()") {
				t.Errorf("%s: %+v", c.expr, w)
			}
			got = append(got, letter+" "+w.Source[w.Caret-1:])
		}
		if len(got) > 1 || (c.want == "") != (len(got) == 0) || len(got) == 1 && !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%s: %q, want %q", c.expr, got, c.want)
		}
	}
	t.Logf("%d expressions", len(cases))
}

// A maker makes expressions over the fields of bounds, and content for them.
type maker struct{ *rand.Rand }

func (m maker) one(of ...string) string { return of[m.IntN(len(of))] }

func (m maker) number(depth int) string {
	if depth > 0 && m.IntN(3) == 0 {
		return "(" + m.number(depth-1) + m.one(" + ", " - ", " * ") + m.number(depth-1) + ")"
	}
	return m.one("s.n", "s.m", "s.one", "s.rec.deep", "s.may.deep", "size(s.text)", "s.list.size()", "s.list[0]", "s.rows.size()", "-s.n", "size(s.word)",
		fmt.Sprint(m.IntN(12)-3), fmt.Sprint(m.IntN(5)))
}

func (m maker) boolean(depth int, local string) string {
	if depth > 0 {
		a := m.boolean(depth-1, local)
		switch m.IntN(9) {
		case 0:
			return "(" + a + " && " + m.boolean(depth-1, local) + ")"
		case 1:
			return "(" + a + " || " + m.boolean(depth-1, local) + ")"
		case 2:
			return "!(" + a + ")"
		case 3:
			return "(" + a + " ? " + m.boolean(depth-1, local) + " : " + m.boolean(depth-1, local) + ")"
		case 4:
			return "(" + a + m.one(" && !(", " || !(", " == (", " != (") + m.one(a, m.boolean(depth-1, local)) + "))"
		case 5:
			return "s." + m.one("list", "single", "pair") + m.one(".all", ".exists", ".exists_one") + "(i, " + m.boolean(depth-1, "i") + ")"
		case 6:
			return "s.rows" + m.one(".all", ".exists", ".exists_one") + "(i, " + m.boolean(depth-1, "i.k") + ")"
		case 7:
			return "cel.bind(i, " + m.number(1) + ", " + m.boolean(depth-1, "i") + ")"
		}
	}
	order := func() string { return m.one(" < ", " <= ", " > ", " >= ", " == ", " != ") }
	switch m.IntN(13) {
	case 0:
		return m.one("s.b", "s.rec.opt")
	case 9:
		return m.between()
	case 10:
		a, b := m.money()
		return a + order() + b
	case 11:
		return m.one(`s.pay in [money("3 EUR"), money("1 CHF")]`, `s.fee == money("1 EUR") || s.fee == money("1 CHF")`, `s.coin in [money("1 CHF"), money("1 EUR")]`, `s.pay.amount() <= decimal("2.5")`,
			`s.fee.amount() > s.any.amount()`, `s.fee.currency() in ["CHF", "EUR"]`, `s.pay.currency() != s.fee.currency()`, `s.any.currency() == "EUR"`, `s.coin == s.any`, `s.coin != s.fee`, `s.coin == s.toll`, `s.toll != money("1 CHF")`)
	case 1:
		return m.one("s.d", `decimal("1.5")`) + order() + m.one("s.d", `decimal("2.5")`, `decimal("0")`, `decimal("3")`)
	case 2:
		return m.one("s.day", `date("2026-01-02")`) + order() + m.one("s.day", `date("2026-01-01")`, `date("2026-01-04")`, `date("2025-12-31")`)
	case 3:
		return m.one("s.long", "days(1)") + order() + m.one("s.long", "days(3)", `duration("48h")`, "days(2)")
	case 4:
		return m.one("s.text", "s.word") + m.one(" == ", " != ") + m.one(`"x"`, `""`, `"ab"`, `"abcd"`, "s.pick", "s.only", "s.word")
	case 8:
		return m.one("s.pick", "s.only") + m.one(" == ", " != ") + m.one(`"x"`, "s.pick", "s.only")
	case 5:
		return m.one(`s.pick in ["x", "yy"]`, `s.pick in ["x"]`, `s.only in ["x"]`, `s.text in ["x", "yy"]`, `s.word in ["x", "abc"]`)
	case 6:
		return "has(" + m.one("s.n", "s.m", "s.rec.deep", "s.may.deep", "s.rec", "s.text", "s.rec.opt") + ")"
	case 7:
		if local != "" {
			return local + order() + m.one("s.n", "s.m", "1", "2", "3", "5", "6")
		}
		return m.number(0) + " in [" + m.number(0) + ", " + m.number(0) + "]"
	}
	return m.number(2) + order() + m.number(1)
}

// money gives two amounts that can be compared: an amount that is known to be of
// one currency is not compared with one that is of another.
func (m maker) money() (string, string) {
	euros := func() string {
		return m.one("s.pay", "s.coin", "s.fee", "s.any", `money("1 EUR")`, `money("2.5 EUR")`, `money("0 EUR")`)
	}
	switch m.IntN(5) {
	case 0:
		return m.one("s.fee", "s.any"), m.one(`money("1 CHF")`, `money("2 CHF")`, "s.fee", "s.any", "-s.fee")
	case 1:
		return "(" + euros() + m.one(" + ", " - ") + m.one("s.coin", "s.pay", `money("1 EUR")`) + ")", m.one(`money("4 EUR")`, `money("-1 EUR")`, `money("3.5 EUR")`, "s.coin")
	case 2:
		return m.one("s.pay * ", "s.coin * ", "-s.pay * ") + m.one("s.n", "s.one", `decimal("0.5")`, "-1"), m.one(`money("8 EUR")`, `money("-3 EUR")`, "s.pay", "s.coin", `money("0 EUR")`)
	}
	return euros(), euros()
}

// between has two bounds of one part, near to each other.
func (m maker) between() string {
	low := m.IntN(6) - 2
	value, of := m.one("s.n", "s.m", "s.rec.deep", "(s.n + s.m)"), func(n int) string { return fmt.Sprint(n) }
	switch m.IntN(4) {
	case 0:
		value, of = "s.day", func(n int) string { return fmt.Sprintf("date(\"2026-01-%02d\")", n+3) }
	case 1:
		value, of = m.one("s.fee", "s.any", "s.pay"), func(n int) string { return fmt.Sprintf("money(\"%d EUR\")", n) }
	case 2:
		value, of = "s.d", func(n int) string { return fmt.Sprintf("decimal(\"%d\")", n) }
	}
	high := low + m.IntN(3)
	if m.IntN(2) == 0 {
		return "(" + value + m.one(" > ", " >= ", " == ") + of(low) + " && " + value + m.one(" < ", " <= ", " == ") + of(high) + ")"
	}
	return "(" + value + m.one(" < ", " <= ", " != ") + of(low) + " || " + value + m.one(" > ", " >= ", " != ") + of(high) + ")"
}

// content is valid, and has each field that need not be there two times of three.
func (m maker) content() map[string]any {
	out := map[string]any{"n": int64(m.IntN(4)), "word": m.one("ab", "éé"), "pick": m.one("x", "yy"), "rec": map[string]any{"deep": int64(7 + m.IntN(3))}}
	may := func(name string, v any) {
		if m.IntN(3) > 0 {
			out[name] = v
		}
	}
	may("m", int64(m.IntN(12)-2))
	may("one", int64(1))
	may("d", m.one("0.0", "0.1", "1.5", "2.4", "2.5"))
	may("day", m.one("2026-01-01", "2026-01-02", "2026-01-03"))
	may("at", m.one("2026-01-01T00:00:00Z", "2030-01-01T00:00:00+02:00"))
	may("long", m.one("0s", "1d", "2d", "23h"))
	may("b", m.IntN(2) == 0)
	may("text", m.one("x", "ab", "abc", "yy"))
	may("only", "x")
	may("list", [][]any{{int64(1)}, {int64(2)}, {int64(1), int64(2)}}[m.IntN(3)])
	may("single", []any{int64(1 + m.IntN(2))})
	may("pair", []any{int64(1 + m.IntN(2)), int64(1 + m.IntN(2))})
	may("pay", m.one("0.0 EUR", "0.1 EUR", "1.0 EUR", "2.5 EUR"))
	may("fee", m.one("1.0 EUR", "1.0 CHF", "1.5 CHF", "2.0 EUR", "9.5 CHF"))
	may("any", m.one("3 EUR", "1 CHF", "2 USD", "1 EUR", "-4 EUR"))
	may("coin", "1 EUR")
	may("toll", m.one("1 EUR", "1 CHF"))
	may("rows", [][]any{{}, {map[string]any{"k": int64(m.IntN(8) - 2)}}, {map[string]any{"k": int64(5), "w": "xy"}, map[string]any{"k": int64(-4)}}}[m.IntN(3)])
	if m.IntN(2) == 0 {
		out["rec"].(map[string]any)["opt"] = m.IntN(2) == 0
	}
	may("may", map[string]any{"deep": int64(m.IntN(4) - 2)})
	return out
}

// What is said of an expression is true of it, over valid content at random.
func TestDecidedIsSound(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(1, 2))}
	expressions, claims, evaluations, wrong := 3000, 0, 0, 0
	if testing.Short() {
		expressions = 600
	}
	var ways [2]int
	for i := range expressions {
		expr := m.boolean(m.IntN(4), "")
		set, err := Compile(bounds(expr))
		if err != nil {
			t.Fatalf("%s: %v", expr, err)
		}
		prog := programOf(set, "rule.r")
		for _, d := range set.decisions(prog, true) {
			if d.expr != prog.origin.checked.NativeRep().Expr() {
				continue // parts are wholes of other expressions
			}
			claims++
			ways[map[bool]int{false: 0, true: 1}[d.value]]++
			for range 60 {
				in := set.Input()
				must(t, in.Section("s", m.content()))
				must(t, in.Section("other", map[string]any{"n": int64(m.IntN(10))}))
				if i%50 == 0 {
					if v := set.Eval("valid.s", in); v.Result == Fail && !strings.Contains(fmt.Sprint(v.Violations), "rule.r") {
						t.Fatalf("the content is not valid: %v", v.Violations)
					}
				}
				evaluations++
				if a := prog.run(&activation{in: in}); a.is(!d.value) {
					if wrong++; wrong < 5 {
						t.Errorf("%s is %v, and should never be: %s", expr, !d.value, d.why)
					}
				}
			}
		}
	}
	t.Logf("%d expressions, %d decided (%d never true, %d never false), %d evaluations", expressions, claims, ways[0], ways[1], evaluations)
	if ways[0] < expressions/20 || ways[1] < expressions/20 {
		t.Error("too few are decided to show anything")
	}
}

// programOf finds the program of a rule.
func programOf(s *Set, id string) *program {
	for _, sec := range s.order {
		for _, r := range sec.folds {
			if r.id == id {
				return r.test
			}
		}
	}
	return s.conditions[id].rule.test
}

// A check of the format that the field has anyway.
func TestFormatOfTheField(t *testing.T) {
	text := func(name, format string) Field { return Field{Name: name, Kind: KindText, Format: format} }
	for expr, told := range map[string]bool{
		"s.mail.isEmail()": true, "!s.mail.isEmail() || s.n > 1": true, "s.mails.all(m, m.isEmail())": true, "s.web.isUri()": true,
		"s.mail.isUri()": false, "s.plain.isEmail()": false, "(s.plain + s.mail).isEmail()": false, "s.mail.endsWith(\"it\")": false,
	} {
		mails := text("", "email")
		s := compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{
			text("mail", "email"), text("web", "uri"), text("plain", ""), {Name: "n", Kind: KindInteger}, {Name: "mails", Kind: KindList, Of: &mails},
		}}}, Rules: []Rule{{ID: "r", Expr: expr, Message: Text{"en": "x"}}}})
		found := slices.ContainsFunc(s.Lint(), func(w Warning) bool { return strings.Contains(w.Message, "that is the format of the field") })
		if found != told {
			t.Errorf("%s: %v", expr, s.Lint())
		}
	}
}
