package tray

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// What a pinned head stands for, and what it does not: forged lines are planted,
// and replayed as if somebody had pinned a head over them.
func TestPinnedHeadStandsFor(t *testing.T) {
	const nobody = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" // nothing can be encrypted to it
	admit := func(f *forger, signer string, card entry.Card) []byte {
		return f.by("anna", &entry.Admit{Card: f.card(f.actor(signer).signer, card), Roles: []string{"customer"}})
	}
	cardOf := func(f *forger, who string) entry.Card {
		return entry.Card{Key: f.public(f.actor(who).signer).String(), Classic: f.actor(who).reader.Recipient().String()}
	}
	cases := []struct {
		name   string
		code   Code // of whoever verifies
		pinned Code // of whoever pinned it; none if the head stands for it
		forge  func(*forger) []byte
	}{
		{"a card's signature", BadCard, "", func(f *forger) []byte { return admit(f, "dora", cardOf(f, "dino")) }},
		{"a card's recipient", BadCard, "", func(f *forger) []byte {
			card := cardOf(f, "dino")
			card.Classic = nobody
			return admit(f, "dino", card)
		}},
		{"an invite's recipient", BadInvite, "", func(f *forger) []byte {
			op := f.invite("customer")
			op.Recipient = nobody
			return f.by("anna", op)
		}},
		{"a claim's signature", BadInvite, "", func(f *forger) []byte {
			return f.by("dino", f.join("link", "dino", f.actor("dora").signer))
		}},
		{"the line's signature", Forged, "", func(f *forger) []byte {
			e := f.entry("anna", f.admit("dino", "customer"))
			return f.line(e, f.actor("dora").signer)
		}},

		{"a card's key", BadCard, BadCard, func(f *forger) []byte {
			card := cardOf(f, "dino")
			card.Key = smallOrder
			return admit(f, "dino", card)
		}},
		{"a card that is none", BadCard, BadCard, func(f *forger) []byte {
			return f.by("anna", &entry.Admit{Card: f.claim(f.actor("dino").signer, entry.Claim{Tray: f.id, Invite: f.invited("link"), Card: f.id}), Roles: []string{"customer"}})
		}},
		{"a card without recipient", BadCard, BadCard, func(f *forger) []byte {
			return admit(f, "dino", entry.Card{Key: f.public(f.actor("dino").signer).String()})
		}},
		{"an invite's key", BadKey, BadKey, func(f *forger) []byte {
			op := f.invite("customer")
			op.Key = smallOrder
			return f.by("anna", op)
		}},
		{"a claim for another card", BadInvite, BadInvite, func(f *forger) []byte {
			op := f.join("link", "dino", f.secret("link"))
			op.Claim = f.claim(f.secret("link"), entry.Claim{Tray: f.id, Invite: op.Invite, Card: sign.Sum(nil)})
			return f.by("dino", op)
		}},
		{"a right", NoRight, NoRight, func(f *forger) []byte { return f.by("dora", f.admit("dino", "customer")) }},
	}
	w := stage(t, "filling")
	before := w.state().head
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := &forger{world: w}
			line := c.forge(f)
			host, id := f.planted(t, line, false)
			over := store.Head{Tray: id, Length: before.Length + 1, Hash: sign.Sum(line)}

			if _, err := Open(w.ctx, host, id, nil); !errors.Is(err, c.code) {
				t.Errorf("opened: %v, want %s", err, c.code)
			}
			// Nobody pinned the line: whatever stood before it, it is verified.
			if tr, err := OpenAt(w.ctx, host, before, nil); !errors.Is(err, c.code) || tr.State().head != before {
				t.Errorf("opened at the head before it: %v, want %s", err, c.code)
			}
			if _, err := verifyTo(newState(w.tpl, id), host.Log(w.ctx, id, 0), over); !errors.Is(err, c.code) {
				t.Errorf("named: %v, want %s", err, c.code)
			}

			tr, err := OpenAt(w.ctx, host, over, nil)
			if c.pinned != "" {
				if !errors.Is(err, c.pinned) {
					t.Errorf("pinned: %v, want %s", err, c.pinned)
				}
				return
			}
			if err != nil || tr.State().head != over {
				t.Errorf("pinned: %v", err)
			}
			// The pinned head is another: what was skipped does not get out.
			other := over
			other.Hash = sign.Sum([]byte("another line"))
			var fork *ForkError
			if s, err := reopen(newState(w.tpl, id), host.Log(w.ctx, id, 0), other); s != nil || !errors.As(err, &fork) {
				t.Errorf("a head that is not reached: %v, %v", s, err)
			}
		})
	}
	t.Logf("%d forged lines, each replayed in 4 ways", len(cases))
}

// headless is a way to a host on which only its head is not to be had.
type headless struct{ store.Store }

func (headless) Head(context.Context, sign.Hash) (store.Head, error) {
	return store.Head{}, errors.New("no way to the host")
}

// breaksOff is a way to a host that breaks when lines from a place on are read.
type breaksOff struct {
	store.Store
	from uint64
}

func (s breaksOff) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	if from < s.from {
		return s.Store.Log(ctx, tray, from)
	}
	return func(yield func([]byte, error) bool) { yield(nil, errors.New("the way to the host is cut")) }
}

// Where only the tail of a log is bad, who was there before has a handle besides
// the error: it stands at the last entry that holds, can be read, and commits
// nothing. Whoever has nothing to go by, or is served another log, has none.
func TestBadTail(t *testing.T) {
	w := stage(t, "filling")
	snapshot := have(w.trayOf(w.actor("anna")).Snapshot())(t)
	pinned := w.state().head
	w.play("anna: set customer.company=Bianchi")
	good := w.state().head

	f := &forger{world: w}
	full := w.log()
	host, id := NewHost(w.store), w.id
	if err := w.store.Append(w.ctx, good, f.by("dora", f.admit("dino", "customer"))); err != nil {
		t.Fatal(err)
	}
	me := w.actor("anna").me
	for name, open := range map[string]func() (*Tray, error){
		"OpenAt before":     func() (*Tray, error) { return OpenAt(w.ctx, host, pinned, me) },
		"OpenAt at the end": func() (*Tray, error) { return OpenAt(w.ctx, host, good, me) },
		"Resume":            func() (*Tray, error) { return Resume(w.ctx, host, snapshot, me) },
	} {
		tr, err := open()
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Code != NoRight || refusal.Seq != good.Length || tr == nil {
			t.Errorf("%s: %v, %v", name, tr, err)
			continue
		}
		if v, err := tr.View(w.ctx); err != nil || tr.State().Head() != good || v.Text("customer.company") != "Bianchi" {
			t.Errorf("%s: reads %v at %v", name, err, tr.State().Head())
		}
		d := tr.Draft()
		d.Set("customer.company", "Verdi")
		for _, again := range []error{tr.Sync(w.ctx), d.Commit(w.ctx)} {
			if again == nil || again.Error() != err.Error() {
				t.Errorf("%s: %v; then %v", name, err, again)
			}
		}
		if head := have(host.Head(w.ctx, id))(t); head.Length != good.Length+1 || tr.State().Head() != good {
			t.Errorf("%s: the log has %d entries", name, head.Length)
		}
	}

	other := good
	other.Hash = sign.Sum(nil)
	short := w.served(t, full[:pinned.Length-1]...)
	ended, cancel := context.WithCancel(w.ctx)
	cancel()
	for name, open := range map[string]func() (*Tray, error){
		"Open":                 func() (*Tray, error) { return Open(w.ctx, host, id, me) },
		"OpenAt, another head": func() (*Tray, error) { return OpenAt(w.ctx, host, other, me) },
		"OpenAt, a head behind it": func() (*Tray, error) {
			return OpenAt(w.ctx, host, store.Head{Tray: id, Length: good.Length + 1, Hash: good.Hash}, me)
		},
		"OpenAt, a shorter log":     func() (*Tray, error) { return OpenAt(w.ctx, short, pinned, me) },
		"OpenAt, interrupted":       func() (*Tray, error) { return OpenAt(ended, host, pinned, me) },
		"OpenAt, no head":           func() (*Tray, error) { return OpenAt(w.ctx, headless{host}, pinned, me) },
		"OpenAt, no more lines":     func() (*Tray, error) { return OpenAt(w.ctx, breaksOff{host, pinned.Length}, pinned, me) },
		"Resume, no head":           func() (*Tray, error) { return Resume(w.ctx, headless{host}, snapshot, me) },
		"Resume, no more lines":     func() (*Tray, error) { return Resume(w.ctx, breaksOff{host, pinned.Length}, snapshot, me) },
		"Resume, a shorter log":     func() (*Tray, error) { return Resume(w.ctx, short, snapshot, me) },
		"Resume, a broken snapshot": func() (*Tray, error) { return Resume(w.ctx, host, snapshot[1:], me) },
	} {
		if tr, err := open(); tr != nil || err == nil {
			t.Errorf("%s: %v, %v", name, tr, err)
		}
	}
}

// TestReplayToHeadLeavesTheState replays from every state of a rich log to its
// end, by both ways that take over the maps of states on the way: the state that
// they began with is what it was.
func TestReplayToHeadLeavesTheState(t *testing.T) {
	x := newTampering(t)
	for i, s := range x.before[1:] {
		was := snapshotOf(t, s)
		for name, replay := range map[string]func() (*State, error){
			"reopen":   func() (*State, error) { return reopen(s, each(x.lines[i+1:]...), x.end) },
			"verifyTo": func() (*State, error) { return verifyTo(s, each(x.lines[i+1:]...), x.end) },
		} {
			end, err := replay()
			if err != nil {
				t.Fatalf("%s from %d: %v", name, i+1, err)
			}
			x.sameState(name, x.state(), end)
			if !bytes.Equal(snapshotOf(t, s), was) {
				t.Errorf("%s from %d changed the state that it began with", name, i+1)
			}
		}
	}
	t.Logf("%d states", len(x.before)-1)
	if len(x.before) < 20 {
		t.Error("a short log")
	}
}
