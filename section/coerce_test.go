package section

import (
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"
)

type (
	named  string
	number int32
	self   *self
)

func ptr[T any](v T) *T { return &v }

func TestCoerceTypes(t *testing.T) {
	lmt := time.FixedZone("LMT", 49*60+56)
	cet := time.FixedZone("CET", 3600)
	when := time.Date(2026, 1, 31, 15, 4, 5, 0, time.UTC)
	var cycle self
	cycle = &cycle
	var nilText *string
	const ok = ""
	tests := []struct {
		field string
		in    any
		want  any // nil: absent
		code  Code
	}{
		{"company", "a", "a", ok}, {"company", named("a"), "a", ok}, {"company", ptr("a"), "a", ok}, {"company", ptr(ptr(named("a"))), "a", ok},
		{"company", nil, nil, ok}, {"company", "", nil, ok}, {"company", named(""), nil, ok}, {"company", nilText, nil, ok}, {"company", ptr(""), nil, ok},
		{"company", 1, nil, CodeType}, {"company", true, nil, CodeType}, {"company", []byte("a"), nil, CodeType}, {"company", json.Number("1"), nil, CodeType},
		{"company", time.Second, nil, CodeType}, {"company", when, nil, CodeType}, {"company", struct{}{}, nil, CodeType}, {"company", func() {}, nil, CodeType}, {"company", cycle, nil, CodeType},
		{"company", []any{"a"}, nil, CodeType}, {"company", map[string]any{}, nil, CodeType}, {"company", 'a', nil, CodeType}, {"company", make(chan int), nil, CodeType},

		{"quantity", 7, int64(7), ok}, {"quantity", int8(-7), int64(-7), ok}, {"quantity", number(7), int64(7), ok}, {"quantity", uint64(7), int64(7), ok}, {"quantity", uintptr(7), int64(7), ok}, {"quantity", ptr(7), int64(7), ok},
		{"quantity", 7.0, int64(7), ok}, {"quantity", float32(7), int64(7), ok}, {"quantity", math.Copysign(0, -1), int64(0), ok}, {"quantity", json.Number("7"), int64(7), ok}, {"quantity", json.Number("7.0"), int64(7), ok}, {"quantity", json.Number("-0"), int64(0), ok},
		{"quantity", MaxInteger, int64(MaxInteger), ok}, {"quantity", -MaxInteger, int64(-MaxInteger), ok}, {"quantity", float64(MaxInteger), int64(MaxInteger), ok}, {"quantity", json.Number("9007199254740991"), int64(MaxInteger), ok},
		{"quantity", MaxInteger + 1, nil, CodeRange}, {"quantity", -MaxInteger - 1, nil, CodeRange}, {"quantity", float64(MaxInteger + 1), nil, CodeRange}, {"quantity", uint64(math.MaxUint64), nil, CodeRange}, {"quantity", math.Inf(1), nil, CodeRange},
		{"quantity", json.Number("9007199254740992"), nil, CodeRange}, {"quantity", json.Number("99999999999999999999"), nil, CodeRange}, {"quantity", json.Number(strings.Repeat("9", 31)), nil, CodeRange},
		{"quantity", 7.5, nil, CodeForm}, {"quantity", math.NaN(), nil, CodeForm}, {"quantity", json.Number("7.5"), nil, CodeForm}, {"quantity", json.Number("0.99999999999999999999"), nil, CodeForm}, {"quantity", json.Number("1e3"), nil, CodeForm}, {"quantity", json.Number(""), nil, CodeForm},
		{"quantity", "7", nil, CodeType}, {"quantity", true, nil, CodeType}, {"quantity", time.Second, nil, CodeType}, {"quantity", 7i, nil, CodeType},

		{"total", "12.5", "12.50", ok}, {"total", 12, "12.00", ok}, {"total", uint8(12), "12.00", ok}, {"total", json.Number("12.5"), "12.50", ok}, {"total", named("1"), "1.00", ok}, {"total", "", nil, ok},
		{"total", 12.5, nil, CodeType}, {"total", float32(12), nil, CodeType}, {"total", true, nil, CodeType}, {"total", json.Number("1e2"), nil, CodeForm}, {"total", "12.505", nil, CodeScale}, {"total", time.Second, nil, CodeType},

		{"total", big.NewRat(25, 2), "12.50", ok}, {"total", *big.NewRat(-1, 4), "-0.25", ok}, {"total", ptr(big.NewRat(3, 1)), "3.00", ok}, {"total", (*big.Rat)(nil), nil, ok}, {"total", new(big.Rat), "0.00", ok},
		{"total", big.NewRat(1, 3), nil, CodeScale}, {"total", big.NewRat(1, 1000), nil, CodeScale}, {"total", big.NewRat(9999, 10000), nil, CodeScale},
		{"total", new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 1<<20)), nil, CodeRange}, {"total", new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 1<<20)), nil, CodeRange},
		{"total", new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(28), nil)), nil, CodeRange}, {"total", new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(27), nil)), "1000000000000000000000000000.00", ok},
		{"company", big.NewRat(1, 2), nil, CodeType}, {"quantity", big.NewRat(2, 1), nil, CodeType}, {"urgent", big.NewRat(1, 1), nil, CodeType}, {"due", big.NewRat(1, 1), nil, CodeType},

		{"urgent", false, false, ok}, {"urgent", ptr(true), true, ok}, {"urgent", "true", nil, CodeType}, {"urgent", 1, nil, CodeType}, {"urgent", "", nil, ok},

		{"due", "2026-01-31", "2026-01-31", ok}, {"due", when, "2026-01-31", ok}, {"due", ptr(when), "2026-01-31", ok}, {"due", time.Date(2026, 1, 31, 23, 59, 0, 0, cet), "2026-01-31", ok},
		{"due", time.Time{}, nil, CodeType}, {"due", &time.Time{}, nil, CodeType}, {"due", (*time.Time)(nil), nil, ok}, {"due", "0001-01-01", "0001-01-01", ok}, {"due", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), nil, CodeForm}, {"due", time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), nil, CodeForm}, {"due", 20260131, nil, CodeType}, {"due", time.Second, nil, CodeType},

		{"seen", when, "2026-01-31T15:04:05Z", ok}, {"seen", when.In(cet), "2026-01-31T16:04:05+01:00", ok}, {"seen", when.In(time.FixedZone("WET", 0)), "2026-01-31T15:04:05Z", ok},
		{"seen", time.Time{}, nil, CodeType}, {"seen", time.Time{}.In(cet), nil, CodeType}, {"seen", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", ok}, {"seen", when.Add(1), nil, CodeForm}, {"seen", when.In(lmt), nil, CodeType}, {"seen", time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), nil, CodeForm}, {"seen", when.Unix(), nil, CodeType},

		{"warranty", "90m", "1h30m", ok}, {"warranty", 90 * time.Minute, "1h30m", ok}, {"warranty", time.Duration(0), "0s", ok},
		{"warranty", -time.Second, nil, CodeType}, {"warranty", time.Millisecond, nil, CodeType}, {"warranty", time.Duration(math.MaxInt64).Truncate(time.Second), nil, CodeRange}, {"warranty", 90, nil, CodeType},

		{"country", "IT", "IT", ok}, {"country", named("DE"), "DE", ok}, {"country", "FR", nil, CodeChoice}, {"country", 1, nil, CodeType}, {"country", "", nil, ok},

		{"tags", []string{"a"}, []any{"a"}, ok}, {"tags", [2]named{"a", "b"}, []any{"a", "b"}, ok}, {"tags", []any{}, []any{}, ok}, {"tags", []string(nil), nil, ok}, {"tags", []any(nil), nil, ok}, {"tags", &[]*string{ptr("a")}, []any{"a"}, ok},
		{"tags", "a", nil, CodeType}, {"tags", map[string]any{"0": "a"}, nil, CodeType}, {"tags", []byte("ab"), nil, CodeType}, {"tags", []string{"1", "2", "3", "4", "5", "6"}, nil, CodeMax}, {"tags", 1, nil, CodeType},

		{"address", map[string]string{"city": "Torino", "street": ""}, map[string]any{"city": "Torino"}, ok}, {"address", map[named]any{"city": "Torino"}, map[string]any{"city": "Torino"}, ok}, {"address", Content{"city": "Torino"}, map[string]any{"city": "Torino"}, ok},
		{"address", map[string]any{}, map[string]any{}, ok}, {"address", map[string]any(nil), nil, ok}, {"address", (*map[string]any)(nil), nil, ok},
		{"address", map[int]string{1: "a"}, nil, CodeType}, {"address", []any{}, nil, CodeType}, {"address", struct{ City string }{"Torino"}, nil, CodeType}, {"address", "Torino", nil, CodeType},
	}
	s := orderSchema(t)
	good, bad := 0, 0
	for _, tt := range tests {
		got, err := s.Coerce(map[string]any{tt.field: tt.in})
		if tt.code != "" {
			bad++
			wantProblems(t, err, tt.field+" "+string(tt.code))
			continue
		}
		good++
		want := Content{}
		if tt.want != nil {
			want[tt.field] = tt.want
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %T %v became %v, %v; want %v", tt.field, tt.in, tt.in, got, err, want)
		}
	}
	if good == 0 || bad == 0 {
		t.Fatal("no cases")
	}
	t.Logf("%d accepted, %d refused", good, bad)
}

func TestCoerceTellsEverythingAtOnce(t *testing.T) {
	s := orderSchema(t)
	_, err := s.Coerce(map[string]any{
		"company": 1, "totl": "1", "Country": "IT", "total": "1.234", "secret value!": 1, "zzz": 1,
		"address": map[string]any{"city": true, "citi": "x"},
		"lines":   []any{map[string]any{"sku": "a"}, nil, map[string]any{"price": "x", "discounts": []any{1, "2", nil}}},
	})
	wantProblems(t, err, "company type", "total scale", "address.city type", "address.citi unknown",
		"lines[1] absent", "lines[2].price form", "lines[2].discounts[1] type", "lines[2].discounts[2] absent",
		"Country unknown", "? unknown", "totl unknown", "zzz unknown")
	problems := err.(*ValuesError).Problems
	for i, want := range map[int]string{8: `no such field; did you mean "country"?`, 10: `no such field; did you mean "total"?`, 11: "no such field"} {
		if problems[i].Detail != want {
			t.Errorf("%s: %q, want %q", problems[i].Path, problems[i].Detail, want)
		}
	}
}

// No error says what the value was.
func TestProblemsHoldNoValues(t *testing.T) {
	const secret = "s3cr3t"
	s := orderSchema(t)
	in := map[string]any{secret + " ": 1}
	for _, f := range s.fields {
		in[f.Name] = secret
		if f.Kind == Text {
			in[f.Name] = secret + "\x00"
		}
	}
	_, err := s.Coerce(in)
	if n := len(problemsOf(err)); n != len(in) {
		t.Errorf("%d problems, want %d", n, len(in))
	}
	_, err2 := s.Encode(in)
	if n := len(problemsOf(err2)); n != len(in) {
		t.Errorf("%d problems, want %d", n, len(in))
	}
	for _, err := range []error{err, err2} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error quotes the value: %v", err)
		}
	}
}

func TestCoerceBoundsTheReport(t *testing.T) {
	s := must[*Schema](t)(NewSchema([]Field{{Name: "a", Kind: List, Max: MaxItems, Of: &Field{Kind: Text}}}))
	in := make([]int, MaxItems)
	_, err := s.Coerce(map[string]any{"a": in})
	if n := len(problemsOf(err)); n != MaxProblems {
		t.Errorf("%d problems, want %d", n, MaxProblems)
	}
	if _, err := s.Coerce(map[string]any{"a": make([]string, MaxItems+1)}); len(problemsOf(err)) != 1 {
		t.Error(err)
	}
}

func TestCoerceCopies(t *testing.T) {
	s := orderSchema(t)
	in := map[string]any(orderContent())
	out := must[Content](t)(s.Coerce(in))
	if !Equal(out, Content(in)) {
		t.Fatalf("canonical content changed: %v", Diff(out, in))
	}
	in["tags"].([]any)[0] = "changed"
	in["lines"].([]any)[0].(map[string]any)["discounts"].([]any)[0] = int64(99)
	if !Equal(out, orderContent()) {
		t.Error("the result changed with what it was made of")
	}
}

func TestSuggest(t *testing.T) {
	names := fieldNames([]Field{{Name: "company"}, {Name: "total"}, {Name: "id"}})
	for name, want := range map[string]string{
		"compny": "company", "COMPANY": "company", "comapny": "company", "tota": "total", "ID": "id", "ix": "id",
		"xyz": "", "": "", "quantity": "", "cmpn": "", strings.Repeat("a", 100): "",
	} {
		if got := suggest(name, names); got != want {
			t.Errorf("suggest(%q) = %q, want %q", name, got, want)
		}
	}
}
