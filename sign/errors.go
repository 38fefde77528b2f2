package sign

import (
	"errors"
	"fmt"
)

// The errors that a caller tells apart with [errors.Is]. No error of this
// package carries a value out of a payload, a key file or a passphrase.
var (
	// ErrMalformed says that bytes or text are not in their one accepted form.
	ErrMalformed = errors.New("sign: malformed")

	// ErrKind says that a line is well formed but of another [Kind], or that
	// a Kind cannot be one.
	ErrKind = errors.New("sign: another kind")

	// ErrSignature says that a signature does not hold.
	ErrSignature = errors.New("sign: signature does not hold")

	// ErrPassphrase says that a private key is encrypted and the passphrase
	// is missing or wrong: ask for it, and try again.
	ErrPassphrase = errors.New("sign: passphrase missing or wrong")
)

// KeyError says that a key is refused although its text is well formed.
type KeyError struct {
	// Reason says what is wrong with the key, in a few words of English. It
	// never contains the key.
	Reason string
}

// Error gives the reason, and nothing of the key.
func (e *KeyError) Error() string { return "sign: key refused: " + e.Reason }

// The reasons of a KeyError.
const (
	reasonNone       = "there is none"
	reasonType       = "not an Ed25519 key"
	reasonLength     = "not of the length of an Ed25519 key"
	reasonPoint      = "not a point of the curve"
	reasonCanonical  = "not in its canonical encoding"
	reasonSmallOrder = "of small order, so that anybody can sign for it"
	reasonTorsion    = "not in the group of prime order"
	reasonHalves     = "its private and public halves do not belong together"
	reasonPrivate    = "a private key where a public one belongs"
	reasonUse        = "not meant for checking Ed25519 signatures"
)

// LineError says which of many lines failed.
type LineError struct {
	Index int // of the line in its sequence, from 0
	Err   error
}

// Error gives the index of the line, and the cause.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Index, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

func malformed(what string) error { return fmt.Errorf("%w: %s", ErrMalformed, what) }
