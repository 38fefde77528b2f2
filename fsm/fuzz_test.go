package fsm

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// New takes anything. It accepts what the reference calls sound and nothing
// else, and what it accepts does what is written; what it refuses, it refuses
// with problems that can be found and printed.
func FuzzNew(f *testing.F) {
	f.Add(sound)
	for _, tt := range problemTests {
		f.Add(tt.def)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := def(text)
		l, err := New(d)
		_, again := New(def(text))
		if (err == nil) != (again == nil) || err != nil && err.Error() != again.Error() {
			t.Fatalf("%v, then %v", err, again)
		}
		if (err == nil) != refSound(d) {
			t.Fatalf("sound: %v; New: %v", refSound(d), err)
		}
		if err == nil {
			checkAgainst(t, l, d)
			checkDiagram(t, l.Mermaid(Diagram{Current: d.Initial}))
			return
		}
		var ps Problems
		if !errors.As(err, &ps) || len(ps) == 0 || len(ps) > maxProblems {
			t.Fatalf("%d problems: %v", len(ps), err)
		}
		for _, p := range ps {
			if _, err := locate(d, p.Path); err != nil {
				t.Fatal(err)
			}
			if p.Suggestion != "" && !slices.ContainsFunc(d.States, func(s State) bool { return s.Name == p.Suggestion }) {
				t.Fatalf("%s: no such state", p)
			}
			if s := p.String(); p.Code == "" || p.Message == "" || len(s) > 1000 || strings.ContainsFunc(s, unicode.IsControl) {
				t.Fatalf("%q", s)
			}
		}
	})
}
