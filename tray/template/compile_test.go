package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// tidy is a small definition that nothing is wrong with.
func tidy() Definition {
	return Definition{
		Name:    "leave",
		Version: 1,
		Roles: []Role{
			{Name: "employee", Manages: []string{"employee", "manager"}},
			{Name: "manager"},
		},
		Sections: []Section{
			{
				Name:  "request",
				Read:  []Reader{{Role: "employee"}, {Role: "manager"}},
				Write: []string{"employee"},
				Fields: []rules.Field{
					{Name: "from", Kind: rules.KindDate, Required: true},
					{Name: "days", Kind: rules.KindInteger, Min: "1", Max: "30", Required: true},
				},
			},
			{
				Name:   "answer",
				Read:   []Reader{{Role: "employee"}, {Role: "manager"}},
				Write:  []string{"manager"},
				Fields: []rules.Field{{Name: "remark", Kind: rules.KindText}},
			},
		},
		Lifecycle: Lifecycle{
			Initial: "draft",
			States: []State{
				{Name: "draft", Edit: []Edit{{Role: "employee", Sections: []string{"request"}}}},
				{Name: "waiting", Edit: []Edit{{Role: "manager", Sections: []string{"answer"}}}, Due: "72h"},
				{Name: "granted", Final: true},
				{Name: "refused", Final: true},
			},
			Events: []Event{
				{Name: "ask", From: []string{"draft"}, To: "waiting", By: []string{"employee"}, Valid: []string{"request"}},
				{Name: "grant", From: []string{"waiting"}, To: "granted", By: []string{"manager"}},
				{Name: "refuse", From: []string{"waiting"}, To: "refused", By: []string{"manager"}, Reason: &Reason{Required: true}},
			},
		},
	}
}

func TestCompileIsLoad(t *testing.T) {
	fromGo, err := Compile(tidy())
	if err != nil {
		t.Fatal(err)
	}
	if fromYAML := loadFile(t, "leave.yaml"); fromGo.Digest() != fromYAML.Digest() {
		t.Errorf("%s\n%s", fromGo.Canonical(), fromYAML.Canonical())
	}
}

// Load, Compile and Parse lead to the same template, and back.
func TestThreeWays(t *testing.T) {
	for _, name := range []string{"leave.yaml", "order.yaml", "everything.yaml"} {
		loaded := loadFile(t, name)
		compiled, err := Compile(loaded.Definition())
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := Parse(loaded.Canonical())
		if err != nil {
			t.Fatal(err)
		}
		for way, other := range map[string]*Template{"Compile": compiled, "Parse": parsed} {
			if !bytes.Equal(other.Canonical(), loaded.Canonical()) || other.Digest() != loaded.Digest() {
				t.Errorf("%s: %s leads to another template", name, way)
			}
			if !reflect.DeepEqual(other.def, loaded.def) || !reflect.DeepEqual(other.Definition(), loaded.Definition()) {
				t.Errorf("%s: %s leads to another definition", name, way)
			}
		}
		if len(parsed.Warnings()) != 0 {
			t.Errorf("%s: Parse judges", name)
		}
	}
}

func TestCompileLeavesTheCallersAlone(t *testing.T) {
	d := tidy()
	before, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	tpl, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := json.Marshal(d); !bytes.Equal(before, after) {
		t.Errorf("Compile changed its argument:\n%s\n%s", before, after)
	}
	canonical := tpl.Canonical()
	d.Sections[0].Fields[0].Name = "changed"
	d.Sections[0].Read[0].Role = "manager"
	d.Lifecycle.Events[0].Valid[0] = "answer"
	copied := tpl.Definition()
	copied.Roles[0].Manages[0] = "manager"
	copied.Sections[0].Fields[0].Name = "changed"
	tpl.Canonical()[0] = 'x'
	again, err := encode(&tpl.def)
	if err != nil || !bytes.Equal(again, canonical) || !bytes.Equal(tpl.Canonical(), canonical) {
		t.Errorf("a copy was none: %v", err)
	}
}

// Mistakes that only a definition in Go can hold, each refused at its path.
func TestCompileRefuses(t *testing.T) {
	circle := &rules.Field{Kind: rules.KindList}
	circle.Of = circle
	tests := []struct {
		name   string
		change func(*Definition)
		path   string
		code   Code
	}{
		{"format of tomorrow", func(d *Definition) { d.Format = "vassoio-template/2" }, "format", CodeValue},
		{"no name", func(d *Definition) { d.Name = "" }, "template", CodeMissing},
		{"name of two lines", func(d *Definition) { d.Name = "a\nb" }, "template", CodeName},
		{"negative version", func(d *Definition) { d.Version = -1 }, "version", CodeValue},
		{"no roles", func(d *Definition) { d.Roles = nil }, "roles", CodeMissing},
		{"no sections", func(d *Definition) { d.Sections = nil }, "sections", CodeMissing},
		{"role without a name", func(d *Definition) { d.Roles[1].Name = "" }, "roles[1]", CodeName},
		{"role twice", func(d *Definition) { d.Roles = append(d.Roles, d.Roles[0]) }, "roles[2]", CodeDuplicate},
		{"section twice", func(d *Definition) { d.Sections = append(d.Sections, d.Sections[0]) }, "sections[2]", CodeDuplicate},
		{"state twice", func(d *Definition) { d.Lifecycle.States = append(d.Lifecycle.States, d.Lifecycle.States[0]) }, "lifecycle.states[4]", CodeDuplicate},
		{"event twice", func(d *Definition) { d.Lifecycle.Events = append(d.Lifecycle.Events, d.Lifecycle.Events[0]) }, "lifecycle.events[3]", CodeDuplicate},
		{"field twice", func(d *Definition) {
			d.Sections[0].Fields = append(d.Sections[0].Fields, d.Sections[0].Fields[0])
		}, "sections.request.fields[2]", CodeDuplicate},
		{"field without a name", func(d *Definition) { d.Sections[0].Fields[0].Name = "" }, "sections.request.fields[0]", CodeName},
		{"rule without an id", func(d *Definition) {
			d.Rules = []Rule{{Rule: rules.Rule{Expr: "request.days < 3"}}}
		}, "rules[0]", CodeName},
		{"list that holds itself", func(d *Definition) {
			d.Sections[0].Fields[0] = rules.Field{Name: "x", Kind: rules.KindList, Of: circle}
		}, "sections.request.fields.x.of.of.of.of.of", CodeLimit},
		{"text that is not UTF-8", func(d *Definition) { d.Title = rules.Text{"en": "a\xff"} }, "title.en", CodeValue},
		{"text with a line separator", func(d *Definition) { d.Title = rules.Text{"en": "a\u2028b"} }, "title.en", CodeValue},
		{"text with a NUL", func(d *Definition) { d.Title = rules.Text{"en": "a\x00b"} }, "title.en", CodeValue},
		{"text with a byte order mark", func(d *Definition) { d.Title = rules.Text{"en": "\ufeffb"} }, "title.en", CodeValue},
		{"text that isolates", func(d *Definition) { d.Title = rules.Text{"en": "a\u2066b"} }, "title.en", CodeValue},
		{"text in no language", func(d *Definition) { d.Title = rules.Text{"": "a"} }, `title.""`, CodeName},
		{"language with a space", func(d *Definition) { d.Title = rules.Text{"en us": "a"} }, `title."en us"`, CodeName},
		{"expression with a carriage return", func(d *Definition) { d.Sections[0].Fields[1].Check = "this\r > 1" }, "sections.request.fields.days.check", CodeValue},
		{"expression that reorders", func(d *Definition) { d.Lifecycle.Events[1].Guard = "true // \u202e" }, "lifecycle.events.grant.guard", CodeValue},
		{"required twice over", func(d *Definition) { d.Sections[0].Fields[0].RequiredIf = "true" }, "sections.request.fields.from.required", CodeValue},
		{"field with no type", func(d *Definition) { d.Sections[0].Fields[0].Kind = "" }, "sections.request.fields.from.type", CodeMissing},
		{"edit by a role twice", func(d *Definition) {
			s := &d.Lifecycle.States[0]
			s.Edit = append(s.Edit, s.Edit[0])
		}, "lifecycle.states.draft.edit[1]", CodeDuplicate},
		{"edit of a section twice", func(d *Definition) {
			e := &d.Lifecycle.States[0].Edit[0]
			e.Sections = append(e.Sections, e.Sections[0])
		}, "lifecycle.states.draft.edit.employee[1]", CodeDuplicate},
		{"quorum with a sign", func(d *Definition) { signatures(d, 1); d.Signatures[0].Quorum = "+2" }, "signatures.s0.quorum", CodeValue},
		{"quorum with a zero before it", func(d *Definition) { signatures(d, 1); d.Signatures[0].Quorum = "02" }, "signatures.s0.quorum", CodeValue},
		{"language of no text", func(d *Definition) { d.Title = rules.Text{} }, "title", CodeMissing},
		{"due in words", func(d *Definition) { d.Lifecycle.States[1].Due = "soon" }, "lifecycle.states.waiting.due", CodeValue},
		{"reason for nobody known", func(d *Definition) { d.Lifecycle.Events[2].Reason.Read = []string{"boss"} }, "lifecycle.events.refuse.reason.read[0]", CodeReference},
		{"attest for everybody", func(d *Definition) {
			d.Sections[1].Public, d.Sections[1].Read, d.Sections[1].Attest = true, nil, []string{"manager"}
		}, "sections.answer.attest", CodeValue},
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := tidy()
			test.change(&d)
			tpl, err := Compile(d)
			if tpl != nil {
				t.Error("a template came with the error")
			}
			problems := problemsOf(t, err)
			for _, p := range problems {
				if p.Path == test.path && p.Code == test.code && p.Pos == (rules.Position{}) && p.Message != "" {
					return
				}
			}
			t.Errorf("want a problem of kind %s at %s, got\n%v", test.code, test.path, err)
		})
	}
	t.Logf("%d definitions", len(tests))
}

func TestAccessors(t *testing.T) {
	tpl := loadFile(t, "order.yaml")
	if tpl.Name() != "order" || tpl.Version() != 1 {
		t.Errorf("%s %d", tpl.Name(), tpl.Version())
	}
	for what, found := range map[string]bool{
		"role":      tpl.Role("care") != nil && tpl.Role("care").Name == "care",
		"section":   tpl.Section("credit") != nil && tpl.Section("credit").Name == "credit",
		"state":     tpl.State("void") != nil && tpl.State("void").Final,
		"event":     tpl.Event("confirm") != nil && tpl.Event("confirm").To == "validating",
		"signature": tpl.Signature("confirmation") != nil && tpl.Signature("confirmation").By == "customer",
		"condition": tpl.Condition("rule.covered") != nil && tpl.Condition("rule.covered").ID == "rule.covered",
		"schema":    tpl.Schema("products") != nil,
	} {
		if !found {
			t.Errorf("no %s", what)
		}
	}
	for _, none := range []string{"", "x", "Care", "care ", "valid.x"} {
		if tpl.Role(none) != nil || tpl.Section(none) != nil || tpl.State(none) != nil || tpl.Event(none) != nil ||
			tpl.Signature(none) != nil || tpl.Condition(none) != nil || tpl.Schema(none) != nil || tpl.Needs(none) != nil {
			t.Errorf("something is called %q", none)
		}
		if tpl.SectionIndex(none) != -1 || tpl.ConditionIndex(none) != -1 {
			t.Errorf("something called %q has a place", none)
		}
	}
	if tpl.SectionIndex("credit") != 2 || tpl.ConditionIndex("valid.products") != 1 {
		t.Error("places")
	}
	if got := tpl.Managers("care"); !reflect.DeepEqual(got, []string{"sales", "care"}) {
		t.Errorf("care is managed by %v", got)
	}
	note, err := tpl.NoteSchema().Coerce(map[string]any{"text": strings.Repeat("é", maxNote)})
	if err != nil || len(note) != 1 {
		t.Error(err)
	}
	if _, err := tpl.NoteSchema().Coerce(map[string]any{"text": strings.Repeat("é", maxNote+1)}); err == nil {
		t.Error("a note of any length is taken")
	}
}

func TestPosition(t *testing.T) {
	tpl := loadFile(t, "order.yaml")
	got := tpl.Position("sections.products.fields.total.compute", 1, 14)
	if want := (rules.Position{File: "order.yaml", Line: 29, Column: 24}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	parsed, err := Parse(tpl.Canonical())
	if err != nil {
		t.Fatal(err)
	}
	if got := parsed.Position("sections", 1, 1); got != (rules.Position{}) {
		t.Errorf("a template that was not loaded from a file stands at %v", got)
	}
}

// A template is shared by all who ask for it.
func TestConcurrentUse(t *testing.T) {
	tpl := loadFile(t, "order.yaml")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if tpl.Digest() != loadedDigest(tpl) || tpl.Needs("validate") == nil || tpl.Definition().Name != "order" {
					t.Error("it changed")
				}
			}
		})
	}
	wg.Wait()
}

func loadedDigest(tpl *Template) [32]byte {
	other, err := Parse(tpl.Canonical())
	if err != nil {
		return [32]byte{}
	}
	return other.Digest()
}

func TestRights(t *testing.T) {
	tpl := loadFile(t, "everything.yaml")
	tests := []struct {
		section, role, state string
		read, write, edit    bool
	}{
		{"call", "buyer", "preparing", true, true, true},
		{"call", "buyer", "open", true, true, false},
		{"call", "supplier", "open", true, false, false},
		{"bid", "supplier", "open", true, true, true},
		{"bid", "supplier", "opened", true, true, false},
		{"bid", "buyer", "open", false, false, false},
		{"bid", "buyer", "opened", true, false, false},
		{"bid", "board", "opened", false, false, false},
		{"bid", Self, "open", true, true, false},
		{"verdict", "board", "opened", true, true, true},
		{"verdict", "supplier", "opened", false, false, false},
		{"verdict", "", "opened", false, false, false},
	}
	for _, test := range tests {
		s := tpl.Section(test.section)
		got := fmt.Sprint(s.ReadBy(test.role, test.state), s.WrittenBy(test.role), tpl.State(test.state).Edits(test.role, test.section))
		if want := fmt.Sprint(test.read, test.write, test.edit); got != want {
			t.Errorf("%s, %s, %s: read, write, edit is %s, want %s", test.section, test.role, test.state, got, want)
		}
	}
}
