package rules

import (
	"errors"
	"math"
	"reflect"
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

// A record is the content of a section or of a record field as a value of the
// expression language. A field that is absent is an unknown, so that
// expressions over it are neither true nor false, and name it.
type record struct {
	typ  *recordType
	path string // dynamic: "products.lines[3]"
	raw  map[string]any

	// The values by index of the field: dense, with nil where one is absent, or
	// sparse. Thousands of items can have thousands of fields, and hardly a value:
	// what is absent takes no memory there.
	dense  []ref.Val
	sparse map[int]ref.Val
}

// newRecord makes a record of a content. What it has in common with the record
// before, if there is one, it takes from there.
func newRecord(t *recordType, path string, content map[string]any, before *record) (*record, error) {
	const few, often = 16, 8
	r := &record{typ: t, path: path, raw: content}
	known := 0
	switch {
	case len(content) == 0:
		return r, nil
	case len(t.fields) <= few+often*len(content):
		r.dense = make([]ref.Val, len(t.fields))
		for i, f := range t.fields {
			if v, ok := content[f.field.Name]; ok {
				known++
				if err := r.take(i, v, before); err != nil {
					return nil, err
				}
			}
		}
	default:
		for _, name := range sortedKeys(content) { // the first that is wrong is the same each time
			if i, ok := t.index[name]; ok {
				known++
				if err := r.take(i, content[name], before); err != nil {
					return nil, err
				}
			}
		}
	}
	if known != len(content) {
		return nil, &ValueError{Path: path, Want: "declared fields only"}
	}
	return r, nil
}

// take converts the value of a field, or takes it from the record before.
func (r *record) take(i int, v any, before *record) error {
	if before != nil {
		if was := before.val(i); same(v, was) {
			r.set(i, was)
			return nil
		}
	}
	f := r.typ.fields[i]
	at := f.path
	if r.path != r.typ.name {
		at = r.path + "." + f.field.Name
	}
	val, err := f.toCEL(v, at)
	if err == nil {
		r.set(i, val)
	}
	return err
}

// same reports whether a value is the one that was converted before, where this
// takes no longer than the conversion.
func same(v any, before ref.Val) bool {
	switch before := before.(type) {
	case types.String:
		s, ok := v.(string)
		return ok && s == string(before)
	case types.Int:
		n, ok := v.(int64)
		return ok && n == int64(before)
	case types.Bool:
		b, ok := v.(bool)
		return ok && b == bool(before)
	}
	return false
}

// val is the value of a field; nil where it is absent.
func (r *record) val(i int) ref.Val {
	if r.dense != nil {
		return r.dense[i]
	}
	return r.sparse[i]
}

// set changes the value of a field; nil makes it absent.
func (r *record) set(i int, v ref.Val) {
	switch {
	case r.dense != nil:
		r.dense[i] = v
	case v == nil:
		delete(r.sparse, i)
	default:
		if r.sparse == nil {
			r.sparse = make(map[int]ref.Val)
		}
		r.sparse[i] = v
	}
}

// absentPrefix marks the trail of an absent field among the unknown's trails.
const absentPrefix = "?"

func absent(path string) *types.Unknown {
	return types.NewUnknown(0, types.NewAttributeTrail(absentPrefix+path))
}

// absent is the value of the node where it has none, in content at a path. It is
// the same for all items of a list: an expression that meets thousands which
// lack the field makes none of it, and names it once.
func (n *node) absent(path string) *types.Unknown {
	if strings.HasPrefix(path, "old.") {
		return n.lackingOld
	}
	return n.lacking
}

// FindStringKey finds the value of a field; the engine asks here first.
func (r *record) FindStringKey(name string) (any, bool) {
	if i, ok := r.typ.index[name]; ok {
		if v := r.val(i); v != nil {
			return v, true
		}
	}
	return nil, false
}

// Get implements traits.Indexer. An absent record reads as one without fields,
// so that has(customer.address.city) needs no has(customer.address).
func (r *record) Get(index ref.Val) ref.Val {
	name, ok := index.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(index)
	}
	i, ok := r.typ.index[string(name)]
	if !ok {
		return celError(errNoField)
	}
	if v := r.val(i); v != nil {
		return v
	}
	return r.absent(i)
}

// absent is the value of a field that is not there.
func (r *record) absent(i int) ref.Val {
	f := r.typ.fields[i]
	if f.field.Kind == KindRecord {
		return &record{typ: f.rec, path: r.path + "." + f.field.Name}
	}
	return f.absent(r.path)
}

var (
	errNoField  = errors.New("record has no such field")
	errNoNative = errors.New("record has no native form")
)

// IsSet implements traits.FieldTester: has(x).
func (r *record) IsSet(field ref.Val) ref.Val {
	name, ok := field.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(field)
	}
	i, ok := r.typ.index[string(name)]
	if !ok {
		return celError(errNoField)
	}
	return types.Bool(r.val(i) != nil)
}

// Equal implements ref.Val: records are equal when they have the same fields
// with equal values.
func (r *record) Equal(other ref.Val) ref.Val {
	o, ok := other.(*record)
	if !ok || o.typ.name != r.typ.name {
		return types.False
	}
	for i := range r.typ.fields {
		v, w := r.val(i), o.val(i)
		if v == nil || w == nil {
			if v != nil || w != nil {
				return types.False
			}
			continue
		}
		// Texts beyond their maximum are unknown, and make the whole so.
		if types.IsUnknown(v) {
			return v
		}
		if types.IsUnknown(w) {
			return w
		}
		if eq := v.Equal(w); eq != types.True {
			return eq
		}
	}
	return types.True
}

// ConvertToNative implements ref.Val.
func (r *record) ConvertToNative(reflect.Type) (any, error) { return nil, errNoNative }

// ConvertToType implements ref.Val.
func (r *record) ConvertToType(t ref.Type) ref.Val {
	if t == types.TypeType {
		return r.typ.typ
	}
	return types.NewErr("record cannot become %s", t.TypeName())
}

// Type implements ref.Val.
func (r *record) Type() ref.Type { return r.typ.typ }

// Value implements ref.Val.
func (r *record) Value() any { return r.raw }

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
	return t, year >= 1 && year <= 9999
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
	return total, rest == "" && formatDuration(total) == s
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
