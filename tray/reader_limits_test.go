package tray

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/tray/template"
)

// limitOfTemplate is a template that goes to a limit, and one that goes beyond.
type limitOfTemplate struct {
	name       string
	code       template.Code
	most, more string
}

// limitsOfTemplates goes to each limit of templates, from the one in testdata/every.yaml.
func limitsOfTemplates(t testing.TB, every *template.Template) (out []limitOfTemplate) {
	long := func(n int) string { return strings.Repeat("é", n/2) + strings.Repeat("x", n%2) } // of n bytes
	lone := func(d *template.Definition) *template.Section {
		return &d.Sections[slices.IndexFunc(d.Sections, isLone)]
	}
	field := func(d *template.Definition) *rules.Field { return &lone(d).Fields[0] }
	flag := func(i int) rules.Field { return rules.Field{Name: fmt.Sprint("f", i), Kind: rules.KindBoolean} }
	for _, c := range []struct {
		name string
		most int
		code template.Code
		set  func(d *template.Definition, n int)
	}{
		{"letters of the name", 63, template.CodeName, func(d *template.Definition, n int) { d.Name = strings.Repeat("a", n) }},
		{"version", 1<<31 - 1, template.CodeValue, func(d *template.Definition, n int) { d.Version = n }},
		{"languages", 32, template.CodeLimit, func(d *template.Definition, n int) {
			for i := len(d.Title); i < n; i++ {
				d.Title[fmt.Sprintf("en-%03d", i)] = "x"
			}
		}},
		{"letters of a language", 35, template.CodeName, func(d *template.Definition, n int) {
			d.Title[("en" + strings.Repeat("-xxxxxxxx", 5))[:n]] = "x"
		}},
		{"title", 2000, template.CodeLimit, func(d *template.Definition, n int) { d.Title["en"] = long(n) }},
		{"declaration", 20000, template.CodeLimit, func(d *template.Definition, n int) { d.Signatures[0].Declare["en"] = long(n) }},
		{"roles", 32, template.CodeLimit, func(d *template.Definition, n int) {
			for i := len(d.Roles); i < n; i++ {
				d.Roles = append(d.Roles, template.Role{Name: fmt.Sprint("r", i), Manages: []string{fmt.Sprint("r", i)}})
			}
		}},
		{"sections", 64, template.CodeLimit, func(d *template.Definition, n int) {
			for i := len(d.Sections); i < n; i++ {
				addSection(d, flag(0))
			}
		}},
		{"fields of a section", 200, template.CodeField, func(d *template.Definition, n int) {
			for i := len(lone(d).Fields); i < n-2; i++ {
				lone(d).Fields = append(lone(d).Fields, flag(i))
			}
			lone(d).Fields = append(lone(d).Fields, rules.Field{Name: "l", Kind: rules.KindList, Max: "1", Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{flag(0)}}})
		}},
		{"fields", 1000, template.CodeLimit, func(d *template.Definition, n int) {
			for _, s := range d.Sections {
				n -= len(s.Fields)
			}
			for n -= 3; n > 0; n -= 100 { // three stand in lists and records
				var fields []rules.Field
				for i := range min(n, 100) {
					fields = append(fields, flag(i))
				}
				addSection(d, fields...)
			}
		}},
		{"records in each other", 4, template.CodeLimit, func(d *template.Definition, n int) {
			f := flag(0)
			for range n {
				f = rules.Field{Name: "r", Kind: rules.KindRecord, Fields: []rules.Field{f}}
			}
			lone(d).Fields = append(lone(d).Fields, f)
		}},
		{"lists and records in each other", 4, template.CodeLimit, func(d *template.Definition, n int) {
			f := rules.Field{Name: "l", Kind: rules.KindList, Max: "1", Of: &rules.Field{Kind: rules.KindBoolean}}
			for range (n - 1) / 2 {
				f = rules.Field{Name: "l", Kind: rules.KindList, Max: "1", Of: &rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{f}}}
			}
			if n%2 == 0 {
				f = rules.Field{Name: "r", Kind: rules.KindRecord, Fields: []rules.Field{f}}
			}
			lone(d).Fields = append(lone(d).Fields, f)
		}},
		{"rules", 200, template.CodeLimit, func(d *template.Definition, n int) {
			for i := len(d.Rules); i < n; i++ {
				d.Rules = append(d.Rules, template.Rule{Rule: rules.Rule{ID: fmt.Sprint("r", i), Expr: "open.count > 0"}})
			}
		}},
		{"states", 64, template.CodeLimit, func(d *template.Definition, n int) {
			drop := slices.IndexFunc(d.Lifecycle.Events, func(e template.Event) bool { return e.Name == "drop" })
			for i := len(d.Lifecycle.States); i < n; i++ {
				name := fmt.Sprint("s", i)
				d.Lifecycle.States = append(d.Lifecycle.States, template.State{Name: name})
				d.Lifecycle.Events[drop].From = append(d.Lifecycle.Events[drop].From, name)
				if len(d.Lifecycle.Events) < 64 {
					d.Lifecycle.Events = append(d.Lifecycle.Events, template.Event{Name: fmt.Sprint("e", i), From: []string{"begun"}, To: name, By: []string{"maker"}})
				} else {
					d.Lifecycle.Events[1].To = name // "proceed" leads back where it comes from
				}
			}
		}},
		{"events", 64, template.CodeLimit, func(d *template.Definition, n int) {
			for i := len(d.Lifecycle.Events); i < n; i++ {
				d.Lifecycle.Events = append(d.Lifecycle.Events, template.Event{Name: fmt.Sprint("e", i), From: []string{"begun"}, To: "begun", By: []string{"maker"}})
			}
		}},
		{"signatures", 32, template.CodeLimit, func(d *template.Definition, n int) {
			for i := len(d.Signatures); i < n; i++ {
				d.Signatures = append(d.Signatures, template.Signature{Name: fmt.Sprint("s", i), By: "maker", Covers: []string{"data"}, Declare: rules.Text{"en": "x"}, Quorum: "one"})
			}
		}},
		{"quorum", 200, template.CodeValue, func(d *template.Definition, n int) { d.Signatures[0].Quorum = fmt.Sprint(n) }},
		{"days of a state", 3660, template.CodeValue, func(d *template.Definition, n int) { d.Lifecycle.States[1].Due = fmt.Sprintf("%dd", n) }},
		{"holidays", 400, template.CodeLimit, func(d *template.Definition, n int) {
			for i := len(d.Holidays); i < n; i++ {
				d.Holidays = append(d.Holidays, time.Date(2026, 1, i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
			}
		}},
		{"functions", 100, template.CodeField, func(d *template.Definition, n int) {
			for i := len(d.Needs.Functions); i < n; i++ {
				d.Needs.Functions = append(d.Needs.Functions, rules.Function{Name: fmt.Sprint("g", i), Result: rules.KindText})
			}
		}},
		{"arguments", 8, template.CodeField, func(d *template.Definition, n int) {
			d.Needs.Functions = append(d.Needs.Functions, rules.Function{Name: "g", Args: slices.Repeat([]rules.Kind{rules.KindText}, n), Result: rules.KindText})
		}},
		{"formats", 100, template.CodeField, func(d *template.Definition, n int) {
			for i := len(d.Needs.Formats); i < n; i++ {
				d.Needs.Formats = append(d.Needs.Formats, fmt.Sprint("g", i))
			}
		}},
		{"bytes of an expression", 2048, template.CodeField, func(d *template.Definition, n int) { field(d).Check = padded(`this != "é"`, n) }},
		{"bytes of the expressions", 65536, template.CodeField, func(d *template.Definition, n int) {
			for n -= expressions(d); n > 0; n -= 1500 {
				d.Rules = append(d.Rules, template.Rule{Rule: rules.Rule{ID: fmt.Sprint("r", n), Expr: padded("open.count > 0", max(min(n, 1500), 14))}})
			}
		}},
		{"choices", 1000, template.CodeField, func(d *template.Definition, n int) {
			*field(d) = rules.Field{Name: "word", Kind: rules.KindChoice}
			for i := range n {
				field(d).Choices = append(field(d).Choices, rules.Choice{Name: fmt.Sprint(i)})
			}
		}},
		{"bytes of a choice", 64, template.CodeField, func(d *template.Definition, n int) { d.Sections[0].Fields[0].Choices[0].Name = long(n) }},
		{"currencies", 300, template.CodeField, func(d *template.Definition, n int) {
			f := rules.Field{Name: "m", Kind: rules.KindMoney}
			for i := range n {
				f.Currencies = append(f.Currencies, fmt.Sprintf("A%c%c", 'A'+i/26, 'A'+i%26))
			}
			lone(d).Fields = append(lone(d).Fields, f)
		}},
		{"decimals", 18, template.CodeField, func(d *template.Definition, n int) {
			lone(d).Fields = append(lone(d).Fields, rules.Field{Name: "m", Kind: rules.KindMoney, Scale: n}, rules.Field{Name: "d", Kind: rules.KindDecimal, Scale: n})
		}},
		{"code points", 100_000, template.CodeField, func(d *template.Definition, n int) { field(d).Max = fmt.Sprint(n) }},
		{"items", 5000, template.CodeField, func(d *template.Definition, n int) {
			lone(d).Fields = append(lone(d).Fields, rules.Field{Name: "l", Kind: rules.KindList, Max: fmt.Sprint(n), Of: &rules.Field{Kind: rules.KindBoolean}})
		}},
		{"bytes", 256 << 10, template.CodeLimit, func(d *template.Definition, n int) {
			const around = len(`,"en-000":""`)
			n -= len(encodedTemplate(t, *d))
			for i := 0; n > 0; i++ {
				more := min(n-around, 19_000)
				if rest := n - around - more; rest > 0 && rest <= around {
					more -= around
				}
				d.Signatures[0].Declare[fmt.Sprintf("en-%03d", i)] = strings.Repeat("x", more)
				n -= around + more
			}
		}},
	} {
		at := func(n int) string {
			d := every.Definition()
			c.set(&d, n)
			return encodedTemplate(t, d)
		}
		out = append(out, limitOfTemplate{c.name, c.code, at(c.most), at(c.most + 1)})
	}
	return out
}

func isLone(s template.Section) bool { return s.Name == "lone" }

// addSection adds a public section, with its row in the table of conditions.
func addSection(d *template.Definition, fields ...rules.Field) {
	name := fmt.Sprint("s", len(d.Sections))
	d.Conditions = slices.Insert(d.Conditions, len(d.Sections), template.Condition{ID: "valid." + name, Sections: []string{name}})
	d.Sections = append(d.Sections, template.Section{Name: name, Public: true, Write: []string{}, Fields: fields})
}

// padded gives an expression of so many bytes.
func padded(expr string, n int) string { return expr + strings.Repeat(" ", n-len(expr)) }

// expressions counts the bytes of all expressions, which each stand in one member.
func expressions(d *template.Definition) (bytes int) {
	var count func(v any)
	count = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				count(item)
			}
		case map[string]any:
			for member, value := range v {
				if s, ok := value.(string); ok && slices.Contains([]string{"rule", "guard", "when", "check", "compute", "required_if", "message_expression"}, member) {
					bytes += len(s)
				}
				count(value)
			}
		}
	}
	b, _ := json.Marshal(d)
	var v any
	_ = json.Unmarshal(b, &v)
	count(v)
	return bytes
}

// encodedTemplate encodes a definition as a canonical template is, whether it is one or not.
func encodedTemplate(t testing.TB, d any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// fieldOfTemplate is a template with one more field; no code if it is a template.
type fieldOfTemplate struct {
	name, tpl string
	code      template.Code
}

// fieldsOfTemplates puts every member at every type of field, and bounds that are values
// of it and such as are none.
func fieldsOfTemplates(t testing.TB, every *template.Template) (out []fieldOfTemplate) {
	with := func(f rules.Field) string {
		f.Name = "extra"
		d := every.Definition()
		s := &d.Sections[slices.IndexFunc(d.Sections, isLone)]
		s.Fields = append(s.Fields, f)
		return encodedTemplate(t, d)
	}
	add := func(f rules.Field, accepted bool, name string, args ...any) {
		c := fieldOfTemplate{fmt.Sprintf(name, args...), with(f), template.CodeField}
		if accepted {
			c.code = ""
		}
		out = append(out, c)
	}
	item := &rules.Field{Kind: rules.KindBoolean}
	kinds := []struct {
		field   rules.Field
		takes   string // members, besides those that it needs
		compute string
		bounds  [2]string
		good    []string // further bounds
		bad     []string
	}{
		{rules.Field{Kind: rules.KindText, Max: "9"}, "format min max compute", "word", [2]string{"0", "9"}, []string{"1", "100000"}, []string{"", "x", "-1", "+1", "01", "1.0", "1e3", "100001", " 1", "99999999999999999999"}},
		{rules.Field{Kind: rules.KindInteger}, "min max compute", "1", [2]string{"-1", "1"}, []string{"0", "9007199254740991", "-9007199254740991"}, []string{"x", "-0", "+1", "01", "1.0", "1e3", "9007199254740992", "-9007199254740992", "99999999999999999999"}},
		{rules.Field{Kind: rules.KindDecimal, Scale: 2}, "min max scale compute", `decimal("1")`, [2]string{"-1.5", "1"}, []string{"0", "0.00", "-0.01", "9999999999999999999999999999.99", "999999999999999999999999999999"}, []string{"x", ".5", "5.", "1.000", "-0", "-0.00", "+1", "01", "1e3", "1,5", "9999999999999999999999999999999", "99999999999999999999999999999.99", "1.00 EUR"}},
		{rules.Field{Kind: rules.KindMoney, Scale: 2}, "min max scale currencies compute", `money("1 EUR")`, [2]string{"-1.5", "1"}, []string{"0", "1.25"}, []string{"1.00 EUR", "1.000", "EUR"}},
		{rules.Field{Kind: rules.KindMoney}, "min max scale currencies compute", `money("1 EUR")`, [2]string{"-1", "1"}, []string{"0"}, []string{"1.0", "1 EUR"}},
		{rules.Field{Kind: rules.KindBoolean}, "compute", "true", [2]string{"true", "true"}, nil, []string{"1"}},
		{rules.Field{Kind: rules.KindDate}, "min max compute", `date("2026-01-01")`, [2]string{"0001-01-01", "9999-12-31"}, []string{"2028-02-29"}, []string{"2026-02-29", "2026-1-1", "0000-01-01", "2026-01-01T00:00:00Z", "10000-01-01"}},
		{rules.Field{Kind: rules.KindDatetime}, "min max compute", `timestamp("2026-01-01T00:00:00Z")`, [2]string{"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}, []string{"2026-01-31T23:59:59-11:30", "2026-01-31T10:00:00+23:59"},
			[]string{"2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00+00:00", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "0001-01-01T00:59:59+01:00", "9999-12-31T23:59:59-00:01", "2026-01-31T10:00:00+24:00"}},
		{rules.Field{Kind: rules.KindDuration}, "min max compute", "days(1)", [2]string{"0s", "100000d"}, []string{"3d12h", "23h59m59s", "99999d23h59m59s"}, []string{"x", "24h", "0d", "1d0h", "01h", "12h3d", "100000d1s", "100001d", "-1s", "P1D"}},
		{rules.Field{Kind: rules.KindChoice, Choices: []rules.Choice{{Name: "a"}}}, "choices compute", `"a"`, [2]string{"a", "a"}, nil, []string{"1"}},
		{rules.Field{Kind: rules.KindList, Max: "9", Of: item}, "min max of", "[true]", [2]string{"0", "9"}, []string{"1", "5000"}, []string{"x", "-1", "5001", "01"}},
		{rules.Field{Kind: rules.KindRecord, Fields: []rules.Field{{Name: "a", Kind: rules.KindBoolean}}}, "fields", "true", [2]string{"1", "1"}, nil, []string{"1"}},
	}
	for _, k := range kinds {
		members := map[string]func(f *rules.Field){
			"format":     func(f *rules.Field) { f.Format = "email" },
			"min":        func(f *rules.Field) { f.Min = k.bounds[0] },
			"max":        func(f *rules.Field) { f.Max = k.bounds[1] },
			"scale":      func(f *rules.Field) { f.Scale = 3 },
			"currencies": func(f *rules.Field) { f.Currencies = []string{"EUR"} },
			"choices":    func(f *rules.Field) { f.Choices = []rules.Choice{{Name: "b"}} },
			"of":         func(f *rules.Field) { f.Of = item },
			"fields":     func(f *rules.Field) { f.Fields = []rules.Field{{Name: "b", Kind: rules.KindBoolean}} },
			"compute":    func(f *rules.Field) { f.Compute = k.compute },
		}
		for _, member := range []string{"format", "min", "max", "scale", "currencies", "choices", "of", "fields", "compute"} {
			f := k.field
			members[member](&f)
			add(f, slices.Contains(strings.Fields(k.takes), member), "%s with %s", f.Kind, member)
		}
		for _, accepted := range []bool{true, false} {
			bounds := k.bad
			if accepted {
				bounds = append(k.good, k.bounds[:]...)
				if !strings.Contains(k.takes, "min") {
					continue
				}
			}
			for _, b := range bounds {
				low, high := k.field, k.field
				low.Min, high.Max = b, b
				sized := k.field.Max != "" // whose max is never below min
				if !sized && b != "" {
					add(low, accepted, "%s from %q", k.field.Kind, b)
				}
				if b == "" || sized && accepted && b == "0" {
					continue
				}
				add(high, accepted, "%s up to %q", k.field.Kind, b)
			}
		}
		if strings.Contains(k.takes, "min") {
			f := k.field
			f.Min, f.Max = k.bounds[0], k.bounds[0]
			add(f, f.Max != "0", "%s of one size", f.Kind) // a text or list of none is none
			if f.Min, f.Max = k.bounds[1], k.bounds[0]; f.Max != "0" {
				add(f, false, "%s of less than nothing", f.Kind)
			}
		}
	}
	for _, f := range []rules.Field{{Kind: rules.KindText, Min: "9", Max: "8"}, {Kind: rules.KindText, Max: "0"}, {Kind: rules.KindList, Max: "0", Of: item}, {Kind: rules.KindList, Min: "9", Max: "8", Of: item},
		{Kind: rules.KindDatetime, Min: "2026-01-01T10:00:00Z", Max: "2026-01-01T10:30:00+01:00"}, {Kind: rules.KindDecimal, Scale: 2, Min: "10", Max: "9.5"}, {Kind: rules.KindDuration, Min: "1d", Max: "23h59m"}, {Kind: rules.KindInteger, Min: "10", Max: "9"}} {
		add(f, false, "%s from %s to %s", f.Kind, f.Min, f.Max)
	}
	for _, f := range []rules.Field{{Kind: rules.KindDatetime, Min: "2026-01-01T10:00:00Z", Max: "2026-01-01T11:00:00+01:00"}, {Kind: rules.KindDecimal, Scale: 2, Min: "9.5", Max: "10"}, {Kind: rules.KindDuration, Min: "23h59m", Max: "1d"}, {Kind: rules.KindInteger, Min: "9", Max: "10"}} {
		add(f, true, "%s from %s to %s", f.Kind, f.Min, f.Max)
	}
	return out
}
