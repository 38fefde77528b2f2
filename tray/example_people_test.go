package tray_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"time"

	"golang.org/x/crypto/ssh/agent"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray"
)

// A link is good until it expires, by the host's clock.
func ExampleUntil() {
	ctx, host, seller, _ := stage()
	now := time.Now()
	host.Now = func() time.Time { return now }
	link, err := seller.Invite(ctx, "buyer", tray.Until(now.Add(time.Hour)))
	fmt.Println(err)

	now = now.Add(2 * time.Hour)
	guest, _ := tray.NewIdentity()
	_, err = tray.Join(ctx, host, link, guest)
	fmt.Println(errors.Is(err, tray.BadInvite))
	// Output:
	// <nil>
	// true
}

// Who lost his keys cannot replace them. He is dismissed, and comes back by an
// invite that says whose part it continues.
func ExampleSucceeding() {
	ctx, host, seller, buyer := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	lost := buyer.Me().ID
	d := seller.Draft()
	d.Dismiss(lost)
	fmt.Println(d.Commit(ctx))
	link, _ := seller.Invite(ctx, "buyer", tray.Succeeding(lost))

	keys, _ := tray.NewIdentity()
	again, err := tray.Join(ctx, host, link, keys)
	if err != nil {
		log.Fatal(err)
	}
	view, _ := again.View(ctx)
	fmt.Println(view.Text("offer.item"), again.Me().Succeeds == lost, again.Me().ID == lost)
	// Output:
	// <nil>
	// Tagliere true false
}

// Whoever changes keys shares to the new ones what he could read, and keeps the
// earlier ones for notes and reasons, which nobody shares.
func ExampleTray_Rekey() {
	ctx, host, seller, _ := stage()
	write(ctx, seller, "offer.item", "Tagliere")
	guest, _ := tray.NewIdentity()
	link, _ := seller.Invite(ctx, "buyer")
	t, err := tray.Join(ctx, host, link, guest)
	if err != nil {
		log.Fatal(err)
	}
	d := t.Draft()
	d.Note("call me before noon")
	fmt.Println(d.Commit(ctx))

	next, _ := tray.NewIdentity()
	next = next.Keeping(guest)
	var file bytes.Buffer
	fmt.Println(next.Export(&file)) // first: from now on only next can sign
	fmt.Println(t.Rekey(ctx, next))

	next, _ = tray.ParseIdentity(&file)
	again, _ := tray.Open(ctx, host, t.ID(), next)
	view, _ := again.View(ctx)
	fmt.Println(view.Text("offer.item"), again.Me().ID == guest.ID(), next.ID() == guest.ID())
	for text, err := range again.Texts(ctx) {
		fmt.Println(text.Body(), err)
	}
	// Output:
	// <nil>
	// <nil>
	// <nil>
	// Tagliere true false
	// call me before noon <nil>
}

// Before somebody is dismissed, ask what only he can read: his successor would
// have to write it anew.
func ExampleTray_Orphans() {
	ctx, _, seller, buyer := stage()
	d := seller.Draft()
	d.Set("offer.item", "Tagliere")
	d.Set("offer.price", "18.50")
	d.Fire("propose")
	fmt.Println(d.Commit(ctx))
	_ = buyer.Sync(ctx)
	write(ctx, buyer, "address.street", "Via Roma 1")

	_ = seller.Sync(ctx)
	for _, place := range seller.Orphans(buyer.Me().ID) {
		fmt.Println(place.Section)
	}
	// Output:
	// <nil>
	// address
}

// The signing key stays in an SSH agent. What is sealed is opened by an age
// identity, since an agent only signs.
func ExampleNewIdentityWith() {
	// In a program: conn, err := net.Dial("unix", os.Getenv("SSH_AUTH_SOCK")).
	conn, server := net.Pipe()
	defer conn.Close()
	keyring := agent.NewKeyring()
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	if err := keyring.Add(agent.AddedKey{PrivateKey: &key}); err != nil {
		log.Fatal(err)
	}
	go agent.ServeAgent(keyring, server)

	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		log.Fatal(err)
	}
	signer, err := sign.FromSSH(signers[0])
	if err != nil {
		log.Fatal(err)
	}
	reader, _ := section.GenerateIdentity(section.Classic)
	me, err := tray.NewIdentityWith(signer, reader)
	if err != nil {
		log.Fatal(err)
	}

	ctx, host, seller, _ := stage()
	d := seller.Draft()
	d.Admit(me.Card(), "seller")
	fmt.Println(d.Commit(ctx))
	t, _ := tray.Open(ctx, host, seller.ID(), me)
	write(ctx, t, "offer.item", "Tagliere") // signed by the agent
	view, _ := t.View(ctx)
	fmt.Println(view.Text("offer.item"))
	fmt.Println(me.Export(os.Stdout))
	// Output:
	// <nil>
	// Tagliere
	// tray: the signing key is held elsewhere and cannot be exported
}

// A server that hands out logs wants to know who asks. It gives a challenge, and
// verifies the answer by the key that the participant has in the tray now.
func ExampleIdentity_Sign() {
	ctx, host, seller, _ := stage()
	guest, _ := tray.NewIdentity()
	link, _ := seller.Invite(ctx, "buyer")
	t, err := tray.Join(ctx, host, link, guest)
	if err != nil {
		log.Fatal(err)
	}

	const kind sign.Kind = "example-login" // of the application's own
	type question struct {
		Challenge string `json:"challenge"` // made by the server at random, and taken once
		Audience  string `json:"audience"`  // the server, so that no other can pass the answer on
		Tray      string `json:"tray"`
	}
	asked := question{rand.Text(), "https://trays.example", t.ID().String()}
	payload, _ := json.Marshal(asked)
	answer, err := guest.Sign(kind, payload)
	fmt.Println(err)

	// The server, which is told the participant's id besides.
	state, _ := host.State(ctx, t.ID())
	who := state.Participant(t.Me().ID)
	if who == nil || who.Ended() {
		log.Fatal("nobody who takes part")
	}
	payload, err = sign.Open(kind, answer, func([]byte) (sign.PublicKey, error) { return who.Key(), nil })
	var got question
	fmt.Println(err, json.Unmarshal(payload, &got), got == asked)

	// No server gets an entry signed in this way.
	_, err = guest.Sign("vassoio-entry", payload)
	fmt.Println(errors.Is(err, sign.ErrKind))
	// Output:
	// <nil>
	// <nil> <nil> true
	// true
}
