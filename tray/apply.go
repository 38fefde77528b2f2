package tray

import (
	"maps"
	"slices"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// change is one entry on its way into a state: the next state, which nobody has
// seen yet, and what is still to be checked once all ops are in.
type change struct {
	*State
	entry  *entry.Entry
	pinned bool    // a head that is trusted stands for the entry
	op     int     // which op is being applied
	author *Person // nil until a join has brought him in
	joined *invite // by which he came in

	written []entry.Place         // by this entry, each once
	held    []entry.Place         // of those that the entry writes, where somebody could tell what was there before
	shared  []*entry.Share        // by this entry
	sealed  []sealed              // notes and reasons of this entry
	words   map[said]*attestation // that count for this entry only
	attests bool                  // this entry, which it does once, when all but its event is done
	rekeyed bool                  // its author, which it does once
	firing  string                // the event that the entry fires, if any
	copied  copied                // since the state that the change started from
	witness *witness              // of whoever verifies what was said; nil for nobody

	undecided *UndecidedError // of the first outcome that is not evaluated
}

// copied says which maps of a change's state are its own.
type copied struct{ people, keys, invites, closed, places, said, signatures bool }

// sealed is a free text whose audience is checked at the end.
type sealed struct {
	to    []string
	named []string // roles that the template names
	own   []string // the author's roles for whom it is
}

// applyVerified gives the state after an entry, or why the entry cannot be there, a
// [*Refusal], or cannot be told to be, an [*UndecidedError]. The entry's signature
// has been verified with the key that it names; line is the hash of the line that
// it came in. On an error s is what it was, as it always is: a state is never
// modified.
//
// Everything that a log may do is decided here, from state and entry alone: no
// blob, no clock, no key. It is the same for the author before he signs, for
// the host before it stores, and for every reader.
func (s *State) applyVerified(e *entry.Entry, line sign.Hash) (*State, error) {
	return s.after(&change{entry: e}, line)
}

// applyPinned is applyVerified for an entry that stands before a head which is
// trusted. The entry's signature has not been verified; and no more are those of
// the cards and claims in it, nor is anything encrypted to their recipients for
// a trial, which together would take longer than all else.
//
// Why that is safe: whoever pinned the head had verified all of this, and it
// follows from the bytes alone. The head is the hash of a chain over the same
// bytes, so a log that reaches it holds the same cards and would come out the
// same. What a caller must see to is that no state gets out before the head is
// reached: until then anybody may have written the bytes. Everything else is
// checked even so: it makes the state, and costs little. Keys are, too, so that
// there is no [sign.PublicKey] that was not, and later entries, cards and claims
// are never verified with one. Outcomes that this program does not evaluate follow
// from the bytes, too: whoever pinned the head did evaluate them.
func (s *State) applyPinned(e *entry.Entry, line sign.Hash) (*State, error) {
	return s.after(&change{entry: e, pinned: true}, line)
}

// after gives the state after a change.
func (s *State) after(c *change, line sign.Hash) (*State, error) {
	next := *s
	c.State = &next
	if err := c.run(line); err != nil {
		return nil, err
	}
	return &next, nil
}

// run makes the change's state the one after its entry. On an error nobody may
// use that state.
func (c *change) run(line sign.Hash) error {
	seq := c.head.Length
	c.op = -1
	if err := c.apply(line); err != nil {
		err.Seq, err.Op = seq, c.op // where it stands, whatever it claims
		return err
	}
	if c.undecided != nil && !c.pinned {
		return c.undecided
	}
	return nil
}

// newState gives the state before entry 0 of a tray, whose id is zero while its
// first entry is being made.
func newState(t *template.Template, tray sign.Hash) *State {
	return &State{template: t, head: store.Head{Tray: tray}, name: t.Lifecycle().Initial()}
}

func (c *change) apply(line sign.Hash) *Refusal {
	e := c.entry
	if e.Seq != c.head.Length || e.Prev != c.head.Hash || e.Seq > 0 && e.Tray != c.head.Tray {
		return refuse(BadChain, "the entry does not follow the last one")
	}
	if e.Seq == 0 && !c.head.Tray.IsZero() && c.head.Tray != line {
		return refuse(BadChain, "the first entry is of another tray")
	}
	if e.Time.Before(c.now) {
		return refuse(BadTime, "the entry is older than the one before it")
	}
	c.now = e.Time
	c.expireInvites()
	if f, ok := e.Ops[len(e.Ops)-1].(*entry.Fire); ok {
		c.firing = f.Event
	}
	if err := c.findAuthor(); err != nil {
		return err
	}
	for _, op := range e.Ops {
		if w, ok := op.(*entry.Write); ok {
			c.noteHeld(c.State, w.Place)
		}
	}
	for i, op := range e.Ops {
		c.op = i
		if err := c.applyOp(i, op); err != nil {
			return err
		}
	}
	c.op = -1
	if err := c.finish(); err != nil {
		return err
	}
	c.head = store.Head{Tray: c.head.Tray, Length: c.head.Length + 1, Hash: line}
	if e.Seq == 0 {
		c.head.Tray = line
		c.created, c.since = e.Time, e.Time
	}
	return nil
}

// findAuthor checks who speaks. In the first entry and in a join, the author
// comes in by the entry itself.
func (c *change) findAuthor() *Refusal {
	e := c.entry
	_, join := e.Ops[0].(*entry.Join)
	if e.Seq == 0 || join {
		return nil
	}
	c.author = c.people[e.Author]
	switch {
	case c.author == nil:
		return refuse(NotAuthor, "the author is no participant")
	case c.author.Ended():
		return refuse(NotAuthor, "the author's part has ended")
	case c.author.key.String() != e.Key:
		return refuse(BadKey, "the key is not the author's present one")
	}
	return nil
}

// applyOp checks where an op may stand, and hands it on.
func (c *change) applyOp(i int, op entry.Op) *Refusal {
	_, create := op.(*entry.Create)
	_, admit := op.(*entry.Admit)
	_, join := op.(*entry.Join)
	_, share := op.(*entry.Share)
	_, fire := op.(*entry.Fire)
	_, joining := c.entry.Ops[0].(*entry.Join)
	switch {
	case create != (c.entry.Seq == 0 && i == 0):
		return refuse(BadOrder, "create is the first op of the first entry")
	case c.entry.Seq == 0 && i > 0 && !admit:
		return refuse(BadOrder, "the first entry creates and admits, no more")
	case join != (joining && i == 0), joining && i > 0 && !share:
		return refuse(BadOrder, "a join is followed by shares to the newcomer, no more")
	case fire && i != len(c.entry.Ops)-1:
		return refuse(BadOrder, "fire is the last op")
	case c.attests && !fire:
		return refuse(BadOrder, "an attestation is followed by fire alone")
	}
	switch op := op.(type) {
	case *entry.Create:
		return c.create(op)
	case *entry.Admit:
		return c.admit(op)
	case *entry.Invite:
		return c.invite(op)
	case *entry.Withdraw:
		return c.withdraw(op)
	case *entry.Join:
		return c.join(op)
	case *entry.Dismiss:
		return c.dismiss(op)
	case *entry.Rekey:
		return c.rekey(op)
	case *entry.Write:
		return c.write(op)
	case *entry.Share:
		return c.share(op)
	case *entry.Unreadable:
		return c.reportUnreadable(op)
	case *entry.Attest:
		return c.attest(op)
	case *entry.Sign:
		return c.sign(op)
	case *entry.Fire:
		return c.fire(op)
	case *entry.Note:
		return c.seal(&op.Sealed, c.template.Notes(), c.author.Roles)
	}
	return refuse(Unsupported, "an op that this version does not know")
}

// finish checks what can be told only when the whole entry is in: who reads.
func (c *change) finish() *Refusal {
	if c.author == nil {
		return refuse(NotAuthor, "the creator is not among those admitted")
	}
	for _, p := range c.written {
		at := c.places[p]
		if at.public != nil {
			continue
		}
		readers := c.readers(p)
		if len(readers) == 0 {
			return c.nobodyReads(p.Section)
		}
		if !slices.Equal(readers, at.files.written.To) {
			return refuse(BadReaders, "%s is not sealed to exactly its readers", p.Section)
		}
	}
	if err := c.transitions(); err != nil {
		return err
	}
	for _, sh := range c.shared {
		for _, id := range sh.File.To {
			if !c.mayHold(sh.Place, id) {
				return refuse(BadReaders, "%s is shared to somebody who does not read it", sh.Section)
			}
		}
	}
	for _, x := range c.sealed {
		if !slices.Equal(c.audience(c.author, x.named, x.own), x.to) {
			return refuse(BadReaders, "a text is not sealed to exactly its readers")
		}
	}
	return nil
}

// transitions demands that what fields and rules demand of the revision before
// is said to hold at every write, not at events only: afterwards nobody could
// tell. Over public sections everybody evaluates it, and the outcome is recorded;
// where it reads one opaque section, its writer can say so when he writes it.
// Where all who had the revision before have left or said that they cannot read
// it, nobody can, and the section would be stuck. That is judged as it was before the
// entry: its author could otherwise say so just before he writes.
func (c *change) transitions() *Refusal {
	var refusal *Refusal
	conditions := c.template.Conditions()
	for i := range conditions {
		cond := &conditions[i]
		attested := len(cond.Attest) > 0
		if !cond.AtWrites() {
			continue
		}
		for _, p := range c.written {
			before := c.places[p].before
			if before == nil || !slices.Contains(cond.Sections, p.Section) || attested && !slices.Contains(c.held, p) {
				continue
			}
			instances := []string{p.Instance}
			if p.Instance == "" {
				instances = c.allInstances(cond.Sections)
			}
			for _, instance := range instances {
				o := entry.Outcome{Condition: cond.ID, Instance: instance, Result: string(rules.Unknown)}
				if word := c.word(said{cond.ID, instance}, c.words); word != nil {
					o.Result = word.outcome
				}
				if o.Result != string(rules.Pass) {
					if refusal == nil {
						refusal = refuse(Blocked, "%s is due whenever %s is written", cond.ID, p.Section)
					}
					refusal.Blockers = append(refusal.Blockers, c.conditionBlocker(o))
				}
			}
		}
	}
	return refusal
}

// noteHeld notes whether somebody could compare a place that the entry writes, as it
// was in the state before the entry.
func (c *change) noteHeld(before *State, p entry.Place) {
	if at := before.places[p]; at != nil && before.isHeld(at) {
		c.held = append(c.held, p)
	}
}

// nobodyReads refuses a write that no participant could read, naming who can
// bring a reader.
func (s *State) nobodyReads(name string) *Refusal {
	r := refuse(BadReaders, "nobody who is there could read %s", name)
	b := s.blocker(NeedReader, name, s.managersOf(s.readerRoles(name)))
	b.Sections = []string{name}
	r.Blockers = []Blocker{b}
	return r
}

// mayHold reports whether a participant, or an open invite, reads a place.
func (c *change) mayHold(p entry.Place, id string) bool {
	if who := c.people[id]; who != nil {
		return c.mayRead(p, id, who.Roles)
	}
	inv := c.invites[id]
	return inv != nil && c.mayRead(p, "", inv.roles)
}

// introduce notes a blob that the log names for the first time.
func (c *change) introduce(f *entry.File) *Refusal {
	if c.blobs.has(f.Blob) {
		return refuse(BadBlob, "the blob was introduced before")
	}
	if f.Size == 0 || f.Size > store.MaxBlob {
		return refuse(BadBlob, "a blob has 1 to %d bytes", store.MaxBlob)
	}
	c.blobs = c.blobs.with(f.Blob)
	return nil
}

// sealedTo notes a file for participants: whoever it is for has come in by then, so
// that it is known to which of his keys it was made.
func (c *change) sealedTo(f *entry.File) *Refusal {
	for _, id := range f.To {
		if c.people[id] == nil {
			return refuse(BadReaders, "a file for somebody who has not come in yet: who reads it is admitted before")
		}
	}
	return c.introduce(f)
}

// blocker names what is missing, and who is there to provide it.
func (s *State) blocker(need Need, name string, roles []string) Blocker {
	return Blocker{Need: need, Name: name, Roles: roles, Participants: s.in(roles...)}
}

// needRole says that something is for others to do.
func (s *State) needRole(act, name string, roles []string) Blocker {
	b := s.blocker(NeedRole, name, roles)
	b.Act = act
	return b
}

// The setters copy a map before the first change that the entry makes to it.

func set[K comparable, V any](m *map[K]V, copied *bool, key K, value V) {
	if !*copied {
		if *copied = true; *m == nil {
			*m = make(map[K]V)
		} else {
			*m = maps.Clone(*m)
		}
	}
	(*m)[key] = value
}

func unset[K comparable, V any](m *map[K]V, copied *bool, key K) {
	if !*copied {
		*copied = true
		*m = maps.Clone(*m)
	}
	delete(*m, key)
}

func (c *change) setPerson(p *Person)                { set(&c.people, &c.copied.people, p.ID, p) }
func (c *change) setKey(k sign.PublicKey, of string) { set(&c.keys, &c.copied.keys, k.String(), of) }
func (c *change) setInvite(id string, v *invite)     { set(&c.invites, &c.copied.invites, id, v) }

func (c *change) setPlace(p entry.Place, v *place) {
	c.witness.see(p, v)
	set(&c.places, &c.copied.places, p, v)
}
