package entry_test

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

var update = flag.Bool("update", false, "write the golden file anew: the format has changed")

// source makes entries of any content that the format allows.
type source struct{ *rand.Rand }

func newSource(seed uint64) source { return source{rand.New(rand.NewPCG(seed, 7))} }

func (s source) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.Uint32())
	}
	return b
}

func (s source) hash() sign.Hash    { return sign.Sum(s.bytes(8)) }
func (s source) thumbprint() string { return base64.RawURLEncoding.EncodeToString(s.bytes(32)) }
func (s source) nonce() string      { return fmt.Sprintf("%x", s.bytes(16)) }
func (s source) number() uint64     { return s.Uint64N(1 << 53) }

func (s source) time() time.Time { return time.Unix(s.Int64N(1<<37), 0).UTC() }

func (s source) id() string {
	const first, rest = "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789_"
	b := []byte{first[s.IntN(len(first))]}
	for range s.IntN(64) {
		b = append(b, rest[s.IntN(len(rest))])
	}
	return string(b)
}

func (s source) any() string {
	var b []byte
	for len(b) <= s.IntN(30) {
		if c := byte(s.IntN(0x5f) + 0x20); !strings.ContainsRune(`"\<>&`, rune(c)) {
			b = append(b, c)
		}
	}
	return string(b)
}

func (s source) jws() string {
	part := func() string { return base64.RawURLEncoding.EncodeToString(s.bytes(1 + s.IntN(30))) }
	return part() + "." + part() + "." + part()
}

func maybe[T any](s source, make func() T) (v T) {
	if s.IntN(2) == 0 {
		v = make()
	}
	return v
}

func some[T any](s source, least int, make func() T) (out []T) {
	for range least + s.IntN(4) {
		out = append(out, make())
	}
	return out
}

func (s source) file() entry.File {
	return entry.File{Blob: s.hash(), Size: s.number(), To: some(s, 0, s.thumbprint)}
}

func (s source) place() entry.Place {
	return entry.Place{Section: s.id(), Instance: maybe(s, s.thumbprint)}
}

func (s source) revision() entry.Revision {
	return entry.Revision{Place: s.place(), Number: s.number(), Root: maybe(s, s.hash)}
}

func (s source) outcome() entry.Outcome {
	return entry.Outcome{Condition: s.id() + "." + s.id(), Instance: maybe(s, s.thumbprint),
		Result: []string{"pass", "fail", "unknown", "error"}[s.IntN(4)]}
}

func (s source) sealed() entry.Sealed { return entry.Sealed{ID: s.nonce(), File: s.file()} }

// ops makes one op of each name.
func (s source) ops() []entry.Op {
	written := &entry.Write{Revision: s.revision(), File: s.file()}
	if s.IntN(2) == 0 {
		written.File, written.Public = entry.File{}, base64.RawURLEncoding.EncodeToString(s.bytes(1+s.IntN(50)))
	}
	return []entry.Op{
		&entry.Create{Format: s.any(), Nonce: s.nonce(), Suite: s.id(), Template: s.hash()},
		&entry.Admit{Card: s.jws(), Roles: some(s, 0, s.id), Succeeds: maybe(s, s.thumbprint)},
		&entry.Invite{Key: s.thumbprint(), Recipient: s.any(), Roles: some(s, 0, s.id), Expires: s.time(), Succeeds: maybe(s, s.thumbprint)},
		&entry.Withdraw{Invite: s.thumbprint()},
		&entry.Join{Invite: s.thumbprint(), Card: s.jws(), Claim: s.jws()},
		&entry.Dismiss{Participant: s.thumbprint(), Roles: some(s, 0, s.id)},
		&entry.Rekey{Card: s.jws()},
		written,
		&entry.Share{Place: s.place(), Number: s.number(), File: s.file()},
		&entry.Unreadable{Place: s.place(), Number: s.number()},
		&entry.Attest{Engine: s.any(), On: some(s, 0, s.revision), Outcomes: some(s, 0, s.outcome)},
		&entry.Sign{Role: s.id(), Signature: s.id(), Language: "it-IT", Declaration: s.hash(), Covers: some(s, 0, s.revision)},
		&entry.Note{Sealed: s.sealed()},
		&entry.Fire{Role: s.id(), Event: s.id(), From: s.id(), To: s.id(), Outcomes: some(s, 0, s.outcome), Reason: maybe(s, func() *entry.Sealed { r := s.sealed(); return &r })},
	}
}

// entry makes an entry of ops; the first of a log now and then.
func (s source) entry(ops ...entry.Op) *entry.Entry {
	e := &entry.Entry{Time: s.time(), Author: s.thumbprint(), Key: s.thumbprint(), Ops: ops}
	if s.IntN(4) > 0 {
		e.Tray, e.Seq, e.Prev = s.hash(), 1+s.Uint64N(1<<53-1), s.hash()
	}
	return e
}

func encoded(t testing.TB, e *entry.Entry) []byte {
	t.Helper()
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	n := 0
	for seed := range uint64(2000) {
		s := newSource(seed)
		for _, op := range s.ops() {
			e := s.entry(op)
			payload := encoded(t, e)
			back, err := entry.Parse(payload)
			if err != nil {
				t.Fatalf("%s: %v\n%s", op.Name(), err, payload)
			}
			if !reflect.DeepEqual(back, e) {
				t.Fatalf("%s: read back as something else:\n%s", op.Name(), payload)
			}
			n++
		}
		whole := s.entry(s.ops()...)
		back, err := entry.Parse(encoded(t, whole))
		if err != nil || !reflect.DeepEqual(back, whole) {
			t.Fatalf("all ops together: %v", err)
		}
	}
	t.Logf("%d entries", n)
}

// TestGolden holds one line for each op, in the encoding that logs have: what is
// in the file must be read for as long as the format has its version.
func TestGolden(t *testing.T) {
	const file = "testdata/ops.golden"
	s := newSource(26)
	var want bytes.Buffer
	for i, op := range s.ops() {
		e := s.entry(op)
		if i > 0 {
			e.Tray, e.Seq, e.Prev = s.hash(), uint64(i), s.hash()
		} else {
			e.Tray, e.Seq, e.Prev = sign.Hash{}, 0, sign.Hash{}
		}
		want.Write(append(encoded(t, e), '\n'))
	}
	if *update {
		if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(golden, want.Bytes()) {
		t.Error("the encoding has changed")
	}
	names := make(map[string]bool)
	for line := range strings.Lines(string(golden)) {
		e, err := entry.Parse([]byte(strings.TrimSuffix(line, "\n")))
		if err != nil {
			t.Errorf("%v\n%s", err, line)
			continue
		}
		names[e.Ops[0].Name()] = true
	}
	if len(names) != 14 {
		t.Errorf("%d ops are in the golden file", len(names))
	}
}

func TestCardAndClaim(t *testing.T) {
	for seed := range uint64(2000) {
		s := newSource(seed)
		card := &entry.Card{Key: s.thumbprint(), PQ: maybe(s, s.any), Classic: maybe(s, s.any)}
		b, err := card.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := entry.ParseCard(b); err != nil || *back != *card {
			t.Fatalf("%v\n%s", err, b)
		}
		claim := &entry.Claim{Tray: s.hash(), Invite: s.thumbprint(), Card: s.hash()}
		if b, err = claim.Encode(); err != nil {
			t.Fatal(err)
		}
		if back, err := entry.ParseClaim(b); err != nil || *back != *claim {
			t.Fatalf("%v\n%s", err, b)
		}
		// None is read as another, and none as an entry.
		if _, err := entry.ParseCard(b); err == nil {
			t.Fatal("a claim is read as a card")
		}
		if _, err := entry.Parse(b); err == nil {
			t.Fatal("a claim is read as an entry")
		}
	}
}
