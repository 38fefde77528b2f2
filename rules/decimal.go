package rules

import (
	"math/big"
	"strconv"
	"strings"
)

// decimal is an exact decimal number: unscaled / 10^scale. It is immutable.
// Operations never round; where a result would have too many digits they fail
// instead, since a silent loss in a sum of money is worse than a refusal.
type decimal struct {
	unscaled *big.Int
	scale    int
}

var bigTen = big.NewInt(10)

func decimalFromInt(i int64) decimal { return decimal{unscaled: big.NewInt(i)} }

// parseDecimal reads "12", "-0.50", "1234.5"; no exponent, no sign but "-", no
// leading zeros, no negative zero, so that a value has one spelling at a scale.
func parseDecimal(s string) (decimal, bool) {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	if dotted && fraction == "" || whole == "" || whole[0] == '0' && len(whole) > 1 {
		return decimal{}, false
	}
	if len(whole)+len(fraction) > maxDigits || len(fraction) > maxScale {
		return decimal{}, false
	}
	for _, part := range []string{whole, fraction} {
		for i := 0; i < len(part); i++ {
			if part[i] < '0' || part[i] > '9' {
				return decimal{}, false
			}
		}
	}
	d := decimal{unscaled: new(big.Int), scale: len(fraction)}
	if _, ok := d.unscaled.SetString(whole+fraction, 10); !ok {
		return decimal{}, false
	}
	if s[0] == '-' {
		if d.unscaled.Sign() == 0 {
			return decimal{}, false
		}
		d.unscaled.Neg(d.unscaled)
	}
	return d, true
}

// String formats the number with exactly its scale of decimals.
func (d decimal) String() string {
	s := new(big.Int).Abs(d.unscaled).String()
	if d.scale > 0 {
		if missing := d.scale + 1 - len(s); missing > 0 {
			s = strings.Repeat("0", missing) + s
		}
		s = s[:len(s)-d.scale] + "." + s[len(s)-d.scale:]
	}
	if d.unscaled.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// at returns the number written with another scale, if that is exact.
func (d decimal) at(scale int) (decimal, bool) {
	if scale >= d.scale {
		return d.widen(scale), true
	}
	quotient, remainder := new(big.Int).QuoRem(d.unscaled, power10(d.scale-scale), new(big.Int))
	return decimal{quotient, scale}, remainder.Sign() == 0
}

// widen returns the number with a scale that is not below its own.
func (d decimal) widen(scale int) decimal {
	if scale == d.scale {
		return d
	}
	return decimal{new(big.Int).Mul(d.unscaled, power10(scale-d.scale)), scale}
}

func (d decimal) add(e decimal) decimal {
	scale := max(d.scale, e.scale)
	return decimal{new(big.Int).Add(d.widen(scale).unscaled, e.widen(scale).unscaled), scale}
}

func (d decimal) sub(e decimal) decimal { return d.add(e.neg()) }

func (d decimal) mul(e decimal) decimal {
	return decimal{new(big.Int).Mul(d.unscaled, e.unscaled), d.scale + e.scale}
}

func (d decimal) neg() decimal { return decimal{new(big.Int).Neg(d.unscaled), d.scale} }

func (d decimal) abs() decimal { return decimal{new(big.Int).Abs(d.unscaled), d.scale} }

func (d decimal) cmp(e decimal) int {
	scale := max(d.scale, e.scale)
	return d.widen(scale).unscaled.Cmp(e.widen(scale).unscaled)
}

// round returns the nearest number with that scale; halves go away from zero,
// as invoices are rounded (EN 16931), or to the even neighbour.
func (d decimal) round(scale int, even bool) decimal {
	if scale >= d.scale {
		return d.widen(scale)
	}
	return quotient(d.unscaled, power10(d.scale-scale), scale, even)
}

// div returns d/e to that scale, halves away from zero. It reports false for a
// division by zero.
func (d decimal) div(e decimal, scale int) (decimal, bool) {
	if e.unscaled.Sign() == 0 {
		return decimal{}, false
	}
	// d/e = (du * 10^(es+scale)) / (eu * 10^ds) at scale.
	num := new(big.Int).Mul(d.unscaled, power10(e.scale+scale))
	den := new(big.Int).Mul(e.unscaled, power10(d.scale))
	return quotient(num, den, scale, false), true
}

// quotient returns num/den, rounded to an integer, as a decimal of that scale.
func quotient(num, den *big.Int, scale int, even bool) decimal {
	q, r := new(big.Int).QuoRem(num, den, new(big.Int))
	twice := new(big.Int).Abs(r)
	twice.Lsh(twice, 1)
	half := twice.CmpAbs(den)
	if half > 0 || half == 0 && (!even || q.Bit(0) == 1) {
		q.Add(q, big.NewInt(int64(num.Sign()*den.Sign())))
	}
	return decimal{q, scale}
}

// fits reports whether the number is small enough to compute on with.
func (d decimal) fits() bool {
	return d.unscaled.BitLen() <= maxWorkingBits && d.scale <= maxWorkingScale
}

func power10(n int) *big.Int {
	return new(big.Int).Exp(bigTen, big.NewInt(int64(n)), nil)
}

// canonical returns the text of the number at the scale of a field.
func (d decimal) canonical(scale int) (string, error) {
	e, ok := d.at(scale)
	if !ok {
		return "", &ValueError{Want: "a decimal that is exact with " + strconv.Itoa(scale) + " decimals (use .round)"}
	}
	s := e.String()
	if len(strings.Trim(s, "-."))-strings.Count(s, ".") > maxDigits {
		return "", &ValueError{Want: "a decimal of at most " + strconv.Itoa(maxDigits) + " digits"}
	}
	return s, nil
}
