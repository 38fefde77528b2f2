package tray

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

var update = flag.Bool("update", false, "record golden logs anew: the format has changed")

// The golden log: signed lines of every op, and the template that they were made
// under. Whoever made a tray with this version must be able to open it with each
// later one, to the same state.
const (
	goldenLog      = "testdata/golden/log"
	goldenTemplate = "testdata/golden/template.json"
	goldenState    = "testdata/golden/state.txt"
)

func TestGoldenLog(t *testing.T) {
	if *update {
		record(t)
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	m := store.NewMemory()
	var head store.Head
	for line := range bytes.Lines(read(goldenLog)) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		if head.Length == 0 {
			head.Tray = sign.Sum(line)
		}
		if err := m.Append(t.Context(), head, line, read(goldenTemplate)); err != nil {
			t.Fatal(err)
		}
		head = store.Head{Tray: head.Tray, Length: head.Length + 1, Hash: sign.Sum(line)}
	}
	s, err := NewHost(m).State(t.Context(), head.Tray)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := goldenSummary(s), string(read(goldenState)); got != want {
		t.Errorf("the golden log leads to\n%s\ninstead of\n%s", got, want)
	}
}

// record makes the golden files of the reference tray.
func record(t *testing.T) {
	t.Helper()
	w := play(t, "deal.yaml", reference)
	if err := os.MkdirAll("testdata/golden", 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		goldenLog:      append(bytes.Join(w.log(), []byte("\n")), '\n'),
		goldenTemplate: w.tpl.Canonical(),
		goldenState:    []byte(goldenSummary(w.state())),
	} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// goldenSummary tells all that a state says, in ids.
func goldenSummary(s *State) string {
	var b strings.Builder
	fmt.Fprintf(&b, "head %v\nsuite %s\nstate %s since %s\n", s.Head(), s.suite, s.Name(), s.since.UTC().Format("2006-01-02T15:04:05Z"))
	for _, p := range s.Participants() {
		fmt.Fprintf(&b, "participant %s key %v from %d: %s\n", p.ID, p.Key(), p.Joined, roleList(p.Roles))
	}
	for _, p := range s.sortedPlaces() {
		at := s.places[p]
		fmt.Fprintf(&b, "section %s %s revision %d root %v by %s in %d, %d files, unreadable to %d, %v\n", p.Section, p.Instance, at.number, at.root, at.author, at.seq, len(at.files), len(at.unreadable), at.public)
	}
	for _, c := range s.template.Conditions() {
		for _, instance := range s.allInstances(c.Sections) {
			if word := s.word(said{c.ID, instance}, nil); word != nil {
				fmt.Fprintf(&b, "condition %s %s: %s, says %s in %d\n", c.ID, instance, word.outcome, word.by, word.seq)
			}
		}
	}
	for _, sig := range s.template.Signatures() {
		fmt.Fprintf(&b, "signature %s: %s\n", sig.Name, strings.Join(s.signers(sig.Name), " "))
	}
	n := 0
	for range s.dropped.all() {
		n++
	}
	fmt.Fprintf(&b, "%d blobs dropped, %d invites open\n", n, len(s.invites))
	return b.String()
}
