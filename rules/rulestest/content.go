package rulestest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/internal/near"
)

// input fills in what a case evaluates over.
func (r *runner) input(s *Suite, c *Case) (*rules.Input, error) {
	in := r.set.Input()
	in.Observe(r.coverage)
	now, err := r.contents(s, c.From, c.Set, in.Section)
	if err != nil {
		return nil, err
	}
	before := Content{}
	if c.Old != "" {
		if before, err = r.contents(s, c.Old, nil, in.Old); err != nil {
			return nil, fmt.Errorf("before: %w", err)
		}
	}
	if err := r.facts(s, c, in); err != nil {
		return nil, err
	}
	return in, r.hide(c, in, before, now)
}

// contents gives the sections of a fixture, as they are after changes, to an
// input.
func (r *runner) contents(s *Suite, from string, set map[string]any, give func(string, map[string]any) error) (Content, error) {
	content := Content{}
	if from != "" {
		fixture, ok := s.Fixtures[from]
		if !ok {
			return nil, fmt.Errorf("there is no fixture %q%s", from, known(from, slices.Sorted(maps.Keys(s.Fixtures))))
		}
		for name, fields := range fixture {
			content[name], _ = clone(fields).(map[string]any)
		}
	}
	// By path, so that an item is added before the next one; what is taken away
	// goes last and from the end, so that indexes mean the items that there were.
	paths := slices.SortedFunc(maps.Keys(set), comparePaths)
	slices.SortStableFunc(paths, func(a, b string) int {
		switch {
		case set[a] == nil && set[b] == nil:
			return comparePaths(b, a)
		case set[a] == nil:
			return 1
		case set[b] == nil:
			return -1
		}
		return 0
	})
	for _, path := range paths {
		if err := change(content, path, set[path]); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(content)) {
		def, ok := r.sections[name]
		if !ok {
			return nil, fmt.Errorf("there is no section %q%s", name, known(name, slices.Sorted(maps.Keys(r.sections))))
		}
		if err := undefined(def.Fields, content[name], name); err != nil {
			return nil, err
		}
		given, _ := canonical(rules.Field{Kind: rules.KindRecord, Fields: def.Fields}, content[name]).(map[string]any)
		computed, err := r.set.Compute(name, given)
		if err != nil && !errors.As(err, new(*rules.ComputeError)) { // what breaks is for the verdict
			return nil, err
		}
		content[name], _ = overlay(computed, given).(map[string]any)
		if err := give(name, content[name]); err != nil {
			return nil, err
		}
	}
	return content, nil
}

// undefined finds a field that the definition does not have, which package
// rules refuses without naming it.
func undefined(fields []rules.Field, v any, path string) error {
	values, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i := slices.Index(names, name)
		if i < 0 {
			return fmt.Errorf("there is no field %s.%s%s", path, name, known(name, names))
		}
		at := path + "." + name
		if err := undefined(fields[i].Fields, values[name], at); err != nil {
			return err
		}
		items, _ := values[name].([]any)
		for j := range items {
			if fields[i].Of == nil {
				break
			}
			if err := undefined(fields[i].Of.Fields, items[j], at+"["+strconv.Itoa(j)+"]"); err != nil {
				return err
			}
		}
	}
	return nil
}

// facts gives the facts of a case: those that it names, and those that follow
// from its role, its state and its clock.
func (r *runner) facts(s *Suite, c *Case, in *rules.Input) error {
	facts := map[string]any{}
	if s.Options.Now != "" {
		now, err := time.Parse(time.RFC3339, s.Options.Now)
		if err != nil {
			return fmt.Errorf("now: not a time such as \"2026-08-02T15:00:00Z\"")
		}
		facts["now"], facts["today"] = s.Options.Now, now.UTC().Format(time.DateOnly)
	}
	if c.As != "" {
		facts["role"] = c.As
	}
	if state := r.state(c); state != "" {
		facts["state"] = state
	}
	maps.DeleteFunc(facts, func(name string, _ any) bool { _, ok := r.factTypes[name]; return !ok })
	maps.Copy(facts, c.Facts)
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		def, ok := r.factTypes[name]
		if !ok {
			return fmt.Errorf("there is no fact %q%s", name, known(name, slices.Sorted(maps.Keys(r.factTypes))))
		}
		if err := in.Fact(name, canonical(def, facts[name])); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) state(c *Case) string {
	if states := r.tpl.StateNames(); c.State == "" && len(states) > 0 {
		return states[0]
	}
	return c.State
}

// hide hides what the case's role does not read, whether it was written or not:
// somebody who cannot read a section does not know.
func (r *runner) hide(c *Case, in *rules.Input, before, now Content) error {
	if states := r.tpl.StateNames(); c.State != "" && len(states) > 0 && !slices.Contains(states, c.State) {
		return fmt.Errorf("there is no state %q%s", c.State, known(c.State, states))
	}
	if roles := r.tpl.RoleNames(); c.As != "" && !slices.Contains(roles, c.As) {
		return fmt.Errorf("there is no role %q%s", c.As, known(c.As, roles))
	}
	if c.Other && c.As == "" {
		return fmt.Errorf("an instance is somebody else's for a role: say \"as\" which")
	}
	hidden := slices.Clone(c.Hide)
	for name := range r.sections {
		if c.As != "" && !r.reads(c, name) {
			hidden = append(hidden, name)
		}
	}
	for _, name := range hidden {
		if _, ok := r.sections[name]; !ok {
			return fmt.Errorf("there is no section %q%s", name, known(name, slices.Sorted(maps.Keys(r.sections))))
		}
		if err := in.Hidden(name); err != nil {
			return err
		}
		if _, ok := before[name]; ok {
			if err := in.OldHidden(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// reads reports whether the case's role can read a section, or the instance of
// it that the case is about.
func (r *runner) reads(c *Case, section string) bool {
	if c.Other {
		return r.tpl.ReadsEach(c.As, section, r.state(c))
	}
	return r.tpl.ReadBy(c.As, section, r.state(c))
}

// known ends a message about a name that there is not: with the one that was
// probably meant, or else with those that there are.
func known(name string, names []string) string {
	if len(names) == 0 {
		return "; there are none"
	}
	if meant := near.Name(name, names); meant != "" {
		return fmt.Sprintf("; did you mean %q?", meant)
	}
	return "; there are " + strings.Join(names, ", ")
}

// canonical turns what files write into the form of package rules; what has
// none is left as it is, and rules says what is wrong with it.
func canonical(f rules.Field, v any) any {
	switch f.Kind {
	case rules.KindInteger:
		if n, ok := v.(json.Number); ok {
			if i, err := n.Int64(); err == nil {
				return i
			}
		}
		if i, ok := integer(v); ok {
			return i
		}
	case rules.KindDecimal, rules.KindMoney:
		s, ok := v.(string)
		if n, number := v.(json.Number); number {
			s, ok = n.String(), true
		} else if i, number := integer(v); number {
			s, ok = strconv.FormatInt(i, 10), true
		}
		switch {
		case ok && f.Kind == rules.KindMoney:
			return amount(s, f)
		case ok:
			return decimals(s, f.Scale)
		}
	case rules.KindList:
		items, ok := v.([]any)
		if !ok || f.Of == nil {
			return v
		}
		out := make([]any, len(items))
		for i := range items {
			out[i] = canonical(*f.Of, items[i])
		}
		return out
	case rules.KindRecord:
		fields, ok := v.(map[string]any)
		if !ok {
			return v
		}
		out := maps.Clone(fields)
		for _, inner := range f.Fields {
			if value, ok := out[inner.Name]; ok {
				if value == nil {
					delete(out, inner.Name) // absent
					continue
				}
				out[inner.Name] = canonical(inner, value)
			}
		}
		return out
	}
	return v
}

func integer(v any) (int64, bool) {
	switch r := reflect.ValueOf(v); {
	case v == nil:
	case r.CanInt():
		return r.Int(), true
	case r.CanUint() && r.Uint() <= math.MaxInt64:
		return int64(r.Uint()), true
	}
	return 0, false
}

// decimals adds the zeros that a decimal of a scale has.
func decimals(s string, scale int) string {
	_, fraction, dotted := strings.Cut(s, ".")
	if len(fraction) >= scale {
		return s
	}
	if !dotted {
		s += "."
	}
	return s + strings.Repeat("0", scale-len(fraction))
}

// amount completes money, with the currency too where there is one only.
func amount(s string, f rules.Field) string {
	number, currency, given := strings.Cut(s, " ")
	if !given && len(f.Currencies) == 1 {
		currency, given = f.Currencies[0], true
	}
	if !given {
		return s
	}
	return decimals(number, f.Scale) + " " + currency
}

// overlay puts what is given over what was computed.
func overlay(computed, given any) any {
	switch g := given.(type) {
	case map[string]any:
		c, _ := computed.(map[string]any)
		out := maps.Clone(c)
		if out == nil {
			out = make(map[string]any, len(g))
		}
		for name, v := range g {
			out[name] = overlay(out[name], v)
		}
		return out
	case []any:
		c, _ := computed.([]any)
		out := make([]any, len(g))
		for i := range g {
			if i < len(c) {
				out[i] = overlay(c[i], g[i])
			} else {
				out[i] = g[i]
			}
		}
		return out
	}
	return given
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[name] = clone(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = clone(v[i])
		}
		return out
	}
	return v
}
