package tray

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

var errCut = errors.New("the network is down")

// cut is a way to a host that breaks down around an append, and stays so until it
// is mended.
type cut struct {
	store.Store
	arrives bool
	after   int // how many appends come through before; none breaks if negative
	down    bool
}

func (c *cut) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	if c.down {
		return errCut
	}
	if c.after--; c.after != -1 {
		return c.Store.Append(ctx, after, line, blobs...)
	}
	c.down = true
	if c.arrives {
		if err := c.Store.Append(ctx, after, line, blobs...); err != nil {
			return err
		}
	}
	return errCut
}

func (c *cut) Head(ctx context.Context, tray sign.Hash) (store.Head, error) {
	if c.down {
		return store.Head{}, errCut
	}
	return c.Store.Head(ctx, tray)
}

func (c *cut) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	if c.down {
		return func(yield func([]byte, error) bool) { yield(nil, errCut) }
	}
	return c.Store.Log(ctx, tray, from)
}

// couple is a sheet of one member, over a way that can be cut, and another member's
// handle on the host itself.
func couple(t *testing.T) (way *cut, first, second *Tray, me *Identity) {
	people := crowd(t, 2)
	way = &cut{Store: NewHost(store.NewMemory()), after: -1}
	first = have(Create(t.Context(), way, fields(t, 2), people[0], InSuite(section.Classic), Bind("member", people[0].Card()), Bind("member", people[1].Card())))(t)
	return way, first, have(Open(t.Context(), way.Store, first.ID(), people[1]))(t), people[0]
}

func setField(ctx context.Context, tr *Tray, field, value string) error {
	d := tr.Draft()
	d.Set("sheet."+field, value)
	return d.Commit(ctx)
}

// A rekey whose answer was lost is done, if it arrived; the handle goes on with the
// new keys, told so or not, also where others have written meanwhile.
func TestRekeyLostAnswer(t *testing.T) {
	ctx := t.Context()
	for _, arrives := range []bool{true, false} {
		for _, others := range []int{0, 2} {
			for _, then := range []string{"rekeys again", "commits", "syncs", "opens anew", "opens anew by the new"} {
				t.Run(fmt.Sprintf("arrives %v, others %d, %s", arrives, others, then), func(t *testing.T) {
					way, first, second, me := couple(t)
					if err := setField(ctx, first, "f0", "mine"); err != nil {
						t.Fatal(err)
					}
					next := crowd(t, 1)[0]
					way.after, way.arrives = 0, arrives
					if err := first.Rekey(ctx, next); !errors.Is(err, errCut) {
						t.Fatalf("cut: %v", err)
					}
					way.down = false
					for i := range others {
						if err := setField(ctx, second, "f1", fmt.Sprint(i)); err != nil {
							t.Fatal(err)
						}
					}
					rekeyed := arrives
					switch then {
					case "rekeys again":
						if err := first.Rekey(ctx, next); err != nil {
							t.Fatal(err)
						}
						rekeyed = true
					case "syncs":
						if err := first.Sync(ctx); err != nil {
							t.Fatal(err)
						}
					case "opens anew":
						first = have(Open(ctx, way, first.ID(), me))(t)
						if err := first.Rekey(ctx, next); err != nil {
							t.Fatal(err)
						}
						rekeyed = true
					case "opens anew by the new":
						if !arrives {
							return // who is not known
						}
						first = have(Open(ctx, way, first.ID(), next.Keeping(me)))(t)
					}
					if err := setField(ctx, first, "f0", "again"); err != nil {
						t.Fatal(err)
					}
					want := me
					if rekeyed {
						want = next
					}
					if p := first.Me(); p == nil || p.ID != me.ID() || p.Key() != want.PublicKey() {
						t.Errorf("acts as %v", p)
					}
					if err := second.Sync(ctx); err != nil {
						t.Fatal(err)
					}
					for _, tr := range []*Tray{first, second} {
						if v := have(tr.View(ctx))(t); v.Text("sheet.f0") != "again" {
							t.Errorf("reads %q", v.Text("sheet.f0"))
						}
					}
					rekeys := 0
					for x, err := range first.Timeline(ctx) {
						if err != nil {
							t.Fatal(err)
						}
						for _, did := range x.Acts {
							if _, ok := did.(DidRekey); ok {
								rekeys++
							}
						}
					}
					if rekeys > 1 || rekeys == 1 != rekeyed {
						t.Errorf("%d rekeys in the log", rekeys)
					}
				})
			}
		}
	}
}

// What is no lost answer is refused as ever, and the handle stays what it is.
func TestRekeyRefused(t *testing.T) {
	ctx := t.Context()
	way, first, second, me := couple(t)
	other := crowd(t, 1)[0]
	if err := second.Rekey(ctx, other); err != nil {
		t.Fatal(err)
	}
	if err := first.Rekey(ctx, other); !errors.Is(err, BadKey) { // whoever has it, has it
		t.Errorf("to a key of somebody else: %v", err)
	}
	if p := first.Me(); p.ID != me.ID() {
		t.Errorf("is %v now", p)
	}
	if err := setField(ctx, first, "f0", "mine"); err != nil {
		t.Error(err)
	}
	next := crowd(t, 1)[0]
	if err := first.Rekey(ctx, next); err != nil {
		t.Fatal(err)
	}
	if err := first.Rekey(ctx, me); !errors.Is(err, BadKey) {
		t.Errorf("back: %v", err)
	}
	if err := first.Rekey(ctx, nil); err == nil {
		t.Error("to nobody")
	}
	third := crowd(t, 1)[0]
	way.after, way.arrives = 0, true
	if err := first.Rekey(ctx, third); !errors.Is(err, errCut) {
		t.Error(err)
	}
	way.down = false
	if err := first.Rekey(ctx, next); !errors.Is(err, BadKey) { // third's entry is there
		t.Errorf("back to what was before a lost answer: %v", err)
	}
	old := have(Open(ctx, way, first.ID(), me))(t)
	if err := setField(ctx, old, "f1", "by the first key"); !errors.Is(err, BadKey) {
		t.Errorf("by a former key: %v", err)
	}
	looks := have(Open(ctx, way, first.ID(), nil))(t)
	if err := looks.Rekey(ctx, crowd(t, 1)[0]); !errors.Is(err, NotAuthor) {
		t.Errorf("who only looks: %v", err)
	}
	if err := setField(ctx, first, "f1", "at last"); err != nil || first.Me().Key() != third.PublicKey() {
		t.Errorf("%v, %v", err, first.Me())
	}
}

// Commits that race a rekey in the same handle are signed by the key of their place.
func TestRekeyRaced(t *testing.T) {
	ctx := t.Context()
	way, first, _, me := couple(t)
	first = have(Open(ctx, way.Store, first.ID(), me))(t) // a way that breaks down is for one at a time
	done := make(chan error)
	const n = 12
	go func() {
		for i := range n {
			if err := setField(ctx, first, "f0", fmt.Sprint(i)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for _, next := range crowd(t, n) {
		if err := first.Rekey(ctx, next); err != nil {
			t.Error(err)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := first.State().head.Length; got != 1+2*n {
		t.Errorf("%d entries", got)
	}
}

// A join whose answer was lost is one, for whoever joined; for nobody else.
func TestJoinLostAnswer(t *testing.T) {
	ctx := t.Context()
	for _, arrives := range []bool{true, false} {
		way, first, second, _ := couple(t)
		if err := setField(ctx, first, "f0", "mine"); err != nil {
			t.Fatal(err)
		}
		link := have(first.Invite(ctx, "member"))(t)
		guests := crowd(t, 3)
		way.after, way.arrives = 0, arrives
		if _, err := Join(ctx, way, link, guests[0]); !errors.Is(err, errCut) {
			t.Fatalf("cut: %v", err)
		}
		way.down = false
		if arrives {
			if _, err := Join(ctx, way, link, guests[1]); !errors.Is(err, BadInvite) {
				t.Errorf("another by the used link: %v", err)
			}
		}
		if err := second.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		if err := setField(ctx, second, "f1", "theirs"); err != nil {
			t.Fatal(err)
		}
		var guest *Tray
		for range 2 { // and as often as he likes
			guest = have(Join(ctx, way, link, guests[0]))(t)
		}
		if p := guest.Me(); p == nil || p.ID != guests[0].ID() {
			t.Errorf("is %v", p)
		}
		if v := have(guest.View(ctx))(t); v.Text("sheet.f0") != "mine" {
			t.Errorf("reads %q", v.Text("sheet.f0"))
		}
		if err := setField(ctx, guest, "f1", "the guest's"); err != nil {
			t.Error(err)
		}
		if got := guest.State().head.Length; got != 6 {
			t.Errorf("%d entries", got)
		}
	}
}

// Who is in the tray by another way, or not any more, has not joined by a link that
// is used up.
func TestJoinedOtherwise(t *testing.T) {
	ctx := t.Context()
	way, first, _, me := couple(t)
	guests := crowd(t, 3)
	used := have(first.Invite(ctx, "member"))(t)
	have(Join(ctx, way, used, guests[0]))(t)
	own := have(first.Invite(ctx, "member"))(t)
	have(Join(ctx, way, own, guests[1]))(t)
	if err := first.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	d := first.Draft()
	d.Admit(guests[2].Card(), "member")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	for name, who := range map[string]*Identity{"created it": me, "joined by another link": guests[1], "was admitted": guests[2]} {
		if _, err := Join(ctx, way, used, who); !errors.Is(err, BadInvite) {
			t.Errorf("who %s: %v", name, err)
		}
	}
	have(Join(ctx, way, used, guests[0]))(t)
	d = first.Draft()
	d.Dismiss(guests[0].ID())
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := Join(ctx, way, used, guests[0]); !errors.Is(err, BadInvite) {
		t.Errorf("who was dismissed: %v", err)
	}
	next := crowd(t, 1)[0]
	second := have(Open(ctx, way, first.ID(), guests[1]))(t)
	if err := second.Rekey(ctx, next); err != nil {
		t.Fatal(err)
	}
	for name, who := range map[string]*Identity{"old": guests[1], "new": next} {
		if _, err := Join(ctx, way, own, who); !errors.Is(err, BadInvite) && !errors.Is(err, BadKey) {
			t.Errorf("who has other keys since, by the %s: %v", name, err)
		}
	}
}
