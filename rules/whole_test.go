package rules

import (
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// oversize is a section with texts and lists at three depths.
func oversize(conditions ...string) Definition {
	text := Field{Name: "t", Kind: KindText, Max: "3"}
	few := Field{Name: "few", Kind: KindList, Max: "1", Of: &Field{Kind: KindInteger}}
	number := Field{Name: "n", Kind: KindInteger}
	inner := Field{Name: "r", Kind: KindRecord, Fields: []Field{text, few, number}}
	list := Field{Name: "l", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{text, number, inner}}}
	deep := Field{Name: "deep", Kind: KindRecord, Fields: []Field{{Name: "l", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{text, few, number}}}}}
	d := Definition{Sections: []Section{{Name: "s", Fields: []Field{inner, list, deep, number}}}}
	for i, e := range conditions {
		d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: e})
	}
	return d
}

func fields(pairs ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}

// What a record holds beyond a maximum decides no comparison of the whole,
// whatever stands around it; with a value within, each of these is told.
func TestOversizeInTheWhole(t *testing.T) {
	cases := []struct {
		expr   string
		within Result // where all is within its maximum, and now is as before
	}{
		{`s.r == old.s.r`, Pass},
		{`s.r != old.s.r`, Fail},
		{`!(s.r == old.s.r)`, Fail},
		{`s == old.s`, Pass},
		{`s != old.s`, Fail},
		{`s.r in [old.s.r]`, Pass},
		{`!(s.r in [old.s.r])`, Fail},
		{`[s.r] == [old.s.r]`, Pass},
		{`[s.r] != [old.s.r]`, Fail},
		{`[[s.r]] != [[old.s.r]]`, Fail},
		{`{"a": s.r} != {"a": old.s.r}`, Fail},
		{`{"a": [s.r]} == {"a": [old.s.r]}`, Pass},
		{`optional.of(s.r) != optional.of(old.s.r)`, Fail},
		{`s.?r != old.s.?r`, Fail},
		{`dyn(s.r) != dyn(old.s.r)`, Fail},
		{`[dyn(s.r)] != [dyn(old.s.r)]`, Fail},
		{`[s.r, old.s.r].distinct().size() == 1`, Pass},
		{`[s.r, old.s.r].distinct().size() == 2`, Fail},
		{`sets.contains([s.r], [old.s.r])`, Pass},
		{`sets.equivalent([s.r], [old.s.r])`, Pass},
		{`sets.intersects([s.r], [old.s.r])`, Pass},
		{`!sets.intersects([s.r], [old.s.r])`, Fail},
		{`(s.n == 1 ? s.r : old.s.r) != old.s.r`, Fail},
		{`cel.bind(x, s.r, x != old.s.r)`, Fail},
		{`s.l == old.s.l`, Pass},
		{`s.l != old.s.l`, Fail},
		{`s.l[0] != s.l[1]`, Fail},
		{`s.l[0] == s.l[1]`, Pass},
		{`s.l[0].r != s.l[1].r`, Fail},
		{`s.l.distinct().size() == 2`, Fail},
		{`sets.contains(s.l, [s.l[1]])`, Pass},
		{`sets.equivalent(s.l, old.s.l)`, Pass},
		{`s.l.all(x, x in old.s.l)`, Pass},
		{`s.l.exists(x, x != s.l[0])`, Fail},
		{`s.l.exists(x, x.r != s.l[0].r)`, Fail},
		{`s.l.filter(x, x == s.l[0]).size() == 2`, Pass},
		{`s.l.map(x, x.r).distinct().size() == 1`, Pass},
		{`s.l.exists_one(i, x, x != s.l[0])`, Fail},
		{`s.l + [s.l[0]] != s.l + [s.l[1]]`, Fail},
		{`s.deep != old.s.deep`, Fail},
		{`s.deep.l != old.s.deep.l`, Fail},
		{`s.deep.l[0] in old.s.deep.l`, Pass},
		{`s.deep.l.map(x, x) != old.s.deep.l.map(x, x)`, Fail},
	}
	within := func() map[string]any {
		r := func() map[string]any { return fields("t", "xxx", "few", []any{int64(1)}, "n", int64(2)) }
		item := func() any { return fields("t", "xxx", "n", int64(1), "r", r()) }
		return fields("n", int64(1), "r", r(), "l", []any{item(), item()},
			"deep", fields("l", []any{r()}))
	}
	beyond := map[string]func(r map[string]any){
		"text": func(r map[string]any) { r["t"] = "xxxx" },
		"list": func(r map[string]any) { r["few"] = []any{int64(1), int64(2)} },
	}
	var expressions []string
	for _, c := range cases {
		expressions = append(expressions, c.expr)
	}
	set := compiled(t, oversize(expressions...))
	verdict := func(i int, now, before map[string]any) string {
		in := set.Input()
		must(t, in.Section("s", now))
		must(t, in.Old("s", before))
		return outcome(set.Eval("c"+itoa(i), in))
	}
	for i, c := range cases {
		if got := verdict(i, within(), within()); got != string(c.within) {
			t.Errorf("%s: within the maximum %s, want %s", c.expr, got, c.within)
		}
		for what, put := range beyond {
			content := func(with bool) map[string]any {
				all := within()
				if with {
					put(all["r"].(map[string]any))
					put(all["deep"].(map[string]any)["l"].([]any)[0].(map[string]any))
					for _, item := range all["l"].([]any) {
						put(item.(map[string]any)["r"].(map[string]any))
					}
				}
				return all
			}
			for _, side := range []struct{ now, before bool }{{true, true}, {true, false}, {false, true}} {
				if !side.now && !strings.Contains(c.expr, "old") {
					continue // it is within
				}
				if got := verdict(i, content(side.now), content(side.before)); !strings.HasPrefix(got, "unknown; ") {
					t.Errorf("%s: a %s beyond its maximum (now %v, before %v): %s, want unknown", c.expr, what, side.now, side.before, got)
				}
			}
		}
	}
}

// The fields beside one that is beyond its maximum are known, and so is what is
// absent.
func TestOversizeBeside(t *testing.T) {
	cases := map[string]string{
		`s.r.n == 2`:                                "pass",
		`s.r.t == "xxxx"`:                           "unknown; s.r.t",
		`s.r.few.size() == 1`:                       "pass",
		`s.r.few == old.s.r.few`:                    "pass",
		`has(s.r.t)`:                                "pass",
		`s.l.size() == 2`:                           "pass",
		`s.l.all(x, x.n == 1)`:                      "pass",
		`s.l[0].n != s.l[1].n`:                      "fail",
		`s.l.map(x, x.n).distinct().size() == 1`:    "pass",
		`[s.r, old.s.r].size() == 2`:                "pass",
		`s.r == old.s.r`:                            "unknown; old.s.r.t; s.r.t",
		`s.r == old.s.r || s.r.n == 2`:              "pass",
		`s.r != old.s.r && s.r.n == 3`:              "fail",
		`s.l[0].r == s.l[1].r`:                      "pass", // both are absent
		`s.deep == old.s.deep`:                      "pass",
		`s.deep in [old.s.deep]`:                    "pass",
		`s.l != old.s.l`:                            "unknown; old.s.l[].t",
		`[s.l[0], s.l[1]].distinct().size() == 2`:   "fail",
		`cel.bind(x, s.r, x.n == 2 && x.n in [2])`:  "pass",
		`{"a": s.r}["a"].n == 2 && [s.r][0].n == 2`: "pass",
	}
	var expressions []string
	for e := range cases {
		expressions = append(expressions, e)
	}
	set := compiled(t, oversize(expressions...))
	in := set.Input()
	r := fields("t", "xxxx", "few", []any{int64(1)}, "n", int64(2))
	must(t, in.Section("s", fields("r", r, "l", []any{fields("n", int64(1)), fields("n", int64(1))})))
	must(t, in.Old("s", fields("r", r, "l", []any{fields("n", int64(1), "t", "xxxx")})))
	for i, e := range expressions {
		if got := outcome(set.Eval("c"+itoa(i), in)); got != cases[e] {
			t.Errorf("%s: %s, want %s", e, got, cases[e])
		}
	}
}

// A record of few fields among many says the same.
func TestOversizeAmongMany(t *testing.T) {
	var many []Field
	for i := range 100 {
		many = append(many, Field{Name: "f" + itoa(i), Kind: KindText, Max: "3"})
	}
	d := Definition{
		Sections:   []Section{{Name: "s", Fields: []Field{{Name: "r", Kind: KindRecord, Fields: many}}}},
		Conditions: []Condition{{ID: "c", Expr: `s.r != old.s.r`}},
	}
	set := compiled(t, d)
	for text, want := range map[string]string{"xxx": "fail", "xxxx": "unknown; old.s.r.f7; s.r.f7"} {
		in := set.Input()
		must(t, in.Section("s", fields("r", fields("f7", text))))
		must(t, in.Old("s", fields("r", fields("f7", text))))
		if got := outcome(set.Eval("c", in)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// In the rules of fields too, no record is compared with what cannot be told.
func TestOversizeInFields(t *testing.T) {
	d := oversize()
	l := &d.Sections[0].Fields[1]
	l.Of.Check = `this in old.l`
	l.Check = `this.distinct().size() == this.size()`
	set := compiled(t, d)
	in := set.Input()
	content := fields("l", []any{fields("t", "xxxx"), fields("t", "xxxx")})
	must(t, in.Section("s", content))
	must(t, in.Old("s", content))
	for _, id := range []string{"valid.s", "change.s"} {
		for _, v := range set.Eval(id, in).Violations {
			if v.Reason == ReasonCheck {
				t.Errorf("%s: %s is told", id, v.Rule)
			}
		}
	}
}

// Every function of the engine that takes values of any type is known here:
// either it compares them, or it looks into one, or hands it on. A new one
// must be judged.
func TestComparersAreAll(t *testing.T) {
	harmless := strings.Fields(`or orValue optional.of optional.ofNonZeroValue optional.unwrap unwrapOpt value hasValue
		_?_:_ _?._ _[_] _[?_] _+_ size first last slice reverse flatten dyn type format
		cel.@mapInsert cel.@block @sortByAssociatedKeys in _in_ ` + wholeFunction)
	env, err := weekdayEnv()
	must(t, err)
	var anything func(*cel.Type) bool
	anything = func(typ *cel.Type) bool {
		return typ.Kind() == types.TypeParamKind || typ.Kind() == types.DynKind || slices.ContainsFunc(typ.Parameters(), anything)
	}
	found := 0
	for name, f := range env.Functions() {
		for _, o := range f.OverloadDecls() {
			if !slices.ContainsFunc(o.ArgTypes(), anything) {
				continue
			}
			if found++; !slices.Contains(comparers, name) && !slices.Contains(harmless, name) {
				t.Errorf("%s (%s) takes values of any type: does it compare them?", name, o.ID())
			}
		}
	}
	if found < len(comparers) {
		t.Errorf("%d functions", found)
	}
	for _, name := range comparers {
		if env.Functions()[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
}
