package tray

import (
	"math/big"
	"strings"
	"time"

	"github.com/vassoio/vassoio/section"
)

// The getters of a [View] name a field by section and path, as in
// "products.lines[0].price", and mean the viewer's own instance where the section
// is per a role: for others' see [View.SectionOf]. They give what those of the
// [SectionView] give; nothing, too, where the path is misspelt.

// Has reports whether a path leads to a field that the template declares, filled
// in or not: by it a test finds a path that is misspelt.
func (v *View) Has(path string) bool {
	name, rest, _ := strings.Cut(path, ".")
	p, err := section.ParsePath(rest)
	if err != nil || v.State.template.Section(name) == nil {
		return false
	}
	_, ok := v.State.template.Schema(name).Field(p)
	return ok
}

// at finds the section that a path begins with, and what is left of the path.
func (v *View) at(path string) (x *SectionView, rest string) {
	name, rest, _ := strings.Cut(path, ".")
	return v.Section(name), rest
}

// Text gives the text form of a field that is no list and no record, and "" if
// it is empty, cannot be read or is not there.
func (v *View) Text(path string) string {
	x, rest := v.at(path)
	return x.Text(rest)
}

// Integer gives the value of an integer field.
func (v *View) Integer(path string) (value int64, ok bool) {
	x, rest := v.at(path)
	return x.Integer(rest)
}

// Boolean gives the value of a boolean field.
func (v *View) Boolean(path string) (value, ok bool) {
	x, rest := v.at(path)
	return x.Boolean(rest)
}

// List gives the items of a list field.
func (v *View) List(path string) (items []any, ok bool) {
	x, rest := v.at(path)
	return x.List(rest)
}

// Decimal gives the value of a decimal field, exactly.
func (v *View) Decimal(path string) (value *big.Rat, ok bool) {
	x, rest := v.at(path)
	return x.Decimal(rest)
}

// Money gives the amount of a money field, exactly, and its currency, such as
// "EUR".
func (v *View) Money(path string) (amount *big.Rat, currency string, ok bool) {
	x, rest := v.at(path)
	return x.Money(rest)
}

// Date gives the value of a date field, at midnight UTC.
func (v *View) Date(path string) (day time.Time, ok bool) {
	x, rest := v.at(path)
	return x.Date(rest)
}

// Datetime gives the value of a datetime field, in the zone that it was given.
func (v *View) Datetime(path string) (at time.Time, ok bool) {
	x, rest := v.at(path)
	return x.Datetime(rest)
}

// Duration gives the value of a duration field; its days have 24 hours.
func (v *View) Duration(path string) (value time.Duration, ok bool) {
	x, rest := v.at(path)
	return x.Duration(rest)
}
