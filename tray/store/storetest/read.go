package storetest

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

func testLogFrom(t *testing.T, s store.Store) {
	// Longer than any index of offsets that a store might keep, and lines that
	// are not all of one length.
	const n = 700
	var h store.Head
	var want [][]byte
	for i := range n {
		l := line(i, i%97)
		if i == 0 {
			h.Tray = sign.Sum(l)
		}
		if err := s.Append(t.Context(), h, l); err != nil {
			t.Fatal(err)
		}
		h, want = next(h, l), append(want, l)
	}
	for _, from := range []uint64{0, 1, 2, 255, 256, 257, 511, 512, 513, n - 2, n - 1, n, n + 1, math.MaxUint64} {
		lines, err := collect(t, s.Log(t.Context(), h.Tray, from))
		if err != nil {
			t.Fatalf("from %d: %v", from, err)
		}
		if !slices.EqualFunc(lines, want[min(from, n):], bytes.Equal) {
			t.Errorf("from %d: %d lines, or others than were appended", from, len(lines))
		}
	}
}

func testLogSnapshot(t *testing.T, s store.Store) {
	h := grow(t, s, store.Head{}, 0, 3)
	grown, count := h, 0
	for _, err := range s.Log(t.Context(), h.Tray, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if count++; count > 3 {
			t.Fatal("the log goes on beyond the end that it had")
		}
		grown = grow(t, s, grown, 100*count, 1)
	}
	wantHead(t, s, grown)
	for range s.Log(t.Context(), h.Tray, 0) {
		break
	}
	for range s.Feed(t.Context(), "") {
		grown = grow(t, s, grown, 1000, 1)
		break
	}
	wantHead(t, s, grown)
}

func testFeed(t *testing.T, s store.Store) {
	var heads [3]store.Head
	var want []store.Change
	for i := range 30 {
		h := &heads[i%len(heads)]
		*h = grow(t, s, *h, i, 1)
		want = append(want, store.Change{Tray: h.Tray, Seq: h.Length - 1})
	}
	same := func(got []store.Change, from int) bool {
		return slices.EqualFunc(got, want[from:], func(a, b store.Change) bool {
			return a.Tray == b.Tray && a.Seq == b.Seq
		})
	}
	all, err := collect(t, s.Feed(t.Context(), ""))
	if err != nil || !same(all, 0) {
		t.Fatalf("feed: %d changes, %v; want %d in the order of the appends", len(all), err, len(want))
	}
	for i, change := range all {
		rest, err := collect(t, s.Feed(t.Context(), change.Cursor))
		if err != nil || !same(rest, i+1) {
			t.Fatalf("feed after change %d: %d changes, %v", i, len(rest), err)
		}
	}
	last := all[len(all)-1].Cursor
	heads[1] = grow(t, s, heads[1], 100, 1)
	news, err := collect(t, s.Feed(t.Context(), last))
	if err != nil || len(news) != 1 || news[0].Tray != heads[1].Tray || news[0].Seq != heads[1].Length-1 {
		t.Fatalf("feed: %v, %v; want the one new change", news, err)
	}
}

func testCursor(t *testing.T, s store.Store) {
	grow(t, s, store.Head{}, 0, 3)
	for _, c := range []store.Cursor{"x", " ", "-1", "+1", "01", "1.0", "99999999999999999999", "1000000000000", "0", "1\n"} {
		changes, err := collect(t, s.Feed(t.Context(), c))
		if !errors.Is(err, store.ErrInvalid) || len(changes) != 0 {
			t.Errorf("cursor %q: %d changes, %v", c, len(changes), err)
		}
	}
}

func testCancelled(t *testing.T, s store.Store) {
	h := grow(t, s, store.Head{}, 0, 3)
	blob, l := []byte("blob"), line(7, 0)
	if err := s.Append(t.Context(), h, l, blob); err != nil {
		t.Fatal(err)
	}
	h = next(h, l)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, headErr := s.Head(done, h.Tray)
	_, blobErr := s.Blob(done, h.Tray, sign.Sum(blob))
	lines, logErr := collect(t, s.Log(done, h.Tray, 0))
	changes, feedErr := collect(t, s.Feed(done, ""))
	for name, err := range map[string]error{
		"append": s.Append(done, h, line(8, 0)),
		"head":   headErr, "blob": blobErr, "log": logErr, "feed": feedErr,
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(lines)+len(changes) != 0 {
		t.Errorf("%d lines and %d changes under a cancelled context", len(lines), len(changes))
	}
	wantHead(t, s, h)

	// In the middle of an iteration.
	done, cancel = context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	for _, err := range s.Log(done, h.Tray, 0) {
		if cancel(); err != nil {
			logErr = err
			break
		}
		seen++
	}
	if seen != 1 || !errors.Is(logErr, context.Canceled) {
		t.Errorf("log cancelled after one line: %d lines, %v", seen, logErr)
	}
}
