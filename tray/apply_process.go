package tray

import (
	"slices"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// attest takes somebody's word on conditions. It counts for those who read what
// the condition reads and have a role whose word counts; and where the template
// leaves it open, for whoever writes the condition's one section in this entry.
// Of a public condition that is due at a write, it records the outcome for those
// who cannot evaluate it.
//
// Only fire may follow it: what is said of signatures and participants would not
// hold at the event if the entry wrote what was signed, or dismissed somebody,
// after it was said. So an entry attests once, too: what everybody evaluates could
// otherwise be asked for over and over in one line.
func (c *change) attest(op *entry.Attest) *Refusal {
	c.attests = true
	if c.Final() {
		return refuse(NotNow, "nothing is attested in the final state %s", c.name)
	}
	facts := c.facts("")
	var read []entry.Place // by the conditions, so far
	for i, o := range op.Outcomes {
		if i > 0 && c.conditionOrder(op.Outcomes[i-1], o) >= 0 {
			return refuse(BadOrder, "attested conditions stand in the template's order, each once")
		}
		cond := c.template.Condition(o.Condition)
		if cond == nil || len(cond.Attest) == 0 && !cond.AtWrites() {
			return refuse(NotFound, "%s is no condition that can be attested", o.Condition)
		}
		if !slices.Contains(c.allInstances(cond.Sections), o.Instance) {
			return refuse(NotFound, "there is no %s of this instance", o.Condition)
		}
		places := c.placesOf(cond.Sections, o.Instance)
		if momentary(cond) && !c.uses(cond, places) {
			return refuse(BadAttest, "%s is attested only in the entry that uses it", o.Condition)
		}
		if len(cond.Attest) == 0 {
			switch c.outcome(o, facts, nil) {
			case notRun:
				c.leave(&op.Outcomes[i])
			case o.Result:
			default:
				return refuse(BadOutcome, "the outcome of %s does not follow from the log", o.Condition)
			}
		}
		if !c.wordCounts(cond, places) {
			r := refuse(BadAttest, "the author's word does not count on %s", o.Condition)
			b := c.blocker(NeedAttestation, o.Condition, cond.Attest)
			b.Sections, b.Instance = cond.Sections, o.Instance
			r.Blockers = []Blocker{b}
			return r
		}
		word := &attestation{by: c.author.ID, seq: c.entry.Seq, outcome: o.Result, engine: op.Engine}
		for _, p := range places {
			word.on = append(word.on, c.present(p))
		}
		read = append(read, places...)
		c.witness.hear(c, cond, said{o.Condition, o.Instance}, word)
		c.setWord(said{o.Condition, o.Instance}, word, momentary(cond))
	}
	if len(op.Outcomes) == 0 || !slices.Equal(op.On, c.presentAll(read)) {
		return refuse(BadAttest, "an attestation names the present revisions that its conditions read, in the template's order")
	}
	return nil
}

// momentary reports whether a word on a condition counts in its own entry only:
// where it depends on facts that change without a revision, and where everybody
// can come to it by himself.
func momentary(cond *template.Condition) bool { return len(cond.Facts) > 0 || len(cond.Attest) == 0 }

// uses reports whether the entry needs a condition: it fires an event at which it
// is due, or wrote what it compares with the revision before.
func (c *change) uses(cond *template.Condition, places []entry.Place) bool {
	return len(cond.Attest) > 0 && slices.Contains(cond.Events, c.firing) ||
		cond.AtWrites() && slices.ContainsFunc(places, func(p entry.Place) bool { return slices.Contains(c.written, p) })
}

// wordCounts reports whether the author's word on a condition counts.
func (c *change) wordCounts(cond *template.Condition, places []entry.Place) bool {
	if len(cond.Attest) == 0 {
		return true
	}
	if cond.Writer && slices.ContainsFunc(places, func(p entry.Place) bool {
		return !c.template.Section(p.Section).Public && slices.Contains(c.written, p)
	}) {
		return true
	}
	return slices.ContainsFunc(cond.Attest, c.author.has) &&
		!slices.ContainsFunc(places, func(p entry.Place) bool { return !c.couldRead(p) })
}

// couldRead reports whether the author reads what a place holds, or wrote it.
func (c *change) couldRead(p entry.Place) bool {
	return c.canRead(p, c.author.ID) || slices.Contains(c.written, p)
}

// setWord notes the last word on a condition: for good, or for this entry.
func (c *change) setWord(about said, word *attestation, now bool) {
	if now {
		if c.words == nil {
			c.words = make(map[said]*attestation)
		}
		c.words[about] = word
		return
	}
	set(&c.said, &c.copied.said, about, word)
}

// conditionOrder compares two outcomes' places in the template's table, and for
// one condition their participants' in the tray.
func (s *State) conditionOrder(a, b entry.Outcome) int {
	if a.Condition != b.Condition {
		return s.template.ConditionIndex(a.Condition) - s.template.ConditionIndex(b.Condition)
	}
	return s.personOrder(a.Instance) - s.personOrder(b.Instance)
}

func (s *State) personOrder(id string) int {
	if p := s.people[id]; p != nil {
		return p.order
	}
	return -1
}

// allInstances gives every instance that sections have.
func (s *State) allInstances(sections []string) []string { return s.instances(sections, "", "") }

// presentAll gives the present revisions of places, sorted and each once.
func (s *State) presentAll(places []entry.Place) []entry.Revision {
	sorted := slices.Clone(places)
	slices.SortFunc(sorted, s.comparePlaces)
	var out []entry.Revision
	for _, p := range slices.Compact(sorted) {
		out = append(out, s.present(p))
	}
	return out
}

// comparePlaces orders places as the template does their sections, and their
// instances as the participants came.
func (s *State) comparePlaces(a, b entry.Place) int {
	if a.Section != b.Section {
		return s.template.SectionIndex(a.Section) - s.template.SectionIndex(b.Section)
	}
	return s.personOrder(a.Instance) - s.personOrder(b.Instance)
}

// acts demands that the author has a role and acts in it.
func (c *change) acts(role string, allowed []string, act, what string) *Refusal {
	if slices.Contains(allowed, role) && c.author.has(role) {
		return nil
	}
	r := refuse(NoRight, "%s is for another role", what)
	r.Blockers = []Blocker{c.needRole(act, what, allowed)}
	return r
}

func (c *change) sign(op *entry.Sign) *Refusal {
	sig := c.template.Signature(op.Signature)
	if sig == nil {
		return refuse(NotFound, "no signature %s", op.Signature)
	}
	if err := c.acts(op.Role, []string{sig.By}, "sign", op.Signature); err != nil {
		return err
	}
	if c.Final() {
		return refuse(NotNow, "nothing is signed in the final state %s", c.name)
	}
	text, ok := sig.Declare[op.Language]
	if !ok || sign.Sum([]byte(text)) != op.Declaration {
		return refuse(BadSign, "the declaration is not that of %s", op.Signature)
	}
	covers := c.covers(sig, c.author.ID)
	if !slices.Equal(op.Covers, covers) {
		return refuse(BadSign, "%s does not cover exactly the present revisions", op.Signature)
	}
	var unread []entry.Place
	for _, r := range covers {
		if !sig.Blind && !c.canRead(r.Place, c.author.ID) {
			unread = append(unread, r.Place)
		}
	}
	if len(unread) > 0 {
		return c.unread(sig.Name, c.author.ID, unread)
	}
	set(&c.signatures, &c.copied.signatures, signed{op.Signature, c.author.ID},
		&signature{role: op.Role, seq: c.entry.Seq, at: c.now, language: op.Language, covers: covers})
	return nil
}

// seal takes a free text for an audience; who that is, is told at the end.
func (c *change) seal(op *entry.Sealed, named, own []string) *Refusal {
	if err := c.sealedTo(&op.File); err != nil {
		return err
	}
	c.sealed = append(c.sealed, sealed{op.File.To, named, own})
	return nil
}

func (c *change) fire(op *entry.Fire) *Refusal {
	ev := c.template.Event(op.Event)
	if ev == nil {
		return refuse(NotFound, "no event %s", op.Event)
	}
	next, err := c.template.Lifecycle().Next(c.name, op.Event)
	if err != nil {
		return &Refusal{Code: NotNow, Err: err, Blockers: []Blocker{{Need: NeedState, Act: "fire", Name: op.Event, Roles: ev.By}}}
	}
	if err := c.acts(op.Role, ev.By, "fire", op.Event); err != nil {
		return err
	}
	if op.From != c.name || op.To != next {
		return refuse(NotNow, "%s leads from %s to %s", op.Event, c.name, next)
	}
	left, ok := c.follow(op.Outcomes, ev, op.Role, c.author.ID, c.words)
	if !ok {
		return refuse(BadOutcome, "the outcomes of %s do not follow from the log", op.Event)
	}
	if left != nil {
		c.leave(left)
	}
	if blockers := c.blockers(ev, op.Outcomes); len(blockers) > 0 {
		r := refuse(Blocked, "%s cannot be fired yet", op.Event)
		r.Blockers = blockers
		return r
	}
	if err := reasoned(ev, op.Reason != nil); err != nil {
		return err
	}
	if op.Reason != nil {
		if err := c.seal(op.Reason, ev.Reason.Read, []string{op.Role}); err != nil {
			return err
		}
	}
	c.name, c.since = next, c.now
	return nil
}

// reasoned demands a reason where the event asks for one, and none where it does
// not.
func reasoned(ev *template.Event, given bool) *Refusal {
	switch {
	case ev.Reason != nil && ev.Reason.Required && !given:
		r := refuse(BadReason, "%s asks for a reason", ev.Name)
		r.Blockers = []Blocker{{Need: NeedReason, Name: ev.Name, Roles: ev.By}}
		return r
	case ev.Reason == nil && given:
		return refuse(BadReason, "%s asks for no reason", ev.Name)
	}
	return nil
}
