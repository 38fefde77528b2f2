// Package storetest checks that a store keeps what package store promises.
//
//	func TestMyStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) store.Store { return openMyStore(t.TempDir()) })
//	}
//
// What needs a store to be closed and opened again, or a disk to fail, is for
// the store's own tests.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// Run runs the suite. open returns a new, empty store; it registers with t
// whatever closes it.
func Run(t *testing.T, open func(t testing.TB) store.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s store.Store)
	}{
		{"empty", testEmpty},
		{"append", testAppend},
		{"conflict", testConflict},
		{"first entry", testFirst},
		{"invalid", testInvalid},
		{"limits", testLimits},
		{"many blobs", testManyBlobs},
		{"blobs", testBlobs},
		{"log from", testLogFrom},
		{"log while appending", testLogSnapshot},
		{"feed", testFeed},
		{"cursor", testCursor},
		{"cancelled", testCancelled},
		{"aliasing", testAliasing},
		{"writers of one tray", testOneTray},
		{"writers of many trays", testManyTrays},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// line returns a line that no other n has, of the given length at least.
func line(n, length int) []byte {
	l := fmt.Appendf(nil, "line-%d.", n)
	return append(l, bytes.Repeat([]byte("x"), max(0, length-len(l)))...)
}

func next(h store.Head, line []byte) store.Head {
	return store.Head{Tray: h.Tray, Length: h.Length + 1, Hash: sign.Sum(line)}
}

// grow appends n lines to a new tray, or to the one of h, and returns its head.
func grow(t testing.TB, s store.Store, h store.Head, seed, n int) store.Head {
	t.Helper()
	for i := range n {
		l := line(seed+i, 40)
		if h.Length == 0 {
			h = store.Head{Tray: sign.Sum(l)}
		}
		if err := s.Append(context.Background(), h, l); err != nil {
			t.Fatalf("append %d: %v", i, err)
		}
		h = next(h, l)
	}
	return h
}

// collect returns what a sequence yields, and its error. It fails the test if an
// error is not the last that is yielded.
func collect[T any](t testing.TB, seq iter.Seq2[T, error]) ([]T, error) {
	t.Helper()
	var all []T
	var last error
	for v, err := range seq {
		if last != nil {
			t.Fatal("the sequence goes on after an error")
		}
		if last = err; err == nil {
			all = append(all, v)
		}
	}
	return all, last
}

// wantHead checks head and log together.
func wantHead(t testing.TB, s store.Store, want store.Head) {
	t.Helper()
	got, err := s.Head(context.Background(), want.Tray)
	if want.Length == 0 {
		if !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("head of a tray that is not there: %v, %v", got, err)
		}
		if _, err := collect(t, s.Log(context.Background(), want.Tray, 0)); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("log of a tray that is not there: %v", err)
		}
		return
	}
	if err != nil || got != want {
		t.Fatalf("head %v, %v; want %v", got, err, want)
	}
	lines, err := collect(t, s.Log(context.Background(), want.Tray, 0))
	if err != nil || uint64(len(lines)) != want.Length {
		t.Fatalf("log has %d lines, %v; want %d", len(lines), err, want.Length)
	}
	if sign.Sum(lines[0]) != want.Tray || sign.Sum(lines[len(lines)-1]) != want.Hash {
		t.Fatal("the log's first or last line is another")
	}
}

// wantConflict checks that err is a conflict with that head.
func wantConflict(t testing.TB, err error, head store.Head) {
	t.Helper()
	var conflict *store.ConflictError
	if !errors.As(err, &conflict) || !errors.Is(err, store.ErrConflict) {
		t.Fatalf("%v, want a conflict", err)
	}
	if conflict.Head != head {
		t.Fatalf("conflict with %v, want %v", conflict.Head, head)
	}
}
