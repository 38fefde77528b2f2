package rules

import (
	"errors"
	"hash/fnv"
	"io"
	"reflect"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

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

// unknown is the value of what is not there, by the trail that tells what it is.
// Each trail has an id of its own: of two under one id, the engine appends that of
// one unknown to the list of another, which others may share.
func unknown(trail string) *types.Unknown {
	h := fnv.New64a()
	io.WriteString(h, trail)
	return types.NewUnknown(int64(h.Sum64()), types.NewAttributeTrail(trail))
}

// absentPrefix marks the trail of an absent field among the unknown's trails.
const absentPrefix = "?"

func absent(path string) *types.Unknown { return unknown(absentPrefix + path) }

// hidden is the value of a section, now or before, that cannot be read, and of
// all that is in it. The content itself is not among what expressions meet.
func hidden(variable string) *types.Unknown { return unknown(variable) }

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
	i, wrong := r.number(index)
	if wrong != nil {
		return wrong
	}
	if v := r.val(i); v != nil {
		return v
	}
	return r.absent(i)
}

// number finds a field by its name, or says why there is none.
func (r *record) number(name ref.Val) (i int, wrong ref.Val) {
	text, ok := name.(types.String)
	if !ok {
		return 0, types.MaybeNoSuchOverloadErr(name)
	}
	if i, ok = r.typ.index[string(text)]; !ok {
		return 0, celError(errNoField)
	}
	return i, nil
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
	i, wrong := r.number(field)
	if wrong != nil {
		return wrong
	}
	return types.Bool(r.val(i) != nil)
}

// Equal implements ref.Val: records are equal when they have the same fields
// with equal values. No operand has something unknown in it: see askWhole.
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
