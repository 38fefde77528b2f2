package tray

import (
	"errors"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// To append to a tray that is not there is a conflict with an empty head, at a host
// as at a store; a template that is missing is none.
func TestAppendToAbsent(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	n := len(r.lines)
	end := store.Head{Tray: r.id, Length: uint64(n - 1), Hash: sign.Sum(r.lines[n-2])}
	lost := &struct{ store.Store }{r.prefix(t, n-1)}
	known := NewHost(lost)
	have(known.State(ctx, r.id))(t)
	lost.Store = store.NewMemory()
	for name, s := range map[string]store.Store{"store": store.NewMemory(), "host": NewHost(store.NewMemory()), "host that knew it": known} {
		var conflict *store.ConflictError
		if err := s.Append(ctx, end, r.lines[n-1], r.blobs[n-1]...); !errors.As(err, &conflict) || conflict.Head != (store.Head{Tray: r.id}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	bare := store.NewMemory()
	head := store.Head{Tray: r.id}
	for i, line := range r.lines[:n-1] {
		blobs := r.blobs[i]
		if i == 0 {
			blobs = nil // the template is among them
		}
		if err := bare.Append(ctx, head, line, blobs...); err != nil {
			t.Fatal(err)
		}
		head.Length, head.Hash = head.Length+1, sign.Sum(line)
	}
	if err := NewHost(bare).Append(ctx, end, r.lines[n-1], r.blobs[n-1]...); !errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrConflict) {
		t.Errorf("without its template: %v", err)
	}
}
