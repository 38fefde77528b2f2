package rules

import (
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// A possible is what is known of the values that a part of an expression can
// take, from types, bounds and constants alone, over content that keeps what
// its fields declare. It holds every value that can be, and may hold more. That
// a part is unknown, or breaks, is always possible, and not noted.
type possible struct {
	isTrue, isFalse bool // of a boolean: can it be true, can it be false

	kind   string   // of an ordered value: the name of its type; else ""
	lo, hi *big.Rat // its bounds, both included; nil for none

	currencies []string // of money, whose bounds are those of its amount: all that it can be in, sorted; nil if they are not listed

	text   bool     // it is a text
	texts  []string // all that a text can be, sorted; nil if they are not listed
	format string   // of a text: the function that is true of it
	size   span     // of a text in code points, of a list in items
	elem   *node    // of a list
	rec    *recordType
}

// The kinds of ordered values whose arithmetic is looked at.
const kindInt, kindDecimal, kindMoney = "int", "decimal", "money"

// A span is how many there can be; the zero span is not known.
type span struct {
	known       bool
	least, most int
}

// anything is what nothing is known of.
var anything = possible{isTrue: true, isFalse: true}

func boolean(isTrue, isFalse bool) possible { return possible{isTrue: isTrue, isFalse: isFalse} }

// possible gives what a field's value can be.
func (n *node) possible() possible {
	p := anything
	switch n.field.Kind {
	case KindText:
		p.text, p.size = true, span{true, max(n.sizeMin, 1), n.sizeMax} // a text is not empty
		if f, ok := formatByName(n.field.Format); ok {
			p.format = f.function
		}
	case KindChoice:
		p.text, p.texts = true, n.names
	case KindList:
		p.size, p.elem = span{true, n.sizeMin, n.sizeMax}, n.elem
	case KindRecord:
		p.rec = n.rec
	case KindInteger, KindDecimal, KindMoney, KindDate, KindDatetime, KindDuration:
		p.kind = n.typ.TypeName()
		if p.lo, p.hi = ratOf(n.min), ratOf(n.max); n.field.Kind == KindInteger {
			if p.lo == nil {
				p.lo = big.NewRat(-maxInteger, 1)
			}
			if p.hi == nil {
				p.hi = big.NewRat(maxInteger, 1)
			}
		}
		if len(n.field.Currencies) > 0 {
			p.currencies = slices.Sorted(slices.Values(n.field.Currencies))
		}
	}
	return p
}

// ratOf gives the number by which an ordered value is compared; nil for none.
func ratOf(v ref.Val) *big.Rat {
	switch v := v.(type) {
	case types.Int:
		return big.NewRat(int64(v), 1)
	case decimal:
		return new(big.Rat).SetFrac(v.unscaled, new(big.Int).Exp(bigTen, big.NewInt(int64(v.scale)), nil))
	case money:
		return ratOf(v.amount)
	case date:
		return big.NewRat(int64(v), 1)
	case types.Timestamp:
		seconds := new(big.Rat).SetInt64(v.Unix())
		return seconds.Add(seconds, big.NewRat(int64(v.Nanosecond()), 1e9))
	case types.Duration:
		return big.NewRat(int64(v.Duration), 1)
	}
	return nil
}

// constant gives what a value that stands in the expression is.
func constant(v ref.Val) possible {
	switch v := v.(type) {
	case types.Bool:
		return boolean(bool(v), !bool(v))
	case types.String:
		n := utf8.RuneCountInString(string(v))
		return possible{isTrue: true, isFalse: true, text: true, texts: []string{string(v)}, size: span{true, n, n}}
	}
	p := anything
	if r := ratOf(v); r != nil {
		p.kind, p.lo, p.hi = v.Type().TypeName(), r, r
	}
	if m, ok := v.(money); ok {
		p.currencies = []string{m.currency}
	}
	return p
}

// single reports whether an ordered value can be one value only.
func (p possible) single() bool {
	return p.kind != "" && p.lo != nil && p.hi != nil && p.lo.Cmp(p.hi) == 0
}

// next gives the bound of what is below a single value (by is -1) or above it (1),
// and whether the bound itself is left out: between two whole numbers, or two
// days, there is nothing.
func (p possible) next(by int64) (bound *big.Rat, strict bool) {
	if p.kind == kindInt || p.kind == dateType.TypeName() {
		return sumOf(p.lo, big.NewRat(by, 1)), false
	}
	return p.lo, true
}

// below reports whether all values of p are below all of q; orSame, or the same.
func (p possible) below(q possible, orSame bool) bool {
	if p.kind == "" || p.kind != q.kind || p.hi == nil || q.lo == nil {
		return false
	}
	c := p.hi.Cmp(q.lo)
	return c < 0 || c == 0 && orSame
}

// equal gives whether two values can be the same, and whether they can differ.
func (p possible) equal(q possible, booleans bool) possible {
	switch {
	case booleans:
		return boolean(p.isTrue && q.isTrue || p.isFalse && q.isFalse, p.isTrue && q.isFalse || p.isFalse && q.isTrue)
	case p.kind == kindMoney && p.kind == q.kind:
		meet := p.currencies == nil || q.currencies == nil || common(p.currencies, q.currencies)
		one := len(p.currencies) == 1 && len(q.currencies) == 1 && meet
		return boolean(meet && !p.below(q, false) && !q.below(p, false), !(one && p.single() && q.single() && p.lo.Cmp(q.lo) == 0))
	case p.kind != "" && p.kind == q.kind:
		return boolean(!p.below(q, false) && !q.below(p, false), !(p.single() && q.single() && p.lo.Cmp(q.lo) == 0))
	case p.texts != nil && q.texts != nil:
		meet := common(p.texts, q.texts)
		return boolean(meet, !(meet && len(p.texts) == 1 && len(q.texts) == 1))
	case p.text && q.text && p.size.known && q.size.known:
		return boolean(p.size.least <= q.size.most && q.size.least <= p.size.most, true)
	}
	return anything
}

// common reports whether two sorted lists have a text in common.
func common(a, b []string) bool {
	for len(a) > 0 && len(b) > 0 {
		switch c := strings.Compare(a[0], b[0]); {
		case c == 0:
			return true
		case c < 0:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}

// compare gives what an ordering of two values can be.
func (p possible) compare(q possible, operator string) possible {
	switch operator {
	case operators.Less:
		return boolean(!q.below(p, true), !p.below(q, false))
	case operators.LessEquals:
		return boolean(!q.below(p, false), !p.below(q, true))
	case operators.Greater:
		return q.compare(p, operators.Less)
	default:
		return q.compare(p, operators.LessEquals)
	}
}

// arithmetic gives the bounds of a sum, difference or product of integers,
// decimals or money; a result that does not fit is an error, never another number,
// and so are two currencies.
func (p possible) arithmetic(q possible, operator string) possible {
	out := anything
	if out.kind = result(p.kind, q.kind, operator); out.kind == "" {
		return out
	}
	if out.currencies = p.currencies; out.currencies == nil {
		out.currencies = q.currencies
	}
	switch operator {
	case operators.Add:
		out.lo, out.hi = sumOf(p.lo, q.lo), sumOf(p.hi, q.hi)
	case operators.Subtract:
		out.lo, out.hi = sumOf(p.lo, opposite(q.hi)), sumOf(p.hi, opposite(q.lo))
	case operators.Multiply:
		if p.lo == nil || p.hi == nil || q.lo == nil || q.hi == nil {
			return out
		}
		for _, a := range []*big.Rat{p.lo, p.hi} {
			for _, b := range []*big.Rat{q.lo, q.hi} {
				product := new(big.Rat).Mul(a, b)
				if out.lo == nil || product.Cmp(out.lo) < 0 {
					out.lo = product
				}
				if out.hi == nil || product.Cmp(out.hi) > 0 {
					out.hi = product
				}
			}
		}
	}
	out.lo, out.hi = workable(out.lo), workable(out.hi)
	return out
}

// result is the kind of a sum, difference or product; "" where it is not looked at.
func result(p, q, operator string) string {
	kinds := []string{kindInt, kindDecimal, kindMoney}
	a, b := slices.Index(kinds, p), slices.Index(kinds, q)
	if a < 0 || b < 0 || p != q && operator != operators.Multiply {
		return ""
	}
	return kinds[max(a, b)] // what is multiplied by a number stays what it is
}

// workable gives a bound, unless it has more digits than any value: products of
// products would grow without end.
func workable(bound *big.Rat) *big.Rat {
	if bound == nil || bound.Num().BitLen() > maxWorkingBits || bound.Denom().BitLen() > maxWorkingBits {
		return nil
	}
	return bound
}

func sumOf(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Add(a, b)
}

func opposite(a *big.Rat) *big.Rat {
	if a == nil {
		return nil
	}
	return new(big.Rat).Neg(a)
}

// sameExpr reports whether two parts of an expression are written alike, so that
// they give the same: nothing in an expression depends on when it runs.
func sameExpr(a, b ast.Expr) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case ast.LiteralKind:
		return a.AsLiteral().Type() == b.AsLiteral().Type() && a.AsLiteral().Equal(b.AsLiteral()) == types.True
	case ast.IdentKind:
		return a.AsIdent() == b.AsIdent()
	case ast.SelectKind:
		x, y := a.AsSelect(), b.AsSelect()
		return x.FieldName() == y.FieldName() && x.IsTestOnly() == y.IsTestOnly() && sameExpr(x.Operand(), y.Operand())
	case ast.ListKind:
		return slices.EqualFunc(a.AsList().Elements(), b.AsList().Elements(), sameExpr)
	case ast.CallKind:
		x, y := a.AsCall(), b.AsCall()
		return x.FunctionName() == y.FunctionName() && x.IsMemberFunction() == y.IsMemberFunction() &&
			(!x.IsMemberFunction() || sameExpr(x.Target(), y.Target())) && slices.EqualFunc(x.Args(), y.Args(), sameExpr)
	}
	return false // a comprehension: not worth it
}

// opposites are the operators of which one is true where the other is false.
var opposites = map[string]string{
	operators.Less: operators.GreaterEquals, operators.GreaterEquals: operators.Less,
	operators.Greater: operators.LessEquals, operators.LessEquals: operators.Greater,
	operators.Equals: operators.NotEquals, operators.NotEquals: operators.Equals,
}

// oppositeExprs reports whether one part is true where the other is false.
func oppositeExprs(a, b ast.Expr) bool {
	not := func(a, b ast.Expr) bool {
		return isCall(a, operators.LogicalNot) && sameExpr(a.AsCall().Args()[0], b)
	}
	if not(a, b) || not(b, a) {
		return true
	}
	if a.Kind() != ast.CallKind || b.Kind() != ast.CallKind {
		return false
	}
	x, y := a.AsCall(), b.AsCall()
	return opposites[x.FunctionName()] == y.FunctionName() && y.FunctionName() != "" && slices.EqualFunc(x.Args(), y.Args(), sameExpr)
}

func isCall(e ast.Expr, function string) bool {
	return e.Kind() == ast.CallKind && e.AsCall().FunctionName() == function
}
