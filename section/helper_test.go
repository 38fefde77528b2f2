package section

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// orderFields is a schema with every kind in it but money, which has a schema
// of its own: blobs of these fields stand in testdata.
var orderFields = []Field{
	{Name: "company", Kind: Text, Max: 100},
	{Name: "country", Kind: Choice, Choices: []string{"IT", "DE", "città"}},
	{Name: "quantity", Kind: Integer},
	{Name: "total", Kind: Decimal, Scale: 2},
	{Name: "urgent", Kind: Boolean},
	{Name: "due", Kind: Date},
	{Name: "seen", Kind: Datetime},
	{Name: "warranty", Kind: Duration},
	{Name: "tags", Kind: List, Max: 5, Of: &Field{Kind: Text, Max: 10}},
	{Name: "address", Kind: Record, Fields: []Field{{Name: "street", Kind: Text}, {Name: "city", Kind: Text}}},
	{Name: "lines", Kind: List, Max: 20, Of: &Field{Kind: Record, Fields: []Field{
		{Name: "sku", Kind: Text}, {Name: "price", Kind: Decimal, Scale: 2}, {Name: "discounts", Kind: List, Of: &Field{Kind: Integer}},
	}}},
}

func orderContent() Content {
	return Content{
		"company": "Rossi S.r.l.", "country": "IT", "quantity": int64(-3), "total": "12.50", "urgent": true,
		"due": "2026-02-28", "seen": "2026-01-31T15:04:05+01:00", "warranty": "3d12h",
		"tags":    []any{"a", "b"},
		"address": map[string]any{"street": "via Roma 1", "city": "Torino"},
		"lines":   []any{map[string]any{"sku": "A-1", "price": "0.99", "discounts": []any{int64(1), int64(2)}}, map[string]any{"sku": "B-2"}},
	}
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func orderSchema(t testing.TB) *Schema { return must[*Schema](t)(NewSchema(orderFields)) }

func orderRevision() Revision {
	return Revision{Header: orderHeader(), Salt: Salt{1, 2, 3}, Content: orderContent()}
}

func orderHeader() Header {
	return Header{
		Tray: strings.Repeat("0123456789abcdef", 4), Kind: HeaderSection, Name: "order",
		Instance: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", Revision: 7,
		Author: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
	}
}

// problemsOf lists the problems of an error, written "path code".
func problemsOf(err error) []string {
	var values *ValuesError
	var schema *SchemaError
	var problems []Problem
	switch {
	case errors.As(err, &values):
		problems = values.Problems
	case errors.As(err, &schema):
		problems = schema.Problems
	case err == nil:
		return nil
	default:
		return []string{"not a list of problems: " + err.Error()}
	}
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+" "+string(p.Code))
	}
	return out
}

func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	if got := problemsOf(err); !slices.Equal(got, want) {
		t.Errorf("problems %q, want %q (%v)", got, want, err)
	}
}

func wantContradiction(t *testing.T, err error, what string) {
	t.Helper()
	var c *ContradictionError
	if !errors.As(err, &c) || !errors.Is(err, ErrContradiction) || c.What != what {
		t.Errorf("error %v, want a contradiction of %s", err, what)
	}
}

// A maker makes random schemas and contents.
type maker struct{ *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 1))} }

func (m maker) fields(depth int) []Field {
	out := make([]Field, 1+m.IntN(5))
	for i := range out {
		out[i] = m.field(depth)
		out[i].Name = fmt.Sprintf("%s_%d", string(rune('a'+m.IntN(26))), i)
	}
	return out
}

func (m maker) field(depth int) Field {
	kinds := []Kind{Text, Integer, Decimal, Money, Boolean, Date, Datetime, Duration, Choice, List, Record}
	if depth == MaxNesting {
		kinds = kinds[:9]
	}
	f := Field{Kind: kinds[m.IntN(len(kinds))]}
	switch f.Kind {
	case Text:
		f.Max = m.IntN(50)
	case Decimal:
		f.Scale = 1 + m.IntN(MaxScale)
	case Money:
		f.Scale = m.IntN(MaxScale + 1)
		f.Currencies = [][]string{nil, {"EUR"}, {"EUR", "JPY"}}[m.IntN(3)]
	case Choice:
		f.Choices = []string{"x", "y", "\"z\""}
	case List:
		f.Max = m.IntN(6)
		item := m.field(depth + 1)
		for item.Kind == List {
			item = m.field(depth + 1)
		}
		f.Of = &item
	case Record:
		f.Fields = m.fields(depth + 1)
	}
	return f
}

func (m maker) content(fields []Field) map[string]any {
	out := map[string]any{}
	for i := range fields {
		if m.IntN(4) > 0 {
			out[fields[i].Name] = m.value(&fields[i])
		}
	}
	return out
}

// value makes a canonical value; f comes from a Schema, so Max is set.
func (m maker) value(f *Field) any {
	switch f.Kind {
	case Text:
		return m.text(f.Max)
	case Integer:
		return m.Int64N(2*MaxInteger+1) - MaxInteger
	case Decimal:
		return m.decimal(f.Scale)
	case Money:
		currencies := f.Currencies
		if len(currencies) == 0 {
			currencies = []string{"EUR", "ZZZ"}
		}
		return m.decimal(f.Scale) + " " + currencies[m.IntN(len(currencies))]
	case Boolean:
		return m.IntN(2) == 0
	case Date:
		return m.date()
	case Datetime:
		zone := []string{"Z", "+01:00", "-09:30", "+23:59"}[m.IntN(4)]
		return fmt.Sprintf("%sT%02d:%02d:%02d%s", m.date(), m.IntN(24), m.IntN(60), m.IntN(60), zone)
	case Duration:
		return formatDuration(m.Int64N(MaxDays*86400 + 1))
	case Choice:
		return f.Choices[m.IntN(len(f.Choices))]
	case List:
		out := []any{}
		for range m.IntN(f.Max + 1) {
			out = append(out, m.value(f.Of))
		}
		return out
	}
	return m.content(f.Fields)
}

func (m maker) decimal(scale int) string {
	s := m.digits(1 + m.IntN(MaxDigits-scale))
	if s = strings.TrimLeft(s, "0"); s == "" {
		s = "0"
	}
	if scale > 0 {
		s += "." + m.digits(scale)
	}
	if m.IntN(2) == 0 && strings.Trim(s, "0.") != "" {
		s = "-" + s
	}
	return s
}

func (m maker) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + m.IntN(10))
	}
	return string(b)
}

func (m maker) date() string {
	return fmt.Sprintf("%04d-%02d-%02d", 2+m.IntN(9997), 1+m.IntN(12), 1+m.IntN(28))
}

func (m maker) text(limit int) string {
	alphabet := []rune("abc \"\\/<>&'\n\t\u00e0\u2028\u2029\u200f\u20ac\U0001f600\ufeff\uffff{}[]:,0")
	b := make([]rune, 1+m.IntN(limit))
	for i := range b {
		b[i] = alphabet[m.IntN(len(alphabet))]
	}
	return string(b)
}
