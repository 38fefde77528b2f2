package template

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
)

// Label tells people what a path leads to, by the titles of its section and of
// the fields on the way: "bid.lines[1].price" is "Offerta › Righe 2 › Prezzo".
// Items are counted from 1, under the title that "of" gives to each of them, if
// it does. Each title is in the language asked for, or the nearest that it has
// (see [rules.Text.In]); where there is no title, the name stands for it.
//
// The path is one of values, as in a [rules.Violation], with or without the
// position of an item ("bid.lines[].price"), or the name of a section alone. One
// that leads to nothing is given back as it is.
func (t *Template) Label(path, lang string) string {
	name, rest, inside := strings.Cut(path, ".")
	s := t.Section(name)
	if s == nil {
		return path
	}
	label := titled(s.Title, lang, s.Name)
	if !inside {
		return label
	}
	p, err := section.ParsePath(strings.ReplaceAll(rest, "[]", "[0]"))
	if err != nil {
		return path
	}
	if _, ok := t.schemas[name].Field(p); !ok {
		return path
	}
	fields := s.Fields
	for step := range strings.SplitSeq(rest, ".") {
		name, item, _ := strings.Cut(step, "[")
		f := &fields[slices.IndexFunc(fields, func(f rules.Field) bool { return f.Name == name })]
		title := titled(f.Title, lang, name)
		if number, _ := strings.CutSuffix(item, "]"); number != "" {
			index, _ := strconv.Atoi(number) // as ParsePath read it
			title = titled(f.Of.Title, lang, title) + " " + strconv.Itoa(index+1)
		}
		label += " › " + title
		if item != "" {
			f = f.Of
		}
		fields = f.Fields
	}
	return label
}

// titled gives a title in a language, and otherwise what stands for it.
func titled(title rules.Text, lang, otherwise string) string {
	return cmp.Or(title.In(lang), otherwise)
}
