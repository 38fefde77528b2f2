package rules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/traits"
)

// A builder turns the fields of a definition into nodes, and reports what is
// wrong with them. Expressions come later: they need every type.
type builder struct {
	*reporter
	fields  int
	records map[string]*recordType
	lists   []*node            // whose items are variables
	formats map[string]*Format // of the application
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// reservedNames cannot be written as a name in an expression, or mean
// something else there.
var reservedNames = strings.Fields(`true false null in as break const continue else for function if import let loop
	package namespace return var void while old this lang`)

func (b *builder) name(name, what, where string, pos Positions) bool {
	switch {
	case !idPattern.MatchString(name):
		b.at(pos.of(""), where, what+" names are a lower-case letter, then up to 62 of a-z 0-9 _")
	case slices.Contains(reservedNames, name):
		b.at(pos.of(""), where, "the name "+strconv.Quote(name)+" means something else in expressions")
	default:
		return true
	}
	return false
}

// section builds a section, and tells whether its name is one.
func (b *builder) section(def Section) (s *section, named bool) {
	where := "section " + def.Name
	named = b.name(def.Name, "section", where, def.Pos)
	s = &section{def: def, rec: newRecordType(def.Name)}
	s.def.Fields = b.fill(s.rec, def.Fields, nil, 0)
	if len(def.Fields) == 0 {
		b.at(def.Pos.of("fields"), where, "a section needs at least one field")
		s.rec.unsure = true
	}
	return s, named
}

// fill builds the fields of a record type and returns their definitions with
// defaults filled in.
func (b *builder) fill(t *recordType, fields []Field, parent *node, depth int) []Field {
	b.records[t.typ.TypeName()] = t
	out := make([]Field, 0, len(fields))
	for _, f := range fields {
		where := t.name + "." + f.Name
		if b.fields++; b.fields > maxFields {
			if b.fields == maxFields+1 {
				b.at(f.Pos.of(""), where, "more than "+strconv.Itoa(maxFields)+" fields")
			}
			t.unsure = true
			break
		}
		named := b.name(f.Name, "field", where, f.Pos)
		if twice := t.field(f.Name); twice != nil {
			b.at(f.Pos.of(""), where, "there are two fields of this name")
			twice.doubt()
			continue
		}
		n := b.node(f, where, parent, depth)
		if !named {
			t.unsure = true // it may be one that is missed elsewhere
			if n.doubt(); !namable(f.Name) {
				continue
			}
		}
		t.index[f.Name] = len(t.fields)
		t.fields = append(t.fields, n)
		out = append(out, n.field)
	}
	return out
}

// node builds a field with what is below it.
func (b *builder) node(f Field, path string, parent *node, depth int) *node {
	n := &node{field: f, path: path, parent: parent, lacking: absent(path), lackingOld: absent("old." + path)}
	b.shape(n)
	switch {
	case depth >= maxNesting && (f.Kind == KindList || f.Kind == KindRecord):
		b.at(f.Pos.of(""), path, "more than "+strconv.Itoa(maxNesting)+" records and lists in each other")
		n.field.Kind, n.field.Of, n.field.Fields = KindBoolean, nil, nil
		n.unsure = true
	case f.Kind == KindRecord:
		n.rec = newRecordType(path)
		n.rec.unsure = len(f.Fields) == 0
		n.field.Fields = b.fill(n.rec, f.Fields, n, depth+1)
	case f.Kind == KindList:
		of, known := Field{Kind: KindBoolean}, f.Of != nil && f.Of.Kind != KindList
		if known {
			of = *f.Of
		}
		if n.elem = b.node(of, path+"[]", n, depth+1); !known {
			n.elem.doubt()
		}
		n.field.Of = &n.elem.field
		b.lists = append(b.lists, n)
	}
	n.bounds(b)
	n.typ = n.celType()
	return n
}

// shape reports members that do not belong to the kind of the field.
func (b *builder) shape(n *node) {
	f, where := &n.field, n.path
	mistake := func(member, message string) { b.at(f.Pos.of(member), where, message) }
	kinds := []string{"text", "integer", "decimal", "money", "boolean", "date", "datetime", "duration", "choice", "list", "record"}
	if !slices.Contains(kinds, string(f.Kind)) {
		mistake("type", "unknown type "+strconv.Quote(string(f.Kind))+meantKind(string(f.Kind), kinds))
		f.Kind, n.unsure = KindBoolean, true
		return
	}
	only := func(has bool, member string, kinds ...Kind) {
		if has && !slices.Contains(kinds, f.Kind) {
			mistake(member, member+" is not for the type "+string(f.Kind))
		}
	}
	only(f.Format != "", "format", KindText)
	only(f.Scale != 0, "scale", KindDecimal, KindMoney)
	only(len(f.Currencies) > 0, "currencies", KindMoney)
	only(len(f.Choices) > 0, "choices", KindChoice)
	only(f.Of != nil, "of", KindList)
	only(len(f.Fields) > 0, "fields", KindRecord)
	sized := []Kind{KindText, KindList, KindInteger, KindDecimal, KindMoney, KindDate, KindDatetime, KindDuration}
	only(f.Min != "", "min", sized...)
	only(f.Max != "", "max", sized...)
	only(f.Compute != "", "compute", KindText, KindInteger, KindDecimal, KindMoney, KindBoolean, KindDate, KindDatetime, KindDuration, KindChoice)
	if f.Scale < 0 || f.Scale > maxScale {
		mistake("scale", "scale is 0 to "+strconv.Itoa(maxScale))
		f.Scale = 0
	}
	if f.Kind == KindList && (f.Of == nil || f.Of.Kind == KindList) {
		mistake("of", "a list needs the type of its items in \"of\": any but a list")
	}
	if f.Kind == KindRecord && len(f.Fields) == 0 {
		mistake("fields", "a record needs at least one field")
	}
	if n.parent != nil && n.parent.field.Kind == KindList && (f.Required || f.RequiredIf != "" || f.When != "" || f.Compute != "") {
		mistake("", "an item of a list is there or not: required, when and compute belong to the list or to the item's fields")
	}
	if f.Required && f.RequiredIf != "" {
		mistake("required_if", "the field is required always and by a condition")
	}
	b.severity(f.Severity, where, f.Pos)
	if f.Check == "" && (len(f.Message) > 0 || f.MessageExpr != "" || f.Severity != "") {
		mistake("message", "message and severity belong to a check, and there is none")
	}
	if f.Format != "" {
		known, ok := formatByName(f.Format)
		n.valid, n.revised, n.own = known.check, known.revised, b.formats[f.Format]
		if !ok && n.own == nil && !b.full {
			mistake("format", "unknown format "+strconv.Quote(f.Format)+meantFormat(f.Format, append(formatNames(), sortedKeys(b.formats)...)))
		}
	}
	b.choices(n)
	b.currencies(n)
}

func (r *reporter) severity(s, where string, pos Positions) {
	if s != "" && s != SeverityError && s != SeverityWarning {
		r.at(pos.of("severity"), where, "severity is \"error\" or \"warning\""+suggest(s, []string{SeverityError, SeverityWarning}))
	}
}

func (b *builder) choices(n *node) {
	f := &n.field
	if f.Kind != KindChoice {
		return
	}
	if len(f.Choices) == 0 || len(f.Choices) > maxChoices {
		b.at(f.Pos.of("choices"), n.path, "a choice needs 1 to "+strconv.Itoa(maxChoices)+" choices")
		n.unsure = true
	}
	n.choices = make(map[string]int, len(f.Choices))
	n.choiceWhen = make([]*program, len(f.Choices))
	for i, c := range f.Choices {
		if _, twice := n.choices[c.Name]; twice {
			b.at(c.Pos.of(""), n.path, "the choice "+strconv.Quote(c.Name)+" stands there twice")
		}
		if c.Name == "" || len(c.Name) > maxChoiceName || !utf8.ValidString(c.Name) || strings.ContainsFunc(c.Name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			b.at(c.Pos.of(""), n.path, "names of choices are 1 to "+strconv.Itoa(maxChoiceName)+" bytes without control characters")
			n.unsure = true
		}
		n.choices[c.Name] = i
		n.sizeMax = max(n.sizeMax, len(c.Name))
	}
	n.names = sortedKeys(n.choices)
}

func (b *builder) currencies(n *node) {
	codes, at := n.field.Currencies, n.field.Pos.of("currencies")
	if len(codes) > maxCurrencies {
		b.at(at, n.path, "at most "+strconv.Itoa(maxCurrencies)+" currencies")
		return
	}
	for i, code := range codes {
		switch {
		case !isCurrencyCode(code):
			b.at(at, n.path, "a currency is three capital letters, such as EUR")
			n.unsure = true
		case slices.Contains(codes[:i], code):
			b.at(at, n.path, "the currency "+code+" stands there twice")
			n.unsure = true
		}
	}
}

// bounds reads Min and Max, and fills in the Max of texts and lists.
func (n *node) bounds(b *builder) {
	f := &n.field
	mistake := func(member, message string) { b.at(f.Pos.of(member), n.path, message) }
	switch f.Kind {
	case KindText, KindList:
		limit, unit := maxText, "code points"
		if f.Kind == KindList {
			limit, unit = maxList, "items"
		}
		if f.Max == "" {
			f.Max = strconv.Itoa(defaultText)
			if f.Kind == KindList {
				f.Max = strconv.Itoa(defaultList)
			}
		}
		var ok bool
		n.sizeMax, ok = boundedInt(f.Max, limit)
		most := n.sizeMax
		if !ok || most == 0 {
			mistake("max", "max is 1 to "+strconv.Itoa(limit)+" "+unit)
			n.sizeMax, most = 1, limit // costs little, and says nothing of min
		}
		if f.Min != "" {
			if n.sizeMin, ok = boundedInt(f.Min, limit); !ok || n.sizeMin > most {
				mistake("min", "min is 0 to max "+unit)
			}
		}
	case KindInteger, KindDecimal, KindMoney, KindDate, KindDatetime, KindDuration:
		for _, bound := range []struct {
			member, text string
		}{{"min", f.Min}, {"max", f.Max}} {
			if bound.text == "" {
				continue
			}
			v, ok := n.boundValue(bound.text)
			if !ok {
				mistake(bound.member, bound.member+" is no value of this field: want "+n.wantBound())
				continue
			}
			if bound.member == "min" {
				n.min = v
			} else {
				n.max = v
			}
		}
		if n.min != nil && n.max != nil && n.min.(traits.Comparer).Compare(n.max) == types.IntOne {
			mistake("min", "min is greater than max")
		}
	}
}
