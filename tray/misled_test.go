package tray

import (
	"context"
	"crypto/ed25519"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
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

// TestJoinOtherLog serves a guest logs that do not contain the head in his link,
// though some have the invite in them: he joins none.
func TestJoinOtherLog(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	f := &forger{world: w}
	before := w.log()
	secret, err := newLink(w.state().suite)
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.key()
	if err != nil {
		t.Fatal(err)
	}
	invite := f.invite("customer")
	invite.Key, invite.Recipient = f.public(key).String(), secret.secret.Recipient().String()
	invited := f.by("anna", invite)
	noted := f.note(f.audience("dora")...)
	behind := func(lines ...[]byte) [][]byte { // and a note of dora's
		log := slices.Concat(before, lines)
		e := f.entry("dora", noted)
		e.Seq, e.Prev = uint64(len(log)), sign.Sum(log[len(log)-1])
		return append(log, f.line(e, f.actor("dora").signer))
	}
	linked := behind(invited)
	secret.Head = store.Head{Tray: w.id, Length: uint64(len(linked)), Hash: sign.Sum(linked[len(linked)-1])}

	other := *invite
	other.Expires = other.Expires.Add(time.Second)
	elsewhere := f.by("anna", &other) // the same guest, invited otherwise
	fork := behind(elsewhere)
	noted = f.note(f.audience("dora")...)
	logs := [][][]byte{linked[:len(linked)-1], fork[:len(fork)-1], fork, behind(fork[len(before):]...)}
	for n := range before {
		logs = append(logs, before[:n+1])
	}
	for i, log := range logs {
		host := f.served(t, log...)
		if _, err := host.State(w.ctx, w.id); err != nil {
			t.Fatalf("log %d is not valid: %v", i, err)
		}
		for name, store := range map[string]store.Store{"a host": host, "a store": host.store} {
			var forked *ForkError
			if _, err := Join(w.ctx, store, secret, f.actor("dino").me); !errors.As(err, &forked) || forked.Pinned != secret.Head {
				t.Errorf("log %d of %s: the guest joined: %v", i, name, err)
			}
			if head, err := store.Head(w.ctx, w.id); err != nil || head.Length != uint64(len(log)) {
				t.Errorf("log %d of %s has %d entries, %v", i, name, head.Length, err)
			}
		}
	}
	if _, err := Join(w.ctx, f.served(t, linked...), secret, f.actor("dino").me); err != nil {
		t.Errorf("the log of the link: %v", err)
	}
}

// TestAnotherTemplate replays a log by another template than its first entry names.
func TestAnotherTemplate(t *testing.T) {
	w, other := play(t, "deal.yaml", deal), newWorld(t, "tender.yaml")
	for name, tpl := range map[string]*template.Template{"another": other.tpl, "its own": w.tpl} {
		_, err := verify(newState(tpl, w.id), each(w.log()...))
		if errors.Is(err, BadRoot) != (tpl == other.tpl) || err != nil && tpl == w.tpl {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// instead serves the log of another tray than was asked for: from the first time
// on, or from the second, when the template is known.
type instead struct {
	store.Store
	other  store.Store
	tray   sign.Hash
	honest int // how many times
}

func (s *instead) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	if s.honest--; s.honest >= 0 {
		return s.Store.Log(ctx, tray, from)
	}
	return s.other.Log(ctx, s.tray, from)
}

// TestAnotherTray asks for one tray and is served a sound one, of the same people
// and template.
func TestAnotherTray(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	me := w.actor("carl").me
	f := &forger{world: w}
	first := f.first("anna", append(f.create("anna"), f.admit("carl", "care"))...)
	other, id := f.planted(t, first, true)
	if _, err := Open(w.ctx, other, id, me); err != nil {
		t.Fatal(err)
	}
	head := store.Head{Tray: w.id, Length: 1, Hash: sign.Sum(first)}
	for honest := range 2 {
		served := func() store.Store { return &instead{w.store, other.store, id, honest} }
		for name, open := range map[string]func() error{
			"Open":   func() error { _, err := Open(w.ctx, served(), w.id, me); return err },
			"OpenAt": func() error { _, err := OpenAt(w.ctx, served(), head, me); return err },
			"State":  func() error { _, err := NewHost(served()).State(w.ctx, w.id); return err },
		} {
			if err := open(); !errors.Is(err, BadChain) {
				t.Errorf("%s, honest %d times: %v", name, honest, err)
			}
		}
	}
}
