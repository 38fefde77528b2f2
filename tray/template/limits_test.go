package template

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/rules"
)

func id(prefix string, n int) string {
	return prefix + strings.Repeat("x", n-len(prefix))
}

// Each bound holds: what lies at it is taken, one more is refused, by a problem
// of its own at the right place.
func TestLimits(t *testing.T) {
	field := func(n int) rules.Field { return rules.Field{Name: fmt.Sprintf("f%d", n), Kind: rules.KindBoolean} }
	tests := []struct {
		name  string
		bound int
		path  string
		code  Code
		set   func(d *Definition, n int)
	}{
		{"template's name", maxName, "template", CodeName, func(d *Definition, n int) { d.Name = id("t", n) }},
		{"version", maxVersion, "version", CodeValue, func(d *Definition, n int) { d.Version = n }},
		{"language", maxLanguage, "title.en-xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxx", CodeName, func(d *Definition, n int) {
			d.Title = rules.Text{("en" + strings.Repeat("-xxxxxxxx", 5))[:n]: "x"}
		}},
		{"languages", maxLanguages, "title", CodeLimit, func(d *Definition, n int) {
			d.Title = rules.Text{}
			for i := range n {
				d.Title[fmt.Sprintf("en-%03d", i)] = "x"
			}
		}},
		{"title", maxText, "roles.employee.title.en", CodeLimit, func(d *Definition, n int) {
			d.Roles[0].Title = rules.Text{"en": strings.Repeat("x", n)}
		}},
		{"declaration", maxDeclaration, "signatures.s.declare.en", CodeLimit, func(d *Definition, n int) {
			signatures(d, 1)
			d.Signatures[0].Name, d.Lifecycle.Events[0].Signed = "s", []string{"s"}
			d.Signatures[0].Declare = rules.Text{"en": strings.Repeat("x", n)}
		}},
		{"roles", maxRoles, "roles", CodeLimit, func(d *Definition, n int) {
			for i := len(d.Roles); i < n; i++ {
				d.Roles = append(d.Roles, Role{Name: fmt.Sprintf("r%d", i)})
				d.Roles[0].Manages = append(d.Roles[0].Manages, fmt.Sprintf("r%d", i))
			}
		}},
		{"role's name", maxName, "roles[2]", CodeName, func(d *Definition, n int) {
			d.Roles = append(d.Roles, Role{Name: id("r", n), Manages: []string{id("r", n)}})
		}},
		{"sections", maxSections, "sections", CodeLimit, func(d *Definition, n int) {
			for i := len(d.Sections); i < n; i++ {
				d.Sections = append(d.Sections, Section{Name: fmt.Sprintf("s%d", i), Public: true, Fields: []rules.Field{field(0)}})
			}
		}},
		{"fields", maxFields, "sections", CodeLimit, func(d *Definition, n int) {
			for i := range n - 3 { // there are three
				if i%150 == 0 {
					d.Sections = append(d.Sections, Section{Name: fmt.Sprintf("s%d", i), Public: true})
				}
				s := &d.Sections[len(d.Sections)-1]
				s.Fields = append(s.Fields, field(i))
			}
		}},
		{"fields inside records", maxFields, "sections", CodeLimit, func(d *Definition, n int) {
			for i := range (n - 3) / 3 {
				if i%50 == 0 {
					d.Sections = append(d.Sections, Section{Name: fmt.Sprintf("s%d", i), Public: true})
				}
				s := &d.Sections[len(d.Sections)-1]
				f := field(i)
				if f.Kind = rules.KindRecord; i%2 == 0 {
					f.Fields = []rules.Field{field(0), field(1)}
				} else {
					f.Kind, f.Of = rules.KindList, &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{field(0), field(1)}}
				}
				s.Fields = append(s.Fields, f)
			}
			for i := range (n - 3) % 3 {
				d.Sections[1].Fields = append(d.Sections[1].Fields, field(i))
			}
		}},
		{"nesting", maxDepth, "sections.answer.fields.remark.fields.f.fields.f.fields.f.fields.f.fields", CodeLimit, func(d *Definition, n int) {
			f := rules.Field{Name: "f", Kind: rules.KindBoolean}
			for range n {
				f = rules.Field{Name: "f", Kind: rules.KindRecord, Fields: []rules.Field{f}}
			}
			f.Name = "remark"
			d.Sections[1].Fields[0] = f
		}},
		{"rules", maxRules, "rules", CodeLimit, func(d *Definition, n int) {
			for i := range n {
				d.Rules = append(d.Rules, Rule{Rule: rules.Rule{ID: fmt.Sprintf("r%d", i), Expr: "request.days > 0"}})
			}
		}},
		{"states", maxStates, "lifecycle.states", CodeLimit, func(d *Definition, n int) {
			for i := len(d.Lifecycle.States); i < n; i++ {
				name := fmt.Sprintf("s%d", i)
				d.Lifecycle.States = append(d.Lifecycle.States, State{Name: name})
				d.Lifecycle.Events[1].From = append(d.Lifecycle.Events[1].From, name)
				if len(d.Lifecycle.Events) < maxEvents {
					d.Lifecycle.Events = append(d.Lifecycle.Events, Event{Name: fmt.Sprintf("e%d", i), From: []string{"draft"}, To: name, By: []string{"employee"}})
				}
			}
		}},
		{"events", maxEvents, "lifecycle.events", CodeLimit, func(d *Definition, n int) {
			for i := len(d.Lifecycle.Events); i < n; i++ {
				d.Lifecycle.Events = append(d.Lifecycle.Events, Event{Name: fmt.Sprintf("e%d", i), From: []string{"draft"}, To: "draft", By: []string{"employee"}})
			}
		}},
		{"signatures", maxSignatures, "signatures", CodeLimit, signatures},
		{"quorum", maxQuorum, "signatures.s0.quorum", CodeValue, func(d *Definition, n int) {
			signatures(d, 1)
			d.Signatures[0].Quorum = fmt.Sprint(n)
		}},
		{"holidays", maxHolidays, "holidays", CodeLimit, func(d *Definition, n int) {
			for i := range n {
				d.Holidays = append(d.Holidays, time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
			}
		}},
		{"days of a state", maxDue, "lifecycle.states.waiting.due", CodeValue, func(d *Definition, n int) {
			d.Lifecycle.States[1].Due = fmt.Sprintf("%dd", n)
		}},
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := tidy()
			test.set(&d, test.bound)
			tpl, err := Compile(d)
			if err != nil {
				t.Fatalf("at the bound of %d: %v", test.bound, err)
			}
			if _, err := Parse(tpl.Canonical()); err != nil {
				t.Fatalf("at the bound of %d, parsed: %v", test.bound, err)
			}
			d = tidy()
			test.set(&d, test.bound+1)
			_, err = Compile(d)
			for _, p := range problemsOf(t, err) {
				if p.Path == test.path && p.Code == test.code {
					return
				}
			}
			t.Errorf("one past the bound of %d, want a problem at %s:\n%v", test.bound, test.path, err)
		})
	}
}

func signatures(d *Definition, n int) {
	for i := range n {
		name := fmt.Sprintf("s%d", i)
		d.Signatures = append(d.Signatures, Signature{Name: name, By: "employee", Covers: []string{"request"}, Declare: rules.Text{"en": "so it is"}})
		d.Lifecycle.Events[0].Signed = append(d.Lifecycle.Events[0].Signed, name)
	}
}

func TestLimitOfYAML(t *testing.T) {
	text := readText(t, "leave.yaml")
	text += "#" + strings.Repeat("x", maxSize-len(text)-1)
	if _, err := loadText(text); err != nil {
		t.Errorf("%d bytes: %v", len(text), err)
	}
	_, err := loadText(text + "x")
	if p := problemsOf(t, err); p[0].Code != CodeLimit {
		t.Errorf("%d bytes: %v", len(text)+1, err)
	}
}

func TestLimitOfCanonical(t *testing.T) {
	d := tidy()
	for i := range 136 { // most of the bytes; the rest goes where there is room
		d.Sections[1].Fields = append(d.Sections[1].Fields, rules.Field{
			Name: fmt.Sprintf("f%d", i), Kind: rules.KindBoolean, Help: rules.Text{"en": strings.Repeat("x", 1800)},
		})
	}
	last := &d.Sections[1].Fields[136]
	last.Help = rules.Text{"en": "x"}
	tpl, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	missing := maxSize - len(tpl.canonical)
	if missing < 0 || missing > 100*(maxText-1800) {
		t.Fatalf("%d bytes are missing", missing)
	}
	for i := range 100 {
		more := min(missing, maxText-1800)
		d.Sections[1].Fields[1+i].Help["en"] += strings.Repeat("x", more)
		missing -= more
	}
	if tpl, err = Compile(d); err != nil || len(tpl.canonical) != maxSize {
		t.Fatalf("at the bound: %v", err)
	}
	if _, err := Parse(tpl.Canonical()); err != nil {
		t.Errorf("at the bound, parsed: %v", err)
	}
	last.Help = rules.Text{"en": "xx"}
	_, err = Compile(d)
	if p := problemsOf(t, err); p[0].Code != CodeLimit {
		t.Errorf("one past the bound: %v", err)
	}
	_, err = Parse(append(tpl.Canonical(), ' '))
	if p := problemsOf(t, err); p[0].Code != CodeLimit {
		t.Errorf("one past the bound, parsed: %v", err)
	}
}

func TestLimitOfProblems(t *testing.T) {
	for _, n := range []int{maxProblems - 1, maxProblems, maxProblems + 1, 3 * maxProblems} {
		d := tidy()
		for i := range n {
			d.Holidays = append(d.Holidays, fmt.Sprintf("no date %d", i))
		}
		_, err := Compile(d)
		if p := problemsOf(t, err); len(p) != min(n, maxProblems) {
			t.Errorf("%d mistakes, %d problems", n, len(p))
		}
	}
}

// A list longer than there are things to name is not looked at name by name: what
// repeats one, thousands of times, would keep a reader busy.
func TestLimitOfNames(t *testing.T) {
	for name, set := range map[string]func(d *Definition, names []string){
		"roles.employee.manages":  func(d *Definition, names []string) { d.Roles[0].Manages = names },
		"sections.request.write":  func(d *Definition, names []string) { d.Sections[0].Write = names },
		"sections.request.per":    func(d *Definition, names []string) { d.Sections[0].Per = names },
		"sections.request.attest": func(d *Definition, names []string) { d.Sections[0].Attest = names },
		"notes":                   func(d *Definition, names []string) { d.Notes = names },
		"lifecycle.events.ask.by": func(d *Definition, names []string) { d.Lifecycle.Events[0].By = names },
		"sections.request.read": func(d *Definition, names []string) {
			d.Sections[0].Read = nil
			for _, name := range names {
				d.Sections[0].Read = append(d.Sections[0].Read, Reader{Role: name})
			}
		},
		"lifecycle.states.draft.edit": func(d *Definition, names []string) {
			for _, name := range names {
				d.Lifecycle.States[0].Edit = append(d.Lifecycle.States[0].Edit, Edit{Role: name, Sections: []string{"request"}})
			}
		},
	} {
		d := tidy()
		set(&d, slices.Repeat([]string{"employee"}, maxNamed+1))
		_, err := Compile(d)
		found := false
		for _, p := range problemsOf(t, err) {
			found = found || p.Path == name && p.Code == CodeLimit
			if strings.HasPrefix(p.Path, name+"[") {
				t.Errorf("%s: %v", name, p)
			}
		}
		if !found {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := tidy()
	d.Notes = slices.Repeat([]string{"employee"}, maxNamed)
	_, err := Compile(d)
	if p := problemsOf(t, err); len(p) != maxNamed-1 || p[0].Code != CodeDuplicate {
		t.Errorf("at the bound: %v", err)
	}
}
