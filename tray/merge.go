package tray

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
)

// ConflictError says that a draft cannot be rebased: somebody else changed the
// same field, or what the draft signs. Nothing is lost: the draft holds what
// its author wanted, the tray what the others did. There are two ways on:
//
//   - to let the others' value stand, [Draft.Drop] the field (or the signature),
//     and commit the rest of the draft again;
//   - to have one's own, or to sign what is there now, begin a new draft, which
//     starts from what the others wrote, and tell it so again.
type ConflictError struct {
	Conflicts []Conflict
}

// Conflict is one field that two wanted differently. Its values are for the
// author of the draft, who may read both; they are never printed,
// logged or marshaled. What is computed in them is left out: nobody set it.
type Conflict struct {
	Path      string // "products.total"; a section where its fields cannot be told
	Signature string // that covers the section, where signing is what conflicts
	Mine      any    `json:"-"` // nil: empty
	Theirs    any    `json:"-"`
}

// String names the place, and no value.
func (c Conflict) String() string {
	if c.Signature != "" {
		return fmt.Sprintf("%s changed since the draft was begun, and signature %s covers it", c.Path, c.Signature)
	}
	return c.Path + " was changed since the draft was begun, too"
}

// GoString is String, so that no value is printed by mistake.
func (c Conflict) GoString() string { return c.String() }

// Error lists the fields in conflict, without their values.
func (e *ConflictError) Error() string {
	texts := make([]string, len(e.Conflicts))
	for i, c := range e.Conflicts {
		texts[i] = c.String()
	}
	return "tray: conflict: " + strings.Join(texts, "; ")
}

// merge gives what a place shall hold: the draft's edits of what it held when
// the draft was begun, merged field by field with what others did since.
// Computed fields are not compared, and computed anew. With a [*section.ValuesError] comes what is
// left without the wrong values, with a refusal for a [*rules.ComputeError] what is
// left without the fields that break.
func (d *Draft) merge(k *composer, p entry.Place) (section.Content, []Conflict, error) {
	schema := k.template.Schema(p.Section)
	theirs, readable, err := k.revision(p)
	if err != nil {
		return nil, nil, err
	}
	moved := k.present(p) != d.base.present(p)
	if !readable && (moved || !d.replaces(p)) {
		if moved {
			return nil, []Conflict{{Path: p.Section}}, nil
		}
		return nil, nil, refuse(NoRight, "who cannot read %s can only write it as a whole", p.Section)
	}
	base := theirs
	if moved {
		if base, err = d.baseOf(k, p); err != nil {
			return nil, nil, err
		}
	}
	mine, wrong := d.plan.edits[p].on(base.Content, schema)
	if wrong != nil {
		theirs = base // conflicts are told of values that could be
	}
	out := section.Content{}
	var conflicts []Conflict
	for _, f := range d.base.template.Section(p.Section).Fields {
		mine, theirs := entered(&f, mine[f.Name]), entered(&f, theirs.Content[f.Name])
		v, conflict := threeWay(entered(&f, base.Content[f.Name]), mine, theirs)
		if conflict {
			conflicts = append(conflicts, Conflict{Path: p.Section + "." + f.Name, Mine: mine, Theirs: theirs})
		}
		if v != nil {
			out[f.Name] = v
		}
	}
	if len(conflicts) > 0 {
		return nil, conflicts, nil
	}
	if wrong != nil {
		for _, name := range wrongFields(wrong) {
			delete(out, name)
		}
	}
	computed, err := k.template.Rules().Compute(p.Section, out)
	broke := (*rules.ComputeError)(nil)
	switch errors.As(err, &broke); {
	case wrong != nil: // what breaks or is missing may be for what is left out, so nothing is said of it
		k.wrong.note(p, computedFields(d.base.template.Section(p.Section).Fields, p.Section)...)
		if err != nil && broke == nil {
			computed = out
		}
		return computed, nil, wrong
	case broke != nil:
		k.wrong.note(p, broke.Fields...)
	}
	switch {
	case errors.Is(err, rules.ErrTooDear):
		err = &UndecidedError{Seq: k.entry.Seq, Condition: "valid." + p.Section, Instance: p.Instance}
	case err != nil:
		err = &Refusal{Code: BadValue, Seq: k.entry.Seq, Op: -1, Err: err}
	}
	return computed, nil, err
}

// threeWay merges one field.
func threeWay(base, mine, theirs any) (v any, conflict bool) {
	switch {
	case section.Equal(mine, theirs), section.Equal(theirs, base):
		return mine, false
	case section.Equal(mine, base):
		return theirs, false
	}
	return nil, true
}

// replaces reports whether the draft gives a place a whole content.
func (d *Draft) replaces(p entry.Place) bool {
	return d.base.present(p).Number == 0 || len(d.plan.edits[p][0].path) == 0
}

// entered gives what people entered of a field: a value without what is computed
// in it, at any depth. What is computed follows, and nobody wants it otherwise.
func entered(f *rules.Field, v any) any {
	switch x := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(x))
		for i := range f.Fields {
			inner := &f.Fields[i]
			if v := entered(inner, x[inner.Name]); v != nil {
				out[inner.Name] = v
			}
		}
		v = out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = entered(f.Of, x[i])
		}
		v = out
	}
	if f.Compute != "" {
		return nil
	}
	return v
}

// baseOf opens what a place held when the draft was begun.
func (d *Draft) baseOf(k *composer, p entry.Place) (section.Revision, error) {
	rev, status, _, err := d.t.revision(k.ctx, d.base, p, d.base.places[p])
	if err == nil && status != Readable && status != Unwritten {
		err = &ConflictError{[]Conflict{{Path: p.Section}}}
	}
	return rev, err
}
