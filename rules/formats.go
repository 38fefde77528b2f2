package rules

import (
	"slices"
	"strings"
)

// A format is a named shape of text: what a field declares as its format, and
// what an expression asks with the member function of the same meaning.
//
// A check is a pure function of its bytes. It takes time linear in the text's
// length, knows one spelling of each value (no spaces, no separators, upper case
// where the standard has capitals) and corrects nothing: what is stored is what
// was checked, so two readers never disagree on what was meant.
type format struct {
	name     string            // as a field's format, such as "vat_it"
	function string            // as a member function on strings, such as "isVatIt"
	match    func(string) bool // whether a text of at most maxFormatLength bytes has the format
	describe map[string]string // by language: what is expected, to follow "must be" and "deve essere"

	// revised is true where the answer follows a table that its keeper revises
	// (countries, currencies, IBAN and VAT structures). Two versions of this
	// library may then differ, so that a condition which everybody replays
	// cannot rest on it; one that is attested can.
	revised bool
}

// check reports whether s has the format.
func (f format) check(s string) bool {
	return len(s) <= maxFormatLength && f.match(s)
}

// formatByName returns the format of the given name, and whether there is one.
func formatByName(name string) (format, bool) {
	i, ok := slices.BinarySearchFunc(formats, name, func(f format, name string) int {
		return strings.Compare(f.name, name)
	})
	if !ok {
		return format{}, false
	}
	return formats[i], true
}

// formatNames returns the names of all formats, sorted.
func formatNames() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// isRevisedFunction reports whether the member function of that name is a format's
// whose answer follows a table that is revised; see [format].
func isRevisedFunction(function string) bool {
	return slices.ContainsFunc(formats, func(f format) bool { return f.revised && f.function == function })
}

// formats is the table of all formats, sorted by name.
var formats = []format{
	{name: "bic", function: "isBic", match: isBIC, revised: true, describe: map[string]string{
		"en": "a BIC of 8 or 11 capital letters and digits, such as UNCRITMM",
		"it": "un codice BIC di 8 o 11 lettere maiuscole e cifre, come UNCRITMM",
	}},
	{name: "country", function: "isCountry", match: isCountry, revised: true, describe: map[string]string{
		"en": "a country code of two capital letters (ISO 3166-1), such as IT",
		"it": "un codice paese di due lettere maiuscole (ISO 3166-1), come IT",
	}},
	{name: "currency", function: "isCurrency", match: isCurrency, revised: true, describe: map[string]string{
		"en": "a currency code of three capital letters (ISO 4217), such as EUR",
		"it": "un codice valuta di tre lettere maiuscole (ISO 4217), come EUR",
	}},
	{name: "email", function: "isEmail", match: isEmail, describe: map[string]string{
		"en": "an e-mail address such as name@example.com",
		"it": "un indirizzo e-mail come nome@example.com",
	}},
	{name: "hostname", function: "isHostname", match: isHostname, describe: map[string]string{
		"en": "a host name such as www.example.com, without protocol or path",
		"it": "un nome di host come www.example.com, senza protocollo né percorso",
	}},
	{name: "iban", function: "isIban", match: isIBAN, revised: true, describe: map[string]string{
		"en": "an IBAN without spaces, such as IT60X0542811101000000123456",
		"it": "un IBAN senza spazi, come IT60X0542811101000000123456",
	}},
	{name: "ip", function: "isIp", match: isIP, describe: map[string]string{
		"en": "an IP address such as 192.0.2.1 or 2001:db8::1",
		"it": "un indirizzo IP come 192.0.2.1 o 2001:db8::1",
	}},
	{name: "ip_prefix", function: "isIpPrefix", match: isIPPrefix, describe: map[string]string{
		"en": "a range of IP addresses such as 192.0.2.0/24 or 2001:db8::/32",
		"it": "un intervallo di indirizzi IP come 192.0.2.0/24 o 2001:db8::/32",
	}},
	{name: "pec", function: "isPec", match: isEmail, describe: map[string]string{
		"en": "a certified e-mail (PEC) address such as name@pec.example.it",
		"it": "un indirizzo PEC come nome@pec.example.it",
	}},
	{name: "phone", function: "isPhone", match: isPhone, describe: map[string]string{
		"en": "an international phone number such as +390612345678, not an e-mail address",
		"it": "un numero di telefono internazionale come +390612345678, non un indirizzo e-mail",
	}},
	{name: "postal_code_it", function: "isPostalCodeIt", match: isPostalCodeIt, describe: map[string]string{
		"en": "an Italian postal code of 5 digits, such as 00184",
		"it": "un CAP di 5 cifre, come 00184",
	}},
	{name: "sdi", function: "isSdi", match: isSDI, describe: map[string]string{
		"en": "an SDI recipient code of 7 capital letters and digits (6 for public bodies), such as M5UXCR1",
		"it": "un codice destinatario SDI di 7 lettere maiuscole e cifre (6 per la pubblica amministrazione), come M5UXCR1",
	}},
	{name: "semver", function: "isSemver", match: isSemver, describe: map[string]string{
		"en": "a semantic version such as 1.4.0 or 2.0.0-rc.1, without a leading v",
		"it": "una versione semantica come 1.4.0 o 2.0.0-rc.1, senza v iniziale",
	}},
	{name: "tax_code_it", function: "isTaxCodeIt", match: isTaxCodeIt, describe: map[string]string{
		"en": "an Italian tax code of 16 capital letters and digits, such as RSSMRA85T10A562S, or of 11 digits",
		"it": "un codice fiscale di 16 lettere maiuscole e cifre, come RSSMRA85T10A562S, o di 11 cifre",
	}},
	{name: "uri", function: "isUri", match: isURI, describe: map[string]string{
		"en": "a web or other address with its protocol, such as https://example.com/page",
		"it": "un indirizzo web o simile con il protocollo, come https://example.com/pagina",
	}},
	{name: "uri_ref", function: "isUriRef", match: isURIRef, describe: map[string]string{
		"en": "an address such as https://example.com/page, or a relative one such as ../page",
		"it": "un indirizzo come https://example.com/pagina, o uno relativo come ../pagina",
	}},
	{name: "uuid", function: "isUuid", match: isUUID, describe: map[string]string{
		"en": "a UUID such as 123e4567-e89b-42d3-a456-426614174000",
		"it": "un UUID come 123e4567-e89b-42d3-a456-426614174000",
	}},
	{name: "vat_eu", function: "isVat", match: isVATEU, revised: true, describe: map[string]string{
		"en": "an EU VAT number with its country, without spaces, such as IT00743110157",
		"it": "una partita IVA europea con il paese, senza spazi, come IT00743110157",
	}},
	{name: "vat_it", function: "isVatIt", match: isVATIt, describe: map[string]string{
		"en": "an Italian VAT number of 11 digits, without the country, such as 00743110157",
		"it": "una partita IVA di 11 cifre, senza il paese, come 00743110157",
	}},
}
