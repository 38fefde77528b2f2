package rules

import (
	"slices"
	"strings"
	"testing"
)

func TestFormatTable(t *testing.T) {
	want := strings.Fields(`bic country currency email hostname iban ip ip_prefix pec phone postal_code_it
		sdi semver tax_code_it uri uri_ref uuid vat_eu vat_it`)
	if got := formatNames(); !slices.Equal(got, want) {
		t.Fatalf("names %v", got)
	}
	functions := map[string]bool{}
	for _, name := range want {
		f, ok := formatByName(name)
		if !ok || f.name != name || f.match == nil {
			t.Errorf("%s: not found whole", name)
		}
		if f.function == "" || functions[f.function] {
			t.Errorf("%s: function %q is missing or taken", name, f.function)
		}
		functions[f.function] = true
		for _, language := range []string{"en", "it"} {
			if f.describe[language] == "" {
				t.Errorf("%s: no description in %s", name, language)
			}
		}
	}
	for _, name := range []string{"", "Email", "emails", "vat", "a", "zip"} {
		if _, ok := formatByName(name); ok {
			t.Errorf("there is a format %q", name)
		}
	}
}

// TestFormatDescriptions checks that what a description gives as an example has
// the format, so that nobody is sent away with a wrong one.
func TestFormatDescriptions(t *testing.T) {
	for _, f := range formats {
		for language, text := range f.describe {
			such := map[string]string{"en": "such as ", "it": "come "}[language]
			_, examples, ok := strings.Cut(text, such)
			if !ok {
				t.Errorf("%s: no example in %s", f.name, language)
				continue
			}
			example, _, _ := strings.Cut(examples, " ")
			if example = strings.TrimSuffix(example, ","); !f.check(example) {
				t.Errorf("%s: the example %q in %s does not have the format", f.name, example, language)
			}
		}
	}
}

func TestFormatRevised(t *testing.T) {
	want := []string{"bic", "country", "currency", "iban", "vat_eu"}
	var got []string
	for _, f := range formats {
		if f.revised {
			got = append(got, f.name)
		}
		if isRevisedFunction(f.function) != f.revised {
			t.Errorf("%s: revised as a function only, or as a format only", f.name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("revised: %v", got)
	}
	if isRevisedFunction("isHostAndPort") || isRevisedFunction("") {
		t.Error("a function of no revised format is revised")
	}
}

func TestFormatLength(t *testing.T) {
	f, _ := formatByName("uri")
	at := "a:" + strings.Repeat("b", maxFormatLength-2)
	if !f.check(at) {
		t.Error("refused at the limit")
	}
	if f.check(at + "b") {
		t.Error("accepted past the limit")
	}
}

// TestFormatTables checks what binary search needs, and the number of codes.
func TestFormatTables(t *testing.T) {
	for _, table := range []struct {
		name  string
		codes string
		width int
		count int
	}{
		{"countries", countries, 2, 249},
		{"currencies", currencies, 3, 178},
	} {
		codes := strings.Fields(table.codes)
		if len(codes) != table.count || len(table.codes) != table.count*(table.width+1) {
			t.Errorf("%s: %d codes", table.name, len(codes))
		}
		if !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) != len(codes) {
			t.Errorf("%s: not sorted, or a code twice", table.name)
		}
		for _, code := range codes {
			if !consistsOf(code, isUpper) || !isInTable(table.codes, table.width, code) {
				t.Errorf("%s: %s is not found", table.name, code)
			}
		}
	}
	if len(ibanCountries) != 89 {
		t.Errorf("%d IBAN countries", len(ibanCountries))
	}
	if !slices.IsSortedFunc(ibanCountries, func(a, b ibanCountry) int { return strings.Compare(a.code, b.code) }) {
		t.Error("IBAN countries are not sorted")
	}
	for _, c := range ibanCountries {
		if !isCountry(c.code) && c.code != "XK" {
			t.Errorf("IBAN country %s is none", c.code)
		}
		length := 4
		for s := c.bban; s != ""; s = s[3:] {
			if len(s) < 3 || !isDigits(s[:2], 2) || !strings.Contains("nac", s[2:3]) {
				t.Fatalf("%s: structure %q", c.code, c.bban)
			}
			length += digitsValue(s[:2])
		}
		if length < 15 || length > 34 { // ISO 13616 has 34 at most, Norway the shortest
			t.Errorf("%s: IBANs of %d characters", c.code, length)
		}
	}
}

// TestTableExhaustive goes through every text of two and three bytes: the tables take
// exactly what stands in them.
func TestTableExhaustive(t *testing.T) {
	var two, three int
	for a := byte(0); a < 128; a++ {
		for b := byte(0); b < 128; b++ {
			if isCountry(string([]byte{a, b})) {
				two++
			}
			for c := byte(0); c < 128; c++ {
				if isCurrency(string([]byte{a, b, c})) {
					three++
				}
			}
		}
	}
	if two != 249 || three != 178 {
		t.Errorf("%d countries and %d currencies are accepted", two, three)
	}
}

// TestCheckDigits changes every digit of a number into every other: the check
// digit of each of these formats finds every single wrong digit.
func TestCheckDigits(t *testing.T) {
	tried := 0
	for _, c := range []struct{ format, value string }{
		{"vat_it", "00743110157"}, {"iban", "IT60X0542811101000000123456"}, {"iban", "DE89370400440532013000"},
		{"vat_eu", "DE136695976"}, {"vat_eu", "HR33392005961"}, {"vat_eu", "BE0697449992"}, {"vat_eu", "PL8567346215"},
		{"vat_eu", "EE100931558"}, {"vat_eu", "HU12892312"}, {"vat_eu", "LU15027442"}, {"vat_eu", "FI20774740"},
	} {
		f, _ := formatByName(c.format)
		if !f.check(c.value) {
			t.Errorf("%s refuses %s", c.format, c.value)
		}
		for i := range c.value {
			if !isDigit(c.value[i]) {
				continue
			}
			for d := byte('0'); d <= '9'; d++ {
				if d == c.value[i] {
					continue
				}
				tried++
				if wrong := c.value[:i] + string(d) + c.value[i+1:]; f.check(wrong) {
					t.Errorf("%s accepts %s, as well as %s", c.format, wrong, c.value)
				}
			}
		}
	}
	if tried < 500 {
		t.Errorf("only %d wrong digits tried", tried)
	}
	t.Logf("%d wrong digits", tried)
}

// TestTaxBirths goes through every date: as many are in the calendar as a leap
// year and a common one have days, for men and for women.
func TestTaxBirths(t *testing.T) {
	for year, want := range map[string]int{"00": 366, "84": 366, "85": 365, "99": 365} {
		men, women := 0, 0
		for _, month := range taxMonths {
			for day := range 100 {
				s := []byte{year[0], year[1], byte(month), '0' + byte(day/10), '0' + byte(day%10)}
				switch ok := isTaxBirth(s); {
				case ok && day <= 31:
					men++
				case ok && day > 40 && day <= 71:
					women++
				case ok:
					t.Errorf("day %d is accepted", day)
				}
			}
		}
		if men != want || women != want {
			t.Errorf("year %s has %d days for men and %d for women", year, men, women)
		}
	}
}
