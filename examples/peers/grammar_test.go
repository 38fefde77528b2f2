package peers

import (
	"regexp"
	"strings"
)

// The grammar of RFC 3986, appendix A, with zones (RFC 6874 in URIs), as regular
// expressions: the third opinion where two implementations differ.
var grammar = expand([]string{"ip", "net", "place", "uri", "ref"}, map[string]string{
	"hex": `[0-9A-Fa-f]`,
	"h16": `<hex>{1,4}`,
	"dec": `(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])`,
	"v4":  `<dec>(\.<dec>){3}`,
	"ls":  `(<h16>:<h16>|<v4>)`,
	"v6": `((<h16>:){6}<ls>|::(<h16>:){5}<ls>|(<h16>)?::(<h16>:){4}<ls>|((<h16>:){0,1}<h16>)?::(<h16>:){3}<ls>` +
		`|((<h16>:){0,2}<h16>)?::(<h16>:){2}<ls>|((<h16>:){0,3}<h16>)?::<h16>:<ls>|((<h16>:){0,4}<h16>)?::<ls>` +
		`|((<h16>:){0,5}<h16>)?::<h16>|((<h16>:){0,6}<h16>)?::)`,
	"bits":  `(0|[1-9][0-9]?|1[01][0-9]|12[0-8])`,
	"ip":    `(<v4>|<v6>(%(?s:.)+)?)`,
	"net":   `(<v4>|<v6>)/<bits>`,
	"place": `\[<v6>(%(?s:.)+)?\](:[0-9]{1,5})?`,

	"pct":       `%<hex><hex>`,
	"free":      `A-Za-z0-9\-._~!$&'()*+,;=`, // unreserved and sub-delims
	"pchar":     `([<free>:@]|<pct>)`,
	"path":      `(/<pchar>*)*`,
	"literal":   `\[(<v6>(%25([A-Za-z0-9._~-]|<pct>)+)?|[vV]<hex>+\.[<free>:]+)\]`,
	"authority": `(([<free>:]|<pct>)*@)?(<literal>|([<free>]|<pct>)*)(:[0-9]*)?`,
	"tail":      `(\?(<pchar>|[/?])*)?(#(<pchar>|[/?])*)?`,
	"uri":       `[A-Za-z][A-Za-z0-9+.-]*:(//<authority><path>|/(<pchar>+<path>)?|<pchar>+<path>|)<tail>`,
	"relative":  `(//<authority><path>|/(<pchar>+<path>)?|([<free>@]|<pct>)+<path>|)<tail>`,
	"ref":       `(<uri>|<relative>)`,
})

// expand compiles the rules of the given names, with others put in for <name>.
func expand(names []string, rules map[string]string) map[string]*regexp.Regexp {
	reference := regexp.MustCompile(`<[a-z0-9]+>`)
	out := map[string]*regexp.Regexp{}
	for _, name := range names {
		s := rules[name]
		for reference.MatchString(s) {
			s = reference.ReplaceAllStringFunc(s, func(r string) string { return rules[strings.Trim(r, "<>")] })
		}
		out[name] = regexp.MustCompile(`^(` + s + `)$`)
	}
	return out
}
