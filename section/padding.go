package section

import (
	"bytes"
	"math/bits"
)

// Padded returns the length in bytes to which a plaintext of n bytes is
// padded: by Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted
// Files and Communication with PURBs", PoPETs 2019), which keeps only the
// leading digits of a length and so adds at most 12 %, and to 256 at least.
func Padded(n int) int {
	if n <= minPadded {
		return minPadded
	}
	e := bits.Len(uint(n)) - 1
	s := bits.Len(uint(e))
	mask := 1<<(e-s) - 1
	return (n + mask) &^ mask
}

// pad appends spaces, which JSON ignores: what age decrypts, jq reads.
func pad(plaintext []byte) []byte {
	n := Padded(len(plaintext))
	out := append(make([]byte, 0, n), plaintext...)
	return append(out, bytes.Repeat([]byte{' '}, n-len(plaintext))...)
}

// unpad removes the spaces, and says whether they were as many as pad adds:
// an author cannot choose other lengths, and so hide a mark in them.
func unpad(padded []byte) ([]byte, bool) {
	plaintext := bytes.TrimRight(padded, " ")
	return plaintext, len(plaintext) > 0 && len(padded) == Padded(len(plaintext))
}
