package rulestest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// scaffoldNow is the clock of a first test file.
const scaffoldNow = "2026-01-15T12:00:00Z"

// Scaffold writes a first test file for a template: a fixture with a value for
// each field that is neither computed nor conditional, and what the rules say
// of it, of nothing at all, of a field with a value that it must not have, for
// each demand where such a value can be told, and to each role that cannot read
// everything. So it succeeds as it is; whoever wrote the template reads it, corrects what is not
// as it should be, and goes on from there. file is the template's, to be named
// in the test file; it is left out where it is "".
func Scaffold(tpl Template, file string) ([]byte, error) {
	r, err := newRunner(tpl)
	if err != nil {
		return nil, err
	}
	s := &Suite{Options: Options{Now: scaffoldNow}, Fixtures: map[string]Content{"base": {}}}
	def := r.set.Definition()
	var b bytes.Buffer
	b.WriteString("# A first test file. What it expects is what the rules say now: correct what should be otherwise.\n")
	if file != "" {
		fmt.Fprintf(&b, "template: %s\n", strconv.Quote(file))
	}
	fmt.Fprintf(&b, "options: {now: %s}\n\nfixtures:\n  base:\n", scaffoldNow)
	sampler := &sampler{room: maxSamples}
	for _, section := range def.Sections {
		fields := sampler.fields(section.Fields)
		s.Fixtures["base"][section.Name] = fields
		fmt.Fprintf(&b, "    %s:", section.Name)
		writeFields(&b, section.Fields, fields, "      ")
	}
	b.WriteString("\ntests:\n")
	ids := r.conditionIDs()
	r.scaffold(&b, s, Case{Name: "everything filled in", From: "base"}, ids)
	r.scaffold(&b, s, Case{Name: "nothing written"}, ids)
	r.scaffoldDemands(&b, s)
	for _, role := range tpl.RoleNames() {
		c := Case{Name: "as " + role, From: "base", As: role}
		var hidden []string
		for _, id := range ids {
			if slices.ContainsFunc(r.sectionsOf(id), func(s string) bool { return !tpl.ReadBy(role, s, r.state(&c)) }) {
				hidden = append(hidden, id)
			}
		}
		if len(hidden) > 0 {
			r.scaffold(&b, s, c, hidden)
		}
	}
	return b.Bytes(), nil
}

// conditionIDs lists the conditions and the rules that belong to some.
func (r *runner) conditionIDs() []string {
	var ids []string
	for _, info := range r.set.Conditions() {
		ids = append(append(ids, info.ID), info.Folded...)
	}
	return ids
}

func (r *runner) sectionsOf(id string) []string {
	if owner, ok := r.folded[id]; ok {
		id = owner
	}
	return r.infos[id].Sections
}

// scaffold writes a case with the outcomes that it has.
func (r *runner) scaffold(b *bytes.Buffer, s *Suite, c Case, ids []string) {
	fmt.Fprintf(b, "  - name: %s\n", c.Name)
	if c.From != "" {
		fmt.Fprintf(b, "    from: %s\n", c.From)
	}
	if c.As != "" {
		fmt.Fprintf(b, "    as: %s\n", c.As)
	}
	b.WriteString("    expect:\n")
	in, err := r.input(s, &c)
	for _, id := range ids {
		if err != nil {
			fmt.Fprintf(b, "      %s: pass # the fixture does not do: correct it first\n", id)
			continue
		}
		fmt.Fprintf(b, "      %s: %s\n", id, outcomeText(r.eval(id, in)))
	}
}

// outcomeText writes a verdict as an expectation. It has no messages, which
// are texts to be improved.
func outcomeText(v rules.Verdict) string {
	o := outcomeOf(v)
	switch {
	case (o == Fail || o == Warning) && len(v.Violations) > 1:
		return fmt.Sprintf("{%s: %s}", o, quotedList(violated(v)))
	case o == Fail && len(v.Violations) == 1 && v.Violations[0].Rule != v.ID:
		return fmt.Sprintf("{%s: %s}", o, quotedList(violated(v)))
	case o == Unknown && len(v.Lacks) > 0:
		return fmt.Sprintf("{lacks: [%s]}", strings.Join(v.Lacks, ", "))
	case o == Unknown && len(v.Hidden) > 0:
		return fmt.Sprintf("{unknown: [%s]}", strings.Join(v.Hidden, ", "))
	case o == Unknown && len(v.Absent) > 0:
		return fmt.Sprintf("{absent: %s}", quotedList(v.Absent))
	case o == Error:
		return fmt.Sprintf("{error: %s}", strconv.Quote(reasonOf(v)))
	}
	return string(o)
}

// quotedList writes names in flow style, where brackets of a path need quotes.
func quotedList(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = quotedName(name)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func quotedName(name string) string {
	if strings.ContainsAny(name, "[]") {
		return strconv.Quote(name)
	}
	return name
}

// A sampler makes values for fields, of so many bytes at most, and none of more:
// with lists in each other, a template asks for gigabytes in a line.
type sampler struct{ room int }

// takes reports whether there is room for so many bytes, and takes it.
func (s *sampler) takes(bytes int) bool {
	if bytes > s.room {
		return false
	}
	s.room -= bytes
	return true
}

// fields gives a value to each field that is neither computed nor conditional.
func (s *sampler) fields(fields []rules.Field) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		if f.Compute == "" && f.When == "" && s.takes(len(f.Name)) {
			if v := s.sample(f); v != nil {
				out[f.Name] = v
			}
		}
	}
	return out
}

// sample is a plausible value of one field; nil if there is none.
func sample(f rules.Field) any { return (&sampler{room: maxSamples}).sample(f) }

// sample is a plausible value of a field; nil if there is none, or no room for it.
func (s *sampler) sample(f rules.Field) any {
	const scalar = 64 // bytes, at most
	switch f.Kind {
	case rules.KindText:
		return s.text(f)
	case rules.KindList:
		return s.list(f)
	case rules.KindRecord:
		if fields := s.fields(f.Fields); len(fields) > 0 {
			return fields
		}
		return nil
	}
	if !s.takes(scalar) {
		return nil
	}
	switch f.Kind {
	case rules.KindInteger:
		n, err := strconv.ParseInt(least(f, "1"), 10, 64)
		if err != nil {
			return nil
		}
		return n
	case rules.KindDecimal:
		return decimals(least(f, "1"), f.Scale)
	case rules.KindMoney:
		currency := "EUR"
		if len(f.Currencies) > 0 {
			currency = f.Currencies[0]
		}
		return decimals(least(f, "1"), f.Scale) + " " + currency
	case rules.KindBoolean:
		return true
	case rules.KindDate:
		return least(f, scaffoldNow[:len("2026-01-15")])
	case rules.KindDatetime:
		return least(f, scaffoldNow)
	case rules.KindDuration:
		return least(f, "1d")
	case rules.KindChoice:
		for _, c := range f.Choices {
			if c.When == "" {
				return c.Name
			}
		}
	}
	return nil
}

// list is a list of as few items as it may have, but one.
func (s *sampler) list(f rules.Field) any {
	before := s.room
	if f.Of == nil {
		return nil
	}
	item := s.sample(*f.Of)
	if item == nil {
		return nil
	}
	n, err := strconv.Atoi(least(f, "1"))
	if err != nil || n < 1 {
		n = 1
	}
	if !s.takes((before - s.room) * (n - 1)) {
		s.room = before
		return nil
	}
	return slices.Repeat([]any{item}, n)
}

// least is the minimum of a field, or a usual value.
func least(f rules.Field, usual string) string {
	if f.Min != "" {
		return f.Min
	}
	return usual
}

func (s *sampler) text(f rules.Field) any {
	text, ok := sampleFormats[f.Format]
	if !ok {
		text = "text"
		if n, err := strconv.Atoi(f.Min); err == nil && n > len(text) {
			text = strings.Repeat("x", n)
		}
		if n, err := strconv.Atoi(f.Max); err == nil && n < len(text) {
			text = text[:n]
		}
	}
	if !s.takes(len(text)) {
		return nil
	}
	return text
}

// sampleFormats has a value of each format, of nobody.
var sampleFormats = map[string]string{
	"bic":            "DEUTDEFF",
	"country":        "IT",
	"currency":       "EUR",
	"email":          "name@example.com",
	"hostname":       "example.com",
	"iban":           "IT60X0542811101000000123456",
	"ip":             "192.0.2.1",
	"ip_prefix":      "192.0.2.0/24",
	"pec":            "name@pec.example.it",
	"phone":          "+390612345678",
	"postal_code_it": "00100",
	"sdi":            "0000000",
	"semver":         "1.0.0",
	"tax_code_it":    "RSSMRA85T10A562S",
	"uri":            "https://example.com/",
	"uri_ref":        "/path",
	"uuid":           "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
	"vat_eu":         "DE136695976",
	"vat_it":         "00743110157",
}

// writeFields writes the fields that have a value, in the order of the
// definition, below a key without its line end.
func writeFields(b *bytes.Buffer, fields []rules.Field, values map[string]any, indent string) {
	if len(values) == 0 {
		b.WriteString(" {}\n")
		return
	}
	b.WriteByte('\n')
	for _, f := range fields {
		v, ok := values[f.Name]
		if !ok {
			continue
		}
		fmt.Fprintf(b, "%s%s:", indent, f.Name)
		switch v := v.(type) {
		case map[string]any:
			writeFields(b, f.Fields, v, indent+"  ")
		default:
			fmt.Fprintf(b, " %s\n", flow(v))
		}
	}
}

// flow writes a value in flow style.
func flow(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case []any:
		items := make([]string, len(v))
		for i := range v {
			items[i] = flow(v[i])
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			members = append(members, name+": "+flow(v[name]))
		}
		return "{" + strings.Join(members, ", ") + "}"
	}
	return fmt.Sprint(v)
}
