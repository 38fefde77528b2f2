package main

import (
	"io"
	"os"
)

// standardOutput is where the story is printed.
func standardOutput() io.Writer {
	if closed(os.Stdout) {
		return nowhere{}
	}
	return os.Stdout
}

// closed tells whether a program was started with its standard output closed, in
// the place of which the runtime opens the null device. It does so for reading,
// too, which a shell's > does not.
func closed(out *os.File) bool {
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return false
	}
	if is, err := out.Stat(); err != nil || !os.SameFile(null, is) {
		return false
	}
	_, err = out.Read(make([]byte, 1))
	return err == io.EOF
}

// nowhere is a standard output that is closed.
type nowhere struct{}

func (nowhere) Write([]byte) (int, error) { return 0, os.ErrClosed }
