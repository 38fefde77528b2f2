package section

import "strconv"

// Encode writes content in the one encoding: a JSON object, members in
// declared order, absent ones omitted, no spaces, strings as RFC 8785 (JSON
// Canonicalization Scheme) and JavaScript's JSON.stringify write them. The
// error is a *[ValuesError]; content made by [Schema.Coerce] has none unless
// it is larger than [MaxPlaintext].
func (s *Schema) Encode(c Content) ([]byte, error) {
	var w walk
	out := w.appendRecord(nil, s.fields, c)
	w.bound(len(out))
	if err := w.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// appendRecord appends the encoding of a record, and reports what is not in
// canonical form.
func (w *walk) appendRecord(dst []byte, fields []Field, m map[string]any) []byte {
	dst = append(dst, '{')
	known := 0
	for i := 0; i < len(fields) && known < len(m); i++ {
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
		from := len(dst)
		w.into(Step{Name: f.Name})
		dst = w.appendValue(dst, f, v)
		w.back()
		if w.top != nil && len(w.at) == 0 {
			w.top[i] = span{from, len(dst)}
		}
	}
	if known < len(m) {
		w.unknown(fields, m)
	}
	return append(dst, '}')
}

func (w *walk) appendValue(dst []byte, f *Field, v any) []byte {
	if w.full() || len(dst) > MaxPlaintext {
		return dst // cut short: bound refuses it
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
				return w.appendList(dst, f, v)
			}
			code = CodeMax
		}
	case map[string]any:
		if f.Kind == Record {
			return w.appendRecord(dst, f.Fields, v)
		}
	}
	w.problem(code, f.expected(code))
	return dst
}

func (w *walk) appendList(dst []byte, f *Field, list []any) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		w.into(Step{Index: i})
		dst = w.appendValue(dst, f.Of, v)
		w.back()
	}
	return append(dst, ']')
}

// appendString appends a JSON string as RFC 8785, section 3.2.2.2 writes it:
// escaped is only what must be, in its shortest form. s is valid UTF-8.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	plain := 0 // where what is not yet copied begins
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(append(dst, s[plain:i]...), '\\')
		plain = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, c)
		case '\b':
			dst = append(dst, 'b')
		case '\t':
			dst = append(dst, 't')
		case '\n':
			dst = append(dst, 'n')
		case '\f':
			dst = append(dst, 'f')
		case '\r':
			dst = append(dst, 'r')
		default:
			dst = append(dst, 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(dst, s[plain:]...), '"')
}
