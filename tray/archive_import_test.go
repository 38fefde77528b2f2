package tray

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

func TestImport(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	full, err := r.host.State(ctx, r.id)
	if err != nil {
		t.Fatal(err)
	}
	b, inv := export(t, r.memory, r.id)
	a, err := openArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := store.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	for name, into := range map[string]store.Store{"memory": store.NewMemory(), "directory": dir, "some of it": r.prefix(t, 7), "all of it": r.prefix(t, len(r.lines))} {
		for range 2 { // the second time nothing is left to do
			got, err := Import(ctx, into, a)
			if err != nil || got.Head != inv.Head || len(got.Missing) > 0 {
				t.Fatalf("%s: %+v, %v", name, got, err)
			}
		}
		s, err := NewHost(into).State(ctx, r.id)
		if err != nil {
			t.Fatal(err)
		}
		same(t, s, full)
		if name == "some of it" || name == "all of it" {
			continue // they keep what was dropped later
		}
		if again, _ := export(t, into, r.id); !bytes.Equal(again, b) {
			t.Errorf("%s: what was imported exports to another file", name)
		}
	}
	longer := r.prefix(t, len(r.lines))
	sales, err := Open(ctx, NewHost(longer), r.id, r.people["sales"])
	if err != nil {
		t.Fatal(err)
	}
	d := sales.Draft()
	d.Note("later")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := Import(ctx, longer, a); err != nil {
		t.Errorf("into a store that has more: %v", err)
	}
	if head, _ := longer.Head(ctx, r.id); head != sales.State().head {
		t.Error("which lost it")
	}
}

// TestImportIntoFork offers an archive to stores that have another log of the
// tray: shorter, as long, longer.
func TestImportIntoFork(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	b, _ := export(t, r.memory, r.id)
	a, err := openArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	n := len(r.lines)
	for _, c := range []struct{ kept, more int }{{3, 1}, {3, 3}, {n - 1, 1}, {n - 1, 2}, {n - 1, 4}} {
		other := r.prefix(t, c.kept)
		tr, err := Open(ctx, NewHost(other), r.id, r.people["sales"])
		if err != nil {
			t.Fatal(err)
		}
		for range c.more {
			d := tr.Draft()
			d.Note("another history")
			if err := d.Commit(ctx); err != nil {
				t.Fatal(err)
			}
		}
		before, _ := other.Head(ctx, r.id)
		if _, err := Import(ctx, other, a); !errors.Is(err, ErrFork) {
			t.Errorf("%d entries and %d others: %v", c.kept, c.more, err)
		}
		if after, _ := other.Head(ctx, r.id); after != before {
			t.Error("the store was changed")
		}
	}
}

func TestImportChecksFirst(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	m := r.prefix(t, 3)
	head := store.Head{Tray: r.id, Length: 3, Hash: sign.Sum(r.lines[2])}
	if err := m.Append(ctx, head, r.lines[5]); err != nil {
		t.Fatal(err)
	}
	b := rewrite(t, filesOf(t, m, r))
	a, err := openArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	into := store.NewMemory()
	if _, err := Import(ctx, into, a); !errors.Is(err, BadChain) {
		t.Errorf("a log that is not valid: %v", err)
	}
	if _, err := into.Head(ctx, r.id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("something was stored: %v", err)
	}
	good, _ := export(t, r.memory, r.id)
	if a, err = openArchive(good); err != nil {
		t.Fatal(err)
	}
	if _, err := Import(ctx, a, a); err != nil {
		t.Errorf("into itself there is nothing to do: %v", err)
	}
}

// losing is a store that lost a blob, or has another in its place.
type losing struct {
	store.Store
	digest sign.Hash
	other  []byte
}

func (l losing) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if digest != l.digest {
		return l.Store.Blob(ctx, tray, digest)
	}
	if l.other == nil {
		return nil, store.ErrNotFound
	}
	return l.other, nil
}

// TestImportIntoLacking imports what a store had already, and lost a part of.
func TestImportIntoLacking(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	b, inv := export(t, r.memory, r.id)
	a, err := openArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	s := have(r.host.State(ctx, r.id))(t)
	lost := s.kept()[0]
	for name, c := range map[string]struct {
		into *store.Memory
		want []sign.Hash
	}{"all of it": {r.prefix(t, len(r.lines)), []sign.Hash{lost}}, "nothing yet": {store.NewMemory(), nil}} {
		for _, other := range [][]byte{nil, []byte("another")} {
			got, err := Import(ctx, losing{c.into, lost, other}, a)
			if err != nil || got.Head != inv.Head || !slices.Equal(got.Missing, c.want) || got.Blobs != inv.Blobs-len(c.want) {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			if name == "nothing yet" {
				break // it has it by now
			}
		}
	}
}
