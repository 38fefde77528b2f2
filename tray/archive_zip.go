package tray

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// The ZIP of a .tray file (PKWARE APPNOTE 6.3) leaves nothing to choose: files
// are stored, stand one right after the other in a fixed order, and whatever
// their headers say follows from name, length and CRC-32. So a file is read by
// writing it again and comparing: what is accepted is what would have been
// written. That leaves no room for compression bombs, overlapping or hidden
// files, names that lead elsewhere, doubled ones, bytes before or after, or two
// tools that see two different contents. archive/zip reads such a file, and
// cannot be asked whether it is one.

const (
	zipLocal   = 0x04034b50 // PK\3\4
	zipCentral = 0x02014b50 // PK\1\2
	zipEnd     = 0x06054b50 // PK\5\6
	zipVersion = 10         // 1.0: stored files, and made on a system without permissions
	zipDate    = 1<<5 | 1   // 1 January 1980: the time of every file
	zipHeader  = 30         // length of a local header without the name
)

// zipFile is one file of an archive.
type zipFile struct {
	name   string
	crc    uint32
	size   int64
	offset int64 // of the local header
}

// data gives the offset of the content.
func (f *zipFile) data() int64 { return f.offset + zipHeader + int64(len(f.name)) }

// common appends what local header and directory say alike.
func (f *zipFile) common(b []byte) []byte {
	le := binary.LittleEndian
	b = le.AppendUint16(b, zipVersion) // needed to extract
	b = le.AppendUint16(b, 0)          // flags
	b = le.AppendUint16(b, 0)          // method: stored
	b = le.AppendUint16(b, 0)          // time: midnight
	b = le.AppendUint16(b, zipDate)
	b = le.AppendUint32(b, f.crc)
	b = le.AppendUint32(b, uint32(f.size)) // compressed
	b = le.AppendUint32(b, uint32(f.size))
	b = le.AppendUint16(b, uint16(len(f.name)))
	return le.AppendUint16(b, 0) // extra field
}

// local gives the header that stands before the content.
func (f *zipFile) local() []byte {
	b := binary.LittleEndian.AppendUint32(nil, zipLocal)
	return append(f.common(b), f.name...)
}

// central gives the file's record in the directory.
func (f *zipFile) central() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, zipCentral)
	b = f.common(le.AppendUint16(b, zipVersion)) // made by
	b = append(b, make([]byte, 2+2+2+4)...)      // comment, disk, attributes
	b = le.AppendUint32(b, uint32(f.offset))
	return append(b, f.name...)
}

// zipTrailer gives the record after the directory, which stands between two
// offsets.
func zipTrailer(files int, start, end int64) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, zipEnd)
	b = le.AppendUint32(b, 0) // disks
	b = le.AppendUint16(b, uint16(files))
	b = le.AppendUint16(b, uint16(files))
	b = le.AppendUint32(b, uint32(end-start))
	b = le.AppendUint32(b, uint32(start))
	return le.AppendUint16(b, 0) // comment
}

// measure is a writer that keeps of what it is given only what a header says.
type measure struct {
	crc  uint32
	size int64
}

func (m *measure) Write(p []byte) (int, error) {
	m.crc = crc32.Update(m.crc, crc32.IEEETable, p)
	m.size += int64(len(p))
	return len(p), nil
}

// zipWriter writes an archive from front to back.
type zipWriter struct {
	w      io.Writer
	files  []zipFile
	offset int64
	tail   int64 // length of the directory so far
}

func (z *zipWriter) write(b []byte) error {
	n, err := z.w.Write(b)
	z.offset += int64(n)
	return err
}

// add writes a file. content is called twice, since a header stands before what
// it measures, and must give the same both times.
func (z *zipWriter) add(name string, content func(io.Writer) error) error {
	var first, second measure
	if err := content(&first); err != nil {
		return err
	}
	f := zipFile{name: name, crc: first.crc, size: first.size, offset: z.offset}
	z.tail += int64(len(f.central()))
	if len(z.files) == maxArchiveFiles {
		return refuse(TooMany, "more than %d files in an archive", maxArchiveFiles)
	}
	if f.data()+f.size+z.tail+int64(len(zipTrailer(0, 0, 0))) > maxArchive {
		return refuse(TooMany, "an archive of more than %d bytes", int64(maxArchive))
	}
	if err := z.write(f.local()); err != nil {
		return err
	}
	if err := content(io.MultiWriter(z.w, &second)); err != nil {
		return err
	}
	if first != second {
		return fmt.Errorf("tray: %s changed while it was written", name)
	}
	z.offset += f.size
	z.files = append(z.files, f)
	return nil
}

// close writes the directory.
func (z *zipWriter) close() error {
	start := z.offset
	for i := range z.files {
		if err := z.write(z.files[i].central()); err != nil {
			return err
		}
	}
	return z.write(zipTrailer(len(z.files), start, z.offset))
}

// zipReader reads an archive from front to back, in the memory that its list of
// files takes.
type zipReader struct {
	r      *bufio.Reader
	size   int64
	offset int64
	files  []zipFile
}

func newZipReader(r io.ReaderAt, size int64) *zipReader {
	return &zipReader{r: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 64<<10), size: size}
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

// content reads the content of the file that next announced, and gives it to
// consume as well, which must read all of it.
func (z *zipReader) content(f *zipFile, consume func(io.Reader) error) error {
	var crc hash.Hash32 = crc32.NewIEEE()
	left := &io.LimitedReader{R: z.r, N: f.size}
	if err := consume(io.TeeReader(left, crc)); err != nil {
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
	if _, err := z.r.ReadByte(); err != io.EOF {
		if err != nil {
			return z.failed(err)
		}
		return z.broken("bytes after the end")
	}
	return nil
}
