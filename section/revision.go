package section

import (
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The kinds of headers.
const (
	HeaderSection = "section" // one revision of a section
	HeaderNote    = "note"    // a note of a participant
	HeaderReason  = "reason"  // the reason given with an event
)

// A Header is bound to a content: it stands inside the blob, and under the
// root, and says which signed entry the content belongs to. So a blob moved
// to another tray, section, revision or author is found out.
type Header struct {
	Tray     string // the tray's id, 64 hexadecimal digits in lower case
	Kind     string // HeaderSection, HeaderNote or HeaderReason
	Name     string // the section's name; of notes and reasons a random id
	Instance string // the participant whose instance it is, of a section per role; otherwise ""
	Revision uint64 // of a section from 1, at most MaxInteger; otherwise 0
	Author   string // the participant who wrote it
}

// members are the names and texts of a header, in the order of the encoding
// and of the header's leaf.
func (h Header) members() [6]struct{ name, text string } {
	return [...]struct{ name, text string }{
		{"tray", h.Tray},
		{"kind", h.Kind},
		{"name", h.Name},
		{"instance", h.Instance},
		{"revision", strconv.FormatUint(h.Revision, 10)},
		{"author", h.Author},
	}
}

// check returns the name of the first member that is not of its form, or "".
func (h Header) check() string {
	isSection := h.Kind == HeaderSection
	switch {
	case !isHex(h.Tray):
		return "tray"
	case !isSection && h.Kind != HeaderNote && h.Kind != HeaderReason:
		return "kind"
	case isSection && !isID(h.Name), !isToken(h.Name):
		return "name"
	case h.Instance != "" && !isToken(h.Instance):
		return "instance"
	case isSection != (h.Revision > 0), h.Revision > MaxInteger:
		return "revision"
	case !isToken(h.Author):
		return "author"
	}
	return ""
}

func (h Header) valid() error {
	if member := h.check(); member != "" {
		return fmt.Errorf("section: header: malformed %s", member)
	}
	return nil
}

// differs returns the name of the first member in which two headers differ,
// or "".
func (h Header) differs(other Header) string {
	a, b := h.members(), other.members()
	for i := range a {
		if a[i] != b[i] {
			return a[i].name
		}
	}
	return ""
}

func isHex(s string) bool {
	return len(s) == 64 && strings.Trim(s, hexDigits) == ""
}

const hexDigits = "0123456789abcdef"

// A Salt hides a content behind its commitment: without it, whoever guesses
// the content could confirm the guess by the root.
type Salt [32]byte

// NewSalt reads a salt from rand, usually crypto/rand.Reader. Every revision
// takes a fresh one: under a salt used twice equal values show as equal.
func NewSalt(rand io.Reader) (Salt, error) {
	var s Salt
	if _, err := io.ReadFull(rand, s[:]); err != nil {
		return Salt{}, fmt.Errorf("section: salt: %w", err)
	}
	return s, nil
}

// A salt's text is base64url without padding, 43 characters in one spelling.
var saltText = base64.RawURLEncoding.Strict()

func parseSalt(text string) (Salt, bool) {
	var s Salt
	raw, err := saltText.DecodeString(text)
	if err != nil || len(raw) != len(s) || saltText.EncodeToString(raw) != text {
		return Salt{}, false
	}
	return Salt(raw), true
}

// A Revision is one version of a section's content, or a note or reason. Like a
// [Content], a [Proof] and a [Salt] it is what others shall not see, and prints as it
// is: do not log it.
type Revision struct {
	Header  Header
	Salt    Salt
	Content Content
}

// Marshal writes the plaintext of a blob: the header, the salt and the fields
// in the one encoding.
//
//	{"header":{"tray":"…","kind":"section","name":"customer","revision":1,"author":"…"},
//	 "salt":"…","fields":{"company":"Rossi S.r.l."}}
//
// without the space and line break. The error is a *[ValuesError], or tells
// the malformed member of the header.
func (s *Schema) Marshal(r Revision) ([]byte, error) {
	e, err := s.encode(r)
	return e.plaintext, err
}

// An encoding is the plaintext of a revision and where the value of each declared
// field stands in it, nowhere if it is absent. What is sealed is so what is
// committed to, and is written once.
type encoding struct {
	plaintext []byte
	values    []span
}

type span struct{ from, to int }

// value is that of the field at an index; a value has a byte at least.
func (e encoding) value(i int) (value []byte, present bool) {
	at := e.values[i]
	return e.plaintext[at.from:at.to], at.from < at.to
}

func (s *Schema) encode(r Revision) (encoding, error) {
	if err := r.Header.valid(); err != nil {
		return encoding{}, err
	}
	out := make([]byte, 0, 4096) // what most take
	out = append(out, `{"header":`...)
	out = appendHeader(out, r.Header)
	out = append(out, `,"salt":"`...)
	out = saltText.AppendEncode(out, r.Salt[:])
	out = append(out, `","fields":`...)
	w := walk{top: make([]span, len(s.fields))}
	out = w.appendRecord(out, s.fields, r.Content)
	out = append(out, '}')
	w.bound(len(out))
	if err := w.err(); err != nil {
		return encoding{}, err
	}
	return encoding{out, w.top}, nil
}

// appendHeader appends the encoding of a header: members without a value are
// omitted, none needs an escape.
func appendHeader(dst []byte, h Header) []byte {
	for i, m := range h.members() {
		switch {
		case m.text == "" || m.name == "revision" && h.Revision == 0:
			continue
		case i == 0:
			dst = append(dst, '{')
		default:
			dst = append(dst, ',')
		}
		if dst = append(dst, '"'); m.name == "revision" {
			dst = append(dst, m.name+`":`+m.text...)
		} else {
			dst = append(dst, m.name+`":"`+m.text+`"`...)
		}
	}
	return append(dst, '}')
}

// Unmarshal reads what [Schema.Marshal] writes and nothing else; the error is
// an *[EncodingError].
func (s *Schema) Unmarshal(b []byte) (Revision, error) {
	r, _, err := s.decode(b)
	return r, err
}

// decode also gives the encoding that b was compared with, and is.
func (s *Schema) decode(b []byte) (Revision, encoding, error) {
	p, err := newParser(b, MaxPlaintext)
	if err != nil {
		return Revision{}, encoding{}, err
	}
	r, err := p.revision(s.fields)
	if err != nil {
		return Revision{}, encoding{}, err
	}
	again, err := s.encode(r)
	if err != nil {
		return Revision{}, encoding{}, fmt.Errorf("section: encoding: %w", err)
	}
	if err := same(b, again.plaintext); err != nil {
		return Revision{}, encoding{}, err
	}
	return r, again, nil
}

func (p *parser) revision(fields []Field) (r Revision, err error) {
	if err = p.expect(`{"header":`); err != nil {
		return r, err
	}
	if r.Header, err = p.header(); err != nil {
		return r, err
	}
	if err = p.expect(`,"salt":`); err != nil {
		return r, err
	}
	if r.Salt, err = p.salt(); err != nil {
		return r, err
	}
	if err = p.expect(`,"fields":`); err != nil {
		return r, err
	}
	if r.Content, err = p.record(fields); err != nil {
		return r, err
	}
	if err = p.expect("}"); err != nil {
		return r, err
	}
	return r, p.end()
}

func (p *parser) header() (Header, error) {
	start := p.pos
	var h Header
	if err := p.expect("{"); err != nil {
		return h, err
	}
	comma := false
	for _, m := range []struct {
		name string
		text *string
	}{{"tray", &h.Tray}, {"kind", &h.Kind}, {"name", &h.Name}, {"instance", &h.Instance}, {"revision", nil}, {"author", &h.Author}} {
		if !p.member(m.name, comma) {
			continue // check tells what must be there
		}
		comma = true
		if m.text == nil {
			n, err := p.integer()
			if err != nil || n < 1 {
				return h, p.fail("header: expected a revision")
			}
			h.Revision = uint64(n)
			continue
		}
		var err error
		if *m.text, err = p.str(); err != nil {
			return h, err
		}
	}
	if !p.accept("}") {
		return h, p.fail("header: expected its next member or its end")
	}
	if member := h.check(); member != "" {
		p.pos = start
		return h, p.fail("header: expected a well-formed " + member)
	}
	return h, nil
}

func (p *parser) salt() (Salt, error) {
	start := p.pos
	text, err := p.str()
	if err != nil {
		return Salt{}, err
	}
	s, ok := parseSalt(text)
	if !ok {
		p.pos = start
		return Salt{}, p.fail("expected a salt")
	}
	return s, nil
}
