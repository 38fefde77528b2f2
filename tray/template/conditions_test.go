package template

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// with gives the small definition with two more sections: one that is public,
// and one that only managers read.
func with(change func(*Definition)) Definition {
	d := tidy()
	d.Sections = append(d.Sections,
		Section{Name: "notice", Public: true, Write: []string{"manager"}, Fields: []rules.Field{{Name: "limit", Kind: rules.KindInteger}}},
		Section{Name: "file", Read: []Reader{{Role: "manager"}}, Write: []string{"manager"}, Fields: []rules.Field{{Name: "used", Kind: rules.KindInteger}}},
	)
	d.Lifecycle.States[1].Edit[0].Sections = []string{"answer", "notice", "file"}
	d.Lifecycle.Events[1].Valid = []string{"request", "file", "notice"}
	change(&d)
	return d
}

func TestConditions(t *testing.T) {
	rule := func(r Rule) func(*Definition) {
		return func(d *Definition) { r.ID = "x"; d.Rules = []Rule{r} }
	}
	guard := func(expr string, attest ...string) func(*Definition) {
		return func(d *Definition) { d.Lifecycle.Events[1].Guard, d.Lifecycle.Events[1].Attest = expr, attest }
	}
	expr := func(s string) rules.Rule { return rules.Rule{Expr: s} }
	tests := []struct {
		name   string
		change func(*Definition)
		want   Condition
	}{
		{"validity", func(*Definition) {},
			Condition{ID: "valid.request", Sections: []string{"request"}, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"ask", "grant"}}},
		{"validity that nobody asks for", func(*Definition) {},
			Condition{ID: "valid.answer", Sections: []string{"answer"}, Attest: []string{"employee", "manager"}, Writer: true}},
		{"validity of a public section", func(*Definition) {},
			Condition{ID: "valid.notice", Sections: []string{"notice"}, Events: []string{"grant"}}},
		{"validity with a list of attesters", func(d *Definition) { d.Sections[0].Attest = []string{"manager"} },
			Condition{ID: "valid.request", Sections: []string{"request"}, Attest: []string{"manager"}, Events: []string{"ask", "grant"}}},
		{"validity that depends on a fact", func(d *Definition) { d.Sections[1].Fields[0].RequiredIf = `state == "waiting"` },
			Condition{ID: "valid.answer", Sections: []string{"answer"}, Facts: []string{"state"}, Attest: []string{"employee", "manager"}}},
		{"validity beside what looks back", func(d *Definition) { d.Sections[0].Fields[1].Check = `this != old.days` },
			Condition{ID: "valid.request", Sections: []string{"request"}, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"ask", "grant"}}},
		{"change is due at writes, at no event", func(d *Definition) { d.Sections[0].Fields[1].Check = `this != old.days` },
			Condition{ID: "change.request", Sections: []string{"request"}, Old: true, Attest: []string{"employee", "manager"}, Writer: true}},
		{"change with a list of attesters is its writer's to attest, too", func(d *Definition) {
			d.Sections[0].Fields[1].Check, d.Sections[0].Attest = `this != old.days`, []string{"manager"}
		}, Condition{ID: "change.request", Sections: []string{"request"}, Old: true, Attest: []string{"manager"}, Writer: true}},
		{"change with a fact", func(d *Definition) { d.Sections[0].Fields[1].Check = `this != old.days || state == "draft"` },
			Condition{ID: "change.request", Sections: []string{"request"}, Facts: []string{"state"}, Old: true, Attest: []string{"employee", "manager"}, Writer: true}},
		{"change of a public section", func(d *Definition) { d.Sections[2].Fields[0].Check = `this >= old.limit` },
			Condition{ID: "change.notice", Sections: []string{"notice"}, Old: true}},
		{"message that looks back", func(d *Definition) {
			d.Sections[0].Fields[1].Check, d.Sections[0].Fields[1].MessageExpr = "this > 0", `"it was " + string(old.days)`
		}, Condition{ID: "valid.request", Sections: []string{"request"}, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"ask", "grant"}}},
		{"rule with a fact that looks back", rule(Rule{Rule: expr(`old.request.days == request.days || state == "draft"`)}),
			Condition{ID: "rule.x", Sections: []string{"request"}, Facts: []string{"state"}, Old: true, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"ask", "grant"}}},
		{"guard with a fact that looks back", guard(`old.request.days == request.days || role == "manager"`),
			Condition{ID: "guard.grant", Sections: []string{"request"}, Facts: []string{"role"}, Old: true, Attest: []string{"employee", "manager"}, Events: []string{"grant"}}},
		{"rule over two sections", rule(Rule{Rule: expr("file.used + request.days < 30")}),
			Condition{ID: "rule.x", Sections: []string{"request", "file"}, Attest: []string{"manager"}, Events: []string{"grant"}}},
		{"rule over an opaque and a public section", rule(Rule{Rule: expr("file.used < notice.limit")}),
			Condition{ID: "rule.x", Sections: []string{"notice", "file"}, Attest: []string{"manager"}, Writer: true, Events: []string{"grant"}}},
		{"rule with a fact", rule(Rule{Rule: expr(`request.from > today`)}),
			Condition{ID: "rule.x", Sections: []string{"request"}, Facts: []string{"today"}, Attest: []string{"employee", "manager"}, Events: []string{"ask", "grant"}}},
		{"rule at an event", rule(Rule{Rule: rules.Rule{Expr: "request.days < 20", At: []string{"grant"}}}),
			Condition{ID: "rule.x", Sections: []string{"request"}, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"grant"}}},
		{"rule with attesters", rule(Rule{Rule: rules.Rule{Expr: "request.days < 20", At: []string{"grant"}}, Attest: []string{"manager"}}),
			Condition{ID: "rule.x", Sections: []string{"request"}, Attest: []string{"manager"}, Events: []string{"grant"}}},
		{"rule that looks back is due at every write", rule(Rule{Rule: expr(`old.request.days == request.days || notice.limit > 0`)}),
			Condition{ID: "rule.x", Sections: []string{"request", "notice"}, Old: true, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"grant"}}},
		{"rule over facts alone", rule(Rule{Rule: rules.Rule{Expr: "participants.manager >= 1", At: []string{"ask"}}}),
			Condition{ID: "rule.x", Facts: []string{"participants"}, Events: []string{"ask"}}},
		{"guard over facts", guard(`role == "manager" && now > timestamp("2026-01-01T00:00:00Z")`),
			Condition{ID: "guard.grant", Facts: []string{"now", "role"}, Events: []string{"grant"}}},
		{"guard over a section", guard(`request.days < 10`),
			Condition{ID: "guard.grant", Sections: []string{"request"}, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"grant"}}},
		{"guard with attesters", guard(`request.days < 10`, "employee"),
			Condition{ID: "guard.grant", Sections: []string{"request"}, Attest: []string{"employee"}, Events: []string{"grant"}}},
		{"signature under a condition", func(d *Definition) {
			d.Signatures = []Signature{{Name: "s", By: "employee", Covers: []string{"request"}, Declare: rules.Text{"en": "so it is"}, RequiredIf: "request.days > 5"}}
			d.Lifecycle.Events[0].Signed = []string{"s"}
		}, Condition{ID: "required.s", Sections: []string{"request"}, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"ask"}}},
		{"reader in some states", func(d *Definition) { d.Sections[0].Read[1].In = []string{"waiting"} },
			Condition{ID: "valid.request", Sections: []string{"request"}, Attest: []string{"employee", "manager"}, Writer: true, Events: []string{"ask", "grant"}}},
		{"readers at different times", func(d *Definition) {
			d.Sections[0].Read[1].In = []string{"draft", "granted"}
			d.Sections[3].Read = []Reader{{Role: "manager", In: []string{"waiting"}}, {Role: "employee", In: []string{"waiting"}}}
			rule(Rule{Rule: expr("file.used + request.days < 30")})(d)
		}, Condition{ID: "rule.x", Sections: []string{"request", "file"}, Attest: []string{"employee"}, Events: []string{"grant"}}},
		{"instances read by themselves", func(d *Definition) {
			d.Sections[0].Per, d.Sections[0].Read, d.Sections[0].Write = []string{"employee"}, []Reader{{Role: Self}}, []string{Self}
		}, Condition{ID: "valid.request", Sections: []string{"request"}, Attest: []string{"employee"}, Writer: true, Events: []string{"ask", "grant"}}},
	}
	known := func(change func(*Definition)) func(*Definition) {
		return func(d *Definition) {
			d.Needs = Needs{Functions: []rules.Function{{Name: "known", Args: []rules.Kind{rules.KindInteger}, Result: rules.KindBoolean}}, Formats: []string{"acme"}}
			change(d)
		}
	}
	warn := func(s string, at ...string) Rule { return Rule{Rule: rules.Rule{Expr: s, Severity: "warning", At: at}} }
	for name, c := range map[string]struct {
		change func(*Definition)
		want   Condition
	}{
		"rule that needs the application": {rule(Rule{Rule: expr("known(file.used) && notice.limit > 0")}),
			Condition{ID: "rule.x", Sections: []string{"notice", "file"}, Needs: []string{"known"}, Attest: []string{"manager"}, Writer: true, Events: []string{"grant"}}},
		"rule within a section": {rule(Rule{Rule: expr("known(file.used)")}),
			Condition{ID: "valid.file", Sections: []string{"file"}, Needs: []string{"known"}, Attest: []string{"manager"}, Writer: true, Events: []string{"grant"}}},
		"warning over a public section": {rule(warn("known(notice.limit)")),
			Condition{ID: "rule.x", Sections: []string{"notice"}, Needs: []string{"known"}}},
		"warning over facts": {rule(warn(`known(3) && state == "draft"`)),
			Condition{ID: "rule.x", Facts: []string{"state"}, Needs: []string{"known"}}},
		"warning over an opaque section": {rule(warn("known(file.used)")),
			Condition{ID: "rule.x", Sections: []string{"file"}, Needs: []string{"known"}, Attest: []string{"manager"}, Writer: true}},
		"warning over an opaque section at an event": {rule(warn("known(file.used)", "grant")),
			Condition{ID: "rule.x", Sections: []string{"file"}, Needs: []string{"known"}, Attest: []string{"manager"}, Writer: true, Events: []string{"grant"}}},
		"warning that needs nothing": {rule(warn("notice.limit > file.used")),
			Condition{ID: "rule.x", Sections: []string{"notice", "file"}, Attest: []string{"manager"}, Writer: true, Events: []string{"grant"}}},
		"format": {func(d *Definition) {
			d.Sections[3].Fields = append(d.Sections[3].Fields, rules.Field{Name: "code", Kind: rules.KindText, Format: "acme"})
		}, Condition{ID: "valid.file", Sections: []string{"file"}, Needs: []string{"acme"}, Attest: []string{"manager"}, Writer: true, Events: []string{"grant"}}},
	} {
		tests = append(tests, struct {
			name   string
			change func(*Definition)
			want   Condition
		}{name, known(c.change), c.want})
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tpl, err := Compile(with(test.change))
			if err != nil {
				t.Fatal(err)
			}
			got := tpl.Condition(test.want.ID)
			if got == nil {
				t.Fatalf("there is no %s", test.want.ID)
			}
			a, _ := json.Marshal(got)
			b, _ := json.Marshal(test.want)
			if string(a) != string(b) {
				t.Errorf("got  %s\nwant %s", a, b)
			}
		})
	}
	t.Logf("%d conditions", len(tests))
}

// A public condition cannot rest on what is revised; one that is attested can.
func TestRevisedTables(t *testing.T) {
	text := func(section int, format, check string) func(*Definition) {
		return func(d *Definition) {
			s := &d.Sections[section]
			s.Fields = append(s.Fields, rules.Field{Name: "x", Kind: rules.KindText, Max: "40", Format: format, Check: check})
		}
	}
	guard := func(expr string) func(*Definition) {
		return func(d *Definition) { d.Lifecycle.Events[1].Guard = expr }
	}
	const notice, file = 2, 3
	for name, c := range map[string]struct {
		change func(*Definition)
		path   string // of the problem; "" for none
	}{
		"public format": {text(notice, "iban", ""), "sections.notice.fields.x.format"},
		"public format in a list": {func(d *Definition) {
			f := rules.Field{Name: "l", Kind: rules.KindList, Of: &rules.Field{Kind: rules.KindText, Format: "country"}}
			d.Sections[notice].Fields = append(d.Sections[notice].Fields, f)
		}, "sections.notice.fields.l.of.format"},
		"public format that stays": {text(notice, "vat_it", ""), ""},
		"public check":             {text(notice, "", "this.isVat()"), "sections.notice.fields.x.check"},
		"public check that stays":  {text(notice, "", "this.isVatIt()"), ""},
		"opaque format":            {text(file, "iban", ""), ""},
		"opaque check":             {text(file, "", "this.isVat()"), ""},
		"public rule": {func(d *Definition) {
			text(notice, "", "")(d)
			d.Rules = []Rule{{Rule: rules.Rule{ID: "r", Expr: `notice.x.isBic()`}}}
		}, "rules.r.rule"},
		"opaque rule": {func(d *Definition) {
			text(file, "", "")(d)
			d.Rules = []Rule{{Rule: rules.Rule{ID: "r", Expr: `file.x.isBic() && notice.limit > 1`, At: []string{"grant"}}}}
		}, ""},
		"time zone in a public guard":  {guard(`now.getHours("Europe/Rome") > 8`), "lifecycle.events.grant.guard"},
		"offset in a public guard":     {guard(`now.getHours("+01:00") > 8`), ""},
		"time zone in an opaque guard": {guard(`now.getHours("Europe/Rome") > 8 && file.used > 1`), ""},
		"guard that reads such a field": {func(d *Definition) {
			text(file, "iban", "")(d)
			guard(`notice.limit > 3`)(d)
		}, ""},
	} {
		d := with(c.change)
		for m, compile := range map[string]func() (*Template, error){
			"Compile": func() (*Template, error) { return Compile(d) },
			"frozen":  func() (*Template, error) { return compile(d, frozen, newReport(nil)) },
		} {
			tpl, err := compile()
			if c.path == "" {
				if err != nil {
					t.Errorf("%s, %s: %v", name, m, err)
				} else if _, err := Parse(tpl.Canonical()); err != nil {
					t.Errorf("%s, parsed: %v", name, err)
				}
				continue
			}
			if p := problemsOf(t, err); len(p) != 1 || p[0].Path != c.path || !strings.Contains(p[0].Message, "revised") || p[0].Suggestion == "" {
				t.Errorf("%s, %s: %v", name, m, err)
			}
		}
	}
}

// TestLooksBackAtWrites demands that what looks back can be told by whoever
// writes: it is due then.
func TestLooksBackAtWrites(t *testing.T) {
	for _, c := range []struct {
		rule       Rule
		path, text string
	}{
		{Rule{Rule: rules.Rule{ID: "x", Expr: `old.request.days == request.days || answer.remark != ""`, At: []string{"grant"}}}, "rules.x", "request or answer is written"},
		{Rule{Rule: rules.Rule{ID: "x", Expr: `old.request.days == request.days`, At: []string{"grant"}}, Attest: []string{"employee", "manager"}}, "rules.x.attest", "told by its writer"},
		{Rule{Rule: rules.Rule{ID: "x", Expr: `old.answer.remark == answer.remark`}, Attest: []string{"manager"}}, "rules.x.attest", "told by its writer"},
		{Rule{Rule: rules.Rule{ID: "x", Expr: `old.notice.limit <= notice.limit || request.days > 3`}}, "rules.x", "old.notice.limit, which is public, but is due only when request is written"},
		{Rule{Rule: rules.Rule{ID: "x", Expr: `old.notice.limit > 3 || old.request.days == request.days`, At: []string{"grant"}}}, "rules.x", "old.notice.limit, which is public"},
	} {
		d := with(func(d *Definition) { d.Rules = []Rule{c.rule} })
		for _, m := range []mode{prudent, frozen} {
			_, err := compile(d, m, newReport(nil))
			if p := problemsOf(t, err); len(p) != 1 || p[0].Path != c.path || !strings.Contains(p[0].Message, c.text) || p[0].Suggestion == "" {
				t.Errorf("%s: %v", c.rule.Expr, err)
			}
		}
	}
}

// TestLooksBackInNoRole demands that what is due at writes does not read the
// role: at most of them, nobody acts in one.
func TestLooksBackInNoRole(t *testing.T) {
	for name, change := range map[string]func(*Definition){
		"rules.x": func(d *Definition) {
			d.Rules = []Rule{{Rule: rules.Rule{ID: "x", Expr: `old.request.days == request.days || role == "manager"`}}}
		},
		"sections.request": func(d *Definition) { d.Sections[0].Fields[1].Check = `this == old.days || role == "manager"` },
		"sections.notice":  func(d *Definition) { d.Sections[2].Fields[0].Check = `this == old.limit || role == "manager"` },
	} {
		d := with(change)
		for _, m := range []mode{prudent, frozen} {
			_, err := compile(d, m, newReport(nil))
			if p := problemsOf(t, err); len(p) != 1 || p[0].Path != name || !strings.Contains(p[0].Message, "nobody acts in a role") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestLooksBackUnread demands a warning where who writes a section cannot compare
// it with what he wrote before.
func TestLooksBackUnread(t *testing.T) {
	for name, change := range map[string]func(*Definition){
		"sections.request": func(d *Definition) { d.Sections[0].Fields[1].Check = "this != old.days" },
		"rules.x": func(d *Definition) {
			d.Rules = []Rule{{Rule: rules.Rule{ID: "x", Expr: "request.days != old.request.days"}}}
		},
	} {
		for _, reads := range []bool{true, false} {
			tpl, err := Compile(with(func(d *Definition) {
				change(d)
				if !reads {
					d.Sections[0].Read = []Reader{{Role: "manager"}}
				}
			}))
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, w := range tpl.Warnings() {
				if w.Path == name && strings.Contains(w.Message, "once only") {
					n++
				}
			}
			if reads && n != 0 || !reads && n != 1 {
				t.Errorf("%s, read by its writer: %v: %d warnings: %v", name, reads, n, tpl.Warnings())
			}
		}
	}
}

func TestOrderOfConditions(t *testing.T) {
	tpl := loadFile(t, "everything.yaml")
	var ids []string
	for _, c := range tpl.Conditions() {
		ids = append(ids, c.ID)
	}
	want := []string{"valid.call", "valid.bid", "valid.verdict", "rule.in_time", "rule.below", "rule.decent", "rule.near", "guard.unseal", "guard.award"}
	if !reflect.DeepEqual(ids, want) {
		t.Errorf("got %v", ids)
	}
	for event, want := range map[string]string{
		"publish": "valid.call", "bid": "valid.bid rule.in_time", "unseal": "guard.unseal", "award": "rule.below rule.decent guard.award", "drop": "",
	} {
		var got []string
		for _, c := range tpl.Needs(event) {
			got = append(got, c.ID)
			if c != tpl.Condition(c.ID) {
				t.Errorf("%s is not the row of the table", c.ID)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s needs %v, want %s", event, got, want)
		}
	}
}

// What a rule over one section says is part of its validity.
func TestFoldedRule(t *testing.T) {
	d := with(func(d *Definition) { d.Rules = []Rule{{Rule: rules.Rule{ID: "short", Expr: "request.days < 20"}}} })
	tpl, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	if tpl.Condition("rule.short") != nil {
		t.Error("it is a condition of its own")
	}
	in := tpl.Rules().Input()
	if err := in.Section("request", map[string]any{"from": "2026-01-02", "days": int64(25)}); err != nil {
		t.Fatal(err)
	}
	if v := tpl.Rules().Eval("valid.request", in); v.Result != rules.Fail {
		t.Errorf("25 days are %s", v.Result)
	}
}

// Every condition of the table can be evaluated under its id, with the facts
// that are declared.
func TestFactsCanBeGiven(t *testing.T) {
	tpl := loadFile(t, "everything.yaml")
	in := tpl.Rules().Input()
	for name, value := range map[string]any{
		FactState: "open", FactNow: "2026-01-02T03:04:05Z", FactToday: "2026-01-02", FactRole: "board",
		FactParticipants: map[string]any{"buyer": int64(1), "supplier": int64(2), "board": int64(3)},
		FactSigned:       map[string]any{"oath": int64(2)},
	} {
		if err := in.Fact(name, value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range tpl.Conditions() {
		v := tpl.Rules().Eval(c.ID, in)
		if v.Err != nil {
			t.Errorf("%s: %v", c.ID, v.Err)
		}
		if c.ID == "guard.award" && v.Result != rules.Pass {
			t.Errorf("two oaths of two are %s", v.Result)
		}
	}
}
