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

// sent is a draft's entry that was given to the host, and that was not seen in the log.
type sent struct {
	next *State // after it
	plan *plan  // as it was then
}

// lost notes the entries that a commit gave to the host in vain, whatever he said of
// them: only the log tells what became of each.
func (d *Draft) lost(made []*proposal) {
	for _, p := range made {
		if p.next != nil {
			d.plan.sent = append(d.plan.sent, sent{p.next, d.plan.clone()})
		}
	}
}

// errArrived says that what a draft is to do is done.
var errArrived = errors.New("the draft's entry is in the log")

// arrived fails with [errArrived] if an entry of the draft that was sent before is in
// the log, and with [ErrSent] if the draft was told something since; with other errors
// if it could not be looked for.
func (d *Draft) arrived(ctx context.Context) error {
	var unknown []sent
	for _, x := range d.plan.sent {
		if d.t.State().head.Length < x.next.head.Length {
			unknown = append(unknown, x)
			continue
		}
		switch there, err := d.t.arrived(ctx, x.next); {
		case err != nil:
			return err
		case there && d.plan.same(x.plan):
			return errArrived
		case there:
			return ErrSent
		}
	}
	d.plan.sent = unknown // the others are not there, and never will be
	return nil
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
