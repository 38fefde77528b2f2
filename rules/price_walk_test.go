package rules

import (
	"runtime"
	"slices"
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
	_, err := Compile(wide(1200, "5000", Field{Kind: KindInteger}))
	if err == nil || !strings.Contains(err.Error(), "the condition can cost") {
		t.Errorf("6 million fields: %v", err)
	}
}

// Records are compared field by field and item by item, however small each is.
func TestComparingRecordsCosts(t *testing.T) {
	d := wide(20, "100", Field{Kind: KindBoolean})
	of := d.Sections[0].Fields[0].Of
	of.Fields = append(of.Fields, Field{Name: "flags", Kind: KindList, Max: "30", Of: &Field{Kind: KindBoolean}})
	d.Conditions = []Condition{{ID: "c", Expr: `s.list == old.s.list`}}
	if cost, values := compiled(t, d).Conditions()[1].Cost, uint64(100*(20+30)); cost < values/4 || cost > values {
		t.Errorf("%d values cost %d", values, cost)
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

// What is absent takes no memory: neither in thousands of items with a value in a
// thousand, nor in an expression that meets it again and again.
func TestAbsentIsCheap(t *testing.T) {
	d := wide(900, "250", Field{Kind: KindInteger})
	inner := Field{Name: "inner", Kind: KindRecord, Fields: slices.Clone(d.Sections[0].Fields[0].Of.Fields)}
	d.Sections[0].Fields[0].Of.Fields = append(d.Sections[0].Fields[0].Of.Fields, inner)
	for i, e := range []string{
		`s.list.all(a, s.list.all(b, has(b.inner.f0) || true))`,
		`s.list.all(a, s.list.all(b, b.inner.f0 == 1 || true))`,
		`s.list.all(a, s.list.all(b, b.f0 == 1 || true))`,
		`s.list.all(a, a.f0 > 0)`, `old.s.list.all(a, a.inner.f0 + a.f899 > 0)`,
	} {
		d.Rules = append(d.Rules, Rule{ID: "r" + itoa(i), Expr: e, At: []string{"go"}})
	}
	s, err := CompileFrozen(d)
	must(t, err)
	items := make([]any, 250)
	for i := range items {
		items[i] = map[string]any{"f899": int64(1)}
	}
	in := s.Input()
	if n := allocated(func() {
		must(t, in.Section("s", map[string]any{"list": items}))
		must(t, in.Old("s", map[string]any{"list": items}))
	}) >> 20; n > 1 {
		t.Errorf("%d MiB for 250 values", n)
	}
	for i, want := range []string{"pass", "pass", "pass", "unknown; s.list[].f0", "unknown; old.s.list[].inner.f0"} {
		var v Verdict
		n := allocated(func() { v = s.Eval("rule.r"+itoa(i), in) }) >> 20
		if got := outcome(v); got != want || n > 200 {
			t.Errorf("%s: %s, want %s; %d MiB", d.Rules[i].Expr, got, want, n)
		}
	}
}

// allocated counts the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A record with few of its many fields is as one with all: one of some mistakes is
// told, the same each time, and computed fields come and go.
func TestFewOfManyFields(t *testing.T) {
	d := Definition{Sections: []Section{{Name: "s"}}}
	for i := range 100 {
		f := Field{Name: "f" + itoa(i), Kind: KindInteger}
		if i == 99 {
			f.Compute = "f98 + 1"
		}
		d.Sections[0].Fields = append(d.Sections[0].Fields, f)
	}
	s := compiled(t, d)
	for _, c := range []struct {
		content map[string]any
		want    string
	}{
		{map[string]any{"f98": int64(1)}, ""},
		{map[string]any{"f98": "x", "f7": "x", "f50": "x"}, "s.f50: want an integer (int64 within ±(2^53-1))"},
		{map[string]any{"f98": int64(1), "nope": int64(1)}, "s: want declared fields only"},
		{map[string]any{"nope": int64(1), "f98": "x"}, "s.f98: want an integer (int64 within ±(2^53-1))"},
	} {
		for range 10 {
			got := ""
			if err := s.Input().Section("s", c.content); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Fatalf("%v: %q, want %q", c.content, got, c.want)
			}
		}
	}
	out, err := s.Compute("s", map[string]any{"f98": int64(1)})
	if must(t, err); out["f99"] != int64(2) || len(out) != 2 {
		t.Errorf("computed: %v", out)
	}
	in := s.Input()
	must(t, in.Section("s", out))
	if v := s.Eval("valid.s", in); v.Result != Pass {
		t.Errorf("%s %v", v.Result, v.Violations)
	}
	if out, err = s.Compute("s", map[string]any{"f99": int64(3)}); err != nil || len(out) != 0 {
		t.Errorf("without what it is computed from: %v %v", out, err)
	}
}
