package tray

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// composer puts an entry together on a state: it applies each op as it adds it,
// the way everybody will, so that what follows is built on what is there.
type composer struct {
	*change
	began    *State // before the entry
	t        *Tray
	ctx      context.Context
	proposal *proposal
	revs     map[entry.Place]section.Revision // as the entry leaves them, where the author can read
	before   map[entry.Place]section.Revision // the revisions before those
	failed   map[said][]rules.Violation       // of the conditions that came out false
	broken   []unsaid
	end      string // the lifecycle's state after the entry
	role     string // that its author fires in

	told  []*Refusal // what is wrong with the draft
	wrong wrong      // what can be told no more of, for that
}

func (t *Tray) compose(ctx context.Context, s *State, me *Person) *composer {
	next := *s
	k := &composer{
		began: s, t: t, ctx: ctx, end: s.name, proposal: new(proposal),
		revs: make(map[entry.Place]section.Revision), before: make(map[entry.Place]section.Revision),
		failed: make(map[said][]rules.Violation),
	}
	if me != nil {
		k.proposal.author = me.ID
	}
	e := t.entry(s, k.proposal)
	k.proposal.time = e.Time // what is composed holds for this time, and maybe not a second later
	k.change = &change{State: &next, entry: e, author: me}
	k.now = e.Time
	k.expireInvites()
	return k
}

// add applies an op and puts it into the entry.
func (k *composer) add(op entry.Op, blobs ...[]byte) error {
	k.entry.Ops = append(k.entry.Ops, op)
	k.op = len(k.entry.Ops) - 1
	if w, ok := op.(*entry.Write); ok {
		k.noteHeld(k.began, w.Place)
	}
	if err := k.applyOp(k.op, op); err != nil {
		err.Seq, err.Op = k.entry.Seq, k.op
		k.entry.Ops = k.entry.Ops[:k.op]
		return err
	}
	k.proposal.ops = k.entry.Ops
	k.proposal.blobs = append(k.proposal.blobs, blobs...)
	return nil
}

// fits demands that the format has room for the entry.
func (k *composer) fits() error {
	_, err := k.entry.Encode()
	if errors.Is(err, entry.ErrLimit) {
		return &Refusal{Code: TooMany, Seq: k.entry.Seq, Op: -1, Detail: "more than one entry has room for: commit it in parts", Err: err}
	}
	return err
}

// toward says which event the entry is going to fire, if any: who reads what it
// writes is decided by the state that it leads to.
func (k *composer) toward(event string) *Refusal {
	k.end = k.name
	if event == "" {
		return nil
	}
	end, err := k.template.Lifecycle().Next(k.name, event)
	if k.template.Event(event) == nil {
		return &Refusal{Code: NotFound, Seq: k.entry.Seq, Op: -1, Err: err}
	}
	if err != nil {
		return &Refusal{Code: NotNow, Seq: k.entry.Seq, Op: -1, Detail: fmt.Sprintf("%s cannot be fired in state %s, only in %s", event, k.name, strings.Join(k.template.Event(event).From, " or ")),
			Blockers: []Blocker{{Need: NeedState, Act: "fire", Name: event, Roles: k.template.Event(event).By}}}
	}
	k.firing, k.end = event, end
	return nil
}

// ending gives the state after the ops so far, in the lifecycle's state after
// the entry.
func (k *composer) ending() *State {
	s := *k.State
	s.name = k.end
	return &s
}

// recipients gives how to encrypt to participants and invites.
func (s *State) recipients(ids []string) []section.Recipient {
	out := make([]section.Recipient, len(ids))
	for i, id := range ids {
		if p := s.people[id]; p != nil {
			out[i] = p.recipient
		} else {
			out[i] = s.invites[id].recipient
		}
	}
	return out
}

// sealTo makes the file of a content, called what in refusals, to those who read it
// by some roles.
func (k *composer) sealTo(what string, plain []byte, to, roles []string) (entry.File, []byte, error) {
	if len(to) > entry.MaxTo {
		r := refuse(TooMany, "%s has %d readers, more than %d: let a crowd share a key", what, len(to), entry.MaxTo)
		r.Blockers = k.makeRoom(roles, to, nil)
		return entry.File{}, nil, r
	}
	blob, err := section.Seal(plain, k.recipients(to))
	if err != nil {
		return entry.File{}, nil, err
	}
	return entry.File{Blob: sign.Sum(blob), Size: uint64(len(blob)), To: to}, blob, nil
}

// put writes a section's next revision, sealed to those who read it after the
// entry.
func (k *composer) put(p entry.Place, content section.Content) error {
	schema := k.template.Schema(p.Section)
	salt, err := section.NewSalt(rand.Reader)
	if err != nil {
		return err
	}
	r := k.present(p)
	r.Number++
	rev := section.Revision{Header: k.header(r, k.author.ID), Salt: salt, Content: content}
	root, err := schema.Root(rev)
	if err != nil {
		return err
	}
	plain, err := schema.Marshal(rev)
	if err != nil {
		return err
	}
	op := &entry.Write{Revision: r}
	op.Root = sign.Hash(root)
	if k.template.Section(p.Section).Public {
		op.Public = base64.RawURLEncoding.EncodeToString(plain)
		err = k.add(op)
	} else {
		var blob []byte
		readers := k.ending().readers(p)
		if len(readers) == 0 {
			return k.nobodyReads(p.Section)
		}
		if op.File, blob, err = k.sealTo(p.Section, plain, readers, k.readerRoles(p.Section)); err != nil {
			return err
		}
		err = k.add(op, blob)
	}
	if err != nil {
		return err
	}
	if before, ok := k.revs[p]; ok {
		k.before[p] = before
	}
	k.revs[p] = rev
	return nil
}

// shareDue shares what the author can read to those who read it after the entry
// and have no file of it: newcomers, whoever the new state shows it to, whoever
// reported that he cannot read what others shared to him, and open invites.
func (k *composer) shareDue() error {
	end := k.ending()
	names := 0
	for _, p := range k.sortedPlaces() {
		at := k.places[p]
		if len(k.entry.Ops) >= maxShares || names >= maxShareNames {
			return nil // what is left stays due
		}
		due, invited := end.waitingFor(p)
		due = slices.DeleteFunc(due, func(id string) bool {
			return id == k.author.ID && slices.Contains(at.unreadable, id) || k.tried(at, k.author.ID, id)
		})
		due = due[:min(len(due), entry.MaxTo, maxShareNames-names)]
		if len(due)+len(invited) == 0 {
			continue
		}
		rev, readable, err := k.revision(p)
		if err != nil {
			return err
		}
		if !readable {
			continue
		}
		plain, err := k.template.Schema(p.Section).Marshal(rev)
		if err != nil {
			return err
		}
		if err := k.shareTo(p, plain, due); err != nil {
			return err
		}
		names += len(due)
		for _, id := range invited {
			if err := k.shareTo(p, plain, []string{id}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *composer) shareTo(p entry.Place, plain []byte, to []string) error {
	if len(to) == 0 {
		return nil
	}
	f, blob, err := k.sealTo(p.Section, plain, to, k.readerRoles(p.Section))
	if err != nil {
		return err
	}
	return k.add(&entry.Share{Place: p, Number: k.places[p].number, File: f}, blob)
}

// sortedPlaces gives the places that were written, in the template's order.
func (s *State) sortedPlaces() []entry.Place {
	var out []entry.Place
	for p := range s.places {
		out = append(out, p)
	}
	slices.SortFunc(out, s.comparePlaces)
	return out
}

// openInvites gives the ids of the open invites, sorted.
func (s *State) openInvites() []string {
	var out []string
	for id := range s.invites {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// judge evaluates a condition over what the author can read; ok is false if
// that is not all that it reads.
func (k *composer) judge(cond *template.Condition, instance string, facts *facts) (v rules.Verdict, ok bool, err error) {
	if len(cond.Attest) == 0 {
		return k.evaluate(cond, instance, facts), true, nil
	}
	var contents []judged
	for _, p := range k.placesOf(cond.Sections, instance) {
		rev, readable, err := k.revision(p)
		if err != nil || !readable {
			return v, false, err
		}
		number := k.present(p).Number
		if number == 0 {
			continue
		}
		c := judged{section: p.Section, now: rev.Content}
		if cond.Old && number > 1 {
			if rev, readable, err = k.revisionBefore(p); err != nil || !readable {
				return v, false, err
			}
			c.old = rev.Content
		}
		contents = append(contents, c)
	}
	return k.verdict(cond, contents, facts), true, nil
}

// revision gives what a place holds after the ops so far.
func (k *composer) revision(p entry.Place) (section.Revision, bool, error) {
	if rev, ok := k.revs[p]; ok {
		return rev, true, nil
	}
	rev, status, _, err := k.t.revision(k.ctx, k.State, p, k.places[p])
	readable := status == Readable || status == Unwritten
	if err == nil && status == Readable {
		k.revs[p] = rev
	}
	return rev, readable, err
}

// remember keeps what the entry wrote, where its author reads it: he need not
// decrypt what he sealed himself.
func (k *composer) remember() {
	for _, p := range k.written {
		if at := k.places[p]; at.public == nil && k.holds(at, k.author.ID) {
			k.t.remember(p, opened{root: at.root, rev: k.revs[p], blob: at.files.written.Blob})
		}
	}
}

// revisionBefore gives what a place held one revision before.
func (k *composer) revisionBefore(p entry.Place) (section.Revision, bool, error) {
	if rev, ok := k.before[p]; ok {
		return rev, true, nil
	}
	rev, status, _, err := k.t.revision(k.ctx, k.State, p, k.places[p].before)
	if err == nil && status == Readable {
		k.before[p] = rev
	}
	return rev, status == Readable, err
}

// text seals a free text to its audience.
func (k *composer) text(kind, text string, named, own []string) (*entry.Sealed, []byte, error) {
	id, err := newNonce()
	if err != nil {
		return nil, nil, err
	}
	salt, err := section.NewSalt(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	schema := k.template.NoteSchema()
	content, err := schema.Coerce(map[string]any{"text": text})
	if values := (*section.ValuesError)(nil); errors.As(err, &values) {
		problems := slices.Clone(values.Problems)
		for i := range problems {
			problems[i].Path = kind
		}
		return nil, nil, &Refusal{Code: BadValue, Seq: k.entry.Seq, Op: -1, Err: &section.ValuesError{Problems: problems}}
	}
	if err != nil {
		return nil, nil, err
	}
	plain, err := schema.Marshal(section.Revision{Header: textHeader(k.head.Tray, kind, id, k.author.ID), Salt: salt, Content: content})
	if err != nil {
		return nil, nil, err
	}
	f, blob, err := k.sealTo("a "+kind, plain, k.ending().audience(k.author, named, own), k.audienceRoles(named, own))
	return &entry.Sealed{ID: id, File: f}, blob, err
}

// note adds a note, sealed to its audience.
func (k *composer) note(text string) error {
	sealed, blob, err := k.text("note", text, k.template.Notes(), k.author.Roles)
	if err != nil {
		return err
	}
	return k.add(&entry.Note{Sealed: *sealed}, blob)
}

func textHeader(tray sign.Hash, kind, id, author string) section.Header {
	return section.Header{Tray: tray.String(), Kind: kind, Name: id, Author: author}
}

func newNonce() (string, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("tray: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}
