package rules

import (
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// A definition tells all its mistakes at once: its expressions are looked at even
// if some fields are declared wrongly. What such a field would give is of the
// type dyn, which fits everywhere, and names are not missed where others could
// not be read. So a mistake is told where it is, and not again by every
// expression that reads it. Nothing that is compiled so is ever evaluated.

// doubts says what else there may be than what could be read.
type doubts struct {
	any       bool // something was declared wrongly
	names     bool // sections or facts
	functions bool
}

// unsureVar stands for a name that may be among what could not be read.
const unsureVar = "@unsure"

// doubt notes that the field may be of another type than it seems.
func (n *node) doubt() { n.unsure, n.typ = true, cel.DynType }

// namable reports whether a name, right or wrong, can stand in a path.
func namable(name string) bool { return name != "" && !strings.ContainsAny(name, ".[]") }

// unknownName explains a name that is nothing here.
func (r *resolver) unknownName(e ast.Expr, name string) {
	if own := r.scope.section; own != nil && own.def.Name == name {
		r.mistake(e.ID(), "in the rules of a field, those beside it stand by their names alone, without the section")
		return
	}
	if _, ok := r.c.sections[name]; ok {
		r.mistake(e.ID(), "the rules of a field read their own section only; to compare it with "+strconv.Quote(name)+" write a rule over both")
		return
	}
	if r.scope.past && r.c.unsure.names || slices.ContainsFunc(r.scope.frames, func(f frame) bool { return f.rec.unsure }) {
		r.unsure(e)
		return
	}
	r.misnamed(e, "there is no "+strconv.Quote(name)+" here", func() string { return r.insteadOfName(name) })
}

// namesHere lists what a bare name can be.
func (r *resolver) namesHere() []string {
	var known []string
	for _, f := range r.scope.frames {
		known = append(known, f.rec.names()...)
	}
	if r.scope.section == nil {
		known = append(known, r.c.sectionNames...)
	}
	if r.scope.past {
		for fact := range r.c.facts {
			known = append(known, fact)
		}
	}
	for _, l := range r.locals {
		if !strings.HasPrefix(l.name, "@") {
			known = append(known, l.name)
		}
	}
	slices.Sort(known)
	return known
}

// unsure puts something of any type in the place of an expression.
func (r *resolver) unsure(e ast.Expr) string {
	r.doubt = true
	e.SetKindCase(r.factory.NewIdent(e.ID(), unsureVar))
	return ""
}

// doubtful reports whether an expression reads anything that is declared
// wrongly, or may be.
func (c *compiler) doubtful(r *resolver) bool {
	return c.unsure.any && (r.doubt || slices.ContainsFunc(r.paths(), c.unsureOf))
}

// unsureOf reports whether something on a static path is declared wrongly.
func (c *compiler) unsureOf(path string) bool {
	steps := strings.Split(strings.TrimPrefix(path, "old."), ".")
	var n *node
	var rec *recordType
	if s := c.sections[steps[0]]; s != nil {
		rec = s.rec
	} else if n = c.facts[steps[0]]; n == nil {
		return c.unsure.names
	} else {
		rec = n.rec
	}
	for _, step := range steps[1:] {
		if n != nil && n.unsure || rec == nil {
			break
		}
		name, items := strings.CutSuffix(step, "[]")
		if n = rec.field(name); n == nil {
			return rec.unsure
		}
		if items && !n.unsure && n.elem != nil {
			n = n.elem
		}
		rec = n.rec
	}
	if n == nil {
		return rec.unsure
	}
	return n.unsure
}

func isDyn(t *cel.Type) bool { return t.Kind() == types.DynKind }
