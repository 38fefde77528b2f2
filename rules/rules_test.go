package rules

import (
	"reflect"
	"testing"
)

// order is the definition that most tests use.
func order() Definition {
	return Definition{
		Sections: []Section{
			{Name: "customer", Fields: []Field{
				{Name: "company", Kind: KindText, Required: true},
				{Name: "kind", Kind: KindChoice, Choices: []Choice{{Name: "business"}, {Name: "private"}, {Name: "public", When: `country == "IT"`}}},
				{Name: "country", Kind: KindText, Max: "2"},
				{Name: "vat", Kind: KindText, Max: "20", RequiredIf: `kind == "business"`, When: `kind != "private"`},
				{Name: "address", Kind: KindRecord, Fields: []Field{
					{Name: "city", Kind: KindText, Required: true},
					{Name: "zip", Kind: KindText, Max: "10", RequiredIf: `country == "IT"`, Check: `this.size() == 5 || country != "IT"`},
				}},
				{Name: "since", Kind: KindDate, Check: `this <= today`},
			}},
			{Name: "products", Fields: []Field{
				{Name: "lines", Kind: KindList, Required: true, Max: "500", Of: &Field{Kind: KindRecord, Fields: []Field{
					{Name: "sku", Kind: KindText, Required: true, Max: "20"},
					{Name: "quantity", Kind: KindInteger, Min: "1", Required: true},
					{Name: "price", Kind: KindDecimal, Scale: 2, Min: "0", Required: true},
					{Name: "amount", Kind: KindDecimal, Scale: 2, Compute: `quantity * price`},
				}}},
				{Name: "discount", Kind: KindDecimal, Scale: 2, Check: `this <= total`, Message: Text{"en": "more than the total"}, Severity: SeverityWarning},
				{Name: "total", Kind: KindDecimal, Scale: 2, Compute: `lines.map(l, l.amount).sum()`},
			}},
			{Name: "credit", Fields: []Field{
				{Name: "limit", Kind: KindDecimal, Scale: 2, Required: true},
				{Name: "note", Kind: KindText},
			}},
		},
		Facts: []Fact{{Name: "today", Type: Field{Kind: KindDate}}, {Name: "state", Type: Field{Kind: KindText}}},
		Rules: []Rule{
			{ID: "covered", Expr: `products.total <= credit.limit`, Field: "products.total", At: []string{"validate"},
				Message: Text{"en": "the order exceeds the credit limit", "it": "l'ordine supera il fido"}},
			{ID: "few", Expr: `products.lines.size() < 4`},
			{ID: "keep", Expr: `old.customer.company == customer.company`},
		},
		Conditions: []Condition{{ID: "required.confirmation", Expr: `products.total > decimal("500")`}},
	}
}

func compiled(t testing.TB, d Definition) *Set {
	t.Helper()
	s, err := Compile(d)
	if err != nil {
		t.Fatalf("compile:\n%v", err)
	}
	return s
}

func line(sku string, quantity int64, price string) map[string]any {
	return map[string]any{"sku": sku, "quantity": quantity, "price": price}
}

func TestOrder(t *testing.T) {
	s := compiled(t, order())
	for _, i := range s.Conditions() {
		t.Logf("%+v", i)
	}
	in := s.Input()
	c, err := s.Compute("products", map[string]any{"lines": []any{line("a", 2, "10.50"), line("b", 1, "500.00")}})
	if err != nil {
		t.Fatal(err)
	}
	if c["total"] != "521.00" {
		t.Fatal(c)
	}
	in.Section("products", c)
	in.Hidden("credit")
	for _, i := range s.Conditions() {
		t.Logf("%+v", s.Eval(i.ID, in))
	}
	_ = reflect.DeepEqual
}
