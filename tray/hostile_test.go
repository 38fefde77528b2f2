package tray

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/tray/entry"
)

// hostile is one correctly signed line that has no business where it is.
type hostile struct {
	stage string // how far the tray is
	op    string // whose misuse it is; "entry" if it is the entry as a whole
	name  string
	code  Code // of its refusal, by host and readers alike
	forge func(*forger) []byte
}

// The stages that lines are forged for. An invite is open ("link"), one was
// withdrawn ("gone"), the parts of sol and stan have ended, anna has new keys.
const (
	atFilling = deal + `
		sam:  set bid.price=100
		sue:  set bid.price=90
		anna: admit sol sales; admit stan supplier
		anna: dismiss sol; dismiss stan
		anna: rekey
		anna: invite gone customer
		anna: withdraw gone
		anna: invite link customer
	`
	atSigning    = atFilling + "anna: fire submit\n"
	atValidating = atSigning + `
		dora: sign confirmation; fire confirm
		carl: set credit.limit=800
	`
	atDone = atValidating + `
		carl: sign approval; fire validate
		crow: fire finish
	`
)

// Bids are in, and who compares them bids himself.
const (
	atBidding = `
		ada: create buyer=ada bidder=bea bidder=bob
		ada: admit ada bidder
		ada: set bid.price=5; sign offer
		bea: set bid.price=7; sign offer
		bob: set bid.price=9; sign offer
		ada: set notice.fee=5
	`
	atClosed = atBidding + "ada: fire close\n"
	atAlone  = "ada: create buyer=ada bidder=bob\nbob: set bid.price=5\n"
)

// stage plays a tray to where a line is to be forged.
func stage(t testing.TB, name string) *world {
	t.Helper()
	at := map[string]struct {
		file, script string
		late, as, by string   // somebody is there besides, and nothing was shared to him
		leaving      []string // by whom, and of whose part: he goes in an entry that no client makes
	}{
		"filling":    {file: "deal.yaml", script: atFilling},
		"signing":    {file: "deal.yaml", script: atSigning, late: "duca", as: "customer", by: "anna"},
		"validating": {file: "deal.yaml", script: atValidating},
		"done":       {file: "deal.yaml", script: atDone},
		"bidding":    {file: "tender.yaml", script: atBidding},
		"closed":     {file: "tender.yaml", script: atClosed},
		"alone":      {file: "tender.yaml", script: atAlone, late: "bea", as: "buyer", by: "ada", leaving: []string{"ada", "ada", "buyer"}},
		"empty":      {file: "desk.yaml", script: atEmpty},
		"desk":       {file: "desk.yaml", script: atDesk, late: "dino", as: "clerk", by: "cleo"},
		"shut":       {file: "desk.yaml", script: atShut},
		"left":       {file: "desk.yaml", script: atShut, leaving: []string{"abel", "cleo", "clerk"}},
	}[name]
	w := play(t, at.file, at.script)
	if at.late != "" {
		f := &forger{world: w}
		if err := f.append(f.by(at.by, f.admit(at.late, at.as)), false); err != nil {
			t.Fatal(err)
		}
	}
	if at.leaving != nil {
		f := &forger{world: w}
		by, who, roles := at.leaving[0], at.leaving[1], at.leaving[2:]
		ops := []entry.Op{f.ends(who, roles...)}
		if at.late == "" { // nor does he who stays read what the other wrote
			ops = append(ops, &entry.Unreadable{Place: f.place("request"), Number: 1})
		}
		if err := f.append(f.by(by, ops...), false); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// allHostile gives every forged line that is refused by everybody.
func allHostile() []hostile {
	return slices.Concat(hostileEntries, hostilePeople, hostileSections, hostileProcess, hostileNear)
}

// TestHostile gives each forged line to the host, and plants it behind the log
// of a store that lets everything in: host, keyless replay, a reader who opens
// the tray and one who was there before refuse it with one code.
func TestHostile(t *testing.T) {
	cases := allHostile()
	names := make(map[string]bool)
	worlds := make(map[string]*world)
	for _, h := range cases {
		if name := h.op + "/" + h.name; names[name] {
			t.Errorf("%s: twice", name)
		} else {
			names[name] = true
		}
		if worlds[h.stage] == nil {
			worlds[h.stage] = stage(t, h.stage)
		}
		t.Run(h.op+"/"+h.name, func(t *testing.T) { h.refused(t, worlds[h.stage]) })
	}
	for _, w := range worlds {
		w.checkReplays() // refused lines left no trace
	}
	opNames := constants(t, "entry/op.go", "Name")
	for _, op := range append(opNames, "entry") {
		if !slices.ContainsFunc(cases, func(h hostile) bool { return h.op == op }) {
			t.Errorf("no forged line for %s", op)
		}
	}
	t.Logf("%d forged lines about %d ops, each refused 4 times with one code", len(cases), len(opNames))
	if len(cases) == 0 || len(opNames) < 14 {
		t.Error("nothing was forged")
	}
}

func (h hostile) refused(t *testing.T, w *world) {
	f := &forger{world: w}
	line := h.forge(f)
	first := h.op == "create"
	before := w.length()
	if err := f.append(line, first); !errors.Is(err, h.code) {
		t.Errorf("the host: %v, want %s", err, h.code)
	}
	if w.length() != before {
		t.Fatal("the host stored it")
	}
	planted, id := f.planted(t, line, first)
	if _, err := planted.State(w.ctx, id); !errors.Is(err, h.code) {
		t.Errorf("keyless replay: %v, want %s", err, h.code)
	}
	if _, err := Open(w.ctx, planted, id, w.actor("carl").me); !errors.Is(err, h.code) {
		t.Errorf("a reader: %v, want %s", err, h.code)
	}
	if first {
		return
	}
	known := newTray(planted, w.actor("carl").me, w.state())
	if err := known.Sync(w.ctx); !errors.Is(err, h.code) && !(h.code == BadChain && errors.Is(err, ErrFork)) {
		t.Errorf("a reader who was there: %v, want %s", err, h.code)
	} else if known.State().head != w.state().head {
		t.Error("a reader who was there took it in")
	}
}

// TestHostileCodes demands that every code is reached by a forged line. Codes of
// prudence, which only a host refuses with, are in TestHostileToHost.
func TestHostileCodes(t *testing.T) {
	reached := make(map[Code]int)
	for _, h := range allHostile() {
		reached[h.code]++
	}
	for _, h := range imprudent {
		reached[h.code]++
	}
	reached[BadValue]++ // of drafts, before there is an entry: see the scenarios
	codes := constants(t, "refusal.go", "Code")
	for _, code := range codes {
		if reached[Code(code)] == 0 {
			t.Errorf("no forged line is refused with %s", code)
		}
	}
	if len(codes) < 20 || len(reached) > len(codes) {
		t.Errorf("%d codes are declared, %d reached", len(codes), len(reached))
	}
	t.Logf("%d codes: %v", len(codes), reached)
}

// constants gives the texts in a source file that are constants of a type, or
// are returned by methods of that name: what there is, not what a test knows of.
func constants(t *testing.T, file, of string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	text := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if id, ok := n.Type.(*ast.Ident); ok && id.Name == of {
				text(n.Values[0])
			}
		case *ast.FuncDecl:
			if n.Name.Name == of && n.Recv != nil && n.Body != nil {
				text(n.Body.List[0].(*ast.ReturnStmt).Results[0])
			}
		}
		return true
	})
	return out
}

// hostileEntries are wrong as entries: author, place, time, bytes.
var hostileEntries = []hostile{
	{"filling", "entry", "by nobody", NotAuthor, func(f *forger) []byte { return f.by("stranger", f.note(f.ids("anna")...)) }},
	{"filling", "entry", "by one whose part has ended", NotAuthor, func(f *forger) []byte { return f.by("sol", f.note(f.ids("sol")...)) }},
	{"filling", "entry", "by a former key", BadKey, func(f *forger) []byte {
		e := f.entry("anna", f.note(f.ids("anna")...))
		e.Key = f.public(f.actor("anna").former).String()
		return f.line(e, f.actor("anna").former)
	}},
	{"filling", "entry", "in another's name, by one's own key", BadKey, func(f *forger) []byte {
		e := f.entry("dora", f.write("products", "anna", "amount", 1))
		e.Author = f.participant("anna")
		return f.line(e, f.actor("dora").signer)
	}},
	{"filling", "entry", "in another's name and key", Forged, func(f *forger) []byte {
		return f.line(f.entry("anna", f.write("products", "anna", "amount", 1)), f.actor("dora").signer)
	}},
	{"filling", "entry", "under the signature of another entry", Forged, func(f *forger) []byte {
		line, other := f.by("anna", f.write("products", "anna", "amount", 1)), f.by("anna", f.note(f.audience("anna")...))
		return append(line[:bytes.LastIndexByte(line, '.')], other[bytes.LastIndexByte(other, '.'):]...)
	}},
	{"filling", "entry", "changed after it was signed", Forged, func(f *forger) []byte {
		e := f.entry("anna", f.write("products", "anna", "amount", 1))
		line := f.line(e, f.actor("anna").signer)
		e.Time = e.Time.Add(time.Second)
		changed := f.line(e, f.actor("anna").signer)
		return append(changed[:bytes.LastIndexByte(changed, '.')], line[bytes.LastIndexByte(line, '.'):]...)
	}},
	{"filling", "entry", "that joins before the last entry", BadTime, func(f *forger) []byte {
		return f.spoiled("dino", f.join("link", "dino", f.secret("link")), func(e *entry.Entry) { e.Time = f.state().now.Add(-time.Second) })
	}},
	{"filling", "entry", "by a key that anybody signs for", BadKey, func(f *forger) []byte {
		e := f.entry("anna", f.note(f.ids("anna")...))
		e.Key = strings.Repeat("A", 43) // a point of small order
		return f.line(e, f.actor("dora").signer)
	}},
	{"filling", "entry", "of a later place", BadChain, func(f *forger) []byte {
		return f.spoiled("anna", f.fire("submit", "sales", "anna"), func(e *entry.Entry) { e.Seq++ })
	}},
	{"filling", "entry", "behind another line", BadChain, func(f *forger) []byte {
		return f.spoiled("anna", f.fire("submit", "sales", "anna"), func(e *entry.Entry) { e.Prev[0] ^= 1 })
	}},
	{"filling", "entry", "of another tray", BadChain, func(f *forger) []byte {
		return f.spoiled("anna", f.fire("submit", "sales", "anna"), func(e *entry.Entry) { e.Tray[31] ^= 1 })
	}},
	{"filling", "entry", "said once more", BadChain, func(f *forger) []byte {
		var last []byte
		for line := range f.store.Log(f.ctx, f.id, 0) {
			last = line
		}
		return last
	}},
	{"filling", "entry", "older than the last", BadTime, func(f *forger) []byte {
		return f.spoiled("anna", f.fire("submit", "sales", "anna"), func(e *entry.Entry) { e.Time = f.state().now.Add(-1e9) })
	}},
	{"filling", "entry", "signed as a card", Malformed, func(f *forger) []byte {
		payload, _ := f.entry("anna", f.fire("submit", "sales", "anna")).Encode()
		return f.raw(entry.CardKind, payload, f.actor("anna").signer)
	}},
	{"filling", "entry", "that is no JSON", Malformed, func(f *forger) []byte {
		return f.raw(entry.Kind, []byte("fire"), f.actor("anna").signer)
	}},
	{"filling", "entry", "with an unknown op", Malformed, func(f *forger) []byte {
		return f.text("anna", f.fire("submit", "sales", "anna"), func(s string) string { return strings.Replace(s, `"op":"fire"`, `"op":"erupt"`, 1) })
	}},
	{"filling", "entry", "with an unknown member", Malformed, func(f *forger) []byte {
		return f.text("anna", f.fire("submit", "sales", "anna"), func(s string) string { return strings.Replace(s, `{"op"`, `{"force":"yes","op"`, 1) })
	}},
	{"filling", "entry", "with a member twice", Malformed, func(f *forger) []byte {
		return f.text("anna", f.fire("submit", "sales", "anna"), func(s string) string {
			return strings.Replace(s, `"event":"submit"`, `"event":"submit","event":"cancel"`, 1)
		})
	}},
	{"filling", "entry", "with a space", Malformed, func(f *forger) []byte {
		return f.text("anna", f.fire("submit", "sales", "anna"), func(s string) string { return s + " " })
	}},
	{"filling", "entry", "without ops", Malformed, func(f *forger) []byte {
		return f.text("anna", &entry.Withdraw{Invite: f.invited("link")}, func(s string) string {
			head, _, _ := strings.Cut(s, `,"ops"`)
			return head + "}"
		})
	}},
	{"filling", "entry", "joins after the first op", BadOrder, func(f *forger) []byte {
		return f.by("dora", f.note(f.state().audience(f.state().people[f.participant("dora")], nil, []string{"customer"})...), f.join("link", "dino", f.secret("link")))
	}},
}
