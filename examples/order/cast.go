package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
)

// cast is who plays: three people with an identity each, and a host with none.
// The people reach the store only through the host.
type cast struct {
	host   *tray.Host
	folder *store.Dir // behind the host: for the host itself, and for who cheats
	dir    string
	keys   bool // whether everybody's are left in dir

	sales, customer, care *tray.Identity // the customer's is nil until he joins
}

// newCast prepares a folder, which may have trays in its store, but neither an order nor
// keys that were left before: those keys are nowhere else.
func newCast(dir string, keys bool, lang language) (*cast, error) {
	c := &cast{dir: dir, keys: keys}
	for _, name := range []string{c.keyFile("sales"), c.keyFile("customer"), c.keyFile("care"), filepath.Join(dir, "order.tray")} {
		if _, err := os.Lstat(name); err == nil {
			return nil, fmt.Errorf(lang.in("%s is of an order played before; give another -dir"), name)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	folder, err := store.OpenDir(filepath.Join(dir, "store"))
	if err != nil {
		return nil, err
	}
	c.host, c.folder = tray.NewHost(folder), folder
	return c, nil
}

func (c *cast) keyFile(name string) string { return filepath.Join(c.dir, name+".key") }

// name gives a participant's name in the story, for an id.
func (c *cast) name(id string) string {
	for name, who := range map[string]*tray.Identity{"sales": c.sales, "customer": c.customer, "care": c.care} {
		if who != nil && who.ID() == id {
			return name
		}
	}
	return "the link"
}
