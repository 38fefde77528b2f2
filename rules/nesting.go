package rules

import (
	"regexp"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
)

// The engine bounds what stands in each other and what stands in a row by one
// number, though a sum of a hundred fields is honest, and a hundred lists in each
// other are not; and it tells neither where it stopped nor what to do.

// ownField is what to do with an expression that is too much for one.
const ownField = "give a part of it a field of its own, with compute"

var (
	tooNested = "more than " + strconv.Itoa(maxExpressionDepth) + " calls, lists and maps in each other; " + ownField
	tooLong   = "more than " + strconv.Itoa(maxExpressionChain) + " operators in a row, or brackets in each other; write a sum as [a, b, …].sum(), or " + ownField
	tooMany   = "the expression has more than " + strconv.Itoa(maxExpressionNodes) + " names, values, operators and calls, where all() and the like count for several; " + ownField
)

// What the engine says of an expression that is too much for it.
var (
	engineDeep = regexp.MustCompile(`recursion (?:limit|depth) exceeded`)
	engineMany = regexp.MustCompile(`node count`)
)

// sizeMessage explains that an expression is too much for the engine, and finds
// the line (from 1) and column (from 0) at which; false of any other message.
func sizeMessage(src, message string) (explained string, line, column int, ok bool) {
	switch {
	case engineDeep.MatchString(message):
		line, column = placeOf(src, excess(src))
		return tooLong, line, column, true
	case engineMany.MatchString(message):
		return tooMany, 1, 0, true
	}
	return "", 0, 0, false
}

// excess gives the offset of the bracket or operator that is one too many, of
// those that are open or stand in a row; 0 where it cannot be told.
func excess(src string) int {
	type row struct{ operators, dots int }
	rows := []row{{}} // what stands in a row, by open bracket
	for i := 0; i < len(src); i++ {
		last := len(rows) - 1
		switch ch := src[i]; {
		case strings.HasPrefix(src[i:], "//"):
			for i < len(src) && src[i] != '\n' {
				i++
			}
		case ch == '"' || ch == '\'':
			i = textEnd(src, i)
		case strings.IndexByte("([{", ch) >= 0:
			rows = append(rows, row{})
		case strings.IndexByte(")]}", ch) >= 0 && last > 0:
			rows = rows[:last]
		case ch == ',' || ch == '&' || ch == '|':
			rows[last] = row{}
		case ch == '.':
			rows[last].dots++
		case strings.IndexByte("+-*/%?<>=", ch) >= 0:
			rows[last] = row{operators: rows[last].operators + 1}
		}
		if last := len(rows) - 1; last > maxExpressionChain || rows[last].operators+rows[last].dots > maxExpressionChain {
			return i
		}
	}
	return 0
}

// nested finds the first call, list or map that stands in too many others. What a
// function is called on stands before it, and not in it; operators and
// conditionals stand in a row.
func nested(e ast.Expr, depth int) ast.Expr {
	if depth > maxExpressionDepth {
		return e
	}
	look := func(depth int, parts ...ast.Expr) ast.Expr {
		for _, part := range parts {
			if found := nested(part, depth); found != nil {
				return found
			}
		}
		return nil
	}
	switch e.Kind() {
	case ast.SelectKind:
		return nested(e.AsSelect().Operand(), depth)
	case ast.ListKind:
		return look(depth+1, e.AsList().Elements()...)
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			if found := look(depth+1, entry.AsMapEntry().Key(), entry.AsMapEntry().Value()); found != nil {
				return found
			}
		}
	case ast.CallKind:
		call := e.AsCall()
		if call.IsMemberFunction() {
			if found := nested(call.Target(), depth); found != nil {
				return found
			}
		} else if isOperator(call.FunctionName()) {
			return look(depth, call.Args()...)
		}
		return look(depth+1, call.Args()...)
	case ast.ComprehensionKind:
		loop := e.AsComprehension()
		if found := nested(loop.IterRange(), depth); found != nil {
			return found
		}
		return look(depth+1, loop.AccuInit(), loop.LoopCondition(), loop.LoopStep(), loop.Result())
	}
	return nil
}

// isOperator reports a function that is written as an operator: _+_, !_, _?_:_.
// a[i] is none, since its index stands in brackets.
func isOperator(function string) bool {
	return strings.Contains(function, "_") && !strings.ContainsAny(function, "[abcdefghijklmnopqrstuvwxyz") || function == "@in"
}
