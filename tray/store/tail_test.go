package store

import (
	"bytes"
	"container/list"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

// TestTail grows a log and compares, at each length, what the tail says of every
// entry with what was written.
func TestTail(t *testing.T) {
	var tl tail
	var offsets []int64
	for i := range 5 * maxOffsets {
		length := i % 7
		offsets = append(offsets, tl.size)
		before := tl
		tl = tl.grow(sign.Sum([]byte{byte(i)}), length)
		if tl.size != before.size+int64(length)+1 || tl.head.Length != uint64(i)+1 {
			t.Fatalf("entry %d: size %d, length %d", i, tl.size, tl.head.Length)
		}
		if len(tl.starts) > maxOffsets {
			t.Fatalf("%d offsets after %d entries", len(tl.starts), i+1)
		}
		for seq := range offsets {
			entry, offset := tl.find(uint64(seq))
			if entry > uint64(seq) || offset != offsets[entry] {
				t.Fatalf("entry %d of %d: entry %d at %d, want at %d", seq, i+1, entry, offset, offsets[entry])
			}
			if skip := uint64(seq) - entry; skip*maxOffsets > 2*uint64(i+1) {
				t.Fatalf("entry %d of %d: %d to skip", seq, i+1, skip)
			}
		}
	}
}

func TestTailsAreBounded(t *testing.T) {
	c := tails{byTray: make(map[sign.Hash]*list.Element)}
	tray := func(i int) sign.Hash { return sign.Sum(fmt.Append(nil, i)) }
	for i := range maxTails {
		c.put(tail{head: Head{Tray: tray(i)}, size: int64(i)})
	}
	c.get(tray(0)) // now the one used last
	c.put(tail{head: Head{Tray: tray(1)}, size: -1})
	if len(c.byTray) != maxTails {
		t.Fatalf("%d tails at the bound", len(c.byTray))
	}
	c.put(tail{head: Head{Tray: tray(maxTails)}})
	if len(c.byTray) != maxTails || c.recent.Len() != maxTails {
		t.Fatalf("%d tails one past the bound", len(c.byTray))
	}
	for i, want := range map[int]bool{0: true, 1: true, 2: false, 3: true, maxTails: true} {
		if _, ok := c.get(tray(i)); ok != want {
			t.Errorf("tail %d is there: %v", i, ok)
		}
	}
	if got, _ := c.get(tray(1)); got.size != -1 {
		t.Error("an old tail was kept")
	}
}

// TestForgottenTails goes beyond the number of logs that a Dir remembers, and
// back to the first.
func TestForgottenTails(t *testing.T) {
	d, err := openFiles(&simProcess{disk: newSimDisk()})
	if err != nil {
		t.Fatal(err)
	}
	heads := make([]Head, maxTails+50)
	for _, some := range [][]Head{heads, heads[:50]} {
		for i, h := range some {
			line := fmt.Appendf(nil, "tray-%d-%d", i, h.Length)
			if h.Length == 0 {
				h.Tray = sign.Sum(line)
			}
			if err := d.Append(t.Context(), h, line); err != nil {
				t.Fatal(err)
			}
			some[i] = Head{Tray: h.Tray, Length: h.Length + 1, Hash: sign.Sum(line)}
		}
	}
	for _, want := range heads {
		if h, err := d.Head(t.Context(), want.Tray); err != nil || h != want {
			t.Fatalf("%v, %v; want %v", h, err, want)
		}
	}
	if len(d.tails.byTray) != maxTails {
		t.Errorf("%d tails remembered, want %d", len(d.tails.byTray), maxTails)
	}
}

// naiveLines is what lineReader does, without any bound on memory.
func naiveLines(s string, max int) (all []string) {
	for s != "" {
		line, rest, whole := strings.Cut(s, "\n")
		switch {
		case len(line) > max:
			line = line[:max] + " too long"
		case !whole:
			line += " unexpected EOF"
		}
		all, s = append(all, line), rest
	}
	return all
}

func FuzzLineReader(f *testing.F) {
	f.Add("a\nbb\n\nccc\ndddd\neeeee\nf", 3)
	f.Add(strings.Repeat("x", 70_000)+"\n"+strings.Repeat("y", 65_536)+"\nz\n", 66_000)
	f.Add("\n\n", 0)
	f.Fuzz(func(t *testing.T, s string, max int) {
		if max < 0 || max > 1<<20 {
			return
		}
		r := newLineReader(strings.NewReader("before"+s+"after"), 6, int64(6+len(s)), max)
		var got []string
		for {
			line, err := r.read()
			if err == io.EOF {
				break
			}
			text := string(line)
			switch err {
			case errLong:
				text += " too long"
			case io.ErrUnexpectedEOF:
				text += " unexpected EOF"
			case nil:
				if at := int(r.next) - 6; s[at-1] != '\n' || !strings.HasSuffix(s[:at-1], text) {
					t.Fatalf("offset %d after %q", at, text)
				}
			default:
				t.Fatal(err)
			}
			got = append(got, text)
		}
		if want := naiveLines(s, max); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("%.200q\nwant %.200q", got, want)
		}
	})
}

// TestTornLog opens logs that end in every way a crash may leave, and in ways
// that it cannot.
func TestTornLog(t *testing.T) {
	first, second := "first", "second-line"
	tray := sign.Sum([]byte(first))
	whole := first + "\n" + second + "\n"
	type want struct {
		length uint64
		err    error
	}
	cases := map[string]want{whole: {2, nil}}
	for cut := range len(whole) {
		n := strings.Count(whole[:cut], "\n")
		cases[whole[:cut]] = want{uint64(n), nil}
	}
	cases[""] = want{0, ErrNotFound}
	for cut := range len(first) {
		cases[first[:cut]+"\x00"] = want{0, ErrNotFound}
	}
	for s := range cases {
		if cases[s].length == 0 {
			cases[s] = want{0, ErrNotFound}
		}
	}
	cases[first+"\nsec\x00\x00-line\n"] = want{1, nil}
	cases[first+"\n\x00\x00\x00"] = want{1, nil}
	cases[first+"\nsec\x00\n"+second+"\n"] = want{0, ErrCorrupt} // a line came after the cut one
	cases[first+"\n\n"] = want{0, ErrCorrupt}
	cases[strings.Repeat("x", MaxLine+1)+"\n"] = want{0, ErrCorrupt}
	for text, want := range cases {
		disk := newSimDisk()
		p := &simProcess{disk: disk}
		d, err := openFiles(p)
		if err != nil {
			t.Fatal(err)
		}
		log, err := d.openLog(tray, true)
		if err == nil {
			_, err = log.WriteAt([]byte(text), 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		head, err := d.Head(t.Context(), tray)
		if !errors.Is(err, want.err) || head.Length != want.length {
			t.Errorf("%.50q: length %d, %v; want %d, %v", text, head.Length, err, want.length, want.err)
			continue
		}
		if want.err == ErrCorrupt {
			if data := disk.names[logName(tray)].data; !bytes.Equal(data, []byte(text)) {
				t.Errorf("%.50q: evidence was changed", text)
			}
			continue
		}
		next := "next"
		if head.Tray = tray; head.Length == 0 {
			next = first
		}
		if err := d.Append(t.Context(), head, []byte(next)); err != nil {
			t.Errorf("%.50q: append: %v", text, err)
		}
		if head, err := d.Head(t.Context(), tray); err != nil || head.Length != want.length+1 {
			t.Errorf("%.50q: after an append %v, %v", text, head, err)
		}
	}
	t.Logf("%d logs", len(cases))
}

// TestTornFeed does the same with the feed.
func TestTornFeed(t *testing.T) {
	first := []byte("first")
	tray := sign.Sum(first)
	phantom := string(formatFeedLine(Head{Tray: tray, Length: 9, Hash: tray}))
	cases := map[string]error{"garbage\n": ErrCorrupt, strings.Repeat("y", 5000) + "\n": ErrCorrupt, "\n": ErrCorrupt}
	for cut := range len(phantom) + 1 {
		cases[phantom+phantom[:cut]] = nil
		if cut < len(phantom)-1 {
			cases[phantom[:cut]+"\x00\x00\x00\n"] = nil
			cases[phantom[:cut]+strings.Repeat("\x00", 9000)] = nil
		}
	}
	for text, want := range cases {
		p := &simProcess{disk: newSimDisk()}
		d, err := openFiles(p)
		if err == nil {
			_, err = d.feed.file.WriteAt([]byte(text), 0)
		}
		if err == nil {
			err = d.Append(t.Context(), Head{Tray: tray}, first)
		}
		if err != nil {
			t.Fatal(err)
		}
		told, failed := 0, error(nil)
		for change, err := range d.Feed(t.Context(), "") {
			if failed = err; err == nil {
				if change.Tray != tray || change.Seq != 0 {
					t.Errorf("%.200q: told %v", text, change)
				}
				told++
			}
		}
		if !errors.Is(failed, want) || want == nil && told != 1 {
			t.Errorf("%.200q: told %d times, %v; want %v", text, told, failed, want)
		}
	}
	t.Logf("%d feeds", len(cases))
}
