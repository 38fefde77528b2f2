package entry

import (
	"strings"
	"time"
)

// printable reports whether s has only the characters that a log may hold:
// printable ASCII without " \ < > &, so that it needs no escapes in JSON, in
// HTML or in a shell.
func printable(s string) bool {
	for i := range len(s) {
		switch b := s[i]; {
		case b < 0x20, b > 0x7e, b == '"', b == '\\', b == '<', b == '>', b == '&':
			return false
		}
	}
	return true
}

// isAny reports whether s can stand in a log at all.
func isAny(s string) bool { return s != "" && printable(s) }

// isID reports whether s is an id of a template: [a-z][a-z0-9_]*.
func isID(s string) bool {
	if s == "" || len(s) > maxID || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return only(s, "_")
}

// isCondition reports whether s is a kind and an id with a dot between.
func isCondition(s string) bool {
	kind, id, ok := strings.Cut(s, ".")
	return ok && isID(kind) && isID(id)
}

// only reports whether s has lower-case letters, digits and those of extra.
func only(s, extra string) bool {
	for i := range len(s) {
		b := s[i]
		if (b < 'a' || b > 'z') && (b < '0' || b > '9') && strings.IndexByte(extra, b) < 0 {
			return false
		}
	}
	return true
}

func isHex(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if b := s[i]; (b < '0' || b > '9') && (b < 'a' || b > 'f') {
			return false
		}
	}
	return true
}

func isNonce(s string) bool { return isHex(s, 32) }

// isThumbprint reports whether s can be an RFC 7638 thumbprint or an Ed25519
// key: 32 bytes in base64url, whose last character has two spare bits, zero.
func isThumbprint(s string) bool {
	return len(s) == 43 && isBase64(s) && strings.IndexByte("AEIMQUYcgkosw048", s[42]) >= 0
}

func isBase64(s string) bool {
	for i := range len(s) {
		if !base64Alphabet[s[i]] {
			return false
		}
	}
	return s != ""
}

// base64Alphabet has the characters of base64url: most bytes of a log are some.
var base64Alphabet = func() (is [256]bool) {
	for _, b := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") {
		is[b] = true
	}
	return is
}()

// isJWS reports whether s looks like a compact JWS; package sign reads it.
func isJWS(s string) bool {
	return strings.Count(s, ".") == 2 && isBase64(strings.ReplaceAll(s, ".", ""))
}

// parseTime reads an RFC 3339 time in UTC of whole seconds, in its one spelling, of
// the years 1 to 9999: an entry that is older than the zero time would be older than
// what came before the first.
func parseTime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	var again [len(time.RFC3339)]byte
	return t, err == nil && t.Year() > 0 && string(t.UTC().AppendFormat(again[:0], time.RFC3339)) == s
}

func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// isLanguage reports whether s can be a language tag (BCP 47).
func isLanguage(s string) bool {
	return s != "" && len(s) <= 35 && isBase64(s) && !strings.Contains(s, "_")
}

// isOutcome reports whether s is one of the four outcomes of a condition.
func isOutcome(s string) bool {
	return s == "pass" || s == "fail" || s == "unknown" || s == "error"
}
