package tray

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/store"
)

// basket has totals that break where prices are in two currencies, and where
// there are none.
const basket = `
template: basket
version: 1
roles: {one: {manages: [one]}}
sections:
  s:
    read: [one]
    write: [one]
    fields:
      n: {type: integer, required: true}
      lines:
        type: list
        required: true
        min: 1
        of:
          price: {type: money, scale: 2, currencies: [EUR, USD], required: true}
          net: {type: money, scale: 2, required: true, compute: price * (10 / n)}
          gross: {type: money, scale: 2, required: true, compute: net * 2}
      total: {type: money, scale: 2, required: true, compute: "lines.map(l, l.net).sum()"}
      twice: {type: money, scale: 2, required: true, compute: total * 2}
      half: {type: integer, compute: 10 / n}
  t:
    read: [one]
    write: [one]
    fields:
      ceiling: {type: money, scale: 2, min: 0}
rules:
  alike:
    rule: |
      s.lines.all(l, l.price.currency() == s.lines[0].price.currency())
    message: one currency, please
    field: s.lines
  below:
    rule: |
      s.total <= t.ceiling
    at: [shut]
lifecycle:
  initial: open
  states: {open: {edit: {one: [s, t]}}, shut: {final: true}}
  events: {shut: {from: open, to: shut, by: [one], valid: [s, t]}}
`

// Of a draft in which computed fields break, all else that is wrong is told, and
// nothing that follows; and where only they break, they are told alone.
func TestBrokenComputed(t *testing.T) {
	ctx := context.Background()
	me := have(NewIdentity())(t)
	tr := have(Create(ctx, NewHost(store.NewMemory()), inline(t, basket), me, InSuite(section.Classic), Bind("one", me.Card())))(t)
	line := func(prices ...string) []any {
		out := []any{}
		for _, p := range prices {
			out = append(out, map[string]any{"price": p})
		}
		return out
	}
	const broke = "refused (value): s has fields that cannot be computed"
	for name, c := range map[string]struct {
		set    map[string]any
		want   string
		fields string // that break
		half   string
	}{
		"sound": {map[string]any{"s.n": 2, "s.lines": line("1 EUR"), "t.ceiling": "5 EUR"}, "", "", "5"},
		"two currencies": {map[string]any{"s.n": 5, "s.lines": line("1 EUR", "2 USD"), "t.ceiling": "5 EUR"}, broke + `
	also refused (blocked): shut cannot be fired yet
	s.lines breaks rule.alike: one can mend it`, "s.total", "2"},
		"no items": {map[string]any{"s.n": 5, "s.lines": line()}, broke + `
	also refused (blocked): shut cannot be fired yet
	t is not written yet: one can write it
	s.lines breaks s.lines.required: one can mend it`, "s.total", "2"},
		"nothing else": {map[string]any{"s.n": 0, "s.lines": line("1 EUR"), "t.ceiling": "5 EUR"}, broke, "s.lines[].net", ""},
		"and another rule": {map[string]any{"s.n": 0, "s.lines": line("1 EUR"), "t.ceiling": "-1 EUR"}, broke + `
	also refused (blocked): shut cannot be fired yet
	t.ceiling breaks t.ceiling.bounds: one can mend it`, "s.lines[].net", ""},
		"and values": {map[string]any{"s.n": "x", "s.lines": line("1 EUR", "2 USD"), "t.ceiling": "5 EUR"}, `refused (value): section: values: s.n: type: an integer from -9007199254740991 to 9007199254740991
	also refused (blocked): shut cannot be fired yet
	s.lines breaks rule.alike: one can mend it`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := tr.Draft()
			for path, v := range c.set {
				d.Set(path, v)
			}
			if got := have(d.View(ctx))(t).Text("s.half"); got != c.half {
				t.Errorf("the draft shows %q, want %q", got, c.half)
			}
			d.Fire("shut")
			blockers, err := d.Can(ctx)
			if c.want == "" {
				if err != nil || len(blockers) > 0 {
					t.Errorf("%v, %v", blockers, err)
				}
				return
			}
			for where, err := range map[string]error{"Commit": d.Commit(ctx), "Can": err} {
				if err == nil || strings.ReplaceAll(err.Error(), " of "+me.Card().ID(), "") != c.want {
					t.Errorf("%s:\n%v, want\n%s", where, err, c.want)
				}
				broken, evaluated := (*rules.ComputeError)(nil), (*rules.EvalError)(nil)
				if found := errors.As(err, &broken) && errors.As(err, &evaluated); found != (c.fields != "") || found && (broken.Fields[0] != c.fields || evaluated.Where != c.fields+" compute") {
					t.Errorf("%s: %+v", where, broken)
				}
			}
		})
	}
	if tr.State().Head().Length != 1 {
		t.Error("something was committed")
	}
}
