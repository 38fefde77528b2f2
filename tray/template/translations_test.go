package template

import (
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// A language that is misspelt is told where it stands, not at all the texts that
// are right; one that is not near another is one.
func TestMisspeltLanguage(t *testing.T) {
	for _, c := range []struct {
		lang string
		want []string
	}{
		{"ita", []string{`roles.manager.title: no other text is in ita; did you mean "it"?`}},
		{"it", nil},
		{"de", []string{"roles.employee.title: the text is missing in de", "roles.manager.title: the text is missing in it"}},
	} {
		tpl, err := Compile(with(func(d *Definition) {
			both := rules.Text{"en": "a", "it": "b"}
			d.Title, d.Roles[0].Title = both, both
			d.Sections[0].Title, d.Sections[1].Title = both, both
			d.Roles[1].Title = rules.Text{"en": "a", c.lang: "b"}
		}))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range tpl.Warnings() {
			if w.Code == CodeLanguage {
				got = append(got, w.Path+": "+strings.TrimSuffix(w.Message+"; "+w.Suggestion, "; "))
			}
		}
		missing := slices.ContainsFunc(c.want, func(w string) bool { return !slices.Contains(got, w) })
		if missing || len(c.want) == 0 && len(got) > 0 || len(c.want) == 1 && len(got) != 1 {
			t.Errorf("%s: %q, want %q", c.lang, got, c.want)
		}
	}
}
