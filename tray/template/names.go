package template

import "slices"

// RoleNames are the names of the roles in order.
func (t *Template) RoleNames() []string {
	return called(t.def.Roles, func(r *Role) string { return r.Name })
}

// SectionNames are the names of the sections in order.
func (t *Template) SectionNames() []string {
	return called(t.def.Sections, func(s *Section) string { return s.Name })
}

// SignatureNames are the names of the signatures in order.
func (t *Template) SignatureNames() []string {
	return called(t.def.Signatures, func(s *Signature) string { return s.Name })
}

// called lists what things are called.
func called[T any](all []T, name func(*T) string) []string {
	out := make([]string, len(all))
	for i := range all {
		out[i] = name(&all[i])
	}
	return out
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
