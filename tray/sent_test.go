package tray

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// A draft whose answer was lost is committed again, as its documentation says, and does
// nothing twice; nor is it taken for done where it did not arrive.
func TestDraftLostAnswer(t *testing.T) {
	ctx := t.Context()
	for name, tell := range map[string]func(*Draft){
		"a note":          func(d *Draft) { d.Note("once") },
		"a field":         func(d *Draft) { d.Set("sheet.f0", "mine") },
		"a note and more": func(d *Draft) { d.Set("sheet.f0", "mine"); d.Note("once") },
	} {
		for _, arrives := range []bool{true, false} {
			for _, others := range []int{0, 1, 3} {
				t.Run(fmt.Sprintf("%s, arrives %v, others %d", name, arrives, others), func(t *testing.T) {
					way, first, second, _ := couple(t)
					d := first.Draft()
					tell(d)
					before := first.State().Head().Length
					way.after, way.arrives = 0, arrives
					if err := d.Commit(ctx); !errors.Is(err, errCut) {
						t.Fatalf("cut: %v", err)
					}
					if err := d.Commit(ctx); !errors.Is(err, errCut) {
						t.Fatalf("still cut: %v", err)
					}
					way.down = false
					for i := range others {
						if err := setField(ctx, second, "f1", fmt.Sprint(i)); err != nil {
							t.Fatal(err)
						}
					}
					for range 2 {
						if err := d.Commit(ctx); err != nil {
							t.Fatal(err)
						}
						if !arrives {
							break // it has happened now
						}
					}
					if got, want := first.State().Head().Length, before+1+uint64(others); got != want {
						t.Errorf("%d entries, not %d", got, want)
					}
				})
			}
		}
	}
}

// What a draft is told after its answer was lost is not lost, nor taken for committed.
func TestDraftToldMoreAfterLostAnswer(t *testing.T) {
	ctx := t.Context()
	for name, more := range map[string]func(*Draft){
		"another field":   func(d *Draft) { d.Set("sheet.f1", "more") },
		"another value":   func(d *Draft) { d.Set("sheet.f0", "more") },
		"another note":    func(d *Draft) { d.Note("twice") },
		"one field less":  func(d *Draft) { d.Drop("sheet.f0") },
		"another mistake": func(d *Draft) { d.Set("sheet.nothing", 1) },
		"somebody":        func(d *Draft) { d.Dismiss("nobody") },
	} {
		way, first, _, _ := couple(t)
		d := first.Draft()
		d.Set("sheet.f0", "mine")
		d.Note("once")
		way.after, way.arrives = 0, true
		if err := d.Commit(ctx); !errors.Is(err, errCut) {
			t.Fatalf("cut: %v", err)
		}
		way.down = false
		more(d)
		if err := d.Commit(ctx); !errors.Is(err, ErrSent) {
			t.Errorf("%s: %v", name, err)
		}
		if got := first.State().Head().Length; got != 2 {
			t.Errorf("%s: %d entries", name, got)
		}
	}
}

// A link is not lost with the answer to its invite.
func TestInviteLostAnswer(t *testing.T) {
	ctx := t.Context()
	for _, arrives := range []bool{true, false} {
		way, first, _, _ := couple(t)
		way.after, way.arrives = 0, arrives
		link, err := first.Invite(ctx, "member", Until(time.Now().Add(time.Hour)))
		if !errors.Is(err, errCut) || link.Head.Length == 0 {
			t.Fatalf("cut: %v", err)
		}
		way.down = false
		if err := first.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		open := slices.ContainsFunc(first.State().Invites(), func(i Invite) bool { return i.Status == InviteOpen })
		if open != arrives {
			t.Fatalf("arrives %v: open %v", arrives, open)
		}
		joined, err := Join(ctx, way, link, crowd(t, 1)[0])
		if arrives && (err != nil || joined.Me() == nil) || !arrives && !errors.Is(err, BadInvite) {
			t.Errorf("arrives %v: %v", arrives, err)
		}
	}
}
