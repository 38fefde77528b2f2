package tray

import (
	"fmt"
	"math/big"
	"time"
)

// The typed getters of a [View]. ok is false if the field is empty, cannot be
// read, or is of another kind; [View.Section] tells which.

// Text gives the text form of a field that is no list and no record, and "" if
// it is empty or cannot be read.
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
	text, ok := get[string](v, path)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// Date gives the value of a date field, at midnight UTC.
func (v *View) Date(path string) (day time.Time, ok bool) { return v.time(path, time.DateOnly) }

// Datetime gives the value of a datetime field, in the zone that it was given.
func (v *View) Datetime(path string) (at time.Time, ok bool) { return v.time(path, time.RFC3339) }

func (v *View) time(path, layout string) (time.Time, bool) {
	text, _ := get[string](v, path)
	t, err := time.Parse(layout, text)
	return t, err == nil
}

func get[T any](v *View, path string) (T, bool) {
	value, _ := v.Get(path)
	t, ok := value.(T)
	return t, ok
}
