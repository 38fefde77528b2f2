package section

import (
	"encoding/json"
	"math/big"
	"strconv"
	"time"
)

// Content is the values of a section in their canonical Go form, by field; see
// [Kind] for the form of each. What is absent has no key: there is no null. It
// prints with all its values.
type Content map[string]any

// Coerce makes canonical content of what programs and forms have at hand. It
// copies; in is not modified and not kept.
//
//   - nil, a nil pointer and "" are absent. Pointers are followed, and named
//     types taken for what they are made of.
//   - integer: any Go integer, a float that is whole, a whole json.Number.
//   - decimal: a string, json.Number, Go integer or *big.Rat, never a float.
//     Missing decimals are added and zeros beyond the scale dropped; nothing is
//     rounded.
//   - money: a string such as "12.50 EUR", its amount treated as a decimal is.
//     Of a field with exactly one currency, the amount alone will do, also as a
//     json.Number, Go integer or *big.Rat.
//   - date: a string, or a time.Time, of which the date in its own location is
//     taken. datetime: a string, or a time.Time in whole seconds. The zero
//     time.Time is refused: it is no date that somebody set, and a string can say
//     that one.
//   - duration: a string such as "90m", or a time.Duration in whole seconds.
//   - list and record: any slice, any map with string keys.
//
// Nothing is trimmed; only the line ends \r\n become \n. The error is a
// *[ValuesError] that lists every mistake, with a suggestion for names that no
// field has.
func (s *Schema) Coerce(in map[string]any) (Content, error) {
	var w walk
	out := w.coerceRecord(s.fields, in)
	if err := w.err(); err != nil {
		return nil, err
	}
	return out, nil
}

func (w *walk) coerceRecord(fields []Field, in map[string]any) map[string]any {
	out := make(map[string]any, min(len(in), len(fields)))
	known := 0
	for i := 0; i < len(fields) && known < len(in); i++ {
		f := &fields[i]
		v, ok := in[f.Name]
		if !ok {
			continue
		}
		known++
		w.into(Step{Name: f.Name})
		if c := w.coerce(f, v); c != nil {
			out[f.Name] = c
		}
		w.back()
	}
	if known < len(in) {
		w.unknown(fields, in)
	}
	return out
}

// coerce returns the canonical value, or nil if v is absent or was reported.
func (w *walk) coerce(f *Field, v any) any {
	if w.full() {
		return nil
	}
	v = plain(v)
	if v == nil || v == "" {
		return nil
	}
	var out any
	code := CodeType
	switch f.Kind {
	case Boolean:
		if b, ok := v.(bool); ok {
			out, code = b, ""
		}
	case Integer:
		out, code = coerceInteger(v)
	case List:
		return w.coerceList(f, v)
	case Record:
		if m, ok := members(v); ok {
			return w.coerceRecord(f.Fields, m)
		}
	default:
		if r, ok := v.(*big.Rat); ok {
			out, code = f.rational(r)
		} else if s, ok := f.text(v); ok {
			out, code = f.normal(s)
		}
	}
	if code != "" {
		w.problem(code, f.expected(code))
		return nil
	}
	return out
}

func (w *walk) coerceList(f *Field, v any) any {
	n, item, ok := items(v)
	code := Code("")
	switch {
	case !ok:
		code = CodeType
	case n > f.Max:
		code = CodeMax
	}
	if code != "" {
		w.problem(code, f.expected(code))
		return nil
	}
	out := make([]any, 0, n)
	for i := range n {
		w.into(Step{Index: i})
		before := len(w.problems)
		c := w.coerce(f.Of, item(i))
		if c == nil && len(w.problems) == before {
			w.problem(CodeAbsent, f.Of.expected(""))
		}
		out = append(out, c)
		w.back()
	}
	return out
}

// rational gives the value of a decimal or an amount of money that a fraction is
// at the field's scale, exactly.
func (f *Field) rational(r *big.Rat) (any, Code) {
	if f.Kind != Decimal && f.Kind != Money {
		return nil, CodeType
	}
	if max(r.Num().BitLen(), r.Denom().BitLen()) > maxRational {
		return nil, CodeRange
	}
	text := r.FloatString(f.Scale)
	if rounded, ok := new(big.Rat).SetString(text); !ok || rounded.Cmp(r) != 0 {
		return nil, CodeScale
	}
	return f.normal(text)
}

// text gives the spelling that the normalizer of f reads v from.
func (f *Field) text(v any) (string, bool) {
	numeric := f.Kind == Decimal || f.Kind == Money
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), numeric
	case int64:
		return strconv.FormatInt(v, 10), numeric
	case uint64:
		return strconv.FormatUint(v, 10), numeric
	case time.Time:
		switch {
		case v.IsZero(): // the time that nobody set, hardly the first of January of the year 1
		case f.Kind == Date:
			return v.Format(time.DateOnly), true
		case f.Kind == Datetime:
			_, offset := v.Zone() // RFC 3339 would cut an offset's seconds
			return v.Format(time.RFC3339Nano), offset%60 == 0
		}
	case time.Duration:
		if f.Kind == Duration && v >= 0 && v%time.Second == 0 {
			return formatDuration(int64(v / time.Second)), true
		}
	}
	return "", false
}
