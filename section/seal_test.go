package section

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"filippo.io/age"
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

// Blobs of the first version stay readable: see testdata/README.md.
func TestGoldenBlobs(t *testing.T) {
	s, want := orderSchema(t), orderRevision()
	root := must[Root](t)(s.Root(want))
	for _, suite := range []Suite{PQ, Classic} {
		blob := must[[]byte](t)(os.ReadFile("testdata/order." + string(suite) + ".age"))
		id := must[Identity](t)(ParseIdentity(string(must[[]byte](t)(os.ReadFile("testdata/reader." + string(suite) + ".key")))))
		got, err := s.Open(blob, suite, Slot{2, 3}, want.Header, root, id)
		if err != nil || !Equal(got.Content, want.Content) {
			t.Errorf("%s: %+v, %v", suite, got, err)
		}
	}
}
