package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

const writers, each = 32, 4

// testOneTray lets many append to one tray: each succeeds at a place of its own,
// and nothing is lost.
func testOneTray(t *testing.T, s store.Store) {
	start := grow(t, s, store.Head{}, 0, 1)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			h := start
			for i := range each {
				l := fmt.Appendf(nil, "writer-%d-%d", w, i)
				for {
					err := s.Append(t.Context(), h, l, l)
					var conflict *store.ConflictError
					if errors.As(err, &conflict) {
						if conflict.Head.Length <= h.Length {
							t.Errorf("conflict at %d with %d", h.Length, conflict.Head.Length)
							return
						}
						h = conflict.Head
						continue
					}
					if err != nil {
						t.Error(err)
						return
					}
					h = next(h, l)
					break
				}
			}
		})
	}
	read := make(chan struct{})
	go func() { // a reader sees a prefix of the same log, always
		defer close(read)
		length := 0
		for length < 1+writers*each && !t.Failed() {
			lines, err := collect(t, s.Log(t.Context(), start.Tray, 0))
			if err != nil || len(lines) < length {
				t.Errorf("the log shrank from %d to %d lines, %v", length, len(lines), err)
				return
			}
			length = len(lines)
		}
	}()
	wg.Wait()
	<-read
	h, err := s.Head(t.Context(), start.Tray)
	if err != nil || h.Length != 1+writers*each {
		t.Fatalf("%d entries, %v; want %d", h.Length, err, 1+writers*each)
	}
	seen := make(map[string]bool)
	for l, err := range s.Log(t.Context(), start.Tray, 1) {
		if err != nil {
			t.Fatal(err)
		}
		seen[string(l)] = true
		if _, err := s.Blob(t.Context(), start.Tray, sign.Sum(l)); err != nil {
			t.Errorf("blob of %s: %v", l, err)
		}
	}
	if len(seen) != writers*each {
		t.Errorf("%d different entries, want %d", len(seen), writers*each)
	}
}

// testManyTrays lets many write to trays of their own while somebody follows the
// feed by its cursor: he must miss nothing.
func testManyTrays(t *testing.T, s store.Store) {
	var wg sync.WaitGroup
	heads := make([]store.Head, writers)
	for w := range writers {
		wg.Go(func() { heads[w] = grow(t, s, store.Head{}, 100*w, each) })
	}
	written := make(chan struct{})
	go func() { wg.Wait(); close(written) }()
	next := make(map[sign.Hash]uint64)
	var cursor store.Cursor
	for last := false; ; {
		for change, err := range s.Feed(t.Context(), cursor) {
			if err != nil {
				t.Fatal(err)
			}
			switch n := next[change.Tray]; {
			case change.Seq > n:
				t.Fatalf("entry %d of a tray was told after %d others", change.Seq, n)
			case change.Seq == n:
				next[change.Tray]++
			}
			cursor = change.Cursor
		}
		if last {
			break
		}
		select {
		case <-written:
			last = true
		default:
		}
	}
	for _, h := range heads {
		if t.Failed() {
			return
		}
		wantHead(t, s, h)
		if next[h.Tray] != each {
			t.Errorf("the feed told %d entries of a tray, want %d", next[h.Tray], each)
		}
	}
}
