package sign

import (
	"bytes"
	"encoding/base64"
)

// url64 is the base64 of JOSE: the URL's alphabet, no padding (RFC 7515,
// section 2).
var url64 = base64.RawURLEncoding.Strict()

// keyText and sigText are the lengths of 32 and 64 bytes in base64url.
const (
	keyText = 43
	sigText = 86
)

// appendStrict decodes text, which must be the one spelling that enc, which is
// strict, itself writes, and appends the bytes to dst. Strict encodings refuse spare
// bits that are set; but even they skip line breaks.
func appendStrict(dst []byte, enc *base64.Encoding, text []byte) (out []byte, ok bool) {
	if bytes.IndexByte(text, '\n') >= 0 || bytes.IndexByte(text, '\r') >= 0 {
		return dst, false
	}
	out, err := enc.AppendDecode(dst, text)
	return out, err == nil
}

// decodeStrict is appendStrict for text that is short or rare.
func decodeStrict(enc *base64.Encoding, text string) ([]byte, bool) {
	return appendStrict(nil, enc, []byte(text))
}
