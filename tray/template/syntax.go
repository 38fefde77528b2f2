package template

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// What the YAML parser says is about YAML, and most of those who read it wrote
// an expression. So its errors are shown on the line where they are, and say
// what helps where that line seems to hold one.

// expressionKeys are the members that hold expressions.
var expressionKeys = []string{"rule", "check", "when", "compute", "required", "guard", "message_expression"}

var (
	syntaxLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	memberOf   = regexp.MustCompile(`(^ *(?:- )?|[{,] *)([a-z_]+): +`)
)

// syntax reports an error of the YAML parser.
func (r *report) syntax(text []byte, err error, reached int) {
	line := errorLine(text, err, reached)
	message := err.Error()
	message = "not YAML: " + message[len(syntaxLine.FindString(message)):]
	source := nth(r.source.lines, line)
	indent := source[:len(source)-len(strings.TrimLeft(source, " \t"))]
	column, advice := 1, ""
	switch member, value := expressionOn(source); {
	case strings.Contains(indent, "\t"):
		column = 1 + strings.IndexByte(indent, '\t')
		message, advice = "a tab stands in the indentation", "indent with spaces"
	case strings.Contains(message, "expected '-' indicator"):
		line, column, message, advice = r.unnamed(line, len(indent))
	case member != "":
		column = 1 + utf8.RuneCountInString(source[:value])
		advice = asBlock(member)
		if strings.ContainsAny(source[:value], "{[") {
			advice = fmt.Sprintf("write the expression of %q in quotes, or as a block after | outside of the braces", member)
		}
	default:
		column += utf8.RuneCountInString(indent)
		if strings.Contains(message, "mapping values are not allowed") && strings.Count(source, ": ") > 1 {
			advice = "a text with a colon and a space in it stands in quotes"
		}
	}
	p := Problem{Code: CodeSyntax, Message: message, Suggestion: advice}
	p.Pos, p.Snippet = r.source.at(line, column)
	r.problems = append(r.problems, p)
}

// asBlock advises to write an expression so that YAML takes nothing of it.
func asBlock(member string) string {
	return fmt.Sprintf("write the expression as a block: \"%s: |\", and the expression on the lines below", member)
}

// expressionOn finds the last member of a line that holds an expression, and
// where its value begins.
func expressionOn(line string) (member string, value int) {
	for _, m := range memberOf.FindAllStringSubmatchIndex(line, -1) {
		if name := line[m[4]:m[5]]; slices.Contains(expressionKeys, name) && m[1] < len(line) && line[m[1]] != '|' && line[m[1]] != '>' {
			member, value = name, m[1]
		}
	}
	return member, value
}

// errorLine finds the line at which the parser gives up, which had read up to the
// line reached. It tells one in its text, but often that of where the list or
// mapping begins, or the one before; and it may have looked ahead. So it is the
// first line up to which the text gives the same error. The one that is told is
// tried, where a quote that nothing closes begins, then those before. To parse is
// dear, so that nobody may have it done for every line.
func errorLine(text []byte, err error, reached int) int {
	end, ends := 0, []int{0}
	for line := range bytes.Lines(text) {
		end += len(line)
		ends = append(ends, end)
	}
	found := min(reached, len(ends)-1)
	upTo := func(line int) bool {
		if line < 1 || line >= found {
			return false
		}
		_, e := decodeAll(text[:ends[line]])
		if e == nil || e.Error() != err.Error() {
			return false
		}
		found = line
		return true
	}
	if m := syntaxLine.FindStringSubmatch(err.Error()); m != nil {
		told, _ := strconv.Atoi(m[1])
		upTo(told)
	}
	for range maxAhead {
		before := found - 1
		for before > 0 && says(text[ends[before-1]:ends[before]]) == "" {
			before--
		}
		if !upTo(before) {
			break
		}
	}
	return max(found, 1)
}

// says is a line without what has no meaning on a line of its own: space and comments.
func says(line []byte) string {
	text := strings.TrimSpace(string(line))
	if strings.HasPrefix(text, "#") {
		return ""
	}
	return text
}

// decodeAll gives the error that parse comes to, if any, and the line up to which
// the text was read.
func decodeAll(text []byte) (reached int, err error) {
	lines := &lineReader{rest: text}
	decoder := yaml.NewDecoder(lines)
	var doc, more yaml.Node
	if err = decoder.Decode(&doc); err == nil {
		err = decoder.Decode(&more)
	}
	return lines.begun, err
}

// A lineReader gives no more than a line at a time, so that it can tell how much of
// a text is read.
type lineReader struct {
	rest   []byte
	begun  int  // lines of which something was read
	within bool // the last of them was not read to its end
}

func (r *lineReader) Read(p []byte) (n int, err error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	if n = bytes.IndexByte(r.rest, '\n') + 1; n == 0 || n > len(p) {
		n = min(len(r.rest), len(p))
	}
	copy(p, r.rest[:n])
	if !r.within {
		r.begun++
	}
	r.within = n > 0 && r.rest[n-1] != '\n'
	r.rest = r.rest[n:]
	return n, nil
}
