package tray

import (
	"crypto/ed25519"
	"errors"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// TestJoinForgedPast has an inviter and a host make up, together, what others
// did before the invite: the head in the link is the inviter's word, and no
// reason to believe a signature that nobody verified.
func TestJoinForgedPast(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	f := &forger{world: w}
	s := w.state()
	put := func(e *entry.Entry, signer ed25519.PrivateKey, at *State) ([]byte, *State) {
		t.Helper()
		line := f.line(e, signer)
		next, err := at.applyVerified(e, sign.Sum(line))
		if err != nil {
			t.Fatal(err)
		}
		return line, next
	}
	// In dora's name, who has nothing to do with it, by a key that is not hers.
	forged := f.entry("dora", f.note(f.audience("dora")...))
	payload, err := forged.Encode()
	if err != nil {
		t.Fatal(err)
	}
	line := f.raw(entry.Kind, payload, f.actor("stranger").signer)
	s, err = s.applyVerified(forged, sign.Sum(line))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := newLink(s.suite)
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.key()
	if err != nil {
		t.Fatal(err)
	}
	invite := f.invite("customer")
	invite.Key, invite.Recipient = f.public(key).String(), secret.secret.Recipient().String()
	e := f.entry("anna", invite)
	e.Seq, e.Prev = s.head.Length, s.head.Hash
	last, s := put(e, f.actor("anna").signer, s)
	secret.Head = s.head

	host := f.served(t, append(w.log(), line, last)...)
	for name, store := range map[string]store.Store{"a host": host, "a store": host.store} {
		if _, err := Join(w.ctx, store, secret, f.actor("dino").me); !errors.Is(err, Forged) {
			t.Errorf("%s: the guest joined: %v", name, err)
		}
	}
}
