package store

import (
	"bufio"
	"errors"
	"io"
)

// errLong is a line that is longer than any that was ever written.
var errLong = errors.New("line too long")

// lineReader reads what stands between two offsets of a file, line by line, in
// bounded memory whatever the file holds.
type lineReader struct {
	r    *bufio.Reader
	max  int   // longest line, without its newline
	next int64 // offset after the line read last
	buf  []byte
}

func newLineReader(f io.ReaderAt, from, to int64, max int) *lineReader {
	size := min(to-from, 64<<10)
	return &lineReader{
		r:    bufio.NewReaderSize(io.NewSectionReader(f, from, to-from), int(size)),
		max:  max,
		next: from,
	}
}

// read returns the next line without its newline; the slice is overwritten by
// the next call. At the end it returns io.EOF, or io.ErrUnexpectedEOF with what
// follows the last newline. Of a line that is longer than max it returns max
// bytes and errLong, and the line after it can be read.
func (l *lineReader) read() ([]byte, error) {
	l.buf = l.buf[:0]
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		l.next += int64(len(part))
		if err == nil {
			part = part[:len(part)-1]
		}
		if room := l.max - len(l.buf); len(part) > room {
			part, long = part[:room], true
		}
		started := len(l.buf) > 0 || len(part) > 0 || long
		l.buf = append(l.buf, part...)
		switch {
		case err == bufio.ErrBufferFull:
		case err == io.EOF && !started:
			return nil, io.EOF
		case err != nil && err != io.EOF:
			return nil, err
		case long:
			return l.buf, errLong
		case err == io.EOF:
			return l.buf, io.ErrUnexpectedEOF
		default:
			return l.buf, nil
		}
	}
}
