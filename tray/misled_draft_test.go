package tray

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// withholding is a host that gives out nothing sealed.
type withholding struct {
	store.Store
	template sign.Hash
}

func (s withholding) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if digest != s.template {
		return nil, store.ErrNotFound
	}
	return s.Store.Blob(ctx, tray, digest)
}

// TestSignUnseen demands that nobody signs what he was not shown: a host can
// withhold it, an author can seal something else.
func TestSignUnseen(t *testing.T) {
	w := play(t, "deal.yaml", deal+"anna: fire submit\n")
	dora, err := Open(w.ctx, withholding{w.host, w.tpl.Digest()}, w.id, w.actor("dora").me)
	if err != nil {
		t.Fatal(err)
	}
	d := dora.Draft()
	d.Sign("confirmation", "en")
	if err := d.Commit(w.ctx); !errors.Is(err, BadSign) {
		t.Errorf("signed, and could not open what the signature covers: %v", err)
	}
	w.play("dora: sign confirmation")
}

// misled are histories in which an author would do what he did not mean.
const (
	firedElsewhere = deal + `
		anna: fire submit
		carl: begin; fire return; reason wrong
		dora: sign confirmation; fire confirm
		carl: commit !state
		host: state validating
		carl: fire return; reason wrong
	`
)

func TestFiredElsewhere(t *testing.T) { play(t, "deal.yaml", firedElsewhere) }

// TestFiresAsBegun demands that a draft fires in the role that its author had when
// he began it: who gives him another meanwhile, or takes it, decides nothing for him.
func TestFiresAsBegun(t *testing.T) {
	const begun = deal + `
		anna: fire submit
		carl: begin; fire return; reason for care alone
	`
	for name, c := range map[string]struct{ script, role string }{
		"alone":                        {"carl: commit", "care"},
		"admitted to another":          {"anna: admit carl customer\ncarl: commit", "care"},
		"begun after he was":           {"anna: admit carl customer\ncarl: fire return; reason x", "customer"},
		"and given another for it":     {"anna: admit carl customer\nanna: dismiss carl care\ncarl: commit !right", ""},
		"and given another, and named": {"anna: admit carl customer\nanna: dismiss carl care\ncarl: as customer; fire return; reason x", "customer"},
		"dismissed":                    {"anna: admit carl crm\nanna: dismiss carl care\ncarl: commit !right", ""},
		"dismissed and admitted again": {"anna: admit carl customer\nanna: dismiss carl care\nanna: admit carl care\ncarl: commit", "care"},
	} {
		w := play(t, "deal.yaml", begun+c.script)
		log := w.log()
		ops := w.entryOf(log[len(log)-1]).Ops
		fire, _ := ops[len(ops)-1].(*entry.Fire)
		if fire == nil != (c.role == "") || fire != nil && fire.Role != c.role {
			t.Errorf("%s: fired %v, want %s", name, fire, c.role)
		}
	}
}

// TestFiresInARoleGiven fires in a role that the author had not when the draft was
// begun: he had none that may, so that there is nothing that it could mean instead.
func TestFiresInARoleGiven(t *testing.T) {
	play(t, "deal.yaml", deal+`
		anna: fire submit
		crow: begin; fire return; reason wrong
		anna: admit crow care
		crow: commit
		host: state filling
	`)
}

// stammering is a way to a host on which the first of two messages is answered
// by nobody, so that it is sent again.
type stammering struct{ *Host }

func (s stammering) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	if err := s.Host.Append(ctx, after, line, blobs...); err != nil {
		return err
	}
	return s.Host.Append(ctx, after, line, blobs...)
}

func TestSentTwice(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	anna := w.actor("anna")
	tr, err := Create(w.ctx, stammering{w.host}, w.tpl, anna.me, InSuite(section.Classic), Bind("sales", anna.me.Card()))
	if err != nil {
		t.Fatal(err)
	}
	d := tr.Draft()
	d.Note("once")
	if err := d.Commit(w.ctx); err != nil {
		t.Fatal(err)
	}
	if s, err := w.host.State(w.ctx, tr.ID()); err != nil || s.head.Length != 2 || s.head != tr.State().head {
		t.Errorf("the log has %d entries, the client knows %d: %v", s.head.Length, tr.State().head.Length, err)
	}
}

// slow is a host whose clock goes on while a client works.
type slow struct {
	store.Store
	now *time.Time
}

func (s slow) Clock() time.Time {
	*s.now = s.now.Add(time.Second)
	return *s.now
}

// TestComposedAtOneTime has a condition change its outcome in the middle of a
// commit: the entry is of the moment that it was composed for.
func TestComposedAtOneTime(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	anna := w.actor("anna")
	tpl := inline(t, `
template: early
version: 1
roles:
  sales: {manages: [sales]}
sections:
  facts: {public: true, write: [sales], fields: {kind: {type: text}}}
lifecycle:
  initial: open
  states:
    open: {edit: {sales: [facts]}}
    shut: {final: true}
  events:
    shut:
      from: open
      to: shut
      by: [sales]
      guard: |
        today == date("2030-01-01")
`)
	midnight := time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC)
	now := midnight.Add(-2 * time.Second) // one second is for the first entry
	w.host.Now = func() time.Time { return midnight }
	tr, err := Create(w.ctx, slow{w.host, &now}, tpl, anna.me, InSuite(section.Classic), Bind("sales", anna.me.Card()))
	if err != nil {
		t.Fatal(err)
	}
	now = midnight.Add(-2 * time.Second)
	d := tr.Draft()
	d.Fire("shut")
	if err := d.Commit(w.ctx); err != nil {
		t.Error(err)
	}
}

func inline(t testing.TB, text string) *template.Template {
	t.Helper()
	tpl, err := template.Load(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// looksBack is a template with rules over what sections held before: a public
// one, an opaque one beside a public one, and one of each bidder's.
const looksBack = `
template: back
version: 1
roles:
  sales:  {manages: [sales, care, bidder]}
  care:   {}
  bidder: {}
sections:
  terms:  {public: true, write: [sales], fields: {price: {type: decimal, scale: 2}}}
  base:   {public: true, write: [sales], fields: {price: {type: decimal, scale: 2}}}
  credit: {read: [care], write: [care], fields: {limit: {type: decimal, scale: 2}}}
  bid:    {per: bidder, read: [self], write: [self], fields: {price: {type: decimal, scale: 2}}}
rules:
  falling:
    rule: |
      terms.price < old.terms.price
  credible:
    rule: |
      credit.limit >= old.credit.limit && base.price > decimal("0")
  outbid:
    rule: |
      bid.price > old.bid.price && base.price > decimal("0")
lifecycle:
  initial: open
  states:
    open: {edit: {sales: [terms, base], care: [credit], bidder: [bid]}}
    shut: {final: true}
  events:
    shut: {from: open, to: shut, by: [sales]}
`

// TestLooksBack demands that rules over what a section held before are due
// whenever it is written, and only for who can say so.
func TestLooksBack(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, looksBack)
	w.play(`
		anna: create sales=anna care=carl bidder=bea bidder=bob
		anna: set terms.price=100; set base.price=1
		anna: set terms.price=120 !blocked condition rule.falling by sales
		anna: set terms.price=90
		anna: clear terms.price !blocked condition rule.falling by sales
		carl: set credit.limit=10
		carl: set credit.limit=5 !blocked condition rule.credible by sales,care
		bea:  set bid.price=7
		bob:  set bid.price=3
		bea:  set bid.price=6 !blocked condition rule.outbid by sales,bidder
		bea:  set bid.price=8
		anna: set base.price=2
		carl: set credit.limit=11
	`)
}

// TestSharesLeaveRoom demands that what is due to a crowd does not make every
// entry larger than an entry may be.
func TestSharesLeaveRoom(t *testing.T) {
	w := play(t, "deal.yaml", deal+"anna: invite one sales\nanna: invite two sales\n")
	anna := w.trayOf(w.actor("anna"))
	me := anna.Me()
	s := *anna.State()
	crowd := &change{State: &s, entry: new(entry.Entry)}
	for i := range 199 {
		p := &Person{ID: sign.Sum([]byte{byte(i)}).String()[:42] + "A", Roles: []string{"sales", "supplier"}, recipient: me.recipient, order: len(s.order)}
		s.order = append(s.order[:len(s.order):len(s.order)], p.ID)
		crowd.setPerson(p)
		at := entry.Place{Section: "bid", Instance: p.ID}
		header := s.header(entry.Revision{Place: at, Number: 1}, me.ID)
		root := sign.Sum([]byte(p.ID))
		crowd.setPlace(at, &place{number: 1, root: root, author: me.ID, files: files{}.with(&file{entry.File{To: []string{me.ID}}, me.ID, []int{0}})})
		anna.remember(at, opened{root: root, seen: true, rev: section.Revision{Header: header, Content: section.Content{"price": "1.00"}}})
	}
	t.Run("names", func(t *testing.T) {
		k, err := anna.Draft().compose(w.ctx, &s)
		if err != nil {
			t.Fatal(err)
		}
		if len(k.entry.Ops) < 2 {
			t.Errorf("%d ops", len(k.entry.Ops))
		}
		payload, err := k.entry.Encode()
		if err != nil || len(payload) > entry.MaxPayload/2 {
			t.Errorf("%d bytes: %v", len(payload), err)
		}
	})
}

// TestWhoWroteCannotForget demands that who wrote what nobody else has does not
// evade what his next revision is compared with, by an entry before it either; once
// he is gone, nobody waits for him.
func TestWhoWroteCannotForget(t *testing.T) {
	for name, evade := range map[string]func(*forger) entry.Op{
		"what he cannot read": func(f *forger) entry.Op { return &entry.Unreadable{Place: f.place("bid/bob"), Number: 1} },
		"replaced keys": func(f *forger) entry.Op {
			fresh := &actor{}
			f.newKeys(fresh)
			return &entry.Rekey{Card: string(fresh.me.Card())}
		},
	} {
		f := &forger{world: stage(t, "alone")}
		bob, s := f.participant("bob"), f.state()
		s, err := s.applyVerified(f.entry("bob", evade(f)), sign.Hash{1})
		if err != nil {
			t.Fatal(err)
		}
		at := s.places[f.place("bid/bob")]
		if s.holds(at, bob) || !s.isHeld(at) {
			t.Errorf("%s: bob holds a file: %v, his bid can be compared: %v", name, s.holds(at, bob), s.isHeld(at))
		}
		gone := *s
		c := &change{State: &gone}
		c.takesPart(&Person{ID: bob, order: s.people[bob].order})
		if gone.isHeld(at) {
			t.Errorf("%s: his bid can be compared when he is gone", name)
		}
	}
}
