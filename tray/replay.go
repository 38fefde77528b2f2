package tray

import (
	"encoding/base64"
	"errors"
	"fmt"
	"iter"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// decodeEntry reads an entry and says by which key it must be signed. Whether
// that is the author's, is told when the entry is applied.
func decodeEntry(_ int, payload []byte) (*entry.Entry, [32]byte, error) {
	var key [32]byte
	e, err := entry.Parse(payload)
	if err != nil {
		return nil, key, err
	}
	if _, err := base64.RawURLEncoding.Decode(key[:], []byte(e.Key)); err != nil {
		return nil, key, err
	}
	return e, key, nil
}

// verify applies lines that follow s, of which nothing is known yet: each must
// be signed by its author, follow the one before, and be allowed where it is.
// The first that is not makes the log invalid from there on; the error is then
// a *[Refusal] and the state is the one before it. So it is before the first of which
// that cannot be told, an *[UndecidedError].
func verify(s *State, lines iter.Seq2[[]byte, error]) (*State, error) {
	return verifyBefore(nil, s, lines)
}

// verifyBefore is verify with a witness of what is said, or nil.
func verifyBefore(w *witness, s *State, lines iter.Seq2[[]byte, error]) (*State, error) {
	for o, err := range sign.OpenAll(entry.Kind, lines, decodeEntry) {
		if err != nil {
			return s, lineRefusal(s, err)
		}
		next, err := s.after(&change{entry: o.Value, witness: w}, o.Line)
		if err != nil {
			return s, err
		}
		s = next
	}
	return s, nil
}

// reopen applies lines up to a head that the caller verified before, which
// stands for all of them, see [State.applyPinned]: signatures are not verified
// again. Nothing is returned unless the head is reached.
func reopen(s *State, lines iter.Seq2[[]byte, error], pinned store.Head) (*State, error) {
	lines = firstLines(lines, pinned.Length-s.head.Length)
	return reach(s, sign.ReadAll(entry.Kind, lines, decodeEntry), pinned, true)
}

// verifyTo applies lines up to a head that somebody else named: it must be
// reached, and stands for nothing. Every line is verified.
func verifyTo(s *State, lines iter.Seq2[[]byte, error], named store.Head) (*State, error) {
	lines = firstLines(lines, named.Length-s.head.Length)
	return reach(s, sign.OpenAll(entry.Kind, lines, decodeEntry), named, false)
}

// reach applies entries that lead from s to a head, pinned or verified. The
// states on the way are nobody's, so that one serves for all of them, with what
// was copied of the maps of s: many participants and sections cost no more than
// few.
func reach(s *State, entries iter.Seq2[sign.Opened[*entry.Entry], error], head store.Head, pinned bool) (*State, error) {
	end := *s
	c := new(change)
	for o, err := range entries {
		if err != nil {
			return nil, lineRefusal(&end, err)
		}
		*c = change{State: &end, entry: o.Value, pinned: pinned, copied: c.copied}
		if err := c.run(o.Line); err != nil {
			return nil, err
		}
	}
	if end.head != head {
		return nil, &ForkError{Pinned: head, Got: end.head}
	}
	return &end, nil
}

// lineRefusal names what is wrong with a line as such. Errors of the medium
// that lines come from are passed on.
func lineRefusal(s *State, err error) error {
	var line *sign.LineError
	if errors.As(err, &line) {
		err = line.Err // the entry's place in the log says more than the line's in what was read
	}
	r := &Refusal{Seq: s.head.Length, Op: -1, Err: err}
	var key *sign.KeyError
	switch {
	case errors.Is(err, sign.ErrSignature):
		r.Code = Forged
	case errors.As(err, &key):
		r.Code = BadKey
	case errors.Is(err, sign.ErrMalformed), errors.Is(err, sign.ErrKind), errors.Is(err, entry.ErrMalformed):
		r.Code = Malformed
	default:
		return fmt.Errorf("tray: reading the log: %w", readError{err})
	}
	return r
}
