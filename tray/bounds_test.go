package tray

import (
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
		f := &forger{world: play(t, "deal.yaml", "anna: create sales=anna care=carl\n")}
		newcomer := func() entry.Op {
			a := &actor{}
			f.newKeys(a)
			return &entry.Admit{Card: string(a.me.Card()), Roles: []string{"customer"}}
		}
		for len(f.state().order) < maxParticipants {
			var ops []entry.Op
			for range min(entry.MaxOps, maxParticipants-len(f.state().order)) {
				ops = append(ops, newcomer())
			}
			admitted(f, "", ops...)
		}
		admitted(f, TooMany, newcomer())
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
		f := &forger{world: play(t, "deal.yaml", deal+"anna: invite link customer\n")}
		p := f.place("customer")
		share := func(n int) (shares, withdrawals []entry.Op) { // to invites that are closed later
			for range n {
				invite := f.invite("customer")
				id := f.public(f.lastInvite).Thumbprint()
				shares = append(shares, invite, &entry.Share{Place: p, Number: 1, File: entry.File{To: []string{id}}})
				withdrawals = append(withdrawals, &entry.Withdraw{Invite: id})
			}
			return shares, withdrawals
		}
		for have := len(f.state().places[p].files); have < maxFiles; have = len(f.state().places[p].files) {
			shares, withdrawals := share(min(maxInvites-1, maxFiles-have))
			admitted(f, "", shares...)
			admitted(f, "", withdrawals...)
		}
		one, _ := share(1)
		admitted(f, TooMany, one...)
		f.play(`
			dino: join link; sees customer due; sees products readable
			host: owed customer to dino anew anna
			dino: anew customer anna
			anna: set customer.company=Rossi # as it is
			dino: reads customer.company=Rossi
			host: owed
		`)
	})
}

// refusedWith says what is wrong with an error that should be of a code, or none.
func refusedWith(err error, code Code) string {
	if code == "" {
		return unless(err == nil, "refused")
	}
	return mismatch(err, []string{string(code)})
}
