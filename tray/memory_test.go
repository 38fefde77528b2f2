package tray

import (
	"runtime"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// heap gives the bytes that are in use.
func heap() int64 {
	var m runtime.MemStats
	for range 2 { // what has a finalizer goes with the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestMemory opens logs of one state, one ten times as long as the other: an
// open tray takes the memory that its state does, however it was opened. Of a
// blob, the state holds the digest for good.
func TestMemory(t *testing.T) {
	const short, long = 200, 2000
	sealed := func(s *State, readers []string, i int) []entry.Op {
		r := s.present(entry.Place{Section: "first"})
		r.Number++
		r.Root = sign.Sum([]byte("root"))
		blob := sign.Sum([]byte{byte(i), byte(i >> 8)})
		return []entry.Op{&entry.Write{Revision: r, File: entry.File{Blob: blob, Size: 1000, To: readers}}, attestValid(r)}
	}
	tests := []struct {
		name string
		each int64 // bytes that an entry may take for good
		ops  func(s *State, readers []string, i int) []entry.Op
	}{
		{"entries that say it again", 2, func(s *State, readers []string, i int) []entry.Op {
			if i == 1 {
				return sealed(s, readers, i)
			}
			return []entry.Op{attestValid(s.present(entry.Place{Section: "first"}))}
		}},
		{"entries with a blob each", 2 * int64(len(sign.Hash{})), func(s *State, readers []string, i int) []entry.Op {
			return sealed(s, readers, i)
		}},
	}
	for _, tt := range tests {
		used := make(map[string][]int64) // by how the tray is opened: of the short log, then of the long one
		size := 0                        // of the long log's lines
		for _, n := range []int{short, long} {
			mem, s, me := logOf(t, n, tt.ops)
			host := NewHost(mem)
			host.templates.Parse(s.template.Canonical())
			for name, open := range map[string]func() (*Tray, error){
				"Open":   func() (*Tray, error) { return Open(t.Context(), host, s.head.Tray, me) },
				"OpenAt": func() (*Tray, error) { return OpenAt(t.Context(), host, s.head, me) },
			} {
				before := heap()
				tr, err := open()
				if err != nil || tr.State().head.Length != uint64(n) {
					t.Fatal(err)
				}
				used[name] = append(used[name], heap()-before)
				runtime.KeepAlive(tr)
			}
			size = 0
			for _, l := range signedLines(t, mem, s.head.Tray) {
				size += len(l.line)
			}
			runtime.KeepAlive(host)
			runtime.KeepAlive(s)
		}
		for name, bytes := range used {
			grown := bytes[1] - bytes[0]
			t.Logf("%s, %s: %d entries %d bytes, %d entries %d bytes; lines of %d bytes", tt.name, name, short, bytes[0], long, bytes[1], size)
			if most := tt.each*(long-short) + 4096; grown > most {
				t.Errorf("%s, %s: %d bytes more, want at most %d", tt.name, name, grown, most)
			}
		}
		if len(used) != 2 {
			t.Error("not opened")
		}
	}
}
