package sign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Hash is a SHA-256 digest: of a log's line, where it chains one line to the
// next, or of any other bytes that are named by their content.
//
// It is comparable and may be a map key. The zero Hash means "none"; nobody
// can present bytes that hash to it.
//
// Its text form, in JSON too, is 64 lower-case hexadecimal digits, and only
// that: two texts are the same hash exactly when they are the same string.
type Hash [sha256.Size]byte

// hashText is the length of a Hash in its text form.
const hashText = 2 * sha256.Size

// Sum returns the SHA-256 of data. The chain hash of a line is the Sum of the
// line without its newline.
func Sum(data []byte) Hash { return sha256.Sum256(data) }

// ParseHash reads the text form that [Hash.String] writes. Anything else,
// upper-case digits among it, is an error that wraps [ErrMalformed].
func ParseHash(s string) (Hash, error) {
	var h Hash
	err := parseHash(&h, s)
	return h, err
}

// String returns 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether h is the zero Hash, which stands for "none".
func (h Hash) IsZero() bool { return h == Hash{} }

// AppendText appends the text form to b. The error is always nil.
func (h Hash) AppendText(b []byte) ([]byte, error) { return hex.AppendEncode(b, h[:]), nil }

// MarshalText returns the text form. The error is always nil.
func (h Hash) MarshalText() ([]byte, error) { return h.AppendText(nil) }

// UnmarshalText reads the text form, as [ParseHash] does; on an error h is
// left as it was.
func (h *Hash) UnmarshalText(text []byte) error { return parseHash(h, text) }

func parseHash[text string | []byte](h *Hash, s text) error {
	if len(s) != hashText {
		return fmt.Errorf("%w: a hash is %d hexadecimal digits, not %d characters", ErrMalformed, hashText, len(s))
	}
	var out Hash
	for i := range out {
		hi, lo := nibbles[s[2*i]], nibbles[s[2*i+1]]
		if hi|lo > 15 {
			return fmt.Errorf("%w: a hash is written in lower-case hexadecimal digits", ErrMalformed)
		}
		out[i] = hi<<4 | lo
	}
	*h = out
	return nil
}

// nibbles has the values of lower-case hexadecimal digits, and 16 for any other
// byte. encoding/hex would take upper-case digits as well.
var nibbles = func() (of [256]byte) {
	for b := range of {
		of[b] = 16
	}
	for i, b := range []byte("0123456789abcdef") {
		of[b] = byte(i)
	}
	return of
}()
