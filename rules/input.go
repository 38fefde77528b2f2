package rules

import (
	"maps"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"
)

// An Input is what conditions are evaluated over: the contents that the
// evaluator can read, the sections that exist and that he cannot, and the
// public facts. Fill it in once; from then on it is safe for concurrent use by
// any number of evaluations, and an edit makes another of it: see [Input.With].
type Input struct {
	set    *Set
	values map[string]ref.Val // by variable
	// contents are the sections in their order; nil where hidden.
	contents []*record
	// hidden are the variables whose value exists and is not here. It is never
	// among the values; the patterns make the engine treat it as unknown.
	hidden   map[string]string // to the name that verdicts use
	patterns []*cel.AttributePatternType
	coverage *Coverage // nil unless [Input.Observe] was called
	// root is the activation of what stands in no list; nothing changes it.
	root activation
}

// Input returns an input in which everything is absent.
func (s *Set) Input() *Input {
	in := &Input{set: s, values: make(map[string]ref.Val, len(s.defaults)+4), hidden: map[string]string{}}
	for name, v := range s.defaults {
		in.values[name] = v
	}
	in.root.in = in
	in.contents = make([]*record, len(s.order))
	for i, sec := range s.order {
		in.contents[i] = in.values[sectionVar(sec.def.Name)].(*record)
	}
	return in
}

// Section gives the content of a section in canonical form. A section that was
// never written is given as nil or not at all. The content is not copied: do
// not change it afterwards. The error is a *[ValueError] where a value does
// not have its declared type; a value of that type that breaks a rule (too
// long, no choice of the field) is for the verdict.
func (in *Input) Section(name string, content map[string]any) error {
	return in.content(name, sectionVar(name), name, content, nil)
}

// Old gives the content that the section had at the revision before. Without
// it, this revision is the first, and rules that read it are skipped.
func (in *Input) Old(name string, content map[string]any) error {
	return in.content(name, oldVar(name), "old."+name, content, nil)
}

// With returns an input that differs in the content of a section, and shares
// all else: what a form makes of each edit. This one stays as it is, and may be
// in use. The error is that of [Input.Section].
func (in *Input) With(section string, content map[string]any) (*Input, error) {
	out := *in
	out.root.in = &out
	out.values, out.contents = maps.Clone(in.values), slices.Clone(in.contents)
	out.hidden, out.patterns = maps.Clone(in.hidden), slices.Clip(in.patterns)
	before, _ := in.values[sectionVar(section)].(*record)
	if err := out.content(section, sectionVar(section), section, content, before); err != nil {
		return nil, err
	}
	return &out, nil
}

func (in *Input) content(name, variable, path string, content map[string]any, before *record) error {
	s, err := in.section(name)
	if err != nil {
		return err
	}
	r, err := newRecord(s.rec, path, content, before)
	if err != nil {
		return err
	}
	in.reveal(variable)
	in.values[variable] = r
	if variable == sectionVar(name) {
		in.contents[s.number] = r
	}
	return nil
}

// Hidden says that the section exists, and that the evaluator cannot read it.
func (in *Input) Hidden(name string) error { return in.hide(name, sectionVar(name), name) }

// OldHidden says that the revision before exists, and that the evaluator
// cannot read it.
func (in *Input) OldHidden(name string) error { return in.hide(name, oldVar(name), "old."+name) }

// knowsOf reports whether there is a value of a variable, read or hidden.
func (in *Input) knowsOf(variable string) bool {
	_, hidden := in.hidden[variable]
	return in.values[variable] != nil || hidden
}

func (in *Input) hide(name, variable, path string) error {
	s, err := in.section(name)
	if err != nil {
		return err
	}
	delete(in.values, variable)
	if variable == sectionVar(name) {
		in.contents[s.number] = nil
	}
	if _, twice := in.hidden[variable]; !twice {
		in.patterns = append(in.patterns, cel.AttributePattern(variable))
	}
	in.hidden[variable] = path
	return nil
}

// reveal undoes hide.
func (in *Input) reveal(variable string) {
	if _, ok := in.hidden[variable]; !ok {
		return
	}
	delete(in.hidden, variable)
	in.patterns = nil
	for v := range in.hidden {
		in.patterns = append(in.patterns, cel.AttributePattern(v))
	}
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
	in.values[factVar(name)] = v
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
	if at, ok := a.in.set.fields[name]; ok {
		content := a.in.contents[at.section]
		if content == nil {
			return a.in.set.order[at.section].unknown, true
		}
		if v := content.val(at.field); v != nil {
			return v, true
		}
		return content.absent(at.field), true
	}
	if v, ok := a.in.values[name]; ok {
		return v, true
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

// hiding is an activation of which some variables are hidden.
type hiding struct{ *activation }

// UnknownAttributePatterns implements cel.PartialActivation.
func (h hiding) UnknownAttributePatterns() []*cel.AttributePatternType { return h.in.patterns }

// AsPartialActivation lets the engine find the patterns from inside a
// comprehension, whose own activation wraps this one.
func (h hiding) AsPartialActivation() (cel.PartialActivation, bool) { return h, true }
