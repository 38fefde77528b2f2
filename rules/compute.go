package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"

	"cel.dev/cel-go/common/types/traits"
)

// Compute returns a copy of a section's content in which every computed field
// has the value that its expression gives; one whose inputs are absent, or
// that does not apply, is absent. The content is not changed.
//
// The error is a *[ValueError] where the content does not have its declared
// types, or an *[EvalError] where an expression broke.
func (s *Set) Compute(section string, content map[string]any) (map[string]any, error) {
	sec, ok := s.sections[section]
	if !ok {
		return nil, &ValueError{Path: section, Want: "a section of the definition"}
	}
	if err := s.conditions["valid."+section].stopped; err != nil {
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
	act := &activation{in: in}
	for _, n := range sec.order {
		if err := act.compute(n, r, chain(n)); err != nil {
			return nil, err
		}
	}
	return out, nil
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

// compute sets one field in a record, or in every record that the way to it
// leads to.
func (a *activation) compute(n *node, r *record, way []*node) error {
	step := way[0]
	i := r.typ.index[step.field.Name]
	switch {
	case step == n:
		return a.set(n, r, i)
	case step.field.Kind == KindRecord:
		if inner, ok := r.val(i).(*record); ok {
			return a.compute(n, inner, way[1:])
		}
	case step.field.Kind == KindList:
		items, ok := r.val(i).(traits.Lister)
		if !ok {
			return nil
		}
		for it := items.Iterator(); it.HasNext() == types.True; {
			v := it.Next()
			a.items = append(a.items, item{itemVar(step.path), v})
			err := a.compute(n, v.(*record), way[2:]) // past the element
			a.items = a.items[:len(a.items)-1]
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// set computes one field of one record.
func (a *activation) set(n *node, r *record, i int) error {
	applies := answer{value: types.True}
	if n.when != nil {
		applies = n.when.run(a)
	}
	if applies.state == answerError {
		return applies.err
	}
	var value any
	ok := false
	if applies.is(true) {
		var err error
		if value, ok, err = n.computedValue(n.compute.run(a)); err != nil {
			return err
		}
	}
	if !ok {
		delete(r.raw, n.field.Name)
		r.set(i, nil)
		return nil
	}
	v, err := n.toCEL(value, r.path+"."+n.field.Name)
	if err != nil {
		return err
	}
	r.raw[n.field.Name] = value
	r.set(i, v)
	return nil
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
		return nil, false, &EvalError{Where: n.compute.where, Reason: err.Error()}
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
