package tray

import (
	"encoding/base64"
	"errors"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

const crowded = `
template: crowded
version: 1
roles:
  buyer:  {manages: [buyer, bidder]}
  bidder: {}
sections:
  a: {per: bidder, read: [buyer, self], write: [self], fields: {price: {type: decimal, scale: 2, required: true}}}
  b: {per: bidder, read: [buyer, self], write: [self], fields: {price: {type: decimal, scale: 2, required: true}}}
  c: {per: bidder, read: [buyer, self], write: [self], fields: {price: {type: decimal, scale: 2, required: true}}}
  d: {per: bidder, read: [buyer, self], write: [self], fields: {price: {type: decimal, scale: 2, required: true}}}
lifecycle:
  initial: open
  states:
    open: {edit: {bidder: [a, b, c, d]}}
    shut: {final: true}
  events:
    shut:
      from: open
      to: shut
      by: [buyer]
      valid: [a, b, c, d]
      guard: |
        a.price > decimal("0") && state == "open"
`

// guarded counts what an entry attests of the event's guard.
func guarded(e *entry.Entry) (n int) {
	for _, op := range e.Ops {
		if attest, ok := op.(*entry.Attest); ok {
			for _, o := range attest.Outcomes {
				if o.Condition == "guard.shut" {
					n++
				}
			}
		}
	}
	return n
}

// TestAttestLeavesRoom has one participant attest all that an event waits for, at
// the bound of the format: he does so in as many entries as it takes, and what
// he must attest in the event's own entry always has its place there.
func TestAttestLeavesRoom(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, crowded)
	w.play("anna: create buyer=anna\n")
	anna := w.trayOf(w.actor("anna"))
	me := anna.Me()
	s := *anna.State()
	crowd := &change{State: &s, entry: new(entry.Entry)}
	sections := []string{"a", "b", "c", "d"}
	for i := range template.MaxInstances {
		id := sign.Sum([]byte{byte(i)})
		p := &Person{ID: base64.RawURLEncoding.EncodeToString(id[:]), Roles: []string{"bidder"}, recipient: me.recipient, order: len(s.order)}
		s.order = append(s.order[:len(s.order):len(s.order)], p.ID)
		crowd.setPerson(p)
		for _, name := range sections {
			at := entry.Place{Section: name, Instance: p.ID}
			root := sign.Sum([]byte(name + p.ID))
			to := []string{me.ID, p.ID}
			crowd.setPlace(at, &place{number: 1, root: root, author: p.ID, files: files{}.with(&file{entry.File{To: to}, p.ID, []int{0, 0}})})
			header := s.header(entry.Revision{Place: at, Number: 1}, p.ID)
			anna.remember(at, opened{root: root, seen: true, rev: section.Revision{Header: header, Content: section.Content{"price": "1.00"}}})
		}
	}
	compose := func(state *State, event string) (*composer, error) {
		d := anna.Draft()
		if event != "" {
			d.Fire(event)
		}
		k, err := d.compose(w.ctx, state)
		if k != nil {
			payload, tooLong := k.entry.Encode()
			if tooLong != nil || len(payload) > entry.MaxPayload {
				t.Fatalf("an entry of %d bytes: %v", len(payload), tooLong)
			}
		}
		return k, err
	}
	state, rounds := &s, 0
	for {
		tried, err := compose(state, "shut")
		if err == nil {
			break
		}
		if n := guarded(tried.entry); n != template.MaxInstances {
			t.Fatalf("%d of what depends on the moment is attested", n)
		}
		if !errors.Is(err, Blocked) {
			t.Fatal(err)
		}
		k, err := compose(state, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(k.entry.Ops) == 0 {
			t.Fatal("nothing is left to attest, and the event is blocked")
		}
		if rounds++; rounds > 10 {
			t.Fatal("no end")
		}
		state = k.State
	}
	if rounds < 2 {
		t.Errorf("%d entries for %d attestations: nothing was split", rounds, len(sections)*template.MaxInstances)
	}
	t.Logf("%d entries before the event's", rounds)
}
