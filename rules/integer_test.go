package rules

import (
	"errors"
	"testing"
)

// Integers are 64 bits wide while they are computed with, and beyond that an
// error, never another number; there is no way to a floating-point number.
func TestIntegerExpressions(t *testing.T) {
	table(t, map[string]Result{
		`9007199254740991 + s.n == 9007199254740994`:                          Pass, // a float would have lost one
		`9007199254740993 - s.n == 9007199254740990`:                          Pass,
		`9007199254740993 == 9007199254740992`:                                Fail,
		`9223372036854775807 + s.n > 0`:                                       Error,
		`-9223372036854775808 - s.n < 0`:                                      Error,
		`9223372036854775807 * s.n > 0`:                                       Error,
		`-9223372036854775808 / (s.n - 4) > 0`:                                Error,
		`-(s.n - 3 - 9223372036854775807 - 1) > 0`:                            Error,
		`math.abs(s.n - 3 - 9223372036854775807 - 1) > 0`:                     Error,
		`[9223372036854775807, s.n].sum() > 0`:                                Error,
		`s.n / (s.n - 3) == 0`:                                                Error,
		`s.n % (s.n - 3) == 0`:                                                Error,
		`7 / 2 == 3 && -7 / 2 == -3 && 7 % -2 == 1 && -7 % 2 == -1`:           Pass, // toward zero, as in Go
		`s.money * 9007199254740993 == decimal("112589990684262412.5")`:       Pass,
		`decimal(9007199254740993) - decimal(9007199254740992) == decimal(1)`: Pass,
		`int(string(s.n) + "000000000000000000000") > 0`:                      Error,
		`int(s.text) > 0`:                                                     Error,
	})
	refused(t, `s.n > 2.5`, `s.n * 1.5 > s.n`, `double(s.n) > s.n`, `math.sqrt(s.n) > math.sqrt(4)`, `int(math.sqrt(s.n)) == 1`, `math.sqrt(s.money) > s.n`,
		`int(1.5) == 1`, `int(s.money) == 12`, `math.ceil(math.sqrt(s.n)) == math.ceil(math.sqrt(3))`, `cel.bind(r, math.sqrt(s.n), int(r) == 1)`, `[s.n].map(x, math.sqrt(x)).size() == 1`,
		`string(math.sqrt(s.n)) == "1.73"`, `dyn(1.0) == dyn(1)`, `9223372036854775808 > s.n`)
}

// What a field holds is what every JSON reader holds exactly.
func TestIntegerFieldBounds(t *testing.T) {
	s := compiled(t, computed("x + 9007199254740990", "-x - 9007199254740990"))
	for x, fits := range map[int64]bool{0: true, 1: true, 2: false, maxInteger: false} {
		out, err := s.Compute("s", map[string]any{"x": x})
		if (err == nil) != fits || fits && (out["c0"] != x+maxInteger-1 || out["c1"] != -x-maxInteger+1) {
			t.Errorf("%d: %v, %v", x, out, err)
		}
		var broken *EvalError
		if !fits && (!errors.As(err, &broken) || broken.Where != "s.c0 compute") {
			t.Errorf("%d: %v", x, err)
		}
	}
	for _, bound := range []string{"9007199254740992", "-9007199254740992", "9223372036854775808", "1.0", "1e3", "01", "+1", ""} {
		d := computed()
		d.Sections[0].Fields[0].Max = bound
		if _, err := Compile(d); (err == nil) != (bound == "") {
			t.Errorf("max %q: %v", bound, err)
		}
	}
}
