package tray

import (
	"fmt"
	"testing"

	"github.com/vassoio/vassoio/tray/store"
)

// BenchmarkResume opens a tray from a snapshot, of a host that has the template
// compiled.
func BenchmarkResume(b *testing.B) {
	lengths(b, func(b *testing.B, mem *store.Memory, s *State, me *Identity) {
		host := NewHost(mem)
		snapshot, err := s.snapshot()
		if err != nil {
			b.Fatal(err)
		}
		resume := func() {
			t, err := Resume(b.Context(), host, snapshot, me)
			if err != nil || t.State().head != s.head {
				b.Fatalf("not at the head: %v", err)
			}
		}
		resume() // compiles the template
		beside(b, mem, s, resume)
		b.ReportMetric(float64(len(snapshot))/float64(s.head.Length), "B/entry")
	})
}

// BenchmarkCommit writes one section, which its author reads, through a host:
// sealing and signing are most of it, and a long log makes it no dearer.
func BenchmarkCommit(b *testing.B) {
	for _, n := range []int{100, 10000} {
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			mem, s, me := longLog(b, n)
			t, err := OpenAt(b.Context(), NewHost(mem), s.head, me)
			if err != nil {
				b.Fatal(err)
			}
			field := t.State().template.Section("first").Fields[0].Name
			i := 0
			commit := func() {
				i++
				d := t.Draft()
				d.Encode("first", map[string]any{field: fmt.Sprint("value ", i)})
				if err := d.Commit(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			commit() // the host replays the log once
			for b.Loop() {
				commit()
			}
		})
	}
}
