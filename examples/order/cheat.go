package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
)

// closed: sales is told by the host's feed that the process is over.
func (s *story) closed() error {
	var last tray.Event
	for ev, err := range s.host.Events(s.ctx, "") {
		if err != nil {
			return err
		}
		last = ev
	}
	if last.Type != tray.TrayClosed || last.Tray != s.asSales.ID() {
		return fmt.Errorf("the host's feed ends with %q", last.Type)
	}
	s.say("sales", "is told by the host's feed: tray %s, %s→%s by %s", last.Type, last.From, last.To, s.name(last.Author))
	return s.asSales.Sync(s.ctx)
}

// replay: the host verifies everything again, without a key.
func (s *story) replay() error {
	s.say("host", "replays the whole log with no key")
	r, err := tray.Verify(s.ctx, s.folder, s.asSales.ID(), nil, nil)
	if err != nil {
		return err
	}
	if !r.Verified {
		return r.Refusal
	}
	fmt.Fprintf(s.out, "            %d entries verified, state %s\n", r.Head.Length, r.State)
	for _, x := range r.Sections {
		fmt.Fprintf(s.out, "            section %s: revision %d by %s, %s\n", x.Section, x.Number, s.name(x.Author), x.Status)
		if x.Status == tray.Readable {
			return fmt.Errorf("the host reads section %s", x.Section)
		}
	}
	for _, x := range r.Signatures {
		if !x.Fresh {
			return fmt.Errorf("signature %s is stale", x.Name)
		}
		fmt.Fprintf(s.out, "            signature %s: by %s, in entry %d, stands\n", x.Name, s.name(x.Participant), x.Seq)
	}
	for _, x := range r.Conditions {
		fmt.Fprintf(s.out, "            condition %s: %s, %s by %s in entry %d\n", x.Condition, x.Outcome.Outcome, x.Basis, s.name(x.By), x.Seq)
	}
	return nil
}

// cheat shows what becomes of a changed store, of a host that serves a stale
// log, and of somebody who opens what is not his.
func (s *story) cheat() error {
	if err := s.changeByte(); err != nil {
		return err
	}
	if err := s.serveStale(); err != nil {
		return err
	}
	return s.openCredit()
}

// changeByte changes one byte of the log behind the host's back.
func (s *story) changeByte() error {
	id := s.asSales.ID()
	name := filepath.Join(s.dir, "store", "trays", id.String(), "log")
	whole, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	bent := append([]byte(nil), whole...)
	bent[len(bent)/2] ^= 1
	if err := os.WriteFile(name, bent, 0o600); err != nil {
		return err
	}
	again, err := store.OpenDir(filepath.Join(s.dir, "store"))
	if err != nil {
		return err
	}
	s.say("somebody", "changes one byte of the stored log")
	r, err := tray.Verify(s.ctx, again, id, nil, nil)
	if err != nil {
		return err
	}
	if r.Verified || r.Refusal == nil {
		return errors.New("a changed byte was not found")
	}
	s.told("entry %d is %v", r.Refusal.Seq, r.Refusal)
	if err := again.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, whole, 0o600)
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
	if !errors.Is(err, tray.ErrFork) {
		return fmt.Errorf("a stale log was taken for the present one: %w", err)
	}
	s.told("%v", err)
	return nil
}

// openCredit lets sales try its keys on the credit section.
func (s *story) openCredit() error {
	s.say("sales", "tries to open the credit section")
	v, err := s.asSales.View(s.ctx)
	if err != nil {
		return err
	}
	credit := v.Section("credit")
	if credit.Status != tray.Opaque || credit.Content() != nil {
		return errors.New("sales reads the credit section")
	}
	s.told("the section is %s", credit.Status)
	blobs, err := filepath.Glob(filepath.Join(s.dir, "store", "trays", s.asSales.ID().String(), "blobs", "*"))
	if err != nil {
		return err
	}
	opened := 0
	for _, name := range blobs {
		blob, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		readers, err := section.Inspect(blob, section.PQ)
		if err != nil {
			continue // the template
		}
		for i := range readers {
			text, err := section.Unseal(blob, section.PQ, section.Slot{Index: i, Of: readers}, s.sales.Readers()...)
			if err == nil {
				opened++
				if bytes.Contains(text, []byte(`"limit"`)) {
					return errors.New("sales opened a file of the credit section")
				}
			}
		}
	}
	s.told("of %d files in the store its keys open %d, none of them of that section", len(blobs), opened)
	return nil
}
