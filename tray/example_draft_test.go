package tray_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
)

// A draft shows what it would leave before it is committed: a form's preview.
func ExampleDraft_View() {
	ctx, _, seller, _ := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	d := seller.Draft()
	d.Set("offer.price", "18.5")
	preview, err := d.View(ctx)
	fmt.Println(preview.Text("offer.item"), preview.Text("offer.price"), err)

	view, _ := seller.View(ctx) // nothing was committed
	_, priced := view.Get("offer.price")
	fmt.Println(priced)
	// Output:
	// Tagliere 18.50 <nil>
	// false
}

// What a draft was told can be taken back, so that the rest of it is committed.
func ExampleDraft_Drop() {
	ctx, _, seller, _ := stage()
	d := seller.Draft()
	d.Set("offer.item", "Tagliere")
	d.Set("offer.price", "a lot")
	fmt.Println(errors.Is(d.Commit(ctx), tray.BadValue))

	d.Drop("offer.price")
	fmt.Println(d.Commit(ctx))
	view, _ := seller.View(ctx)
	fmt.Println(view.Text("offer.item"))
	// Output:
	// true
	// <nil>
	// Tagliere
}

// Who has an SSH key or an X25519 recipient only takes part in trays of the
// classic suite.
func ExampleInSuite() {
	ctx, _, seller, _ := stage()
	me, _ := tray.NewIdentity()
	t, err := tray.Create(ctx, tray.NewHost(store.NewMemory()), seller.State().Template(), me,
		tray.InSuite(section.Classic), tray.Bind("seller", me.Card()))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.State().Suite(), t.Me().Roles)
	// Output:
	// classic [seller]
}

// Whoever comes in can be given several roles.
func ExampleAlso() {
	ctx, host, seller, _ := stage()
	link, err := seller.Invite(ctx, "buyer", tray.Also("seller"))
	if err != nil {
		log.Fatal(err)
	}
	me, _ := tray.NewIdentity()
	t, err := tray.Join(ctx, host, link, me)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.Me().Roles)
	// Output:
	// [seller buyer]
}

// A note is sealed, and everybody sees that there is one.
func ExampleDraft_Note() {
	ctx, _, seller, buyer := stage()
	d := seller.Draft()
	d.Note("call before noon")
	fmt.Println(d.Commit(ctx))

	_ = buyer.Sync(ctx)
	for _, t := range []*tray.Tray{seller, buyer} {
		for text, err := range t.Texts(ctx) {
			fmt.Println(text.Kind, text.Status, text.Body(), err)
		}
	}
	// Output:
	// <nil>
	// note readable call before noon <nil>
	// note opaque  <nil>
}

// A signature binds what it covers, and goes stale when that changes.
func ExampleDraft_Sign() {
	ctx, _, seller, buyer := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	_ = buyer.Sync(ctx)
	d := buyer.Draft()
	d.Sign("order", "it")
	fmt.Println(d.Commit(ctx))

	_ = seller.Sync(ctx)
	write(ctx, seller, "offer.item", "Mortaio")
	for _, s := range seller.State().Signatures() {
		fmt.Println(s.Signature, s.Role, s.Language, s.Fresh)
	}
	// Output:
	// <nil>
	// order buyer it false
}
