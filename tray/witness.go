package tray

import (
	"context"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// A witness remembers what was said in a log on conditions, and what it was said
// on, so that it can be compared with what somebody can open: also of revisions
// that others have replaced, and of moments that have passed.
type witness struct {
	words  []spoken
	places map[numbered]*place // every revision, with the files that the log made of it
	opened map[numbered]sight
}

// spoken is somebody's word, with the facts of its moment.
type spoken struct {
	said
	*attestation
	facts map[string]any
}

// numbered is one of the revisions of a place.
type numbered struct {
	entry.Place
	number uint64
}

// sight is what the verifier sees of a revision.
type sight struct {
	content  section.Content
	readable bool
}

func newWitness() *witness {
	return &witness{places: make(map[numbered]*place), opened: make(map[numbered]sight)}
}

// hear takes down a word that is being given.
func (w *witness) hear(c *change, cond *template.Condition, about said, word *attestation) {
	if w == nil || len(cond.Attest) == 0 {
		return
	}
	role := ""
	if fire, ok := c.entry.Ops[len(c.entry.Ops)-1].(*entry.Fire); ok {
		role = fire.Role
	}
	s := spoken{said: about, attestation: word}
	if moment := c.facts(role); len(cond.Facts) > 0 {
		for _, name := range cond.Facts {
			moment.get(name)
		}
		s.facts = moment.known
	}
	w.words = append(w.words, s)
}

// see takes down what a place holds.
func (w *witness) see(p entry.Place, at *place) {
	if w != nil {
		w.places[numbered{p, at.number}] = at
	}
}

// doubted gives the words that come out otherwise when they are evaluated again,
// as they were given.
func (w *witness) doubted(ctx context.Context, t *Tray, s *State) ([]ConditionReport, error) {
	var out []ConditionReport
	for _, word := range w.words {
		if word.seq >= s.head.Length {
			break // the entry was refused, or is undecided
		}
		cond := s.template.Condition(word.condition)
		verdict, ok, err := w.judge(ctx, t, s, cond, word)
		if err != nil {
			return nil, err
		}
		b := basis(word.attestation, cond, &verdict, ok && conclusive(&verdict))
		if b == False || b == Differs {
			out = append(out, ConditionReport{Outcome: entry.Outcome{Condition: word.condition, Instance: word.instance, Result: word.outcome},
				Basis: b, Needs: cond.Needs, By: word.by, Seq: word.seq})
		}
	}
	return out, nil
}

// judge evaluates a condition over the revisions that a word is on; ok is false
// if the verifier cannot read all of them.
func (w *witness) judge(ctx context.Context, t *Tray, s *State, cond *template.Condition, word spoken) (v rules.Verdict, ok bool, err error) {
	var contents []judged
	for _, r := range word.on {
		if r.Number == 0 {
			continue
		}
		now, err := w.open(ctx, t, s, numbered{r.Place, r.Number})
		if err != nil || !now.readable {
			return v, false, err
		}
		c := judged{section: r.Section, now: now.content}
		if cond.Old && r.Number > 1 {
			old, err := w.open(ctx, t, s, numbered{r.Place, r.Number - 1})
			if err != nil || !old.readable {
				return v, false, err
			}
			c.old = old.content
		}
		contents = append(contents, c)
	}
	return s.verdict(cond, contents, &facts{State: s, known: word.facts}), true, nil
}

// open opens a revision, once.
func (w *witness) open(ctx context.Context, t *Tray, s *State, n numbered) (sight, error) {
	if seen, ok := w.opened[n]; ok {
		return seen, nil
	}
	rev, status, _, err := t.revision(ctx, s, n.Place, w.places[n])
	if err != nil {
		return sight{}, err
	}
	seen := sight{rev.Content, status == Readable}
	w.opened[n] = seen
	return seen, nil
}
