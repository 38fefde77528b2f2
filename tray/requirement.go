package tray

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// outcomes gives how each condition that an event needs comes out. words are those
// that count for this entry only.
func (s *State) outcomes(ev *template.Event, role, actor string, words map[said]*attestation) []entry.Outcome {
	out := s.asked(ev, role, actor)
	facts := s.facts(role)
	for i := range out {
		out[i].Result = s.outcome(out[i], facts, words)
	}
	return out
}

// asked gives the conditions that an event needs, in the template's order, for each
// instance that is meant, without their results.
func (s *State) asked(ev *template.Event, role, actor string) []entry.Outcome {
	var out []entry.Outcome
	for _, cond := range s.template.Needs(ev.Name) {
		for _, instance := range s.instances(cond.Sections, actor, role) {
			out = append(out, entry.Outcome{Condition: cond.ID, Instance: instance})
		}
	}
	return out
}

// notRun stands in place of the outcome of a public condition that is not evaluated: it
// is none, and stands in no entry.
const notRun = ""

// outcome gives how a condition comes out: a public one by evaluating it, an opaque
// one by the last word on the present revisions, "unknown" without one. It may be
// [notRun].
func (s *State) outcome(o entry.Outcome, facts *facts, words map[said]*attestation) string {
	cond := s.template.Condition(o.Condition)
	if len(cond.Attest) == 0 {
		return string(s.evaluate(cond, o.Instance, facts).Result)
	}
	if word := s.word(said{o.Condition, o.Instance}, words); word != nil {
		return word.outcome
	}
	return string(rules.Unknown)
}

// follow reports whether outcomes are those that an event needs. It stops at the
// first that is not: what is forged costs no more than it must. left is the first that
// is not evaluated, for which that is not known.
func (s *State) follow(outcomes []entry.Outcome, ev *template.Event, role, actor string, words map[said]*attestation) (left *entry.Outcome, ok bool) {
	asked := s.asked(ev, role, actor)
	if !slices.EqualFunc(outcomes, asked, func(a, b entry.Outcome) bool {
		return a.Condition == b.Condition && a.Instance == b.Instance
	}) {
		return nil, false
	}
	facts := s.facts(role)
	for i := range outcomes {
		switch o := &outcomes[i]; s.outcome(*o, facts, words) {
		case notRun:
			if left == nil {
				left = o
			}
		case o.Result:
		default:
			return nil, false
		}
	}
	return left, true
}

// word gives the last word on a condition, if it is on the present revisions.
func (s *State) word(about said, words map[said]*attestation) *attestation {
	word := words[about]
	if word == nil {
		word = s.said[about]
	}
	if word == nil || slices.ContainsFunc(word.on, func(r entry.Revision) bool { return s.present(r.Place) != r }) {
		return nil
	}
	return word
}

// evaluate gives the verdict on a public condition, which whoever replays a log
// can come to.
func (s *State) evaluate(cond *template.Condition, instance string, facts *facts) rules.Verdict {
	var contents []judged
	for _, p := range s.placesOf(cond.Sections, instance) {
		if at := s.places[p]; at != nil {
			c := judged{section: p.Section, now: at.public}
			if at.before != nil {
				c.old = at.before.public
			}
			contents = append(contents, c)
		}
	}
	return s.verdict(cond, contents, facts)
}

// judged is what a condition reads of one section that was written.
type judged struct {
	section  string
	now, old section.Content // old is nil at the first revision, or where it is not read
}

// verdict evaluates a condition over contents and the public facts.
func (s *State) verdict(cond *template.Condition, contents []judged, facts *facts) rules.Verdict {
	set := s.template.Rules()
	in := set.Input()
	var errs []error
	for _, c := range contents {
		errs = append(errs, in.Section(c.section, c.now))
		if cond.Old && c.old != nil {
			errs = append(errs, in.Old(c.section, c.old))
		}
	}
	for _, name := range cond.Facts {
		errs = append(errs, in.Fact(name, facts.get(name)))
	}
	if err := errors.Join(errs...); err != nil { // values that the template's own schema let in
		return rules.Verdict{ID: cond.ID, Result: rules.Error, Err: err}
	}
	return set.Eval(cond.ID, in)
}

// facts are the public facts at one moment, for who acts in a role: see
// [template.Facts]. Each is found once, when a condition first reads it: a
// thousand signatures take a while to count, and hundreds of conditions may ask.
type facts struct {
	*State
	role  string
	known map[string]any
}

func (s *State) facts(role string) *facts {
	return &facts{State: s, role: role, known: make(map[string]any)}
}

func (f *facts) get(name string) any {
	v, ok := f.known[name]
	if !ok {
		v = f.find(name)
		f.known[name] = v
	}
	return v
}

func (f *facts) find(name string) any {
	switch name {
	case "state":
		return f.name
	case "now":
		return f.now.UTC().Format(time.RFC3339)
	case "today":
		return f.now.UTC().Format(time.DateOnly)
	case "role":
		return f.role
	}
	count := make(map[string]any)
	if name == "participants" {
		for _, r := range f.template.Roles() {
			count[r.Name] = int64(len(f.in(r.Name)))
		}
	} else { // signed
		for _, sig := range f.template.Signatures() {
			count[sig.Name] = int64(len(f.signers(sig.Name)))
		}
	}
	return count
}

// blockers gives what an event waits for, by the outcomes of its conditions.
func (s *State) blockers(ev *template.Event, outcomes []entry.Outcome) []Blocker {
	var out []Blocker
	for _, o := range outcomes {
		kind, name, _ := strings.Cut(o.Condition, ".")
		if o.Result == string(rules.Pass) {
			continue // if it demands a signature, that is told below
		}
		if kind == "required" && (o.Result == string(rules.Fail) || s.given(s.template.Signature(name), o.Instance)) {
			continue
		}
		out = withBlocker(out, s.conditionBlocker(o))
	}
	for _, name := range ev.Signed {
		sig := s.template.Signature(name)
		var of []string // instances that demand it
		for _, o := range outcomes {
			if o.Condition == "required."+name && o.Result == string(rules.Pass) && !s.given(sig, o.Instance) {
				of = append(of, o.Instance)
			}
		}
		if len(of) == 0 && (!sig.Required || s.complete(sig)) {
			continue
		}
		b := s.blocker(NeedSignature, name, []string{sig.By})
		b.Sections = sig.Covers
		b.Participants = slices.DeleteFunc(b.Participants, func(id string) bool {
			return s.fresh(name, id) || s.template.SignedByEach(name) && !slices.Contains(of, id)
		})
		b.Stale = slices.ContainsFunc(b.Participants, func(id string) bool { return s.signatures[signed{name, id}] != nil })
		out = append(out, b)
	}
	return out
}

// conditionBlocker names a condition that is not evaluated; or that does not hold, and who can mend it:
// whoever edits what it reads now; or if nobody told, who can attest, or who has
// not written yet what it is about.
func (s *State) conditionBlocker(o entry.Outcome) Blocker {
	cond := s.template.Condition(o.Condition)
	var b Blocker
	if o.Result == notRun {
		b = Blocker{Need: NeedDecision, Name: o.Condition}
	} else if o.Result == string(rules.Unknown) && len(cond.Attest) > 0 {
		if p, ok := s.unwritten(o, cond); ok {
			return s.sectionBlocker(p)
		}
		b = s.attester(o, cond)
	} else {
		var roles []string
		for _, name := range cond.Sections {
			roles = append(roles, s.editors(name)...)
		}
		b = Blocker{Need: NeedCondition, Name: o.Condition, Roles: compactRoles(s.template, roles),
			Participants: s.writers(s.placesOf(cond.Sections, o.Instance))}
	}
	b.Sections, b.Instance = cond.Sections, o.Instance
	return b
}

// given reports whether a signature is there that its condition demands for an
// instance: of the instance's participant, where each signs for himself.
func (s *State) given(sig *template.Signature, instance string) bool {
	if s.template.SignedByEach(sig.Name) {
		return s.fresh(sig.Name, instance)
	}
	return s.complete(sig)
}

// complete reports whether a signature was given by as many as it needs.
func (s *State) complete(sig *template.Signature) bool {
	have := len(s.signers(sig.Name))
	switch sig.Quorum {
	case "one", "":
		return have >= 1
	case "all":
		return have >= 1 && have == len(s.in(sig.By))
	}
	need, err := strconv.Atoi(sig.Quorum)
	return err == nil && have >= need
}

func roleList(roles []string) string { return strings.Join(roles, ", ") }
