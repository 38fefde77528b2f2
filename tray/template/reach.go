package template

import (
	"math/bits"
	"slices"
)

// stateSet is a set of states, by their numbers; there are maxStates at most. What
// is asked of every state, for every event, signature and condition, is asked of
// sets, so that nobody is kept busy by a template that has as many of all as it may.
type stateSet uint64

// numbers calls f for the numbers in the set, in order.
func (s stateSet) numbers(f func(n int)) {
	for ; s != 0; s &= s - 1 {
		f(bits.TrailingZeros64(uint64(s)))
	}
}

// A reach tells, by role and section, in which states a role reads a section, as
// [Section.ReadBy] does, reads each instance of it, as [Template.ReadsEach] does,
// and can write it.
type reach struct {
	named               []string // by number
	number              map[string]int
	every               stateSet
	reads, each, writes map[string]map[string]stateSet
}

func newReach(d *Definition) reach {
	r := reach{number: make(map[string]int, len(d.Lifecycle.States)),
		reads: map[string]map[string]stateSet{}, each: map[string]map[string]stateSet{}, writes: map[string]map[string]stateSet{}}
	for i, s := range d.Lifecycle.States {
		r.named, r.number[s.Name] = append(r.named, s.Name), i
		r.every |= 1 << i
	}
	for _, role := range d.Roles {
		reads, each := make(map[string]stateSet, len(d.Sections)), make(map[string]stateSet, len(d.Sections))
		for i := range d.Sections {
			s := &d.Sections[i]
			each[s.Name] = r.readBy(s, role.Name)
			reads[s.Name] = each[s.Name]
			if slices.Contains(s.Per, role.Name) {
				reads[s.Name] |= r.readBy(s, Self)
			}
		}
		r.reads[role.Name], r.each[role.Name], r.writes[role.Name] = reads, each, make(map[string]stateSet, len(d.Sections))
	}
	sections := byName(d.Sections, func(s Section) string { return s.Name })
	for i, state := range d.Lifecycle.States {
		for _, edit := range state.Edit {
			for _, name := range edit.Sections {
				n, ok := sections[name]
				if writes := r.writes[edit.Role]; ok && writes != nil && d.Sections[n].WrittenBy(edit.Role) {
					writes[name] |= 1 << i
				}
			}
		}
	}
	return r
}

// one is the set of one state; empty where there is none of that name.
func (r reach) one(name string) stateSet {
	if i, ok := r.number[name]; ok {
		return 1 << i
	}
	return 0
}

// names lists the states of a set, in order.
func (r reach) names(set stateSet) (names []string) {
	set.numbers(func(n int) { names = append(names, r.named[n]) })
	return names
}

// readBy are the states in which a section names a reader, or is public.
func (r reach) readBy(s *Section, name string) (in stateSet) {
	if s.Public {
		return r.every
	}
	for _, reader := range s.Read {
		switch {
		case reader.Role != name:
		case len(reader.In) == 0:
			return r.every
		default:
			for _, state := range reader.In {
				in |= r.one(state)
			}
		}
	}
	return in
}

// readsAll are the states in which a role reads all of the sections.
func (r reach) readsAll(sections []*Section, role string) stateSet {
	in := r.every
	for _, s := range sections {
		in &= r.reads[role][s.Name]
	}
	return in
}
