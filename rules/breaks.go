package rules

import (
	"strconv"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// breaks notes what breaks whatever it is evaluated over, since a constant in it
// is out of range.
func (s *scope) breaks(tree *ast.AST) (found []unwise) {
	note := func(e ast.Expr, message string) {
		at := tree.SourceInfo().GetStartLocation(e.ID())
		found = append(found, unwise{Diagnostic: s.locate(at.Line(), at.Column(), message)})
	}
	scale := func(e ast.Expr) {
		if e.Kind() != ast.LiteralKind {
			return
		}
		if _, ok := scaleArgument(e.AsLiteral()); !ok {
			note(e, "the number of decimals is 0 to "+strconv.Itoa(maxScale)+", so this always breaks")
		}
	}
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		call := e.AsCall()
		args := call.Args()
		switch function := call.FunctionName(); {
		case (function == operators.Divide || function == operators.Modulo) && isZero(args[1]):
			note(args[1], "this divides by zero, and always breaks")
		case function == "div" && len(args) == 2:
			if isZero(args[0]) {
				note(args[0], "this divides by zero, and always breaks")
			}
			scale(args[1])
		case (function == "round" || function == "roundHalfEven") && len(args) == 1:
			scale(args[0])
		}
	}))
	return found
}

// isZero reports 0, decimal(0) and decimal("0.00").
func isZero(e ast.Expr) bool {
	if isCall(e, "decimal") {
		e = e.AsCall().Args()[0]
	}
	if text, ok := literalText(e); ok {
		d, ok := parseDecimal(text)
		return ok && d.unscaled.Sign() == 0
	}
	return e.Kind() == ast.LiteralKind && e.AsLiteral() == types.IntZero
}
