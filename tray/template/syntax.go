package template

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
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
	syntaxLine = regexp.MustCompile(`^yaml: (?:line \d+: )?`)
	memberOf   = regexp.MustCompile(`(^ *(?:- )?|[{,] *)([a-z_]+): +`)
)

// syntax reports an error of the YAML parser.
func (r *report) syntax(text []byte, err error) {
	line := errorLine(text, err)
	message := err.Error()
	message = "not YAML: " + message[len(syntaxLine.FindString(message)):]
	source := nth(r.source.lines, line)
	indent := source[:len(source)-len(strings.TrimLeft(source, " \t"))]
	column, advice := 1, ""
	switch member, value := expressionOn(source); {
	case strings.Contains(indent, "\t"):
		column = 1 + strings.IndexByte(indent, '\t')
		message, advice = "a tab stands in the indentation", "indent with spaces"
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

// errorLine finds the line at which the parser gives up. It tells one in its
// text, but often that of where the list or mapping begins, or the one before;
// so it is the first line up to which the text gives the same error.
func errorLine(text []byte, err error) int {
	lines := bytes.SplitAfter(text, []byte("\n"))
	n, ends := 0, make([]int, len(lines))
	for i, line := range lines {
		n += len(line)
		ends[i] = n
	}
	low, high := 0, len(lines)-1
	for low < high {
		middle := (low + high) / 2
		if e := decodeAll(text[:ends[middle]]); e != nil && e.Error() == err.Error() {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low + 1
}

// decodeAll gives the error that parse comes to, if any.
func decodeAll(text []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		return err
	}
	return decoder.Decode(&more)
}
