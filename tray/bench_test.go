package tray

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
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
func longLog(b *testing.B, n int) (*store.Memory, *State, *Identity) {
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
	t, err := CreateIn(ctx, section.Classic, mem, tpl, a, Bind("one", a.Card()), Bind("two", c.Card()))
	if err != nil {
		b.Fatal(err)
	}
	ids := []*Identity{a, c}
	s := t.State()
	for int(s.head.Length) < n {
		i := int(s.head.Length)
		me := ids[i%2]
		name := []string{"first", "second"}[i%2]
		p := entry.Place{Section: name}
		r := s.present(p)
		r.Number++
		r.Root = sign.Sum([]byte(fmt.Sprint("root", i)))
		e := &entry.Entry{
			Tray: s.head.Tray, Seq: s.head.Length, Prev: s.head.Hash, Time: s.now, Author: me.ID(), Key: me.public.String(),
			Ops: []entry.Op{
				&entry.Write{Revision: r, File: entry.File{Blob: sign.Sum([]byte(fmt.Sprint("blob", i))), Size: 1000, To: []string{a.ID(), c.ID()}}},
				&entry.Attest{Engine: "cel-go/v0.33.2", On: []entry.Revision{r}, Outcomes: []entry.Outcome{{Condition: "valid." + name, Outcome: "pass"}}},
			},
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

// floor takes the time of SHA-256 and one crypto/ed25519 verification per line,
// on one core.
func floor(b *testing.B, lines [][]byte, keys []ed25519.PublicKey, messages, sigs [][]byte) time.Duration {
	start := time.Now()
	for i, line := range lines {
		sha256.Sum256(line)
		if !ed25519.Verify(keys[i], messages[i], sigs[i]) {
			b.Fatal("a signature does not hold")
		}
	}
	return time.Since(start)
}

// beside runs f beside its floor, in turn since machines drift, and reports the
// median of the ratios.
func beside(b *testing.B, mem *store.Memory, s *State, f func()) {
	b.Helper()
	var lines, messages, sigs [][]byte
	var keys []ed25519.PublicKey
	known := make(map[string]ed25519.PublicKey)
	for line, err := range mem.Log(context.Background(), s.head.Tray, 0) {
		if err != nil {
			b.Fatal(err)
		}
		text := string(line)
		dot := strings.LastIndexByte(text, '.')
		sig, _ := base64.RawURLEncoding.DecodeString(text[dot+1:])
		payload, _ := base64.RawURLEncoding.DecodeString(strings.Split(text, ".")[1])
		e, err := entry.Parse(payload)
		if err != nil {
			b.Fatal(err)
		}
		key := known[e.Key] // one slice for each, since crypto/ed25519 remembers keys by their address
		if key == nil {
			key, _ = base64.RawURLEncoding.DecodeString(e.Key)
			known[e.Key] = key
		}
		lines, messages, sigs, keys = append(lines, line), append(messages, line[:dot]), append(sigs, sig), append(keys, key)
	}
	var ratios []float64
	b.ResetTimer()
	for b.Loop() {
		start := time.Now()
		f()
		took := time.Since(start)
		b.StopTimer()
		runtime.GC() // what f left behind is not the floor's to clear
		ratios = append(ratios, float64(took)/float64(floor(b, lines, keys, messages, sigs)))
		b.StartTimer()
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(lines)), "µs/entry")
}

func lengths(b *testing.B, f func(b *testing.B, mem *store.Memory, s *State, me *Identity)) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			mem, s, me := longLog(b, n)
			f(b, mem, s, me)
		})
	}
}

// BenchmarkOpen verifies a whole log of which nothing is known.
func BenchmarkOpen(b *testing.B) {
	lengths(b, func(b *testing.B, mem *store.Memory, s *State, me *Identity) {
		ctx := context.Background()
		beside(b, mem, s, func() {
			got, err := verify(newState(s.template, s.head.Tray), mem.Log(ctx, s.head.Tray, 0))
			if err != nil || got.head != s.head {
				b.Fatal(err)
			}
		})
	})
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
