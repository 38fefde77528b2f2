package store

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vassoio/vassoio/sign"
)

// Head says where a log ends: what a careful client pins, since the hash chain
// makes it stand for the whole log. Whoever kept a head finds out when he is
// later served a shorter log (rollback) or another one (fork).
//
// A tray that has no entries yet has Length 0 and the zero Hash.
type Head struct {
	Tray   sign.Hash // the tray's id: the hash of its first line
	Length uint64    // number of entries
	Hash   sign.Hash // the hash of the last line, without its newline
}

// String returns the text form "<tray>/<length>/<hash>": both hashes in 64
// lower-case hexadecimal digits, the length in decimal.
func (h Head) String() string {
	return h.Tray.String() + "/" + strconv.FormatUint(h.Length, 10) + "/" + h.Hash.String()
}

// ParseHead is the inverse of [Head.String]. It accepts that one spelling only,
// and no head that cannot be: the tray is not zero, the hash is zero if and only
// if the length is, and the first entry's hash is the tray itself. The error is
// an [ErrInvalid].
func ParseHead(s string) (Head, error) {
	tray, rest, _ := strings.Cut(s, "/")
	length, hash, ok := strings.Cut(rest, "/")
	if !ok {
		return Head{}, fmt.Errorf("%w: a head has the form <tray>/<length>/<hash>", ErrInvalid)
	}
	var h Head
	var err error
	if h.Tray, err = sign.ParseHash(tray); err != nil || h.Tray.IsZero() {
		return Head{}, fmt.Errorf("%w: the tray of a head is a hash in 64 lower-case hexadecimal digits", ErrInvalid)
	}
	if h.Length, err = parseNumber(length); err != nil {
		return Head{}, fmt.Errorf("%w: the length of a head is a decimal number", ErrInvalid)
	}
	if h.Hash, err = sign.ParseHash(hash); err != nil {
		return Head{}, fmt.Errorf("%w: the hash of a head has 64 lower-case hexadecimal digits", ErrInvalid)
	}
	if h.Hash.IsZero() != (h.Length == 0) {
		return Head{}, fmt.Errorf("%w: a head has a hash if and only if it has entries", ErrInvalid)
	}
	if h.Length == 1 && h.Hash != h.Tray {
		return Head{}, fmt.Errorf("%w: the hash of a first entry is the tray's id", ErrInvalid)
	}
	return h, nil
}

// parseNumber reads the one decimal spelling that a number has: strconv alone
// takes leading zeros.
func parseNumber(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, strconv.ErrSyntax
	}
	return n, nil
}
