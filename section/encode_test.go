package section

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const orderEncoding = `{"company":"Rossi S.r.l.","country":"IT","quantity":-3,"total":"12.50","urgent":true,"due":"2026-02-28",` +
	`"seen":"2026-01-31T15:04:05+01:00","warranty":"3d12h","tags":["a","b"],"address":{"street":"via Roma 1","city":"Torino"},` +
	`"lines":[{"sku":"A-1","price":"0.99","discounts":[1,2]},{"sku":"B-2"}]}`

func TestEncodeGolden(t *testing.T) {
	s := orderSchema(t)
	b := must[[]byte](t)(s.Encode(orderContent()))
	if string(b) != orderEncoding {
		t.Errorf("got  %s\nwant %s", b, orderEncoding)
	}
	if c := must[Content](t)(s.Decode(b)); !reflect.DeepEqual(c, orderContent()) {
		t.Errorf("decoded %v", c)
	}
	for _, empty := range []Content{nil, {}} {
		if b := must[[]byte](t)(s.Encode(empty)); string(b) != "{}" {
			t.Errorf("empty content is %s", b)
		}
	}
}

// Strings as RFC 8785 writes them, its example among them (section 3.2.2.2).
func TestStringGolden(t *testing.T) {
	for in, want := range map[string]string{
		"\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/": `"€$\u000f\nA'B\"\\\\\"/"`,
		"\b\t\n\f\r":                      "\"\\b\\t\\n\\f\\r\"",
		"\x00\x01\x1f\x7f\u0080":          "\"\\u0000\\u0001\\u001f\x7f\u0080\"",
		"<>&\u2028\u2029\ufeff\U0001f600": "\"<>&\u2028\u2029\ufeff\U0001f600\"",
		"":                                `""`,
	} {
		if got := string(appendString(nil, in)); got != want {
			t.Errorf("%q is written %s, want %s", in, got, want)
		}
	}
}

// naive is the oracle of the one encoding: encoding/json, but for what it
// escapes beyond RFC 8785.
func naive(t testing.TB, fields []Field, c map[string]any) string {
	var members []string
	for i := range fields {
		if v, ok := c[fields[i].Name]; ok {
			members = append(members, fmt.Sprintf("%q:%s", fields[i].Name, naiveValue(t, &fields[i], v)))
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

func naiveValue(t testing.TB, f *Field, v any) string {
	switch v := v.(type) {
	case map[string]any:
		return naive(t, f.Fields, v)
	case []any:
		var list []string
		for _, item := range v {
			list = append(list, naiveValue(t, f.Of, item))
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029").Replace(strings.TrimSuffix(out.String(), "\n"))
}

// Random schemas and contents: the encoding is the oracle's, decoding gives
// the content back, coercing canonical content changes nothing.
func TestEncodingProperty(t *testing.T) {
	const cases = 3000
	sizes := 0
	for seed := range uint64(cases) {
		m := newMaker(seed)
		s := must[*Schema](t)(NewSchema(m.fields(0)))
		c := Content(m.content(s.fields))
		b := must[[]byte](t)(s.Encode(c))
		sizes += len(b)
		if want := naive(t, s.fields, c); string(b) != want {
			t.Fatalf("seed %d: got  %s\nwant %s", seed, b, want)
		}
		if back := must[Content](t)(s.Decode(b)); !reflect.DeepEqual(back, c) || !Equal(back, c) {
			t.Fatalf("seed %d: %s decoded to %v", seed, b, back)
		}
		if again := must[Content](t)(s.Coerce(c)); !reflect.DeepEqual(again, c) {
			t.Fatalf("seed %d: coerced to %v", seed, again)
		}
		// Through what another language makes of it: JSON to any and back.
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		var loose map[string]any
		if err := d.Decode(&loose); err != nil {
			t.Fatal(err)
		}
		if again := must[Content](t)(s.Coerce(loose)); !reflect.DeepEqual(again, c) {
			t.Fatalf("seed %d: coerced from JSON to %v", seed, again)
		}
	}
	t.Logf("%d contents, %d bytes on average", cases, sizes/cases)
}

func TestEncodeRefuses(t *testing.T) {
	s := orderSchema(t)
	tests := []struct {
		field string
		value any
		code  Code
	}{
		{"company", "", CodeForm}, {"company", "a\r\nb", CodeForm}, {"company", "a\x00", CodeForm}, {"company", "\xff", CodeForm}, {"company", strings.Repeat("a", 101), CodeMax}, {"company", nil, CodeType}, {"company", named("a"), CodeType},
		{"quantity", 3, CodeType}, {"quantity", 3.0, CodeType}, {"quantity", "3", CodeType}, {"quantity", int64(MaxInteger + 1), CodeRange}, {"quantity", int64(-MaxInteger - 1), CodeRange},
		{"total", "12.5", CodeForm}, {"total", "12.500", CodeForm}, {"total", "-0.00", CodeForm}, {"total", "1.234", CodeScale}, {"total", int64(1), CodeType}, {"total", true, CodeType},
		{"urgent", "true", CodeType}, {"due", "2026-02-30", CodeForm}, {"seen", "2026-01-31T15:04:05+00:00", CodeForm}, {"seen", "2026-01-31T15:04:05.0Z", CodeForm}, {"warranty", "72h", CodeForm}, {"country", "FR", CodeChoice},
		{"tags", []string{"a"}, CodeType}, {"tags", "a", CodeType}, {"tags", []any{"a", "b", "c", "d", "e", "f"}, CodeMax}, {"tags", map[string]any{}, CodeType}, {"address", []any{}, CodeType}, {"address", Content{}, CodeType},
		{"nothing", "a", CodeUnknown},
	}
	for _, tt := range tests {
		b, err := s.Encode(Content{tt.field: tt.value})
		wantProblems(t, err, tt.field+" "+string(tt.code))
		if b != nil {
			t.Errorf("%s: bytes along with an error", tt.field)
		}
	}
	_, err := s.Encode(Content{"lines": []any{map[string]any{"sku": "a"}, map[string]any{"price": "1", "x": 1}, nil}})
	wantProblems(t, err, "lines[1].price form", "lines[1].x unknown", "lines[2] type")
}

func TestDecodeRefuses(t *testing.T) {
	s := orderSchema(t)
	tests := []struct{ name, in, path string }{
		{"nothing", "", ""}, {"no object", "null", ""}, {"a list", "[]", ""}, {"cut", "{", ""}, {"space", "{ }", ""}, {"space before", " {}", ""}, {"line end after", "{}\n", ""}, {"two values", "{}{}", ""}, {"BOM", "\ufeff{}", ""},
		{"unknown member", `{"x":1}`, ""}, {"other case", `{"Company":"a"}`, ""}, {"escaped name", `{"c\u006fmpany":"a"}`, ""}, {"twice", `{"company":"a","company":"a"}`, ""}, {"other order", `{"country":"IT","company":"a"}`, ""}, {"comma after", `{"company":"a",}`, ""}, {"comma before", `{,"company":"a"}`, ""}, {"no comma", `{"company":"a""country":"IT"}`, ""}, {"space after colon", `{"company": "a"}`, "company"},
		{"null", `{"company":null}`, "company"}, {"empty text", `{"company":""}`, "company"}, {"number for text", `{"company":1}`, "company"}, {"no end of string", `{"company":"a}`, "company"}, {"cut escape", `{"company":"\`, "company"}, {"raw control", "{\"company\":\"a\tb\"}", ""}, {"raw line end", "{\"company\":\"a\nb\"}", ""},
		{"needless escape", `{"company":"\u0061"}`, ""}, {"escaped slash", `{"company":"\/"}`, ""}, {"upper-case escape", `{"company":"\u000A"}`, ""}, {"long escape", `{"company":"\u000a"}`, ""}, {"escaped control", `{"company":"\u0001"}`, "company"}, {"carriage return", `{"company":"a\r\nb"}`, "company"}, {"lone surrogate", `{"company":"\ud800"}`, ""}, {"escaped pair", `{"company":"\ud83d\ude00"}`, ""}, {"bad escape", `{"company":"\x"}`, "company"}, {"bad UTF-8", "{\"company\":\"\xff\"}", "company"}, {"overlong", "{\"company\":\"\xc0\xaf\"}", "company"}, {"too long", `{"company":"` + strings.Repeat("a", 101) + `"}`, "company"},
		{"minus zero", `{"quantity":-0}`, "quantity"}, {"plus", `{"quantity":+1}`, "quantity"}, {"leading zero", `{"quantity":01}`, "quantity"}, {"fraction", `{"quantity":1.0}`, ""}, {"exponent", `{"quantity":1e2}`, ""}, {"too large", `{"quantity":9007199254740992}`, "quantity"}, {"much too large", `{"quantity":99999999999999999999999}`, "quantity"}, {"string for number", `{"quantity":"1"}`, "quantity"}, {"no number", `{"quantity":}`, "quantity"}, {"only minus", `{"quantity":-}`, "quantity"},
		{"number for decimal", `{"total":12.50}`, "total"}, {"fewer decimals", `{"total":"12.5"}`, "total"}, {"more decimals", `{"total":"12.500"}`, "total"}, {"minus zero decimal", `{"total":"-0.00"}`, "total"},
		{"True", `{"urgent":True}`, "urgent"}, {"1 for true", `{"urgent":1}`, "urgent"}, {"zero offset", `{"seen":"2026-01-31T15:04:05+00:00"}`, "seen"}, {"uncarried", `{"warranty":"72h"}`, "warranty"}, {"no such day", `{"due":"2026-02-29"}`, "due"}, {"no such choice", `{"country":"FR"}`, "country"},
		{"null item", `{"tags":[null]}`, "tags[0]"}, {"comma after item", `{"tags":["a",]}`, "tags[1]"}, {"too many items", `{"tags":["a","a","a","a","a","a"]}`, "tags"}, {"space in a list", `{"tags":["a", "b"]}`, "tags[1]"}, {"list not closed", `{"tags":["a"`, "tags"}, {"record for list", `{"tags":{}}`, "tags"},
		{"list for record", `{"address":[]}`, "address"}, {"inside", `{"lines":[{},{"price":"1"}]}`, "lines[1].price"}, {"deep inside", `{"lines":[{"discounts":[1,true]}]}`, "lines[0].discounts[1]"}, {"order inside", `{"address":{"city":"a","street":"b"}}`, "address"},
	}
	for _, tt := range tests {
		c, err := s.Decode([]byte(tt.in))
		e, ok := err.(*EncodingError)
		if !ok || c != nil {
			t.Errorf("%s: %s decoded to %v, %v", tt.name, tt.in, c, err)
			continue
		}
		if e.Path != tt.path || e.Offset < 0 || e.Offset > len(tt.in) {
			t.Errorf("%s: path %q at byte %d, want path %q", tt.name, e.Path, e.Offset, tt.path)
		}
	}
}

// Cheap and exhaustive: of all prefixes and all changes of one byte, whatever
// is accepted is another content in its own one encoding.
func TestDecodeEveryByte(t *testing.T) {
	s := orderSchema(t)
	accepted, refused := 0, 0
	try := func(b []byte) {
		c, err := s.Decode(b)
		if err != nil {
			refused++
			return
		}
		accepted++
		if again := must[[]byte](t)(s.Encode(c)); !bytes.Equal(again, b) {
			t.Errorf("%s was accepted for %s", b, again)
		}
	}
	for i := range len(orderEncoding) {
		try([]byte(orderEncoding[:i]))
		for c := range 256 {
			if b := []byte(orderEncoding); b[i] != byte(c) {
				b[i] = byte(c)
				try(b)
			}
		}
	}
	if accepted == 0 || refused < accepted {
		t.Errorf("%d accepted, %d refused", accepted, refused)
	}
	t.Logf("%d accepted, %d refused", accepted, refused)
}

func TestMaxPlaintext(t *testing.T) {
	s := must[*Schema](t)(NewSchema([]Field{{Name: "a", Kind: List, Max: MaxItems, Of: &Field{Kind: Text, Max: MaxText}}}))
	// {"a":["…"×10,"…"]}, 100,000 bytes each and one to fill
	c := Content{"a": []any{}}
	for range 10 {
		c["a"] = append(c["a"].([]any), strings.Repeat("a", MaxText))
	}
	room := MaxPlaintext - len(must[[]byte](t)(s.Encode(c))) - len(`,""`)
	fill := func(n int) Content { return Content{"a": append(c["a"].([]any)[:10:10], strings.Repeat("a", n))} }
	b := must[[]byte](t)(s.Encode(fill(room)))
	if len(b) != MaxPlaintext {
		t.Fatalf("%d bytes", len(b))
	}
	must[Content](t)(s.Decode(b))
	_, err := s.Encode(fill(room + 1))
	wantProblems(t, err, " max")
	_, err = s.Decode(append(b, ' '))
	if e, ok := err.(*EncodingError); !ok || e.Offset != MaxPlaintext {
		t.Error(err)
	}
	r := orderRevision()
	r.Content = fill(room)
	_, err = s.Marshal(r) // the header does not fit any more
	wantProblems(t, err, " max")
	for _, c := range []Content{fill(MaxText), {"a": append(fill(MaxText)["a"].([]any), strings.Repeat("a", MaxText))}} {
		r.Content = c
		_, err = s.Root(r)
		wantProblems(t, err, " max")
		_, err = s.Prove(r, "a")
		wantProblems(t, err, " max")
	}
	if _, err := s.Unmarshal(make([]byte, MaxPlaintext+1)); err == nil {
		t.Error("unmarshaled too many bytes")
	}
}

// Many small records of a wide declaration: the worst that 1 MiB can ask for
// stays a matter of a second or so, not of minutes.
func TestManySmallRecords(t *testing.T) {
	var wide []Field
	for i := range MaxFields - 2 {
		wide = append(wide, Field{Name: fmt.Sprintf("f%03d", i), Kind: Boolean})
	}
	s := must[*Schema](t)(NewSchema([]Field{{Name: "a", Kind: List, Max: MaxItems, Of: &Field{Kind: Record, Fields: []Field{
		{Name: "b", Kind: List, Max: MaxItems, Of: &Field{Kind: Record, Fields: wide[:MaxFields-2]}},
	}}}}))
	row := `{"b":[` + strings.TrimSuffix(strings.Repeat(`{"f197":true},`, MaxItems), ",") + `]}`
	in := `{"a":[` + strings.Join([]string{row, row, row, row, row, row, row, row, row, row, row, row, row, row}, ",") + `]}`
	c := must[Content](t)(s.Decode([]byte(in)))
	if n := len(c["a"].([]any)); n != 14 {
		t.Error(n)
	}
}
