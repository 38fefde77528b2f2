package tray

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
)

var update = flag.Bool("update", false, "record further golden trays; those that are there stay")

const (
	goldenDir    = "testdata/golden"
	goldenTray   = "order.tray"
	goldenNobody = "nobody" // who holds no key
)

// goldenScript is the history of a golden tray: every op, invites that were used,
// withdrawn, that expired and that stay open, a dismissal, new keys, signatures
// that went stale, notes and a reason, and a share that is owed at the end.
const goldenScript = `
	anna: create sales=anna care=carl supplier=sam
	anna: set facts.kind=small; set facts.deposit=10.00 EUR
	anna: json customer {"company":"Rossi S.r.l.","since":"2019-03-31","called":"2026-11-20T16:45:00Z","notice":"2d","plants":3,"regular":true,"place":{"town":"Forlì"}}; note they would rather have oak
	anna: json products {"lines":[{"sku":"A-1","quantity":2,"price":"199.90 EUR"},{"sku":"B-2","quantity":10,"price":"12.05 EUR"}],"discount":"0.125"}
	sam:  set bid.price=100.00 EUR
	anna: admit sue supplier
	sue:  set bid.price=95.50 EUR
	anna: invite late customer for 1h
	host: later 2h
	anna: invite gone customer
	anna: withdraw gone
	anna: invite link customer
	dora: join link
	anna: invite kept customer
	dora: unreadable customer
	anna: rekey
	anna: fire tender
	anna: fire submit
	dora: set box.complaint=late again; sign confirmation it
	dora: fire return; reason the company is a S.p.A. now
	anna: set customer.company=Rossi S.p.A.; set facts.kind=large; dismiss sue; fire submit
	dora: fire confirm !blocked signature confirmation stale
	dora: sign confirmation it; fire confirm
	carl: admit dave care
	carl: set credit.limit=800.00 EUR; sign approval
	dave: sign approval; note within what we can bear
	carl: set credit.limit=900.00 EUR; sign approval; fire validate
	anna: fire finish
	sam:  note delivered
`

// TestGolden opens every tray that earlier versions recorded, with each key and
// with none, and compares what is seen with what was seen then.
func TestGolden(t *testing.T) {
	if *update {
		recordGolden(t, goldenDir)
	}
	readers := make(map[section.Suite]int)
	for _, name := range goldenTrays(t, goldenDir) {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(goldenDir, name)
			a := readGolden(t, dir)
			keys := goldenKeys(t, dir)
			if len(keys) < 2 {
				t.Fatal("no keys")
			}
			seen := make(map[string]bool)
			for who, me := range keys {
				got := goldenText(t, a, me)
				want, err := os.ReadFile(filepath.Join(dir, who+".txt"))
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("%s sees\n%s\ninstead of\n%s", who, got, want)
				}
				seen[got] = true
			}
			if len(seen) < 5 { // two of care, and who was dismissed and who has no key, see the same
				t.Errorf("%d readers see %d different things", len(keys), len(seen))
			}
			readers[a.suite(t)] += len(keys)
		})
	}
	if readers[section.PQ] == 0 || readers[section.Classic] == 0 {
		t.Errorf("a suite without a golden tray: %v", readers)
	}
	t.Logf("readers of each suite: %v", readers)
}

// What was recorded stays, whatever is recorded later.
func TestGoldenStays(t *testing.T) {
	dir := t.TempDir()
	recordGolden(t, dir)
	read := func() map[string]string {
		files := make(map[string]string)
		for _, name := range goldenTrays(t, dir) {
			entries, err := os.ReadDir(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				b, err := os.ReadFile(filepath.Join(dir, name, e.Name()))
				if err != nil {
					t.Fatal(err)
				}
				files[name+"/"+e.Name()] = string(b)
			}
		}
		return files
	}
	first := read()
	recordGolden(t, dir)
	second := read()
	for name, text := range first {
		if second[name] != text {
			t.Errorf("%s was recorded over", name)
		}
	}
	if got, want := goldenTrays(t, dir), []string{"001-pq", "002-classic", "003-pq", "004-classic"}; !slices.Equal(got, want) {
		t.Errorf("recorded %v, not %v", got, want)
	}
	for _, name := range []string{"log", "order.tray", "1-pq", "001-", "001", "001-pq ", "001-pq x"} {
		if goldenName(name) == nil {
			t.Errorf("%q, which no test opens, passes for a golden tray", name)
		}
	}
}

// goldenName tells whether a name in the folder of the golden trays is one of
// theirs.
func goldenName(name string) error {
	var n int
	var suite string
	if _, err := fmt.Sscanf(name, "%03d-%s", &n, &suite); err != nil || name != fmt.Sprintf("%03d-%s", n, suite) {
		return fmt.Errorf("%s is no golden tray", name)
	}
	return nil
}

// goldenTrays lists the golden trays, in the order in which they were recorded.
func goldenTrays(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() == "README.md" {
			continue
		}
		if err := goldenName(e.Name()); err != nil {
			t.Fatal(err)
		}
		names = append(names, e.Name())
	}
	return names
}

// recordGolden adds a tray of each suite to a folder, behind those that are
// there.
func recordGolden(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for _, e := range entries {
		var n int
		if _, err := fmt.Sscanf(e.Name(), "%03d-", &n); err == nil {
			last = max(last, n)
		}
	}
	for i, suite := range []section.Suite{section.PQ, section.Classic} {
		w := newWorld(t, "golden.yaml")
		w.pq = suite == section.PQ
		w.play(goldenScript)
		into := filepath.Join(dir, fmt.Sprintf("%03d-%s", last+1+i, suite))
		if err := os.Mkdir(into, 0o755); err != nil { // and fails if it is there
			t.Fatal(err)
		}
		put := func(name string, content []byte) {
			if err := os.WriteFile(filepath.Join(into, name), content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if _, err := Export(w.ctx, w.host, w.id, &b); err != nil {
			t.Fatal(err)
		}
		put(goldenTray, b.Bytes())
		for _, a := range w.actors {
			if a.name != "host" {
				var key bytes.Buffer
				if err := a.me.Export(&key); err != nil {
					t.Fatal(err)
				}
				put(a.name+".key", key.Bytes())
			}
		}
		archive := readGolden(t, into)
		for who, me := range goldenKeys(t, into) {
			put(who+".txt", []byte(goldenText(t, archive, me)))
		}
	}
}

func readGolden(t *testing.T, dir string) *Archive {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(dir, goldenTray))
	if err != nil {
		t.Fatal(err)
	}
	a, err := openArchive(file)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// suite tells how an archive's tray is encrypted.
func (a *Archive) suite(t *testing.T) section.Suite {
	t.Helper()
	tr, err := Open(t.Context(), a, a.Tray(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr.State().Suite()
}

// goldenKeys reads the key files of a golden tray, by name; nil is who has none.
func goldenKeys(t *testing.T, dir string) map[string]*Identity {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.key"))
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]*Identity{goldenNobody: nil}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		me, err := ParseIdentity(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		keys[strings.TrimSuffix(filepath.Base(name), ".key")] = me
	}
	return keys
}
