package tray

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/vassoio/vassoio/section"
)

// The typed getters of a [SectionView] take the path of a field in the section,
// as in "lines[0].price". ok is false if the field is empty, cannot be read, is of
// another kind, or is no field at all: [View.Has] tells whether there is such a
// field, and Status whether it can be read.

// Text gives the text form of a field that is no list and no record, and "" if
// it is empty or cannot be read.
func (x *SectionView) Text(path string) string {
	switch value, _ := x.Get(path); value := value.(type) {
	case string:
		return value
	case int64, bool:
		return fmt.Sprint(value)
	}
	return ""
}

// Integer gives the value of an integer field.
func (x *SectionView) Integer(path string) (value int64, ok bool) { return get[int64](x, path) }

// Boolean gives the value of a boolean field.
func (x *SectionView) Boolean(path string) (value, ok bool) { return get[bool](x, path) }

// List gives the items of a list field.
func (x *SectionView) List(path string) (items []any, ok bool) { return get[[]any](x, path) }

// Decimal gives the value of a decimal field, exactly.
func (x *SectionView) Decimal(path string) (value *big.Rat, ok bool) {
	text, ok := x.scalar(path, section.Decimal)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// Money gives the amount of a money field, exactly, and its currency, such as
// "EUR".
func (x *SectionView) Money(path string) (amount *big.Rat, currency string, ok bool) {
	text, ok := x.scalar(path, section.Money)
	if !ok {
		return nil, "", false
	}
	number, currency, _ := strings.Cut(text, " ")
	amount, ok = new(big.Rat).SetString(number)
	return amount, currency, ok
}

// Date gives the value of a date field, at midnight UTC.
func (x *SectionView) Date(path string) (day time.Time, ok bool) {
	return x.time(path, section.Date, time.DateOnly)
}

// Datetime gives the value of a datetime field, in the zone that it was given.
func (x *SectionView) Datetime(path string) (at time.Time, ok bool) {
	return x.time(path, section.Datetime, time.RFC3339)
}

// Duration gives the value of a duration field; its days have 24 hours.
func (x *SectionView) Duration(path string) (value time.Duration, ok bool) {
	text, ok := x.scalar(path, section.Duration)
	if days, rest, found := strings.Cut(text, "d"); ok && found {
		// package time knows no days
		n, err := time.ParseDuration(days + "h")
		if err != nil {
			return 0, false
		}
		value, text = 24*n, "0s"+rest
	}
	more, err := time.ParseDuration(text)
	return value + more, ok && err == nil
}

func (x *SectionView) time(path string, kind section.Kind, layout string) (time.Time, bool) {
	text, _ := x.scalar(path, kind)
	t, err := time.Parse(layout, text)
	return t, err == nil
}

// scalar gives the text of a field of a kind. A text that reads like a number
// is none.
func (x *SectionView) scalar(path string, kind section.Kind) (string, bool) {
	p, err := section.ParsePath(path)
	if err != nil {
		return "", false
	}
	if f, ok := x.schema.Field(p); !ok || f.Kind != kind {
		return "", false
	}
	return get[string](x, path)
}

func get[T any](x *SectionView, path string) (T, bool) {
	value, _ := x.Get(path)
	t, ok := value.(T)
	return t, ok
}
