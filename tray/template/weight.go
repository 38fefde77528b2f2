package template

import "github.com/vassoio/vassoio/rules"

// What a template takes when it is compiled, in bytes, measured: by itself, for each
// byte of its canonical form, and for each byte of its expressions, of which the
// densest become a part of a program every three.
const (
	emptyWeight      = 64 << 10
	textWeight       = 40
	expressionWeight = 288
)

// Weight gives about how many bytes the template takes in memory, for whoever keeps
// many: rather more than less.
func (t *Template) Weight() int {
	n := 0
	for i := range t.def.Sections {
		for j := range t.def.Sections[i].Fields {
			n += expressions(&t.def.Sections[i].Fields[j])
		}
	}
	for i := range t.def.Rules {
		n += len(t.def.Rules[i].Expr) + len(t.def.Rules[i].MessageExpr)
	}
	for i := range t.def.Lifecycle.Events {
		n += len(t.def.Lifecycle.Events[i].Guard)
	}
	return emptyWeight + textWeight*len(t.canonical) + expressionWeight*n
}

// expressions counts the bytes of those of a field, and of what is inside.
func expressions(f *rules.Field) int {
	n := len(f.RequiredIf) + len(f.When) + len(f.Compute) + len(f.Check) + len(f.MessageExpr)
	for i := range f.Choices {
		n += len(f.Choices[i].When)
	}
	for i := range f.Fields {
		n += expressions(&f.Fields[i])
	}
	if f.Of != nil {
		n += expressions(f.Of)
	}
	return n
}
