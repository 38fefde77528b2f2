package tray

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
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
	c.said, c.signatures = someOf(s.said), someOf(s.signatures)
	c.blobs, c.dropped = digests{[][]sign.Hash{s.blobs.sorted()}}, digests{[][]sign.Hash{s.dropped.sorted()}}
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
		{State{}, 16}, {Person{}, 8}, {invite{}, 7}, {place{}, 9}, {file{}, 2},
		{said{}, 2}, {attestation{}, 5}, {signed{}, 2}, {signature{}, 5}, {digests{}, 1},
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

// TestDamagedSnapshot flips every bit, cuts at every byte, and adds bytes.
func TestDamagedSnapshot(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	s, err := NewHost(r.prefix(t, 2)).State(ctx, r.id)
	if err != nil {
		t.Fatal(err)
	}
	snap := snapshotOf(t, s)
	cases := 0
	refused := func(what string, at int, b []byte) {
		cases++
		if _, err := Resume(ctx, r.host, b, nil); !errors.Is(err, Malformed) {
			t.Fatalf("%s at %d: %v", what, at, err)
		}
	}
	for i := range snap {
		for bit := range 8 {
			b := bytes.Clone(snap)
			b[i] ^= 1 << bit
			refused("a flipped bit", i, b)
		}
		refused("cut", i, snap[:i])
	}
	refused("longer", 0, append(bytes.Clone(snap), '\n'))
	refused("longer", 0, append([]byte(" "), snap...))
	t.Logf("%d damages, all refused", cases)
}

// reframe gives a body its check sum.
func reframe(body []byte) []byte {
	return []byte(snapshotMark + sign.Sum(body).String() + "\n" + string(body) + "\n")
}

func bodyOf(snap []byte) []byte {
	_, body, _ := bytes.Cut(snap, []byte("\n"))
	return bytes.TrimSuffix(body, []byte("\n"))
}

// TestForgedSnapshot changes what a snapshot says, with a new check sum.
func TestForgedSnapshot(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	s, err := NewHost(r.prefix(t, len(r.lines)-4)).State(ctx, r.id)
	if err != nil {
		t.Fatal(err)
	}
	body := bodyOf(snapshotOf(t, s))
	forged := func(name string, b []byte) {
		t.Helper()
		if bytes.Equal(b, body) {
			t.Fatalf("%s: nothing was forged", name)
		}
		if _, err := Resume(ctx, r.host, reframe(b), nil); !errors.Is(err, Malformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	records := map[string]func(*stateRecord){
		"head":         func(rec *stateRecord) { rec.Head = "x" },
		"empty head":   func(rec *stateRecord) { rec.Head = store.Head{Tray: r.id}.String() },
		"template":     func(rec *stateRecord) { rec.Template[0] ^= 1 },
		"suite":        func(rec *stateRecord) { rec.Suite = "new" },
		"other suite":  func(rec *stateRecord) { rec.Suite = section.PQ },
		"state":        func(rec *stateRecord) { rec.Name = "nowhere" },
		"key":          func(rec *stateRecord) { rec.People[0].Key = strings.Repeat("A", 43) },
		"recipient":    func(rec *stateRecord) { rec.People[0].Recipient = "age1" },
		"role":         func(rec *stateRecord) { rec.People[0].Roles = []string{"king"} },
		"roles twice":  func(rec *stateRecord) { rec.People[0].Roles = []string{"sales", "sales"} },
		"person twice": func(rec *stateRecord) { rec.People = append(rec.People, rec.People[0]) },
		"no people":    func(rec *stateRecord) { rec.People = nil },
		"empty people": func(rec *stateRecord) {
			rec.Said, rec.Signatures, rec.Places, rec.People = nil, nil, nil, []personRecord{}
		},
		"section":              func(rec *stateRecord) { rec.Places[0].Section = "nothing" },
		"instance missing":     func(rec *stateRecord) { rec.Places[0].Instance = "" },
		"instance of nobody":   func(rec *stateRecord) { rec.Places[0].Instance = "nobody" },
		"instance too many":    func(rec *stateRecord) { at(rec, "customer").Instance = rec.People[0].ID },
		"place twice":          func(rec *stateRecord) { rec.Places = append(rec.Places, rec.Places[len(rec.Places)-1]) },
		"places in disorder":   func(rec *stateRecord) { rec.Places[0], rec.Places[1] = rec.Places[1], rec.Places[0] },
		"revision 0":           func(rec *stateRecord) { rec.Places[0].Number = 0 },
		"author":               func(rec *stateRecord) { rec.Places[0].Author = "nobody" },
		"no file":              func(rec *stateRecord) { rec.Places[0].Files = nil },
		"keyed":                func(rec *stateRecord) { rec.Places[0].Files[0].Keyed = nil },
		"keyed too long":       func(rec *stateRecord) { f := &rec.Places[0].Files[0]; f.Keyed = append(f.Keyed, 1) },
		"public in opaque":     func(rec *stateRecord) { at(rec, "customer").Public = []byte("{}") },
		"public lost":          func(rec *stateRecord) { at(rec, "facts").Public = nil },
		"public spelling":      func(rec *stateRecord) { at(rec, "facts").Public = []byte(`{"count": 3}`) },
		"file in public":       func(rec *stateRecord) { at(rec, "facts").Files = rec.Places[0].Files },
		"before of another":    func(rec *stateRecord) { at(rec, "customer").Before.Section = "products" },
		"before before before": func(rec *stateRecord) { b := at(rec, "customer").Before; b.Before = at(rec, "products") },
		"before bad":           func(rec *stateRecord) { at(rec, "customer").Before.Author = "" },
		"condition":            func(rec *stateRecord) { rec.Said[0].Condition = "valid.nothing" },
		"word of nobody":       func(rec *stateRecord) { rec.Said[0].By = "nobody" },
		"word on nothing":      func(rec *stateRecord) { rec.Said[0].On[0].Section = "nothing" },
		"word twice":           func(rec *stateRecord) { rec.Said = append(rec.Said, rec.Said[len(rec.Said)-1]) },
		"signature":            func(rec *stateRecord) { rec.Signatures[0].Signature = "nothing" },
		"signature of nobody":  func(rec *stateRecord) { rec.Signatures[0].Participant = "nobody" },
		"signature on nothing": func(rec *stateRecord) { rec.Signatures[0].Covers[0].Section = "" },
		"blobs cut":            func(rec *stateRecord) { rec.Blobs = rec.Blobs[:33] },
		"blobs short":          func(rec *stateRecord) { rec.Blobs = rec.Blobs[:31] },
		"blobs in disorder":    func(rec *stateRecord) { copy(rec.Blobs, rec.Blobs[32:64]) },
		"dropped":              func(rec *stateRecord) { rec.Dropped = append(rec.Dropped, rec.Dropped...) },
		"blobs empty":          func(rec *stateRecord) { rec.Blobs = []byte{} },
	}
	for name, forge := range records {
		rec := new(stateRecord)
		if err := json.Unmarshal(body, rec); err != nil {
			t.Fatal(err)
		}
		forge(rec)
		b, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		forged(name, b)
	}
	swap := func(old, new string) []byte { return bytes.Replace(body, []byte(old), []byte(new), 1) }
	texts := map[string][]byte{
		"unknown member":  swap(`{"Head"`, `{"More":1,"Head"`),
		"doubled member":  swap(`{"Head"`, `{"Name":"void","Head"`),
		"other case":      swap(`"Head"`, `"head"`),
		"space":           swap(`,"Name"`, `, "Name"`),
		"escape":          swap(`"classic"`, `"\u0063lassic"`),
		"order":           swap(`"Suite":"classic",`, ``),
		"number":          swap(`"Joined":0`, `"Joined":0.0`),
		"negative":        swap(`"Joined":0`, `"Joined":-1`),
		"two values":      append(bytes.Clone(body), '1'),
		"base64 spelling": swap(`"Blobs":"`, `"Blobs":"\n`),
		"empty":           {},
		"null":            []byte("null"),
		"list":            []byte("[]"),
		"deep":            bytes.Repeat([]byte("["), 1<<20),
	}
	for name, b := range texts {
		forged(name, b)
	}
	t.Logf("%d forgeries, all refused", len(records)+len(texts))
}

// at finds a section in a record.
func at(rec *stateRecord, name string) *placeRecord {
	for i := range rec.Places {
		if rec.Places[i].Section == name {
			return &rec.Places[i]
		}
	}
	return nil
}

func TestSnapshotLimit(t *testing.T) {
	b := make([]byte, maxSnapshot+1)
	copy(b, snapshotMark)
	if _, err := parseSnapshot(b[:maxSnapshot]); err == nil || strings.Contains(err.Error(), "more than") {
		t.Errorf("at the bound: %v", err)
	}
	if _, err := parseSnapshot(b); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("one past the bound: %v", err)
	}
}

func TestSnapshotHoldsNoOpaqueContent(t *testing.T) {
	r := newRich(t)
	s, err := r.host.State(t.Context(), r.id)
	if err != nil {
		t.Fatal(err)
	}
	snap := snapshotOf(t, s)
	for _, value := range []string{"Rossi", "720.20", "1000.00", "late again", "AGE-SECRET"} {
		if bytes.Contains(snap, []byte(value)) {
			t.Errorf("the snapshot says %s", value)
		}
	}
}

// FuzzResume has any body with its right check sum restored: it is refused, or
// is exactly what the state that it gives would be written as, and no question
// to that state panics.
func FuzzResume(f *testing.F) {
	r := newRich(f)
	ctx := context.Background()
	for _, n := range []int{1, 5, 12, 20, len(r.lines)} {
		s, err := NewHost(r.prefix(f, n)).State(ctx, r.id)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(bodyOf(snapshotOf(f, s)))
	}
	tpl, err := new(template.Cache).Parse(r.template.Canonical())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		rec, err := parseSnapshot(reframe(body))
		if err != nil {
			return
		}
		head, err := store.ParseHead(rec.Head)
		if err != nil {
			return
		}
		s, err := rec.state(head, tpl)
		if err != nil {
			return
		}
		if again, err := s.snapshot(); err != nil || !bytes.Equal(again, reframe(body)) {
			return // Resume refuses it
		}
		question(t, s)
	})
}

// question asks a state everything that a view does.
func question(t *testing.T, s *State) {
	for _, id := range append([]string{""}, s.order...) {
		for p := range s.places {
			s.readers(p)
			s.canRead(p, id)
			s.isPlace(p)
		}
	}
	for _, sig := range s.template.Signatures() {
		s.signers(sig.Name)
	}
	for _, id := range s.order {
		s.covers(&s.template.Signatures()[0], id)
	}
	s.sortedPlaces()
	s.Final()
	s.kept()
	tr := newTray(store.NewMemory(), nil, s)
	if _, err := tr.View(context.Background()); err != nil {
		t.Logf("view: %v", err)
	}
	for about := range s.said {
		s.word(about, nil)
	}
}
