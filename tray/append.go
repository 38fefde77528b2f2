package tray

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// proposal is an entry to be: by whom, its ops and the blobs that they name.
type proposal struct {
	time   time.Time // that it was composed at; now if zero
	author string
	ops    []entry.Op
	blobs  [][]byte
	next   *State // after it, once it was signed to be sent, until it is known not to be there
}

// maxAttempts bounds how often a commit tries again because others were faster.
const maxAttempts = 1000

// append builds an entry on the present state, applies it as everybody will,
// and appends it; if others were faster, once more on the state after theirs.
func (t *Tray) append(ctx context.Context, build func(*State) (*proposal, error)) error {
	skewed := false
	for range maxAttempts {
		s := t.State()
		p, err := build(s)
		if err != nil {
			return err
		}
		line, next, err := t.sign(s, p)
		if err != nil {
			return err
		}
		p.next = next
		after := s.head
		if after.Length == 0 {
			after.Tray = sign.Sum(line)
		}
		err = t.host.Append(ctx, after, line, p.blobs...)
		var conflict *store.ConflictError
		if errors.As(err, &conflict) && conflict.Head == next.head {
			err = nil // it was sent twice on the way, and the first arrived
		}
		if err == nil {
			return t.appended(ctx, s, next)
		}
		var refusal *Refusal
		refused := errors.As(err, &refusal)
		if refused && refusal.Code == BadSkew && !skewed && t.correct(refusal.Clock) {
			skewed = true
			continue
		}
		if refused {
			return err
		}
		stale := errors.Is(err, store.ErrConflict)
		if syncErr := t.syncAfter(ctx, s, next); stale && syncErr != nil {
			return syncErr
		}
		long := t.State().head.Length >= next.head.Length // enough to tell
		there, unknown := t.arrived(ctx, next)
		switch {
		case there:
			return nil // before the answer was lost
		case !stale:
			return err
		case unknown != nil:
			return unknown
		case t.State().head == s.head:
			return stalled(s.head, err)
		}
		if long {
			p.next = nil // it is not there, and never will be
		}
	}
	return fmt.Errorf("tray: others were faster %d times: %w", maxAttempts, store.ErrConflict)
}

// ErrStalled says that a host refuses an entry since others were faster, and then
// has nothing of theirs to show: it has not the log that it serves, or does not
// want the entry. Nothing is lost; to try at once again would be in vain. What
// the host answered is wrapped in it, a [store.ErrConflict].
var ErrStalled = errors.New("tray: the host says that the log has grown, and shows nothing new")

// stalled says so, of a handle at a head. If the host names another head, no longer
// than that, it serves another log.
func stalled(at store.Head, err error) error {
	var conflict *store.ConflictError
	if errors.As(err, &conflict) && conflict.Head.Tray == at.Tray && conflict.Head.Length <= at.Length && conflict.Head != at {
		return &ForkError{Pinned: at, Got: conflict.Head}
	}
	return fmt.Errorf("%w: %w", ErrStalled, err)
}

// appended takes the state after an entry that the host says it took. If another
// goroutine has read the log meanwhile, that has to say so, too.
func (t *Tray) appended(ctx context.Context, s, next *State) error {
	if t.advance(s, next) {
		return nil
	}
	there, err := t.arrived(ctx, next)
	if err == nil && !there {
		err = &ForkError{Pinned: next.head, Got: t.State().head}
	}
	return err
}

// syncAfter is Sync after an append of which the fate is not known. Of the first
// entry only the head can tell: there is nothing before it.
func (t *Tray) syncAfter(ctx context.Context, s, next *State) error {
	if next.head.Length > 1 {
		return t.Sync(ctx)
	}
	head, err := t.host.Head(ctx, next.head.Tray)
	if err == nil && head == next.head {
		t.advance(s, next)
	}
	return err
}

// arrived reports whether the log that was verified last contains the entry that leads
// to next: as its end, or with those of others behind it. The lines from its place on
// tell, if they lead to the head that was verified; if they do not, or cannot be read,
// that is an error, and it may be there or not.
func (t *Tray) arrived(ctx context.Context, next *State) (bool, error) {
	now := t.State().head
	if now.Tray != next.head.Tray || now.Length <= next.head.Length {
		return now == next.head, nil
	}
	at := store.Head{Tray: now.Tray, Length: next.head.Length - 1}
	there := false
	lines := firstLines(t.host.Log(ctx, now.Tray, at.Length), now.Length-at.Length)
	for o, err := range sign.ReadAll(entry.Kind, lines, decodeEntry) {
		if err != nil {
			return false, lineRefusal(&State{head: at}, err)
		}
		if at.Length++; at.Length == next.head.Length {
			there = o.Line == next.head.Hash
		} else if o.Value.Prev != at.Hash {
			break
		}
		at.Hash = o.Line
	}
	if at != now {
		return false, &ForkError{Pinned: now, Got: at}
	}
	return there, nil
}
