package rules

import "strings"

// A scope says what the names of an expression mean.
type scope struct {
	where  string
	pos    Position
	source string
	// section is that of a field's expression, which reads no other; nil in a
	// rule, which names sections.
	section *section
	frames  []frame // where bare names are fields, the innermost first
	this    []string
	past    bool // what is not of the section as it is now: facts and old
	lang    bool // "lang" can be read
	// currencies are those in which the value must be, if only some.
	currencies []string
}

// A frame is a record whose fields are bare names: a variable, and the fields
// that lead from it to the record.
type frame struct {
	base []string
	path string // static path of the record
	rec  *recordType
}

// thisPath is the static path of "this".
func (r *resolver) thisPath() string {
	s := r.scope
	if len(s.this) == 1 { // an item of a list of scalars
		return strings.TrimPrefix(s.this[0], itemVar("")) + "[]"
	}
	return s.frames[0].path + "." + s.this[len(s.this)-1]
}

// A local is a variable of a comprehension or of cel.bind, with the static
// path of its values where they have one.
type local struct{ name, path string }

// local finds the innermost variable of a name, and the static path of its values.
func (r *resolver) local(name string) (path string, ok bool) {
	for i := len(r.locals) - 1; i >= 0; i-- {
		if r.locals[i].name == name {
			return r.locals[i].path, true
		}
	}
	return "", false
}
