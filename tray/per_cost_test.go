package tray

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// votes has a public section of which there are many instances, under a rule that
// everybody evaluates for each of them.
const votes = `
template: votes
version: 1
roles:
  maker: {manages: [maker, guest]}
  guest: {}
sections:
  vote:
    public: true
    per: guest
    write: [self]
    fields:
      n: {type: list, max: 20, of: {type: integer}}
rules:
  pairs:
    rule: |
      vote.n.all(a, vote.n.all(b, a + b > 0))
    at: [go]
lifecycle:
  initial: open
  states:
    open: {edit: {guest: [vote]}}
    done: {final: true}
  events:
    go: {from: open, to: open, by: [maker]}
    end: {from: open, to: done, by: [maker]}
`

// TestForgedOutcomesCostLittle gives the host outcomes over as many instances as
// there can be, of which one is false: what comes behind it is not evaluated.
func TestForgedOutcomesCostLittle(t *testing.T) {
	tpl, err := template.Load(fstest.MapFS{"votes.yaml": {Data: []byte(votes)}}, "votes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f := &forger{world: newWorld(t, "deal.yaml")}
	f.tpl = tpl
	ops := []entry.Op{&entry.Create{Format: entry.Format, Nonce: f.nonce(), Suite: "classic", Template: tpl.Digest()}, f.admit("anna", "maker")}
	for i := range template.MaxInstances {
		ops = append(ops, f.admit(fmt.Sprint("guest", i), "guest"))
	}
	anna := f.actor("anna")
	line := f.line(&entry.Entry{Time: f.clock.UTC(), Author: anna.me.ID(), Key: f.public(anna.signer).String(), Ops: ops}, anna.signer)
	f.id, f.blobs = sign.Sum(line), [][]byte{tpl.Canonical()}
	if err := f.append(line, true); err != nil {
		t.Fatal(err)
	}
	f.blobs = nil
	for i := range template.MaxInstances {
		who := fmt.Sprint("guest", i)
		if err := f.append(f.by(who, f.write("vote/"+who, who, "n", slices.Repeat([]any{int64(1)}, 20))), false); err != nil {
			t.Fatal(err)
		}
	}
	s, ev, fire := f.state(), tpl.Event("go"), f.fire("go", "maker", "anna")
	if len(fire.Outcomes) != template.MaxInstances || fire.Outcomes[0].Result != "pass" {
		t.Fatalf("%d outcomes, the first %v", len(fire.Outcomes), fire.Outcomes[0].Result)
	}
	work := func(outcomes []entry.Outcome, want bool) float64 {
		return testing.AllocsPerRun(1, func() {
			if _, ok := s.follow(outcomes, ev, "maker", f.participant("anna"), nil); ok != want {
				t.Errorf("that the outcomes follow is not %v", want)
			}
		})
	}
	all := work(fire.Outcomes, true)
	for name, spoil := range map[string]func([]entry.Outcome) []entry.Outcome{
		"the first is false":       func(o []entry.Outcome) []entry.Outcome { o[0].Result = "fail"; return o },
		"the last is of another":   func(o []entry.Outcome) []entry.Outcome { o[len(o)-1].Instance = o[0].Instance; return o },
		"the last is not there":    func(o []entry.Outcome) []entry.Outcome { return o[:len(o)-1] },
		"one is there beside them": func(o []entry.Outcome) []entry.Outcome { return append(o, o[0]) },
	} {
		forged := *fire
		forged.Outcomes = spoil(slices.Clone(fire.Outcomes))
		if some := work(forged.Outcomes, false); some*10 > all {
			t.Errorf("%s: %v allocations, and %v for all", name, some, all)
		}
		if err := f.append(f.by("anna", &forged), false); !errors.Is(err, BadOutcome) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := f.append(f.by("anna", fire), false); err != nil {
		t.Error(err)
	}
}
