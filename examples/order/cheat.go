package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// changeByte changes one byte of the log, behind the host's back, and puts it
// right again in the end.
func (s *story) changeByte() error {
	log := filepath.Join(s.dir, "store", "trays", s.id.String(), "log")
	whole, err := os.ReadFile(log)
	if err != nil {
		return err
	}
	bent := append([]byte(nil), whole...)
	bent[len(bent)/2] ^= 1
	if err := os.WriteFile(log, bent, 0o600); err != nil {
		return err
	}
	s.say("somebody", "changes one byte of the stored log")
	refused := s.verifyAnew()
	if err := os.WriteFile(log, whole, 0o600); err != nil {
		return err
	}
	refusal, err := refusalOf(refused)
	if err != nil {
		return err
	}
	if refusal == nil {
		return errors.New("a changed byte was not found")
	}
	s.told("entry %d is refused: %s", refusal.Seq, refusal.Code)
	return nil
}

// verifyAnew verifies what is in the folder now, and gives the refusal.
func (s *story) verifyAnew() error {
	folder, err := store.OpenDir(filepath.Join(s.dir, "store"))
	if err != nil {
		return err
	}
	defer folder.Close()
	r, err := tray.Verify(s.ctx, folder, s.id, nil, nil)
	if err != nil || r.Verified {
		return err
	}
	return r.Refusal
}

// stale is a host that withholds the end of its logs.
type stale struct {
	store.Store
	head store.Head
}

func (s stale) Head(context.Context, sign.Hash) (store.Head, error) { return s.head, nil }

func (s stale) Log(ctx context.Context, id sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		n := from
		for line, err := range s.Store.Log(ctx, id, from) {
			if n++; n > s.head.Length || !yield(line, err) {
				return
			}
		}
	}
}

// serveStale serves an earlier head to sales, who pinned a newer one.
func (s *story) serveStale() error {
	pinned := s.asSales.State().Head()
	s.say("host", "serves sales the log as it was %d entries ago", pinned.Length-s.early.Length)
	_, err := tray.OpenAt(s.ctx, stale{s.host, s.early}, pinned, s.sales)
	var fork *tray.ForkError
	if !errors.As(err, &fork) {
		return fmt.Errorf("a stale log is not refused as such: %v", err)
	}
	s.told("a rollback: %d entries were pinned, and %d are served", fork.Pinned.Length, fork.Got.Length)
	return nil
}

// openCredit lets sales, and then the customer, try to open the credit section:
// with the library, and with their keys on its files, which the host gives to
// whoever asks.
func (s *story) openCredit() error {
	files, err := s.files("credit")
	if err != nil {
		return err
	}
	if n := s.opened(files, s.care); len(files) == 0 || n != len(files) {
		return fmt.Errorf("customer service opens %d of its %d files", n, len(files))
	}
	if err := s.asCustomer.Sync(s.ctx); err != nil {
		return err
	}
	for _, who := range []struct {
		name string
		tray *tray.Tray
		keys *tray.Identity
	}{{"sales", s.asSales, s.sales}, {"customer", s.asCustomer, s.customer}} {
		s.say(who.name, "tries to open the credit section")
		v, err := who.tray.View(s.ctx)
		if err != nil {
			return err
		}
		credit := v.Section("credit")
		if n := s.opened(files, who.keys); credit.Status != tray.Opaque || credit.Content() != nil || n > 0 {
			return fmt.Errorf("%s opens the credit section", who.name)
		}
		s.told("the section is opaque; of its %d files the keys open none", len(files))
		if err := s.hostSees(); err != nil {
			return err
		}
	}
	return nil
}

// sealed is a file of a section, as the host keeps it.
type sealed struct {
	blob    []byte
	readers int
}

// files fetches all files of a section from the host.
func (s *story) files(name string) ([]sealed, error) {
	ops, err := s.ops(0)
	if err != nil {
		return nil, err
	}
	var out []sealed
	for _, op := range ops {
		if w, ok := op.(*entry.Write); ok && w.Section == name {
			blob, err := s.host.Blob(s.ctx, s.id, w.File.Blob)
			if err != nil {
				return nil, err
			}
			out = append(out, sealed{blob, len(w.File.To)})
		}
	}
	return out, nil
}

// opened counts the files that somebody's keys open, at whatever reader's place.
func (s *story) opened(files []sealed, id *tray.Identity) (n int) {
	for _, f := range files {
		for i := range f.readers {
			if _, err := section.Unseal(f.blob, section.PQ, section.Slot{Index: i, Of: f.readers}, id.Readers()...); err == nil {
				n++
			}
		}
	}
	return n
}
