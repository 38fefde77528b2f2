package tray

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// content is a file for an archive.
type content struct {
	name string
	data []byte
}

// rewrite makes an archive of any files, with everything that a ZIP says of
// them in order.
func rewrite(t testing.TB, files []content) []byte {
	t.Helper()
	var b bytes.Buffer
	z := &zipWriter{w: &b}
	for _, f := range files {
		if err := z.add(f.name, bytesOf(f.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpack gives the files of an archive.
func unpack(t testing.TB, b []byte) []content {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var files []content
	for _, f := range z.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, content{f.Name, data})
	}
	return files
}

// filesOf gives the files of an archive with the log of a store, valid or not.
func filesOf(t testing.TB, m *store.Memory, r *rich) []content {
	t.Helper()
	var log []byte
	for line, err := range m.Log(t.Context(), r.id, 0) {
		if err != nil {
			t.Fatal(err)
		}
		log = append(append(log, line...), '\n')
	}
	return []content{{archiveMark, []byte(ArchiveType)}, {archiveLog, log}, {archiveTemplate, r.template.Canonical()}}
}

// TestArchiveBits flips every bit of an archive, cuts it at every byte of what a
// ZIP adds to files and at some of these, and doubles and removes such bytes.
func TestArchiveBits(t *testing.T) {
	r := newRich(t)
	b, _ := export(t, r.prefix(t, 2), r.id)
	cases := 0
	refused := func(what string, at int, b []byte) {
		cases++
		if _, err := openArchive(b); !errors.Is(err, Malformed) {
			t.Fatalf("%s at %d of %d: %v", what, at, len(b), err)
		}
	}
	a, err := openArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	content := make([]bool, len(b))
	for _, f := range slices.Concat(a.blobs, []zipFile{a.log, a.template}) {
		for i := range f.size {
			content[f.data()+i] = true
		}
	}
	buf := bytes.Clone(b)
	for i := range b {
		for bit := range 8 {
			if testing.Short() && content[i] && bit != i%8 {
				continue
			}
			buf[i] ^= 1 << bit
			refused("a flipped bit", i, buf)
			buf[i] ^= 1 << bit
		}
		if content[i] && i%11 > 0 {
			continue
		}
		refused("cut", i, b[:i])
		refused("begins", i+1, b[i+1:])
		refused("a byte removed", i, slices.Delete(bytes.Clone(b), i, i+1))
		if i > 0 && b[i-1] == b[i] {
			continue // the same file as doubling the one before
		}
		refused("a byte doubled", i, slices.Insert(bytes.Clone(b), i, b[i]))
	}
	refused("more", len(b), append(bytes.Clone(b), 0))
	refused("twice", len(b), append(bytes.Clone(b), b...))
	t.Logf("%d changes of %d bytes, all found", cases, len(b))
}

// TestArchiveFiles changes what an archive holds, and makes a ZIP of it that is
// in order: found when it is opened, checked, or held against the head.
func TestArchiveFiles(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	n := 9
	m := r.prefix(t, n)
	b, inv := export(t, m, r.id)
	head := store.Head{Tray: r.id, Length: uint64(n), Hash: sign.Sum(r.lines[n-1])}
	files := unpack(t, b)
	if !bytes.Equal(rewrite(t, files), b) {
		t.Fatal("the same files make another archive")
	}
	cases := make(map[string]int)
	found := func(what string, files []content) {
		t.Helper()
		cases[what]++
		changed := rewrite(t, files)
		if bytes.Equal(changed, b) {
			t.Fatalf("%s: nothing was changed", what)
		}
		a, err := openArchive(changed)
		if err != nil {
			if !errors.Is(err, Malformed) {
				t.Errorf("%s: %v", what, err)
			}
			return
		}
		if what == "doubled" || what == "moved" {
			t.Errorf("%s: opened", what)
		}
		if got, err := a.Check(ctx); err != nil || len(got.Missing) > 0 {
			return
		}
		if _, err := OpenAt(ctx, a, head, nil); err == nil {
			t.Errorf("%s: not found", what)
		}
	}
	at := func(name string) int {
		return slices.IndexFunc(files, func(f content) bool { return f.name == name })
	}
	with := func(i int, f content) []content {
		out := slices.Clone(files)
		out[i] = f
		return out
	}
	for i, f := range files {
		found("removed", slices.Delete(slices.Clone(files), i, i+1))
		found("doubled", slices.Insert(slices.Clone(files), i, f))
		found("emptied", with(i, content{f.name, nil}))
		found("longer", with(i, content{f.name, append(bytes.Clone(f.data), '\n')}))
		found("shorter", with(i, content{f.name, f.data[:len(f.data)-1]}))
		for _, name := range []string{"", "x", "../x", "/" + f.name, f.name + "/", strings.ToUpper(f.name), "blobs/" + strings.Repeat("0", 64), "blobs/" + strings.Repeat("F", 64), "a" + f.name} {
			if len(name) <= maxArchiveName+1 && name != f.name {
				found("renamed", with(i, content{name, f.data}))
			}
		}
		for j := range i {
			order := slices.Clone(files)
			order[i], order[j] = order[j], order[i]
			found("moved", order)
			order = slices.Clone(files)
			order[i].data, order[j].data = order[j].data, order[i].data
			found("swapped", order)
		}
		for _, at := range slices.Concat(every(len(f.data), 97), []int{0, len(f.data) - 1}) {
			data := bytes.Clone(f.data)
			data[at] ^= 1
			found("a bit flipped", with(i, content{f.name, data}))
		}
	}
	add := func(data []byte) []content {
		f := content{archiveBlob + sign.Sum(data).String(), data}
		i, _ := slices.BinarySearchFunc(files[1:], f.name, func(f content, name string) int { return strings.Compare(f.name, name) })
		return slices.Insert(slices.Clone(files), i+1, f)
	}
	found("a blob smuggled in", add([]byte("not of this tray")))
	found("the template as a blob", add(r.template.Canonical()))
	dropped, err := m.Blob(ctx, r.id, r.withdrawn)
	if err != nil {
		t.Fatal(err)
	}
	found("a dropped blob", add(dropped)) // for whoever has the link
	log := at(archiveLog)
	lines := bytes.SplitAfter(bytes.TrimSuffix(files[log].data, []byte("\n")), []byte("\n"))
	lines[len(lines)-1] = append(bytes.Clone(lines[len(lines)-1]), '\n')
	for i := range lines {
		found("a line removed", with(log, content{archiveLog, bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil)}))
		found("a line doubled", with(log, content{archiveLog, bytes.Join(slices.Insert(slices.Clone(lines), i, lines[i]), nil)}))
		found("cut short", with(log, content{archiveLog, bytes.Join(lines[:i], nil)}))
		found("an empty line", with(log, content{archiveLog, bytes.Join(slices.Insert(slices.Clone(lines), i, []byte("\n")), nil)}))
		found("a carriage return", with(log, content{archiveLog, bytes.Join(slices.Replace(slices.Clone(lines), i, i+1, append(bytes.TrimSuffix(bytes.Clone(lines[i]), []byte("\n")), '\r', '\n')), nil)}))
		for j := range i {
			order := slices.Clone(lines)
			order[i], order[j] = order[j], order[i]
			found("lines swapped", with(log, content{archiveLog, bytes.Join(order, nil)}))
		}
	}
	// What is of another tray, of the same template, moved in.
	other := newRich(t)
	foreign, _ := export(t, other.prefix(t, n), other.id)
	for _, f := range unpack(t, foreign) {
		switch {
		case f.name == archiveLog:
			found("another log", with(log, f))
		case strings.HasPrefix(f.name, archiveBlob):
			found("another's blob", add(f.data))
			for i := range files {
				if strings.HasPrefix(files[i].name, archiveBlob) {
					found("another's blob in place of one", with(i, content{files[i].name, f.data}))
					found("another's blob instead of one", slices.DeleteFunc(add(f.data), func(f content) bool { return f.name == files[i].name }))
				}
			}
		}
	}
	for i := range lines {
		for _, line := range other.lines[:n] {
			line = append(bytes.Clone(line), '\n')
			found("another's line in place of one", with(log, content{archiveLog, bytes.Join(slices.Replace(slices.Clone(lines), i, i+1, line), nil)}))
			found("another's line before one", with(log, content{archiveLog, bytes.Join(slices.Insert(slices.Clone(lines), i, line), nil)}))
		}
	}
	total := 0
	for what, n := range cases {
		t.Logf("%5d %s", n, what)
		total += n
	}
	if total < 500 || inv.Blobs == 0 {
		t.Fatalf("only %d cases", total)
	}
	t.Logf("%5d changes, all found", total)
}

// every gives the numbers below n, step apart.
func every(n, step int) []int {
	var out []int
	for i := 0; i < n; i += step {
		out = append(out, i)
	}
	return out
}

// TestArchiveOfOtherTools packs the same files with archive/zip, in ways that
// are all in order for a ZIP, and none for a .tray file.
func TestArchiveOfOtherTools(t *testing.T) {
	r := newRich(t)
	b, _ := export(t, r.prefix(t, 2), r.id)
	files := unpack(t, b)
	pack := func(header func(h *zip.FileHeader), comment string) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for _, f := range files {
			h := &zip.FileHeader{Name: f.name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(f.data),
				CompressedSize64: uint64(len(f.data)), UncompressedSize64: uint64(len(f.data))}
			header(h)
			w, err := z.CreateRaw(h)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(f.data); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.SetComment(comment); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	cases := map[string][]byte{
		"as it is":        pack(func(*zip.FileHeader) {}, ""), // archive/zip needs another version, and has no date
		"comment":         pack(func(*zip.FileHeader) {}, "a comment"),
		"file comment":    pack(func(h *zip.FileHeader) { h.Comment = "x" }, ""),
		"extra field":     pack(func(h *zip.FileHeader) { h.Extra = []byte{1, 0, 0, 0} }, ""),
		"UTF-8":           pack(func(h *zip.FileHeader) { h.Flags = 0x800 }, ""),
		"data descriptor": pack(func(h *zip.FileHeader) { h.Flags = 8 }, ""),
		"encrypted":       pack(func(h *zip.FileHeader) { h.Flags = 1 }, ""),
		"compressed":      pack(func(h *zip.FileHeader) { h.Method = zip.Deflate }, ""),
		"time":            pack(func(h *zip.FileHeader) { h.Modified = time.Unix(1e9, 0) }, ""),
		"symbolic link":   pack(func(h *zip.FileHeader) { h.SetMode(0o777 | 1<<27) }, ""),
		"self-extracting": append([]byte("#!/bin/sh\nexit\n"), b...),
	}
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create(archiveMark)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 10<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	cases["bomb"] = bomb.Bytes()
	for name, b := range cases {
		if _, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil {
			t.Errorf("%s: is no ZIP: %v", name, err)
		}
		if _, err := openArchive(b); !errors.Is(err, Malformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(cases) < 10 {
		t.Fatal("too few cases")
	}
}

// TestArchiveOverlap has two records of the directory share one content, as
// the best bombs do.
func TestArchiveOverlap(t *testing.T) {
	r := newRich(t)
	b, _ := export(t, r.prefix(t, 2), r.id)
	i := bytes.Index(b, binary.LittleEndian.AppendUint32(nil, zipCentral))
	end := bytes.LastIndex(b, binary.LittleEndian.AppendUint32(nil, zipEnd))
	first := 46 + len(archiveMark)
	doubled := slices.Insert(bytes.Clone(b), end, b[i:i+first]...)
	le := binary.LittleEndian
	tail := doubled[end+first:]
	le.PutUint16(tail[8:], le.Uint16(tail[8:])+1)
	le.PutUint16(tail[10:], le.Uint16(tail[10:])+1)
	le.PutUint32(tail[12:], le.Uint32(tail[12:])+uint32(first))
	if z, err := zip.NewReader(bytes.NewReader(doubled), int64(len(doubled))); err != nil || len(z.File) != len(unpack(t, b))+1 {
		t.Fatalf("no ZIP that overlaps: %v", err)
	}
	if _, err := openArchive(doubled); !errors.Is(err, Malformed) {
		t.Errorf("overlapping files: %v", err)
	}
}

// FuzzOpenArchive: what is accepted is what its files are written as. The seeds
// hold no tray, since playing one takes a fuzzer longer than it has.
func FuzzOpenArchive(f *testing.F) {
	mark, log, tpl := content{archiveMark, []byte(ArchiveType)}, content{archiveLog, []byte("x\ny\n")}, content{archiveTemplate, []byte("{}")}
	blob := content{archiveBlob + sign.Sum([]byte("blob")).String(), []byte("blob")}
	f.Add(rewrite(f, []content{mark, log, tpl}))
	f.Add(rewrite(f, []content{mark, blob, log, tpl}))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := openArchive(b)
		if err != nil {
			if !errors.Is(err, Malformed) {
				t.Errorf("refused without saying that it is malformed: %v", err)
			}
			return
		}
		if again := rewrite(t, unpack(t, b)); !bytes.Equal(again, b) {
			t.Error("two encodings")
		}
		if _, err := a.Check(t.Context()); err == nil {
			again, _ := export(t, a, a.Tray())
			if !bytes.Equal(again, b) {
				t.Error("the export is another file")
			}
		}
	})
}
