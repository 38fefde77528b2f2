package section

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func orderProof(t testing.TB, field string) (*Schema, Proof, Root) {
	s := orderSchema(t)
	r := orderRevision()
	delete(r.Content, "due")
	return s, must[Proof](t)(s.Prove(r, field)), must[Root](t)(s.Root(r))
}

func TestProof(t *testing.T) {
	for _, f := range orderFields {
		s, p, root := orderProof(t, f.Name)
		text := must[[]byte](t)(p.MarshalText())
		back := must[Proof](t)(ParseProof(text))
		if !reflect.DeepEqual(back, p) {
			t.Errorf("%s: parsed %+v", f.Name, back)
		}
		if err := back.Verify(root); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		want := orderContent()[f.Name]
		if f.Name == "due" {
			want = nil
		}
		if v, err := s.Disclosed(back, root); err != nil || !Equal(v, want) {
			t.Errorf("%s: disclosed %v, %v", f.Name, v, err)
		}
		// Nothing else is in it.
		for _, other := range []string{"Rossi", "via Roma", "A-1", "12.50", "2026-01-31T15"} {
			if strings.Contains(string(text), other) && !strings.Contains(string(p.Value), other) {
				t.Errorf("the proof of %s says %s", f.Name, other)
			}
		}
	}
}

// Each change of a proof is refused, and so is another root.
func TestProofRefuses(t *testing.T) {
	s, p, root := orderProof(t, "total")
	tests := []struct {
		name   string
		change func(p *Proof)
	}{
		{"tray", func(p *Proof) { p.Header.Tray = strings.Repeat("0", 64) }}, {"kind", func(p *Proof) { p.Header.Kind, p.Header.Revision = HeaderNote, 0 }}, {"name", func(p *Proof) { p.Header.Name = "other" }}, {"instance", func(p *Proof) { p.Header.Instance = "" }}, {"revision", func(p *Proof) { p.Header.Revision++ }}, {"author", func(p *Proof) { p.Header.Author = "a" }},
		{"header malformed", func(p *Proof) { p.Header = Header{} }}, {"field", func(p *Proof) { p.Field = "company" }}, {"field malformed", func(p *Proof) { p.Field = "Total" }},
		{"value", func(p *Proof) { p.Value = []byte(`"12.51"`) }}, {"no value", func(p *Proof) { p.Value = nil }}, {"absent", func(p *Proof) { p.Present, p.Value = false, nil }}, {"value of an absent field", func(p *Proof) { p.Present = false }}, {"salt", func(p *Proof) { p.Salt[0] ^= 1 }},
		{"index", func(p *Proof) { p.Index++ }}, {"index of the header", func(p *Proof) { p.Index = 0 }}, {"index negative", func(p *Proof) { p.Index = -1 }}, {"index behind", func(p *Proof) { p.Index = p.Size }}, {"size", func(p *Proof) { p.Size = 100 }}, {"size too large", func(p *Proof) { p.Size = MaxFields + 2 }}, {"size negative", func(p *Proof) { p.Size = -1 }}, {"size zero", func(p *Proof) { p.Size = 0 }},
		{"header path", func(p *Proof) { p.HeaderPath[0][0] ^= 1 }}, {"header path short", func(p *Proof) { p.HeaderPath = p.HeaderPath[1:] }}, {"header path none", func(p *Proof) { p.HeaderPath = nil }}, {"field path", func(p *Proof) { p.FieldPath[len(p.FieldPath)-1][31] ^= 1 }}, {"field path short", func(p *Proof) { p.FieldPath = p.FieldPath[:1] }}, {"field path long", func(p *Proof) { p.FieldPath = append(p.FieldPath, Root{}) }}, {"field path too long", func(p *Proof) { p.FieldPath = make([]Root, 9) }}, {"paths swapped", func(p *Proof) { p.FieldPath, p.HeaderPath = p.HeaderPath, p.FieldPath }},
	}
	for _, tt := range tests {
		q := p
		q.FieldPath, q.HeaderPath = slices.Clone(p.FieldPath), slices.Clone(p.HeaderPath)
		tt.change(&q)
		if err := q.Verify(root); !errors.Is(err, ErrProof) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if v, err := s.Disclosed(q, root); err == nil || v != nil {
			t.Errorf("%s: disclosed %v", tt.name, v)
		}
	}
	// A size that gives the tree another right half but the same path, only
	// the declaration can refute.
	q := p
	if q.Size++; q.Verify(root) != nil {
		t.Error("Verify knows the size, so its doc is wrong")
	}
	if _, err := s.Disclosed(q, root); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
	if err := p.Verify(Root{}); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
	if err := (Proof{}).Verify(root); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
}

// What an author could make up beside the declaration.
func TestDisclosedFollowsTheDeclaration(t *testing.T) {
	s, _, _ := orderProof(t, "total")
	disclosed := func(fields []Field, c Content, field string) error {
		other := must[*Schema](t)(NewSchema(fields))
		r := Revision{Header: orderHeader(), Content: c}
		p := must[Proof](t)(other.Prove(r, field))
		root := must[Root](t)(other.Root(r))
		if err := p.Verify(root); err != nil {
			t.Fatal(err)
		}
		_, err := s.Disclosed(p, root)
		return err
	}
	if err := disclosed(append(s.Fields(), Field{Name: "more", Kind: Text}), orderContent(), "total"); !errors.Is(err, ErrProof) {
		t.Error("a tree with one leaf more:", err)
	}
	swapped := s.Fields()
	swapped[2], swapped[3] = swapped[3], swapped[2]
	if err := disclosed(swapped, orderContent(), "total"); !errors.Is(err, ErrProof) {
		t.Error("a leaf at another place:", err)
	}
	another := s.Fields()
	another[3] = Field{Name: "total", Kind: Text}
	err := disclosed(another, Content{"total": "twelve"}, "total")
	var e *EncodingError
	if !errors.As(err, &e) {
		t.Error("a value of another kind:", err)
	}
}

func TestParseProofRefuses(t *testing.T) {
	_, p, _ := orderProof(t, "total")
	text := string(must[[]byte](t)(p.MarshalText()))
	change := func(old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("no %s to change in %s", old, text)
		}
		return strings.Replace(text, old, new, 1)
	}
	path := `"` + p.FieldPath[0].String() + `"`
	tests := []struct{ name, in string }{
		{"nothing", ""}, {"cut", text[:len(text)-1]}, {"more", text + "\n"}, {"space", change(`,"index"`, `, "index"`)}, {"order", change(`,"index":4,"size":12`, `,"size":12,"index":4`)}, {"unknown", change(`,"index"`, `,"x":1,"index"`)}, {"no size", change(`,"size":12`, ``)},
		{"index zero", change(`"index":4`, `"index":0`)}, {"index behind", change(`"index":4`, `"index":12`)}, {"index fraction", change(`"index":4`, `"index":4.0`)}, {"size huge", change(`"size":12`, `"size":1000000`)}, {"value empty", change(`"value":"\"12.50\""`, `"value":""`)}, {"value no string", change(`"value":"\"12.50\""`, `"value":"12.50`)}, {"field", change(`"field":"total"`, `"field":"TOTAL"`)},
		{"hash upper case", change(path, strings.ToUpper(path))}, {"hash short", change(path, path[:20]+`"`)}, {"hash null", change(path, "null")}, {"comma", change(path, path+",")}, {"too many", change(path, strings.Repeat(path+",", 9)+path)}, {"salt", change(`"salt":"`, `"salt":"A`)}, {"header", change(`"kind":"section"`, `"kind":"x"`)},
	}
	for _, tt := range tests {
		q, err := ParseProof([]byte(tt.in))
		var e *EncodingError
		if !errors.As(err, &e) && !errors.Is(err, ErrProof) || !reflect.DeepEqual(q, Proof{}) {
			t.Errorf("%s: %+v, %v", tt.name, q, err)
		}
	}
	if _, err := ParseProof(bytes.Repeat([]byte(" "), MaxProof+1)); err == nil {
		t.Error("too many bytes")
	}
	p.Value = []byte("\xff")
	if _, err := p.MarshalText(); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
	if _, err := (Proof{}).MarshalText(); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
}

func TestProofInsideJSON(t *testing.T) {
	s := must[*Schema](t)(NewSchema([]Field{{Name: "a", Kind: Text}}))
	r := Revision{Header: orderHeader(), Content: Content{"a": "<&>\u2028\""}}
	p := must[Proof](t)(s.Prove(r, "a"))
	b := must[[]byte](t)(json.Marshal(p))
	var back Proof
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, p) {
		t.Errorf("%s: %v", b, err)
	}
}

func TestPadded(t *testing.T) {
	// From the definition: keep the leading bits, as many as it takes to write
	// the number of bits.
	for n, want := range map[int]int{
		0: 256, 1: 256, 255: 256, 256: 256, 257: 272, 272: 272, 273: 288, 511: 512, 512: 512, 513: 544, 1000: 1024, 1024: 1024, 1025: 1088,
		4000: 4096, 4097: 4352, 9000: 9216, 65536: 65536, 65537: 67584, 100_000: 100_352, 1_000_000: 1_015_808, MaxPlaintext: MaxPlaintext,
	} {
		if got := Padded(n); got != want {
			t.Errorf("Padded(%d) = %d, want %d", n, got, want)
		}
	}
	before := 0
	for n := range MaxPlaintext + 1 {
		p := Padded(n)
		if p < n || p < before || Padded(p) != p || n > 256 && (p-n)*1000 > n*120 {
			t.Fatalf("Padded(%d) = %d", n, p)
		}
		before = p
	}
	for _, in := range []string{"", " ", strings.Repeat(" ", 256), "{}", "{}" + strings.Repeat(" ", 253), "{}" + strings.Repeat(" ", 255), "{}" + strings.Repeat(" ", 270), strings.Repeat("x", 255), strings.Repeat("x", 257)} {
		if _, ok := unpad([]byte(in)); ok {
			t.Errorf("%d bytes were accepted as padded", len(in))
		}
	}
}
