package template

import (
	"fmt"
	"slices"
	"strings"
)

// An attestation is what there is to know of who can attest a condition, whatever
// the event that needs it.
type attestation struct {
	*Condition
	path   string
	opaque []*Section
	held   map[string]stateSet // by role whose word counts: the states that a tray can leave with all in its hands
	late   map[string]*late    // by the state that a tray leaves; nil if it is none
}

// late says that a section can be written where nobody reads it any longer.
type late struct{ section, written string }

func (j *judge) attestation(c *Condition, path string, opaque []*Section) attestation {
	a := attestation{c, path, opaque, map[string]stateSet{}, map[string]*late{}}
	for _, role := range c.Attest {
		held := j.every
		for _, s := range opaque {
			held &= j.holds(role, s)
		}
		a.held[role] = held
	}
	return a
}

// attested looks at who can attest a condition when an event needs it.
func (j *judge) attested(a attestation, e *Event) {
	c := a.Condition
	for _, from := range e.From {
		if len(c.Facts) > 0 {
			if !j.attestedByWhoFires(a, e, from) {
				return
			}
			continue
		}
		attests := func(role string) bool { return a.held[role]&j.one(from) != 0 }
		if c.Writer && j.earlier(from, j.writable(a.opaque[0])) || slices.ContainsFunc(c.Attest, attests) {
			continue
		}
		j.errors.suggest(a.path, CodeSoundness, "let one role read them where they are last written, or after it",
			"nobody can have attested %s when %s needs it in state %s: %s", c.ID, e.Name, from, j.lacking(a, from))
		return
	}
	if len(c.Facts) == 0 && !c.Writer {
		j.writtenLate(a, e)
	}
	if !j.chosen(c.ID) {
		j.alone(a, e)
	}
}

// alone warns of a state in which nobody's word can be had on a condition but that
// of those whom it binds: who fires the event, or who has to sign. Others may read
// what it is over and count in another state; here they come too late.
func (j *judge) alone(a attestation, e *Event) {
	bound, among := e.By, j.RoleNames()
	if signature, ok := strings.CutPrefix(a.ID, "required."); ok {
		bound = []string{j.Signature(signature).By}
		if len(a.Facts) > 0 { // it is attested in the entry that fires
			among = e.By
		}
	}
	for _, from := range e.From {
		var who, later []string
		others := false
		for _, role := range among {
			binds := slices.Contains(bound, role)
			switch {
			case j.says(a, role, from):
				others = others || !binds
				who = append(who, role)
			case !binds && slices.Contains(a.Attest, role):
				later = append(later, role)
			}
		}
		if others || len(who) == 0 {
			continue
		}
		advice := fmt.Sprintf("let another role read %s", sectionNames(a.opaque))
		if len(later) > 0 {
			advice = fmt.Sprintf("let %s read %s by then, or lead %s from a state in which it does", strings.Join(later, " or "), sectionNames(a.opaque), e.Name)
		}
		alone := strings.Join(who, ", ")
		j.warnings.suggest(a.path, CodeSoundness, fmt.Sprintf("%s, or write \"attest: [%s]\" to say that it is meant", advice, alone),
			"whether %s holds when %s needs it in state %s is said by %s alone, whom it binds: nobody else can check it", a.ID, e.Name, from, alone)
		return
	}
}

// says reports whether a role's word on a condition can be had when a tray leaves a
// state: what the condition reads is in its hands, or it has said so in writing it.
func (j *judge) says(a attestation, role, from string) bool {
	if a.held[role]&j.one(from) != 0 {
		return true
	}
	if !a.Writer {
		return false
	}
	writes := j.writes[role][a.opaque[0].Name]
	if len(a.Facts) > 0 {
		return writes&j.one(from) != 0
	}
	return j.earlier(from, writes)
}

// chosen reports whether the template itself says who attests a condition.
func (j *judge) chosen(id string) bool {
	kind, name, _ := strings.Cut(id, ".")
	switch kind {
	case "valid", "change":
		return len(j.Section(name).Attest) > 0
	case "rule":
		return len(j.Rule(id).Attest) > 0
	case "guard":
		return len(j.Event(name).Attest) > 0
	}
	return len(j.Signature(name).Attest) > 0
}

// writtenLate warns of a section that can be written once more where none of those
// whose word counts reads it any longer: then the event waits for ever.
func (j *judge) writtenLate(a attestation, e *Event) {
	for _, from := range e.From {
		found, known := a.late[from]
		if !known {
			found = j.lateIn(a, from)
			a.late[from] = found
		}
		if found != nil {
			j.warnings.suggest(a.path, CodeSoundness, "let one of them read it there, or nobody write it",
				"once %s is written in state %s, nobody can attest %s any more when %s needs it in state %s: of %s none reads it from then on",
				found.section, found.written, a.ID, e.Name, from, strings.Join(a.Attest, ", "))
			return
		}
	}
}

func (j *judge) lateIn(a attestation, from string) (found *late) {
	for _, s := range a.opaque {
		reads := j.readable([]*Section{s}, a.Attest)
		(j.before[from] & j.writable(s)).numbers(func(written int) {
			if found == nil && j.before[from]&j.after[written]&reads == 0 {
				found = &late{s.Name, j.named[written]}
			}
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// attestedByWhoFires looks at a condition over facts. They are those of the entry
// that fires, so whoever fires must attest, and write in the same entry if it is
// as the writer.
func (j *judge) attestedByWhoFires(a attestation, e *Event, from string) bool {
	attests := func(role string) bool { return j.says(a, role, from) }
	if slices.ContainsFunc(e.By, attests) {
		return true
	}
	j.errors.suggest(a.path, CodeSoundness, "let a role that fires it read them, or leave the facts out",
		"%s reads %s and facts of the moment, and nobody who fires %s in state %s can attest it: it is fired by %s, and read by %s",
		a.ID, sectionNames(a.opaque), e.Name, from, strings.Join(e.By, ", "), strings.Join(j.readersOfAll(a.Attest, a.opaque), ", "))
	return false
}

// holds are the states that a tray can leave with what a section holds in the hands
// of a role: it reads it there, or it did before, and not only before it was
// written.
func (j *judge) holds(role string, s *Section) stateSet {
	key := [2]string{role, s.Name}
	if held, ok := j.held[key]; ok {
		return held
	}
	reads, writable := j.reads[role][s.Name], j.writable(s)
	var held stateSet
	for i, from := range j.named {
		before := j.before[from]
		seen := before & reads // where nothing is written, whoever may read it knows what it holds
		written := before & writable
		if written != 0 && seen != 0 {
			some := stateSet(0)
			written.numbers(func(w int) { some |= j.after[w] & seen })
			seen = some
		}
		if seen != 0 {
			held |= 1 << i
		}
	}
	j.held[key] = held
	return held
}

// lacking tells for each role what keeps it from attesting: which section is
// written where it does not read it any more.
func (j *judge) lacking(a attestation, from string) string {
	var texts []string
	for _, role := range a.Attest {
		for _, s := range a.opaque {
			if j.holds(role, s)&j.one(from) != 0 {
				continue
			}
			written := "no state before"
			if in := j.before[from] & j.writable(s); in != 0 {
				written = strings.Join(j.names(in), ", ")
			}
			texts = append(texts, fmt.Sprintf("%s reads %s in %s, and it is written in %s", role, s.Name, strings.Join(j.names(j.reads[role][s.Name]), ", "), written))
			break
		}
	}
	return strings.Join(texts, "; ")
}

// readersOfAll lists those of some roles that read all of the sections, each with
// the states in which it does, if that is not every state.
func (j *judge) readersOfAll(roles []string, sections []*Section) []string {
	var readers []string
	for _, role := range roles {
		switch in := j.readsAll(sections, role); in {
		case 0:
		case j.every:
			readers = append(readers, role)
		default:
			readers = append(readers, role+" in "+strings.Join(j.names(in), ", "))
		}
	}
	return readers
}
