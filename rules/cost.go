package rules

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// price bounds the static cost of an expression.
func (c *compiler) price(p *program, checked *cel.Ast, patterns map[string]int) uint64 {
	return (&estimator{c: c, patterns: patterns, tree: checked.NativeRep(), merge: c.merging(p)}).estimate(checked)
}

// estimate asks the engine. The environment that all definitions extend has the same
// functions, and keeps its tables.
func (e *estimator) estimate(checked *cel.Ast) uint64 {
	base, err := baseEnv()
	if err != nil {
		return math.MaxUint64
	}
	var own []cost.Option
	if firstPart(e.tree.Expr(), isDistinct) != nil { // an option makes the engine copy its tables
		own = append(own, distinctCost)
	}
	estimate, err := base.EstimateCost(checked, e, own...)
	if err != nil {
		return math.MaxUint64
	}
	return estimate.Max
}

// fieldsAt counts the fields that static paths lead to, and those in them.
func (c *compiler) fieldsAt(paths []string) uint64 {
	count := uint64(0)
	one := func(*node) { count++ }
	for _, path := range paths {
		if s := c.sections[strings.TrimPrefix(path, "old.")]; s != nil {
			for _, f := range s.rec.fields {
				f.each(one)
			}
		} else if n := c.lookup(path); n != nil {
			n.each(one)
		}
	}
	return count
}

// prudence reports what is unwise and what costs too much. The sums are looked at
// once nothing else is wrong: they would only repeat it.
func (c *compiler) prudence(set *Set) {
	for _, j := range c.jobs {
		for _, u := range j.program.unwise {
			if !c.full {
				u.Message += suggest(u.name, u.known)
				c.add(u.Diagnostic)
			}
		}
		if j.program.cost > maxCost {
			c.tooDear(j)
		}
	}
	if len(c.found) > 0 {
		return
	}
	for _, info := range set.infos {
		if info.Cost > maxCost {
			c.at(Position{}, info.ID, "the condition can cost "+strconv.FormatUint(info.Cost, 10)+" units, and "+
				strconv.Itoa(maxCost)+" is the most"+c.smaller(info.Paths))
		}
	}
	if set.cost > maxCost {
		var paths [][]string
		for _, info := range set.infos {
			paths = append(paths, info.Paths)
		}
		each := ""
		if slices.ContainsFunc(set.infos, func(info Info) bool { return info.Times > 1 }) {
			each = ", evaluated for each instance,"
		}
		c.at(Position{}, "definition", "all conditions together"+each+" can cost "+strconv.FormatUint(set.cost, 10)+" units, and "+
			strconv.Itoa(maxCost)+" is the most"+c.smaller(slices.Concat(paths...)))
	}
}

// ErrTooDear is wrapped by what stands in place of an outcome where a condition of a
// frozen definition is not run: see [CompileFrozen].
var ErrTooDear = errors.New("it is not run, since it could take too long")

// restrain marks the conditions and expressions that are not run, since they
// could take far longer than is admitted in any definition. A meter would not do
// instead: the engine counts a call after it, and one can take minutes.
func (s *Set) restrain() {
	all := uint64(0) // of those that are run
	dear := func(info *Info) bool { return info.cost() > maxRun }
	for i := range s.infos {
		if info := &s.infos[i]; !dear(info) {
			all += info.cost()
		}
	}
	stop := func(where string, dear bool) error {
		if dear || all > maxRun {
			return fmt.Errorf("%s: %w", where, ErrTooDear)
		}
		return nil
	}
	rules := []*rule{}
	for _, c := range s.conditions {
		c.stopped = stop(c.id, dear(c.info))
		if c.rule != nil {
			c.rule.test.stopped = c.stopped
			rules = append(rules, c.rule)
		} else if c.test != nil {
			c.test.stopped = c.stopped
		}
	}
	for _, sec := range s.order {
		for _, p := range sec.programs {
			p.stopped = stop(p.where, p.cost > maxRun)
		}
		rules = append(rules, sec.folds...)
	}
	for _, r := range rules {
		if r.message != nil { // it is run beside the condition
			r.message.stopped = stop(r.message.where, r.message.cost > maxRun)
		}
	}
}

// An estimator tells the engine how large values can be, from the maxima of
// their fields.
type estimator struct {
	c         *compiler
	tree      *ast.AST
	patterns  map[string]int   // to their sizes
	merge     uint64           // what merging the names of absent fields costs once
	merges    map[int64]uint64 // how often a call does, by its first operand, and by the others
	looking   bool             // for what has no bound
	boundless int64            // the first operand of a call of which the size has none
}

// EstimateSize implements cost.Estimator.
func (e *estimator) EstimateSize(element cost.AstNode) *cost.SizeEstimate {
	if n := e.node(element); n != nil {
		return n.size()
	}
	if path := element.Path(); len(path) == 1 && path[0] == langVar {
		return &cost.SizeEstimate{Max: maxLang}
	}
	t := element.Type()
	if t == nil || t.Kind() != types.StructKind {
		return nil
	}
	if rec, ok := e.c.provider.records[t.TypeName()]; ok {
		return rec.size()
	}
	one := cost.FixedSizeEstimate(1) // decimal, money, date
	return &one
}

// node finds the field that is at a node of the tree. What comes out of a function has
// no path, such as an item of a list that was filtered or sorted; but a field of it is
// one of its type.
func (e *estimator) node(at cost.AstNode) *node {
	if path := at.Path(); len(path) > 0 {
		return e.nodeAt(path)
	}
	if x := at.Expr(); x != nil && x.Kind() == ast.SelectKind {
		return e.fieldOf(x.AsSelect().Operand(), x.AsSelect().FieldName())
	}
	return nil
}

// fieldOf finds a field of the type of an expression: of a record, or an optional one.
func (e *estimator) fieldOf(operand ast.Expr, name string) *node {
	t := e.tree.GetType(operand.ID())
	if t.Kind() == types.OpaqueKind && len(t.Parameters()) == 1 {
		t = t.Parameters()[0]
	}
	if rec, ok := e.c.provider.records[t.TypeName()]; ok {
		return rec.field(name)
	}
	return nil
}

// nodeAt finds the field that a path of the engine leads to: a variable, then
// names and "@items".
func (e *estimator) nodeAt(path []string) *node {
	var n *node
	var rec *recordType
	switch kind, name, _ := strings.Cut(path[0], ":"); kind {
	case "@s", "@old":
		if n = e.c.lookup(name); n != nil { // a field of a section
			break
		}
		if s := e.c.sections[name]; s != nil {
			rec = s.rec
		}
	case "@f":
		n = e.c.facts[name]
	case "@i":
		n = e.c.items[name]
	}
	if n != nil {
		rec = n.rec
	}
	for _, step := range path[1:] {
		switch {
		case step == "@items" && n != nil:
			n = n.elem
		case rec != nil:
			n = rec.field(step)
		default:
			return nil
		}
		if n == nil {
			return nil
		}
		rec = n.rec
	}
	return n
}

// size is the largest size of the node's value: bytes, items or fields.
func (n *node) size() *cost.SizeEstimate {
	switch n.field.Kind {
	case KindText:
		return &cost.SizeEstimate{Max: textBytes * uint64(n.sizeMax)}
	case KindChoice:
		return &cost.SizeEstimate{Max: uint64(n.sizeMax)}
	case KindList:
		return &cost.SizeEstimate{Max: uint64(n.sizeMax), Elem: n.elem.size()}
	case KindRecord:
		return n.rec.size()
	}
	one := cost.FixedSizeEstimate(1)
	return &one
}

// size is what comparing two such records can cost, in bytes that would cost as much.
func (t *recordType) size() *cost.SizeEstimate {
	total := cost.FixedSizeEstimate(0)
	for _, f := range t.fields {
		size := *f.size()
		if size.Elem != nil {
			size = size.Multiply(size.Elem.Add(cost.FixedSizeEstimate(itemCost / compareCost)))
		}
		total = total.Add(size).Add(cost.FixedSizeEstimate(fieldCost / compareCost))
	}
	return &cost.SizeEstimate{Max: total.Max}
}

const (
	// textBytes are the bytes that a code point takes at most.
	textBytes = 4
	// maxLang is the longest tag of a language that a message is asked for in.
	maxLang = 35
	// workdayCost is that of walking maxWorkdays days.
	workdayCost = 20_000
	// hostCost is what a function of the application is taken to cost: a look-up in memory.
	hostCost = 100
	// decimalText is the longest text of an intermediate decimal or amount.
	decimalText = maxWorkingScale + 10
)

// EstimateCallCost implements cost.Estimator.
func (e *estimator) EstimateCallCost(function, overload string, target *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
	if e.looking && e.boundless == 0 {
		e.look(target, args)
	}
	c := e.call(function, overload, target, args)
	if merges := e.mergesOf(function, target, args); merges > 0 {
		if c == nil {
			c = e.standard(overload, target, args)
		}
		return &cost.CallEstimate{CostEstimate: c.Add(cost.FixedCostEstimate(saturatingMul(merges, e.merge))), ResultSize: c.ResultSize}
	}
	return c
}

// look notes the first operand of which the size has no bound.
func (e *estimator) look(target *cost.AstNode, args []cost.AstNode) {
	if target != nil {
		args = append([]cost.AstNode{*target}, args...)
	}
	for i := range args {
		switch args[i].Type().Kind() {
		case types.StringKind, types.ListKind, types.MapKind, types.DynKind:
			if size := e.argument(&args[i]); size.Max == math.MaxUint64 {
				e.boundless = args[i].Expr().ID()
				return
			}
		}
	}
}

// call is what a call of a function of this package costs; the engine knows its own.
func (e *estimator) call(function, overload string, target *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
	fixed := func(units uint64) *cost.CallEstimate {
		return &cost.CallEstimate{CostEstimate: cost.FixedCostEstimate(units)}
	}
	if c := e.price(function, overload, target, args); c != nil {
		return c
	}
	switch overload {
	case "decimal_to_string", "money_to_string":
		c := fixed(25)
		c.ResultSize = &cost.SizeEstimate{Max: decimalText}
		return c
	case "money_currency":
		c := fixed(1)
		c.ResultSize = &cost.SizeEstimate{Min: 3, Max: 3}
		return c
	case "date_to_string", "int64_to_string", "bool_to_string", "timestamp_to_string", "duration_to_string":
		// The engine leaves these unbounded; a timestamp with nanoseconds is the longest.
		c := fixed(5)
		c.ResultSize = &cost.SizeEstimate{Max: 40}
		return c
	case overloads.StringToString: // the text as it is
		return &cost.CallEstimate{CostEstimate: cost.FixedCostEstimate(1), ResultSize: e.argument(&args[0])}
	case "select_optional_field": // a.?b, whose size the engine does not look for
		name, _ := args[1].Expr().AsLiteral().(types.String)
		n := e.fieldOf(args[0].Expr(), string(name))
		if path := args[0].Path(); len(path) > 0 {
			n = e.nodeAt(append(slices.Clone(path), string(name)))
		}
		if n != nil {
			c := fixed(1)
			c.ResultSize = &cost.SizeEstimate{Max: 1, Elem: n.size()}
			return c
		}
	case "date_addWorkdays", "date_workdaysUntil":
		return fixed(workdayCost)
	case "list_int_sum":
		if size := e.argument(target); size != nil {
			return &cost.CallEstimate{CostEstimate: cost.Estimate{Min: 1, Max: saturatingAdd(size.Max, 1)}}
		}
	}
	if strings.HasPrefix(overload, "host_") {
		c := fixed(hostCost)
		c.ResultSize = &cost.SizeEstimate{Max: textBytes * defaultText}
		return c
	}
	return nil
}

func (e *estimator) argument(target *cost.AstNode) *cost.SizeEstimate {
	if target == nil {
		return nil
	}
	if size := (*target).ComputedSize(); size != nil {
		return size
	}
	if size := e.EstimateSize(*target); size != nil {
		return size
	}
	unknown := cost.UnknownSizeEstimate()
	return &unknown
}

func saturatingAdd(a, b uint64) uint64 {
	if a > math.MaxUint64-b {
		return math.MaxUint64
	}
	return a + b
}

func saturatingMul(a, b uint64) uint64 {
	if high, low := bits.Mul64(a, b); high == 0 {
		return low
	}
	return math.MaxUint64
}
