package tray

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"io"
	"testing"

	"filippo.io/age"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// BenchmarkCommit writes one section, which its author reads, through a host, on
// one core. Beside it stand the primitives that no commit can do without: one
// Ed25519 signature by its author and one verification by the host, the age
// encryption of the same plaintext to the same readers, SHA-256 of line and
// blob, and the append of the same bytes to a store. How long the log is makes
// no difference.
func BenchmarkCommit(b *testing.B) {
	for _, n := range []int{100, 10000} {
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			mem, s, me := longLog(b, n)
			onCores(b, 1)
			t, err := OpenAt(b.Context(), NewHost(mem), s.head, me)
			if err != nil {
				b.Fatal(err)
			}
			first := entry.Place{Section: "first"}
			field := s.template.Section(first.Section).Fields[0].Name
			i := 0
			commit := func() {
				i++
				d := t.Draft()
				d.Encode(first.Section, map[string]any{field: fmt.Sprint("value ", i)})
				if err := d.Commit(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			commit() // the host replays the log once
			besideFloor(b, commit, commitFloor(b, mem, t, first))
		})
	}
}

// commitFloor does again what the last commit must have done.
func commitFloor(b *testing.B, mem *store.Memory, t *Tray, p entry.Place) func() {
	s := t.State()
	lines := signedLines(b, mem, s.head.Tray)
	last := lines[len(lines)-1]
	at := s.places[p]
	rev, _, _, err := t.revision(b.Context(), s, p, at)
	if err != nil {
		b.Fatal(err)
	}
	plain, err := s.template.Schema(p.Section).Marshal(rev)
	if err != nil {
		b.Fatal(err)
	}
	var readers []age.Recipient
	for _, r := range s.recipients(at.files.written.To) {
		reader, err := age.ParseX25519Recipient(r.String())
		if err != nil {
			b.Fatal(err)
		}
		readers = append(readers, reader)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	bare := store.NewMemory()
	head := store.Head{Tray: sign.Sum(last.line)}
	return func() {
		var blob bytes.Buffer
		w, err := age.Encrypt(&blob, readers...)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(w, bytes.NewReader(plain)); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		ed25519.Sign(key, last.message)
		if !last.holds() { // and SHA-256 of the line
			b.Fatal("the signature does not hold")
		}
		sha256.Sum256(blob.Bytes())
		if err := bare.Append(b.Context(), head, last.line, blob.Bytes()); err != nil {
			b.Fatal(err)
		}
		head = store.Head{Tray: head.Tray, Length: head.Length + 1, Hash: sign.Sum(last.line)}
	}
}
