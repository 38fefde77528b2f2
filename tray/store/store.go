package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/vassoio/vassoio/sign"
)

// Store keeps trays: for each an append-only log of lines, and blobs named by
// their SHA-256. It never looks into a line. All methods may be called by many
// goroutines at once; slices passed in may be changed as soon as the call
// returns, slices handed out belong to the caller.
//
// Every method returns the context's error once the context is done, and
// whatever the medium says, wrapped, when it fails.
type Store interface {
	// Append adds line as entry number after.Length of the tray after.Tray,
	// together with the blobs that it names: all or nothing, on stable storage
	// when it returns. A line is printable ASCII without spaces. The first entry
	// makes the tray, and names it: after is then Head{Tray: sign.Sum(line)}.
	//
	// It returns [ErrInvalid] for what no store takes, which [CheckAppend] tells,
	// and a [*ConflictError] if the log does not end at after, whatever that is:
	// also if there is no such tray, its present length being 0 then. In both
	// cases nothing was changed. After any other error the entry may or may not
	// be there, as a whole: appending it again tells, either by success or by a
	// conflict whose head has the line's own hash.
	Append(ctx context.Context, after Head, line []byte, blobs ...[]byte) error

	// Head returns where the log of a tray ends now, or [ErrNotFound].
	Head(ctx context.Context, tray sign.Hash) (Head, error)

	// Log yields the lines of a tray, without their newlines, from entry number
	// from to the end that the log has when the iteration begins; nothing if
	// from is at that end or beyond. It yields at most one error, and last:
	// [ErrNotFound] if there is no such tray, [ErrCorrupt] if what it finds can
	// never have been a log. It vouches for nothing else: the hash chain does.
	Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error]

	// Blob returns the blob of a tray that has this SHA-256, [ErrNotFound] if
	// there is none, or [ErrCorrupt] if what is there does not have that digest.
	Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error)

	// Feed yields what was appended to any tray after the cursor, up to the
	// present, and then ends: the entries of one tray in their order, each at
	// least once. The zero Cursor stands for the beginning. It yields at most
	// one error, and last: [ErrInvalid] if the cursor is none of this store.
	Feed(ctx context.Context, after Cursor) iter.Seq2[Change, error]
}

// Cursor is a place in the feed of one store. It is opaque, and keeps its
// meaning when the store is closed and opened again.
type Cursor string

// Change is one entry that was appended.
type Change struct {
	Cursor Cursor    // continues after this change
	Tray   sign.Hash // the tray that grew
	Seq    uint64    // the number of the entry in its log, from 0
}

var (
	// ErrNotFound: the store has no such tray, or the tray no such blob.
	ErrNotFound = errors.New("store: not found")

	// ErrConflict: the log does not end where the caller saw it end. It comes
	// as a [*ConflictError]. Read what is new, and append after it.
	ErrConflict = errors.New("store: the log has another head")

	// ErrInvalid: no store takes such an argument. Nothing was changed.
	ErrInvalid = errors.New("store: invalid argument")

	// ErrCorrupt: what the medium holds cannot be what was stored.
	ErrCorrupt = errors.New("store: corrupt")

	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store: closed")
)

// ConflictError is an [ErrConflict] with the head that the log has instead; its
// Length is 0 if there is no such tray.
type ConflictError struct{ Head Head }

// Error tells how long the log is.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("%v: tray %v has %d entries", ErrConflict, e.Head.Tray, e.Head.Length)
}

// Unwrap returns [ErrConflict].
func (e *ConflictError) Unwrap() error { return ErrConflict }

// CheckAppend checks everything about an append that can be told without looking
// at the log, and returns the line's hash. It is the same for every store, which
// calls it first: a line of 1 to [MaxLine] bytes of printable ASCII without
// spaces, at most [MaxBlobs] blobs of at most [MaxBlob] bytes, and before a first
// entry the empty head of the tray that the line's hash names. The error is
// [ErrInvalid].
func CheckAppend(after Head, line []byte, blobs ...[]byte) (sign.Hash, error) {
	if len(line) == 0 || len(line) > MaxLine {
		return sign.Hash{}, fmt.Errorf("%w: a line has 1 to %d bytes, this one %d", ErrInvalid, MaxLine, len(line))
	}
	for i, c := range line {
		if c <= ' ' || c > '~' {
			return sign.Hash{}, fmt.Errorf("%w: a line is printable ASCII without spaces; byte %d is not", ErrInvalid, i)
		}
	}
	if len(blobs) > MaxBlobs {
		return sign.Hash{}, fmt.Errorf("%w: %d blobs, more than %d", ErrInvalid, len(blobs), MaxBlobs)
	}
	for i, blob := range blobs {
		if len(blob) > MaxBlob {
			return sign.Hash{}, fmt.Errorf("%w: blob %d has %d bytes, more than %d", ErrInvalid, i, len(blob), MaxBlob)
		}
	}
	hash := sign.Sum(line)
	if after.Length == 0 && after != (Head{Tray: hash}) {
		return sign.Hash{}, fmt.Errorf("%w: a first entry comes after the empty head of the tray that its hash names", ErrInvalid)
	}
	return hash, nil
}

// check is the store's own test of a blob that it is about to hand out.
func check(blob []byte, tray, digest sign.Hash) ([]byte, error) {
	if sign.Sum(blob) != digest {
		return nil, fmt.Errorf("%w: blob %v of tray %v has another digest", ErrCorrupt, digest, tray)
	}
	return blob, nil
}
