package section

import (
	"maps"
	"slices"
)

// A walk goes through a content along its schema and collects problems. It
// knows where it is, and spells the path only when there is a problem there.
type walk struct {
	report
	at  Path
	top []span // where the encoding of each field of the whole stands, if it is asked for
}

func (w *walk) into(step Step) { w.at = append(w.at, step) }

func (w *walk) back() { w.at = w.at[:len(w.at)-1] }

// problem reports a problem at the current place.
func (w *walk) problem(code Code, expected wording) {
	w.note(Problem{w.at.String(), code, expected.en, expected.it})
}

// bound reports an encoding of too many bytes.
func (w *walk) bound(size int) {
	if size > MaxPlaintext {
		w.problem(CodeMax, wordedBytes)
	}
}

func (w *walk) err() error {
	if len(w.problems) == 0 {
		return nil
	}
	return &ValuesError{w.problems}
}

// unknown reports the members of in, a record here, that no field is for.
func (w *walk) unknown(fields []Field, in map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if w.full() {
			return
		}
		if lookup(fields, name) != nil {
			continue
		}
		near := suggest(name, fieldNames(fields))
		if !isToken(name) {
			name = "?" // it could be anything, a value too
		}
		w.into(Step{Name: name})
		w.problem(CodeUnknown, noField(near))
		w.back()
	}
}
