package section

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

const orderPlaintext = `{"header":{"tray":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","kind":"section","name":"order",` +
	`"instance":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs","revision":7,"author":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"},` +
	`"salt":"AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","fields":` + orderEncoding + `}`

func TestMarshalGolden(t *testing.T) {
	s := orderSchema(t)
	b := must[[]byte](t)(s.Marshal(orderRevision()))
	if string(b) != orderPlaintext {
		t.Errorf("got  %s\nwant %s", b, orderPlaintext)
	}
	if r := must[Revision](t)(s.Unmarshal(b)); !reflect.DeepEqual(r, orderRevision()) {
		t.Errorf("unmarshaled %+v", r)
	}
	note := Revision{Header: Header{Tray: strings.Repeat("00", 32), Kind: HeaderNote, Name: "x-1", Author: "a"}}
	b = must[[]byte](t)(s.Marshal(note))
	if want := `{"header":{"tray":"` + strings.Repeat("00", 32) + `","kind":"note","name":"x-1","author":"a"},"salt":"` + strings.Repeat("A", 43) + `","fields":{}}`; string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	note.Content = Content{}
	if r := must[Revision](t)(s.Unmarshal(b)); !reflect.DeepEqual(r, note) {
		t.Errorf("unmarshaled %+v", r)
	}
}

// badHeaders are headers each with one malformed member.
var badHeaders = []struct {
	member string
	change func(*Header)
}{
	{"tray", func(h *Header) { h.Tray = "" }}, {"tray", func(h *Header) { h.Tray = h.Tray[:63] }}, {"tray", func(h *Header) { h.Tray += "0" }}, {"tray", func(h *Header) { h.Tray = strings.ToUpper(h.Tray) }}, {"tray", func(h *Header) { h.Tray = h.Tray[:63] + "g" }},
	{"kind", func(h *Header) { h.Kind = "" }}, {"kind", func(h *Header) { h.Kind = "attachment" }}, {"kind", func(h *Header) { h.Kind = "Section" }},
	{"name", func(h *Header) { h.Name = "" }}, {"name", func(h *Header) { h.Name = "Order" }}, {"name", func(h *Header) { h.Name = "a b" }}, {"name", func(h *Header) { h.Name = strings.Repeat("a", MaxName+1) }}, {"name", func(h *Header) { h.Kind, h.Revision, h.Name = HeaderNote, 0, "a.b" }},
	{"instance", func(h *Header) { h.Instance = "a\"" }}, {"instance", func(h *Header) { h.Instance = strings.Repeat("a", MaxName+1) }},
	{"revision", func(h *Header) { h.Revision = 0 }}, {"revision", func(h *Header) { h.Revision = MaxInteger + 1 }}, {"revision", func(h *Header) { h.Kind = HeaderNote }}, {"revision", func(h *Header) { h.Kind = HeaderReason }},
	{"author", func(h *Header) { h.Author = "" }}, {"author", func(h *Header) { h.Author = "à" }}, {"author", func(h *Header) { h.Author = "a\x00" }},
}

func TestHeaderRefuses(t *testing.T) {
	s := orderSchema(t)
	for _, tt := range badHeaders {
		r := orderRevision()
		tt.change(&r.Header)
		_, err1 := s.Marshal(r)
		_, err2 := s.Root(r)
		_, err3 := s.Prove(r, "total")
		_, _, err4 := s.Seal(r, nil)
		for i, err := range []error{err1, err2, err3, err4} {
			if err == nil || !strings.HasSuffix(err.Error(), "malformed "+tt.member) {
				t.Errorf("malformed %s, call %d: %v", tt.member, i, err)
			}
		}
		// The same in an encoding that somebody else wrote.
		b := appendHeader([]byte(`{"header":`), r.Header)
		_, err := s.Unmarshal(append(b, orderPlaintext[strings.Index(orderPlaintext, `,"salt"`):]...))
		var e *EncodingError
		if !errors.As(err, &e) {
			t.Errorf("malformed %s unmarshaled: %v", tt.member, err)
		}
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	s := orderSchema(t)
	change := func(old, new string) string {
		if !strings.Contains(orderPlaintext, old) {
			t.Fatalf("no %s to change", old)
		}
		return strings.Replace(orderPlaintext, old, new, 1)
	}
	tests := []struct{ name, in string }{
		{"nothing", ""}, {"cut", orderPlaintext[:len(orderPlaintext)-1]}, {"line end after", orderPlaintext + "\n"}, {"space after", orderPlaintext + " "},
		{"member after", change(orderEncoding+"}", orderEncoding+`,"x":1}`)}, {"no salt", change(`"salt":"AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",`, "")}, {"no header", change(orderPlaintext[1:strings.Index(orderPlaintext, `"salt"`)], "")},
		{"salt: spare bits", change("AAAA\",\"fields", "AAAB\",\"fields")}, {"salt: padding", change("AAAA\",\"fields", "AAAA=\",\"fields")}, {"salt: short", change("AAAA\",\"fields", "AAA\",\"fields")}, {"salt: line end", change("AAAA\",\"fields", "AA\\nAA\",\"fields")}, {"salt: alphabet", change("AQID", "AQ+/")},
		{"instance empty", change(`"instance":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"`, `"instance":""`)}, {"revision zero", change(`"revision":7`, `"revision":0`)}, {"revision text", change(`"revision":7`, `"revision":"7"`)}, {"revision negative", change(`"revision":7`, `"revision":-7`)}, {"revision fraction", change(`"revision":7`, `"revision":7.0`)},
		{"member twice", change(`"revision":7`, `"revision":7,"revision":7`)}, {"header order", change(`"kind":"section","name":"order"`, `"name":"order","kind":"section"`)}, {"unknown in the header", change(`"revision":7`, `"revision":7,"parent":"x"`)}, {"escaped", change(`"name":"order"`, `"name":"\u006frder"`)}, {"fields null", change(orderEncoding, "null")}, {"bad field", change(`"total":"12.50"`, `"total":"12.5"`)},
	}
	for _, tt := range tests {
		r, err := s.Unmarshal([]byte(tt.in))
		var e *EncodingError
		if !errors.As(err, &e) || !reflect.DeepEqual(r, Revision{}) {
			t.Errorf("%s: %+v, %v", tt.name, r, err)
		}
	}
	refused := 0
	for i := range len(orderPlaintext) {
		if _, err := s.Unmarshal([]byte(orderPlaintext[:i])); err == nil {
			t.Errorf("the first %d bytes were accepted", i)
		}
		for bit := range 8 {
			b := []byte(orderPlaintext)
			b[i] ^= 1 << bit
			r, err := s.Unmarshal(b)
			if err != nil {
				refused++
			} else if again := must[[]byte](t)(s.Marshal(r)); !bytes.Equal(again, b) {
				t.Errorf("%s was accepted for %s", b, again)
			}
		}
	}
	if refused == 0 {
		t.Error("no changed bit was refused")
	}
}

func TestNewSalt(t *testing.T) {
	s := must[Salt](t)(NewSalt(strings.NewReader(strings.Repeat("x", 40))))
	if string(s[:]) != strings.Repeat("x", 32) {
		t.Errorf("%x", s)
	}
	if _, err := NewSalt(strings.NewReader("short")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	for _, text := range []string{"", "A", strings.Repeat("A", 42), strings.Repeat("A", 44), strings.Repeat("A", 42) + "B", strings.Repeat("A", 42) + "=", strings.Repeat("A", 42) + "\n", strings.Repeat("A", 42) + "A\n"} {
		if _, ok := parseSalt(text); ok {
			t.Errorf("%q is a salt", text)
		}
	}
}
