package section

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// MarshalText writes the text form of a proof, a JSON object in one encoding:
//
//	{"header":{…},"field":"total","value":"\"12.50\"","salt":"…","index":2,"size":3,
//	 "header_path":["…"],"field_path":["…","…"]}
//
// without the spaces and line breaks. The value is the string of its own
// encoding, since that is what is hashed; absent fields have no value.
//
// It is not MarshalJSON, of whose result encoding/json would rewrite escapes.
func (p Proof) MarshalText() ([]byte, error) {
	if err := p.valid(); err != nil {
		return nil, err
	}
	if !utf8.Valid(p.Value) {
		return nil, fmt.Errorf("%w: malformed value", ErrProof)
	}
	out := append([]byte(nil), `{"header":`...)
	out = appendHeader(out, p.Header)
	out = append(out, `,"field":"`+p.Field...)
	if out = append(out, '"'); p.Present {
		out = append(out, `,"value":`...)
		out = appendString(out, string(p.Value))
	}
	out = append(out, `,"salt":"`...)
	out = saltText.AppendEncode(out, p.Salt[:])
	out = append(out, `","index":`...)
	out = strconv.AppendInt(out, int64(p.Index), 10)
	out = append(out, `,"size":`...)
	out = strconv.AppendInt(out, int64(p.Size), 10)
	out = append(out, `,"header_path":`...)
	out = appendRoots(out, p.HeaderPath)
	out = append(out, `,"field_path":`...)
	out = appendRoots(out, p.FieldPath)
	return append(out, '}'), nil
}

func appendRoots(dst []byte, path []Root) []byte {
	dst = append(dst, '[')
	for i, h := range path {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `"`+h.String()+`"`...)
	}
	return append(dst, ']')
}

// UnmarshalText is [ParseProof].
func (p *Proof) UnmarshalText(b []byte) (err error) {
	*p, err = ParseProof(b)
	return err
}

// ParseProof reads what [Proof.MarshalText] writes and nothing else. It does
// not verify: see [Proof.Verify]. The error is an *[EncodingError] or wraps
// [ErrProof].
func ParseProof(b []byte) (Proof, error) {
	p, err := newParser(b, MaxProof)
	if err != nil {
		return Proof{}, err
	}
	proof, err := p.proof()
	if err != nil {
		return Proof{}, err
	}
	again, err := proof.MarshalText()
	if err != nil {
		return Proof{}, err
	}
	if err := same(b, again); err != nil {
		return Proof{}, err
	}
	return proof, nil
}

func (p *parser) proof() (out Proof, err error) {
	member := func(name string, read func() error) {
		if err == nil {
			if err = p.expect(name); err == nil {
				err = read()
			}
		}
	}
	number := func(into *int) func() error {
		return func() error {
			n, err := p.integer()
			if err != nil || n < 0 || n > MaxFields+1 {
				return p.fail("expected a small number")
			}
			*into = int(n)
			return nil
		}
	}
	path := func(into *[]Root) func() error {
		return func() (err error) {
			*into, err = p.roots()
			return err
		}
	}
	member(`{"header":`, func() (err error) { out.Header, err = p.header(); return err })
	member(`,"field":`, func() (err error) { out.Field, err = p.str(); return err })
	if err == nil && p.accept(`,"value":`) {
		var value string
		value, err = p.str()
		out.Present, out.Value = true, []byte(value)
	}
	member(`,"salt":`, func() (err error) { out.Salt, err = p.salt(); return err })
	member(`,"index":`, number(&out.Index))
	member(`,"size":`, number(&out.Size))
	member(`,"header_path":`, path(&out.HeaderPath))
	member(`,"field_path":`, path(&out.FieldPath))
	member(`}`, p.end)
	return out, err
}

func (p *parser) roots() ([]Root, error) {
	if err := p.expect("["); err != nil {
		return nil, err
	}
	out := []Root{}
	for !p.accept("]") {
		if len(out) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		text, err := p.str()
		if err != nil {
			return nil, err
		}
		h, err := ParseRoot(text)
		if err != nil {
			return nil, p.fail("expected a hash")
		}
		out = append(out, h)
	}
	return out, nil
}
