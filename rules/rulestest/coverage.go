package rulestest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// A Coverage says how much of a template's rules its cases show. Each of these
// counts one:
//
//   - that a condition, or a rule within the validity of a section, is expected
//     to pass, and that it is expected to fail (not for a section that demands
//     nothing of itself);
//   - that a condition over sections which not every role can read in every
//     state, or of which some read their own instance only, is expected to be
//     unknown (not for the validity and the change of a section, which are so
//     whenever the section is hidden, nor for want of what only the application
//     has);
//   - that what a field declares (required, a format, a bound, choices,
//     currencies, a check, computed, that it does not apply) is violated: by an
//     expectation that names the violation, by itself, in the list of all, or by
//     its message or place; a maximum that is the one by default does not count;
//   - that a branch of an expression, which is a boolean part of it (see
//     [rules.Branch]), is true, and that it is false, in the evaluation of
//     something that is expected.
type Coverage struct {
	Covered int   `json:"covered"`
	Total   int   `json:"total"`
	Missing []Gap `json:"missing,omitempty"`
	// Untested are the rules of which no case that succeeded says anything.
	Untested []string `json:"untested,omitempty"`
}

// A Gap is something that no case shows.
type Gap struct {
	At    string `json:"at"`    // file:line:column in the template
	Where string `json:"where"` // "rule.covered", "products.total check"
	What  string `json:"what"`  // "never expected to fail", "what begins here is never true", "this && is never true"
	// Source is the line of the expression, and Column that of the branch in
	// it, from 1; 0 where it is the rule, or a demand of a field, that is not
	// covered.
	Source string `json:"source,omitempty"`
	Column int    `json:"column,omitempty"`

	pos rules.Position
}

// Percent is the coverage, rounded down: it is 100 only if nothing is missing.
func (c Coverage) Percent() int {
	if c.Total == 0 {
		return 100
	}
	return c.Covered * 100 / c.Total
}

// note records an expectation that came true.
func (r *runner) note(id string, field bool, want *Expectation, found []rules.Violation, lang string) {
	add := func(id string, o Outcome) {
		if r.seen[id] == nil {
			r.seen[id] = map[Outcome]bool{}
		}
		r.seen[id][o] = true
	}
	switch {
	case want.Outcome == Warning:
		add(id, Fail) // it does not hold, whatever follows from it
	case field && want.Outcome == Pass:
		// The section may fail for another reason.
	default:
		add(id, want.Outcome)
	}
	for _, rule := range want.Violations {
		if r.folded[rule] == id {
			add(rule, Fail)
		}
	}
	if want.Outcome != Fail && want.Outcome != Warning {
		return
	}
	for _, v := range found {
		named := field || want.Violations != nil
		if want.Violations == nil && want.Message+want.At != "" {
			named = want.describes(v, lang)
		}
		if named {
			r.coverage.Show(v)
		}
	}
}

// measure compares what was seen with what there is to see.
func (r *runner) measure() Coverage {
	var c Coverage
	def := r.set.Definition()
	positions := map[string]rules.Position{}
	for _, s := range def.Sections {
		positions["valid."+s.Name], positions["change."+s.Name] = s.Pos[""], s.Pos[""]
	}
	for _, rule := range def.Rules {
		positions["rule."+rule.ID] = rule.Pos[""]
	}
	for _, condition := range def.Conditions {
		positions[condition.ID] = condition.Pos[""]
	}
	untested := map[string]bool{} // expressions of rules without any test
	rule := func(id string, points ...Outcome) {
		pos := r.position(positions[id])
		if len(r.seen[id]) == 0 {
			c.Untested = append(c.Untested, id)
			name := strings.TrimPrefix(id, "rule.")
			untested["rule "+name], untested["condition "+id] = true, true
		}
		for _, o := range points {
			c.Total++
			if r.seen[id][o] {
				c.Covered++
			} else if len(r.seen[id]) > 0 {
				c.Missing = append(c.Missing, Gap{At: place(pos), pos: pos, Where: id, What: verbs[o]})
			}
		}
		if len(r.seen[id]) == 0 {
			c.Missing = append(c.Missing, Gap{At: place(pos), pos: pos, Where: id, What: "no test"})
		}
	}
	demands := r.coverage.Demands()
	demanding := map[string]bool{} // conditions that fields make demands in
	for _, d := range demands {
		demanding[r.owner(d.Rule)] = true
	}
	for _, info := range r.set.Conditions() {
		points := []Outcome{Pass}
		validity := strings.HasPrefix(info.ID, "valid.")
		if !validity || len(info.Folded) > 0 || demanding[info.ID] {
			points = append(points, Fail)
		}
		if !validity && len(info.Demands) == 0 && r.sealed(info.Sections) {
			points = append(points, Unknown)
		}
		rule(info.ID, points...)
		for _, id := range info.Folded {
			rule(id, Pass, Fail)
		}
	}
	for _, d := range demands {
		c.Total++
		if d.Violated {
			c.Covered++
		} else if len(r.seen[r.owner(d.Rule)]) > 0 { // else it was said
			pos := r.position(d.Pos)
			c.Missing = append(c.Missing, Gap{At: place(pos), pos: pos, Where: d.Rule, What: "no violation of " + asWritten(d.Member) + " is expected"})
		}
	}
	for _, b := range r.coverage.Branches() {
		pos := r.position(b.Pos)
		subject := "what begins here"
		switch b.Whole {
		case "":
		case "&&", "||":
			subject = "this " + b.Whole
		default:
			subject = "this " + b.Whole + "()"
		}
		for _, way := range []struct {
			seen bool
			what string
		}{{b.True, subject + " is never true"}, {b.False, subject + " is never false"}} {
			c.Total++
			if way.seen {
				c.Covered++
			} else if !untested[b.Where] { // it was said
				c.Missing = append(c.Missing, Gap{At: place(pos), pos: pos, Where: b.Where, What: way.what, Source: b.Source, Column: b.Caret})
			}
		}
	}
	slices.SortStableFunc(c.Missing, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.pos.Column, b.pos.Column))
	})
	return c
}

// asWritten is a member of a field as templates write it: one key takes true, false or
// an expression, where the definition has two members.
func asWritten(member string) string { return strings.TrimSuffix(member, "_if") }

var verbs = map[Outcome]string{
	Pass:    "never expected to pass",
	Fail:    "never expected to fail",
	Unknown: "never expected to be unknown, and not every role can read what it reads",
}

// position finds a position of the definition in the template's file; where
// there is none it stays as it is.
func (r *runner) position(p rules.Position) rules.Position {
	if at := r.tpl.Position(p.File, p.Line, p.Column); at.Line > 0 {
		return at
	}
	return p
}

// sealed reports whether there is a role that cannot read one of the sections,
// or somebody else's instance of it, in some state.
func (r *runner) sealed(sections []string) bool {
	for _, role := range r.tpl.RoleNames() {
		for _, state := range r.tpl.StateNames() {
			for _, section := range sections {
				if !r.tpl.ReadsEach(role, section, state) {
					return true
				}
			}
		}
	}
	return false
}

// owner names the condition that finds the violations of a field's demand.
func (r *runner) owner(demand string) string {
	if id, ok := r.demanded[demand]; ok {
		return id
	}
	section, _, _ := strings.Cut(demand, ".")
	return "valid." + section
}
