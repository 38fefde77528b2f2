package template

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The strict subset of YAML that templates are written in: one document;
// mappings with plain text keys, each once; sequences; scalars whose kind
// nobody can mistake. No anchors, aliases, merge keys or tags: they save a few
// lines, and cost bombs, cycles and two readings of one text.

// parse gives the root of a YAML text, nil if there is none to walk.
func parse(text []byte, out *report) *yaml.Node {
	if !utf8.Valid(text) {
		out.add("", CodeSyntax, "the text is not UTF-8")
		return nil
	}
	if strangeBreak(text, out) {
		return nil
	}
	lines := &lineReader{rest: text}
	decoder := yaml.NewDecoder(lines)
	var doc, more yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		out.add("", CodeSyntax, "the text is empty")
		return nil
	case err != nil:
		out.syntax(text, err, lines.begun)
		return nil
	}
	switch err := decoder.Decode(&more); {
	case err == nil:
		out.at(more.Line, more.Column, "", CodeSyntax, "a second document begins here; a template is one document")
		return nil
	case !errors.Is(err, io.EOF):
		out.syntax(text, err, lines.begun)
		return nil
	}
	if len(doc.Content) != 1 {
		out.add("", CodeSyntax, "the text is empty")
		return nil
	}
	return doc.Content[0]
}

// strangeBreak reports a line that ends otherwise than with a line feed. For YAML
// a line ends there, and for most editors none does: then what people see is not
// what is read, and no position is right that follows.
func strangeBreak(text []byte, out *report) bool {
	line, column := 1, 1
	whole := strings.TrimPrefix(string(text), "\ufeff")
	for i, r := range whole {
		switch {
		case r == '\n':
			line, column = line+1, 0
		case r == '\u0085', r == '\u2028', r == '\u2029', r == '\r' && !strings.HasPrefix(whole[i+1:], "\n"):
			out.at(line, column, "", CodeSyntax, "a line ends here with %U; lines end with a line feed", r)
			return true
		}
		column++
	}
	return false
}

// walker reads nodes into a definition. Whatever it cannot read it reports and
// leaves empty; the checks of the definition then keep silent about it.
type walker struct {
	source *Source
	out    *report
	flow   int // how many mappings and lists in flow style ({}, []) one is in
}

// within notes that what follows stands in a mapping or list, until the
// function that it returns is called.
func (w *walker) within(n *yaml.Node) func() {
	if n.Style&yaml.FlowStyle == 0 {
		return func() {}
	}
	w.flow++
	return func() { w.flow-- }
}

// key is one key that a mapping may have.
type key struct {
	name string
	read func(n *yaml.Node, path string)
}

// object reads a mapping with known keys.
func (w *walker) object(n *yaml.Node, path string, keys ...key) {
	w.pairs(n, path, func(_ int, name string, k, v *yaml.Node) {
		at := join(path, name)
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
		if i < 0 {
			w.source.mark(at, nil, k)
			if w.out.full() {
				return
			}
			known := make([]string, len(keys))
			for i, k := range keys {
				known[i] = k.name
			}
			suggestion := didYouMean(name, known)
			if suggestion == "" {
				suggestion = "known here: " + strings.Join(known, ", ")
			}
			w.out.suggest(at, CodeKey, suggestion, "unknown key %s", quote(name))
			if meant := nearest(name, known); meant != "" && !hasKey(n, meant) {
				w.out.follow(join(path, meant), CodeKey)
			}
			return
		}
		w.source.mark(at, k, v)
		if w.value(v, at) {
			keys[i].read(v, at)
		}
	})
}

func hasKey(n *yaml.Node, name string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return true
		}
	}
	return false
}

// named reads a mapping from names to bodies. A body may be left empty.
func (w *walker) named(n *yaml.Node, path string, read func(name string, body *yaml.Node, path string)) {
	w.pairs(n, path, func(i int, name string, k, v *yaml.Node) {
		at := element(path, i, name, false)
		w.source.mark(at, k, v)
		if empty := v.Kind == yaml.ScalarNode && v.Tag == "!!null" && v.Anchor == "" && v.Style&yaml.TaggedStyle == 0; empty || !w.value(v, at) {
			v = &yaml.Node{Kind: yaml.MappingNode, Line: v.Line, Column: v.Column}
		}
		read(name, v, at)
	})
}

// pairs calls each for the pairs of a mapping whose keys are plain text and not
// given before.
func (w *walker) pairs(n *yaml.Node, path string, each func(i int, name string, k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		w.mistaken(n, path, "a mapping")
		return
	}
	defer w.within(n)()
	seen := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		text := k.Kind == yaml.ScalarNode && k.Tag == "!!str"
		if !text || k.Style&yaml.TaggedStyle != 0 || k.Anchor != "" {
			w.out.at(k.Line, k.Column, path, CodeSyntax, "a key is a plain text")
		}
		if !text {
			continue // else what stands there can be read all the same
		}
		if line, twice := seen[k.Value]; twice {
			w.out.at(k.Line, k.Column, path, CodeDuplicate, "key %s is given twice, first on line %d", quote(k.Value), line)
			continue
		}
		seen[k.Value] = k.Line
		each(len(seen)-1, k.Value, k, v)
	}
}

// value refuses what stands for something else, and nothing at all.
func (w *walker) value(n *yaml.Node, path string) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		w.out.add(path, CodeSyntax, "aliases are not allowed; write the value out")
	case n.Anchor != "":
		w.out.add(path, CodeSyntax, "anchors are not allowed")
	case n.Style&yaml.TaggedStyle != 0:
		advice := ""
		if member := path[strings.LastIndexByte(path, '.')+1:]; n.Kind == yaml.ScalarNode && slices.Contains(expressionKeys, member) {
			advice = asBlock(member)
		}
		w.out.suggest(path, CodeSyntax, advice, "tags are not allowed, and an ! at the beginning of a value is one")
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		w.out.add(path, CodeType, "a value is missing")
	default:
		return true
	}
	return false
}

// each reads a sequence.
func (w *walker) each(n *yaml.Node, path string, read func(n *yaml.Node, path string)) {
	if n.Kind != yaml.SequenceNode {
		w.mistaken(n, path, "a list")
		return
	}
	defer w.within(n)()
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		w.source.mark(at, nil, item)
		if w.value(item, at) {
			read(item, at)
		}
	}
}

// names reads a sequence of texts.
func (w *walker) names(into *[]string) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		w.each(n, path, func(n *yaml.Node, path string) {
			var name string
			w.text(&name)(n, path)
			*into = append(*into, name)
		})
	}
}

// oneOrMore reads a sequence of texts, or a single one without brackets.
func (w *walker) oneOrMore(into *[]string) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		if n.Kind == yaml.ScalarNode {
			n = &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{n}}
		}
		w.names(into)(n, path)
	}
}

// text reads a scalar that is text.
func (w *walker) text(into *string) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		switch {
		case n.Kind != yaml.ScalarNode:
			w.mistaken(n, path, "a text")
		case n.Tag != "!!str":
			w.out.suggest(path, CodeType, "write it in quotes", "a text is expected, this reads as something else")
		default:
			*into = n.Value
		}
	}
}

// expression reads a text in another language than YAML.
func (w *walker) expression(into *string) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		w.text(into)(n, path)
		w.unclear(n, path)
	}
}

// cutMessage says why an expression ends where it does.
const cutMessage = "to YAML what follows # is a comment, and no part of the expression"

// unclear notes an expression of which YAML may take a part for its own, or loses
// the lines.
func (w *walker) unclear(n *yaml.Node, path string) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		return
	}
	if _, _, ok := w.source.origin(n); !ok || n.Style == 0 && strings.Contains(n.Value, "\n") {
		w.source.unclear = append(w.source.unclear, unclear{path, "mistakes in this expression cannot be shown where they stand: it is folded, or has escapes", "write it as a block after |"})
	} else if n.Style == 0 && w.source.cut(n) {
		w.source.unclear = append(w.source.unclear, unclear{path, cutMessage, "write the comment on a line of its own, or the expression as a block after |"})
	} else if n.Style == 0 && w.flow > 0 && strings.ContainsAny(n.Value, "\"'?:#,[]{}") {
		w.source.unclear = append(w.source.unclear, unclear{path, "between braces, YAML cuts an expression without quotes at the next comma, bracket or colon, in its texts, too", "write it in quotes, or as a block after |"})
	}
}

// plainNumber is how numbers are written. Others are read differently by
// different parsers: 017 is 17 or 15, 1_000 a number or a text.
var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// literal reads a scalar as it is written: a number, a date or a text.
func (w *walker) literal(into *string) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		switch {
		case n.Kind != yaml.ScalarNode:
			w.mistaken(n, path, "a number, date or text")
		case n.Tag == "!!bool", (n.Tag == "!!int" || n.Tag == "!!float") && !plainNumber.MatchString(n.Value):
			w.out.suggest(path, CodeType, "write it in plain digits, or in quotes", "a number, date or text is expected")
		default:
			*into = n.Value
		}
	}
}

// integer reads a whole number.
func (w *walker) integer(into *int) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || !plainNumber.MatchString(n.Value) {
			w.mistaken(n, path, "a whole number in plain digits")
			return
		}
		v, err := strconv.ParseInt(n.Value, 10, 32)
		if err != nil {
			w.out.add(path, CodeLimit, "the number is too large")
			return
		}
		*into = int(v)
	}
}

// boolean reads true or false.
func (w *walker) boolean(into *bool) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		if !isBoolean(n) {
			w.mistaken(n, path, "true or false")
			return
		}
		*into = n.Value == "true"
	}
}

func isBoolean(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!bool" && (n.Value == "true" || n.Value == "false")
}

// mistaken reports a value of the wrong kind.
func (w *walker) mistaken(n *yaml.Node, path, want string) {
	is, advice := quote(n.Value), insteadOf(n, path, want)
	switch n.Kind {
	case yaml.MappingNode:
		is = "a mapping"
	case yaml.SequenceNode:
		is = "a list"
	case yaml.AliasNode:
		is = "an alias"
	}
	w.out.suggest(path, CodeType, advice, "%s is expected, not %s", want, is)
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// join appends a name to a path. Whatever is neither an id nor a language
// stands in quotes, so that a path is one line that ends where it seems to.
func join(path, name string) string {
	if !plainName.MatchString(name) {
		name = quote(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// element is the path of a named thing in a list of them: by its name, or by
// its position where the name would not tell which.
func element(path string, i int, name string, twice bool) string {
	if twice || !isID(name) {
		return fmt.Sprintf("%s[%d]", path, i)
	}
	return join(path, name)
}

// isID reports whether a name is an id.
func isID(name string) bool {
	if name == "" || len(name) > maxName || name[0] < 'a' || name[0] > 'z' {
		return false
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}
