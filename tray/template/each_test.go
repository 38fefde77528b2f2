package template

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Each signs for himself where the condition of a signature reads what is per the
// signers' role alone; then there is no quorum.
func TestSignedByEach(t *testing.T) {
	const bids = `template: bids
version: 1
roles:
  buyer:  {manages: [buyer, bidder, agent]}
  bidder: {}
  agent:  {}
sections:
  bid:
    per: PER
    read: [buyer, self]
    write: [self]
    fields: {price: {type: integer, required: true}}
  terms:
    read: [buyer, bidder, agent]
    write: [buyer]
    fields: {bond: {type: boolean, required: true}}
signatures:
  bond:
    by: bidder
    covers: [terms]
    declare: {en: We pay the bond}
    required: |
      CONDITION
    QUORUM
lifecycle:
  initial: draft
  states:
    draft:  {edit: {buyer: [terms]}}
    open:   {edit: {bidder: [bid]}}
    closed: {final: true}
  events:
    open:  {from: draft, to: open, by: [buyer]}
    close: {from: open, to: closed, by: [buyer], valid: [bid, terms], signed: [bond]}
`
	for _, c := range []struct {
		name, per, condition, quorum string
		each                         bool
		mistake                      string
	}{
		{"his own section", "bidder", "bid.price > 100", "", true, ""},
		{"quorum said", "bidder", "bid.price > 100", "quorum: one", true, ""},
		{"quorum of two", "bidder", "bid.price > 100", "quorum: 2", true, "there is no quorum; leave it out"},
		{"quorum of all", "bidder", "bid.price > 100", "quorum: all", true, "there is no quorum; leave it out"},
		{"a section of all", "bidder", "terms.bond", "quorum: 2", false, ""},
		{"others have one, too", "[bidder, agent]", "bid.price > 100", "quorum: 2", false, ""},
		{"no public fact", "bidder", "participants.bidder > 1", "quorum: all", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.NewReplacer("PER", c.per, "CONDITION", c.condition, "QUORUM", c.quorum).Replace(bids)
			tpl, err := Load(fstest.MapFS{"bids.yaml": {Data: []byte(text)}}, "bids.yaml")
			if c.mistake != "" {
				if err == nil || !strings.Contains(err.Error(), c.mistake) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := tpl.SignedByEach("bond"); got != c.each {
				t.Errorf("got %v", got)
			}
		})
	}
	if tpl := loadFile(t, "order.yaml"); tpl.SignedByEach("none") {
		t.Error("of no signature")
	}
}
