package store_test

import (
	"testing"

	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(testing.TB) store.Store { return store.NewMemory() })
}

func TestDir(t *testing.T) {
	storetest.Run(t, func(t testing.TB) store.Store { return openDir(t, t.TempDir()) })
}

func openDir(t testing.TB, path string) *store.Dir {
	t.Helper()
	d, err := store.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}
