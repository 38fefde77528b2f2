package tray_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// Each bidder has instances of bid and answer of his own; terms are public; and
// what the buyer decided is shown to the bidders once it is final.
const tender = `
template: tender
version: 1
roles:
  buyer:  {manages: [buyer, bidder]}
  bidder: {}
sections:
  terms:
    public: true
    write: [buyer]
    fields:
      object: {type: text}
  bid:
    per: bidder
    read: [buyer, self]
    write: [self]
    fields:
      price: {type: decimal, scale: 2}
  answer:
    per: bidder
    read: [buyer, self]
    write: [buyer]
    fields:
      text: {type: text}
  award:
    read: [buyer, {role: bidder, in: [awarded]}]
    write: [buyer]
    fields:
      winner: {type: text}
lifecycle:
  initial: bidding
  states:
    bidding: {edit: {buyer: [terms, answer, award], bidder: [bid]}}
    awarded: {final: true}
  events:
    ask:   {from: bidding, to: bidding, by: [bidder], reason: required}
    award: {from: bidding, to: awarded, by: [buyer, bidder]}
`

// stageTender makes a tray of the tender template, with a buyer and two bidders.
func stageTender() (ctx context.Context, host *tray.Host, buyer, anna, bruno *tray.Tray) {
	ctx = context.Background()
	tpl, err := template.Load(fstest.MapFS{"tender.yaml": {Data: []byte(tender)}}, "tender.yaml")
	if err != nil {
		log.Fatal(err)
	}
	host = tray.NewHost(store.NewMemory())
	ids := make([]*tray.Identity, 3)
	for i := range ids {
		ids[i], _ = tray.NewIdentity()
	}
	buyer, err = tray.Create(ctx, host, tpl, ids[0], tray.InSuite(section.Classic), tray.Bind("buyer", ids[0].Card()),
		tray.Bind("bidder", ids[1].Card()), tray.Bind("bidder", ids[2].Card()))
	if err != nil {
		log.Fatal(err)
	}
	anna, _ = tray.Open(ctx, host, buyer.ID(), ids[1])
	bruno, _ = tray.Open(ctx, host, buyer.ID(), ids[2])
	return ctx, host, buyer, anna, bruno
}

// In a section that is per a role, a name without more means one's own instance;
// SectionOf gives those of others.
func ExampleView_SectionOf() {
	ctx, _, buyer, anna, bruno := stageTender()
	write(ctx, anna, "bid.price", "12.00")
	write(ctx, bruno, "bid.price", "11.50")

	_ = buyer.Sync(ctx)
	view, _ := buyer.View(ctx)
	for _, bidder := range []*tray.Tray{anna, bruno} {
		price, _ := view.SectionOf("bid", bidder.Me().ID).Get("price")
		fmt.Println(price)
	}
	view, _ = bruno.View(ctx)
	fmt.Println(view.Text("bid.price"), view.SectionOf("bid", anna.Me().ID).Status)
	// Output:
	// 12.00
	// 11.50
	// 11.50 opaque
}

// A draft writes in the instance of another participant by Of: one entry can
// have a part for each.
func ExampleDraft_Of() {
	ctx, _, buyer, anna, bruno := stageTender()
	d := buyer.Draft()
	d.Of(anna.Me().ID).Set("answer.text", "any wood will do")
	d.Of(bruno.Me().ID).Set("answer.text", "by the end of May")
	fmt.Println(d.Commit(ctx))

	_ = bruno.Sync(ctx)
	view, _ := bruno.View(ctx)
	fmt.Println(view.Text("answer.text"))

	d = bruno.Draft()
	d.Of(anna.Me().ID).Set("bid.price", "99.00")
	fmt.Println(errors.Is(d.Commit(ctx), tray.NoRight))
	// Output:
	// <nil>
	// by the end of May
	// true
}

// An event can take a reason, which is sealed to those whom the template names:
// without more, to its author and those who manage his role.
func ExampleDraft_Reason() {
	ctx, _, buyer, anna, bruno := stageTender()
	d := anna.Draft()
	d.Fire("ask")
	fmt.Println(errors.Is(d.Commit(ctx), tray.BadReason)) // the template demands one
	d.Reason("which wood?")
	fmt.Println(d.Commit(ctx))

	for _, reader := range []*tray.Tray{buyer, bruno} {
		_ = reader.Sync(ctx)
		for text, err := range reader.Texts(ctx) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Printf("%s of %s, %s: %q\n", text.Kind, text.Event, text.Status, text.Body())
		}
	}
	// Output:
	// true
	// <nil>
	// reason of ask, readable: "which wood?"
	// reason of ask, opaque: ""
}

// A public section stands in the log itself: whoever holds that reads it, with
// no key.
func ExampleOpen_public() {
	ctx, host, buyer, _, _ := stageTender()
	write(ctx, buyer, "terms.object", "500 trays, oak")

	anybody, err := tray.Open(ctx, host, buyer.ID(), nil)
	if err != nil {
		log.Fatal(err)
	}
	view, _ := anybody.View(ctx)
	fmt.Println(view.Text("terms.object"))
	// Output:
	// 500 trays, oak
}

// A state can show a section to more people. Who brings it about may not be able
// to read it, and so to share it: until a reader commits, it is owed.
func ExampleState_Owed() {
	ctx, _, buyer, anna, bruno := stageTender()
	write(ctx, buyer, "award.winner", "Bruno")
	_ = anna.Sync(ctx)
	d := anna.Draft()
	d.Fire("award")
	fmt.Println(d.Commit(ctx))
	for _, owed := range anna.State().Owed() {
		fmt.Println(owed.Section, "to", len(owed.To), "by", len(owed.By), owed.By[0] == buyer.Me().ID)
	}
	view, _ := anna.View(ctx)
	fmt.Println(view.Section("award").Status)

	_ = buyer.Sync(ctx)
	fmt.Println(buyer.Draft().Commit(ctx)) // shares what is due, and does nothing else
	_ = bruno.Sync(ctx)
	view, _ = bruno.View(ctx)
	fmt.Println(view.Text("award.winner"), len(bruno.State().Owed()))
	// Output:
	// <nil>
	// award to 2 by 1 true
	// due
	// <nil>
	// Bruno 0
}

// Who cannot open what is meant for him, because the host lost a file, say,
// tells everybody. Another reader shares it anew; where there is none, somebody
// has to write it anew.
func ExampleDraft_Unreadable() {
	ctx, host, seller, buyer := stage()
	colleague, _ := tray.NewIdentity()
	d := seller.Draft()
	d.Admit(colleague.Card(), "seller")
	d.Set("offer.item", "Tagliere")
	fmt.Println(d.Commit(ctx))

	_ = buyer.Sync(ctx)
	d = buyer.Draft()
	d.Unreadable("offer")
	fmt.Println(d.Commit(ctx))
	for _, owed := range buyer.State().Owed() {
		fmt.Println(owed.Section, "by", len(owed.By), owed.By[0] == colleague.ID())
	}

	other, _ := tray.Open(ctx, host, seller.ID(), colleague)
	fmt.Println(other.Draft().Commit(ctx))
	fmt.Println(len(other.State().Owed()))
	// Output:
	// <nil>
	// <nil>
	// offer by 1 true
	// <nil>
	// 0
}
