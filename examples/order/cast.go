package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// cast is who plays: three people with an identity each, and a host with none.
// The people reach the store only through the host.
type cast struct {
	host                  *tray.Host
	folder                store.Store // behind the host, for who cheats
	dir                   string
	sales, customer, care *tray.Identity
}

func newCast(dir string) (*cast, error) {
	folder, err := store.OpenDir(filepath.Join(dir, "store"))
	if err != nil {
		return nil, err
	}
	c := &cast{host: tray.NewHost(folder), folder: folder, dir: dir}
	for _, id := range []**tray.Identity{&c.sales, &c.customer, &c.care} {
		if *id, err = tray.NewIdentity(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// keyFiles lists the keys that a folder holds.
func keyFiles(dir string) []string {
	var found []string
	for _, name := range []string{"sales", "customer", "care"} {
		file := filepath.Join(dir, name+".key")
		if _, err := os.Stat(file); err == nil {
			found = append(found, file)
		}
	}
	return found
}

// exportKeys writes everybody's keys, which only a demonstration does.
func (c *cast) exportKeys() error {
	for name, id := range map[string]*tray.Identity{"sales": c.sales, "customer": c.customer, "care": c.care} {
		f, err := os.OpenFile(filepath.Join(c.dir, name+".key"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if err := id.Export(f); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// name gives a participant's name in the story, for an id.
func (c *cast) name(id string) string {
	switch id {
	case c.sales.ID():
		return "sales"
	case c.customer.ID():
		return "customer"
	case c.care.ID():
		return "care"
	}
	return "the link"
}

// seen tells what the host sees of the last entry: what stands in its line.
func (c *cast) seen(ctx context.Context, head store.Head) (string, error) {
	for line, err := range c.host.Log(ctx, head.Tray, head.Length-1) {
		if err != nil {
			return "", err
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(string(line), ".")[1])
		if err != nil {
			return "", err
		}
		e, err := entry.Parse(payload)
		if err != nil {
			return "", err
		}
		var ops []string
		for _, op := range e.Ops {
			ops = append(ops, c.describe(op))
		}
		return strings.Join(ops, "; "), nil
	}
	return "", store.ErrNotFound
}

func (c *cast) describe(op entry.Op) string {
	switch op := op.(type) {
	case *entry.Write:
		return fmt.Sprintf("%s r%d, %d sealed bytes to %s", op.Section, op.Number, op.File.Size, c.list(op.File.To))
	case *entry.Share:
		return fmt.Sprintf("%s r%d shared to %s", op.Section, op.Number, c.list(op.File.To))
	case *entry.Attest:
		var out []string
		for _, o := range op.Outcomes {
			out = append(out, o.Condition+"="+o.Outcome)
		}
		return "attests " + strings.Join(out, " ")
	case *entry.Sign:
		return "signs " + op.Signature
	case *entry.Fire:
		text := fmt.Sprintf("%s: %s→%s", op.Event, op.From, op.To)
		if op.Reason != nil {
			text += " (a sealed reason to " + c.list(op.Reason.File.To) + ")"
		}
		return text
	case *entry.Admit:
		return "admits " + strings.Join(op.Roles, ", ")
	case *entry.Invite:
		return "invites " + strings.Join(op.Roles, ", ")
	}
	return op.Name()
}

func (c *cast) list(ids []string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = c.name(id)
	}
	return strings.Join(out, ", ")
}
