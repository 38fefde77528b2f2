package store_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

const benchLine = 1024 // bytes of a line in the benchmarks

// besideFloor runs work and floor in turn, in short slices, and reports the
// median of the ratios: what the machine does besides hits both alike.
func besideFloor(b *testing.B, work, floor func() error) {
	const slice = 20
	var ratios []float64
	timed := func(run func() error, n int) time.Duration {
		start := time.Now()
		for range n {
			if err := run(); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
	b.ResetTimer()
	for done := 0; done < b.N; done += slice {
		n := min(slice, b.N-done)
		spent := timed(work, n)
		b.StopTimer()
		ratios = append(ratios, float64(spent)/float64(timed(floor, n)))
		b.StartTimer()
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
}

// appendFloor appends the same bytes to one file and syncs it: the least that
// makes anything durable.
func appendFloor(b *testing.B) func() error {
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	text := append(bytes.Repeat([]byte("x"), benchLine), '\n')
	return func() error {
		if _, err := f.Write(text); err != nil {
			return err
		}
		return f.Sync()
	}
}

// longLog puts a log of n entries into a folder, by the format that Dir
// documents, since n appends would take their time.
func longLog(b *testing.B, path string, n int) store.Head {
	var log, feed bytes.Buffer
	var h store.Head
	for i := range n {
		line := benchEntry(i)
		hash := sign.Sum(line)
		if i == 0 {
			h.Tray = hash
		}
		fmt.Fprintf(&log, "%s\n", line)
		fmt.Fprintf(&feed, "%v %d %v\n", h.Tray, i, hash)
		h.Length, h.Hash = h.Length+1, hash
	}
	tray := filepath.Join(path, "trays", h.Tray.String())
	for _, folder := range []string{"blobs", "staged"} {
		if err := os.MkdirAll(filepath.Join(tray, folder), 0o700); err != nil {
			b.Fatal(err)
		}
	}
	for name, text := range map[string][]byte{filepath.Join(tray, "log"): log.Bytes(), filepath.Join(path, "feed"): feed.Bytes()} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return h
}

func benchEntry(i int) []byte {
	line := fmt.Appendf(nil, "%d.", i)
	return append(line, bytes.Repeat([]byte("x"), benchLine-len(line))...)
}

// BenchmarkAppend appends to logs of two lengths, which makes no difference. Its
// floor is one sync; an append cannot do with fewer than two, of the feed before
// the log, nor with fewer than four if it brings a blob, whose bytes and whose
// name must be on disk before the entry that names it: see [store.Dir].
func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		for _, blobs := range []int{0, 1} {
			b.Run(fmt.Sprintf("log=%d/blobs=%d", n, blobs), func(b *testing.B) {
				path := b.TempDir()
				h := longLog(b, path, n)
				d := openDir(b, path)
				if got, err := d.Head(b.Context(), h.Tray); err != nil || got != h {
					b.Fatal(got, err)
				}
				besideFloor(b, func() error {
					line := benchEntry(int(h.Length))
					err := d.Append(b.Context(), h, line, [][]byte{line}[:blobs]...)
					h = store.Head{Tray: h.Tray, Length: h.Length + 1, Hash: sign.Sum(line)}
					return err
				}, appendFloor(b))
			})
		}
	}
}

// BenchmarkAppendWriters has writers on trays of their own; an operation is one
// append of one of them.
func BenchmarkAppendWriters(b *testing.B) {
	for _, writers := range []int{1, 8} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) {
			d := openDir(b, b.TempDir())
			var left atomic.Int64
			left.Store(int64(b.N))
			var wg sync.WaitGroup
			b.ResetTimer()
			for w := range writers {
				wg.Go(func() {
					first := fmt.Appendf(nil, "tray-%d", w)
					h := store.Head{Tray: sign.Sum(first)}
					for line := first; left.Add(-1) >= 0; line = benchEntry(int(h.Length)) {
						if err := d.Append(b.Context(), h, line); err != nil {
							b.Error(err)
							return
						}
						h = store.Head{Tray: h.Tray, Length: h.Length + 1, Hash: sign.Sum(line)}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
		})
	}
}

// BenchmarkLog reads a log of 10,000 entries; the floor reads the same bytes in
// one piece.
func BenchmarkLog(b *testing.B) {
	const n = 10_000
	for _, from := range []uint64{0, n - 1} {
		b.Run(fmt.Sprint("from=", from), func(b *testing.B) {
			path := b.TempDir()
			h := longLog(b, path, n)
			d := openDir(b, path)
			b.SetBytes(int64(n-from) * (benchLine + 1))
			besideFloor(b, func() error {
				lines := uint64(0)
				for _, err := range d.Log(b.Context(), h.Tray, from) {
					if err != nil {
						return err
					}
					lines++
				}
				if lines != n-from {
					return fmt.Errorf("%d lines", lines)
				}
				return nil
			}, func() error {
				f, err := os.Open(filepath.Join(path, "trays", h.Tray.String(), "log"))
				if err != nil {
					return err
				}
				defer f.Close()
				_, err = f.ReadAt(make([]byte, int64(n-from)*(benchLine+1)), int64(from)*(benchLine+1))
				return err
			})
		})
	}
}

// BenchmarkHead asks for the head of a log that nobody else wrote to.
func BenchmarkHead(b *testing.B) {
	path := b.TempDir()
	h := longLog(b, path, 10_000)
	d := openDir(b, path)
	for b.Loop() {
		if _, err := d.Head(b.Context(), h.Tray); err != nil {
			b.Fatal(err)
		}
	}
}
