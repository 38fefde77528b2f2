package rules

import (
	"strconv"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// breaks notes a call that breaks whatever it is evaluated over, since a constant
// in it is out of range.
func (r *resolver) breaks(function string, args []ast.Expr) {
	divisor := func(e ast.Expr) {
		if isZero(e) {
			r.imprudent(e, "this divides by zero, and always breaks", "", nil)
		}
	}
	decimals := func(e ast.Expr) {
		if e.Kind() != ast.LiteralKind {
			return
		}
		if _, ok := scaleArgument(e.AsLiteral()); !ok {
			r.imprudent(e, "the number of decimals is 0 to "+strconv.Itoa(maxScale)+", so this always breaks", "", nil)
		}
	}
	switch {
	case function == operators.Divide, function == operators.Modulo:
		divisor(args[1])
	case function == "div" && len(args) == 2:
		divisor(args[0])
		decimals(args[1])
	case (function == "round" || function == "roundHalfEven") && len(args) == 1:
		decimals(args[0])
	}
}

// isZero reports 0, decimal(0) and decimal("0.00").
func isZero(e ast.Expr) bool {
	if isCall(e, "decimal") && len(e.AsCall().Args()) == 1 {
		e = e.AsCall().Args()[0]
	}
	if text, ok := literalText(e); ok {
		d, ok := parseDecimal(text)
		return ok && d.unscaled.Sign() == 0
	}
	return e.Kind() == ast.LiteralKind && e.AsLiteral() == types.IntZero
}
