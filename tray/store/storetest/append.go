package storetest

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

func testEmpty(t *testing.T, s store.Store) {
	tray := sign.Sum([]byte("nobody"))
	wantHead(t, s, store.Head{Tray: tray})
	if _, err := s.Blob(t.Context(), tray, tray); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("blob: %v", err)
	}
	if changes, err := collect(t, s.Feed(t.Context(), "")); len(changes) != 0 || err != nil {
		t.Errorf("feed: %v, %v", changes, err)
	}
}

func testAppend(t *testing.T, s store.Store) {
	var h store.Head
	for i := range 20 {
		h = grow(t, s, h, i, 1)
		wantHead(t, s, h)
	}
	other := grow(t, s, store.Head{}, 1000, 3)
	wantHead(t, s, h)
	wantHead(t, s, other)
}

func testConflict(t *testing.T, s store.Store) {
	h := grow(t, s, store.Head{}, 0, 3)
	l, blob := line(99, 0), []byte("blob of a refused append")
	for name, after := range map[string]store.Head{
		"too short":  {Tray: h.Tray, Length: 2, Hash: sign.Sum(line(1, 40))},
		"too long":   {Tray: h.Tray, Length: 4, Hash: h.Hash},
		"far":        {Tray: h.Tray, Length: math.MaxUint64, Hash: h.Hash},
		"other hash": {Tray: h.Tray, Length: 3, Hash: sign.Sum(l)},
		"no hash":    {Tray: h.Tray, Length: 3},
	} {
		err := s.Append(t.Context(), after, l, blob)
		wantConflict(t, err, h)
		wantHead(t, s, h)
		if _, err := s.Blob(t.Context(), h.Tray, sign.Sum(blob)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: the refused blob: %v", name, err)
		}
	}
	nobody := sign.Sum([]byte("nobody"))
	err := s.Append(t.Context(), store.Head{Tray: nobody, Length: 1, Hash: nobody}, l)
	wantConflict(t, err, store.Head{Tray: nobody})
	wantHead(t, s, store.Head{Tray: nobody})
	if changes, err := collect(t, s.Feed(t.Context(), "")); len(changes) != 3 || err != nil {
		t.Errorf("the feed has %d changes, %v; want 3", len(changes), err)
	}
	grow(t, s, h, 50, 1)
}

func testFirst(t *testing.T, s store.Store) {
	l := line(0, 0)
	h := store.Head{Tray: sign.Sum(l)}
	for name, after := range map[string]store.Head{
		"no tray":      {},
		"another tray": {Tray: sign.Sum([]byte("another"))},
		"a hash":       {Tray: h.Tray, Hash: h.Tray},
	} {
		if err := s.Append(t.Context(), after, l); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantHead(t, s, h)
	if err := s.Append(t.Context(), h, l); err != nil {
		t.Fatal(err)
	}
	wantHead(t, s, next(h, l))
	wantConflict(t, s.Append(t.Context(), h, l), next(h, l))
}

func testInvalid(t *testing.T, s store.Store) {
	h := grow(t, s, store.Head{}, 0, 1)
	for c := range 256 {
		if c > ' ' && c <= '~' {
			continue
		}
		for _, l := range [][]byte{{byte(c)}, {'a', byte(c)}, {byte(c), 'a'}, {'a', byte(c), 'a'}} {
			if err := s.Append(t.Context(), h, l); !errors.Is(err, store.ErrInvalid) {
				t.Fatalf("%q: %v", l, err)
			}
		}
	}
	if err := s.Append(t.Context(), h, nil); !errors.Is(err, store.ErrInvalid) {
		t.Fatalf("empty line: %v", err)
	}
	wantHead(t, s, h)
	for c := byte('!'); c <= '~'; c++ {
		if err := s.Append(t.Context(), h, []byte{c}); err != nil {
			t.Fatalf("%q: %v", c, err)
		}
		h = next(h, []byte{c})
	}
	wantHead(t, s, h)
}

func testLimits(t *testing.T, s store.Store) {
	h := grow(t, s, store.Head{}, 0, 1)
	small, blob := line(1, 0), make([]byte, store.MaxBlob+1)
	tooMany := make([][]byte, store.MaxBlobs+1)
	for name, append := range map[string]func() error{
		"line":  func() error { return s.Append(t.Context(), h, line(1, store.MaxLine+1)) },
		"blob":  func() error { return s.Append(t.Context(), h, small, nil, blob) },
		"blobs": func() error { return s.Append(t.Context(), h, small, tooMany...) },
	} {
		if err := append(); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s past the bound: %v", name, err)
		}
	}
	wantHead(t, s, h)
	l := line(1, store.MaxLine)
	blob = blob[:store.MaxBlob]
	if err := s.Append(t.Context(), h, l, blob); err != nil {
		t.Fatalf("line and blob at the bound: %v", err)
	}
	h = next(h, l)
	wantHead(t, s, h)
	if got, err := s.Blob(t.Context(), h.Tray, sign.Sum(blob)); err != nil || !bytes.Equal(got, blob) {
		t.Fatalf("blob at the bound: %d bytes, %v", len(got), err)
	}
	if err := s.Append(t.Context(), h, small, tooMany[1:]...); err != nil {
		t.Fatalf("blobs at the bound: %v", err)
	}
	wantHead(t, s, next(h, small))
}

func testManyBlobs(t *testing.T, s store.Store) {
	l := line(0, 0)
	h := store.Head{Tray: sign.Sum(l)}
	blobs := make([][]byte, 40)
	for i := range blobs {
		blobs[i] = line(i, 100*i)
	}
	if err := s.Append(t.Context(), h, l, blobs...); err != nil {
		t.Fatal(err)
	}
	for i, blob := range blobs {
		if got, err := s.Blob(t.Context(), h.Tray, sign.Sum(blob)); err != nil || !bytes.Equal(got, blob) {
			t.Errorf("blob %d: %d bytes, %v", i, len(got), err)
		}
	}
}

func testBlobs(t *testing.T, s store.Store) {
	a, b := line(0, 0), line(1, 0)
	ha, hb := store.Head{Tray: sign.Sum(a)}, store.Head{Tray: sign.Sum(b)}
	one, two, none := []byte("one"), []byte("two"), []byte{}
	for _, err := range []error{
		s.Append(t.Context(), ha, a, one, none, one),
		s.Append(t.Context(), next(ha, a), b, two, one), // one is there already
		s.Append(t.Context(), hb, b, two),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []struct {
		tray  sign.Hash
		blob  []byte
		there bool
	}{
		{ha.Tray, one, true}, {ha.Tray, two, true}, {ha.Tray, none, true},
		{hb.Tray, two, true},
		{hb.Tray, one, false}, // a tray has its own blobs only
		{hb.Tray, none, false}, {ha.Tray, a, false},
	} {
		got, err := s.Blob(t.Context(), want.tray, sign.Sum(want.blob))
		if want.there && (err != nil || !bytes.Equal(got, want.blob)) {
			t.Errorf("blob %q: %q, %v", want.blob, got, err)
		}
		if !want.there && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("blob %q: %v, want ErrNotFound", want.blob, err)
		}
	}
}

func testAliasing(t *testing.T, s store.Store) {
	l, blob := line(0, 0), []byte("blob")
	h := store.Head{Tray: sign.Sum(l)}
	h, digest := next(h, l), sign.Sum(blob)
	if err := s.Append(t.Context(), store.Head{Tray: h.Tray}, l, blob); err != nil {
		t.Fatal(err)
	}
	clear(l)
	clear(blob)
	for range 2 {
		wantHead(t, s, h)
		got, err := s.Blob(t.Context(), h.Tray, digest)
		if err != nil {
			t.Fatal(err)
		}
		clear(got)
		for got, err := range s.Log(t.Context(), h.Tray, 0) {
			if err != nil {
				t.Fatal(err)
			}
			_ = append(got, "overwrites what follows"...)
			clear(got)
		}
	}
}
