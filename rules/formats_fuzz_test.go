package rules

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"
)

// formatOracles are plain transcriptions of grammars, slower and easier to read
// than the checks: what the HTML standard and semver.org print, and the shapes
// that a value of the other formats cannot leave.
var formatOracles = map[string]struct {
	re    *regexp.Regexp
	exact bool // the format is this shape; otherwise it is within it
}{
	"bic":            {regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`), false},
	"country":        {regexp.MustCompile(`^[A-Z]{2}$`), false},
	"currency":       {regexp.MustCompile(`^[A-Z]{3}$`), false},
	"email":          {regexp.MustCompile("^[a-zA-Z0-9.!#$%&'*+\\/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$"), true},
	"hostname":       {regexp.MustCompile(`^[A-Za-z0-9.-]{1,254}$`), false},
	"iban":           {regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`), false},
	"ip":             {regexp.MustCompile(`(?s)^([0-9.]{7,15}|[0-9A-Fa-f:.]{2,45}(%.+)?)$`), false},
	"ip_prefix":      {regexp.MustCompile(`^([0-9.]{7,15}/[0-9]{1,2}|[0-9A-Fa-f:.]{2,45}/[0-9]{1,3})$`), false},
	"pec":            {regexp.MustCompile(`^[!-~]+@[A-Za-z0-9.-]+$`), false},
	"phone":          {regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`), true},
	"postal_code_it": {regexp.MustCompile(`^[0-9]{5}$`), false},
	"sdi":            {regexp.MustCompile(`^[A-Z0-9]{6,7}$`), true},
	"semver":         {regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$`), true},
	"tax_code_it":    {regexp.MustCompile(`^([0-9]{11}|[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z])$`), false},
	"uri":            {regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]*$`), false},
	"uri_ref":        {regexp.MustCompile(`^[!#-;=?-\[\]_a-z~]*$`), false},
	"uuid":           {regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`), true},
	"vat_eu":         {regexp.MustCompile(`^[A-Z]{2}[0-9A-Z*+]{2,12}$`), false},
	"vat_it":         {regexp.MustCompile(`^[0-9]{11}$`), false},
}

// FuzzFormats gives every text to every check: none panics, and what one takes
// has the properties that its format promises.
func FuzzFormats(f *testing.F) {
	for _, cases := range formatCases {
		for _, s := range cases.accept {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) { checkFormats(t, s) })
}

func checkFormats(t *testing.T, s string) {
	if len(formatOracles) != len(formats) {
		t.Fatalf("oracles for %d formats", len(formatOracles))
	}
	for _, f := range formats {
		ok := f.check(s)
		oracle := formatOracles[f.name]
		shape := oracle.re.MatchString(s) && len(s) <= maxFormatLength
		if ok && !shape || oracle.exact && shape != ok {
			t.Errorf("%s: %v for %+q", f.name, ok, s)
		}
		if !ok {
			continue
		}
		switch f.name {
		case "iban", "vat_it": // any wrong digit is found
			for i := range len(s) {
				if isDigit(s[i]) {
					wrong := s[:i] + string('0'+(s[i]-'0'+1)%10) + s[i+1:]
					if f.check(wrong) {
						t.Errorf("%s: both %s and %s", f.name, s, wrong)
					}
				}
			}
		case "bic", "country", "currency", "sdi", "tax_code_it": // one spelling
			if lower := strings.ToLower(s); lower != s && f.check(lower) {
				t.Errorf("%s: both %s and %s", f.name, s, lower)
			}
		case "ip": // what is parsed and printed is an address still
			if addr := netip.MustParseAddr(s); !f.check(addr.String()) {
				t.Errorf("ip: %+q but not %s", s, addr)
			}
		case "uri":
			if !isURIRef(s) {
				t.Errorf("%+q is a URI but no reference", s)
			}
		case "hostname":
			if _, err := netip.ParseAddr(s); err == nil {
				t.Errorf("%s is a host name and an address", s)
			}
		}
	}
}

// TestFormatMutations does with few seeds what the fuzz target does with many:
// every byte in every place of every accepted value, every prefix of it.
func TestFormatMutations(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	tried := 0
	for _, f := range formats {
		for _, s := range formatCases[f.name].accept {
			if len(s) > 64 {
				continue
			}
			for i := range len(s) {
				checkFormats(t, s[:i])
				for _, c := range []byte("\x00\n %+-./09:@AFGZ[]agz~\x80\xff") {
					tried++
					checkFormats(t, s[:i]+string([]byte{c})+s[i+1:])
				}
			}
		}
	}
	if tried < 50_000 {
		t.Errorf("only %d mutations", tried)
	}
	t.Logf("%d mutations", tried)
}
