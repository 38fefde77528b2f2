package rules

import (
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// A resolver gives every name of a parsed expression its variable, refuses
// what is not for conditions, and collects what the expression reads.
type resolver struct {
	c       *compiler
	scope   *scope
	tree    *ast.AST
	factory ast.ExprFactory
	nextID  int64
	locals  []local
	depth   int  // of comprehensions
	testing bool // in has(), which asks the record
	bad     bool
	doubt   bool // it names something that may be among what could not be read

	places   map[int64]string // static paths by the expression that is there
	refs     names            // static paths
	asked    names            // those of them that may be absent: in has(), or as an optional value
	ranges   names            // of the items of lists that are walked
	sections names
	olds     names
	facts    names
	differs  []Diagnostic   // where two readers may come to different values
	factor   uint64         // how many times dearer a function in it is than the engine says
	needs    names          // functions of the application
	patterns map[string]int // to their sizes, compiled
	unwise   []unwise
}

// A names is a set, which is small and sorted.
type names []string

func (s *names) add(name string) {
	if i, found := slices.BinarySearch(*s, name); !found {
		*s = slices.Insert(*s, i, name)
	}
}

func (r *resolver) mistake(id int64, message string) {
	r.bad = true
	r.c.inExpression(r.scope, r.tree, id, message)
}

// misnamed reports a name that there is not; advice ends the message with the one
// that was probably meant, and is asked for only if somebody reads it.
func (r *resolver) misnamed(e ast.Expr, message string, advice func() string) {
	if r.bad = true; !r.c.full {
		r.mistake(e.ID(), message+advice())
	}
}

// imprudent notes a mistake that is none where the definition is in use: a name
// that is not among the known.
func (r *resolver) imprudent(e ast.Expr, message, name string, known []string) {
	at := r.tree.SourceInfo().GetStartLocation(e.ID())
	r.unwise = append(r.unwise, unwise{r.scope.locate(at.Line(), at.Column(), message), name, known})
}

// differ notes that not everybody who evaluates this gets the same.
func (r *resolver) differ(id int64, why string) {
	at := r.tree.SourceInfo().GetStartLocation(id)
	r.differs = append(r.differs, r.scope.locate(at.Line(), at.Column(), why))
}

// use records that the expression reads what stands at a path.
func (r *resolver) use(path string) {
	if path != "" {
		r.refs.add(path)
	}
}

// read visits an expression whose value is used as it is.
func (r *resolver) read(e ast.Expr) { r.use(r.visit(e)) }

// visit resolves the names in an expression, and returns the static path of
// its value where it is a plain reference; recording the use is left to the
// caller, who may go on to a field of it.
func (r *resolver) visit(e ast.Expr) string {
	path := r.resolve(e)
	if path != "" {
		r.places[e.ID()] = path
	}
	return path
}

func (r *resolver) resolve(e ast.Expr) string {
	switch e.Kind() {
	case ast.LiteralKind:
		if e.AsLiteral().Type() == types.DoubleType {
			r.mistake(e.ID(), "floating-point numbers are not exact; write decimal(\"0.5\")")
		}
	case ast.IdentKind:
		return r.ident(e, e.AsIdent())
	case ast.SelectKind:
		return r.selection(e)
	case ast.CallKind:
		return r.call(e)
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			r.read(item)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			r.read(entry.AsMapEntry().Key())
			r.read(entry.AsMapEntry().Value())
		}
	case ast.StructKind:
		r.mistake(e.ID(), "expressions build no records")
	case ast.ComprehensionKind:
		return r.comprehension(e)
	}
	return ""
}

func (r *resolver) ident(e ast.Expr, name string) string {
	if path, ok := r.local(name); ok || strings.HasPrefix(name, "@") { // an accumulator of a macro
		return path
	}
	s := r.scope
	if name == "this" && s.this != nil {
		r.replace(e, s.this)
		r.sections.add(s.section.def.Name)
		return r.thisPath()
	}
	if name == "lang" && s.lang {
		r.replace(e, []string{langVar})
		return ""
	}
	for _, f := range s.frames {
		if f.rec.field(name) != nil {
			r.replace(e, append(slices.Clone(f.base), name))
			r.sections.add(s.section.def.Name)
			return f.path + "." + name
		}
	}
	if s.section == nil {
		if _, ok := r.c.sections[name]; ok {
			r.sections.add(name)
			r.replace(e, []string{sectionVar(name)})
			return name
		}
		if name == "old" {
			r.mistake(e.ID(), "old is followed by a section, as in old."+first(r.c.sectionNames, "section")+"."+"field")
			return ""
		}
	} else if name == "old" {
		if !s.past {
			r.mistake(e.ID(), "old cannot be read here: when and compute depend on the present content alone")
			return ""
		}
		r.olds.add(s.section.def.Name)
		r.replace(e, []string{oldVar(s.section.def.Name)})
		return "old." + s.section.def.Name
	}
	if n, ok := r.c.facts[name]; ok {
		if !s.past {
			r.mistake(e.ID(), "the fact "+strconv.Quote(name)+" cannot be read here: when and compute depend on their own section alone")
			return ""
		}
		r.facts.add(name)
		r.replace(e, []string{factVar(name)})
		return n.path
	}
	r.unknownName(e, name)
	return ""
}

func first(names []string, otherwise string) string {
	if len(names) > 0 {
		return names[0]
	}
	return otherwise
}

// replace turns a name into a variable and the fields that follow.
func (r *resolver) replace(e ast.Expr, chain []string) {
	if flat := len(chain) > 1 && !r.testing && strings.HasPrefix(chain[0], sectionVar("")); flat {
		chain = append([]string{fieldVar(chain[0], chain[1])}, chain[2:]...)
	}
	if len(chain) == 1 {
		e.SetKindCase(r.factory.NewIdent(e.ID(), chain[0]))
		return
	}
	operand := r.factory.NewIdent(r.newID(e.ID()), chain[0])
	for _, name := range chain[1 : len(chain)-1] {
		operand = r.factory.NewSelect(r.newID(e.ID()), operand, name)
	}
	e.SetKindCase(r.factory.NewSelect(e.ID(), operand, chain[len(chain)-1]))
}

// newID returns the id of a new node that stands where an old one does.
func (r *resolver) newID(at int64) int64 {
	r.nextID++
	if offsets, ok := r.tree.SourceInfo().GetOffsetRange(at); ok {
		r.tree.SourceInfo().SetOffsetRange(r.nextID, offsets)
	}
	return r.nextID
}

func (r *resolver) selection(e ast.Expr) string {
	s := e.AsSelect()
	operand, name := s.Operand(), s.FieldName()
	if operand.Kind() == ast.IdentKind && operand.AsIdent() == hasMarker {
		return r.presence(e, name)
	}
	if _, local := r.local("old"); operand.Kind() == ast.IdentKind && operand.AsIdent() == "old" && r.scope.section == nil && !local {
		if _, ok := r.c.sections[name]; !ok {
			if r.c.unsure.names {
				return r.unsure(e)
			}
			r.misnamed(e, "there is no section "+strconv.Quote(name), func() string { return suggest(name, r.c.sectionNames) })
			return ""
		}
		if s.IsTestOnly() {
			r.mistake(e.ID(), "has() takes a field, not a section")
			return ""
		}
		r.olds.add(name)
		e.SetKindCase(r.factory.NewIdent(e.ID(), oldVar(name)))
		return "old." + name
	}
	if own := r.scope.section; own != nil && own.rec.field(name) != nil && r.unknown(operand, own.def.Name) {
		r.mistake(operand.ID(), "in the rules of a field, those beside it stand by their names alone; write "+name)
		return ""
	}
	path := r.visit(operand)
	if path == "" {
		return ""
	}
	if sec := r.c.sections[path]; sec != nil && !s.IsTestOnly() && sec.rec.field(name) != nil && operand.Kind() == ast.IdentKind && operand.AsIdent() == sectionVar(path) {
		e.SetKindCase(r.factory.NewIdent(e.ID(), fieldVar(operand.AsIdent(), name)))
	}
	if s.IsTestOnly() {
		r.asked.add(path + "." + name)
		r.use(path + "." + name)
		return ""
	}
	return path + "." + name
}

// presence resolves has(name).
func (r *resolver) presence(e ast.Expr, name string) string {
	ident := r.factory.NewIdent(r.newID(e.ID()), name)
	r.testing = true
	path := r.visit(ident)
	r.testing = false
	if ident.Kind() != ast.SelectKind {
		if r.doubt {
			r.unsure(e)
		} else if !r.bad {
			r.mistake(e.ID(), "has() takes a field")
		}
		return ""
	}
	r.asked.add(path)
	r.use(path)
	s := ident.AsSelect()
	e.SetKindCase(r.factory.NewPresenceTest(e.ID(), s.Operand(), s.FieldName()))
	return ""
}

func (r *resolver) call(e ast.Expr) string {
	call := e.AsCall()
	name, args := call.FunctionName(), call.Args()
	if call.IsMemberFunction() {
		if qualified, ok := r.namespaced(call); ok {
			name = qualified
		} else {
			r.read(call.Target())
		}
	}
	if message := r.overItems(name, call); message != "" {
		r.mistake(e.ID(), message)
		return ""
	}
	if !r.c.env.HasFunction(name) {
		if n := r.c.facts[name]; n != nil && len(args) == 0 && !r.scope.past {
			return r.ident(e, name) // now(), where the time is not to be had
		}
		if r.c.unsure.functions {
			for _, arg := range args {
				r.read(arg)
			}
			return r.unsure(e)
		}
		r.misnamed(e, "there is no function "+strconv.Quote(name), func() string { return r.insteadOf(name, call) })
		return ""
	}
	switch name {
	case operators.Equals, operators.NotEquals:
		left, right := r.visit(args[0]), r.visit(args[1])
		r.use(left)
		r.use(right)
		r.choice(left, args[1])
		r.choice(right, args[0])
		return ""
	case operators.In:
		left := r.visit(args[0])
		r.use(left)
		r.read(args[1])
		if args[1].Kind() == ast.ListKind {
			for _, item := range args[1].AsList().Elements() {
				r.choice(left, item)
			}
		}
		return ""
	case operators.OptSelect: // a.?b
		path := r.visit(args[0])
		if field, ok := args[1].AsLiteral().(types.String); ok && path != "" {
			r.asked.add(path + "." + string(field))
			return path + "." + string(field)
		}
		return ""
	case operators.Index, operators.OptIndex:
		r.read(args[1])
		path := r.visit(args[0])
		if path == "" {
			return ""
		}
		// Either an item of a list, or by name a field of a record whose type
		// was hidden by dyn(); then the path without the name covers it.
		return path + "[]"
	}
	for _, arg := range args {
		r.read(arg)
	}
	r.factor = max(r.factor, dear[name])
	r.refuse(e, name, args)
	return ""
}

// namespaced returns the name of a function such as math.greatest, which is
// parsed as the function "greatest" on a value "math".
func (r *resolver) namespaced(call ast.CallExpr) (string, bool) {
	target := call.Target()
	if target.Kind() != ast.IdentKind {
		return "", false
	}
	if _, ok := r.local(target.AsIdent()); ok {
		return "", false
	}
	qualified := target.AsIdent() + "." + call.FunctionName()
	return qualified, r.c.env.HasFunction(qualified)
}

func (r *resolver) comprehension(e ast.Expr) string {
	if r.depth++; r.depth > maxVariables {
		if r.depth == maxVariables+1 {
			r.mistake(e.ID(), "more than "+strconv.Itoa(maxVariables)+" variables of all, exists, map, filter, cel.bind in each other")
		}
		return ""
	}
	defer func() { r.depth-- }()
	c := e.AsComprehension()
	rangePath := r.visit(c.IterRange())
	if rangePath != "" {
		rangePath += "[]"
		r.ranges.add(rangePath) // how many items there are, if nothing of them
	}
	initPath := r.visit(c.AccuInit())
	depth := len(r.locals)
	accu := local{c.AccuVar(), initPath}
	r.locals = append(r.locals, accu)
	if c.HasIterVar2() { // index and value, or key and value
		r.locals = append(r.locals, local{c.IterVar(), ""}, local{c.IterVar2(), rangePath})
	} else {
		r.locals = append(r.locals, local{c.IterVar(), rangePath})
	}
	// The loop of cel.bind never runs; its step names the variable all the same.
	if condition := c.LoopCondition(); condition.Kind() != ast.LiteralKind || condition.AsLiteral() != types.False {
		r.read(condition)
		r.read(c.LoopStep())
	}
	r.locals = append(r.locals[:depth], accu)
	result := r.visit(c.Result())
	r.locals = r.locals[:depth]
	return result
}

// paths returns what the expression reads; the items of a list as such where
// it reads nothing of them.
func (r *resolver) paths() []string {
	out := slices.Clone(r.refs)
	for _, path := range r.ranges {
		if !slices.ContainsFunc(out, func(p string) bool { return within(p, path) }) {
			out.add(path)
		}
	}
	return out
}
