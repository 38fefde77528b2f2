package template_test

import (
	"fmt"
	"log"
	"os"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/tray/template"
)

// What a program tells of by ids and paths is shown to people by titles.
func ExampleTemplate_Label() {
	t, err := template.Load(os.DirFS("../../examples/order"), "order.yaml")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.Title().In("it"))
	fmt.Println(t.Label("products.lines[0].price", "it"))
	fmt.Println(t.Label("products.lines[].price", "en"))
	fmt.Println(t.Label("credit.limit", "de"))
	fmt.Println(t.Rule("rule.covered").Message.In("it"))
	// Output:
	// Conferma d'ordine
	// Prodotti › Righe 1 › Prezzo
	// Products › Lines › Price
	// Credit › Limit
	// l'ordine supera il fido
}

const labelled = `template: labels
version: 1
roles:
  maker: {manages: [maker]}
sections:
  bid:
    title: {en: Bid, it: Offerta}
    read: [maker]
    write: [maker]
    fields:
      lines:
        type: list
        title: {it: Righe}
        of:
          price: {type: integer, title: Price}
          extras: {type: list, of: {type: record, title: {en: Extra, it: Aggiunta}, fields: {weight: {type: integer}}}}
      place: {type: record, title: {en: Place, it: Luogo}, fields: {city: {type: text, title: {en: City, it: Città}}}}
      tags:  {type: list, of: {type: text, title: Tag}}
  plain:
    read: [maker]
    write: [maker]
    fields:
      size: {type: integer}
rules:
  small: {rule: plain.size < 3, message: too large}
  both:  {rule: plain.size < bid.lines.size(), message: {en: more than there are, it: più di quante ce ne sono}}
lifecycle:
  initial: open
  states:
    open:   {edit: {maker: [bid, plain]}}
    closed: {final: true}
  events:
    close: {from: open, to: closed, by: [maker], valid: [bid, plain]}
`

func loadLabelled(t *testing.T) *template.Template {
	t.Helper()
	tpl, err := template.Load(fstest.MapFS{"labels.yaml": {Data: []byte(labelled)}}, "labels.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

func TestLabel(t *testing.T) {
	tpl := loadLabelled(t)
	for _, c := range []struct{ path, lang, want string }{
		{"bid", "it", "Offerta"},
		{"bid", "it-CH", "Offerta"},
		{"bid", "de", "Bid"},
		{"bid", "", "Bid"},
		{"plain", "it", "plain"},
		{"plain.size", "it", "plain › size"},
		{"bid.place", "it", "Offerta › Luogo"},
		{"bid.place.city", "it", "Offerta › Luogo › Città"},
		{"bid.lines", "en", "Bid › Righe"}, // the only language that there is
		{"bid.lines[0]", "it", "Offerta › Righe 1"},
		{"bid.lines[]", "it", "Offerta › Righe"},
		{"bid.lines[1].price", "it", "Offerta › Righe 2 › Price"},
		{"bid.lines[].price", "it", "Offerta › Righe › Price"},
		{"bid.lines[9].extras[0].weight", "it", "Offerta › Righe 10 › Aggiunta 1 › weight"},
		{"bid.lines[9].extras", "it", "Offerta › Righe 10 › extras"},
		{"bid.tags[2]", "en", "Bid › Tag 3"},
	} {
		if got := tpl.Label(c.path, c.lang); got != c.want {
			t.Errorf("Label(%q, %q) = %q, want %q", c.path, c.lang, got, c.want)
		}
	}
	for _, path := range []string{
		"", ".", "bid.", ".lines", "bids", "bid.line", "bid.lines.price", "bid.lines[0].prices", "bid.lines[0].price.x",
		"bid.lines[01].price", "bid.lines[-1]", "bid.lines[x]", "bid.lines[0", "bid.lines[0]]", "bid.lines[0][0]", "bid.lines[][]",
		"bid.lines[]price", "bid.place[0]", "bid.place[]", "bid.tags[0].x", "bid[0]", "bid[]", "bid.lines[99999999999999999999]",
		"Bid", "rule.both", "old.bid.lines", "plain.size ", "bid..lines",
	} {
		if got := tpl.Label(path, "it"); got != path {
			t.Errorf("Label(%q) = %q, and leads to nothing", path, got)
		}
	}
}

func TestRule(t *testing.T) {
	tpl := loadLabelled(t)
	if tpl.Title() != nil {
		t.Errorf("the title is %v, and there is none", tpl.Title())
	}
	for id, want := range map[string]string{"rule.both": "più di quante ce ne sono", "rule.small": "too large"} {
		if r := tpl.Rule(id); r == nil || "rule."+r.ID != id || r.Message.In("it") != want {
			t.Errorf("Rule(%q) is %+v", id, r)
		}
	}
	for _, id := range []string{"", "both", "rule.", "rule.bot", "rule.both.x", "valid.bid", "rules.both", "bid.lines"} {
		if r := tpl.Rule(id); r != nil {
			t.Errorf("Rule(%q) is %+v, and there is none", id, r)
		}
	}
}
