package tray

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// The state lists every invite that was made, with what became of it; it survives a
// snapshot, and whoever comes too late is told why, and who can invite anew.
func TestInvites(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	anna := w.trayOf(w.actor("anna"))
	before := len(anna.State().Invites())
	links := map[string]Link{}
	for _, name := range []string{"open", "used", "withdrawn", "expired"} {
		until := anna.State().now.Add(time.Hour)
		if name == "expired" {
			until = anna.State().now.Add(2 * time.Second)
		}
		links[name] = have(anna.Invite(w.ctx, "supplier", Until(until)))(t)
	}
	guest := have(NewIdentity())(t)
	joined := have(Join(w.ctx, w.host, links["used"], guest))(t)
	d := anna.Draft()
	d.Withdraw(links["withdrawn"].ID())
	if err := d.Commit(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(10 * time.Second)
	d = anna.Draft()
	d.Note("time goes by")
	if err := d.Commit(w.ctx); err != nil {
		t.Fatal(err)
	}
	if err := joined.Sync(w.ctx); err != nil {
		t.Fatal(err)
	}
	snapshot := have(anna.Snapshot())(t)
	resumed := have(Resume(w.ctx, w.host, snapshot, w.actor("anna").me))(t)
	for where, s := range map[string]*State{"replayed": joined.State(), "author": anna.State(), "resumed": resumed.State()} {
		got := s.Invites()[before:]
		if len(got) != len(links) {
			t.Fatalf("%s: %+v", where, got)
		}
		for i, name := range []string{"open", "used", "withdrawn", "expired"} {
			x := got[i]
			usedBy := ""
			if name == "used" {
				usedBy = guest.ID()
			}
			if string(x.Status) != name || x.ID != links[name].ID() || !slices.Equal(x.Roles, []string{"supplier"}) ||
				x.By != w.participant("anna") || x.UsedBy != usedBy || x.Expires.IsZero() || x.Succeeds != "" || i > 0 && x.Seq <= got[i-1].Seq {
				t.Errorf("%s: %s: %+v", where, name, x)
			}
		}
		got[0].Roles[0] = "boss" // it is the caller's own
		if s.Invites()[before].Roles[0] != "supplier" {
			t.Errorf("%s: what is handed out is shared", where)
		}
	}

	late := have(NewIdentity())(t)
	for name, c := range map[string]struct{ detail, word string }{
		"used":      {"the invite was used", "the invite was used before"},
		"withdrawn": {"the invite was withdrawn", "the invite was withdrawn"},
		"expired":   {"the invite has expired", "the invite has expired"},
	} {
		_, err := Join(w.ctx, w.host, links[name], late)
		var r *Refusal
		if !errors.As(err, &r) || r.Code != BadInvite || string(r.Invite) != name || r.Detail != c.detail {
			t.Fatalf("%s: %v", name, err)
		}
		if got := names(r.Blockers); !slices.Equal(got, []string{"only sales can invite supplier"}) || !slices.Equal(r.Blockers[0].Participants, []string{w.participant("anna")}) {
			t.Errorf("%s: %v", name, r.Blockers)
		}
		if got := r.Messages(w.tpl, "en"); !slices.Equal(got, []string{c.word, "supplier: a new invite is needed (sales can invite)"}) {
			t.Errorf("%s: %q", name, got)
		}
		d := anna.Draft()
		d.Withdraw(links[name].ID())
		if err := d.Commit(w.ctx); !errors.As(err, &r) || string(r.Invite) != name || len(r.Blockers) > 0 {
			t.Errorf("withdrawn again: %v", err)
		}
	}
	d = anna.Draft()
	d.Withdraw("nonesuch")
	var r *Refusal
	if err := d.Commit(w.ctx); !errors.As(err, &r) || r.Code != BadInvite || r.Invite != InviteUnknown || !strings.Contains(r.Error(), "never had") {
		t.Errorf("an invite that never was: %v", err)
	}
}

// A dismissal withdraws the invites that its participant could no longer make.
func TestInvitesOfTheDismissed(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	anna, carl := w.trayOf(w.actor("anna")), w.trayOf(w.actor("carl"))
	if err := carl.Sync(w.ctx); err != nil {
		t.Fatal(err)
	}
	link := have(carl.Invite(w.ctx, "care"))(t)
	if err := anna.Sync(w.ctx); err != nil {
		t.Fatal(err)
	}
	d := anna.Draft()
	d.Dismiss(w.participant("carl"))
	if err := d.Commit(w.ctx); err != nil {
		t.Fatal(err)
	}
	all := anna.State().Invites()
	if last := all[len(all)-1]; last.ID != link.ID() || last.Status != InviteWithdrawn {
		t.Errorf("%+v", last)
	}
}
