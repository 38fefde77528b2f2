package rules

import (
	"slices"
	"strings"
)

// isBIC accepts a business identifier code of ISO 9362:2022 (in ISO 20022 terms,
// BICFIDec2014Identifier): four letters or digits, a country, two letters or
// digits, and three more for a branch. The country is one of ISO 3166-1, or XK,
// which SWIFT uses for Kosovo.
func isBIC(s string) bool {
	return (len(s) == 8 || len(s) == 11) && consistsOf(s, isUpperNum) &&
		(isCountry(s[4:6]) || s[4:6] == "XK")
}

// isIBAN accepts an international bank account number of ISO 13616 in its
// electronic form: no spaces, capital letters, the length and structure that its
// country registered, and check digits by MOD 97-10. National check digits
// inside it are the bank's affair.
func isIBAN(s string) bool {
	if len(s) < 4 || !isDigits(s[2:4], 2) {
		return false
	}
	// 00, 01 and 99 leave the same remainder as 97, 98 and 02, which are the
	// ones to use: check digits are 98 minus a remainder by 97.
	if check := digitsValue(s[2:4]); check < 2 || check > 98 {
		return false
	}
	i, ok := slices.BinarySearchFunc(ibanCountries, s[:2], func(c ibanCountry, code string) int {
		return strings.Compare(c.code, code)
	})
	return ok && hasStructure(s[4:], ibanCountries[i].bban) && mod97(s[4:]+s[:4]) == 1
}

// hasStructure reports whether s has a structure written as in the registry: a
// count of two digits and a class, n for digits, a for capital letters, c for
// either, for each part.
func hasStructure(s, structure string) bool {
	for ; structure != ""; structure = structure[3:] {
		n, class := digitsValue(structure[:2]), isUpperNum
		switch structure[2] {
		case 'n':
			class = isDigit
		case 'a':
			class = isUpper
		}
		if len(s) < n || !consistsOf(s[:n], class) {
			return false
		}
		s = s[n:]
	}
	return s == ""
}

type ibanCountry struct{ code, bban string }

// ibanCountries are the structures in the IBAN registry that SWIFT keeps for ISO
// 13616, as of 2025, sorted by country; neighbouring parts of one class are one.
var ibanCountries = []ibanCountry{
	{"AD", "08n12c"},
	{"AE", "19n"},
	{"AL", "08n16c"},
	{"AT", "16n"},
	{"AZ", "04a20c"},
	{"BA", "16n"},
	{"BE", "12n"},
	{"BG", "04a06n08c"},
	{"BH", "04a14c"},
	{"BI", "23n"},
	{"BR", "23n01a01c"},
	{"BY", "04c04n16c"},
	{"CH", "05n12c"},
	{"CR", "18n"},
	{"CY", "08n16c"},
	{"CZ", "20n"},
	{"DE", "18n"},
	{"DJ", "23n"},
	{"DK", "14n"},
	{"DO", "04c20n"},
	{"EE", "16n"},
	{"EG", "25n"},
	{"ES", "20n"},
	{"FI", "14n"},
	{"FK", "02a12n"},
	{"FO", "14n"},
	{"FR", "10n11c02n"},
	{"GB", "04a14n"},
	{"GE", "02a16n"},
	{"GI", "04a15c"},
	{"GL", "14n"},
	{"GR", "07n16c"},
	{"GT", "24c"},
	{"HN", "04a20n"},
	{"HR", "17n"},
	{"HU", "24n"},
	{"IE", "04a14n"},
	{"IL", "19n"},
	{"IQ", "04a15n"},
	{"IS", "22n"},
	{"IT", "01a10n12c"},
	{"JO", "04a04n18c"},
	{"KW", "04a22c"},
	{"KZ", "03n13c"},
	{"LB", "04n20c"},
	{"LC", "04a24c"},
	{"LI", "05n12c"},
	{"LT", "16n"},
	{"LU", "03n13c"},
	{"LV", "04a13c"},
	{"LY", "21n"},
	{"MC", "10n11c02n"},
	{"MD", "20c"},
	{"ME", "18n"},
	{"MK", "03n10c02n"},
	{"MN", "16n"},
	{"MR", "23n"},
	{"MT", "04a05n18c"},
	{"MU", "04a19n03a"},
	{"NI", "04a20n"},
	{"NL", "04a10n"},
	{"NO", "11n"},
	{"OM", "03n16c"},
	{"PK", "04a16c"},
	{"PL", "24n"},
	{"PS", "04a21c"},
	{"PT", "21n"},
	{"QA", "04a21c"},
	{"RO", "04a16c"},
	{"RS", "18n"},
	{"RU", "14n15c"},
	{"SA", "02n18c"},
	{"SC", "04a20n03a"},
	{"SD", "14n"},
	{"SE", "20n"},
	{"SI", "15n"},
	{"SK", "20n"},
	{"SM", "01a10n12c"},
	{"SO", "19n"},
	{"ST", "21n"},
	{"SV", "04a20n"},
	{"TL", "19n"},
	{"TN", "20n"},
	{"TR", "06n16c"},
	{"UA", "06n19c"},
	{"VA", "18n"},
	{"VG", "04a16n"},
	{"XK", "16n"},
	{"YE", "04a04n18c"},
}
