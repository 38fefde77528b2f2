package tray_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"testing/fstest"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// stage makes a tray of the offer template, with seller and buyer in it.
func stage() (ctx context.Context, host *tray.Host, seller, buyer *tray.Tray) {
	ctx = context.Background()
	tpl, err := template.Load(fstest.MapFS{"offer.yaml": {Data: []byte(offer)}}, "offer.yaml")
	if err != nil {
		log.Fatal(err)
	}
	host = tray.NewHost(store.NewMemory())
	a, _ := tray.NewIdentity()
	b, _ := tray.NewIdentity()
	seller, err = tray.Create(ctx, host, tpl, a, tray.InSuite(section.Classic), tray.Bind("seller", a.Card()), tray.Bind("buyer", b.Card()))
	if err != nil {
		log.Fatal(err)
	}
	if buyer, err = tray.Open(ctx, host, seller.ID(), b); err != nil {
		log.Fatal(err)
	}
	return ctx, host, seller, buyer
}

// write commits one field.
func write(ctx context.Context, t *tray.Tray, path string, value any) {
	d := t.Draft()
	d.Set(path, value)
	if err := d.Commit(ctx); err != nil {
		log.Fatal(err)
	}
}

// An amount is written with its currency, and read exactly.
func ExampleView_Money() {
	const invoice = `
template: invoice
version: 1
roles:
  seller: {manages: [seller]}
sections:
  invoice:
    read: [seller]
    write: [seller]
    fields:
      net:   {type: money, scale: 2, currencies: [EUR]}
      vat:   {type: money, scale: 2, currencies: [EUR], compute: (net * decimal("0.22")).round(2)}
      total: {type: money, scale: 2, currencies: [EUR], compute: net + vat}
lifecycle:
  initial: open
  states: {open: {edit: {seller: [invoice]}}, sent: {final: true}}
  events: {send: {from: open, to: sent, by: [seller], valid: [invoice]}}
`
	ctx := context.Background()
	tpl, err := template.Load(fstest.MapFS{"invoice.yaml": {Data: []byte(invoice)}}, "invoice.yaml")
	if err != nil {
		log.Fatal(err)
	}
	me, _ := tray.NewIdentity()
	t, err := tray.Create(ctx, tray.NewHost(store.NewMemory()), tpl, me, tray.Bind("seller", me.Card()))
	if err != nil {
		log.Fatal(err)
	}
	write(ctx, t, "invoice.net", "19.99") // of the one currency

	view, _ := t.View(ctx)
	fmt.Println(view.Text("invoice.net"), view.Text("invoice.vat"), view.Text("invoice.total"))
	amount, currency, _ := view.Money("invoice.total")
	fmt.Println(amount, currency)
	// Output:
	// 19.99 EUR 4.40 EUR 24.39 EUR
	// 2439/100 EUR
}

func ExampleDraft_Encode() {
	ctx, _, seller, buyer := stage()
	type item struct {
		Item  string `json:"item"`
		Price string `json:"price,omitempty"`
	}
	d := seller.Draft()
	d.Encode("offer", item{"Tagliere", "18.50"})
	fmt.Println(d.Commit(ctx))

	_ = buyer.Sync(ctx)
	view, _ := buyer.View(ctx)
	var got item
	fmt.Println(view.Decode("offer", &got), got)
	price, _ := view.Decimal("offer.price")
	fmt.Println(price)
	// Output:
	// <nil>
	// <nil> {Tagliere 18.50}
	// 37/2
}

// Two edit the same section at once. Fields that only one of them changed are
// merged; a field that got two values is a conflict, and the draft is still
// there: without the field it can be committed, and a new draft can change it.
func ExampleConflictError() {
	ctx, host, seller, _ := stage()
	write(ctx, seller, "offer.item", "Tagliere")

	colleague, _ := tray.NewIdentity()
	d := seller.Draft()
	d.Admit(colleague.Card(), "seller")
	fmt.Println(d.Commit(ctx))
	other, _ := tray.Open(ctx, host, seller.ID(), colleague)

	mine, theirs := seller.Draft(), other.Draft()
	mine.Set("offer.item", "Tagliere grande")
	theirs.Set("offer.price", "18.50")
	fmt.Println(theirs.Commit(ctx), mine.Commit(ctx))

	mine, theirs = seller.Draft(), other.Draft()
	mine.Set("offer.price", "17.00")
	mine.Set("offer.item", "Tagliere d'ulivo")
	theirs.Set("offer.price", "19.00")
	fmt.Println(theirs.Commit(ctx))
	err := mine.Commit(ctx)
	var conflict *tray.ConflictError
	fmt.Println(err, errors.As(err, &conflict))
	fmt.Println(conflict.Conflicts[0].Mine, conflict.Conflicts[0].Theirs)

	price := func() (string, string) {
		view, _ := seller.View(ctx)
		return view.Text("offer.item"), view.Text("offer.price")
	}
	mine.Drop("offer.price") // theirs stands
	fmt.Println(mine.Commit(ctx))
	fmt.Println(price())

	mine = seller.Draft() // mine, knowing theirs
	mine.Set("offer.price", conflict.Conflicts[0].Mine)
	fmt.Println(mine.Commit(ctx))
	fmt.Println(price())
	// Output:
	// <nil>
	// <nil> <nil>
	// <nil>
	// tray: conflict: offer.price was changed since the draft was begun, too true
	// 17.00 19.00
	// <nil>
	// Tagliere d'ulivo 19.00
	// <nil>
	// Tagliere d'ulivo 17.00
}

func ExampleTray_Can() {
	ctx, _, seller, _ := stage()
	blockers, err := seller.Can(ctx, "propose")
	for _, b := range blockers {
		fmt.Println(b.Need, b.Name, b.Roles)
	}
	fmt.Println(err)
	// Output:
	// field offer.item.required [seller]
	// field offer.price.required [seller]
	// <nil>
}

// What is missing can be told to people, in their language.
func ExampleBlocker_Message() {
	ctx, _, seller, _ := stage()
	blockers, _ := seller.Can(ctx, "propose")
	for _, b := range blockers {
		fmt.Println(b.Message(seller.State().Template(), "it"))
	}
	// Output:
	// offer › item: il valore è obbligatorio (può compilare: seller)
	// offer › price: il valore è obbligatorio (può compilare: seller)
}

// Who comes too late is told what became of the invite, and who can make another.
func ExampleState_Invites() {
	ctx, host, seller, _ := stage()
	link, _ := seller.Invite(ctx, "buyer")
	d := seller.Draft()
	d.Withdraw(link.ID())
	fmt.Println(d.Commit(ctx))
	for _, x := range seller.State().Invites() {
		fmt.Println(x.Roles, x.Status, x.By == seller.Me().ID)
	}

	guest, _ := tray.NewIdentity()
	_, err := tray.Join(ctx, host, link, guest)
	var refusal *tray.Refusal
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Messages(seller.State().Template(), "en"))
	}
	// Output:
	// <nil>
	// [buyer] withdrawn true
	// [the invite was withdrawn buyer: a new invite is needed (seller can invite)]
}

// A dismissed participant keeps what he has read, and reads nothing that is
// written later.
func ExampleDraft_Dismiss() {
	ctx, _, seller, buyer := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	d := seller.Draft()
	d.Dismiss(buyer.Me().ID)
	d.Set("offer.item", "Mortaio")
	fmt.Println(d.Commit(ctx))

	_ = buyer.Sync(ctx)
	view, _ := buyer.View(ctx)
	fmt.Println(buyer.Me().Ended(), view.Section("offer").Status)
	// Output:
	// <nil>
	// true opaque
}

// An invite can be withdrawn as long as nobody used it.
func ExampleDraft_Withdraw() {
	ctx, host, seller, _ := stage()
	link, _ := seller.Invite(ctx, "buyer")
	fmt.Println(strings.HasPrefix(fmt.Sprint(link), "link to tray ")) // redacted; link.Reveal gives the text
	d := seller.Draft()
	d.Withdraw(link.ID())
	fmt.Println(d.Commit(ctx))
	guest, _ := tray.NewIdentity()
	_, err := tray.Join(ctx, host, link, guest)
	fmt.Println(errors.Is(err, tray.BadInvite))
	// Output:
	// true
	// <nil>
	// true
}

// A head that was pinned finds out a host that serves an older log.
func ExampleOpenAt() {
	ctx, host, seller, buyer := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	pin := seller.State().Head().String() // keep it

	head, _ := store.ParseHead(pin)
	t, err := tray.OpenAt(ctx, host, head, nil) // nil: to look at what needs no key
	fmt.Println(t.State().Name(), err)

	head.Length++
	_, err = tray.OpenAt(ctx, host, head, nil)
	fmt.Println(errors.Is(err, tray.ErrFork))
	_ = buyer
	// Output:
	// open <nil>
	// true
}

// With a snapshot beside the pin, opening again costs what is new.
func ExampleResume() {
	ctx, host, seller, _ := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	snapshot, _ := seller.Snapshot()
	write(ctx, seller, "offer.price", "18.50")

	t, err := tray.Resume(ctx, host, snapshot, nil)
	fmt.Println(t.State().Head() == seller.State().Head(), err)
	// Output:
	// true <nil>
}

// Anybody who holds log and template verifies a tray, without a key.
func ExampleVerify() {
	ctx, host, seller, _ := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	report, err := tray.Verify(ctx, host, seller.ID(), nil, nil)
	fmt.Println(report.Verified, err)
	for _, s := range report.Sections {
		fmt.Println(s.Section, s.Number, s.Status)
	}
	for _, c := range report.Conditions {
		fmt.Println(c.Condition, c.Result, c.Basis)
	}
	// Output:
	// true <nil>
	// offer 1 opaque
	// address 0 unwritten
	// valid.offer fail attested
	// valid.address unknown unsaid
}

// A tray as one file, which unzip opens; reading it back needs the head from
// somewhere else.
func ExampleExport() {
	ctx, host, seller, _ := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	var file bytes.Buffer
	inventory, err := tray.Export(ctx, host, seller.ID(), &file)
	fmt.Println(inventory.Blobs, len(inventory.Missing), err)

	archive, err := tray.OpenArchive(bytes.NewReader(file.Bytes()), int64(file.Len()))
	fmt.Println(err)
	t, err := tray.OpenAt(ctx, archive, seller.State().Head(), nil)
	fmt.Println(t.State().Head() == seller.State().Head(), err)
	// Output:
	// 1 0 <nil>
	// <nil>
	// true <nil>
}

// A tray moves to another host by its file. The import goes to the store behind
// that host, once the file's head was compared with one from elsewhere.
func ExampleImport() {
	ctx, host, seller, buyer := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	_ = buyer.Sync(ctx)
	pinned := buyer.State().Head()
	var file bytes.Buffer
	if _, err := tray.Export(ctx, host, seller.ID(), &file); err != nil {
		log.Fatal(err)
	}

	archive, err := tray.OpenArchive(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		log.Fatal(err)
	}
	if head, _ := archive.Head(ctx, archive.Tray()); head != pinned {
		log.Fatal("another tray, or an earlier one")
	}
	behind := store.NewMemory()
	inventory, err := tray.Import(ctx, behind, archive)
	fmt.Println(inventory.Blobs, len(inventory.Missing), err)

	moved, err := tray.OpenAt(ctx, tray.NewHost(behind), pinned, nil)
	fmt.Println(moved.State().Name(), err)
	// Output:
	// 1 0 <nil>
	// open <nil>
}

// An identity's file is one that the age tool reads.
func ExampleIdentity_Export() {
	me, _ := tray.NewIdentity()
	var file strings.Builder
	fmt.Println(me.Export(&file))
	again, err := tray.ParseIdentity(strings.NewReader(file.String()))
	fmt.Println(again.ID() == me.ID(), err)
	fmt.Println(strings.HasPrefix(fmt.Sprintf("%v %+v %#v", me, me, me), "identity "))
	// Output:
	// <nil>
	// true <nil>
	// true
}
