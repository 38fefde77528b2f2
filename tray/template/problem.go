package template

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// Code is the kind of a [Problem], for programs that act on it.
type Code string

// The kinds of problems.
const (
	CodeSyntax     Code = "syntax"     // the text is not the YAML that templates are written in
	CodeKey        Code = "key"        // a key that templates do not have there
	CodeType       Code = "type"       // a value of another kind is expected
	CodeMissing    Code = "missing"    // something that must be said is not
	CodeDuplicate  Code = "duplicate"  // a name or key given twice
	CodeName       Code = "name"       // a name that is not an id, or is reserved
	CodeReference  Code = "reference"  // a role, section, state, event or signature that is not defined
	CodeValue      Code = "value"      // a value that is not allowed
	CodeLimit      Code = "limit"      // over a bound of limits.go
	CodeField      Code = "field"      // a field that cannot be declared so
	CodeExpression Code = "expression" // a CEL expression that does not compile
	CodeLifecycle  Code = "lifecycle"  // states and events that lead nowhere
	CodeSoundness  Code = "soundness"  // legal, but a tray would get stuck or could be cheated
	CodeLanguage   Code = "language"   // a translation is missing
)

// Problem is one thing that is wrong, or doubtful, in a template.
type Problem struct {
	Pos        rules.Position // zero where the definition was written in Go
	Path       string         // such as "sections.products.fields.total.compute"
	Code       Code
	Message    string // what is wrong, in one line
	Suggestion string // what was probably meant, or what to do; "" if unknown
	Snippet    string // the line concerned with a caret beneath it; "" without a text
}

// String gives position, path, message and suggestion on one line.
func (p Problem) String() string {
	var b strings.Builder
	if p.Pos.Line > 0 {
		fmt.Fprintf(&b, "%s:%d:%d: ", p.Pos.File, p.Pos.Line, p.Pos.Column)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Message)
	if p.Suggestion != "" {
		b.WriteString("; " + p.Suggestion)
	}
	return b.String()
}

// Problems are all the mistakes of a template, in the order of its text (of
// its paths, where it was written in Go). It is the error of [Load], [Compile]
// and [Parse].
type Problems []Problem

// Error lists the problems, each with its snippet.
func (p Problems) Error() string {
	var b strings.Builder
	for i, problem := range p {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(problem.String())
		if problem.Snippet != "" {
			b.WriteByte('\n')
			b.WriteString(problem.Snippet)
		}
	}
	return b.String()
}

// report collects problems. Of several at one path it keeps the first: the
// reader of the YAML and the checks of the definition both stumble over a
// value of a wrong type, and the first says why. Soundness is judged last, and
// of what is otherwise right: see judge.
type report struct {
	source   *Source // nil for Go values
	problems Problems
	paths    map[string]Code // what the first problem at a path was
}

func newReport(source *Source) *report {
	return &report{source: source, paths: map[string]Code{}}
}

// full reports whether no further problem is taken. Callers need not ask; it
// spares the work of making suggestions for a hostile text.
func (r *report) full() bool { return len(r.problems) >= maxProblems }

// known reports whether a problem at a path has been told, or that nothing there
// could be read.
func (r *report) known(path string) bool {
	_, ok := r.paths[path]
	return ok || r.lost(path)
}

// lost reports whether nothing could be read at a path, or at one around it.
func (r *report) lost(path string) bool {
	for {
		if r.paths[path].unread() {
			return true
		}
		if path == "" {
			return false
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}

// follow notes a problem at a path that is not told, since it follows from one
// that is.
func (r *report) follow(path string, code Code) {
	if !r.known(path) {
		r.paths[path] = code
	}
}

// unread reports whether nothing can be read where a problem is.
func (c Code) unread() bool { return c == CodeSyntax || c == CodeKey || c == CodeType }

func (r *report) add(path string, code Code, format string, args ...any) {
	r.suggest(path, code, "", format, args...)
}

// suggest adds a problem with a suggestion. Arguments are names, paths and
// numbers; strings that come from the template go through quote.
func (r *report) suggest(path string, code Code, suggestion, format string, args ...any) {
	if r.full() || r.known(path) && code != CodeSoundness {
		return
	}
	r.paths[path] = code
	p := Problem{Path: path, Code: code, Message: fmt.Sprintf(format, args...), Suggestion: suggestion}
	p.Pos, p.Snippet = r.source.find(path)
	r.problems = append(r.problems, p)
}

// at adds a problem at a place that no path leads to, such as a key that is
// given twice.
func (r *report) at(line, column int, path string, code Code, format string, args ...any) {
	if r.full() {
		return
	}
	p := Problem{Path: path, Code: code, Message: fmt.Sprintf(format, args...)}
	p.Pos, p.Snippet = r.source.at(line, column)
	r.problems = append(r.problems, p)
}

// expression adds a problem at a line and column (from 1) inside the expression
// at path; text is that line. An expression may have several.
func (r *report) expression(path string, line, column int, text, message, suggestion string) {
	if r.full() || r.known(path) && r.paths[path] != CodeExpression {
		return
	}
	r.paths[path] = CodeExpression
	p := Problem{Path: path, Code: CodeExpression, Message: message, Suggestion: suggestion}
	if r.source != nil {
		p.Pos, p.Snippet = r.source.inside(path, line, column)
	} else {
		p.Snippet = snippet(text, column)
	}
	r.problems = append(r.problems, p)
}

// unknown says that name is not among the known ones of a kind ("role").
func (r *report) unknown(path, kind, name string, known []string) {
	if r.full() || r.known(path) {
		return // before the work of finding a suggestion
	}
	r.suggest(path, CodeReference, didYouMean(name, known), "unknown %s %s", kind, quote(name))
}

// within reports whether there is a problem at a path or inside it.
func (r *report) within(path string) bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return inside(path, p.Path) })
}

// touched reports whether anything at a path or inside it is wrong, or follows
// from what is.
func (r *report) touched(path string) bool {
	if r.known(path) || r.within(path) {
		return true
	}
	for p := range r.paths {
		if inside(path, p) {
			return true
		}
	}
	return false
}

// misdeclared reports whether there is a problem at a path or inside it other
// than in expressions.
func (r *report) misdeclared(path string) bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Code != CodeExpression && inside(path, p.Path) })
}

func inside(path, p string) bool {
	rest, ok := strings.CutPrefix(p, path)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// misread reports whether something at a path or inside it could not be read,
// so that it is not what its author meant.
func (r *report) misread(path string) bool {
	return r.lost(path) || slices.ContainsFunc(r.problems, func(p Problem) bool {
		return inside(path, p.Path) && (p.Code.unread() || p.Code == CodeDuplicate)
	})
}

// doubled reports whether a key is given twice in the mapping at a path: one of
// the two may be meant to be another.
func (r *report) doubled(path string) bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Path == path && p.Code == CodeDuplicate })
}

// sorted gives the problems by position, then path. In the text one key takes
// true, false or an expression, where the definition has two members.
func (r *report) sorted() Problems {
	for i := range r.problems {
		if at, ok := strings.CutSuffix(r.problems[i].Path, ".required_if"); ok && r.source != nil {
			r.problems[i].Path = at + ".required"
		}
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		if a.Pos.Column != b.Pos.Column {
			return a.Pos.Column - b.Pos.Column
		}
		return strings.Compare(a.Path, b.Path)
	})
	return r.problems
}

// err is nil if there is no problem.
func (r *report) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	return r.sorted()
}

// quote makes a name of the template safe and short to print.
func quote(name string) string {
	const most = 40
	if runes := []rune(name[:min(len(name), 4*most)]); len(runes) > most {
		name = string(runes[:most]) + "…"
	}
	return strconv.Quote(name)
}

// didYouMean names the known word nearest to name, if one is near.
func didYouMean(name string, known []string) string {
	if best := nearest(name, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return ""
}

// nearest gives the known word nearest to name, "" if none is near.
func nearest(name string, known []string) string {
	if name == "" || len(name) > maxName {
		return ""
	}
	best, least := "", 1+min(maxTypos, len(name)/2)
	for _, k := range known {
		if d := distance(name, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// maxTypos is how many mistakes a word has at most that is taken for another.
const maxTypos = 2

// distance counts the edits between two short words: insertions, deletions,
// replacements, and swaps of neighbours, which are most typing mistakes. Beyond
// maxTypos, it may give any number that is.
func distance(a, b string) int {
	var rows [3][maxName + 1]int
	if len(a) > maxName || len(b) > maxName || max(len(a)-len(b), len(b)-len(a)) > maxTypos {
		return maxName
	}
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	before, above, row := &rows[2], &rows[0], &rows[1]
	for i := range len(a) {
		row[0] = i + 1
		nearest := row[0]
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			nearest = min(nearest, row[j+1])
		}
		if nearest > maxTypos {
			return maxName
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
