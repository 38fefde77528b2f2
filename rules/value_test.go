package rules

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

// everything has a field of each kind.
func everything() Definition {
	return Definition{Sections: []Section{{Name: "all", Fields: []Field{
		{Name: "text", Kind: KindText, Max: "5"}, {Name: "integer", Kind: KindInteger}, {Name: "decimal", Kind: KindDecimal, Scale: 2},
		{Name: "money", Kind: KindMoney, Scale: 2, Currencies: []string{"EUR", "CHF"}}, {Name: "yen", Kind: KindMoney},
		{Name: "boolean", Kind: KindBoolean}, {Name: "date", Kind: KindDate}, {Name: "datetime", Kind: KindDatetime}, {Name: "duration", Kind: KindDuration},
		{Name: "choice", Kind: KindChoice, Choices: []Choice{{Name: "a"}, {Name: "b"}}},
		{Name: "list", Kind: KindList, Max: "3", Of: &Field{Kind: KindText, Max: "3"}},
		{Name: "record", Kind: KindRecord, Fields: []Field{{Name: "x", Kind: KindInteger}}},
	}}}}
}

func TestValues(t *testing.T) {
	s := compiled(t, everything())
	good := map[string][]any{
		"text":     {"a", "àé", "abcdef", strings.Repeat("é", 100), "\n"},
		"integer":  {int64(0), int64(-1), int64(maxInteger), int64(-maxInteger)},
		"decimal":  {"0.00", "-0.01", "1234.50"},
		"money":    {"0.00 EUR", "-0.01 CHF", "1234.50 EUR", "1.00 USD"},
		"yen":      {"0 JPY", "-1 EUR", "1200 ZZZ"},
		"boolean":  {true, false},
		"date":     {"2026-01-31"},
		"datetime": {"2026-01-31T10:00:00Z", "2026-01-31T10:00:00+01:00", "2026-01-31T23:59:59-11:30", "2026-01-31T10:00:00-23:59", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:01"},
		"duration": {"0s", "3d12h", "1s", "23h59m59s", "100000d"},
		"choice":   {"a", "none of them"},
		"list":     {[]any{}, []any{"a"}, []any{"a", "b", "c", "d"}, []any{"toolong"}},
		"record":   {map[string]any{}, map[string]any{"x": int64(1)}},
	}
	bad := map[string][]any{
		"text":     {"", 1, nil, []byte("a"), "\xff", strings.Repeat("é", 4*maxText)},
		"integer":  {1, 1.0, "1", int64(maxInteger + 1), int64(-maxInteger - 1), int32(1), true, nil},
		"decimal":  {"1", "1.5", "1.500", "+1.00", "01.00", "-0.00", "1e2", 1.5, int64(1), "", " 1.00", "1,00", "99999999999999999999999999999.00"},
		"money":    {"1.00", "1 EUR", "1.5 EUR", "1.500 EUR", "1.00 eur", "1.00EUR", "1.00  EUR", "EUR 1.00", "1.00 EUR ", "-0.00 EUR", "01.00 EUR", 1.5, int64(1), "", nil, "1.00 EURO", map[string]any{}, "99999999999999999999999999999.00 EUR"},
		"yen":      {"1200.0 JPY", "1200", int64(1200), "1200 jpy"},
		"boolean":  {"true", 1, nil, int64(0)},
		"date":     {"2026-1-31", "2026-02-29", "", int64(1), time.Time{}, "2026-01-31T00:00:00Z"},
		"datetime": {"2026-01-31", "2026-01-31T10:00:00", "2026-01-31T10:00:00.5Z", "2026-01-31T10:00:00+00:00", "2026-01-31t10:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T10:00:60Z", "0000-01-01T00:00:00Z", "2026-01-31T10:00:00+24:00", "2026-01-31T10:00:00-24:00", "2026-01-31T10:00:00+24:59", "2026-01-31T10:00:00+23:60", "2026-01-31T10:00:00-00:00", "0001-01-01T00:59:59+01:00", "9999-12-31T23:59:59-00:01", time.Time{}},
		"duration": {"", "3d0h", "12h3d", "24h", "60m", "60s", "1.5h", "-1s", "01s", "3", "d", "1w", "100001d", "100000d1s", "1d1d", " 1s", "1H"},
		"choice":   {"", 1, true},
		"list":     {"a", []string{"a"}, []any{1}, []any{""}, make([]any, maxList+1)},
		"record":   {"a", []any{}, map[string]any{"y": int64(1)}, map[string]any{"x": "1"}, map[string]string{}},
	}
	accepted, refused := 0, 0
	for _, f := range s.sections["all"].rec.fields {
		name := f.field.Name
		if len(bad[name]) == 0 || len(good[name]) == 0 {
			t.Fatalf("no cases for %s", name)
		}
		for _, v := range good[name] {
			if err := s.Input().Section("all", map[string]any{name: v}); err != nil {
				t.Errorf("%s %v: %v", name, v, err)
			}
			accepted++
		}
		for _, v := range bad[name] {
			var value *ValueError
			err := s.Input().Section("all", map[string]any{name: v})
			if !errors.As(err, &value) || !strings.HasPrefix(value.Path, "all."+name) {
				t.Errorf("%s %v: %v", name, v, err)
				continue
			}
			if text, ok := v.(string); ok && len(text) > 3 && strings.Contains(strings.TrimPrefix(err.Error(), "all."+name), text) {
				t.Errorf("the error holds the value: %v", err)
			}
			refused++
		}
	}
	for _, err := range []error{
		s.Input().Section("other", nil), s.Input().Hidden("other"), s.Input().Old("other", nil), s.Input().OldHidden("other"), s.Input().Fact("other", 1),
		s.Input().Section("all", map[string]any{"other": 1}), s.Input().Section("all", map[string]any{"text": "a", "other": nil}),
	} {
		if err == nil {
			t.Error("a name that is not declared was accepted")
		}
		refused++
	}
	t.Logf("%d accepted, %d refused", accepted, refused)
}

// What an expression gives back is the canonical form again.
func TestValuesThroughExpressions(t *testing.T) {
	d := everything()
	d.Sections[0].Fields = append(d.Sections[0].Fields,
		Field{Name: "text2", Kind: KindText, Compute: "text"}, Field{Name: "integer2", Kind: KindInteger, Compute: "integer"},
		Field{Name: "decimal2", Kind: KindDecimal, Scale: 2, Compute: "decimal"}, Field{Name: "money2", Kind: KindMoney, Scale: 2, Compute: "money"}, Field{Name: "boolean2", Kind: KindBoolean, Compute: "boolean"},
		Field{Name: "date2", Kind: KindDate, Compute: "date"}, Field{Name: "datetime2", Kind: KindDatetime, Compute: "datetime"},
		Field{Name: "duration2", Kind: KindDuration, Compute: "duration"},
		Field{Name: "choice2", Kind: KindChoice, Choices: []Choice{{Name: "a"}}, Compute: "choice"})
	s := compiled(t, d)
	r := rand.New(rand.NewPCG(11, 12))
	for range 500 {
		c := map[string]any{
			"text": strings.Repeat("é", 1+r.IntN(5)), "integer": r.Int64N(maxInteger), "decimal": decimal{randomDecimal(r).unscaled, 2}.String(),
			"money":   decimal{randomDecimal(r).unscaled, 2}.String() + " CHF",
			"boolean": r.IntN(2) == 0, "date": date(r.IntN(100000)).String(), "duration": formatDuration(time.Duration(r.IntN(1e9)) * time.Second),
			"datetime": formatDatetime(time.Unix(r.Int64N(1e10), 0).In(time.FixedZone("", 900*r.IntN(50)))), "choice": "a",
		}
		if c["decimal"] == "-0.00" || c["money"] == "-0.00 CHF" {
			continue
		}
		out, err := s.Compute("all", c)
		if err != nil {
			t.Fatal(err)
		}
		for name, v := range c {
			if !reflect.DeepEqual(out[name+"2"], v) {
				t.Fatalf("%s %v became %v", name, v, out[name+"2"])
			}
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"0s", "3d12h", "24h", "1d0h", "00s", "999999999d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := parseDuration(s); ok && formatDuration(d) != s {
			t.Errorf("%q became %q", s, formatDuration(d))
		}
	})
}

func FuzzParseDatetime(f *testing.F) {
	f.Add("2026-01-31T10:00:00+01:00")
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := parseDatetime(s); ok && formatDatetime(d) != s {
			t.Errorf("%q became %q", s, formatDatetime(d))
		}
	})
}
