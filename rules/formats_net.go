package rules

import (
	"net/netip"
	"strings"
)

// isEmail follows the definition of the HTML standard ("valid e-mail address"),
// as protovalidate's isEmail does: a local part without quotes or comments, one
// @, a domain of labels. Dots are free in the local part, since real mailboxes
// put them anywhere. It says nothing about whether the mailbox exists.
func isEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || !consistsOf(local, isMailbox) {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

func isMailbox(c byte) bool {
	return isAlphaNum(c) || strings.IndexByte(".!#$%&'*+/=?^_`{|}~-", c) >= 0
}

// isLabel reports whether s is one label of a host name: up to 63 letters, digits
// and inner hyphens (RFC 1123, section 2.1).
func isLabel(s string) bool {
	return len(s) <= 63 && consistsOf(s, func(c byte) bool { return isAlphaNum(c) || c == '-' }) &&
		s[0] != '-' && s[len(s)-1] != '-'
}

// isHostname accepts a host name of RFC 1123, at most 253 bytes, in any letter
// case, with or without a final dot, which does not count. The last label is not all digits, or an
// IPv4 address would be a host name (RFC 1123, section 2.1).
func isHostname(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if len(s) > 253 {
		return false
	}
	last := ""
	for label := range strings.SplitSeq(s, ".") {
		if !isLabel(label) {
			return false
		}
		last = label
	}
	return !consistsOf(last, isDigit)
}

// isHostAndPort accepts a host name, an IPv4 address or an IPv6 address in
// brackets, then a colon and a port, which may be missing unless required.
func isHostAndPort(s string, required bool) bool {
	host, port, hasPort := s, "", false
	if strings.HasPrefix(s, "[") {
		end := strings.LastIndexByte(s, ']') // a zone may hold one, a port may not
		if end < 0 || !isIPVersion(s[1:end], 6) {
			return false
		}
		port, hasPort = strings.CutPrefix(s[end+1:], ":")
		if !hasPort && port != "" {
			return false
		}
	} else {
		host, port, hasPort = strings.Cut(s, ":")
		if !isHostname(host) && !isIPVersion(host, 4) {
			return false
		}
	}
	if !hasPort {
		return !required
	}
	return isPort(port)
}

// isPort accepts 0 to 65535 without leading zeros.
func isPort(s string) bool {
	return len(s) <= 5 && consistsOf(s, isDigit) && (s == "0" || s[0] != '0') && digitsValue(s) <= 65535
}

// isIP accepts an IPv4 address in four decimal parts without leading zeros, or an
// IPv6 address (RFC 4291, section 2.2), with or without a zone (RFC 4007).
func isIP(s string) bool { return isIPVersion(s, 0) }

// isIPVersion is [isIP] for version 4 or 6 alone, or for both if version is 0.
func isIPVersion(s string, version int64) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && hasVersion(addr, version)
}

// isIPPrefix accepts an address without a zone, a slash, and the number of bits
// of the prefix. Bits after the prefix may be set: 192.0.2.7/24 tells a host and
// its network at once.
func isIPPrefix(s string) bool { return isIPPrefixVersion(s, 0, false) }

// isIPPrefixVersion is [isIPPrefix] for version 4 or 6 alone, or for both if
// version is 0; strict also refuses bits that are set after the prefix.
func isIPPrefixVersion(s string, version int64, strict bool) bool {
	prefix, err := netip.ParsePrefix(s)
	return err == nil && hasVersion(prefix.Addr(), version) && (!strict || prefix == prefix.Masked())
}

func hasVersion(addr netip.Addr, version int64) bool {
	switch version {
	case 0:
		return true
	case 4:
		return addr.Is4()
	case 6:
		return addr.Is6()
	}
	return false
}
