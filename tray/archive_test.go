package tray

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

func export(t testing.TB, s store.Store, tray sign.Hash) ([]byte, *Inventory) {
	t.Helper()
	var b bytes.Buffer
	inv, err := Export(t.Context(), s, tray, &b)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), inv
}

func openArchive(b []byte) (*Archive, error) {
	return OpenArchive(bytes.NewReader(b), int64(len(b)))
}

func TestArchive(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	full, err := r.host.State(ctx, r.id)
	if err != nil {
		t.Fatal(err)
	}
	b, inv := export(t, r.host, r.id)
	if again, _ := export(t, r.memory, r.id); !bytes.Equal(again, b) {
		t.Error("a host and its store export two files")
	}
	if len(inv.Missing) > 0 || inv.Head != full.head || inv.Blobs != len(full.kept()) || inv.Blobs == 0 {
		t.Errorf("inventory %+v", inv)
	}
	a, err := openArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := a.Check(ctx)
	if err != nil || len(checked.Missing) > 0 || checked.Head != inv.Head || checked.Blobs != inv.Blobs {
		t.Errorf("checked %+v, %v", checked, err)
	}
	if _, err := a.Blob(ctx, r.id, r.withdrawn); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the file of an invite that was withdrawn: %v", err)
	}
	if _, err := r.memory.Blob(ctx, r.id, r.withdrawn); err != nil {
		t.Errorf("which the store has: %v", err)
	}

	care, err := OpenAt(ctx, a, full.head, r.people["care"])
	if err != nil {
		t.Fatal(err)
	}
	same(t, care.State(), full)
	v, err := care.View(ctx)
	if err != nil || v.Text("credit.limit") != "1000.00" || v.Text("customer.company") != "Rossi S.p.A." {
		t.Errorf("care reads %q and %q in the archive: %v", v.Text("credit.limit"), v.Text("customer.company"), err)
	}
	d := care.Draft()
	d.Note("into the file")
	if err := d.Commit(ctx); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a commit to an archive: %v", err)
	}
}

// TestArchiveToTools has the file read by tools that know nothing of trays.
func TestArchiveToTools(t *testing.T) {
	r := newRich(t)
	b, inv := export(t, r.memory, r.id)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(rc) // which checks the sum
		if err != nil {
			t.Fatal(err)
		}
		if digest, ok := strings.CutPrefix(f.Name, "blobs/"); ok && digest != sign.Sum(content).String() {
			t.Errorf("%s is not what its name says", f.Name)
		}
		if f.Name == "log" && !bytes.Equal(content, append(bytes.Join(r.lines, []byte("\n")), '\n')) {
			t.Error("log is not the lines")
		}
		if f.Name == "template.json" && !bytes.Equal(content, r.template.Canonical()) {
			t.Error("template.json is not the template")
		}
		if f.Method != zip.Store {
			t.Errorf("%s is compressed", f.Name)
		}
	}
	if names[0] != "mimetype" || !slices.IsSorted(names[1:]) || len(names) != inv.Blobs+3 {
		t.Errorf("files %v", names)
	}
	if got := string(b[38 : 38+len(ArchiveType)]); got != ArchiveType {
		t.Errorf("at offset 38 stands %q", got)
	}

	unzip, err := exec.LookPath("unzip")
	if err != nil {
		t.Skip("no unzip here")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "order.tray")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(unzip, "-q", file, "-d", dir).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("unzip: %v\n%s", err, out)
	}
	log, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil || bytes.Count(log, []byte("\n")) != len(r.lines) {
		t.Errorf("unzip: the log has %d lines: %v", bytes.Count(log, []byte("\n")), err)
	}
}

func TestExportWithoutBlobs(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	full, err := r.host.State(ctx, r.id)
	if err != nil {
		t.Fatal(err)
	}
	lost := full.kept()[2]
	wrong := full.kept()[4]
	for name, s := range map[string]store.Store{
		"missing":        without{r.memory, map[sign.Hash]bool{lost: true, wrong: true}},
		"not what it is": liar{r.memory, map[sign.Hash]bool{lost: true, wrong: true}},
	} {
		b, inv := export(t, s, r.id)
		if !slices.Equal(inv.Missing, []sign.Hash{lost, wrong}) {
			t.Errorf("%s: %d blobs told", name, len(inv.Missing))
		}
		a, err := openArchive(b)
		if err != nil {
			t.Fatal(err)
		}
		checked, err := a.Check(ctx)
		if err != nil || !slices.Equal(checked.Missing, inv.Missing) || checked.Blobs != inv.Blobs {
			t.Errorf("%s: checked %+v, %v", name, checked, err)
		}
		got, err := Import(ctx, store.NewMemory(), a)
		if err != nil || !slices.Equal(got.Missing, inv.Missing) {
			t.Errorf("%s: imported %+v, %v", name, got, err)
		}
	}
}

// liar is a store that gives other blobs than it is asked for.
type liar struct {
	store.Store
	about map[sign.Hash]bool
}

func (s liar) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if s.about[digest] {
		return []byte("something else"), nil
	}
	return s.Store.Blob(ctx, tray, digest)
}

// TestKept leaves out what was dropped, and the template, which an archive has
// under a name of its own even if a log introduces it as a blob.
func TestKept(t *testing.T) {
	r := newRich(t)
	s, err := r.host.State(t.Context(), r.id)
	if err != nil {
		t.Fatal(err)
	}
	before := s.kept()
	if len(before) == 0 || slices.Contains(before, r.withdrawn) || !s.blobs.has(r.withdrawn) {
		t.Errorf("%d blobs", len(before))
	}
	with := *s
	with.blobs = s.blobs.with(r.template.Digest())
	if !slices.Equal(with.kept(), before) {
		t.Error("the template is kept twice")
	}
}

func TestExportRefuses(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	if _, err := Export(ctx, store.NewMemory(), r.id, io.Discard); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a tray that is not there: %v", err)
	}
	m := r.prefix(t, 3)
	head := store.Head{Tray: r.id, Length: 3, Hash: sign.Sum(r.lines[2])}
	if err := m.Append(ctx, head, r.lines[5]); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := Export(ctx, m, r.id, &out); !errors.Is(err, BadChain) || out.Len() > 0 {
		t.Errorf("a log that is not valid: %v, %d bytes written", err, out.Len())
	}
	if _, err := Export(ctx, lacking{r.memory}, r.id, io.Discard); !errors.Is(err, errMedium) {
		t.Errorf("a store that fails: %v", err)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Export(done, r.memory, r.id, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

var errMedium = errors.New("the medium fails")

// lacking is a store whose blobs cannot be read, but for the template.
type lacking struct{ store.Store }

func (s lacking) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	blob, err := s.Store.Blob(ctx, tray, digest)
	if err == nil && !bytes.HasPrefix(blob, []byte("{")) {
		return nil, errMedium
	}
	return blob, err
}

// failing is a writer that fails after some bytes.
type failing struct{ left int }

func (w *failing) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errMedium
	}
	return len(p), nil
}

func TestExportToFullDisk(t *testing.T) {
	r := newRich(t)
	m := r.prefix(t, 2)
	b, _ := export(t, m, r.id)
	host := NewHost(m)
	cases := 0
	for n := 0; n < len(b); n += 7 {
		if _, err := Export(t.Context(), host, r.id, &failing{n}); !errors.Is(err, errMedium) {
			t.Fatalf("full after %d of %d bytes: %v", n, len(b), err)
		}
		cases++
	}
	if cases < 100 {
		t.Fatalf("only %d cases", cases)
	}
}

func TestArchiveAsStore(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	b, _ := export(t, r.memory, r.id)
	a, err := openArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	if head, err := a.Head(ctx, a.Tray()); err != nil || head.Length != uint64(len(r.lines)) || head.Hash != sign.Sum(r.lines[len(r.lines)-1]) {
		t.Errorf("head %v, %v", head, err)
	}
	for from := range uint64(len(r.lines) + 2) {
		var got [][]byte
		for line, err := range a.Log(ctx, r.id, from) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, line)
		}
		if want := r.lines[min(from, uint64(len(r.lines))):]; !slices.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("from %d: %d lines", from, len(got))
		}
		var after store.Cursor
		if from > 0 {
			after = feedTo(t, a, from)
		}
		seq := min(from, uint64(len(r.lines)))
		for c, err := range a.Feed(ctx, after) {
			if from > uint64(len(r.lines)) {
				if !errors.Is(err, store.ErrInvalid) {
					t.Errorf("a cursor past the end: %v", err)
				}
				continue
			}
			if err != nil || c.Seq != seq || c.Tray != r.id {
				t.Fatalf("change %+v, %v; want %d", c, err, seq)
			}
			seq++
		}
	}
	none := sign.Sum([]byte("none"))
	done, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		tray sign.Hash
		want error
	}{{ctx, none, store.ErrNotFound}, {done, r.id, context.Canceled}} {
		if _, err := a.Head(c.ctx, c.tray); !errors.Is(err, c.want) {
			t.Errorf("head: %v", err)
		}
		if _, err := a.Blob(c.ctx, c.tray, r.template.Digest()); !errors.Is(err, c.want) {
			t.Errorf("blob: %v", err)
		}
		n := 0
		for _, err := range a.Log(c.ctx, c.tray, 0) {
			if n++; !errors.Is(err, c.want) {
				t.Errorf("log: %v", err)
			}
		}
		if n != 1 {
			t.Errorf("log: %d steps", n)
		}
	}
	for _, err := range a.Feed(done, "") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("feed: %v", err)
		}
	}
	for _, cursor := range []store.Cursor{"0", "01", "-1", "x", "1 "} {
		for _, err := range a.Feed(ctx, cursor) {
			if !errors.Is(err, store.ErrInvalid) {
				t.Errorf("cursor %q: %v", cursor, err)
			}
		}
	}
	if _, err := a.Blob(ctx, r.id, none); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("blob: %v", err)
	}
}

// feedTo gives the cursor after n entries, or one that cannot be.
func feedTo(t testing.TB, a *Archive, n uint64) store.Cursor {
	t.Helper()
	last := store.Cursor("")
	for c, err := range a.Feed(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		last = c.Cursor
		if c.Seq+1 == n {
			return c.Cursor
		}
	}
	return last + "0"
}

// TestArchiveThatChanges reads an archive whose file is written to after it was
// opened.
func TestArchiveThatChanges(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	b, _ := export(t, r.memory, r.id)
	a, err := openArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	b[a.blobs[1].data()] ^= 1
	digest, err := hex.DecodeString(a.blobs[1].name[len(archiveBlob):])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Blob(ctx, r.id, sign.Hash(digest)); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("a blob: %v", err)
	}
	last := a.log.data() + a.log.size - 10
	b[last] ^= 1
	if _, err := a.Check(ctx); err == nil {
		t.Error("the log was changed, and nobody saw it")
	}
	b[last] ^= 1
	b[a.template.data()+5] ^= 1
	if _, err := Open(ctx, a, r.id, nil); err == nil {
		t.Error("the template was changed, and nobody saw it")
	}
}
