package store

import (
	"bytes"
	"container/list"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"

	"github.com/vassoio/vassoio/sign"
)

// Dir is a [Store] in a folder, of files that ordinary tools read:
//
//	feed                          one line per entry: <tray> <number> <line hash>
//	trays/<tray>/log              one line per entry
//	trays/<tray>/blobs/<digest>   the blobs; sha256sum names them
//	trays/<tray>/staged/          blobs of an append under way
//
// Many goroutines may use it, and many processes on one machine, each with a Dir
// of its own on the same folder (one process alone where the system has neither
// flock nor LockFileEx). The folder must be on a local disk: network file
// systems differ in what a lock and a sync mean.
//
// An append costs two syncs of the disk, and two more for the first blob that it
// brings and one for each other, however long the log.
type Dir struct {
	files fileSystem
	locks *locks
	tails tails
	feed  *feed

	appending sync.RWMutex // read by appends, written by Close
}

// OpenDir opens the store in the folder path, and makes it if it is not there.
// Whatever a crash left behind is put in order when it is first met.
func OpenDir(path string) (*Dir, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeFolder(path); err != nil {
			return nil, failed("open", err)
		}
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, failed("open", err)
	}
	return openFiles(diskFiles{root})
}

// makeFolder makes a folder and those that it stands in, and returns once all of
// them are on the disk: each is an entry of the one above.
func makeFolder(path string) error {
	above := filepath.Dir(filepath.Clean(path))
	if _, err := os.Stat(above); errors.Is(err, fs.ErrNotExist) && above != path {
		if err := makeFolder(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	parent, err := os.Open(above)
	if err != nil {
		return err
	}
	return errors.Join(syncDir(parent), parent.Close())
}

func openFiles(files fileSystem) (*Dir, error) {
	err := files.Mkdir("trays")
	var f file
	if err == nil {
		f, err = files.Open(feedName, os.O_RDWR|os.O_CREATE)
	}
	if err == nil {
		err = files.SyncDir(".")
	}
	if err != nil {
		if f != nil {
			f.Close()
		}
		files.Close()
		return nil, failed("open", err)
	}
	return &Dir{
		files: files,
		locks: newLocks(),
		tails: tails{byTray: make(map[sign.Hash]*list.Element)},
		feed:  &feed{file: f},
	}, nil
}

// Close waits for appends under way and closes the store. Everything else
// returns [ErrClosed] from then on.
func (d *Dir) Close() error {
	d.appending.Lock()
	defer d.appending.Unlock()
	return failed("close", errors.Join(d.feed.file.Close(), d.files.Close()))
}

// Head implements [Store].
func (d *Dir) Head(ctx context.Context, tray sign.Hash) (Head, error) {
	t, err := d.tail(ctx, tray, false)
	return t.head, failed("head", err)
}

// tail returns where the log ends, or ErrNotFound. If it finds the log as it was
// left it takes no lock; else, or if it is told to, it waits for whoever is
// writing.
func (d *Dir) tail(ctx context.Context, tray sign.Hash, wait bool) (tail, error) {
	if err := ctx.Err(); err != nil {
		return tail{}, err
	}
	t, known := d.tails.get(tray)
	if known && !wait {
		size, err := d.files.Size(logName(tray))
		known = err == nil && size == t.size
	}
	if !known || wait {
		h, err := d.hold(ctx, tray, false)
		if err != nil {
			return tail{}, err
		}
		defer h.release()
		if t, err = h.load(); err != nil {
			return tail{}, err
		}
	}
	if t.head.Length == 0 {
		return tail{}, fmt.Errorf("%w: tray %v", ErrNotFound, tray)
	}
	return t, nil
}

// Log implements [Store].
func (d *Dir) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		t, err := d.tail(ctx, tray, false)
		if err != nil {
			yield(nil, failed("log", err))
			return
		}
		log, err := d.files.Open(logName(tray), os.O_RDONLY)
		if err != nil {
			yield(nil, failed("log", err))
			return
		}
		defer log.Close()
		for line, err := range readLog(log, t, from) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, failed("log", err))
				return
			}
			if !yield(line, nil) {
				return
			}
		}
	}
}

// readLog yields the lines of a log from entry number from to the tail.
func readLog(log file, t tail, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if from >= t.head.Length {
			return
		}
		seq, offset := t.find(from)
		r := newLineReader(log, offset, t.size, MaxLine)
		for ; seq < t.head.Length; seq++ {
			line, err := r.read()
			if err == errLong || err == io.EOF || err == io.ErrUnexpectedEOF {
				err = fmt.Errorf("%w: entry %d of tray %v", ErrCorrupt, seq, t.head.Tray)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if seq >= from && !yield(bytes.Clone(line), nil) {
				return
			}
		}
	}
}

// Blob implements [Store].
func (d *Dir) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	blob, err := d.readBlob(tray, digest)
	if errors.Is(err, fs.ErrNotExist) {
		// It may be staged still, if the log grew unseen: tail has it moved then.
		if _, err := d.tail(ctx, tray, false); err != nil {
			return nil, failed("blob", err)
		}
		blob, err = d.readBlob(tray, digest)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: blob %v of tray %v", ErrNotFound, digest, tray)
	}
	return blob, failed("blob", err)
}

func (d *Dir) readBlob(tray, digest sign.Hash) ([]byte, error) {
	f, err := d.files.Open(blobName(tray, digest), os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	if size > MaxBlob {
		return nil, fmt.Errorf("%w: blob %v of tray %v has %d bytes", ErrCorrupt, digest, tray, size)
	}
	blob := make([]byte, size)
	if n, err := f.ReadAt(blob, 0); err != nil && (err != io.EOF || n < len(blob)) {
		return nil, err
	}
	return check(blob, tray, digest)
}

// failed says what was being done when the system refused. The store's own
// errors speak for themselves.
func failed(doing string, err error) error {
	if errors.Is(err, fs.ErrClosed) {
		return ErrClosed
	}
	for _, own := range []error{nil, ErrNotFound, ErrCorrupt, ErrInvalid} {
		if errors.Is(err, own) {
			return err
		}
	}
	return fmt.Errorf("store: %s: %w", doing, err)
}
