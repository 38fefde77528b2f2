package tray

import (
	"errors"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// A host that answers with a conflict, and has nothing new, is asked once, and not
// believed to have others that were faster.
func TestStalled(t *testing.T) {
	other := sign.Sum([]byte("another line"))
	for name, c := range map[string]struct {
		says func(at store.Head) error
		want error
	}{
		"no head":         {func(store.Head) error { return store.ErrConflict }, ErrStalled},
		"an empty head":   {func(store.Head) error { return &store.ConflictError{} }, ErrStalled},
		"the head it has": {func(at store.Head) error { return &store.ConflictError{Head: at} }, ErrStalled},
		"of another tray": {func(at store.Head) error {
			return &store.ConflictError{Head: store.Head{Tray: other, Length: 1, Hash: other}}
		}, ErrStalled},
		"more than it shows": {func(at store.Head) error { at.Length++; at.Hash = other; return &store.ConflictError{Head: at} }, ErrStalled},
		"another log":        {func(at store.Head) error { at.Hash = other; return &store.ConflictError{Head: at} }, ErrFork},
		"a shorter one":      {func(at store.Head) error { at.Length--; return &store.ConflictError{Head: at} }, ErrFork},
		"that it lost all":   {func(at store.Head) error { return &store.ConflictError{Head: store.Head{Tray: at.Tray}} }, ErrFork},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, 1)
			p.other("f0", "theirs") // an entry that the first has to catch up with is no excuse
			p.way.before = func() error { return c.says(p.first.State().Head()) }
			d := p.first.Draft()
			d.Note("mine")
			err := d.Commit(t.Context())
			if !errors.Is(err, c.want) || errors.Is(err, store.ErrConflict) != (c.want == ErrStalled) || p.way.appends != 1 {
				t.Errorf("%v, after %d attempts", err, p.way.appends)
			}
			p.way.before = nil
			if err := d.Commit(t.Context()); err != nil {
				t.Errorf("once the host is well: %v", err)
			}
		})
	}
}

// The same for those who have entries that do show, and at last none.
func TestStalledAtLast(t *testing.T) {
	p := newPair(t, 2)
	n := 0
	p.way.before = func() error {
		if n++; n > 3 {
			return store.ErrConflict
		}
		p.other("f1", "theirs"+string(rune('0'+n)))
		return nil
	}
	d := p.first.Draft()
	d.Set("sheet.f0", "mine")
	if err := d.Commit(t.Context()); !errors.Is(err, ErrStalled) || p.way.appends != 4 {
		t.Errorf("%v, after %d attempts", err, p.way.appends)
	}
}

// A new tray cannot be in anybody's way.
func TestStalledAtCreate(t *testing.T) {
	for _, says := range []error{store.ErrConflict, &store.ConflictError{}} {
		me, way := crowd(t, 1)[0], &remote{Store: NewHost(store.NewMemory()), before: func() error { return says }}
		if _, err := Create(t.Context(), way, fields(t, 1), me, InSuite(section.Classic), Bind("member", me.Card())); err == nil || way.appends != 1 {
			t.Errorf("%v, after %d attempts", err, way.appends)
		}
	}
}
