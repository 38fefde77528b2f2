package rules

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
)

// unknown reports whether an expression is this name, and the name is nothing
// that can be read here.
func (r *resolver) unknown(e ast.Expr, name string) bool {
	return e.Kind() == ast.IdentKind && e.AsIdent() == name && !slices.Contains(r.namesHere(), name)
}

// insteadOfName ends the message on a name that there is not.
func (r *resolver) insteadOfName(name string) string {
	if r.scope.section == nil {
		var at []string
		for _, s := range r.c.sectionNames {
			if r.c.sections[s].rec.field(name) != nil {
				at = append(at, s+"."+name)
			}
		}
		if len(at) > 0 {
			return "; write " + strings.Join(at[:min(3, len(at))], " or ")
		}
	}
	if r.c.isChoice(name) {
		return "; a choice stands in quotes: write " + strconv.Quote(name)
	}
	if isCurrencyCode(name) {
		return "; a currency stands in quotes: write " + strconv.Quote(name)
	}
	if meant := namesElsewhere[plainly(name)]; meant != "" {
		return "; " + meant
	}
	return suggest(name, r.namesHere())
}

// isChoice reports whether some field or fact can be of this choice.
func (c *compiler) isChoice(name string) (is bool) {
	find := func(n *node) {
		_, ok := n.choices[name]
		is = is || ok
	}
	for _, s := range c.sections {
		for _, f := range s.rec.fields {
			f.each(find)
		}
	}
	for _, f := range c.facts {
		f.each(find)
	}
	return is
}

// insteadOf ends the message on a function that there is not.
func (r *resolver) insteadOf(name string, call ast.CallExpr) string {
	switch {
	case len(call.Args()) == 0 && r.c.facts[name] != nil:
		return "; did you mean " + strconv.Quote(name) + " without ()?"
	case meant[strings.ToLower(name)] != "": // not(x)
		return "; did you mean " + strconv.Quote(meant[strings.ToLower(name)]) + "?"
	}
	of := subject
	if call.IsMemberFunction() {
		of = cmp.Or(r.scope.written(call.Target()), of)
	} else if len(call.Args()) > 0 {
		of = cmp.Or(r.scope.written(call.Args()[0]), of)
	}
	if meant := functionsElsewhere[plainly(name)]; meant != "" {
		return "; write " + strings.ReplaceAll(meant, "$", of)
	}
	if lower := strings.ToLower(name); lower != name { // as a spreadsheet writes it
		if r.c.facts[lower] != nil && len(call.Args()) == 0 {
			return "; did you mean " + strconv.Quote(lower) + " without ()?"
		}
		if slices.Contains(r.c.functionNames(), lower) {
			return "; did you mean " + strconv.Quote(lower) + "?"
		}
	}
	return suggest(name, r.c.functionNames())
}

// sums are functions over the items of a list, here or elsewhere.
var sums = []string{"sum", "avg", "average", "mean"}

// overItems explains a call that is meant to walk a list and is written in
// another way than list.all(item, condition); "" for any other.
func (r *resolver) overItems(name string, call ast.CallExpr) string {
	macro := slices.Contains([]string{"all", "exists", "exists_one", "filter", "map"}, name)
	args := call.Args()
	switch {
	case macro && call.IsMemberFunction() && len(args) == 1:
		list, item := cmp.Or(r.scope.written(call.Target()), subject), "item"
		if root := rootOf(args[0]); root != "" && !slices.Contains(r.namesHere(), root) {
			item = root
		}
		return name + "() takes a name for the items first; write " + list + "." + name + "(" + item + ", …)"
	case name == "sum" && call.IsMemberFunction() && len(args) == 2 && args[0].Kind() == ast.IdentKind && r.unknown(args[0], args[0].AsIdent()):
		list, item := cmp.Or(r.scope.written(call.Target()), subject), args[0].AsIdent()
		return "sum() takes no expression; write " + list + ".map(" + item + ", " + cmp.Or(r.scope.written(args[1]), "…") + ").sum()"
	case (macro || slices.Contains(sums, name)) && !call.IsMemberFunction() && len(args) > 1 && args[1].Kind() == ast.IdentKind && r.unknown(args[1], args[1].AsIdent()):
		list, item, of := cmp.Or(r.scope.written(args[0]), subject), args[1].AsIdent(), "…"
		if len(args) > 2 {
			of = cmp.Or(r.scope.written(args[2]), of)
		}
		switch {
		case name == "sum":
			return "sum() is called on a list of amounts; write " + list + ".map(" + item + ", " + of + ").sum()"
		case !macro:
			return "there is no " + name + "(); write " + list + ".map(" + item + ", " + of + ").sum().div(" + list + ".size(), 2)" + inDecimals
		}
		return name + "() is called on a list; write " + list + "." + name + "(" + item + ", " + of + ")"
	}
	return ""
}

// rootOf gives the name of which an expression takes a field first.
func rootOf(e ast.Expr) string {
	root := ""
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if root == "" && e.Kind() == ast.SelectKind && e.AsSelect().Operand().Kind() == ast.IdentKind {
			root = e.AsSelect().Operand().AsIdent()
		}
	}))
	return root
}
