package entry

import (
	"crypto/ed25519"
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
)

// BenchmarkParse reads a typical entry, a write with an attestation, beside
// what verifying its line costs at least: SHA-256 and one Ed25519 check.
func BenchmarkParse(b *testing.B) {
	id := strings.Repeat("A", 43)
	rev := Revision{Place{Section: "customer"}, 7, sign.Sum([]byte("root"))}
	e := &Entry{
		Tray: sign.Sum(nil), Seq: 41, Prev: sign.Sum([]byte("prev")), Time: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
		Author: id, Key: id,
		Ops: []Op{
			&Write{Revision: rev, File: File{Blob: sign.Sum([]byte("blob")), Size: 5000, To: []string{id, id, id}}},
			&Attest{Engine: "cel-go/v0.33.2", On: []Revision{rev}, Outcomes: []Outcome{{Condition: "valid.customer", Result: "pass"}}},
		},
	}
	payload, err := e.Encode()
	if err != nil {
		b.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	sig := ed25519.Sign(private, payload)
	b.ReportAllocs()
	var ratios []float64
	for b.Loop() {
		start := time.Now()
		for range 10 {
			if _, err := Parse(payload); err != nil {
				b.Fatal(err)
			}
		}
		parse := time.Since(start)
		start = time.Now()
		for range 10 {
			sha256.Sum256(payload)
			ed25519.Verify(public, payload, sig)
		}
		ratios = append(ratios, float64(parse)/float64(time.Since(start)))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
}
