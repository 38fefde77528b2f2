package rules_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/vassoio/vassoio/rules"
)

// orders is the definition of the examples: products that sales writes, and a
// credit limit that only customer service can read.
func orders() rules.Definition {
	return rules.Definition{
		Sections: []rules.Section{
			{Name: "products", Fields: []rules.Field{
				{Name: "lines", Kind: rules.KindList, Required: true, Max: "500", Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{
					{Name: "sku", Kind: rules.KindText, Required: true},
					{Name: "quantity", Kind: rules.KindInteger, Min: "1", Required: true},
					{Name: "price", Kind: rules.KindDecimal, Scale: 2, Required: true},
				}}},
				{Name: "total", Kind: rules.KindDecimal, Scale: 2, Compute: `lines.map(l, l.price * l.quantity).sum()`},
			}},
			{Name: "credit", Fields: []rules.Field{
				{Name: "limit", Kind: rules.KindDecimal, Scale: 2, Required: true},
			}},
		},
		Rules: []rules.Rule{{
			ID: "covered", Expr: `products.total <= credit.limit`, Field: "products.total",
			Message: rules.Text{"en": "the order exceeds the credit limit", "it": "l'ordine supera il fido"},
		}},
		Conditions: []rules.Condition{{ID: "required.confirmation", Expr: `products.total > decimal("500")`}},
	}
}

func order() map[string]any {
	return map[string]any{"lines": []any{
		map[string]any{"sku": "A-1", "quantity": int64(3), "price": "250.00"},
	}}
}

func Example() {
	set, err := rules.Compile(orders())
	if err != nil {
		fmt.Println(err)
		return
	}
	content, err := set.Compute("products", order())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("total", content["total"])

	// Sales cannot read the credit limit; customer service can.
	sales, care := set.Input(), set.Input()
	for _, in := range []*rules.Input{sales, care} {
		if err := in.Section("products", content); err != nil {
			fmt.Println(err)
		}
	}
	sales.Hidden("credit")
	care.Section("credit", map[string]any{"limit": "700.00"})

	v := set.Eval("rule.covered", sales)
	fmt.Println("sales:", v.Result, v.Hidden)
	v = set.Eval("rule.covered", care)
	fmt.Println("care:", v.Result, v.Violations[0], "-", v.Violations[0].Message("it"))
	// Output:
	// total 750.00
	// sales: unknown [credit]
	// care: fail rule.covered at products.total: rule - l'ordine supera il fido
}

func ExampleSet_Conditions() {
	set, err := rules.Compile(orders())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, info := range set.Conditions() {
		fmt.Println(info.ID, info.Sections, info.Paths)
	}
	// Output:
	// valid.products [products] [products products.lines[].price products.lines[].quantity]
	// valid.credit [credit] [credit]
	// rule.covered [credit products] [credit.limit products.total]
	// required.confirmation [products] [products.total]
}

func ExampleSet_Affected() {
	set, err := rules.Compile(orders())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Affected([]string{"credit.limit"}))
	// Output: [valid.credit rule.covered]
}

func ExampleSet_Eval_fields() {
	set, err := rules.Compile(orders())
	if err != nil {
		fmt.Println(err)
		return
	}
	in := set.Input()
	in.Section("products", map[string]any{"lines": []any{map[string]any{"sku": "A-1", "quantity": int64(0)}}})
	for _, v := range set.Eval("valid.products", in).Violations {
		fmt.Println(v, "-", v.Message("en"))
	}
	// Output:
	// products.lines[].quantity.bounds at products.lines[0].quantity: bounds - must be at least 1
	// products.lines[].price.required at products.lines[0].price: required - a value is required
}

func ExampleCompile_diagnostics() {
	d := orders()
	d.Rules[0].Expr = "products.totl <= credit.limit &&\nproducts.total > 500"
	d.Rules[0].Pos = rules.Positions{"rule": {File: "order.yaml", Line: 40, Column: 7}}
	_, err := rules.Compile(d)
	fmt.Println(err)
	// Output:
	// order.yaml:40:16: rule covered: "products" has no field "totl"; did you mean "total"?
	//  | products.totl <= credit.limit &&
	//  |          ^
	// order.yaml:41:22: rule covered: ">" does not take products.total (decimal) and 500 (integer); write a decimal as decimal("12.50")
	//  | products.total > 500
	//  |                ^
}

// Amounts carry their currency. Those of two are neither added nor compared.
func ExampleCompile_money() {
	price := rules.Field{Name: "price", Kind: rules.KindMoney, Scale: 2, Currencies: []string{"EUR"}}
	d := rules.Definition{
		Sections: []rules.Section{
			{Name: "offer", Fields: []rules.Field{
				{Name: "lines", Kind: rules.KindList, Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{price, {Name: "quantity", Kind: rules.KindInteger}}}},
				{Name: "total", Kind: rules.KindMoney, Scale: 2, Currencies: []string{"EUR"}, Compute: `lines.map(l, l.price * l.quantity).sum("EUR")`},
			}},
			{Name: "budget", Fields: []rules.Field{{Name: "limit", Kind: rules.KindMoney, Scale: 2, Currencies: []string{"CHF"}}}},
		},
		Rules: []rules.Rule{{ID: "affordable", Expr: `offer.total <= budget.limit`}},
	}
	_, err := rules.Compile(d)
	fmt.Println(err)

	d.Sections[1].Fields[0].Currencies = nil // any: now it depends on what is written there
	set, err := rules.Compile(d)
	if err != nil {
		fmt.Println(err)
		return
	}
	offer, err := set.Compute("offer", map[string]any{"lines": []any{map[string]any{"price": "19.99 EUR", "quantity": int64(3)}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(offer["total"])
	for _, limit := range []string{"60.00 EUR", "60.00 CHF"} {
		in := set.Input()
		in.Section("offer", offer)
		in.Section("budget", map[string]any{"limit": limit})
		v := set.Eval("rule.affordable", in)
		fmt.Println(v.Result, v.Err)
		if broken := (*rules.EvalError)(nil); errors.As(v.Err, &broken) {
			fmt.Println(broken.Reason) // may tell something of the amounts
		}
	}
	// Output:
	// 1:13: rule affordable: amounts in EUR and in CHF are of two currencies
	//  | offer.total <= budget.limit
	//  |             ^
	// 59.97 EUR
	// pass <nil>
	// error rule.affordable: an expression broke
	// amounts in two currencies
}

func ExampleSet_Lint() {
	d := orders()
	d.Rules[0].Message = nil
	d.Conditions[0].Expr = `1 > 2`
	set, err := rules.Compile(d)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range set.Lint() {
		fmt.Println(w)
	}
	// Output:
	// rule covered: without a message people see the id of the rule only
	// 1:1: condition required.confirmation: it reads nothing and never holds; name the fields that it is about, or leave it out
	//  | 1 > 2
	//  | ^
}

// A definition names the functions of the application that it needs. Everybody
// can compile it; whoever has the functions can evaluate all of it.
func ExampleSet_With() {
	d := orders()
	d.Functions = []rules.Function{{Name: "inStock", Args: []rules.Kind{rules.KindText}, Result: rules.KindBoolean}}
	d.Conditions = []rules.Condition{{ID: "available", Expr: `products.lines.all(l, inStock(l.sku))`}}
	lacking, err := rules.Compile(d)
	if err != nil {
		fmt.Println(err)
		return
	}
	having, err := lacking.With(rules.Library{Functions: []rules.Function{{
		Name: "inStock", Args: []rules.Kind{rules.KindText}, Result: rules.KindBoolean,
		Call: func(args []any) (any, error) { return args[0] == "A-1", nil },
	}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range []*rules.Set{lacking, having} {
		in := set.Input()
		in.Section("products", order())
		v := set.Eval("available", in)
		fmt.Println(v.Result, v.Lacks)
	}
	infos := lacking.Conditions()
	fmt.Println("needs", infos[len(infos)-1].Needs, "replayable:", infos[len(infos)-1].Replayable)
	// Output:
	// unknown [inStock]
	// pass []
	// needs [inStock] replayable: false
}

// A definition that nobody should have admitted: it is taken as it is, since a
// log was written under it, but what it could take forever with is not run.
func ExampleCompileFrozen() {
	d := rules.Definition{
		Sections: []rules.Section{{Name: "s", Fields: []rules.Field{
			{Name: "list", Kind: rules.KindList, Max: "5000", Of: &rules.Field{Kind: rules.KindInteger}},
		}}},
		Conditions: []rules.Condition{{ID: "slow", Expr: "s.list.all(a, s.list.all(b, s.list.all(c, a + b + c > 0)))"}},
	}
	_, err := rules.Compile(d)
	fmt.Println(err != nil)
	set, err := rules.CompileFrozen(d)
	if err != nil {
		panic(err)
	}
	v := set.Eval("slow", set.Input())
	fmt.Printf("%q %v, %v\n", v.Result, errors.Is(v.Err, rules.ErrTooDear), v.Err)
	// Output:
	// true
	// "" true, slow: it is not run, since it could take too long
}

// A form edits one field: an input that differs in one section, and only what
// reads the field is evaluated again.
func ExampleInput_With() {
	set, err := rules.Compile(rules.Definition{
		Sections: []rules.Section{
			{Name: "offer", Fields: []rules.Field{{Name: "total", Kind: rules.KindInteger}, {Name: "note", Kind: rules.KindText}}},
			{Name: "credit", Fields: []rules.Field{{Name: "limit", Kind: rules.KindInteger}}},
		},
		Rules: []rules.Rule{{ID: "covered", Expr: "offer.total <= credit.limit"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	in := set.Input()
	err = errors.Join(
		in.Section("offer", map[string]any{"total": int64(80)}),
		in.Section("credit", map[string]any{"limit": int64(100)}))
	if err != nil {
		log.Fatal(err)
	}
	edited, err := in.With("offer", map[string]any{"total": int64(120)})
	if err != nil {
		log.Fatal(err)
	}
	changed := []string{"offer.total"}
	for v := range set.EvalChanged(edited, changed) {
		fmt.Println(v.ID, set.Eval(v.ID, in).Result, v.Result)
	}
	// Output:
	// valid.offer pass pass
	// rule.covered pass fail
}
