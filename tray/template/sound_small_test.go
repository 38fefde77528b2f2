package template

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A small is a template of few roles, states and sections, of which everything is
// asked by walking through all that a tray can go through.
type small struct {
	roles, states int // the last state is final
	sections      []smallSection
	edit          [][][]bool // by state, role and section
	events        []smallEvent
	rules         []smallRule
	covers        []int // of the one signature, by role 0
}

type smallSection struct {
	public, required bool
	read             [][]bool // by role and state; nil for none
	write            []bool   // by role
}

type smallEvent struct {
	from, by []int
	to       int
	valid    []int
	signed   bool
}

type smallRule struct {
	sections, at, attest []int // attest is nil where the template does not say
	fact, old            bool
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// newSmall makes a template of which every state is reached, and reaches the final one.
func newSmall(r *rand.Rand) *small {
	m := &small{roles: 2 + r.IntN(2), states: 3 + r.IntN(3)}
	calm := r.IntN(3) > 0 // with less that can be wrong, so that some are not refused
	rarely := func(n int) bool { return r.IntN(n) == 0 && (!calm || r.IntN(4) == 0) }
	some := func(n, of int) []int { // of n, each of which is in it one time of so many
		return slices.DeleteFunc(upTo(n), func(int) bool { return r.IntN(of) > 0 })
	}
	last := m.states - 1
	for range 2 + r.IntN(2) {
		s := smallSection{public: r.IntN(10) == 0, required: rarely(3), read: make([][]bool, m.roles), write: make([]bool, m.roles)}
		for role := range m.roles {
			if r.IntN(4) > 0 {
				s.read[role] = make([]bool, m.states)
				for _, state := range append(some(m.states, 3), r.IntN(m.states)) {
					s.read[role][state] = true
				}
			}
			s.write[role] = !rarely(2)
		}
		if s.write[r.IntN(m.roles)] = true; !slices.ContainsFunc(s.read, func(in []bool) bool { return in != nil }) {
			s.read[0] = make([]bool, m.states)
			s.read[0][r.IntN(m.states)] = true
		}
		m.sections = append(m.sections, s)
	}
	if calm { // one that is signed
		own := smallSection{read: make([][]bool, m.roles), write: make([]bool, m.roles)}
		own.read[0], own.write[0] = slices.Repeat([]bool{true}, m.states), true
		m.sections = append(m.sections, own)
	}
	for state := range m.states {
		m.edit = append(m.edit, make([][]bool, m.roles))
		for role := range m.roles {
			m.edit[state][role] = make([]bool, len(m.sections))
			for s := range m.sections {
				m.edit[state][role][s] = state != last && m.sections[s].write[role] && r.IntN(3) == 0
			}
		}
	}
	event := func(from []int, to int) {
		e := smallEvent{from: from, to: to, by: append(some(m.roles-1, 3), m.roles-1), signed: rarely(4)}
		if rarely(2) {
			e.valid = some(len(m.sections), 2)
		}
		m.events = append(m.events, e)
	}
	for state := 1; state < m.states; state++ {
		event([]int{r.IntN(state)}, state) // from one before it
	}
	event(upTo(last), last)
	for range r.IntN(3) {
		if from := r.IntN(last); from > 0 {
			event([]int{from}, r.IntN(from)) // back
		}
	}
	m.covers = []int{len(m.sections) - 1}
	if !calm {
		m.covers = append(some(len(m.sections)-1, 2), m.covers...)
	}
	if !slices.ContainsFunc(m.events, func(e smallEvent) bool { return e.signed }) {
		m.events[0].signed = true
	}
	for range 1 + r.IntN(3) {
		if calm && len(m.rules) > 0 {
			break
		}
		rule := smallRule{old: r.IntN(6) == 0, sections: append(some(len(m.sections)-1, 2), r.IntN(len(m.sections))), at: []int{r.IntN(len(m.events))}, fact: r.IntN(4) == 0}
		if !calm {
			rule.at = append(some(len(m.events)-1, 4), len(m.events)-1)
		}
		if rule.old {
			rule.sections = rule.sections[:1]
		}
		opaque := func(s int) bool { return !m.sections[s].public }
		slices.Sort(rule.sections)
		rule.sections = slices.Compact(rule.sections)
		if r.IntN(3) == 0 && !rule.old && slices.ContainsFunc(rule.sections, opaque) {
			rule.attest = append(some(m.roles-1, 3), m.roles-1)
		}
		m.rules = append(m.rules, rule)
	}
	return m
}

// text writes the template as YAML.
func (m *small) text() string {
	names := func(letter string, numbers []int) string {
		out := make([]string, len(numbers))
		for i, n := range numbers {
			out[i] = fmt.Sprint(letter, n)
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	where := func(n int, is func(int) bool) []int {
		return slices.DeleteFunc(upTo(n), func(i int) bool { return !is(i) })
	}
	var b strings.Builder
	fmt.Fprintf(&b, "template: small\nversion: 1\nroles:\n")
	for role := range m.roles {
		fmt.Fprintf(&b, "  r%d: {manages: %s}\n", role, names("r", upTo(m.roles)))
	}
	b.WriteString("sections:\n")
	for i, s := range m.sections {
		fmt.Fprintf(&b, "  s%d: {", i)
		if s.public {
			b.WriteString("public: true, ")
		} else {
			var readers []string
			for role, in := range s.read {
				if in != nil {
					readers = append(readers, fmt.Sprintf("{role: r%d, in: %s}", role, names("z", where(m.states, func(state int) bool { return in[state] }))))
				}
			}
			fmt.Fprintf(&b, "read: [%s], ", strings.Join(readers, ", "))
		}
		fmt.Fprintf(&b, "write: %s, fields: {a: {type: integer, required: %v}}}\n", names("r", where(m.roles, func(role int) bool { return s.write[role] })), s.required)
	}
	b.WriteString("rules:\n")
	for i, r := range m.rules {
		expr := "1 < " + strings.TrimSuffix(strings.Trim(strings.ReplaceAll(names("s", r.sections), ", ", ".a + "), "[]"), "") + ".a"
		if r.old {
			expr = fmt.Sprintf("old.s%d.a < s%d.a", r.sections[0], r.sections[0])
		}
		if r.fact {
			expr += " && state.size() > 0"
		}
		fmt.Fprintf(&b, "  x%d: {rule: \"%s\", message: no, at: %s", i, expr, names("e", r.at))
		if r.attest != nil {
			fmt.Fprintf(&b, ", attest: %s", names("r", r.attest))
		}
		b.WriteString("}\n")
	}
	fmt.Fprintf(&b, "signatures:\n  g: {by: r0, covers: %s, declare: yes, quorum: one}\n", names("s", m.covers))
	b.WriteString("lifecycle:\n  initial: z0\n  states:\n")
	for state := range m.states {
		var edits []string
		for role := range m.roles {
			if in := where(len(m.sections), func(s int) bool { return m.edit[state][role][s] }); len(in) > 0 {
				edits = append(edits, fmt.Sprintf("r%d: %s", role, names("s", in)))
			}
		}
		switch {
		case state == m.states-1:
			fmt.Fprintf(&b, "    z%d: {final: true}\n", state)
		default:
			fmt.Fprintf(&b, "    z%d: {edit: {%s}}\n", state, strings.Join(edits, ", "))
		}
	}
	b.WriteString("  events:\n")
	for i, e := range m.events {
		fmt.Fprintf(&b, "    e%d: {from: %s, to: z%d, by: %s", i, names("z", e.from), e.to, names("r", e.by))
		if len(e.valid) > 0 {
			fmt.Fprintf(&b, ", valid: %s", names("s", e.valid))
		}
		if e.signed {
			b.WriteString(", signed: [g]")
		}
		b.WriteString("}\n")
	}
	return b.String()
}
