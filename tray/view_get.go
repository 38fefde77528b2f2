package tray

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/vassoio/vassoio/section"
)

// The typed getters of a [View]. ok is false if the field is empty, cannot be
// read, is of another kind, or is no field at all, as where its path is
// misspelt. [View.Has] tells whether there is such a field, and the Status of
// [View.Section] whether it can be read.

// Has reports whether a path leads to a field that the template declares, filled
// in or not: by it a test finds a path that is misspelt.
func (v *View) Has(path string) bool {
	_, ok := v.field(path)
	return ok
}

// field finds the declaration of a field.
func (v *View) field(path string) (section.Field, bool) {
	name, rest, _ := strings.Cut(path, ".")
	p, err := section.ParsePath(rest)
	if err != nil || v.State.template.Section(name) == nil {
		return section.Field{}, false
	}
	return v.State.template.Schema(name).Field(p)
}

// Text gives the text form of a field that is no list and no record, and "" if
// it is empty, cannot be read or is not there.
func (v *View) Text(path string) string {
	switch value, _ := v.Get(path); value := value.(type) {
	case string:
		return value
	case int64, bool:
		return fmt.Sprint(value)
	}
	return ""
}

// Integer gives the value of an integer field.
func (v *View) Integer(path string) (value int64, ok bool) { return get[int64](v, path) }

// Boolean gives the value of a boolean field.
func (v *View) Boolean(path string) (value, ok bool) { return get[bool](v, path) }

// List gives the items of a list field. They are shared: do not modify them.
func (v *View) List(path string) (items []any, ok bool) { return get[[]any](v, path) }

// Decimal gives the value of a decimal field, exactly.
func (v *View) Decimal(path string) (value *big.Rat, ok bool) {
	text, ok := v.scalar(path, section.Decimal)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// Money gives the amount of a money field, exactly, and its currency, such as
// "EUR".
func (v *View) Money(path string) (amount *big.Rat, currency string, ok bool) {
	text, ok := v.scalar(path, section.Money)
	if !ok {
		return nil, "", false
	}
	number, currency, _ := strings.Cut(text, " ")
	amount, ok = new(big.Rat).SetString(number)
	return amount, currency, ok
}

// Date gives the value of a date field, at midnight UTC.
func (v *View) Date(path string) (day time.Time, ok bool) {
	return v.time(path, section.Date, time.DateOnly)
}

// Datetime gives the value of a datetime field, in the zone that it was given.
func (v *View) Datetime(path string) (at time.Time, ok bool) {
	return v.time(path, section.Datetime, time.RFC3339)
}

func (v *View) time(path string, kind section.Kind, layout string) (time.Time, bool) {
	text, _ := v.scalar(path, kind)
	t, err := time.Parse(layout, text)
	return t, err == nil
}

// scalar gives the text of a field of a kind. A text that reads like a number
// is none.
func (v *View) scalar(path string, kind section.Kind) (string, bool) {
	if f, ok := v.field(path); !ok || f.Kind != kind {
		return "", false
	}
	return get[string](v, path)
}

func get[T any](v *View, path string) (T, bool) {
	value, _ := v.Get(path)
	t, ok := value.(T)
	return t, ok
}
