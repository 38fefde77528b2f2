//go:build unix && !solaris && !illumos && !aix

package store

import (
	"os"
	"syscall"
)

// flock belongs to the opened file, so it also keeps apart two stores that one
// process opened on one folder; fcntl's locks belong to the process.
func lockFile(f *os.File) error   { return flock(f, syscall.LOCK_EX) }
func unlockFile(f *os.File) error { return flock(f, syscall.LOCK_UN) }

func flock(f *os.File, how int) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var locked error
	closed := conn.Control(func(fd uintptr) {
		for {
			if locked = syscall.Flock(int(fd), how); locked != syscall.EINTR {
				return
			}
		}
	})
	if closed != nil {
		locked = os.ErrClosed
	}
	if locked != nil {
		return &os.PathError{Op: "flock", Path: f.Name(), Err: locked}
	}
	return nil
}

func syncDir(dir *os.File) error { return dir.Sync() }
