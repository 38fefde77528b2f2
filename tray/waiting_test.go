package tray

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// tasks says what waits for somebody, one thing a line.
func (w *world) tasks(who string) string {
	w.Helper()
	t := w.trayOf(w.actor(who))
	if err := t.Sync(w.ctx); err != nil {
		w.Fatal(err)
	}
	tasks, err := t.Waiting(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	out := make([]string, len(tasks))
	for i, task := range tasks {
		switch x := task.(type) {
		case TaskEdit:
			out[i] = fmt.Sprintf("edit %s, %s", placeName(x.Place), x.Status)
			for _, v := range x.Violations {
				out[i] += ", " + v.Rule
			}
		case TaskSign:
			out[i] = fmt.Sprintf("sign %s for %s", x.Signature, strings.Join(x.Events, " "))
			for _, r := range x.Covers {
				out[i] += fmt.Sprintf(", %s %d", placeName(r.Place), r.Number)
			}
			if x.Stale {
				out[i] += ", stale"
			}
		case TaskFire:
			out[i] = fmt.Sprintf("fire %s to %s", x.Event, x.To)
			for _, b := range x.Blockers {
				out[i] += fmt.Sprintf(", %s %s", b.Need, b.Name)
			}
		case TaskShare:
			out[i] = fmt.Sprintf("share %s to %s", placeName(x.Place), strings.Join(x.To, " "))
		case TaskAttest:
			out[i] = "attest " + outcomeList([]entry.Outcome{x.Outcome})
		case TaskReport:
			out[i] = fmt.Sprintf("report %s, %s", placeName(x.Place), x.Status)
		default:
			w.Fatalf("no task: %T", task)
		}
	}
	return w.names(strings.Join(out, "\n"))
}

func TestWaiting(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		want   map[string][]string
	}{
		"nothing written": {`
			anna: create sales=anna care=carl crm=crow
			anna: admit dora customer; admit sam supplier; admit sue supplier
			`, map[string][]string{
			"anna": {
				"edit facts, unwritten",
				"edit customer, unwritten, customer.company.required",
				"edit products, unwritten, products.amount.required",
				"fire submit to signing, field customer.company.required, field products.amount.required",
				"fire tender to filling, field bid.price.required, field bid.price.required",
				"fire cancel to void",
			},
			"sam":  {"edit bid of sam, unwritten, bid.price.required"},
			"dora": nil,
			"carl": nil,
			"crow": nil,
		}},
		"a broken rule": {deal + `
			anna: set customer.phone=info@rossi.example
			`, map[string][]string{
			"anna": {
				"edit facts, readable",
				"edit customer, readable, customer.phone.check",
				"edit products, readable",
				"fire submit to signing, field customer.phone.check",
				"fire tender to filling, field bid.price.required, field bid.price.required",
				"fire cancel to void",
			},
		}},
		"a signature": {deal + `
			anna: fire submit
			`, map[string][]string{
			"dora": {
				"edit customer, readable",
				"edit box, unwritten",
				"sign confirmation for confirm, customer 1, products 1",
				"fire return to filling, reason return",
				"fire confirm to validating, signature confirmation",
			},
			"anna": {"fire cancel to void"},
			"carl": {"fire return to filling, reason return"},
		}},
		"a signature that was given": {deal + `
			anna: fire submit
			dora: sign confirmation en
			`, map[string][]string{
			"dora": {"edit customer, readable", "edit box, unwritten", "fire return to filling, reason return", "fire confirm to validating"},
		}},
		"a signature that is stale": {deal + `
			anna: fire submit
			dora: sign confirmation en
			dora: set customer.phone=+3906
			`, map[string][]string{
			"dora": {
				"edit customer, readable",
				"edit box, unwritten",
				"sign confirmation for confirm, customer 2, products 1, stale",
				"fire return to filling, reason return",
				"fire confirm to validating, attestation rule.named, signature confirmation",
			},
			"anna": {"fire cancel to void", "attest rule.named=pass"},
		}},
		"a signature that is not needed": {deal + `
			anna: set products.amount=100
			anna: fire submit
			`, map[string][]string{
			"dora": {"edit customer, readable", "edit box, unwritten", "fire return to filling, reason return", "fire confirm to validating"},
		}},
		"a signature for an event of others": {`
			anna: create sales=anna care=carl care=cara crm=crow
			anna: admit dora customer
			anna: set customer.company=Rossi; set products.amount=700
			anna: fire submit
			dora: sign confirmation en
			dora: fire confirm
			carl: set credit.limit=900
			carl: sign approval
			`, map[string][]string{
			"carl": {"edit credit, readable", "fire return to filling, reason return", "fire validate to checked, signature approval"},
			"cara": {"edit credit, readable", "sign approval for validate, credit 1", "fire return to filling, reason return", "fire validate to checked, signature approval"},
		}},
		"something that cannot be read": {deal + `
			dora: unreadable customer
			`, map[string][]string{
			"anna": {"edit facts, readable", "edit customer, readable", "edit products, readable", "fire submit to signing",
				"fire tender to filling, field bid.price.required, field bid.price.required", "fire cancel to void"},
			"carl": {"share customer to dora"},
			"sam":  {"edit bid of sam, unwritten, bid.price.required"},
		}},
		"a guest, and a state that shows more": {deal + `
			anna: fire submit
			dora: sign confirmation en
			dora: fire confirm
			carl: set credit.limit=900; sign approval
			anna: invite link care
			`, map[string][]string{
			"carl": {"edit credit, readable", "fire return to filling, reason return", "fire validate to checked", "share credit to link"},
			"anna": nil,
		}},
		"the end": {deal + `
			anna: fire submit
			dora: sign confirmation en
			dora: fire confirm
			carl: set credit.limit=900; sign approval; fire validate
			crow: fire finish
			`, map[string][]string{
			"carl": {"share credit to anna"},
			"anna": nil,
			"crow": nil,
		}},
		"a part that has ended": {deal + `
			anna: dismiss sam
			`, map[string][]string{"sam": nil, "host": nil, "stranger": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			w := play(t, "deal.yaml", c.script)
			if len(c.want) == 0 {
				t.Fatal("nobody")
			}
			for who, want := range c.want {
				if got := w.tasks(who); got != strings.Join(want, "\n") {
					t.Errorf("for %s waits\n%s\nwant\n%s", who, got, strings.Join(want, "\n"))
				}
			}
		})
	}
}

// TestWaitingIsDone does what is owed to others by a draft that says nothing.
func TestWaitingIsDone(t *testing.T) {
	w := play(t, "deal.yaml", deal+`
		anna: fire submit
		dora: set customer.phone=+3906
		carl: unreadable customer
	`)
	if got := w.tasks("anna"); got != "fire cancel to void\nshare customer to carl\nattest rule.named=pass" {
		t.Fatal(got)
	}
	if err := w.trayOf(w.actor("anna")).Draft().Commit(w.ctx); err != nil {
		t.Fatal(err)
	}
	if got := w.tasks("anna"); got != "fire cancel to void" {
		t.Fatal(got)
	}
	if err := w.trayOf(w.actor("anna")).Draft().Commit(w.ctx); !errors.Is(err, ErrNothing) {
		t.Fatal(err)
	}
}

// TestWaitingToReport takes files away from a reader, until he says so.
func TestWaitingToReport(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	w.play("host: loses customer")
	if got := w.tasks("carl"); got != "report customer, missing" {
		t.Fatal(got)
	}
	w.play("carl: unreadable customer")
	if got := w.tasks("carl"); got != "" {
		t.Fatal(got)
	}
	if got := w.tasks("sam"); strings.Contains(got, "report") {
		t.Fatal("somebody who does not read it is to report it")
	}
}

// TestWaitingFails says that it cannot tell, when it cannot.
func TestWaitingFails(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	ill := errors.New("the disk is ill")
	for _, who := range []string{"anna", "carl"} {
		tr := newTray(illBlobs{w.store, ill}, w.actor(who).me, w.state())
		if tasks, err := tr.Waiting(w.ctx); tasks != nil || !errors.Is(err, ill) {
			t.Errorf("%s: %v, %v", who, tasks, err)
		}
	}
	if tasks, err := newTray(illBlobs{w.store, ill}, nil, w.state()).Waiting(w.ctx); len(tasks) > 0 || err != nil {
		t.Errorf("%v, %v", tasks, err)
	}
}

// TestWaitingChangesNothing looks twice.
func TestWaitingChangesNothing(t *testing.T) {
	w := play(t, "deal.yaml", deal+"carl: unreadable products\nanna: fire submit")
	before := w.state()
	first := w.tasks("dora")
	if again := w.tasks("dora"); again != first || first == "" {
		t.Errorf("first\n%s\nthen\n%s", first, again)
	}
	w.sameState("who asked what waits", before, w.trayOf(w.actor("dora")).State())
	if w.length() != before.Head().Length || slices.Contains(strings.Split(first, "\n"), "") {
		t.Error("asking changed the tray")
	}
}

// turning is a host on which something happens when a blob is first asked for.
type turning struct {
	store.Store
	meanwhile func()
}

func (h *turning) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if f := h.meanwhile; f != nil {
		h.meanwhile = nil
		f()
	}
	return h.Store.Blob(ctx, tray, digest)
}

// What waits is told of one state, also where the handle goes on meanwhile.
func TestWaitingOfOneState(t *testing.T) {
	ctx := t.Context()
	way := &turning{Store: NewHost(store.NewMemory())}
	me := have(NewIdentity())(t)
	other := have(Create(ctx, way.Store, inline(t, till), me, InSuite(section.Classic), Bind("one", me.Card())))(t)
	d := other.Draft()
	d.Set("s.note", "x")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	tr := have(Open(ctx, way, other.ID(), me))(t)
	turned := false
	way.meanwhile = func() {
		turned = true
		d := other.Draft()
		d.Fire("shut")
		if err := errors.Join(d.Commit(ctx), tr.Sync(ctx)); err != nil {
			t.Error(err)
		}
	}
	tasks := have(tr.Waiting(ctx))(t)
	if !turned || !tr.State().Final() {
		t.Fatal("nothing happened meanwhile")
	}
	if len(tasks) != 2 {
		t.Fatalf("%+v", tasks)
	}
	if fire, ok := tasks[1].(TaskFire); !ok || fire.Event != "shut" || len(fire.Blockers) > 0 {
		t.Errorf("%+v", tasks[1])
	}
}
