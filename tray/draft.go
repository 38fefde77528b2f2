package tray

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
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
	edits   map[entry.Place][]edit
	signs   []signing
	notes   []string
	event   string
	role    string // to fire in; found by itself if empty
	reason  string
	report  []entry.Place // that cannot be read
	people  []peopleOp
	mistake []section.Problem
}

// edit sets one field, or a section's whole content.
type edit struct {
	path  section.Path
	value any
	whole map[string]any
}

// signing is a signature to be given.
type signing struct {
	name, language string
}

// peopleOp admits, invites, withdraws, dismisses or rekeys.
type peopleOp func(*composer) error

// Draft begins a change of what the tray holds now.
func (t *Tray) Draft() *Draft {
	s := t.State()
	d := &Draft{t: t, base: s, plan: &plan{edits: make(map[entry.Place][]edit)}}
	if me := s.mine(t.me.Load()); me != nil {
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

// place finds which place a section means for the draft.
func (d *Draft) place(name string) (entry.Place, bool) {
	sec := d.base.template.Section(name)
	if sec == nil {
		d.mistake(name, section.CodeUnknown, "no section of this name")
		return entry.Place{}, false
	}
	p := entry.Place{Section: name}
	if len(sec.Per) > 0 {
		p.Instance = d.instance
	}
	return p, true
}

func (d *Draft) mistake(path, code, detail string) {
	d.plan.mistake = append(d.plan.mistake, section.Problem{Path: path, Code: code, Detail: detail})
}

// Set gives a field a value, named by section and path as in
// "products.lines[0].price"; nil empties it. Values are what the field's type
// takes (see [section.Schema.Coerce]).
func (d *Draft) Set(path string, value any) {
	name, rest, ok := strings.Cut(path, ".")
	if !ok {
		d.mistake(name, section.CodeForm, "section.field is expected, as in products.total; a section as a whole is for Encode")
		return
	}
	p, ok := d.place(name)
	if !ok {
		return
	}
	at, err := section.ParsePath(rest)
	if err != nil {
		d.mistake(path, section.CodeForm, "a path such as products.lines[0].price is expected")
		return
	}
	d.plan.edits[p] = append(d.plan.edits[p], edit{path: at, value: value})
}

// Encode gives a section the content of a struct, through its json tags, or of
// a map: all of it, so that fields which are not there become empty.
func (d *Draft) Encode(name string, content any) {
	p, ok := d.place(name)
	if !ok {
		return
	}
	data, err := json.Marshal(content)
	if err != nil {
		d.mistake(name, section.CodeType, "what encoding/json takes is expected")
		return
	}
	var whole map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&whole); err != nil {
		d.mistake(name, section.CodeType, "a struct or a map is expected")
		return
	}
	if whole == nil {
		d.mistake(name, section.CodeType, "a struct or a map is expected, not nil; one without fields empties the section")
		return
	}
	d.plan.edits[p] = append(d.plan.edits[p], edit{whole: whole})
}

// Sign gives a signature of the template, over what it covers as the draft
// leaves it. language is that of the declaration that was shown.
func (d *Draft) Sign(name, language string) {
	d.plan.signs = append(d.plan.signs, signing{name, language})
}

// Fire leads the tray to its next state. A draft fires one event, the last that
// it is told.
func (d *Draft) Fire(event string) { d.plan.event = event }

// As names the role to fire in, which its author must have. It is needed only by
// somebody who has several that may. A signature is given in the role that the
// template names for it.
func (d *Draft) As(role string) { d.plan.role = role }

// Reason goes with the event, sealed to those whom the template names.
func (d *Draft) Reason(text string) { d.plan.reason = text }

// Note leaves a note, sealed to those whom the template names.
func (d *Draft) Note(text string) { d.plan.notes = append(d.plan.notes, text) }

// Unreadable tells everybody that a section cannot be read although it is meant
// for the participant, so that another reader shares it anew, who did not before.
// It is told once of each file: see [Owed] for what is left when all have tried.
func (d *Draft) Unreadable(name string) {
	if p, ok := d.place(name); ok {
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
//     was refused;
//   - with a [*section.ValuesError] in it for values that fields do not take;
//   - with a [*ConflictError] if nothing is refused, and somebody else gave a
//     field another value, or changed what the draft signs.
//
// A draft that fires is never rebased onto another state of the lifecycle: that
// is [NotNow], even if the event leads on from there, too.
//
// After an error nothing was changed, and the draft is still there: what was
// refused can be mended by further calls and committed again. A conflict is
// resolved in a new draft, which starts from what the others wrote. Computed
// fields are computed, whatever they were set to.
func (d *Draft) Commit(ctx context.Context) error {
	if err := d.t.Sync(ctx); err != nil {
		return err
	}
	var k *composer
	err := d.t.append(ctx, func(s *State) (_ *proposal, err error) {
		if k, err = d.compose(ctx, s); err != nil {
			return nil, err
		}
		if len(k.proposal.ops) == 0 {
			return nil, k.nothing()
		}
		return k.proposal, nil
	})
	if err == nil {
		k.remember()
	}
	return err
}

// ErrNothing says that a draft changes nothing. Where its author has something to
// attest and his application broke, the error says that, too.
var ErrNothing = errors.New("tray: nothing to commit")

// compose puts the draft's entry together on a state. What is wrong with it is
// told at once, in one refusal: see [composer.tell].
func (d *Draft) compose(ctx context.Context, s *State) (*composer, error) {
	me := s.mine(d.t.me.Load())
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
		if err := k.tell(op(k)); err != nil {
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
	for _, note := range d.plan.notes {
		if err := k.tell(k.note(note)); err != nil {
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
		r.Blockers = []Blocker{{Need: NeedState, Name: ev.Name, Roles: ev.By}}
		k.told = append(k.told, r)
		return nil
	}
	return ev
}

// write adds the revisions that the draft makes.
func (d *Draft) write(k *composer) error {
	places := slices.SortedFunc(maps.Keys(d.plan.edits), k.comparePlaces)
	problems := slices.Clone(d.plan.mistake)
	k.wrong.everywhere = len(problems) > 0
	var conflicts []Conflict
	merged := make(map[entry.Place]section.Content)
	for _, p := range places {
		may := k.mayBeWritten(p)
		if may != nil {
			k.told = append(k.told, may)
			k.wrong.whole(p)
			if !k.isPlace(p) {
				continue
			}
		}
		content, found, err := d.merge(k, p)
		var values *section.ValuesError
		switch {
		case errors.As(err, &values):
			problems = append(problems, inSection(p.Section, values)...)
			k.wrong.fields(p, values)
		case may != nil && (err == nil || errors.As(err, new(*Refusal))):
			continue
		case err != nil:
			if err := k.tell(err); err != nil {
				return err
			}
			k.wrong.whole(p)
			continue
		}
		if may == nil {
			conflicts = append(conflicts, found...)
			merged[p] = content
		}
	}
	if len(problems) > 0 {
		k.told = append(k.told, &Refusal{Code: BadValue, Seq: k.entry.Seq, Op: -1, Err: &section.ValuesError{Problems: problems}})
	}
	if len(conflicts) > 0 {
		return &ConflictError{conflicts}
	}
	for _, p := range places {
		content, ok := merged[p]
		if !ok {
			continue
		}
		if now, readable := k.revs[p]; readable && k.present(p).Number > 0 && section.Equal(map[string]any(now.Content), map[string]any(content)) && !k.lost(p) {
			continue // nothing changed, and no signature goes stale
		}
		err := k.put(p, content)
		if err != nil {
			k.wrong.whole(p)
		}
		if err := k.tell(err); err != nil {
			return err
		}
	}
	return nil
}

// inSection puts the section's name before the paths of problems.
func inSection(name string, e *section.ValuesError) []section.Problem {
	out := slices.Clone(e.Problems)
	for i := range out {
		out[i].Path = strings.TrimSuffix(name+"."+out[i].Path, ".")
	}
	return out
}

// sign adds a signature of the draft. It refuses to sign what changed since the
// draft was begun: the signer has not seen it.
func (d *Draft) sign(k *composer, x signing) error {
	k.wrong.signs = append(k.wrong.signs, x.name)
	sig := k.template.Signature(x.name)
	if sig == nil {
		return refuse(NotFound, "no signature %s", x.name)
	}
	covers := k.covers(sig, k.author.ID)
	var moved []Conflict
	for _, r := range covers {
		seen := d.base.present(r.Place)
		if own := slices.Contains(k.written, r.Place); own && r.Number != seen.Number+1 || !own && r != seen {
			moved = append(moved, Conflict{Path: r.Section, Signature: x.name})
		}
	}
	if len(moved) > 0 {
		return &ConflictError{moved}
	}
	if err := k.seen(sig, covers); err != nil {
		return err
	}
	if _, ok := sig.Declare[x.language]; !ok {
		return refuse(BadSign, "the declaration of %s is there in %s, not in %s", x.name, strings.Join(slices.Sorted(maps.Keys(sig.Declare)), ", "), x.language)
	}
	return k.add(&entry.Sign{Role: sig.By, Signature: x.name, Language: x.language,
		Declaration: sign.Sum([]byte(sig.Declare[x.language])), Covers: covers})
}

// seen demands that the signer can open what he signs, unless the signature is
// blind: having a file is validity, but who was given one that is not what the
// log says, or none by the host, saw nothing.
func (k *composer) seen(sig *template.Signature, covers []entry.Revision) error {
	if sig.Blind {
		return nil
	}
	for _, r := range covers {
		_, readable, err := k.revision(r.Place)
		if err != nil {
			return err
		}
		if !readable {
			return refuse(BadSign, "the signer cannot open %s", r.Section)
		}
	}
	return nil
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
		if i := slices.IndexFunc(ev.By, k.author.has); i >= 0 {
			k.role = ev.By[i]
		}
	}
	op := &entry.Fire{Role: k.role, Event: ev.Name, From: k.name, To: k.end}
	if err := k.tell(k.attestDue(k.role)); err != nil {
		return err
	}
	op.Outcomes = k.outcomes(ev, k.role, k.author.ID, k.words)
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
		r.Blockers = slices.DeleteFunc(r.Blockers, k.blocked)
		if len(r.Blockers) == 0 {
			return nil // the event has named them
		}
		return k.tell(k.explain(r))
	}
	if err := k.change.finish(); err != nil {
		err.Seq, err.Op = k.entry.Seq, -1
		return k.tell(k.explain(err))
	}
	return nil
}
