package tray

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
)

// wrongDrafts are drafts on the deal, each wrong in several ways, with all that
// is told of them: every mistake once, and nothing that follows from another.
var wrongDrafts = []struct{ name, before, draft, want string }{
	{"names and values and rights and state", ``, `anna: set customer.company=1; set customer.phone=2; set products.amount=much; set products.amont=3; set credit.limit=4; set prices.x=5; fire confirm`, `refused (state): confirm cannot be fired in state filling, only in signing
		also refused (right): sales may not write credit in state filling
		also refused (value): section: values: prices: unknown: no such section; products.amount: form: a decimal such as "12.55" with at most 2 decimals and 30 digits; products.amont: unknown: no such field; did you mean "amount"?
		nobody can fire confirm in this state: customer can fire it in another
		nobody can write credit in this state: care can write it in another`},
	{"a value that is not taken is not missing", ``, `anna: clear customer.company; set customer.phone=1234; set products.amount=much; fire submit`, `refused (value): section: values: products.amount: form: a decimal such as "12.55" with at most 2 decimals and 30 digits
		also refused (blocked): submit cannot be fired yet
		customer.company breaks customer.company.required: sales can mend it
		customer.phone breaks customer.phone.check: sales can mend it`},
	{"nor a field that is misspelt", ``, `anna: clear customer.company; set customer.compny=Bianchi; fire submit`, `refused (value): section: values: customer.compny: unknown: no such field; did you mean "company"?`},
	{"nor anything where a section is", ``, `anna: clear customer.company; set custmer.company=Bianchi; fire submit`, `refused (value): section: values: custmer: unknown: no such section; did you mean "customer"?`},
	{"a rule over what is sound", ``, `anna: clear customer.company; set customer.phone=1234; set facts.kind=large; set facts.count=many; fire tender`, `refused (value): section: values: facts.count: type: an integer from -9007199254740991 to 9007199254740991
		also refused (blocked): tender cannot be fired yet
		bid.price of sam breaks bid.price.required: supplier can mend it
		bid.price of sue breaks bid.price.required: supplier can mend it`},
	{"no right, in several places", ``, `dora: set customer.company=Bianchi; set credit.limit=1; set bid.price=3; fire submit`, `refused (state): customer may not write customer in state filling
		also refused (right): customer may not write credit in state filling
		also refused (unknown): bid is per supplier: nobody with such a role is named (see Draft.Of)
		also refused (right): submit is for another role
		only sales can write customer
		nobody can write credit in this state: care can write it in another
		only sales can fire submit`},
	{"no such event", ``, `anna: set products.amount=much; set box.complaint=slow; fire sumbit; reason why not`, `refused (unknown): fsm: there is no event "sumbit"; did you mean "submit"?
		also refused (right): sales may not write box in state filling
		also refused (value): section: values: products.amount: form: a decimal such as "12.55" with at most 2 decimals and 30 digits
		nobody can write box in this state: customer can write it in another`},
	{"signatures", `anna: fire submit`, `dora: set customer.phone=1234; set products.amount=1; sign confirmation fr; sign approval; sign consent; fire confirm`, `refused (right): customer may not write products in state signing
		also refused (signature): the declaration of confirmation is there in en, it, not in fr
		also refused (right): approval is for another role
		also refused (unknown): no signature consent: there are confirmation, approval
		also refused (blocked): confirm cannot be fired yet
		nobody can write products in this state: sales can write it in another
		only care can sign approval
		customer.phone breaks customer.phone.check: customer can mend it`},
	{"a signature that is not given", `anna: fire submit`, `dora: clear customer.company; set products.amount=1; fire confirm`, `refused (right): customer may not write products in state signing
		also refused (blocked): confirm cannot be fired yet
		nobody can write products in this state: sales can write it in another
		confirmation over customer, products is not signed: customer can sign it
		customer.company breaks customer.company.required: customer can mend it`},
	{"a reason, besides", `anna: fire submit`, `dora: fire return; set credit.limit=3`, `refused (right): customer may not write credit in state signing
		also refused (reason): return asks for a reason
		nobody can write credit in this state: care can write it in another
		return asks for a reason: customer or care can give one`},
	{"what was there before", `anna: set customer.vat=IT1`, `anna: set customer.vat=IT2; set products.amount=much; fire submit`, `refused (value): section: values: products.amount: form: a decimal such as "12.55" with at most 2 decimals and 30 digits
		also refused (blocked): submit cannot be fired yet
		rule.steady over customer does not hold: sales can change that`},
	{"people", ``, `carl: admit dino customer; dismiss dora; admit cleo boss; set credit.limit=much`, `refused (right): the author does not manage these roles
		also refused (right): the author does not manage these roles
		also refused (unknown): no role boss: there are sales, customer, care, supplier, crm
		also refused (state): care may not write credit in state filling
		also refused (value): section: values: credit.limit: form: a decimal such as "12.55" with at most 2 decimals and 30 digits
		only sales can manage customer
		nobody can write credit in this state: care can write it in another`},
	{"texts", ``, `anna: note ; reason ; unreadable bid; fire submit; set customer.company=`, `refused (unknown): no file of bid is sealed to the author
		also refused (blocked): submit cannot be fired yet
		customer.company breaks customer.company.required: sales can mend it`},
	{"validate", `anna: fire submit
		dora: sign confirmation; fire confirm`, `carl: set credit.limit=1; set credit.limt=5; set box.complaint=x; fire validate`, `refused (right): care may not write box in state validating
		also refused (value): section: values: credit.limt: unknown: no such field; did you mean "limit"?
		also refused (blocked): validate cannot be fired yet
		nobody can write box in this state: customer can write it in another
		approval over credit is not signed: care can sign it`},
	{"a rule over what it was before", `anna: fire submit
		dora: sign confirmation; fire confirm
		carl: set credit.limit=1`, `carl: set credit.limit=much; sign approval; fire validate`, `refused (value): section: values: credit.limit: form: a decimal such as "12.55" with at most 2 decimals and 30 digits`},
	{"validate without the signature", `anna: fire submit
		dora: sign confirmation; fire confirm`, `carl: set credit.limit=1; set customer.company=x; fire validate`, `refused (right): care may not write customer in state validating
		also refused (blocked): validate cannot be fired yet
		nobody can write customer in this state: sales or customer can write it in another
		rule.covered over products, credit does not hold: care can change that
		approval over credit is not signed: care can sign it`},
}

func TestWrongDrafts(t *testing.T) {
	for _, x := range wrongDrafts {
		t.Run(x.name, func(t *testing.T) {
			w := play(t, "deal.yaml", deal+x.before+"\n")
			who, acts, _ := strings.Cut(x.draft, ":")
			length := w.length()
			for range 3 { // in one order
				err := w.acts(w.actor(who), strings.Split(acts, ";"))
				if err == nil {
					t.Fatal("not refused")
				}
				w.tellsNothing(err.Error())
				for _, code := range regexp.MustCompile(`refused \(([a-z]+)\)`).FindAllStringSubmatch(x.want, -1) {
					if !errors.Is(err, Code(code[1])) {
						t.Errorf("errors.Is does not find %s", code[1])
					}
				}
				if strings.Contains(x.want, "values:") && !errors.As(err, new(*section.ValuesError)) {
					t.Error("errors.As does not find the values")
				}
				got := err.Error()
				for name := range w.actors {
					got = strings.ReplaceAll(got, w.participant(name), name)
				}
				if want := strings.ReplaceAll(strings.TrimSpace(x.want), "\n\t\t", "\n\t"); got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			}
			if w.length() != length {
				t.Error("something was committed")
			}
		})
	}
	if len(wrongDrafts) == 0 {
		t.Fatal("no drafts")
	}
}

// Of a section that is told as a whole, too, what is sound is not missing because
// something beside it is wrong; what is missing is.
func TestWrongInTheWhole(t *testing.T) {
	s := openSale(t)
	many := make(map[string]any)
	for i := range 2 * section.MaxProblems {
		many[fmt.Sprint("x", i)] = i
	}
	for name, c := range map[string]struct {
		content map[string]any
		values  []string // paths
		fields  []string // of blockers
		object  string   // in the draft's view
	}{
		"one of two":          {map[string]any{"object": "Sedie", "ceiling": "100 USD"}, []string{"notice.ceiling"}, nil, "Sedie"},
		"the other":           {map[string]any{"object": 5, "ceiling": "100 EUR"}, []string{"notice.object"}, nil, ""},
		"both":                {map[string]any{"object": 5, "ceiling": 5}, []string{"notice.object", "notice.ceiling"}, nil, ""},
		"one, one missing":    {map[string]any{"object": 5}, []string{"notice.object"}, []string{"notice.ceiling"}, ""},
		"one, and a rule":     {map[string]any{"object": "Sedie e tavoli", "ceiling": "x"}, []string{"notice.ceiling"}, []string{"notice.object"}, "Sedie e tavoli"},
		"a name is unknown":   {map[string]any{"objct": "Sedie"}, []string{"notice.objct"}, nil, ""},
		"more than is listed": {many, slices.Repeat([]string{""}, section.MaxProblems), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := s.buyer.Draft()
			d.Encode("notice", c.content)
			d.Fire("publish")
			if got := have(d.View(s.ctx))(t).Text("notice.object"); got != c.object {
				t.Errorf("the draft shows %q", got)
			}
			err := d.Commit(s.ctx)
			var values *section.ValuesError
			if !errors.As(err, &values) {
				t.Fatalf("not refused for values: %v", err)
			}
			var paths, fields []string
			for _, p := range values.Problems {
				paths = append(paths, p.Path)
			}
			for _, b := range blockersOf(t, err) {
				if b.Need == NeedField {
					fields = append(fields, b.Path)
				}
			}
			if len(paths) != len(c.values) || c.values[0] != "" && !slices.Equal(paths, c.values) || !slices.Equal(fields, c.fields) {
				t.Errorf("told of values %q and fields %q, not %q and %q", paths, fields, c.values, c.fields)
			}
		})
	}
}
