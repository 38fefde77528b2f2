package rules

import (
	"slices"

	"cel.dev/cel-go/common/types/ref"
)

// A Set is a compiled definition. It never changes and is safe for concurrent
// use; compile a definition once and share the set.
type Set struct {
	def          Definition
	order        []*section
	sections     map[string]*section
	facts        map[string]*node
	conditions   map[string]*condition
	ruleIDs      []string // rules that are conditions of their own
	folded       []string // rules that are not
	conditionIDs []string
	infos        []Info
	listed       []*condition     // as infos
	places       map[string]place // by variable
	defaults     []ref.Val        // the values of an input in which nothing is given
	paths        pathIndex        // of infos
	cost         uint64           // of all conditions together
}

// A place is where an input has the value of a variable: which of its values it
// is, or in which of them, of a section, it is a field.
type place struct{ value, field int }

// A condition is one of four: the rules within a section, those of them that
// read old, a rule, or an expression of the caller.
type condition struct {
	id      string
	section *section
	back    bool // those that read old
	rule    *rule
	test    *program
	info    *Info
	stopped error // why it is not run
}

// A rule is a compiled Rule.
type rule struct {
	def     Rule
	id      string // "rule.<id>"
	test    *program
	message *program
	broken  Violation // where the test does not hold
}

// Info describes a condition: what decides who can evaluate it.
type Info struct {
	ID string
	// Sections, sorted, are those whose content it reads, now or before the
	// last revision (old).
	Sections []string
	// Facts, sorted, are the public facts that it reads.
	Facts []string
	// Old reports that it reads some section as it was before.
	Old bool
	// At are the events of a rule's definition.
	At []string
	// Folded are the rules ("rule.<id>") that belong to this "valid.<section>".
	Folded []string
	// Demands are what this "change.<section>" finds, as violations name it:
	// "products.total.check".
	Demands []string
	// Replayable reports that everybody who replays gets the same verdict: no
	// function or format is the application's own, and no table is read that is
	// revised, such as those of time zones and of countries. Differs says what
	// stands in the way, and where.
	Replayable bool
	Differs    Diagnostics
	// Needs, sorted, are the functions and formats of the application without
	// which it cannot be evaluated.
	Needs []string
	// Cost bounds the cost of one evaluation, in the engine's units; of
	// "valid.<section>" with every list at its maximum.
	Cost uint64
	// Times is how often it is evaluated at one moment, at least one: for each of the
	// instances of a section that it reads.
	Times uint64
	// Paths are the static references: "products.lines[].price",
	// "old.products.total", "state". A reference to a whole list or section
	// stands for all that is in it.
	Paths []string
}

// Conditions lists every condition in a stable order: "valid.<section>" in the
// order of sections, "change.<section>" of those with fields whose rules read
// old, "rule.<id>" in the order of rules, then the caller's conditions by id. The caller must not change the slices in it.
func (s *Set) Conditions() []Info { return slices.Clone(s.infos) }

// Definition returns the definition with every default filled in: the Max of
// texts and lists. It shares memory with the set: do not change it.
func (s *Set) Definition() Definition { return s.def }

// describe fills in what is asked often.
func (s *Set) describe() {
	ids := make([]string, 0, len(s.conditions))
	for _, sec := range s.order {
		ids = append(ids, "valid."+sec.def.Name)
	}
	for _, sec := range s.order {
		if len(sec.changes) > 0 {
			ids = append(ids, "change."+sec.def.Name)
		}
	}
	ids = append(append(ids, s.ruleIDs...), s.conditionIDs...)
	s.infos = make([]Info, len(ids))
	for i, id := range ids {
		c := s.conditions[id]
		s.infos[i] = s.info(c)
		c.info = &s.infos[i]
		s.listed = append(s.listed, c)
		for _, p := range c.programs() {
			p.condition = id
		}
		s.cost = saturatingAdd(s.cost, c.info.cost())
	}
	s.restrain()
	s.describeInput()
}

// describeInput gives each variable its place, sections first in their order.
func (s *Set) describeInput() {
	s.places = map[string]place{}
	add := func(variable string, v ref.Val) {
		s.places[variable] = place{value: len(s.defaults), field: -1}
		s.defaults = append(s.defaults, v)
	}
	for _, sec := range s.order {
		empty, _ := newRecord(sec.rec, sec.def.Name, nil, nil)
		add(sectionVar(sec.def.Name), empty)
		for i, f := range sec.rec.fields {
			s.places[fieldVar(sectionVar(sec.def.Name), f.field.Name)] = place{sec.number, i}
		}
	}
	for _, sec := range s.order {
		add(oldVar(sec.def.Name), nil)
	}
	for name := range s.facts {
		add(factVar(name), absent(name))
	}
}

// sound describes the conditions of an incomplete set that nothing is wrong with.
func (s *Set) sound() []Info {
	var out []Info
	for _, sec := range s.order {
		if !sec.wrong && !slices.ContainsFunc(sec.programs, func(p *program) bool { return p.wrong }) {
			out = append(out, s.info(s.conditions["valid."+sec.def.Name]))
			if c := s.conditions["change."+sec.def.Name]; c != nil {
				out = append(out, s.info(c))
			}
		}
	}
	for _, id := range slices.Concat(s.ruleIDs, s.conditionIDs) {
		if c := s.conditions[id]; c.rule != nil || c.test != nil && !c.test.wrong {
			out = append(out, s.info(c))
		}
	}
	return out
}

// info describes a condition among the sections of the set.
func (s *Set) info(c *condition) Info {
	info := c.describe()
	info.Times = 1
	for _, name := range info.Sections {
		if n := s.sections[name].def.Instances; n > 1 {
			info.Times = max(info.Times, uint64(n))
		}
	}
	return info
}

// cost bounds what the condition costs at one moment.
func (i *Info) cost() uint64 { return saturatingMul(i.Cost, i.Times) }

// programs lists what a condition evaluates.
func (c *condition) programs() []*program {
	switch {
	case c.rule != nil:
		return []*program{c.rule.test}
	case c.section == nil:
		return []*program{c.test}
	}
	var out []*program
	for _, p := range c.section.programs {
		if p.back == c.back {
			out = append(out, p)
		}
	}
	return out
}

// describe gathers the Info of a condition from its programs.
func (c *condition) describe() Info {
	info := Info{ID: c.id}
	var sections, facts, paths, needs names
	add := func(p *program) {
		for _, name := range p.sections {
			sections.add(name)
		}
		for _, name := range p.olds {
			sections.add(name)
			info.Old = info.Old || !p.says
		}
		for _, name := range p.facts {
			facts.add(name)
		}
		for _, path := range p.refs {
			paths.add(path)
		}
		for _, name := range p.needs {
			needs.add(name)
		}
		info.Differs = append(info.Differs, p.differs...)
		info.Cost = saturatingAdd(info.Cost, saturatingMul(p.cost, max(p.times, 1)))
	}
	switch {
	case c.back:
		for _, p := range c.programs() {
			add(p)
		}
		info.Demands = c.section.changes
	case c.section != nil:
		sections.add(c.section.def.Name)
		paths.add(c.section.def.Name)
		for _, f := range c.section.rec.fields {
			f.each(func(n *node) {
				if n.parent == nil || n.parent.elem != n { // an item has no place before it is there
					info.Cost = saturatingAdd(info.Cost, saturatingMul(n.times(), slotCost))
				}
				why := ""
				switch {
				case n.own != nil:
					needs.add(n.own.Name)
					why = " is one of the application's own"
				case n.revised:
					why = " follows a table that is revised"
				default:
					return
				}
				info.Differs = append(info.Differs, Diagnostic{
					Pos: n.field.Pos.of("format"), Where: n.path, Message: "the format " + n.field.Format + why,
				})
			})
		}
		for _, p := range c.programs() {
			add(p)
		}
		for _, r := range c.section.folds {
			info.Folded = append(info.Folded, r.id)
		}
	case c.rule != nil:
		add(c.rule.test)
		info.At = c.rule.def.At
	default:
		add(c.test)
	}
	info.Replayable = len(info.Differs) == 0
	info.Sections, info.Facts, info.Paths, info.Needs = sections, facts, paths, needs
	return info
}
