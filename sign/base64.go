package sign

import (
	"bytes"
	"encoding/base64"
)

// url64 is the base64 of JOSE: the URL's alphabet, no padding (RFC 7515,
// section 2).
var url64 = base64.RawURLEncoding

// keyText and sigText are the lengths of 32 and 64 bytes in base64url.
const (
	keyText = 43
	sigText = 86
)

// appendStrict decodes text, which must be the one spelling that enc itself
// writes, and appends the bytes to dst. Package base64 skips line breaks, even
// in its strict mode, and in its other one spare bits that are set. So the
// bytes are encoded again, onto scratch, and compared. The slices returned are
// dst and scratch, possibly grown.
func appendStrict(dst, scratch []byte, enc *base64.Encoding, text []byte) (out, scratchOut []byte, ok bool) {
	start := len(dst)
	out, err := enc.AppendDecode(dst, text)
	if err != nil {
		return dst, scratch, false
	}
	scratch = enc.AppendEncode(scratch[:0], out[start:])
	return out, scratch, bytes.Equal(scratch, text)
}

// decodeStrict is appendStrict for text that is short or rare.
func decodeStrict(enc *base64.Encoding, text string) ([]byte, bool) {
	out, _, ok := appendStrict(nil, nil, enc, []byte(text))
	return out, ok
}
