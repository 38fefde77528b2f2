package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/vassoio/vassoio/sign"
)

// The names of a tray's files. A blob stays in staged, under the entry that
// brings it, until the entry is in the log.
func trayName(tray sign.Hash) string         { return "trays/" + tray.String() }
func logName(tray sign.Hash) string          { return trayName(tray) + "/log" }
func stagedName(tray sign.Hash) string       { return trayName(tray) + "/staged" }
func blobName(tray, digest sign.Hash) string { return trayName(tray) + "/blobs/" + digest.String() }

func stagedBlobName(entry Head, digest sign.Hash) string {
	return fmt.Sprintf("%s/%d.%v.%v", stagedName(entry.Tray), entry.Length-1, entry.Hash, digest)
}

// locks keep the goroutines of one process apart, tray by tray. Trays that share
// one by chance wait for each other, which is harmless: nobody holds two.
type locks [64]chan struct{}

func newLocks() *locks {
	var l locks
	for i := range l {
		l[i] = make(chan struct{}, 1)
	}
	return &l
}

func (l *locks) lock(ctx context.Context, tray sign.Hash) (unlock func(), err error) {
	c := l[int(tray[0])%len(l)]
	select {
	case c <- struct{}{}:
		return func() { <-c }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hold is the exclusive right to one tray: among goroutines by a mutex, among
// processes by a lock on its log.
type hold struct {
	dir    *Dir
	tray   sign.Hash
	log    file
	unlock func()
}

// hold waits until the tray is free. It returns ErrNotFound if there is no log
// file, unless it is to make one.
func (d *Dir) hold(ctx context.Context, tray sign.Hash, create bool) (*hold, error) {
	unlock, err := d.locks.lock(ctx, tray)
	if err != nil {
		return nil, err
	}
	log, err := d.openLog(tray, create)
	if err == nil {
		if err = log.Lock(); err == nil {
			return &hold{d, tray, log, unlock}, nil
		}
		log.Close()
	}
	unlock()
	return nil, err
}

func (d *Dir) openLog(tray sign.Hash, create bool) (file, error) {
	flag := os.O_RDWR
	if create {
		flag |= os.O_CREATE
		name := trayName(tray)
		for _, folder := range []string{name, name + "/blobs", stagedName(tray)} {
			if err := d.files.Mkdir(folder); err != nil {
				return nil, err
			}
		}
	}
	log, err := d.files.Open(logName(tray), flag)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: tray %v", ErrNotFound, tray)
	}
	return log, err
}

func (h *hold) release() {
	h.log.Close()
	h.unlock()
}

// load returns the log's tail. If the log is not as it was left, it puts it in
// order first: whoever wrote to it may have died in the middle.
//
//   - What follows the last newline was being written: it is cut off.
//   - A whole line that nobody acknowledged yet is kept, and is synced before
//     anybody is shown it: nobody can pin a head that a power failure takes back.
//   - Staged blobs go where their entry is, or away if it never came.
func (h *hold) load() (tail, error) {
	size, err := h.log.Size()
	if err != nil {
		return tail{}, err
	}
	t, known := h.dir.tails.get(h.tray)
	if known && t.size == size {
		return t, nil
	}
	t.head.Tray = h.tray
	if t.size > size {
		return tail{}, fmt.Errorf("%w: the log of tray %v has %d bytes, fewer than it had", ErrCorrupt, h.tray, size)
	}
	if t, err = h.scan(t, size); err != nil {
		return tail{}, err
	}
	if t.size < size {
		if err := h.log.Truncate(t.size); err != nil {
			return tail{}, err
		}
	}
	if size > 0 {
		if err := h.log.Sync(); err != nil {
			return tail{}, err
		}
	}
	if err := h.settle(t); err != nil {
		return tail{}, err
	}
	h.dir.tails.put(t)
	return t, nil
}

// scan reads the lines from t to size and returns the tail after them.
func (h *hold) scan(t tail, size int64) (tail, error) {
	r := newLineReader(h.log, t.size, size, MaxLine)
	torn := false
	for {
		line, err := r.read()
		switch {
		case err == io.EOF, err == io.ErrUnexpectedEOF:
			return t, nil
		case err != nil && err != errLong:
			return tail{}, err
		case err == errLong, torn, len(line) == 0:
			return tail{}, fmt.Errorf("%w: entry %d of tray %v", ErrCorrupt, t.head.Length, h.tray)
		case bytes.IndexByte(line, 0) >= 0:
			// A page that a power failure kept from the disk reads as zeros. The
			// last line may end like this, and was never acknowledged then.
			torn = true
		default:
			t = t.grow(sign.Sum(line), len(line))
		}
	}
}

// settle moves staged blobs into place if their entry is in the log, and removes
// them otherwise. Nothing is ever removed from the blobs themselves, so it does
// not matter how often a power failure undoes this and it is done again.
func (h *hold) settle(t tail) error {
	names, err := h.dir.files.List(stagedName(h.tray))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range names {
		entry, digest, ok := parseStaged(h.tray, name)
		if !ok {
			continue // not ours
		}
		there, err := h.has(t, entry)
		if err != nil {
			return err
		}
		if there {
			err = h.dir.files.Rename(stagedBlobName(entry, digest), blobName(h.tray, digest))
		} else {
			err = h.dir.files.Remove(stagedBlobName(entry, digest))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// has reports whether the log, at entry.Length-1, has the line of that hash.
func (h *hold) has(t tail, entry Head) (bool, error) {
	if entry.Length >= t.head.Length {
		return entry == t.head, nil
	}
	for line, err := range readLog(h.log, t, entry.Length-1) {
		return err == nil && sign.Sum(line) == entry.Hash, err
	}
	return false, nil
}

func parseStaged(tray sign.Hash, name string) (entry Head, digest sign.Hash, ok bool) {
	part := strings.Split(name, ".")
	if len(part) != 3 {
		return Head{}, sign.Hash{}, false
	}
	seq, err1 := parseNumber(part[0])
	hash, err2 := sign.ParseHash(part[1])
	digest, err3 := sign.ParseHash(part[2])
	return Head{Tray: tray, Length: seq + 1, Hash: hash}, digest, errors.Join(err1, err2, err3) == nil
}
