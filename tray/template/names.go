package template

import "slices"

// RoleNames are the names of the roles in order.
func (t *Template) RoleNames() []string {
	names := make([]string, len(t.def.Roles))
	for i := range t.def.Roles {
		names[i] = t.def.Roles[i].Name
	}
	return names
}

// StateNames are the names of the states, the initial one first, the others in
// order.
func (t *Template) StateNames() []string {
	names := make([]string, 0, len(t.def.Lifecycle.States))
	for i := range t.def.Lifecycle.States {
		names = append(names, t.def.Lifecycle.States[i].Name)
	}
	initial := t.def.Lifecycle.Initial
	names = slices.DeleteFunc(names, func(s string) bool { return s == initial })
	return slices.Insert(names, 0, initial)
}

// ReadBy reports whether a role reads a section in a state, as
// [Section.ReadBy] does; nobody reads a section that there is not.
func (t *Template) ReadBy(role, section, state string) bool {
	s := t.Section(section)
	return s != nil && s.ReadBy(role, state)
}

// ReadsEach reports whether a role reads a section in a state, and everybody's
// instance of it where it is per a role: where [Self] reads, each reads its own.
func (t *Template) ReadsEach(role, section, state string) bool {
	s := t.Section(section)
	return s != nil && (s.Public || slices.ContainsFunc(s.Read, func(r Reader) bool {
		return r.Role == role && (len(r.In) == 0 || slices.Contains(r.In, state))
	}))
}
