package tray_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// A template needs a look-up in the seller's catalogue. The buyer's application
// does not have it, and is told whom to ask; the host needs none.
func ExampleWith() {
	const text = `template: request
version: 1
needs:
  functions:
    knownArticle: {args: text, result: boolean}
roles:
  buyer: {manages: [buyer, seller]}
  seller: {}
sections:
  request:
    read: [buyer, seller]
    write: [buyer]
    fields: {article: {type: text, required: true}}
rules:
  known: {rule: knownArticle(request.article), message: we do not sell this, at: send}
lifecycle:
  initial: open
  states:
    open: {edit: {buyer: [request]}}
    sent: {final: true}
  events:
    send: {from: open, to: sent, by: [buyer], valid: [request]}
`
	catalogue := rules.Library{Functions: []rules.Function{{
		Name: "knownArticle", Args: []rules.Kind{rules.KindText}, Result: rules.KindBoolean,
		Call: func(args []any) (any, error) { return args[0] == "Tagliere", nil },
	}}}

	ctx := context.Background()
	tpl, err := template.Load(fstest.MapFS{"request.yaml": {Data: []byte(text)}}, "request.yaml")
	if err != nil {
		log.Fatal(err)
	}
	host := tray.NewHost(store.NewMemory())
	b, _ := tray.NewIdentity()
	s, _ := tray.NewIdentity()
	buyer, err := tray.Create(ctx, host, tpl, b, tray.InSuite(section.Classic), tray.Bind("buyer", b.Card()), tray.Bind("seller", s.Card()))
	if err != nil {
		log.Fatal(err)
	}
	write(ctx, buyer, "request.article", "Tagliere")
	send := buyer.Draft()
	send.Fire("send")
	var refusal *tray.Refusal
	if errors.As(send.Commit(ctx), &refusal) {
		fmt.Println(refusal.Blockers[0].String())
	}

	seller, err := tray.Open(ctx, tray.With(host, catalogue), buyer.ID(), s)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("seller:", seller.Draft().Commit(ctx)) // attests what he can tell
	fmt.Println("buyer:", send.Commit(ctx))
	// Output:
	// rule.known over request is not attested: buyer or seller can attest it with knownArticle
	// seller: <nil>
	// buyer: <nil>
}
