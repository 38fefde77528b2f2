package section

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

// ratio runs ours and the bare floor in turn, in short slices, and reports the
// median of the ratios of neighbouring slices: what else the machine does
// hits both.
func ratio(b *testing.B, ours, floor func()) {
	const slice = 8 * time.Millisecond
	measure := func(f func()) float64 {
		n, start := 0, time.Now()
		for time.Since(start) < slice {
			f()
			n++
		}
		return float64(time.Since(start)) / float64(n)
	}
	ours()
	floor()
	var ratios, times []float64
	for b.Loop() {
		o, f := measure(ours), measure(floor)
		ratios, times = append(ratios, o/f), append(times, o)
	}
	slices.Sort(ratios)
	slices.Sort(times)
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
	b.ReportMetric(times[len(times)/2]/1000, "µs/call")
	b.ReportMetric(0, "ns/op") // a slice of both: says nothing
}

// BenchmarkSeal: a section of thirty fields, from values to file and commitment, and
// the file alone; the floor is age.Encrypt of the same bytes to the same recipients.
func BenchmarkSeal(b *testing.B) {
	s, r := thirty(b)
	plaintext := must[[]byte](b)(s.Marshal(r))
	forReaders(b, func(b *testing.B, ids []Identity, to []Recipient) {
		var bare []age.Recipient
		for _, r := range to {
			bare = append(bare, r.age)
		}
		floor := func() {
			var out bytes.Buffer
			w, err := age.Encrypt(&out, bare...)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = w.Write(plaintext)
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		}
		b.Run("section", func(b *testing.B) {
			ratio(b, func() {
				if _, _, err := s.Seal(r, to); err != nil {
					b.Fatal(err)
				}
			}, floor)
		})
		b.Run("file", func(b *testing.B) {
			ratio(b, func() {
				if _, err := Seal(plaintext, to); err != nil {
					b.Fatal(err)
				}
			}, floor)
		})
	})
}

// BenchmarkOpen: the same section for the last of n readers, from file to checked
// values, and the file alone; the floor is age.Decrypt of a file to one recipient,
// whose header, all of which is authenticated, is a fiftieth of one to fifty.
func BenchmarkOpen(b *testing.B) {
	s, r := thirty(b)
	plaintext := must[[]byte](b)(s.Marshal(r))
	forReaders(b, func(b *testing.B, ids []Identity, to []Recipient) {
		last := len(to) - 1
		at := Slot{last, len(to)}
		blob, root, err := s.Seal(r, to)
		if err != nil {
			b.Fatal(err)
		}
		single := must[[]byte](b)(Seal(plaintext, to[last:]))
		floor := func() {
			r, err := age.Decrypt(bytes.NewReader(single), bareIdentity{ids[last]})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadAll(r); err != nil {
				b.Fatal(err)
			}
		}
		b.Run("section", func(b *testing.B) {
			ratio(b, func() {
				if _, err := s.Open(blob, ids[0].Suite(), at, r.Header, root, ids[last]); err != nil {
					b.Fatal(err)
				}
			}, floor)
		})
		b.Run("file", func(b *testing.B) {
			ratio(b, func() {
				if _, err := Unseal(blob, ids[0].Suite(), at, ids[last]); err != nil {
					b.Fatal(err)
				}
			}, floor)
		})
	})
}

type bareIdentity struct{ Identity }

func (i bareIdentity) Unwrap(s []*age.Stanza) ([]byte, error) { return i.k.unwrap(s) }

func forReaders(b *testing.B, f func(b *testing.B, ids []Identity, to []Recipient)) {
	for _, suite := range []Suite{PQ, Classic} {
		for _, n := range []int{1, 3, 10, 50} {
			b.Run(fmt.Sprintf("%s/readers=%d", suite, n), func(b *testing.B) {
				var ids []Identity
				var to []Recipient
				for range n {
					id, err := GenerateIdentity(suite)
					if err != nil {
						b.Fatal(err)
					}
					ids, to = append(ids, id), append(to, id.Recipient())
				}
				f(b, ids, to)
			})
		}
	}
}

// thirty is 30 filled fields, 4 KB when encoded.
func thirty(b *testing.B) (*Schema, Revision) {
	r := Revision{Header: orderHeader(), Content: Content{}}
	var fields []Field
	for i := range 30 {
		name := fmt.Sprintf("field_%d", i)
		switch i % 3 {
		case 0:
			fields = append(fields, Field{Name: name, Kind: Text})
			r.Content[name] = strings.Repeat("text ", 60) + "end"
		case 1:
			fields = append(fields, Field{Name: name, Kind: Decimal, Scale: 2})
			r.Content[name] = "1234.50"
		case 2:
			fields = append(fields, Field{Name: name, Kind: List, Of: &Field{Kind: Record, Fields: []Field{{Name: "n", Kind: Integer}, {Name: "day", Kind: Date}}}})
			r.Content[name] = []any{map[string]any{"n": int64(i), "day": "2026-01-31"}, map[string]any{"n": int64(7)}}
		}
	}
	return must[*Schema](b)(NewSchema(fields)), r
}

// BenchmarkRoot: the floor is the same hashes over the same leaves, bare.
func BenchmarkRoot(b *testing.B) {
	s, r := thirty(b)
	var leaves [][]byte
	for i := range s.fields {
		f := &s.fields[i]
		var w walk
		leaves = append(leaves, appendFieldLeaf(nil, r.Header.Name, f.Name, Salt{}, true, w.appendValue(nil, f, r.Content[f.Name])))
	}
	message := appendLP(appendLP(nil, saltDomain), "field_00")
	ratio(b, func() {
		if _, err := s.Root(r); err != nil {
			b.Fatal(err)
		}
	}, func() {
		for _, leaf := range leaves {
			mac := hmac.New(sha256.New, r.Salt[:])
			mac.Write(message)
			mac.Sum(nil)
			sha256.Sum256(leaf)
			sha256.Sum256(leaf[:65]) // an inner node
		}
	})
}

// BenchmarkMarshal: the floor is encoding/json on the same content.
func BenchmarkMarshal(b *testing.B) {
	s, r := thirty(b)
	ratio(b, func() {
		if _, err := s.Marshal(r); err != nil {
			b.Fatal(err)
		}
	}, func() {
		if _, err := json.Marshal(r.Content); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkUnmarshal: the floor is encoding/json, unchecked, to a map.
func BenchmarkUnmarshal(b *testing.B) {
	s, r := thirty(b)
	encoded := must[[]byte](b)(s.Marshal(r))
	ratio(b, func() {
		if _, err := s.Unmarshal(encoded); err != nil {
			b.Fatal(err)
		}
	}, func() {
		var c map[string]any
		if err := json.Unmarshal(encoded, &c); err != nil {
			b.Fatal(err)
		}
	})
}
