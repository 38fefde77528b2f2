package section

import (
	"fmt"
	"strings"
)

// wording is what a value is expected to be, in the languages of this package.
type wording struct{ en, it string }

// Message says to people what was expected, in Italian if the language is "it" or
// begins with "it-", and else in English: it is the Detail. It never holds the
// value. Problems of schemas, which are for developers, are in English only.
func (p Problem) Message(lang string) string {
	if base, _, _ := strings.Cut(lang, "-"); base == "it" && p.italian != "" {
		return p.italian
	}
	return p.Detail
}

var (
	wordedIndex    = wording{"at most one behind the last item, within the maximum", "al più una posizione dopo l'ultimo elemento, entro il massimo"}
	wordedNoIndex  = wording{"an index goes into a list", "in un elenco si entra con una posizione"}
	wordedNoName   = wording{"a name goes into a record", "in un gruppo di campi si entra con un nome"}
	wordedNoInside = wording{"nothing is inside this field", "in questo campo non c'è altro"}
	wordedBytes    = wording{
		fmt.Sprintf("at most %d bytes when encoded", MaxPlaintext),
		fmt.Sprintf("in tutto al massimo %d byte, una volta codificati", MaxPlaintext),
	}
)

// noField tells that no field has a name, and which it may have been.
func noField(near string) wording {
	return wording{"no such field", "il campo non esiste"}.near(near)
}

// NoSection is the problem of a name that no section of a document has, out of
// those that it has.
func NoSection(name string, known []string) Problem {
	w := wording{"no such section", "la sezione non esiste"}.near(suggest(name, known))
	return Problem{Path: name, Code: CodeUnknown, Detail: w.en, italian: w.it}
}

// near adds the name that was probably meant, if there is one.
func (w wording) near(name string) wording {
	if name == "" {
		return w
	}
	return wording{fmt.Sprintf("%s; did you mean %q?", w.en, name), fmt.Sprintf("%s; forse %q?", w.it, name)}
}

// expected describes the values of a field.
func (f *Field) expected(code Code) wording {
	switch {
	case code == CodeMax && f.Kind == Text:
		return wording{fmt.Sprintf("a text of at most %d characters", f.Max), fmt.Sprintf("un testo di al massimo %d caratteri", f.Max)}
	case code == CodeMax:
		return wording{fmt.Sprintf("a list of at most %d items", f.Max), fmt.Sprintf("un elenco di al massimo %d elementi", f.Max)}
	case code == CodeCurrency:
		return wording{"an amount in " + strings.Join(f.Currencies, " or "), "un importo in " + strings.Join(f.Currencies, " o ")}
	}
	switch f.Kind {
	case Text:
		return wording{"a text: UTF-8 without control characters, line breaks and tabs apart", "un testo: UTF-8 senza caratteri di controllo, salvo a capo e tabulazioni"}
	case Integer:
		return wording{fmt.Sprintf("an integer from -%d to %d", MaxInteger, MaxInteger), fmt.Sprintf("un numero intero da -%d a %d", MaxInteger, MaxInteger)}
	case Decimal:
		return wording{
			fmt.Sprintf("a decimal such as %q with at most %d decimals and %d digits", f.amount(), f.Scale, MaxDigits),
			fmt.Sprintf("un numero decimale come %q, con al massimo %d decimali e %d cifre", f.amount(), f.Scale, MaxDigits),
		}
	case Money:
		amount := f.amount() + " EUR"
		if len(f.Currencies) > 0 {
			amount = f.amount() + " " + f.Currencies[0]
		}
		return wording{
			fmt.Sprintf("an amount such as %q with at most %d decimals and %d digits, and its currency", amount, f.Scale, MaxDigits),
			fmt.Sprintf("un importo come %q, con al massimo %d decimali e %d cifre, e la valuta", amount, f.Scale, MaxDigits),
		}
	case Boolean:
		return wording{"a boolean", "vero o falso"}
	case Date:
		return wording{`a calendar date such as "2006-01-31"`, `una data del calendario come "2006-01-31"`}
	case Datetime:
		return wording{`a time of RFC 3339 in whole seconds such as "2006-01-31T15:04:05Z"`, `data e ora secondo RFC 3339 in secondi interi, come "2006-01-31T15:04:05Z"`}
	case Duration:
		return wording{
			fmt.Sprintf(`a duration such as "3d12h" in d, h, m, s, at most %d days`, MaxDays),
			fmt.Sprintf(`una durata come "3d12h" in d, h, m, s, al massimo %d giorni`, MaxDays),
		}
	case Choice:
		return wording{"one of the declared choices", "una delle scelte previste"}
	case List:
		return wording{"a list", "un elenco"}
	}
	return wording{"a record", "un gruppo di campi"}
}

// amount is a number with as many decimals as the field has.
func (f *Field) amount() string {
	if f.Scale == 0 {
		return "12"
	}
	return "12." + strings.Repeat("5", f.Scale)
}
