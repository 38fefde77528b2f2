package rules

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// A Coverage records which way the branches of a set's expressions went while
// the inputs that it observes were evaluated, and which demands of fields were
// shown to be violated. It is for tests of rules: what
// is observed is slower, what is not costs nothing more. It is safe for
// concurrent use.
type Coverage struct {
	mu       sync.Mutex
	branches []Branch
	demands  []Demand
	violated map[demanded]bool
	plans    map[*program]cel.Program
}

// A Branch is a boolean part of an expression: one that is not made of others,
// of "a && !b" a and b; a whole chain of && or ||, since b can be absent each time
// that a is true; and what a macro comes to, such as all() and exists(), since no
// item need decide it alone. What ! and ? : give follows from their parts.
// Literals are none, nor is what only makes up a message.
type Branch struct {
	Where  string   // the expression: "rule covered", "products.total check"
	Pos    Position // as that of a [Diagnostic]: in the file, or in the expression
	Source string   // the line of the expression
	Caret  int      // column in Source, from 1, at which the branch begins, or its operator or macro stands
	Whole  string   // the operator of a chain, "&&" or "||", or the macro: "all"; of others empty
	True   bool     // it was seen to be true
	False  bool     // it was seen to be false
}

// An origin is what a program was made from.
type origin struct {
	env     *cel.Env
	checked *cel.Ast
	scope   *scope
}

// Coverage returns a coverage of the set in which nothing was seen yet. The
// error is the engine's, and is not to be expected.
func (s *Set) Coverage() (*Coverage, error) {
	c := &Coverage{plans: map[*program]cel.Program{}, demands: s.demands(), violated: map[demanded]bool{}}
	var env *cel.Env
	for _, p := range s.programs() {
		if env == nil {
			var err error
			if env, err = p.origin.env.Extend(c.marker()); err != nil {
				return nil, err
			}
		}
		if err := c.watch(env, p); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// programs lists the programs of all conditions, without those of messages.
func (s *Set) programs() []*program {
	var out []*program
	for _, sec := range s.order {
		for _, p := range sec.programs {
			if !p.says {
				out = append(out, p)
			}
		}
	}
	for _, id := range s.ruleIDs {
		out = append(out, s.conditions[id].rule.test)
	}
	for _, id := range s.conditionIDs {
		out = append(out, s.conditions[id].test)
	}
	return out
}

// Observe makes the evaluations of the input count for a coverage. That of
// another set sees nothing of them. Call it before the first.
func (in *Input) Observe(c *Coverage) { in.coverage = c }

// Branches lists the branches in the order of the set's conditions, those of
// one expression from left to right.
func (c *Coverage) Branches() []Branch {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.branches)
}

// EvalRule evaluates one rule ("rule.<id>") by itself, also one that belongs
// to the validity of a section, where [Set.Eval] has the section's verdict
// only.
func (s *Set) EvalRule(id string, in *Input) Verdict {
	for _, sec := range s.order {
		for _, r := range sec.folds {
			if r.id == id && in.set == s {
				v := Verdict{ID: id}
				(&condition{id: id, rule: r}).evalRule(in, &v)
				return v
			}
		}
	}
	return s.Eval(id, in)
}

const (
	seenFunction = "@seen" // no expression can name it
	seenOverload = "@seen_int_bool"
)

// marker declares the function that stands around each branch of a watched
// program: it gives back the value that it notes. An unknown value and an
// error pass it by.
func (c *Coverage) marker() cel.EnvOption {
	return cel.Function(seenFunction, cel.Overload(seenOverload, []*cel.Type{cel.IntType, cel.BoolType}, cel.BoolType,
		cel.BinaryBinding(func(branch, value ref.Val) ref.Val {
			c.mu.Lock()
			defer c.mu.Unlock()
			b := &c.branches[branch.(types.Int)]
			b.True = b.True || value == types.True
			b.False = b.False || value == types.False
			return value
		})))
}

// watch makes a program that notes what becomes of its branches.
func (c *Coverage) watch(env *cel.Env, p *program) error {
	tree := ast.Copy(p.origin.checked.NativeRep())
	m := &marking{tree: tree, factory: ast.NewExprFactory(), next: ast.MaxID(tree)}
	m.visit(tree.Expr(), nil)
	slices.SortStableFunc(m.parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	lines := strings.Split(p.origin.scope.source, "\n")
	for _, l := range m.parts {
		b := Branch{Where: p.origin.scope.where, Pos: p.origin.scope.pos, Caret: 1, Whole: l.whole}
		if b.Pos.Line == 0 {
			b.Pos.Line, b.Pos.Column = 1, 1
		}
		if l.line >= 1 && l.line <= len(lines) {
			b.Source = lines[l.line-1]
			column := beginning(b.Source, l.column)
			if l.whole == aMacro {
				column, b.Whole = macroAt(b.Source, l.column)
			}
			b.Caret = column + 1
			b.Pos.Line += l.line - 1
			b.Pos.Column += b.Caret - 1
		}
		m.mark(l.expr, len(c.branches))
		c.branches = append(c.branches, b)
	}
	var err error
	c.plans[p], err = env.PlanProgram(tree, cel.EvalOptions(cel.OptOptimize))
	return err
}

// beginning finds the name that a path or a call begins with: of
// "products.total" the engine knows the place of the dot, of "has(x)" that of
// the parenthesis.
func beginning(line string, column int) int {
	runes := []rune(line)
	if column >= len(runes) || runes[column] != '.' && runes[column] != '(' {
		return column
	}
	for column > 0 && (runes[column-1] == '.' || runes[column-1] == '_' || unicode.IsLetter(runes[column-1]) || unicode.IsDigit(runes[column-1])) {
		column--
	}
	return column
}

// aMacro stands for the name of a macro, which the engine forgets.
const aMacro = "()"

// macroAt finds the name of a macro before the parenthesis, of which the engine
// knows the place.
func macroAt(line string, column int) (int, string) {
	runes := []rune(line)
	end := min(column, len(runes))
	for end > 0 && unicode.IsSpace(runes[end-1]) {
		end--
	}
	from := end
	for from > 0 && (runes[from-1] == '_' || unicode.IsLetter(runes[from-1])) {
		from--
	}
	return from, string(runes[from:end])
}

// watched gives the watched plan of a program; that of a message is the
// ordinary one.
func (c *Coverage) watched(p *program) cel.Program {
	if plan, ok := c.plans[p]; ok {
		return plan
	}
	return p.plan
}

// A marking finds the branches of an expression.
type marking struct {
	tree    *ast.AST
	factory ast.ExprFactory
	next    int64
	parts   []part
}

// A part is what becomes a branch.
type part struct {
	expr         ast.Expr
	line, column int    // from 1, and from 0
	whole        string // as in [Branch], or aMacro
}

// visit collects the branches below an expression. The accumulators are those
// of the macros that it stands in: what macros add of their own is no branch.
func (m *marking) visit(e ast.Expr, accumulators []string) {
	switch e.Kind() {
	case ast.CallKind:
		m.call(e, accumulators)
		return
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			m.visit(item, accumulators)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			m.visit(entry.AsMapEntry().Key(), accumulators)
			m.visit(entry.AsMapEntry().Value(), accumulators)
		}
	case ast.SelectKind:
		if !e.AsSelect().IsTestOnly() {
			m.visit(e.AsSelect().Operand(), accumulators)
		}
	case ast.ComprehensionKind:
		f := e.AsComprehension()
		inner := append(slices.Clone(accumulators), f.AccuVar())
		m.visit(f.IterRange(), accumulators)
		m.visit(f.AccuInit(), accumulators)
		if loops(f) {
			m.visit(f.LoopStep(), inner)
		}
		m.visit(f.Result(), inner)
		if loops(f) && m.tree.GetType(e.ID()).IsExactType(cel.BoolType) {
			line, column := m.at(e)
			m.parts = append(m.parts, part{e, line, column, aMacro})
		}
		return // cel.bind() is as its result is
	}
	m.leaf(e, accumulators)
}

// loops reports a macro that walks a list; that of cel.bind never runs.
func loops(f ast.ComprehensionExpr) bool {
	condition := f.LoopCondition()
	return condition.Kind() != ast.LiteralKind || condition.AsLiteral() != types.False
}

func (m *marking) call(e ast.Expr, accumulators []string) {
	call := e.AsCall()
	switch call.FunctionName() {
	case operators.LogicalAnd, operators.LogicalOr:
		m.chain(e, accumulators)
		return
	}
	if call.IsMemberFunction() {
		m.visit(call.Target(), accumulators)
	}
	for _, arg := range call.Args() {
		m.visit(arg, accumulators)
	}
	switch call.FunctionName() {
	case operators.LogicalNot, operators.Conditional:
		return
	}
	equality := call.FunctionName() == operators.Equals || call.FunctionName() == operators.NotEquals
	for _, arg := range call.Args() {
		if accumulated(arg, accumulators) {
			return
		}
		if equality && arg.Kind() == ast.LiteralKind && arg.AsLiteral().Type() == types.BoolType {
			return // "insured == true" is as insured is
		}
	}
	m.leaf(e, accumulators)
}

// chain collects the parts of a chain of && or ||, which the engine makes a tree
// of, and the chain itself, at its first operator. What a macro adds of its own,
// "what came out so far && the condition", is none.
func (m *marking) chain(e ast.Expr, accumulators []string) {
	operator, line, column := e.AsCall().FunctionName(), -1, 0
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operator {
			m.visit(e, accumulators)
			return
		}
		if l, c := m.at(e); line < 0 || l < line || l == line && c < column {
			line, column = l, c
		}
		for _, arg := range e.AsCall().Args() {
			walk(arg)
		}
	}
	for _, arg := range e.AsCall().Args() {
		if accumulated(arg, accumulators) {
			for _, arg := range e.AsCall().Args() {
				m.visit(arg, accumulators)
			}
			return
		}
	}
	walk(e)
	m.parts = append(m.parts, part{e, line, column, strings.Trim(operator, "_")})
}

// at gives the line (from 1) and column (from 0) of an operator or a macro.
func (m *marking) at(e ast.Expr) (line, column int) {
	at := m.tree.SourceInfo().GetStartLocation(e.ID())
	return at.Line(), at.Column()
}

// accumulated reports a macro's accumulator; that of cel.bind is a variable of
// the author's.
func accumulated(e ast.Expr, accumulators []string) bool {
	return e.Kind() == ast.IdentKind && strings.HasPrefix(e.AsIdent(), "@") && slices.Contains(accumulators, e.AsIdent())
}

func (m *marking) leaf(e ast.Expr, accumulators []string) {
	if e.Kind() == ast.LiteralKind || !m.tree.GetType(e.ID()).IsExactType(cel.BoolType) || accumulated(e, accumulators) {
		return
	}
	line, column := begin(m.tree, e)
	m.parts = append(m.parts, part{e, line, column, ""})
}

// begin gives the line (from 1) and column (from 0) at which a part of an
// expression begins: the place of an operator is its sign, and what it stands
// before begins the part.
func begin(tree *ast.AST, e ast.Expr) (line, column int) {
	line = -1
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(part ast.Expr) {
		at := tree.SourceInfo().GetStartLocation(part.ID())
		if at.Line() >= 1 && (line < 0 || at.Line() < line || at.Line() == line && at.Column() < column) {
			line, column = at.Line(), at.Column()
		}
	}))
	if line < 0 {
		return 1, 0
	}
	return line, column
}

// mark puts the marker's call around a branch: the branch becomes a new node,
// and its own node, to which others point, the call.
func (m *marking) mark(e ast.Expr, branch int) {
	inner := m.factory.NewUnspecifiedExpr(m.id(cel.BoolType))
	inner.SetKindCase(e)
	if ref, ok := m.tree.ReferenceMap()[e.ID()]; ok {
		m.tree.SetReference(inner.ID(), ref)
	}
	number := m.factory.NewLiteral(m.id(cel.IntType), types.Int(branch))
	e.SetKindCase(m.factory.NewCall(e.ID(), seenFunction, number, inner))
	m.tree.SetReference(e.ID(), ast.NewFunctionReference(seenOverload))
}

// id makes the id of a new node.
func (m *marking) id(typ *cel.Type) int64 {
	m.next++
	m.tree.SetType(m.next, typ)
	return m.next
}
