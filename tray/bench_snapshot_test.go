package tray

import (
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
