package rules

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"cel.dev/cel-go/common/types"
)

func TestParseDecimal(t *testing.T) {
	good := []string{"0", "0.0", "1", "-1", "12.50", "-0.05", "0.00", "999999999999999999999999999999", "0.123456789012345678"}
	for _, s := range good {
		if d, ok := parseDecimal(s); !ok || d.String() != s {
			t.Errorf("%q: %v, %v", s, d, ok)
		}
	}
	bad := []string{"", "-", ".", "1.", ".5", "+1", "01", "-0", "-0.00", "1e3", "1,5", " 1", "1 ", "--1", "1.2.3", "0x1", "١",
		"1_000", "Inf", "NaN", "00.1", "-01", "1.-5", "9999999999999999999999999999999", "0.1234567890123456789", "1\n"}
	for _, s := range bad {
		if _, ok := parseDecimal(s); ok {
			t.Errorf("%q was accepted", s)
		}
	}
	t.Logf("%d accepted, %d refused", len(good), len(bad))
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "-1.50", "1e3", "00", "-0.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := parseDecimal(s)
		if ok && d.String() != s {
			t.Errorf("%q became %q", s, d)
		}
		if r, err := new(big.Rat).SetString(s); ok && (err == false || r.Cmp(d.rat()) != 0) {
			t.Errorf("%q is not %v", s, d)
		}
	})
}

// rat is the number for the oracle.
func (d decimal) rat() *big.Rat {
	return new(big.Rat).SetFrac(d.unscaled, power10(d.scale))
}

func randomDecimal(r *rand.Rand) decimal {
	digits := strings.Builder{}
	for range 1 + r.IntN(18) {
		digits.WriteByte(byte('0' + r.IntN(10)))
	}
	n, _ := new(big.Int).SetString(digits.String(), 10)
	if r.IntN(2) == 0 {
		n.Neg(n)
	}
	return decimal{n, r.IntN(8)}
}

// roundRat rounds a rational to a scale, written from the definition.
func roundRat(x *big.Rat, scale int, even bool) *big.Rat {
	scaled := new(big.Rat).Mul(x, new(big.Rat).SetInt(power10(scale)))
	floor := new(big.Int).Div(scaled.Num(), scaled.Denom()) // Euclidean: toward -infinity here
	rest := new(big.Rat).Sub(scaled, new(big.Rat).SetInt(floor))
	up := rest.Cmp(big.NewRat(1, 2)) > 0
	if rest.Cmp(big.NewRat(1, 2)) == 0 {
		up = x.Sign() > 0
		if even {
			up = floor.Bit(0) == 1
		}
	}
	if up {
		floor.Add(floor, big.NewInt(1))
	}
	return new(big.Rat).SetFrac(floor, power10(scale))
}

// Every operation agrees with rational numbers.
func TestDecimalAgainstRationals(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	cases := 0
	for range 5000 {
		d, e, scale := randomDecimal(r), randomDecimal(r), r.IntN(6)
		check := func(what string, got decimal, want *big.Rat) {
			cases++
			if got.rat().Cmp(want) != 0 {
				t.Fatalf("%v %s %v (scale %d) = %v, want %s", d, what, e, scale, got, want.FloatString(20))
			}
		}
		x, y := d.rat(), e.rat()
		check("+", d.add(e), new(big.Rat).Add(x, y))
		check("-", d.sub(e), new(big.Rat).Sub(x, y))
		check("*", d.mul(e), new(big.Rat).Mul(x, y))
		check("neg", d.neg(), new(big.Rat).Neg(x))
		check("abs", d.abs(), new(big.Rat).Abs(x))
		if d.cmp(e) != x.Cmp(y) {
			t.Fatalf("%v compared with %v: %d", d, e, d.cmp(e))
		}
		check("round", d.round(scale, false), roundRat(x, scale, false))
		check("roundHalfEven", d.round(scale, true), roundRat(x, scale, true))
		q, ok := d.div(e, scale)
		if ok != (y.Sign() != 0) {
			t.Fatalf("%v / %v: %v", d, e, ok)
		}
		if ok {
			check("/", q, roundRat(new(big.Rat).Quo(x, y), scale, false))
		}
		if at, ok := d.at(scale); ok != (roundRat(x, scale, false).Cmp(x) == 0) || ok && at.rat().Cmp(x) != 0 {
			t.Fatalf("%v at scale %d: %v, %v", d, scale, at, ok)
		}
	}
	t.Logf("%d results compared", cases)
}

func TestRounding(t *testing.T) {
	for _, c := range []struct{ in, half, even string }{
		{"0.5", "1", "0"}, {"1.5", "2", "2"}, {"2.5", "3", "2"}, {"-0.5", "-1", "0"}, {"-2.5", "-3", "-2"}, {"2.51", "3", "3"}, {"2.49", "2", "2"}, {"-2.49", "-2", "-2"},
	} {
		d, _ := parseDecimal(c.in)
		if got := d.round(0, false).String(); got != c.half {
			t.Errorf("%s.round(0) = %s", c.in, got)
		}
		if got := d.round(0, true).String(); got != c.even {
			t.Errorf("%s.roundHalfEven(0) = %s", c.in, got)
		}
	}
}

func TestDecimalBounds(t *testing.T) {
	atLimit := decimal{new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), maxWorkingBits), big.NewInt(1)), 0}
	if !atLimit.fits() {
		t.Error("the largest number is refused")
	}
	if v := atLimit.Add(decimalFromInt(1)); !types.IsError(v) {
		t.Error("one more is accepted")
	}
	if !(decimal{big.NewInt(1), maxWorkingScale}).fits() || (decimal{big.NewInt(1), maxWorkingScale + 1}).fits() {
		t.Error("bound of the scale")
	}
	if _, ok := parseDecimal(strings.Repeat("9", maxDigits)); !ok {
		t.Error("the longest value is refused")
	}
	if _, ok := parseDecimal(strings.Repeat("9", maxDigits+1)); ok {
		t.Error("one digit more is accepted")
	}
}

// What conditions say about decimals.
func TestDecimalExpressions(t *testing.T) {
	table(t, map[string]Result{
		`decimal("1.50") == decimal("1.5")`:                              Pass,
		`decimal("0.1") + decimal("0.2") == decimal("0.3")`:              Pass,
		`decimal("1.10") * 3 == decimal("3.3")`:                          Pass,
		`3 * decimal("1.10") == decimal("3.3")`:                          Pass,
		`decimal("1.10") * decimal("1.10") == decimal("1.21")`:           Pass,
		`-decimal("1") < decimal(0)`:                                     Pass,
		`decimal("1") - decimal("0.99") == decimal("0.01")`:              Pass,
		`decimal("2.345").round(2) == decimal("2.35")`:                   Pass,
		`decimal("2.345").roundHalfEven(2) == decimal("2.34")`:           Pass,
		`decimal("10").div(decimal("3"), 2) == decimal("3.33")`:          Pass,
		`decimal("10").div(4, 1) == decimal("2.5")`:                      Pass,
		`decimal("1").div(s.n - 3, 2) == decimal("0")`:                   Error,
		`decimal("1").round(s.n + 16) == decimal("1")`:                   Error,
		`decimal("1").round(s.n - 4) == decimal("1")`:                    Error,
		`[decimal("1"), decimal("2.5")].sum() == decimal("3.5")`:         Pass,
		`[1, 2].sum() == 3`:                                              Pass,
		`decimal("1.5") in [decimal("1.50")]`:                            Pass,
		`string(decimal("1.50")) == "1.50"`:                              Pass,
		`decimal("-3").abs() >= decimal("3")`:                            Pass,
		`decimal("1") > decimal("1")`:                                    Fail,
		`[decimal("1")].filter(x, x > decimal("2")).sum() == decimal(0)`: Pass,
	})
	refused(t, `decimal("1") > 1`, `decimal("1") == 1`, `decimal("1") + 1 > decimal("2")`, `decimal("1") > 1.5`, `decimal(1.5) > decimal("1")`,
		`decimal("1") / decimal("2") > decimal("0")`, `decimal("1") > "1"`, `decimal("1,5") > decimal("1")`, `["a"].sum() == "a"`, `decimal("1") && true`)
}
