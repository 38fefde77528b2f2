package tray

import (
	"bytes"
	"encoding/json"

	"github.com/vassoio/vassoio/section"
)

// Encode gives a section the content of a struct, through its json tags, or of
// a map: all of it, so that fields which are not there become empty. It replaces
// all that the draft was told of the section.
//
// A field is given what encoding/json makes of its value, so exact numbers, money,
// dates and durations should be texts, as for [SectionView.Decode]. A float is the
// shortest number that stands for it, in a decimal field, too, if that has room for
// its digits: what was meant as 0.3 and came of adding is refused. A *big.Rat that is no
// whole number, a time.Time for a date, and a time.Duration are refused, since
// encoding/json writes other texts and numbers for them; [Draft.Set] takes them.
func (d *Draft) Encode(name string, content any) {
	p, ok := d.place(name)
	if !ok {
		d.mistake(p, "", d.unknownSection(name))
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
	d.forgive(p, "")
	d.plan.edits[p] = edits{{value: whole}}
}
