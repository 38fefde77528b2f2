package rules

import (
	"math"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// A unit of cost stands for at most a tenth of a microsecond, and 13 bytes that
// can be kept. The engine's own prices keep to it, but for what follows, and for
// fields that are absent (merge.go); they were measured with the dearest
// expressions that are accepted, of which TestDearest and TestDearestAbsent keep count.
const (
	// decimalCost is that of one operation on decimals: a number of 120 digits.
	decimalCost = 11
	// parseCost is that of reading one, and of making one of an integer.
	parseCost = 10
	// divisionCost is that of dividing or rounding them.
	divisionCost = 60
	// zoneCost is that of a named time zone, which is looked up at each call.
	zoneCost = 500
	// scanCost is that of a byte that a format reads, countCost that of one whose
	// text is measured, compareCost that of one that is compared, stepCost that of
	// one step of a pattern at one byte.
	scanCost, countCost, compareCost, stepCost = 0.1, 0.01, 0.001, 0.05
	// slotCost is that of the place of a field in a record, of which each item of a list has
	// its own: "valid.<section>" looks at it even if nothing is there.
	slotCost = 1
	// itemCost is that of comparing two items, and fieldCost two fields of records.
	itemCost, fieldCost = 0.3, 0.3
)

// dear are the functions that cost more units than the engine says, by how many
// times: it lets nobody correct it for its own extensions.
var dear = map[string]uint64{"flatten": 10, "sets.equivalent": 2, "sets.contains": 2, "sets.intersects": 2, "strings.quote": 8, "reverse": 2}

// distinctCost is the price of l.distinct(), which compares each two items once at most;
// to the engine it is twenty times dearer.
var distinctCost = cost.OverloadCostEstimate("list_distinct", func(_ cost.Estimator, target *cost.AstNode, _ []cost.AstNode) *cost.CallEstimate {
	size := cost.UnknownSizeEstimate()
	if known := (*target).ComputedSize(); known != nil {
		size = *known
	}
	return &cost.CallEstimate{CostEstimate: cost.Estimate{Min: 1, Max: cost.SafeCeil(1 + float64(size.Max)*comparing(&size)/2)}, ResultSize: &size}
})

func isDistinct(e ast.Expr) bool {
	return e.Kind() == ast.CallKind && e.AsCall().FunctionName() == "distinct"
}

// price gives the cost of calls that the engine takes to be cheaper than they
// are; nil where it is right.
func (e estimator) price(function, overload string, target *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
	units := func(n float64) *cost.CallEstimate {
		return &cost.CallEstimate{CostEstimate: cost.Estimate{Min: 1, Max: cost.SafeAdd(cost.SafeCeil(n), 1)}}
	}
	subject := target
	if subject == nil && len(args) > 0 {
		subject = &args[0]
	}
	switch overload {
	case overloads.Equals, overloads.NotEquals:
		if len(args) != 2 || !compound(args[0]) && args[0].Type().Kind() != types.StringKind {
			return nil
		}
		left, right := e.argument(&args[0]), e.argument(&args[1])
		return units(min(comparing(left), comparing(right)))
	case overloads.InList:
		if size := e.argument(&args[1]); size.Elem != nil {
			return units(float64(size.Max) * (1 + comparing(size.Elem)))
		}
	case "string_to_decimal", "int_to_decimal", "string_to_money":
		return units(parseCost)
	case overloads.SizeString, overloads.SizeStringInst:
		return units(float64(e.argument(subject).Max) * countCost)
	case overloads.MatchesString, overloads.Matches:
		pattern, _ := args[len(args)-1].Expr().AsLiteral().(types.String)
		steps, ok := e.patterns[string(pattern)]
		if !ok {
			return nil
		}
		return units(float64(e.argument(subject).Max) * float64(steps) * stepCost)
	}
	switch {
	case strings.HasPrefix(overload, "timestamp_to_") && len(args) == 1:
		return units(zoneCost)
	case strings.HasPrefix(overload, "list_decimal_sum"), strings.HasPrefix(overload, "list_money_sum"):
		return units(float64(e.argument(subject).Max) * decimalCost)
	case isDecimal(subject) && (strings.HasSuffix(function, "div") || strings.HasPrefix(function, "round")):
		return units(divisionCost)
	case isDecimal(subject) && (strings.Contains(function, "_") || function == "abs"): // operators
		return units(decimalCost)
	case target != nil && strings.HasPrefix(function, "is") && len(args) <= 1:
		return units(10 + float64(e.argument(target).Max)*scanCost) // formats read their text once
	}
	return nil
}

// compound reports a value whose parts are compared one by one.
func compound(n cost.AstNode) bool {
	switch t := n.Type(); t.Kind() {
	case types.ListKind, types.MapKind:
		return true
	case types.StructKind:
		return !isDecimal(&n) && t.TypeName() != "date"
	}
	return false
}

func isDecimal(n *cost.AstNode) bool {
	return n != nil && (*n).Type() != nil && ((*n).Type().TypeName() == "decimal" || (*n).Type().TypeName() == "money")
}

// comparing is what it costs to compare two values of a size.
func comparing(size *cost.SizeEstimate) float64 {
	if size == nil {
		return math.Inf(1)
	}
	if size.Elem != nil {
		return float64(size.Max) * (itemCost + comparing(size.Elem))
	}
	return float64(size.Max) * compareCost
}
