package tray

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// unsteady is a host that takes one entry, behind which somebody else has another, says
// of it what it likes, and of whose log one reading is bad.
type unsteady struct {
	store.Store
	armed  bool
	then   func() // once the entry was taken
	answer error
	left   int // readings of the log until the bad one
	bad    func(lines iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error]
}

func (u *unsteady) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	if !u.armed {
		return u.Store.Append(ctx, after, line, blobs...)
	}
	u.armed = false
	if err := u.Store.Append(ctx, after, line, blobs...); err != nil {
		return err
	}
	u.then()
	if errors.Is(u.answer, store.ErrConflict) { // sent twice on the way
		return u.Store.Append(ctx, after, line, blobs...)
	}
	return u.answer
}

func (u *unsteady) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	lines := u.Store.Log(ctx, tray, from)
	if u.armed || u.bad == nil {
		return lines
	}
	if u.left--; u.left != 0 {
		return lines
	}
	return u.bad(lines)
}

// badReadings are what can become of a reading of a log.
var badReadings = map[string]func(iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error]{
	"fails": func(iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) { yield(nil, errCut) }
	},
	"nothing": func(iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] { return func(func([]byte, error) bool) {} },
	"cut short": func(lines iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for line, err := range lines {
				yield(line, err)
				return
			}
		}
	},
	"the first is missing": func(lines iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			n := 0
			for line, err := range lines {
				if n++; n > 1 && !yield(line, err) {
					return
				}
			}
		}
	},
}

// TestSentOnce has a draft committed until that succeeds, whatever the host says of its
// entry, and whichever reading of the log is bad: the entry is there once.
func TestSentOnce(t *testing.T) {
	cases := 0
	for answer, err := range map[string]error{"lost": errCut, "twice": store.ErrConflict, "taken": nil, "refused": &Refusal{Code: NoRight, Op: -1}, "skewed": &Refusal{Code: BadSkew, Op: -1, Clock: time.Now().Add(time.Minute)}} {
		for reading, bad := range badReadings {
			for left := range 4 {
				for _, synced := range []bool{false, true} {
					cases++
					way, _, second, me := couple(t)
					u := &unsteady{Store: way.Store, answer: err}
					first := have(Open(t.Context(), u, second.ID(), me))(t)
					u.then = func() {
						if err := setField(t.Context(), second, "f1", "other"); err != nil {
							t.Fatal(err)
						}
						if synced { // by another goroutine
							if err := first.Sync(t.Context()); err != nil {
								t.Fatal(err)
							}
						}
						u.left, u.bad = left, bad
					}
					d := first.Draft()
					d.Note("once")
					u.armed = true
					tries := 0
					for err := d.Commit(t.Context()); err != nil; err = d.Commit(t.Context()) {
						if tries++; tries > 2 {
							t.Fatalf("%s, reading %d %s: %v", answer, left, reading, err)
						}
					}
					if err := second.Sync(t.Context()); err != nil {
						t.Fatal(err)
					}
					notes := 0
					for x, err := range second.Timeline(t.Context()) {
						if err != nil {
							t.Fatal(err)
						}
						for _, did := range x.Acts {
							if _, ok := did.(DidNote); ok {
								notes++
							}
						}
					}
					if length := second.State().head.Length; notes != 1 || length != 3 {
						t.Errorf("%s, reading %d %s, synced %t: %d notes among %d entries after %d failures", answer, left, reading, synced, notes, length, tries)
					}
				}
			}
		}
	}
	if cases == 0 {
		t.Fatal("no cases")
	}
	t.Logf("%d cases", cases)
}

// Who was told something else of the same person since is told that the first is there.
func TestSentOfTheSamePerson(t *testing.T) {
	way, first, _, _ := couple(t)
	who := crowd(t, 1)[0]
	d := first.Draft()
	d.Admit(who.Card(), "member")
	way.after, way.arrives = 0, true
	if err := d.Commit(t.Context()); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	way.down = false
	d.Drop(who.ID())
	d.Dismiss(who.ID())
	if err := d.Commit(t.Context()); !errors.Is(err, ErrSent) {
		t.Errorf("%v", err)
	}
	if p := first.State().Participant(who.ID()); p == nil || p.Ended() {
		t.Errorf("is %v", p)
	}
}
