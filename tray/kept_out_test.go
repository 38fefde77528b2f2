package tray

import (
	"errors"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
)

// besieged plays a tray in which carl, who manages care alone, does what he can to
// use up the keys of strangers, whose cards are public.
func besieged(t testing.TB) *world {
	t.Helper()
	w := play(t, "deal.yaml", deal)
	f := &forger{world: w}
	commit := func(ops ...entry.Op) {
		t.Helper()
		if err := f.append(f.by("carl", ops...), false); err != nil {
			t.Fatal(err)
		}
		f.blobs = nil
	}
	invite := func(who string) (*entry.Invite, *entry.Withdraw) {
		guest, err := section.GenerateIdentity(section.Classic)
		if err != nil {
			t.Fatal(err)
		}
		op := f.invite("care")
		op.Key, op.Recipient = f.public(f.actor(who).signer).String(), guest.Recipient().String()
		return op, &entry.Withdraw{Invite: f.participant(who)}
	}
	open, withdraw := invite("vera")
	share := func() *entry.Share {
		p := f.place("customer")
		return &entry.Share{Place: p, Number: f.state().present(p).Number, File: f.file([]byte("{}"), f.participant("vera"))}
	}
	commit(open, share())
	if err := f.append(f.by("anna", f.admit("vera", "customer")), false); !errors.Is(err, BadKey) {
		t.Errorf("admitted by the key of an open invite: %v", err)
	}
	f.blobs = nil
	commit(withdraw)
	open, withdraw = invite("vito")
	commit(open, withdraw)
	commit(f.admit("vanni", "care"), &entry.Dismiss{Participant: f.participant("vanni"), Roles: []string{"care"}})
	w.play(`
		anna: admit vera customer; admit vanni customer
		anna: invite link customer
		vito: join link
	`)
	return w
}

// TestNobodyIsKeptOut demands that a key which others said, in an invite or with a
// card, still brings in whom it belongs to; and that what was made for the invite is
// not taken for his.
func TestNobodyIsKeptOut(t *testing.T) {
	w := besieged(t)
	for _, who := range []string{"vera", "vito", "vanni"} {
		w.play(who + ": reads customer.company=Rossi")
		if p := w.state().people[(&forger{world: w}).participant(who)]; p == nil || p.Ended() {
			t.Errorf("%s is not there", who)
		}
	}
	w.checkReplays()
}
