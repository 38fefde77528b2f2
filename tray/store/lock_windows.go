package store

import (
	"os"
	"syscall"
	"unsafe"
)

var (
	kernel32     = syscall.NewLazyDLL("kernel32.dll")
	lockFileEx   = kernel32.NewProc("LockFileEx")
	unlockFileEx = kernel32.NewProc("UnlockFileEx")
)

const lockfileExclusiveLock = 2

// lockRegion is one byte far beyond the end of every file: Windows locks are
// mandatory, and readers need no lock.
func lockRegion() *syscall.Overlapped {
	return &syscall.Overlapped{OffsetHigh: 1 << 30}
}

func lockFile(f *os.File) error {
	return call(f, "LockFileEx", lockFileEx, lockfileExclusiveLock, 0, 1, 0, uintptr(unsafe.Pointer(lockRegion())))
}

func unlockFile(f *os.File) error {
	return call(f, "UnlockFileEx", unlockFileEx, 0, 1, 0, uintptr(unsafe.Pointer(lockRegion())))
}

func call(f *os.File, op string, proc *syscall.LazyProc, args ...uintptr) error {
	if err := proc.Find(); err != nil {
		return err
	}
	if ok, _, err := proc.Call(append([]uintptr{f.Fd()}, args...)...); ok == 0 {
		return &os.PathError{Op: op, Path: f.Name(), Err: err}
	}
	return nil
}

// syncDir has nothing to do: NTFS keeps its names in a journal, and a folder
// cannot be flushed.
func syncDir(*os.File) error { return nil }
