package tray

import "github.com/vassoio/vassoio/tray/template"

// Turn gives the roles whose turn it is, in the template's order, as far as it
// can be told without reading: those that
//
//   - may edit a section in this state,
//   - can give a signature that an event from here waits for, or attest a
//     condition of it over sections that are all written,
//   - or may fire an event from here that needs something, all of which is
//     there.
//
// Where that is nobody, it is those that may fire any event from here; in a
// final state nobody.
func (s *State) Turn() []string {
	var roles, any []string
	for _, e := range s.template.State(s.name).Edit {
		roles = append(roles, e.Role)
	}
	for _, name := range s.template.Lifecycle().Events(s.name) {
		ev := s.template.Event(name)
		any = append(any, ev.By...)
		if len(s.template.Needs(name)) == 0 && len(ev.Signed) == 0 {
			continue // open to its roles at any time, as a cancellation is
		}
		blockers := s.waitsFor(ev)
		if len(blockers) == 0 {
			roles = append(roles, ev.By...)
		}
		for _, b := range blockers {
			if b.Need == NeedSignature || b.Need == NeedAttestation && s.written(b) {
				roles = append(roles, b.Roles...)
			}
		}
	}
	if len(roles) == 0 {
		roles = any
	}
	return compactRoles(s.template, roles)
}

// waitsFor gives what an event waits for by the log alone, whoever fires it: of
// all instances of sections that are per a role.
func (s *State) waitsFor(ev *template.Event) []Blocker {
	return s.blockers(ev, s.outcomes(ev, ev.By[0], "", nil))
}

// written reports whether something was written in every section that a
// blocker is about.
func (s *State) written(b Blocker) bool {
	for _, p := range s.placesOf(b.Sections, b.Instance) {
		if s.places[p] == nil {
			return false
		}
	}
	return true
}
