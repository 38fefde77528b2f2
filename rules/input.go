package rules

import (
	"fmt"
	"io"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// An Input is what conditions are evaluated over: the contents that the
// evaluator can read, the sections that exist and that he cannot, and the
// public facts. Fill it in once; from then on it is safe for concurrent use by
// any number of evaluations, and an edit makes another of it: see [Input.With].
type Input struct {
	set *Set
	// values are those of the sections, of the sections before and of the facts,
	// where [Set.places] says. A section that is hidden has an unknown there and
	// no content; one that was not there before has none of both.
	values   []ref.Val
	coverage *Coverage // nil unless [Input.Observe] was called
	// root is the activation of what stands in no list; nothing changes it.
	root activation
}

// Input returns an input in which everything is absent.
func (s *Set) Input() *Input { return s.input(s.defaults, nil) }

// input returns an input that begins with these values, and leaves them alone.
func (s *Set) input(values []ref.Val, c *Coverage) *Input {
	in := &Input{set: s, values: slices.Clone(values), coverage: c}
	in.root.in = in
	return in
}

// String is the same for every input.
func (in Input) String() string { return "rules.Input(contents)" }

// Format prints String, whatever the verb: an input holds contents.
func (in Input) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, in.String()) }

// Section gives the content of a section in canonical form. A section that was
// never written is given as nil or not at all. The content is not copied: do
// not change it afterwards. The error is a *[ValueError] where a value does
// not have its declared type; a value of that type that breaks a rule (too
// long, no choice of the field) is for the verdict.
func (in *Input) Section(name string, content map[string]any) error {
	return in.give(name, sectionVar(name), name, content, nil)
}

// Old gives the content that the section had at the revision before. Without
// it, this revision is the first, and rules that read it are skipped.
func (in *Input) Old(name string, content map[string]any) error {
	return in.give(name, oldVar(name), "old."+name, content, nil)
}

// With returns an input that differs in the content of a section, and shares
// all else: what a form makes of each edit. This one stays as it is, and may be
// in use. The error is that of [Input.Section].
func (in *Input) With(section string, content map[string]any) (*Input, error) {
	out := in.set.input(in.values, in.coverage)
	var before *record
	if s := in.set.sections[section]; s != nil {
		before, _ = in.values[s.number].(*record)
	}
	if err := out.give(section, sectionVar(section), section, content, before); err != nil {
		return nil, err
	}
	return out, nil
}

// give sets the content of a section, now or before. What it has in common with
// the record that was there, if it is given, it takes from there.
func (in *Input) give(name, variable, path string, content map[string]any, before *record) error {
	s, err := in.section(name)
	if err != nil {
		return err
	}
	r, err := newRecord(s.rec, path, content, before)
	if err != nil {
		return err
	}
	in.values[in.set.places[variable].value] = r
	return nil
}

// Hidden says that the section exists, and that the evaluator cannot read it.
func (in *Input) Hidden(name string) error { return in.hide(name, sectionVar(name)) }

// OldHidden says that the revision before exists, and that the evaluator
// cannot read it.
func (in *Input) OldHidden(name string) error { return in.hide(name, oldVar(name)) }

func (in *Input) hide(name, variable string) error {
	if _, err := in.section(name); err != nil {
		return err
	}
	in.values[in.set.places[variable].value] = hidden(variable)
	return nil
}

// has reports whether there is a value of a variable, read or hidden.
func (in *Input) has(variable string) bool {
	return in.values[in.set.places[variable].value] != nil
}

// hides reports whether the value of a section, now or before, exists and is not
// here.
func (in *Input) hides(variable string) bool {
	return types.IsUnknown(in.values[in.set.places[variable].value])
}

func (in *Input) section(name string) (*section, error) {
	if s, ok := in.set.sections[name]; ok {
		return s, nil
	}
	return nil, &ValueError{Path: name, Want: "a section of the definition"}
}

// Fact gives the value of a public fact, in canonical form.
func (in *Input) Fact(name string, value any) error {
	n, ok := in.set.facts[name]
	if !ok {
		return &ValueError{Path: name, Want: "a fact of the definition"}
	}
	v, err := n.toCEL(value, name)
	if err != nil {
		return err
	}
	in.values[in.set.places[factVar(name)].value] = v
	return nil
}

// An activation gives a program its variables: those of the input, and the
// items of the lists that the evaluation is in.
type activation struct {
	in    *Input
	items []item // the innermost last
	lang  string // of messages
}

type item struct {
	name  string // the variable
	value ref.Val
}

// ResolveName implements cel.Activation.
func (a *activation) ResolveName(name string) (any, bool) {
	if at, ok := a.in.set.places[name]; ok {
		v := a.in.values[at.value]
		if content, ok := v.(*record); ok && at.field >= 0 {
			if v = content.val(at.field); v == nil {
				v = content.absent(at.field)
			}
		}
		return v, v != nil
	}
	for i := len(a.items) - 1; i >= 0; i-- {
		if a.items[i].name == name {
			return a.items[i].value, true
		}
	}
	if name == langVar {
		return a.lang, true
	}
	return nil, false
}

// Parent implements cel.Activation.
func (a *activation) Parent() cel.Activation { return nil }
