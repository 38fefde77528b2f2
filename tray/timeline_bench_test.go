package tray

import (
	"fmt"
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

// BenchmarkEventsPolled asks a host what is new in a tray that it knows, of which
// it told up to 1, 2 and 100 entries before the end; beside it stands the floor of
// the whole log.
func BenchmarkEventsPolled(b *testing.B) {
	for _, behind := range []uint64{1, 2, 100} {
		b.Run(fmt.Sprintf("behind=%d", behind), func(b *testing.B) {
			lengths(b, func(b *testing.B, mem *store.Memory, s *State, me *Identity) {
				host, from := NewHost(mem), s.head.Length-behind
				var cursor store.Cursor
				for ev, err := range host.Events(b.Context(), "") {
					if err != nil {
						b.Fatal(err)
					}
					if ev.Seq == from {
						break // the host keeps where it was
					}
					cursor = ev.Cursor
				}
				told := host.told.of(s.head.Tray)
				if _, err := host.State(b.Context(), s.head.Tray); err != nil {
					b.Fatal(err)
				}
				beside(b, mem, s, func() {
					host.told.forget(s.head.Tray)
					host.told.keep(told)
					seq := from
					for ev, err := range host.Events(b.Context(), cursor) {
						if err != nil || ev.Seq != seq {
							b.Fatal(ev, err)
						}
						seq++
					}
					if seq != s.head.Length {
						b.Fatal(seq)
					}
				})
			})
		})
	}
}
