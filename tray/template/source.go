package template

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vassoio/vassoio/rules"
	"go.yaml.in/yaml/v3"
)

// Source is the text that a definition was loaded from. It finds the line and
// column of a path, so that whatever is wrong can be shown where it stands.
type Source struct {
	file    string
	lines   []string
	places  map[string]place
	unclear []unclear

	// line and before are of the scalar that origin looked for last, and rest what
	// stands from there on: a whole template may stand on one line.
	line, before int
	rest         string
}

// unclear is what is unwise about how something was written.
type unclear struct{ path, message, advice string }

// place is where a path stands: its key and its value, lines and columns from
// 1, columns in characters.
type place struct {
	line, column int        // what to point at for the path as a whole
	value        *yaml.Node // a scalar, else nil
}

func newSource(file string, text []byte) *Source {
	lines := strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n") // YAML does not count the mark either
	return &Source{file: file, lines: lines, places: map[string]place{}}
}

// mark notes where a path stands. A scalar is pointed at itself, anything
// larger at its key: the first thing inside it is not what is meant.
func (s *Source) mark(path string, key, value *yaml.Node) {
	if _, ok := s.places[path]; ok {
		return // a duplicate, reported as such
	}
	p := place{line: value.Line, column: value.Column}
	if value.Kind == yaml.ScalarNode {
		p.value = value
	}
	if key != nil && (value.Kind != yaml.ScalarNode || value.Line == 0 || value.Tag == "!!null") {
		p.line, p.column = key.Line, key.Column
	}
	s.places[path] = p
}

// find gives the position of a path, or of the nearest thing around it that
// was written down: something missing is shown where it is missing from.
func (s *Source) find(path string) (rules.Position, string) {
	if s == nil {
		return rules.Position{}, ""
	}
	p := s.nearest(path)
	return s.at(p.line, p.column)
}

func (s *Source) nearest(path string) place {
	for {
		if p, ok := s.places[path]; ok {
			return p
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return place{line: 1, column: 1}
		}
		path = path[:cut]
	}
}

// inside gives the position of a line and column (both from 1) within the
// expression at path.
//
// It is exact in a literal block, whose lines are those of the file, and in
// what stands on one line without escapes. Folding and escapes lose the way
// back; then the scalar's start is given, and the snippet shows the expression
// itself.
func (s *Source) inside(path string, line, column int) (rules.Position, string) {
	if s == nil {
		return rules.Position{}, ""
	}
	p := s.nearest(path)
	if p.value == nil {
		return s.at(p.line, p.column)
	}
	if first, indent, ok := s.origin(p.value); ok {
		return s.at(first+line-1, indent+column)
	}
	pos, _ := s.at(p.line, p.column)
	return pos, snippet(nth(strings.Split(p.value.Value, "\n"), line), column)
}

// origin gives the line of a scalar's first character and how many characters
// stand before it on each of its lines; false if the file's lines are not the
// value's.
func (s *Source) origin(n *yaml.Node) (line, indent int, ok bool) {
	switch n.Style {
	case yaml.LiteralStyle:
		// The text starts on the line after the indicator; how far it is
		// indented shows at its first line that is not empty.
		values := strings.Split(n.Value, "\n")
		for i, v := range values {
			text := strings.TrimRight(nth(s.lines, n.Line+1+i), "\r")
			if v != "" && strings.HasSuffix(text, v) {
				return n.Line + 1, len(text) - len(v), true
			}
		}
	case 0, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle:
		quotes := 0
		if n.Style != 0 {
			quotes = 1
		}
		before := n.Column - 1 + quotes
		if s.line != n.Line || s.before > before {
			s.line, s.before, s.rest = n.Line, 0, nth(s.lines, n.Line)
		}
		for ; s.before < before; s.before++ {
			_, size := utf8.DecodeRuneInString(s.rest)
			s.rest = s.rest[size:]
		}
		return n.Line, before, strings.HasPrefix(s.rest, n.Value)
	}
	return 0, 0, false
}

// cut reports whether a comment follows a plain scalar that stands on one line.
func (s *Source) cut(n *yaml.Node) bool {
	_, _, ok := s.origin(n)
	return ok && !strings.Contains(n.Value, "\n") && strings.HasPrefix(strings.TrimLeft(s.rest[len(n.Value):], " \t"), "#")
}

// cutAt reports whether a comment follows the expression at a path.
func (s *Source) cutAt(path string) bool {
	return s != nil && slices.ContainsFunc(s.unclear, func(u unclear) bool {
		return u.message == cutMessage && (u.path == path || u.path+"_if" == path)
	})
}

func (s *Source) at(line, column int) (rules.Position, string) {
	text := strings.TrimRight(nth(s.lines, line), "\r")
	return rules.Position{File: s.file, Line: line, Column: column}, snippet(text, column)
}

// snippet shows a line with a caret beneath a column (from 1), cut to what fits
// on a screen: a line may be the whole of a template.
func snippet(text string, column int) string {
	const before, most = 60, 100
	skip := max(0, column-1-before)
	for i := range skip {
		_, size := utf8.DecodeRuneInString(text)
		if size == 0 {
			skip = i
			break
		}
		text = text[size:]
	}
	var line, caret strings.Builder
	shown := 0
	for _, r := range text {
		if shown++; shown > most {
			break
		}
		if !unicode.IsGraphic(r) && r != '\t' {
			r = '?' // nothing in a template may steer a terminal
		}
		line.WriteRune(r)
		if shown < column-skip {
			if r != '\t' { // a tab stays one, so that the caret stands beneath
				r = ' '
			}
			caret.WriteRune(r)
		}
	}
	return "    " + line.String() + "\n    " + caret.String() + "^"
}

// nth gives the line of a number from 1; "" beyond the end.
func nth(lines []string, n int) string {
	if n < 1 || n > len(lines) {
		return ""
	}
	return lines[n-1]
}
