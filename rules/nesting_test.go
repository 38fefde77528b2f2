package rules

import (
	"errors"
	"strings"
	"testing"
)

// Chains of a hundred operands are taken, and so is what stands in 32 others.
func TestShapeOfExpressions(t *testing.T) {
	repeat := strings.Repeat
	cases := []struct{ what, source, want string }{ // "" where it compiles, "1:1: …" where not
		{"a sum of 100", repeat("s.n + ", 99) + "s.n > 1", ""},
		{"a difference of 100", repeat("s.n - ", 99) + "s.n > 1", ""},
		{"a product of 100", repeat("1 * ", 99) + "s.n > 1", ""},
		{"a text of 100", repeat("s.text + ", 99) + `s.text == ""`, ""},
		{"280 of them", repeat("1>0&&", 280) + "s.n>1", "1:1: " + tooMany},
		{"140 of them", repeat("s.n>1 || ", 140) + "s.n>1", ""},
		{"conditionals", "(" + repeat("s.n == 1 ? 2 : ", 90) + "3) > 1", ""},
		{"the longest chain", repeat("1+", maxExpressionChain-1) + "s.n > 1", ""},
		{"one more", repeat("1+", maxExpressionChain) + "s.n > 1", "1:258: " + tooLong},
		{"one more, on another line", "true &&\n " + repeat("1+", maxExpressionChain+1) + "s.n > 1", "2:259: " + tooLong},
		{"one more, of fields", repeat("s.n+", maxExpressionChain) + "s.n", "1:514: " + tooLong},
		{"parentheses", repeat("(", 50) + "s.n > 1" + repeat(")", 50), ""},
		{"too many parentheses", `"((" == s.text || ` + repeat("(", 200) + "s.n > 1" + repeat(")", 200), "1:147: " + tooLong},
		{"lists", repeat("[", maxExpressionDepth) + repeat("]", maxExpressionDepth) + ".size() > 1", ""},
		{"one list more", repeat("[", maxExpressionDepth+1) + "1" + repeat("]", maxExpressionDepth+1) + ".size() > 1", "1:34: " + tooNested},
		{"maps", repeat("{1: ", 33) + "1" + repeat("}", 33) + ".size() > 1", "1:130: " + tooNested},
		{"calls", repeat("string(", maxExpressionDepth) + "s.n" + repeat(")", maxExpressionDepth) + ` == ""`, ""},
		{"one call more", repeat("string(", maxExpressionDepth+1) + "s.n" + repeat(")", maxExpressionDepth+1) + ` == ""`, "1:233: " + tooNested},
		{"calls in a row", "s.text" + repeat(".trim()", 60) + ` == ""`, ""},
		{"calls on and in each other", repeat("s.text.replace('a', ", 33) + "'a'" + repeat(")", 33) + " == ''", "1:656: " + tooNested},
		{"indices", repeat("[1][", 33) + "0" + repeat("]", 33) + " == 1", "1:126: " + tooNested},
		{"walks", repeat("[1].exists(x, ", 8) + repeat("string(", 25) + "s.n" + repeat(")", 25) + " == ''" + repeat(")", 8), "1:289: " + tooNested},
		{"nodes", repeat("[1,1,1,1,1,1,1,1,1,1].size() + ", 60) + "1 > 1", ""},
		{"one call too many in a row", "s.text" + repeat(".trim()", maxExpressionChain) + ` == ""`, "1:896: " + tooLong},
	}
	refused := 0
	for _, c := range cases {
		_, err := CompileFrozen(small(c.source))
		var all Diagnostics
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %.300v", c.what, err)
		case c.want == "":
		case !errors.As(err, &all) || len(all) != 1 || all[0].Caret == 0 || all[0].Pos.String()+": "+all[0].Message != c.want:
			t.Errorf("%s: %.3000v, want %s", c.what, err, c.want)
		default:
			refused++
		}
	}
	t.Logf("%d refused of %d", refused, len(cases))
}
