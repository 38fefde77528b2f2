package section

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the type of a field's values.
type Kind string

// The kinds of fields, each with the canonical Go form of its values and how
// the one encoding writes them.
const (
	Text     Kind = "text"     // string, no control characters but \n and \t; JSON string
	Integer  Kind = "integer"  // int64, at most MaxInteger in size; JSON number
	Decimal  Kind = "decimal"  // string with exactly Scale decimals, "-12.50"; JSON string
	Money    Kind = "money"    // string, an amount with exactly Scale decimals and its currency, "-12.50 EUR"; JSON string
	Boolean  Kind = "boolean"  // bool; true or false
	Date     Kind = "date"     // string "2006-01-02", years 0001 to 9999; JSON string
	Datetime Kind = "datetime" // string, RFC 3339, whole seconds, "Z" for UTC; JSON string
	Duration Kind = "duration" // string "3d12h", units d h m s, "0s"; JSON string
	Choice   Kind = "choice"   // string, one of Choices; JSON string
	List     Kind = "list"     // []any, each item of the kind of Of; JSON array
	Record   Kind = "record"   // map[string]any, absent fields missing; JSON object in declared order
)

// A Field declares one field: of a section, of a record, or, without a name,
// the items of a list.
type Field struct {
	Name    string
	Kind    Kind
	Max     int      // text: code points; list: items; 0 is DefaultText or DefaultItems
	Scale   int      // decimal: digits after the point, 1 to MaxScale; money: 0 to MaxScale
	Choices []string // choice: its values
	Of      *Field   // list: its items, a record or a scalar
	Fields  []Field  // record: its fields, in order

	// Currencies are the codes that money can be in; any three capital letters
	// if there are none. There is no table of currencies here: those in use
	// change, and what was written stays valid.
	Currencies []string
}

// A Schema is the checked declaration of a section's fields. It never changes
// and is safe for concurrent use.
type Schema struct{ fields []Field }

// NewSchema checks fields and copies them. The error is a *[SchemaError] that
// lists every mistake: names that are not [a-z][a-z0-9_]*, names declared
// twice, a decimal without scale, a choice without choices, a list without
// items, a record without fields, members that the kind does not take, and
// whatever lies beyond the limits.
func NewSchema(fields []Field) (*Schema, error) {
	b := &schemaBuilder{}
	s := &Schema{fields: b.fields("", fields, 0)}
	if b.count > MaxFields {
		b.add("", CodeLimit, fmt.Sprintf("at most %d fields, those inside lists and records included", MaxFields))
	}
	if len(b.problems) > 0 {
		return nil, &SchemaError{b.problems}
	}
	return s, nil
}

// Fields returns a copy of the declared fields, with default maxima filled in.
func (s *Schema) Fields() []Field { return cloneFields(s.fields) }

func cloneFields(fields []Field) []Field {
	out := slices.Clone(fields)
	for i := range out {
		out[i].Choices = slices.Clone(out[i].Choices)
		out[i].Currencies = slices.Clone(out[i].Currencies)
		out[i].Fields = cloneFields(out[i].Fields)
		if out[i].Of != nil {
			out[i].Of = &cloneFields([]Field{*out[i].Of})[0]
		}
	}
	return out
}

type schemaBuilder struct {
	report
	count int
}

// fields checks and copies the fields of a section or record; depth counts
// the lists and records around them.
func (b *schemaBuilder) fields(path string, fields []Field, depth int) []Field {
	if len(fields) == 0 {
		b.add(path, CodeMissing, "at least one field")
	}
	out := make([]Field, 0, min(len(fields), MaxFields))
	seen := make(map[string]bool)
	for i, f := range fields {
		if b.count++; b.count > MaxFields || b.full() {
			break // NewSchema reports it, once
		}
		at := join(path, f.Name)
		if !isID(f.Name) {
			at = join(path, "#"+strconv.Itoa(i)) // a bad name is not repeated
			b.add(at, CodeName, "a name is [a-z][a-z0-9_]*, at most "+strconv.Itoa(MaxName)+" characters")
		} else if seen[f.Name] {
			b.add(at, CodeDuplicate, "the name is declared twice")
		}
		seen[f.Name] = true
		out = append(out, b.field(at, f, depth))
	}
	return out
}

func (b *schemaBuilder) field(path string, f Field, depth int) Field {
	switch f.Kind {
	case Text, Integer, Decimal, Money, Boolean, Date, Datetime, Duration, Choice:
	case List, Record:
		if depth++; depth > MaxNesting {
			b.add(path, CodeLimit, fmt.Sprintf("at most %d lists and records inside each other", MaxNesting))
			return f
		}
	default:
		b.add(path, CodeType, "an unknown kind of field")
		return f
	}
	b.max(path, &f)
	switch {
	case f.Kind != Decimal && f.Kind != Money && f.Scale != 0:
		b.add(path, CodeMisplaced, "scale is for decimals and money")
	case f.Kind == Decimal && (f.Scale < 1 || f.Scale > MaxScale):
		b.add(path, CodeMissing, fmt.Sprintf("a decimal needs a scale of 1 to %d", MaxScale))
	case f.Scale < 0 || f.Scale > MaxScale:
		b.add(path, CodeLimit, fmt.Sprintf("money has a scale of 0 to %d", MaxScale))
	}
	switch {
	case f.Kind != Money && len(f.Currencies) > 0:
		b.add(path, CodeMisplaced, "currencies are for money")
	case f.Kind == Money:
		f.Currencies = b.currencies(path, f.Currencies)
	}
	switch {
	case f.Kind != Choice && len(f.Choices) > 0:
		b.add(path, CodeMisplaced, "choices are for kind choice")
	case f.Kind == Choice:
		f.Choices = b.choices(path, f.Choices)
	}
	switch {
	case f.Kind != List && f.Of != nil:
		b.add(path, CodeMisplaced, "of is for lists")
	case f.Kind == List && f.Of == nil:
		b.add(path, CodeMissing, "a list needs the kind of its items")
	case f.Kind == List:
		item := *f.Of
		at := path + "[]"
		if item.Name != "" {
			b.add(at, CodeMisplaced, "the items of a list have no name")
		}
		if item.Kind == List {
			b.add(at, CodeMisplaced, "the items of a list are scalars or records")
			break
		}
		item = b.field(at, item, depth)
		f.Of = &item
	}
	switch {
	case f.Kind != Record && len(f.Fields) > 0:
		b.add(path, CodeMisplaced, "fields are for records")
	case f.Kind == Record:
		f.Fields = b.fields(path, f.Fields, depth)
	}
	return f
}

func (b *schemaBuilder) max(path string, f *Field) {
	var standard, hard int
	switch f.Kind {
	case Text:
		standard, hard = DefaultText, MaxText
	case List:
		standard, hard = DefaultItems, MaxItems
	default:
		if f.Max != 0 {
			b.add(path, CodeMisplaced, "max is for texts and lists")
		}
		return
	}
	if f.Max == 0 {
		f.Max = standard
	}
	if f.Max < 0 || f.Max > hard {
		b.add(path, CodeLimit, fmt.Sprintf("max is 1 to %d", hard))
	}
}

func (b *schemaBuilder) choices(path string, choices []string) []string {
	if len(choices) == 0 {
		b.add(path, CodeMissing, "a choice needs choices")
	}
	if len(choices) > MaxChoices {
		b.add(path, CodeLimit, fmt.Sprintf("at most %d choices", MaxChoices))
		return nil
	}
	seen := make(map[string]bool)
	for i, c := range choices {
		at := fmt.Sprintf("%s#%d", path, i)
		switch {
		case c == "" || !cleanText(c):
			b.add(at, CodeForm, "a choice is UTF-8 text without control characters")
		case utf8.RuneCountInString(c) > MaxChoiceName:
			b.add(at, CodeLimit, fmt.Sprintf("a choice has at most %d characters", MaxChoiceName))
		case seen[c]:
			b.add(at, CodeDuplicate, "the choice is declared twice")
		}
		seen[c] = true
	}
	return slices.Clone(choices)
}

func (b *schemaBuilder) currencies(path string, codes []string) []string {
	if len(codes) > MaxCurrencies {
		b.add(path, CodeLimit, fmt.Sprintf("at most %d currencies", MaxCurrencies))
		return nil
	}
	seen := make(map[string]bool)
	for i, code := range codes {
		at := fmt.Sprintf("%s#%d", path, i)
		switch {
		case !isCurrency(code):
			b.add(at, CodeForm, "a currency is three capital letters, such as EUR")
		case seen[code]:
			b.add(at, CodeDuplicate, "the currency is declared twice")
		}
		seen[code] = true
	}
	return slices.Clone(codes)
}

// isID says whether s is a name of this format: [a-z][a-z0-9_]*.
func isID(s string) bool {
	if s == "" || len(s) > MaxName || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// isToken says whether s can be an id that programs make: 1 to MaxName of
// the base64url alphabet.
func isToken(s string) bool {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return s != "" && len(s) <= MaxName && strings.Trim(s, alphabet) == ""
}

// lookup finds a field by its name, or nil.
func lookup(fields []Field, name string) *Field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
