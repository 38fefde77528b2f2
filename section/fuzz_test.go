package section

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// Whatever is decoded is written back as the same bytes.

func FuzzDecode(f *testing.F) {
	for _, s := range []string{orderEncoding, "{}", `{"company":"\n\t\"\\\u2028"}`, `{"quantity":-9007199254740991}`, `{"lines":[{},{"discounts":[]}]}`} {
		f.Add([]byte(s))
	}
	s := orderSchema(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := s.Decode(b)
		if err != nil {
			return
		}
		if again := must[[]byte](t)(s.Encode(c)); !bytes.Equal(again, b) {
			t.Errorf("%q was read for %q", b, again)
		}
		if !json.Valid(b) || naive(t, s.fields, c) != string(b) {
			t.Errorf("%q is not what JSON.stringify writes", b)
		}
	})
}

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(orderPlaintext))
	f.Add([]byte(strings.Replace(orderPlaintext, orderEncoding, "{}", 1)))
	s := orderSchema(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := s.Unmarshal(b)
		if err != nil {
			return
		}
		if again := must[[]byte](t)(s.Marshal(r)); !bytes.Equal(again, b) {
			t.Errorf("%q was read for %q", b, again)
		}
		must[Root](t)(s.Root(r))
	})
}

func FuzzParsePath(f *testing.F) {
	for _, s := range []string{"a", "lines[3].price", "a.b[0]", "a[01]", "[", "a..b"} {
		f.Add(s)
	}
	s := orderSchema(f)
	f.Fuzz(func(t *testing.T, in string) {
		p, err := ParsePath(in)
		if err != nil {
			if where := (*EncodingError)(nil); !errors.As(err, &where) || where.Offset < 0 || where.Offset > len(in) {
				t.Errorf("%q: %v", in, err)
			}
			return
		}
		if p.String() != in {
			t.Errorf("%q was read for %q", in, p)
		}
		_, _ = s.Get(orderContent(), p)
		if c, err := s.With(orderContent(), p, "2026-01-31"); err == nil {
			must[[]byte](t)(s.Encode(c))
		}
	})
}

func FuzzParseRoot(f *testing.F) {
	for _, s := range []string{"", "0", strings.Repeat("0a", 32), strings.Repeat("0A", 32), strings.Repeat("f", 65)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		switch r, err := ParseRoot(in); {
		case err == nil && r.String() != in:
			t.Errorf("%q was read for %q", in, r)
		case err != nil && !errors.As(err, new(*EncodingError)):
			t.Errorf("%q: %v", in, err)
		}
	})
}

// Whatever is coerced can be encoded, and coercing it again changes nothing.
func FuzzCoerce(f *testing.F) {
	f.Add([]byte(orderEncoding))
	f.Add([]byte(`{"company":"a\r\nb","quantity":7.0,"total":12,"seen":"2026-01-31T15:04:05.000Z","warranty":"72h","tags":[null],"x":{}}`))
	s := orderSchema(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, number := range []bool{true, false} {
			d := json.NewDecoder(bytes.NewReader(b))
			if number {
				d.UseNumber()
			}
			var in map[string]any
			if d.Decode(&in) != nil {
				return
			}
			c, err := s.Coerce(in)
			if err != nil {
				if n := len(problemsOf(err)); n == 0 || n > MaxProblems {
					t.Errorf("%d problems", n)
				}
				continue
			}
			must[[]byte](t)(s.Encode(c))
			if again := must[Content](t)(s.Coerce(c)); !reflect.DeepEqual(again, c) {
				t.Errorf("%v became %v", c, again)
			}
		}
	})
}

func FuzzScalars(f *testing.F) {
	for _, s := range []string{"12.50", "-0.00", "12.50 EUR", "1200 JPY", "2026-01-31", "2026-01-31T15:04:05.0+00:00", "3d12h", "72h", "a\r\nb", "\xff"} {
		f.Add(s)
	}
	fields := []Field{{Kind: Text, Max: 20}, {Kind: Decimal, Scale: 2}, {Kind: Decimal, Scale: MaxScale}, {Kind: Money}, {Kind: Money, Scale: 2, Currencies: []string{"EUR"}}, {Kind: Date}, {Kind: Datetime}, {Kind: Duration}, {Kind: Choice, Choices: []string{"3d12h"}}}
	f.Fuzz(func(t *testing.T, in string) {
		for i := range fields {
			out, code := fields[i].normal(in)
			if code != "" {
				if out != "" {
					t.Errorf("%q: %q along with code %q", in, out, code)
				}
				continue
			}
			if again, code := fields[i].normal(out); again != out || code != "" {
				t.Errorf("%s: %q is not stable: %q, %q", fields[i].Kind, out, again, code)
			}
		}
	})
}

func FuzzParseProof(f *testing.F) {
	for _, field := range []string{"total", "due", "lines"} {
		_, p, _ := orderProof(f, field)
		f.Add(must[[]byte](f)(p.MarshalText()))
	}
	s, _, root := orderProof(f, "total")
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseProof(b)
		if err != nil {
			return
		}
		if again := must[[]byte](t)(p.MarshalText()); !bytes.Equal(again, b) {
			t.Errorf("%q was read for %q", b, again)
		}
		if v, err := s.Disclosed(p, root); err == nil {
			want := orderRevision().Content[p.Field]
			if p.Field == "due" {
				want = nil
			}
			if !Equal(v, want) {
				t.Errorf("%s disclosed as %v", p.Field, v)
			}
		}
	})
}

// Nothing but the blob opens; what opens, Inspect accepts.
func FuzzUnseal(f *testing.F) {
	type sealed struct {
		suite Suite
		id    Identity
		blob  []byte
	}
	var all []sealed
	for _, suite := range []Suite{PQ, Classic} {
		ids, to := crowdOf(f, suite, 3)
		blob := must[[]byte](f)(Seal([]byte("{}"), to))
		f.Add(blob)
		all = append(all, sealed{suite, ids[2], blob})
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range all {
			n, err := Inspect(b, s.suite)
			if err == nil && (n < 1 || n > MaxReaders) {
				t.Errorf("%d readers", n)
			}
			if got, err2 := Unseal(b, s.suite, Slot{2, 3}, s.id); err2 == nil && (err != nil || n != 3 || string(got) != "{}" || !bytes.Equal(b, s.blob)) {
				t.Errorf("a forgery opened: %q", b)
			}
		}
	})
}

func FuzzParseRecipient(f *testing.F) {
	for _, id := range []Identity{newID(f, PQ), newID(f, Classic), newSSH(f)} {
		f.Add(id.Recipient().String())
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, suite := range []Suite{PQ, Classic} {
			r, err := ParseRecipient(suite, in)
			if err != nil {
				continue
			}
			if r.String() != in || r.Suite() != suite {
				t.Errorf("%q was read for %q", in, r)
			}
			must[[]byte](t)(Seal([]byte("{}"), []Recipient{r}))
		}
	})
}

func FuzzParseIdentity(f *testing.F) {
	for _, id := range []Identity{newID(f, PQ), newID(f, Classic), newSSH(f)} {
		f.Add(id.Reveal())
	}
	f.Fuzz(func(t *testing.T, in string) {
		id, err := ParseIdentity(in)
		if err != nil {
			return
		}
		if id.Reveal() != strings.TrimSpace(in) {
			t.Error("another identity came back")
		}
		blob := must[[]byte](t)(Seal([]byte("{}"), []Recipient{id.Recipient()}))
		must[[]byte](t)(Unseal(blob, id.Suite(), Slot{0, 1}, id))
	})
}
