package rules

// The alphabets and arithmetic that formats share. All of it is ASCII: a byte of
// a multi-byte letter is in none of these classes.

func isDigit(c byte) bool    { return '0' <= c && c <= '9' }
func isUpper(c byte) bool    { return 'A' <= c && c <= 'Z' }
func isAlpha(c byte) bool    { return isUpper(c &^ 0x20) }
func isAlphaNum(c byte) bool { return isAlpha(c) || isDigit(c) }
func isUpperNum(c byte) bool { return isUpper(c) || isDigit(c) }
func isHex(c byte) bool      { return isDigit(c) || 'A' <= c&^0x20 && c&^0x20 <= 'F' }

// consistsOf reports whether s is not empty and consists of bytes of one class.
func consistsOf(s string, class func(byte) bool) bool {
	for i := range len(s) {
		if !class(s[i]) {
			return false
		}
	}
	return s != ""
}

// isDigits reports whether s is n decimal digits.
func isDigits(s string, n int) bool { return len(s) == n && consistsOf(s, isDigit) }

// digitsValue is the value of a text of decimal digits, at most 9 of them, as many as
// an int has on every machine.
func digitsValue(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// weighted is the sum of the digits of s, each times its weight. Digits beyond
// the weights do not count.
func weighted(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return sum
}

// luhn reports whether the last digit of s makes its Luhn sum a multiple of ten
// (ISO/IEC 7812-1, annex B).
func luhn(s string) bool { return luhnSum(s)%10 == 0 }

// luhnSum is the sum of the digits of s, of which every second one from the right
// is doubled, and reduced by nine if that gives two digits.
func luhnSum(s string) int {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum
}

// mod1110 reports whether the last digit of s is its check digit by ISO/IEC 7064,
// MOD 11,10.
func mod1110(s string) bool {
	p := 10
	for i := range len(s) - 1 {
		if p = (p + int(s[i]-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (p+int(s[len(s)-1]-'0'))%10 == 1
}

// mod97 is the remainder by 97 of s read as a number, where a letter stands for
// two digits, A for 10 to Z for 35 (ISO/IEC 7064, MOD 97-10). It goes digit by
// digit, since the number has up to 60 of them.
func mod97(s string) int {
	r := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			r = (r*10 + int(s[i]-'0')) % 97
		} else {
			r = (r*100 + int(s[i]-'A') + 10) % 97
		}
	}
	return r
}
