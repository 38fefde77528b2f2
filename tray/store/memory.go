package store

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"strconv"
	"sync"

	"github.com/vassoio/vassoio/sign"
)

// Memory is a [Store] that lasts as long as the process: for tests, examples and
// programs that keep their trays in files of their own. Make it with [NewMemory].
type Memory struct {
	mu    sync.RWMutex
	trays map[sign.Hash]*memoryTray
	feed  []Change
}

type memoryTray struct {
	head  Head
	lines [][]byte
	blobs map[sign.Hash][]byte
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{trays: make(map[sign.Hash]*memoryTray)}
}

// Append implements [Store].
func (m *Memory) Append(ctx context.Context, after Head, line []byte, blobs ...[]byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	hash, err := CheckAppend(after, line, blobs...)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.trays[after.Tray]
	if t == nil {
		t = &memoryTray{head: Head{Tray: after.Tray}, blobs: make(map[sign.Hash][]byte)}
	}
	if t.head != after {
		return &ConflictError{t.head}
	}
	for _, blob := range blobs {
		t.blobs[sign.Sum(blob)] = bytes.Clone(blob)
	}
	t.lines = append(t.lines, bytes.Clone(line))
	t.head = Head{Tray: after.Tray, Length: after.Length + 1, Hash: hash}
	m.trays[after.Tray] = t
	m.feed = append(m.feed, Change{
		Cursor: Cursor(strconv.Itoa(len(m.feed) + 1)),
		Tray:   after.Tray,
		Seq:    after.Length,
	})
	return nil
}

// Head implements [Store].
func (m *Memory) Head(ctx context.Context, tray sign.Hash) (Head, error) {
	if err := ctx.Err(); err != nil {
		return Head{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	t := m.trays[tray]
	if t == nil {
		return Head{}, fmt.Errorf("%w: tray %v", ErrNotFound, tray)
	}
	return t.head, nil
}

// Log implements [Store].
func (m *Memory) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		// Lines are only ever added, so those seen here can be read without
		// the lock, and the loop's body may append.
		m.mu.RLock()
		var lines [][]byte
		t := m.trays[tray]
		if t != nil {
			lines = t.lines
		}
		m.mu.RUnlock()
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		if t == nil {
			yield(nil, fmt.Errorf("%w: tray %v", ErrNotFound, tray))
			return
		}
		for _, line := range lines[min(from, uint64(len(lines))):] {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(bytes.Clone(line), nil) {
				return
			}
		}
	}
}

// Blob implements [Store].
func (m *Memory) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if t := m.trays[tray]; t != nil {
		if blob, ok := t.blobs[digest]; ok {
			return check(bytes.Clone(blob), tray, digest)
		}
	}
	return nil, fmt.Errorf("%w: blob %v of tray %v", ErrNotFound, digest, tray)
}

// Feed implements [Store].
func (m *Memory) Feed(ctx context.Context, after Cursor) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		m.mu.RLock()
		feed := m.feed
		m.mu.RUnlock()
		start, err := parseCursor(after, int64(len(feed)))
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			yield(Change{}, err)
			return
		}
		for _, change := range feed[start:] {
			if err := ctx.Err(); err != nil {
				yield(Change{}, err)
				return
			}
			if !yield(change, nil) {
				return
			}
		}
	}
}

// parseCursor reads a cursor, a number up to end; the zero Cursor is 0, which
// has no other spelling.
func parseCursor(c Cursor, end int64) (int64, error) {
	if c == "" {
		return 0, nil
	}
	n, err := parseNumber(string(c))
	if err != nil || n == 0 || n > uint64(end) {
		return 0, fmt.Errorf("%w: the cursor is none of this store's feed", ErrInvalid)
	}
	return int64(n), nil
}
