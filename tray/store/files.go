package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// fileSystem is all that a directory store asks of the system, so that tests
// can make any single operation fail, and lose what was not synced. Names are
// slash-separated and relative to the store's folder.
type fileSystem interface {
	Open(name string, flag int) (file, error) // flags as of os.OpenFile
	Size(name string) (int64, error)
	Mkdir(name string) error // nil if it is there
	Rename(from, to string) error
	Remove(name string) error
	List(dir string) ([]string, error)
	SyncDir(dir string) error // makes the names in dir durable
	Close() error
}

type file interface {
	io.ReaderAt
	io.WriterAt
	Size() (int64, error)
	Truncate(size int64) error
	Sync() error
	Lock() error // exclusive, among processes and among opened files; waits
	Unlock() error
	Close() error // unlocks
}

// diskFiles is the folder on disk. Going through os.Root, no name leads out of
// it, not even by a symbolic link.
type diskFiles struct{ root *os.Root }

func (d diskFiles) Open(name string, flag int) (file, error) {
	f, err := d.root.OpenFile(name, flag, 0o600)
	if err != nil {
		return nil, err
	}
	return diskFile{f}, nil
}

func (d diskFiles) Size(name string) (int64, error) {
	info, err := d.root.Stat(name)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (d diskFiles) Mkdir(name string) error {
	if err := d.root.Mkdir(name, 0o700); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func (d diskFiles) Rename(from, to string) error { return d.root.Rename(from, to) }
func (d diskFiles) Remove(name string) error     { return d.root.Remove(name) }
func (d diskFiles) Close() error                 { return d.root.Close() }

func (d diskFiles) List(dir string) ([]string, error) {
	f, err := d.root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}

func (d diskFiles) SyncDir(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return syncDir(f)
}

type diskFile struct{ *os.File }

func (f diskFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f diskFile) Lock() error   { return lockFile(f.File) }
func (f diskFile) Unlock() error { return unlockFile(f.File) }
