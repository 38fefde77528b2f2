package tray

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// counted counts what is read of a store.
type counted struct {
	*store.Memory
	logs, lines int
	most        int // lines of one log
}

func (s *counted) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s.logs++
		n := 0
		for line, err := range s.Memory.Log(ctx, tray, from) {
			n++
			s.lines++
			s.most = max(s.most, n)
			if !yield(line, err) {
				return
			}
		}
	}
}

// TestEventsReadAhead follows a log that is longer than what is read ahead at
// once: few reads, each line once, and nothing is left behind. Where a line is
// forged, all before it are told, whatever was read along with them.
func TestEventsReadAhead(t *testing.T) {
	const n = 2*maxBatch + 100
	mem, s, _ := longLog(t, n)
	lines := signedLines(t, mem, s.head.Tray)
	for _, bad := range []int{n, 0, 1, 2, maxBatch - 1, maxBatch, maxBatch + 40, n - 1} {
		forged := store.NewMemory()
		head := store.Head{Tray: s.head.Tray}
		for i, l := range lines {
			line := l.line
			if i == bad {
				line = append([]byte(nil), line...)
				line[len(line)-20] ^= 1
			}
			if i == 0 {
				head.Tray = sign.Sum(line)
			}
			if err := forged.Append(t.Context(), head, line, s.template.Canonical()); err != nil {
				t.Fatal(err)
			}
			head = store.Head{Tray: head.Tray, Length: head.Length + 1, Hash: sign.Sum(line)}
		}
		from := &counted{Memory: forged}
		f := follower{host: NewHost(from)}
		told, broken := 0, 0
		for c, err := range forged.Feed(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			ev, err := f.event(t.Context(), c)
			if err != nil || ev.Seq != uint64(told+broken) {
				t.Fatalf("line %d forged: event %d: %v", bad, told+broken, err)
			}
			if ev.Type == Broken {
				broken++
			} else if told++; broken > 0 {
				t.Fatalf("line %d forged: event %d was told behind it", bad, ev.Seq)
			}
		}
		if told != bad || broken != n-bad {
			t.Errorf("line %d forged: %d events told, %d broken", bad, told, broken)
		}
		if f.ahead != 0 {
			t.Errorf("line %d forged: %d bytes are counted as read ahead", bad, f.ahead)
		}
		if bad == n && (from.lines > n+5 || from.logs > 20 || from.most > maxBatch) {
			t.Errorf("%d lines in %d reads, at most %d at once", from.lines, from.logs, from.most)
		}
	}
}

// TestEventsReadAheadIsBounded tells of the first entries of many trays by turns.
func TestEventsReadAheadIsBounded(t *testing.T) {
	mem, s, _ := longLog(t, 40)
	f := follower{host: NewHost(mem)}
	f.ahead = maxAhead // as if others had taken it all
	for seq := range uint64(40) {
		got, _, err := f.entry(t.Context(), s.head.Tray, seq)
		if err != nil || got.head.Length != seq+1 {
			t.Fatal(err)
		}
		if n := len(f.trays.of(s.head.Tray).ahead); n != 0 {
			t.Fatalf("%d entries were read ahead", n)
		}
	}
}

// TestEventsReadAheadOfLargeStates reads a log ahead whose states are large, since they
// have the keys of thousands who were there.
func TestEventsReadAheadOfLargeStates(t *testing.T) {
	mem, s, _ := longLog(t, 300)
	for keys, most := range map[int]int{0: maxBatch, 10_000: 1 + maxAhead/10_000/mapWeight} {
		begun, err := verify(newState(s.template, s.head.Tray), firstLines(mem.Log(t.Context(), s.head.Tray, 0), 1))
		if err != nil {
			t.Fatal(err)
		}
		begun.keys = maps.Clone(begun.keys)
		for i := range keys {
			begun.keys[fmt.Sprint(i)] = begun.order[0]
		}
		f := follower{host: NewHost(mem)}
		at := &followed{state: begun, batch: maxBatch}
		if err := f.read(t.Context(), at, 1); err != nil {
			t.Fatal(err)
		}
		if n := len(at.ahead); n == 0 || n > most || n < most/2 {
			t.Errorf("with %d keys %d entries are read ahead, and not %d", keys, n, most)
		}
	}
}

// TestEventsFollowFromLastTime asks a host again that verified meanwhile what is
// new: it reads that alone, however long the log is, and one entry besides, that
// it would tell again. A line that was verified stands for none that follows it.
func TestEventsFollowFromLastTime(t *testing.T) {
	const n, first, slack = 600, 300, 3
	mem, s, _ := longLog(t, n)
	lines := signedLines(t, mem, s.head.Tray)
	for _, forged := range []bool{false, true} {
		m := store.NewMemory()
		head := store.Head{Tray: s.head.Tray}
		grow := func(to int, forge bool) {
			for i := int(head.Length); i < to; i++ {
				line := lines[i].line
				if forge && i == to-1 {
					line = append([]byte(nil), line...)
					line[len(line)-20] ^= 1
				}
				if err := m.Append(t.Context(), head, line, s.template.Canonical()); err != nil {
					t.Fatal(err)
				}
				head = store.Head{Tray: head.Tray, Length: head.Length + 1, Hash: sign.Sum(line)}
			}
		}
		from := &counted{Memory: m}
		h := NewHost(from)
		var cursor store.Cursor // of the last event but one that was told
		poll := func(behind, deal int) {
			t.Helper()
			from.lines = 0
			seq := head.Length - uint64(behind)
			for ev, err := range h.Events(t.Context(), cursor) {
				if err != nil || ev.Seq != seq || ev.Type == Broken != (forged && seq == n-1) {
					t.Fatalf("%d behind: event %d, %s, instead of %d: %v", behind, ev.Seq, ev.Type, seq, err)
				}
				if seq++; deal == 0 {
					return // it could not be dealt with
				}
				deal--
				cursor = ev.Cursor
			}
			if seq != head.Length {
				t.Fatalf("%d behind: told up to %d", behind, seq)
			}
			if from.lines > behind+slack && behind < first {
				t.Errorf("%d behind: %d lines were read", behind, from.lines)
			}
		}
		grow(first, false)
		poll(first, first)
		for _, behind := range []int{2, 1, 3, 100, 1, 2} {
			grow(int(head.Length)+behind, false)
			if _, err := h.State(t.Context(), s.head.Tray); err != nil { // as an Append does
				t.Fatal(err)
			}
			poll(behind, behind)
		}
		grow(int(head.Length)+5, false)
		if _, err := h.State(t.Context(), s.head.Tray); err != nil {
			t.Fatal(err)
		}
		poll(5, 2)
		poll(3, 3) // again from the one that was not dealt with
		grow(n, forged)
		poll(n-first-114, n)
	}
}

// TestEventsOfAnotherLastEntry has a store give another last entry than the one
// that its host verified: it is not told for that one.
func TestEventsOfAnotherLastEntry(t *testing.T) {
	const n = 5
	mem, s, _ := longLog(t, n)
	from := &counted{Memory: mem}
	h := NewHost(from)
	if _, err := h.State(t.Context(), s.head.Tray); err != nil {
		t.Fatal(err)
	}
	var cursor store.Cursor
	for c, err := range mem.Feed(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if c.Seq == n-2 {
			cursor = c.Cursor
		}
	}
	from.Memory = store.NewMemory()
	head := store.Head{Tray: s.head.Tray}
	for i, l := range signedLines(t, mem, s.head.Tray) {
		line := l.line
		if i == n-1 {
			line = append([]byte(nil), line...)
			line[len(line)-20] ^= 1
		}
		if err := from.Memory.Append(t.Context(), head, line, s.template.Canonical()); err != nil {
			t.Fatal(err)
		}
		head = store.Head{Tray: head.Tray, Length: head.Length + 1, Hash: sign.Sum(line)}
	}
	told := 0
	for ev, err := range h.Events(t.Context(), cursor) {
		if told++; err != nil || ev.Seq != n-1 || ev.Type != Broken {
			t.Errorf("entry %d is told as %s: %v", ev.Seq, ev.Type, err)
		}
	}
	if told != 1 {
		t.Errorf("%d events", told)
	}
}

// TestStateBeforeABadLine asks a host again for the state of a log of which the last
// line does not verify: what is before it was verified the first time.
func TestStateBeforeABadLine(t *testing.T) {
	const n = 40
	mem, s, _ := longLog(t, n)
	lines := signedLines(t, mem, s.head.Tray)
	m := store.NewMemory()
	head := store.Head{Tray: s.head.Tray}
	for i := range lines {
		line := bytes.Clone(lines[i].line)
		if i == n-1 {
			line[len(line)-20] ^= 1
		}
		if err := m.Append(t.Context(), head, line, s.template.Canonical()); err != nil {
			t.Fatal(err)
		}
		head = store.Head{Tray: head.Tray, Length: head.Length + 1, Hash: sign.Sum(line)}
	}
	from := &counted{Memory: m}
	h := NewHost(from)
	for i := range 3 {
		from.lines = 0
		if _, err := h.State(t.Context(), s.head.Tray); !errors.Is(err, Forged) {
			t.Fatalf("%v", err)
		}
		if i > 0 && from.lines > 1 {
			t.Errorf("%d lines are read again", from.lines)
		}
	}
}
