package template

import (
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// Explanation tells of a template who can decide what, and which conditions run
// again after an edit. It follows from the template alone; what is owed to whom
// in one tray is told there.
type Explanation struct {
	Conditions []Decision    // in the order of the table
	Fields     []FieldEffect // whatever can be written, in the order of the template
}

// Decision is what there is to know about one condition.
type Decision struct {
	ID       string
	Rules    []string // that belong to it, of a "valid.<section>": those over this section alone
	Fields   []string // that it reads, such as "products.lines[].price"; as they were before, "old.products.total"
	Sections []string // that these stand in
	Facts    []string // public facts that it reads
	Needs    []string // functions and formats of the application without which nobody can evaluate it
	Advisory bool     // it only warns
	Events   []string // at which it is due
	Writes   []string // sections whose every write it is due at

	// Public reports that it reads no opaque section: everybody who has what it
	// needs decides it, with no key. Otherwise Deciders are the roles whose word
	// counts, each with the states in which it reads everything, and Writers those
	// whose word counts in the entry in which they write the section.
	Public   bool
	Deciders []Access
	Writers  []Access

	// Unknown are the roles that cannot evaluate it, each with a section that it
	// does not read and the states in which it does not. Who was given a revision
	// in an earlier state keeps it until the section is written again.
	Unknown []Access
}

// Access is what a role can do in some states.
type Access struct {
	Role    string
	Section string   // of Writers and Unknown
	States  []string // in order
	Every   bool     // these are all the states that there are
	Own     bool     // it has to do with its own instance only; in Unknown, with that of others
}

// FieldEffect is what runs again after an edit of a field.
type FieldEffect struct {
	Path       string   // "products.lines[].price"
	Conditions []string // in the order of the table
}

// Explain tells who can decide what.
func (t *Template) Explain() Explanation {
	var e Explanation
	infos := make(map[string]rules.Info)
	for _, info := range t.rules.Conditions() {
		infos[info.ID] = info
	}
	reach := newReach(&t.def)
	for i := range t.def.Conditions {
		e.Conditions = append(e.Conditions, t.decision(reach, &t.def.Conditions[i], infos[t.def.Conditions[i].ID]))
	}
	for i := range t.def.Sections {
		s := &t.def.Sections[i]
		e.Fields = t.effects(e.Fields, s.Name+".", s.Fields)
	}
	return e
}

func (t *Template) decision(reach reach, c *Condition, info rules.Info) Decision {
	opaque := opaqueOf(&t.def, c.Sections)
	d := Decision{
		ID: c.ID, Rules: info.Folded, Sections: c.Sections, Facts: c.Facts, Needs: c.Needs, Events: c.Events,
		Advisory: t.warns(c.ID), Public: len(opaque) == 0,
	}
	for _, path := range info.Paths {
		section, _, _ := strings.Cut(strings.TrimPrefix(path, "old."), ".")
		if t.Section(section) != nil && (section == path || !slices.Contains(info.Paths, section)) { // a whole section stands for its fields
			d.Fields = append(d.Fields, path)
		}
	}
	if c.AtWrites() {
		d.Writes = c.Sections
	}
	for _, role := range c.Attest {
		d.Deciders = append(d.Deciders, reach.access(role, "", t.ownOnly(role, opaque), reach.readsAll(opaque, role)))
	}
	for i := range t.def.Roles {
		role := t.def.Roles[i].Name
		if c.Writer {
			s := opaque[0]
			own := !slices.Contains(s.Write, role)
			if a := reach.access(role, s.Name, own, reach.writes[role][s.Name]); len(a.States) > 0 {
				d.Writers = append(d.Writers, a)
			}
		}
		for _, s := range opaque {
			reads := reach.reads[role][s.Name]
			if a := reach.access(role, s.Name, false, reach.every&^reads); len(a.States) > 0 {
				d.Unknown = append(d.Unknown, a)
			}
			if a := reach.access(role, s.Name, true, reads&^reach.each[role][s.Name]); len(a.States) > 0 {
				d.Unknown = append(d.Unknown, a)
			}
		}
	}
	return d
}

// warns reports whether what a condition finds stops nobody.
func (t *Template) warns(condition string) bool {
	r := t.Rule(condition)
	return r != nil && r.Severity == rules.SeverityWarning
}

// ownOnly reports whether a role reads its own instance of a section only.
func (t *Template) ownOnly(role string, sections []*Section) bool {
	return slices.ContainsFunc(sections, func(s *Section) bool {
		return slices.Contains(s.Per, role) && !slices.ContainsFunc(s.Read, func(r Reader) bool { return r.Role == role })
	})
}

func (r reach) access(role, section string, own bool, in stateSet) Access {
	return Access{Role: role, Section: section, Own: own, States: r.names(in), Every: in == r.every}
}

// effects adds what can be edited, at every depth. What is computed is not, but
// an edit of what it is computed from changes it, too.
func (t *Template) effects(list []FieldEffect, above string, fields []rules.Field) []FieldEffect {
	for i := range fields {
		f := &fields[i]
		path, inner := above+f.Name, f.Fields
		if f.Compute != "" {
			continue
		}
		for f.Of != nil {
			path += "[]"
			f = f.Of
			inner = f.Fields
		}
		if len(inner) > 0 {
			list = t.effects(list, path+".", inner)
			continue
		}
		edited := append([]string{path}, t.rules.Recomputed([]string{path})...)
		list = append(list, FieldEffect{path, t.rules.Affected(edited)})
	}
	return list
}
