package rules

import (
	"math/big"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// An analysis finds the boolean parts of an expression that can never be true,
// or never be false, whatever valid content it reads.
type analysis struct {
	set    *Set
	tree   *ast.AST
	within bool // of the section's own validity: what is required is there
	locals []known
	found  []decided
	seen   map[ast.Expr]possible // what of gave
}

// A known is a variable of a comprehension or of cel.bind.
type known struct {
	name  string
	value possible
}

// A decided is a part that always gives the same, and why.
type decided struct {
	expr  ast.Expr
	value bool
	why   string
}

// Why a part is decided.
const (
	whyBounds   = "by the types and bounds of what it compares"
	whySame     = "both sides are the same"
	whyOpposite = "one part is the opposite of another"
	whyApart    = "no value is within all of these bounds"
	whyTogether = "every value is within one of these bounds"
	whyNone     = "no text is all of these"
	whyAny      = "every text is one of these"
	whyRequired = "the field is required"
	whyEmpty    = "a text that is there is not empty"
	whyFormat   = "that is the format of the field"
	whyParts    = "its parts decide it"
)

// decisions analyses a program; within says that it belongs to the validity of
// the one section that it reads.
func (s *Set) decisions(p *program, within bool) []decided {
	tree := p.origin.checked.NativeRep()
	a := &analysis{set: s, tree: tree, within: within, seen: map[ast.Expr]possible{}}
	a.of(tree.Expr())
	return a.found
}

// of gives what a part can be, and notes if it is decided. What decides a whole
// is told once, for the whole.
func (a *analysis) of(e ast.Expr) possible {
	before := len(a.found)
	p, why := a.part(e)
	a.seen[e] = p
	if e.Kind() == ast.LiteralKind || e.Kind() == ast.IdentKind || !a.isBool(e) || p.isTrue == p.isFalse {
		return p
	}
	if inner := a.found[before:]; why == whyParts && len(inner) > 0 {
		why = inner[0].why
	}
	a.found = append(a.found[:before], decided{e, p.isTrue, why})
	return p
}

func (a *analysis) isBool(e ast.Expr) bool { return a.tree.GetType(e.ID()).IsExactType(cel.BoolType) }

func (a *analysis) part(e ast.Expr) (p possible, why string) {
	switch e.Kind() {
	case ast.LiteralKind:
		return constant(e.AsLiteral()), ""
	case ast.IdentKind:
		return a.variable(e.AsIdent()), ""
	case ast.SelectKind:
		operand := a.of(e.AsSelect().Operand())
		if operand.rec == nil {
			return anything, ""
		}
		n := operand.rec.field(e.AsSelect().FieldName())
		if n == nil {
			return anything, ""
		}
		if e.AsSelect().IsTestOnly() {
			return boolean(true, !(a.within && n.always())), whyRequired
		}
		return n.possible(), ""
	case ast.CallKind:
		return a.call(e)
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			a.of(item)
		}
		n := len(e.AsList().Elements())
		sure := n - len(e.AsList().OptionalIndices())
		return possible{isTrue: true, isFalse: true, size: span{true, sure, n}}, ""
	case ast.ComprehensionKind:
		return a.comprehension(e.AsComprehension())
	}
	return anything, ""
}

// always reports a field that is there in whatever is valid: it is required,
// and so are the records that it stands in, up to the section or a list's item.
func (n *node) always() bool {
	for ; n != nil; n = n.parent {
		if n.parent != nil && n.parent.elem == n {
			return true // an item is there or not
		}
		if !n.field.Required || n.when != nil {
			return false
		}
	}
	return true
}

// variable gives what a variable of an expression can be.
func (a *analysis) variable(name string) possible {
	for i := len(a.locals) - 1; i >= 0; i-- {
		if a.locals[i].name == name {
			return a.locals[i].value
		}
	}
	if at, ok := a.set.places[name]; ok && at.field >= 0 {
		return a.set.order[at.value].rec.fields[at.field].possible()
	}
	kind, rest, _ := strings.Cut(name, ":")
	switch kind {
	case "@s": // what was before (@old) need not have been valid
		if s, ok := a.set.sections[rest]; ok {
			p := anything
			p.rec = s.rec
			return p
		}
	case "@f":
		if n, ok := a.set.facts[rest]; ok {
			return n.possible()
		}
	case "@i":
		section, path, _ := strings.Cut(rest, ".")
		if s, ok := a.set.sections[section]; ok {
			if n := s.rec.lookup(path); n != nil && n.elem != nil {
				return n.elem.possible()
			}
		}
	}
	return anything
}

func (a *analysis) call(e ast.Expr) (possible, string) {
	call := e.AsCall()
	function, args := call.FunctionName(), call.Args()
	switch function {
	case operators.LogicalAnd, operators.LogicalOr:
		return a.logic(e)
	case operators.LogicalNot:
		p := a.of(args[0])
		return boolean(p.isFalse, p.isTrue), whyParts
	case operators.Conditional:
		test, yes, no := a.of(args[0]), a.of(args[1]), a.of(args[2])
		if !a.isBool(e) {
			return anything, ""
		}
		return boolean(test.isTrue && yes.isTrue || test.isFalse && no.isTrue, test.isTrue && yes.isFalse || test.isFalse && no.isFalse), whyParts
	}
	values := make([]possible, 0, len(args)+1)
	if call.IsMemberFunction() {
		values = append(values, a.of(call.Target()))
	}
	for _, arg := range args {
		values = append(values, a.of(arg))
	}
	if len(values) == 1 && values[0].format == function {
		return boolean(true, false), whyFormat
	}
	switch function {
	case operators.Equals, operators.NotEquals:
		p, why := values[0].equal(values[1], a.isBool(args[0]) && a.isBool(args[1])), whyBounds
		if sameExpr(args[0], args[1]) {
			p, why = boolean(true, false), whySame
		}
		if isEmpty(args[0]) || isEmpty(args[1]) {
			why = whyEmpty
		}
		if function == operators.NotEquals {
			p = boolean(p.isFalse, p.isTrue)
		}
		return p, why
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		if sameExpr(args[0], args[1]) {
			same := function == operators.LessEquals || function == operators.GreaterEquals
			return boolean(same, !same), whySame
		}
		return values[0].compare(values[1], function), whyBounds
	case operators.In:
		return a.in(values[0], args), whyBounds
	case operators.Add, operators.Subtract, operators.Multiply:
		return values[0].arithmetic(values[1], function), ""
	case operators.Negate:
		p := anything
		if v := values[0]; v.kind == kindInt || v.kind == kindDecimal || v.kind == kindMoney {
			p.kind, p.lo, p.hi, p.currencies = v.kind, opposite(v.hi), opposite(v.lo), v.currencies
		}
		return p, ""
	case operators.Index:
		if values[0].elem != nil {
			return values[0].elem.possible(), ""
		}
	case "size":
		if p := values[0]; len(values) == 1 && p.size.known {
			return possible{isTrue: true, isFalse: true, kind: kindInt, lo: big.NewRat(int64(p.size.least), 1), hi: big.NewRat(int64(p.size.most), 1)}, ""
		}
	case "amount":
		p := anything
		if v := values[0]; v.kind == kindMoney {
			p.kind, p.lo, p.hi = kindDecimal, v.lo, v.hi
		}
		return p, ""
	case "currency":
		p := anything
		if v := values[0]; v.currencies != nil {
			p.text, p.texts = true, v.currencies
		}
		return p, ""
	case "decimal", "date", "timestamp", "duration", "days", "money":
		if len(args) == 1 && args[0].Kind() == ast.LiteralKind {
			return converted(function, args[0].AsLiteral()), ""
		}
	}
	return anything, ""
}

func isEmpty(e ast.Expr) bool {
	return e.Kind() == ast.LiteralKind && e.AsLiteral() == types.String("")
}

// converted gives the value of decimal("12.50"), date("2026-01-31") and the like.
func converted(function string, arg ref.Val) possible {
	text, ok := arg.(types.String)
	var v ref.Val
	switch {
	case function == "decimal" && ok:
		v, ok = parsedOrNot(parseDecimal(string(text)))
	case function == "money" && ok:
		v, ok = parsedOrNot(parseMoney(string(text)))
	case function == "date" && ok:
		v, ok = parsedOrNot(parseDate(string(text)))
	case function == "timestamp" && ok:
		v = text.ConvertToType(types.TimestampType)
	case function == "duration" && ok:
		v = text.ConvertToType(types.DurationType)
	case function == "days":
		n, isInt := arg.(types.Int)
		if ok = isInt; ok {
			v = daysDuration(int64(n))
		}
	}
	if !ok {
		return anything
	}
	return constant(v) // of an error, nothing is known
}

func parsedOrNot[T ref.Val](v T, ok bool) (ref.Val, bool) { return v, ok }

// in gives whether a value is among those of a list that stands in the
// expression.
func (a *analysis) in(value possible, args []ast.Expr) possible {
	if args[1].Kind() != ast.ListKind || len(args[1].AsList().OptionalIndices()) > 0 {
		return anything
	}
	out := boolean(false, true)
	var texts []string
	for _, item := range args[1].AsList().Elements() {
		p := a.seen[item]
		if !a.tree.GetType(item.ID()).IsExactType(a.tree.GetType(args[0].ID())) {
			return anything
		}
		one := value.equal(p, a.isBool(item))
		out.isTrue = out.isTrue || one.isTrue
		out.isFalse = out.isFalse && one.isFalse
		if len(p.texts) == 1 {
			texts = append(texts, p.texts[0])
		}
	}
	slices.Sort(texts)
	if value.texts != nil && !slices.ContainsFunc(value.texts, func(s string) bool { _, ok := slices.BinarySearch(texts, s); return !ok }) {
		out.isFalse = false // every choice is in it
	}
	return out
}

// logic gives what "and" and "or" of any number of parts can be.
func (a *analysis) logic(e ast.Expr) (possible, string) {
	function := e.AsCall().FunctionName()
	and := function == operators.LogicalAnd
	parts := flatten(e, function, nil)
	out := boolean(and, !and)
	for _, part := range parts {
		p := a.of(part)
		if and {
			out = boolean(out.isTrue && p.isTrue, out.isFalse || p.isFalse)
		} else {
			out = boolean(out.isTrue || p.isTrue, out.isFalse && p.isFalse)
		}
	}
	if out.isTrue != out.isFalse {
		return out, whyParts
	}
	for i, x := range parts {
		for _, y := range parts[:i] {
			if oppositeExprs(x, y) {
				return boolean(!and, and), whyOpposite
			}
		}
	}
	if a.apart(parts, and) {
		if and {
			return boolean(false, true), whyApart
		}
		return boolean(true, false), whyTogether
	}
	if a.disjoint(parts, and) {
		if and {
			return boolean(false, true), whyNone
		}
		return boolean(true, false), whyAny
	}
	return out, ""
}

func flatten(e ast.Expr, function string, into []ast.Expr) []ast.Expr {
	if !isCall(e, function) {
		return append(into, e)
	}
	for _, arg := range e.AsCall().Args() {
		into = flatten(arg, function, into)
	}
	return into
}

// comprehension gives what all(), exists(), exists_one() and cel.bind() can be; of
// others, nothing is known.
func (a *analysis) comprehension(c ast.ComprehensionExpr) (possible, string) {
	list := a.of(c.IterRange())
	depth := len(a.locals)
	defer func() { a.locals = a.locals[:depth] }()
	if test := c.LoopCondition(); test.Kind() == ast.LiteralKind && test.AsLiteral() == types.False { // cel.bind
		a.locals = append(a.locals, known{c.AccuVar(), a.of(c.AccuInit())})
		return a.of(c.Result()), whyParts
	}
	macro, test := quantifier(c)
	if macro == "" {
		return anything, ""
	}
	item := anything
	if list.elem != nil {
		item = list.elem.possible()
	}
	if c.HasIterVar2() { // index and value, or key and value
		a.locals = append(a.locals, known{c.IterVar(), anything}, known{c.IterVar2(), item})
	} else {
		a.locals = append(a.locals, known{c.IterVar(), item})
	}
	p := a.of(test)
	some := list.size.known && list.size.least > 0
	switch macro {
	case operators.All: // of nothing, it holds
		return boolean(p.isTrue || !some, p.isFalse), whyParts
	case operators.Exists:
		return boolean(p.isTrue, p.isFalse || !some), whyParts
	}
	several := some && list.size.least > 1
	single := some && list.size.most == 1
	return boolean(p.isTrue && (p.isFalse || !several), p.isFalse || !single), whyParts
}

// quantifier tells a comprehension that a macro of this name became, and what it
// asks of each item.
func quantifier(c ast.ComprehensionExpr) (macro string, test ast.Expr) {
	step, result := c.LoopStep(), c.Result()
	accu := func(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == c.AccuVar() }
	if step.Kind() != ast.CallKind || c.AccuInit().Kind() != ast.LiteralKind {
		return "", nil
	}
	args := step.AsCall().Args()
	switch {
	case isCall(step, operators.LogicalAnd) && accu(args[0]) && accu(result):
		return operators.All, args[1]
	case isCall(step, operators.LogicalOr) && accu(args[0]) && accu(result):
		return operators.Exists, args[1]
	case isCall(step, operators.Conditional) && accu(args[2]) && isCall(result, operators.Equals) && accu(result.AsCall().Args()[0]):
		return operators.ExistsOne, args[0]
	}
	return "", nil
}
