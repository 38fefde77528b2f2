package rules

import (
	"strings"
	"testing"
)

// formatCases are written by hand, for each format: what it takes, and more that
// it does not, each for one reason.
var formatCases = map[string]struct{ accept, refuse []string }{
	"email": {
		accept: []string{
			"a@b", "name@example.com", "Nome.Cognome+ordini@sub.example.it", "a.@example.com", ".a@example.com",
			"a..b@example.com", "!#$%&'*+/=?^_`{|}~-@example.com", "1@2.3", "x@xn--fsq.example",
			"a@" + strings.Repeat("b", 63) + ".it", strings.Repeat("a", 100) + "@example.com",
		},
		refuse: []string{
			"", "a", "@", "a@", "@b", "a@@b", "a@b@c", "a b@example.com", " a@example.com", "a@example.com ",
			"a@example.com\n", "a@example..com", "a@.example.com", "a@example.com.", "a@-example.com", "a@example-.com",
			"a@exa_mple.com", "\"a b\"@example.com", "a@[192.0.2.1]", "a(c)@example.com", "è@example.com", "a@è.example",
			"Nome <a@example.com>", "a@b,c@d", "a\x00@example.com", "a@" + strings.Repeat("b", 64) + ".it", "+390612345678",
		},
	},
	"pec": {
		accept: []string{"nome@pec.example.it"},
		refuse: []string{"", "pec.example.it", "nome@", "nome@pec..it", "M5UXCR1", "0000000"},
	},
	"phone": {
		accept: []string{"+390612345678", "+393331234567", "+6834000", "+123456789012345", "+18005550100"},
		refuse: []string{
			"", "+", "390612345678", "00390612345678", "+39 06 12345678", "+39-06-12345678", "+(39)0612345678",
			"+012345678", "+123456", "+1234567890123456", "++390612345678", "+39061234567a", "+390612345678 ",
			"+390612345678\n", "+٣٩٠٦١٢٣٤٥٦٧٨", "name@example.com", "tel:+390612345678", "+390612345678;ext=1",
		},
	},
	"uri": {
		accept: []string{
			"https://example.com", "http://example.com:8080/a/b;c=1?q=x&r=y#f", "urn:isbn:0451450523", "mailto:a@b.it",
			"file:///etc/hosts", "tel:+390612345678", "a:", "a:b", "a+b-c.1:x", "https://user:pw@example.com/",
			"https://[2001:db8::1]:443/", "https://[v1.a:b]/", "https://[fe80::1%25eth0]/", "http://192.0.2.1",
			"http://999.999.999.999", "http://example.com:", "http://example.com:99999999/", "http://", "http:///a",
			"http://a?b?c/d", "http://a#b?c/d", "http://a/%C3%A8", "http://a/%ff", "http://%C3%A8.it/", "x:a//b", "x:/:@",
			"http://!$&'()*+,;=@a/", "http://a//b",
		},
		refuse: []string{
			"", "example.com", "//example.com", "/a", "a b:c", "1a:b", ":a", "-a:b", "http//a", "https://exam ple.com",
			"http://a/è", "http://è.it", "http://a/%", "http://a/%2", "http://a/%zz", "http://a/\\b", "http://a/<b>",
			"http://a/\"", "http://a/{b}", "http://a/|", "http://a/^", "http://a/`", "http://a/[b]", "http://a?[b]",
			"http://a#b#c", "http://a:8a/", "http://a:8:8/", "http://a@b@c/", "http://[::1", "http://::1/", "http://[]/",
			"http://[::1]a/", "http://[::1]8/", "http://[192.0.2.1]/", "http://[v.a]/", "http://[v1.]/", "http://[vg.a]/",
			"http://[v1a]/", "http://[v1.%61]/", "http://[fe80::1%eth0]/", "http://[fe80::1%25]/", "http://[fe80::1%25a!]/",
			"http://[::1%25%ff]/", "http://%ff/", "http://a/\n", " http://a", "http://a ", "http://a/\x00", "http://a/\x7f",
		},
	},
	"uri_ref": {
		accept: []string{
			"", "https://example.com/a", "//example.com/a", "/a", "a", "../a", ".", "./a:b", "a/b:c", "?q", "#f", "a?b:c",
			"#a:b", "?", "#", "//", "/a//b", "urn:x", "@", "a=b", "%41",
		},
		refuse: []string{
			" ", "a b", ":a", "1:a", "a%:b", "%", "%4", "a#b#c", "[a]", "//[::1", "//a:b", "\\", "<a>", "è", "a\n", "{a}", "//a@b@c",
			"1a:b", "../è", "^", "a|b", "\"", "//%ff", "%4g",
		},
	},
	"hostname": {
		accept: []string{
			"example.com", "EXAMPLE.com", "localhost", "a", "a.", "a-b.c", "a--b", "1a.it", "1.a", "1.2.3.4a", "xn--fsq.it",
			strings.Repeat("a", 63), strings.Repeat("a.", 126) + "a", strings.Repeat("a.", 126) + "a.",
		},
		refuse: []string{
			"", ".", "..", ".a", "a..b", "a..", "-a", "a-", "a.-b", "a_b", "a b", "a:80", "a/b", "https://a", "è.it", "1", "a.1",
			"192.0.2.1", "::1", "[::1]", "a\n", "a\x00", strings.Repeat("a", 64), strings.Repeat("a.", 126) + "aa",
			"a。it", "*.example.com", "a@b",
		},
	},
	"ip": {
		accept: []string{
			"192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "::1", "1::", "2001:db8::1", "2001:DB8:0:0:0:0:0:1",
			"::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1", "fe80::1%eth0", "1:2:3:4:5:6:7::",
		},
		refuse: []string{
			"", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.04", "0x1.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4",
			"1,2,3,4", "1.2.3.4/8", "1.2.3.4:80", "1.2.3.4%a", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
			"12345::", "g::", "[::1]", "::1/64", "::1%", "::1.2.3", "::1.2.3.256", "1:2:3:4:5:6:7:1.2.3.4", "::1\n",
			"2130706433", "example.com", "١.2.3.4", ":1:2:3:4:5:6:7",
		},
	},
	"ip_prefix": {
		accept: []string{"192.0.2.0/24", "192.0.2.7/24", "0.0.0.0/0", "1.2.3.4/32", "::/0", "2001:db8::/32", "::1/128"},
		refuse: []string{
			"", "/", "/24", "192.0.2.0", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/024", "192.0.2.0/+24",
			"192.0.2/24", "192.0.2.0/255.255.255.0", "192.0.2.0 /24", "192.0.2.0/24 ", "192.0.2.0/24/24", "::/129", "::",
			"fe80::%eth0/64", "fe80::/64%eth0", "[::]/64", "1:2/64", "::/0a", "::/64\n",
		},
	},
	"iban": {
		accept: []string{
			"IT60X0542811101000000123456", "DE89370400440532013000", "GB82WEST12345698765432", "NO9386011117947",
			"MT84MALT011000012345MTLCAST001S", "SC18SSCB11010000000000001497USD", "XK051212012345678906",
			"DE97598114953717481302", "DE98003504091779913602", "DE02057122342649832983",
		},
		refuse: []string{
			"", "I", "IT", "IT6", "IT60", "IT61X0542811101000000123456", "it60x0542811101000000123456", "IT60 X0542811101000000123456",
			"IT60 X054 2811 1010 0000 0123 456", "IT60X0542811101000000123456 ", "IBANIT60X0542811101000000123456",
			"IT60X054281110100000012345", "IT60X05428111010000001234560", "IT60X0542811101000000123465", "IT600542811101000000123456X",
			"IT6OX0542811101000000123456", "ZZ60X0542811101000000123456", "US89370400440532013000", "DE8937040044053201300",
			"DE00598114953717481302", "DE01003504091779913602", "DE99057122342649832983", // congruent to those above
			"DE8937040044053201300A", "MRK041694787698127786622412", "GB82WEST1234569876543２", "AÈ82WEST12345698765432",
		},
	},
	"bic": {
		accept: []string{"UNCRITMM", "UNCRITMMXXX", "DEUTDEFF500", "NCBVXKPR", "A1B2IT33", "AGRIFRPP"},
		refuse: []string{
			"", "UNCRITM", "UNCRITMMX", "UNCRITMMXX", "UNCRITMMXXXX", "uncritmm", "UNCRITmm", "UNCR ITMM", "UNCRZZMM", "UNCRI2MM",
			"UNCR1TMM", "UNCR-TMM", "UNCRITMM ", "UNCRITMM\n", "ÙNCRITM", "UNCRXXMM", "UNCREUMM", "UNCRITMM-XX",
		},
	},
	"vat_eu": {
		accept: []string{
			"IT00743110157", "ATU57194903", "BE0697449992", "CZ640903926", "DE136695976", "EL094259216", "ESA13585625",
			"FR61954506077", "FRK7399859412", "IE6433435OA", "IE8D79739I", "LV32123456789", "NL004495445B01", "SE123456789701",
			"XIGD499", "XIHA500", "BG7523169263", "CY10259033P",
			"BG117715162", "BG046875590", "LT859213218", "LT781571210", // second weights; their remainder of 10 too
		},
		refuse: []string{
			"", "I", "IT", "IT0", "AT", "ATU", "00743110157", "IT00743110158", "it00743110157", "IT 00743110157", "IT-00743110157",
			"IT00743110157 ", "GB980780684", "GR094259216", "US123456789", "CHE107787577", "ATU5719490", "ATU57194904", "AT057194903",
			"BE697449992", "BE2697449992", "BE0000000000", "CY12000139V", "CZ64090392", "DE036695976", "EL000000000", "FR6I954506077",
			"FR6O954506077", "FR62954506077", "IE6433435E", "IE8?79739J", "IE8D79739IA", "LV3212345678", "NL004495445A01", "NL004495445B00",
			"NL000000000B01", "PL0000000000", "ROXX", "RO1", "SE123456789702", "SI00000000", "XIGD500", "XIHA499", "XI000000000", "XIGDX99",
			"EE000000000", "FI00000000", "HU00000000", "LV00000000000", "BG0000000000", "CZ000000000",
			"EU528003646", "IM123456789", "BE0000000097x", "SI1000000", "BG117715160", "BG046875591", "LT859213210", "LT781571211",
		},
	},
	"vat_it": {
		accept: []string{"00743110157", "12345670017", "80078750587"},
		refuse: []string{
			"", "0", "IT00743110157", "00743110158", "0743110157", "000743110157", "00743110157 ", " 00743110157", "007 43110157",
			"00000000000", "00000000018", "12345671015", "0074311015A", "OO743110157", "００743110157", "+0743110157", "-0743110157",
		},
	},
	"tax_code_it": {
		accept: []string{
			"RSSMRA85T10A562S", "RCCMNL83S18D969H", "CNTCHR83T41D969D", "00743110157", "80078750587",
			"RSSMRA00B29A562" + string(taxCheck("RSSMRA00B29A562")), // 29 February 2000
			"RSSMRA84B69A562" + string(taxCheck("RSSMRA84B69A562")), // a woman's
			"RSSMRA8RT10A562" + string(taxCheck("RSSMRA8RT10A562")), // one letter for a digit
			"RSSMRAURTMLARSN" + string(taxCheck("RSSMRAURTMLARSN")), // all seven
		},
		refuse: []string{
			"", "RSSMRA85T10A562", "RSSMRA85T10A562SS", "RSSMRA85T10A562T", "rssmra85t10a562s", "RSS MRA 85T10 A562S",
			"RSSMRA85T10A562S ", "RSSMRA85T10A5620", "00743110158", "IT00743110157",
			"RSSMRA85B29A562" + string(taxCheck("RSSMRA85B29A562")), // 29 February 1985
			"RSSMRA84B70A562" + string(taxCheck("RSSMRA84B70A562")), // 30 February
			"RSSMRA85D31A562" + string(taxCheck("RSSMRA85D31A562")), // 31 April
			"RSSMRA85T00A562" + string(taxCheck("RSSMRA85T00A562")), // day 0
			"RSSMRA85T32A562" + string(taxCheck("RSSMRA85T32A562")), // day 32
			"RSSMRA85T40A562" + string(taxCheck("RSSMRA85T40A562")), // a woman's day 0
			"RSSMRA85T72A562" + string(taxCheck("RSSMRA85T72A562")), // a woman's day 32
			"RSSMRA85T81A562" + string(taxCheck("RSSMRA85T81A562")), // 40 added twice
			"RSSMRA85F10A562" + string(taxCheck("RSSMRA85F10A562")), // F is no month
			"RSSMRA8ST10Z5O2" + string(taxCheck("RSSMRA8ST10Z5O2")), // O stands for no digit
			"RSSMR185T10A562" + string(taxCheck("RSSMR185T10A562")), // a digit in the name
			"RSSMRA85T101562" + string(taxCheck("RSSMRA85T101562")), // a digit for the place's letter
		},
	},
	"sdi": {
		accept: []string{"M5UXCR1", "0000000", "XXXXXXX", "UFABCD", "1234567"},
		refuse: []string{"", "M5UXC", "M5UXCR12", "m5uxcr1", "M5UX CR", "M5UXCR ", "M5UXCR\n", "M5-XCR1", "ÈUXCR1", "nome@pec.it"},
	},
	"postal_code_it": {
		accept: []string{"00184", "20121", "00010", "98168", "47890"},
		refuse: []string{"", "0", "0018", "001840", "00009", "00000", "98169", "99999", "I-00184", "00 184", "00184 ", "0018A", "٠٠١٨٤"},
	},
	"country": {
		accept: []string{"IT", "DE", "GB", "AD", "ZW", "SS", "BQ"},
		refuse: []string{"", "I", "it", "It", "ITA", "380", "UK", "EU", "XK", "EL", "XX", "ZZ", "AA", "SU", "AN", "YU", "T ", " I", "È", "AD AE"},
	},
	"currency": {
		accept: []string{"EUR", "USD", "AED", "ZWG", "XCG", "XAD", "SLE", "VED", "XXX"},
		refuse: []string{"", "EU", "eur", "Eur", "EURO", "978", "€", "ITL", "BGN", "HRK", "ANG", "ZWL", "CUC", "SLL", "BTC", "ZZZ", "UR ", "AED AFN"},
	},
	"uuid": {
		accept: []string{
			"123e4567-e89b-42d3-a456-426614174000", "123E4567-E89B-42D3-A456-426614174000", "00000000-0000-0000-0000-000000000000",
			"ffffffff-ffff-ffff-ffff-ffffffffffff", "01890a5d-ac96-774b-bcce-b302099a8057",
		},
		refuse: []string{
			"", "123e4567e89b42d3a456426614174000", "{123e4567-e89b-42d3-a456-426614174000}", "urn:uuid:123e4567-e89b-42d3-a456-426614174000",
			"123e4567-e89b-42d3-a456-42661417400", "123e4567-e89b-42d3-a456-4266141740000", "123g4567-e89b-42d3-a456-426614174000",
			"123e4567-e89b-42d3-a4564-26614174000", "123e4567_e89b_42d3_a456_426614174000", "123e4567-e89b-42d3-a456-426614174000 ",
			"123e4567 e89b-42d3-a456-426614174000", "-23e4567-e89b-42d3-a456-426614174000",
		},
	},
	"semver": {
		accept: []string{
			"0.0.0", "1.2.3", "10.20.30", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0.3.7", "1.0.0-x-y-z.--", "1.0.0-0a", "1.0.0--",
			"1.0.0+001", "1.0.0-beta+exp.sha.5114f85", "1.0.0+21AF26D3----117B344092BD", "99999999999999999999999.0.0", "1.0.0+-",
		},
		refuse: []string{
			"", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.02.3", "1.2.03", "1.2.3-", "1.2.3+", "1.2.3-01", "1.2.3-a.01", "1.2.3-a..b",
			"1.2.3+a..b", "1.2.3+a+b", "1.2.3-a_b", "1.2.3-è", " 1.2.3", "1.2.3 ", "1.2.3\n", "1..3", ".1.2", "1.2.", "-1.2.3", "+1.2.3",
			"1.2-3.4", "1.2.x", "1.2.3-.", "a.b.c", "1.2+3.4",
		},
	},
}

func TestFormatCases(t *testing.T) {
	if len(formatCases) != len(formats) {
		t.Errorf("cases for %d formats of %d", len(formatCases), len(formats))
	}
	accepted, refused := 0, 0
	for _, f := range formats {
		cases := formatCases[f.name]
		if len(cases.accept) == 0 || len(cases.refuse) <= len(cases.accept) {
			t.Errorf("%s: %d values to accept, %d to refuse", f.name, len(cases.accept), len(cases.refuse))
		}
		for _, s := range cases.accept {
			accepted++
			if !f.check(s) {
				t.Errorf("%s refuses %+q", f.name, s)
			}
		}
		for _, s := range cases.refuse {
			refused++
			if f.check(s) {
				t.Errorf("%s accepts %+q", f.name, s)
			}
		}
	}
	t.Logf("%d formats, %d values accepted, %d refused", len(formats), accepted, refused)
}
