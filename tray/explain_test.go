package tray

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// auction has a section that all can read, and one that each bidder has of his
// own; the terms are opaque to the host.
const auction = `
template: auction
version: 1
roles:
  buyer: {manages: [buyer, bidder]}
  bidder: {}
sections:
  notice:
    public: true
    write: [buyer]
    fields:
      object:  {type: text, required: true}
      ceiling: {type: money, scale: 2, currencies: [EUR, CHF], required: true}
  terms:
    read: [buyer, bidder]
    write: [buyer]
    fields: {least: {type: integer}}
  bid:
    per: bidder
    read: [self, {role: buyer, in: [opened]}]
    write: [self]
    fields: {price: {type: money, scale: 2, currencies: [EUR], required: true}, amount: {type: integer}}
rules:
  below:
    rule: |
      bid.price <= notice.ceiling
    field: bid.price
    at: [close]
  enough:
    rule: |
      bid.amount >= terms.least
    at: [close]
  short:
    rule: |
      notice.object.size() < 10
    field: notice.object
    at: [publish]
lifecycle:
  initial: drafting
  states:
    drafting: {edit: {buyer: [notice, terms]}}
    bidding:  {edit: {bidder: [bid]}}
    opened:   {final: true}
  events:
    publish: {from: drafting, to: bidding, by: [buyer], valid: [notice, terms]}
    close:   {from: bidding, to: opened, by: [buyer], valid: [bid]}
`

// sale is an auction with two bidders, at publication.
type sale struct {
	ctx     context.Context
	host    *Host
	buyer   *Tray
	bidders []*Tray
}

func openSale(t *testing.T) *sale {
	t.Helper()
	tpl := have(template.Load(fstest.MapFS{"auction.yaml": {Data: []byte(auction)}}, "auction.yaml"))(t)
	s := &sale{ctx: context.Background(), host: NewHost(store.NewMemory())}
	me, ann, bob := have(NewIdentity())(t), have(NewIdentity())(t), have(NewIdentity())(t)
	s.buyer = have(Create(s.ctx, s.host, tpl, me, InSuite(section.Classic), Bind("buyer", me.Card()), Bind("bidder", ann.Card()), Bind("bidder", bob.Card())))(t)
	for _, id := range []*Identity{ann, bob} {
		s.bidders = append(s.bidders, have(Open(s.ctx, s.host, s.buyer.ID(), id))(t))
	}
	return s
}

// publish leads to the bidding.
func (s *sale) publish(t *testing.T) {
	t.Helper()
	d := s.buyer.Draft()
	d.Set("notice.object", "Sedie")
	d.Set("notice.ceiling", "100 EUR")
	d.Set("terms.least", 1)
	d.Fire("publish")
	if err := d.Commit(s.ctx); err != nil {
		t.Fatal(err)
	}
}

// bid gives what somebody offers.
func (s *sale) bid(t *testing.T, by *Tray, price string) {
	t.Helper()
	d := by.Draft()
	d.Set("bid.price", price)
	d.Set("bid.amount", 1)
	if err := d.Commit(s.ctx); err != nil {
		t.Fatal(err)
	}
}

// texts gives blockers as text, with names for the ids.
func (s *sale) texts(blockers []Blocker) []string {
	var out []string
	for _, b := range blockers {
		text := strings.ReplaceAll(b.String(), s.bidders[0].Me().ID, "ann")
		out = append(out, strings.ReplaceAll(text, s.bidders[1].Me().ID, "bob"))
	}
	return out
}

func blockersOf(t *testing.T, err error) []Blocker {
	t.Helper()
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("not refused: %v", err)
	}
	return refusal.Blockers
}

// What is public everybody evaluates: refusals name the fields, with violations,
// as they do of what is opaque.
func TestExplainPublic(t *testing.T) {
	s := openSale(t)
	want := []string{
		"notice.ceiling breaks notice.ceiling.required: buyer can mend it",
		"notice.object breaks rule.short: buyer can mend it",
	}
	d := s.buyer.Draft()
	d.Set("notice.object", "Sedie e tavoli")
	d.Fire("publish")
	for where, blockers := range map[string][]Blocker{
		"Can":    have(d.Can(s.ctx))(t),
		"Commit": blockersOf(t, d.Commit(s.ctx)),
	} {
		if got := s.texts(blockers); !slices.Equal(got, want) {
			t.Errorf("%s:\n%s", where, strings.Join(got, "\n"))
		}
		for _, b := range blockers {
			if (b.Need == NeedField) != (b.Violation != nil) || b.Violation != nil && (b.Path != b.Violation.Path || b.Violation.Message("en") == "") {
				t.Errorf("%s: %+v", where, b)
			}
		}
	}
	fields := func(blockers []Blocker) (out []string) {
		for _, b := range blockers {
			if b.Violation != nil {
				out = append(out, b.Path)
			}
		}
		return out
	}
	all := []string{"notice.object", "notice.ceiling"}
	if got := fields(have(s.buyer.Can(s.ctx, "publish"))(t)); !slices.Equal(got, all) {
		t.Errorf("Tray.Can: %v", got)
	}
	var fires int
	for _, task := range have(s.buyer.Waiting(s.ctx))(t) {
		if x, ok := task.(TaskFire); ok {
			if fires++; !slices.Equal(fields(x.Blockers), all) {
				t.Errorf("TaskFire: %v", fields(x.Blockers))
			}
		}
	}
	if fires != 1 {
		t.Errorf("%d events to fire", fires)
	}

	// A value that was not taken is not told to be missing besides.
	d.Set("notice.object", "Sedie")
	d.Set("notice.ceiling", "100 USD")
	if got := blockersOf(t, d.Commit(s.ctx)); len(got) > 0 {
		t.Errorf("what follows is told: %v", s.texts(got))
	}
}

// An instance that is waited for is said to be unwritten, once, by whom it can be
// written, and who can do without; what another wrote wrongly, only he can mend.
func TestExplainUnwritten(t *testing.T) {
	s := openSale(t)
	s.publish(t)
	s.bid(t, s.bidders[0], "200")
	ann, bob := s.bidders[0].Me().ID, s.bidders[1].Me().ID
	if err := s.buyer.Sync(s.ctx); err != nil {
		t.Fatal(err)
	}
	blockers := have(s.buyer.Can(s.ctx, "close"))(t)
	want := []string{
		"bid of bob is not written yet: bidder can write it, or buyer can dismiss bob",
		"rule.below of ann over notice, bid does not hold: bidder can change that",
	}
	if got := s.texts(blockers); !slices.Equal(got, want) {
		t.Fatalf("blockers:\n%s", strings.Join(got, "\n"))
	}
	if !slices.Equal(blockers[0].Sections, []string{"bid"}) {
		t.Errorf("an unwritten bid concerns %v", blockers[0].Sections)
	}
	for i, id := range []string{bob, ann} {
		if !slices.Equal(blockers[i].Participants, []string{id}) {
			t.Errorf("%s: %v", want[i], blockers[i].Participants)
		}
	}

	// So it is in the draft that dismisses him; and once he wrote it.
	d := s.buyer.Draft()
	d.Dismiss(bob)
	d.Fire("close")
	if got := s.texts(have(d.Can(s.ctx))(t)); !slices.Equal(got, want[1:]) {
		t.Errorf("when he is dismissed: %v", got)
	}
	s.bid(t, s.bidders[1], "90")
	if err := s.buyer.Sync(s.ctx); err != nil {
		t.Fatal(err)
	}
	if got := s.texts(have(s.buyer.Can(s.ctx, "close"))(t)); !slices.Equal(got, want[1:]) {
		t.Errorf("when he wrote: %v", got)
	}

	// Who wrote it wrongly is told the field, and is the one to mend it.
	d = s.bidders[0].Draft()
	d.Fire("close")
	if got := s.texts(have(d.Can(s.ctx))(t)); !slices.Equal(got, []string{"only buyer can fire close"}) {
		t.Errorf("of a bidder: %v", got)
	}
	d = s.bidders[0].Draft().Of(bob)
	d.Set("bid.price", 1)
	refused := blockersOf(t, d.Commit(s.ctx))
	if got := s.texts(refused); !slices.Equal(got, []string{"only bob can write bid of bob"}) || !slices.Equal(refused[0].Participants, []string{bob}) || !slices.Equal(refused[0].Sections, []string{"bid"}) {
		t.Errorf("another's bid: %v", refused)
	}
	d = s.bidders[0].Draft()
	d.Set("notice.object", "x")
	if got := s.texts(blockersOf(t, d.Commit(s.ctx))); !slices.Equal(got, []string{"nobody can write notice in this state: buyer can write it in another"}) {
		t.Errorf("nobody's: %v", got)
	}
}

// What nobody may write now is not said to be unwritten: a word on it will do.
func TestExplainUnwrittenElsewhere(t *testing.T) {
	s := openSale(t)
	d := s.buyer.Draft()
	d.Set("notice.object", "Sedie")
	d.Set("notice.ceiling", "100 EUR")
	d.Fire("publish")
	if err := d.Commit(s.ctx); err != nil {
		t.Fatal(err)
	}
	for _, b := range s.bidders {
		if err := b.Sync(s.ctx); err != nil {
			t.Fatal(err)
		}
		s.bid(t, b, "90")
	}
	state := have(s.host.State(s.ctx, s.buyer.ID()))(t)
	cond := state.template.Condition("rule.enough")
	if p, ok := state.unwritten(state.outcomes(state.template.Event("close"), "buyer", "", nil)[0], cond); ok {
		t.Errorf("waits for %v", p)
	}
}

// A role that the author does not have is refused, whatever the draft does.
func TestExplainAs(t *testing.T) {
	s := openSale(t)
	s.publish(t)
	for name, c := range map[string]struct {
		by   *Tray
		role string
		code Code
		want string
	}{
		"no role":        {s.bidders[0], "nonsense", NotFound, "no role nonsense: the author acts as bidder"},
		"another's role": {s.bidders[0], "buyer", NoRight, "the author does not act as buyer, but as bidder"},
		"of the buyer":   {s.buyer, "bidder", NoRight, "the author does not act as bidder, but as buyer"},
	} {
		acts := map[string]func(*Draft){
			"writes": func(d *Draft) { d.Set("bid.price", 1) },
			"notes":  func(d *Draft) { d.Note("n") },
			"fires":  func(d *Draft) { d.Fire("close") },
			"rests":  func(*Draft) {},
		}
		for what, act := range acts {
			if err := c.by.Sync(s.ctx); err != nil {
				t.Fatal(err)
			}
			d := c.by.Draft()
			d.As(c.role)
			act(d)
			err := d.Commit(s.ctx)
			if !errors.Is(err, c.code) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	d := s.bidders[0].Draft()
	d.As("bidder")
	d.Set("bid.price", 1)
	if err := d.Commit(s.ctx); err != nil {
		t.Error(err)
	}
}

// What is wrong in an instance only its participant can mend.
func TestExplainMender(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	found := 0
	for _, b := range have(w.trayOf(w.actor("anna")).Can(w.ctx, "tender"))(t) {
		if b.Need != NeedField && b.Need != NeedCondition {
			continue
		}
		if found++; b.Instance == "" || !slices.Equal(b.Participants, []string{b.Instance}) {
			t.Errorf("%s: %v", b.String(), b.Participants)
		}
	}
	if found != 2 {
		t.Errorf("%d blockers", found)
	}
}
