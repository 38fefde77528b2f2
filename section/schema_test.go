package section

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestNewSchemaRefuses(t *testing.T) {
	text := Field{Name: "a", Kind: Text}
	tests := []struct {
		name   string
		fields []Field
		want   []string
	}{
		{"none", nil, []string{" missing"}},
		{"no name", []Field{{Kind: Text}}, []string{"#0 name"}},
		{"capital", []Field{{Name: "Company", Kind: Text}}, []string{"#0 name"}},
		{"digit first", []Field{{Name: "1a", Kind: Text}}, []string{"#0 name"}},
		{"hyphen", []Field{text, {Name: "a-b", Kind: Text}}, []string{"#1 name"}},
		{"not ASCII", []Field{{Name: "città", Kind: Text}}, []string{"#0 name"}},
		{"twice", []Field{text, text}, []string{"a duplicate"}},
		{"no kind", []Field{{Name: "a"}}, []string{"a type"}},
		{"unknown kind", []Field{{Name: "a", Kind: "float"}}, []string{"a type"}},
		{"no scale", []Field{{Name: "a", Kind: Decimal}}, []string{"a missing"}},
		{"negative scale", []Field{{Name: "a", Kind: Decimal, Scale: -1}}, []string{"a missing"}},
		{"scale of a text", []Field{{Name: "a", Kind: Text, Scale: 2}}, []string{"a misplaced"}},
		{"negative scale of money", []Field{{Name: "a", Kind: Money, Scale: -1}}, []string{"a limit"}},
		{"currency in small letters", []Field{{Name: "a", Kind: Money, Currencies: []string{"EUR", "chf"}}}, []string{"a#1 form"}},
		{"currencies of no form", []Field{{Name: "a", Kind: Money, Currencies: []string{"", "EU", "EURO", "EU1", "E R", "ÀÀÀ", "ÀU"}}}, []string{"a#0 form", "a#1 form", "a#2 form", "a#3 form", "a#4 form", "a#5 form", "a#6 form"}},
		{"currency twice", []Field{{Name: "a", Kind: Money, Currencies: []string{"EUR", "CHF", "EUR"}}}, []string{"a#2 duplicate"}},
		{"currencies of a decimal", []Field{{Name: "a", Kind: Decimal, Scale: 2, Currencies: []string{"EUR"}}}, []string{"a misplaced"}},
		{"choices of money", []Field{{Name: "a", Kind: Money, Choices: []string{"EUR"}}}, []string{"a misplaced"}},
		{"max of money", []Field{{Name: "a", Kind: Money, Max: 3}}, []string{"a misplaced"}},
		{"no choices", []Field{{Name: "a", Kind: Choice}}, []string{"a missing"}},
		{"choices of a text", []Field{{Name: "a", Kind: Text, Choices: []string{"x"}}}, []string{"a misplaced"}},
		{"empty choice", []Field{{Name: "a", Kind: Choice, Choices: []string{"x", ""}}}, []string{"a#1 form"}},
		{"control in a choice", []Field{{Name: "a", Kind: Choice, Choices: []string{"\x00"}}}, []string{"a#0 form"}},
		{"bad UTF-8 in a choice", []Field{{Name: "a", Kind: Choice, Choices: []string{"\xff"}}}, []string{"a#0 form"}},
		{"choice twice", []Field{{Name: "a", Kind: Choice, Choices: []string{"x", "x"}}}, []string{"a#1 duplicate"}},
		{"max of an integer", []Field{{Name: "a", Kind: Integer, Max: 3}}, []string{"a misplaced"}},
		{"negative max", []Field{{Name: "a", Kind: Text, Max: -1}}, []string{"a limit"}},
		{"no items", []Field{{Name: "a", Kind: List}}, []string{"a missing"}},
		{"items of a text", []Field{{Name: "a", Kind: Text, Of: &Field{Kind: Text}}}, []string{"a misplaced"}},
		{"named items", []Field{{Name: "a", Kind: List, Of: &Field{Name: "b", Kind: Text}}}, []string{"a[] misplaced"}},
		{"list of lists", []Field{{Name: "a", Kind: List, Of: &Field{Kind: List, Of: &Field{Kind: Text}}}}, []string{"a[] misplaced"}},
		{"bad items", []Field{{Name: "a", Kind: List, Of: &Field{Kind: Decimal}}}, []string{"a[] missing"}},
		{"no fields", []Field{{Name: "a", Kind: Record}}, []string{"a missing"}},
		{"fields of a text", []Field{{Name: "a", Kind: Text, Fields: []Field{text}}}, []string{"a misplaced"}},
		{"inside", []Field{{Name: "a", Kind: Record, Fields: []Field{{Name: "b", Kind: "x"}, {Name: "B", Kind: Text}}}}, []string{"a.b type", "a.#1 name"}},
		{"all at once", []Field{{Name: "a", Kind: Decimal}, {Name: "a", Kind: Choice}, {Name: "b", Kind: List}}, []string{"a missing", "a duplicate", "a missing", "b missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := NewSchema(tt.fields)
			wantProblems(t, err, tt.want...)
			if s != nil {
				t.Error("a schema along with an error")
			}
		})
	}
}

func TestSchemaLimits(t *testing.T) {
	many := func(n int) []Field {
		var out []Field
		for i := range n {
			out = append(out, Field{Name: fmt.Sprintf("f%d", i), Kind: Text})
		}
		return out
	}
	nested := func(levels int) []Field {
		f := Field{Kind: Text}
		for range levels {
			inner := f
			if inner.Kind != Record {
				inner.Name = "x"
				f = Field{Kind: Record, Fields: []Field{inner}}
			} else {
				f = Field{Kind: List, Of: &inner}
			}
		}
		f.Name = "top"
		return []Field{f}
	}
	choices := func(n int) []Field {
		var c []string
		for i := range n {
			c = append(c, fmt.Sprint(i))
		}
		return []Field{{Name: "a", Kind: Choice, Choices: c}}
	}
	currencies := func(n int) []Field {
		var c []string
		for i := range n {
			c = append(c, string([]byte{'A' + byte(i/26), 'A' + byte(i%26), 'X'}))
		}
		return []Field{{Name: "a", Kind: Money, Currencies: c}}
	}
	in := func(n int) []Field { return []Field{{Name: "r", Kind: Record, Fields: many(n)}} }
	tests := []struct {
		name string
		at   []Field
		past []Field
		want string
	}{
		{"fields", many(MaxFields), many(MaxFields + 1), " limit"},
		{"fields inside", in(MaxFields - 1), in(MaxFields), " limit"},
		{"nesting", nested(MaxNesting), nested(MaxNesting + 1), "top.x[].x[] limit"},
		{"name", []Field{{Name: strings.Repeat("a", MaxName), Kind: Text}}, []Field{{Name: strings.Repeat("a", MaxName+1), Kind: Text}}, "#0 name"},
		{"text", []Field{{Name: "a", Kind: Text, Max: MaxText}}, []Field{{Name: "a", Kind: Text, Max: MaxText + 1}}, "a limit"},
		{"items", []Field{{Name: "a", Kind: List, Max: MaxItems, Of: &Field{Kind: Date}}}, []Field{{Name: "a", Kind: List, Max: MaxItems + 1, Of: &Field{Kind: Date}}}, "a limit"},
		{"scale", []Field{{Name: "a", Kind: Decimal, Scale: MaxScale}}, []Field{{Name: "a", Kind: Decimal, Scale: MaxScale + 1}}, "a missing"},
		{"scale of money", []Field{{Name: "a", Kind: Money, Scale: MaxScale}}, []Field{{Name: "a", Kind: Money, Scale: MaxScale + 1}}, "a limit"},
		{"currencies", currencies(MaxCurrencies), currencies(MaxCurrencies + 1), "a limit"},
		{"choices", choices(MaxChoices), choices(MaxChoices + 1), "a limit"},
		{"choice name", []Field{{Name: "a", Kind: Choice, Choices: []string{strings.Repeat("à", MaxChoiceName)}}}, []Field{{Name: "a", Kind: Choice, Choices: []string{strings.Repeat("à", MaxChoiceName+1)}}}, "a#0 limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := NewSchema(tt.at); err != nil {
				t.Errorf("at the bound: %v", err)
			}
			_, err := NewSchema(tt.past)
			wantProblems(t, err, tt.want)
		})
	}
	var bad []Field
	for range MaxProblems + 50 {
		bad = append(bad, Field{Name: "A", Kind: Text})
	}
	_, err := NewSchema(bad)
	if n := len(problemsOf(err)); n != MaxProblems {
		t.Errorf("%d problems listed, want %d", n, MaxProblems)
	}
}

func TestSchemaCopies(t *testing.T) {
	fields := []Field{
		{Name: "a", Kind: Choice, Choices: []string{"x"}},
		{Name: "b", Kind: List, Of: &Field{Kind: Record, Fields: []Field{{Name: "c", Kind: Text}}}},
		{Name: "m", Kind: Money, Currencies: []string{"EUR"}},
	}
	s := must[*Schema](t)(NewSchema(fields))
	change := func(f []Field) {
		f[0].Choices[0] = "y"
		f[1].Of.Fields[0].Name = "d"
		f[2].Currencies[0] = "CHF"
	}
	want := s.Fields()
	change(fields)
	change(s.Fields())
	if got := s.Fields(); !reflect.DeepEqual(got, want) || got[0].Choices[0] != "x" || got[1].Of.Fields[0].Name != "c" || got[2].Currencies[0] != "EUR" {
		t.Errorf("a schema changed: %+v", got)
	}
	if got := s.Fields()[1]; got.Max != DefaultItems || got.Of.Fields[0].Max != DefaultText {
		t.Errorf("defaults are not filled in: %+v", got)
	}
}
