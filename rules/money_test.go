package rules

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

func TestParseMoney(t *testing.T) {
	good := []string{"0 EUR", "12.50 EUR", "-0.05 CHF", "1200 JPY", "1.0 ZZZ", strings.Repeat("9", maxDigits) + " EUR", "-" + strings.Repeat("9", 12) + "." + strings.Repeat("9", 18) + " EUR"}
	for _, s := range good {
		if m, ok := parseMoney(s); !ok || m.String() != s {
			t.Errorf("%q: %v, %v", s, m, ok)
		}
	}
	bad := []string{"", " ", "EUR", " EUR", "12.50", "12.50 ", "12.50EUR", "EUR 12.50", "12.50 eur", "12.50 Eur", "12.50 EU", "12.50 EURO", "12.50 E1R", "12.50 €", "12.50 EUR ", " 12.50 EUR",
		"12.50  EUR", "12.50\tEUR", "12.50\u00a0EUR", "12,50 EUR", "+1 EUR", "01 EUR", "-0 EUR", "-0.00 EUR", "1. EUR", ".5 EUR", "1e3 EUR", "1 EUR\n", "1 ＥＵＲ", "1 EUR CHF", "1 ÀU",
		strings.Repeat("9", maxDigits+1) + " EUR", strings.Repeat("1", 1<<20) + " EUR"}
	for _, s := range bad {
		if _, ok := parseMoney(s); ok {
			t.Errorf("%q was accepted", s)
		}
	}
	t.Logf("%d accepted, %d refused", len(good), len(bad))
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"0 EUR", "-1.50 CHF", "1e3 EUR", "1 eur", "1  EUR"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := parseMoney(s)
		if !ok {
			return
		}
		if m.String() != s {
			t.Errorf("%q became %q", s, m)
		}
		number, currency := s[:len(s)-4], s[len(s)-3:]
		if r, ok := new(big.Rat).SetString(number); !ok || r.Cmp(m.amount.rat()) != 0 || m.currency != currency {
			t.Errorf("%q is not %v", s, m)
		}
	})
}

// Every operation is that of rational numbers within a currency, and none
// across two.
func TestMoneyAgainstRationals(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	results, refused := 0, 0
	for range 3000 {
		a, b, n := money{randomDecimal(r), "EUR"}, money{randomDecimal(r), "EUR"}, randomDecimal(r)
		foreign := money{b.amount, "CHF"}
		i, scale := types.Int(r.IntN(1000)-500), r.IntN(6)
		check := func(what string, got ref.Val, want *big.Rat) {
			results++
			if m, ok := got.(money); !ok || m.currency != "EUR" || m.amount.rat().Cmp(want) != 0 {
				t.Fatalf("%v %s (%v, %v, %v, scale %d) = %v, want %s", a, what, b, n, i, scale, got, want.FloatString(20))
			}
		}
		x, y, f := a.amount.rat(), b.amount.rat(), n.rat()
		check("+", a.Add(b), new(big.Rat).Add(x, y))
		check("-", a.Subtract(b), new(big.Rat).Sub(x, y))
		check("neg", a.Negate(), new(big.Rat).Neg(x))
		check("* decimal", a.Multiply(n), new(big.Rat).Mul(x, f))
		check("decimal *", n.Multiply(a), new(big.Rat).Mul(x, f))
		check("* integer", a.Multiply(i), new(big.Rat).Mul(x, new(big.Rat).SetInt64(int64(i))))
		check("sum", moneySum(types.NewRefValList(types.DefaultTypeAdapter, []ref.Val{a, b, a})), new(big.Rat).Add(new(big.Rat).Add(x, y), x))
		if got := a.Compare(b); got != types.Int(x.Cmp(y)) {
			t.Fatalf("%v compared with %v: %v", a, b, got)
		}
		if got := a.Equal(b); got != types.Bool(x.Cmp(y) == 0) {
			t.Fatalf("%v equals %v: %v", a, b, got)
		}
		for what, got := range map[string]ref.Val{
			"+": a.Add(foreign), "-": a.Subtract(foreign), "<": a.Compare(foreign),
			"sum": moneySum(types.NewRefValList(types.DefaultTypeAdapter, []ref.Val{a, foreign})),
		} {
			refused++
			if err, ok := got.(*types.Err); !ok || !errors.Is(err, errCurrencies) {
				t.Fatalf("%v %s %v = %v", a, what, foreign, got)
			}
		}
		if b.Equal(foreign) != types.False {
			t.Fatalf("%v equals %v", b, foreign)
		}
	}
	t.Logf("%d results compared, %d refused", results, refused)
}

// Amounts grow no larger than decimals do.
func TestMoneyBounds(t *testing.T) {
	limit := decimal{new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), maxWorkingBits), big.NewInt(1)), 0}
	m := money{limit, "EUR"}
	for what, v := range map[string]ref.Val{
		"+": m.Add(money{decimalFromInt(1), "EUR"}), "-": m.Negate().(money).Subtract(money{decimalFromInt(1), "EUR"}), "* integer": m.Multiply(types.Int(2)),
		"* decimal": m.Multiply(decimalFromInt(2)), "decimal *": decimalFromInt(2).Multiply(m),
	} {
		if err, ok := v.(*types.Err); !ok || !errors.Is(err, errDecimalDigits) {
			t.Errorf("%s: beyond the largest number: %v", what, v)
		}
	}
	if v := m.Add(money{decimalFromInt(0), "EUR"}); types.IsError(v) {
		t.Error("the largest number is refused")
	}
}
