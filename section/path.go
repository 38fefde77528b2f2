package section

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Path leads from a content to one value: "customer", "address.city",
// "lines[3].price". It begins with a field.
type Path []Step

// A Step goes into a record, to the field Name, or, without a name, into a
// list, to the item at Index, from 0.
type Step struct {
	Name  string
	Index int
}

// ParsePath reads the form that [Path.String] writes, and no other. The error is
// an [*EncodingError].
func ParsePath(s string) (Path, error) {
	var p Path
	for rest := "." + s; rest != ""; {
		at := len(s) - len(rest)
		opening := rest[0]
		rest = rest[1:]
		if len(p) == maxSteps {
			return nil, &EncodingError{Offset: at, Reason: "a path goes no deeper than lists and records can"}
		}
		switch {
		case opening == '.':
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			if !isID(rest[:end]) {
				return nil, &EncodingError{Offset: at + 1, Reason: "expected the name of a field"}
			}
			p = append(p, Step{Name: rest[:end]})
			rest = rest[end:]
		case opening == '[':
			number, after, ok := strings.Cut(rest, "]")
			i, err := strconv.Atoi(number)
			if !ok || err != nil || i < 0 || i >= MaxItems || strconv.Itoa(i) != number {
				return nil, &EncodingError{Offset: at + 1, Reason: "expected the position of an item, and ]"}
			}
			p = append(p, Step{Index: i})
			rest = after
		default:
			return nil, &EncodingError{Offset: at, Reason: "expected a dot, [ or the end"}
		}
	}
	return p, nil
}

// String is "lines[3].price".
func (p Path) String() string {
	var out string
	for _, step := range p {
		out = step.after(out)
	}
	return out
}

// after writes a step behind the path that leads to it.
func (s Step) after(path string) string {
	if s.Name == "" {
		return path + "[" + strconv.Itoa(s.Index) + "]"
	}
	return join(path, s.Name)
}

// Field returns the declaration of what p leads to, and whether there is one.
// Indexes are not looked at.
func (s *Schema) Field(p Path) (Field, bool) {
	at := &Field{Kind: Record, Fields: s.fields}
	for _, step := range p {
		if at = at.into(step); at == nil {
			return Field{}, false
		}
	}
	if len(p) == 0 {
		return Field{}, false
	}
	return cloneFields([]Field{*at})[0], true
}

// into follows one step through the declaration, or returns nil.
func (f *Field) into(step Step) *Field {
	switch {
	case f.Kind == Record && step.Name != "":
		return lookup(f.Fields, step.Name)
	case f.Kind == List && step.Name == "":
		return f.Of
	}
	return nil
}

// Get returns the value that p leads to, and whether there is one. A list or
// record is that of c, not a copy: use [Schema.With] to change it.
func (s *Schema) Get(c Content, p Path) (any, bool) {
	if _, ok := s.Field(p); !ok {
		return nil, false
	}
	return get(map[string]any(c), p)
}

func get(v any, p Path) (any, bool) {
	for _, step := range p {
		switch in := v.(type) {
		case map[string]any:
			next, ok := in[step.Name]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			if step.Name != "" || step.Index < 0 || step.Index >= len(in) {
				return nil, false
			}
			v = in[step.Index]
		default:
			return nil, false
		}
	}
	return v, true
}

// With returns c with the value that p leads to replaced by v, as
// [Schema.Coerce] understands it; c is not modified, and what did not change
// is shared with it.
//
// Records on the way that are absent are made, and so is the item just behind
// the end of a list. An absent v (nil or "") removes: the field, or the item,
// and then those behind it move up. The error is a *[ValuesError].
func (s *Schema) With(c Content, p Path, v any) (Content, error) {
	var w walk
	var out any
	if len(p) == 0 {
		w.problem(CodeUnknown, noField(""))
	} else {
		out = w.with(&Field{Kind: Record, Fields: s.fields}, map[string]any(c), p, v)
	}
	if err := w.err(); err != nil {
		return nil, err
	}
	return out.(map[string]any), nil
}

// with returns what stands in for old when v is put at the end of p below it.
func (w *walk) with(f *Field, old any, p Path, v any) any {
	if len(p) == 0 {
		return w.coerce(f, v)
	}
	step := p[0]
	next := f.into(step)
	if next == nil {
		w.stray(f, step)
		return nil
	}
	w.into(step)
	defer w.back()
	if step.Name != "" {
		m, _ := old.(map[string]any)
		before, there := m[step.Name]
		value := w.with(next, before, p[1:], v)
		if value == nil && !there {
			return old // nothing to remove, so nothing to make on the way
		}
		if m = maps.Clone(m); m == nil {
			m = make(map[string]any, 1)
		}
		if value == nil {
			delete(m, step.Name)
		} else {
			m[step.Name] = value
		}
		return m
	}
	l, _ := old.([]any)
	if step.Index < 0 || step.Index > len(l) || step.Index >= f.Max {
		w.problem(CodeIndex, wordedIndex)
		return nil
	}
	before, there := get(l, Path{step})
	value := w.with(next, before, p[1:], v)
	switch {
	case value == nil && !there:
		return old
	case value == nil:
		return slices.Delete(slices.Clone(l), step.Index, step.Index+1)
	case !there:
		return append(slices.Clone(l), value)
	}
	l = slices.Clone(l)
	l[step.Index] = value
	return l
}

// stray reports a step from here that the declaration does not have.
func (w *walk) stray(f *Field, step Step) {
	switch {
	case f.Kind == Record && step.Name != "":
		w.unknown(f.Fields, map[string]any{step.Name: nil})
	case f.Kind == List:
		w.problem(CodeType, wordedNoIndex)
	case f.Kind == Record:
		w.problem(CodeType, wordedNoName)
	default:
		w.problem(CodeType, wordedNoInside)
	}
}
