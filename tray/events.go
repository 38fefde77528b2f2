package tray

import (
	"context"
	"errors"
	"iter"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// EventType says in one word what became of a tray.
type EventType string

const (
	Created EventType = "created" // it is new
	Changed EventType = "changed" // something was done, in the same state
	Moved   EventType = "moved"   // an event of the lifecycle was fired
	Closed  EventType = "closed"  // an event led to a final state
	Broken  EventType = "broken"  // what the store holds does not verify: a host never stored it

	Unverified EventType = "unverified" // whether it verifies, this program cannot tell: see [UndecidedError]
)

// Event is one entry of one of a host's trays, for programs that act on what
// happens: that tell people whose turn it is, or carry data on. It follows from
// the log alone, so that however often it is told it is the same.
type Event struct {
	Step
	Type     EventType
	Tray     sign.Hash
	Cursor   store.Cursor // continues after this event
	Template string       // its name
	Version  int          // of the template
	Turn     []string     // roles whose turn it is after the entry, see [State.Turn]
	Refusal  *Refusal     // of a broken tray: where, and why; its Step has Seq alone

	Undecided *UndecidedError // of an unverified tray: from where on; its Step has Seq alone
}

// ID names the event: tray and place in its log. It is the same whenever the
// event is told.
func (e Event) ID() string { return eventID(e.Tray, e.Seq) }

// Events tells what happened in all trays of the host after the cursor, up to
// the present, and then ends; the zero Cursor stands for the beginning. The
// entries of one tray come in their order, each at least once.
//
// To follow a host, keep the cursor of the last event that was dealt with, where
// it outlives the program, and ask again from there, every second or whenever
// something was appended. A program that stops between dealing with an event
// and keeping its cursor is told again: [Event.ID] tells it so.
//
//	for ev, err := range host.Events(ctx, cursor) {
//		if err != nil {
//			return err // and ask again later
//		}
//		if err := notify(ev); err != nil {
//			return err
//		}
//		cursor = ev.Cursor
//		keep(cursor)
//	}
//
// Every line is verified before it is told, once by a host that is asked again from
// where it stopped; from further back it verifies the log anew. A tray that does not
// verify hides no other: it is told as [Broken], or [Unverified]. Errors are the
// store's, as of its Feed; there is at most one, and last.
func (h *Host) Events(ctx context.Context, after store.Cursor) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		f := follower{host: h}
		defer f.leave()
		for c, err := range h.store.Feed(ctx, after) {
			if err != nil {
				yield(Event{}, err)
				return
			}
			ev, err := f.event(ctx, c)
			if err != nil {
				yield(Event{}, err)
				return
			}
			if !yield(ev, nil) {
				return
			}
		}
	}
}

func (f *follower) event(ctx context.Context, c store.Change) (Event, error) {
	ev := Event{Tray: c.Tray, Cursor: c.Cursor, Step: Step{Seq: c.Seq}}
	s, e, err := f.entry(ctx, c.Tray, c.Seq)
	if err == nil {
		ev.Step, err = s.step(e)
	}
	if err != nil {
		ev.Step = Step{Seq: c.Seq}
		if errors.As(err, &ev.Undecided) {
			ev.Type = Unverified
			return ev, nil
		}
		if ev.Refusal = broken(err); ev.Refusal == nil {
			return ev, err
		}
		ev.Type = Broken
		return ev, nil
	}
	ev.Template, ev.Version, ev.Turn = s.template.Name(), s.template.Version(), s.Turn()
	switch {
	case c.Seq == 0:
		ev.Type = Created
	case ev.Event() == "":
		ev.Type = Changed
	case s.Final():
		ev.Type = Closed
	default:
		ev.Type = Moved
	}
	return ev, nil
}

// broken gives the refusal of a log that does not verify, or that the store
// cannot have stored; nil for what may pass, or has another cause.
func broken(err error) *Refusal {
	var r *Refusal
	switch {
	case errors.As(err, &r):
		return r
	case errors.Is(err, store.ErrCorrupt), errors.Is(err, store.ErrNotFound):
		return &Refusal{Code: Malformed, Op: -1, Detail: "the store", Err: err}
	}
	return nil
}
