package rules

import "strings"

// isPhone accepts an international number of ITU-T E.164: a plus sign, a country
// code, and at most 15 digits in all. The recommendation has no minimum; seven
// digits is what the shortest national plans have (Niue: +683 and four), and fewer
// is a number cut short.
func isPhone(s string) bool {
	return len(s) >= 1+7 && len(s) <= 1+15 && s[0] == '+' && s[1] != '0' && consistsOf(s[1:], isDigit)
}

// isUUID accepts the text form of RFC 9562, section 4, in either letter case, of
// any version, the nil and max UUIDs included: an identifier that another system
// made is not ours to judge.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !isHex(s[i]) {
				return false
			}
		}
	}
	return true
}

// isSemver accepts a version of Semantic Versioning 2.0.0: three numbers, a
// pre-release after a hyphen, build data after a plus sign.
func isSemver(s string) bool {
	s, build, hasBuild := strings.Cut(s, "+")
	if hasBuild && !isDotted(build, func(id string) bool { return consistsOf(id, isIdentifier) }) {
		return false
	}
	// The core has no hyphen, so the first one starts the pre-release.
	core, pre, hasPre := strings.Cut(s, "-")
	if hasPre && !isDotted(pre, func(id string) bool {
		return consistsOf(id, isIdentifier) && (!consistsOf(id, isDigit) || isPlainNumber(id))
	}) {
		return false
	}
	return strings.Count(core, ".") == 2 && isDotted(core, isPlainNumber)
}

func isIdentifier(c byte) bool { return isAlphaNum(c) || c == '-' }

// isPlainNumber accepts digits without leading zeros.
func isPlainNumber(s string) bool { return consistsOf(s, isDigit) && (s == "0" || s[0] != '0') }

// isDotted reports whether ok holds for each part of s between dots.
func isDotted(s string, ok func(string) bool) bool {
	for part := range strings.SplitSeq(s, ".") {
		if !ok(part) {
			return false
		}
	}
	return true
}
