package template_test

import (
	"fmt"
	"io/fs"
	"log"
	"os"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
	"github.com/vassoio/vassoio/tray/template"
)

// auction has bids of which each bidder reads his own, and needs a function of
// the application.
const auction = `template: auction
version: 1
needs:
  functions: {solvent: {args: text, result: boolean}}
roles:
  seller: {manages: [seller, bidder]}
  bidder: {}
sections:
  bid:
    per: bidder
    read: [self, {role: seller, in: [opened]}]
    write: [self]
    fields:
      name:  {type: text, required: true}
      price: {type: integer, min: 1, required: true}
rules:
  good: {rule: solvent(bid.name) || bid.price < 100, message: too much for an unknown bidder, at: sell}
lifecycle:
  initial: bidding
  states:
    bidding: {edit: {bidder: [bid]}}
    opened:  {}
    sold:    {final: true}
  events:
    open: {from: bidding, to: opened, by: [seller], valid: [bid]}
    sell: {from: opened, to: sold, by: [seller]}
`

const auctionTests = `
fixtures:
  rossi: {bid: {name: Rossi, price: 500}}
tests:
  - name: nothing is bid
    expect: {valid.bid: {fail: [bid.name.required, bid.price.required]}}
  - name: one's own bid
    from: rossi
    as: bidder
    expect: {good: pass}
  - name: the bid of another
    from: rossi
    as: bidder
    instance: other
    expect: {good: {unknown: [bid]}}
  - name: not yet for the seller
    from: rossi
    as: seller
    expect: {good: {unknown: [bid]}}
  - name: a price of nothing
    from: rossi
    set: {bid.price: 0}
    expect: {valid.bid: {fail: [bid.price.bounds]}}
tables: # a row for each bidder's instance
  - name: bids
    state: opened
    as: seller
    set: [bid.name, bid.price]
    expect: [valid.bid, good]
    rows:
      - [Rossi,   500, pass, pass]
      - [Bianchi,  99, pass, pass]
      - [Bianchi, 100, pass, {fail: too much for an unknown bidder}]
`

// loadWith loads templates for an application that has functions of its own.
func loadWith(l rules.Library) func(fs.FS, string) (*template.Template, error) {
	return func(fsys fs.FS, name string) (*template.Template, error) {
		tpl, err := template.Load(fsys, name)
		if err != nil {
			return nil, err
		}
		return tpl.With(l)
	}
}

var registry = rules.Library{Functions: []rules.Function{{
	Name: "solvent", Args: []rules.Kind{rules.KindText}, Result: rules.KindBoolean,
	Call: func(args []any) (any, error) { return args[0] == "Rossi", nil },
}}}

var auctionFiles = fstest.MapFS{"auction.yaml": {Data: []byte(auction)}, "auction_test.yaml": {Data: []byte(auctionTests)}}

// The rules of a template are tested with the functions that it needs, for
// one's own instance of a section and for somebody else's.
func ExampleTemplate_With() {
	reports, err := rulestest.CheckFS(auctionFiles, loadWith(registry))
	if err != nil {
		log.Fatal(err)
	}
	if err := reports[0].WriteText(os.Stdout); err != nil {
		log.Fatal(err)
	}

	// Who does not have them is told what is lacking.
	reports, err = rulestest.CheckFS(auctionFiles, template.Load)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reports[0].Failed(), "failed:", reports[0].Results[1].Failures[0])
	// Output:
	// auction_test.yaml
	//   ok   nothing is bid
	//   ok   one's own bid
	//   ok   the bid of another
	//   ok   not yet for the seller
	//   ok   a price of nothing
	//   ok   bids/1
	//   ok   bids/2
	//   ok   bids/3
	// auction.yaml: 8 cases, 0 failed
	// coverage: 100% (14 of 14)
	// 3 failed: auction_test.yaml:10:14: good: want pass, got unknown for want of the application's [solvent]
}

// Who can decide what, before there is a tray.
func ExampleTemplate_Explain() {
	tpl, err := template.Load(auctionFiles, "auction.yaml")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(tpl.Explain())
	// Output:
	// valid.bid
	//   reads       bid
	//   of sections bid
	//   decided by  seller in opened
	//   decided by  bidder, on its own instance
	//   or by       bidder who writes bid in bidding
	//   due at      open
	//   unknown to  seller in bidding, sold, who cannot read bid
	//   unknown to  bidder, who cannot read bid of others
	// rule.good
	//   reads       bid.name, bid.price
	//   of sections bid
	//   needs       solvent
	//   decided by  seller in opened
	//   decided by  bidder, on its own instance
	//   or by       bidder who writes bid in bidding
	//   due at      sell
	//   unknown to  seller in bidding, sold, who cannot read bid
	//   unknown to  bidder, who cannot read bid of others
	//
	// after an edit of
	//   bid.name: valid.bid, rule.good
	//   bid.price: valid.bid, rule.good
}

// A rule over instances of which each reads his own is seen to be unknown.
func TestInstancesAreSealed(t *testing.T) {
	tpl, err := loadWith(registry)(auctionFiles, "auction.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		role, state string
		own, each   bool
	}{
		{"bidder", "bidding", true, false}, {"bidder", "opened", true, false},
		{"seller", "bidding", false, false}, {"seller", "opened", true, true},
		{"nobody", "opened", false, false},
	} {
		if own, each := tpl.ReadBy(c.role, "bid", c.state), tpl.ReadsEach(c.role, "bid", c.state); own != c.own || each != c.each {
			t.Errorf("%s, %s: reads %v, each %v", c.role, c.state, own, each)
		}
	}
	if tpl.ReadsEach("seller", "nothing", "opened") {
		t.Error("a section that there is not is read")
	}
	// Only the bidder reads: every role reads, and yet not everybody can tell.
	d := tpl.Definition()
	d.Sections[0].Read = []template.Reader{{Role: template.Self}, {Role: "seller"}}
	if tpl, err = template.Compile(d); err != nil {
		t.Fatal(err)
	}
	report, err := rulestest.Check(tpl, &rulestest.Suite{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Coverage.Total != 14 { // valid: pass, fail, three demands of fields; good: pass, fail, unknown; two branches and their whole both ways
		t.Errorf("%d to cover", report.Coverage.Total)
	}
}
