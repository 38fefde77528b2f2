package tray

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// ArchiveType is the media type of a .tray file.
const ArchiveType = "application/vnd.vassoio.tray+zip"

// The files of an archive, in their order. Behind the prefix stands the SHA-256
// of the blob in hexadecimal, in ascending order.
const (
	archiveMark     = "mimetype"      // ArchiveType, so that programs tell the kind of file
	archiveBlob     = "blobs/"        // one file each
	archiveLog      = "log"           // the lines, a newline after each
	archiveTemplate = "template.json" // canonical; the blob that entry 0 names
)

// Inventory says what an archive, or a store, has of a tray.
type Inventory struct {
	Head    store.Head  // where the log ends
	Blobs   int         // how many blobs are there
	Missing []sign.Hash // blobs that should be there and are not, sorted
}

// Export writes a tray as a .tray file: a ZIP of its template, its log, and
// every blob that the log introduced and that was not dropped since. What a
// tray holds has one such file, byte for byte, and `unzip` opens it. It is
// written from front to back; after an error what was written is worthless.
//
// The log is verified before, so that no archive is made of one that is not
// valid (a [*Refusal]). Blobs that the store does not have, or not intact, are
// left out and listed: whether that matters, is the caller's to say. It fails
// with [TooMany] beyond what a ZIP can hold without extensions: 4 GiB, 65,531
// blobs.
//
// Whoever is to trust the file needs the head, by another way than the file.
func Export(ctx context.Context, s store.Store, tray sign.Hash, w io.Writer) (*Inventory, error) {
	state, err := replayAll(ctx, s, tray)
	if err != nil {
		return nil, err
	}
	z := &zipWriter{w: w}
	if err := z.add(archiveMark, bytesOf([]byte(ArchiveType))); err != nil {
		return nil, err
	}
	inv, err := inventory(ctx, s, state, func(digest sign.Hash, blob []byte) error {
		return z.add(archiveBlob+digest.String(), bytesOf(blob))
	})
	if err != nil {
		return nil, err
	}
	err = z.add(archiveLog, func(w io.Writer) error {
		for line, err := range upTo(s.Log(ctx, tray, 0), state.head) {
			if err != nil {
				return err
			}
			if _, err := w.Write(append(line, '\n')); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := z.add(archiveTemplate, bytesOf(state.template.Canonical())); err != nil {
		return nil, err
	}
	return inv, z.close()
}

// inventory looks for the blobs that a verified state calls for, and gives those that
// are there, and intact, to take.
func inventory(ctx context.Context, s store.Store, state *State, take func(digest sign.Hash, blob []byte) error) (*Inventory, error) {
	inv := &Inventory{Head: state.head}
	for _, digest := range state.kept() {
		blob, err := s.Blob(ctx, state.head.Tray, digest)
		switch {
		case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrCorrupt):
			inv.Missing = append(inv.Missing, digest)
			continue
		case err != nil:
			return nil, err
		case len(blob) > store.MaxBlob || sign.Sum(blob) != digest:
			inv.Missing = append(inv.Missing, digest)
			continue
		}
		if err := take(digest, blob); err != nil {
			return nil, err
		}
		inv.Blobs++
	}
	return inv, nil
}

// replayAll verifies a whole log without any key; of a host in this process,
// what it did not verify yet.
func replayAll(ctx context.Context, s store.Store, tray sign.Hash) (*State, error) {
	h, ok := s.(*Host)
	if !ok {
		h = NewHost(s)
	}
	return h.State(ctx, tray)
}

// kept gives the blobs that a store is to have besides the template, sorted.
func (s *State) kept() []sign.Hash {
	return slices.DeleteFunc(s.blobs.sorted(), func(h sign.Hash) bool { return s.dropped.has(h) || h == s.template.Digest() })
}

func bytesOf(b []byte) func(io.Writer) error {
	return func(w io.Writer) error { _, err := w.Write(b); return err }
}

// upTo gives the lines up to a head, and an error if they do not end in it.
func upTo(lines iter.Seq2[[]byte, error], head store.Head) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var n uint64
		for line, err := range lines {
			if n++; err == nil && n == head.Length && sign.Sum(line) != head.Hash {
				err = &ForkError{Pinned: head, Got: store.Head{Tray: head.Tray, Length: n, Hash: sign.Sum(line)}}
			}
			if !yield(line, err) || err != nil || n == head.Length {
				return
			}
		}
		yield(nil, &ForkError{Pinned: head, Got: store.Head{Tray: head.Tray, Length: n}})
	}
}
