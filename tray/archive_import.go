package tray

import (
	"context"
	"errors"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// Import copies the tray of an archive into a store, entry by entry, after
// [Archive.Check]; it gives what the store has of the tray then. What it had
// already stays, so that an import that was interrupted is simply done again; a
// blob of an entry that it had, and that it lost, is not put back, but listed. It
// fails with a [*ForkError] if the store has another log of that tray.
//
// Compare the archive's head with one that you trust before. into is a bare
// store, which nobody else can write to meanwhile, and not a [*Host]: that
// would hold the entries' times against its clock.
func Import(ctx context.Context, into store.Store, a *Archive) (*Inventory, error) {
	if _, ok := into.(*Host); ok {
		return nil, refuse(BadSkew, "an import goes to the store behind the host, not through it")
	}
	inv, err := a.Check(ctx)
	if err != nil {
		return nil, err
	}
	have, err := into.Head(ctx, a.head.Tray)
	if errors.Is(err, store.ErrNotFound) {
		have, err = store.Head{Tray: a.head.Tray}, nil
	}
	if err != nil {
		return nil, err
	}
	if have.Length > a.head.Length {
		if err := contains(ctx, into, a.head); err != nil {
			return nil, err
		}
		return has(ctx, into, a.head.Tray)
	}
	if have.Length > 0 {
		if err := contains(ctx, a, have); err != nil {
			return nil, err
		}
	}
	after := have
	for line, err := range a.Log(ctx, a.head.Tray, have.Length) {
		if err != nil {
			return nil, err
		}
		blobs, err := a.named(ctx, line)
		if err != nil {
			return nil, err
		}
		if err := into.Append(ctx, after, line, blobs...); err != nil {
			return nil, err
		}
		after.Length, after.Hash = after.Length+1, sign.Sum(line)
	}
	if after != a.head {
		return nil, errChanged
	}
	if have.Length > 0 {
		return has(ctx, into, a.head.Tray)
	}
	return inv, nil
}

// has verifies a tray in a store, and looks for its blobs.
func has(ctx context.Context, s store.Store, tray sign.Hash) (*Inventory, error) {
	state, err := replayAll(ctx, s, tray)
	if err != nil {
		return nil, err
	}
	return inventory(ctx, s, state, func(sign.Hash, []byte) error { return nil })
}

// contains demands that a log goes through a head.
func contains(ctx context.Context, s store.Store, head store.Head) error {
	for line, err := range s.Log(ctx, head.Tray, head.Length-1) {
		if err != nil {
			return err
		}
		if got := sign.Sum(line); got != head.Hash {
			return &ForkError{Pinned: head, Got: store.Head{Tray: head.Tray, Length: head.Length, Hash: got}}
		}
		return nil
	}
	return &ForkError{Pinned: head, Got: store.Head{Tray: head.Tray, Length: head.Length - 1}}
}

// named gives the blobs of the archive that an entry names.
func (a *Archive) named(ctx context.Context, line []byte) ([][]byte, error) {
	var digests []sign.Hash
	one := func(yield func([]byte, error) bool) { yield(line, nil) }
	for o, err := range sign.ReadAll(entry.Kind, one, decodeEntry) {
		if err != nil {
			return nil, errChanged // it was read before
		}
		for _, op := range o.Value.Ops {
			if c, ok := op.(*entry.Create); ok {
				digests = append(digests, c.Template)
			} else if f := fileOf(op); f != nil {
				digests = append(digests, f.Blob)
			}
		}
	}
	var blobs [][]byte
	for _, digest := range digests {
		blob, err := a.Blob(ctx, a.head.Tray, digest)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		blobs = append(blobs, blob)
	}
	return blobs, nil
}
