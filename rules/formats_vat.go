package rules

import "strings"

// isVATEU accepts a VAT identification number of a member state of the European
// Union, or of Northern Ireland (XI), as VIES takes it: the state's prefix (EL
// for Greece), then its number, without spaces or dots. Council Directive
// 2006/112/EC, article 215, has the prefix; the structures are those that the
// Commission publishes for VIES.
//
// Check digits are verified where the rule is certain for every number of that
// shape. Where it is not (persons' numbers in Bulgaria, Czechia and Latvia,
// French keys with letters) the structure has to do: to refuse a good number
// stops a sale, to take a bad one is found out by asking VIES.
func isVATEU(s string) bool {
	if len(s) < 4 {
		return false
	}
	n := s[2:]
	if strings.Trim(n, "0") == "" {
		return false // most sums hold for it, and people fill forms with it
	}
	switch s[:2] {
	case "AT":
		// The Luhn sum goes over seven digits, without the check digit.
		return n[0] == 'U' && isDigits(n[1:], 8) && (luhnSum(n[1:8])+4+int(n[8]-'0'))%10 == 0
	case "BE":
		return isDigits(n, 10) && n[0] <= '1' && n[:8] != "00000000" && (digitsValue(n[:8])+digitsValue(n[8:]))%97 == 0
	case "BG":
		return isDigits(n, 10) || isDigits(n, 9) && vatBG(n)
	case "CY":
		// The letter is computed like that of an Italian tax code.
		return len(n) == 9 && consistsOf(n[:8], isDigit) && n[:2] != "12" && n[8] == taxCheck(n[:8])
	case "CZ":
		return isDigits(n, 9) || isDigits(n, 10) || isDigits(n, 8) && vatCZ(n)
	case "DE":
		return isDigits(n, 9) && n[0] != '0' && mod1110(n)
	case "DK":
		return isDigits(n, 8) && n[0] != '0' && weighted(n, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
	case "EE":
		return isDigits(n, 9) && weighted(n, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0
	case "EL":
		return isDigits(n, 9) && weighted(n, 256, 128, 64, 32, 16, 8, 4, 2)%11%10 == int(n[8]-'0')
	case "ES":
		return vatES(n)
	case "FI":
		return isDigits(n, 8) && weighted(n, 7, 9, 10, 5, 8, 4, 2, 1)%11 == 0
	case "FR":
		return vatFR(n)
	case "HR":
		return isDigits(n, 11) && mod1110(n)
	case "HU":
		return isDigits(n, 8) && weighted(n, 9, 7, 3, 1, 9, 7, 3, 1)%10 == 0
	case "IE":
		return vatIE(n)
	case "IT":
		return isVATIt(n)
	case "LT":
		return vatLT(n)
	case "LU":
		return isDigits(n, 8) && digitsValue(n[:6])%89 == digitsValue(n[6:])
	case "LV":
		// A first digit up to 3 begins a person's number.
		return isDigits(n, 11) && (n[0] <= '3' || weighted(n, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)%11 == 3)
	case "MT":
		return isDigits(n, 8) && n[0] != '0' && weighted(n, 3, 4, 6, 7, 8, 9, 10, 1)%37 == 0
	case "NL":
		return vatNL(n)
	case "PL":
		return isDigits(n, 10) && weighted(n, 6, 5, 7, 2, 3, 4, 5, 6, 7, -1)%11 == 0
	case "PT":
		return isDigits(n, 9) && n[0] != '0' && (11-weighted(n, 9, 8, 7, 6, 5, 4, 3, 2)%11)%11%10 == int(n[8]-'0')
	case "RO":
		return vatRO(n)
	case "SE":
		return isDigits(n, 12) && luhn(n[:10]) && n[10:] == "01"
	case "SI":
		return isDigits(n, 8) && n[0] != '0' && vatSI(n)
	case "SK":
		// The whole number is a multiple of 11, by which 10 is as good as -1.
		return isDigits(n, 10) && n[0] != '0' && weighted(n, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1)%11 == 0
	case "XI":
		return vatXI(n)
	}
	return false
}

// vatBG: the number of a legal entity; the second weights replace a remainder of 10.
func vatBG(n string) bool {
	r := weighted(n, 1, 2, 3, 4, 5, 6, 7, 8) % 11
	if r == 10 {
		r = weighted(n, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10
	}
	return r == int(n[8]-'0')
}

// vatCZ: the number of a legal entity.
func vatCZ(n string) bool {
	check := 11 - weighted(n, 8, 7, 6, 5, 4, 3, 2)%11 // 1 to 11
	return n[0] != '9' && check%10 == int(n[7]-'0')
}

// vatES: a national's or a foreigner's number, whose letter follows from it by
// 23, or a legal entity's, whose check is a Luhn digit or the letter for it.
// Sources contradict each other on which kind of entity has which: both are taken.
func vatES(n string) bool {
	if len(n) != 9 || !consistsOf(n[1:8], isDigit) {
		return false
	}
	const letters = "TRWAGMYFPDXBNJZSQVHLCKE"
	kind, check := n[0], n[8]
	switch {
	case isDigit(kind):
		return check == letters[digitsValue(n[:8])%23]
	case strings.IndexByte("KLM", kind) >= 0:
		return check == letters[digitsValue(n[1:8])%23]
	case strings.IndexByte("XYZ", kind) >= 0:
		return check == letters[(int(kind-'X')*10_000_000+digitsValue(n[1:8]))%23]
	case strings.IndexByte("ABCDEFGHJNPQRSUVW", kind) >= 0:
		c := (10 - luhnSum(n[1:8]+"0")%10) % 10
		return check == "0123456789"[c] || check == "JABCDEFGHI"[c]
	}
	return false
}

// vatFR: two characters of key, then the SIREN, which is a Luhn number (those of
// Monaco, which begin with 000, are not). A key of digits follows from it.
func vatFR(n string) bool {
	key := func(c byte) bool { return isUpperNum(c) && c != 'I' && c != 'O' }
	if len(n) != 11 || !consistsOf(n[:2], key) || !consistsOf(n[2:], isDigit) {
		return false
	}
	if n[2:5] != "000" && !luhn(n[2:]) {
		return false
	}
	return !consistsOf(n[:2], isDigit) || digitsValue(n[:2]) == mod97(n[2:]+"12")
}

// vatIE: seven digits, the check letter and since 2013 a second letter; or, until
// then, one digit, a letter or sign, five digits and the check letter.
func vatIE(n string) bool {
	const letters = "WABCDEFGHIJKLMNOPQRSTUV"
	if len(n) < 8 || len(n) > 9 || !isDigit(n[0]) || !consistsOf(n[2:7], isDigit) {
		return false
	}
	second := 0 // its weight is nine; W, as none at all, counts nothing
	if len(n) == 9 {
		if second = strings.IndexByte(letters, n[8]); second < 0 {
			return false
		}
	}
	seven := n[:7]
	if !isDigit(n[1]) {
		if len(n) == 9 || !isUpper(n[1]) && n[1] != '+' && n[1] != '*' {
			return false
		}
		seven = "0" + n[2:7] + n[:1]
	}
	return n[7] == letters[(weighted(seven, 8, 7, 6, 5, 4, 3, 2)+9*second)%23]
}

// vatLT: nine digits, or twelve for temporary registrations, with a 1 before the
// check digit; the second weights replace a remainder of 10.
func vatLT(n string) bool {
	if !isDigits(n, 9) && !isDigits(n, 12) {
		return false
	}
	last := len(n) - 1
	first, second := 0, 0
	for i := range last {
		d := int(n[i] - '0')
		first += d * (1 + i%9)
		second += d * (1 + (i+2)%9)
	}
	r := first % 11
	if r == 10 {
		r = second % 11 % 10
	}
	return n[last-1] == '1' && r == int(n[last]-'0')
}

// vatNL: nine digits, B, two digits; the nine are a number of the old kind, or
// the whole has a remainder of 1 by 97 (sole traders, since 2020).
func vatNL(n string) bool {
	if len(n) != 12 || !consistsOf(n[:9], isDigit) || n[9] != 'B' || !consistsOf(n[10:], isDigit) ||
		n[:9] == "000000000" || n[10:] == "00" {
		return false
	}
	return weighted(n, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0 || mod97("NL"+n) == 1
}

// vatRO: two to ten digits; weights go from the right.
func vatRO(n string) bool {
	if len(n) < 2 || len(n) > 10 || !consistsOf(n, isDigit) || n[0] == '0' {
		return false
	}
	n = "00000000"[:10-len(n)] + n
	return weighted(n, 7, 5, 3, 2, 1, 7, 5, 3, 2)*10%11%10 == int(n[9]-'0')
}

// vatSI: a remainder of 0 would need the check digit 11, so that such numbers are
// not issued.
func vatSI(n string) bool {
	r := weighted(n, 8, 7, 6, 5, 4, 3, 2) % 11
	return r != 0 && (11-r)%10 == int(n[7]-'0')
}

// vatXI: nine digits, with three more for a branch, by either of the two series
// of check digits; or GD and HA with three for government and health bodies.
func vatXI(n string) bool {
	if len(n) == 5 && consistsOf(n[2:], isDigit) {
		return n[:2] == "GD" && n[2] < '5' || n[:2] == "HA" && n[2] >= '5'
	}
	if !isDigits(n, 9) && !isDigits(n, 12) || n[:7] == "0000000" {
		return false
	}
	switch weighted(n, 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97 {
	case 0, 97 - 55, 55:
		return true
	}
	return false
}
