package section

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Below, a normalizer turns the accepted spellings of a scalar into the canonical
// one, or says with a code why it cannot. A string is canonical exactly if its
// normalizer returns it unchanged: coercion, encoding and decoding share one
// definition of each form.

// normal applies the normalizer of a field whose values are strings.
func (f *Field) normal(s string) (canonical string, code Code) {
	switch f.Kind {
	case Text:
		return normalText(s, f.Max)
	case Decimal:
		return normalDecimal(s, f.Scale)
	case Money:
		return normalMoney(s, f.Scale, f.Currencies)
	case Date:
		return normalDate(s)
	case Datetime:
		return normalDatetime(s)
	case Duration:
		return normalDuration(s)
	case Choice:
		if slices.Contains(f.Choices, s) {
			return s, ""
		}
		return "", CodeChoice
	}
	return "", CodeType
}

// cleanText says whether s is UTF-8 without control characters (Unicode
// category Cc) other than line feed and tab.
func cleanText(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0 {
			return false // the last are U+0080 to U+009F
		}
	}
	return utf8.ValidString(s)
}

// normalText keeps a text as it is, but for the line ends of Windows.
func normalText(s string, limit int) (string, Code) {
	if len(s) > utf8.UTFMax*limit { // before any work; \r\n has two bytes, so still fits
		return "", CodeMax
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	switch {
	case s == "":
		return "", CodeForm // "" is never a value
	case !cleanText(s):
		return "", CodeForm
	case utf8.RuneCountInString(s) > limit:
		return "", CodeMax
	}
	return s, ""
}

// normalDecimal pads to the scale and drops zeros beyond it. It never rounds:
// any other digit beyond the scale is refused.
func normalDecimal(s string, scale int) (string, Code) {
	if len(s) > maxScalar {
		return "", CodeForm
	}
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if !isDigits(whole) || point && !isDigits(fraction) || len(whole) > 1 && whole[0] == '0' {
		return "", CodeForm
	}
	if len(fraction) > scale {
		if strings.Trim(fraction[scale:], "0") != "" {
			return "", CodeScale
		}
		fraction = fraction[:scale]
	}
	if len(whole)+scale > MaxDigits {
		return "", CodeRange
	}
	out := whole
	if scale > 0 {
		out += "." + fraction + strings.Repeat("0", scale-len(fraction))
	}
	if negative && strings.Trim(out, "0.") != "" { // there is no minus zero
		out = "-" + out
	}
	return out, ""
}

// normalMoney treats the amount as normalDecimal does, and adds the currency
// where it is left out and can be one only.
func normalMoney(s string, scale int, currencies []string) (string, Code) {
	if len(s) > maxScalar {
		return "", CodeForm
	}
	number, currency, given := strings.Cut(s, " ")
	if !given && len(currencies) == 1 {
		currency = currencies[0]
	}
	amount, code := normalDecimal(number, scale)
	switch {
	case code != "":
		return "", code
	case !isCurrency(currency):
		return "", CodeForm
	case len(currencies) > 0 && !slices.Contains(currencies, currency):
		return "", CodeCurrency
	}
	return amount + " " + currency, ""
}

// isCurrency says whether s has the form of a code of ISO 4217, in use or not.
func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func normalDate(s string) (string, Code) {
	if len(s) != len(time.DateOnly) {
		return "", CodeForm
	}
	// time.Parse knows the calendar and, at this length, takes no other
	// spelling; its year 0000 is not a year.
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return "", CodeForm
	}
	return s, ""
}

// normalDatetime drops a fraction of zeros, as JavaScript writes it, and
// writes a zero offset as Z. Leap seconds, lower case, a space for the T and
// the unknown offset -00:00 of RFC 3339 are refused.
func normalDatetime(s string) (string, Code) {
	const clock = "2006-01-02T15:04:05"
	if len(s) < len(clock)+1 || len(s) > maxScalar {
		return "", CodeForm
	}
	head, offset := s[:len(clock)], s[len(clock):]
	if _, err := time.Parse(clock, head); err != nil {
		return "", CodeForm
	}
	if fraction, ok := strings.CutPrefix(offset, "."); ok {
		offset = strings.TrimLeft(fraction, "0")
		if len(offset) == len(fraction) {
			return "", CodeForm
		}
	}
	switch {
	case offset == "Z", offset == "+00:00":
		offset = "Z"
	case offset == "-00:00", !isOffset(offset):
		return "", CodeForm
	}
	// The instant too lies in the years 1 to 9999, for whoever counts in UTC.
	t, err := time.Parse(time.RFC3339, head+offset)
	if err != nil || t.Year() < 1 || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		return "", CodeForm
	}
	return head + offset, ""
}

// isOffset says whether s is ±hh:mm, below 24 hours and 60 minutes.
func isOffset(s string) bool {
	return len(s) == 6 && (s[0] == '+' || s[0] == '-') && s[3] == ':' &&
		isDigits(s[1:3]) && isDigits(s[4:6]) && s[1:3] < "24" && s[4:6] < "60"
}

var durationUnits = [...]struct {
	name    byte
	seconds int64
}{{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}

// normalDuration takes each unit at most once, largest first, in any amount,
// and carries: "72h" becomes "3d".
func normalDuration(s string) (string, Code) {
	if s == "" || len(s) > maxScalar {
		return "", CodeForm
	}
	var total int64
	rest := s
	for _, unit := range durationUnits {
		end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if end <= 0 || rest[end] != unit.name {
			continue // the next unit, or in the end something is left over
		}
		number := rest[:end]
		rest = rest[end+1:]
		if len(number) > 1 && number[0] == '0' {
			return "", CodeForm
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n > MaxDays*86400/unit.seconds {
			return "", CodeRange
		}
		total += n * unit.seconds
	}
	if rest != "" {
		return "", CodeForm
	}
	if total > MaxDays*86400 {
		return "", CodeRange
	}
	return formatDuration(total), ""
}

func formatDuration(seconds int64) string {
	if seconds == 0 {
		return "0s"
	}
	var out []byte
	for _, unit := range durationUnits {
		if n := seconds / unit.seconds; n > 0 {
			out = append(strconv.AppendInt(out, n, 10), unit.name)
			seconds -= n * unit.seconds
		}
	}
	return string(out)
}
