package tray

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// Draft collects what a participant wants to change, and commits it as one
// entry: all of it or nothing. Its methods only take notes; Commit tells at once
// all that is wrong. A draft is used by one goroutine at a time.
//
// A draft starts from what the tray held when it was made. If the log has grown
// when it is committed, it is rebased: see [Draft.Commit].
type Draft struct {
	t        *Tray
	base     *State
	instance string // for sections that are per a role: whose
	plan     *plan
}

// plan is what a draft is going to do; views of it for several instances share
// it.
type plan struct {
	edits    map[entry.Place]edits
	mistakes []mistake
	signs    []signing
	note     string
	event    string
	role     string // to fire in; found by itself if empty
	reason   string
	report   []entry.Place // that cannot be read
	people   []peopleOp
	calls    int    // that made them, or others that were dropped
	sent     []sent // of which the fate is not known
}

// mistake is a call that no edit came of.
type mistake struct {
	entry.Place        // of a section that may not be there
	below       string // what was told behind its name
	problem     section.Problem
}

// signing is a signature to be given.
type signing struct {
	name, language string
}

// peopleOp admits, invites, withdraws, dismisses or rekeys.
type peopleOp struct {
	about string // id of the participant or invite; the card where there is none
	do    func(*composer) error
}

// Draft begins a change of what the tray holds now.
func (t *Tray) Draft() *Draft { return t.draft(t.State()) }

// draft begins a change of what the tray held in a state.
func (t *Tray) draft(s *State) *Draft {
	d := &Draft{t: t, base: s, plan: &plan{edits: make(map[entry.Place]edits)}}
	if me := s.mine(t.as(s)); me != nil {
		d.instance = me.ID
	}
	return d
}

// Of gives the same draft, in which sections that are per a role mean the
// instance of another participant.
func (d *Draft) Of(participant string) *Draft {
	other := *d
	other.instance = participant
	return &other
}

// place finds which place a section means for the draft; ok is false if there is
// no such section.
func (d *Draft) place(name string) (p entry.Place, ok bool) {
	p.Section = name
	sec := d.base.template.Section(name)
	if sec != nil && len(sec.Per) > 0 {
		p.Instance = d.instance
	}
	return p, sec != nil
}

// mistake notes a call that nothing comes of, once for what it is about.
func (d *Draft) mistake(p entry.Place, below string, problem section.Problem) {
	again := func(m mistake) bool { return m.Place == p && m.below == below }
	d.plan.mistakes = append(slices.DeleteFunc(d.plan.mistakes, again), mistake{p, below, problem})
}

// forgive forgets mistakes at a path and beneath.
func (d *Draft) forgive(p entry.Place, below string) {
	d.plan.mistakes = slices.DeleteFunc(d.plan.mistakes, func(m mistake) bool {
		rest, ok := strings.CutPrefix(m.below, below)
		return m.Place == p && ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// Set gives a field a value, named by section and path as in
// "products.lines[0].price"; nil empties it. Values are what the field's type
// takes (see [section.Schema.Coerce]). It replaces what the draft was told of the
// field, and of what is inside. It does not reach into a list or record that was
// given in a Go type of its own, such as a []Line: what is refused in there is
// mended by setting that list or record again, or by [Draft.Drop] of it; in a
// []any, a map[string]any, or what was encoded, by setting the one value. A value is
// read at each commit: leave alone what it points to until that succeeded.
func (d *Draft) Set(path string, value any) {
	name, field, ok := strings.Cut(path, ".")
	p, known := d.place(name)
	below := strings.TrimPrefix(path, name)
	at, err := section.ParsePath(field)
	switch {
	case !ok:
		d.mistake(p, below, section.Problem{Path: name, Code: section.CodeForm, Detail: "section.field is expected, as in products.total; a section as a whole is for Encode"})
	case !known:
		d.mistake(p, below, d.unknownSection(name))
	case err != nil:
		d.mistake(p, below, section.Problem{Path: path, Code: section.CodeForm, Detail: "a path such as products.lines[0].price is expected"})
	default:
		d.forgive(p, below)
		d.plan.edits[p] = d.plan.edits[p].with(edit{at, value})
	}
}

func (d *Draft) unknownSection(name string) section.Problem {
	return section.NoSection(name, d.base.template.SectionNames())
}

// Drop takes back all that the draft was told of a section or of a field and what
// is inside, named as for [Draft.Set], of a signature, or of a participant or
// invite, by their ids. What was dropped is as if it had never been told: a field
// stays what it is, where the rest of its section was not encoded.
func (d *Draft) Drop(what string) {
	name, field, isField := strings.Cut(what, ".")
	p, _ := d.place(name)
	d.forgive(p, strings.TrimPrefix(what, name))
	if at, err := section.ParsePath(field); err == nil {
		d.plan.edits[p] = d.plan.edits[p].without(at)
	}
	if !isField {
		d.plan.report = slices.DeleteFunc(d.plan.report, func(reported entry.Place) bool { return reported == p })
	}
	if !isField || len(d.plan.edits[p]) == 0 {
		delete(d.plan.edits, p)
	}
	d.plan.signs = slices.DeleteFunc(d.plan.signs, func(x signing) bool { return x.name == what })
	d.plan.people = slices.DeleteFunc(d.plan.people, func(op peopleOp) bool { return op.about == what })
}

// Sign gives a signature of the template, over what it covers as the draft
// leaves it, once. language is that of the declaration that was shown; without one
// in "it-CH", the one in "it" is meant.
func (d *Draft) Sign(name, language string) {
	again := func(x signing) bool { return x.name == name }
	d.plan.signs = append(slices.DeleteFunc(d.plan.signs, again), signing{name, language})
}

// Fire leads the tray to its next state. A draft fires one event, the last that
// it is told; "" takes it back.
func (d *Draft) Fire(event string) { d.plan.event = event }

// As names the role to fire in, which its author must have. It is needed only by
// somebody who has several that may: without it, he fires in the first of them that
// he had when the draft was begun, and is refused if he has lost it since. A
// signature is given in the role that the template names for it.
func (d *Draft) As(role string) { d.plan.role = role }

// Reason goes with the event, sealed to those whom the template names. "" takes
// it back.
func (d *Draft) Reason(text string) { d.plan.reason = text }

// Note leaves a note, sealed to those whom the template names. A draft leaves one,
// the last that it is told; "" takes it back.
func (d *Draft) Note(text string) { d.plan.note = text }

// Unreadable tells everybody that a section cannot be read although it is meant
// for the participant, so that another reader shares it anew, who did not before.
// It is told once of each file: see [Owed] for what is left when all have tried.
func (d *Draft) Unreadable(name string) {
	p, ok := d.place(name)
	switch {
	case !ok:
		d.mistake(p, "", d.unknownSection(name))
	case !slices.Contains(d.plan.report, p):
		d.plan.report = append(d.plan.report, p)
	}
}

// Commit makes one entry of the draft. If the log has grown since the draft was
// begun, the draft is rebased: sections that did not move stay as they are, of
// one that did the author's changes are merged field by field (a list is one
// field), conditions are evaluated again. Commit brings the handle up to date
// first, so there is no need to call Sync. It fails
//
//   - with a [*Refusal] for what may not be, or not yet: what is missing, and
//     who can provide it, all at once and each thing once; what follows from
//     another is not told besides, such as that a field is missing whose value
//     was refused, nor what else breaks the rules of a list in which one was;
//   - with a [*section.ValuesError] in it for values that fields do not take, and a
//     [*rules.ComputeError] for computed fields that break;
//   - with an [*UndecidedError] for an outcome that the entry would have to record, or
//     a computed field, which this program does not evaluate;
//   - with a [*ConflictError] if nothing is refused, and somebody else gave a
//     field another value, or changed what the draft signs;
//   - with [ErrStalled], or a [*ForkError], if the host says that others were
//     faster, and shows nothing of theirs, or another log.
//
// A draft that fires is never rebased onto another state of the lifecycle: that
// is [NotNow], even if the event leads on from there, too.
//
// After an error nothing was changed, and the draft is still there: what was refused
// can be mended by further calls and committed again. Where the host could not be
// reached any more it may have taken the entry all the same: to commit the same draft
// again finds it, and does nothing twice; if the draft was told more meanwhile, that
// fails with [ErrSent]. A call replaces what it repeats (a field and what is inside, a
// section, a signature, the event, the reason, the note), and [Draft.Drop] takes back
// what should not have been told at all. A conflict is resolved by that, or in a new
// draft: see [ConflictError]. Computed fields are computed, whatever they were set to,
// and never what conflicts.
func (d *Draft) Commit(ctx context.Context) error {
	if err := d.t.Sync(ctx); err != nil {
		return err
	}
	var k *composer
	var made []*proposal
	err := d.t.append(ctx, func(s *State) (_ *proposal, err error) {
		d.lost(made)
		made = nil
		if err := d.arrived(ctx); err != nil {
			return nil, err
		}
		if k, err = d.compose(ctx, s); err != nil {
			return nil, err
		}
		if len(k.proposal.ops) == 0 {
			return nil, k.nothing()
		}
		made = append(made, k.proposal)
		return k.proposal, nil
	})
	switch {
	case err == errArrived:
		return nil
	case err != nil:
		d.lost(made)
		return err
	}
	k.remember()
	return nil
}

// ErrNothing says that a draft changes nothing. Where its author has something to
// attest and his application broke, or his program does not evaluate it, the error says
// that, too.
var ErrNothing = errors.New("tray: nothing to commit")

// compose puts the draft's entry together on a state. What is wrong with it is
// told at once, in one refusal: see [composer.tell].
func (d *Draft) compose(ctx context.Context, s *State) (*composer, error) {
	me := s.mine(d.t.as(s))
	if me == nil || me.Ended() {
		return nil, refuse(NotAuthor, "the identity takes no part in this tray, or no longer")
	}
	k := d.t.compose(ctx, s, me)
	err := d.fill(k)
	if len(k.told) > 0 && (err == nil || errors.As(err, new(*ConflictError))) {
		err = together(k.told)
	}
	if err == nil && len(k.entry.Ops) > 0 {
		err = k.fits()
	}
	return k, err
}

// fill adds the ops of the draft.
func (d *Draft) fill(k *composer) error {
	k.role = d.role(k)
	for _, op := range d.plan.people {
		if err := k.tell(op.do(k)); err != nil {
			return err
		}
	}
	event := d.event(k)
	if err := d.write(k); err != nil {
		return err
	}
	for _, p := range d.plan.report {
		if err := k.tell(k.add(&entry.Unreadable{Place: p, Number: k.present(p).Number})); err != nil {
			return err
		}
	}
	if d.plan.note != "" {
		if err := k.tell(k.note(d.plan.note)); err != nil {
			return err
		}
	}
	for _, x := range d.plan.signs {
		if err := k.tell(d.sign(k, x)); err != nil {
			return err
		}
	}
	return d.finish(k, event)
}

// role gives the role that the draft names, if its author has it.
func (d *Draft) role(k *composer) string {
	role := d.plan.role
	switch {
	case role == "" || k.author.has(role):
		return role
	case k.template.Role(role) == nil:
		k.told = append(k.told, refuse(NotFound, "no role %s: the author acts as %s", role, roleList(k.author.Roles)))
	default:
		k.told = append(k.told, refuse(NoRight, "the author does not act as %s, but as %s", role, roleList(k.author.Roles)))
	}
	return ""
}

// acting gives the role to fire in for a draft that names none: the first of the
// event's that its author had when the draft was begun. What he came into since does
// not change whom he acts as, nor who reads his reason. If he had none, it is the
// first that he has now.
func (d *Draft) acting(k *composer, ev *template.Event) string {
	first := func(p *Person) string {
		if p == nil {
			return ""
		}
		if i := slices.IndexFunc(ev.By, p.has); i >= 0 {
			return ev.By[i]
		}
		return ""
	}
	was, is := first(d.base.people[k.author.ID]), first(k.author)
	switch {
	case was == "" || is == "": // if none is left, the event itself is refused
		return is
	case k.author.has(was):
		return was
	}
	k.told = append(k.told, refuse(NoRight, "the author does not act as %s any more, as he did when the draft was begun: Draft.As says in which role he fires", was))
	return is
}

// event gives the event that the draft fires, nil if there is none that can be
// fired here.
func (d *Draft) event(k *composer) *template.Event {
	if err := k.toward(d.plan.event); err != nil {
		k.told = append(k.told, err)
		return nil
	}
	if d.plan.event == "" {
		return nil
	}
	ev := k.template.Event(d.plan.event)
	if d.base.name != k.name {
		// The event leads on from here, too; but its author decided elsewhere.
		r := refuse(NotNow, "the state was %s when the draft was begun, and is %s", d.base.name, k.name)
		r.Blockers = []Blocker{{Need: NeedState, Act: "fire", Name: ev.Name, Roles: ev.By}}
		k.told = append(k.told, r)
		return nil
	}
	return ev
}

// finish adds what goes with every entry: shares that are due, attestations,
// and the event.
func (d *Draft) finish(k *composer, ev *template.Event) error {
	if err := k.tell(k.shareDue()); err != nil {
		return err
	}
	if ev == nil {
		if d.plan.event == "" && d.plan.reason != "" {
			k.told = append(k.told, refuse(BadReason, "a reason goes with an event, and the draft fires none"))
		}
		if err := k.tell(k.attestDue("")); err != nil {
			return err
		}
		return k.check()
	}
	if k.role == "" {
		k.role = d.acting(k, ev)
	}
	op := &entry.Fire{Role: k.role, Event: ev.Name, From: k.name, To: k.end}
	if err := k.tell(k.attestDue(k.role)); err != nil {
		return err
	}
	op.Outcomes = k.outcomes(ev, k.role, k.author.ID, k.words)
	for i := range op.Outcomes {
		if o := &op.Outcomes[i]; o.Result == notRun {
			return undecided(k.entry.Seq, o)
		}
	}
	var blobs [][]byte
	if d.plan.reason != "" {
		read := []string(nil)
		if ev.Reason != nil {
			read = ev.Reason.Read
		}
		sealed, blob, err := k.text("reason", d.plan.reason, read, []string{k.role})
		if err != nil {
			if err := k.tell(err); err != nil {
				return err
			}
		} else {
			op.Reason, blobs = sealed, [][]byte{blob}
		}
	}
	fired := k.add(op, blobs...)
	if err := k.tell(k.explain(fired)); err != nil {
		return err
	}
	if r := reasoned(ev, d.plan.reason != ""); r != nil && errors.Is(fired, Blocked) {
		k.told = append(k.told, r)
	}
	return k.check()
}

// check does what is done when an entry is complete.
func (k *composer) check() error {
	if len(k.told) > 0 { // who reads what cannot be told any more, but what was there before can
		r := k.transitions()
		if r == nil {
			return nil
		}
		err := k.explain(r)
		if r.Blockers = slices.DeleteFunc(r.Blockers, k.blocked); len(r.Blockers) == 0 {
			return nil // the event has named them
		}
		return k.tell(err)
	}
	if err := k.change.finish(); err != nil {
		err.Seq, err.Op = k.entry.Seq, -1
		return k.tell(k.explain(err))
	}
	return nil
}
