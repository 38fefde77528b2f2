package rules

import (
	"sort"
	"strconv"
	"strings"
)

// A Definition is everything that [Compile] needs: typed sections whose fields
// carry their own rules, the public facts, the rules over sections, and
// further conditions that the caller registers.
//
// The JSON form of these structs is part of the canonical JSON of a template:
// members stand in the order of the struct, and what is empty is left out. A
// member is never renamed or given another meaning.
type Definition struct {
	Sections   []Section   `json:"sections,omitempty"`
	Facts      []Fact      `json:"facts,omitempty"`
	Rules      []Rule      `json:"rules,omitempty"`
	Conditions []Condition `json:"conditions,omitempty"`
	// Holidays are the dates ("2026-12-25") that are no working days, besides
	// Saturdays and Sundays. They stand in the template because a table that is
	// updated elsewhere would let two readers disagree about one log.
	Holidays []string `json:"holidays,omitempty"`
	// Functions and Formats are the application's own. A condition that needs
	// one cannot be replayed by others: its Info says so.
	Functions []Function `json:"functions,omitempty"`
	Formats   []Format   `json:"formats,omitempty"`
}

// A Section is a named group of fields, the unit of opacity: an evaluator
// reads all of it or nothing.
type Section struct {
	Name   string  `json:"name"`
	Title  Text    `json:"title,omitempty"`
	Fields []Field `json:"fields,omitempty"`
	// Instances is how many contents of the section there can be, over each of which
	// its conditions are evaluated: what they cost together is bounded. None counts
	// as one.
	Instances int       `json:"instances,omitempty"`
	Pos       Positions `json:"-"`
}

// A Field is one typed value of a section or of a record, with its rules. The
// element of a list is a Field without a name.
type Field struct {
	Name  string `json:"name,omitempty"`
	Kind  Kind   `json:"type"`
	Title Text   `json:"title,omitempty"`
	Help  Text   `json:"help,omitempty"`

	// Required demands a value always, RequiredIf where the expression holds.
	// Neither demands anything of a field that its When hides.
	Required   bool   `json:"required,omitempty"`
	RequiredIf string `json:"required_if,omitempty"`
	// When says where the field applies. Elsewhere it must be absent.
	When string `json:"when,omitempty"`
	// Compute gives the value, from fields of the same section alone.
	Compute string `json:"compute,omitempty"`
	// Check must hold for a value that is there; "this" is the value.
	Check       string `json:"check,omitempty"`
	Message     Text   `json:"message,omitempty"`            // said where Check fails
	MessageExpr string `json:"message_expression,omitempty"` // the same as an expression of type text; it may read "lang"
	Severity    string `json:"severity,omitempty"`           // of Check: SeverityError (or empty), SeverityWarning

	// Format names a check of the text: bic, country, currency, email, hostname,
	// iban, ip, ip_prefix, pec, phone (E.164), postal_code_it, sdi, semver,
	// tax_code_it, uri, uri_ref, uuid, vat_eu or vat_it; or one of the
	// definition's Formats. In expressions the same checks, but those of the
	// Formats, are isBic(), isCountry() and so on, of texts.
	Format string `json:"format,omitempty"`
	// Min and Max are bounds, both included, written as values of the field
	// are; for a text they count code points, for a list items, and of money they
	// bound the amount, whatever the currency. A compiled definition has a Max
	// for every text and every list: see [Set.Definition].
	Min string `json:"min,omitempty"`
	Max string `json:"max,omitempty"`
	// Scale is the number of decimals of a decimal or of money. It has no other
	// default than none: what a currency has stands in a table that is revised.
	Scale int `json:"scale,omitempty"`
	// Currencies are the codes that money can be in; any three capital letters
	// if there are none. The definition decides, not ISO 4217 of some year.
	Currencies []string `json:"currencies,omitempty"`
	Choices    []Choice `json:"choices,omitempty"`
	Of         *Field   `json:"of,omitempty"`     // the element of a list: any kind but a list
	Fields     []Field  `json:"fields,omitempty"` // of a record

	Pos Positions `json:"-"`
}

// A Kind is the type of a field. The Go values are those of the canonical
// form; an absent value is a missing key, never nil or "".
type Kind string

const (
	KindText     Kind = "text"     // string, not empty
	KindInteger  Kind = "integer"  // int64 within ±(2^53-1), which every JSON reader holds exactly
	KindDecimal  Kind = "decimal"  // string with exactly Scale decimals: "12.50"
	KindMoney    Kind = "money"    // string, an amount with exactly Scale decimals and its currency: "12.50 EUR"
	KindBoolean  Kind = "boolean"  // bool
	KindDate     Kind = "date"     // string "2006-01-02"
	KindDatetime Kind = "datetime" // string, RFC 3339 with whole seconds and an offset
	KindDuration Kind = "duration" // string such as "3d12h"; "0s" for none
	KindChoice   Kind = "choice"   // string, the name of one of Choices
	KindList     Kind = "list"     // []any
	KindRecord   Kind = "record"   // map[string]any
)

// A Choice is one value of a choice field; When, an expression like a field's,
// says where it is offered.
type Choice struct {
	Name  string    `json:"name"`
	Title Text      `json:"title,omitempty"`
	When  string    `json:"when,omitempty"`
	Pos   Positions `json:"-"`
}

// A Rule must hold over one section or several. A rule that reads one section,
// and neither facts nor old, and has no At, belongs to the condition
// "valid.<section>"; any other is a condition of its own, "rule.<id>".
type Rule struct {
	ID   string `json:"id"`
	Expr string `json:"rule"`
	// Message is shown to people where the rule fails. MessageExpr, an
	// expression of type text, replaces it where it can be evaluated; it may
	// read "lang": of the tags that are in it as texts, or that Message has, the
	// nearest to the language that is asked for, as in [Text.In].
	Message     Text      `json:"message,omitempty"`
	MessageExpr string    `json:"message_expression,omitempty"`
	Field       string    `json:"field,omitempty"`    // path that the violation points to: "products.total"
	Reason      string    `json:"reason,omitempty"`   // code for programs; empty: ReasonRule
	Severity    string    `json:"severity,omitempty"` // SeverityError (or empty), SeverityWarning
	At          []string  `json:"at,omitempty"`       // events at which the rule is due; the caller interprets them
	Pos         Positions `json:"-"`
}

// A Condition is a further boolean expression that the caller wants evaluated,
// such as a guard or "is this signature required". Its ID has the form of
// names joined by dots, and does not begin with "valid.", "change." or "rule.".
type Condition struct {
	ID   string    `json:"id"`
	Expr string    `json:"expression"`
	Pos  Positions `json:"-"`
}

// A Fact is a public value that every evaluator has, such as the state or the
// time of the entry. It is a variable in expressions.
type Fact struct {
	Name string    `json:"name"`
	Type Field     `json:"type"`
	Pos  Positions `json:"-"`
}

// Severities. A warning is listed and never makes a verdict fail.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
)

// Text is a text in several languages, by language tag (BCP 47).
type Text map[string]string

// In returns the text in a language, or the nearest that there is: the tag
// itself, its base language ("it" for "it-CH"), English, then the first tag in
// alphabetical order. What is no tag, or one of more than 35 bytes, is taken for
// English. An empty Text gives "".
func (t Text) In(lang string) string {
	for _, tag := range nearest(lang) {
		if s, ok := t[tag]; ok {
			return s
		}
	}
	tags := t.languages()
	if len(tags) == 0 {
		return ""
	}
	return t[tags[0]]
}

// nearest are the tags that do for a language, the best first. What is no tag is
// taken for English: whoever asks may pass on what a stranger's browser says, and
// expressions read it.
func nearest(lang string) [3]string {
	if !isTag(lang) {
		lang = "en"
	}
	base, _, _ := strings.Cut(lang, "-")
	return [3]string{lang, base, "en"}
}

// isTag reports a text that can be a tag of BCP 47, or none is asked for.
func isTag(lang string) bool {
	return len(lang) <= maxLang && !strings.ContainsFunc(lang, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	})
}

func (t Text) languages() []string {
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	sort.Strings(tags)
	return tags
}

// A Position is a place in a template file, for diagnostics. Lines and columns
// count from 1, columns in code points. The zero Position is that of a
// definition written in Go.
type Position struct {
	File   string
	Line   int
	Column int
}

// String formats the position as "file:line:column", as compilers do.
func (p Position) String() string {
	s := p.File
	if p.Line > 0 {
		if s != "" {
			s += ":"
		}
		s += strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
	}
	return s
}

// Positions are the places of one definition: under "" that of the definition
// itself, under a member's JSON name ("when", "check", "type") that of the
// member's value. For an expression it is the place of the first character of
// its first line; the lines after it are taken to begin at the same column, as
// in a YAML block scalar.
type Positions map[string]Position

// of returns the place of a member, or the nearest known.
func (p Positions) of(member string) Position {
	if at, ok := p[member]; ok {
		return at
	}
	return p[""]
}
