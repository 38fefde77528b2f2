package rules

import (
	"strconv"
	"strings"

	"github.com/vassoio/vassoio/rules/internal/near"
)

// A Diagnostic is one mistake in a definition.
type Diagnostic struct {
	// Pos is the place in the template's file, inside the expression where
	// there is one. Without a file, it is the place within the expression.
	Pos Position
	// Where names the part of the definition: "products.total compute", "rule covered".
	Where   string
	Message string
	// Source is the line of the expression, Caret the column of the mistake in
	// it, from 1; 0 where there is no expression.
	Source string
	Caret  int
}

// String formats the diagnostic as compilers do, with a caret line below the source.
func (d Diagnostic) String() string {
	var b strings.Builder
	if at := d.Pos.String(); at != "" {
		b.WriteString(at + ": ")
	}
	b.WriteString(d.Where + ": " + d.Message)
	if d.Caret > 0 {
		b.WriteString("\n | " + strings.ReplaceAll(d.Source, "\t", " ") + "\n | " + strings.Repeat(" ", d.Caret-1) + "^")
	}
	return b.String()
}

// Diagnostics are all mistakes of a definition: those of its declarations in its
// order, then those of its expressions.
type Diagnostics []Diagnostic

// Error lists them, one below the other.
func (d Diagnostics) Error() string {
	lines := make([]string, len(d))
	for i := range d {
		lines[i] = d[i].String()
	}
	return strings.Join(lines, "\n")
}

// A reporter collects diagnostics. One that is full takes no more; whoever would
// do more than write a line for one asks first.
type reporter struct {
	found Diagnostics
	full  bool
}

func (r *reporter) add(d Diagnostic) {
	switch {
	case r.full:
	case len(r.found) < maxDiagnostics:
		r.found = append(r.found, d)
	default:
		r.full = true
		r.found = append(r.found, Diagnostic{Where: "definition", Message: "more than " + strconv.Itoa(maxDiagnostics) + " mistakes"})
	}
}

func (r *reporter) at(pos Position, where, message string) {
	r.add(Diagnostic{Pos: pos, Where: where, Message: message})
}

// suggest ends a message with the name that was probably meant.
func suggest(name string, known []string) string {
	best := near.Name(name, known)
	if best == "" {
		return ""
	}
	return "; did you mean " + strconv.Quote(best) + "?"
}
