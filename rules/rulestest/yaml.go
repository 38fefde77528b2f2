package rulestest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vassoio/vassoio/rules"
	"go.yaml.in/yaml/v3"
)

// A Mistake is something in a test file that cannot be read, or that names what
// there is not.
type Mistake struct {
	Pos     rules.Position
	Message string
}

// String gives position and message on one line.
func (m Mistake) String() string { return m.Pos.String() + ": " + m.Message }

// Mistakes are all that is wrong with a test file, in its order: the error of
// [Parse], and of [CheckFS] those of all files.
type Mistakes []Mistake

// Error lists the mistakes, one below the other.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i := range m {
		lines[i] = m[i].String()
	}
	return strings.Join(lines, "\n")
}

func (m Mistakes) sorted() Mistakes {
	slices.SortStableFunc(m, func(a, b Mistake) int {
		return cmp.Or(strings.Compare(a.Pos.File, b.Pos.File), a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
	})
	return m
}

// A reader reads the nodes of a test file, in the strict subset of YAML that
// templates are written in, and collects mistakes.
type reader struct {
	file     string
	found    Mistakes
	mentions []mention
	given    []given
}

func (r *reader) pos(n *yaml.Node) rules.Position {
	return rules.Position{File: r.file, Line: n.Line, Column: n.Column}
}

func (r *reader) mistake(n *yaml.Node, format string, args ...any) {
	if len(r.found) < maxCases {
		r.found = append(r.found, Mistake{r.pos(n), fmt.Sprintf(format, args...)})
	}
}

var syntaxLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// root gives the root of the text; nil after a mistake.
func (r *reader) root(text []byte) *yaml.Node {
	first := &yaml.Node{Line: 1, Column: 1}
	if len(text) > maxFile {
		r.mistake(first, "a test file has at most %d bytes", maxFile)
		return nil
	}
	if !utf8.Valid(text) {
		r.mistake(first, "the text is not UTF-8")
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := decoder.Decode(&doc)
	if err == nil {
		if next := decoder.Decode(&more); next == nil {
			r.mistake(&more, "a second document begins here; a test file is one document")
			return nil
		} else if !errors.Is(next, io.EOF) {
			err = next
		}
	}
	switch {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) != 1:
		r.mistake(first, "the text is empty")
		return nil
	case err != nil:
		message := err.Error()
		if m := syntaxLine.FindStringSubmatch(message); m != nil {
			message = message[len(m[0]):]
			if line, err := strconv.Atoi(m[1]); err == nil {
				first.Line = line
			}
		}
		if path := bracketed(text, first); path != "" {
			message = fmt.Sprintf("between braces a path with [ ] stands in quotes: %q", path)
		}
		r.mistake(first, "not YAML: %s", message)
		return nil
	}
	if !r.plain(doc.Content[0], 0) {
		return nil
	}
	return doc.Content[0]
}

// bracketKey is a path through the items of a list, as a key without quotes.
var bracketKey = regexp.MustCompile(`[{,] *([a-z][a-z0-9_.]*\[[0-9]*\][a-z0-9_.\[\]]*) *:`)

// bracketed finds such a key on the line at which the parser gives up, or on the
// next: it tells the line before. The place becomes that of the key.
func bracketed(text []byte, at *yaml.Node) string {
	lines := strings.Split(string(text), "\n")
	for line := max(at.Line, 1); line <= min(at.Line+1, len(lines)); line++ {
		if m := bracketKey.FindStringSubmatchIndex(lines[line-1]); m != nil {
			at.Line, at.Column = line, 1+utf8.RuneCountInString(lines[line-1][:m[2]])
			return lines[line-1][m[2]:m[3]]
		}
	}
	return ""
}

// plain refuses anchors, aliases, tags, keys that are no text, and keys given
// twice, at every depth.
func (r *reader) plain(n *yaml.Node, depth int) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.mistake(n, "anchors and aliases are not allowed; use fixtures")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		r.mistake(n, "tags are not allowed")
		return false
	case depth > maxDepth:
		r.mistake(n, "more than %d lists and mappings in each other", maxDepth)
		return false
	}
	ok := true
	seen := map[string]bool{}
	for i, item := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if item.Kind != yaml.ScalarNode || item.Tag != "!!str" || item.Anchor != "" || item.Style&yaml.TaggedStyle != 0 {
				r.mistake(item, "a key is a plain text")
				ok = false
			} else if seen[item.Value] {
				r.mistake(item, "key %q is given twice", item.Value)
				ok = false
			}
			seen[item.Value] = true
			continue
		}
		ok = r.plain(item, depth+1) && ok
	}
	return ok
}

// A key is one that a mapping may have.
type key struct {
	name string
	read func(n *yaml.Node)
}

// object reads a mapping with known keys.
func (r *reader) object(n *yaml.Node, keys ...key) {
	r.each(n, func(name string, k, v *yaml.Node) {
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
		if i < 0 {
			names := make([]string, len(keys))
			for i, k := range keys {
				names[i] = k.name
			}
			r.mistake(k, "unknown key %q%s", name, known(name, names))
			return
		}
		keys[i].read(v)
	})
}

// each reads the pairs of a mapping.
func (r *reader) each(n *yaml.Node, read func(name string, k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.mistake(n, "a mapping is expected here")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		read(n.Content[i].Value, n.Content[i], n.Content[i+1])
	}
}

// items reads a list.
func (r *reader) items(n *yaml.Node, read func(n *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.mistake(n, "a list is expected here")
		return
	}
	for _, item := range n.Content {
		read(item)
	}
}

// text reads a text. Times may stand without quotes.
func (r *reader) text(into *string) func(n *yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!timestamp" || n.Value == "" {
			r.mistake(n, "a text is expected here")
			return
		}
		*into = n.Value
	}
}

// value reads any value: numbers as they are written, null as nil.
func (r *reader) value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		return r.record(n)
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, item := range n.Content {
			out[i] = r.value(item)
		}
		return out
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
	case "!!int", "!!float":
		return json.Number(n.Value)
	}
	return n.Value
}

func (r *reader) record(n *yaml.Node) map[string]any {
	out := make(map[string]any, len(n.Content)/2)
	r.each(n, func(name string, _, v *yaml.Node) { out[name] = r.value(v) })
	return out
}
