package rules

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"
)

// isURI accepts a URI of RFC 3986, section 3: with a scheme, and with nothing
// that should have been percent-encoded. net/url is of no use here, since it
// repairs what it reads.
func isURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	return ok && isScheme(scheme) && isHierarchy(rest)
}

// isURIRef accepts a URI, or a reference relative to one (RFC 3986, section 4.1).
func isURIRef(s string) bool {
	if isURI(s) {
		return true
	}
	// A colon in the first segment would make what stands before it a scheme.
	end := strings.IndexAny(s, "/?#")
	if end < 0 {
		end = len(s)
	}
	return !strings.Contains(s[:end], ":") && isHierarchy(s)
}

func isScheme(s string) bool {
	return s != "" && isAlpha(s[0]) && consistsOf(s, func(c byte) bool {
		return isAlphaNum(c) || c == '+' || c == '-' || c == '.'
	})
}

// isHierarchy accepts what follows the scheme: authority, path, query, fragment.
func isHierarchy(s string) bool {
	s, fragment, _ := strings.Cut(s, "#")
	s, query, _ := strings.Cut(s, "?")
	if !isEncoded(fragment, ":@/?") || !isEncoded(query, ":@/?") {
		return false
	}
	if authority, ok := strings.CutPrefix(s, "//"); ok {
		s = ""
		if i := strings.IndexByte(authority, '/'); i >= 0 {
			authority, s = authority[:i], authority[i:]
		}
		if !isAuthority(authority) {
			return false
		}
	}
	return isEncoded(s, ":@/")
}

// isAuthority accepts [userinfo @] host [: port] (RFC 3986, section 3.2).
func isAuthority(s string) bool {
	if user, host, ok := strings.Cut(s, "@"); ok {
		if !isEncoded(user, ":") {
			return false
		}
		s = host
	}
	if literal, ok := strings.CutPrefix(s, "["); ok {
		literal, port, ok := strings.Cut(literal, "]")
		return ok && isIPLiteral(literal) && (port == "" || port[0] == ':' && isURIPort(port[1:]))
	}
	host, port, _ := strings.Cut(s, ":")
	return isName(host) && isURIPort(port)
}

// isName accepts a registered name, the octets of which are UTF-8 (RFC 3986,
// section 3.2.2).
func isName(s string) bool {
	if !isEncoded(s, "") {
		return false
	}
	name, err := url.PathUnescape(s)
	return err == nil && utf8.ValidString(name)
}

// isURIPort accepts any number of digits, none included: RFC 3986 has no bound.
func isURIPort(s string) bool { return s == "" || consistsOf(s, isDigit) }

// isIPLiteral accepts what may stand in brackets: an IPv6 address, with a zone
// after %25 (RFC 6874), or an address of a version to come.
func isIPLiteral(s string) bool {
	if s != "" && s[0]|0x20 == 'v' {
		version, address, ok := strings.Cut(s[1:], ".")
		return ok && consistsOf(version, isHex) && address != "" &&
			isEncoded(address, ":") && !strings.Contains(address, "%")
	}
	address, zone, zoned := strings.Cut(s, "%25")
	if zoned && (zone == "" || !isName(zone) || strings.ContainsAny(zone, subDelims)) {
		return false
	}
	ip, err := netip.ParseAddr(address)
	return err == nil && ip.Is6() && ip.Zone() == ""
}

const subDelims = "!$&'()*+,;="

// isEncoded reports whether s consists of unreserved characters, sub-delimiters,
// percent-encoded octets (RFC 3986, section 2) and the bytes of extra. It may be
// empty.
func isEncoded(s, extra string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		case isAlphaNum(c), strings.IndexByte("-._~", c) >= 0,
			strings.IndexByte(subDelims, c) >= 0, strings.IndexByte(extra, c) >= 0:
		default:
			return false
		}
	}
	return true
}
