package tray_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

const delivery = `
template: delivery
version: 1
roles:
  one: {manages: [one]}
holidays: [2026-12-25, 2026-12-26, 2027-01-01]
sections:
  products:
    read: [one]
    write: [one]
    fields:
      lines:
        type: list
        of:
          sku:   {type: text, required: true}
          price: {type: money, scale: 2, currencies: [EUR], min: 0.01, required: true}
          parts: {type: list, of: {count: {type: integer, max: 9}}}
      total: {type: money, scale: 2, currencies: [EUR], compute: 'lines.map(l, l.price).sum("EUR")'}
      ordered:   {type: date}
      delivered: {type: date, compute: ordered.addWorkdays(3)}
      reminded:  {type: date, compute: ordered.addWorkdays(-2)}
      paid:      {type: date, compute: ordered.addMonths(2)}
      working:   {type: integer, compute: delivered.workdaysUntil(ordered)}
      closed:    {type: datetime}
      day:       {type: date, compute: closed.date()}
      wait:      {type: duration, compute: delivered - ordered}
lifecycle:
  initial: open
  states:
    open: {edit: {one: [products]}}
    done: {final: true}
  events:
    end: {from: open, to: done, by: [one], valid: [products]}
`

func deliveryTray(t *testing.T) *tray.Tray {
	t.Helper()
	tpl := must(template.Load(fstest.MapFS{"t.yaml": {Data: []byte(delivery)}}, "t.yaml"))(t)
	me := must(tray.NewIdentity())(t)
	return must(tray.Create(t.Context(), tray.NewHost(store.NewMemory()), tpl, me, tray.InSuite(section.Classic), tray.Bind("one", me.Card())))(t)
}

// Working days skip the template's holidays, months end where they do, and the
// day of a moment is that of its own offset.
func TestComputedDates(t *testing.T) {
	tr := deliveryTray(t)
	d := tr.Draft()
	d.Set("products.ordered", "2026-12-23")
	d.Set("products.closed", "2026-12-31T23:30:00-05:00") // the next day in UTC
	if err := d.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := must(tr.View(t.Context()))(t)
	for field, want := range map[string]string{
		"delivered": "2026-12-29", "reminded": "2026-12-21", "paid": "2027-02-23", "working": "-3", "day": "2026-12-31", "wait": "6d", "total": "",
	} {
		if got := v.Text("products." + field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	d = tr.Draft()
	d.Set("products.ordered", "2026-12-31")
	if err := d.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	v = must(tr.View(t.Context()))(t)
	if v.Text("products.paid") != "2027-02-28" || v.Text("products.delivered") != "2027-01-06" {
		t.Errorf("paid %s, delivered %s", v.Text("products.paid"), v.Text("products.delivered"))
	}
}

// What is wrong is told with its item, as values and as what an event waits for.
func TestPathsOfItems(t *testing.T) {
	tr, ctx := deliveryTray(t), t.Context()
	line := func(sku, price any, counts ...any) map[string]any {
		parts := []any{}
		for _, n := range counts {
			parts = append(parts, map[string]any{"count": n})
		}
		return map[string]any{"sku": sku, "price": price, "parts": parts}
	}
	d := tr.Draft()
	d.Encode("products", map[string]any{"lines": []any{line("a", "1"), line("b", "777 CHF"), line("c", "3", 1, "777"), line("d", "7.775 EUR")}})
	err := d.Commit(ctx)
	var values *section.ValuesError
	if !errors.As(err, &values) || strings.Contains(err.Error(), "777") || strings.Contains(err.Error(), "7.775") {
		t.Fatal(err)
	}
	var got []string
	for _, p := range values.Problems {
		got = append(got, p.Path+" "+string(p.Code))
	}
	if want := []string{"products.lines[1].price currency", "products.lines[2].parts[1].count type", "products.lines[3].price scale"}; !slices.Equal(got, want) {
		t.Errorf("problems %q, want %q", got, want)
	}

	d = tr.Draft()
	d.Encode("products", map[string]any{"lines": []any{line("a", "1"), line(nil, "2"), line("c", "3", 1, 10), line("d", "0")}})
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if v := must(tr.View(ctx))(t); v.Text("products.total") != "6.00 EUR" {
		t.Errorf("total %q", v.Text("products.total"))
	}
	got = nil
	for _, b := range must(tr.Can(ctx, "end"))(t) {
		if b.Need == tray.NeedField {
			got = append(got, b.Path+" "+b.Violation.Reason)
		}
	}
	if want := []string{"products.lines[1].sku required", "products.lines[2].parts[1].count bounds", "products.lines[3].price bounds"}; !slices.Equal(got, want) {
		t.Errorf("blockers %q, want %q", got, want)
	}
	d = tr.Draft()
	d.Set("products.lines[1].sku", "b")
	d.Set("products.lines[2].parts[1].count", 9)
	d.Set("products.lines[3].price", "0.01")
	d.Fire("end")
	if err := d.Commit(ctx); err != nil {
		t.Error(err)
	}
}
