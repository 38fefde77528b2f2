package rules

import (
	"sync"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/operators"
)

// Where both operands of a call are unknown for want of fields, the engine makes a new
// unknown with the names of all. It takes longer than anything that it does with values
// of a fixed size, and its own prices leave it out. Whoever fills in a tray decides what
// is absent in it, so each call pays for what it would merge.
const (
	// mergeCost is what making an unknown costs that has room for twice the names of fewNames,
	// and each name more costs a unit.
	mergeCost = 3
	fewNames  = 4
)

// merging is what a program pays for merging two unknowns, each with every name that it
// could meet: those of the fields that it reads, and of functions that are not there.
func (c *compiler) merging(p *program) uint64 {
	names := c.fieldsAt(p.refs) + uint64(len(p.needs))
	if names == 0 {
		return 0
	}
	return mergeCost + max(names, fewNames) - fewNames
}

// mergesOf counts how often one run of a call merges unknowns: one time less than it has
// operands that can be unknown. It pays for the parts of its operands, too, that the engine
// asks nobody else the price of: lists and maps, and functions with models of their own. The
// engine asks for the innermost call first, and for the same in a loop more than once.
func (e *estimator) mergesOf(function string, target *cost.AstNode, args []cost.AstNode) uint64 {
	if e.merge == 0 {
		return 0
	}
	var few [4]ast.Expr
	operands := few[:0]
	if target != nil {
		operands = append(operands, (*target).Expr())
	}
	for _, arg := range args {
		operands = append(operands, arg.Expr())
	}
	if len(operands) == 0 {
		return 0
	}
	if n, ok := e.merges[operands[0].ID()]; ok {
		return n
	}
	if e.merges == nil {
		e.merges = map[int64]uint64{}
	}
	n := e.within(operands)
	if function != operators.Conditional { // which takes one of its operands as it is
		n += merged(operands)
	}
	for _, x := range operands {
		e.merges[x.ID()] = n
	}
	return n
}

// merged counts the merges of values that all are needed.
func merged(operands []ast.Expr) uint64 {
	n := uint64(0)
	for _, x := range operands {
		if x.Kind() != ast.LiteralKind {
			n++
		}
	}
	return max(n, 1) - 1
}

// within counts the merges in parts that were not paid for yet.
func (e *estimator) within(parts []ast.Expr) (n uint64) {
	for _, x := range parts {
		if _, paid := e.merges[x.ID()]; paid {
			continue
		}
		var inner []ast.Expr
		switch x.Kind() {
		case ast.SelectKind:
			inner = []ast.Expr{x.AsSelect().Operand()}
		case ast.ListKind:
			inner = x.AsList().Elements()
			n += merged(inner)
		case ast.MapKind:
			for _, entry := range x.AsMap().Entries() {
				inner = append(inner, entry.AsMapEntry().Key(), entry.AsMapEntry().Value())
			}
			n += merged(inner)
		case ast.CallKind:
			if call := x.AsCall(); call.IsMemberFunction() {
				inner = append([]ast.Expr{call.Target()}, call.Args()...)
			} else {
				inner = call.Args()
			}
			n += merged(inner)
		case ast.ComprehensionKind: // its steps are calls
			loop := x.AsComprehension()
			inner = []ast.Expr{loop.IterRange(), loop.AccuInit(), loop.Result()}
		}
		n += e.within(inner)
	}
	return n
}

// standardCosts are the engine's own prices of the functions that are its own.
var standardCosts = sync.OnceValue(cost.StandardOverloadEstimators)

func (e *estimator) standard(overload string, target *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
	if price, ok := standardCosts()[overload]; ok {
		if c := price(e, target, args); c != nil {
			return c
		}
	}
	return &cost.CallEstimate{CostEstimate: cost.FixedCostEstimate(1)}
}
