package tray

import (
	"bytes"
	"encoding/json"
	"math/big"
	"reflect"

	"github.com/vassoio/vassoio/section"
)

// Encode gives a section the content of a struct, through its json tags, or of
// a map: all of it, so that fields which are not there become empty. Decimals and
// money may be a *big.Rat there. It replaces all that the draft was told of
// the section.
func (d *Draft) Encode(name string, content any) {
	p, ok := d.place(name)
	if !ok {
		d.mistake(p, "", unknownSection(name))
		return
	}
	data, err := json.Marshal(content)
	if err != nil {
		d.mistake(p, "", section.Problem{Path: name, Code: section.CodeType, Detail: "what encoding/json takes is expected"})
		return
	}
	var whole map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&whole); err != nil {
		d.mistake(p, "", section.Problem{Path: name, Code: section.CodeType, Detail: "a struct or a map is expected"})
		return
	}
	if whole == nil {
		d.mistake(p, "", section.Problem{Path: name, Code: section.CodeType, Detail: "a struct or a map is expected, not nil; one without fields empties the section"})
		return
	}
	if found := fractionsOf(content); len(found) > 0 {
		found.restore(d.base.template.Schema(name).Fields(), whole)
	}
	d.forgive(p, "")
	d.plan.edits[p] = edits{{value: whole}}
}

// fractions are the *big.Rat that stand in a content and are no whole numbers, by
// the text that encoding/json makes of each, such as "5/2". No text is read as a
// number: what somebody typed is none, and may say "0x1p-10000000", which would
// take seconds.
type fractions map[string]*big.Rat

// fractionsOf finds them wherever encoding/json may have.
func fractionsOf(content any) fractions {
	w := ratWalk{make(fractions), make(map[visit]bool)}
	w.walk(reflect.ValueOf(content))
	return w.found
}

// restore puts them back where a field can take one; whether it has as many
// decimals as its field, the schema tells.
func (found fractions) restore(fields []section.Field, record map[string]any) {
	for i := range fields {
		if v, ok := record[fields[i].Name]; ok {
			record[fields[i].Name] = found.restored(&fields[i], v)
		}
	}
}

func (found fractions) restored(f *section.Field, v any) any {
	switch v := v.(type) {
	case map[string]any:
		found.restore(f.Fields, v)
	case []any:
		for i := range v {
			if f.Of != nil {
				v[i] = found.restored(f.Of, v[i])
			}
		}
	case string:
		if r := found[v]; r != nil && (f.Kind == section.Decimal || f.Kind == section.Money) {
			return r
		}
	}
	return v
}

// ratWalk goes through a Go value. It goes to each address once: a value that
// writes itself for encoding/json may be a cycle.
type ratWalk struct {
	found fractions
	seen  map[visit]bool
}

type visit struct {
	address uintptr
	length  int
	of      reflect.Type
}

func (w *ratWalk) walk(v reflect.Value) {
	if !v.IsValid() {
		return
	}
	if v.Type() == reflect.TypeFor[big.Rat]() {
		if v.CanInterface() {
			r := v.Interface().(big.Rat)
			w.rational(&r)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && w.first(v, 0) {
			w.walk(v.Elem())
		}
	case reflect.Interface:
		w.walk(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous {
				w.walk(v.Field(i))
			}
		}
	case reflect.Map:
		if w.first(v, v.Len()) {
			for it := v.MapRange(); it.Next(); {
				w.walk(it.Value())
			}
		}
	case reflect.Slice:
		if w.first(v, v.Len()) {
			w.items(v)
		}
	case reflect.Array:
		w.items(v)
	}
}

func (w *ratWalk) items(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return
	}
	for i := range v.Len() {
		w.walk(v.Index(i))
	}
}

func (w *ratWalk) first(v reflect.Value, length int) bool {
	at := visit{v.Pointer(), length, v.Type()}
	if w.seen[at] {
		return false
	}
	w.seen[at] = true
	return true
}

func (w *ratWalk) rational(r *big.Rat) {
	if !r.IsInt() {
		w.found[r.String()] = new(big.Rat).Set(r) // the draft's own
	}
}
