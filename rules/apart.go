package rules

import (
	"math/big"
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// A bounded is a part that is compared with constants, and the bounds within
// which all of the comparisons hold.
type bounded struct {
	expr               ast.Expr
	lo, hi             *big.Rat
	loStrict, hiStrict bool
}

// under and over make the bounds narrower.
func (b *bounded) under(hi *big.Rat, strict bool) {
	if b.hi == nil || hi.Cmp(b.hi) < 0 || strict && hi.Cmp(b.hi) == 0 {
		b.hi, b.hiStrict = hi, strict
	}
}

func (b *bounded) over(lo *big.Rat, strict bool) {
	if b.lo == nil || lo.Cmp(b.lo) > 0 || strict && lo.Cmp(b.lo) == 0 {
		b.lo, b.loStrict = lo, strict
	}
}

// apart reports comparisons of one part with constants that cannot all hold; if
// not all is set, of which none can fail without another to hold.
func (a *analysis) apart(parts []ast.Expr, all bool) bool {
	var seen []bounded
	for _, part := range parts {
		if part.Kind() != ast.CallKind || len(part.AsCall().Args()) != 2 {
			continue
		}
		function, args := part.AsCall().FunctionName(), part.AsCall().Args()
		if mirrored[function] == "" {
			continue // no comparison
		}
		value, limit := args[0], a.seen[args[1]]
		if !limit.single() {
			value, limit, function = args[1], a.seen[args[0]], mirrored[function]
		}
		if !all {
			function = opposites[function]
		}
		if !limit.single() || a.seen[value].kind != limit.kind || function == "" {
			continue
		}
		i := slices.IndexFunc(seen, func(b bounded) bool { return sameExpr(b.expr, value) })
		if i < 0 {
			i = len(seen)
			seen = append(seen, bounded{expr: value})
		}
		b := &seen[i]
		switch function {
		case operators.Less:
			b.under(limit.next(-1))
		case operators.LessEquals:
			b.under(limit.lo, false)
		case operators.Greater:
			b.over(limit.next(1))
		case operators.GreaterEquals:
			b.over(limit.lo, false)
		case operators.Equals:
			b.under(limit.lo, false)
			b.over(limit.lo, false)
		}
		if b.lo != nil && b.hi != nil {
			if c := b.lo.Cmp(b.hi); c > 0 || c == 0 && (b.loStrict || b.hiStrict) {
				return true
			}
		}
	}
	return false
}

// disjoint reports comparisons of one text with texts that stand in the expression,
// as apart does.
func (a *analysis) disjoint(parts []ast.Expr, all bool) bool {
	type left struct {
		expr  ast.Expr
		texts []string // that it can still be; nil for any
	}
	var seen []left
	for _, part := range parts {
		if !isCall(part, operators.Equals) && !isCall(part, operators.NotEquals) {
			continue
		}
		function, args := part.AsCall().FunctionName(), part.AsCall().Args()
		value, text := args[0], a.seen[args[1]].texts
		if args[1].Kind() != ast.LiteralKind {
			value, text = args[1], a.seen[args[0]].texts
		}
		if value.Kind() == ast.LiteralKind || len(text) != 1 {
			continue
		}
		i := slices.IndexFunc(seen, func(l left) bool { return sameExpr(l.expr, value) })
		if i < 0 {
			i = len(seen)
			seen = append(seen, left{value, a.seen[value].texts})
		}
		switch l := &seen[i]; {
		case (function == operators.Equals) == all: // it must be this one
			if l.texts != nil && !slices.Contains(l.texts, text[0]) {
				return true
			}
			l.texts = text
		case l.texts != nil: // any but this one
			if l.texts = slices.DeleteFunc(slices.Clone(l.texts), func(t string) bool { return t == text[0] }); len(l.texts) == 0 {
				return true
			}
		}
	}
	return false
}

// mirrored are the comparisons with their sides changed.
var mirrored = map[string]string{
	operators.Less: operators.Greater, operators.Greater: operators.Less, operators.Equals: operators.Equals,
	operators.LessEquals: operators.GreaterEquals, operators.GreaterEquals: operators.LessEquals, operators.NotEquals: operators.NotEquals,
}
