package tray

import (
	"errors"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// explain puts what its author could find out in place of the conditions that a
// refusal names: which fields break which rules. One thing to do is one blocker: a
// condition of which the fields are told is not named besides. One that nobody told,
// or that others told who read more, is; and it says where the application broke.
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
		if err := k.explainBlocker(&refusal.Blockers[i], facts); err != nil {
			return err
		}
	}
	if refusal.Blockers = k.wrong.besides(k, refusal.Blockers); len(refusal.Blockers) == 0 {
		return nil // all of it follows from what has been told
	}
	var missing, broken []Blocker
	for _, b := range refusal.Blockers {
		told := false
		violations := k.failed[said{b.Name, b.Instance}]
		for j := range violations {
			switch v := &violations[j]; {
			case v.Severity == rules.SeverityWarning:
			case v.Path == "" && v.Rule == b.Name:
				b.Violation = v // it names no field, and nothing more than the condition does
			case len(broken) < maxFieldBlockers:
				broken = withBlocker(broken, k.violated(v, &b))
				told = true
			}
		}
		if !told || b.Need != NeedCondition {
			missing = append(missing, b)
		}
	}
	refusal.Blockers = append(missing, broken...)
	return refusal
}

// explainBlocker finds out what is wrong by a condition that the author did not
// attest himself: a public one, or one that he can read all of, and whoever's word
// counts said that it fails. And it says where his application broke.
func (k *composer) explainBlocker(b *Blocker, facts *facts) error {
	about := said{b.Name, b.Instance}
	switch b.Need {
	case NeedCondition:
		if _, known := k.failed[about]; known {
			return nil
		}
		cond := k.template.Condition(b.Name)
		verdict, ok, err := k.judge(cond, b.Instance, facts)
		if err != nil || !ok {
			return err
		}
		k.failed[about] = k.wrong.sound(k.placesOf(cond.Sections, b.Instance), verdict.Violations)
	case NeedAttestation:
		for _, x := range k.broken {
			if x.Condition == about.condition && x.Instance == about.instance {
				b.Err = x.err
			}
		}
	}
	return nil
}

// violated names the field that a rule is about, and who can mend it; where the
// rule names none, the rule, and whoever can mend the condition that it belongs to.
func (k *composer) violated(v *rules.Violation, condition *Blocker) Blocker {
	b := Blocker{Need: NeedField, Name: v.Rule, Path: v.Path, Instance: condition.Instance, Violation: v,
		Sections: condition.Sections, Roles: condition.Roles, Participants: condition.Participants}
	if v.Path == "" {
		b.Need = NeedCondition
	}
	name, _, _ := strings.Cut(v.Path, ".")
	if k.template.Section(name) != nil {
		b.Sections, b.Roles = []string{name}, k.editors(name)
		b.Participants = k.writers(k.placesOf(b.Sections, b.Instance))
	}
	return b
}
