package store

import (
	"os"
	"path/filepath"
	"testing"
)

// A store is made with the folders that it stands in, where they are missing, and
// not where something else stands in the way.
func TestOpenDirMakesFolders(t *testing.T) {
	top := t.TempDir()
	deep := filepath.Join(top, "a", "b", "c")
	for range 2 { // made, then found
		d, err := OpenDir(deep)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for path := deep; path != top; path = filepath.Dir(path) {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
	t.Chdir(top)
	d, err := OpenDir("beside")
	if err != nil {
		t.Fatal(err)
	}
	d.Close()
	file := filepath.Join(top, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below"), filepath.Join(file, "below", "it"), ""} {
		if d, err := OpenDir(path); err == nil {
			d.Close()
			t.Errorf("%q is opened", path)
		}
	}
}
