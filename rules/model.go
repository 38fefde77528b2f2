package rules

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A node is a compiled field: of a section, of a record, the element of a
// list, or a fact.
type node struct {
	field  Field       // with every default filled in
	path   string      // static: "products.lines[].price"
	parent *node       // the record or list that it stands in; nil at the top of a section
	rec    *recordType // of a record, and of a list of records through elem
	elem   *node       // of a list
	typ    *cel.Type

	lacking, lackingOld *types.Unknown // the value where there is none, now and before

	min, max ref.Val        // of values that are compared
	sizeMin  int            // of texts and lists
	sizeMax  int            //
	choices  map[string]int // by name, to the index in field.Choices
	names    []string       // of the choices, sorted
	valid    func(string) bool
	revised  bool    // the format follows a table that is revised
	unsure   bool    // the declaration is wrong, so that it may have another type
	own      *Format // of the application; then valid is of no use

	looksBack bool // it, or something in it, has a rule that reads old

	when, requiredIf, compute, check *program
	message                          *program
	choiceWhen                       []*program // by index; nil where always offered
}

// A recordType is the type of a section or of a record field.
type recordType struct {
	name   string // its static path
	typ    *types.Type
	fields []*node
	index  map[string]int
	unsure bool // it may have further fields, which could not be read
}

// recordMark begins the names that the engine has for types of records, so that
// a section called "date" is not of the type of dates.
const recordMark = "@"

func newRecordType(name string) *recordType {
	return &recordType{
		name:  name,
		typ:   types.NewObjectType(recordMark+name, traits.IndexerType|traits.FieldTesterType),
		index: map[string]int{},
	}
}

func (t *recordType) field(name string) *node {
	if i, ok := t.index[name]; ok {
		return t.fields[i]
	}
	return nil
}

func (t *recordType) names() []string {
	names := make([]string, len(t.fields))
	for i, f := range t.fields {
		names[i] = f.field.Name
	}
	return names
}

// A section is a compiled Section.
type section struct {
	number int // in the order of the definition
	def    Section
	rec    *recordType
	order  []*node // the computed fields, in the order in which to compute them
	folds  []*rule // the rules that belong to valid.<section>
	// programs are those of the section in a fixed order, for Info.
	programs []*program
	changes  []string  // what its fields demand of the revision before: "products.total.check"
	parts    pathIndex // of its fields, then of its folds
	wrong    bool      // something in it is wrong, or follows from what is
}

// Names of variables. What people write is resolved to these before the type
// check, so that a field named "type" or "list" never meets the engine's own
// names, and no expression can name them itself: "@" and ":" are no letters.
// A top-level field of a section is a variable of its own, which the engine
// finds faster than a field of a value.
func sectionVar(name string) string         { return "@s:" + name }
func fieldVar(section, field string) string { return section + "." + field }
func oldVar(name string) string             { return "@old:" + name }
func factVar(name string) string            { return "@f:" + name }
func itemVar(listPath string) string        { return "@i:" + listPath }

const langVar = "@lang"

// celType is the type of the node's value in expressions.
func (n *node) celType() *cel.Type {
	if n.unsure {
		return cel.DynType
	}
	switch n.field.Kind {
	case KindText, KindChoice:
		return cel.StringType
	case KindInteger:
		return cel.IntType
	case KindDecimal:
		return cel.ObjectType("decimal")
	case KindMoney:
		return cel.ObjectType("money")
	case KindBoolean:
		return cel.BoolType
	case KindDate:
		return cel.ObjectType("date")
	case KindDatetime:
		return cel.TimestampType
	case KindDuration:
		return cel.DurationType
	case KindList:
		return cel.ListType(n.elem.typ)
	default:
		return n.rec.typ
	}
}

// each calls f for the node and all below it.
func (n *node) each(f func(*node)) {
	f(n)
	if n.elem != nil {
		n.elem.each(f)
	}
	if n.rec != nil {
		for _, m := range n.rec.fields {
			m.each(f)
		}
	}
}

// times is how many values of the node a section can have: as many as the items
// of the lists around it.
func (n *node) times() uint64 {
	times := uint64(1)
	for up := n.parent; up != nil; up = up.parent {
		if up.field.Kind == KindList {
			times = saturatingMul(times, uint64(up.sizeMax))
		}
	}
	return times
}

// lookup follows a static path such as "lines[].price" from a record type.
func (t *recordType) lookup(path string) *node {
	var n *node
	for _, step := range strings.Split(path, ".") {
		name, items := strings.CutSuffix(step, "[]")
		if t == nil {
			return nil
		}
		if n = t.field(name); n == nil {
			return nil
		}
		if items {
			if n.elem == nil {
				return nil
			}
			n = n.elem
		}
		t = n.rec
	}
	return n
}
