package tray

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// TestBoundsOfReplay meets each bound of limits.go, and passes it by one: what
// every replay refuses, however a host is set up.
func TestBoundsOfReplay(t *testing.T) {
	admitted := func(f *forger, code Code, ops ...entry.Op) {
		t.Helper()
		f.blobs = f.blobs[:0]
		for _, op := range ops {
			if sh, ok := op.(*entry.Share); ok {
				sh.File = f.file([]byte("{}"), sh.File.To...)
			}
		}
		err := f.append(f.by("anna", ops...), false)
		if problem := refusedWith(err, code); problem != "" {
			t.Fatalf("%s: %v", problem, err)
		}
	}
	t.Run("participants", func(t *testing.T) {
		if testing.Short() {
			t.Skip("a thousand cards")
		}
		f := fullOfPeople(t)
		id, newcomer := f.invited("link"), f.newcomer
		admitted(f, TooMany, newcomer())
		admitted(f, TooMany, f.invite("customer"))
		one := f.state().order[500]
		ends := &entry.Dismiss{Participant: one, Roles: []string{"customer"}}
		admitted(f, TooMany, ends, newcomer(), newcomer())
		admitted(f, "", &entry.Admit{Card: string(f.actor("carl").me.Card()), Roles: []string{"crm"}}) // who is there
		f.play(`
			carl: admit cleo care !limit role dismiss by sales
			carl: admit cleo care !limit role withdraw by sales
			anna: invite link care !limit role dismiss by sales
			anna: invite link care !limit role withdraw by sales
			anna: set customer.company=Rossi !limit role dismiss by sales,care
			anna: note to sales alone
		`)
		admitted(f, "", ends, &entry.Withdraw{Invite: id})
		f.play(`
			anna: invite more customer
			carl: admit cleo care
			carl: admit cesare care !limit role dismiss by sales,care
			dino: join more
		`)
		if s := f.state(); len(s.order) != maxParticipants || len(s.invites) > 0 || len(s.Participants()) != maxParticipants+1 {
			t.Errorf("%d are there, %d invited, %d came", len(s.order), len(s.invites), len(s.Participants()))
		}
		again := &entry.Admit{Card: string(f.actor("cleo").me.Card()), Roles: []string{"care"}}
		goes := &entry.Dismiss{Participant: f.participant("cleo"), Roles: []string{"care"}}
		admitted(f, "", goes, newcomer())
		admitted(f, TooMany, again)
	})
	t.Run("who went keeps nobody out", func(t *testing.T) {
		if testing.Short() {
			t.Skip("a thousand cards")
		}
		f := &forger{world: play(t, "deal.yaml", "anna: create sales=anna care=carl\n")}
		for len(f.state().people) <= maxParticipants {
			var ops []entry.Op
			for range entry.MaxOps / 2 {
				a := &actor{}
				f.newKeys(a)
				ops = append(ops, &entry.Admit{Card: string(a.me.Card()), Roles: []string{"care"}},
					&entry.Dismiss{Participant: a.me.ID(), Roles: []string{"care"}})
			}
			f.blobs = nil
			if err := f.append(f.by("carl", ops...), false); err != nil {
				t.Fatal(err)
			}
		}
		f.play(`
			anna: admit dora customer
			anna: invite link customer
			dino: join link
			anna: set customer.company=Rossi
			dino: reads customer.company=Rossi
		`)
		f.checkReplays()
		if got := f.state().order; !slices.Equal(got, f.ids("anna", "carl", "dora", "dino")) {
			t.Errorf("%d are there", len(got))
		}
	})
	t.Run("instances of a section", func(t *testing.T) {
		f := &forger{world: play(t, "tender.yaml", "ada: create buyer=ada\n")}
		anew := func() string {
			a := &actor{}
			f.newKeys(a)
			return string(a.me.Card())
		}
		admit := func() entry.Op { return &entry.Admit{Card: anew(), Roles: []string{"bidder"}} }
		buyer := anew()
		ops := []entry.Op{&entry.Admit{Card: buyer, Roles: []string{"buyer"}}, f.invite("bidder"), f.invite("buyer", "bidder")}
		for range template.MaxInstances - 3 {
			ops = append(ops, admit())
		}
		grow := func(who string, code Code, ops ...entry.Op) {
			t.Helper()
			f.blobs = f.blobs[:0]
			if problem := refusedWith(f.append(f.by(who, ops...), false), code); problem != "" {
				t.Fatal(problem)
			}
		}
		grow("ada", "", ops...)
		last := f.invite("bidder")
		id := f.public(f.lastInvite).Thumbprint()
		grow("ada", "", last, f.invite("buyer"))
		f.play("ada: admit ben bidder !limit role dismiss by buyer\n")
		grow("ada", TooMany, admit())
		grow("ada", TooMany, f.invite("bidder"))
		grow("ada", TooMany, &entry.Admit{Card: buyer, Roles: []string{"bidder"}})
		grow("ada", "", &entry.Withdraw{Invite: id})
		grow("ada", "", &entry.Admit{Card: buyer, Roles: []string{"bidder"}})
		grow("ada", TooMany, admit())
		grow("ada", "", &entry.Admit{Card: anew(), Roles: []string{"buyer"}})
	})
	t.Run("open invites", func(t *testing.T) {
		f := &forger{world: play(t, "deal.yaml", "anna: create sales=anna care=carl\n")}
		var ops []entry.Op
		for range maxInvites {
			ops = append(ops, f.invite("customer"))
		}
		admitted(f, "", ops...)
		admitted(f, TooMany, f.invite("customer"))
		f.play(`
			carl: invite more care !limit role withdraw by sales
			anna: invite more care !limit role withdraw by sales
		`)
	})
	t.Run("time of an invite", func(t *testing.T) {
		f := &forger{world: play(t, "deal.yaml", "anna: create sales=anna care=carl\n")}
		for left, code := range map[time.Duration]Code{0: BadInvite, time.Second: "", maxInviteTime: "", maxInviteTime + time.Second: BadInvite} {
			op := f.invite("customer")
			op.Expires = f.clock.UTC().Add(left)
			admitted(f, code, op)
		}
	})
	t.Run("files of a revision", func(t *testing.T) {
		f := fullOfFiles(t)
		var r *Refusal
		if err := f.append(f.by("anna", f.share("customer", "last")), false); !errors.As(err, &r) || r.Code != TooMany {
			t.Fatalf("not refused: %v", err)
		} else {
			want := []string{"only sales or care can dismiss sales, customer, care", "customer cannot be shared to anybody more: sales can write it anew"}
			if got := names(r.Blockers); !slices.Equal(got, want) {
				t.Errorf("%q", got)
			}
		}
		f.play(`
			anna: invite link customer
			dino: join link; sees customer due; sees products readable
			dino: anew customer anna
			anna: set customer.company=Bianchi !limit role dismiss by sales,care
		`)
		admitted(f, "", f.ends("guest7", "customer"), f.share("customer", "last"))
		if got := len(f.state().places[f.place("customer")].files); got != maxFiles+1 {
			t.Errorf("%d files", got)
		}
		f.play("anna: note with which nothing can be shared\ndino: sees customer due\n")
		admitted(f, "", f.ends("guest8", "customer"))
		f.play("anna: note with which it is\ndino: reads customer.company=Rossi\n")
	})
	t.Run("files of keys that were replaced", func(t *testing.T) {
		f := &forger{world: play(t, "deal.yaml", deal)}
		dora, signer := f.participant("dora"), f.actor("dora").signer
		for range maxFiles {
			next := &actor{}
			f.newKeys(next)
			f.blobs = nil
			sh := f.share("customer", "dora")
			e := f.entry("anna", &entry.Rekey{Card: string(next.me.Card())}, sh)
			e.Author, e.Key = dora, f.public(signer).String()
			if err := f.append(f.line(e, signer), false); err != nil {
				t.Fatal(err)
			}
			signer = next.signer
		}
		if got := len(f.state().places[f.place("customer")].files); got <= maxFiles {
			t.Fatalf("%d files", got)
		}
		f.play(`
			anna: admit dino customer
			dino: reads customer.company=Rossi
		`)
	})
	t.Run("files that were said to be unreadable", func(t *testing.T) {
		f := &forger{world: play(t, "deal.yaml", deal)}
		p := f.place("customer")
		for range maxFiles {
			admitted(f, "", &entry.Unreadable{Place: p, Number: 1})
			f.blobs = nil
			if err := f.append(f.by("carl", f.share("customer", "anna")), false); err != nil {
				t.Fatal(err)
			}
		}
		f.play(`
			dora: admit dino customer !right
			anna: admit dino customer
			carl: note with which it is shared
			dino: reads customer.company=Rossi
		`)
	})
	t.Run("files of invites that closed", func(t *testing.T) {
		f := &forger{world: play(t, "deal.yaml", deal)}
		p := f.place("customer")
		for range maxFiles/maxInvites + 1 {
			var shares, withdrawals []entry.Op
			for range maxInvites {
				invite, id := f.nextInvite("customer")
				shares = append(shares, invite, &entry.Share{Place: p, Number: 1, File: entry.File{To: []string{id}}})
				withdrawals = append(withdrawals, &entry.Withdraw{Invite: id})
			}
			admitted(f, "", shares...)
			admitted(f, "", withdrawals...)
		}
		f.play(`
			anna: invite link customer
			dino: join link
			dino: reads customer.company=Rossi
		`)
	})
}

// fullOfPeople plays a tray in which as many take part as there can be, one of them by
// an open invite.
func fullOfPeople(t testing.TB) *forger {
	t.Helper()
	f := &forger{world: play(t, "deal.yaml", "anna: create sales=anna care=carl\nanna: invite link customer\n")}
	for len(f.state().order) < maxParticipants-1 {
		var ops []entry.Op
		for range min(entry.MaxOps, maxParticipants-1-len(f.state().order)) {
			ops = append(ops, f.newcomer())
		}
		if err := f.append(f.by("anna", ops...), false); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// newcomer admits somebody who was never there.
func (f *forger) newcomer() *entry.Admit {
	a := &actor{}
	f.newKeys(a)
	return &entry.Admit{Card: string(a.me.Card()), Roles: []string{"customer"}}
}

// fullOfFiles plays a tray in which as many files of a revision are held as there can
// be, each by somebody else ("guest0", and so on), and "last" reads it and has none.
func fullOfFiles(t testing.TB) *forger {
	t.Helper()
	f := &forger{world: play(t, "deal.yaml", deal)}
	var guests []string
	for have := len(f.state().places[f.place("customer")].files); have < maxFiles; have++ {
		guests = append(guests, fmt.Sprint("guest", len(guests)))
	}
	ops := []entry.Op{}
	for _, who := range guests {
		ops = append(ops, f.admit(who, "customer"))
	}
	if err := f.append(f.by("anna", append(ops, f.admit("last", "customer"))...), false); err != nil {
		t.Fatal(err)
	}
	ops = nil
	for _, who := range guests {
		ops = append(ops, f.share("customer", who))
	}
	if err := f.append(f.by("anna", ops...), false); err != nil {
		t.Fatal(err)
	}
	f.blobs = nil
	return f
}

// refusedWith says what is wrong with an error that should be of a code, or none.
func refusedWith(err error, code Code) string {
	if code == "" {
		return unless(err == nil, "refused")
	}
	return mismatch(err, []string{string(code)})
}
