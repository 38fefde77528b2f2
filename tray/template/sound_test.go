package template

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func (m *small) reads(role, section, state int) bool {
	s := m.sections[section]
	return s.public || s.read[role] != nil && s.read[role][state]
}

func (m *small) writes(role, section, state int) bool {
	return m.sections[section].write[role] && m.edit[state][role][section]
}

func (m *small) writable(section, state int) bool {
	for role := range m.roles {
		if m.writes(role, section, state) {
			return true
		}
	}
	return false
}

// walk calls visit for each state that a tray can be in and each memory that it can
// have of how it came there; live gives what may happen to the memory in a state.
func (m *small) walk(start []int, live func(state int, memory uint) []uint, visit func(state int, memory uint)) {
	type at struct {
		state  int
		memory uint
	}
	seen := map[at]bool{}
	var queue []at
	enter := func(state int, memory uint) {
		for _, after := range append(live(state, memory), memory) {
			if a := (at{state, after}); !seen[a] {
				seen[a] = true
				queue = append(queue, a)
			}
		}
	}
	for _, state := range start {
		enter(state, 0)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		a := queue[0]
		visit(a.state, a.memory)
		enter(a.state, a.memory)
		for _, e := range m.events {
			if slices.Contains(e.from, a.state) {
				enter(e.to, a.memory)
			}
		}
	}
}

// passed reports whether a tray can have been in a state of some kind when it is in state.
func (m *small) passed(state int, kind func(state int) bool) (found bool) {
	m.walk([]int{0}, func(at int, memory uint) []uint {
		if kind(at) {
			return []uint{1}
		}
		return nil
	}, func(at int, memory uint) { found = found || at == state && memory == 1 })
	return found
}

// holds reports whether somebody in a role can have in his hands what a section
// holds, when a tray is in a state; and it was written, if it can have been.
func (m *small) holds(role, section, state int) (found bool) {
	const written, held = 1, 2
	want := uint(held)
	if m.passed(state, func(at int) bool { return m.writable(section, at) }) {
		want |= written
	}
	m.walk([]int{0}, func(at int, memory uint) (after []uint) {
		if m.reads(role, section, at) {
			after = append(after, memory|held)
		}
		if m.writable(section, at) { // and read, or it is new to him
			after = append(after, (memory|written)&^held)
		}
		return after
	}, func(at int, memory uint) { found = found || at == state && memory&want == want })
	return found
}

// told is what the template must be refused for, and else warned of.
func (m *small) told() (errors, warnings []string) {
	opaque := func(sections []int) (out []int) {
		for _, s := range sections {
			if !m.sections[s].public {
				out = append(out, s)
			}
		}
		return out
	}
	readsAll := func(role int, sections []int) bool {
		return slices.ContainsFunc(upTo(m.states), func(state int) bool {
			return !slices.ContainsFunc(sections, func(s int) bool { return !m.reads(role, s, state) })
		})
	}
	condition := func(id string, r smallRule) {
		sections := opaque(r.sections)
		if len(sections) == 0 {
			return
		}
		attest := r.attest
		if attest == nil {
			attest = slices.DeleteFunc(upTo(m.roles), func(role int) bool { return !readsAll(role, sections) })
		}
		for _, role := range r.attest {
			if !readsAll(role, sections) {
				errors = append(errors, fmt.Sprintf("r%d cannot attest %s", role, id))
			}
		}
		writer := len(sections) == 1 && r.attest == nil && (!r.fact || r.old)
		if len(attest) == 0 && !writer {
			errors = append(errors, "nobody can evaluate "+id)
			return
		}
		for _, e := range r.at {
			event := m.events[e]
			stuck := false
			for _, from := range event.from {
				holds := func(role int) bool {
					return !slices.ContainsFunc(sections, func(s int) bool { return !m.holds(role, s, from) })
				}
				by, able := attest, holds
				if r.fact {
					by = event.by
					able = func(role int) bool {
						return slices.Contains(attest, role) && holds(role) || writer && m.writes(role, sections[0], from)
					}
				} else if writer && m.passed(from, func(at int) bool { return m.writable(sections[0], at) }) {
					continue
				}
				if stuck = !slices.ContainsFunc(by, able); stuck {
					errors = append(errors, fmt.Sprintf("nobody attests %s at e%d in z%d", id, e, from))
					break
				}
			}
			if stuck {
				continue
			}
			if r.attest == nil {
				if from := m.aloneFrom(event, sections, writer, r.fact); from >= 0 {
					warnings = append(warnings, fmt.Sprintf("alone %s: e%d in z%d", id, e, from))
				}
			}
			if r.fact || writer {
				continue
			}
			if late := m.late(sections, attest, event.from); late != "" {
				warnings = append(warnings, fmt.Sprintf("late %s: %s e%d", late, id, e))
			}
		}
	}
	for s := range m.sections {
		r := smallRule{sections: []int{s}}
		for e := range m.events {
			if slices.Contains(m.events[e].valid, s) {
				r.at = append(r.at, e)
				for _, from := range m.events[e].from {
					if m.sections[s].required && m.anyWrites(s) && !m.passed(from, func(at int) bool { return m.writable(s, at) }) {
						errors = append(errors, fmt.Sprintf("s%d is not written at e%d in z%d", s, e, from))
					}
				}
			}
		}
		if m.sections[s].required && !m.anyWrites(s) {
			errors = append(errors, fmt.Sprintf("nobody writes s%d", s))
		}
		condition(fmt.Sprintf("valid.s%d", s), r)
	}
	for i, r := range m.rules {
		condition(fmt.Sprintf("rule.x%d", i), r)
	}
	for e, event := range m.events {
		for _, from := range event.from {
			if !event.signed {
				continue
			}
			if !m.passed(from, func(at int) bool {
				return !slices.ContainsFunc(m.covers, func(s int) bool { return !m.reads(0, s, at) })
			}) {
				errors = append(errors, fmt.Sprintf("nobody signs at e%d in z%d", e, from))
			}
			for role := 1; role < m.roles; role++ {
				for _, s := range m.covers {
					if m.writes(role, s, from) {
						errors = append(errors, fmt.Sprintf("r%d changes s%d at e%d", role, s, e))
					}
				}
			}
		}
	}
	slices.Sort(errors)
	slices.Sort(warnings)
	return errors, warnings
}

// aloneFrom finds the first state that an event leads from where nobody can say how
// a condition over some sections comes out but who fires it; -1 if there is none.
func (m *small) aloneFrom(e smallEvent, sections []int, writer, fact bool) int {
	for _, from := range e.from {
		says := func(role int) bool {
			if !slices.ContainsFunc(sections, func(s int) bool { return !m.holds(role, s, from) }) &&
				slices.ContainsFunc(upTo(m.states), func(state int) bool {
					return !slices.ContainsFunc(sections, func(s int) bool { return !m.reads(role, s, state) })
				}) {
				return true
			}
			writes := func(at int) bool { return m.writes(role, sections[0], at) }
			return writer && (fact && writes(from) || !fact && m.passed(from, writes))
		}
		who := slices.DeleteFunc(upTo(m.roles), func(role int) bool { return !says(role) })
		if !slices.ContainsFunc(who, func(role int) bool { return !slices.Contains(e.by, role) }) {
			return from
		}
	}
	return -1
}

func (m *small) anyWrites(s int) bool {
	return slices.ContainsFunc(upTo(m.states), func(state int) bool { return m.writable(s, state) })
}

// late finds a section that can be written where none of some roles reads it in that
// state, nor in any that leads from there to where an event is fired.
func (m *small) late(sections, roles, from []int) string {
	for _, to := range from {
		for _, s := range sections {
			for written := range m.states {
				if !m.writable(s, written) || !m.passed(to, func(at int) bool { return at == written }) {
					continue
				}
				arrives, read := false, false
				m.walk([]int{written}, func(at int, memory uint) []uint {
					if slices.ContainsFunc(roles, func(role int) bool { return m.reads(role, s, at) }) {
						return []uint{1}
					}
					return nil
				}, func(at int, memory uint) { arrives = arrives || at == to; read = read || at == to && memory == 1 })
				if arrives && !read {
					return fmt.Sprintf("s%d in z%d for z%d", s, written, to)
				}
			}
		}
	}
	return ""
}

// findings turns what was said into the oracle's words; of what it has none for, it
// gives the text.
func findings(problems Problems) (found []string) {
	words := []struct{ said, as string }{
		{`^(\w+) cannot attest (\S+):`, "$1 cannot attest $2"},
		{`^nobody can evaluate (\S+):`, "nobody can evaluate $1"},
		{`^nobody can have attested (\S+) when (\w+) needs it in state (\w+):`, "nobody attests $1 at $2 in $3"},
		{`^(\S+) reads .* and nobody who fires (\w+) in state (\w+) can attest it`, "nobody attests $1 at $2 in $3"},
		{`^(\w+) must sign for (\w+), and in state (\w+) cannot`, "nobody signs at $2 in $3"},
		{`^(\w+) may change (\w+) while r0 signs it for (\w+) `, "$1 changes $2 at $3"},
		{`^whether (\S+) holds when (\w+) needs it in state (\w+) is said by .* alone`, "alone $1: $2 in $3"},
		{`^once (\w+) is written in state (\w+), nobody can attest (\S+) any more when (\w+) needs it in state (\w+)`, "late $1 in $2 for $5: $3 $4"},
	}
	for _, p := range problems {
		text := p.Message
		section, _ := strings.CutPrefix(p.Path, "sections.")
		switch {
		case text == "nobody may write this section in any state":
			text = "nobody writes " + section
		case strings.Contains(text, "nobody can have written it yet"):
			text = regexp.MustCompile(`^(\w+) has required fields, and in state (\w+) .*`).ReplaceAllString(text, "$1 is not written at EVENT in $2")
			text = strings.Replace(text, "EVENT", strings.Split(p.Path, ".")[2], 1)
		}
		for _, w := range words {
			if m := regexp.MustCompile(w.said); m.MatchString(text) {
				text = string(m.ExpandString(nil, w.as, text, m.FindStringSubmatchIndex(text)))
				break
			}
		}
		found = append(found, text)
	}
	slices.Sort(found)
	return found
}

// Who can attest, sign and write by the state of a tray is what one finds who walks
// through all that can happen to it.
func TestSoundnessIsWhatHappens(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	templates, refused, doubted, said := 1500, 0, map[string]int{}, 0
	for range templates {
		m := newSmall(random)
		text := m.text()
		errors, warnings := m.told()
		tpl, err := loadText(text)
		problems, _ := err.(Problems)
		if got := findings(problems); !slices.Equal(got, errors) {
			t.Fatalf("refused for\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(errors, "\n"), text)
		}
		said += len(errors)
		if err != nil {
			refused++
			continue
		}
		told := slices.DeleteFunc(findings(tpl.Warnings()), func(s string) bool {
			return !strings.HasPrefix(s, "late ") && !strings.HasPrefix(s, "alone ")
		})
		if !slices.Equal(told, warnings) {
			t.Fatalf("warned of\n%s\nwant\n%s\n%s", strings.Join(told, "\n"), strings.Join(warnings, "\n"), text)
		}
		for _, s := range told {
			kind, _, _ := strings.Cut(s, " ")
			doubted[kind]++
		}
	}
	t.Logf("%d templates: %d refused, for %d findings; the others doubted for %v", templates, refused, said, doubted)
	if refused < templates/10 || templates-refused < templates/10 || doubted["late"] < 10 || doubted["alone"] < 10 {
		t.Error("too few of a kind to show anything")
	}
}
