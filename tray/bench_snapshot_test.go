package tray

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// besideFloor measures run and floor in turns, a slice of each for each turn
// of b.Loop, and reports the median of their ratios: on a machine that others
// use too, that is steady where the times are not.
func besideFloor(b *testing.B, floor, run func()) {
	b.Helper()
	var ratios []float64
	for b.Loop() {
		t0 := time.Now()
		floor()
		t1 := time.Now()
		run()
		t2 := time.Now()
		ratios = append(ratios, float64(t2.Sub(t1))/float64(t1.Sub(t0)))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
	b.ReportMetric(0, "ns/op") // it would count the floor
}

// long is a log of ten thousand entries: three people who write in turn what
// they may write, with the attestations that go with it. Benchmarks take the
// beginning that they need.
type long struct {
	id     sign.Hash
	sales  *Identity
	lines  [][]byte
	blobs  [][][]byte
	keys   []ed25519.PublicKey // that each line is signed with
	sealed [][]byte            // its signature
}

var longLog = sync.OnceValues(func() (*long, error) {
	return newLong(context.Background(), 10000)
})

func newLong(ctx context.Context, entries int) (*long, error) {
	r := &rich{memory: store.NewMemory()}
	s := recorder{r.memory, r}
	var ids []*Identity
	for range 3 {
		id, err := NewIdentity()
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	tpl, err := loadDeal()
	if err != nil {
		return nil, err
	}
	sales, err := Create(ctx, s, tpl, ids[0], Bind("sales", ids[0].Card()), Bind("supplier", ids[1].Card()), Bind("supplier", ids[2].Card()))
	if err != nil {
		return nil, err
	}
	trays := []*Tray{sales}
	for _, id := range ids[1:] {
		t, err := Open(ctx, s, sales.ID(), id)
		if err != nil {
			return nil, err
		}
		trays = append(trays, t)
	}
	for n := 1; n < entries; n++ {
		d := trays[n%3].Draft()
		if n%3 > 0 {
			d.Set("bid.price", fmt.Sprintf("%d.50", n))
		} else if n%2 > 0 {
			d.Set("customer.company", fmt.Sprintf("Rossi %d", n))
		} else {
			d.Set("products.amount", fmt.Sprintf("%d.00", n))
		}
		if err := d.Commit(ctx); err != nil {
			return nil, err
		}
	}
	l := &long{id: sales.ID(), sales: ids[0], lines: r.lines, blobs: r.blobs}
	for o, err := range sign.OpenAll(entry.Kind, l.each(entries), decodeEntry) {
		if err != nil {
			return nil, err
		}
		key, err := base64.RawURLEncoding.DecodeString(o.Value.Key)
		if err != nil {
			return nil, err
		}
		line := l.lines[len(l.keys)]
		sealed, err := base64.RawURLEncoding.DecodeString(string(line[len(line)-86:]))
		if err != nil {
			return nil, err
		}
		l.keys, l.sealed = append(l.keys, key), append(l.sealed, sealed)
	}
	return l, nil
}

func (l *long) each(n int) func(func([]byte, error) bool) {
	return func(yield func([]byte, error) bool) {
		for _, line := range l.lines[:n] {
			if !yield(line, nil) {
				return
			}
		}
	}
}

// store gives a store with the first n entries, and their head.
func (l *long) store(b *testing.B, n int) (*store.Memory, store.Head) {
	b.Helper()
	m := store.NewMemory()
	head := store.Head{Tray: l.id}
	for i := range n {
		if err := m.Append(b.Context(), head, l.lines[i], l.blobs[i]...); err != nil {
			b.Fatal(err)
		}
		head.Length, head.Hash = head.Length+1, sign.Sum(l.lines[i])
	}
	return m, head
}

// floor does on one core what is the least for n entries: SHA-256 of each line
// and one call of crypto/ed25519.
func (l *long) floor(b *testing.B, n int) {
	for i, line := range l.lines[:n] {
		if sha256.Sum256(line) == [32]byte{} || !ed25519.Verify(l.keys[i], line[:len(line)-87], l.sealed[i]) {
			b.Fatal("the floor refuses")
		}
	}
}

// benchLong runs a benchmark for logs of several lengths, beside the floor. The
// host is one in this process, which has the template compiled.
func benchLong(b *testing.B, prepare func(b *testing.B, l *long, h *Host, head store.Head) func()) {
	l, err := longLog()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			m, head := l.store(b, n)
			h := NewHost(m)
			if _, err := h.template(b.Context(), l.id); err != nil {
				b.Fatal(err)
			}
			run := prepare(b, l, h, head)
			besideFloor(b, func() { l.floor(b, n) }, run)
		})
	}
}

// BenchmarkOpen verifies a whole log from its bytes.
func BenchmarkOpen(b *testing.B) {
	benchLong(b, func(b *testing.B, l *long, h *Host, head store.Head) func() {
		return func() {
			t, err := Open(b.Context(), h, l.id, l.sales)
			demandHead(b, t, err, head)
		}
	})
}

// BenchmarkReopen has the head pinned: hashes only.
func BenchmarkReopen(b *testing.B) {
	benchLong(b, func(b *testing.B, l *long, h *Host, head store.Head) func() {
		return func() {
			t, err := OpenAt(b.Context(), h, head, l.sales)
			demandHead(b, t, err, head)
		}
	})
}

// BenchmarkResume has a snapshot of the verified state.
func BenchmarkResume(b *testing.B) {
	benchLong(b, func(b *testing.B, l *long, h *Host, head store.Head) func() {
		t, err := OpenAt(b.Context(), h, head, l.sales)
		demandHead(b, t, err, head)
		snapshot, err := t.Snapshot()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(snapshot)), "bytes")
		return func() {
			t, err := Resume(b.Context(), h, snapshot, l.sales)
			demandHead(b, t, err, head)
		}
	})
}

func demandHead(b *testing.B, t *Tray, err error, head store.Head) {
	b.Helper()
	if err != nil || t.State().head != head {
		b.Fatalf("not at the head: %v", err)
	}
}

// BenchmarkCommit writes one section, through a host. Its floor is sealing and
// signing, which no log makes longer.
func BenchmarkCommit(b *testing.B) {
	l, err := longLog()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{100, 10000} {
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			m, head := l.store(b, n)
			t, err := OpenAt(b.Context(), NewHost(m), head, l.sales)
			demandHead(b, t, err, head)
			i := 0
			commit := func() {
				i++
				d := t.Draft()
				d.Set("customer.company", fmt.Sprintf("Verdi %d", i))
				if err := d.Commit(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			commit() // the host replays once
			for b.Loop() {
				commit()
			}
		})
	}
}
