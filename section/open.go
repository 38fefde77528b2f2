package section

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"
)

// A Slot is the place of a reader among the recipients of a blob, which the
// log tells: the reader at Index, from 0, of Of.
type Slot struct{ Index, Of int }

// Open unseals a blob, and returns the revision in it only if its encoding is
// the one encoding, its header is want, and its commitment is root, both as
// the signed log has them. Otherwise nothing of it is released. The caller
// has checked the blob's digest.
//
// The error is [ErrNotReader], [ErrMalformed], or a *[ContradictionError],
// which names what differs.
func (s *Schema) Open(blob []byte, suite Suite, at Slot, want Header, root Root, ids ...Identity) (Revision, error) {
	plaintext, err := Unseal(blob, suite, at, ids...)
	if err != nil {
		return Revision{}, err
	}
	r, e, err := s.decode(plaintext)
	if err != nil {
		return Revision{}, &ContradictionError{What: "encoding", Err: err}
	}
	if member := r.Header.differs(want); member != "" {
		return Revision{}, &ContradictionError{What: "header." + member}
	}
	got, err := s.rootOf(r, e)
	if err != nil {
		return Revision{}, &ContradictionError{What: "encoding", Err: err}
	}
	if got != root {
		return Revision{}, &ContradictionError{What: "root"}
	}
	return r, nil
}

// Unseal decrypts a blob as its recipient at a place, and returns the
// plaintext without its padding. Only that stanza is tried, so opening costs
// the same for every reader. The blob must have exactly at.Of stanzas, all of
// the suite, and all of it is authenticated before a byte is released.
//
// Who encrypted it, and for what, Unseal cannot tell: see [Schema.Open]. The
// errors are the same.
func Unseal(blob []byte, suite Suite, at Slot, ids ...Identity) ([]byte, error) {
	if at.Index < 0 || at.Index >= at.Of || at.Of > MaxReaders {
		return nil, fmt.Errorf("section: unseal: no place %d of %d", at.Index, at.Of)
	}
	f, err := parseAgeFile(blob, suite)
	if err != nil {
		return nil, err
	}
	if len(f.stanzas) != at.Of {
		return nil, &ContradictionError{What: "stanzas"}
	}
	if err := f.checkSize(); err != nil {
		return nil, err
	}
	padded, err := f.decrypt(at.Index, ids)
	if err != nil {
		return nil, err
	}
	plaintext, ok := unpad(padded)
	if !ok {
		return nil, &ContradictionError{What: "padding"}
	}
	return plaintext, nil
}

// decrypt opens the stanza at index and with its file key the payload.
func (f *ageFile) decrypt(index int, ids []Identity) ([]byte, error) {
	fileKey, err := unwrap(f.stanzas[index].stanza(), ids)
	if err != nil {
		return nil, err
	}
	mac, err := headerMAC(fileKey, f.macInput)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(mac, f.mac) {
		return nil, &ContradictionError{What: "mac"}
	}
	return f.chunks(fileKey)
}

// chunks decrypts the payload: STREAM over ChaCha20-Poly1305 in chunks of
// 64 KiB (c2sp.org/age). age.Decrypt would do, but for a reader of its own with
// 160 KB of buffers for what is usually one chunk of a few.
func (f *ageFile) chunks(fileKey []byte) ([]byte, error) {
	refused := &ContradictionError{What: "payload"}
	size := f.plaintextSize()
	if size < 0 {
		return nil, refused
	}
	key, err := hkdf.Key(sha256.New, fileKey, f.payload[:ageNonce], "payload", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("section: unseal: %w", err)
	}
	aead, err := chacha20poly1305.New(key)
	if err != nil {
		return nil, fmt.Errorf("section: unseal: %w", err)
	}
	out := make([]byte, 0, size)
	rest := f.payload[ageNonce:]
	for counter := uint64(0); len(rest) > 0; counter++ {
		chunk := rest[:min(len(rest), ageChunk+ageTag)]
		rest = rest[len(chunk):]
		var nonce [chacha20poly1305.NonceSize]byte // counter in 11 bytes, last chunk or not
		binary.BigEndian.PutUint64(nonce[3:11], counter)
		if len(rest) == 0 {
			nonce[11] = 1
		}
		if out, err = aead.Open(out, nonce[:], chunk, nil); err != nil {
			return nil, refused
		}
	}
	return out, nil
}

// unwrap tries the identities on one stanza.
func unwrap(s *age.Stanza, ids []Identity) ([]byte, error) {
	for _, id := range ids {
		if id.k == nil {
			continue
		}
		fileKey, err := id.k.unwrap([]*age.Stanza{s})
		if errors.Is(err, age.ErrIncorrectIdentity) {
			continue // another's stanza, or one of another suite
		}
		if err != nil {
			// A share of small order or the like, which nobody can unwrap.
			return nil, &ContradictionError{What: "stanza"}
		}
		return fileKey, nil
	}
	return nil, ErrNotReader
}

// headerMAC authenticates a header under its file key, as c2sp.org/age says.
func headerMAC(fileKey, header []byte) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, fileKey, nil, "header", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("section: unseal: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(header)
	return mac.Sum(nil), nil
}
