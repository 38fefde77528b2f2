package rulestest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/internal/near"
)

// resolve finds the condition or the rule that a test names; field says that
// it is what a field demands, of which the section's validity tells, or its
// change.
func (r *runner) resolve(name string) (id string, field, ok bool) {
	for _, id := range []string{name, "rule." + name} {
		_, condition := r.infos[id]
		_, folded := r.folded[id]
		if condition || folded {
			return id, false, true
		}
	}
	if f, reason, ok := r.demand(name); ok && demands(f, reason) {
		return r.owner(name), true, true
	}
	return "", false, false
}

// demand finds the field of a name such as "products.lines[].price.bounds", whether
// or not it demands anything of the kind.
func (r *runner) demand(name string) (f rules.Field, reason string, ok bool) {
	cut := strings.LastIndexByte(name, '.')
	if cut < 0 || !slices.Contains(reasons, name[cut+1:]) {
		return f, "", false
	}
	section, path, _ := strings.Cut(name[:cut], ".")
	s, known := r.sections[section]
	if !known || !hasField(s.Fields, path) {
		return f, "", false
	}
	return fieldAt(s.Fields, path), name[cut+1:], true
}

var reasons = []string{
	rules.ReasonRequired, rules.ReasonFormat, rules.ReasonBounds, rules.ReasonChoice, rules.ReasonCurrency,
	rules.ReasonCheck, rules.ReasonComputed, rules.ReasonInapplicable,
}

// demands reports whether a field declares anything that a violation could be of.
// An expectation of another would pass whatever the value is.
func demands(f rules.Field, reason string) bool {
	switch reason {
	case rules.ReasonRequired:
		return f.Required || f.RequiredIf != ""
	case rules.ReasonFormat:
		return f.Format != ""
	case rules.ReasonBounds:
		return f.Min != "" || f.Max != "" // texts and lists have a Max by default
	case rules.ReasonChoice:
		return len(f.Choices) > 0
	case rules.ReasonCurrency:
		return len(f.Currencies) > 0
	case rules.ReasonCheck:
		return f.Check != ""
	case rules.ReasonComputed:
		return f.Compute != ""
	}
	return f.When != ""
}

// hasField reports whether there is a field at a static path: "lines[].price".
func hasField(fields []rules.Field, path string) bool {
	step, rest, deeper := strings.Cut(path, ".")
	name, items := strings.CutSuffix(step, "[]")
	i := slices.IndexFunc(fields, func(f rules.Field) bool { return f.Name == name })
	if i < 0 || items && fields[i].Of == nil {
		return false
	}
	f := fields[i]
	if items {
		f = *f.Of
	}
	return !deeper || hasField(f.Fields, rest)
}

// noRule says that a name is of no rule, and of nothing that a field demands.
func (r *runner) noRule(name string) string {
	if f, reason, ok := r.demand(name); ok {
		path := strings.TrimSuffix(name, reason)
		var has []string
		for _, other := range reasons {
			if demands(f, other) {
				has = append(has, path+other)
			}
		}
		return fmt.Sprintf("the field declares nothing that %q could be said of%s", reason, known("", has))
	}
	kind, _, _ := strings.Cut(name, ".")
	var all, same, others []string
	for _, info := range r.set.Conditions() {
		for _, id := range append([]string{info.ID}, info.Folded...) {
			all = append(all, id)
			if strings.HasPrefix(id, kind+".") {
				same = append(same, id)
			}
			if short, ok := strings.CutPrefix(id, "rule."); ok {
				others = append(others, short)
			}
		}
	}
	for _, d := range r.coverage.Demands() {
		others = append(others, d.Rule)
	}
	const none = "there is no such rule"
	if meant := near.Name(name, slices.Concat(all, others)); meant != "" {
		return none + known(name, []string{meant})
	}
	if len(same) > 0 {
		return none + known(name, same)
	}
	return none + known(name, all)
}
