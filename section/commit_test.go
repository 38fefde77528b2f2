package section

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// naiveRoot transcribes the definition of the commitment: RFC 6962, section
// 2.1, over leaves made by hand.
func naiveRoot(t testing.TB, s *Schema, r Revision) Root {
	lp := func(parts ...string) (out string) {
		for _, p := range parts {
			n := len(p)
			out += string([]byte{0, 0, 0, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + p
		}
		return out
	}
	h := r.Header
	leaves := []string{lp("vassoio/v1/header", h.Tray, h.Kind, h.Name, h.Instance, strconv.FormatUint(h.Revision, 10), h.Author)}
	for _, f := range s.Fields() {
		mac := hmac.New(sha256.New, r.Salt[:])
		fmt.Fprint(mac, lp("vassoio/v1/salt", f.Name))
		present, value := "\x00", ""
		if v, ok := r.Content[f.Name]; ok {
			present, value = "\x01", naiveValue(t, &f, v)
		}
		leaves = append(leaves, lp("vassoio/v1/field", h.Name, f.Name, string(mac.Sum(nil)))+present+lp(value))
	}
	var mth func([]string) [32]byte
	mth = func(d []string) [32]byte {
		if len(d) == 1 {
			return sha256.Sum256([]byte("\x00" + d[0]))
		}
		k := 1
		for k*2 < len(d) {
			k *= 2
		}
		left, right := mth(d[:k]), mth(d[k:])
		return sha256.Sum256([]byte("\x01" + string(left[:]) + string(right[:])))
	}
	return mth(leaves)
}

func TestRootGolden(t *testing.T) {
	const want = "cf23f4e1340f9028fd03a6f0952a8e77b7d78e336015050c0e498c8d3704ed52"
	if got := must[Root](t)(orderSchema(t).Root(orderRevision())); got.String() != want {
		t.Errorf("the root is %s, want %s", got, want)
	}
}

// Random schemas and contents: the root is the oracle's, and another one after
// any change of header, salt or any one field; every field has a proof.
func TestRootProperty(t *testing.T) {
	const cases = 400
	changes, proofs := 0, 0
	for seed := range uint64(cases) {
		m := newMaker(seed)
		s := must[*Schema](t)(NewSchema(m.fields(0)))
		r := Revision{Header: orderHeader(), Content: m.content(s.fields)}
		for i := range r.Salt {
			r.Salt[i] = byte(m.Uint32())
		}
		root := must[Root](t)(s.Root(r))
		if root != naiveRoot(t, s, r) {
			t.Fatalf("seed %d: the root is not the oracle's", seed)
		}
		differs := func(what string, change func(*Revision)) {
			other := r
			other.Content = must[Content](t)(s.Coerce(r.Content))
			change(&other)
			if must[Root](t)(s.Root(other)) == root {
				t.Fatalf("seed %d: the same root after a change of %s", seed, what)
			}
			changes++
		}
		differs("tray", func(r *Revision) { r.Header.Tray = strings.Repeat("0", 64) })
		differs("kind", func(r *Revision) { r.Header.Kind, r.Header.Revision = HeaderNote, 0 })
		differs("name", func(r *Revision) { r.Header.Name += "x" })
		differs("instance", func(r *Revision) { r.Header.Instance = "" })
		differs("revision", func(r *Revision) { r.Header.Revision++ })
		differs("author", func(r *Revision) { r.Header.Author += "x" })
		differs("salt", func(r *Revision) { r.Salt[m.IntN(32)] ^= 1 << m.IntN(8) })
		for i := range s.fields {
			f := &s.fields[i]
			differs(f.Name, func(r *Revision) {
				old, ok := r.Content[f.Name]
				if r.Content[f.Name] = m.value(f); ok && Equal(r.Content[f.Name], old) {
					delete(r.Content, f.Name)
				}
			})
			p := must[Proof](t)(s.Prove(r, f.Name))
			v, err := s.Disclosed(p, root)
			if err != nil || !Equal(v, r.Content[f.Name]) {
				t.Fatalf("seed %d: %s disclosed as %v, %v", seed, f.Name, v, err)
			}
			proofs++
		}
	}
	t.Logf("%d changes, %d proofs", changes, proofs)
}

// Two revisions that say the same under two salts have nothing in common that
// shows.
func TestSaltHides(t *testing.T) {
	s := orderSchema(t)
	a, b := orderRevision(), orderRevision()
	b.Salt = Salt{9}
	p, q := must[Proof](t)(s.Prove(a, "total")), must[Proof](t)(s.Prove(b, "total"))
	if p.Salt == q.Salt || p.Salt == must[Proof](t)(s.Prove(a, "due")).Salt || p.Salt == a.Salt {
		t.Error("leaves share a salt")
	}
	for i := range p.FieldPath[:len(p.FieldPath)-1] {
		if p.FieldPath[i] == q.FieldPath[i] {
			t.Error("equal hashes under two salts")
		}
	}
}

func TestRootRefuses(t *testing.T) {
	s := orderSchema(t)
	r := orderRevision()
	r.Content = Content{"total": "1.5", "nothing": "x", "lines": []any{map[string]any{"x": 1}}}
	_, err := s.Root(r)
	wantProblems(t, err, "total form", "lines[0].x unknown", "nothing unknown")
	_, err = s.Prove(orderRevision(), "nothing")
	wantProblems(t, err, "nothing unknown")
}

func TestRootText(t *testing.T) {
	root := must[Root](t)(orderSchema(t).Root(orderRevision()))
	b := must[[]byte](t)(json.Marshal(map[string]Root{"root": root}))
	var back map[string]Root
	if err := json.Unmarshal(b, &back); err != nil || back["root"] != root {
		t.Errorf("%s: %v, %v", b, back, err)
	}
	text := root.String()
	for _, bad := range []string{"", text[:63], text + "0", strings.ToUpper(text), text[:63] + "g", " " + text[:63], text[:63] + "\n"} {
		_, err := ParseRoot(bad)
		if where := (*EncodingError)(nil); !errors.As(err, &where) || where.Offset > len(bad) || where.Reason == "" {
			t.Errorf("%q is a root: %v", bad, err)
		}
		kept := root
		if err := kept.UnmarshalText([]byte(bad)); err == nil || kept != root {
			t.Errorf("%q: %v, and what was there is %v", bad, err, kept)
		}
	}
}
