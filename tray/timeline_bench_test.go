package tray

import (
	"testing"

	"github.com/vassoio/vassoio/tray/store"
)

// BenchmarkTimeline reads a whole history again, by hashes alone.
func BenchmarkTimeline(b *testing.B) {
	lengths(b, func(b *testing.B, mem *store.Memory, s *State, me *Identity) {
		t := newTray(mem, me, s)
		beside(b, mem, s, func() {
			for _, err := range t.Timeline(b.Context()) {
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// BenchmarkEvents tells of every entry of a log, from the beginning, by a host
// that did not know it.
func BenchmarkEvents(b *testing.B) {
	lengths(b, func(b *testing.B, mem *store.Memory, s *State, me *Identity) {
		beside(b, mem, s, func() {
			for ev, err := range NewHost(mem).Events(b.Context(), "") {
				if err != nil || ev.Type == Broken {
					b.Fatal(ev, err)
				}
			}
		})
	})
}

// BenchmarkEventsPolled asks a host that knows the tray for what is new, and is
// told of the last entry; beside it stands the floor of the whole log.
func BenchmarkEventsPolled(b *testing.B) {
	lengths(b, func(b *testing.B, mem *store.Memory, s *State, me *Identity) {
		host := NewHost(mem)
		var cursor store.Cursor
		for c, err := range mem.Feed(b.Context(), "") {
			if err != nil {
				b.Fatal(err)
			}
			if c.Seq+1 < s.head.Length {
				cursor = c.Cursor
			}
		}
		if _, err := host.State(b.Context(), s.head.Tray); err != nil {
			b.Fatal(err)
		}
		beside(b, mem, s, func() {
			for ev, err := range host.Events(b.Context(), cursor) {
				if err != nil || ev.Seq+1 != s.head.Length {
					b.Fatal(ev, err)
				}
			}
		})
	})
}
