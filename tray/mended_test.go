package tray

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
)

// mended are drafts that are refused, mended by further calls, and committed:
// "commit" goes on with the one that "begin" began.
var mended = []scenario{
	{"a value", "deal.yaml", deal + `
		anna: begin; set products.amount=much; set customer.vat=IT1
		anna: commit !value
		anna: commit !value
		anna: commit; set products.amount=12.5
		anna: reads products.amount=12.50
		anna: reads customer.vat=IT1
		anna: begin; set products.amount=much; set customer.vat=IT1
		anna: commit !value
		anna: commit; clear products.amount
		anna: reads products.amount=
		anna: begin; set products.amount=much; set customer.company=Neri
		anna: commit; drop products.amount
		anna: reads customer.company=Neri
	`},
	{"a section that is not there", "deal.yaml", deal + `
		anna: begin; set custmer.company=Neri; set customer.company=Neri
		anna: commit; clear custmer.company !value
		anna: commit; drop custmer.phone; drop custmer.comp !value
		anna: commit; drop custmer.company
		anna: reads customer.company=Neri
		anna: begin; whole custmer company=Verdi; set custmer.phone=1; set customer.company=Verdi
		anna: commit !value
		anna: commit; drop custmer
		anna: reads customer.company=Verdi
	`},
	{"a field that is not there", "deal.yaml", deal + `
		anna: begin; set customer.compny=Neri; set customer.company=Neri
		anna: commit; clear customer.compny !value
		anna: commit; drop customer.compny
		anna: reads customer.company=Neri
		anna: begin; whole customer compny=Verdi, company=Verdi, phone=+39
		anna: commit !value
		anna: commit; clear customer.compny
		anna: reads customer.phone=+39
	`},
	{"a path that is none", "deal.yaml", deal + `
		anna: begin; set customer.lines[x]=1; set customer.=2; set customer=3; set customer.company=Neri
		anna: commit; drop customer.lines[x] !value
		anna: commit; drop customer. !value
		anna: commit; drop customer !nothing
		anna: commit; set customer.company=Neri
		anna: reads customer.company=Neri
	`},
	{"what is no struct", "deal.yaml", deal + `
		anna: begin; odd customer; set products.amount=3
		anna: commit; set customer.company=Neri !value
		anna: commit; whole customer company=Neri
		anna: reads customer.company=Neri
		anna: reads customer.phone=
		anna: begin; odd customer; set products.amount=4
		anna: commit !value
		anna: commit; drop customer
		anna: reads customer.company=Neri
		anna: reads products.amount=4.00
	`},
	{"a whole section after fields of it", "deal.yaml", deal + `
		anna: begin; set customer.phone=12; set customer.compny=x
		anna: commit !value
		anna: commit; whole customer company=Neri
		anna: reads customer.company=Neri
		anna: begin; whole customer company=Verdi; odd products
		anna: commit !value
		anna: commit; whole products amount=much !value
		anna: commit; set products.amount=5
		anna: reads products.amount=5.00
	`},
	{"a section for others", "deal.yaml", deal + `
		anna: begin; set credit.limit=1; set products.amount=3
		anna: commit !right
		anna: commit; clear credit.limit !right
		anna: commit; drop credit.limit
		anna: reads products.amount=3.00
	`},
	{"somebody's instance", "deal.yaml", deal + `
		sam: begin; set bid.price=much
		sam: commit; of sue; set bid.price=3 !value
		sam: commit; drop bid !right
		sam: commit; of sue; drop bid !nothing
		sam: commit; set bid.price=3
		sam: reads bid.price=3.00
	`},
	{"a signature", "deal.yaml", deal + `
		anna: fire submit
		dora: begin; sign confirmation fr; fire confirm
		dora: commit !signature
		dora: commit; sign confirmation it; sign approval; sign consent !right
		dora: commit; drop approval !unknown
		dora: commit; drop consent; sign confirmation it
		host: state validating
		host: signed confirmation dora
	`},
	{"the event, its role and reason", "deal.yaml", deal + `
		anna: begin; fire confirm; set products.amount=3
		anna: commit !state
		anna: commit; fire ; reason because !reason
		anna: commit; reason 
		host: state filling
		anna: reads products.amount=3.00
		anna: begin; as care; fire submit
		anna: commit !right
		anna: commit; as sales
		host: state signing
	`},
	{"a note", "deal.yaml", deal + `
		anna: begin; note ` + tooLong + `; set products.amount=3
		anna: commit !value
		anna: commit; note short enough
		anna: told anna
		anna: begin; note ` + tooLong + `; set products.amount=4
		anna: commit !value
		anna: commit; note 
		anna: reads products.amount=4.00
	`},
	{"a file that is there", "deal.yaml", deal + `
		anna: begin; unreadable offr; unreadable offr; unreadable bid; set products.amount=3
		anna: commit; set offr.x=1 !value
		anna: commit; drop offr !unknown
		anna: commit; drop bid
		anna: reads products.amount=3.00
	`},
	{"people", "deal.yaml", deal + `
		anna: begin; admit dino boss; admit cleo customer; dismiss crow
		anna: commit !unknown
		anna: commit; forget dino; forget crow
		cleo: edits
		crow: edits
	`},
}

// tooLong is more than a text takes.
var tooLong = strings.Repeat("long ", section.MaxText/5+1)

func TestMended(t *testing.T) {
	for _, s := range mended {
		t.Run(s.name, func(t *testing.T) {
			if w := play(t, s.template, s.script); w.refused == 0 {
				t.Error("nothing was refused")
			}
		})
	}
	if len(mended) == 0 {
		t.Fatal("no scenarios")
	}
}

// TestUnreadableTwice tells of one file twice in a draft: it is reported once, and
// no more where it was dropped.
func TestUnreadableTwice(t *testing.T) {
	w := stage(t, "filling")
	d := w.draft(w.actor("dora"))
	for range 3 {
		d.Unreadable("customer")
		d.Of(w.participant("sam")).Unreadable("customer") // which is per nobody
	}
	d.Unreadable("products")
	d.Drop("products")
	if err := d.Commit(w.ctx); err != nil {
		t.Fatal(err)
	}
	var reported []string
	for step, err := range w.trayOf(w.actor("dora")).Timeline(w.ctx) {
		if err != nil {
			t.Fatal(err)
		}
		for _, act := range step.Acts {
			if r, ok := act.(DidNotRead); ok {
				reported = append(reported, r.Section)
			}
		}
	}
	if !slices.Equal(reported, []string{"customer"}) {
		t.Errorf("reported: %v", reported)
	}
}

// A value that is refused inside a list is mended where it was told: by another
// value of the item, unless the list has a Go type of its own, by another list, or
// by dropping it.
func TestMendedInsideList(t *testing.T) {
	bad := map[string]any{"lines": []any{map[string]any{"price": "much"}, map[string]any{"price": "2 EUR"}}}
	type line struct {
		Price string `json:"price"`
	}
	told := map[string]func(d *Draft){
		"typed": func(d *Draft) { d.Set("all.lines", []map[string]string{{"price": "much"}, {"price": "2 EUR"}}) },
		"encoded, typed": func(d *Draft) {
			d.Encode("all", struct {
				Lines []line `json:"lines"`
			}{[]line{{"much"}, {"2 EUR"}}})
		},
		"encoded": func(d *Draft) { d.Encode("all", bad) },
		"set":     func(d *Draft) { d.Set("all.lines", bad["lines"]) },
		"by item": func(d *Draft) { d.Set("all.lines[0].price", "much"); d.Set("all.lines[1].price", "2 EUR") },
	}
	mends := map[string]struct {
		mend func(d *Draft)
		want map[string]string // lines[0].price, by how it was told
	}{
		"the item again":   {func(d *Draft) { d.Set("all.lines[0].price", "1 EUR") }, map[string]string{"encoded": "1.00 EUR", "encoded, typed": "1.00 EUR", "set": "1.00 EUR", "by item": "1.00 EUR"}},
		"the list again":   {func(d *Draft) { d.Set("all.lines", []any{map[string]any{"price": "3 EUR"}}) }, map[string]string{"typed": "3.00 EUR", "encoded": "3.00 EUR", "encoded, typed": "3.00 EUR", "set": "3.00 EUR", "by item": "3.00 EUR"}},
		"the list dropped": {func(d *Draft) { d.Drop("all.lines"); d.Set("all.text", "x") }, map[string]string{"typed": "", "encoded": "", "encoded, typed": "", "set": "", "by item": ""}},
	}
	for how, tell := range told {
		for name, m := range mends {
			if _, possible := m.want[how]; !possible {
				continue
			}
			w := newWorld(t, "kinds.yaml")
			w.play("anna: create one=anna")
			d := w.draft(w.actor("anna"))
			tell(d)
			if err := d.Commit(w.ctx); !errors.Is(err, BadValue) {
				t.Fatalf("%s: %v", how, err)
			}
			m.mend(d)
			if err := d.Commit(w.ctx); err != nil {
				t.Errorf("%s, then %s: %v", how, name, err)
				continue
			}
			if got := w.view(w.actor("anna")).Text("all.lines[0].price"); got != m.want[how] {
				t.Errorf("%s, then %s: %q", how, name, got)
			}
		}
	}
}

// What is refused in a list of a Go type of its own stays refused, whatever is set
// inside.
func TestRefusedInsideTypedList(t *testing.T) {
	w := newWorld(t, "kinds.yaml")
	w.play("anna: create one=anna")
	d := w.draft(w.actor("anna"))
	d.Set("all.lines", []map[string]string{{"price": "much"}, {"price": "2 EUR"}})
	for range 2 {
		d.Set("all.lines[0].price", "1 EUR")
		var values *section.ValuesError
		if err := d.Commit(w.ctx); !errors.As(err, &values) || len(values.Problems) != 1 || values.Problems[0].Path != "all.lines[0].price" {
			t.Fatalf("%v", err)
		}
	}
	d.Drop("all.lines[0]") // what was told of the item, not what the list holds
	if err := d.Commit(w.ctx); !errors.Is(err, BadValue) {
		t.Errorf("%v", err)
	}
	d.Drop("all.lines")
	d.Set("all.text", "x")
	if err := d.Commit(w.ctx); err != nil {
		t.Errorf("%v", err)
	}
	if v := w.view(w.actor("anna")); v.Text("all.text") != "x" || v.Text("all.lines[0].price") != "" {
		t.Errorf("%v", v.Section("all").Content())
	}
}

// TestRefusedTexts has a note and a reason named that are too long.
func TestRefusedTexts(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	for _, x := range []struct{ acts, path string }{
		{"note " + tooLong, "note"},
		{"fire cancel; reason " + tooLong, "reason"},
	} {
		err := w.acts(w.actor("anna"), strings.Split(x.acts, ";"))
		var values *section.ValuesError
		if !errors.Is(err, BadValue) || !errors.As(err, &values) || len(values.Problems) != 1 || values.Problems[0].Path != x.path {
			t.Errorf("%.30s: %v", x.acts, err)
		}
	}
}

// total is a template with a sum that may be too large.
const total = `
template: total
version: 1
roles: {one: {manages: [one]}}
sections:
  s:
    read: [one]
    write: [one]
    fields:
      a: {type: decimal, scale: 2}
      b: {type: decimal, scale: 2}
      total: {type: decimal, scale: 2, compute: a * b}
      small: {type: boolean, check: total < decimal("5")}
lifecycle:
  initial: open
  states: {open: {edit: {one: [s]}}, shut: {final: true}}
  events: {shut: {from: open, to: shut, by: [one], valid: [s]}}
`

func TestRefusedTotal(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, total)
	many := strings.Repeat("7", 20)
	w.play(`
		anna: create one=anna
		anna: begin; set s.a=` + many + `; set s.b=` + many + `; set s.small=x; fire shut
		anna: commit !value
		anna: commit; drop s.small !value
	`)
	err := w.actor("anna").kept.Commit(w.ctx)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Code != BadValue || err.Error() != "refused (value): s has fields that cannot be computed" || len(refusal.Also) > 0 {
		t.Errorf("%v", err)
	}
	if broken := (*rules.EvalError)(nil); !errors.As(err, &broken) || broken.Where != "s.total compute" {
		t.Error("errors.As does not find the rule that broke")
	}
	w.play(`
		anna: commit; set s.b=2
		anna: reads s.total=155555555555555555554.00
	`)
}
