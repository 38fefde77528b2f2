package section

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Decode reads the one encoding. It takes exactly what [Schema.Encode] writes:
// other orders, spaces, escapes, spellings of numbers, unknown or repeated
// members, null, and trailing bytes are refused with an *[EncodingError].
func (s *Schema) Decode(b []byte) (Content, error) {
	p, err := newParser(b, MaxPlaintext)
	if err != nil {
		return nil, err
	}
	c, err := p.record(s.fields)
	if err != nil {
		return nil, err
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	// One accepted encoding, by construction and not by the parser's care.
	again, err := s.Encode(c)
	if err != nil {
		return nil, fmt.Errorf("section: encoding: %w", err)
	}
	if err := same(b, again); err != nil {
		return nil, err
	}
	return c, nil
}

// same compares an encoding with the one encoding of what it was read as.
func same(got, want []byte) error {
	if bytes.Equal(got, want) {
		return nil
	}
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	return &EncodingError{Offset: i, Reason: "not the one spelling"}
}

// A parser reads the one encoding, guided by what may stand there. It never
// meets a member that it does not expect, so it has nothing to skip.
type parser struct {
	b   []byte
	pos int
}

func newParser(b []byte, limit int) (*parser, error) {
	if len(b) > limit {
		return nil, &EncodingError{Offset: limit, Reason: fmt.Sprintf("at most %d bytes", limit)}
	}
	return &parser{b: b}, nil
}

func (p *parser) fail(reason string) error {
	return &EncodingError{Offset: p.pos, Reason: reason}
}

// accept reads text if it stands here.
func (p *parser) accept(text string) bool {
	if len(p.b)-p.pos < len(text) || string(p.b[p.pos:p.pos+len(text)]) != text {
		return false
	}
	p.pos += len(text)
	return true
}

func (p *parser) expect(text string) error {
	if !p.accept(text) {
		return p.fail("expected " + text)
	}
	return nil
}

func (p *parser) end() error {
	if p.pos != len(p.b) {
		return p.fail("expected the end")
	}
	return nil
}

func (p *parser) record(fields []Field) (map[string]any, error) {
	if err := p.expect("{"); err != nil {
		return nil, err
	}
	out := make(map[string]any)
	for i := range fields {
		f := &fields[i]
		if !p.member(f.Name, len(out) > 0) {
			continue
		}
		v, err := p.value(f)
		if err != nil {
			return nil, within(f.Name, err)
		}
		out[f.Name] = v
	}
	if !p.accept("}") {
		return nil, p.fail("expected the next declared field or the end of the record")
	}
	return out, nil
}

// member reads the name of a member and what stands around it. It allocates
// nothing: of many small records, all names are tried.
func (p *parser) member(name string, comma bool) bool {
	rest := p.b[p.pos:]
	if comma {
		if len(rest) == 0 || rest[0] != ',' {
			return false
		}
		rest = rest[1:]
	}
	end := 1 + len(name)
	if len(rest) < end+2 || rest[0] != '"' || string(rest[1:end]) != name || rest[end] != '"' || rest[end+1] != ':' {
		return false
	}
	p.pos = len(p.b) - len(rest) + end + 2
	return true
}

func (p *parser) list(f *Field) ([]any, error) {
	if err := p.expect("["); err != nil {
		return nil, err
	}
	out := []any{}
	for !p.accept("]") {
		if len(out) == f.Max {
			return nil, p.fail(f.expected(CodeMax).en)
		}
		if len(out) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		v, err := p.value(f.Of)
		if err != nil {
			return nil, within("["+strconv.Itoa(len(out))+"]", err)
		}
		out = append(out, v)
	}
	return out, nil
}

// within prefixes the path of an error with the step that led to it.
func within(step string, err error) error {
	if e, ok := err.(*EncodingError); ok { // made here, never wrapped
		switch {
		case e.Path == "" || e.Path[0] == '[':
			e.Path = step + e.Path
		default:
			e.Path = step + "." + e.Path
		}
	}
	return err
}

func (p *parser) value(f *Field) (any, error) {
	switch f.Kind {
	case Boolean:
		switch {
		case p.accept("true"):
			return true, nil
		case p.accept("false"):
			return false, nil
		}
		return nil, p.fail("expected true or false")
	case Integer:
		return p.integer()
	case List:
		return p.list(f)
	case Record:
		return p.record(f.Fields)
	}
	start := p.pos
	s, err := p.str()
	if err != nil {
		return nil, err
	}
	if canonical, code := f.normal(s); code != "" || canonical != s {
		p.pos = start
		return nil, p.fail("expected " + f.expected(code).en)
	}
	return s, nil
}

func (p *parser) integer() (int64, error) {
	const most = len("-9007199254740991")
	end := p.pos
	for end < len(p.b) && end-p.pos <= most && strings.IndexByte("-0123456789", p.b[end]) >= 0 {
		end++
	}
	n, err := strconv.ParseInt(string(p.b[p.pos:end]), 10, 64)
	if err != nil || n < -MaxInteger || n > MaxInteger || strconv.FormatInt(n, 10) != string(p.b[p.pos:end]) {
		return 0, p.fail("expected " + (&Field{Kind: Integer}).expected("").en)
	}
	p.pos = end
	return n, nil
}

// str reads a JSON string. It leaves to the comparison with the encoding
// written again what else the same string could be spelled like.
func (p *parser) str() (string, error) {
	start := p.pos
	if err := p.expect(`"`); err != nil {
		return "", err
	}
	escapes := false
	for ; p.pos < len(p.b) && p.b[p.pos] != '"'; p.pos++ {
		if p.b[p.pos] == '\\' {
			escapes = true
			p.pos++
		}
	}
	if p.pos >= len(p.b) {
		p.pos = start
		return "", p.fail("expected a string with an end")
	}
	p.pos++
	s := string(p.b[start+1 : p.pos-1])
	if escapes && json.Unmarshal(p.b[start:p.pos], &s) != nil || !utf8.ValidString(s) {
		p.pos = start
		return "", p.fail("expected a string in UTF-8")
	}
	return s, nil
}
