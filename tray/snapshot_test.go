package tray

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// plain gives a copy of a state in which what means the same is the same:
// empty lists, runs of digests, and templates that were compiled twice.
func plain(s *State) *State {
	c := *s
	c.template = nil
	c.people = make(map[string]*Person)
	for id, p := range s.people {
		q := *p
		q.Roles = some(p.Roles)
		c.people[id] = &q
	}
	c.invites = make(map[string]*invite)
	for id, v := range s.invites {
		w := *v
		w.files = some(v.files)
		c.invites[id] = &w
	}
	c.places = make(map[entry.Place]*place)
	for p, at := range s.places {
		q := *at
		q.unreadable = some(at.unreadable)
		if at.before != nil {
			b := *at.before
			b.unreadable = some(b.unreadable)
			q.before = &b
		}
		c.places[p] = &q
	}
	c.said, c.signatures, c.closed = someOf(s.said), someOf(s.signatures), someOf(s.closed)
	c.blobs, c.dropped = digests{runs: [][]sign.Hash{s.blobs.sorted()}}, digests{runs: [][]sign.Hash{s.dropped.sorted()}}
	return &c
}

func someOf[K comparable, V any](m map[K]V) map[K]V {
	if len(m) == 0 {
		return nil
	}
	return m
}

func same(t testing.TB, got, want *State) {
	t.Helper()
	if got.template.Digest() != want.template.Digest() {
		t.Fatal("another template")
	}
	if !reflect.DeepEqual(plain(got), plain(want)) {
		t.Fatalf("at %v: restored\n%s\nreplayed\n%s", want.head, snapshotOf(t, got), snapshotOf(t, want))
	}
}

func snapshotOf(t testing.TB, s *State) []byte {
	t.Helper()
	snap, err := s.snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// TestResumeFromEveryPrefix restores the state at every place of a rich log,
// there and with the rest of the log still to come.
func TestResumeFromEveryPrefix(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	full, err := r.host.State(ctx, r.id)
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for n := 1; n <= len(r.lines); n++ {
		short := NewHost(r.prefix(t, n))
		replayed, err := Open(ctx, short, r.id, nil)
		if err != nil {
			t.Fatal(err)
		}
		snap, err := replayed.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		there, err := Resume(ctx, short, snap, nil)
		if err != nil {
			t.Fatalf("after %d entries: %v", n, err)
		}
		same(t, there.State(), replayed.State())
		on, err := Resume(ctx, r.host, snap, nil)
		if err != nil {
			t.Fatalf("going on after %d entries: %v", n, err)
		}
		same(t, on.State(), full)
		if again := snapshotOf(t, on.State()); !bytes.Equal(again, snapshotOf(t, full)) {
			t.Fatalf("going on after %d entries ends in another snapshot", n)
		}
		cases++
	}
	if cases < 20 {
		t.Fatalf("only %d cases", cases)
	}
	t.Logf("%d prefixes", cases)
}

// TestSnapshotKnowsEveryField fails when a type that a state is made of gets a
// field that snapshots have not heard of.
func TestSnapshotKnowsEveryField(t *testing.T) {
	for _, c := range []struct {
		of     any
		fields int
	}{
		{State{}, 17}, {Person{}, 8}, {invite{}, 8}, {Invite{}, 8}, {place{}, 10}, {file{}, 3},
		{said{}, 2}, {attestation{}, 5}, {signed{}, 2}, {signature{}, 6}, {digests{}, 2},
	} {
		if n := reflect.TypeOf(c.of).NumField(); n != c.fields {
			t.Errorf("%T has %d fields, snapshots know %d", c.of, n, c.fields)
		}
	}
}

func TestResumedTrayGoesOn(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	n := 5
	host := NewHost(r.prefix(t, n))
	before, err := Open(ctx, host, r.id, r.people["sales"])
	if err != nil {
		t.Fatal(err)
	}
	snap, err := before.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	sales, err := Resume(ctx, host, snap, r.people["sales"])
	if err != nil {
		t.Fatal(err)
	}
	d := sales.Draft()
	d.Set("customer.company", "Bianchi")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	replayed, err := Open(ctx, host.store, r.id, nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, sales.State(), replayed.State())
	if sales.State().head.Length != uint64(n)+1 {
		t.Fatalf("%d entries", sales.State().head.Length)
	}
}

// TestResumeFindsRollbackAndFork serves, for every place of the log, a shorter
// log, another entry at that place, and another longer log.
func TestResumeFindsRollbackAndFork(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	cases := 0
	for n := 2; n <= len(r.lines); n++ {
		s, err := NewHost(r.prefix(t, n)).State(ctx, r.id)
		if err != nil {
			t.Fatal(err)
		}
		snap := snapshotOf(t, s)
		short := r.prefix(t, n-1)
		other := r.prefix(t, n-1)
		longer := r.prefix(t, n-1)
		note := func(m *store.Memory, times int) {
			tr, err := Open(ctx, NewHost(m), r.id, r.people["sales"])
			if err != nil {
				t.Fatal(err)
			}
			for range times {
				d := tr.Draft()
				d.Note("another history")
				if err := d.Commit(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		note(other, 1)
		note(longer, 3)
		for name, m := range map[string]store.Store{"shorter": short, "other": other, "longer": longer} {
			tr, err := Resume(ctx, m, snap, nil)
			var fork *ForkError
			if !errors.As(err, &fork) || fork.Pinned != s.head || tr != nil {
				t.Errorf("%s after %d entries: %v", name, n, err)
			}
			cases++
		}
	}
	if cases == 0 {
		t.Fatal("no cases")
	}
	t.Logf("%d rollbacks and forks, all found", cases)
}

func TestResumeNeedsTrayAndTemplate(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	s, err := r.host.State(ctx, r.id)
	if err != nil {
		t.Fatal(err)
	}
	snap := snapshotOf(t, s)
	if _, err := Resume(ctx, store.NewMemory(), snap, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a host without the tray: %v", err)
	}
	lacking := without{r.memory, map[sign.Hash]bool{s.template.Digest(): true}}
	if _, err := Resume(ctx, lacking, snap, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a host without the template: %v", err)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Resume(done, r.memory, snap, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := newTray(r.memory, nil, newState(r.template, r.id)).Snapshot(); !errors.Is(err, BadChain) {
		t.Errorf("the snapshot of nothing: %v", err)
	}
}

// without is a store that lacks blobs.
type without struct {
	store.Store
	blobs map[sign.Hash]bool
}

func (s without) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if s.blobs[digest] {
		return nil, store.ErrNotFound
	}
	return s.Store.Blob(ctx, tray, digest)
}

// templateless serves another blob for every one, and counts how often it was
// asked.
type templateless struct {
	store.Store
	asked int
}

func (s *templateless) Blob(context.Context, sign.Hash, sign.Hash) ([]byte, error) {
	s.asked++
	return []byte("{}"), nil
}

// TestResumeByTheTemplateOfTheSnapshot: the snapshot says which template it is.
// Where that is compiled already it is taken, and where not, no other is.
func TestResumeByTheTemplateOfTheSnapshot(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	s, err := r.host.State(ctx, r.id)
	if err != nil {
		t.Fatal(err)
	}
	liar := &templateless{Store: r.host.store}
	for name, host := range map[string]store.Store{"a store": liar, "a host": NewHost(liar), "with a library": With(liar, rules.Library{})} {
		if tr, err := Resume(ctx, host, snapshotOf(t, s), nil); tr != nil || !errors.Is(err, BadRoot) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if liar.asked != 3 {
		t.Fatalf("asked %d times", liar.asked)
	}
	knows := NewHost(liar)
	knows.templates.Add(s.template)
	tr, err := Resume(ctx, knows, snapshotOf(t, s), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, tr.State(), s)
	if liar.asked != 3 {
		t.Error("a template was asked for that is compiled already")
	}
}
