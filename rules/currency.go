package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// mix notes where amounts of two currencies are added or compared, as far as
// the declared currencies of fields and the literals tell.
func (c *compiler) mix(s *scope, tree *ast.AST, places map[int64]string) (found []unwise) {
	f := finder{c, places}
	note := func(e ast.Expr, left, right []string) {
		if len(left) == 0 || len(right) == 0 || slices.ContainsFunc(left, func(code string) bool { return slices.Contains(right, code) }) {
			return
		}
		at := tree.SourceInfo().GetStartLocation(e.ID())
		found = append(found, unwise{Diagnostic: s.locate(at.Line(), at.Column(),
			"amounts in "+strings.Join(left, " or ")+" and in "+strings.Join(right, " or ")+" are of two currencies")})
	}
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		call := e.AsCall()
		switch args := call.Args(); call.FunctionName() {
		case operators.Add, operators.Subtract, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
			if tree.GetType(args[0].ID()).TypeName() == "money" {
				note(e, f.currencies(args[0]), f.currencies(args[1]))
			}
		case "sum":
			if call.IsMemberFunction() && len(args) == 1 {
				note(e, f.items(call.Target()), f.currencies(e))
			}
		}
	}))
	note(tree.Expr(), f.currencies(tree.Expr()), s.currencies)
	return found
}

// A finder tells in which currencies the value of an expression can be; none
// where it is no money or can be in any.
type finder struct {
	c      *compiler
	places map[int64]string
}

func (f finder) currencies(e ast.Expr) []string {
	if path, ok := f.places[e.ID()]; ok {
		return f.declared(path)
	}
	if e.Kind() != ast.CallKind {
		return nil
	}
	call := e.AsCall()
	args := call.Args()
	if call.IsMemberFunction() {
		args = append([]ast.Expr{call.Target()}, args...)
	}
	switch call.FunctionName() {
	case "money":
		text, _ := literalText(args[len(args)-1])
		return one(text)
	case "sum":
		if len(args) == 1 {
			return f.items(args[0])
		}
		text, _ := literalText(args[1])
		return one(text)
	case operators.Add, operators.Subtract, operators.Multiply:
		if left := f.currencies(args[0]); len(left) > 0 {
			return left
		}
		return f.currencies(args[1])
	case operators.Negate, "abs", "round", "roundHalfEven", "div":
		return f.currencies(args[0])
	case operators.Conditional:
		return either(f.currencies(args[1]), f.currencies(args[2]))
	case "orValue":
		return either(f.currencies(args[0]), f.currencies(args[1]))
	}
	return nil
}

// items tells the same of the items of a list.
func (f finder) items(e ast.Expr) []string {
	if path, ok := f.places[e.ID()]; ok {
		return f.declared(path + "[]")
	}
	switch e.Kind() {
	case ast.ListKind:
		var all []string
		for i, item := range e.AsList().Elements() {
			found := f.currencies(item)
			if i > 0 {
				found = either(all, found)
			}
			all = found
		}
		return all
	case ast.ComprehensionKind: // map and filter add a list of one item at each step
		step := e.AsComprehension().LoopStep()
		if step.Kind() == ast.CallKind && step.AsCall().FunctionName() == operators.Conditional {
			step = step.AsCall().Args()[1]
		}
		if step.Kind() == ast.CallKind && step.AsCall().FunctionName() == operators.Add {
			return f.items(step.AsCall().Args()[1])
		}
	}
	return nil
}

// declared gives the currencies of the field at a static path.
func (f finder) declared(path string) []string {
	if n := f.c.lookup(path); n != nil {
		return n.field.Currencies
	}
	return nil
}

// one is the currency of a literal, a code or an amount.
func one(text string) []string {
	if code := text[max(0, len(text)-3):]; isCurrencyCode(code) {
		return []string{code}
	}
	return nil
}

// either is what one value or another can be in.
func either(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

// moneyHint says how an expression of another type becomes what is wanted.
func moneyHint(got, want *cel.Type) string {
	switch got, want := got.TypeName(), want.TypeName(); {
	case want == "money" && (got == "decimal" || got == "int"):
		return "; name the currency, as in money(amount, \"EUR\")"
	case want == "decimal" && got == "money":
		return "; take the .amount()"
	}
	return ""
}
