package tray

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
)

// ErrSent says that what a draft held when it was committed before is in the log: the
// answer to that commit was lost. What it was told since is not, and would not go there
// without the rest again: tell it to a new draft.
var ErrSent = errors.New("tray: the draft as it was committed before is in the log; what it was told since belongs in a new one")

// sent is a draft's entry that was given to the host, who did not say what became of
// it, and could not be asked.
type sent struct {
	next *State // after it
	plan *plan  // as it was then
}

// lost notes those of the entries that a failed commit made of which the fate is not
// known: the log, as far as it was read, does not reach so far.
func (d *Draft) lost(made []*proposal, err error) {
	if errors.As(err, new(*Refusal)) {
		return // that is an answer
	}
	now := d.t.State().head.Length
	for _, p := range made {
		if p.next != nil && now < p.next.head.Length {
			d.plan.sent = append(d.plan.sent, sent{p.next, d.plan.clone()})
		}
	}
}

// arrived reports whether an entry of the draft that was thought lost is in the log. If
// the draft was told something since, the error is [ErrSent].
func (d *Draft) arrived(ctx context.Context) (bool, error) {
	for _, x := range d.plan.sent {
		if d.t.State().head.Length < x.next.head.Length {
			continue
		}
		switch err := d.t.arrived(ctx, x.next); {
		case err == nil && d.plan.same(x.plan):
			return true, nil
		case err == nil:
			return true, ErrSent
		case !errors.As(err, new(*Refusal)) && !errors.As(err, new(*ForkError)):
			return true, err // it could not be looked for
		}
	}
	return false, nil
}

// clone is the plan as it is now, but for what was sent.
func (p *plan) clone() *plan {
	c := *p
	c.edits = maps.Clone(p.edits)
	for at, edits := range c.edits {
		c.edits[at] = slices.Clone(edits)
	}
	c.mistakes, c.signs, c.report, c.people, c.sent = slices.Clone(p.mistakes), slices.Clone(p.signs), slices.Clone(p.report), slices.Clone(p.people), nil
	return &c
}

// same reports whether two plans are of one draft that was told nothing in between.
func (p *plan) same(other *plan) bool {
	a, b := p.clone(), other.clone()
	sameOp := func(x, y peopleOp) bool { return x.about == y.about }
	people := slices.EqualFunc(a.people, b.people, sameOp)
	a.people, b.people = nil, nil
	return people && reflect.DeepEqual(a, b)
}
