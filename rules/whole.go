package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A record can hold what no expression is given: a text or a list beyond its
// maximum, which is unknown. Its other fields are known all the same, so the
// record is only unknown where it is compared as a whole. The engine cannot be
// left to find out: to `!=`, `in`, distinct() and the functions of sets, an
// equality that is not true is false.

// comparers are the functions that compare values of any type.
var comparers = []string{
	operators.Equals, operators.NotEquals, operators.In, "distinct", "sets.contains", "sets.equivalent", "sets.intersects",
}

const (
	wholeFunction = "@whole" // no expression can name it
	wholeOverload = "@whole_any"
)

// wholeLibrary declares the function that stands around each operand of a
// comparison in which there can be a record: it gives back the operand, or what
// is unknown in it.
func wholeLibrary() []cel.EnvOption {
	any := cel.TypeParamType("A")
	return []cel.EnvOption{cel.Function(wholeFunction, cel.Overload(wholeOverload, []*cel.Type{any}, any,
		cel.UnaryBinding(func(v ref.Val) ref.Val {
			if lacking := unknownIn(v); lacking != nil {
				return lacking
			}
			return v
		})))}
}

// unknownIn finds something unknown in a value; nil if there is nothing.
func unknownIn(v ref.Val) ref.Val {
	switch v := v.(type) {
	case *types.Unknown:
		return v
	case *record:
		for i, f := range v.typ.fields {
			x := v.val(i)
			if lacking, ok := x.(*types.Unknown); ok {
				return lacking
			}
			if x != nil && (f.rec != nil || f.elem != nil && f.elem.rec != nil) { // other lists are unknown as a whole
				if lacking := unknownIn(x); lacking != nil {
					return lacking
				}
			}
		}
	case traits.Lister:
		for it := v.Iterator(); it.HasNext() == types.True; {
			if lacking := unknownIn(it.Next()); lacking != nil {
				return lacking
			}
		}
	case traits.Mapper:
		for it := v.Iterator(); it.HasNext() == types.True; {
			if lacking := unknownIn(v.Get(it.Next())); lacking != nil {
				return lacking
			}
		}
	case *types.Optional:
		if v.HasValue() {
			return unknownIn(v.GetValue())
		}
	}
	return nil
}

// askWhole puts the function around the operands of the comparisons in a checked
// expression.
func askWhole(tree *ast.AST) {
	factory, next := ast.NewExprFactory(), ast.MaxID(tree)
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind || !slices.Contains(comparers, e.AsCall().FunctionName()) {
			return
		}
		operands := e.AsCall().Args()
		if e.AsCall().IsMemberFunction() {
			operands = append(slices.Clone(operands), e.AsCall().Target())
		}
		for _, operand := range operands {
			typ := tree.GetType(operand.ID())
			if !holdsRecord(typ) {
				continue
			}
			next++
			inner := factory.NewUnspecifiedExpr(next)
			inner.SetKindCase(operand)
			tree.SetType(next, typ)
			if ref, ok := tree.ReferenceMap()[operand.ID()]; ok {
				tree.SetReference(next, ref)
			}
			operand.SetKindCase(factory.NewCall(operand.ID(), wholeFunction, inner))
			tree.SetReference(operand.ID(), ast.NewFunctionReference(wholeOverload))
		}
	}))
}

// holdsRecord reports whether a record can be in a value of a type.
func holdsRecord(t *cel.Type) bool {
	return isDyn(t) || strings.HasPrefix(t.TypeName(), recordMark) || slices.ContainsFunc(t.Parameters(), holdsRecord)
}
