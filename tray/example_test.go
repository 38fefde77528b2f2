package tray_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

const offer = `
template: offer
version: 1
roles:
  seller: {manages: [seller, buyer]}
  buyer: {}
sections:
  offer:
    read: [seller, buyer]
    write: [seller]
    fields:
      item:  {type: text, required: true}
      price: {type: decimal, scale: 2, required: true, min: 0.01}
  address:
    read: [buyer]
    write: [buyer]
    fields:
      street: {type: text, required: true}
signatures:
  order:
    by: buyer
    covers: [offer]
    declare: {en: I buy this, it: Lo compro}
    required: true
lifecycle:
  initial: open
  states:
    open:    {edit: {seller: [offer]}}
    offered: {edit: {buyer: [address]}}
    ordered: {final: true}
  events:
    propose: {from: open, to: offered, by: [seller], valid: [offer]}
    order:   {from: offered, to: ordered, by: [buyer], valid: [address], signed: [order]}
`

func Example() {
	ctx := context.Background()
	tpl, err := template.Load(fstest.MapFS{"offer.yaml": {Data: []byte(offer)}}, "offer.yaml")
	if err != nil {
		log.Fatal(err) // every mistake at once, with file:line:column
	}
	host := tray.NewHost(store.NewMemory()) // or store.OpenDir(path)
	seller, _ := tray.NewIdentity()
	buyer, _ := tray.NewIdentity()

	// The seller opens a tray, fills in the offer and hands it on.
	t, _ := tray.Create(ctx, host, tpl, seller, tray.Bind("seller", seller.Card()))
	d := t.Draft()
	d.Set("offer.item", "Vassoio in legno d'ulivo")
	d.Set("offer.price", "49.90")
	d.Fire("propose")
	_ = d.Commit(ctx) // one signed entry, or a *tray.Refusal
	link, _ := t.Invite(ctx, "buyer")

	// The buyer joins by the link, and reads at once.
	b, _ := tray.Join(ctx, host, link, buyer)
	view, _ := b.View(ctx)
	fmt.Println(view.Text("offer.item"), view.Text("offer.price"))

	// What is missing is said, and who can provide it.
	d = b.Draft()
	d.Fire("order")
	var refusal *tray.Refusal
	if err := d.Commit(ctx); errors.As(err, &refusal) {
		for _, b := range refusal.Blockers {
			fmt.Println(b.String())
		}
	}
	d.Set("address.street", "Via Roma 1")
	d.Sign("order", "it")
	fmt.Println(d.Commit(ctx))

	// The seller is bound to the process, and cannot read the address.
	_ = t.Sync(ctx)
	view, _ = t.View(ctx)
	fmt.Println(t.State().Name(), view.Section("address").Status)
	// Output:
	// Vassoio in legno d'ulivo 49.90
	// order over offer is not signed: buyer can sign it
	// address.street breaks address.street.required: buyer can mend it
	// <nil>
	// ordered opaque
}
