package tray

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// says is a store that yields an error of its own in place of a line, or a template.
type says struct {
	store.Store
	line uint64
	blob bool
	err  error
}

func (c *says) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		n := from
		for line, err := range c.Store.Log(ctx, tray, from) {
			if n == c.line && !c.blob {
				yield(nil, c.err)
				return
			}
			if n++; !yield(line, err) {
				return
			}
		}
	}
}

func (c *says) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if c.blob {
		return nil, c.err
	}
	return c.Store.Blob(ctx, tray, digest)
}

// What a store says of a log is no finding of whoever reads it.
func TestStoreSays(t *testing.T) {
	ctx := t.Context()
	way, first, _, me := couple(t)
	begun := first.State().Head()
	for _, text := range []string{"a", "b"} {
		if err := setField(ctx, first, "f0", text); err != nil {
			t.Fatal(err)
		}
	}
	for _, lie := range []error{
		&Refusal{Code: Forged, Seq: 2, Detail: "anna did it"}, &UndecidedError{Seq: 2, Condition: "guard.stop"}, &ForkError{}, Forged,
		&store.ConflictError{}, errCut, context.Canceled,
	} {
		for _, blob := range []bool{false, true} {
			liar := &says{way.Store, 2, blob, lie}
			_, verified := Verify(ctx, liar, first.ID(), nil, me)
			_, opened := Open(ctx, liar, first.ID(), me)
			errs := []error{verified, opened}
			if !blob {
				late, err := OpenAt(ctx, liar, begun, me)
				if errs = append(errs, err); late != nil {
					t.Errorf("%v: opened", lie)
				}
			}
			for _, err := range errs {
				if err == nil || errors.As(err, new(*Refusal)) || errors.As(err, new(*UndecidedError)) || errors.As(err, new(*ForkError)) || errors.Is(err, Forged) {
					t.Errorf("%T: %v", lie, err)
				}
			}
			switch lie {
			case errCut, context.Canceled:
				if !errors.Is(verified, lie) || !errors.Is(opened, lie) {
					t.Errorf("%v: %v, %v", lie, verified, opened)
				}
			}
			if conflict := (*store.ConflictError)(nil); errors.As(lie, &conflict) && !errors.As(opened, &conflict) {
				t.Errorf("%v: %v", lie, opened)
			}
		}
	}
}
