package tray

import (
	"fmt"
	"maps"
	"runtime"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// amongDead gives a state in which a section has n files besides that nobody holds, each
// for keys of anna's that were replaced, and an entry that shares it to somebody.
func amongDead(t testing.TB, n int) (*State, *entry.Entry) {
	t.Helper()
	f := &forger{world: play(t, "deal.yaml", deal)}
	if err := f.append(f.by("anna", f.admit("last", "customer")), false); err != nil {
		t.Fatal(err)
	}
	s := *f.state()
	p, anna := f.place("customer"), f.participant("anna")
	at := *s.places[p]
	at.files.of = maps.Clone(at.files.of)
	for range n {
		at.files.add(&file{entry.File{Blob: sign.Hash{1}, Size: 1000, To: []string{anna}}, anna, []int{0}})
	}
	rekeyed := *s.people[anna]
	rekeyed.keyed++
	s.people = maps.Clone(s.people)
	s.people[anna] = &rekeyed
	s.places = maps.Clone(s.places)
	s.places[p] = &at
	return &s, f.entry("anna", f.share("customer", "last"))
}

// An entry costs the host as little among ten thousand files that nobody holds as among
// a hundred.
func TestDeadFiles(t *testing.T) {
	bytes := func(n int) uint64 {
		s, e := amongDead(t, n)
		var before, after runtime.MemStats
		const runs = 20
		runtime.ReadMemStats(&before)
		for range runs {
			if _, err := s.applyVerified(e, sign.Hash{2}); err != nil {
				t.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) / runs
	}
	few, many := bytes(100), bytes(10_000)
	if many > few+few/4 {
		t.Errorf("%d bytes among 100 files that nobody holds, %d among 10,000", few, many)
	}
	t.Logf("%d bytes among 100, %d among 10,000", few, many)
}

// BenchmarkShare applies an entry that shares a section of which many files are that
// nobody holds any more.
func BenchmarkShare(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("dead=%d", n), func(b *testing.B) {
			s, e := amongDead(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.applyVerified(e, sign.Hash{2}); err != nil {
					b.Fatal(err)
				}
				s.Owed()
			}
		})
	}
}
