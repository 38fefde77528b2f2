package template

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/rules"
	"go.yaml.in/yaml/v3"
)

func TestLoadFileSystem(t *testing.T) {
	if _, err := Load(os.DirFS("testdata"), "nowhere.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := Load(fstest.MapFS{"x": {Mode: fs.ModeDir}}, "x"); err == nil {
		t.Error("a directory was loaded")
	}
}

// problemsOf is the error of a template that must be refused.
func problemsOf(t *testing.T, err error) Problems {
	t.Helper()
	var problems Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("want Problems, got %T: %v", err, err)
	}
	return problems
}

// Texts that are meant to take all time or memory, or to be read in two ways.
func TestHostileText(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	nestedOf := "template: x\nsections:\n  s:\n    fields:\n      f: " + strings.Repeat("{type: list, of: ", 2000) + "{type: text}" + strings.Repeat("}", 2000)
	tests := []struct{ name, text string }{
		{"empty", ""},
		{"blank", "\n\n  \n"},
		{"comment", "# nothing\n"},
		{"null", "~\n"},
		{"scalar", "template\n"},
		{"two documents", "a: 1\n---\nb: 2\n"},
		{"alias bomb", bomb},
		{"alias to itself", "a: &a [*a]\n"},
		{"mapping that holds itself", "roles: &r {sales: *r}\n"},
		{"deep flow", strings.Repeat("[", 200_000)},
		{"deep flow, closed", strings.Repeat("[", 9000) + strings.Repeat("]", 9000)},
		{"deep flow mappings", strings.Repeat("{a: ", 9000)},
		{"deep block", deepBlock(700)},
		{"deep lists of lists", nestedOf},
		{"key of 100 kB", strings.Repeat("k", 100_000) + ": 1\n"},
		{"100 kB of unknown keys", manyKeys(10_000)},
		{"100 kB of equal keys", strings.Repeat("k: 1\n", 20_000)},
		{"many unknown roles", "template: x\nroles: {a: {manages: [" + strings.Repeat("b, ", 80_000) + "]}}\n"},
		{"not UTF-8", "template: \xff\n"},
		{"UTF-16", "\xff\xfet\x00e\x00m\x00p\x00"},
		{"NUL", "template: a\x00b\n"},
		{"terminal escape", "template: \"\\e[2J\"\n"},
		{"too long", strings.Repeat("#", maxSize+1)},
		{"tag that makes code", "template: !!python/object:os.system x\n"},
		{"binary", "template: !!binary aGVsbG8=\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var m0, m1 runtime.MemStats
			runtime.ReadMemStats(&m0)
			_, err := loadText(test.text)
			problems := problemsOf(t, err)
			if len(problems) > maxProblems {
				t.Errorf("%d problems", len(problems))
			}
			if text := problems.Error(); len(text) > 64<<10 || strings.ContainsAny(text, "\x1b\x00") {
				t.Errorf("the error has %d bytes, or steers a terminal", len(text))
			}
			runtime.ReadMemStats(&m1)
			if allocated := (m1.TotalAlloc - m0.TotalAlloc) >> 20; allocated > 64 {
				t.Errorf("%d MiB allocated", allocated)
			}
		})
	}
}

func deepBlock(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()[:min(b.Len(), maxSize)]
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	return b.String()
}

// What one may write in two ways means the same.
func TestSpellings(t *testing.T) {
	base := readText(t, "order.yaml")
	want, err := loadText(base)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new string }{
		{"list for one source", "from: filling, to: signing", "from: [filling], to: signing"},
		{"one event without brackets", "at: [validate]", "at: validate"},
		{"reason as a mapping", "by: [customer, care], reason: required", "by: [customer, care], reason: {required: true}"},
		{"reader as a mapping", "read: [care]", "read: [{role: care}]"},
		{"duration in days", "due: 72h", "due: 3d"},
		{"duration in minutes", "due: 72h", "due: 4320m"},
		{"quorum said", "by: customer\n    covers", "by: customer\n    quorum: one\n    covers"},
		{"blind denied", "by: customer\n    covers", "by: customer\n    blind: false\n    covers"},
		{"bound in quotes", "max: 500", `max: "500"`},
		{"default bound said", "{type: text, required: true}\n      vat", "{type: text, max: 1000, required: true}\n      vat"},
		{"required denied", "of: {sku", "compute: \"\"\n        of: {sku"},
		{"record with its type", "of: {sku: {type: text, required: true}, quantity: {type: integer, min: 1, required: true}, price: {type: decimal, scale: 2, required: true}}",
			"of: {type: record, fields: {sku: {type: text, required: true}, quantity: {type: integer, min: 1, required: true}, price: {type: decimal, scale: 2, required: true}}}"},
		{"Windows line ends", "version: 1\n", "version: 1\r\n"},
		{"byte order mark", "template: order", "\ufefftemplate: order"},
		{"comments", "version: 1\n", "version: 1 # first\n# more\n"},
		{"end of the document", "version: 1\n", "version: 1\n"},
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(base, test.old) != 1 {
				t.Fatalf("%q stands %d times in the template", test.old, strings.Count(base, test.old))
			}
			got, err := loadText(strings.Replace(base, test.old, test.new, 1))
			if err != nil {
				t.Fatal(err)
			}
			if got.Digest() != want.Digest() {
				t.Errorf("another template:\n%s\n%s", got.Canonical(), want.Canonical())
			}
		})
	}
}

// Everything that the YAML can say reaches the definition.
func TestEverything(t *testing.T) {
	tpl := loadFile(t, "everything.yaml")
	golden(t, "everything.json", tpl.Canonical())
	for _, w := range tpl.Warnings() {
		t.Log(w)
	}
	bid := tpl.Section("bid")
	if !reflect.DeepEqual(bid.Per, []string{"supplier"}) ||
		!reflect.DeepEqual(bid.Read, []Reader{{Role: Self}, {Role: "buyer", In: []string{"opened", "awarded"}}}) ||
		!reflect.DeepEqual(bid.Write, []string{Self}) {
		t.Errorf("bid is %+v", bid)
	}
	if !tpl.Section("call").Public || len(tpl.Section("call").Read) != 0 {
		t.Error("call is not public")
	}
	items := bid.Fields[0]
	if items.Kind != rules.KindList || items.Of.Kind != rules.KindRecord || items.Of.Fields[0].Name != "type" {
		t.Errorf("a record with a field called type is %+v", items.Of)
	}
	if deposit := bid.Fields[1]; deposit.Kind != rules.KindMoney || deposit.Scale != 0 || !reflect.DeepEqual(deposit.Currencies, []string{"CHF", "JPY"}) {
		t.Errorf("money is %+v", deposit)
	}
	tags := bid.Fields[2]
	if tags.Of.Kind != rules.KindText || tags.Of.Max != "20" {
		t.Errorf("a list of texts is %+v", tags.Of)
	}
	if s := tpl.Signature("oath"); s.Quorum != "2" || !s.Blind || !s.Required {
		t.Errorf("oath is %+v", s)
	}
	if e := tpl.Event("drop"); e.Reason == nil || e.Reason.Required || !reflect.DeepEqual(e.Reason.Read, []string{"buyer"}) {
		t.Errorf("drop is %+v", e)
	}
	if got := tpl.Section("call").Fields[1].Choices[1]; got.Title["it"] != "Fornitura" || got.When == "" {
		t.Errorf("the choice is %+v", got)
	}
}

// A mistake inside an expression is shown on its character, however the
// expression is quoted, where the text lets one tell.
func TestExpressionPositions(t *testing.T) {
	base := readText(t, "order.yaml")
	old := "company: {type: text, required: true}"
	tests := []struct {
		name, field  string
		line, column int // within what replaces the field
		snippet      string
	}{
		{"literal", "company:\n        type: text\n        check: |\n          this != \"\" &&\n            thiss != \"a\"", 5, 13, "thiss"},
		{"literal, stripped", "company:\n        type: text\n        check: |-\n          thiss != \"a\"", 4, 11, "thiss"},
		{"literal with an indicator", "company:\n        type: text\n        check: |2\n            this != \"\" &&\n            thiss != \"a\"", 5, 13, "thiss"},
		{"literal with empty lines", "company:\n        type: text\n        check: |\n\n          this != \"\" &&\n\n          thiss != \"a\"", 7, 11, "thiss"},
		{"literal with a comment", "company:\n        type: text\n        check: | # why\n          thiss != \"a\"", 4, 11, "thiss"},
		{"plain", "company:\n        type: text\n        check: thiss != \"a\"", 3, 16, "thiss"},
		{"single quotes", "company: {type: text, check: 'thiss != \"a\"'}", 1, 37, "thiss"},
		{"single quotes, doubled", "company: {type: text, check: 'thiss != ''a'''}", 1, 36, "thiss"},
		{"double quotes", "company: {type: text, check: \"thiss != this\"}", 1, 37, "thiss"},
		{"after other alphabets", "company: {title: Società, type: text, check: thiss != this}", 1, 52, "thiss"},
		{"folded", "company:\n        type: text\n        check: >\n          this != \"\" &&\n          thiss != \"a\"", 3, 16, "thiss"},
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := loadText(strings.Replace(base, old, test.field, 1))
			problems := problemsOf(t, err)
			p := problems[0]
			if len(problems) != 1 || p.Path != "sections.customer.fields.company.check" || p.Code != CodeExpression {
				t.Fatalf("got %v", err)
			}
			const first = 13 // line of the field
			if p.Pos != (rules.Position{File: "order.yaml", Line: first + test.line - 1, Column: test.column}) {
				t.Errorf("it is shown at %d:%d, want %d:%d", p.Pos.Line, p.Pos.Column, first+test.line-1, test.column)
			}
			lines := strings.Split(p.Snippet, "\n")
			caret := strings.Index(lines[1], "^")
			if at := len(string([]rune(lines[0])[:caret])); !strings.Contains(lines[0], test.snippet) ||
				!strings.HasPrefix(lines[0][at:], test.snippet) && test.name != "single quotes, doubled" {
				t.Errorf("the caret is not beneath it:\n%s", p.Snippet)
			}
		})
	}
}

// A text that is no mapping lacks everything, and is told of one thing.
func TestNoMapping(t *testing.T) {
	for _, text := range []string{"<html></html>\n", "- a\n- b\n", "3\n"} {
		_, err := loadText(text)
		if problems := problemsOf(t, err); len(problems) != 1 || !strings.Contains(problems[0].Message, "a mapping is expected") {
			t.Errorf("%q: %v", text, problems)
		}
	}
}

// There is no place where an anchor or a tag is let through.
func TestAnchorsAndTags(t *testing.T) {
	for _, name := range []string{"order.yaml", "everything.yaml"} {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(readText(t, name)), &doc); err != nil {
			t.Fatal(err)
		}
		var nodes []*yaml.Node
		var gather func(n *yaml.Node)
		gather = func(n *yaml.Node) {
			nodes = append(nodes, n)
			for _, inner := range n.Content {
				gather(inner)
			}
		}
		gather(doc.Content[0])
		refuse := func(n *yaml.Node, what string) {
			text, err := yaml.Marshal(&doc)
			if err != nil {
				t.Fatal(err)
			}
			out := newReport(newSource(name, text))
			(&walker{source: out.source, out: out}).template(parse(text, out))
			if err := out.err(); err == nil || !strings.Contains(err.Error(), "not allowed") && !strings.Contains(err.Error(), "plain text") {
				t.Errorf("%s:%d:%d: with %s: %v", name, n.Line, n.Column, what, err)
			}
		}
		for _, n := range nodes {
			n.Anchor = "x"
			refuse(n, "an anchor")
			n.Anchor = ""
			style := n.Style
			n.Style |= yaml.TaggedStyle
			refuse(n, "a tag")
			n.Style = style
		}
		if len(nodes) < 100 {
			t.Errorf("%d places only", len(nodes))
		}
		t.Logf("%s: %d places", name, len(nodes))
	}
}

// Lines are those that people see: whatever ends one for YAML alone is refused, and
// a byte order mark counts for nothing.
func TestLines(t *testing.T) {
	const text = "# Società\ntemplat: x\n"
	for _, test := range []struct {
		name, text   string
		line, column int
		code         Code
		snippet      string
	}{
		{"plain", text, 2, 1, CodeKey, "    templat: x\n    ^"},
		{"with carriage returns", strings.ReplaceAll(text, "\n", "\r\n"), 2, 1, CodeKey, "    templat: x\n    ^"},
		{"with a mark", "\ufeff{templat: x}\n", 1, 2, CodeKey, "    {templat: x}\n     ^"},
		{"carriage returns alone", "# a\r" + text, 1, 4, CodeSyntax, "    # a?# Società\n       ^"},
		{"a carriage return at the end", "# a\r", 1, 4, CodeSyntax, "    # a\n       ^"},
		{"next line", "# a\n# à\u0085" + text, 2, 4, CodeSyntax, "    # à?# Società\n       ^"},
		{"line separator", "# à\u2028" + text, 1, 4, CodeSyntax, "    # à?# Società\n       ^"},
		{"paragraph separator", "\ufeff# à\u2029" + text, 1, 4, CodeSyntax, "    # à?# Società\n       ^"},
	} {
		_, err := loadText(test.text)
		p := problemsOf(t, err)
		i := slices.IndexFunc(p, func(p Problem) bool { return p.Code == test.code })
		if i < 0 || p[i].Pos.Line != test.line || p[i].Pos.Column != test.column || p[i].Snippet != test.snippet {
			t.Errorf("%s: %v", test.name, err)
		}
		if test.code == CodeSyntax && len(p) != 1 {
			t.Errorf("%s: %d problems", test.name, len(p))
		}
	}
}
