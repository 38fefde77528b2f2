package section

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// A crowdOf is n readers of a suite; of the classic ones each third has an SSH
// key.
func crowdOf(t testing.TB, suite Suite, n int) (ids []Identity, to []Recipient) {
	for i := range n {
		id := newID(t, suite)
		if suite == Classic && i%3 == 2 {
			id = newSSH(t)
		}
		ids, to = append(ids, id), append(to, id.Recipient())
	}
	return ids, to
}

func TestSealAndOpen(t *testing.T) {
	s, r := orderSchema(t), orderRevision()
	for _, suite := range []Suite{PQ, Classic} {
		for _, n := range []int{1, 2, 3, 10} {
			ids, to := crowdOf(t, suite, n)
			blob, root, err := s.Seal(r, to)
			if err != nil {
				t.Fatal(err)
			}
			if readers, err := Inspect(blob, suite); err != nil || readers != n {
				t.Errorf("%s, %d readers: inspected %d, %v", suite, n, readers, err)
			}
			for i := range ids {
				got, err := s.Open(blob, suite, Slot{i, n}, r.Header, root, ids[i])
				if err != nil || !Equal(got.Content, r.Content) || got.Header != r.Header || got.Salt != r.Salt {
					t.Errorf("%s, reader %d of %d: %+v, %v", suite, i, n, got, err)
				}
				// With all identities of the reader, of whatever suite.
				if _, err := s.Open(blob, suite, Slot{i, n}, r.Header, root, Identity{}, newID(t, PQ), newID(t, Classic), newSSH(t), ids[i]); err != nil {
					t.Errorf("%s, reader %d of %d: %v", suite, i, n, err)
				}
				// Not at another's place, not by another.
				if n > 1 {
					if _, err := s.Open(blob, suite, Slot{(i + 1) % n, n}, r.Header, root, ids[i]); err != ErrNotReader {
						t.Errorf("%s, reader %d of %d at another's place: %v", suite, i, n, err)
					}
				}
				if _, err := s.Open(blob, suite, Slot{i, n}, r.Header, root, newID(t, suite)); err != ErrNotReader {
					t.Error("a stranger:", err)
				}
			}
			if _, err := s.Open(blob, suite, Slot{0, n}, r.Header, root); err != ErrNotReader {
				t.Error("nobody:", err)
			}
			_, err = s.Open(blob, suite, Slot{0, n + 1}, r.Header, root, ids[0])
			wantContradiction(t, err, "stanzas")
		}
	}
}

// The plain age library, with the plain identity, finds JSON.
func TestAgeOpensABlob(t *testing.T) {
	s, r := orderSchema(t), orderRevision()
	for _, suite := range []Suite{PQ, Classic} {
		ids, to := crowdOf(t, suite, 3)
		blob, _, err := s.Seal(r, to)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if strings.HasPrefix(id.Recipient().String(), sshPrefix) {
				continue // age.ParseIdentities reads native keys only
			}
			bare := must[[]age.Identity](t)(age.ParseIdentities(strings.NewReader(id.Reveal())))
			reader := must[io.Reader](t)(age.Decrypt(bytes.NewReader(blob), bare...))
			plain := must[[]byte](t)(io.ReadAll(reader))
			var doc struct {
				Header struct{ Author string }
				Fields struct{ Company string }
			}
			if err := json.Unmarshal(plain, &doc); err != nil || doc.Fields.Company != "Rossi S.r.l." || doc.Header.Author != r.Header.Author {
				t.Errorf("%s: %v, %+v", suite, err, doc)
			}
			if len(plain) != Padded(len(orderPlaintext)) {
				t.Errorf("%d bytes", len(plain))
			}
		}
	}
}

func TestSealRefuses(t *testing.T) {
	_, to := crowdOf(t, Classic, 2)
	_, pq := crowdOf(t, PQ, 1)
	many := make([]Recipient, MaxReaders+1)
	for i := range many {
		many[i] = to[0]
	}
	tests := []struct {
		name      string
		plaintext string
		to        []Recipient
	}{
		{"nothing", "", to}, {"a space", " ", to}, {"a space after", "{} ", to}, {"too much", strings.Repeat("x", MaxPlaintext+1), to}, {"nobody", "{}", nil}, {"no recipient", "{}", []Recipient{{}}}, {"one is none", "{}", []Recipient{to[0], {}}},
		{"two suites", "{}", append(pq[:1:1], to...)}, {"two suites, pq last", "{}", append(to[:2:2], pq...)}, {"too many", "{}", many},
	}
	for _, tt := range tests {
		if b, err := Seal([]byte(tt.plaintext), tt.to); err == nil || b != nil {
			t.Errorf("%s: sealed", tt.name)
		}
	}
	blob := must[[]byte](t)(Seal(bytes.Repeat([]byte("x"), MaxPlaintext), many[:MaxReaders]))
	if n, err := Inspect(blob, Classic); n != MaxReaders || err != nil {
		t.Errorf("at the bounds: %d, %v", n, err)
	}
	r := orderRevision()
	r.Content = Content{"total": "1"}
	_, _, err := orderSchema(t).Seal(r, to)
	wantProblems(t, err, "total form")
	// The same recipient twice is allowed, and both places open.
	blob = must[[]byte](t)(Seal([]byte("{}"), []Recipient{to[0], to[0]}))
	if n, err := Inspect(blob, Classic); n != 2 || err != nil {
		t.Error(n, err)
	}
}

// seal makes a blob as somebody could who follows none of the rules.
func seal(t testing.TB, plaintext []byte, to ...age.Recipient) []byte {
	var out bytes.Buffer
	w := must[io.WriteCloser](t)(age.Encrypt(&out, to...))
	if _, err := w.Write(plaintext); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What an author can get wrong, or do on purpose: each named, nothing released.
func TestOpenContradictions(t *testing.T) {
	s := orderSchema(t)
	id := newID(t, PQ)
	to := id.Recipient().age
	want := orderRevision()
	root := must[Root](t)(s.Root(want))
	good := must[[]byte](t)(s.Marshal(want))
	open := func(plaintext []byte) error {
		r, err := s.Open(seal(t, plaintext, to), PQ, Slot{0, 1}, want.Header, root, id)
		if err != nil && (r.Content != nil || r.Header != (Header{}) || r.Salt != (Salt{})) {
			t.Error("something was released along with", err)
		}
		return err
	}
	changed := func(change func(*Revision)) []byte {
		r := want
		change(&r)
		return pad(must[[]byte](t)(s.Marshal(r)))
	}
	if err := open(pad(good)); err != nil {
		t.Fatal(err)
	}
	other := orderContent()
	other["total"] = "99.00"
	tests := []struct {
		what      string
		plaintext []byte
	}{
		{"header.tray", changed(func(r *Revision) { r.Header.Tray = strings.Repeat("f", 64) })},
		{"header.kind", changed(func(r *Revision) { r.Header.Kind, r.Header.Revision = HeaderNote, 0 })},
		{"header.name", changed(func(r *Revision) { r.Header.Name = "other" })},
		{"header.instance", changed(func(r *Revision) { r.Header.Instance = "" })},
		{"header.revision", changed(func(r *Revision) { r.Header.Revision = 6 })},
		{"header.author", changed(func(r *Revision) { r.Header.Author = "mallory" })},
		{"root", changed(func(r *Revision) { r.Salt[0] ^= 1 })},
		{"root", changed(func(r *Revision) { r.Content = other })},
		{"root", changed(func(r *Revision) { r.Content = nil })},
		{"encoding", pad([]byte("{}"))},
		{"encoding", pad([]byte("not JSON"))},
		{"encoding", pad(bytes.Replace(good, []byte(`"total":"12.50"`), []byte(`"total":"12.5"`), 1))},
		{"encoding", pad(bytes.Replace(good, []byte(`"total"`), []byte(`"Total"`), 1))},
		{"encoding", pad(append([]byte("\n"), good...))},
		{"encoding", pad(append(bytes.Clone(good), '\n'))},
		{"encoding", pad(append(bytes.Clone(good), 0))},
		{"padding", good},
		{"padding", append(pad(good), ' ')},
		{"padding", append(bytes.Clone(good), bytes.Repeat([]byte{' '}, 2*Padded(len(good))-len(good))...)},
		{"padding", bytes.Repeat([]byte{' '}, 256)},
		{"encoding", append(bytes.Clone(good), make([]byte, Padded(len(good))-len(good))...)}, // zeros
		{"payload", nil},
	}
	for _, tt := range tests {
		wantContradiction(t, open(tt.plaintext), tt.what)
	}
	t.Logf("%d contradictions", len(tests))
}

// One truth: two readers cannot be given two contents under one root.
func TestTwoReadersTwoContents(t *testing.T) {
	s := orderSchema(t)
	alice, bob := newID(t, PQ), newID(t, PQ)
	r := orderRevision()
	forAlice, root, err := s.Seal(r, []Recipient{alice.Recipient(), bob.Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	lie := r
	lie.Content = must[Content](t)(s.With(r.Content, path(t, "total"), "1.00"))
	forBob, _, err := s.Seal(lie, []Recipient{alice.Recipient(), bob.Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(forAlice, PQ, Slot{0, 2}, r.Header, root, alice); err != nil {
		t.Error(err)
	}
	_, err = s.Open(forBob, PQ, Slot{1, 2}, r.Header, root, bob)
	wantContradiction(t, err, "root")
}

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
		if _, err := Unseal(blob, Classic, at, ids...); err == nil {
			t.Errorf("%v opened", at)
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

func TestErrors(t *testing.T) {
	inner := &EncodingError{Offset: 3, Path: "a.b", Reason: "expected x"}
	err := error(&ContradictionError{What: "encoding", Err: inner})
	var e *EncodingError
	if !errors.Is(err, ErrContradiction) || !errors.As(err, &e) || e != inner || errors.Is(err, ErrNotReader) {
		t.Error(err)
	}
	if want := "section: the blob contradicts what was signed: encoding: section: encoding: a.b at byte 3: expected x"; err.Error() != want {
		t.Error(err)
	}
}
