package rules

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// tooDear reports an expression that costs too much, at the loop in it that is
// outermost, or at what makes it have no bound, and says what would help.
func (c *compiler) tooDear(j job) {
	p := j.program
	tree := p.origin.checked.NativeRep()
	at, message := tree.Expr(), ""
	if boundless := c.boundless(p); boundless != nil && p.cost >= math.MaxUint64>>16 {
		at, message = boundless, "nothing bounds how large this can be, and so what the expression costs"
		if call := unbounding(boundless); call != "" {
			message += "; leave out " + call + "()"
		}
	} else {
		if loop := outermost(tree.Expr()); loop != nil {
			at = loop
		}
		message = "the expression can cost " + strconv.FormatUint(p.cost, 10) + " units, and " + strconv.Itoa(maxCost) + " is the most" + c.smaller(p.refs)
	}
	line, column := begin(tree, at)
	if lines := strings.Split(j.scope.source, "\n"); line <= len(lines) {
		column = beginning(lines[line-1], column)
	}
	c.atLocation(j.scope, line, column, message)
}

// smaller ends a message with the fields whose max bounds what is read at these paths:
// lists that are walked, or else texts; of more than three, the largest.
func (c *compiler) smaller(paths []string) string {
	var lists, texts []*node
	see := func(n *node) {
		switch {
		case n.field.Kind == KindList && !slices.Contains(lists, n):
			lists = append(lists, n)
		case n.field.Kind == KindText && !slices.Contains(texts, n):
			texts = append(texts, n)
		}
	}
	for _, path := range paths {
		for n := c.lookup(path); n != nil; n = n.parent {
			see(n)
		}
		if s := c.sections[strings.TrimPrefix(path, "old.")]; s != nil {
			for _, f := range s.rec.fields {
				f.each(see)
			}
		}
	}
	few := lists
	if len(few) == 0 {
		few = texts
	}
	if len(few) == 0 {
		return "; leave out a part of it"
	}
	slices.SortStableFunc(few, func(a, b *node) int { return b.sizeMax - a.sizeMax })
	var names []string
	for _, n := range few[:min(len(few), 3)] {
		names = append(names, n.path+" (max "+strconv.Itoa(n.sizeMax)+")")
	}
	return "; give " + strings.Join(names, ", ") + " a smaller max"
}

// boundless finds the first part of an expression of which the size has no bound.
func (c *compiler) boundless(p *program) ast.Expr {
	checked := p.origin.checked
	e := &estimator{c: c, tree: checked.NativeRep(), looking: true}
	e.estimate(checked)
	return firstPart(e.tree.Expr(), func(part ast.Expr) bool { return e.boundless != 0 && part.ID() == e.boundless })
}

// unbounding names the function in a part of an expression whose result has no bound.
func unbounding(e ast.Expr) string {
	call := firstPart(e, func(e ast.Expr) bool {
		return e.Kind() == ast.CallKind && slices.Contains([]string{"dyn", "format"}, e.AsCall().FunctionName())
	})
	if call == nil {
		return ""
	}
	return call.AsCall().FunctionName()
}

// outermost finds the loop that is in no other; a cel.bind is none.
func outermost(e ast.Expr) ast.Expr {
	return firstPart(e, func(e ast.Expr) bool {
		if e.Kind() != ast.ComprehensionKind {
			return false
		}
		condition := e.AsComprehension().LoopCondition()
		return condition.Kind() != ast.LiteralKind || condition.AsLiteral() != types.False
	})
}

// firstPart finds the first part of an expression that is one of those wanted, the whole
// before what is in it.
func firstPart(e ast.Expr, wanted func(ast.Expr) bool) (found ast.Expr) {
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(part ast.Expr) {
		if found == nil && wanted(part) {
			found = part
		}
	}))
	return found
}
