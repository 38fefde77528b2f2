package rules

import (
	"errors"
	"strings"
	"testing"
)

// What is no expression is told once, in plain words, at its place.
func TestSyntaxMistakes(t *testing.T) {
	cases := []struct{ source, want string }{
		{"(state == 'a' || true\n", `1:22: ")" is missing here, for the "(" in "(state == 'a' || true"`},
		{"true &&\n  (state == 'a' ||\n  true // for now (\n\n", `3:7: ")" is missing here, for the "(" in "(state == 'a' ||"`},
		{"state.size( ", `1:12: ")" is missing here, for the "(" in "state.size("`},
		{"state in ['(', \"(\\\"(\"", `1:22: "]" is missing here, for the "[" in "['(', \"(\\\"(\""`},
		{"(state.size() > 1) && (1 < 2", `1:29: ")" is missing here, for the "(" in "(1 < 2"`},
		{"state == '''(''' && (1 < 2", `1:27: ")" is missing here, for the "(" in "(1 < 2"`},
		{"(state == '" + strings.Repeat("à", 60) + "'", `1:73: ")" is missing here, for the "(" in "(state == '` + strings.Repeat("à", 29) + `…"`},
		{"state == 'a' && \n", "1:16: the expression ends too early"},
		{"state == // what?\n", "1:9: the expression ends too early"},
		{"", "1:1: the expression ends too early"},
		{"state == \"a\n", "1:10: the text that begins here has no closing quote"},
		{"à == 'b && (true", "1:1: 'à' is not expected here"},
		{"true && (state == 'b && true)", "1:19: the text that begins here has no closing quote"},
		{`state.matches("[0-9]\d+")`, `1:15: a text has no \d; write \\d, or r before the quote, for a backslash`},
		{"state = 'a'", `1:7: '=' is not expected here; did you mean "=="?`},
		{"state ='a' and true", `1:7: '=' is not expected here; did you mean "=="?`},
		{"true & true", `1:6: '&' is not expected here; did you mean "&&"?`},
		{"true | true", `1:6: '|' is not expected here; did you mean "||"?`},
		{"true\nand true", `2:1: 'and' is not expected here; did you mean "&&"?`},
		{"(true OR false)", `1:7: 'OR' is not expected here; did you mean "||"?`},
		{"true && not true", `1:9: 'not' is not expected here; did you mean "!"?`},
		{"not(true)", `1:4: there is no function "not"; did you mean "!"?`},
		{"android android", "1:9: 'android' is not expected here"},
		{"state.size(1 2)", `1:14: '2' is not expected here`},
		{"true) && (false", "1:5: ')' is not expected here"},
		{"true \x00 false", "1:6: '?' is not expected here"},
		{"today() > date('2026-01-01')", `1:6: there is no function "today"; did you mean "today" without ()?`},
		{"today(1) > date('2026-01-01')", `1:6: there is no function "today"`},
		{"registered(state)", `1:11: "registered" does not take state (text); write state.registered()`},
		{"registered(state + 'a')", `1:11: "registered" does not take text; write ….registered()`},
		{"'a'.known(3)", `1:10: "known" does not take "a" (text) and 3 (integer); write known("a", 3)`},
		{"contains(state, 'a')", `1:9: "contains" does not take state (text) and "a" (text); write state.contains("a")`},
		{"date('2026-01-01', 3) > today", `1:5: "date" does not take "2026-01-01" (text) and 3 (integer)`},
	}
	d := order()
	d.Functions = []Function{
		{Name: "registered", Args: []Kind{KindText}, Result: KindBoolean, Member: true},
		{Name: "known", Args: []Kind{KindText, KindInteger}, Result: KindBoolean},
	}
	for _, c := range cases {
		t.Run(c.source, func(t *testing.T) {
			d.Conditions = []Condition{{ID: "guard.x", Expr: c.source}}
			_, err := Compile(d)
			var all Diagnostics
			if !errors.As(err, &all) || len(all) != 1 {
				t.Fatalf("want one mistake, got %v", err)
			}
			if got := all[0].Pos.String() + ": " + all[0].Message; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
