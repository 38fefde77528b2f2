package template

import (
	"errors"
	"fmt"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// TestRoom fills an entry with what an event, a signature and a write list for
// every instance, and with one thing more.
func TestRoom(t *testing.T) {
	// bids adds sections that each employee has an instance of.
	bids := func(d *Definition, n int, public bool) (names []string) {
		for i := range n {
			s := Section{Name: fmt.Sprintf("b%d", i), Per: []string{"employee"}, Public: public, Write: []string{Self}, Fields: []rules.Field{{Name: "n", Kind: rules.KindInteger}}}
			if !public {
				s.Read = []Reader{{Role: Self}, {Role: "manager"}}
			}
			d.Sections = append(d.Sections, s)
			names = append(names, s.Name)
		}
		d.Lifecycle.States[0].Edit[0].Sections = append([]string{"request"}, names...)
		return names
	}
	signed := func(by string) func(*Definition, int) {
		return func(d *Definition, n int) {
			d.Signatures = []Signature{{Name: "s", By: by, Covers: bids(d, n, false), Declare: rules.Text{"en": "so it is"}}}
			d.Lifecycle.Events[1].Signed = []string{"s"}
		}
	}
	for _, c := range []struct {
		name string
		most int
		path string // of the problem with one more; "" for none
		set  func(*Definition, int)
	}{
		{"validity at an event", 10, "lifecycle.events.ask", func(d *Definition, n int) { d.Lifecycle.Events[0].Valid = bids(d, n, false) }},
		{"facts, attested and fired in one entry", 3, "lifecycle.events.ask", func(d *Definition, n int) {
			for i, name := range bids(d, n, false) {
				d.Rules = append(d.Rules, Rule{Rule: rules.Rule{ID: fmt.Sprintf("r%d", i), Expr: name + `.n > 0 || state == "draft"`, At: []string{"ask"}}})
			}
			d.Lifecycle.Events[0].By = []string{"employee", "manager"}
		}},
		{"a signature over all", 6, "signatures.s", signed("manager")},
		{"a signature over one's own", 40, "", signed("employee")},
		{"a write that is compared for each", 4, "sections.notice", func(d *Definition, n int) {
			d.Sections = append(d.Sections, Section{Name: "notice", Public: true, Write: []string{"manager"}, Fields: []rules.Field{{Name: "limit", Kind: rules.KindInteger}}})
			d.Lifecycle.States[1].Edit[0].Sections = []string{"answer", "notice"}
			for i, name := range bids(d, n, true) {
				d.Rules = append(d.Rules, Rule{Rule: rules.Rule{ID: fmt.Sprintf("r%d", i), Expr: "notice.limit >= old.notice.limit || " + name + ".n > 0"}})
			}
		}},
	} {
		for n, path := range map[int]string{c.most: "", c.most + 1: c.path} {
			d := tidy()
			c.set(&d, n)
			_, err := Compile(d)
			var wrong Problems
			switch {
			case path == "":
				if err != nil {
					t.Errorf("%s: %d are refused: %v", c.name, n, err)
				}
			case !errors.As(err, &wrong) || len(wrong) != 1 || wrong[0].Path != path || wrong[0].Code != CodeLimit || wrong[0].Suggestion == "":
				t.Errorf("%s: %d: %v", c.name, n, err)
			}
			if path != "" { // prudence: a tray of it is valid
				if _, err := compile(d, frozen, newReport(nil)); err != nil {
					t.Errorf("%s, frozen: %v", c.name, err)
				}
			}
		}
	}
}
