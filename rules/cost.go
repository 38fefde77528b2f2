package rules

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
)

// price bounds the static cost of an expression. The environment that all
// definitions extend has the same functions, and keeps its tables.
func (c *compiler) price(checked *cel.Ast, patterns map[string]int) uint64 {
	base, err := baseEnv()
	if err != nil {
		return math.MaxUint64
	}
	estimate, err := base.EstimateCost(checked, estimator{c, patterns})
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
	least := "; give lists and texts a smaller max"
	for _, j := range c.jobs {
		for _, u := range j.program.unwise {
			if !c.full {
				u.Message += suggest(u.name, u.known)
				c.add(u.Diagnostic)
			}
		}
		if j.program.cost <= maxCost {
			continue
		}
		if j.program.cost == math.MaxUint64 {
			c.at(j.scope.pos, j.scope.where, "the cost of the expression has no bound; leave out dyn() and format(), or give lists and texts a smaller max")
			continue
		}
		c.at(j.scope.pos, j.scope.where, "the expression can cost "+strconv.FormatUint(j.program.cost, 10)+" units, and "+
			strconv.Itoa(maxCost)+" is the most"+least)
	}
	if len(c.found) > 0 {
		return
	}
	for _, info := range set.infos {
		if info.Cost > maxCost {
			c.at(Position{}, info.ID, "the condition can cost "+strconv.FormatUint(info.Cost, 10)+" units, and "+
				strconv.Itoa(maxCost)+" is the most"+least)
		}
	}
	if set.cost > maxTotalCost {
		each := ""
		if slices.ContainsFunc(set.infos, func(info Info) bool { return info.Times > 1 }) {
			each = ", evaluated for each instance,"
		}
		c.at(Position{}, "definition", "all conditions together"+each+" can cost "+strconv.FormatUint(set.cost, 10)+" units, and "+
			strconv.Itoa(maxTotalCost)+" is the most"+least)
	}
}

// restrain marks the conditions and expressions that are not run, since they
// could take far longer than is admitted in any definition. A meter would not do
// instead: the engine counts a call after it, and one can take minutes.
func (s *Set) restrain() {
	all := uint64(0) // of those that are run
	dear := func(info *Info) bool {
		return info.Cost > maxCost*costSlack || info.cost() > maxTotalCost*costSlack
	}
	for i := range s.infos {
		if info := &s.infos[i]; !dear(info) {
			all += info.cost()
		}
	}
	stop := func(where string, dear bool) error {
		if dear || all > maxTotalCost*costSlack {
			return &EvalError{Where: where, Reason: "it is not run, since it could take too long", always: true}
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
			p.stopped = stop(p.where, p.cost > maxCost*costSlack)
		}
		rules = append(rules, sec.folds...)
	}
	for _, r := range rules {
		if r.message != nil { // it is run beside the condition
			r.message.stopped = stop(r.message.where, r.message.cost > maxCost*costSlack)
		}
	}
}

// An estimator tells the engine how large values can be, from the maxima of
// their fields.
type estimator struct {
	c        *compiler
	patterns map[string]int // to their sizes
}

// EstimateSize implements cost.Estimator.
func (e estimator) EstimateSize(element cost.AstNode) *cost.SizeEstimate {
	if n := e.node(element.Path()); n != nil {
		return n.size()
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

// node finds the field that a path of the engine leads to: a variable, then
// names and "@items".
func (e estimator) node(path []string) *node {
	if len(path) == 0 {
		return nil
	}
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

// size is what comparing two such records can cost.
func (t *recordType) size() *cost.SizeEstimate {
	total := cost.FixedSizeEstimate(0)
	for _, f := range t.fields {
		size := *f.size()
		if size.Elem != nil {
			size = size.Multiply(*size.Elem)
		}
		total = total.Add(size)
	}
	return &cost.SizeEstimate{Max: total.Max}
}

const (
	// textBytes are the bytes that a code point takes at most.
	textBytes = 4
	// workdayCost is that of walking maxWorkdays days.
	workdayCost = 20_000
	// hostCost is what a function of the application is taken to cost: a look-up in memory.
	hostCost = 100
	// decimalText is the longest text of an intermediate decimal or amount.
	decimalText = maxWorkingScale + 10
)

// EstimateCallCost implements cost.Estimator for the functions of this
// package; the engine knows its own.
func (e estimator) EstimateCallCost(function, overload string, target *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
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
	case "select_optional_field": // a.?b, whose size the engine does not look for
		name, _ := args[1].Expr().AsLiteral().(types.String)
		if n := e.node(append(slices.Clone(args[0].Path()), string(name))); n != nil && len(args[0].Path()) > 0 {
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

func (e estimator) argument(target *cost.AstNode) *cost.SizeEstimate {
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
