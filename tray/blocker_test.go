package tray

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// manyWaits has every kind of thing to wait for at once: fields, rules with and
// without a field, conditions that share a section, a signature, a reason.
const manyWaits = `
template: waits
version: 1
roles:
  one: {manages: [one, two]}
  two: {}
sections:
  s:
    read: [one]
    write: [one]
    fields:
      name:  {type: text, required: true}
      count: {type: integer, required: true, min: 1}
      lines: {type: list, max: 2000, of: {sku: {type: text, required: true}, n: {type: integer, required: true}}}
  r:
    read: [one]
    write: [one]
    fields:
      lines: {type: list, max: 2000, of: {sku: {type: text, required: true}, n: {type: integer, required: true}}}
  own:
    per: two
    read: [self, one]
    write: [self]
    fields:
      price: {type: decimal, scale: 2, required: true}
rules:
  low:    {rule: s.count < 10, field: s.count, message: {en: too many}}
  even:   {rule: s.count % 2 == 0, message: {en: odd}}
  priced: {rule: own.price < decimal(s.count), at: [go], message: {en: too dear}}
  cheap:  {rule: own.price < decimal("5"), at: [go], message: {en: too dear}}
signatures:
  seal: {by: one, covers: [s], declare: {en: I say so}, required: true}
lifecycle:
  initial: open
  states:
    open: {edit: {one: [s, r], two: [own]}}
    shut: {final: true}
  events:
    go: {from: open, to: shut, by: [one], valid: [s, r, own], signed: [seal], reason: required}
`

// What a fired event waits for is all told, each thing once, in one order: the
// table's, then signatures, then the fields of the first thousand rules that
// break.
func TestBlockersOfFire(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, manyWaits)
	w.play(`
		anna: create one=anna two=bea two=bob
		bea:  set own.price=7
	`)
	bea, bob := w.participant("bea"), w.participant("bob")
	want := []string{
		"own of bob is not written yet: two can write it, or one can dismiss bob",
		"rule.cheap of bea over own does not hold: two can change that",
		"seal over s is not signed: one can sign it",
		"s.name breaks s.name.required: one can mend it",
		"s.count breaks rule.low: one can mend it",
		"rule.even over s does not hold: one can change that",
		"own.price of bob breaks own.price.required: two can mend it",
		"go asks for a reason: one can give one",
	}
	for range 5 {
		d := w.draft(w.actor("anna"))
		d.Set("s.count", 31)
		d.Fire("go")
		if got := names(blockersOf(t, d.Commit(w.ctx)), "bea", bea, "bob", bob); !slices.Equal(got, want) {
			t.Errorf("blockers:\n%s", strings.Join(got, "\n"))
		}
	}
}

// names gives the texts of blockers, with names for ids.
func names(blockers []Blocker, who ...string) []string {
	var out []string
	for _, b := range blockers {
		text := b.String()
		for i := 0; i < len(who); i += 2 {
			text = strings.ReplaceAll(text, who[i+1], who[i])
		}
		out = append(out, text)
	}
	return out
}

// However many fields break their rules, a refusal tells a thousand.
func TestBlockersAreBounded(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, manyWaits)
	w.play("anna: create one=anna")
	const half = maxFieldBlockers / 2
	for lines, want := range map[int]int{1: 2, half: maxFieldBlockers, half + 1: maxFieldBlockers, 4 * half: maxFieldBlockers} {
		d := w.draft(w.actor("anna"))
		d.Set("s.name", "x")
		d.Set("s.count", 2)
		list := make([]any, lines)
		for i := range list {
			list[i] = map[string]any{"n": i}
		}
		d.Set("s.lines", list)
		d.Set("r.lines", list)
		d.Fire("go")
		d.Reason("why")
		seen := map[string]bool{}
		fields := 0
		for _, b := range blockersOf(t, d.Commit(w.ctx)) {
			if seen[b.String()] {
				t.Errorf("%d lines: told twice: %v", lines, &b)
			}
			seen[b.String()] = true
			if b.Need == NeedField {
				want := fmt.Sprintf("s.lines[%d].sku", fields)
				if fields >= lines {
					want = fmt.Sprintf("r.lines[%d].sku", fields-lines)
				}
				if b.Path != want {
					t.Fatalf("%d lines: %s, want %s", lines, b.Path, want)
				}
				fields++
			}
		}
		if fields != want {
			t.Errorf("%d lines: %d fields are told, want %d", lines, fields, want)
		}
		// A condition of which no field has room is told itself.
		if crowded := lines >= maxFieldBlockers; seen["valid.r over r does not hold: one can change that"] != crowded || seen["valid.s over s does not hold: one can change that"] {
			t.Errorf("%d lines: the conditions that are told: %v", lines, seen)
		}
	}
}

// oneWord has a section whose validity the checker attests: the clerk reads it,
// and his word does not count; the porter does not.
const oneWord = `
template: word
version: 1
roles:
  clerk: {manages: [clerk, checker, porter]}
  checker: {}
  porter: {}
sections:
  s:
    read: [clerk, checker]
    write: [clerk]
    attest: [checker]
    fields:
      name:  {type: text, required: true}
      note:  {type: text}
lifecycle:
  initial: open
  states:
    open: {edit: {clerk: [s]}}
    shut: {final: true}
  events:
    go: {from: open, to: shut, by: [clerk, porter], valid: [s]}
`

// One thing to do is one blocker: for who can tell, the fields; for who cannot, the
// condition; and while nobody told how it comes out, that.
func TestOneThingIsOneBlocker(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, oneWord)
	w.play(`
		anna: create clerk=anna checker=carl porter=paul
		anna: set s.note=soon
	`)
	check := func(want map[string]string) {
		t.Helper()
		for who, want := range want {
			tr := w.trayOf(w.actor(who))
			if err := tr.Sync(w.ctx); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(names(have(tr.Can(w.ctx, "go"))(t)), "\n"); got != want {
				t.Errorf("for %s:\n%s\nwant\n%s", who, got, want)
			}
		}
	}
	unsaid := "valid.s over s is not attested: checker can attest it"
	check(map[string]string{"anna": unsaid, "paul": unsaid})
	w.play("carl: note looked at")
	check(map[string]string{
		"anna": "s.name breaks s.name.required: clerk can mend it",
		"paul": "valid.s over s does not hold: clerk can change that",
	})
}
