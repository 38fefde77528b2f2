package template

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"
)

// README.md is what authors of templates read. The tests of readme_test.go and
// readme_language_test.go hold it true: what it shows loads, what it evaluates
// gives what it says, and what there is has a line in it.

// A table of the page, with the headings above it.
type table struct {
	heading string
	columns []string
	rows    [][]string
}

// readPage gives the tables of the page, and its blocks of YAML.
func readPage(t *testing.T) (tables []table, blocks []string) {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var heading string
	var block *strings.Builder
	inTable := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		row := strings.HasPrefix(line, "| ") && block == nil
		switch {
		case block != nil && line == "```":
			blocks = append(blocks, block.String())
			block = nil
		case block != nil:
			block.WriteString(line + "\n")
		case line == "```yaml":
			block = &strings.Builder{}
		case strings.HasPrefix(line, "#"):
			heading = strings.TrimLeft(line, "# ")
		case row && !inTable:
			tables = append(tables, table{heading: heading, columns: cells(line)})
		case row && !strings.HasPrefix(line, "| --- "):
			last := &tables[len(tables)-1]
			last.rows = append(last.rows, cells(line))
			if n := len(last.rows[len(last.rows)-1]); n != len(last.columns) {
				t.Errorf("%s: %d cells under %d columns: %s", heading, n, len(last.columns), line)
			}
		}
		inTable = row
	}
	if len(tables) < 10 || len(blocks) < 5 {
		t.Fatalf("%d tables and %d blocks: there are far more", len(tables), len(blocks))
	}
	return tables, blocks
}

// cells splits a row; a bar in a cell is written \|.
func cells(line string) []string {
	const bar = "\x00"
	parts := strings.Split(strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), `\|`, bar), "|")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(strings.ReplaceAll(p, bar, "|"))
	}
	return parts
}

var codeSpan = regexp.MustCompile("`([^`]+)`")

// spans are the pieces of code in a cell.
func spans(cell string) (code []string) {
	for _, m := range codeSpan.FindAllStringSubmatch(cell, -1) {
		code = append(code, m[1])
	}
	return code
}

// under is the table that stands under a heading.
func under(t *testing.T, heading string) table {
	t.Helper()
	tables, _ := readPage(t)
	i := slices.IndexFunc(tables, func(table table) bool { return table.heading == heading })
	if i < 0 || len(tables[i].rows) == 0 {
		t.Fatalf("there is no table under %q", heading)
	}
	return tables[i]
}

// paragraph is the text of a paragraph on one line, after some words in it.
func paragraph(t *testing.T, begins, after string) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n"+begins)
	rest, _, _ = strings.Cut(rest, "\n\n")
	_, rest, found := strings.Cut(strings.ReplaceAll(rest, "\n", " "), after)
	if !ok || !found {
		t.Fatalf("no paragraph begins with %q, and says %q", begins, after)
	}
	return rest
}

// whole is the template that the page shows.
func whole(t *testing.T) string {
	t.Helper()
	_, blocks := readPage(t)
	if !strings.HasPrefix(blocks[0], "template:") {
		t.Fatal("the first block is no template")
	}
	return blocks[0]
}

func loadNamed(name, text string) (*Template, error) {
	return Load(fstest.MapFS{name: {Data: []byte(text)}}, name)
}

// flawless loads a template of which nothing is wrong or doubtful.
func flawless(t *testing.T, text string) *Template {
	t.Helper()
	tpl, err := loadNamed("expenses.yaml", text)
	if err != nil {
		t.Error(err)
		return nil
	}
	if len(tpl.Warnings()) > 0 {
		t.Errorf("%v", tpl.Warnings())
	}
	return tpl
}

func parsed(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return doc.Content[0]
}

// merge puts what a fragment says into a mapping.
func merge(into, from *yaml.Node) {
	for i := 0; i < len(from.Content); i += 2 {
		k, v := from.Content[i], from.Content[i+1]
		at := -1
		for j := 0; j < len(into.Content); j += 2 {
			if into.Content[j].Value == k.Value {
				at = j + 1
			}
		}
		switch {
		case at < 0:
			into.Content = append(into.Content, k, v)
		case v.Kind == yaml.MappingNode && into.Content[at].Kind == yaml.MappingNode:
			merge(into.Content[at], v)
		default:
			into.Content[at] = v
		}
	}
}

// placed is the whole template and what a fragment says inside of one of its members.
func placed(t *testing.T, member []string, fragment string) string {
	t.Helper()
	var text strings.Builder
	for i, m := range member {
		text.WriteString(strings.Repeat("  ", i) + m + ":\n")
	}
	for line := range strings.Lines(fragment) {
		text.WriteString(strings.Repeat("  ", len(member)) + line)
	}
	root := parsed(t, whole(t))
	merge(root, parsed(t, text.String()))
	out, err := yaml.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
