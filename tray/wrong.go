package tray

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
)

// A draft goes on after something in it is refused, without what was refused, so
// that all that is wrong with it is told at once. What would follow from it is
// not told: a missing reader after a name that is unknown, a rule over a value
// that was not taken.

// tell notes a refusal and lets the draft go on; other errors it gives back.
func (k *composer) tell(err error) error {
	refusal, ok := err.(*Refusal)
	if !ok || refusal == nil {
		return err
	}
	if follows := refusal.Code == BadReaders || refusal.Code == BadOrder; len(k.told) == 0 || !follows {
		k.told = append(k.told, refusal)
	}
	return nil
}

// blocked reports whether the draft has been refused for a blocker.
func (k *composer) blocked(b Blocker) bool {
	return slices.ContainsFunc(k.told, func(r *Refusal) bool {
		return slices.ContainsFunc(r.Blockers, b.same)
	})
}

// wrong is what was refused of a draft.
type wrong struct {
	everywhere bool                     // a section that is not known, so it may be any
	places     map[entry.Place][]string // to its fields, or static paths of computed ones: "products.lines[].net"
	signs      []string                 // signatures that the draft gives, refused or not
}

// whole notes a place of which nothing is what the draft wants; fields one of
// which some fields are not.
func (w *wrong) whole(p entry.Place) { w.note(p, "") }

func (w *wrong) fields(p entry.Place, e *section.ValuesError) { w.note(p, wrongFields(e)...) }

func (w *wrong) note(p entry.Place, fields ...string) {
	if w.places == nil {
		w.places = make(map[entry.Place][]string)
	}
	w.places[p] = append(w.places[p], fields...)
}

// wrongFields gives the fields whose values were not taken; "" for all, where it
// is not known which were meant.
func wrongFields(err error) []string {
	var values *section.ValuesError
	if !errors.As(err, &values) {
		return []string{""}
	}
	var out []string
	for _, p := range values.Problems {
		name := p.Path[:strings.IndexAny(p.Path+".", ".[")]
		if p.Code == section.CodeUnknown {
			name = ""
		}
		out = append(out, name)
	}
	return out
}

// computedFields gives the static paths of those that are computed.
func computedFields(fields []rules.Field, path string) (out []string) {
	for _, f := range fields {
		at := path + "." + f.Name
		if f.Compute != "" {
			out = append(out, at)
		}
		if f.Of != nil {
			out = append(out, computedFields(f.Of.Fields, at+"[]")...)
		}
		out = append(out, computedFields(f.Fields, at)...)
	}
	return out
}

// itemIndex is what a static path leaves out.
var itemIndex = regexp.MustCompile(`\[[0-9]+\]`)

// sound gives those violations, found in places, that do not follow.
func (w *wrong) sound(places []entry.Place, violations []rules.Violation) []rules.Violation {
	return slices.DeleteFunc(slices.Clone(violations), func(v rules.Violation) bool {
		if w.everywhere {
			return true
		}
		name, rest, _ := strings.Cut(v.Path, ".")
		return slices.ContainsFunc(places, func(p entry.Place) bool {
			fields := w.places[p]
			return slices.Contains(fields, "") || slices.Contains(fields, itemIndex.ReplaceAllString(v.Path, "[]")) ||
				p.Section == name && slices.Contains(fields, rest[:strings.IndexAny(rest+".", ".[")])
		})
	})
}

// besides gives those blockers of an event that do not follow.
func (w *wrong) besides(k *composer, blockers []Blocker) []Blocker {
	if len(k.told) == 0 {
		return blockers
	}
	return slices.DeleteFunc(slices.Clone(blockers), func(b Blocker) bool {
		switch b.Need {
		case NeedSignature:
			return slices.Contains(w.signs, b.Name) // why it is missing has been told
		case NeedCondition, NeedAttestation, NeedShare, NeedSection:
			touched := w.everywhere || slices.ContainsFunc(b.Sections, func(name string) bool {
				return slices.ContainsFunc(k.placesOf([]string{name}, b.Instance), func(p entry.Place) bool { return w.places[p] != nil })
			})
			return touched && !slices.ContainsFunc(k.failed[said{b.Name, b.Instance}], func(v rules.Violation) bool { return v.Severity != rules.SeverityWarning })
		}
		return false
	})
}
