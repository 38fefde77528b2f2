package rules

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// purse is a section with amounts in one currency, in another, in several, in any.
func purse(conditions ...string) Definition {
	d := Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "euros", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}},
		{Name: "yen", Kind: KindMoney, Currencies: []string{"JPY"}},
		{Name: "either", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR", "CHF"}},
		{Name: "any", Kind: KindMoney, Scale: 2},
		{Name: "number", Kind: KindDecimal, Scale: 2}, {Name: "n", Kind: KindInteger}, {Name: "code", Kind: KindText},
		{Name: "lines", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{
			{Name: "price", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}}, {Name: "quantity", Kind: KindInteger}}}},
		{Name: "prices", Kind: KindList, Of: &Field{Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}}},
		{Name: "mixed", Kind: KindList, Of: &Field{Kind: KindMoney, Scale: 2}},
		{Name: "none", Kind: KindList, Of: &Field{Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}}},
	}}}}
	for i, e := range conditions {
		d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: e})
	}
	return d
}

func purseContent() map[string]any {
	return map[string]any{
		"euros": "12.50 EUR", "yen": "1200 JPY", "either": "3.00 CHF", "any": "7.00 USD", "number": "1.50", "n": int64(3), "code": "CHF",
		"lines":  []any{map[string]any{"price": "10.00 EUR", "quantity": int64(2)}, map[string]any{"price": "0.50 EUR", "quantity": int64(1)}},
		"prices": []any{"1.00 EUR", "2.50 EUR"}, "mixed": []any{"1.00 EUR", "1.00 CHF"}, "none": []any{},
	}
}

func TestMoneyExpressions(t *testing.T) {
	cases := map[string]Result{
		`s.euros == money("12.5 EUR")`:                                                        Pass,
		`s.euros == money("12.50 CHF")`:                                                       Fail, // unequal, no error
		`s.euros != money("12.50 CHF")`:                                                       Pass,
		`money("0 EUR") == money("0 CHF")`:                                                    Fail,
		`s.any in [money("7 EUR"), money("7 USD")]`:                                           Pass,
		`s.any in [money("7 EUR"), money("7 CHF")]`:                                           Fail,
		`s.euros + money("0.50 EUR") == money("13 EUR")`:                                      Pass,
		`s.euros - money("12.50 EUR") == money("0 EUR")`:                                      Pass,
		`-s.euros < money("0 EUR") && (-s.euros).abs() == s.euros`:                            Pass,
		`s.euros * 2 == money("25 EUR") && 2 * s.euros == s.euros * 2`:                        Pass,
		`s.n * s.yen == money("3600 JPY")`:                                                    Pass,
		`s.euros * decimal("0.22") == money("2.75 EUR")`:                                      Pass,
		`decimal("0.22") * s.euros == money("2.75 EUR")`:                                      Pass,
		`s.number * s.euros == money("18.75 EUR")`:                                            Pass,
		`s.euros.div(3, 2) == money("4.17 EUR")`:                                              Pass,
		`s.euros.div(decimal("0.5"), 0) == money("25 EUR")`:                                   Pass,
		`money("2.345 EUR").round(2) == money("2.35 EUR")`:                                    Pass,
		`money("2.345 EUR").roundHalfEven(2) == money("2.34 EUR")`:                            Pass,
		`money("-2.5 EUR").round(0) == money("-3 EUR")`:                                       Pass,
		`s.euros.amount() == decimal("12.5") && s.euros.currency() == "EUR"`:                  Pass,
		`money(s.number, s.code) == money("1.5 CHF")`:                                         Pass,
		`money(s.n, "JPY") == money("3 JPY")`:                                                 Pass,
		`s.either <= money(4, s.either.currency())`:                                           Pass,
		`s.euros >= money("12.50 EUR") && s.euros > money("12.49 EUR")`:                       Pass,
		`s.euros > money("12.50 EUR")`:                                                        Fail,
		`string(s.euros) == "12.50 EUR"`:                                                      Pass,
		`"due: " + string(s.yen) == "due: 1200 JPY"`:                                          Pass,
		`s.prices.sum() == money("3.50 EUR")`:                                                 Pass,
		`s.prices.sum("EUR") == s.prices.sum()`:                                               Pass,
		`s.none.sum("EUR") == money("0 EUR")`:                                                 Pass,
		`s.lines.map(l, l.price * l.quantity).sum() == money("20.50 EUR")`:                    Pass,
		`s.lines.filter(l, l.quantity > 9).map(l, l.price).sum("EUR").amount() == decimal(0)`: Pass,
		`type(s.euros) == type(money("1 JPY"))`:                                               Pass,
		`cel.bind(m, s.euros, m + m) == money("25 EUR")`:                                      Pass,
		`s.?euros.orValue(money("0 EUR")) == s.euros`:                                         Pass,
		`(s.n > 2 ? s.euros : money("1 EUR")) == s.euros`:                                     Pass,
		`dyn(s.euros) == dyn(s.number)`:                                                       Fail,
		`s.none.sum() == money("0 EUR")`:                                                      Error,
		`s.mixed.sum() == money("2 EUR")`:                                                     Error,
		`s.mixed.sum("EUR") == money("2 EUR")`:                                                Error,
		`s.any + s.either == s.any`:                                                           Error,
		`s.either < s.euros`:                                                                  Error,
		`s.any - s.euros == s.any`:                                                            Error,
		`s.either >= s.any`:                                                                   Error,
		`s.euros.div(s.n - 3, 2) == s.euros`:                                                  Error,
		`s.euros.div(3, s.n + 16) == s.euros`:                                                 Error,
		`s.euros.round(s.n - 4) == s.euros`:                                                   Error,
		`money(s.code) == s.euros`:                                                            Error,
		`money(s.number, s.code + "X") == s.euros`:                                            Error,
		`s.prices.sum(s.code) == s.euros`:                                                     Error,
		`s.prices.sum("x" + s.code) == s.euros`:                                               Error,
		`dyn(s.euros) + dyn(s.number) == dyn(s.euros)`:                                        Error,
		`money(string(s.n) + " EUR").amount() == decimal(3)`:                                  Pass,
	}
	for e, want := range cases {
		s, err := Compile(purse(e))
		if err != nil {
			t.Errorf("%s: %v", e, err)
			continue
		}
		in := s.Input()
		must(t, in.Section("s", purseContent()))
		if v := s.Eval("c0", in); v.Result != want {
			t.Errorf("%s: %s (%v), want %s", e, v.Result, v.Err, want)
		}
		// Whatever it is, without its inputs it is nothing that is false or true.
		if v := s.Eval("c0", s.Input()); strings.Contains(e, "s.") && strings.Count(e, "s.") == strings.Count(e, "s.euros") && !strings.Contains(e, "?") && v.Result != Unknown {
			t.Errorf("%s without the amount: %s", e, v.Result)
		}
	}
	t.Logf("%d expressions", len(cases))
}

// What does not fit is found when the definition is compiled, with what to write.
func TestMoneyIsNoNumber(t *testing.T) {
	cases := map[string]string{
		`s.euros > 30`:                           `take the .amount(), or write the other as money("12.50 EUR")`,
		`s.euros + s.number > s.euros`:           `take the .amount(), or write the other as money("12.50 EUR")`,
		`s.number <= s.euros`:                    `take the .amount(), or write the other as money("12.50 EUR")`,
		`s.euros == s.number`:                    `take the .amount(), or write the other as money("12.50 EUR")`,
		`s.euros == "12.50 EUR"`:                 `take the .amount(), or write the other as money("12.50 EUR")`,
		`s.euros - 1 == s.euros`:                 `take the .amount(), or write the other as money("12.50 EUR")`,
		`s.euros / 2 == s.euros`:                 `write s.euros.div(2, 2), where 2 is the number of decimals`,
		`s.euros * s.euros == s.euros`:           `money is multiplied by an integer or a decimal`,
		`s.euros > 30.5`:                         `floating-point numbers are not exact`,
		`s.euros * 0.22 == s.euros`:              `floating-point numbers are not exact`,
		`s.euros`:                                `the expression is money, and must be boolean`,
		`money(12.5, "EUR") == s.euros`:          `floating-point numbers are not exact`,
		`money("12.50") == s.euros`:              `this is no amount with its currency such as "12.50 EUR"`,
		`money("12,50 EUR") == s.euros`:          `this is no amount with its currency`,
		`money("12.50 eur") == s.euros`:          `this is no amount with its currency`,
		`money(s.number, "eur") == s.euros`:      `this is no currency: three capital letters`,
		`money(s.number, "€") == s.euros`:        `this is no currency: three capital letters`,
		`s.prices.sum("Euro") == s.euros`:        `this is no currency: three capital letters`,
		`s.prices.sum(1) == s.euros`:             `"sum" does not take`,
		`[s.number].sum("EUR") == s.euros`:       `"sum" does not take`,
		`money(s.euros, "EUR") == s.euros`:       `"money" does not take`,
		`money(s.number) == s.euros`:             `"money" does not take`,
		`decimal(s.euros) == s.number`:           `"decimal" does not take`,
		`s.number.currency() == "EUR"`:           `"currency" does not take`,
		`s.euros.div(s.euros, 2) == s.number`:    `"div" does not take`,
		`s.euros.round(decimal("2")) == s.euros`: `"round" does not take`,
	}
	for e, want := range cases {
		if _, err := Compile(purse(e)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", e, err, want)
		}
	}
	t.Logf("%d expressions refused", len(cases))
}

// Amounts that are never of one currency are found by the declarations, where
// they tell. A definition that is in use is read all the same, since a later
// version may find more; then it is an error when it is evaluated.
func TestTwoCurrenciesAreFound(t *testing.T) {
	found := []string{
		`s.euros + s.yen == s.euros`, `s.euros - s.yen == s.euros`, `s.euros < s.yen`, `s.euros <= s.yen`, `s.euros > s.yen`, `s.euros >= s.yen`,
		`s.euros > money("1 USD")`, `money("1 USD") < s.either`, `s.euros > money(s.number, "USD")`, `s.yen > -s.euros`, `s.yen > s.euros * 2`, `s.yen > s.number * s.euros`, `s.yen > 2 * s.euros`,
		`s.yen > s.euros.round(0)`, `s.yen > s.euros.roundHalfEven(0)`, `s.yen > s.euros.div(2, 0)`, `s.yen > s.euros.abs()`, `s.yen > (s.n > 1 ? s.euros : s.either)`,
		`s.yen > s.prices[0]`, `s.yen > s.lines[0].price`, `s.lines.all(l, l.price < s.yen)`, `s.prices.exists(p, p > s.yen)`, `s.prices.sum() < s.yen`, `s.prices.sum("USD") < s.euros`, `s.euros < s.none.sum("USD")`,
		`s.lines.map(l, l.price * l.quantity).sum() > s.yen`, `s.lines.map(l, l.quantity > 1, l.price).sum() > s.yen`, `s.lines.map(l, l.price).sum("JPY") == s.yen`, `s.prices.filter(p, p > money("1 EUR")).sum() > s.yen`,
		`[s.euros, s.either].sum() > s.yen`, `cel.bind(e, s.euros, e > s.yen)`, `s.?euros.orValue(money("0 EUR")) > s.yen`, `s.euros + (s.any + s.yen) == s.any`, `old.s.euros > s.yen`,
	}
	for _, e := range found {
		_, err := Compile(purse(e))
		if err == nil || !strings.Contains(err.Error(), "of two currencies") || strings.Contains(err.Error(), "12.50") {
			t.Errorf("%s: %v", e, err)
		}
		s, err := CompileFrozen(purse(e))
		if err != nil {
			t.Errorf("%s: in use, and refused: %v", e, err)
			continue
		}
		in := s.Input()
		must(t, in.Section("s", purseContent()))
		must(t, in.Old("s", purseContent()))
		if v := s.Eval("c0", in); v.Result == Pass {
			t.Errorf("%s passes", e)
		}
	}
	for _, e := range []string{
		`s.euros < s.either`, `s.either < s.any`, `s.any > s.yen`, `s.euros == s.yen`, `s.euros != s.yen`, `s.euros in [s.yen]`, `s.euros.amount() > s.yen.amount()`, `s.euros.currency() != s.yen.currency()`,
		`(s.n > 1 ? s.euros : s.any) > s.yen`, `[s.euros, s.any].sum() > s.yen`, `s.mixed.sum() > s.yen`, `s.mixed.sum("JPY") > s.yen`, `money(s.number, s.code) > s.yen`, `money(s.code) > s.yen`, `s.euros.amount() + s.yen.amount() > decimal(0)`,
	} {
		if _, err := Compile(purse(e)); err != nil {
			t.Errorf("%s is refused: %v", e, err)
		}
	}
	// A computed field, and all mistakes at once.
	d := purse(`s.euros > 30`)
	d.Sections[0].Fields = append(d.Sections[0].Fields, Field{Name: "total", Kind: KindMoney, Scale: 2, Currencies: []string{"USD"}, Compute: `lines.map(l, l.price).sum()`})
	_, err := Compile(d)
	for _, want := range []string{"s.total compute: amounts in EUR and in USD are of two currencies", "take the .amount()"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	t.Logf("%d mixtures found", len(found))
}

func TestMoneyFields(t *testing.T) {
	for name, f := range map[string]Field{
		"at most 300 currencies":                           {Kind: KindMoney, Currencies: manyCurrencies(maxCurrencies + 1)},
		"stands there twice":                               {Kind: KindMoney, Currencies: []string{"EUR", "CHF", "EUR"}},
		"a currency is three capital letters":              {Kind: KindMoney, Currencies: []string{"EUR", "eur"}},
		"a currency is three capital letters, such as":     {Kind: KindMoney, Currencies: []string{"EURO"}},
		"a currency is three capital letters, such as EUR": {Kind: KindMoney, Currencies: []string{""}},
		"currencies is not for":                            {Kind: KindDecimal, Currencies: []string{"EUR"}},
		"scale is 0 to 18":                                 {Kind: KindMoney, Scale: maxScale + 1},
		"scale is 0 to":                                    {Kind: KindMoney, Scale: -1},
		"min is no value":                                  {Kind: KindMoney, Scale: 2, Min: "1.00 EUR"},
		"max is no value":                                  {Kind: KindMoney, Scale: 2, Max: "1.005"},
		"an amount without currency":                       {Kind: KindMoney, Scale: 2, Max: "EUR"},
		"min is greater than max":                          {Kind: KindMoney, Scale: 2, Min: "2", Max: "1.99"},
		"choices is not for":                               {Kind: KindMoney, Choices: []Choice{{Name: "EUR"}}},
		"format is not for":                                {Kind: KindMoney, Format: "currency"},
	} {
		f.Name = "m"
		_, err := Compile(Definition{Sections: []Section{{Name: "s", Fields: []Field{f}}}})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %s", err, name)
		}
	}
	compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "m", Kind: KindMoney, Scale: maxScale, Currencies: manyCurrencies(maxCurrencies)}, {Name: "bare", Kind: KindMoney},
	}}}})
}

func manyCurrencies(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string([]byte{'A' + byte(i/26), 'A' + byte(i%26), 'X'})
	}
	return out
}

// Bounds hold whatever the currency, and a currency that is not declared is a
// violation, as a choice is.
func TestMoneyIsValid(t *testing.T) {
	s := compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "m", Kind: KindMoney, Scale: 2, Min: "0", Max: "100.5", Currencies: []string{"EUR", "CHF"}, Check: `this.amount() != decimal("13")`},
		{Name: "lines", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{{Name: "price", Kind: KindMoney, Scale: 2, Min: "0.01", Currencies: []string{"EUR"}}}}},
	}}}})
	for value, want := range map[string]string{
		"0.00 EUR": "", "100.50 CHF": "", "50.00 EUR": "",
		"-0.01 EUR": "s.m.bounds", "100.51 CHF": "s.m.bounds", "1.00 USD": "s.m.currency", "-1.00 USD": "s.m.currency s.m.bounds", "13.00 CHF": "s.m.check",
	} {
		in := s.Input()
		must(t, in.Section("s", map[string]any{"m": value}))
		v := s.Eval("valid.s", in)
		var got []string
		for _, violation := range v.Violations {
			got = append(got, violation.Rule)
			if strings.Contains(violation.String(), value[:4]) || strings.Contains(violation.Message("en"), value) {
				t.Errorf("%s is told: %s, %s", value, violation, violation.Message("en"))
			}
		}
		if strings.Join(got, " ") != want || (v.Result == Pass) != (want == "") {
			t.Errorf("%s: %s %v, want %s", value, v.Result, got, want)
		}
	}
	in := s.Input()
	lines := []any{}
	for _, price := range []string{"1.00 EUR", "2.00 EUR", "3.00 EUR", "0.00 EUR"} {
		lines = append(lines, map[string]any{"price": price})
	}
	must(t, in.Section("s", map[string]any{"lines": lines}))
	v := s.Eval("valid.s", in)
	if len(v.Violations) != 1 || v.Violations[0].Path != "s.lines[3].price" || v.Violations[0].Message("it") != "deve essere almeno 0.01" {
		t.Errorf("%v", v)
	}
	in = s.Input()
	must(t, in.Section("s", map[string]any{"m": "1.00 USD"}))
	if got := s.Eval("valid.s", in).Violations[0].Message("en"); got != "must be an amount in EUR, CHF" {
		t.Error(got)
	}
}

func TestComputeMoney(t *testing.T) {
	lines := Field{Name: "lines", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{
		{Name: "price", Kind: KindMoney, Scale: 2}, {Name: "quantity", Kind: KindInteger},
		{Name: "amount", Kind: KindMoney, Scale: 2, Compute: `price * quantity`}}}}
	s := compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{
		lines,
		{Name: "total", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}, Compute: `lines.map(l, l.amount).sum("EUR")`},
		{Name: "vat", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR"}, Compute: `(total * decimal("0.22")).round(2)`},
	}}}})
	at := func(price string, quantity int64) map[string]any {
		return map[string]any{"price": price, "quantity": quantity}
	}
	out, err := s.Compute("s", map[string]any{"lines": []any{at("10.01 EUR", 3), at("0.50 EUR", 1)}})
	must(t, err)
	if out["total"] != "30.53 EUR" || out["vat"] != "6.72 EUR" || out["lines"].([]any)[0].(map[string]any)["amount"] != "30.03 EUR" {
		t.Errorf("%v", out)
	}
	in := s.Input()
	must(t, in.Section("s", out))
	if v := s.Eval("valid.s", in); v.Result != Pass {
		t.Errorf("what was computed: %v", v)
	}
	out["total"] = "30.53 CHF"
	must(t, in.Section("s", out))
	if v := s.Eval("valid.s", in); v.Result != Fail {
		t.Errorf("another currency: %v", v)
	}
	if out, err := s.Compute("s", map[string]any{"lines": []any{}}); err != nil || out["total"] != "0.00 EUR" {
		t.Errorf("no lines: %v, %v", out, err)
	}
	if out, err := s.Compute("s", map[string]any{"lines": []any{map[string]any{"price": "1.00 EUR"}}}); err != nil || !reflect.DeepEqual(out, map[string]any{"lines": []any{map[string]any{"price": "1.00 EUR"}}}) {
		t.Errorf("no quantity: %v, %v", out, err)
	}
	_, err = s.Compute("s", map[string]any{"lines": []any{at("1.00 CHF", 1)}})
	var broken *EvalError
	if !errors.As(err, &broken) || broken.Reason != "amounts in two currencies" {
		t.Errorf("francs: %v", err)
	}
	for expression, want := range map[string]string{
		`money("1 EUR") * x`: "", `money("1.5 EUR") * x`: "use .round", `money(x, "CH" + "F")`: "its currency (EUR)", `money(x, "EUR") * 9007199254740991 * 9007199254740991`: "at most 30 digits",
		`money("x" + string(x))`: "text is no amount with its currency", `money(x, string(x))`: "text is no currency", `[money("1 EUR")].filter(m, x > 9).sum()`: `a sum of no amounts has no currency`,
	} {
		s := compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{
			{Name: "x", Kind: KindInteger}, {Name: "m", Kind: KindMoney, Currencies: []string{"EUR"}, Compute: expression}}}}})
		_, err := s.Compute("s", map[string]any{"x": int64(7)})
		if (err == nil) != (want == "") || err != nil && (!errors.As(err, &broken) || !strings.Contains(broken.Reason, want) || strings.Contains(broken.Reason, "7")) {
			t.Errorf("%s: %v, %+v, want %q", expression, err, broken, want)
		}
	}
	for expression, want := range map[string]string{`decimal("1")`: `name the currency, as in money(amount, "EUR")`, `1`: `name the currency`, `"1 EUR"`: "must be money"} {
		_, err := Compile(Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "m", Kind: KindMoney, Compute: expression}}}}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", expression, err, want)
		}
	}
	_, err = Compile(Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "m", Kind: KindDecimal, Scale: 2, Compute: `money("1 EUR")`}}}}})
	if err == nil || !strings.Contains(err.Error(), "take the .amount()") {
		t.Errorf("money for a decimal: %v", err)
	}
}

// Every expression has a static cost, and sums cost what their lists can hold.
func TestMoneyCost(t *testing.T) {
	cost := func(e string) uint64 { return compiled(t, purse(e)).Conditions()[1].Cost }
	for _, e := range []string{
		`money(s.code) == s.euros`, `money(s.number, s.code) == s.euros`, `string(s.any).contains("EUR")`, `s.any.currency() + s.any.currency() == "x"`, `s.mixed.sum("EUR") > s.any`,
		`s.lines.map(l, l.price * l.quantity).sum().round(2) >= s.any`, `s.any.div(3, 2) == s.any.abs()`,
	} {
		if c := cost(e); c == 0 || c > 10_000 {
			t.Errorf("%s costs %d", e, c)
		}
	}
	d := purse(`s.prices.sum() > s.any`)
	small := compiled(t, d).Conditions()[1].Cost
	for i := range d.Sections[0].Fields {
		if f := &d.Sections[0].Fields[i]; f.Name == "prices" {
			f.Max = "5000"
		}
	}
	if large := compiled(t, d).Conditions()[1].Cost; large < small+4900 {
		t.Errorf("a sum of 5000 items costs %d, of 100 %d", large, small)
	}
}

// A host's function takes and gives money in its canonical form.
func TestMoneyToHost(t *testing.T) {
	result := any("1.10 CHF")
	d := purse(`exchange(s.euros, "CHF") == money("1.1 CHF")`)
	var got []any
	d.Functions = []Function{{Name: "exchange", Args: []Kind{KindMoney, KindText}, Result: KindMoney, Call: func(args []any) (any, error) { got = args; return result, nil }}}
	s := compiled(t, d)
	in := s.Input()
	must(t, in.Section("s", purseContent()))
	if v := s.Eval("c0", in); v.Result != Pass || !reflect.DeepEqual(got, []any{"12.50 EUR", "CHF"}) {
		t.Errorf("%v of %v", v, got)
	}
	for _, result = range []any{"1.10", "CHF", 1.1, nil, "1.10 chf"} {
		if v := s.Eval("c0", in); v.Result != Error {
			t.Errorf("%v: %v", result, v)
		}
	}
}
