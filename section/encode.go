package section

import (
	"fmt"
	"strconv"
)

// Encode writes content in the one encoding: a JSON object, members in
// declared order, absent ones omitted, no spaces, strings as RFC 8785 (JSON
// Canonicalization Scheme) and JavaScript's JSON.stringify write them. The
// error is a *[ValuesError]; content made by [Schema.Coerce] has none unless
// it is larger than [MaxPlaintext].
func (s *Schema) Encode(c Content) ([]byte, error) {
	var r report
	out := r.appendRecord(nil, "", s.fields, c)
	if len(out) > MaxPlaintext {
		r.add("", CodeMax, fmt.Sprintf("at most %d bytes when encoded", MaxPlaintext))
	}
	if err := r.values(); err != nil {
		return nil, err
	}
	return out, nil
}

// appendRecord appends the encoding of a record, and reports what is not in
// canonical form.
func (r *report) appendRecord(dst []byte, path string, fields []Field, m map[string]any) []byte {
	dst = append(dst, '{')
	known := 0
	for i := range fields {
		f := &fields[i]
		v, ok := m[f.Name]
		if !ok {
			continue
		}
		if known++; known > 1 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = append(dst, f.Name...) // an id, nothing to escape
		dst = append(dst, '"', ':')
		dst = r.appendValue(dst, join(path, f.Name), f, v)
	}
	if known < len(m) {
		r.unknown(path, fields, m)
	}
	return append(dst, '}')
}

func (r *report) appendValue(dst []byte, path string, f *Field, v any) []byte {
	if r.full() || len(dst) > MaxPlaintext {
		return dst // refused in any case
	}
	code := CodeType
	switch v := v.(type) {
	case bool:
		if f.Kind == Boolean {
			return strconv.AppendBool(dst, v)
		}
	case int64:
		if f.Kind == Integer {
			if -MaxInteger <= v && v <= MaxInteger {
				return strconv.AppendInt(dst, v, 10)
			}
			code = CodeRange
		}
	case string:
		var canonical string
		if canonical, code = f.normal(v); code == "" {
			if canonical == v {
				return appendString(dst, v)
			}
			code = CodeForm
		}
	case []any:
		if f.Kind == List {
			if len(v) <= f.Max {
				return r.appendList(dst, path, f, v)
			}
			code = CodeMax
		}
	case map[string]any:
		if f.Kind == Record {
			return r.appendRecord(dst, path, f.Fields, v)
		}
	}
	r.add(path, code, f.expected(code))
	return dst
}

func (r *report) appendList(dst []byte, path string, f *Field, list []any) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = r.appendValue(dst, path+"["+strconv.Itoa(i)+"]", f.Of, v)
	}
	return append(dst, ']')
}

// appendString appends a JSON string as RFC 8785, section 3.2.2.2 writes it:
// escaped is only what must be, in its shortest form. s is valid UTF-8.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			if c < ' ' {
				dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			} else {
				dst = append(dst, c)
			}
		}
	}
	return append(dst, '"')
}
