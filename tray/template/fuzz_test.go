package template

import (
	"bytes"
	"errors"
	"testing"
)

// Whatever the text, Load gives a template whose canonical JSON is one, or
// problems that stand in the text.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"leave.yaml", "order.yaml", "everything.yaml"} {
		f.Add(readText(f, name))
	}
	for _, s := range []string{"", "a: [", "a: &a [*a]", "template: x\n---\n", "? [a]\n: b", "a: |\n  b", "\t", "a: !!binary x", "%YAML 1.1\n---\na: b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tpl, err := loadText(text)
		if err != nil {
			var problems Problems
			if tpl != nil || !errors.As(err, &problems) || len(problems) == 0 || len(problems) > maxProblems {
				t.Fatalf("%v, %T %v", tpl, err, err)
			}
			for _, p := range problems {
				if p.Message == "" || p.Code == "" || p.Pos.Line < 1 || p.Pos.Column < 1 {
					t.Errorf("%+v", p)
				}
			}
			return
		}
		again, err := Parse(tpl.Canonical())
		if err != nil || again.Digest() != tpl.Digest() {
			t.Fatalf("parsed: %v\n%s", err, tpl.Canonical())
		}
		compiled, err := Compile(tpl.Definition())
		if err != nil || compiled.Digest() != tpl.Digest() {
			t.Fatalf("compiled: %v\n%s", err, tpl.Canonical())
		}
	})
}

// Parse accepts what it would write itself, and nothing else.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"leave.yaml", "order.yaml", "everything.yaml"} {
		tpl := loadFile(f, name)
		f.Add(tpl.Canonical())
		f.Add(bytes.Replace(tpl.Canonical(), []byte(`"version":`), []byte(`"version": `), 1))
		f.Add(bytes.Replace(tpl.Canonical(), []byte(`"max":"1000"`), []byte(`"max":"10"`), 1))
	}
	f.Add([]byte(`{"format":"vassoio-template/1","template":"x","version":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		tpl, err := Parse(text)
		if err != nil {
			var problems Problems
			if tpl != nil || !errors.Is(err, ErrNotCanonical) && !errors.As(err, &problems) {
				t.Fatalf("%v, %T %v", tpl, err, err)
			}
			return
		}
		if !bytes.Equal(tpl.Canonical(), text) {
			t.Errorf("written again it is\n%s\nnot\n%s", tpl.Canonical(), text)
		}
		if again, err := Parse(tpl.Canonical()); err != nil || again.Digest() != tpl.Digest() {
			t.Errorf("parsed again: %v", err)
		}
	})
}
