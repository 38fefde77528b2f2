package template

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs at byte %d; see what changed with -update", name, differ(got, want))
	}
}

func loadFile(t testing.TB, name string) *Template {
	t.Helper()
	tpl, err := Load(os.DirFS("testdata"), name)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

func loadText(text string) (*Template, error) {
	return Load(fstest.MapFS{"order.yaml": {Data: []byte(text)}}, "order.yaml")
}

func readText(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The canonical JSON is what digests are made of: it may never change for a
// template that somebody has a tray of.
func TestCanonicalGolden(t *testing.T) {
	tpl := loadFile(t, "order.yaml")
	golden(t, "order.json", tpl.Canonical())
	if tpl.Digest().String() != "e3a32f56a29abde7883a16ea9f6f4582e687fa9d12aba251a979bd82a3667304" {
		t.Errorf("digest is %s", tpl.Digest())
	}
}

// edit is a case of testdata/*.txt: a template with some text replaced, and
// what is said about it.
type edit struct {
	name     string
	old, new []string
	want     []string
}

// readEdits reads cases, which look so:
//
//	# name
//	- text of the template
//	+ text in its place
//	order.yaml:3:1: problem
//
// A text of several lines is several lines of one sign.
func readEdits(t *testing.T, name string) []edit {
	t.Helper()
	var edits []edit
	var sign byte
	for i, line := range strings.Split(readText(t, name), "\n") {
		if line == "" {
			sign = 0
			continue
		}
		if line[0] == '#' {
			edits = append(edits, edit{name: strings.TrimSpace(line[1:])})
			sign = 0
			continue
		}
		if len(edits) == 0 {
			t.Fatalf("%s:%d: text before the first case", name, i+1)
		}
		e := &edits[len(edits)-1]
		var list *[]string
		switch {
		case strings.HasPrefix(line, "- ") || line == "-":
			list = &e.old
		case strings.HasPrefix(line, "+ ") || line == "+":
			list = &e.new
		default:
			e.want = append(e.want, line)
			continue
		}
		text := strings.TrimPrefix(line[1:], " ")
		if line[0] == sign {
			(*list)[len(*list)-1] += "\n" + text
		} else {
			*list = append(*list, text)
		}
		sign = line[0]
	}
	if len(edits) == 0 {
		t.Fatalf("%s has no cases", name)
	}
	return edits
}

// apply gives the template with the replacements made.
func (e edit) apply(t *testing.T, text string) string {
	t.Helper()
	if len(e.old) != len(e.new) || len(e.old) == 0 {
		t.Fatalf("%d texts and %d in their place", len(e.old), len(e.new))
	}
	for i := range e.old {
		if strings.Count(text, e.old[i]) != 1 {
			t.Fatalf("%q stands %d times in the template, want 1", e.old[i], strings.Count(text, e.old[i]))
		}
		text = strings.ReplaceAll(strings.Replace(text, e.old[i], e.new[i], 1), `\t`, "\t")
	}
	return text
}

// runEdits loads every case and compares what is said with what should be.
func runEdits(t *testing.T, name string, base string, said func(*testing.T, *Template, error) Problems) {
	edits := readEdits(t, name)
	var all strings.Builder
	seen := map[string]bool{}
	for i, e := range edits {
		if seen[e.name] {
			t.Errorf("two cases are called %q", e.name)
		}
		seen[e.name] = true
		var got []string
		t.Run(e.name, func(t *testing.T) {
			tpl, err := loadText(e.apply(t, base))
			for _, p := range said(t, tpl, err) {
				got = append(got, p.String())
			}
			if !*update && strings.Join(got, "\n") != strings.Join(e.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(e.want, "\n"))
			}
			if len(got) == 0 {
				t.Error("nothing is said")
			}
		})
		if i > 0 {
			all.WriteString("\n")
		}
		fmt.Fprintf(&all, "# %s\n", e.name)
		for k := range e.old {
			for _, line := range strings.Split(e.old[k], "\n") {
				all.WriteString(strings.TrimRight("- "+line, " ") + "\n")
			}
			for _, line := range strings.Split(e.new[k], "\n") {
				all.WriteString(strings.TrimRight("+ "+line, " ") + "\n")
			}
		}
		for _, line := range got {
			all.WriteString(line + "\n")
		}
	}
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", name), []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d templates", len(edits))
}

// Each mistake is told, where it stands, and nothing else is.
func TestBroken(t *testing.T) {
	base := readText(t, "order.yaml")
	runEdits(t, "broken.txt", base, func(t *testing.T, tpl *Template, err error) Problems {
		var problems Problems
		if err != nil && !errors.As(err, &problems) {
			t.Fatalf("the error is %T", err)
		}
		for _, p := range problems {
			if p.Pos.Line > 0 && !strings.HasSuffix(p.Snippet, "^") {
				t.Errorf("%v has no snippet", p)
			}
		}
		return problems
	})
}

// What is doubtful is told, and no more than that.
func TestWarnings(t *testing.T) {
	base := readText(t, "leave.yaml")
	if tpl, err := loadText(base); err != nil || len(tpl.Warnings()) > 0 {
		t.Fatalf("the template itself: %v %v", err, tpl.Warnings())
	}
	runEdits(t, "doubtful.txt", base, func(t *testing.T, tpl *Template, err error) Problems {
		if err != nil {
			t.Fatal(err)
		}
		return tpl.Warnings()
	})
}

// The template in the package's documentation is the one that is tested.
func TestDocumentedTemplate(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for line := range strings.SplitSeq(string(doc), "\n") {
		if line == "// A role manages others: it may admit, invite and dismiss their participants." {
			break
		}
		if code, ok := strings.CutPrefix(line, "//\t"); ok {
			text.WriteString(code + "\n")
		}
	}
	if text.String() != readText(t, "leave.yaml") {
		t.Errorf("the documentation shows\n%s", text.String())
	}
}
