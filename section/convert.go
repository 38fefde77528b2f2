package section

import (
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"time"
)

// maxRational bounds, in bits, the numbers of a fraction: beyond any that
// [MaxDigits] digits can hold, before work is spent on them.
const maxRational = 4 * MaxDigits

// maxPointers bounds how many pointers are followed to a value: more is a
// cycle.
const maxPointers = 8

// plain follows pointers and drops the names of types. It leaves nil, bool,
// int64, uint64, float64, string, json.Number, *big.Rat, time.Time,
// time.Duration, slices and maps, and whatever no kind takes.
func plain(v any) any {
	switch v := v.(type) {
	case nil, bool, int64, uint64, float64, string, json.Number, time.Time, time.Duration:
		return v
	case big.Rat:
		return &v
	}
	r := reflect.ValueOf(v)
	for range maxPointers {
		if r.Kind() != reflect.Pointer && r.Kind() != reflect.Interface {
			break
		}
		if r.IsNil() {
			return nil
		}
		if rational, ok := r.Interface().(*big.Rat); ok {
			return rational
		}
		r = r.Elem()
	}
	switch v := r.Interface().(type) {
	case json.Number, time.Time, time.Duration:
		return v
	}
	switch r.Kind() {
	case reflect.Slice, reflect.Map:
		if r.IsNil() {
			return nil
		}
	case reflect.Bool:
		return r.Bool()
	case reflect.String:
		return r.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return r.Uint()
	case reflect.Float32, reflect.Float64:
		return r.Float()
	}
	return r.Interface()
}

// members gives a map with string keys as map[string]any.
func members(v any) (map[string]any, bool) {
	if m, ok := v.(map[string]any); ok {
		return m, true
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Map || r.Type().Key().Kind() != reflect.String {
		return nil, false
	}
	m := make(map[string]any, r.Len())
	for it := r.MapRange(); it.Next(); {
		m[it.Key().String()] = it.Value().Interface()
	}
	return m, true
}

// items gives the length and the items of a slice or array; bytes are none.
func items(v any) (n int, item func(int) any, ok bool) {
	if l, ok := v.([]any); ok {
		return len(l), func(i int) any { return l[i] }, true
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array || r.Type().Elem().Kind() == reflect.Uint8 {
		return 0, nil, false
	}
	return r.Len(), func(i int) any { return r.Index(i).Interface() }, true
}

func coerceInteger(v any) (any, Code) {
	var n int64
	switch v := v.(type) {
	case int64:
		n = v
	case uint64:
		if v > MaxInteger {
			return nil, CodeRange
		}
		n = int64(v)
	case float64:
		if v != math.Trunc(v) { // NaN too
			return nil, CodeForm
		}
		if math.Abs(v) > MaxInteger {
			return nil, CodeRange
		}
		n = int64(v)
	case json.Number:
		s, code := normalDecimal(v.String(), 0)
		if code == CodeScale {
			code = CodeForm
		}
		if code != "" {
			return nil, code
		}
		var err error
		if n, err = strconv.ParseInt(s, 10, 64); err != nil {
			return nil, CodeRange
		}
	default:
		return nil, CodeType
	}
	if n > MaxInteger || n < -MaxInteger {
		return nil, CodeRange
	}
	return n, ""
}

// suggest finds the name that is nearest to a mistyped one, or "".
func suggest(name string, names []string) string {
	if len(name) > MaxName {
		return ""
	}
	best, bound := "", 1+len(name)/4 // more than one mistake in four letters is another word
	for _, known := range names {
		if d := distance(name, known); d <= bound {
			best, bound = known, d-1
		}
	}
	return best
}

func fieldNames(fields []Field) []string {
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	return names
}

// distance is the edit distance of two short strings, in bytes, where a
// change of case costs nothing.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if lower(a[i]) == lower(b[j]) {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
