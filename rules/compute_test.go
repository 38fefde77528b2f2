package rules

import (
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func TestCompute(t *testing.T) {
	s := compiled(t, order())
	in := map[string]any{"lines": []any{line("a", 2, "10.50"), map[string]any{"sku": "b", "amount": "9.99"}}, "total": "1.00"}
	before := clone(in)
	out, err := s.Compute("products", in)
	must(t, err)
	if !reflect.DeepEqual(in, before) {
		t.Errorf("the content was changed: %v", in)
	}
	lines := out["lines"].([]any)
	if lines[0].(map[string]any)["amount"] != "21.00" {
		t.Errorf("%v", lines[0])
	}
	// Without its inputs a computed field is absent, and so is what needs it.
	if _, ok := lines[1].(map[string]any)["amount"]; ok {
		t.Errorf("%v", lines[1])
	}
	if _, ok := out["total"]; ok {
		t.Errorf("%v", out)
	}
	again, err := s.Compute("products", out)
	must(t, err)
	if !reflect.DeepEqual(out, again) {
		t.Errorf("computing twice gives %v after %v", again, out)
	}
	if out, err := s.Compute("products", nil); err != nil || out == nil || len(out) != 0 {
		t.Errorf("nothing: %v, %v", out, err)
	}
	if _, err := s.Compute("other", nil); err == nil {
		t.Error("a section that is not declared")
	}
	var value *ValueError
	if _, err := s.Compute("products", map[string]any{"lines": "x"}); !errors.As(err, &value) {
		t.Errorf("a wrong type: %v", err)
	}
}

// computed is a section of integers, each with its expression.
func computed(expressions ...string) Definition {
	d := Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "x", Kind: KindInteger}}}}}
	for i, e := range expressions {
		d.Sections[0].Fields = append(d.Sections[0].Fields, Field{Name: "c" + itoa(i), Kind: KindInteger, Compute: e})
	}
	return d
}

func TestComputeOrder(t *testing.T) {
	// Each field is computed from the ones after it.
	s := compiled(t, computed("c1 + c2", "c2 * 2", "c3 + 1", "x + 1"))
	out, err := s.Compute("s", map[string]any{"x": int64(1)})
	must(t, err)
	if want := (map[string]any{"x": int64(1), "c3": int64(2), "c2": int64(3), "c1": int64(6), "c0": int64(9)}); !reflect.DeepEqual(out, want) {
		t.Errorf("%v", out)
	}
	// When takes part.
	d := computed("x * 2")
	d.Sections[0].Fields[1].When = "x > 1"
	s = compiled(t, d)
	for x, want := range map[int64]any{1: nil, 2: int64(4)} {
		out, err := s.Compute("s", map[string]any{"x": x, "c0": int64(7)})
		must(t, err)
		if out["c0"] != want {
			t.Errorf("x %d: %v", x, out)
		}
	}
}

func TestComputeCircles(t *testing.T) {
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	for _, c := range []Definition{
		computed("c0 + 1"),
		computed("c1", "c0"),
		computed("c1", "c2", "c0 + x"),
		computed("has(c1) ? 1 : 2", "has(c0) ? 1 : 2"),
		{Sections: []Section{{Name: "s", Fields: []Field{
			{Name: "total", Kind: KindInteger, Compute: `lines.map(l, l.n).sum()`},
			{Name: "lines", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{{Name: "n", Kind: KindInteger, Compute: `total`}}}},
		}}}},
		{Sections: []Section{{Name: "s", Fields: []Field{
			{Name: "a", Kind: KindInteger, Compute: `1`, When: `has(b)`}, {Name: "b", Kind: KindInteger, Compute: `a`},
		}}}},
	} {
		_, err := Compile(c)
		if err == nil || !strings.Contains(err.Error(), "in a circle") {
			t.Errorf("%+v: %v", c.Sections[0].Fields, err)
		}
	}
	runtime.ReadMemStats(&m1)
	if allocated := (m1.TotalAlloc - m0.TotalAlloc) >> 20; allocated > 64 {
		t.Errorf("%d MiB allocated", allocated)
	}
	// Reading the other items of its own list is no circle.
	compiled(t, Definition{Sections: []Section{{Name: "s", Fields: []Field{
		{Name: "lines", Kind: KindList, Of: &Field{Kind: KindRecord, Fields: []Field{
			{Name: "n", Kind: KindInteger}, {Name: "share", Kind: KindInteger, Compute: `n * 100 / lines.map(l, l.n).sum()`}}}},
	}}}})
}

func TestComputeErrors(t *testing.T) {
	for expression, want := range map[string]string{
		"1 / (x - 1)":                    "division by zero",
		"x * 9007199254740991 * 1000000": "a number is too large",
		"x * 9007199254740991 + x":       "want an integer",
		"int(\"a\" + string(x))":         "it cannot be evaluated",
	} {
		s := compiled(t, computed(expression))
		_, err := s.Compute("s", map[string]any{"x": int64(1)})
		var broken *EvalError
		if !errors.As(err, &broken) || !strings.Contains(broken.Reason, want) || broken.Where != "s.c0 compute" {
			t.Errorf("%s: %+v", expression, broken)
		}
		in := s.Input()
		must(t, in.Section("s", map[string]any{"x": int64(1)}))
		if v := s.Eval("valid.s", in); v.Result != Error {
			t.Errorf("%s: %v", expression, v)
		}
	}
	d := computed()
	d.Sections[0].Fields = append(d.Sections[0].Fields, Field{Name: "m", Kind: KindDecimal, Scale: 1, Compute: `decimal("0.25") * x`})
	_, err := compiled(t, d).Compute("s", map[string]any{"x": int64(1)})
	if broken := (*EvalError)(nil); !errors.As(err, &broken) || !strings.Contains(broken.Reason, "use .round") {
		t.Errorf("more decimals than the scale: %v", err)
	}
	for _, e := range []string{"old.x", "today", "this + 1", "other.y", "s.x"} {
		d := computed(e)
		d.Facts = []Fact{{Name: "today", Type: Field{Kind: KindInteger}}}
		d.Sections = append(d.Sections, Section{Name: "other", Fields: []Field{{Name: "y", Kind: KindInteger}}})
		if _, err := Compile(d); err == nil {
			t.Errorf("compute may read %s", e)
		}
	}
}
