package rules

import (
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// A program is one compiled expression.
type program struct {
	where     string
	condition string   // that it belongs to
	refs      []string // static paths: "products.lines[].price", "old.credit.limit", "state"

	asked []string // those of refs whose absence it takes into account

	sections, olds, facts []string
	wholes                []string // sections read as a whole
	oldVars               []string // the variables of olds

	cost    uint64       // of one run
	times   uint64       // how often "valid.<section>" runs it at most
	back    bool         // it belongs to "change.<section>": it decides by old, or says what such a one found
	says    bool         // it makes up a message, and decides nothing
	stopped error        // why it is not run
	differs []Diagnostic // why not everybody who replays gets the same
	needs   []string     // functions of the application, sorted
	lacks   []string     // those of them that are not there

	texts []string // of a message: the texts in its expression, languages among them

	unwise []unwise

	wrong bool // it could not be compiled, for a mistake in it or in what it reads

	plan   cel.Program
	origin origin // for [Coverage]
}

// An unwise is a mistake for whoever writes a definition: amounts of two currencies
// that meet, a time zone that there is not, a division by zero. What of them a version finds is no part
// of the format; where a definition is in use, each is an error when it is evaluated.
type unwise struct {
	Diagnostic
	name  string // that is not among the known; what was meant is looked for when somebody reads it
	known []string
}

// A job is an expression that is to be compiled.
type job struct {
	program *program
	source  string
	scope   *scope
	want    *cel.Type
}

// expression returns the program of an expression of a wanted type, which
// [compiler.compileAll] will fill in; nil where the source is too long.
func (c *compiler) expression(src string, s *scope, want *cel.Type) *program {
	if len(src) > maxExpression {
		c.at(s.pos, s.where, "an expression has at most "+strconv.Itoa(maxExpression)+" bytes")
		return nil
	}
	if c.bytes += len(src); c.bytes > maxExpressions {
		if c.bytes-len(src) <= maxExpressions {
			c.at(s.pos, s.where, "all expressions together have more than "+strconv.Itoa(maxExpressions)+" bytes")
		}
		return nil
	}
	s.source = src
	p := &program{where: s.where}
	c.jobs = append(c.jobs, job{p, src, s, want})
	return p
}

// compileAll compiles the expressions on all cores: parsing takes most of the
// time that a definition takes. Those that are wrong are compiled again, one
// after the other, to tell what is wrong in the order of the definition.
func (c *compiler) compileAll() {
	failed := make([]bool, len(c.jobs))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(c.jobs)) {
		workers.Go(func() {
			quiet := *c
			quiet.reporter = &reporter{full: true}
			for i := next.Add(1) - 1; i < int64(len(c.jobs)); i = next.Add(1) - 1 {
				failed[i] = !quiet.compile(c.jobs[i])
			}
		})
	}
	workers.Wait()
	for i, j := range c.jobs {
		if failed[i] {
			if j.program.wrong = true; !c.full {
				c.provider.misses = []miss{}
				c.compile(j)
			}
		}
	}
	c.provider.misses = nil
}

// compile fills in a program; false after a mistake, in it or in what it reads.
func (c *compiler) compile(j job) bool {
	s, p := j.scope, j.program
	parsed, issues := c.env.Parse(j.source)
	if len(issues.Errors()) > 0 { // Err() would write them all out
		c.issues(s, j.source, nil, issues)
		return false
	}
	tree := parsed.NativeRep()
	if deep := nested(tree.Expr(), 0); deep != nil {
		c.inExpression(s, tree, deep.ID(), tooNested)
		return false
	}
	r := &resolver{
		c: c, scope: s, tree: tree, factory: ast.NewExprFactory(), nextID: ast.MaxID(tree),
		places: map[int64]string{},
	}
	r.read(tree.Expr())
	if r.bad {
		return false
	}
	checked, issues := c.env.Check(parsed)
	if len(issues.Errors()) > 0 {
		c.issues(s, j.source, tree, issues)
		return false
	}
	floating, unordered := misfits(checked.NativeRep())
	if floating != nil {
		c.inExpression(s, checked.NativeRep(), floating.ID(), "floating-point numbers are not exact")
		return false
	}
	doubtful := c.doubtful(r)
	if unordered != nil && !doubtful {
		c.inExpression(s, checked.NativeRep(), unordered.ID(), "the entries of a map come in no order; write a list")
		return false
	}
	if isDyn(j.want) || doubtful && isDyn(checked.OutputType()) {
		return false // what it must give, or gives, cannot be told
	}
	if got := checked.OutputType(); !got.IsExactType(j.want) && !(j.want.TypeName() == "decimal" && got.IsExactType(cel.IntType)) {
		c.inExpression(s, checked.NativeRep(), checked.NativeRep().Expr().ID(),
			"the expression is "+c.typeName(got)+", and must be "+c.typeName(j.want)+moneyHint(got, j.want))
		return false
	}
	if doubtful {
		return false
	}
	if s.lang {
		p.texts = textsIn(checked.NativeRep())
	}
	p.unwise = append(r.unwise, c.mix(s, checked.NativeRep(), r.places)...)
	fixOperands(checked.NativeRep())
	p.refs, p.asked, p.differs = r.paths(), r.asked, r.differs
	p.sections, p.olds, p.facts, p.needs = r.sections, r.olds, r.facts, r.needs
	for _, name := range p.needs {
		if !c.functionsOf[name] {
			p.lacks = append(p.lacks, name)
		}
	}
	for _, name := range p.olds {
		p.oldVars = append(p.oldVars, oldVar(name))
	}
	for _, ref := range p.refs {
		if _, ok := c.sections[ref]; ok {
			p.wholes = append(p.wholes, ref)
		}
	}
	p.cost = saturatingMul(c.price(p, checked, r.patterns), max(r.factor, 1))
	askWhole(checked.NativeRep())
	return c.plan(p, checked, s)
}

// textsIn lists the texts in an expression.
func textsIn(tree *ast.AST) []string {
	var out []string
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.LiteralKind {
			if s, ok := e.AsLiteral().(types.String); ok {
				out = append(out, string(s))
			}
		}
	}))
	return out
}

// swapped are the overloads with an integer on the left, for which the engine
// has no implementation, and those that do the same.
var swapped = map[string]string{overloadIntDecimal: "multiply_decimal_int", overloadIntMoney: "multiply_money_int"}

// fixOperands swaps integer * decimal and integer * money.
func fixOperands(tree *ast.AST) {
	factory := ast.NewExprFactory()
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operators.Multiply {
			return
		}
		overloads := tree.GetOverloadIDs(e.ID())
		if len(overloads) != 1 || swapped[overloads[0]] == "" {
			return
		}
		args := e.AsCall().Args()
		e.SetKindCase(factory.NewCall(e.ID(), operators.Multiply, args[1], args[0]))
		tree.SetReference(e.ID(), ast.NewFunctionReference(swapped[overloads[0]]))
	}))
}

// plan makes the plan of a checked expression; false after a mistake.
func (c *compiler) plan(p *program, checked *cel.Ast, s *scope) bool {
	var err error
	if p.plan, err = c.env.Program(checked, cel.EvalOptions(cel.OptOptimize)); err != nil {
		c.at(s.pos, s.where, "the expression cannot be prepared (a constant in it has a wrong form, or a pattern is too large)")
		return false
	}
	p.origin = origin{c.env, checked, s}
	return true
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// inExpression reports a mistake at a node of an expression.
func (c *compiler) inExpression(s *scope, tree *ast.AST, id int64, message string) {
	if c.full {
		return
	}
	at := tree.SourceInfo().GetStartLocation(id)
	c.atLocation(s, at.Line(), at.Column(), message)
}

// atLocation reports a mistake at a line (from 1) and column (from 0) of an
// expression.
func (c *compiler) atLocation(s *scope, line, column int, message string) {
	c.add(s.locate(line, column, message))
}

// locate makes the diagnostic of a line (from 1) and column (from 0) of an
// expression.
func (s *scope) locate(line, column int, message string) Diagnostic {
	lines := strings.Split(s.source, "\n")
	d := Diagnostic{Pos: s.pos, Where: s.where, Message: message}
	if line >= 1 && line <= len(lines) && column >= 0 && column <= len([]rune(lines[line-1])) {
		d.Source, d.Caret = lines[line-1], column+1
		if d.Pos.Line == 0 {
			d.Pos.Line, d.Pos.Column = 1, 1
		}
		d.Pos.Line += line - 1
		d.Pos.Column += column
	}
	return d
}
