package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
)

// What reads a field that may stay empty comes to no outcome while it does, and
// what waits for that waits, maybe for a field that nobody can fill in, since it is
// not shown. It is not doubted where the expression asks about the field, by has()
// or an optional value, or about what the field's own conditions ask about.

// absent reports that a condition may never come to an outcome.
func (l *linter) absent(p *program) {
	l.lacking(p, "this cannot be told while ")
}

// absentComputed reports that a field which is required may not be computed.
func (l *linter) absentComputed(n *node) {
	if n.compute != nil && n.field.Required {
		l.lacking(n.compute, "the field is required, and cannot be computed while ")
	}
}

// lacking tells once of an expression what it may lack.
func (l *linter) lacking(p *program, what string) {
	var names []string
	var part ast.Expr
	advice := "require it, or ask has() of it"
	for _, path := range p.bare() {
		missing := l.mayLack(p, path)
		if missing == nil {
			continue
		}
		name := missing.path
		if !within(path, name) {
			name += ", from which " + path + " is computed,"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		if part == nil {
			part = p.reading(l.set, path)
		}
		if missing.when != nil {
			advice = "ask has() of it, or what its when asks"
		}
	}
	if len(names) > maxLacking {
		names = append(names[:maxLacking], "another field")
	}
	if part != nil {
		l.at(p, part, LintAbsent, what+strings.Join(names, " or ")+" is absent; "+advice)
	}
}

// maxLacking bounds the fields that one warning names.
const maxLacking = 3

// bare lists the paths that the expression reads as if something were there.
func (p *program) bare() []string {
	return slices.DeleteFunc(slices.Clone(p.refs), func(path string) bool {
		return slices.ContainsFunc(p.asked, func(asked string) bool { return within(path, asked) })
	})
}

// mayLack finds the field for want of which there may be nothing at a path, where an
// expression reads it; nil if there is none.
func (l *linter) mayLack(p *program, path string) *node {
	for n := l.set.nodeAt(path); n != nil; n = n.parent {
		conditional := n.when != nil && touches(p.refs, n.when.refs) || n.requiredIf != nil && touches(p.refs, n.requiredIf.refs)
		switch {
		case n.parent != nil && n.parent.elem == n, conditional: // an item that is there; or the expression knows when it is
		case n.compute != nil && n.when == nil:
			if missing := l.input(n); missing != nil {
				return missing
			}
		case !n.field.Required || n.when != nil:
			return n
		}
	}
	return nil
}

// input finds the field for want of which a field may not be computed.
func (l *linter) input(n *node) *node {
	if missing, known := l.inputs[n]; known {
		return missing
	}
	l.inputs[n] = nil
	for _, path := range n.compute.bare() {
		if missing := l.mayLack(n.compute, path); missing != nil {
			l.inputs[n] = missing
			break
		}
	}
	return l.inputs[n]
}

// nodeAt finds the field at a static path, as it is now; nil if there is none.
func (s *Set) nodeAt(path string) *node {
	steps := strings.Split(path, ".")
	sec := s.sections[steps[0]]
	if sec == nil {
		return nil
	}
	var n *node
	rec := sec.rec
	for _, step := range steps[1:] {
		name, items := strings.CutSuffix(step, "[]")
		if rec == nil || rec.field(name) == nil {
			return nil
		}
		if n = rec.field(name); items {
			n = n.elem
		}
		if n == nil {
			return nil
		}
		rec = n.rec
	}
	return n
}

// reading finds the first part of an expression that reads a path; the whole where
// it does so by a name of another.
func (p *program) reading(s *Set, path string) ast.Expr {
	root := p.origin.checked.NativeRep().Expr()
	part, last := root, path[strings.LastIndexByte(path, '.')+1:]
	ast.PreOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		if part != root {
			return
		}
		switch e.Kind() {
		case ast.IdentKind:
			if at, ok := s.places[e.AsIdent()]; ok && at.field >= 0 && s.order[at.value].rec.fields[at.field].path == path {
				part = e
			}
		case ast.SelectKind:
			if !e.AsSelect().IsTestOnly() && e.AsSelect().FieldName() == strings.TrimSuffix(last, "[]") {
				part = e
			}
		}
	}))
	return part
}
