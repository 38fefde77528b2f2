package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

//go:embed order.json
var orderJSON []byte

// order is what sales fills in: section → field → value.
type order map[string]map[string]any

// maxOrder is how many bytes of order data are read, several times what 500 lines
// take: who gives /dev/zero by mistake is told so.
const maxOrder = 4 << 20

// readOrder reads order data from a file, or what the program ships with.
// Numbers stay as they are written. Whether they are good values is the
// template's to say; here it is refused what would be lost without a word.
func readOrder(file string, lang language) (order, error) {
	raw := orderJSON
	if file == "" {
		file = "order.json"
	} else {
		var err error
		if raw, err = readFile(file, lang); err != nil {
			return nil, err
		}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // which Windows puts there
	wrong := func(offset int, format string, args ...any) (order, error) {
		return nil, fmt.Errorf("%s:%s: %s", file, place(raw, offset), fmt.Sprintf(lang.in(format), args...))
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return wrong(0, "the file is empty")
	}
	if at := notUTF8(raw); at >= 0 {
		return wrong(at, "the text is not UTF-8")
	}
	var o order
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch err := dec.Decode(&o); {
	case errors.As(err, &kind):
		return wrong(int(kind.Offset)-1, "an object section → field → value is expected")
	case errors.As(err, &syntax) && strings.Contains(err.Error(), "depth"):
		return wrong(int(syntax.Offset)-1, "not JSON that can be read: too deep")
	case errors.As(err, &syntax):
		r, _ := utf8.DecodeRune(raw[syntax.Offset-1:])
		return wrong(int(syntax.Offset)-1, "not JSON: %q is not expected here", r)
	case err != nil:
		return wrong(len(raw), "not JSON: the text ends too early")
	}
	end := int(dec.InputOffset())
	if rest := bytes.TrimSpace(raw[end:]); len(rest) > 0 {
		return wrong(bytes.LastIndex(raw, rest), "something follows the order")
	}
	if at := loneSurrogate(raw); at >= 0 {
		return wrong(at, "half a character: %s", raw[at:at+6])
	}
	walk := json.NewDecoder(bytes.NewReader(raw))
	if name := repeated(walk); name != "" {
		return wrong(int(walk.InputOffset())-1, "%q is there twice", name)
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
	if o["products"]["total"] != nil {
		return nil, fmt.Errorf(lang.in("%s: products.total is computed from the lines; leave it out"), file)
	}
	return o, nil
}

func readFile(file string, lang language) ([]byte, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(lang.in("%s: there is no such file"), file)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf(lang.in("%s: this is a folder, not a file"), file)
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxOrder+1))
	if err == nil && len(raw) > maxOrder {
		return nil, fmt.Errorf(lang.in("%s: the file is larger than %d MiB, and no order is"), file, maxOrder>>20)
	}
	return raw, err
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

// loneSurrogate finds the first escape of half a character without its other
// half, which package json would replace, in well-formed JSON; -1 if there is none.
func loneSurrogate(raw []byte) int {
	unit := func(i int) rune { // of the escape at i; -1 if there is none
		if i+6 > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
			return -1
		}
		n, _ := strconv.ParseUint(string(raw[i+2:i+6]), 16, 16)
		return rune(n)
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		if r := unit(i); utf16.IsSurrogate(r) {
			if utf16.DecodeRune(r, unit(i+6)) == utf8.RuneError {
				return i
			}
			i += 6
		}
		i++ // what is escaped may be a backslash
	}
	return -1
}

// place gives line and column of the byte at an offset.
func place(raw []byte, offset int) string {
	before := raw[:max(0, min(offset, len(raw)))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return fmt.Sprintf("%d:%d", 1+bytes.Count(before, []byte("\n")), 1+utf8.RuneCount(line))
}
