package tray

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// medium is a reader that fails from some byte on.
type medium struct {
	b    []byte
	good int64
}

func (m medium) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > m.good {
		n := copy(p, m.b[min(off, m.good):m.good])
		return n, errMedium
	}
	return bytes.NewReader(m.b).ReadAt(p, off)
}

func TestArchiveOnBadDisk(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	b, _ := export(t, r.prefix(t, 2), r.id)
	for _, n := range every(len(b), 3) {
		if _, err := OpenArchive(medium{b, int64(n)}, int64(len(b))); !errors.Is(err, errMedium) || errors.Is(err, Malformed) {
			t.Fatalf("unreadable from byte %d of %d: %v", n, len(b), err)
		}
	}
	m := &medium{b, int64(len(b))}
	a, err := OpenArchive(m, int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	m.good = 0
	if _, err := a.Blob(ctx, r.id, r.template.Digest()); !errors.Is(err, errMedium) {
		t.Errorf("blob: %v", err)
	}
	for _, err := range a.Log(ctx, r.id, 0) {
		if !errors.Is(err, errMedium) {
			t.Errorf("log: %v", err)
		}
	}
	for _, size := range []int64{int64(len(b)) + 1, int64(len(b)) - 1, 0, 21} {
		if _, err := OpenArchive(bytes.NewReader(b), size); !errors.Is(err, Malformed) {
			t.Errorf("said to be of %d bytes: %v", size, err)
		}
	}
}

func TestArchiveLimits(t *testing.T) {
	for _, size := range []int64{-1, math.MinInt64, maxArchive + 1, math.MaxInt64} {
		if _, err := OpenArchive(medium{}, size); !errors.Is(err, Malformed) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if _, err := OpenArchive(medium{}, maxArchive); !errors.Is(err, errMedium) {
		t.Errorf("at the bound the file is read: %v", err)
	}

	mark := content{archiveMark, []byte(ArchiveType)}
	blob := func(n int) content {
		data := bytes.Repeat([]byte("x"), n)
		return content{archiveBlob + sign.Sum(data).String(), data}
	}
	log := func(n int) content {
		return content{archiveLog, append(bytes.Repeat([]byte("x"), n), '\n')}
	}
	tpl := func(n int) content { return content{archiveTemplate, bytes.Repeat([]byte("x"), n)} }
	for _, c := range []struct {
		name  string
		files []content
		good  bool
	}{
		{"small", []content{mark, log(1), tpl(1)}, true},
		{"largest blob", []content{mark, blob(store.MaxBlob), log(1), tpl(1)}, true},
		{"blob too large", []content{mark, blob(store.MaxBlob + 1), log(1), tpl(1)}, false},
		{"longest line", []content{mark, log(store.MaxLine), tpl(1)}, true},
		{"line too long", []content{mark, log(store.MaxLine + 1), tpl(1)}, false},
		{"largest template", []content{mark, log(1), tpl(store.MaxBlob)}, true},
		{"template too large", []content{mark, log(1), tpl(store.MaxBlob + 1)}, false},
		{"empty line", []content{mark, log(0), tpl(1)}, false},
		{"name too long", []content{mark, {archiveBlob + strings.Repeat("0", 65), nil}, log(1), tpl(1)}, false},
	} {
		if _, err := openArchive(rewrite(t, c.files)); (err == nil) != c.good || err != nil && !errors.Is(err, Malformed) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestArchiveMostFiles is at the bound of what a ZIP can count, and one past.
func TestArchiveMostFiles(t *testing.T) {
	for _, more := range []int{0, 1} {
		var blobs []sign.Hash
		data := make(map[sign.Hash][]byte)
		for i := range maxArchiveFiles - 3 + more {
			d := binary.BigEndian.AppendUint32(nil, uint32(i))
			h := sign.Sum(d)
			data[h] = d
			blobs = append(blobs, h)
		}
		slices.SortFunc(blobs, compareHashes)
		var b bytes.Buffer
		z := &zipWriter{w: &b}
		add := func(name string, data []byte) error {
			if len(z.files) < maxArchiveFiles {
				return z.add(name, bytesOf(data))
			}
			err := z.add(name, bytesOf(data))
			if !errors.Is(err, TooMany) {
				t.Errorf("one file too many: %v", err)
			}
			f := zipFile{name: name, crc: crc32.ChecksumIEEE(data), size: int64(len(data)), offset: z.offset}
			z.files = append(z.files, f)
			return z.write(append(f.local(), data...))
		}
		err := add(archiveMark, []byte(ArchiveType))
		for _, h := range blobs {
			err = errors.Join(err, add(archiveBlob+h.String(), data[h]))
		}
		err = errors.Join(err, add(archiveLog, []byte("x\n")), add(archiveTemplate, []byte("x")), z.close())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := openArchive(b.Bytes()); (err == nil) != (more == 0) || err != nil && !strings.Contains(err.Error(), "more than") {
			t.Errorf("%d files: %v", len(z.files), err)
		}
	}
}

// TestArchiveTooLarge does not write what a ZIP cannot say.
func TestArchiveTooLarge(t *testing.T) {
	z := &zipWriter{w: io.Discard}
	chunk := make([]byte, store.MaxBlob)
	var err error
	n := 0
	for ; err == nil && n < 2000; n++ {
		z.offset += 63 * int64(len(chunk)) // as if they had been written
		err = z.add("x", bytesOf(chunk))
	}
	if !errors.Is(err, TooMany) || z.offset > maxArchive || n != 16 {
		t.Errorf("after %d times 256 MiB: %v", n, err)
	}
}
