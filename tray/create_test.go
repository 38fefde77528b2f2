package tray

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// managed is a template of roles each of which is managed by some.
const managed = `template: managed
version: 1
roles:
  buyer:    {manages: [BUYER]}
  supplier: {manages: [SUPPLIER]}
  board:    {manages: [BOARD]}
sections:
  call: {read: [buyer, supplier, board], write: [buyer], fields: {subject: {type: text}}}
lifecycle:
  initial: open
  states:
    open: {edit: {buyer: [call]}}
    end:  {final: true}
  events:
    close: {from: open, to: end, by: [buyer]}
`

// taking is a store that counts the entries it takes.
type taking struct {
	store.Store
	appended int
}

func (c *taking) Append(ctx context.Context, head store.Head, line []byte, blobs ...[]byte) error {
	c.appended++
	return c.Store.Append(ctx, head, line, blobs...)
}

// Nobody begins a tray in which some role would be nobody's for ever; it is known
// before anything is stored.
func TestCreateCannotBeDead(t *testing.T) {
	ctx, me, other := t.Context(), have(NewIdentity())(t), have(NewIdentity())(t)
	for _, c := range []struct {
		name, buyer, supplier, board string // whom they manage
		mine, others                 string // roles that are bound
		lost, by                     string // nobody could bring in, and who could
	}{
		{"who manages nobody, alone", "buyer, supplier, board", "", "", "supplier", "", "buyer, board", "buyer"},
		{"two who manage nobody", "buyer, supplier, board", "", "", "supplier", "board", "buyer", "buyer"},
		{"one who manages another only", "buyer, supplier", "board", "", "supplier", "", "buyer", "buyer"},
		{"one whose manager is himself, missing", "buyer, supplier", "", "board", "buyer", "", "board", "board"},
		{"two who manage each other, missing", "buyer", "board", "supplier", "buyer", "", "supplier, board", "supplier or board"},
		{"who manages all", "buyer, supplier, board", "", "", "buyer", "", "", ""},
		{"who manages all is another's part", "buyer, supplier, board", "", "", "supplier", "buyer", "", ""},
		{"who manages all is one's part, too", "buyer, supplier, board", "", "", "supplier buyer", "", "", ""},
		{"one who brings in who brings in", "buyer, supplier", "board", "", "buyer", "", "", ""},
		{"a circle", "supplier", "board", "buyer", "board", "", "", ""},
		{"all are there, and nobody can follow them", "supplier, board", "buyer", "", "supplier", "board", "", ""},
		{"everybody is there", "buyer", "supplier", "board", "supplier buyer", "board", "", ""},
	} {
		text := strings.NewReplacer("[BUYER]", "["+c.buyer+"]", "[SUPPLIER]", "["+c.supplier+"]", "[BOARD]", "["+c.board+"]").Replace(managed)
		tpl, err := template.Load(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var bound []CreateOption
		for _, role := range strings.Fields(c.mine) {
			bound = append(bound, Bind(role, me.Card()))
		}
		for _, role := range strings.Fields(c.others) {
			bound = append(bound, Bind(role, other.Card()))
		}
		kept := &taking{Store: store.NewMemory()}
		tr, err := Create(ctx, NewHost(kept), tpl, me, bound...)
		if c.lost == "" {
			if err != nil || kept.appended != 1 {
				t.Errorf("%s: %v, and %d entries", c.name, err, kept.appended)
			}
			continue
		}
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Code != Blocked || tr != nil || kept.appended != 0 {
			t.Errorf("%s: %v, and %d entries", c.name, err, kept.appended)
			continue
		}
		want := fmt.Sprintf("only %s can admit %s", c.by, c.lost)
		if len(refusal.Blockers) != 1 || refusal.Blockers[0].String() != want || !slices.Equal(refusal.Blockers[0].Roles, strings.Split(c.by, " or ")) {
			t.Errorf("%s: blocked by %v, want %q", c.name, refusal.Blockers, want)
		}
		if !strings.Contains(err.Error(), "bring in "+c.lost+": bind a participant to "+c.by) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// It is prudence of who begins, and no part of what makes a log valid: one that
// somebody else began so is read.
func TestDeadTrayIsValid(t *testing.T) {
	tpl := have(template.Load(fstest.MapFS{"t.yaml": {Data: []byte(strings.NewReplacer(
		"[BUYER]", "[buyer, supplier, board]", "[SUPPLIER]", "[]", "[BOARD]", "[]").Replace(managed))}}, "t.yaml"))(t)
	me, kept := have(NewIdentity())(t), store.NewMemory()
	tr := newTray(NewHost(kept), me, newState(tpl, sign.Hash{}))
	ops := []entry.Op{
		&entry.Create{Format: entry.Format, Nonce: have(newNonce())(t), Suite: string(section.PQ), Template: tpl.Digest()},
		&entry.Admit{Card: string(me.Card()), Roles: []string{"supplier"}},
	}
	err := tr.append(t.Context(), func(*State) (*proposal, error) {
		return &proposal{author: me.ID(), ops: ops, blobs: [][]byte{tpl.Canonical()}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), NewHost(kept), tr.ID(), me); err != nil {
		t.Error(err)
	}
}
