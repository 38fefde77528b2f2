package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/vassoio/vassoio/tray"
)

// leave exports the tray as one file, and everybody's keys if it was asked for. Keys are exported by a demonstration only: they stay with whom they belong to.
func (s *story) leave() error {
	var files []leaving
	if s.keys {
		for name, id := range map[string]*tray.Identity{"sales": s.sales, "customer": s.customer, "care": s.care} {
			files = append(files, leaving{s.keyFile(name), id.Export})
		}
	}
	files = append(files, leaving{filepath.Join(s.dir, "order.tray"), func(w io.Writer) error {
		inventory, err := tray.Export(s.ctx, s.host, s.id, w)
		if err == nil && len(inventory.Missing) > 0 {
			err = fmt.Errorf("%d files are missing in the store", len(inventory.Missing))
		}
		return err
	}})
	return leaveAll(s.dir, files)
}

// leaving is a file that is to be left, and what writes it.
type leaving struct {
	name  string
	write func(io.Writer) error
}

// leaveAll writes files to other names in the folder, and gives them their own
// once all are safe on the disk: if it is full, what was there before is there still.
func leaveAll(dir string, files []leaving) error {
	temporary := make([]string, len(files))
	defer func() {
		for _, name := range temporary {
			os.Remove(name) // what has its own name by now is not found
		}
	}()
	for i, file := range files {
		f, err := os.CreateTemp(dir, ".leaving-*") // for nobody else to read
		if err != nil {
			return err
		}
		temporary[i] = f.Name()
		err = file.write(f)
		if err == nil {
			err = f.Sync()
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	for i, file := range files {
		if err := os.Rename(temporary[i], file.name); err != nil {
			return err
		}
	}
	if runtime.GOOS == "windows" { // which keeps names in a journal, and cannot flush a folder
		return nil
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
