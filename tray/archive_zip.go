package tray

import (
	"encoding/binary"
	"fmt"
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
