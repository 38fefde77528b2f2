package rules

import (
	"slices"
	"testing"
)

// looksBack is a section of which every kind of field rule that can reads old,
// beside others that do not.
func looksBack() Definition {
	return Definition{Facts: []Fact{{Name: "today", Type: Field{Kind: KindDate}}}, Sections: []Section{
		{Name: "plain", Fields: []Field{{Name: "n", Kind: KindInteger, Check: "this > 0"}}},
		{Name: "s", Fields: []Field{
			{Name: "price", Kind: KindInteger, Required: true, Min: "1", Check: `this >= old.price`},
			{Name: "why", Kind: KindText, Max: "10", RequiredIf: `price > old.price`, Check: `this != "no"`},
			{Name: "grade", Kind: KindChoice, Choices: []Choice{{Name: "a"}, {Name: "b", When: `old.grade != "c"`}, {Name: "c", When: "price > 5"}}},
			{Name: "shown", Kind: KindInteger, When: "price < 100", Check: `this != old.shown`},
			{Name: "hint", Kind: KindInteger, Check: `this != old.hint`, Severity: SeverityWarning},
			{Name: "told", Kind: KindInteger, Check: "this > 0", MessageExpr: `"it was " + string(old.told)`},
			{Name: "due", Kind: KindDate, Check: `this >= today || this == old.due`},
			{Name: "lines", Kind: KindList, Max: "3", Of: &Field{Kind: KindRecord, Fields: []Field{
				{Name: "q", Kind: KindInteger, Min: "1", Check: `this >= old.lines.size()`},
			}}},
			{Name: "tags", Kind: KindList, Max: "3", Of: &Field{Kind: KindText, Max: "5", Check: `!(this in old.tags)`}},
		}},
	}}
}

// TestChange demands that what fields demand of the revision before stands
// apart: in "change.<section>", and never in "valid.<section>".
func TestChange(t *testing.T) {
	s := compiled(t, looksBack())
	before := map[string]any{"price": int64(3), "grade": "c", "shown": int64(1), "hint": int64(1), "told": int64(1), "due": "2026-01-01",
		"lines": []any{map[string]any{"q": int64(1)}, map[string]any{"q": int64(1)}}, "tags": []any{"old"}}
	cases := []struct {
		name          string
		now           map[string]any
		change, valid string
	}{
		{"nothing of it", map[string]any{"price": int64(3)}, "pass", "pass"},
		{"check", map[string]any{"price": int64(2)}, "fail; s.price check", "pass"},
		{"required", map[string]any{"price": int64(4)}, "fail; s.why required", "pass"},
		{"required, and there", map[string]any{"price": int64(4), "why": "so"}, "pass", "pass"},
		{"another check of the same field", map[string]any{"price": int64(4), "why": "no"}, "pass", "fail; s.why check"},
		{"choice", map[string]any{"price": int64(3), "grade": "b"}, "fail; s.grade choice", "pass"},
		{"choice that looks at the present", map[string]any{"price": int64(3), "grade": "c"}, "pass", "fail; s.grade choice"},
		{"no choice at all", map[string]any{"price": int64(3), "grade": "x"}, "pass", "fail; s.grade choice"},
		{"shown", map[string]any{"price": int64(3), "shown": int64(1)}, "fail; s.shown check", "pass"},
		{"not shown", map[string]any{"price": int64(100), "why": "so", "shown": int64(1)}, "pass", "fail; s.shown inapplicable"},
		{"warning", map[string]any{"price": int64(3), "hint": int64(1)}, "pass; s.hint check", "pass"},
		{"message that looks back", map[string]any{"price": int64(3), "told": int64(-1)}, "pass", "fail; s.told check"},
		{"fact", map[string]any{"price": int64(3), "due": "2026-01-02"}, "fail; s.due check", "pass"},
		{"bound", map[string]any{"price": int64(0)}, "fail; s.price check", "fail; s.price bounds"},
		{"item", map[string]any{"price": int64(3), "lines": []any{map[string]any{"q": int64(0)}, map[string]any{"q": int64(2)}}}, "fail; s.lines[0].q check", "fail; s.lines[0].q bounds"},
		{"item of texts", map[string]any{"price": int64(3), "tags": []any{"new", "old"}}, "fail; s.tags[1] check", "pass"},
		{"too many items", map[string]any{"price": int64(3), "tags": []any{"1", "2", "3", "old"}}, "pass", "fail; s.tags bounds"},
		{"item too long", map[string]any{"price": int64(3), "tags": []any{"much too long", "old"}}, "pass", "fail; s.tags[0] bounds"},
		{"too many records", map[string]any{"price": int64(3), "lines": slices.Repeat([]any{map[string]any{"q": int64(1)}}, 4)}, "pass", "fail; s.lines bounds"},
		{"nothing", map[string]any{}, "pass", "fail; s.price required"},
	}
	for _, c := range cases {
		in := s.Input()
		must(t, in.Section("s", c.now))
		must(t, in.Old("s", before))
		must(t, in.Fact("today", "2026-02-02"))
		if got := outcome(s.Eval("change.s", in)); got != c.change {
			t.Errorf("%s, change: %s, want %s", c.name, got, c.change)
		}
		if got := outcome(changed(s, "change.s", in, "s.due")); got != c.change {
			t.Errorf("%s, change of what changed: %s, want %s", c.name, got, c.change)
		}
		if got := outcome(s.Eval("valid.s", in)); got != c.valid {
			t.Errorf("%s, valid: %s, want %s", c.name, got, c.valid)
		}
	}
	if len(cases) < 15 {
		t.Error("too few cases")
	}
}

// TestChangeUnknown demands that the four outcomes are told apart.
func TestChangeUnknown(t *testing.T) {
	s := compiled(t, looksBack())
	in := s.Input()
	must(t, in.Section("s", map[string]any{"price": int64(3), "due": "2026-01-01"}))
	for _, step := range []struct {
		name string
		do   func() error
		want string
	}{
		{"at the first revision", func() error { return nil }, "pass; skipped"},
		{"before hidden", func() error { return in.OldHidden("s") }, "unknown; old.s; today"},
		{"before read, no fact", func() error { return in.Old("s", map[string]any{"price": int64(3)}) }, "unknown; today"},
		{"all there", func() error { return in.Fact("today", "2025-01-01") }, "pass"},
		{"now hidden", func() error { return in.Hidden("s") }, "unknown; s"},
		{"all hidden", func() error { return in.OldHidden("s") }, "unknown; old.s; s"},
	} {
		must(t, step.do())
		if got := outcome(s.Eval("change.s", in)); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
	in = s.Input()
	must(t, in.Section("s", map[string]any{"price": int64(3)}))
	must(t, in.OldHidden("s"))
	if got := outcome(s.Eval("valid.s", in)); got != "pass" {
		t.Errorf("validity depends on the revision before: %s", got)
	}
	if v := s.Eval("change.plain", in); v.Result != Error {
		t.Errorf("a section that does not look back has %s", v.Result)
	}
}

// TestChangeInfo demands that the two conditions say what each of them reads.
func TestChangeInfo(t *testing.T) {
	s := compiled(t, looksBack())
	var ids []string
	infos := map[string]Info{}
	for _, info := range s.Conditions() {
		ids = append(ids, info.ID)
		infos[info.ID] = info
	}
	if want := []string{"valid.plain", "valid.s", "change.s"}; !slices.Equal(ids, want) {
		t.Fatalf("%v", ids)
	}
	valid, change := infos["valid.s"], infos["change.s"]
	if valid.Old || len(valid.Facts) > 0 || len(valid.Demands) > 0 {
		t.Errorf("%+v", valid)
	}
	if !change.Old || !slices.Equal(change.Facts, []string{"today"}) || !slices.Equal(change.Sections, []string{"s"}) || change.Cost == 0 {
		t.Errorf("%+v", change)
	}
	want := []string{"s.price.check", "s.why.required", "s.grade.choice", "s.shown.check", "s.hint.check", "s.due.check", "s.lines[].q.check", "s.tags[].check"}
	if !slices.Equal(change.Demands, want) {
		t.Errorf("%v", change.Demands)
	}
	if got := s.Affected([]string{"s.price"}); !slices.Equal(got, []string{"valid.s", "change.s"}) {
		t.Errorf("%v", got)
	}
}
