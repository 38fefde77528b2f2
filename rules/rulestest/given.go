package rulestest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"go.yaml.in/yaml/v3"
)

// A given is a value that a test file gives to a field or a fact. One that is not
// of its type could only make every case fail that has it, so it is told once,
// where it stands, and the file is not run.
type given struct {
	fact  bool
	path  string // "products.lines[1].price"; or the fact
	value any
	at    map[string]rules.Position // of it and of what is in it, by path from the first items on
}

// give notes the value of a field.
func (r *reader) give(path string, n *yaml.Node) {
	path = itemIndex.ReplaceAllString(path, "[0]")
	g := given{path: path, value: r.value(n), at: map[string]rules.Position{}}
	r.places(g.at, path, n)
	r.given = append(r.given, g)
}

// giveFields notes those of a section.
func (r *reader) giveFields(section string, n *yaml.Node) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		r.give(section+"."+n.Content[i].Value, n.Content[i+1])
	}
}

// giveFacts notes the values of facts.
func (r *reader) giveFacts(n *yaml.Node) {
	before := len(r.given)
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		r.give(n.Content[i].Value, n.Content[i+1])
	}
	for i := range r.given[before:] {
		r.given[before+i].fact = true
	}
}

func (r *reader) places(at map[string]rules.Position, path string, n *yaml.Node) {
	at[path] = r.pos(n)
	for i, item := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			r.places(at, fmt.Sprintf("%s[%d]", path, i), item)
		case n.Kind == yaml.MappingNode && i%2 == 1:
			r.places(at, path+"."+n.Content[i-1].Value, item)
		}
	}
}

// wrongValues are the values of a suite that are not of their type, or are no
// choice and probably meant to be one.
func (r *runner) wrongValues(s *Suite) (found Mistakes) {
	for _, g := range s.given {
		for whole := true; len(found) <= maxMistakes; whole = false {
			err := r.wrong(g)
			if f, ok := r.field(g.path); err == nil && ok && !g.fact && whole {
				found = append(found, r.mistyped(s, g, g.path, f, g.value)...)
			}
			if err == nil {
				break
			}
			pos, inside := g.at[g.path], g.path
			var value *rules.ValueError
			if errors.As(err, &value) {
				if inner, ok := g.at[value.Path]; ok {
					pos, inside = inner, value.Path
				}
			}
			found = append(found, Mistake{pos, err.Error()})
			if !g.without(inside) {
				break
			}
		}
	}
	return found
}

// without takes a field out of the value, to see what else is wrong with it. It
// reports false if there is none to take out.
func (g *given) without(path string) bool {
	way, err := steps(path)
	outer, _ := steps(g.path)
	if err != nil || len(way) <= len(outer) {
		return false
	}
	if _, item := way[len(way)-1].(int); item {
		return false // the others would move
	}
	g.value, err = changed(clone(g.value), way[len(outer):], nil, path)
	return err == nil
}

// wrong says how a value is not of its type. Of a field that there is not, nothing
// is said here.
func (r *runner) wrong(g given) error {
	in := r.set.Input()
	if g.fact {
		def, ok := r.factTypes[g.path]
		if !ok || g.value == nil {
			return nil
		}
		return in.Fact(g.path, canonical(def, g.value))
	}
	way, err := steps(g.path)
	if err != nil || r.noField(g.path) != "" || g.value == nil || len(way) < 2 {
		return nil
	}
	section := way[0].(string)
	content, err := changed(map[string]any{}, way[1:], clone(g.value), g.path)
	if err != nil {
		return nil
	}
	fields := r.sections[section].Fields
	if undefined(fields, content, section) != nil {
		return nil
	}
	values, _ := canonical(rules.Field{Kind: rules.KindRecord, Fields: fields}, content).(map[string]any)
	return in.Section(section, values)
}

// field finds the field at a path.
func (r *runner) field(path string) (rules.Field, bool) {
	section, rest, deeper := strings.Cut(itemIndex.ReplaceAllString(path, "[]"), ".")
	s, ok := r.sections[section]
	if !ok || !deeper || !hasField(s.Fields, rest) {
		return rules.Field{}, false
	}
	return fieldAt(s.Fields, rest), true
}

// mistyped finds values that are no choice of their field. Where a test names what
// the choice demands, they are meant.
func (r *runner) mistyped(s *Suite, g given, path string, f rules.Field, v any) (found Mistakes) {
	switch v := v.(type) {
	case string:
		names := make([]string, len(f.Choices))
		for i, c := range f.Choices {
			names[i] = c.Name
		}
		demand := itemIndex.ReplaceAllString(path, "[]") + "." + rules.ReasonChoice
		if len(names) == 0 || slices.Contains(names, v) || slices.ContainsFunc(s.mentions, func(m mention) bool { return m.name == demand }) {
			return nil
		}
		return Mistakes{{g.at[path], fmt.Sprintf("%s has no choice %q%s (a test that means it expects %s)", path, v, known(v, names), demand)}}
	case []any:
		for i := range v {
			if f.Of != nil {
				found = append(found, r.mistyped(s, g, fmt.Sprintf("%s[%d]", path, i), *f.Of, v[i])...)
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if i := slices.IndexFunc(f.Fields, func(f rules.Field) bool { return f.Name == name }); i >= 0 {
				found = append(found, r.mistyped(s, g, path+"."+name, f.Fields[i], v[name])...)
			}
		}
	}
	return found
}
