package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// Compute returns a copy of a section's content in which every computed field
// has the value that its expression gives; one whose inputs are absent, or
// that does not apply, is absent. The content is not changed.
//
// Where an expression breaks, its field is absent, and so is what is computed from
// it; all others are computed, and the error, a *[ComputeError], comes beside the
// content. Other errors come without one: a *[ValueError] where the content does
// not have its declared types, and [ErrTooDear], wrapped, where nothing of a
// section with computed fields is evaluated.
func (s *Set) Compute(section string, content map[string]any) (map[string]any, error) {
	sec, ok := s.sections[section]
	if !ok {
		return nil, &ValueError{Path: section, Want: "a section of the definition"}
	}
	if err := s.conditions["valid."+section].stopped; err != nil && len(sec.order) > 0 {
		return nil, err
	}
	out, _ := clone(content).(map[string]any)
	if out == nil {
		out = map[string]any{}
	}
	r, err := newRecord(sec.rec, section, out, nil)
	if err != nil {
		return nil, err
	}
	in := s.Input()
	in.values[sec.number] = r
	c := &computation{act: &activation{in: in}, absent: map[string]bool{}, broke: ComputeError{Section: section}}
	for _, n := range sec.order {
		c.field, c.told = n, false
		c.compute(r, chain(n))
	}
	if len(c.broke.Broken) > 0 {
		return out, &c.broke
	}
	return out, nil
}

// A computation computes one field after the other.
type computation struct {
	act    *activation
	field  *node
	told   bool            // that it broke, in another item
	absent map[string]bool // by static path, since something broke
	broke  ComputeError
}

// chain lists the nodes that lead from the section to a node, itself last.
func chain(n *node) []*node {
	var out []*node
	for ; n != nil; n = n.parent {
		out = append(out, n)
	}
	slices.Reverse(out)
	return out
}

// compute sets the field in a record, or in every record that the way to it
// leads to.
func (c *computation) compute(r *record, way []*node) {
	step := way[0]
	i := r.typ.index[step.field.Name]
	switch {
	case step == c.field:
		c.set(r, i)
	case step.field.Kind == KindRecord:
		if inner, ok := r.val(i).(*record); ok {
			c.compute(inner, way[1:])
		}
	case step.field.Kind == KindList:
		items, ok := r.val(i).(traits.Lister)
		if !ok {
			return
		}
		for it := items.Iterator(); it.HasNext() == types.True; {
			v := it.Next()
			c.act.items = append(c.act.items, item{itemVar(step.path), v})
			c.compute(v.(*record), way[2:]) // past the element
			c.act.items = c.act.items[:len(c.act.items)-1]
		}
	}
}

// set computes the field in one record.
func (c *computation) set(r *record, i int) {
	n := c.field
	if raw, v := c.value(r.path + "." + n.field.Name); v != nil {
		r.raw[n.field.Name] = raw
		r.set(i, v)
		return
	}
	delete(r.raw, n.field.Name)
	r.set(i, nil)
}

// value gives the value of the field, in both forms; none where it is absent.
func (c *computation) value(path string) (any, ref.Val) {
	n := c.field
	if n.when != nil {
		if applies := n.when.run(c.act); !applies.is(true) {
			c.note(applies, applies.err)
			return nil, nil
		}
	}
	a := n.compute.run(c.act)
	raw, ok, err := n.computedValue(a)
	var v ref.Val
	if ok {
		v, err = n.toCEL(raw, path)
	}
	if c.note(a, err); err != nil {
		return nil, nil
	}
	return raw, v
}

// note takes down that the field is absent since something broke, in it or in what
// it reads.
func (c *computation) note(a answer, err error) {
	path := c.field.path
	follows := slices.ContainsFunc(a.absent, func(path string) bool { return c.absent[path] })
	if err == nil && !follows {
		return
	}
	if !c.absent[path] {
		c.absent[path] = true
		c.broke.Fields = append(c.broke.Fields, path)
	}
	if err != nil && !c.told {
		c.told = true
		broken, ok := err.(*EvalError)
		if !ok {
			broken = c.field.compute.breaks(err.Error())
		}
		c.broke.Broken = append(c.broke.Broken, broken)
	}
}

// computedValue turns the answer of a compute expression into the canonical
// value; false where there is none, since inputs are absent.
func (n *node) computedValue(a answer) (any, bool, error) {
	if a.state == answerError {
		return nil, false, a.err
	}
	if a.state != answerKnown {
		return nil, false, nil
	}
	v, err := n.fromCEL(a.value)
	if err != nil {
		return nil, false, n.compute.breaks(err.Error())
	}
	return v, v != nil, nil
}

// clone copies a value in canonical form.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if v == nil {
			return v
		}
		out := make(map[string]any, len(v)+1)
		for key, member := range v {
			out[key] = clone(member)
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

// computeOrder sorts the computed fields of a section so that each comes after
// those that it reads, and reports those that read each other in a circle.
func (c *compiler) computeOrder(s *section) {
	var computed []*node
	for _, f := range s.rec.fields {
		f.each(func(n *node) {
			if n.compute != nil {
				computed = append(computed, n)
			}
		})
	}
	const (
		fresh = iota
		open
		done
	)
	state := map[*node]int{}
	var trail []*node
	var visit func(n *node)
	visit = func(n *node) {
		switch state[n] {
		case done:
			return
		case open:
			if c.full {
				return
			}
			circle := append(slices.Clone(trail[slices.Index(trail, n):]), n)
			var names []string
			for _, m := range circle[:min(len(circle), maxCircle)] {
				names = append(names, m.path)
			}
			if len(circle) > maxCircle {
				names = append(names, "others")
			}
			c.at(n.field.Pos.of("compute"), n.path+" compute", "fields are computed from each other in a circle: "+strings.Join(names, " from "))
			return
		}
		state[n] = open
		trail = append(trail, n)
		refs := n.compute.refs
		if n.when != nil {
			refs = append(slices.Clone(refs), n.when.refs...)
		}
		for _, m := range computed {
			if touches(refs, []string{m.path}) {
				visit(m)
			}
		}
		trail = trail[:len(trail)-1]
		state[n] = done
		s.order = append(s.order, n)
	}
	for _, n := range computed {
		visit(n)
	}
}
