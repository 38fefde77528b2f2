package section

import (
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// Each case: what is given, and the canonical form or the code of the refusal.
type scalarCase struct {
	in, want string
	code     Code
}

func TestScalars(t *testing.T) {
	tests := []struct {
		field Field
		cases []scalarCase
	}{
		{Field{Kind: Text, Max: 5}, []scalarCase{
			{"a", "a", ""}, {" a ", " a ", ""}, {"a\r\nb", "a\nb", ""}, {"\r\n\r\n\r\n\r\n\r\n", "\n\n\n\n\n", ""}, {"\ta\n", "\ta\n", ""},
			{"àèìòù", "àèìòù", ""}, {"😀😀😀😀😀", "😀😀😀😀😀", ""}, {"a\u2028b", "a\u2028b", ""}, {"\ufffd", "\ufffd", ""},
			{"", "", CodeForm}, {"abcdef", "", CodeMax}, {"😀😀😀😀😀😀", "", CodeMax}, {strings.Repeat("a", 100), "", CodeMax},
			{"a\rb", "", CodeForm}, {"a\x00", "", CodeForm}, {"\x1b[0m", "", CodeForm}, {"\x7f", "", CodeForm}, {"\u0085", "", CodeForm},
			{"\xff", "", CodeForm}, {"\xc0\x80", "", CodeForm}, {"\xed\xa0\x80", "", CodeForm}, {"a\xe2\x82", "", CodeForm}, {"\x08", "", CodeForm},
		}},
		{Field{Kind: Decimal, Scale: 2}, []scalarCase{
			{"12.50", "12.50", ""}, {"-0.05", "-0.05", ""}, {"0.00", "0.00", ""}, {"12", "12.00", ""}, {"1.5", "1.50", ""}, {"1.500", "1.50", ""},
			{"-0", "0.00", ""}, {"-0.00", "0.00", ""}, {"-0.000", "0.00", ""}, {strings.Repeat("9", 28) + ".99", strings.Repeat("9", 28) + ".99", ""},
			{"1.505", "", CodeScale}, {"0.001", "", CodeScale}, {"-0.0001", "", CodeScale}, {"1.0000000001", "", CodeScale},
			{strings.Repeat("9", 29), "", CodeRange}, {strings.Repeat("9", 29) + ".99", "", CodeRange},
			{"", "", CodeForm}, {"+1", "", CodeForm}, {"1.", "", CodeForm}, {".5", "", CodeForm}, {"1e3", "", CodeForm}, {"1E3", "", CodeForm},
			{"01", "", CodeForm}, {"00.10", "", CodeForm}, {"-01.00", "", CodeForm}, {"--1", "", CodeForm}, {"1-", "", CodeForm}, {"-", "", CodeForm}, {".", "", CodeForm},
			{" 1", "", CodeForm}, {"1 ", "", CodeForm}, {"1,5", "", CodeForm}, {"1.2.3", "", CodeForm}, {"1_000", "", CodeForm}, {"1.000,00", "", CodeForm},
			{"NaN", "", CodeForm}, {"Inf", "", CodeForm}, {"0x10", "", CodeForm}, {"１", "", CodeForm}, {"٣", "", CodeForm}, {"1.-5", "", CodeForm},
			{"1." + strings.Repeat("0", 100), "", CodeForm}, {"1.50\n", "", CodeForm},
		}},
		{Field{Kind: Money, Scale: 2}, []scalarCase{
			{"12.50 EUR", "12.50 EUR", ""}, {"-0.05 CHF", "-0.05 CHF", ""}, {"12 ZZZ", "12.00 ZZZ", ""}, {"1.500 EUR", "1.50 EUR", ""}, {"-0.00 EUR", "0.00 EUR", ""},
			{strings.Repeat("9", 28) + ".99 EUR", strings.Repeat("9", 28) + ".99 EUR", ""},
			{"12.50", "", CodeForm}, {"12.50 ", "", CodeForm}, {" EUR", "", CodeForm}, {"EUR", "", CodeForm}, {"EUR 12.50", "", CodeForm}, {"12.50 eur", "", CodeForm}, {"12.50 EU", "", CodeForm}, {"12.50 EURO", "", CodeForm},
			{"12.50  EUR", "", CodeForm}, {"12.50 EUR ", "", CodeForm}, {" 12.50 EUR", "", CodeForm}, {"12.50EUR", "", CodeForm}, {"12.50\tEUR", "", CodeForm}, {"12.50\u00a0EUR", "", CodeForm}, {"12.50 €", "", CodeForm}, {"12.50 E1R", "", CodeForm},
			{"12,50 EUR", "", CodeForm}, {"+1 EUR", "", CodeForm}, {"01 EUR", "", CodeForm}, {"1e3 EUR", "", CodeForm}, {"1. EUR", "", CodeForm}, {"", "", CodeForm}, {" ", "", CodeForm}, {"1 EUR CHF", "", CodeForm}, {"1.00 ＥＵＲ", "", CodeForm},
			{"1.505 EUR", "", CodeScale}, {strings.Repeat("9", 29) + " EUR", "", CodeRange}, {"1." + strings.Repeat("0", 100) + " EUR", "", CodeForm}, {"1 EUR\n", "", CodeForm},
		}},
		{Field{Kind: Money, Currencies: []string{"JPY"}}, []scalarCase{
			{"1200 JPY", "1200 JPY", ""}, {"1200", "1200 JPY", ""}, {"-3", "-3 JPY", ""}, {"1200.00", "1200 JPY", ""}, {"-0", "0 JPY", ""}, {strings.Repeat("9", 30), strings.Repeat("9", 30) + " JPY", ""},
			{"1200 EUR", "", CodeCurrency}, {"1200 ", "", CodeForm}, {"1200 jpy", "", CodeForm}, {"12.5 JPY", "", CodeScale}, {"12.5", "", CodeScale}, {"", "", CodeForm}, {"JPY", "", CodeForm}, {strings.Repeat("9", 31), "", CodeRange},
		}},
		{Field{Kind: Money, Scale: 2, Currencies: []string{"EUR", "CHF"}}, []scalarCase{
			{"1 EUR", "1.00 EUR", ""}, {"1 CHF", "1.00 CHF", ""}, {"1", "", CodeForm}, {"1.00", "", CodeForm}, {"1 USD", "", CodeCurrency}, {"1 EUR CHF", "", CodeForm},
		}},
		{Field{Kind: Date}, []scalarCase{
			{"2026-01-31", "2026-01-31", ""}, {"2024-02-29", "2024-02-29", ""}, {"2000-02-29", "2000-02-29", ""}, {"0001-01-01", "0001-01-01", ""}, {"9999-12-31", "9999-12-31", ""},
			{"2026-02-29", "", CodeForm}, {"1900-02-29", "", CodeForm}, {"2026-04-31", "", CodeForm}, {"2026-13-01", "", CodeForm}, {"2026-00-01", "", CodeForm}, {"2026-01-00", "", CodeForm},
			{"0000-01-01", "", CodeForm}, {"-001-01-01", "", CodeForm}, {"10000-01-01", "", CodeForm}, {"2026-1-31", "", CodeForm}, {"2026-01-1", "", CodeForm}, {"20260131", "", CodeForm},
			{"2026/01/31", "", CodeForm}, {"31-01-2026", "", CodeForm}, {"2026-01-31 ", "", CodeForm}, {" 026-01-31", "", CodeForm}, {"2026-01-31T00:00:00Z", "", CodeForm}, {"today", "", CodeForm}, {"", "", CodeForm}, {"２026-01-3", "", CodeForm},
			{"+026-01-31", "", CodeForm}, {"2026-01- 1", "", CodeForm}, {"2026-+1-01", "", CodeForm},
		}},
		{Field{Kind: Datetime}, []scalarCase{
			{"2026-01-31T15:04:05Z", "2026-01-31T15:04:05Z", ""}, {"2026-01-31T15:04:05+01:00", "2026-01-31T15:04:05+01:00", ""}, {"2026-01-31T15:04:05-23:59", "2026-01-31T15:04:05-23:59", ""},
			{"2026-01-31T15:04:05+00:00", "2026-01-31T15:04:05Z", ""}, {"2026-01-31T15:04:05.000Z", "2026-01-31T15:04:05Z", ""}, {"2026-01-31T15:04:05.0+02:00", "2026-01-31T15:04:05+02:00", ""}, {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", ""},
			{"2026-01-31T15:04:05-00:00", "", CodeForm}, {"2026-01-31T15:04:05", "", CodeForm}, {"2026-01-31T15:04Z", "", CodeForm}, {"2026-01-31", "", CodeForm}, {"2026-01-31 15:04:05Z", "", CodeForm},
			{"2026-01-31t15:04:05Z", "", CodeForm}, {"2026-01-31T15:04:05z", "", CodeForm}, {"2026-01-31T15:04:05.5Z", "", CodeForm}, {"2026-01-31T15:04:05.Z", "", CodeForm}, {"2026-01-31T15:04:05,0Z", "", CodeForm},
			{"2026-01-31T24:00:00Z", "", CodeForm}, {"2026-01-31T23:60:00Z", "", CodeForm}, {"2026-12-31T23:59:60Z", "", CodeForm}, {"2026-02-29T00:00:00Z", "", CodeForm}, {"2026-01-31T15:04:05+24:00", "", CodeForm},
			{"2026-01-31T15:04:05+01:60", "", CodeForm}, {"2026-01-31T15:04:05+0100", "", CodeForm}, {"2026-01-31T15:04:05+01", "", CodeForm}, {"2026-01-31T15:04:05+1:00", "", CodeForm}, {"2026-01-31T5:04:05Z", "", CodeForm},
			{"0000-12-31T23:00:00-05:00", "", CodeForm}, {"0001-01-01T00:00:00+01:00", "", CodeForm}, {"9999-12-31T23:59:59-01:00", "", CodeForm}, {"2026-01-31T15:04:05ZZ", "", CodeForm}, {"2026-01-31T15:04:05 Z", "", CodeForm},
			{"2026-01-31T15:04:05.000", "", CodeForm}, {"2026-01-31T15:04:05." + strings.Repeat("0", 60) + "Z", "", CodeForm}, {"", "", CodeForm}, {"2026-01-31T15:04:05Z\n", "", CodeForm}, {"2026-01-31T-5:04:05Z", "", CodeForm},
			{"2026-01-31T15:04:05.0.0Z", "", CodeForm}, {"2026-01-31T15:04:05..0Z", "", CodeForm},
		}},
		{Field{Kind: Duration}, []scalarCase{
			{"3d12h", "3d12h", ""}, {"0s", "0s", ""}, {"72h", "3d", ""}, {"90m", "1h30m", ""}, {"86400s", "1d", ""}, {"1d0h", "1d", ""}, {"0d", "0s", ""}, {"1h1m1s", "1h1m1s", ""}, {"100000d", "100000d", ""}, {"59s", "59s", ""}, {"24h60m", "1d1h", ""},
			{"", "", CodeForm}, {"12h3d", "", CodeForm}, {"1h1h", "", CodeForm}, {"-1h", "", CodeForm}, {"+1h", "", CodeForm}, {"1", "", CodeForm}, {"h", "", CodeForm}, {"1.5h", "", CodeForm}, {"1 h", "", CodeForm}, {"1H", "", CodeForm}, {"1w", "", CodeForm}, {"01h", "", CodeForm},
			{"1h ", "", CodeForm}, {"1ms", "", CodeForm}, {"1h30", "", CodeForm}, {"P3D", "", CodeForm}, {"1d-2h", "", CodeForm}, {"１h", "", CodeForm},
			{"100001d", "", CodeRange}, {"100000d1s", "", CodeRange}, {"8640000001s", "", CodeRange}, {"99999999999999999999d", "", CodeRange}, {"9223372036854775807s", "", CodeRange}, {"213503982334602d", "", CodeRange} /* wraps to 61184 s */, {strings.Repeat("1", 65) + "s", "", CodeForm},
		}},
		{Field{Kind: Choice, Choices: []string{"IT", "DE"}}, []scalarCase{
			{"IT", "IT", ""}, {"it", "", CodeChoice}, {" IT", "", CodeChoice}, {"FR", "", CodeChoice}, {"", "", CodeChoice}, {"ITDE", "", CodeChoice},
		}},
		{Field{Kind: Boolean}, []scalarCase{{"true", "", CodeType}}},
	}
	good, bad := 0, 0
	for _, tt := range tests {
		for _, c := range tt.cases {
			got, code := tt.field.normal(c.in)
			if code != c.code || code == "" && got != c.want {
				t.Errorf("%s: normal(%q) = %q, %q; want %q, %q", tt.field.Kind, c.in, got, code, c.want, c.code)
			}
			if code != "" {
				bad++
				continue
			}
			good++
			if again, code := tt.field.normal(got); again != got || code != "" {
				t.Errorf("%s: %q is not stable: %q, %q", tt.field.Kind, got, again, code)
			}
		}
	}
	if good == 0 || bad <= good {
		t.Fatalf("%d accepted, %d refused: too few refused", good, bad)
	}
	t.Logf("%d accepted, %d refused", good, bad)
}

// The oracle of dates: every day of the calendar as package time counts it.
func TestDatesAreTheCalendar(t *testing.T) {
	n := 0
	for day := time.Date(1896, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2105; day = day.AddDate(0, 0, 1) {
		if _, code := normalDate(day.Format(time.DateOnly)); code != "" {
			t.Fatalf("%s refused", day.Format(time.DateOnly))
		}
		n++
	}
	accepted := 0
	for year := 1896; year < 2105; year++ {
		for month := range 14 {
			for day := range 33 {
				if _, code := normalDate(strings.Join([]string{pad2(year), pad2(month), pad2(day)}, "-")); code == "" {
					accepted++
				}
			}
		}
	}
	if accepted != n {
		t.Errorf("%d dates accepted, the calendar has %d", accepted, n)
	}
}

func pad2(n int) string {
	if s := big.NewInt(int64(n)).String(); len(s) > 1 {
		return s
	} else {
		return "0" + s
	}
}

// The oracle of decimals: math/big says that no value changes.
func TestDecimalsAreExact(t *testing.T) {
	m := newMaker(3)
	const cases = 20_000
	accepted := 0
	for range cases {
		in := m.digits(1 + m.IntN(12))
		if m.IntN(3) > 0 {
			in += "." + m.digits(1+m.IntN(6))
		}
		if m.IntN(2) == 0 {
			in = "-" + in
		}
		scale := 1 + m.IntN(6)
		out, code := normalDecimal(in, scale)
		a, ok := new(big.Rat).SetString(in)
		if !ok {
			t.Fatal(in)
		}
		scaled := new(big.Rat).Mul(a, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
		digits := strings.TrimPrefix(strings.Split(in, ".")[0], "-")
		padded := len(digits) > 1 && digits[0] == '0'
		if fits := scaled.IsInt() && !padded; fits != (code == "") {
			t.Fatalf("%q at scale %d: code %q", in, scale, code)
		}
		if code != "" {
			continue
		}
		accepted++
		if b, _ := new(big.Rat).SetString(out); a.Cmp(b) != 0 || out != a.FloatString(scale) {
			t.Fatalf("%q at scale %d became %q", in, scale, out)
		}
	}
	if accepted == 0 || accepted == cases {
		t.Fatalf("%d of %d accepted", accepted, cases)
	}
	t.Logf("%d accepted, %d refused", accepted, cases-accepted)
}

// cleanText looks at bytes: here at every character alone, and between others.
func TestCleanText(t *testing.T) {
	refused := 0
	for r := range rune(unicode.MaxRune + 1) {
		if !utf8.ValidRune(r) {
			continue
		}
		want := !unicode.IsControl(r) || r == '\n' || r == '\t'
		for _, text := range []string{string(r), "é" + string(r) + "\u00a0"} {
			if cleanText(text) != want {
				t.Errorf("%U: %v", r, !want)
			}
		}
		if !want {
			refused++
		}
	}
	if refused != 63 {
		t.Errorf("%d characters are refused", refused)
	}
	for _, text := range []string{"\xc2", "\xc2a", "a\x80", "\xff", "\xed\xa0\x80", "\xc0\x80"} {
		if cleanText(text) {
			t.Errorf("%q is taken for UTF-8", text)
		}
	}
}
