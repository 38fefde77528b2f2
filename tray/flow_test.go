package tray_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

func identity(t testing.TB) *tray.Identity {
	t.Helper()
	id, err := tray.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestOrder plays the canonical flow: sales, an invited customer, customer
// service, and a host that reads nothing.
func TestOrder(t *testing.T) {
	ctx := context.Background()
	raw, _ := os.ReadFile("template/testdata/order.yaml")
	text := strings.ReplaceAll(strings.ReplaceAll(string(raw), "format: vat_it, ", ""), "format: phone", "check: \"this.startsWith('+')\"")
	tpl := must(template.Load(fstest.MapFS{"order.yaml": {Data: []byte(text)}}, "order.yaml"))(t)
	host := tray.NewHost(store.NewMemory())
	sales, care, customer := identity(t), identity(t), identity(t)

	st := must(tray.Create(ctx, host, tpl, sales, tray.Bind("sales", sales.Card()), tray.Bind("care", care.Card())))(t)
	d := st.Draft()
	d.Encode("customer", map[string]any{"company": "Rossi S.r.l.", "vat": "00743110157", "phone": "info@rossi.example"})
	d.Encode("products", map[string]any{"lines": []any{
		map[string]any{"sku": "A-1", "quantity": 3, "price": "199.90"},
		map[string]any{"sku": "B-2", "quantity": 10, "price": "12.05"},
	}})
	d.Fire("submit")
	err := d.Commit(ctx)
	var refusal *tray.Refusal
	if !errors.As(err, &refusal) || refusal.Code != tray.Blocked {
		t.Fatalf("an e-mail address for a phone number: %v", err)
	}
	t.Log(err)
	d.Set("customer.phone", "+39026123456")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if v := must(st.View(ctx))(t); v.Text("products.total") != "720.20" {
		t.Fatalf("total %q", v.Text("products.total"))
	}

	link := must(st.Invite(ctx, "customer"))(t)
	link = must(tray.ParseLink(link.Reveal("https://app.example/t")))(t)
	ct := must(tray.Join(ctx, host, link, customer))(t)
	v := must(ct.View(ctx))(t)
	if v.Text("customer.company") != "Rossi S.r.l." || v.Section("credit").Status != tray.Unwritten {
		t.Fatalf("the customer reads %q, credit is %s", v.Text("customer.company"), v.Section("credit").Status)
	}
	d = ct.Draft()
	d.Set("customer.company", "Rossi S.p.A.")
	d.Fire("confirm")
	err = d.Commit(ctx)
	if !errors.Is(err, tray.Blocked) {
		t.Fatalf("confirmed without the signature: %v", err)
	}
	t.Log(err)
	d.Sign("confirmation", "it")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := tray.Join(ctx, host, link, identity(t)); !errors.Is(err, tray.BadInvite) {
		t.Fatalf("the invite was used twice: %v", err)
	}

	kt := must(tray.Open(ctx, host, st.ID(), care))(t)
	d = kt.Draft()
	d.Set("credit.limit", "500")
	d.Fire("validate")
	err = d.Commit(ctx)
	if !errors.Is(err, tray.Blocked) {
		t.Fatalf("validated above the limit: %v", err)
	}
	t.Log(err)
	d.Set("credit.limit", "1000.00")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}

	if err := st.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	v = must(st.View(ctx))(t)
	if v.State.Name() != "validated" || v.Section("credit").Status != tray.Opaque || v.Text("customer.company") != "Rossi S.p.A." {
		t.Fatalf("state %s, credit %s", v.State.Name(), v.Section("credit").Status)
	}
	s := must(tray.NewHost(host).State(ctx, st.ID()))(t)
	if s.Head() != st.State().Head() {
		t.Fatal("a second host replays to another head")
	}
}
