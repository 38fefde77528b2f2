package rules

import (
	"strings"
	"testing"
)

// wide is a section with a list of records of n fields.
func wide(n int, max string, f Field) Definition {
	var fields []Field
	for i := range n {
		f.Name = "f" + itoa(i)
		fields = append(fields, f)
	}
	return Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "list", Kind: KindList, Max: max, Of: &Field{Kind: KindRecord, Fields: fields}},
	}}}}
}

// The fields of items are paid for by themselves, without any rule: an empty
// item has room for all of them.
func TestRoomCosts(t *testing.T) {
	if cost := compiled(t, wide(30, "5000", Field{Kind: KindInteger})).Conditions()[0].Cost; cost < 30*5000 || cost > maxCost/10 {
		t.Errorf("30 fields of 5000 items cost %d", cost)
	}
	_, err := Compile(wide(999, "5000", Field{Kind: KindInteger}))
	if err == nil || !strings.Contains(err.Error(), "the condition can cost") {
		t.Errorf("5 million fields: %v", err)
	}
}

// A verdict tells a thousand violations, and the first that decides it.
func TestManyViolations(t *testing.T) {
	item := map[string]any{}
	items := make([]any, 400)
	for i := range items {
		items[i] = item
	}
	d := wide(10, "400", Field{Kind: KindInteger, Required: true})
	s := compiled(t, d)
	in := s.Input()
	must(t, in.Section("s", map[string]any{"list": items}))
	if v := s.Eval("valid.s", in); v.Result != Fail || len(v.Violations) != maxViolations || v.Violations[0].Path != "s.list[0].f0" {
		t.Errorf("%s with %d violations", v.Result, len(v.Violations))
	}

	for i := range items {
		items[i] = map[string]any{"f0": int64(0), "f1": int64(0), "f2": int64(0)}
	}
	for _, c := range []struct {
		required bool
		want     Result
		count    int
		last     string
	}{{false, Pass, maxViolations, SeverityWarning}, {true, Fail, maxViolations + 1, SeverityError}} {
		d := wide(3, "400", Field{Kind: KindInteger, Check: "this > 0", Severity: SeverityWarning})
		d.Sections[0].Fields = append(d.Sections[0].Fields, Field{Name: "last", Kind: KindText, Required: c.required})
		s := compiled(t, d)
		in := s.Input()
		must(t, in.Section("s", map[string]any{"list": items}))
		v := s.Eval("valid.s", in)
		if v.Result != c.want || len(v.Violations) != c.count || v.Violations[len(v.Violations)-1].Severity != c.last {
			t.Errorf("%s with %d violations, want %s with %d", v.Result, len(v.Violations), c.want, c.count)
		}
	}
}
