package tray

import (
	"errors"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// explain adds to a refusal what its author could find out about the conditions
// that it names: which fields break which rules, and where his application broke.
func (k *composer) explain(err error) error {
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Code != Blocked {
		return err
	}
	if len(refusal.Blockers) == 0 {
		return err
	}
	facts := k.facts(k.role)
	for i := range refusal.Blockers {
		k.explainBlocker(&refusal.Blockers[i], facts)
	}
	if refusal.Blockers = k.wrong.besides(k, refusal.Blockers); len(refusal.Blockers) == 0 {
		return nil // all of it follows from what has been told
	}
	for _, blocker := range slices.Clone(refusal.Blockers) {
		violations := k.failed[said{blocker.Name, blocker.Instance}]
		for i := range violations {
			if v := &violations[i]; v.Severity != rules.SeverityWarning {
				refusal.Blockers = append(refusal.Blockers, k.fieldBlocker(v, blocker.Instance))
			}
		}
	}
	return refusal
}

// explainBlocker finds out what is wrong by a public condition, as its author did
// of those that he attests; and says where his application broke.
func (k *composer) explainBlocker(b *Blocker, facts *facts) {
	switch b.Need {
	case NeedCondition:
		cond := k.template.Condition(b.Name)
		if len(cond.Attest) == 0 {
			verdict := k.evaluate(cond, b.Instance, facts)
			k.failed[said{b.Name, b.Instance}] = k.wrong.sound(k.placesOf(cond.Sections, b.Instance), verdict.Violations)
		}
	case NeedAttestation:
		for _, x := range k.broken {
			if x.said == (said{b.Name, b.Instance}) {
				b.Err = x.err
			}
		}
	}
}

// fieldBlocker names the field that a rule is about, and who can mend it.
func (k *composer) fieldBlocker(v *rules.Violation, instance string) Blocker {
	b := Blocker{Need: NeedField, Name: v.Rule, Path: v.Path, Instance: instance, Violation: v}
	name, _, _ := strings.Cut(v.Path, ".")
	if k.template.Section(name) != nil {
		b.Sections, b.Roles = []string{name}, k.editors(name)
		b.Participants = k.writers(k.placesOf(b.Sections, instance))
	}
	return b
}
