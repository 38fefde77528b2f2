package tray

import (
	"errors"
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
	var fields []Blocker
	for i := range refusal.Blockers {
		b := &refusal.Blockers[i]
		violations := k.failed[said{b.Name, b.Instance}]
		for j := range violations {
			switch v := &violations[j]; {
			case v.Severity == rules.SeverityWarning:
			case v.Path == "" && v.Rule == b.Name:
				b.Violation = v // it names no field, and nothing more than the condition does
			case len(fields) < maxFieldBlockers:
				fields = withBlocker(fields, k.fieldBlocker(v, b))
			}
		}
	}
	refusal.Blockers = append(refusal.Blockers, fields...)
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

// fieldBlocker names the field that a rule is about, and who can mend it: where
// the rule names none, whoever can mend the condition that it belongs to.
func (k *composer) fieldBlocker(v *rules.Violation, condition *Blocker) Blocker {
	b := Blocker{Need: NeedField, Name: v.Rule, Path: v.Path, Instance: condition.Instance, Violation: v,
		Sections: condition.Sections, Roles: condition.Roles, Participants: condition.Participants}
	name, _, _ := strings.Cut(v.Path, ".")
	if k.template.Section(name) != nil {
		b.Sections, b.Roles = []string{name}, k.editors(name)
		b.Participants = k.writers(k.placesOf(b.Sections, b.Instance))
	}
	return b
}
