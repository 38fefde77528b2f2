package tray

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// readerFiles is what readers in other languages are tested with: .tray files,
// and what this package says of each. TestReaderFiles writes them to the folder
// that VASSOIO_READER_FILES names; examples/reader-js/test.js reads them.
type readerFiles struct {
	testing.TB
	dir   string
	cases []readerCase
	codes map[Code]bool
}

// readerCase is a line of cases.json.
type readerCase struct {
	Name   string        `json:"name"`
	File   string        `json:"file"`
	Key    string        `json:"key,omitempty"`    // file of an identity
	Report *readerReport `json:"report,omitempty"` // what the file says

	Refused bool `json:"refused,omitempty"`
	Code    Code `json:"code,omitempty"` // with which it is, if readers must agree on it
}

// readerReport is a Report in JSON, as far as a reader without CEL can come to
// it, with the contents that the key opens.
type readerReport struct {
	Head       string            `json:"head"`
	Suite      string            `json:"suite"`
	State      string            `json:"state"`
	Sections   []readerSection   `json:"sections"`
	Texts      []readerText      `json:"texts"`
	Conditions []readerCondition `json:"conditions"`
	Signatures []readerSignature `json:"signatures"`
}

type readerSection struct {
	Section  string          `json:"section"`
	Instance string          `json:"instance,omitempty"`
	Revision uint64          `json:"revision"`
	Status   Status          `json:"status"`
	By       string          `json:"by,omitempty"`
	Fields   json.RawMessage `json:"fields,omitempty"`
}

type readerText struct {
	Kind   TextKind `json:"kind"`
	ID     string   `json:"id"`
	Seq    uint64   `json:"seq"`
	Author string   `json:"author"`
	Status Status   `json:"status"`
	Text   string   `json:"text,omitempty"`
}

type readerCondition struct {
	Condition string `json:"condition"`
	Instance  string `json:"instance,omitempty"`
	Public    bool   `json:"public"`
	Outcome   string `json:"outcome"` // unknown if it is public: that takes CEL
	By        string `json:"by,omitempty"`
}

type readerSignature struct {
	Name        string `json:"name"`
	Participant string `json:"participant"`
	Fresh       bool   `json:"fresh"`
}

func (x *readerFiles) write(name string, data []byte) string {
	x.Helper()
	if err := os.WriteFile(filepath.Join(x.dir, name), data, 0o600); err != nil {
		x.Fatal(err)
	}
	return name
}

func (x *readerFiles) add(c readerCase, file []byte) {
	x.Helper()
	c.File = x.write(fmt.Sprintf("%04d.tray", len(x.cases)), file)
	x.cases = append(x.cases, c)
}

// accepted adds a file that verifies, as somebody sees it; nil for whoever has
// no key.
func (x *readerFiles) accepted(name string, file []byte, me *Identity) {
	x.Helper()
	report, err := readerReportOf(x.Context(), file, me)
	if err != nil {
		x.Fatalf("%s: %v", name, err)
	}
	c := readerCase{Name: name, Report: report}
	if me != nil {
		var b bytes.Buffer
		if err := me.Export(&b); err != nil {
			x.Fatal(err)
		}
		c.Key = x.write(fmt.Sprintf("%04d.key", len(x.cases)), b.Bytes())
	}
	x.add(c, file)
}

// refused adds a file that does not verify, and demands that this package
// refuses it; with a code, if one is given.
func (x *readerFiles) refused(name string, file []byte, code ...Code) {
	x.Helper()
	a, err := openArchive(file)
	if err == nil {
		_, err = a.Check(x.Context())
	}
	c := readerCase{Name: name, Refused: true}
	for _, c.Code = range code {
		x.codes[c.Code] = true
	}
	if err == nil || c.Code != "" && !errors.Is(err, c.Code) {
		x.Fatalf("%s: %v", name, err)
	}
	x.add(c, file)
}

func readerReportOf(ctx context.Context, file []byte, me *Identity) (*readerReport, error) {
	a, err := openArchive(file)
	if err != nil {
		return nil, err
	}
	r, err := Verify(ctx, a, a.Tray(), nil, me)
	if err != nil {
		return nil, err
	}
	if !r.Verified {
		return nil, r.Refusal
	}
	t, err := Open(ctx, a, a.Tray(), me)
	if err != nil {
		return nil, err
	}
	v, err := t.View(ctx)
	if err != nil {
		return nil, err
	}
	out := &readerReport{Head: r.Head.String(), Suite: string(v.State.Suite()), State: r.State}
	for _, s := range v.Sections() {
		rs := readerSection{Section: s.Section, Instance: s.Instance, Revision: s.Revision, Status: s.Status, By: s.By}
		if s.Status == Readable {
			if rs.Fields, err = s.schema.Encode(s.Content()); err != nil {
				return nil, err
			}
		}
		out.Sections = append(out.Sections, rs)
	}
	for x, err := range t.Texts(ctx) {
		if err != nil {
			return nil, err
		}
		out.Texts = append(out.Texts, readerText{x.Kind, x.ID, x.Seq, x.Author, x.Status, x.Body()})
	}
	for _, c := range r.Conditions {
		rc := readerCondition{Condition: c.Condition, Instance: c.Instance, Outcome: c.Result, By: c.By}
		if c.Basis == Public || c.Basis == Advisory {
			rc.Public, rc.Outcome = true, "unknown"
		}
		out.Conditions = append(out.Conditions, rc)
	}
	for _, s := range r.Signatures {
		out.Signatures = append(out.Signatures, readerSignature{s.Signature, s.Participant, s.Fresh})
	}
	return out, nil
}

// pack makes an archive of a store's log and blobs, whether it verifies or not.
func pack(t testing.TB, s store.Store, id sign.Hash, tpl *template.Template, blobs []sign.Hash) []byte {
	t.Helper()
	files := []content{{archiveMark, []byte(ArchiveType)}}
	for _, h := range blobs {
		blob, err := s.Blob(t.Context(), id, h)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, content{archiveBlob + h.String(), blob})
	}
	var log []byte
	for line, err := range s.Log(t.Context(), id, 0) {
		if err != nil {
			t.Fatal(err)
		}
		log = append(append(log, line...), '\n')
	}
	return rewrite(t, append(files, content{archiveLog, log}, content{archiveTemplate, tpl.Canonical()}))
}

func TestReaderFiles(t *testing.T) {
	x := &readerFiles{TB: t, dir: os.Getenv("VASSOIO_READER_FILES"), codes: make(map[Code]bool)}
	if x.dir == "" {
		if testing.Short() {
			t.Skip("hundreds of trays, for nobody to read")
		}
		x.dir = t.TempDir()
	}
	x.histories()
	x.kinds()
	x.forged()
	x.crowds()
	x.unsound()
	x.templates()
	x.recipients()
	x.misled()
	x.tampered()
	counts := map[bool]int{}
	for _, c := range x.cases {
		counts[c.Report != nil]++
	}
	t.Logf("%d files for other readers to accept, %d to refuse, with %d codes", counts[true], counts[false], len(x.codes))
	if counts[true] < 20 || counts[false] < 300 || len(x.codes) < 15 {
		t.Error("too few")
	}
	list, err := json.MarshalIndent(x.cases, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	x.write("cases.json", list)
}

// histories are trays in which all is as it should be, for everybody in them.
func (x *readerFiles) histories() {
	scripts := map[string]string{"filling": atFilling, "signing": atSigning, "validating": atValidating, "done": atDone, "reference": reference,
		"stale": atSigning + "dora: sign confirmation\ndora: set customer.company=Bianchi\n", "tender": atClosed}
	for _, name := range []string{"filling", "signing", "validating", "done", "reference", "stale", "tender"} {
		file := "deal.yaml"
		if name == "tender" {
			file = "tender.yaml"
		}
		w := play(x, file, scripts[name])
		packed, _ := export(x, w.host, w.id)
		x.accepted(name, packed, nil)
		for _, p := range w.state().Participants() {
			for _, a := range w.actors {
				if a.tray != nil && a.tray.Me() != nil && a.tray.Me().ID == p.ID {
					x.accepted(name+", to "+a.name, packed, a.tray.as(a.tray.State()))
				}
			}
		}
	}
	w := besieged(x)
	file, _ := export(x, w.host, w.id)
	for _, who := range []string{"vera", "vito", "vanni"} {
		x.accepted("whom others would keep out, to "+who, file, w.actor(who).me)
	}
	r := newRich(x)
	file, _ = export(x, r.host, r.id)
	x.accepted("rich", file, nil)
	m := openMarket(x)
	if err := propose(x, m.ctx, m.buyer); err != nil {
		x.Fatal(err)
	}
	file, _ = export(x, m.host, m.seller.ID())
	x.accepted("needs of the application", file, nil)
	x.accepted("needs of the application, to a participant", file, m.b)
	w = newWorld(x, "deal.yaml")
	me, err := NewIdentity()
	if err != nil {
		x.Fatal(err)
	}
	t, err := Create(w.ctx, w.host, w.tpl, me, Bind("sales", me.Card()), Bind("care", me.Card()))
	if err != nil {
		x.Fatal(err)
	}
	d := t.Draft()
	d.Set("customer.company", "Čapek & Ťuhýk \u2028 𝄞")
	d.Set("products.amount", "0.10")
	d.Set("facts.kind", "small")
	if err := d.Commit(w.ctx); err != nil {
		x.Fatal(err)
	}
	file, _ = export(x, w.host, t.ID())
	x.accepted("post-quantum", file, nil)
	x.accepted("post-quantum, to its author", file, me)
}

// forged are the forged lines of TestHostile, planted behind a log; and those
// that only a host refuses, which are valid.
func (x *readerFiles) forged() {
	worlds := make(map[string]*world)
	planted := func(h hostile) []byte {
		if worlds[h.stage] == nil {
			worlds[h.stage] = stage(x, h.stage)
		}
		f := &forger{world: worlds[h.stage]}
		m, id := f.planted(x, h.forge(f), h.op == "create")
		return pack(x, m, id, f.tpl, nil)
	}
	for _, h := range allHostile() {
		codes := []Code{h.code}
		if h.code == BadOutcome && (h.name == "with another outcome than everybody sees" || h.name == "what is compared with the revision before, attested otherwise than everybody sees") {
			codes = nil // everybody who has CEL
		}
		if h.name == "what its rule over the revision before refuses, said to hold" {
			continue // without CEL, what is recorded is taken for true
		}
		x.refused(h.op+" "+h.name, planted(h), codes...)
	}
	for _, h := range slices.Concat(imprudent, rightful) {
		x.accepted(h.op+" "+h.name, planted(h), nil)
	}
}

// crowds are trays that hold as many participants as there can be, with lines
// at the bound and one past it.
func (x *readerFiles) crowds() {
	planted := func(f *forger, ops ...entry.Op) []byte {
		m, _ := f.planted(x, f.by("anna", ops...), false)
		return pack(x, m, f.id, f.tpl, nil)
	}
	f := fullOfPeople(x)
	gone := &entry.Withdraw{Invite: f.invited("link")}
	x.accepted("the last participant", planted(f, gone, f.newcomer()), nil)
	x.accepted("the last participant, by an invite", planted(f, gone, f.invite("customer")), nil)
	x.accepted("a participant in place of another", planted(f, &entry.Dismiss{Participant: f.state().order[9], Roles: []string{"customer"}}, f.newcomer()), nil)
	x.refused("a participant too many", planted(f, f.newcomer()), TooMany)
	x.refused("an invite too many", planted(f, f.invite("customer")), TooMany)
	x.refused("a participant who went and is one too many", planted(f, f.ends("carl", "care"), f.newcomer(), f.admit("carl", "care")), TooMany)

	f = heldByMany(x)
	invite, id := f.nextInvite("customer")
	toInvite := &entry.Share{Place: f.place("customer"), Number: 1, File: f.file([]byte("{}"), id)}
	share := f.share("customer", "last")
	x.accepted("a file of what hundreds hold, and one to an invite", planted(f, invite, share, toInvite), nil)
	x.refused("a file to one of hundreds who hold it", planted(f, f.share("customer", "guest7")), BadReaders)
}

// tampered are changes of a small tray's file.
func (x *readerFiles) tampered() {
	file, err := os.ReadFile(filepath.Join("testdata", "spec", "sample.tray"))
	if err != nil {
		x.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		bent := bytes.Clone(file)
		at := rnd.IntN(len(bent))
		bent[at] ^= 1 << rnd.IntN(8)
		x.refused(fmt.Sprintf("a bit at %d", at), bent)
	}
	for range 20 {
		x.refused("cut short", file[:rnd.IntN(len(file))])
	}
	x.refused("bytes after the end", append(bytes.Clone(file), 0))
	x.refused("bytes before", append([]byte{0}, file...))
	x.refused("nothing", nil)

	files := unpack(x, file)
	log := len(files) - 2
	relogged := func(name string, lines [][]byte) {
		out := slices.Clone(files)
		out[log].data = bytes.Join(lines, nil)
		x.refused(name, rewrite(x, out))
	}
	lines := bytes.SplitAfter(files[log].data, []byte("\n"))
	lines = lines[:len(lines)-1] // behind the last newline
	for i := range lines {
		if i < len(lines)-1 { // a log that ends earlier is valid: that takes a head to find out
			relogged("a line removed", slices.Delete(slices.Clone(lines), i, i+1))
		}
		relogged("a line doubled", slices.Insert(slices.Clone(lines), i, lines[i]))
		relogged("an empty line", slices.Insert(slices.Clone(lines), i, []byte("\n")))
		for j := range i {
			order := slices.Clone(lines)
			order[i], order[j] = order[j], order[i]
			relogged("lines swapped", order)
		}
	}
	for range 150 {
		bent := slices.Clone(lines)
		i := rnd.IntN(len(bent))
		line := bytes.Clone(bent[i])
		line[rnd.IntN(len(line)-1)] ^= 1 << rnd.IntN(7)
		if bytes.Count(line, []byte("\n")) == 1 {
			bent[i] = line
			relogged(fmt.Sprintf("a bit of line %d", i), bent)
		}
	}
	for i, f := range files {
		if strings.HasPrefix(f.name, archiveBlob) {
			continue // is missing, and listed
		}
		x.refused("a file removed", rewrite(x, slices.Delete(slices.Clone(files), i, i+1)))
	}
	for _, name := range []string{"", "../log", "/log", "LOG", "log/", "blobs/x"} {
		out := slices.Clone(files)
		out[log].name = name
		x.refused("renamed", rewrite(x, out))
	}
	for range 30 {
		out := slices.Clone(files)
		last := &out[len(out)-1]
		last.data = bytes.Clone(last.data)
		last.data[rnd.IntN(len(last.data))] ^= 1 << rnd.IntN(8)
		x.refused("another template", rewrite(x, out))
	}
}
