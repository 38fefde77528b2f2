package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

//go:embed order.json
var orderJSON []byte

// order is what sales fills in: section → field → value.
type order map[string]map[string]any

// readOrder reads order data from a file, or what the program ships with.
// Numbers stay as they are written. Whether they are good values is the
// template's to say; here it is refused what would be lost without a word.
func readOrder(file string, lang language) (order, error) {
	raw := orderJSON
	if file == "" {
		file = "order.json"
	} else {
		var err error
		if raw, err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // which Windows puts there
	wrong := func(line int, format string, args ...any) (order, error) {
		return nil, fmt.Errorf("%s:%d: %s", file, line, fmt.Sprintf(lang.in(format), args...))
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return wrong(1, "the file is empty")
	}
	if at := notUTF8(raw); at >= 0 {
		return wrong(lineAt(raw, at+1), "the text is not UTF-8")
	}
	var o order
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch err := dec.Decode(&o); {
	case errors.As(err, &kind):
		return wrong(lineAt(raw, int(kind.Offset)), "an object section → field → value is expected")
	case errors.As(err, &syntax):
		return wrong(lineAt(raw, int(syntax.Offset)), "not JSON: %v", err)
	case err != nil: // the text ends too early
		return wrong(lineAt(raw, len(raw)), "not JSON: %v", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return wrong(lineAt(raw, int(dec.InputOffset())), "something follows the order")
	}
	walk := json.NewDecoder(bytes.NewReader(raw))
	if name := repeated(walk); name != "" {
		return wrong(lineAt(raw, int(walk.InputOffset())), "%q is there twice", name)
	}
	for name := range o {
		if name != "customer" && name != "products" {
			return nil, fmt.Errorf(lang.in("%s: sales fills in customer and products, not %q"), file, name)
		}
	}
	for _, name := range []string{"customer", "products"} {
		if o[name] == nil {
			return nil, fmt.Errorf(lang.in("%s: the section %q is missing"), file, name)
		}
	}
	return o, nil
}

// notUTF8 finds the first byte that is not, which package json would replace; -1
// if there is none.
func notUTF8(raw []byte) int {
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// repeated finds a name that an object has twice, of which package json would
// take the last, in what the decoder holds; "" if there is none.
func repeated(dec *json.Decoder) string {
	open, _ := dec.Token()
	if open != json.Delim('{') && open != json.Delim('[') {
		return "" // a scalar
	}
	names := make(map[json.Token]bool)
	for dec.More() {
		if open == json.Delim('{') {
			name, _ := dec.Token()
			if names[name] {
				return name.(string)
			}
			names[name] = true
		}
		if name := repeated(dec); name != "" {
			return name
		}
	}
	_, _ = dec.Token() // the end; that the text is well-formed is known
	return ""
}

// lineAt gives the line of the byte before an offset.
func lineAt(raw []byte, offset int) int {
	return 1 + bytes.Count(raw[:max(0, offset-1)], []byte("\n"))
}
