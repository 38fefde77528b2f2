package section

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"

	"filippo.io/age"
)

// age tries every stanza of a file and parses all of them into memory, so the
// last of many readers pays for all. A reader of a tray knows his place: this
// file finds it, by the fixed shapes of the native stanzas (c2sp.org/age, and
// ssh-ed25519 as age writes it), so that age unwraps that one stanza alone.

const ageIntro = "age-encryption.org/v1\n"

// A shape is the form of one native stanza: its type, and its arguments'
// lengths in bytes. The body is always a file key and a tag, on one line.
type shape struct {
	kind string
	args []int
}

const stanzaBody = 16 + 16

func (s Suite) shapes() []shape {
	switch s {
	case PQ:
		return []shape{{"mlkem768x25519", []int{1088 + 32}}}
	case Classic:
		return []shape{{"X25519", []int{32}}, {"ssh-ed25519", []int{4, 32}}}
	}
	return nil
}

// An ageFile is an age file taken apart without keys; its parts alias it.
type ageFile struct {
	stanzas  []rawStanza
	macInput []byte // the header up to and including "---"
	mac      []byte // HMAC-SHA-256 over it, 32 bytes
	payload  []byte // nonce and encrypted chunks
}

// A rawStanza is a stanza in base64, already checked to be one spelling.
type rawStanza struct {
	kind string
	args [2][]byte // nil where the kind has fewer
	body []byte
}

// Inspect checks what can be checked of a blob with no key: that it is an age
// v1 file of at most [MaxBlob] bytes, without armor, that each stanza is of a
// native kind of the suite and well-formed, and that the size of the payload
// is one that padding leaves. It returns the number of recipients. Whether
// they are the right ones only they can tell.
//
// The error is [ErrMalformed] or a *[ContradictionError].
func Inspect(blob []byte, suite Suite) (readers int, err error) {
	f, err := parseAgeFile(blob, suite)
	if err != nil {
		return 0, err
	}
	if err := f.checkSize(); err != nil {
		return 0, err
	}
	return len(f.stanzas), nil
}

func parseAgeFile(blob []byte, suite Suite) (*ageFile, error) {
	if !suite.valid() {
		return nil, errors.New("section: unknown suite")
	}
	if len(blob) > MaxBlob {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrMalformed, MaxBlob)
	}
	rest, ok := bytes.CutPrefix(blob, []byte(ageIntro))
	if !ok {
		return nil, fmt.Errorf("%w: not a binary age v1 file", ErrMalformed)
	}
	f := &ageFile{}
	shapes := suite.shapes()
	for !bytes.HasPrefix(rest, []byte("---")) {
		if !bytes.HasPrefix(rest, []byte("-> ")) {
			return nil, fmt.Errorf("%w: broken header", ErrMalformed)
		}
		var s rawStanza
		s, rest, ok = cutStanza(rest, shapes)
		if !ok || len(f.stanzas) == MaxReaders {
			return nil, &ContradictionError{What: "stanzas"}
		}
		f.stanzas = append(f.stanzas, s)
	}
	if len(f.stanzas) == 0 {
		return nil, fmt.Errorf("%w: no recipients", ErrMalformed)
	}
	f.macInput = blob[:len(blob)-len(rest)+len("---")]
	rest, ok = bytes.CutPrefix(rest, []byte("--- "))
	mac, rest, macOK := cutBase64(rest, 32, '\n')
	if !ok || !macOK {
		return nil, fmt.Errorf("%w: broken header", ErrMalformed)
	}
	f.mac = decode64(mac)
	f.payload = rest
	return f, nil
}

// cutStanza reads a stanza of one of the shapes.
func cutStanza(b []byte, shapes []shape) (rawStanza, []byte, bool) {
	for _, shape := range shapes {
		rest, ok := bytes.CutPrefix(b, []byte("-> "+shape.kind+" "))
		if !ok {
			continue
		}
		s := rawStanza{kind: shape.kind}
		for i, size := range shape.args {
			end := byte(' ')
			if i == len(shape.args)-1 {
				end = '\n'
			}
			if s.args[i], rest, ok = cutBase64(rest, size, end); !ok {
				return rawStanza{}, nil, false
			}
		}
		s.body, rest, ok = cutBase64(rest, stanzaBody, '\n')
		return s, rest, ok
	}
	return rawStanza{}, nil, false
}

// cutBase64 reads the one spelling of size bytes in base64 without padding,
// and the byte behind it.
func cutBase64(b []byte, size int, end byte) (text, rest []byte, ok bool) {
	n := ageBase64.EncodedLen(size)
	if len(b) <= n || b[n] != end {
		return nil, nil, false
	}
	text = b[:n]
	var bad byte
	for _, c := range text {
		bad |= base64Values[c]
	}
	// The last character has 4 bits to spare after a lone byte, 2 after two;
	// they are zero.
	spare := byte(1<<(uint(6*n-8*size)) - 1)
	if bad&invalid64 != 0 || base64Values[text[n-1]]&spare != 0 {
		return nil, nil, false
	}
	return text, b[n+1:], true
}

// stanza decodes a stanza for age.
func (s rawStanza) stanza() *age.Stanza {
	out := &age.Stanza{Type: s.kind, Body: decode64(s.body)}
	for _, arg := range s.args {
		if arg != nil {
			out.Args = append(out.Args, string(arg))
		}
	}
	return out
}

var ageBase64 = base64.RawStdEncoding.Strict()

// decode64 decodes what cutBase64 has checked.
func decode64(text []byte) []byte {
	out, _ := ageBase64.AppendDecode(nil, text)
	return out
}

const invalid64 = 0x80

// base64Values is the value of each character of base64, invalid64 for others:
// a table, since every reader checks the stanzas of all.
var base64Values = func() (values [256]byte) {
	for i := range values {
		values[i] = invalid64
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		values[c] = byte(i)
	}
	return values
}()

const (
	ageNonce = 16
	ageChunk = 64 << 10
	ageTag   = 16
)

// plaintextSize is the number of bytes in the payload once decrypted, or -1 if
// no payload has its size (c2sp.org/age: a nonce, then chunks of 64 KiB, each
// with a tag, the last one not empty).
func (f *ageFile) plaintextSize() int {
	n := len(f.payload) - ageNonce
	chunks := (n + ageChunk + ageTag - 1) / (ageChunk + ageTag)
	plain := n - chunks*ageTag
	if n <= 0 || plain <= 0 || (plain+ageChunk-1)/ageChunk != chunks {
		return -1
	}
	return plain
}

// checkSize checks the size of the payload: it is that of a padded plaintext.
func (f *ageFile) checkSize() error {
	switch n := f.plaintextSize(); {
	case n < 0 || n > MaxPlaintext:
		return &ContradictionError{What: "payload"}
	case n != Padded(n):
		return &ContradictionError{What: "padding"}
	}
	return nil
}
