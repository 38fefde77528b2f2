package rules

import "strings"

// isVATIt accepts a partita IVA: 11 digits without the country, of which seven
// are the taxpayer's, three the office's, and the last the Luhn check digit
// (D.P.R. 633/1972, article 35; decree of 23 December 1976).
func isVATIt(s string) bool {
	return isDigits(s, 11) && s[:7] != "0000000" && isTaxOffice(s[7:10]) && luhn(s)
}

// isTaxOffice accepts the codes of the offices that issue numbers, by the
// validation routines that the European Commission gives for VAT numbers.
func isTaxOffice(s string) bool {
	switch s {
	case "120", "121", "888", "999":
		return true
	}
	return "001" <= s && s <= "100"
}

// isTaxCodeIt accepts a codice fiscale: the 16 characters of a person (decree of
// 23 December 1976), or the 11 digits of anybody else, built as a partita IVA.
func isTaxCodeIt(s string) bool {
	if len(s) == 11 {
		return isVATIt(s)
	}
	// Two codes that would be equal are told apart by putting letters for
	// digits (omocodia), which the check character then covers; so it is
	// computed over the code as it stands, and the date read through it.
	const structure = "aaaaaaddmddaddda" // letter, digit or its stand-in, month
	if len(s) != len(structure) {
		return false
	}
	var plain [16]byte
	for i := range len(s) {
		c := s[i]
		ok := isUpper(c)
		switch structure[i] {
		case 'd':
			if stand := strings.IndexByte("LMNPQRSTUV", c); stand >= 0 {
				c = '0' + byte(stand)
			}
			ok = isDigit(c)
		case 'm':
			ok = strings.IndexByte(taxMonths, c) >= 0
		}
		if !ok {
			return false
		}
		plain[i] = c
	}
	return isTaxBirth(plain[6:11]) && s[15] == taxCheck(s[:15])
}

const taxMonths = "ABCDEHLMPRST"

// isTaxBirth reports whether a date of birth, as two digits for the year, a letter
// for the month and two digits for the day, is in the calendar. Women have 40
// added to the day. The century is not written: 29 February is taken for year 00,
// which was one in 2000.
func isTaxBirth(s []byte) bool {
	year := digitsValue(string(s[:2]))
	day := digitsValue(string(s[3:5]))
	if day > 40 {
		day -= 40
	}
	last := 31
	switch s[2] {
	case 'D', 'H', 'P', 'S': // April, June, September, November
		last = 30
	case 'B': // February
		last = 28
		if year%4 == 0 {
			last = 29
		}
	}
	return 1 <= day && day <= last
}

// taxCheck is the 16th character of the 15 before it: the sum, by 26, of a value
// that the decree's table gives to characters in odd places, counted from one,
// and of their own value in even places.
func taxCheck(s string) byte {
	// By value: 0 to 9 and A to J share their values, K to Z have their own.
	odd := [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	sum := 0
	for i := range len(s) {
		v := int(s[i] - '0')
		if isUpper(s[i]) {
			v = int(s[i] - 'A')
		}
		if i%2 == 0 {
			v = odd[v]
		}
		sum += v
	}
	return 'A' + byte(sum%26)
}

// isSDI accepts a recipient code of the Italian exchange system for invoices
// (Sistema di Interscambio): 7 capital letters and digits, or the 6 of a public
// body's office. 0000000 (delivery by PEC) and XXXXXXX (abroad) are such codes.
func isSDI(s string) bool {
	return (len(s) == 7 || len(s) == 6) && consistsOf(s, isUpperNum)
}

// isPostalCodeIt accepts a CAP: five digits, from 00010 (province of Rome) to
// 98168 (Messina), the lowest and the highest in use.
func isPostalCodeIt(s string) bool {
	return isDigits(s, 5) && "00010" <= s && s <= "98168"
}
