package tray

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// Step is one entry of a tray's history: who did what, when, and where it led.
// It holds ids and names, and no content.
type Step struct {
	Seq    uint64    // place in the log, from 0
	Line   sign.Hash // of the entry
	Time   time.Time // as the author claimed
	Author string    // participant id
	Roles  []string  // that the author had when he did it; those he came with, if he came by it
	From   string    // the lifecycle's state before; empty at the creation
	To     string    // the state after: the same one if no event was fired
	Acts   []Act     // in order, at least one
}

// Event gives the event that the step fired, or "".
func (x Step) Event() string {
	if f, ok := x.Acts[len(x.Acts)-1].(DidFire); ok {
		return f.Event
	}
	return ""
}

// Written gives the revisions that the step wrote.
func (x Step) Written() []entry.Revision {
	var out []entry.Revision
	for _, act := range x.Acts {
		if w, ok := act.(DidWrite); ok {
			out = append(out, w.Revision)
		}
	}
	return out
}

// Signed gives the names of the signatures that the step gave.
func (x Step) Signed() []string {
	var out []string
	for _, act := range x.Acts {
		if s, ok := act.(DidSign); ok {
			out = append(out, s.Signature)
		}
	}
	return out
}

// String says it in ids, on one line.
func (x Step) String() string {
	acts := make([]string, len(x.Acts))
	for i, act := range x.Acts {
		acts[i] = act.String()
	}
	return fmt.Sprintf("%d %s %s (%s): %s", x.Seq, x.Time.Format(time.RFC3339), x.Author, roleList(x.Roles), strings.Join(acts, "; "))
}

// Timeline gives the history of the tray, from its creation to what was last
// verified (see [Tray.Sync]). The lines are read from the host again, and
// nothing is given before they were followed to the verified head.
//
// It yields at most one error, and last, then without any step: a [*ForkError]
// if the host no longer serves what was verified, or a [*Refusal] that says at
// which entry what it serves is no log at all.
func (t *Tray) Timeline(ctx context.Context) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		var steps []Step
		err := t.history(ctx, func(after *State, e *entry.Entry) error {
			x, err := after.step(e)
			steps = append(steps, x)
			return err
		})
		if err != nil {
			yield(Step{}, err)
			return
		}
		for _, x := range steps {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// history reads the log again up to the verified head, and hands out every entry
// with the state after it. Hashes are enough: the head stands for all lines
// before it, but only once it is reached, so what is handed out must not be
// believed before history returns nil.
func (t *Tray) history(ctx context.Context, each func(after *State, e *entry.Entry) error) error {
	end := t.State()
	s := newState(end.template, end.head.Tray)
	lines := firstLines(t.host.Log(ctx, end.head.Tray, 0), end.head.Length)
	for o, err := range sign.ReadAll(entry.Kind, lines, decodeEntry) {
		if err != nil {
			return lineRefusal(s, err)
		}
		next, err := s.applyPinned(o.Value, o.Line)
		if errors.Is(err, BadChain) {
			return &ForkError{Pinned: end.head, Got: store.Head{Tray: end.head.Tray, Length: end.head.Length, Hash: o.Line}}
		}
		if err != nil {
			return err
		}
		if err := each(next, o.Value); err != nil {
			return err
		}
		s = next
	}
	if s.head != end.head {
		return &ForkError{Pinned: end.head, Got: s.head}
	}
	return nil
}

// firstLines gives n lines, or as many as there are.
func firstLines(lines iter.Seq2[[]byte, error], n uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if n == 0 {
			return
		}
		left := n
		for line, err := range lines {
			if left--; !yield(line, err) || left == 0 {
				return
			}
		}
	}
}

// step tells what an entry did; s is the state after it, whose head it is.
func (s *State) step(e *entry.Entry) (Step, error) {
	x := Step{Seq: e.Seq, Line: s.head.Hash, Time: e.Time, Author: e.Author, From: s.name, To: s.name}
	if e.Seq == 0 {
		x.From = ""
	}
	for _, op := range e.Ops {
		act, err := s.act(op, x.Author)
		if err != nil {
			return x, err
		}
		if f, ok := act.(DidFire); ok {
			x.From = f.From
		}
		x.Acts = append(x.Acts, act)
	}
	x.Roles = s.rolesBefore(x)
	return x, nil
}

// rolesBefore gives the roles that the author of a step had before it, from
// those that he had after it: a step that gives him a role gives one that he
// did not have, and one that ends a role ends one that he had.
func (s *State) rolesBefore(x Step) []string {
	roles := slices.Clone(s.people[x.Author].Roles)
	if s.people[x.Author].Joined == x.Seq {
		return roles
	}
	for _, act := range slices.Backward(x.Acts) {
		switch act := act.(type) {
		case DidAdmit:
			if act.Participant == x.Author {
				roles = slices.DeleteFunc(roles, func(r string) bool { return slices.Contains(act.Roles, r) })
			}
		case DidDismiss:
			if act.Participant == x.Author {
				roles = append(roles, act.Roles...)
			}
		}
	}
	return compactRoles(s.template, roles)
}
