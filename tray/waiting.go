package tray

import (
	"context"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/tray/entry"
)

// Task is one thing that waits for a participant. The types of this package that
// implement it, whose names begin with Task, are all there are.
type Task interface{ task() }

// TaskEdit is a section, or an instance of one, that he may write now.
type TaskEdit struct {
	entry.Place
	Status     Status            // Unwritten, Readable, or why he can only write it as a whole
	Violations []rules.Violation // of the rules over it that he can evaluate; messages may hold values
}

// TaskSign is a signature that an event from here waits for, and that he can
// give.
type TaskSign struct {
	Signature string
	Covers    []entry.Revision // as they are now
	Stale     bool             // he gave it, and something that it covers changed since
	Events    []string         // that wait for it
}

// TaskFire is an event that he may fire, once nothing blocks it.
type TaskFire struct {
	Event    string
	To       string    // the state that it leads to
	Blockers []Blocker // none if it can be fired now
}

// TaskShare is a section that others may read, and he can share to them. Any
// commit of his does, and one of an empty draft does no more than that.
type TaskShare struct {
	entry.Place
	To []string // participants and invites
}

// TaskAttest is a condition that an event from here needs and on which his word
// counts, while nobody's stands or a wrong one; the outcome is what he finds.
// Any commit of his attests it, also one of an empty draft. Where a function or
// format of his application broke, the outcome is "error", Err says so (see
// [Blocker]), and nothing is attested until it works; where his program does not
// evaluate the condition, there is none, and Err is [rules.ErrTooDear], wrapped.
type TaskAttest struct {
	entry.Outcome
	Err error
}

// TaskReport is a section that is sealed to him, and that he cannot read: see
// [Draft.Unreadable]. Others then share it anew.
type TaskReport struct {
	entry.Place
	Status Status // Unreadable, Missing or Contradicting
	By     string // id of who made the file: the author, or who shared it to him
}

func (TaskEdit) task()   {}
func (TaskSign) task()   {}
func (TaskFire) task()   {}
func (TaskShare) task()  {}
func (TaskAttest) task() {}
func (TaskReport) task() {}

// Waiting gives what waits for the handle's participant in the tray as it was
// last verified (see [Tray.Sync]): what to edit, to sign and to fire, and what
// he owes to others. It is empty for somebody who takes no part. An error is the
// medium's.
func (t *Tray) Waiting(ctx context.Context) ([]Task, error) {
	s := t.State()
	me := s.mine(t.as(s))
	if me == nil || me.Ended() {
		return nil, nil
	}
	view, err := t.view(ctx, s)
	if err != nil {
		return nil, err
	}
	w := waiting{t: t, ctx: ctx, State: s, me: me}
	if err := w.edits(view); err != nil {
		return nil, err
	}
	if err := w.events(); err != nil {
		return nil, err
	}
	if err := w.dues(); err != nil {
		return nil, err
	}
	w.reports(view)
	return w.tasks, nil
}

// waiting collects the tasks of one participant.
type waiting struct {
	*State
	t     *Tray
	ctx   context.Context
	me    *Person
	tasks []Task
}

func (w *waiting) add(x Task) { w.tasks = append(w.tasks, x) }

// edits tells what may be written now, and what is wrong with it.
func (w *waiting) edits(view *View) error {
	for _, x := range view.sections {
		if !x.Editable {
			continue
		}
		violations, err := w.violations(x)
		if err != nil {
			return err
		}
		w.add(TaskEdit{Place: x.Place, Status: x.Status, Violations: violations})
	}
	return nil
}

// violations gives what breaks the rules over a section, its own and those that
// read others besides. A section that was not written counts as an empty one,
// so that what is required is told.
func (w *waiting) violations(x *SectionView) ([]rules.Violation, error) {
	k := w.t.compose(w.ctx, w.State, w.me)
	var out []rules.Violation
	facts := k.facts("")
	for _, cond := range k.template.Conditions() {
		over := strings.HasPrefix(cond.ID, "rule.") && slices.Contains(cond.Sections, x.Section)
		if !over && cond.ID != "valid."+x.Section {
			continue
		}
		instance := ""
		if slices.Contains(k.allInstances(cond.Sections), x.Instance) {
			instance = x.Instance
		}
		verdict, ok, err := k.judge(&cond, instance, facts)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, verdict.Violations...)
		}
	}
	return out, nil
}

// events tells what may be fired, and before that what may be signed so that an
// event, whoever fires it, can be.
func (w *waiting) events() error {
	var fires []Task
	var signs []TaskSign
	for _, name := range w.template.Lifecycle().Events(w.name) {
		ev := w.template.Event(name)
		blockers := w.waitsFor(ev)
		if slices.ContainsFunc(ev.By, w.me.has) {
			d := w.t.draft(w.State)
			d.Fire(name)
			var err error
			if blockers, err = d.can(w.ctx, w.State); err != nil {
				return err
			}
			fires = append(fires, TaskFire{Event: name, To: ev.To, Blockers: blockers})
		}
		for _, b := range blockers {
			if b.Need == NeedSignature && slices.Contains(b.Participants, w.me.ID) {
				signs = w.sign(signs, b.Name, name)
			}
		}
	}
	for _, x := range signs {
		w.add(x)
	}
	w.tasks = append(w.tasks, fires...)
	return nil
}

// sign notes that an event waits for a signature.
func (w *waiting) sign(signs []TaskSign, name, event string) []TaskSign {
	for i := range signs {
		if signs[i].Signature == name {
			signs[i].Events = append(signs[i].Events, event)
			return signs
		}
	}
	return append(signs, TaskSign{
		Signature: name, Covers: w.covers(w.template.Signature(name), w.me.ID),
		Stale: w.signatures[signed{name, w.me.ID}] != nil, Events: []string{event},
	})
}

// dues tells what an empty draft would commit: what the participant owes to
// others.
func (w *waiting) dues() error {
	k, err := w.t.draft(w.State).compose(w.ctx, w.State)
	if err != nil {
		return err
	}
	for _, op := range k.proposal.ops {
		switch op := op.(type) {
		case *entry.Share:
			w.share(op)
		case *entry.Attest:
			for _, o := range op.Outcomes {
				if w.needed(o.Condition) {
					w.add(TaskAttest{Outcome: o})
				}
			}
		}
	}
	for _, b := range k.broken {
		if w.needed(b.Condition) {
			w.add(TaskAttest{b.Outcome, b.err})
		}
	}
	return nil
}

// needed reports whether an event that leads from here needs a condition.
func (w *waiting) needed(id string) bool {
	events := w.template.Condition(id).Events
	return slices.ContainsFunc(w.template.Lifecycle().Events(w.name), func(name string) bool { return slices.Contains(events, name) })
}

// share notes what is to be shared, once for each place: invites have a file
// each.
func (w *waiting) share(op *entry.Share) {
	if n := len(w.tasks); n > 0 {
		if last, ok := w.tasks[n-1].(TaskShare); ok && last.Place == op.Place {
			last.To = append(last.To, op.File.To...)
			w.tasks[n-1] = last
			return
		}
	}
	w.add(TaskShare{Place: op.Place, To: slices.Clone(op.File.To)})
}

// reports tells what the participant should be able to read, and cannot.
func (w *waiting) reports(view *View) {
	for _, x := range view.sections {
		if at := w.places[x.Place]; at != nil && w.holds(at, w.me.ID) &&
			(x.Status == Unreadable || x.Status == Missing || x.Status == Contradicting) {
			w.add(TaskReport{x.Place, x.Status, x.By})
		}
	}
}
