package rules

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// A ValueError says where a value does not have its declared type, or what
// type that is. It never holds the value.
type ValueError struct {
	Path string // "products.lines[3].price"
	Want string // "a decimal with 2 decimals"
}

// Error gives path and expectation.
func (e *ValueError) Error() string {
	if e.Path == "" {
		return "want " + e.Want
	}
	return e.Path + ": want " + e.Want
}

// toCEL turns a value in canonical form into one of the expression language.
func (n *node) toCEL(v any, path string) (ref.Val, error) {
	fail := func() (ref.Val, error) { return nil, &ValueError{Path: path, Want: n.want()} }
	switch n.field.Kind {
	case KindInteger:
		i, ok := v.(int64)
		if !ok || i > maxInteger || i < -maxInteger {
			return fail()
		}
		return types.Int(i), nil
	case KindBoolean:
		b, ok := v.(bool)
		if !ok {
			return fail()
		}
		return types.Bool(b), nil
	case KindList:
		items, ok := v.([]any)
		if !ok || len(items) > maxList {
			return fail()
		}
		return n.listToCEL(items, path)
	case KindRecord:
		m, ok := v.(map[string]any)
		if !ok {
			return fail()
		}
		return newRecord(n.rec, path, m, nil)
	}
	s, ok := v.(string)
	if !ok {
		return fail()
	}
	val, ok := n.textToCEL(s, path)
	if !ok {
		return fail()
	}
	return val, nil
}

func (n *node) listToCEL(items []any, path string) (ref.Val, error) {
	vals := make([]ref.Val, len(items))
	for i, item := range items {
		val, err := n.elem.toCEL(item, path+"["+strconv.Itoa(i)+"]")
		if err != nil {
			return nil, err
		}
		vals[i] = val
	}
	// The static cost of expressions rests on the maximum, so they never see a
	// value beyond it; the field's own rules report it.
	if len(items) > n.sizeMax {
		return n.absent(path), nil
	}
	for _, v := range vals {
		if types.IsUnknown(v) {
			return v, nil
		}
	}
	return types.NewRefValList(types.DefaultTypeAdapter, vals), nil
}

// textToCEL turns the canonical text of a scalar into a value.
func (n *node) textToCEL(s, path string) (ref.Val, bool) {
	switch n.field.Kind {
	case KindText, KindChoice:
		if s == "" || len(s) > 4*maxText || !utf8.ValidString(s) {
			return nil, false
		}
		if len(s) > n.sizeMax && utf8.RuneCountInString(s) > n.sizeMax {
			return n.absent(path), true
		}
		return types.String(s), true
	case KindDecimal:
		d, ok := parseDecimal(s)
		return d, ok && d.scale == n.field.Scale
	case KindMoney:
		m, ok := parseMoney(s)
		return m, ok && m.amount.scale == n.field.Scale
	case KindDate:
		d, ok := parseDate(s)
		return d, ok
	case KindDatetime:
		t, ok := parseDatetime(s)
		return types.Timestamp{Time: t}, ok
	case KindDuration:
		d, ok := parseDuration(s)
		return types.Duration{Duration: d}, ok
	}
	return nil, false
}

// want describes the canonical form of the node's kind.
func (n *node) want() string {
	switch n.field.Kind {
	case KindText:
		return "a text that is not empty"
	case KindChoice:
		return "the name of a choice"
	case KindInteger:
		return "an integer (int64 within ±(2^53-1))"
	case KindDecimal:
		return "a decimal with " + strconv.Itoa(n.field.Scale) + " decimals, as text"
	case KindMoney:
		return "an amount with " + strconv.Itoa(n.field.Scale) + " decimals and its currency" + n.among() + ", as text"
	case KindBoolean:
		return "a boolean"
	case KindDate:
		return "a date such as 2006-01-02"
	case KindDatetime:
		return "a datetime such as 2006-01-02T15:04:05+01:00"
	case KindDuration:
		return "a duration such as 3d12h"
	case KindList:
		return "a list of at most " + strconv.Itoa(maxList) + " items"
	default:
		return "a record"
	}
}

// among names the currencies of the field, if they are few.
func (n *node) among() string {
	if c := n.field.Currencies; len(c) > 0 && len(c) <= 5 {
		return " (" + strings.Join(c, ", ") + ")"
	}
	return ""
}

// allows reports whether amounts of the field can be in a currency.
func (n *node) allows(currency string) bool {
	return len(n.field.Currencies) == 0 || slices.Contains(n.field.Currencies, currency)
}

// fromCEL turns the result of an expression into the canonical form.
func (n *node) fromCEL(v ref.Val) (any, error) {
	switch v := v.(type) {
	case types.String:
		if n.field.Kind == KindText && v == "" {
			return nil, nil // an empty text is no value
		}
		return string(v), nil
	case types.Bool:
		return bool(v), nil
	case types.Int:
		if n.field.Kind == KindDecimal {
			return decimalFromInt(int64(v)).canonical(n.field.Scale)
		}
		if v > maxInteger || v < -maxInteger {
			return nil, &ValueError{Want: n.want()}
		}
		return int64(v), nil
	case decimal:
		return v.canonical(n.field.Scale)
	case money:
		if !n.allows(v.currency) {
			return nil, &ValueError{Want: n.want()}
		}
		return v.canonical(n.field.Scale)
	case date:
		return v.String(), nil
	case types.Timestamp:
		return formatDatetime(v.Time), nil
	case types.Duration:
		if v.Duration < 0 || v.Duration%time.Second != 0 {
			return nil, &ValueError{Want: n.want()}
		}
		return formatDuration(v.Duration), nil
	}
	return nil, &ValueError{Want: n.want()}
}

// wantBound describes the bounds of the node's values.
func (n *node) wantBound() string {
	if n.field.Kind == KindMoney {
		return "an amount without currency, with at most " + strconv.Itoa(n.field.Scale) + " decimals"
	}
	return n.want()
}

// parseDatetime reads RFC 3339 with whole seconds; UTC is written "Z", and in UTC
// too the moment is in the years 1 to 9999.
func parseDatetime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	// Formatting again finds fractions, "+00:00", lower case and the like.
	if err != nil || t.Year() < 1 || formatDatetime(t) != s {
		return time.Time{}, false
	}
	// time.Parse takes an offset of 24 hours, which RFC 3339 does not have.
	if _, offset := t.Zone(); offset <= -secondsPerDay || offset >= secondsPerDay {
		return time.Time{}, false
	}
	year := t.UTC().Year()
	return pinned(t), year >= 1 && year <= 9999
}

func formatDatetime(t time.Time) string { return t.Format(time.RFC3339) }

var durationUnits = []struct {
	letter byte
	unit   time.Duration
	limit  int64
}{
	{'d', 24 * time.Hour, maxDurationDays},
	{'h', time.Hour, 23},
	{'m', time.Minute, 59},
	{'s', time.Second, 59},
}

// parseDuration reads "3d12h": units in this order, none that is zero, each
// below the next larger; "0s" for none.
func parseDuration(s string) (time.Duration, bool) {
	total := time.Duration(0)
	rest := s
	for _, u := range durationUnits {
		n, digits := int64(0), 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' && digits < 7 {
			n = n*10 + int64(rest[digits]-'0')
			digits++
		}
		if digits == 0 || digits == len(rest) || rest[digits] != u.letter {
			continue
		}
		if n > u.limit {
			return 0, false
		}
		total += time.Duration(n) * u.unit
		rest = rest[digits+1:]
	}
	// Formatting again finds leading zeros and parts that are zero.
	return total, rest == "" && total <= maxDurationDays*24*time.Hour && formatDuration(total) == s
}

func formatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b []byte
	for _, u := range durationUnits {
		if n := int64(d / u.unit); n > 0 {
			b = strconv.AppendInt(b, n, 10)
			b = append(b, u.letter)
			d %= u.unit
		}
	}
	return string(b)
}

// boundedInt parses the bound of a text or a list.
func boundedInt(s string, limit int) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && n <= limit && n <= math.MaxInt32 && strconv.Itoa(n) == s
}

// boundValue reads a bound, which is written as the field's values are; a
// decimal may have fewer decimals than the field, and bounds of money are
// decimals: they hold whatever the currency.
func (n *node) boundValue(s string) (ref.Val, bool) {
	switch n.field.Kind {
	case KindInteger:
		i, err := strconv.ParseInt(s, 10, 64)
		return types.Int(i), err == nil && i <= maxInteger && i >= -maxInteger && strconv.FormatInt(i, 10) == s
	case KindDecimal, KindMoney:
		d, ok := parseDecimal(s)
		return d, ok && d.scale <= n.field.Scale
	}
	return n.textToCEL(s, "")
}
