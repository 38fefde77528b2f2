package store

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/vassoio/vassoio/sign"
)

// Append implements [Store]. It is interrupted by the context while it waits for
// its turn within the process, and never once it has begun to write.
//
// The order of its steps is what makes it safe to stop after any of them:
//
//  1. The blobs are written to staged/, under names that say for which entry,
//     and synced. Without the entry they count for nothing.
//  2. The line of the feed is written and synced. Without the entry readers of
//     the feed pass over it.
//  3. The line of the log is written and synced. Now the entry is there.
//  4. The blobs are renamed into blobs/. This need not be durable: whoever opens
//     the log next, or misses a blob, does it again.
//
// Writers of other trays go on meanwhile, and share the sync of the feed.
func (d *Dir) Append(ctx context.Context, after Head, line []byte, blobs ...[]byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	hash, err := CheckAppend(after, line, blobs...)
	if err != nil {
		return err
	}
	d.appending.RLock()
	defer d.appending.RUnlock()
	h, err := d.hold(ctx, after.Tray, after.Length == 0)
	if errors.Is(err, ErrNotFound) {
		return &ConflictError{Head{Tray: after.Tray}}
	}
	if err != nil {
		return failed("append", err)
	}
	defer h.release()
	t, err := h.load()
	if err != nil {
		return failed("append", err)
	}
	if t.head != after {
		return &ConflictError{t.head}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	entry := Head{Tray: after.Tray, Length: after.Length + 1, Hash: hash}
	staged, err := h.commit(t, entry, line, blobs)
	if err != nil {
		h.undo(t)
		return failed("append", err)
	}
	if h.publish(entry, staged) != nil {
		// The entry is there, and its blobs are safe where they are. Forgetting
		// the tail makes the next one who comes move them.
		d.tails.drop(h.tray)
		return nil
	}
	d.tails.put(t.grow(hash, len(line)))
	return nil
}

// commit takes steps 1 to 3. It returns the digests of the blobs staged.
func (h *hold) commit(t tail, entry Head, line []byte, blobs [][]byte) ([]sign.Hash, error) {
	if t.head.Length == 0 {
		for _, folder := range []string{trayName(h.tray), "trays"} {
			if err := h.dir.files.SyncDir(folder); err != nil {
				return nil, err
			}
		}
	}
	staged, err := h.stage(entry, blobs)
	if err != nil {
		return nil, err
	}
	end, err := h.dir.feed.add(entry)
	if err != nil {
		return nil, err
	}
	if err := h.dir.feed.sync(end); err != nil {
		return nil, err
	}
	text := append(bytes.Clone(line), '\n')
	if _, err := h.log.WriteAt(text, t.size); err != nil {
		return nil, err
	}
	return staged, h.log.Sync()
}

// stage writes those blobs that the tray does not have yet; one that it has in
// another form than its name says is written again, and so mended.
func (h *hold) stage(entry Head, blobs [][]byte) ([]sign.Hash, error) {
	var staged []sign.Hash
	seen := make(map[sign.Hash]bool, len(blobs))
	for _, blob := range blobs {
		digest := sign.Sum(blob)
		if seen[digest] {
			continue
		}
		seen[digest] = true
		_, err := h.dir.readBlob(h.tray, digest)
		if err == nil {
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrCorrupt) {
			return nil, err
		}
		if err := h.dir.writeFile(stagedBlobName(entry, digest), blob); err != nil {
			return nil, err
		}
		staged = append(staged, digest)
	}
	if len(staged) == 0 {
		return nil, nil
	}
	return staged, h.dir.files.SyncDir(stagedName(h.tray))
}

func (d *Dir) writeFile(name string, data []byte) error {
	f, err := d.files.Open(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// publish takes step 4.
func (h *hold) publish(entry Head, staged []sign.Hash) error {
	for _, digest := range staged {
		if err := h.dir.files.Rename(stagedBlobName(entry, digest), blobName(h.tray, digest)); err != nil {
			return err
		}
	}
	return nil
}

// undo takes back, as far as the disk lets it, an append that failed. What it
// does not reach, a cut line or staged blobs, the next load sees to; and if a
// whole line stays, the next load takes it for an entry.
func (h *hold) undo(t tail) {
	h.dir.tails.drop(h.tray)
	if h.log.Truncate(t.size) == nil && h.log.Sync() == nil && h.settle(t) == nil {
		h.dir.tails.put(t)
	}
}
