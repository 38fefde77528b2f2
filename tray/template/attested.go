package template

import (
	"fmt"
	"slices"
	"strings"
)

// attested looks at who can attest a condition when an event needs it.
func (j *judge) attested(c *Condition, path string, opaque []*Section, e *Event) {
	for _, from := range e.From {
		if len(c.Facts) > 0 {
			if !j.attestedByWhoFires(c, path, opaque, e, from) {
				return
			}
			continue
		}
		attests := func(role string) bool { return j.holdsAll(role, opaque, from) }
		if c.Writer && j.earlier(from, j.writable(opaque[0])) || slices.ContainsFunc(c.Attest, attests) {
			continue
		}
		j.errors.suggest(path, CodeSoundness, "let one role read them where they are last written, or after it",
			"nobody can have attested %s when %s needs it in state %s: %s", c.ID, e.Name, from, j.lacking(c.Attest, opaque, from))
		return
	}
	if len(c.Facts) == 0 && !c.Writer {
		j.writtenLate(c, path, opaque, e)
	}
	bound := e.By
	if signature, ok := strings.CutPrefix(c.ID, "required."); ok {
		bound = []string{j.Signature(signature).By}
	}
	others := slices.ContainsFunc(c.Attest, func(r string) bool { return !slices.Contains(bound, r) })
	if !others && len(c.Attest) > 0 && !j.chosen(c.ID) {
		who := strings.Join(c.Attest, ", ")
		j.warnings.suggest(path, CodeSoundness, fmt.Sprintf("let another role read %s, or write \"attest: [%s]\" to say that it is meant", sectionNames(opaque), who),
			"whether %s holds at %s is said by %s alone, whom it binds: nobody else can check it", c.ID, e.Name, who)
	}
}

// chosen reports whether the template itself says who attests a condition.
func (j *judge) chosen(id string) bool {
	kind, name, _ := strings.Cut(id, ".")
	switch kind {
	case "valid", "change":
		return len(j.Section(name).Attest) > 0
	case "rule":
		return len(j.rule(id).Attest) > 0
	case "guard":
		return len(j.Event(name).Attest) > 0
	}
	return len(j.Signature(name).Attest) > 0
}

// writtenLate warns of a section that can be written once more where none of those
// whose word counts reads it any longer: then the event waits for ever.
func (j *judge) writtenLate(c *Condition, path string, opaque []*Section, e *Event) {
	for _, from := range e.From {
		for _, s := range opaque {
			for _, written := range j.writtenIn(s, from) {
				if !slices.ContainsFunc(c.Attest, func(role string) bool { return j.readsSince(role, s, written, from) }) {
					j.warnings.suggest(path, CodeSoundness, "let one of them read it there, or nobody write it",
						"once %s is written in state %s, nobody can attest %s any more when %s needs it in state %s: of %s none reads it from then on",
						s.Name, written, c.ID, e.Name, from, strings.Join(c.Attest, ", "))
					return
				}
			}
		}
	}
}

// attestedByWhoFires looks at a condition over facts. They are those of the entry
// that fires, so whoever fires must attest, and write in the same entry if it is
// as the writer.
func (j *judge) attestedByWhoFires(c *Condition, path string, opaque []*Section, e *Event, from string) bool {
	attests := func(role string) bool {
		return slices.Contains(c.Attest, role) && j.holdsAll(role, opaque, from) || c.Writer && j.writes(role, opaque[0], j.State(from))
	}
	if slices.ContainsFunc(e.By, attests) {
		return true
	}
	j.errors.suggest(path, CodeSoundness, "let a role that fires it read them, or leave the facts out",
		"%s reads %s and facts of the moment, and nobody who fires %s in state %s can attest it: it is fired by %s, and read by %s",
		c.ID, sectionNames(opaque), e.Name, from, strings.Join(e.By, ", "), strings.Join(j.readersOfAll(c.Attest, opaque), ", "))
	return false
}

// writes reports whether a role can write a section in a state.
func (j *judge) writes(role string, s *Section, state *State) bool {
	return state.Edits(role, s.Name) && s.WrittenBy(role)
}

// writtenIn lists the states in which a section can be written before a tray
// leaves state from.
func (j *judge) writtenIn(s *Section, from string) []string {
	var states []string
	isWritable := j.writable(s)
	j.earlier(from, func(state *State) bool {
		if isWritable(state) {
			states = append(states, state.Name)
		}
		return false
	})
	return states
}

// holds reports whether a role can have what a section holds when the tray leaves
// state from: it reads it there, or it did before, and not only before it was
// written.
func (j *judge) holds(role string, s *Section, from string) bool {
	written := j.writtenIn(s, from)
	if len(written) == 0 { // nothing to have: whoever may read it knows what it holds
		return j.earlier(from, j.readable([]*Section{s}, []string{role}))
	}
	return slices.ContainsFunc(written, func(w string) bool { return j.readsSince(role, s, w, from) })
}

// readsSince reports whether a role reads a section in a state in which it was
// written, or in one after it by the time the tray leaves state from.
func (j *judge) readsSince(role string, s *Section, written, from string) bool {
	return j.earlier(from, func(at *State) bool { return j.before[at.Name][written] && s.ReadBy(role, at.Name) })
}

func (j *judge) holdsAll(role string, sections []*Section, from string) bool {
	return !slices.ContainsFunc(sections, func(s *Section) bool { return !j.holds(role, s, from) })
}

// lacking tells for each role what keeps it from attesting: which section is
// written where it does not read it any more.
func (j *judge) lacking(roles []string, sections []*Section, from string) string {
	var texts []string
	for _, role := range roles {
		for _, s := range sections {
			if j.holds(role, s, from) {
				continue
			}
			read := j.readIn(role, []*Section{s})
			written := "no state before"
			if states := j.writtenIn(s, from); len(states) > 0 {
				written = strings.Join(states, ", ")
			}
			texts = append(texts, fmt.Sprintf("%s reads %s in %s, and it is written in %s", role, s.Name, strings.Join(read, ", "), written))
			break
		}
	}
	return strings.Join(texts, "; ")
}

// readIn lists the states in which a role reads all of some sections.
func (t *Template) readIn(role string, sections []*Section) []string {
	var states []string
	for _, state := range t.def.Lifecycle.States {
		if readsAll(sections, role, state.Name) {
			states = append(states, state.Name)
		}
	}
	return states
}

// readersOfAll lists those of some roles that read all of the sections, each with
// the states in which it does, if that is not every state.
func (t *Template) readersOfAll(roles []string, sections []*Section) []string {
	var readers []string
	for _, role := range roles {
		switch states := t.readIn(role, sections); len(states) {
		case 0:
		case len(t.def.Lifecycle.States):
			readers = append(readers, role)
		default:
			readers = append(readers, role+" in "+strings.Join(states, ", "))
		}
	}
	return readers
}
