package section

import (
	"errors"
	"strings"
	"testing"
)

// Whatever may be wrong with a value is told in both languages, and by no value.
func TestMessages(t *testing.T) {
	const secret = "s3cr3t\x00"
	fields := append([]Field{
		{Name: "paid", Kind: Money, Scale: 2},
		{Name: "euros", Kind: Money, Scale: 2, Currencies: []string{"EUR", "CHF"}},
	}, orderFields...)
	s := must[*Schema](t)(NewSchema(fields))
	wrong := map[string]any{secret: 1, "compny": "x"}
	for _, f := range fields {
		wrong[f.Name] = secret
	}
	at := func(text string) Path { return must[Path](t)(ParsePath(text)) }
	var errs []error
	try := func(_ any, err error) { errs = append(errs, err) }
	try(s.Coerce(wrong))
	try(s.Coerce(map[string]any{"company": strings.Repeat("x", 101), "tags": []string{"", strings.Repeat("x", 11)}, "euros": "1 USD"}))
	try(s.Coerce(map[string]any{"tags": make([]string, 6)}))
	try(s.Encode(Content(wrong)))
	try(s.With(nil, Path{}, 1))
	try(s.With(nil, at("nothing"), 1))
	try(s.With(nil, at("tags[3]"), "x"))
	try(s.With(nil, at("tags.x"), 1))
	try(s.With(nil, at("address[0]"), 1))
	try(s.With(nil, at("company.x"), 1))
	huge := &walk{}
	huge.bound(MaxPlaintext + 1)
	errs = append(errs, huge.err())

	told, codes := 0, make(map[string]bool)
	for _, err := range errs {
		var values *ValuesError
		if !errors.As(err, &values) {
			t.Errorf("not refused: %v", err)
			continue
		}
		for _, p := range values.Problems {
			told++
			codes[string(p.Code)] = true
			en, it := p.Message("en"), p.Message("it")
			if en != p.Detail || p.Message("fr") != en || p.Message("") != en || p.Message("item") != en {
				t.Errorf("%s: %q in English, %q in other languages", p, en, p.Message("fr"))
			}
			if it == "" || it == en || it != p.Message("it-CH") {
				t.Errorf("%s: %q in Italian, as in English or there", p, it)
			}
			if strings.Contains(it, "s3cr3t") {
				t.Errorf("%s: %q holds the value", p, it)
			}
		}
	}
	if told < 30 || len(codes) < 6 {
		t.Fatalf("%d problems of %d codes", told, len(codes))
	}
	t.Logf("%d problems of %d codes", told, len(codes))

	// A schema is for developers.
	_, err := NewSchema([]Field{{Name: "total", Kind: Decimal}})
	if schema := err.(*SchemaError); schema.Problems[0].Message("it") != schema.Problems[0].Detail {
		t.Errorf("a schema's problem: %q", schema.Problems[0].Message("it"))
	}
}

func TestNoSection(t *testing.T) {
	known := []string{"customer", "products"}
	for name, want := range map[string][2]string{
		"custmer": {`no such section; did you mean "customer"?`, `la sezione non esiste; forse "customer"?`},
		"prices":  {"no such section", "la sezione non esiste"},
		"":        {"no such section", "la sezione non esiste"},
	} {
		p := NoSection(name, known)
		if p.Path != name || p.Code != CodeUnknown || p.Message("en") != want[0] || p.Message("it-CH") != want[1] {
			t.Errorf("%q: %+v", name, p)
		}
	}
}
