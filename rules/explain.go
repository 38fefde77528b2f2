package rules

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/types"
)

// The engine's messages, in the words of templates. A message that is not
// recognized is passed on as it is: it holds parts of the template, and no
// values.
var (
	undefinedField = regexp.MustCompile(`^undefined field '(.*)'`)
	noOverload     = regexp.MustCompile(`^found no matching overload for '(.*)' applied to '(.*)'`)
)

// issues turns what the engine found into diagnostics.
func (c *compiler) issues(s *scope, src string, tree *ast.AST, found *cel.Issues) {
	if c.syntax(s, src, found) {
		return
	}
	lines := strings.Split(src, "\n")
	for _, issue := range found.Errors() {
		if c.full {
			return
		}
		line, column := issue.Location.Line(), issue.Location.Column()
		message := issue.Message
		if m := undefinedField.FindStringSubmatch(message); m != nil {
			message = c.fieldMessage(m[1])
			// The engine points to the dot.
			if line >= 1 && line <= len(lines) && strings.HasPrefix(runesFrom(lines[line-1], column), ".") {
				column++
			}
		} else if m := noOverload.FindStringSubmatch(message); m != nil {
			message = c.overloadMessage(m[1], m[2], findExpr(tree, issue.ExprID))
		}
		c.atLocation(s, line, column, message)
	}
}

// fieldMessage explains a field that does not exist. The provider remembers of
// which record the engine asked it.
func (c *compiler) fieldMessage(name string) string {
	for _, miss := range c.provider.misses {
		if miss.name == name {
			return strconv.Quote(miss.record.name) + " has no field " + strconv.Quote(name) + suggest(name, miss.record.names())
		}
	}
	return "there is no field " + strconv.Quote(name)
}

func runesFrom(s string, n int) string {
	r := []rune(s)
	if n < 0 || n > len(r) {
		return ""
	}
	return string(r[n:])
}

func findExpr(tree *ast.AST, id int64) ast.Expr {
	var found ast.Expr
	if tree != nil {
		ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
			if e.ID() == id {
				found = e
			}
		}))
	}
	return found
}

// overloadMessage explains that a function does not take these types.
func (c *compiler) overloadMessage(function, arguments string, e ast.Expr) string {
	function = strings.Trim(strings.ReplaceAll(function, "_", " "), " ")
	list := splitTypes(arguments)
	words := make([]string, len(list))
	var operands []ast.Expr
	if e != nil && e.Kind() == ast.CallKind {
		operands = e.AsCall().Args()
		if e.AsCall().IsMemberFunction() {
			operands = append([]ast.Expr{e.AsCall().Target()}, operands...)
		}
	}
	for i, t := range list {
		words[i] = typeWord(t)
		if len(operands) == len(list) {
			if text := written(operands[i]); text != "" {
				words[i] = text + " (" + words[i] + ")"
			}
		}
	}
	message := strconv.Quote(function) + " does not take " + strings.Join(words, " and ")
	if as := c.otherForm(e); as != "" {
		return message + "; write " + as
	}
	has := func(t string) bool { return slices.Contains(list, t) }
	switch {
	case has("money"):
		message += moneyAdvice(function, list)
	case has("decimal") && has("int"):
		message += "; write a decimal as decimal(\"12.50\")"
	case has("date") && has("string"):
		message += "; write a date as date(\"2026-01-31\")"
	case has("date") && (has("duration") || has("google.protobuf.Duration")):
		message += "; add days to a date with addDays(n)"
	case has("date") && (has("timestamp") || has("google.protobuf.Timestamp")):
		message += "; the date of a datetime is datetime.date()"
	}
	return message
}

// otherForm writes a call of a member function as one, or of one that is none as
// none, where it is the other that was written.
func (c *compiler) otherForm(e ast.Expr) string {
	if e == nil || e.Kind() != ast.CallKind {
		return ""
	}
	call := e.AsCall()
	function := c.env.Functions()[call.FunctionName()]
	if function == nil || slices.ContainsFunc(function.OverloadDecls(), func(o *decls.OverloadDecl) bool {
		return o.IsMemberFunction() == call.IsMemberFunction()
	}) {
		return ""
	}
	args := make([]string, len(call.Args()))
	for i, arg := range call.Args() {
		args[i] = cmp.Or(written(arg), "…")
	}
	if call.IsMemberFunction() {
		return call.FunctionName() + "(" + strings.Join(append([]string{cmp.Or(written(call.Target()), "…")}, args...), ", ") + ")"
	}
	if len(args) == 0 {
		return "…." + call.FunctionName() + "()"
	}
	return args[0] + "." + call.FunctionName() + "(" + strings.Join(args[1:], ", ") + ")"
}

// splitTypes splits "(decimal, list(int))" at the commas outside parentheses,
// also the receiver of "text.(int)".
func splitTypes(s string) []string {
	if receiver, rest, ok := strings.Cut(s, ".("); ok && !strings.HasPrefix(s, "(") {
		return append([]string{receiver}, splitTypes("("+rest)...)
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "("), ")")
	var out []string
	depth, start := 0, 0
	for i, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	if s != "" {
		out = append(out, strings.TrimSpace(s[start:]))
	}
	return out
}

// written gives a name with its fields, or a short literal, as the author
// wrote it.
func written(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		if kind, rest, ok := strings.Cut(name, ":"); ok {
			switch kind {
			case "@old":
				return "old." + rest
			case "@i":
				return "this"
			}
			return rest
		}
		return strings.TrimPrefix(name, "@")
	case ast.SelectKind:
		if operand := written(e.AsSelect().Operand()); operand != "" && !e.AsSelect().IsTestOnly() {
			return operand + "." + e.AsSelect().FieldName()
		}
	case ast.LiteralKind:
		switch v := e.AsLiteral().(type) {
		case types.Int:
			return strconv.FormatInt(int64(v), 10)
		case types.String:
			if len(v) <= 40 {
				return strconv.Quote(string(v))
			}
		}
	}
	return ""
}

// typeWord gives a type of the engine in the words of templates.
func typeWord(t string) string {
	switch t {
	case "int":
		return string(KindInteger)
	case "string":
		return string(KindText)
	case "bool":
		return string(KindBoolean)
	case "timestamp", "google.protobuf.Timestamp":
		return string(KindDatetime)
	case "google.protobuf.Duration":
		return string(KindDuration)
	case "double":
		return "floating-point number"
	case "dyn":
		return "anything"
	case "null", "null_type":
		return "null"
	}
	if inner, ok := strings.CutPrefix(t, "list("); ok {
		return "list of " + typeWord(strings.TrimSuffix(inner, ")"))
	}
	return strings.TrimPrefix(t, recordMark)
}

// typeName gives a type in the words of templates.
func (c *compiler) typeName(t *cel.Type) string {
	name := cel.FormatCELType(t)
	if t, ok := c.provider.records[name]; ok {
		return "the record " + strconv.Quote(t.name)
	}
	return typeWord(name)
}

// functionNames lists functions and macros, for suggestions.
func (c *compiler) functionNames() []string {
	names := slices.Sorted(maps.Keys(c.env.Functions()))
	for _, m := range c.env.Macros() {
		names = append(names, m.Function())
	}
	return names
}
