package tray

import (
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
}

// TestFilesAreNotCounted demands that whoever comes can be given a revision that hundreds
// hold, each by a file of his own: a participant, an invite, and whoever joins by it.
func TestFilesAreNotCounted(t *testing.T) {
	f := heldByMany(t)
	if err := f.append(f.by("anna", f.share("customer", "last")), false); err != nil {
		t.Fatal(err)
	}
	again := f.share("customer", "last")
	if problem := refusedWith(f.append(f.by("anna", again), false), BadReaders); problem != "" {
		t.Error("given to who holds it:", problem)
	}
	f.play(`
		anna: invite link customer
		dino: join link; reads customer.company=Rossi
		anna: admit dora2 customer
		dora2: reads customer.company=Rossi
	`)
	if got := len(f.state().Owed()); got != 0 {
		t.Errorf("%d are owed", got)
	}
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

// heldByMany plays a tray in which each of 300 holds a revision by a file of his own
// ("guest0", and so on), and "last" reads it and has none.
func heldByMany(t testing.TB) *forger {
	t.Helper()
	f := &forger{world: play(t, "deal.yaml", deal)}
	for first := 0; first < 300; first += 100 {
		var admits, shares []entry.Op
		for i := range 100 {
			admits = append(admits, f.admit(fmt.Sprint("guest", first+i), "customer"))
		}
		if err := f.append(f.by("anna", admits...), false); err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			shares = append(shares, f.share("customer", fmt.Sprint("guest", first+i)))
		}
		if err := f.append(f.by("anna", shares...), false); err != nil {
			t.Fatal(err)
		}
		f.blobs = nil
	}
	if err := f.append(f.by("anna", f.admit("last", "customer")), false); err != nil {
		t.Fatal(err)
	}
	return f
}

// refusedWith says what is wrong with an error that should be of a code, or none.
func refusedWith(err error, code Code) string {
	if code == "" {
		return unless(err == nil, "refused")
	}
	return mismatch(err, []string{string(code)})
}
