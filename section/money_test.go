package section

import (
	"encoding/json"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"
)

// moneyFields have one currency, several, any, and no decimals.
var moneyFields = []Field{
	{Name: "price", Kind: Money, Scale: 2, Currencies: []string{"EUR"}},
	{Name: "deposit", Kind: Money, Scale: 2, Currencies: []string{"EUR", "CHF"}},
	{Name: "open", Kind: Money, Scale: 3},
	{Name: "yen", Kind: Money, Currencies: []string{"JPY"}},
	{Name: "lines", Kind: List, Max: 3, Of: &Field{Kind: Record, Fields: []Field{{Name: "price", Kind: Money, Scale: 2, Currencies: []string{"EUR"}}}}},
}

func moneySchema(t testing.TB) *Schema { return must[*Schema](t)(NewSchema(moneyFields)) }

func TestCoerceMoney(t *testing.T) {
	const ok = ""
	tests := []struct {
		field string
		in    any
		want  any // nil: absent
		code  Code
	}{
		{"price", "12.5 EUR", "12.50 EUR", ok}, {"price", "12.5", "12.50 EUR", ok}, {"price", 12, "12.00 EUR", ok}, {"price", uint8(12), "12.00 EUR", ok},
		{"price", json.Number("-12.5"), "-12.50 EUR", ok}, {"price", named("1"), "1.00 EUR", ok}, {"price", ptr("1.000"), "1.00 EUR", ok}, {"price", "-0", "0.00 EUR", ok},
		{"price", "", nil, ok}, {"price", nil, nil, ok}, {"price", (*string)(nil), nil, ok},
		{"price", "12.5 CHF", nil, CodeCurrency}, {"price", "12.505", nil, CodeScale}, {"price", "12.505 EUR", nil, CodeScale}, {"price", 12.5, nil, CodeType}, {"price", float32(12), nil, CodeType},
		{"price", json.Number("1e2"), nil, CodeForm}, {"price", "12,5", nil, CodeForm}, {"price", "EUR", nil, CodeForm}, {"price", "12 eur", nil, CodeForm}, {"price", "12 ", nil, CodeForm},
		{"price", true, nil, CodeType}, {"price", time.Second, nil, CodeType}, {"price", []byte("5 EUR"), nil, CodeType}, {"price", []string{"5 EUR"}, nil, CodeType},
		{"price", map[string]any{"amount": "5", "currency": "EUR"}, nil, CodeType}, {"price", struct{}{}, nil, CodeType}, {"price", json.Number(strings.Repeat("9", 29)), nil, CodeRange},

		{"price", big.NewRat(25, 2), "12.50 EUR", ok}, {"price", big.NewRat(1, 8), nil, CodeScale}, {"deposit", big.NewRat(5, 1), nil, CodeForm}, {"yen", big.NewRat(1, 2), nil, CodeScale}, {"yen", big.NewRat(6, 2), "3 JPY", ok},
		{"deposit", "5 CHF", "5.00 CHF", ok}, {"deposit", "5 EUR", "5.00 EUR", ok},
		{"deposit", "5", nil, CodeForm}, {"deposit", 5, nil, CodeForm}, {"deposit", json.Number("5.00"), nil, CodeForm}, {"deposit", "5 USD", nil, CodeCurrency},

		{"open", "5 USD", "5.000 USD", ok}, {"open", "5 XYZ", "5.000 XYZ", ok}, {"open", "5", nil, CodeForm}, {"open", 5, nil, CodeForm}, {"open", "5 usd", nil, CodeForm},

		{"yen", 1200, "1200 JPY", ok}, {"yen", "1200.00 JPY", "1200 JPY", ok}, {"yen", "1200.5 JPY", nil, CodeScale}, {"yen", "1 EUR", nil, CodeCurrency},
	}
	s := moneySchema(t)
	good, bad := 0, 0
	for _, tt := range tests {
		got, err := s.Coerce(map[string]any{tt.field: tt.in})
		if tt.code != ok {
			bad++
			wantProblems(t, err, tt.field+" "+string(tt.code))
			continue
		}
		good++
		want := Content{}
		if tt.want != nil {
			want[tt.field] = tt.want
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %T %v became %v, %v; want %v", tt.field, tt.in, tt.in, got, err, want)
		}
	}
	if good == 0 || bad <= good {
		t.Fatalf("%d accepted, %d refused: too few refused", good, bad)
	}
	t.Logf("%d accepted, %d refused", good, bad)
}

const moneyEncoding = `{"price":"12.50 EUR","deposit":"-5.00 CHF","open":"0.001 XYZ","yen":"1200 JPY","lines":[{"price":"0.99 EUR"},{}]}`

func TestEncodeMoney(t *testing.T) {
	s := moneySchema(t)
	c := Content{
		"price": "12.50 EUR", "deposit": "-5.00 CHF", "open": "0.001 XYZ", "yen": "1200 JPY",
		"lines": []any{map[string]any{"price": "0.99 EUR"}, map[string]any{}},
	}
	if b := must[[]byte](t)(s.Encode(c)); string(b) != moneyEncoding {
		t.Errorf("got  %s\nwant %s", b, moneyEncoding)
	}
	if back := must[Content](t)(s.Decode([]byte(moneyEncoding))); !Equal(back, c) {
		t.Errorf("decoded %v", back)
	}
	// One encoding: neither content nor bytes in another spelling.
	refused := 0
	for _, value := range []string{"12.50", "12.5 EUR", "12.500 EUR", "12 EUR", "-0.00 EUR", "012.50 EUR", "12.50 CHF", "12.50 eur", "12.50  EUR", "12.50 EUR ", " 12.50 EUR", "EUR 12.50", "", "12.50\u00a0EUR"} {
		_, err := s.Encode(Content{"price": value})
		if problems := problemsOf(err); len(problems) != 1 || value != "" && strings.Contains(err.Error(), value) {
			t.Errorf("%q is encoded, or told: %v", value, err)
		}
		if _, err := s.Decode([]byte(`{"price":"` + value + `"}`)); err == nil {
			t.Errorf("%q is decoded", value)
		}
		refused++
	}
	for _, b := range []string{`{"price":12.50}`, `{"price":null}`, `{"price":{"amount":"12.50","currency":"EUR"}}`, `{"price":["12.50","EUR"]}`, `{"price":"12.50\u0020EUR"}`, `{"yen":1200}`} {
		if _, err := s.Decode([]byte(b)); err == nil {
			t.Errorf("%s is decoded", b)
		}
		refused++
	}
	t.Logf("%d spellings refused", refused)
}

// Another currency is another content, to the commitment and to whoever merges.
func TestMoneyIsItsCurrency(t *testing.T) {
	s := moneySchema(t)
	r := orderRevision()
	roots := map[Root]string{}
	for _, value := range []string{"5.00 EUR", "5.00 CHF", "-5.00 EUR", "0.00 EUR", "0.00 CHF"} {
		r.Content = Content{"deposit": value}
		root := must[Root](t)(s.Root(r))
		if other, twice := roots[root]; twice {
			t.Errorf("%s and %s have one root", value, other)
		}
		roots[root] = value
		if root != naiveRoot(t, s, r) {
			t.Errorf("%s: the root is not the oracle's", value)
		}
	}
	if Equal(Content{"deposit": "0.00 EUR"}, Content{"deposit": "0.00 CHF"}) {
		t.Error("nothing of one currency equals nothing of another")
	}
}

// The oracle of amounts: math/big says that no value changes, and the currency
// never does.
func TestMoneyIsExact(t *testing.T) {
	m := newMaker(5)
	const cases = 20_000
	accepted := 0
	for range cases {
		number := m.digits(1 + m.IntN(12))
		if m.IntN(3) > 0 {
			number += "." + m.digits(1+m.IntN(6))
		}
		if m.IntN(2) == 0 {
			number = "-" + number
		}
		scale, currency := m.IntN(6), []string{"EUR", "JPY", "XXX"}[m.IntN(3)]
		out, code := normalMoney(number+" "+currency, scale, nil)
		a, ok := new(big.Rat).SetString(number)
		if !ok {
			t.Fatal(number)
		}
		scaled := new(big.Rat).Mul(a, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
		whole := strings.TrimPrefix(strings.Split(number, ".")[0], "-")
		padded := len(whole) > 1 && whole[0] == '0'
		if fits := scaled.IsInt() && !padded; fits != (code == "") {
			t.Fatalf("%q at scale %d: code %q", number, scale, code)
		}
		if code != "" {
			continue
		}
		accepted++
		if out != a.FloatString(scale)+" "+currency {
			t.Fatalf("%q at scale %d became %q", number, scale, out)
		}
		for _, currencies := range [][]string{{currency}, {"AAA", currency}} {
			if again, code := normalMoney(out, scale, currencies); again != out || code != "" {
				t.Fatalf("%q is not stable: %q, %q", out, again, code)
			}
		}
	}
	if accepted == 0 || accepted == cases {
		t.Fatalf("%d of %d accepted", accepted, cases)
	}
	t.Logf("%d accepted, %d refused", accepted, cases-accepted)
}
