package section

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// Files that age opens and a tray does not.
func TestForeignFiles(t *testing.T) {
	pq, classic, ssh := newID(t, PQ), newID(t, Classic), newSSH(t)
	password := must[*age.ScryptRecipient](t)(age.NewScryptRecipient("x"))
	password.SetWorkFactor(10)
	plaintext := pad([]byte("{}"))
	armored := func(b []byte) []byte {
		var out bytes.Buffer
		w := armor.NewWriter(&out)
		_, _ = w.Write(b)
		_ = w.Close()
		return out.Bytes()
	}
	greased := seal(t, plaintext, withGrease{pq.Recipient().age})
	pqBlob := seal(t, plaintext, pq.Recipient().age)
	tests := []struct {
		name  string
		blob  []byte
		suite Suite
		what  string // "" for malformed
	}{
		{"X25519 in pq", seal(t, plaintext, classic.Recipient().age), PQ, "stanzas"},
		{"ssh in pq", seal(t, plaintext, ssh.Recipient().age), PQ, "stanzas"},
		{"hybrid in classic", pqBlob, Classic, "stanzas"},
		{"password in pq", seal(t, plaintext, password), PQ, "stanzas"},
		{"password in classic", seal(t, plaintext, password), Classic, "stanzas"},
		{"another stanza beside", greased, PQ, "stanzas"},
		{"armored", armored(pqBlob), PQ, ""},
		{"empty", nil, PQ, ""},
		{"words", []byte("hello\n"), PQ, ""},
		{"another version", bytes.Replace(pqBlob, []byte("/v1"), []byte("/v2"), 1), PQ, ""},
		{"CRLF", bytes.Replace(pqBlob, []byte("v1\n"), []byte("v1\r\n"), 1), PQ, ""},
		{"before", append([]byte("\n"), pqBlob...), PQ, ""},
		{"too large", make([]byte, MaxBlob+1), PQ, ""},
		{"no stanza", []byte("age-encryption.org/v1\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" + strings.Repeat("x", 300)), PQ, ""},
		{"plaintext too small", seal(t, []byte("{}"), pq.Recipient().age), PQ, "padding"},
		{"plaintext not padded", seal(t, append(plaintext, '}'), pq.Recipient().age), PQ, "padding"},
		{"plaintext too large", seal(t, make([]byte, MaxPlaintext+1), pq.Recipient().age), PQ, "payload"},
		{"no plaintext", seal(t, nil, pq.Recipient().age), PQ, "payload"},
		{"cut at the end", pqBlob[:len(pqBlob)-1], PQ, "padding"},
		{"one byte more", append(bytes.Clone(pqBlob), 0), PQ, "padding"},
	}
	for _, tt := range tests {
		_, err := Inspect(tt.blob, tt.suite)
		_, err2 := Unseal(tt.blob, tt.suite, Slot{0, 1}, pq, classic, ssh)
		for _, err := range []error{err, err2} {
			if tt.what != "" {
				wantContradiction(t, err, tt.what)
			} else if !errors.Is(err, ErrMalformed) {
				t.Errorf("%s: %v", tt.name, err)
			}
			if t.Failed() {
				t.Fatal(tt.name)
			}
		}
	}
}

// withGrease adds the stanza of nobody, as age allows.
type withGrease struct{ age.Recipient }

func (g withGrease) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	s, err := g.Recipient.Wrap(fileKey)
	return append(s, &age.Stanza{Type: "grease", Args: []string{"x"}, Body: []byte("y")}), err
}

func TestSlots(t *testing.T) {
	ids, to := crowdOf(t, Classic, 2)
	blob := must[[]byte](t)(Seal([]byte("{}"), to))
	for _, at := range []Slot{{}, {-1, 2}, {2, 2}, {0, -1}, {0, MaxReaders + 1}} {
		if _, err := Unseal(blob, Classic, at, ids...); err == nil || errors.Is(err, ErrContradiction) {
			t.Errorf("%v: %v", at, err)
		}
	}
	for _, of := range []int{1, 3, MaxReaders} {
		_, err := Unseal(blob, Classic, Slot{0, of}, ids...)
		wantContradiction(t, err, "stanzas")
	}
	for _, suite := range []Suite{"", "x", "PQ"} {
		_, err := Unseal(blob, suite, Slot{0, 2}, ids...)
		_, err2 := Inspect(blob, suite)
		if err == nil || err2 == nil || errors.Is(err, ErrContradiction) || errors.Is(err2, ErrContradiction) {
			t.Errorf("suite %q: %v, %v", suite, err, err2)
		}
	}
}

// Every bit of a blob counts, and every byte.
func TestEveryBit(t *testing.T) {
	for _, suite := range []Suite{PQ, Classic} {
		ids, to := crowdOf(t, suite, 3)
		blob := must[[]byte](t)(Seal([]byte("{}"), to))
		n := 0
		for i := range blob {
			for bit := range 8 {
				if suite == PQ && (i*8+bit)%37 != 0 {
					continue // its stanzas are large: a sample
				}
				b := bytes.Clone(blob)
				b[i] ^= 1 << bit
				if got, err := Unseal(b, suite, Slot{2, 3}, ids[2]); err == nil || got != nil {
					t.Fatalf("%s: bit %d of byte %d does not count", suite, bit, i)
				}
				n++
			}
		}
		for i := range blob {
			if _, err := Unseal(blob[:i], suite, Slot{2, 3}, ids[2]); err == nil {
				t.Fatalf("%s: the first %d bytes open", suite, i)
			}
		}
		t.Logf("%s: %d bits of %d", suite, n, 8*len(blob))
	}
}

// Inspect has no key, so no MAC: it reads each character of the header itself.
func TestInspectEveryCharacter(t *testing.T) {
	for _, suite := range []Suite{PQ, Classic} {
		_, to := crowdOf(t, suite, 3)
		blob := must[[]byte](t)(Seal([]byte("{}"), to))
		f := must[*ageFile](t)(parseAgeFile(blob, suite))
		header := len(blob) - len(f.payload)
		for i := range header {
			for _, c := range []byte("!=-\r\n \x00\xff") {
				b := bytes.Clone(blob)
				if b[i] == c {
					continue
				}
				b[i] = c
				if n, err := Inspect(b, suite); err == nil {
					t.Fatalf("%s: byte %d as %q: %d readers", suite, i, c, n)
				}
			}
			// The last character of a base64 text has bits to spare: in the
			// alphabet, each neighbour of the right one sets some.
			if c := blob[i]; blob[i+1] == '\n' && i > len(ageIntro) && base64Values[c]&1 == 0 {
				b := bytes.Clone(blob)
				b[i] = strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "")[base64Values[c]+1][0]
				if n, err := Inspect(b, suite); err == nil {
					t.Fatalf("%s: spare bits at byte %d: %d readers", suite, i, n)
				}
			}
		}
	}
	many := make([]age.Recipient, MaxReaders+1)
	for i := range many {
		many[i] = newID(t, Classic).Recipient().age
	}
	_, err := Inspect(seal(t, pad([]byte("{}")), many...), Classic)
	wantContradiction(t, err, "stanzas")
	if n, err := Inspect(seal(t, pad([]byte("{}")), many[1:]...), Classic); n != MaxReaders || err != nil {
		t.Error(n, err)
	}
}

// Stanzas added, dropped, doubled or reordered by somebody without the file
// key break the MAC, or the count before it.
func TestStanzasMoved(t *testing.T) {
	ids, to := crowdOf(t, PQ, 3)
	blob := must[[]byte](t)(Seal([]byte("{}"), to))
	head, rest := blob[:len(ageIntro)], blob[len(ageIntro):]
	size := bytes.Index(rest[3:], []byte("-> ")) + 3
	s := [][]byte{rest[:size], rest[size : 2*size], rest[2*size : 3*size]}
	tail := rest[3*size:]
	build := func(stanzas ...[]byte) []byte {
		return bytes.Join([][]byte{head, bytes.Join(stanzas, nil), tail}, nil)
	}
	if b, err := Unseal(build(s...), PQ, Slot{1, 3}, ids[1]); err != nil || string(b) != "{}" {
		t.Fatal(string(b), err)
	}
	_, err := Unseal(build(s[0], s[1]), PQ, Slot{1, 3}, ids[1])
	wantContradiction(t, err, "stanzas")
	_, err = Unseal(build(s[0], s[1], s[2], s[2]), PQ, Slot{1, 3}, ids[1])
	wantContradiction(t, err, "stanzas")
	for _, forged := range [][]byte{build(s[2], s[1], s[0]), build(s[0], s[1], s[0]), build(s[1], s[1], s[2])} {
		_, err = Unseal(forged, PQ, Slot{1, 3}, ids[1])
		wantContradiction(t, err, "mac")
	}
	_, err = Unseal(build(s[0], s[1]), PQ, Slot{1, 2}, ids[1])
	wantContradiction(t, err, "mac")
	if _, err = Unseal(build(s[1], s[0], s[2]), PQ, Slot{1, 3}, ids[1]); err != ErrNotReader {
		t.Error(err)
	}
}

// Several chunks of age's 64 KiB.
func TestLargePayloads(t *testing.T) {
	ids, to := crowdOf(t, Classic, 1)
	for _, n := range []int{ageChunk - 1, ageChunk, ageChunk + 1, 3*ageChunk - 1, 500_000, MaxPlaintext} {
		plaintext := make([]byte, n)
		_, _ = rand.Read(plaintext)
		plaintext[n-1] = '}'
		blob := must[[]byte](t)(Seal(plaintext, to))
		if _, err := Inspect(blob, Classic); err != nil {
			t.Error(err)
		}
		got, err := Unseal(blob, Classic, Slot{0, 1}, ids[0])
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("%d bytes: %v", n, err)
		}
		// Chunks cannot be dropped, swapped or repeated.
		f := must[*ageFile](t)(parseAgeFile(blob, Classic))
		start := len(blob) - len(f.payload) + ageNonce
		const step = ageChunk + ageTag
		if len(blob)-start < 2*step {
			continue
		}
		a, b := blob[start:start+step], blob[start+step:start+2*step]
		for _, body := range [][]byte{bytes.Join([][]byte{b, a, blob[start+2*step:]}, nil), blob[start+step:], bytes.Join([][]byte{a, blob[start:]}, nil), a} {
			if got, err := Unseal(append(bytes.Clone(blob[:start]), body...), Classic, Slot{0, 1}, ids[0]); err == nil || got != nil {
				t.Errorf("%d bytes: opened with chunks moved", n)
			}
		}
	}
}
