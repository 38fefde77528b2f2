package rulestest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"go.yaml.in/yaml/v3"
)

// A mention is a name in a test file of something that must be elsewhere: in the
// template, or among the fixtures. A file that names what there is not is not
// run: all of it is told at once, each where it stands.
type mention struct {
	kind mentioned
	name string // of a field, its path
	pos  rules.Position
}

type mentioned int

const (
	aFixture mentioned = iota
	aSection
	aField
	aFact
	aRole
	aState
	aRule
	aLanguage
	aPlace     // of a violation
	aViolation // among those of a section
	aReading   // a section, or what it was before
	anAbsence  // a field, what it was before, or a fact
	aNeed      // a function or a format
)

func (r *reader) mention(kind mentioned, name string, n *yaml.Node) {
	r.mentions = append(r.mentions, mention{kind, name, r.pos(n)})
}

// naming reads a text that names something.
func (r *reader) naming(kind mentioned, into *string) func(n *yaml.Node) {
	return func(n *yaml.Node) {
		if r.text(into)(n); *into != "" {
			r.mention(kind, *into, n)
		}
	}
}

// namings reads a list of texts that name something; an empty one is not nil.
func (r *reader) namings(kind mentioned, into *[]string) func(n *yaml.Node) {
	return func(n *yaml.Node) {
		*into = []string{}
		r.items(n, func(n *yaml.Node) {
			var name string
			r.naming(kind, &name)(n)
			*into = append(*into, name)
		})
	}
}

// keys mentions the keys of a mapping and, if they are of fields, those inside.
func (r *reader) keys(kind mentioned, n *yaml.Node) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		r.mention(kind, n.Content[i].Value, n.Content[i])
		if kind == aField {
			r.fields(n.Content[i].Value, n.Content[i+1])
		}
	}
}

// fields mentions the fields of a value at a path.
func (r *reader) fields(path string, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			at := path + "." + n.Content[i].Value
			r.mention(aField, at, n.Content[i])
			r.fields(at, n.Content[i+1])
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			r.fields(fmt.Sprintf("%s[%d]", path, i), item)
		}
	}
}

// mistakes are the names of a suite that are of nothing. Of a field
// that there is not, what is in it is not told.
func (r *runner) mistakes(s *Suite) Mistakes {
	var found Mistakes
	lost := map[string]bool{}
	for _, m := range s.mentions {
		if m.kind == aField && slices.ContainsFunc(parents(m.name), func(p string) bool { return lost[p] }) {
			lost[m.name] = true
			continue
		}
		if message := r.mistaken(s, m); message != "" {
			if len(found) == maxMistakes {
				return append(found, Mistake{m.pos, "more than " + strconv.Itoa(maxMistakes) + " names of nothing"})
			}
			lost[m.name] = m.kind == aField || lost[m.name]
			found = append(found, Mistake{m.pos, message})
		}
	}
	return found
}

// parents are the paths of what a field is in, below the section.
func parents(path string) []string {
	var out []string
	for i := range path {
		if path[i] == '.' || path[i] == '[' {
			out = append(out, path[:i])
		}
	}
	return out
}

// mistaken says that there is nothing of a name.
func (r *runner) mistaken(s *Suite, m mention) string {
	none := func(what string, names []string) string {
		if slices.Contains(names, m.name) {
			return ""
		}
		return fmt.Sprintf("there is no %s %q%s", what, m.name, known(m.name, names))
	}
	switch m.kind {
	case aFixture:
		return none("fixture", slices.Sorted(maps.Keys(s.Fixtures)))
	case aSection:
		return none("section", slices.Sorted(maps.Keys(r.sections)))
	case aFact:
		return none("fact", slices.Sorted(maps.Keys(r.factTypes)))
	case aRole:
		return none("role", r.tpl.RoleNames())
	case aState:
		if states := r.tpl.StateNames(); len(states) > 0 {
			return none("state", states)
		}
	case aRule:
		if _, _, ok := r.resolve(m.name); !ok {
			return m.name + ": " + r.noRule(m.name)
		}
	case aViolation:
		switch id, field, ok := r.resolve(m.name); {
		case !ok:
			return m.name + ": " + r.noRule(m.name)
		case !field && id != m.name:
			return fmt.Sprintf("%s: a violation has the whole name; did you mean %q?", m.name, id)
		}
	case aReading:
		m.name = strings.TrimPrefix(m.name, "old.")
		return none("section", slices.Sorted(maps.Keys(r.sections)))
	case anAbsence:
		first, _, _ := strings.Cut(m.name, ".")
		if _, ok := r.factTypes[first]; !ok {
			return r.noField(strings.ReplaceAll(strings.TrimPrefix(m.name, "old."), "[]", "[0]"))
		}
	case aNeed:
		return none("function or format of the application", r.needs())
	case aLanguage:
		base, _, _ := strings.Cut(m.name, "-")
		if langs := r.languages(); !slices.Contains(langs, m.name) && !slices.Contains(langs, base) {
			return fmt.Sprintf("no message of the template is in %q%s", m.name, known(m.name, langs))
		}
	case aField, aPlace:
		return r.noField(m.name)
	}
	return ""
}

var itemIndex = regexp.MustCompile(`\[\d+\]`)

// noField says that there is no field at a path.
func (r *runner) noField(path string) string {
	if _, err := steps(path); err != nil {
		return err.Error()
	}
	section, rest, deeper := strings.Cut(itemIndex.ReplaceAllString(path, "[]"), ".")
	s, ok := r.sections[section]
	if !ok {
		return fmt.Sprintf("there is no section %q%s", section, known(section, slices.Sorted(maps.Keys(r.sections))))
	}
	at, fields := section, s.Fields
	for deeper {
		var step string
		step, rest, deeper = strings.Cut(rest, ".")
		name := strings.ReplaceAll(step, "[]", "")
		i := slices.IndexFunc(fields, func(f rules.Field) bool { return f.Name == name })
		if i < 0 {
			names := make([]string, len(fields))
			for i := range fields {
				names[i] = fields[i].Name
			}
			return fmt.Sprintf("there is no field %s.%s%s", at, name, known(name, names))
		}
		at += "." + step
		f := fields[i]
		if strings.HasSuffix(step, "[]") && f.Of != nil {
			f = *f.Of
		}
		fields = f.Fields
	}
	return ""
}

// needs are the functions and formats that the template needs of the application.
func (r *runner) needs() []string {
	var names []string
	def := r.set.Definition()
	for _, f := range def.Functions {
		names = append(names, f.Name)
	}
	for _, f := range def.Formats {
		names = append(names, f.Name)
	}
	return names
}

// languages are those that messages are in: of the template, and of package rules.
func (r *runner) languages() []string {
	langs := map[string]bool{"en": true, "it": true}
	add := func(t rules.Text) {
		for lang := range t {
			langs[lang] = true
		}
	}
	var fields func([]rules.Field)
	fields = func(list []rules.Field) {
		for _, f := range list {
			add(f.Title)
			add(f.Message)
			fields(f.Fields)
			if f.Of != nil {
				fields([]rules.Field{*f.Of})
			}
		}
	}
	def := r.set.Definition()
	for _, s := range def.Sections {
		add(s.Title)
		fields(s.Fields)
	}
	for _, rule := range def.Rules {
		add(rule.Message)
	}
	return slices.Sorted(maps.Keys(langs))
}
