package tray

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// longLog makes a tray of n entries in a memory store: two parties write in
// turn, without any sealing, since opening a log looks at no blob.
func longLog(b testing.TB, n int) (*store.Memory, *State, *Identity) {
	b.Helper()
	return logOf(b, n, func(s *State, readers []string, i int) []entry.Op {
		r := s.present(entry.Place{Section: []string{"first", "second"}[i%2]})
		r.Number++
		r.Root = sign.Sum([]byte(fmt.Sprint("root", i)))
		return []entry.Op{
			&entry.Write{Revision: r, File: entry.File{Blob: sign.Sum([]byte(fmt.Sprint("blob", i))), Size: 1000, To: readers}},
			attestValid(r),
		}
	})
}

// attestValid says that a revision is valid by itself.
func attestValid(r entry.Revision) *entry.Attest {
	return &entry.Attest{Engine: "cel-go/v0.33.2", On: []entry.Revision{r},
		Outcomes: []entry.Outcome{{Condition: "valid." + r.Section, Result: "pass"}}}
}

// logOf makes a tray of n entries, of which two parties in turn make each but
// the first out of ops.
func logOf(b testing.TB, n int, ops func(s *State, readers []string, i int) []entry.Op) (*store.Memory, *State, *Identity) {
	b.Helper()
	ctx := context.Background()
	tpl, err := template.Load(os.DirFS("testdata"), "bench.yaml")
	if err != nil {
		b.Fatal(err)
	}
	mem := store.NewMemory()
	a, err := NewIdentity()
	if err != nil {
		b.Fatal(err)
	}
	c, err := NewIdentity()
	if err != nil {
		b.Fatal(err)
	}
	t, err := Create(ctx, mem, tpl, a, InSuite(section.Classic), Bind("one", a.Card()), Bind("two", c.Card()))
	if err != nil {
		b.Fatal(err)
	}
	ids := []*Identity{a, c}
	s := t.State()
	for int(s.head.Length) < n {
		i := int(s.head.Length)
		me := ids[i%2]
		e := &entry.Entry{
			Tray: s.head.Tray, Seq: s.head.Length, Prev: s.head.Hash, Time: s.now, Author: me.ID(), Key: me.public.String(),
			Ops: ops(s, []string{a.ID(), c.ID()}, i),
		}
		payload, err := e.Encode()
		if err != nil {
			b.Fatal(err)
		}
		line, err := sign.Sign(entry.Kind, payload, me.signer())
		if err != nil {
			b.Fatal(err)
		}
		next, err := s.applyVerified(e, sign.Sum(line))
		if err != nil {
			b.Fatal(err)
		}
		if err := mem.Append(ctx, s.head, line); err != nil {
			b.Fatal(err)
		}
		s = next
	}
	return mem, s, a
}

// signedLine is what verifying one line takes, as whoever has only
// crypto/ed25519 would hold it.
type signedLine struct {
	line, message, sig []byte
	key                ed25519.PublicKey
}

// signedLines takes the lines of a log apart, in their order.
func signedLines(t testing.TB, mem *store.Memory, tray sign.Hash) []signedLine {
	t.Helper()
	var out []signedLine
	for line, err := range mem.Log(context.Background(), tray, 0) {
		if err != nil {
			t.Fatal(err)
		}
		part := bytes.Split(line, []byte("."))
		sig, err := base64.RawURLEncoding.DecodeString(string(part[2]))
		if err != nil {
			t.Fatal(err)
		}
		payload, err := base64.RawURLEncoding.DecodeString(string(part[1]))
		if err != nil {
			t.Fatal(err)
		}
		e, err := entry.Parse(payload)
		if err != nil {
			t.Fatal(err)
		}
		key, err := base64.RawURLEncoding.DecodeString(e.Key)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, signedLine{line, line[:len(line)-len(part[2])-1], sig, key})
	}
	return out
}

// holds is the floor: SHA-256 and one crypto/ed25519 verification. In Go 1.26
// crypto/ed25519 keeps nothing of a public key from one verification to the
// next, so that it makes no difference how the keys are held.
func (l *signedLine) holds() bool {
	sha256.Sum256(l.line)
	return ed25519.Verify(l.key, l.message, l.sig)
}

// beside runs f beside its floor, that of all lines on one core.
func beside(b *testing.B, mem *store.Memory, s *State, f func()) {
	b.Helper()
	lines := signedLines(b, mem, s.head.Tray)
	took := besideFloor(b, f, func() {
		for i := range lines {
			if !lines[i].holds() {
				b.Fatal("a signature does not hold")
			}
		}
	})
	b.ReportMetric(float64(took)/float64(time.Microsecond)/float64(len(lines)), "µs/entry")
}

// besideFloor runs f and its floor in turn, since machines drift, and reports the
// median of the ratios. It gives the median time of f.
//
// No collection of garbage is asked for: each side causes its own by what it
// leaves behind, and pays for it, since a slice is longer than a collection takes.
func besideFloor(b *testing.B, f, floor func()) time.Duration {
	b.Helper()
	var times []time.Duration
	var ratios []float64
	b.ResetTimer()
	for b.Loop() {
		took := slice(f)
		b.StopTimer()
		times = append(times, took)
		ratios = append(ratios, float64(took)/float64(slice(floor)))
		b.StartTimer()
	}
	slices.Sort(times)
	slices.Sort(ratios)
	took := times[len(times)/2]
	b.ReportMetric(float64(took), "ns/op") // instead of a slice's
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
	return took
}

// slice calls f until a slice of time is over, once at least, and tells how long
// a call took.
func slice(f func()) time.Duration {
	start := time.Now()
	for n := 1; ; n++ {
		f()
		if took := time.Since(start); took >= 50*time.Millisecond {
			return took / time.Duration(n)
		}
	}
}

// onCores runs f on so many cores, whatever -cpu says.
func onCores(b *testing.B, n int) {
	old := runtime.GOMAXPROCS(n)
	b.Cleanup(func() { runtime.GOMAXPROCS(old) })
}

func lengths(b *testing.B, f func(b *testing.B, mem *store.Memory, s *State, me *Identity)) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			mem, s, me := longLog(b, n)
			onCores(b, 1)
			f(b, mem, s, me)
		})
	}
}

// BenchmarkOpen verifies a whole log of which nothing is known: on one core, as
// its floor, and on all that there are. On one it cannot be below 1, since it
// verifies the same signatures with the same keys in the same order, and reads
// the entries besides; on more it may be, since the floor has one.
func BenchmarkOpen(b *testing.B) {
	ctx := context.Background()
	all := runtime.GOMAXPROCS(0)
	for _, n := range []int{100, 1000, 10000} {
		mem, s, _ := longLog(b, n)
		for _, cores := range slices.Compact([]int{1, all}) {
			b.Run(fmt.Sprintf("entries=%d/cores=%d", n, cores), func(b *testing.B) {
				onCores(b, cores)
				beside(b, mem, s, func() {
					got, err := verify(newState(s.template, s.head.Tray), mem.Log(ctx, s.head.Tray, 0))
					if err != nil || got.head != s.head {
						b.Fatal(err)
					}
				})
			})
		}
	}
}

// TestBenchmarkVerifies has the log that benchmarks open changed by one bit, in
// each of its signatures and each signed message: both sides of the benchmark
// find it, at the line where it is.
func TestBenchmarkVerifies(t *testing.T) {
	const n = 6
	mem, s, _ := longLog(t, n)
	lines := signedLines(t, mem, s.head.Tray)
	if len(lines) != n {
		t.Fatalf("%d lines", len(lines))
	}
	count := 0
	for i, l := range lines {
		if !l.holds() {
			t.Fatalf("line %d does not hold", i)
		}
		for k := range l.sig {
			forged := l
			forged.sig = bytes.Clone(l.sig)
			forged.sig[k] ^= 1
			forged.line = base64.RawURLEncoding.AppendEncode(append(bytes.Clone(l.message), '.'), forged.sig)
			log := make([][]byte, n)
			for j := range lines {
				log[j] = lines[j].line
			}
			log[i] = forged.line
			start := newState(s.template, s.head.Tray)
			if i == 0 {
				start.head.Tray = sign.Sum(forged.line) // which names the tray
			}
			var r *Refusal
			got, err := verify(start, each(log...))
			if !errors.As(err, &r) || r.Code != Forged || r.Seq != uint64(i) || got.head.Length != uint64(i) {
				t.Errorf("byte %d of the signature of line %d: opened to %d, %v", k, i, got.head.Length, err)
			}
			if forged.holds() {
				t.Errorf("byte %d of the signature of line %d: the floor takes it", k, i)
			}
			count++
		}
		forged := l
		forged.message = bytes.Clone(l.message)
		forged.message[len(forged.message)-1] ^= 1
		if forged.holds() {
			t.Errorf("line %d: the floor takes another message", i)
		}
	}
	t.Logf("%d forged signatures", count)
}

// BenchmarkReopen replays a log to a head that is trusted.
func BenchmarkReopen(b *testing.B) {
	lengths(b, func(b *testing.B, mem *store.Memory, s *State, me *Identity) {
		ctx := context.Background()
		beside(b, mem, s, func() {
			if _, err := reopen(newState(s.template, s.head.Tray), mem.Log(ctx, s.head.Tray, 0), s.head); err != nil {
				b.Fatal(err)
			}
		})
	})
}
