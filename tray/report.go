package tray

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// Report is what a verification of a whole tray came to: named results, never
// one boolean. The zero Report says that nothing is verified.
type Report struct {
	Verified   bool            // chain, authority and lifecycle hold from the first entry to the last
	Refusal    *Refusal        // where they do not: the first invalid entry, and why
	Fork       *ForkError      // if the log does not contain the pinned head
	Undecided  *UndecidedError // from where on this program cannot tell whether they do: nothing is wrong that it knows of
	Pinned     bool            // the log contains the head that the caller pinned
	Head       store.Head      // as far as it is verified
	State      string
	Sections   []SectionReport
	Conditions []ConditionReport
	Doubted    []ConditionReport // every word of the log that comes out otherwise: [False] or [Differs], also on revisions and at moments that have passed
	Signatures []SignatureReport
}

// SectionReport tells what became of a section, for whoever verified.
type SectionReport struct {
	entry.Revision
	Author string
	Status Status
	By     string // who made the file, if it is Unreadable, Missing or Contradicting
}

// Basis says how a condition's outcome is known.
type Basis string

const (
	Public   Basis = "public"   // from the log alone: everybody comes to it
	Checked  Basis = "checked"  // attested, and evaluated again with the same outcome
	Advisory Basis = "advisory" // a warning that only the verifier's own functions give: nothing waits for it
	Attested Basis = "attested" // somebody's word: the verifier cannot read what it is about, lacks a function for it, has one that broke, or does not evaluate it, since it could take too long
	False    Basis = "false"    // attested, and evaluated again with another outcome by the same engine
	Differs  Basis = "differs"  // attested, and evaluated again with another outcome by another engine, or with functions of the application
	Unsaid   Basis = "unsaid"   // nobody's word stands

	Undecided Basis = "undecided" // from the log alone, but the verifier does not evaluate it, since it could take too long: there is no Result
)

// ConditionReport tells how a condition came out: in [Report.Conditions] on the
// present revisions, in [Report.Doubted] on those of its time.
type ConditionReport struct {
	entry.Outcome
	Basis Basis
	Needs []string // functions and formats of the application that it takes
	By    string   // id of who attested
	Seq   uint64   // in which entry
}

// SignatureReport is a signature that somebody gave.
type SignatureReport struct {
	Signature, Participant, Role, Language string
	Seq                                    uint64
	Time                                   time.Time
	Fresh                                  bool // over the present revisions, in a role that the signer has had ever since
}

// Verify reads a whole tray and tells what holds. With an identity it opens
// what that can read, revisions of the past included, and evaluates again what
// others attested; with none it is what a host or an auditor can know. pinned is a head that the caller kept, or
// nil. The error is the medium's: a log that is invalid, or undecided, is a result.
func Verify(ctx context.Context, s store.Store, tray sign.Hash, pinned *store.Head, me *Identity) (*Report, error) {
	r := new(Report)
	tpl, err := templateOf(ctx, s, tray)
	if err == nil {
		var state *State
		w := newWitness()
		if state, err = r.replay(ctx, s, newState(tpl, tray), pinned, w); state != nil && state.head.Length > 0 {
			t := newTray(s, me, state)
			if err := t.report(ctx, r); err != nil {
				return nil, err
			}
			var err error
			if r.Doubted, err = w.doubted(ctx, t, state); err != nil {
				return nil, err
			}
		}
	}
	if err == nil {
		r.Verified = true
		return r, nil
	}
	if errors.As(err, &r.Refusal) || errors.As(err, &r.Fork) || errors.As(err, &r.Undecided) {
		return r, nil
	}
	return nil, err
}

// replay verifies up to the first entry that is invalid or undecided, and looks for the pinned head.
func (r *Report) replay(ctx context.Context, s store.Store, state *State, pinned *store.Head, w *witness) (*State, error) {
	lines := s.Log(ctx, state.head.Tray, 0)
	if pinned == nil {
		return verifyBefore(w, state, lines)
	}
	watch := func(yield func([]byte, error) bool) {
		var n uint64
		for line, err := range lines {
			if n++; err == nil && n == pinned.Length {
				r.Pinned = *pinned == store.Head{Tray: state.head.Tray, Length: n, Hash: sign.Sum(line)}
			}
			if !yield(line, err) {
				return
			}
		}
	}
	end, err := verifyBefore(w, state, watch)
	r.Pinned = r.Pinned && end.head.Length >= pinned.Length // lines are read ahead of what is verified
	if err == nil && !r.Pinned {
		err = &ForkError{Pinned: *pinned, Got: end.head}
	}
	return end, err
}

// report tells what the handle's participant can know of the present state.
func (t *Tray) report(ctx context.Context, r *Report) error {
	s := t.State()
	r.Head, r.State = s.head, s.name
	view, err := t.View(ctx)
	if err != nil {
		return err
	}
	for _, x := range view.sections {
		r.Sections = append(r.Sections, SectionReport{Revision: s.present(x.Place), Author: x.Author, Status: x.Status, By: x.By})
	}
	k := t.compose(ctx, s, nil)
	then, now := s.facts(""), k.facts("") // at the last entry; at one that would be written now
	for _, cond := range s.template.Conditions() {
		for _, instance := range s.allInstances(cond.Sections) {
			c := ConditionReport{Outcome: entry.Outcome{Condition: cond.ID, Instance: instance, Result: string(rules.Unknown)}, Basis: Unsaid, Needs: cond.Needs}
			word := s.word(said{cond.ID, instance}, nil)
			switch {
			case len(cond.Attest) == 0:
				c.Result, c.Basis = string(s.evaluate(&cond, instance, then).Result), Public
				switch {
				case c.Result == notRun:
					c.Basis = Undecided
				case len(cond.Needs) > 0:
					c.Basis = Advisory
				}
			case word != nil:
				c.Result, c.By, c.Seq = word.outcome, word.by, word.seq
				verdict, ok, err := k.judge(&cond, instance, now)
				if err != nil {
					return err
				}
				c.Basis = basis(word, &cond, &verdict, ok && conclusive(&verdict))
			}
			r.Conditions = append(r.Conditions, c)
		}
	}
	r.Signatures = s.Signatures()
	return nil
}

func basis(word *attestation, cond *template.Condition, again *rules.Verdict, evaluated bool) Basis {
	switch {
	case !evaluated:
		return Attested
	case string(again.Result) == word.outcome:
		return Checked
	case word.engine == rules.Engine && len(cond.Needs) == 0:
		return False
	}
	return Differs
}

// Signatures gives the last signature of each participant, in the order of the
// template and the participants.
func (s *State) Signatures() []SignatureReport {
	var out []SignatureReport
	people := s.everybody()
	for _, sig := range s.template.Signatures() {
		for _, p := range people {
			if got := s.signatures[signed{sig.Name, p.ID}]; got != nil {
				out = append(out, SignatureReport{Signature: sig.Name, Participant: p.ID, Role: got.role, Language: got.language,
					Seq: got.seq, Time: got.at, Fresh: s.fresh(sig.Name, p.ID)})
			}
		}
	}
	return out
}

// String lists the results, in ids.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "verified: %v, pinned: %v, entries: %d, state: %s\n", r.Verified, r.Pinned, r.Head.Length, r.State)
	if r.Refusal != nil {
		fmt.Fprintf(&b, "entry %d: %v\n", r.Refusal.Seq, r.Refusal)
	}
	if r.Fork != nil {
		fmt.Fprintf(&b, "%v\n", r.Fork)
	}
	if r.Undecided != nil {
		fmt.Fprintf(&b, "undecided: %v\n", r.Undecided)
	}
	for _, x := range r.Sections {
		fmt.Fprintf(&b, "section %s: revision %d, %s\n", strings.Join(nonEmpty(x.Section, x.Instance), " of "), x.Number, strings.Join(nonEmpty(string(x.Status), x.By), ", by "))
	}
	for _, c := range r.Conditions {
		fmt.Fprintf(&b, "condition %s: %s", nameOf(c.Condition, c.Instance),
			strings.Join(nonEmpty(c.Result, strings.Join(nonEmpty(string(c.Basis), c.By), " by ")), ", "))
		if len(c.Needs) > 0 {
			fmt.Fprintf(&b, ", needs %s", strings.Join(c.Needs, ", "))
		}
		b.WriteByte('\n')
	}
	for _, c := range r.Doubted {
		fmt.Fprintf(&b, "entry %d: condition %s: %s, %s by %s\n", c.Seq, strings.Join(nonEmpty(c.Condition, c.Instance), " of "), c.Result, c.Basis, c.By)
	}
	for _, x := range r.Signatures {
		fresh := "fresh"
		if !x.Fresh {
			fresh = "stale"
		}
		fmt.Fprintf(&b, "signature %s: by %s as %s, %s\n", x.Signature, x.Participant, x.Role, fresh)
	}
	return b.String()
}

// nameOf names something of an instance.
func nameOf(name, instance string) string { return strings.Join(nonEmpty(name, instance), " of ") }

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}
