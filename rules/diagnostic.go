package rules

import (
	"strconv"
	"strings"
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
	best, distance := "", min(max(1, len(name)/3), maxTypos)+1
	for _, k := range known {
		if d := editDistance(name, k); d < distance || d == distance && best != "" && k < best {
			best, distance = k, d
		}
	}
	if best == "" || best == name {
		return ""
	}
	return "; did you mean " + strconv.Quote(best) + "?"
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours (optimal string alignment) that turn a into b; beyond maxTypos, it
// gives any number that is.
func editDistance(a, b string) int {
	const beyond, longest = maxTypos + 1, 64
	if len(a) > longest || len(b) > longest || max(len(a)-len(b), len(b)-len(a)) > maxTypos {
		return beyond
	}
	var rows [3][longest + 1]int
	before, previous, row := &rows[2], &rows[0], &rows[1]
	for j := range len(b) + 1 {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		// So far from the diagonal, as many letters were added or left out.
		from, to := max(1, i-maxTypos), min(len(b), i+maxTypos)
		if row[from-1] = i; from > 1 {
			row[from-1] = beyond
		}
		least := row[from-1]
		for j := from; j <= to; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, previous[j-1]+cost)
			if j < i+maxTypos {
				row[j] = min(row[j], previous[j]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= beyond {
			return beyond
		}
		before, previous, row = previous, row, before
	}
	return previous[len(b)]
}
