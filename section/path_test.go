package section

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParsePath(t *testing.T) {
	good := []string{"a", "customer", "address.city", "lines[0]", "lines[4999].price", "a_1.b2[10].c", "a[0].b[1].c[2].d.e"}
	for _, s := range good {
		p, err := ParsePath(s)
		if err != nil || p.String() != s {
			t.Errorf("%q parsed to %q, %v", s, p, err)
		}
	}
	bad := []string{
		"", ".", "a.", ".a", "a..b", "A", "1a", "a b", " a", "a-b", "à", "[0]", "a[", "a]", "a[]", "a[0", "a[-1]", "a[+1]", "a[01]", "a[ 1]", "a[x]", "a[0]b", "a[0].", "a[0]]",
		"a[5000]", "a[99999999999999999999]", "a.[0]", "a[0x1]", "a[1_0]", "a\n", "a.b\x00", strings.Repeat("a", MaxName+1), strings.Repeat("a.", maxSteps) + "a",
	}
	for _, s := range bad {
		if p, err := ParsePath(s); !errors.As(err, new(*EncodingError)) || p != nil {
			t.Errorf("%q parsed to %v, %v", s, p, err)
		}
	}
	for s, offset := range map[string]int{"": 0, ".a": 0, "a..b": 2, "ab.C": 3, "a[0": 2, "ab[0].c[01]": 8, "a[0]b": 4, "a[0].": 5} {
		_, err := ParsePath(s)
		if where := (*EncodingError)(nil); !errors.As(err, &where) || where.Offset != offset {
			t.Errorf("%q: %v; want byte %d", s, err, offset)
		}
	}
	if _, err := ParsePath(strings.Repeat("a.", maxSteps-1) + "a"); err != nil {
		t.Error("at the bound:", err)
	}
}

func path(t testing.TB, s string) Path { return must[Path](t)(ParsePath(s)) }

func TestGet(t *testing.T) {
	s, c := orderSchema(t), orderContent()
	for p, want := range map[string]any{"company": "Rossi S.r.l.", "address.city": "Torino", "tags[1]": "b", "lines[0].price": "0.99", "lines[0].discounts[1]": int64(2), "lines[1]": map[string]any{"sku": "B-2"}} {
		if got, ok := s.Get(c, path(t, p)); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, %v; want %v", p, got, ok, want)
		}
	}
	c["stray"] = "x"
	for _, p := range []string{"stray", "nothing", "company.x", "company[0]", "tags[2]", "tags.x", "lines[0].nothing", "lines[1].price", "lines[2]", "address[0]"} {
		if got, ok := s.Get(c, path(t, p)); ok || got != nil {
			t.Errorf("%s is %v", p, got)
		}
	}
	if _, ok := s.Get(c, nil); ok {
		t.Error("a path of no steps led somewhere")
	}
	if _, ok := s.Get(Content{"tags": "not canonical"}, path(t, "tags[0]")); ok {
		t.Error("found an item of a text")
	}
	if f, ok := s.Field(path(t, "lines[9].discounts[0]")); !ok || f.Kind != Integer {
		t.Errorf("field is %v, %v", f, ok)
	}
}

func TestWith(t *testing.T) {
	tests := []struct {
		name  string
		from  Content
		path  string
		value any
		want  Content
	}{
		{"set", Content{}, "company", "a", Content{"company": "a"}},
		{"set in nothing", nil, "company", "a", Content{"company": "a"}},
		{"replace", Content{"company": "a"}, "company", "b", Content{"company": "b"}},
		{"coerced", Content{}, "total", 1, Content{"total": "1.00"}},
		{"remove", Content{"company": "a", "total": "1.00"}, "company", nil, Content{"total": "1.00"}},
		{"remove by an empty text", Content{"company": "a"}, "company", "", Content{}},
		{"remove nothing", Content{"total": "1.00"}, "company", nil, Content{"total": "1.00"}},
		{"a whole list", Content{}, "tags", []string{"a"}, Content{"tags": []any{"a"}}},
		{"makes the record", Content{}, "address.city", "a", Content{"address": map[string]any{"city": "a"}}},
		{"does not make a record to remove from", Content{}, "address.city", nil, Content{}},
		{"last field of a record", Content{"address": map[string]any{"city": "a"}}, "address.city", nil, Content{"address": map[string]any{}}},
		{"first item", Content{}, "tags[0]", "a", Content{"tags": []any{"a"}}},
		{"append", Content{"tags": []any{"a"}}, "tags[1]", "b", Content{"tags": []any{"a", "b"}}},
		{"item", Content{"tags": []any{"a", "b"}}, "tags[0]", "c", Content{"tags": []any{"c", "b"}}},
		{"remove an item", Content{"tags": []any{"a", "b", "c"}}, "tags[1]", nil, Content{"tags": []any{"a", "c"}}},
		{"remove the only item", Content{"tags": []any{"a"}}, "tags[0]", nil, Content{"tags": []any{}}},
		{"remove behind the end", Content{"tags": []any{"a"}}, "tags[1]", nil, Content{"tags": []any{"a"}}},
		{"remove from no list", Content{}, "tags[0]", nil, Content{}},
		{"append a record", Content{}, "lines[0].price", "1", Content{"lines": []any{map[string]any{"price": "1.00"}}}},
		{"deep", Content{"lines": []any{map[string]any{"sku": "a"}}}, "lines[0].discounts[0]", 5, Content{"lines": []any{map[string]any{"sku": "a", "discounts": []any{int64(5)}}}}},
	}
	s := orderSchema(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := must[[]byte](t)(s.Encode(tt.from))
			got, err := s.With(tt.from, path(t, tt.path), tt.value)
			if err != nil || !Equal(got, tt.want) {
				t.Errorf("got %v, %v; want %v", got, err, tt.want)
			}
			must[[]byte](t)(s.Encode(got))
			if after := must[[]byte](t)(s.Encode(tt.from)); string(after) != string(before) {
				t.Errorf("the content given changed from %s to %s", before, after)
			}
		})
	}
}

// Two contents made of one share its list, but not the room behind its end.
func TestWithAppendsApart(t *testing.T) {
	s := orderSchema(t)
	c := Content{"tags": append(make([]any, 0, 4), "a")}
	b := must[Content](t)(s.With(c, path(t, "tags[1]"), "b"))
	must[Content](t)(s.With(c, path(t, "tags[1]"), "c"))
	if got, _ := s.Get(b, path(t, "tags[1]")); got != "b" {
		t.Errorf("the item became %v", got)
	}
}

func TestWithRefuses(t *testing.T) {
	tests := []struct {
		path  string
		value any
		want  string
	}{
		{"compani", "a", "compani unknown"}, {"company", 1, "company type"}, {"company.x", "a", "company type"}, {"company[0]", "a", "company type"},
		{"address[0]", "a", "address type"}, {"address.town", "a", "address.town unknown"}, {"tags.x", "a", "tags type"}, {"tags[3]", "a", "tags[3] index"}, {"tags[0]", 1, "tags[0] type"},
		{"lines[2].total", 1, "lines[2].total unknown"}, {"lines[3].sku", "a", "lines[3] index"}, {"lines[0].price", "1.234", "lines[0].price scale"}, {"lines[1].discounts[1]", 1, "lines[1].discounts[1] index"},
	}
	s := orderSchema(t)
	for _, tt := range tests {
		c, err := s.With(orderContent(), path(t, tt.path), tt.value)
		wantProblems(t, err, tt.want)
		if c != nil {
			t.Errorf("%s: content along with an error", tt.path)
		}
	}
	full := Content{"tags": []any{"1", "2", "3", "4", "5"}}
	_, err := s.With(full, path(t, "tags[5]"), "6")
	wantProblems(t, err, "tags[5] index")
	_, err = s.With(full, Path{{Name: "tags"}, {Index: -1}}, "6")
	wantProblems(t, err, "tags[-1] index")
	_, err = s.With(full, nil, "6")
	wantProblems(t, err, " unknown")
}

func TestEqualAndDiff(t *testing.T) {
	values := []any{nil, "", "a", int64(1), int64(2), true, false, []any{}, []any{"a"}, []any{"a", "a"}, map[string]any{}, map[string]any{"a": "a"}, map[string]any{"a": "b"}, map[string]any{"b": "a"}, []any{map[string]any{"a": []any{int64(1)}}}, []any{map[string]any{"a": []any{int64(2)}}}}
	for i, a := range values {
		for j, b := range values {
			if Equal(a, b) != (i == j) {
				t.Errorf("Equal(%v, %v) = %v", a, b, i != j)
			}
		}
	}
	for _, odd := range []any{func() {}, struct{}{}, 1, []string{"a"}, map[string]string{}} {
		if Equal(odd, odd) {
			t.Errorf("%T is no value, yet equal to itself", odd)
		}
	}
	if !Equal(Content{"a": "a"}, map[string]any{"a": "a"}) || !Equal(map[string]any{"a": "a"}, Content{"a": "a"}) {
		t.Error("a content differs from its map")
	}
	for _, tt := range []struct {
		a, b Content
		want []string
	}{
		{nil, Content{}, nil}, {orderContent(), orderContent(), nil},
		{Content{"b": "1", "a": "1", "c": "1"}, Content{"a": "2", "c": "1", "d": "1"}, []string{"a", "b", "d"}},
		{Content{"l": []any{"a"}}, Content{"l": []any{}}, []string{"l"}},
	} {
		if got := Diff(tt.a, tt.b); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Diff(%v, %v) = %q, want %q", tt.a, tt.b, got, tt.want)
		}
	}
}
