package tray

import (
	"bytes"
	"encoding/json"
	"math/big"

	"github.com/vassoio/vassoio/section"
)

// Encode gives a section the content of a struct, through its json tags, or of
// a map: all of it, so that fields which are not there become empty. Decimals and
// money may be a *big.Rat there. It replaces all that the draft was told of
// the section.
func (d *Draft) Encode(name string, content any) {
	p, ok := d.place(name)
	if !ok {
		d.mistake(p, "", unknownSection(name))
		return
	}
	data, err := json.Marshal(content)
	if err != nil {
		d.mistake(p, "", section.Problem{Path: name, Code: section.CodeType, Detail: "what encoding/json takes is expected"})
		return
	}
	var whole map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&whole); err != nil {
		d.mistake(p, "", section.Problem{Path: name, Code: section.CodeType, Detail: "a struct or a map is expected"})
		return
	}
	if whole == nil {
		d.mistake(p, "", section.Problem{Path: name, Code: section.CodeType, Detail: "a struct or a map is expected, not nil; one without fields empties the section"})
		return
	}
	unwrap(d.base.template.Schema(name).Fields(), whole)
	d.forgive(p, "")
	d.plan.edits[p] = edits{{value: whole}}
}

// unwrap makes fractions of the texts that encoding/json made of them, such as
// "5/2": whether they have as many decimals as their field, the schema tells.
func unwrap(fields []section.Field, record map[string]any) {
	for i := range fields {
		if v, ok := record[fields[i].Name]; ok {
			record[fields[i].Name] = unwrapped(&fields[i], v)
		}
	}
}

func unwrapped(f *section.Field, v any) any {
	switch v := v.(type) {
	case map[string]any:
		unwrap(f.Fields, v)
	case []any:
		for i := range v {
			if f.Of != nil {
				v[i] = unwrapped(f.Of, v[i])
			}
		}
	case string:
		if f.Kind != section.Decimal && f.Kind != section.Money || len(v) > maxFraction {
			return v
		}
		if r, ok := new(big.Rat).SetString(v); ok && !r.IsInt() && r.String() == v {
			return r
		}
	}
	return v
}

// maxFraction bounds the text of a fraction, in bytes: two numbers of as many
// digits as a value may have, a sign, and the line between them.
const maxFraction = 2*section.MaxDigits + 2
