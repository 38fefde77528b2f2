package tray

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

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
		"closed open":          func(rec *stateRecord) { rec.Closed = []Invite{{ID: "x", Status: InviteOpen, Roles: []string{"sales"}}} },
		"closed of no role":    func(rec *stateRecord) { rec.Closed = []Invite{{ID: "x", Status: InviteUsed, Roles: []string{"boss"}}} },
		"closed twice": func(rec *stateRecord) {
			rec.Closed = slices.Repeat([]Invite{{ID: "x", Status: InviteUsed, Roles: []string{"sales"}}}, 2)
		},
		"blobs cut":         func(rec *stateRecord) { rec.Blobs = rec.Blobs[:33] },
		"blobs short":       func(rec *stateRecord) { rec.Blobs = rec.Blobs[:31] },
		"blobs in disorder": func(rec *stateRecord) { copy(rec.Blobs, rec.Blobs[32:64]) },
		"dropped":           func(rec *stateRecord) { rec.Dropped = append(rec.Dropped, rec.Dropped...) },
		"blobs empty":       func(rec *stateRecord) { rec.Blobs = []byte{} },
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
	if len(records) < 40 {
		t.Fatalf("%d forgeries", len(records))
	}
	rec := new(stateRecord)
	if err := json.Unmarshal(body, rec); err != nil {
		t.Fatal(err)
	}
	rec.Template[0] ^= 1
	if tr, err := Resume(ctx, r.host, reframe(have(json.Marshal(rec))(t)), nil); tr != nil || !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a template that the host does not have: %v", err)
	}
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
	ctx := context.Background()
	tpl, err := template.Load(os.DirFS("testdata"), "bench.yaml") // a small one, for speed
	if err != nil {
		f.Fatal(err)
	}
	me, err := NewIdentity()
	if err != nil {
		f.Fatal(err)
	}
	tr, err := Create(ctx, store.NewMemory(), tpl, me, InSuite(section.Classic), Bind("one", me.Card()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bodyOf(snapshotOf(f, tr.State())))
	d := tr.Draft()
	d.Set("first.text", "a value")
	if err := d.Commit(ctx); err != nil {
		f.Fatal(err)
	}
	if _, err := tr.Invite(ctx, "two"); err != nil {
		f.Fatal(err)
	}
	f.Add(bodyOf(snapshotOf(f, tr.State())))
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
		for _, id := range s.order {
			s.covers(&sig, id)
		}
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
