package tray

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

const tender = `
template: tender
version: 1
roles:
  buyer: {manages: [buyer, bidder]}
  bidder: {}
sections:
  bid:
    per: bidder
    read: [self, {role: buyer, in: [opened, awarded]}]
    write: [self]
    fields: {price: {type: decimal, scale: 2, required: true}}
lifecycle:
  initial: bidding
  states:
    bidding: {edit: {bidder: [bid]}}
    opened: {}
    awarded: {final: true}
  events:
    open:  {from: bidding, to: opened, by: [buyer]}
    award: {from: opened, to: awarded, by: [buyer], guard: bid.price > decimal("0"), attest: [buyer]}
`

// TestOwed opens sealed bids: the host tells whom to remind, the buyer's blocker
// names who can help, and a bidder's empty draft gives what he owes.
func TestOwed(t *testing.T) {
	ctx := context.Background()
	tpl, err := template.Load(fstest.MapFS{"tender.yaml": {Data: []byte(tender)}}, "tender.yaml")
	if err != nil {
		t.Fatal(err)
	}
	host := NewHost(store.NewMemory())
	var ids []*Identity
	for range 3 {
		id, err := NewIdentity()
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	buyer, err := Create(ctx, host, tpl, ids[0], InSuite(section.Classic),
		Bind("buyer", ids[0].Card()), Bind("bidder", ids[1].Card()), Bind("bidder", ids[2].Card()))
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids[1:] {
		b, err := Open(ctx, host, buyer.ID(), id)
		if err != nil {
			t.Fatal(err)
		}
		d := b.Draft()
		d.Set("bid.price", 100+i)
		if err := d.Commit(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if owed := mustState(t, host, buyer).Owed(); len(owed) > 0 {
		t.Fatalf("owed before it is time: %v", owed)
	}
	d := buyer.Draft()
	d.Fire("open")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}

	owed := mustState(t, host, buyer).Owed()
	if len(owed) != 2 {
		t.Fatalf("%d bids are owed, not 2", len(owed))
	}
	for i, o := range owed {
		if id := ids[i+1].ID(); o.Instance != id || !slices.Equal(o.By, []string{id}) || !slices.Equal(o.To, []string{ids[0].ID()}) {
			t.Errorf("owed: %v", o)
		}
	}
	d = buyer.Draft()
	d.Fire("award")
	err = d.Commit(ctx)
	var refusal *Refusal
	if !errors.As(err, &refusal) || len(refusal.Blockers) != 2 {
		t.Fatalf("awarded unread bids: %v", err)
	}
	for i, b := range refusal.Blockers {
		if b.Need != NeedShare || b.Name != "bid" || !slices.Equal(b.Participants, []string{ids[i+1].ID()}) || b.Instance != ids[i+1].ID() {
			t.Errorf("blocker %v of %v", b, b.Participants)
		}
	}

	for _, id := range ids[1:] {
		b, err := Open(ctx, host, buyer.ID(), id)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Draft().Commit(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if owed := mustState(t, host, buyer).Owed(); len(owed) > 0 {
		t.Errorf("still owed: %v", owed)
	}
	if err := d.Commit(ctx); err != nil {
		t.Error(err)
	}
}

func mustState(t *testing.T, h *Host, tr *Tray) *State {
	t.Helper()
	s, err := h.State(context.Background(), tr.ID())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Who signs is told what of it is due to him, and who can share it, or write it anew
// where nobody is left who could: by his own client, and by whoever replays.
func TestSignsWhatIsDue(t *testing.T) {
	f := &forger{world: stage(t, "signing")}
	f.play(`
		duca: sign confirmation !signature share customer by sales,customer,care
		duca: sign confirmation !signature share products by sales,customer,care
	`)
	for _, who := range []string{"anna", "carl", "dora"} {
		if err := f.append(f.by(who, &entry.Unreadable{Place: f.place("customer"), Number: 1}), false); err != nil {
			t.Fatal(err)
		}
	}
	f.play("duca: sign confirmation !signature revision customer by customer\n")
	want := []string{
		"customer cannot be read by those who sign, nor shared to them: customer can write it anew",
		"products is not shared to those who sign: sales or customer or care can share it by any commit",
	}
	d := f.draft(f.actor("duca"))
	d.Sign("confirmation", "en")
	for who, err := range map[string]error{"the client": d.Commit(f.ctx), "the host": f.append(f.by("duca", f.sign("confirmation", "customer", "duca")), false)} {
		if got := names(blockersOf(t, err)); !slices.Equal(got, want) {
			t.Errorf("%s: %q", who, got)
		}
	}
	f.play(`
		anna: note with which all is shared, since she can open it after all
		duca: sign confirmation
	`)
}
