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
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// The engine's messages, in the words of templates. A message that is not
// recognized is passed on as it is: it holds parts of the template, and no
// values.
var (
	undefinedField = regexp.MustCompile(`^undefined field '(.*)'`)
	noOverload     = regexp.MustCompile(`^found no matching overload for '(.*)' applied to '(.*)'`)
	wrongType      = regexp.MustCompile(`^expected type '(.*)' but found '(.*)'$`)
	noName         = regexp.MustCompile(`^argument (?:is not an identifier|must be a simple name)$|variable names? must be (?:a )?simple identifiers?$`)
	noSelection    = regexp.MustCompile(`^(?:type '(.*)' does not support field selection|unexpected failed resolution of '(.*)')$`)
)

// issues turns what the engine found into diagnostics.
func (c *compiler) issues(s *scope, src string, tree *ast.AST, found *cel.Issues) {
	if c.syntax(s, src, found) {
		return
	}
	lines := strings.Split(src, "\n")
	for i, issue := range found.Errors() {
		if c.full {
			return
		}
		line, column := issue.Location.Line(), issue.Location.Column()
		message := issue.Message
		if explained, line, column, ok := sizeMessage(src, message); ok { // the others follow from it
			c.atLocation(s, line, column, explained)
			return
		}
		if m := undefinedField.FindStringSubmatch(message); m != nil {
			message = c.fieldMessage(m[1])
			// The engine points to the dot.
			if line >= 1 && line <= len(lines) && strings.HasPrefix(runesFrom(lines[line-1], column), ".") {
				column++
			}
		} else if m := noOverload.FindStringSubmatch(message); m != nil {
			if i > 0 && slices.Contains(splitTypes(m[2]), "dyn") {
				continue // of what was wrong before
			}
			e := findExpr(tree, issue.ExprID)
			if operand, t := notBoolean(e, m[1], m[2]); operand != nil {
				message = s.typeMessage("bool", t, operand)
				line, column = start(tree, operand, lines)
			} else {
				message = c.overloadMessage(s, m[1], m[2], e)
			}
		} else if m := wrongType.FindStringSubmatch(message); m != nil {
			if e := findExpr(tree, issue.ExprID); e != nil {
				message = s.typeMessage(m[1], m[2], e)
				line, column = start(tree, e, lines)
			}
		} else if noName.MatchString(message) {
			message = "a name of your choice stands here, which is that of an item or value in what follows; write item"
			if line >= 1 && line <= len(lines) {
				column = beginning(lines[line-1], column)
			}
		} else if m := noSelection.FindStringSubmatch(message); m != nil {
			message = c.selectionMessage(s, m[1]+m[2], findExpr(tree, issue.ExprID))
		}
		c.atLocation(s, line, column, message)
	}
}

// start gives the place at which an author sees a part of an expression begin.
func start(tree *ast.AST, e ast.Expr, lines []string) (line, column int) {
	line, column = begin(tree, e)
	if line <= len(lines) {
		column = beginning(lines[line-1], column)
	}
	return line, column
}

// notBoolean finds the operand of ! or ? : that is no boolean, and its type.
func notBoolean(e ast.Expr, function, arguments string) (ast.Expr, string) {
	types := splitTypes(arguments)
	if e == nil || e.Kind() != ast.CallKind || function != operators.LogicalNot && function != operators.Conditional || types[0] == "bool" {
		return nil, ""
	}
	return e.AsCall().Args()[0], types[0]
}

// typeMessage explains a part of an expression that is of another type than its
// place demands, which is boolean as a rule.
func (s *scope) typeMessage(want, got string, e ast.Expr) string {
	text := s.written(e)
	message := cmp.Or(text, "what begins here") + " is " + typeWord(got) + ", and must be " + typeWord(want)
	switch {
	case want != "bool":
		return message
	case text == "":
		return message + "; compare it with something"
	case got == "int":
		return message + "; compare it, as in " + text + " > 0"
	case got == "string" && e.Kind() == ast.LiteralKind:
		return message + "; compare a field with it, as in field == " + text + ", or with several, as in field in [" + text + `, "other"]`
	case got == "string":
		return message + "; compare it, as in " + text + ` == "text"`
	case strings.HasPrefix(got, "list("):
		return message + "; ask how many there are, as in " + text + ".size() > 0"
	}
	return message + "; compare it with something, or ask has(" + text + ")"
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

// subject stands for what a function is called on, where that is more than a name.
const subject = "(…)"

// selectionMessage explains that a value of a type has no fields.
func (c *compiler) selectionMessage(s *scope, t string, e ast.Expr) string {
	if e == nil || e.Kind() != ast.SelectKind {
		return typeWord(t) + " has no fields"
	}
	name, of := e.AsSelect().FieldName(), s.written(e.AsSelect().Operand())
	message := of + " (" + typeWord(t) + ") has no field " + strconv.Quote(name)
	if of == "" {
		message, of = typeWord(t)+" has no field "+strconv.Quote(name), subject
	}
	if function := c.member(t, name); function != "" {
		return message + "; write " + of + "." + function
	}
	if meant := functionsElsewhere[plainly(name)]; meant != "" {
		return message + "; write " + strings.ReplaceAll(meant, "$", of)
	}
	items, _ := strings.CutPrefix(t, "list(")
	if rec := c.provider.records[strings.TrimSuffix(items, ")")]; rec != nil && rec.field(name) != nil {
		return message + ", its items have; write " + of + ".all(item, item." + name + " …), or " + of + ".map(item, item." + name + ")"
	}
	return message
}

// member finds the function of a type that is meant by a name, and writes it as
// it is called: "currency()".
func (c *compiler) member(t, name string) string {
	get := "get" + strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
	for _, name := range []string{name, get, get + "s"} {
		function := c.env.Functions()[name]
		if function == nil {
			continue
		}
		for _, o := range function.OverloadDecls() {
			if !o.IsMemberFunction() || !receives(cel.FormatCELType(o.ArgTypes()[0]), t) {
				continue
			}
			args := make([]string, len(o.ArgTypes())-1)
			for i, t := range o.ArgTypes()[1:] {
				args[i] = typeWord(cel.FormatCELType(t))
			}
			return name + "(" + strings.Join(args, ", ") + ")"
		}
	}
	return ""
}

// anyType is how the engine writes a type that can be any.
var anyType = regexp.MustCompile(`^[A-Z]$|^list\([A-Z]\)$`)

// receives reports whether a function for values of a type is one for those of
// another. For lists that is what their items are.
func receives(receiver, t string) bool {
	return class(receiver) == class(t) && (receiver == t || !strings.HasPrefix(t, "list(") || anyType.MatchString(receiver))
}

// overloadMessage explains that a function does not take these types.
func (c *compiler) overloadMessage(s *scope, function, arguments string, e ast.Expr) string {
	if function = strings.Trim(strings.ReplaceAll(function, "_", " "), " @"); expandsTo[function] != "" {
		function = expandsTo[function]
	}
	list := splitTypes(arguments)
	words, texts := make([]string, len(list)), make([]string, len(list))
	var operands []ast.Expr
	if e != nil && e.Kind() == ast.CallKind {
		operands = e.AsCall().Args()
		if e.AsCall().IsMemberFunction() {
			operands = append([]ast.Expr{e.AsCall().Target()}, operands...)
		}
	}
	for i, t := range list {
		words[i], texts[i] = typeWord(t), "…"
		if i == 0 {
			texts[i] = subject
		}
		if len(operands) == len(list) {
			if text := s.written(operands[i]); text != "" {
				words[i], texts[i] = text+" ("+words[i]+")", text
			}
		}
	}
	message := strconv.Quote(function) + " does not take " + strings.Join(words, " and ")
	as, fits := c.otherForm(s, e, list)
	if meant := advice(function, list, texts); meant != "" && !fits {
		return message + "; " + meant
	}
	if as != "" {
		return message + "; write " + as
	}
	if e != nil && e.Kind() == ast.CallKind && e.AsCall().IsMemberFunction() {
		if as := c.member(list[0], function); as != "" {
			return message + "; it is called as " + texts[0] + "." + as
		}
	}
	return message
}

// expandsTo are macros by the functions that they become.
var expandsTo = map[string]string{"math.@max": "math.greatest", "math.@min": "math.least"}

// otherForm writes a call of a member function as one, or of one that is none as
// none, where it is the other that was written; and tells whether its operands, of
// these types, fit there as they are.
func (c *compiler) otherForm(s *scope, e ast.Expr, types []string) (as string, fits bool) {
	if e == nil || e.Kind() != ast.CallKind {
		return "", false
	}
	call := e.AsCall()
	function := c.env.Functions()[call.FunctionName()]
	if function == nil || slices.ContainsFunc(function.OverloadDecls(), func(o *decls.OverloadDecl) bool {
		return o.IsMemberFunction() == call.IsMemberFunction()
	}) {
		return "", false
	}
	fits = slices.ContainsFunc(function.OverloadDecls(), func(o *decls.OverloadDecl) bool {
		return slices.EqualFunc(o.ArgTypes(), types, func(a *cel.Type, t string) bool { return cel.FormatCELType(a) == t })
	})
	args := make([]string, len(call.Args()))
	for i, arg := range call.Args() {
		args[i] = cmp.Or(s.written(arg), "…")
	}
	if call.IsMemberFunction() {
		return call.FunctionName() + "(" + strings.Join(append([]string{cmp.Or(s.written(call.Target()), subject)}, args...), ", ") + ")", fits
	}
	if len(args) == 0 {
		return "…." + call.FunctionName() + "()", fits
	}
	return args[0] + "." + call.FunctionName() + "(" + strings.Join(args[1:], ", ") + ")", fits
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

// written gives a name with its fields, or a short literal, as the author wrote
// it: in the rules of a field, those beside it are bare names.
func (s *scope) written(e ast.Expr) string {
	text := written(e)
	if s.section == nil {
		return text
	}
	own := s.section.def.Name + "."
	if past, ok := strings.CutPrefix(text, "old."+own); ok {
		return "old." + past
	}
	if field, ok := strings.CutPrefix(text, "this."); ok { // of the item that the field stands in
		return field
	}
	return strings.TrimPrefix(text, own)
}

// written gives it with the section.
func written(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		if name == unsureVar {
			return ""
		}
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
	if inner, ok := strings.CutPrefix(t, "optional_type("); ok {
		return "optional " + typeWord(strings.TrimSuffix(inner, ")"))
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
