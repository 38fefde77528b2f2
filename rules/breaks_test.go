package rules

import (
	"strings"
	"testing"
)

// What always breaks is a mistake of whoever writes it; where it is in use, it
// breaks when it is evaluated.
func TestAlwaysBreaks(t *testing.T) {
	const zero, decimals = "this divides by zero, and always breaks", "the number of decimals is 0 to 18, so this always breaks"
	for e, want := range map[string]string{
		`s.n / 0 > 1`:                                       zero,
		`s.n % 0 == 1`:                                      zero,
		`s.n > 1 || s.n / 0 > 1`:                            zero,
		`s.money.div(0, 2) > s.money`:                       zero,
		`s.money.div(decimal(0), 2) > s.money`:              zero,
		`s.money.div(decimal("0.00"), 2) > s.money`:         zero,
		`s.money.div(3, 19) > s.money`:                      decimals,
		`s.money.round(99) > s.money`:                       decimals,
		`s.money.round(-1) > s.money`:                       decimals,
		`s.money.roundHalfEven(19) > s.money`:               decimals,
		`money(s.money, "EUR").div(0, 2) == money("1 EUR")`: zero,
		`s.n / 1 > 1`:                                       "",
		`s.n / s.n > 1`:                                     "",
		`0 / s.n == 1`:                                      "",
		`s.money.div(decimal("0.01"), 18) > s.money`:        "",
		`s.money.round(18) > s.money`:                       "",
		`s.money.round(0) > s.money`:                        "",
		`s.money.round(s.n) > s.money`:                      "",
	} {
		_, err := Compile(small(e))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want+"\n")) {
			t.Errorf("%s: %v, want %s", e, err, want)
		}
		s, err := CompileFrozen(small(e))
		if err != nil {
			t.Errorf("%s: refused where it is in use: %v", e, err)
			continue
		}
		in := s.Input()
		must(t, in.Section("s", map[string]any{"n": int64(1), "money": "12.50"}))
		if v := s.Eval("c0", in); (v.Result == Error) != (want != "") {
			t.Errorf("%s: %s (%v)", e, v.Result, v.Err)
		}
	}
}

// A text that is compared with several cannot be all of them, and is not none of
// all that it can be.
func TestTextsApart(t *testing.T) {
	for e, want := range map[string]string{
		`s.c == "a" && s.c == "b"`:                           "this can never be true: no text is all of these",
		`s.c != "a" || s.c != "b"`:                           "this can never be false: every text is one of these",
		`s.c == "a" || s.c == "b" || s.c == "c"`:             "this can never be false: every text is one of these",
		`s.c != "a" && "b" != s.c && s.c != "c"`:             "this can never be true: no text is all of these",
		`s.text == "a" && s.n > 1 && s.text == "b"`:          "this can never be true: no text is all of these",
		`s.text != "a" || s.text != "b"`:                     "this can never be false: every text is one of these",
		`s.n > 1 && (s.c != "a" || s.c != "b")`:              "this part can never be false: every text is one of these",
		`s.c == "a" || s.c == "b"`:                           "",
		`s.c != "a" && s.c != "b"`:                           "",
		`s.c == "a" && s.c != "b"`:                           "",
		`s.c == "a" && s.d == "b"`:                           "",
		`s.text != "a" && s.text != "b"`:                     "",
		`s.text == "a" || s.text == "b"`:                     "",
		`s.l.exists(x, x == "a") && s.l.exists(x, x == "b")`: "",
		`s.c == "a" && s.text == "b"`:                        "",
		`s.c == s.text && s.c == s.d`:                        "",
	} {
		choices := []Choice{{Name: "a"}, {Name: "b"}, {Name: "c"}}
		s := compiled(t, Definition{
			Sections: []Section{{Name: "s", Fields: []Field{
				{Name: "c", Kind: KindChoice, Choices: choices}, {Name: "d", Kind: KindChoice, Choices: choices}, {Name: "n", Kind: KindInteger},
				{Name: "text", Kind: KindText}, {Name: "l", Kind: KindList, Of: &Field{Kind: KindText}},
			}}},
			Conditions: []Condition{{ID: "c0", Expr: e}},
		})
		got := ""
		for _, w := range s.Lint() {
			if w.Code != LintAbsent { // nothing is required here
				got += w.Message + "\n"
			}
		}
		if want == "" && got != "" || want != "" && !strings.HasPrefix(got, want) || strings.Count(got, "\n") > 1 {
			t.Errorf("%s: %q, want %q", e, got, want)
		}
	}
}
