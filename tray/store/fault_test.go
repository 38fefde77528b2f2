package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

// step is one append of a history: to which tray, what, with which blobs.
type step struct {
	after Head
	line  []byte
	blobs [][]byte
}

// history is what the tests below write: three trays in turn, some entries with
// blobs, old and new.
func history(steps int) []step {
	var heads [3]Head
	var all []step
	for i := range steps {
		h := &heads[i%3]
		s := step{line: fmt.Appendf(nil, "entry-%d-%s", i, strings.Repeat("x", 7*i%50))}
		if h.Length == 0 {
			h.Tray = sign.Sum(s.line)
		}
		for b := range i % 4 {
			s.blobs = append(s.blobs, fmt.Appendf(nil, "blob %d of %d", b, i-3*(b%2)))
		}
		s.after = *h
		*h = Head{Tray: h.Tray, Length: h.Length + 1, Hash: sign.Sum(s.line)}
		all = append(all, s)
	}
	return all
}

// expectation is what must be found: of each tray a prefix of its history, at
// least as long as what anybody was told, at most as long as what was tried.
type expectation struct {
	steps map[sign.Hash][]step
	least map[sign.Hash]int
	most  map[sign.Hash]int
}

func expect(steps []step) *expectation {
	e := &expectation{map[sign.Hash][]step{}, map[sign.Hash]int{}, map[sign.Hash]int{}}
	for _, s := range steps {
		e.steps[s.after.Tray] = append(e.steps[s.after.Tray], s)
	}
	return e
}

// check reads everything there is in a store. What it was shown must never be
// lost again.
func (e *expectation) check(d *Dir) error {
	ctx := context.Background()
	told := make(map[sign.Hash]uint64)
	for change, err := range d.Feed(ctx, "") {
		if err != nil {
			return fmt.Errorf("feed: %w", err)
		}
		if change.Seq > told[change.Tray] {
			return fmt.Errorf("feed: entry %d told after %d others", change.Seq, told[change.Tray])
		}
		told[change.Tray] = max(told[change.Tray], change.Seq+1)
	}
	for tray, steps := range e.steps {
		var lines [][]byte
		for line, err := range d.Log(ctx, tray, 0) {
			if err != nil && !errors.Is(err, ErrNotFound) {
				return fmt.Errorf("log: %w", err)
			}
			if err == nil {
				lines = append(lines, line)
			}
		}
		if len(lines) < e.least[tray] {
			return fmt.Errorf("LOST: %d entries of %d acknowledged", len(lines), e.least[tray])
		}
		if len(lines) > e.most[tray] {
			return fmt.Errorf("INVENTED: %d entries of %d tried", len(lines), e.most[tray])
		}
		for i, line := range lines {
			if !bytes.Equal(line, steps[i].line) {
				return fmt.Errorf("INVENTED: entry %d is %.80q", i, line)
			}
			for _, blob := range steps[i].blobs {
				if _, err := d.Blob(ctx, tray, sign.Sum(blob)); err != nil {
					return fmt.Errorf("LOST: blob of entry %d: %w", i, err)
				}
			}
		}
		if told[tray] != uint64(len(lines)) {
			return fmt.Errorf("feed: told %d entries of %d", told[tray], len(lines))
		}
		e.least[tray] = len(lines)
	}
	return nil
}

// clean checks that nothing lies about that no entry needs.
func clean(d *simDisk) error {
	for name := range d.names {
		if strings.Contains(name, "/staged/") {
			return fmt.Errorf("left behind: %s", name)
		}
	}
	return nil
}

// append does one step as a careful caller does, who was told nothing the last
// time. It returns nil if the entry is there.
func (e *expectation) append(d *Dir, s step) error {
	tray := s.after.Tray
	e.most[tray] = max(e.most[tray], int(s.after.Length)+1)
	err := d.Append(context.Background(), s.after, s.line, s.blobs...)
	var conflict *ConflictError
	if errors.As(err, &conflict) && conflict.Head.Length == s.after.Length+1 && conflict.Head.Hash == sign.Sum(s.line) {
		err = nil
	}
	if err == nil {
		e.least[tray] = max(e.least[tray], int(s.after.Length)+1)
	}
	return err
}

// TestEveryOperationFails lets every single file operation of a history fail,
// once. The caller tries again, and must succeed; in the end the power fails.
func TestEveryOperationFails(t *testing.T) {
	steps := history(12)
	failures, told := 0, 0
	kinds := make(map[string]int)
	for failAt := 1; ; failAt++ {
		for seed := range uint64(8) {
			disk := newSimDisk()
			p := &simProcess{disk: disk, rng: rand.New(rand.NewPCG(uint64(failAt), seed)), failAt: failAt}
			e := expect(steps)
			d, err := openFiles(p)
			fail := func(err error) { t.Fatalf("operation %d (%s), seed %d: %v", failAt, p.failed, seed, err) }
			if err != nil {
				if !errors.Is(err, errDisk) {
					fail(err)
				}
				told++
				if d, err = openFiles(p); err != nil {
					fail(err)
				}
			}
			for _, s := range steps {
				err := e.append(d, s)
				if err != nil {
					told++
					if !errors.Is(err, errDisk) {
						fail(err)
					}
					if err := e.check(d); err != nil {
						fail(err)
					}
					err = e.append(d, s)
				}
				if err != nil {
					fail(err)
				}
			}
			if p.failed != "" {
				if err := e.check(d); err != nil {
					fail(err)
				}
			}
			for tray, steps := range e.steps {
				if e.least[tray] != len(steps) {
					fail(fmt.Errorf("%d entries of %d", e.least[tray], len(steps)))
				}
			}
			if p.failed == "" {
				if failAt < 100 {
					t.Fatalf("the history has %d operations only", p.ops)
				}
				t.Logf("%d failures injected into %d operations, of kinds %v; the caller was told of %d, and lost nothing by any",
					failures, failAt-1, kinds, told)
				return
			}
			if err := clean(disk); err != nil {
				fail(err)
			}
			// What a failed sync left out must not have been counted on.
			if d, err = openFiles(&simProcess{disk: disk.powerFailure(p.rng), rng: p.rng}); err != nil {
				fail(err)
			}
			if err := e.check(d); err != nil {
				fail(fmt.Errorf("after a power failure: %w", err))
			}
			failures++
			kinds[p.failed]++
		}
	}
}

type unsynced struct{ file }

func (unsynced) Sync() error { return errDisk }

// TestFeedDiskIll appends while no sync of the feed succeeds: what is kept to be
// written again must not grow, and the store recovers when the disk does.
func TestFeedDiskIll(t *testing.T) {
	steps := history(12)
	d, err := openFiles(&simProcess{disk: newSimDisk()})
	if err != nil {
		t.Fatal(err)
	}
	e, well := expect(steps), d.feed.file
	for i, s := range steps {
		d.feed.file = unsynced{well}
		for range 50 {
			if err := e.append(d, s); !errors.Is(err, errDisk) {
				t.Fatalf("append %d without the disk: %v", i, err)
			}
			if err := e.check(d); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.feed.pending) > 1 {
			t.Fatalf("%d lines kept", len(d.feed.pending))
		}
		d.feed.file = well
		if err := e.append(d, s); err != nil {
			t.Fatalf("append %d: %v", i, err)
		}
		if len(d.feed.pending) != 0 {
			t.Fatalf("%d lines kept after a sync", len(d.feed.pending))
		}
	}
}

// TestEveryCrash stops a history after every single operation, in the middle of
// it, by a kill (what was written stays) or by a power failure (what was not
// synced may go, in any part), and goes on with what is left, which may be
// stopped again, until the history is complete.
func TestEveryCrash(t *testing.T) {
	steps := history(12)
	kills, powerFailures, images := 0, 0, 0
	kinds := make(map[string]int)
	seeds := uint64(20)
	if testing.Short() {
		seeds = 5
	}
	complete := false
	for dieAt := 1; !complete; dieAt++ {
		for seed := range seeds {
			rng := rand.New(rand.NewPCG(uint64(dieAt), seed))
			disk, e, todo := newSimDisk(), expect(steps), steps
			fail := func(p *simProcess, err error) {
				t.Fatalf("stopped first at operation %d, then at %d (%s), seed %d: %v", dieAt, p.dieAt, p.failed, seed, err)
			}
			for life := 0; len(todo) > 0; life++ {
				p := &simProcess{disk: disk, rng: rng, dieAt: dieAt}
				if life > 0 {
					p.dieAt = 1 + rng.IntN(100+100*life)
				}
				todo = live(p, e, todo)
				if len(todo) == 0 {
					complete = life == 0
					break
				}
				kinds[p.failed]++
				p.release()
				if rng.IntN(3) == 0 {
					kills++
				} else {
					powerFailures++
					disk = disk.powerFailure(rng)
				}
				// What somebody is shown now must survive the next failure of power.
				if rng.IntN(2) == 0 {
					reader := &simProcess{disk: disk, rng: rng}
					d, err := openFiles(reader)
					if err == nil {
						err = e.check(d)
					}
					if err == nil {
						err = clean(disk)
					}
					if err != nil {
						fail(p, err)
					}
					images++
					if rng.IntN(2) == 0 {
						powerFailures++
						disk = disk.powerFailure(rng)
					}
				}
			}
			last := &simProcess{disk: disk.powerFailure(rng), rng: rng}
			d, err := openFiles(last)
			if err == nil {
				err = e.check(d)
			}
			if err != nil {
				fail(last, err)
			}
			images++
			for tray, steps := range e.steps {
				if e.least[tray] != len(steps) {
					fail(last, fmt.Errorf("LOST: %d entries of %d", e.least[tray], len(steps)))
				}
			}
		}
	}
	names := slices.Sorted(maps.Keys(kinds))
	if len(names) < 8 {
		t.Fatalf("stopped only at operations of kinds %v", names)
	}
	t.Logf("%d kills and %d power failures, at operations of kinds %v; %d disks examined: no acknowledged entry lost, none invented",
		kills, powerFailures, kinds, images)
}

// live runs a process until it dies or everything is done; it returns what is to
// be done still.
func live(p *simProcess, e *expectation, todo []step) []step {
	d, err := openFiles(p)
	if err != nil {
		return todo
	}
	for len(todo) > 0 && e.append(d, todo[0]) == nil {
		todo = todo[1:]
	}
	return todo
}
