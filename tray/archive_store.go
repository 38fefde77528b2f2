package tray

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// Archive is a .tray file that was opened: a [store.Store] of one tray that
// cannot be appended to. Open the tray in it like any other, with the head that
// you had from somebody else than the file:
//
//	a, err := tray.OpenArchive(file, size)
//	t, err := tray.OpenAt(ctx, a, head, me)
//
// It is safe for concurrent use.
type Archive struct {
	r             io.ReaderAt
	head          store.Head
	blobs         []zipFile // sorted by name
	log, template zipFile

	digestOfTemplate sign.Hash
}

var _ store.Store = (*Archive)(nil)

// Tray gives the id of the tray that the archive says it holds.
func (a *Archive) Tray() sign.Hash { return a.head.Tray }

// Check verifies the whole log without a key, as a host does, and compares the
// blobs with those that the log calls for: one that it does not, since it was
// never introduced or was dropped, is a [BadBlob]; those that are missing are
// listed. Other refusals are those of the log.
func (a *Archive) Check(ctx context.Context) (*Inventory, error) {
	s, err := replayAll(ctx, a, a.head.Tray)
	if err != nil {
		return nil, err
	}
	if s.head != a.head {
		return nil, errChanged
	}
	inv := &Inventory{Head: a.head, Blobs: len(a.blobs)}
	found := 0
	for _, digest := range s.kept() {
		if _, ok := a.find(digest); ok {
			found++
		} else {
			inv.Missing = append(inv.Missing, digest)
		}
	}
	if found < len(a.blobs) {
		return nil, &Refusal{Code: BadBlob, Seq: a.head.Length, Op: -1, Detail: "the archive has blobs that the log does not call for"}
	}
	return inv, nil
}

// errChanged is what reading a file again shows.
var errChanged = errors.New("tray: the archive changed since it was opened")

// find gives the file of a blob.
func (a *Archive) find(digest sign.Hash) (*zipFile, bool) {
	if digest == a.digestOfTemplate {
		return &a.template, true
	}
	i, ok := slices.BinarySearchFunc(a.blobs, archiveBlob+digest.String(), func(f zipFile, name string) int {
		return strings.Compare(f.name, name)
	})
	if !ok {
		return nil, false
	}
	return &a.blobs[i], true
}

// Append fails: an archive is read.
func (a *Archive) Append(context.Context, store.Head, []byte, ...[]byte) error {
	return fmt.Errorf("tray: appending to an archive: %w", errors.ErrUnsupported)
}

// Head gives where the log in the archive ends. It is the file's word: whether
// a longer log was cut, only another head can tell.
func (a *Archive) Head(ctx context.Context, tray sign.Hash) (store.Head, error) {
	if err := a.has(ctx, tray); err != nil {
		return store.Head{}, err
	}
	return a.head, nil
}

func (a *Archive) has(ctx context.Context, tray sign.Hash) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if tray != a.head.Tray {
		return fmt.Errorf("%w: tray %v", store.ErrNotFound, tray)
	}
	return nil
}

// Log implements [store.Store].
func (a *Archive) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if err := a.has(ctx, tray); err != nil {
			yield(nil, err)
			return
		}
		var n uint64
		for line, err := range linesOf(a.section(&a.log), a.log.size) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, fmt.Errorf("tray: reading the archive: %w", err))
				return
			}
			if n++; n > from && !yield(slices.Clone(line), nil) {
				return
			}
		}
	}
}

// section gives the content of a file.
func (a *Archive) section(f *zipFile) *io.SectionReader {
	return io.NewSectionReader(a.r, f.data(), f.size)
}

// Blob implements [store.Store].
func (a *Archive) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if err := a.has(ctx, tray); err != nil {
		return nil, err
	}
	f, ok := a.find(digest)
	if !ok {
		return nil, fmt.Errorf("%w: blob %v", store.ErrNotFound, digest)
	}
	blob := make([]byte, f.size)
	if _, err := io.ReadFull(a.section(f), blob); err != nil {
		return nil, fmt.Errorf("tray: reading the archive: %w", err)
	}
	if sign.Sum(blob) != digest {
		return nil, fmt.Errorf("%w: %w", store.ErrCorrupt, errChanged)
	}
	return blob, nil
}

// Feed implements [store.Store]: a cursor is how many entries were seen.
func (a *Archive) Feed(ctx context.Context, after store.Cursor) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		var n uint64
		if after != "" {
			var err error
			n, err = strconv.ParseUint(string(after), 10, 64)
			if err != nil || n == 0 || n > a.head.Length || strconv.FormatUint(n, 10) != string(after) {
				yield(store.Change{}, fmt.Errorf("%w: the cursor is none of this archive", store.ErrInvalid))
				return
			}
		}
		for ; n < a.head.Length; n++ {
			if err := ctx.Err(); err != nil {
				yield(store.Change{}, err)
				return
			}
			if !yield(store.Change{Cursor: store.Cursor(strconv.FormatUint(n+1, 10)), Tray: a.head.Tray, Seq: n}, nil) {
				return
			}
		}
	}
}
