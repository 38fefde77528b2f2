package tray

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/tray/entry"
)

// ledger has more places than an entry has ops.
const ledger = `
template: ledger
version: 1
roles:
  clerk:  {manages: [clerk, member]}
  member: {}
sections:
  a: {per: member, read: [clerk], write: [clerk], fields: {sum: {type: text}}}
  b: {per: member, read: [clerk], write: [clerk], fields: {sum: {type: text}}}
  c: {per: member, read: [clerk], write: [clerk], fields: {sum: {type: text}}}
  board:
    public: true
    write: [clerk]
    fields: {left: {type: text, max: 100000}, right: {type: text, max: 100000}, back: {type: text, max: 100000}}
lifecycle:
  initial: open
  states:
    open: {edit: {clerk: [a, b, c, board]}}
    shut: {final: true}
  events:
    shut: {from: open, to: shut, by: [clerk]}
`

// TestDraftOfTooMuch has drafts that no entry has room for: they say so, and what
// is left of them when they are parted goes in.
func TestDraftOfTooMuch(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, ledger)
	w.play("anna: create clerk=anna member=max\n")
	anna := w.trayOf(w.actor("anna"))
	notes := func(n int) func(*Draft) {
		return func(d *Draft) {
			for range n {
				d.people("", func(k *composer) error { return k.note("again") }) // a draft by itself leaves one
			}
		}
	}
	text := func(n int, fields ...string) func(*Draft) {
		return func(d *Draft) {
			for _, field := range fields {
				d.Set("board."+field, strings.Repeat("x", n))
			}
		}
	}
	cases := []struct {
		name string
		code Code
		fill func(*Draft)
	}{
		{"an op too many", TooMany, notes(entry.MaxOps + 1)},
		{"as many ops as there may be, an attestation counted", "", notes(entry.MaxOps - 1)},
		{"a byte too many, and a lot more", TooMany, text(90_000, "left", "right", "back")},
		{"a part of it", "", text(90_000, "left")},
	}
	for _, c := range cases {
		d := anna.Draft()
		c.fill(d)
		if _, err := d.Can(w.ctx); errors.Is(err, TooMany) != (c.code != "") {
			t.Errorf("%s: it can be committed, unless %v", c.name, err)
		}
		before := w.length()
		if problem := refusedWith(d.Commit(w.ctx), c.code); problem != "" {
			t.Errorf("%s: %s", c.name, problem)
		}
		if grown := w.length() - before; grown != 0 && c.code != "" {
			t.Errorf("%s: refused, and the log grew", c.name)
		}
	}
	if len(cases) == 0 {
		t.Error("no cases")
	}
}

// TestCrowdReads has a text that more would read than a file has stanzas.
func TestCrowdReads(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, ledger)
	w.play("anna: create clerk=anna member=max\n")
	f := &forger{world: w}
	var ops []entry.Op
	for range entry.MaxTo - 1 {
		a := &actor{}
		f.newKeys(a)
		ops = append(ops, &entry.Admit{Card: string(a.me.Card()), Roles: []string{"clerk"}})
	}
	if err := f.append(f.by("anna", ops...), false); err != nil {
		t.Fatal(err)
	}
	w.play(`
		anna: of max; set a.sum=1; note to all of them
		anna: admit carl clerk
		anna: of max; set a.sum=2 !limit
		anna: note to all of them !limit
		anna: dismiss carl
		anna: of max; set a.sum=2; note to all of them
	`)
}

// TestJoinReadsMuch has a newcomer who may read more places than a join has room
// for: he joins, and others share the rest.
func TestJoinReadsMuch(t *testing.T) {
	const members = 86
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, ledger)
	w.play("anna: create clerk=anna\n")
	anna := w.trayOf(w.actor("anna"))
	commit := func(fill func(*Draft)) {
		t.Helper()
		d := anna.Draft()
		fill(d)
		if err := d.Commit(w.ctx); err != nil {
			t.Fatal(err)
		}
	}
	commit(func(d *Draft) {
		for i := range members {
			d.Admit(w.actor(fmt.Sprintf("member%d", i)).me.Card(), "member")
		}
	})
	for _, name := range []string{"a", "b", "c"} {
		commit(func(d *Draft) {
			for i := range members {
				d.Of(w.participant(fmt.Sprintf("member%d", i))).Set(name+".sum", "1")
			}
		})
	}
	w.play("anna: invite link clerk\n")
	for len(w.state().Owed()) > 0 {
		commit(func(*Draft) {})
	}
	w.play("dino: join link\n")
	if n := len(w.state().Owed()); n != 3*members-(entry.MaxOps-1) {
		t.Errorf("%d places are still owed", n)
	}
	commit(func(*Draft) {})
	unread := 0
	for _, x := range w.view(w.actor("dino")).Sections() {
		if len(x.Instance) > 0 && x.Status != Readable {
			unread++
		}
	}
	if unread > 0 {
		t.Errorf("%d places are not readable", unread)
	}
}
