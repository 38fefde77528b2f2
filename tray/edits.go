package tray

import (
	"maps"
	"reflect"
	"slices"

	"github.com/vassoio/vassoio/section"
)

// edits are what a draft was told of one place, in the order in which they are
// made. A later one replaces what it repeats, so that a mistake can be mended by
// telling it right. To remove an item of a list is no value but an act: those
// behind it move up, so that what was told before it is about other items than
// the same paths after it.
type edits []edit

// edit sets one field, or, with an empty path, a section's whole content.
type edit struct {
	path  section.Path
	value any
}

// with gives the edits with a further one.
func (all edits) with(e edit) edits {
	since := 0 // the last removal that moves what e is about
	for i, before := range all {
		if before.moves(e.path) {
			since = i + 1
		}
	}
	at := -1
	if !e.removes() {
		at = slices.IndexFunc(all[since:], func(x edit) bool { return leads(e.path, x.path) })
	}
	if at >= 0 {
		at += since
		rest := slices.DeleteFunc(slices.Clone(all[at:]), func(x edit) bool { return leads(e.path, x.path) })
		all = slices.Concat(all[:at], rest)
	}
	for i := len(all) - 1; i >= since; i-- {
		outer := all[i]
		if len(outer.path) == len(e.path) || !leads(outer.path, e.path) {
			continue
		}
		if e.removes() && slices.ContainsFunc(all[i+1:], func(x edit) bool { return leads(outer.path, x.path) }) {
			break
		}
		if value, ok := put(outer.value, e.path[len(outer.path):], e.value); ok {
			all = slices.Clone(all)
			all[i].value = value
			return all
		}
		break
	}
	if at < 0 {
		at = len(all)
	}
	return slices.Insert(slices.Clip(all), at, e)
}

// without gives the edits but those at a path and beneath.
func (all edits) without(p section.Path) edits {
	var out edits
	for _, e := range all {
		if leads(p, e.path) {
			continue
		}
		if leads(e.path, p) {
			if value, ok := put(e.value, p[len(e.path):], nil); ok {
				e.value = value
			}
		}
		out = append(out, e)
	}
	return out
}

// on makes the edits on a content, those that can be made, and gives every
// mistake in the others, but for items that are removed after all.
func (all edits) on(c section.Content, schema *section.Schema) (section.Content, error) {
	if c == nil {
		c = section.Content{}
	}
	var problems []section.Problem
	for i, e := range all {
		var next section.Content
		var err error
		if whole, ok := e.value.(map[string]any); ok && len(e.path) == 0 {
			if next, err = schema.Coerce(whole); err != nil {
				c = soundPart(whole, schema, wrongFields(err))
			}
		} else {
			next, err = schema.With(c, e.path, e.value)
		}
		if values, ok := err.(*section.ValuesError); ok {
			if !all[i+1:].remove(e.path) {
				problems = append(problems, values.Problems...)
			}
		} else if err != nil {
			return nil, err
		} else {
			c = next
		}
	}
	if len(problems) > 0 {
		return c, &section.ValuesError{Problems: problems}
	}
	return c, nil
}

// soundPart gives the fields of a whole content that are none of the wrong ones:
// they are there, and nobody is told that they are missing.
func soundPart(whole map[string]any, schema *section.Schema, wrong []string) section.Content {
	sound := make(map[string]any, len(whole))
	for _, f := range schema.Fields() {
		if v, ok := whole[f.Name]; ok && !slices.Contains(wrong, f.Name) {
			sound[f.Name] = v
		}
	}
	c, err := schema.Coerce(sound)
	if err != nil {
		return section.Content{} // more is wrong than one error lists
	}
	return c
}

// remove reports whether the edits remove what a path leads to.
func (all edits) remove(p section.Path) bool {
	i := slices.IndexFunc(all, func(e edit) bool { return e.moves(p) })
	return i >= 0 && leads(all[i].path, p)
}

// removes reports whether an edit removes an item of a list.
func (e edit) removes() bool {
	return len(e.path) > 0 && e.path[len(e.path)-1].Name == "" && absent(e.value)
}

// moves reports whether an edit makes a path lead to something else: it removes
// the item that the path goes into, or one before it.
func (e edit) moves(p section.Path) bool {
	last := len(e.path) - 1
	return e.removes() && len(p) > last && leads(e.path[:last], p) && p[last].Name == "" && p[last].Index >= e.path[last].Index
}

// leads reports whether one path leads to another, or is it.
func leads(p, to section.Path) bool {
	return len(p) <= len(to) && slices.Equal(p, to[:len(p)])
}

// absent reports whether a value empties a field: see [section.Schema.Coerce].
func absent(v any) bool {
	r := reflect.ValueOf(v)
	for range 8 { // more is no value
		if r.Kind() != reflect.Pointer || r.IsNil() {
			break
		}
		r = r.Elem()
	}
	switch r.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return r.IsNil()
	case reflect.String:
		return r.Len() == 0
	}
	return false
}

// put gives a value with another one in it, where it holds maps and slices of any
// on the way and something to be replaced at its end; it is not modified.
func put(in any, p section.Path, v any) (any, bool) {
	if len(p) == 0 {
		return v, true
	}
	step, last := p[0], len(p) == 1
	switch in := in.(type) {
	case map[string]any:
		before, there := in[step.Name]
		if in == nil || step.Name == "" || !there && (!last || absent(v)) {
			return nil, false
		}
		value, ok := put(before, p[1:], v)
		if !ok {
			return nil, false
		}
		in = maps.Clone(in)
		if in[step.Name] = value; last && absent(v) {
			delete(in, step.Name)
		}
		return in, true
	case []any:
		if step.Name != "" || step.Index < 0 || step.Index >= len(in) {
			return nil, false
		}
		if last && absent(v) {
			return slices.Delete(slices.Clone(in), step.Index, step.Index+1), true
		}
		value, ok := put(in[step.Index], p[1:], v)
		if !ok {
			return nil, false
		}
		in = slices.Clone(in)
		in[step.Index] = value
		return in, true
	}
	return nil, false
}
