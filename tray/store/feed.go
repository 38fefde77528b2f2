package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vassoio/vassoio/sign"
)

// feed is the file that says in which order entries came, whatever their tray:
// one line "<tray> <number> <line hash>" each. A line is on disk before its
// entry is, so no entry can miss from it; it may announce an entry that never
// came. A cursor is an offset in it: whole lines never move.
type feed struct {
	file file

	writing sync.Mutex // held while a line is written
	end     int64      // where this process saw the feed end with a newline
	pending []feedLine // written by this process, not synced yet

	syncing sync.Mutex  // held while the disk works
	synced  int64       // all that this process wrote up to here is on disk
	failed  atomic.Bool // the last sync
}

type feedLine struct {
	start int64
	text  []byte
}

const feedName = "feed"

// add writes the line of an entry and returns where the feed ends after it. It
// is not on disk yet.
func (f *feed) add(entry Head) (int64, error) {
	if f.failed.Load() { // so that lines do not pile up while the disk is ill
		if err := f.sync(math.MaxInt64); err != nil {
			return 0, err
		}
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	if err := f.file.Lock(); err != nil {
		return 0, err
	}
	defer f.file.Unlock()
	start, err := f.find()
	if err != nil {
		return 0, err
	}
	line := formatFeedLine(entry)
	if _, err := f.file.WriteAt(line, start); err != nil {
		return 0, err
	}
	f.end = start + int64(len(line))
	f.pending = append(f.pending, feedLine{start, line})
	return f.end, nil
}

// whole returns where the feed ends. Up to there it has only whole lines, and
// never changes.
func (f *feed) whole() (int64, error) {
	f.writing.Lock()
	defer f.writing.Unlock()
	if err := f.file.Lock(); err != nil {
		return 0, err
	}
	defer f.file.Unlock()
	return f.find()
}

// find returns where the last newline ends, and the next line goes. Somebody may
// have died in the middle of a line: what follows the last newline is nobody's,
// and is written over.
func (f *feed) find() (int64, error) {
	size, err := f.file.Size()
	if err != nil {
		return 0, err
	}
	if size < f.end {
		return 0, fmt.Errorf("%w: the feed has %d bytes, fewer than it had", ErrCorrupt, size)
	}
	buf := make([]byte, 4096)
	for end := size; end > f.end; {
		part := buf[:min(end-f.end, int64(len(buf)))]
		if _, err := f.file.ReadAt(part, end-int64(len(part))); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			f.end = end - int64(len(part)-1-i)
			break
		}
		end -= int64(len(part))
	}
	return f.end, nil
}

// sync returns when what this process wrote to the feed up to end is on disk.
// Writers that wait at the same time share one sync: the first does it for all
// that was written before.
//
// After a sync that failed nobody knows what the disk holds, and the next may
// succeed without having written it (Linux forgets the pages that it failed on).
// So the lines are kept until they are on disk, and written once more.
func (f *feed) sync(end int64) error {
	f.syncing.Lock()
	defer f.syncing.Unlock()
	if f.synced >= end {
		return nil
	}
	f.writing.Lock()
	lines := f.pending
	f.writing.Unlock()
	if f.failed.Load() {
		for _, line := range lines {
			if _, err := f.file.WriteAt(line.text, line.start); err != nil {
				return err
			}
		}
	}
	err := f.file.Sync()
	f.failed.Store(err != nil)
	if err != nil || len(lines) == 0 {
		return err
	}
	last := lines[len(lines)-1]
	f.synced = last.start + int64(len(last.text))
	f.writing.Lock()
	f.pending = slices.Clone(f.pending[len(lines):])
	f.writing.Unlock()
	return nil
}

// Feed implements [Store]. An entry may be told twice if an append of another
// one in its place was interrupted before.
func (d *Dir) Feed(ctx context.Context, after Cursor) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		if err := d.readFeed(ctx, after, yield); err != nil {
			yield(Change{}, failed("feed", err))
		}
	}
}

// readFeed returns nil if the consumer has had enough.
func (d *Dir) readFeed(ctx context.Context, after Cursor, yield func(Change, error) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	end, err := d.feed.whole()
	if err != nil {
		return err
	}
	start, err := parseCursor(after, end)
	if err != nil {
		return err
	}
	if start > 0 {
		before := make([]byte, 1)
		if _, err := d.feed.file.ReadAt(before, start-1); err != nil {
			return err
		}
		if before[0] != '\n' {
			return fmt.Errorf("%w: the cursor is none of this store's feed", ErrInvalid)
		}
	}
	for r := newLineReader(d.feed.file, start, end, maxFeedLine-1); ; {
		place := r.next
		line, err := r.read()
		switch {
		case err == io.EOF:
			return nil
		case err != nil && err != errLong && err != io.ErrUnexpectedEOF:
			return err
		case bytes.IndexByte(line, 0) >= 0:
			continue // lost in a power failure: its entry was never written
		}
		tray, seq, ok := parseFeedLine(line)
		if err != nil || !ok {
			return fmt.Errorf("%w: the feed at byte %d", ErrCorrupt, place)
		}
		there, err := d.came(ctx, tray, seq)
		if err != nil {
			return err
		}
		if there && !yield(Change{Cursor(strconv.FormatInt(r.next, 10)), tray, seq}, nil) {
			return nil
		}
	}
}

// came reports whether the log has an entry that the feed announces. If it has
// not, its writer is still at it, and came waits for him, or he gave up. A log
// that cannot be read has everything: one broken tray must not hide the others,
// and whoever reads it will be told.
func (d *Dir) came(ctx context.Context, tray sign.Hash, seq uint64) (bool, error) {
	for _, wait := range []bool{false, true} {
		t, err := d.tail(ctx, tray, wait)
		switch {
		case errors.Is(err, ErrCorrupt):
			return true, nil
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return false, err
		case seq < t.head.Length:
			return true, nil
		}
	}
	return false, nil
}

func formatFeedLine(entry Head) []byte {
	return fmt.Appendf(nil, "%v %d %v\n", entry.Tray, entry.Length-1, entry.Hash)
}

// parseFeedLine reads a line without its newline. The hash in it is for people
// and tools; the log has it too.
func parseFeedLine(line []byte) (tray sign.Hash, seq uint64, ok bool) {
	part := strings.Split(string(line), " ")
	if len(part) != 3 {
		return sign.Hash{}, 0, false
	}
	tray, err1 := sign.ParseHash(part[0])
	seq, err2 := parseNumber(part[1])
	_, err3 := sign.ParseHash(part[2])
	return tray, seq, errors.Join(err1, err2, err3) == nil
}
