package tray

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// confirmed is a deal as far as the customer's confirmation.
const confirmed = deal + `
	anna: fire submit
	dora: sign confirmation it; set box.complaint=late
	dora: fire confirm
	carl: set credit.limit=900
`

// served is a store that serves other lines than it keeps.
type served struct {
	store.Store
	lines func(lines [][]byte) [][]byte
	err   error // in place of the log
}

func (s served) all(ctx context.Context, tray sign.Hash) (lines [][]byte, err error) {
	for line, err := range s.Store.Log(ctx, tray, 0) {
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return s.lines(lines), s.err
}

func (s served) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		lines, err := s.all(ctx, tray)
		for _, line := range lines[min(from, uint64(len(lines))):] {
			if !yield(line, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func (s served) Head(ctx context.Context, tray sign.Hash) (store.Head, error) {
	lines, err := s.all(ctx, tray)
	if err != nil || len(lines) == 0 {
		return store.Head{Tray: tray}, err
	}
	return store.Head{Tray: tray, Length: uint64(len(lines)), Hash: sign.Sum(lines[len(lines)-1])}, nil
}

// illBlobs is a store whose blobs cannot be read at present.
type illBlobs struct {
	store.Store
	err error
}

func (s illBlobs) Blob(context.Context, sign.Hash, sign.Hash) ([]byte, error) { return nil, s.err }

// slip appends an entry that its author put together by hand: it is applied and
// signed as any other, but nothing completes it.
func (w *world) slip(who string, ops func(k *composer) error) {
	w.Helper()
	t := w.trayOf(w.actor(who))
	if err := t.Sync(w.ctx); err != nil {
		w.Fatal(err)
	}
	err := t.append(w.ctx, func(s *State) (*proposal, error) {
		k := t.compose(w.ctx, s, s.mine(t.as(s)))
		err := ops(k)
		return k.proposal, err
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) verify(who string, s store.Store, pinned *store.Head) *Report {
	w.Helper()
	var me *Identity
	if who != "host" {
		me = w.actor(who).me
	}
	r, err := Verify(w.ctx, s, w.id, pinned, me)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

func (r *Report) status(section string) Status {
	for _, x := range r.Sections {
		if x.Section == section {
			return x.Status
		}
	}
	return "not reported"
}

func (r *Report) condition(id string) ConditionReport {
	for _, c := range r.Conditions {
		if c.Condition == id {
			return c
		}
	}
	return ConditionReport{Basis: "not reported"}
}

// TestReport compares what those who can read less and more come to.
func TestReport(t *testing.T) {
	w := play(t, "deal.yaml", confirmed)
	head := w.state().Head()
	basis := map[string]map[string]Basis{
		"host": {"guard.submit": Public, "valid.customer": Attested, "valid.credit": Attested, "rule.covered": Attested, "required.confirmation": Attested},
		"anna": {"guard.submit": Public, "valid.customer": Checked, "valid.credit": Attested, "rule.covered": Attested, "required.confirmation": Checked},
		"carl": {"guard.submit": Public, "valid.customer": Checked, "valid.credit": Checked, "rule.covered": Checked, "required.confirmation": Checked},
		"sam":  {"guard.submit": Public, "valid.customer": Attested, "valid.credit": Attested, "guard.validate": Unsaid},
	}
	status := map[string]map[string]Status{
		"host": {"facts": Readable, "customer": Opaque, "products": Opaque, "credit": Opaque, "box": Opaque, "bid": Unwritten},
		"anna": {"facts": Readable, "customer": Readable, "products": Readable, "credit": Opaque, "box": Opaque, "bid": Unwritten},
		"carl": {"facts": Readable, "customer": Readable, "products": Readable, "credit": Readable, "box": Readable, "bid": Unwritten},
		"sam":  {"customer": Opaque},
	}
	for who := range status {
		for _, pinned := range []*store.Head{nil, &head} {
			r := w.verify(who, w.store, pinned)
			if !r.Verified || r.Refusal != nil || r.Fork != nil || r.Head != head || r.State != "validating" || r.Pinned != (pinned != nil) {
				t.Fatalf("%s: %v", who, r)
			}
			for section, want := range status[who] {
				if got := r.status(section); got != want {
					t.Errorf("%s: section %s is %s", who, section, got)
				}
			}
			for id, want := range basis[who] {
				if got := r.condition(id); got.Basis != want || got.Result != "pass" && want != Unsaid {
					t.Errorf("%s: condition %s: %+v", who, id, got)
				}
			}
			if len(r.Signatures) != 1 || r.Signatures[0].Signature != "confirmation" || !r.Signatures[0].Fresh || r.Signatures[0].Participant != w.participant("dora") {
				t.Errorf("%s: signatures %+v", who, r.Signatures)
			}
		}
	}
	text := w.verify("carl", w.store, nil).String()
	for _, want := range []string{"verified: true, pinned: false", "state: validating", "section credit: revision 1, readable", "condition rule.covered: pass, checked by ", ", fresh"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q:\n%s", want, text)
		}
	}
	for _, secret := range []string{"Rossi", "39021", "700", "900", "late"} {
		if strings.Contains(text, secret) {
			t.Errorf("the report holds the value %q", secret)
		}
	}
}

func TestReportOfAStaleSignature(t *testing.T) {
	w := play(t, "deal.yaml", deal+`
		anna: fire submit
		dora: sign confirmation en
		dora: set customer.company=Rossi & C.
	`)
	if r := w.verify("host", w.store, nil); len(r.Signatures) != 1 || r.Signatures[0].Fresh || !strings.Contains(r.String(), ", stale") {
		t.Fatalf("%v", r)
	}
}

// TestReportSaysWhere changes every line at many places.
func TestReportSaysWhere(t *testing.T) {
	w := play(t, "deal.yaml", confirmed)
	head := w.state().Head()
	cases := 0
	for n := range int(head.Length) {
		for i := 0; ; i += 97 {
			done := false
			s := served{Store: w.store, lines: func(lines [][]byte) [][]byte {
				if done = i >= len(lines[n]); !done {
					lines[n][i] ^= 1
				}
				return lines
			}}
			r := w.verify("host", s, &head)
			if done {
				break
			}
			cases++
			if r.Verified || r.Pinned || r.Refusal == nil || r.Refusal.Seq != uint64(n) || r.Head.Length != uint64(n) {
				t.Fatalf("byte %d of entry %d: %v", i, n, r)
			}
		}
	}
	if cases < 50 {
		t.Fatalf("%d cases", cases)
	}
}

// TestReportOfAnotherLog serves lines that are all sound, but not that log.
func TestReportOfAnotherLog(t *testing.T) {
	w := play(t, "deal.yaml", confirmed)
	other := play(t, "deal.yaml", confirmed)
	foreign, err := served{Store: other.store, lines: func(l [][]byte) [][]byte { return l }}.all(w.ctx, other.id)
	if err != nil {
		t.Fatal(err)
	}
	head := w.state().Head()
	n := int(head.Length)
	for name, c := range map[string]struct {
		lines    func([][]byte) [][]byte
		seq      int  // of the refusal; -1 if the log is sound
		verified bool // with nothing pinned
	}{
		"dropped":       {func(l [][]byte) [][]byte { return slices.Delete(l, 2, 3) }, 2, false},
		"twice":         {func(l [][]byte) [][]byte { return slices.Insert(l, 3, l[2]) }, 3, false},
		"swapped":       {func(l [][]byte) [][]byte { l[2], l[3] = l[3], l[2]; return l }, 2, false},
		"cut":           {func(l [][]byte) [][]byte { return l[:n-1] }, -1, true},
		"spliced":       {func(l [][]byte) [][]byte { l[2] = foreign[2]; return l }, 2, false},
		"appended":      {func(l [][]byte) [][]byte { return append(l, foreign[n-1]) }, n, false},
		"another tray":  {func([][]byte) [][]byte { return foreign }, 0, false},
		"an empty line": {func(l [][]byte) [][]byte { return append(l, nil) }, n, false},
		"no end":        {func(l [][]byte) [][]byte { l[4] = bytes.Repeat([]byte("A"), sign.MaxLine+1); return l }, 4, false},
	} {
		s := served{Store: w.store, lines: c.lines}
		for _, pinned := range []*store.Head{nil, &head} {
			r := w.verify("carl", s, pinned)
			switch {
			case r.Verified != (c.verified && pinned == nil):
				t.Errorf("%s: %v", name, r)
			case c.seq >= 0 && (r.Refusal == nil || r.Refusal.Seq != uint64(c.seq)):
				t.Errorf("%s: refused %v", name, r.Refusal)
			case c.seq < 0 && pinned != nil && (r.Fork == nil || r.Fork.Got.Length != uint64(n-1) || !errors.Is(r.Fork, ErrFork)):
				t.Errorf("%s: fork %v", name, r.Fork)
			case r.Pinned != (pinned != nil && c.seq == n):
				t.Errorf("%s: pinned: %v", name, r.Pinned)
			}
		}
	}
	// Heads that the log never had.
	for name, pinned := range map[string]store.Head{
		"another hash": {Tray: head.Tray, Length: head.Length, Hash: sign.Sum([]byte("x"))},
		"another tray": {Tray: other.id, Length: head.Length, Hash: head.Hash},
		"longer":       {Tray: head.Tray, Length: head.Length + 1, Hash: head.Hash},
		"shorter":      {Tray: head.Tray, Length: head.Length - 1, Hash: head.Hash},
		"none":         {},
	} {
		if r := w.verify("host", w.store, &pinned); r.Verified || r.Pinned || r.Fork == nil || r.Refusal != nil {
			t.Errorf("%s: %v", name, r)
		}
	}
}

// TestReportOfBlobs takes files away and changes them.
func TestReportOfBlobs(t *testing.T) {
	w := play(t, "deal.yaml", confirmed)
	for _, f := range w.state().places[w.place("customer")].files.all() {
		w.store.lost[f.Blob] = true
	}
	for _, f := range w.state().places[w.place("credit")].files.all() {
		w.store.changed[f.Blob] = bytes.Repeat([]byte("x"), int(f.Size))
	}
	for who, want := range map[string][3]Status{
		"carl": {Missing, Missing, Readable},
		"anna": {Missing, Opaque, Readable},
		"host": {Opaque, Opaque, Opaque}, // who cannot read it does not ask for it
	} {
		r := w.verify(who, w.store, nil)
		if got := [3]Status{r.status("customer"), r.status("credit"), r.status("products")}; !r.Verified || got != want {
			t.Errorf("%s: %v", who, r)
		}
	}
	if got := w.verify("carl", w.store, nil).condition("rule.covered"); got.Basis != Attested || got.Result != "pass" {
		t.Errorf("without the files: %+v", got)
	}
}

// TestReportOfALyingAuthor gives readers another content than the log says.
func TestReportOfALyingAuthor(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	w.slip("anna", func(k *composer) error {
		if err := k.put(w.place("products"), map[string]any{}); err != nil {
			return err
		}
		op := k.proposal.ops[0].(*entry.Write)
		op.Root[0] ^= 1
		return nil
	})
	for who, want := range map[string]Status{"carl": Contradicting, "dora": Contradicting, "host": Opaque, "sam": Opaque} {
		r := w.verify(who, w.store, nil)
		if got := r.status("products"); got != want || !r.Verified || r.status("customer") == Contradicting {
			t.Errorf("%s: %v", who, r)
		}
		for _, x := range r.Sections {
			if x.Section == "products" && (x.Author != w.participant("anna") || x.Number != 2) {
				t.Errorf("%s: %+v", who, x)
			}
		}
	}
}

// TestReportOfFalseWords gives a word on a condition that is not so.
func TestReportOfFalseWords(t *testing.T) {
	lie := func(engine string) *world {
		w := play(t, "deal.yaml", deal)
		w.slip("anna", func(k *composer) error {
			return k.add(&entry.Attest{Engine: engine, On: k.presentAll([]entry.Place{w.place("customer")}),
				Outcomes: []entry.Outcome{{Condition: "valid.customer", Result: "fail"}}})
		})
		return w
	}
	for _, c := range []struct {
		engine, who string
		want        Basis
	}{
		{rules.Engine, "carl", False},
		{rules.Engine, "anna", False},
		{rules.Engine, "host", Attested},
		{rules.Engine, "sam", Attested},
		{"cel-go/v0.1.0", "carl", Differs},
		{"cel-go/v0.1.0", "host", Attested},
	} {
		t.Run(fmt.Sprint(c.engine, c.who), func(t *testing.T) {
			w := lie(c.engine)
			r := w.verify(c.who, w.store, nil)
			got := r.condition("valid.customer")
			if got.Basis != c.want || got.Result != "fail" || got.By != w.participant("anna") || got.Seq != r.Head.Length-1 || !r.Verified {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestDoubted gives words that are not so, and lets their revisions and moments
// pass: whoever read them tells, with whose they were.
func TestDoubted(t *testing.T) {
	attest := func(w *world, who, condition, result, engine string) {
		w.slip(who, func(k *composer) error {
			return k.add(&entry.Attest{Engine: engine, On: k.presentAll([]entry.Place{w.place("customer")}),
				Outcomes: []entry.Outcome{{Condition: condition, Result: result}}})
		})
	}
	guard := func(result string) func(w *world) {
		return func(w *world) {
			w.play("anna: fire submit\ndora: sign confirmation it; fire confirm")
			limit := "900.00"
			if result == "false" {
				limit = "-5.00"
			}
			w.play("carl: set credit.limit=" + limit + "; sign approval en")
			w.slip("carl", func(k *composer) error {
				if err := k.toward("validate"); err != nil {
					return err
				}
				on := k.presentAll([]entry.Place{w.place("credit"), w.place("products")})
				err := k.add(&entry.Attest{Engine: rules.Engine, On: on, Outcomes: []entry.Outcome{
					{Condition: "rule.covered", Result: "pass"}, {Condition: "guard.validate", Result: "pass"}}})
				if err != nil {
					return err
				}
				op := &entry.Fire{Role: "care", Event: "validate", From: k.name, To: k.end}
				op.Outcomes = k.outcomes(k.template.Event("validate"), "care", k.author.ID, k.words)
				return k.add(op)
			})
		}
	}
	for _, c := range []struct {
		name string
		do   func(w *world)
		want map[string]string // by who verifies
	}{
		{"what is so", guard("true"), map[string]string{"carl": "", "anna": "", "host": ""}},
		{"what was so", func(w *world) {
			guard("true")(w)
			w.play("anna: dismiss carl care")
		}, map[string]string{"carl": "", "anna": "", "host": ""}},
		{"what changed", func(w *world) {
			w.play("anna: set customer.vat=1")
			w.slip("anna", func(k *composer) error {
				p := w.place("customer")
				rev, _, err := k.revision(p)
				if err == nil {
					rev.Content = section.Content{"company": "Rossi", "vat": "2"}
					err = k.put(p, rev.Content)
				}
				if err != nil {
					return err
				}
				return k.add(&entry.Attest{Engine: rules.Engine, On: k.presentAll([]entry.Place{p}), Outcomes: []entry.Outcome{{Condition: "rule.steady", Result: "pass"}}})
			})
		}, map[string]string{"carl": "rule.steady pass false anna", "host": ""}},
		{"what is not there", func(w *world) {
			w.slip("carl", func(k *composer) error {
				return k.add(&entry.Attest{Engine: rules.Engine, On: k.presentAll([]entry.Place{w.place("box")}), Outcomes: []entry.Outcome{{Condition: "valid.box", Result: "fail"}}})
			})
		}, map[string]string{"carl": "valid.box fail false carl", "host": "valid.box fail false carl"}}, // that nothing is there, everybody sees
		{"a moment", guard("false"), map[string]string{"carl": "rule.covered pass false carl, guard.validate pass false carl", "dora": "", "host": ""}},
		{"a revision", func(w *world) {
			attest(w, "anna", "valid.customer", "fail", rules.Engine)
			w.play("anna: set customer.company=Verdi")
		}, map[string]string{"anna": "valid.customer fail false anna", "carl": "valid.customer fail false anna", "sam": "", "host": ""}},
		{"another engine", func(w *world) {
			attest(w, "anna", "valid.customer", "fail", "cel-go/v0.1.0")
			w.play("anna: set customer.company=Verdi")
		}, map[string]string{"carl": "valid.customer fail differs anna", "host": ""}},
		{"what somebody answered", func(w *world) {
			attest(w, "anna", "valid.customer", "fail", rules.Engine)
			attest(w, "carl", "valid.customer", "pass", rules.Engine)
		}, map[string]string{"carl": "valid.customer fail false anna"}},
	} {
		w := play(t, "deal.yaml", deal)
		before := w.state().head.Length
		c.do(w)
		for who, want := range c.want {
			r := w.verify(who, w.store, nil)
			var got []string
			for _, d := range r.Doubted {
				got = append(got, fmt.Sprint(d.Condition, " ", d.Result, " ", d.Basis, " ", w.names(d.By)))
				if d.Seq < before || d.Seq >= r.Head.Length || !strings.Contains(r.String(), fmt.Sprintf("entry %d: condition %s", d.Seq, d.Condition)) {
					t.Errorf("%s: in entry %d: %v", c.name, d.Seq, r)
				}
			}
			if strings.Join(got, ", ") != want || !r.Verified {
				t.Errorf("%s, for %s: %q, want %q", c.name, who, got, want)
			}
		}
	}
}

// The role is a fact of the entry that fires.
func TestDoubtedInItsRole(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, `
template: roles
version: 1
roles: {sales: {manages: [sales, care]}, care: {}}
sections:
  credit: {read: [care], write: [care], fields: {limit: {type: decimal, scale: 2}}}
lifecycle:
  initial: open
  states: {open: {edit: {care: [credit]}}, shut: {final: true}}
  events:
    shut:
      from: open
      to: shut
      by: [sales, care]
      guard: |
        credit.limit > decimal(0) && role == "care"
`)
	w.play("anna: create sales=anna care=carl\ncarl: set credit.limit=5; fire shut")
	if r := w.verify("carl", w.store, nil); r.State != "shut" || len(r.Doubted) > 0 {
		t.Error(r)
	}
}

// A word in an entry that is refused was not given.
func TestDoubtedIsInTheLog(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	f := &forger{world: w}
	lie := &entry.Attest{Engine: rules.Engine, On: []entry.Revision{f.state().present(w.place("customer"))},
		Outcomes: []entry.Outcome{{Condition: "valid.customer", Result: "fail"}}}
	line := f.by("anna", lie, lie)
	with := served{w.store, func(lines [][]byte) [][]byte { return append(lines, line) }, nil}
	if r := w.verify("carl", with, nil); r.Refusal == nil || r.Refusal.Code != BadOrder || len(r.Doubted) != 0 {
		t.Errorf("%v, %v", r.Refusal, r.Doubted)
	}
}

// TestVerifyFails tells an invalid log, which is a result, from a medium that
// fails.
func TestVerifyFails(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	ill := errors.New("the disk is ill")
	same := func(l [][]byte) [][]byte { return l }
	canceled, cancel := context.WithCancel(w.ctx)
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		s    store.Store
		tray sign.Hash
		want error
	}{
		"no such tray": {w.ctx, w.store, sign.Sum([]byte("x")), store.ErrNotFound},
		"ill":          {w.ctx, served{w.store, same, ill}, w.id, ill},
		"canceled":     {canceled, w.store, w.id, context.Canceled},
		"nothing":      {w.ctx, served{w.store, func([][]byte) [][]byte { return nil }, nil}, w.id, store.ErrNotFound},
	} {
		if r, err := Verify(c.ctx, c.s, c.tray, nil, nil); r != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
	if (&Report{}).Verified {
		t.Error("nothing is verified")
	}
	if r, err := Verify(w.ctx, illBlobs{w.store, ill}, w.id, nil, nil); r != nil || !errors.Is(err, ill) {
		t.Errorf("an ill disk: %v, %v", r, err)
	}
	w.store.lost[w.tpl.Digest()] = true
	if r, err := Verify(w.ctx, w.store, w.id, nil, nil); r != nil || !errors.Is(err, store.ErrNotFound) {
		t.Errorf("without the template: %v, %v", r, err)
	}
}
