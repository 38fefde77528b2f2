package tray

import (
	"errors"
	"slices"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// finding is what the author finds on a condition.
type finding struct {
	entry.Outcome
	places []entry.Place // that it is on
	must   bool          // the entry cannot do without
}

// attestDue attests every condition that the author may attest, can evaluate
// (with whatever functions and formats it needs), and on which nobody's word
// stands, or one that is not true (what his application broke at, or his program does
// not run, he cannot evaluate); those that depend on the moment only if the
// entry needs them. What an entry has no room for is left to the next one: never
// what this one needs, for which a template leaves room, and first what its event
// waits for.
func (k *composer) attestDue(role string) error {
	if k.Final() {
		return nil
	}
	var needed, others []finding
	facts := k.facts(role)
	conditions := k.template.Conditions()
	for i := range conditions {
		cond := &conditions[i]
		if len(cond.Attest) == 0 && !cond.AtWrites() {
			continue
		}
		for _, instance := range k.allInstances(cond.Sections) {
			found, err := k.find(cond, instance, facts)
			switch {
			case err != nil:
				return err
			case found == nil:
			case found.must || slices.Contains(cond.Events, k.firing):
				needed = append(needed, *found)
			default:
				others = append(others, *found)
			}
		}
	}
	op := &entry.Attest{Engine: rules.Engine}
	read := make(map[entry.Place]bool)
	room := maxAttested
	for _, f := range slices.Concat(needed, others) {
		size, refs := len(`{"condition":"","instance":"","outcome":"unknown"},`)+len(f.Condition)+len(f.Instance), 0
		for _, p := range f.places {
			if !read[p] {
				refs++
				size += len(`{"section":"","instance":"","revision":9007199254740991,"root":""},`) + len(p.Section) + len(p.Instance) + 2*len(sign.Hash{})
			}
		}
		if !f.must && size > room || len(op.Outcomes) == entry.MaxRefs || len(read)+refs > entry.MaxRefs {
			continue
		}
		if !f.must {
			room -= size
		}
		for _, p := range f.places {
			read[p] = true
		}
		op.Outcomes = append(op.Outcomes, f.Outcome)
	}
	if len(op.Outcomes) == 0 {
		return nil
	}
	slices.SortFunc(op.Outcomes, k.conditionOrder)
	var places []entry.Place
	for p := range read {
		places = append(places, p)
	}
	op.On = k.presentAll(places)
	return k.add(op)
}

// find gives what the author has to say on a condition, or nil.
func (k *composer) find(cond *template.Condition, instance string, facts *facts) (*finding, error) {
	places := k.placesOf(cond.Sections, instance)
	used := k.uses(cond, places)
	if momentary(cond) && !used || !k.wordCounts(cond, places) {
		return nil, nil
	}
	verdict, ok, err := k.judge(cond, instance, facts)
	if err != nil || !ok || len(verdict.Lacks) > 0 {
		return nil, err
	}
	if verdict.Result == notRun && len(cond.Attest) == 0 {
		return nil, undecided(k.entry.Seq, &entry.Outcome{Condition: cond.ID, Instance: instance})
	}
	if !conclusive(&verdict) {
		if k.word(said{cond.ID, instance}, nil) == nil {
			k.broken = append(k.broken, unsaid{entry.Outcome{Condition: cond.ID, Instance: instance, Result: string(verdict.Result)}, verdict.Err})
		}
		return nil, nil
	}
	if violations := k.wrong.sound(places, verdict.Violations); verdict.Result != rules.Pass {
		k.failed[said{cond.ID, instance}] = violations
	}
	// A word that stands is left alone unless it is wrong: the last one decides.
	if word := k.word(said{cond.ID, instance}, nil); word == nil && verdict.Result == rules.Unknown ||
		word != nil && word.outcome == string(verdict.Result) {
		return nil, nil
	}
	o := entry.Outcome{Condition: cond.ID, Instance: instance, Result: string(verdict.Result)}
	return &finding{o, places, momentary(cond) || used && cond.AtWrites()}, nil
}

// unsaid is a condition on which the author's word is missing, since a function
// or format of his application broke, or his program does not evaluate it.
type unsaid struct {
	entry.Outcome
	err error
}

// conclusive reports whether an outcome follows from what the condition reads. It does
// not where the evaluator lacks functions, where the application broke, or where the
// condition was not run: another time, or elsewhere, it may come to another one.
func conclusive(v *rules.Verdict) bool {
	broke := v.Result == rules.Error && errors.Unwrap(v.Err) != nil
	return v.Result != notRun && len(v.Lacks) == 0 && !broke
}

// nothing says that there is nothing to commit, and what there would be if the
// application worked, and the program evaluated all conditions.
func (k *composer) nothing() error {
	errs := []error{ErrNothing}
	for _, b := range k.broken {
		errs = append(errs, b.err)
	}
	return errors.Join(errs...)
}
