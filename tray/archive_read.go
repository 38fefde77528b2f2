package tray

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"strings"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// OpenArchive reads a .tray file of size bytes. It demands that the file is
// what [Export] writes, byte for byte, and that every blob is what its name
// says; anything else is [Malformed]. It reads the file once, in little memory,
// and verifies no signature: nothing in it is to be believed before it was
// opened with [OpenAt] or [Open], or went through [Archive.Check].
//
// r is read again later, and must not change meanwhile.
func OpenArchive(r io.ReaderAt, size int64) (*Archive, error) {
	if size < 0 || size > maxArchive {
		return nil, fmt.Errorf("%w: archive: not of 0 to %d bytes", Malformed, maxArchive)
	}
	a := &archiveReader{
		zipReader: zipReader{r: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), int(min(max(size, 4<<10), 64<<10))), size: size},
		Archive:   &Archive{r: r},
	}
	previous := ""
	for {
		f, more, err := a.next()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		read := a.reader(previous, f.name)
		if read == nil {
			return nil, a.broken("not the file that stands here")
		}
		if err := a.content(&f, read); err != nil {
			return nil, err
		}
		previous = f.name
	}
	if previous != archiveTemplate {
		return nil, a.broken("files are missing")
	}
	n := len(a.files)
	a.Archive.blobs, a.Archive.log, a.Archive.template = a.files[1:n-2], a.files[n-2], a.files[n-1]
	if err := a.end(); err != nil {
		return nil, err
	}
	return a.Archive, nil
}

// archiveReader reads the files of an archive.
type archiveReader struct {
	zipReader
	*Archive
}

// reader gives what reads the file of a name that stands behind another, or nil
// if it cannot stand there.
func (a *archiveReader) reader(previous, name string) func(*zipFile, io.Reader) error {
	blobs := previous == archiveMark || strings.HasPrefix(previous, archiveBlob)
	switch {
	case name == archiveMark && previous == "":
		return a.readMark
	case strings.HasPrefix(name, archiveBlob) && blobs && (previous == archiveMark || previous < name):
		return a.readBlob
	case name == archiveLog && blobs:
		return a.readLog
	case name == archiveTemplate && previous == archiveLog:
		return a.readTemplate
	}
	return nil
}

func (a *archiveReader) readMark(f *zipFile, content io.Reader) error {
	got := make([]byte, len(ArchiveType))
	if _, err := io.ReadFull(content, got); err != nil {
		return a.failed(err)
	}
	if f.size != int64(len(got)) || string(got) != ArchiveType {
		return a.broken("not the type of a .tray file")
	}
	return nil
}

func (a *archiveReader) readBlob(f *zipFile, content io.Reader) error {
	want, err := sign.ParseHash(f.name[len(archiveBlob):])
	if err != nil {
		return a.broken("not the name of a blob")
	}
	got, err := a.digest(f, content)
	if err == nil && got != want {
		err = a.broken("a blob is not what its name says")
	}
	return err
}

func (a *archiveReader) readTemplate(f *zipFile, content io.Reader) (err error) {
	a.digestOfTemplate, err = a.digest(f, content)
	return err
}

// digest hashes the content of a blob.
func (a *archiveReader) digest(f *zipFile, content io.Reader) (sign.Hash, error) {
	if f.size > store.MaxBlob {
		return sign.Hash{}, a.broken("a blob of more than %d bytes", store.MaxBlob)
	}
	h := sha256.New()
	if _, err := io.Copy(h, content); err != nil {
		return sign.Hash{}, a.failed(err)
	}
	return sign.Hash(h.Sum(nil)), nil
}

// readLog finds the head.
func (a *archiveReader) readLog(f *zipFile, content io.Reader) error {
	for line, err := range linesOf(content, f.size) {
		switch {
		case errors.Is(err, errLine):
			return a.broken("%v", err)
		case err != nil:
			return a.failed(err)
		}
		a.head.Hash = sign.Sum(line)
		if a.head.Length == 0 {
			a.head.Tray = a.head.Hash
		}
		a.head.Length++
	}
	if a.head.Length == 0 {
		return a.broken("a log without entries")
	}
	return nil
}

// errLine is a line that no store takes.
var errLine = fmt.Errorf("a line that is empty, without end, or of more than %d bytes", store.MaxLine)

// linesOf gives the lines of size bytes, without their newlines. Each is
// overwritten by the next.
func linesOf(r io.Reader, size int64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		in := bufio.NewReaderSize(r, int(min(size, store.MaxLine+1)))
		for {
			line, err := in.ReadSlice('\n')
			switch {
			case err == io.EOF && len(line) == 0:
				return
			case err == io.EOF, err == bufio.ErrBufferFull, err == nil && len(line) == 1:
				err = errLine
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(line[:len(line)-1], nil) {
				return
			}
		}
	}
}

// zipReader reads an archive from front to back, in the memory that its list of
// files takes.
type zipReader struct {
	r      *bufio.Reader
	size   int64
	offset int64
	files  []zipFile
}

// broken refuses an archive, at the place that is reached.
func (z *zipReader) broken(format string, args ...any) error {
	return fmt.Errorf("%w: archive: at byte %d: %s", Malformed, z.offset, fmt.Sprintf(format, args...))
}

// failed tells an archive that is cut short from a medium that fails.
func (z *zipReader) failed(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return z.broken("cut short")
	}
	return fmt.Errorf("tray: reading the archive: %w", err)
}

// expect demands bytes.
func (z *zipReader) expect(want []byte, what string) error {
	got := make([]byte, len(want))
	if _, err := io.ReadFull(z.r, got); err != nil {
		return z.failed(err)
	}
	if !bytes.Equal(got, want) {
		return z.broken("not the one encoding of %s", what)
	}
	z.offset += int64(len(want))
	return nil
}

// next reads the header of a file, whose content must be read next, through
// [zipReader.content]; ok is false at the directory.
func (z *zipReader) next() (f zipFile, ok bool, err error) {
	header, err := z.r.Peek(zipHeader)
	le := binary.LittleEndian
	if len(header) >= 4 && le.Uint32(header) == zipCentral {
		return f, false, nil
	}
	if err != nil {
		return f, false, z.failed(err)
	}
	if len(z.files) == maxArchiveFiles {
		return f, false, z.broken("more than %d files", maxArchiveFiles)
	}
	n := int(le.Uint16(header[26:]))
	if n > maxArchiveName {
		return f, false, z.broken("a name of more than %d bytes", maxArchiveName)
	}
	f = zipFile{crc: le.Uint32(header[14:]), size: int64(le.Uint32(header[22:])), offset: z.offset}
	if header, err = z.r.Peek(zipHeader + n); err != nil {
		return f, false, z.failed(err)
	}
	f.name = string(header[zipHeader:])
	if err := z.expect(f.local(), "a file's header"); err != nil {
		return f, false, err
	}
	if f.size > z.size-z.offset {
		return f, false, z.broken("cut short")
	}
	z.files = append(z.files, f)
	return f, true, nil
}

// content has the content of the file that next announced read, all of it, and
// checks its sum.
func (z *zipReader) content(f *zipFile, read func(*zipFile, io.Reader) error) error {
	crc := crc32.NewIEEE()
	left := &io.LimitedReader{R: z.r, N: f.size}
	if err := read(f, io.TeeReader(left, crc)); err != nil {
		return err
	}
	if left.N > 0 {
		return z.broken("cut short")
	}
	if crc.Sum32() != f.crc {
		return z.broken("the check sum of a file is another")
	}
	z.offset += f.size
	return nil
}

// end reads the directory, which says nothing new, and demands that nothing
// follows it.
func (z *zipReader) end() error {
	start := z.offset
	for i := range z.files {
		if err := z.expect(z.files[i].central(), "the directory"); err != nil {
			return err
		}
	}
	if err := z.expect(zipTrailer(len(z.files), start, z.offset), "the directory's end"); err != nil {
		return err
	}
	if z.offset < z.size {
		return z.broken("bytes after the end")
	}
	return nil
}
