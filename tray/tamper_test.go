package tray

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// reference is a tray in whose log every op stands.
const reference = deal + `
	sam:  set bid.price=100
	anna: invite gone customer
	anna: withdraw gone
	anna: invite link customer
	duca: join link
	anna: rekey
	dora: unreadable customer; note I cannot read it
	anna: fire submit
	dora: set customer.company=Bianchi; sign confirmation
	anna: note seen
	dora: fire confirm
	carl: fire return; reason too much
	anna: set products.amount=600; set facts.kind=large; dismiss duca; fire submit
	dora: sign confirmation; fire confirm
	carl: set credit.limit=800; sign approval; fire validate
	crow: fire finish
	carl: note done
`

// tampering is a reference tray with its lines, and the state before each.
type tampering struct {
	*world
	lines  [][]byte
	before []*State
	end    store.Head
	tried  atomic.Int64
	missed atomic.Int64
}

func newTampering(t *testing.T) *tampering {
	w := play(t, "deal.yaml", reference)
	x := &tampering{world: w, lines: w.log(), end: w.state().head}
	s := newState(w.tpl, w.id)
	ops := make(map[string]bool)
	for _, line := range x.lines {
		x.before = append(x.before, s)
		next, err := verify(s, each(line))
		if err != nil {
			t.Fatal(err)
		}
		s = next
		for _, op := range x.entryOf(line).Ops {
			ops[op.Name()] = true
		}
	}
	for _, name := range constants(t, "entry/op.go", "Name") {
		if !ops[name] {
			t.Errorf("no %s in the reference tray", name)
		}
	}
	return x
}

func each(lines ...[]byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, line := range lines {
			if !yield(line, nil) {
				return
			}
		}
	}
}

func (w *world) entryOf(line []byte) *entry.Entry {
	for o, err := range sign.OpenAll(entry.Kind, each(line), decodeEntry) {
		if err != nil {
			w.Fatal(err)
		}
		return o.Value
	}
	return nil
}

// found counts whether lines in place of those from i on are noticed: without
// any key, by a refusal; or else, by whoever pinned the head, as a fork.
func (x *tampering) found(i int, lines ...[]byte) bool {
	x.tried.Add(1)
	s, err := verify(x.before[i], each(lines...))
	var refusal *Refusal
	if err != nil {
		if !errors.As(err, &refusal) || refusal.Code == "" {
			x.missed.Add(1)
			return false
		}
		return true
	}
	if s.head == x.end {
		x.missed.Add(1)
	}
	return s.head != x.end
}

// must fails the test if something was not found.
func (x *tampering) must(t *testing.T, what string) {
	t.Helper()
	if x.tried.Load() == 0 || x.missed.Load() > 0 {
		t.Errorf("%s: %d tried, %d missed", what, x.tried.Load(), x.missed.Load())
	}
	t.Logf("%s: %d tried, %d missed", what, x.tried.Load(), x.missed.Load())
	x.tried.Store(0)
	x.missed.Store(0)
}

// parallel runs f for 0 to n-1 on a few goroutines.
func parallel(n int, f func(int)) {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range 4 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	wg.Wait()
}

// TestTamperLines changes every bit of every line, and cuts every line at every
// byte. In short mode, one bit of every byte.
func TestTamperLines(t *testing.T) {
	x := newTampering(t)
	parallel(len(x.lines), func(i int) {
		line := bytes.Clone(x.lines[i])
		for at := range line {
			for bit := range 8 {
				if testing.Short() && bit != at%8 {
					continue
				}
				line[at] ^= 1 << bit
				if !x.found(i, line) {
					t.Errorf("line %d: bit %d of byte %d", i, bit, at)
				}
				line[at] ^= 1 << bit
			}
		}
	})
	x.must(t, "bits of lines")
	parallel(len(x.lines), func(i int) {
		for n := range x.lines[i] {
			if !x.found(i, x.lines[i][:n]) {
				t.Errorf("line %d cut at byte %d", i, n)
			}
		}
		for _, more := range []string{"\n", "\r", " ", "=", "A", ".", "\x00"} {
			if !x.found(i, append(bytes.Clone(x.lines[i]), more...)) || !x.found(i, append([]byte(more), x.lines[i]...)) {
				t.Errorf("line %d with %q", i, more)
			}
		}
	})
	x.must(t, "lines cut or longer")
}

// TestTamperOrder removes, doubles, swaps and cuts off lines, and moves them in
// from another tray of the same people.
func TestTamperOrder(t *testing.T) {
	x := newTampering(t)
	n := len(x.lines)
	for i := range n {
		rest := x.lines[i+1:]
		if !x.found(i, rest...) {
			t.Errorf("line %d removed", i)
		}
		if !x.found(i, slices.Concat([][]byte{x.lines[i], x.lines[i]}, rest)...) {
			t.Errorf("line %d doubled", i)
		}
		for j := i + 1; j < n; j++ {
			swapped := slices.Clone(x.lines[i:])
			swapped[0], swapped[j-i] = swapped[j-i], swapped[0]
			if !x.found(i, swapped...) {
				t.Errorf("lines %d and %d swapped", i, j)
			}
		}
		if !x.found(i) {
			t.Errorf("all from line %d cut off", i)
		}
	}
	x.must(t, "lines removed, doubled, swapped, cut off")

	other := x.twin(t)
	for i := range n {
		for j, line := range other {
			if !x.found(i, slices.Concat([][]byte{line}, x.lines[i:])...) {
				t.Errorf("line %d of another tray before line %d", j, i)
			}
			if !x.found(i, slices.Concat([][]byte{line}, x.lines[i+1:])...) {
				t.Errorf("line %d of another tray for line %d", j, i)
			}
		}
	}
	x.must(t, "lines moved in")
}

// twin gives the log of another tray that the same people made alike.
func (x *tampering) twin(t *testing.T) [][]byte {
	w := newWorld(t, "deal.yaml")
	for name, a := range x.actors {
		w.actors[name] = &actor{name: name, signer: a.signer, reader: a.reader, me: a.me}
	}
	w.play(deal + "anna: fire submit\ndora: sign confirmation; fire confirm\n")
	return w.log()
}

// TestTamperBlobs changes every bit of every blob, cuts it, and gives one in
// place of another. Nothing of a blob that is not what the log names is looked
// at.
func TestTamperBlobs(t *testing.T) {
	x := newTampering(t)
	state := x.state()
	var files []*entry.File
	for _, line := range x.lines {
		for _, op := range x.entryOf(line).Ops {
			if f := fileOf(op); f != nil {
				files = append(files, f)
			}
		}
	}
	blobs := make(map[sign.Hash][]byte)
	for _, f := range files {
		blob, err := x.store.Blob(x.ctx, x.id, f.Blob)
		if err != nil {
			t.Fatal(err)
		}
		blobs[f.Blob] = blob
	}
	for i, f := range files {
		tampered := func(what string, blob []byte) {
			x.tried.Add(1)
			x.store.changed[f.Blob] = blob
			_, status, err := openFile(x.ctx, x.store, state, f, 0, func([]byte, section.Slot) (section.Revision, error) {
				x.missed.Add(1)
				return section.Revision{}, nil
			})
			if status != Missing || err != nil {
				t.Errorf("blob %d, %s: %s, %v", i, what, status, err)
			}
		}
		blob := bytes.Clone(blobs[f.Blob])
		for at := range blob {
			for bit := range 8 {
				blob[at] ^= 1 << bit
				tampered("changed", blob)
				blob[at] ^= 1 << bit
			}
			tampered("cut", blob[:at])
		}
		tampered("longer", append(bytes.Clone(blob), 0))
		for _, other := range blobs {
			if !bytes.Equal(other, blob) {
				tampered("of another", other)
			}
		}
		delete(x.store.changed, f.Blob)
	}
	x.must(t, "bits of blobs")

	template := x.tpl.Canonical()
	for at := range template {
		x.tried.Add(1)
		template[at] ^= 1 << (at % 8)
		x.store.changed[x.tpl.Digest()] = template
		if _, err := loadTemplate(x.ctx, x.store, x.id, x.host.templates); !errors.Is(err, BadRoot) {
			x.missed.Add(1)
			t.Errorf("byte %d of the template: %v", at, err)
		}
		template[at] ^= 1 << (at % 8)
	}
	x.must(t, "bytes of the template")
}

// TestTamperView shows what a reader is told: the section whose file was
// changed is missing, and the others are as they were.
func TestTamperView(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	f := w.state().places[w.place("customer")].files.written
	blob, err := w.store.Blob(w.ctx, w.id, f.Blob)
	if err != nil {
		t.Fatal(err)
	}
	blob[len(blob)-1] ^= 1
	w.store.changed[f.Blob] = blob
	w.play(`
		carl: sees customer missing
		carl: sees products readable
		crow: sees customer opaque
	`)
}

// TestRollback serves every proper prefix of the log, and another end, to who
// pinned its head.
func TestRollback(t *testing.T) {
	w := play(t, "deal.yaml", deal+"anna: fire submit\ndora: sign confirmation; fire confirm\n")
	lines, pinned := w.log(), w.state().head
	served := 0
	forked := func(what string, h *Host) {
		t.Helper()
		served++
		var fork *ForkError
		if _, err := OpenAt(w.ctx, h, pinned, w.actor("carl").me); !errors.As(err, &fork) || fork.Pinned != pinned {
			t.Errorf("%s, opened at a pinned head: %v", what, err)
		}
		there := newTray(h, w.actor("carl").me, w.state())
		if err := there.Sync(w.ctx); !errors.Is(err, ErrFork) || there.State().head != pinned {
			t.Errorf("%s, to who was there: %v", what, err)
		}
	}
	for n := 1; n < len(lines); n++ {
		forked("a prefix", w.served(t, lines[:n]...))
	}
	// Another branch: the same people say something else at the same place.
	f := &forger{world: newWorld(t, "deal.yaml")}
	*f.world = *w
	f.host = w.served(t, lines[:len(lines)-1]...)
	f.blobs = nil
	branch := slices.Clone(lines[:len(lines)-1])
	for range 3 {
		f.store = &faulty{Memory: f.host.store.(*store.Memory)}
		line := f.by("dora", f.note(f.audience("dora")...))
		branch = append(branch, line)
		f.host = w.served(t, branch...)
		if _, err := f.host.State(w.ctx, w.id); err != nil {
			t.Fatal(err) // the branch is valid: whoever pinned nothing cannot tell
		}
		forked("a fork", f.host)
	}
	if served != len(lines)-1+3 {
		t.Errorf("only %d logs were served", served)
	}
	t.Logf("%d other logs were served, and found out", served)
}
