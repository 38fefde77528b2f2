package template

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/fsm"
	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
)

// Template is a compiled template. It never changes, and is safe for
// concurrent use. What its methods return by pointer or slice is shared: read
// it, do not write on it.
type Template struct {
	def       Definition // as [Parse] would decode it from canonical
	canonical []byte
	digest    sign.Hash
	warnings  Problems
	source    *Source // of the text, if there was one

	rules     *rules.Set
	lifecycle *fsm.Lifecycle
	schemas   map[string]*section.Schema
	note      *section.Schema

	roles, sections, states, events, signatures, conditions map[string]int

	needs map[string][]*Condition // by event
}

// Canonical returns a copy of the canonical JSON, which travels with every
// tray. [Parse] accepts these bytes and no others for this template.
func (t *Template) Canonical() []byte { return append([]byte(nil), t.canonical...) }

// Digest is the SHA-256 of the canonical JSON, which every tray pins.
func (t *Template) Digest() sign.Hash { return t.digest }

// Definition returns a copy of the definition with everything filled in that
// was left to defaults. It has no Source.
func (t *Template) Definition() Definition {
	var d Definition
	// The error cannot happen: the bytes were made from a Definition.
	_ = json.Unmarshal(t.canonical, &d)
	return d
}

// Warnings are what is doubtful about a template that [Load] or [Compile]
// accepted. A template from [Parse] has none: its author has seen them.
func (t *Template) Warnings() Problems { return append(Problems(nil), t.warnings...) }

// Position finds where a path of the definition, such as
// "sections.products.fields.total.compute", stands in the file from which the
// template was loaded. Line and column, from 1, lead further into the text of
// an expression. It is zero for a template that was not loaded from a file.
func (t *Template) Position(path string, line, column int) rules.Position {
	pos, _ := t.source.inside(path, line, column)
	return pos
}

// Name is the template's name.
func (t *Template) Name() string { return t.def.Name }

// Title is the template's title, nil if it has none: see [rules.Text.In].
func (t *Template) Title() rules.Text { return t.def.Title }

// Version is the template's version.
func (t *Template) Version() int { return t.def.Version }

// Role returns a role, nil if there is none of that name.
func (t *Template) Role(name string) *Role { return lookup(t.def.Roles, t.roles, name) }

// Section returns a section, nil if there is none of that name.
func (t *Template) Section(name string) *Section { return lookup(t.def.Sections, t.sections, name) }

// State returns a state, nil if there is none of that name.
func (t *Template) State(name string) *State { return lookup(t.def.Lifecycle.States, t.states, name) }

// Event returns an event, nil if there is none of that name.
func (t *Template) Event(name string) *Event { return lookup(t.def.Lifecycle.Events, t.events, name) }

// Signature returns a signature, nil if there is none of that name.
func (t *Template) Signature(name string) *Signature {
	return lookup(t.def.Signatures, t.signatures, name)
}

// Rule returns the rule behind the id of a condition or violation, such as
// "rule.covered", nil if none is.
func (t *Template) Rule(id string) *Rule {
	i := slices.IndexFunc(t.def.Rules, func(r Rule) bool { return ruleID(r.ID) == id })
	if i < 0 {
		return nil
	}
	return &t.def.Rules[i]
}

// SignedByEach reports whether the condition of a signature is about its signers
// one by one: it reads a section of which each of them, and nobody else, has an
// instance of his own. Then whoever's own instance demands the signature must
// have given it, and the quorum does not count.
func (t *Template) SignedByEach(signature string) bool {
	sig, cond := t.Signature(signature), t.Condition(requiredID(signature))
	return sig != nil && cond != nil && slices.ContainsFunc(cond.Sections, func(name string) bool {
		return slices.Equal(t.Section(name).Per, []string{sig.By})
	})
}

// Condition returns a row of the table of conditions, nil if there is none of
// that id.
func (t *Template) Condition(id string) *Condition {
	return lookup(t.def.Conditions, t.conditions, id)
}

// Roles are the roles in order, shared: read only. So are the others below.
func (t *Template) Roles() []Role { return t.def.Roles }

// Sections are the sections in order.
func (t *Template) Sections() []Section { return t.def.Sections }

// States are the states of the lifecycle in order.
func (t *Template) States() []State { return t.def.Lifecycle.States }

// Signatures are the signatures in order.
func (t *Template) Signatures() []Signature { return t.def.Signatures }

// Conditions are the table of conditions: the sections' validity, what their
// fields demand of the revision before, the rules that stand for themselves,
// guards, and what makes signatures required.
func (t *Template) Conditions() []Condition { return t.def.Conditions }

// Needs are the conditions that an event needs, in the order of the table: the
// order in which a "fire" lists their outcomes.
func (t *Template) Needs(event string) []*Condition { return t.needs[event] }

// Notes are the roles that read notes besides their author; if there are none,
// the roles that manage his.
func (t *Template) Notes() []string { return t.def.Notes }

// Managers are the roles that manage a role, in order.
func (t *Template) Managers(role string) []string {
	var managers []string
	for i := range t.def.Roles {
		if slices.Contains(t.def.Roles[i].Manages, role) {
			managers = append(managers, t.def.Roles[i].Name)
		}
	}
	return managers
}

// Schema is the structure of a section's fields, nil if there is no such
// section.
func (t *Template) Schema(section string) *section.Schema { return t.schemas[section] }

// NoteSchema is the structure of notes and reasons: one field, "text".
func (t *Template) NoteSchema() *section.Schema { return t.note }

// Rules are the compiled conditions, under the ids of the table. Their facts
// are those that [Facts] declares.
func (t *Template) Rules() *rules.Set { return t.rules }

// With returns a template that evaluates with the functions and formats of an
// application, as far as its [Needs] name them. It is otherwise the same, with
// the same digest, and t stays as it is. The error is a *[rules.LibraryError],
// where the library is mistaken or a function of it is declared otherwise.
//
// Whoever has no library evaluates all other conditions, and of these is told
// what he lacks: [rules.Verdict.Lacks].
func (t *Template) With(l rules.Library) (*Template, error) {
	set, err := t.rules.With(l)
	if err != nil {
		return nil, err
	}
	with := *t
	with.rules = set
	return &with, nil
}

// Lifecycle is the checked graph of states and events.
func (t *Template) Lifecycle() *fsm.Lifecycle { return t.lifecycle }

func lookup[T any](list []T, index map[string]int, name string) *T {
	if i, ok := index[name]; ok {
		return &list[i]
	}
	return nil
}

// ReadBy reports whether a role reads the section in a state. Where [Self] reads,
// so does each role of Per, every participant its own instance; a role that is
// named reads all instances.
func (s *Section) ReadBy(role, state string) bool {
	if s.Public {
		return true
	}
	for _, r := range s.Read {
		if r.Role == role || r.Role == Self && slices.Contains(s.Per, role) {
			if len(r.In) == 0 || slices.Contains(r.In, state) {
				return true
			}
		}
	}
	return false
}

// WrittenBy reports whether a role is among the writers of the section: of
// every instance, or as [Self] of its own. Writing needs the state's leave,
// too: see [State.Edits].
func (s *Section) WrittenBy(role string) bool {
	return slices.Contains(s.Write, role) || slices.Contains(s.Write, Self) && slices.Contains(s.Per, role)
}

// Edits reports whether the state lets a role write a section of which it is a
// writer.
func (s *State) Edits(role, section string) bool {
	for _, e := range s.Edit {
		if e.Role == role && slices.Contains(e.Sections, section) {
			return true
		}
	}
	return false
}

// AtWrites reports whether the condition is due whenever a section that it reads
// is written, and not at events only: what fields and rules demand of the
// revision before. Everybody can evaluate it then, or the writer can.
func (c *Condition) AtWrites() bool {
	return c.Old && (strings.HasPrefix(c.ID, "change.") || strings.HasPrefix(c.ID, "rule."))
}
