package store_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// fill makes a tray of n entries, the last with a blob.
func fill(t testing.TB, s store.Store, n int) (h store.Head, blob []byte) {
	t.Helper()
	blob = []byte("a blob")
	for i := range n {
		line := fmt.Appendf(nil, "line-%d", i)
		if i == 0 {
			h.Tray = sign.Sum(line)
		}
		var blobs [][]byte
		if i == n-1 {
			blobs = append(blobs, blob)
		}
		if err := s.Append(t.Context(), h, line, blobs...); err != nil {
			t.Fatal(err)
		}
		h = store.Head{Tray: h.Tray, Length: h.Length + 1, Hash: sign.Sum(line)}
	}
	return h, blob
}

// TestDirFiles reads what the documentation says that ordinary tools can read.
func TestDirFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b")
	h, blob := fill(t, openDir(t, path), 3)
	tray := h.Tray.String()
	digest := fmt.Sprintf("%x", sha256.Sum256(blob))
	hash := func(i int) string { return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, "line-", i))) }
	want := map[string]string{
		"feed":                              tray + " 0 " + tray + "\n" + tray + " 1 " + hash(1) + "\n" + tray + " 2 " + hash(2) + "\n",
		filepath.Join("trays", tray, "log"): "line-0\nline-1\nline-2\n",
		filepath.Join("trays", tray, "blobs", digest): "a blob",
	}
	files := 0
	err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", name, info.Mode())
		}
		if entry.IsDir() {
			return nil
		}
		files++
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel(path, name)
		if err != nil || string(text) != want[rel] {
			t.Errorf("%s: %q, %v; want %q", rel, text, err, want[rel])
		}
		return nil
	})
	if err != nil || files != len(want) {
		t.Errorf("%d files, %v; want %d", files, err, len(want))
	}
}

func TestDirReopened(t *testing.T) {
	path := t.TempDir()
	d := openDir(t, path)
	h, blob := fill(t, d, 5)
	var cursors []store.Cursor
	for change, err := range d.Feed(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		cursors = append(cursors, change.Cursor)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = openDir(t, path)
	if got, err := d.Head(t.Context(), h.Tray); err != nil || got != h {
		t.Errorf("head %v, %v; want %v", got, err, h)
	}
	if _, err := d.Blob(t.Context(), h.Tray, sign.Sum(blob)); err != nil {
		t.Error(err)
	}
	for i, cursor := range append([]store.Cursor{""}, cursors...) {
		var rest []store.Cursor
		for change, err := range d.Feed(t.Context(), cursor) {
			if err != nil {
				t.Fatal(err)
			}
			rest = append(rest, change.Cursor)
		}
		if !slices.Equal(rest, cursors[i:]) {
			t.Errorf("after cursor %q: %q, want %q", cursor, rest, cursors[i:])
		}
	}
	for i := 1; i < len(cursors[0])+200; i++ { // within lines, and beyond the end
		cursor := store.Cursor(fmt.Sprint(i))
		if slices.Contains(cursors, cursor) {
			continue
		}
		for _, err := range d.Feed(t.Context(), cursor) {
			if !errors.Is(err, store.ErrInvalid) {
				t.Errorf("cursor %s: %v", cursor, err)
			}
			break
		}
	}
}

// TestDirDamaged damages files behind the store's back.
func TestDirDamaged(t *testing.T) {
	read := func(s store.Store, h store.Head, blob sign.Hash) (head, log, blobs, feed error) {
		_, head = s.Head(t.Context(), h.Tray)
		for _, err := range s.Log(t.Context(), h.Tray, 0) {
			log = err
		}
		_, blobs = s.Blob(t.Context(), h.Tray, blob)
		told := 0
		for _, err := range s.Feed(t.Context(), "") {
			if feed = err; err == nil {
				told++
			}
		}
		if feed == nil && told != int(h.Length) {
			feed = fmt.Errorf("the feed told %d entries of %d", told, h.Length)
		}
		return
	}
	corrupt := func(err error) bool { return errors.Is(err, store.ErrCorrupt) }
	missing := func(err error) bool { return errors.Is(err, store.ErrNotFound) }
	good := func(err error) bool { return err == nil }
	type verdict = func(error) bool
	for name, test := range map[string]struct {
		damage                func(log, blob, feed string) error
		head, log, blob, feed verdict
	}{
		"nothing": {func(log, blob, feed string) error { return nil }, good, good, good, good},
		"log cut": {func(log, blob, feed string) error { return os.Truncate(log, 10) }, corrupt, corrupt, good, good},
		"log with an empty line": {func(log, blob, feed string) error {
			return os.WriteFile(log, []byte("line-0\n\nline-1\nline-2\nline-3\n"), 0o600)
		}, nil, nil, good, good},
		"blob changed": {func(log, blob, feed string) error { return os.WriteFile(blob, []byte("A blob"), 0o600) }, good, good, corrupt, good},
		"blob cut":     {func(log, blob, feed string) error { return os.Truncate(blob, 0) }, good, good, corrupt, good},
		"blob too long": {func(log, blob, feed string) error { return os.Truncate(blob, store.MaxBlob+1) },
			good, good, corrupt, good},
		"blob gone": {func(log, blob, feed string) error { return os.Remove(blob) }, good, good, missing, good},
		"tray gone": {func(log, blob, feed string) error { return os.RemoveAll(filepath.Dir(log)) }, missing, missing, missing, nil},
		"feed changed": {func(log, blob, feed string) error {
			text, err := os.ReadFile(feed)
			return errors.Join(err, os.WriteFile(feed, []byte(strings.Replace(string(text), " 1 ", " 01", 1)), 0o600))
		}, good, good, good, corrupt},
		"feed cut": {func(log, blob, feed string) error { return os.Truncate(feed, 20) }, good, good, good, corrupt},
	} {
		t.Run(name, func(t *testing.T) {
			path := t.TempDir()
			d := openDir(t, path)
			h, blob := fill(t, d, 4)
			tray := filepath.Join(path, "trays", h.Tray.String())
			err := test.damage(filepath.Join(tray, "log"), filepath.Join(tray, "blobs", sign.Sum(blob).String()), filepath.Join(path, "feed"))
			if err != nil {
				t.Fatal(err)
			}
			head, log, blobs, feed := read(d, h, sign.Sum(blob))
			for what, got := range map[string]struct {
				err  error
				want verdict
			}{"head": {head, test.head}, "log": {log, test.log}, "blob": {blobs, test.blob}, "feed": {feed, test.feed}} {
				if got.want != nil && !got.want(got.err) {
					t.Errorf("%s: %v", what, got.err)
				}
			}
		})
	}
}

// A blob that went bad is mended when it comes again.
func TestDirMendsBlob(t *testing.T) {
	path := t.TempDir()
	d := openDir(t, path)
	h, blob := fill(t, d, 2)
	name := filepath.Join(path, "trays", h.Tray.String(), "blobs", sign.Sum(blob).String())
	if err := os.WriteFile(name, []byte("bad"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Append(t.Context(), h, []byte("again"), blob); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Blob(t.Context(), h.Tray, sign.Sum(blob)); err != nil || string(got) != string(blob) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestDirClosed(t *testing.T) {
	d := openDir(t, t.TempDir())
	h, blob := fill(t, d, 2)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	_, head := d.Head(t.Context(), h.Tray)
	_, blobErr := d.Blob(t.Context(), h.Tray, sign.Sum(blob))
	errs := map[string]error{
		"append": d.Append(t.Context(), h, []byte("line")), "head": head, "blob": blobErr, "close": d.Close(),
		"first": d.Append(t.Context(), store.Head{Tray: sign.Sum([]byte("new"))}, []byte("new")),
	}
	for _, err := range d.Log(t.Context(), h.Tray, 0) {
		errs["log"] = err
	}
	for _, err := range d.Feed(t.Context(), "") {
		errs["feed"] = err
	}
	if len(errs) != 7 {
		t.Errorf("%d answers, want 7", len(errs))
	}
	for what, err := range errs {
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestOpenDirRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", file, filepath.Join(file, "below"), "nul\x00byte"} {
		if d, err := store.OpenDir(path); err == nil {
			d.Close()
			t.Errorf("%q was opened", path)
		}
	}
}

// Two stores on one folder see what the other did, at once.
func TestTwoDirs(t *testing.T) {
	path := t.TempDir()
	dirs := [2]*store.Dir{openDir(t, path), openDir(t, path)}
	h := store.Head{Tray: sign.Sum([]byte("entry-0"))}
	var cursor store.Cursor
	for i := range 50 {
		line := fmt.Appendf(nil, "entry-%d", i)
		writer, reader := dirs[i/3%2], dirs[1-i/3%2]
		if err := writer.Append(t.Context(), h, line, line); err != nil {
			t.Fatal(err)
		}
		h = store.Head{Tray: h.Tray, Length: h.Length + 1, Hash: sign.Sum(line)}
		if got, err := reader.Head(t.Context(), h.Tray); err != nil || got != h {
			t.Fatalf("head %v, %v; want %v", got, err, h)
		}
		if _, err := reader.Blob(t.Context(), h.Tray, h.Hash); err != nil {
			t.Fatal(err)
		}
		told := 0
		for change, err := range reader.Feed(t.Context(), cursor) {
			if err != nil || change.Seq != uint64(i) {
				t.Fatalf("told %v, %v; want entry %d", change, err, i)
			}
			cursor = change.Cursor
			told++
		}
		if told != 1 {
			t.Fatalf("told %d changes", told)
		}
	}
}
