package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// ErrNotCanonical is the error of [Parse] for bytes that are not the one
// encoding of a template: unknown, repeated or missing members, other spaces or
// escapes, defaults left out, a table of conditions that its expressions do not
// give.
var ErrNotCanonical = errors.New("template: not the canonical encoding of a template")

// Parse reads the canonical JSON of a template, as it travels with a tray. It
// accepts what [Template.Canonical] gives and nothing else, so that one
// template has one digest.
//
// The error is [Problems] where the template is refused, and wraps
// [ErrNotCanonical] where it is not its one encoding. What is legal but unwise
// is no matter here, nor what conditions could cost: the tray exists, and its
// log must mean the same to everybody, whatever a version of this library
// advises against. See [rules.CompileFrozen].
func Parse(canonical []byte) (*Template, error) {
	if len(canonical) > maxSize {
		out := newReport(nil)
		out.add("", CodeLimit, "a template has at most %d bytes", maxSize)
		return nil, out.err()
	}
	decoder := json.NewDecoder(bytes.NewReader(canonical))
	decoder.DisallowUnknownFields()
	var d Definition
	if err := decoder.Decode(&d); err != nil {
		// The error's own text may quote the input.
		return nil, fmt.Errorf("%w: byte %d cannot be decoded", ErrNotCanonical, decoder.InputOffset())
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: more follows after its end", ErrNotCanonical)
	}
	if d.Format != Format {
		return nil, fmt.Errorf("%w: its format is not %s", ErrNotCanonical, Format)
	}
	t, err := compile(d, frozen, newReport(nil))
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(t.canonical, canonical) {
		if !reflect.DeepEqual(t.def.Conditions, d.Conditions) {
			return nil, fmt.Errorf("%w: its table of conditions is not what its expressions give", ErrNotCanonical)
		}
		return nil, fmt.Errorf("%w: encoded again, it differs at byte %d", ErrNotCanonical, differ(t.canonical, canonical))
	}
	return t, nil
}

// differ gives the offset of the first byte in which a and b differ.
func differ(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// encode gives the canonical JSON: members in the order of the structs, what is
// empty left out where the struct says so, languages in alphabetical order, no
// spaces, strings as JSON.stringify writes them.
//
// Go and JSON.stringify escape alike but for <, >, &, which is switched off
// here, and U+2028 and U+2029, which no template may hold.
func encode(d *Definition) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(d); err != nil {
		return nil, fmt.Errorf("template: encode: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// clone copies a definition, and keeps its source.
func clone(d *Definition) (Definition, error) {
	b, err := encode(d)
	if err != nil {
		return Definition{}, err
	}
	c := Definition{Source: d.Source}
	if err := json.Unmarshal(b, &c); err != nil {
		return Definition{}, fmt.Errorf("template: encode: %w", err)
	}
	return c, nil
}
