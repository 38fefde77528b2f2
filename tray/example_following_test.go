package tray_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
)

func ExampleTray_Timeline() {
	ctx, _, seller, _ := stage()
	d := seller.Draft()
	d.Set("offer.item", "Tagliere")
	d.Set("offer.price", "18.50")
	d.Note("the buyer asked for oak")
	d.Fire("propose")
	_ = d.Commit(ctx)

	for step, err := range seller.Timeline(ctx) {
		if err != nil {
			log.Fatal(err) // the host does not serve what was verified
		}
		fmt.Println(step.Seq, step.Roles, step.From, "to", step.To)
		for _, act := range step.Acts {
			switch act := act.(type) {
			case tray.DidCreate:
				fmt.Println("  opened a tray, suite", act.Suite)
			case tray.DidAdmit:
				fmt.Println("  admitted", act.Roles)
			case tray.DidWrite:
				fmt.Println("  wrote", act.Section, act.Number, "to", len(act.To))
			case tray.DidFire:
				fmt.Println("  fired", act.Event)
			}
		}
	}
	for text, err := range seller.Texts(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(text.Kind, text.Seq, text.Body())
	}
	// Output:
	// 0 [seller]  to open
	//   opened a tray, suite classic
	//   admitted [seller]
	//   admitted [buyer]
	// 1 [seller] open to offered
	//   wrote offer 1 to 2
	//   fired propose
	// note 1 the buyer asked for oak
}

func ExampleHost_Events() {
	ctx, host, seller, buyer := stage()
	var cursor store.Cursor // kept where it outlives the program
	poll := func() {
		for ev, err := range host.Events(ctx, cursor) {
			if err != nil {
				log.Fatal(err) // and ask again later
			}
			fmt.Println(ev.Seq, ev.Type, ev.To, "turn:", ev.Turn)
			cursor = ev.Cursor
		}
	}
	poll()

	d := seller.Draft()
	d.Set("offer.item", "Tagliere")
	d.Set("offer.price", "18.50")
	d.Fire("propose")
	_ = d.Commit(ctx)
	poll()

	d = buyer.Draft()
	d.Set("address.street", "Via Roma 1")
	_ = d.Commit(ctx)
	poll()
	// Output:
	// 0 created open turn: [seller]
	// 1 moved offered turn: [buyer]
	// 2 changed offered turn: [buyer]
}

func ExampleEvent_CloudEvent() {
	ctx, host, _, _ := stage()
	for ev, err := range host.Events(ctx, "") {
		if err != nil {
			log.Fatal(err)
		}
		text, err := ev.CloudEvent("https://app.example/trays")
		if err != nil {
			log.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), `"type"`)
		kind, _, _ := strings.Cut(rest, ",")
		fmt.Println(kind, strings.HasPrefix(string(text), `{"specversion":"1.0","id":"`+ev.ID()+`"`))
	}
	// Output:
	// :"io.github.vassoio.tray.created" true
}

func ExampleTray_Waiting() {
	ctx, _, seller, buyer := stage()
	d := seller.Draft()
	d.Set("offer.item", "Tagliere")
	d.Set("offer.price", "18.50")
	d.Fire("propose")
	_ = d.Commit(ctx)

	_ = buyer.Sync(ctx)
	tasks, err := buyer.Waiting(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, task := range tasks {
		switch x := task.(type) {
		case tray.TaskEdit:
			fmt.Println("edit", x.Section)
			for _, v := range x.Violations {
				fmt.Println("  ", v.Path, v.Reason)
			}
		case tray.TaskSign:
			fmt.Println("sign", x.Signature, "for", x.Events)
		case tray.TaskFire:
			fmt.Println("fire", x.Event, "once", len(x.Blockers), "things are there")
		}
	}
	// Output:
	// edit address
	//    address.street required
	// sign order for [order]
	// fire order once 2 things are there
}
