package rules

import (
	"cmp"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// refuse reports functions that conditions cannot use.
func (r *resolver) refuse(e ast.Expr, name string, args []ast.Expr) {
	switch name {
	case "matches":
		pattern := args[len(args)-1]
		text, ok := pattern.AsLiteral().(types.String)
		if pattern.Kind() != ast.LiteralKind || !ok {
			// The engine counts the cost of a match after it, when it is too late.
			r.mistake(pattern.ID(), "the pattern of matches() is a literal text")
			return
		}
		size, err := types.RegexProgramSize(string(text))
		if err != nil {
			r.mistake(pattern.ID(), "the pattern is no regular expression (RE2)")
		} else if size > maxPattern {
			r.mistake(pattern.ID(), "the pattern is too large: it compiles to "+strconv.Itoa(size)+" steps, and "+strconv.Itoa(maxPattern)+" is the most")
		}
		if r.patterns == nil {
			r.patterns = map[string]int{}
		}
		r.patterns[string(text)] = size
		if hasUnicodeClass(string(text)) {
			r.differ(pattern.ID(), "classes of Unicode such as \\p{L} grow with its versions; [A-Za-z] does not")
		}
	case "double":
		r.mistake(e.ID(), "floating-point numbers are not exact; use decimal()")
	case "cel.@mapInsert":
		// The engine copies the whole map for each entry.
		r.mistake(e.ID(), "transformMap() is not for conditions; transformList() is")
	case "lists.range":
		r.mistake(e.ID(), "lists.range() is not for conditions: lists come from fields")
	case "decimal", "date", "money", "sum":
		r.literal(args, name)
	}
	r.breaks(name, args)
	if zoned[name] != "" && len(args) == 1 {
		r.zone(e, args[0])
	}
	if isRevisedFunction(name) {
		r.differ(e.ID(), name+"() follows a table that is revised")
	}
	if _, ok := r.c.functionsOf[name]; ok {
		if !r.scope.past {
			r.mistake(e.ID(), name+"() is the application's own, and cannot be called here: when and compute give the same to everybody")
		}
		r.needs.add(name)
		r.differ(e.ID(), name+"() is a function of the application's own")
	}
}

// misfits finds a floating-point number, which some functions of the engine give,
// such as math.sqrt, and a walk over a map, whose entries come in another order
// each time; that of a value without a type may be one.
func misfits(tree *ast.AST) (floating, unordered ast.Expr) {
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if floating == nil && tree.GetType(e.ID()).Kind() == types.DoubleKind {
			floating = e
		}
		if unordered == nil && e.Kind() == ast.ComprehensionKind {
			if walked := e.AsComprehension().IterRange(); tree.GetType(walked.ID()).Kind() != types.ListKind {
				unordered = walked
			}
		}
	}))
	return floating, unordered
}

// hasUnicodeClass finds \p and \P in a pattern.
func hasUnicodeClass(pattern string) bool {
	for i := 0; i+1 < len(pattern); i++ {
		if pattern[i] == '\\' {
			if i++; pattern[i] == 'p' || pattern[i] == 'P' {
				return true
			}
		}
	}
	return false
}

// choice reports a literal that is compared with a choice, and is none of those
// that there are: the comparison could only be false.
func (r *resolver) choice(path string, e ast.Expr) {
	if path == "" || e.Kind() != ast.LiteralKind {
		return
	}
	n := r.c.lookup(path)
	text, ok := e.AsLiteral().(types.String)
	if n == nil || !ok || n.field.Kind != KindChoice || n.unsure {
		return
	}
	if _, ok := n.choices[string(text)]; !ok {
		r.misnamed(e, strconv.Quote(n.path)+" has no choice "+strconv.Quote(string(text)), func() string {
			return cmp.Or(suggest(string(text), n.names), oneOf(n.names))
		})
	}
}

// oneOf ends a message with what there is, if that is not much.
func oneOf(names []string) string {
	if len(names) > 8 {
		return ""
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	return "; there is " + strings.Join(quoted, ", ")
}

// literal checks decimal("…"), date("…"), money("…"), money(x, "…") and
// sum("…") while somebody is there to read.
func (r *resolver) literal(args []ast.Expr, function string) {
	if len(args) == 0 {
		return
	}
	last := args[len(args)-1]
	text, ok := literalText(last)
	if !ok {
		return
	}
	if function == "sum" || len(args) == 2 {
		function = "currency"
	}
	switch function {
	case "decimal":
		if _, ok := parseDecimal(text); !ok {
			r.mistake(last.ID(), "this is no decimal number such as \"12.50\"")
		}
	case "date":
		if _, ok := parseDate(text); !ok {
			r.mistake(last.ID(), "this is no date such as \"2026-01-31\"")
		}
	case "money":
		if _, ok := parseMoney(text); !ok {
			r.mistake(last.ID(), "this is no amount with its currency such as \"12.50 EUR\"")
		}
	case "currency":
		if !isCurrencyCode(text) {
			r.mistake(last.ID(), "this is no currency: three capital letters, such as \"EUR\"")
		}
	}
}

// literalText gives the text of a literal.
func literalText(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	text, ok := e.AsLiteral().(types.String)
	return string(text), ok
}
