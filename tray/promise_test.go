package tray

import (
	"slices"
	"testing"
)

// deal is how most scenarios begin: everybody is there, and the data are in.
const deal = `
	anna: create sales=anna care=carl crm=crow
	anna: admit dora customer; admit sam supplier; admit sue supplier
	anna: set customer.company=Rossi; set customer.phone=+39021; set products.amount=700; set facts.kind=small
`

type scenario struct{ name, template, script string }

// scenarios are histories on one template each, by what they show.
var scenarios = slices.Concat(partings, []scenario{
	{"rights follow role and state", "deal.yaml", deal + `
		host: state filling
		anna: edits facts customer products
		sam:  edits bid
		dora: edits
		dora: set customer.company=Bianchi !state
		dora: fire submit !right
		crow: fire confirm !state
		anna: fire leave !unknown
		anna: fire submit
		anna: edits
		dora: edits customer box
		anna: set customer.company=Verdi !state
		dora: set products.amount=1 !right
		crow: fire confirm !right
		anna: fire confirm; as sales !right
		dora: sign confirmation; fire confirm
		carl: edits credit
		carl: set credit.limit=1000; sign approval; fire validate
		carl: set credit.limit=1 !state
		crow: fire finish
		host: state done
		carl: sign approval !state
		anna: fire cancel !state
		anna: set facts.kind=large !state
		dora: note still here, and said so
	`},
	{"only who manages a role brings in and sends away", "deal.yaml", deal + `
		carl: admit cleo care
		carl: admit dino customer !right
		carl: dismiss dora !right
		dora: admit dino customer !right
		dora: invite link customer !right
		sam:  dismiss sue !right
		anna: dismiss sue supplier
		anna: dismiss sue supplier !unknown
		sue:  note am I there? !author
		sue:  fire submit !author
		anna: succeed sue stella supplier
		anna: succeed sam stan supplier !unknown
		anna: admit stella crm             # a further role, for who is there
		stella: fire submit !right
		carl: admit sue supplier !right
		anna: admit sue supplier           # who went comes back by a manager's word
		anna: succeed sue susi supplier !unknown
		sue:  note I am back
	`},
	{"sections are opaque to whoever does not read them", "deal.yaml", deal + `
		crow: sees customer opaque
		sam:  sees customer opaque
		host: sees customer opaque
		carl: reads customer.company=Rossi
		sam:  reads facts.kind=small       # public
		host: reads facts.kind=small
		anna: fire submit
		dora: sign confirmation; fire confirm
		carl: set credit.limit=800
		anna: sees credit opaque
		dora: sees credit opaque
		carl: reads credit.limit=800.00
	`},
	{"a drop box: its writer does not read it", "deal.yaml", deal + `
		anna: fire submit
		dora: whole box complaint=too slow
		dora: sees box opaque
		anna: sees box opaque
		carl: reads box.complaint=too slow
		dora: whole box complaint=much too slow
		carl: reads box.complaint=much too slow
	`},
	{"every supplier has a bid of his own", "deal.yaml", deal + `
		sam:  set bid.price=100
		sue:  set bid.price=90
		sam:  of sue; set bid.price=500 !right
		sam:  reads bid.price=100.00
		sue:  reads bid.price=90.00
		sam:  sees bid/sue opaque
		sue:  sees bid/sam opaque
		anna: sees bid/sam readable
		dora: sees bid/sam opaque
		anna: fire tender
		anna: admit stan supplier
		anna: fire tender !blocked field bid.price.required by supplier
		stan: set bid.price=95
		anna: fire tender
		anna: dismiss stan
		anna: fire tender                  # whose part has ended does not count
	`},
	{"an event needs what the template says", "deal.yaml", `
		anna: create sales=anna care=carl
		anna: fire submit !blocked field products.amount.required by sales
		anna: fire submit !blocked field customer.company.required by sales
		anna: set customer.company=Rossi; fire submit !blocked field products.amount.required by sales
		anna: whole customer phone=1234; set products.amount=7; fire submit !blocked field customer.company.required by sales
		anna: set customer.company=Rossi; set products.amount=700; set facts.kind=large
		anna: can submit !blocked condition guard.submit by sales
		anna: fire submit !blocked condition guard.submit by sales
		anna: admit sam supplier
		anna: can submit
		anna: fire submit
		anna: fire return !right
	`},
	{"a condition is attested by whose word counts", "deal.yaml", deal + `
		anna: fire submit
		dora: sign confirmation
		dora: can confirm
		dora: set customer.company=Bianchi; sign confirmation
		dora: fire confirm !blocked attestation rule.named by sales
		carl: note I read it too, and my word does not count
		dora: fire confirm !blocked attestation rule.named by sales
		anna: note seen                    # a commit attests what its author can
		dora: fire confirm
		carl: set credit.limit=600
		carl: sign approval; fire validate !blocked condition rule.covered by care
		carl: set credit.limit=700; sign approval; fire validate
	`},
	{"a rule over what was there before is due at every write", "deal.yaml", deal + `
		anna: set customer.vat=IT1
		anna: set customer.vat=IT2 !blocked condition rule.steady by sales
		anna: clear customer.vat !blocked condition rule.steady by sales
		anna: set customer.company=Bianchi
		anna: fire submit
		dora: set customer.vat=IT3 !blocked condition rule.steady by customer
	`},
	{"a section whose last revision nobody can read is written anew", "deal.yaml", deal + `
		anna: set customer.vat=IT1
		host: loses customer
		anna: unreadable customer
		dora: unreadable customer
		anna: whole customer company=Verdi, phone=+39022, vat=IT9 !blocked attestation rule.steady
		carl: unreadable customer
		anna: whole customer company=Verdi, phone=+39022, vat=IT9
		dora: sees customer readable
	`},
	{"a signature is stale once its content was changed, and stays so", "deal.yaml", deal + `
		anna: fire submit
		dora: fire confirm !blocked signature confirmation by customer
		dora: sign confirmation
		host: signed confirmation dora
		dora: set customer.company=Bianchi
		host: signed confirmation
		dora: set customer.company=Rossi   # as it was when it was signed
		host: signed confirmation
		anna: note seen
		dora: fire confirm !blocked signature confirmation stale by customer
		dora: sign confirmation it; fire confirm
		carl: fire return; reason the amount is wrong
		anna: set products.amount=600; fire submit
		host: signed confirmation
		dora: fire confirm !blocked signature confirmation stale
		dora: sign confirmation; fire confirm
	`},
	{"no signature is asked for below the limit", "deal.yaml", deal + `
		anna: set products.amount=500; fire submit
		dora: fire confirm
	`},
	{"a new content makes no signature stale that does not cover it", "deal.yaml", deal + `
		anna: fire submit
		dora: sign confirmation
		dora: whole box complaint=unrelated
		dora: set customer.company=Rossi; note nothing changes
		host: signed confirmation dora
		anna: admit dario customer
		host: signed confirmation dora     # what is shared is the same content
		dario: reads customer.company=Rossi
		dario: sign confirmation
		host: signed confirmation dora dario
		anna: dismiss dora
		host: signed confirmation dario
		dario: fire confirm
	`},
	{"quorum: one, two, all of those who are there", "board.yaml", `
		ada: create chair=ada member=ben
		ada: admit bea member; admit bob member; set motion.text=more coffee; fire open
		ada: fire by_one !blocked signature any by member
		ada: sign any !right
		ben: sign any; sign two
		ada: can by_one
		ada: fire by_two !blocked signature two
		ben: sign two                      # once more counts once
		ada: fire by_two !blocked signature two
		ben: sign every
		bea: sign two; sign every
		ada: can by_two
		ada: fire by_all !blocked signature every
		ada: dismiss bob                   # whose part has ended is not waited for
		ada: can by_all
		ada: dismiss bea                   # and does not count
		host: signed two ben
		ada: fire by_two !blocked signature two
		ada: can by_all
		ada: dismiss ben
		ada: fire by_all !blocked signature every
		ada: fire by_one !blocked signature any
	`},
	{"who is dismissed reads nothing written later", "deal.yaml", deal + `
		anna: admit sol sales
		sol:  reads customer.company=Rossi
		anna: dismiss sol; set customer.company=Bianchi
		sol:  sees customer opaque
		anna: set products.amount=300
		sol:  sees products opaque
		carl: reads customer.company=Bianchi
	`},
	{"what a state shows is shared by the next who can read", "deal.yaml", deal + `
		anna: fire submit
		dora: sign confirmation; fire confirm
		carl: set credit.limit=800; sign approval; fire validate
		anna: sees credit opaque
		crow: fire finish
		anna: sees credit due
		dora: note not from me
		anna: sees credit due
		carl: note and here it is
		anna: reads credit.limit=800.00
		dora: sees credit opaque
	`},
	{"new keys keep id, rights and what was read", "deal.yaml", deal + `
		sam:  set bid.price=100
		anna: rekey
		anna: reads customer.company=Rossi
		anna: set customer.company=Bianchi
		carl: reads customer.company=Bianchi
		dora: rekey
		dora: reads customer.company=Bianchi
		anna: fire submit
		dora: sign confirmation
		dora: rekey
		host: signed confirmation dora     # the id is the same
		dora: fire confirm
		sam:  rekey
		sam:  reads bid.price=100.00
	`},
	{"an invite is for one, the first who joins", "deal.yaml", deal + `
		anna: invite link customer
		host: dropped 0
		duca: join link
		host: dropped 2                    # customer, products: made for the invite
		duca: reads customer.company=Rossi
		duca: edits
		dino: join link !invite
		duca: join link                     # again, with the same keys: maybe he was not told
		carl: invite other customer !right
		carl: invite other care
		cleo: join other
		cleo: reads products.amount=700.00
	`},
	{"an invite reads what is written while it is open", "deal.yaml", deal + `
		anna: invite link customer for 24h
		anna: set customer.company=Bianchi
		later: later 1h
		duca: join link
		duca: reads customer.company=Bianchi
		host: dropped 3
	`},
	{"an invite expires, and can be withdrawn", "deal.yaml", deal + `
		anna: invite link customer for 24h
		anna: invite other supplier for 48h
		anna: invite third customer for 0h !invite
		anna: invite third customer for 9000h !invite
		host: later 24h
		duca: join link !invite
		sam:  withdraw other !right
		anna: withdraw other
		anna: withdraw other !invite
		stan: join other !invite
		host: dropped 2
		anna: withdraw link !invite
	`},
	{"values are told of together, and none is taken", "deal.yaml", deal + `
		anna: set products.amount=a lot !value
		anna: set products.amount=1.005; set customer.company=Bianchi !value
		anna: reads customer.company=Rossi
		anna: set products.price=1 !value
		anna: set prices.amount=1 !value
	`},
	{"what nobody could read is not written", "deal.yaml", deal + `
		anna: fire submit
		anna: dismiss carl
		dora: whole box complaint=nobody there !readers
		anna: admit cleo care
		dora: whole box complaint=at last
		cleo: reads box.complaint=at last
	`},
	{"two who change different fields both have their way", "deal.yaml", deal + `
		anna: begin; set customer.phone=+39022
		anna: admit sol sales
		sol:  set customer.company=Bianchi
		anna: commit
		carl: reads customer.company=Bianchi
		carl: reads customer.phone=+39022
		anna: begin; set customer.company=Verdi
		sol:  set customer.company=Neri
		anna: commit !conflict customer.company
		carl: reads customer.company=Neri
		anna: begin; set customer.company=Gialli
		sol:  set customer.company=Gialli; set products.amount=5
		anna: commit !nothing
		carl: reads customer.company=Gialli
	`},
	{"a signature is not moved onto what its signer has not seen", "deal.yaml", deal + `
		anna: admit dario customer; fire submit
		dora: begin; sign confirmation; fire confirm
		dario: set customer.company=Bianchi
		dora: commit !conflict customer
		dora: sign confirmation
		anna: note seen
		dora: begin; fire confirm
		dario: set customer.company=Neri
		anna: note seen
		dora: commit !blocked signature confirmation stale
	`},
	{"a draft is sealed to those who are there when it is committed", "deal.yaml", deal + `
		anna: begin; set customer.company=Bianchi
		anna: admit dario customer
		anna: commit
		dario: reads customer.company=Bianchi
		anna: begin; set customer.company=Verdi
		anna: dismiss dario
		anna: commit
		dario: sees customer opaque
		dora: reads customer.company=Verdi
	`},
	{"a draft whose event was fired by another is refused", "deal.yaml", deal + `
		anna: admit sol sales
		anna: begin; set products.amount=900; fire submit
		sol:  fire submit
		anna: commit !state
		sol:  reads products.amount=700.00
	`},
	{"what a host lost is missing, and written anew", "deal.yaml", deal + `
		carl: reads customer.company=Rossi
		host: loses products
		dora: sees products missing
		dora: sees customer readable
		crow: sees products opaque
		anna: whole products amount=700
		dora: reads products.amount=700.00
	`},
	{"a reason where the template asks for one", "deal.yaml", deal + `
		anna: fire submit; reason why not !reason
		anna: fire submit
		dora: fire return !reason
		dora: fire return; reason not my name
		anna: fire cancel
		host: state void
	`},
	{"notes and reasons are for whom the template says", "deal.yaml", deal + `
		dora: note only for who manages me
		host: told anna dora
		carl: note care manages itself
		host: told anna carl
		anna: note to sales
		host: told anna
		anna: fire submit
		dora: fire return; reason not my name
		host: told anna dora
		anna: admit sol sales; fire submit
		dora: fire return; reason still not my name
		host: told anna dora sol
	`},
	{"notes for named roles", "board.yaml", `
		ada: create chair=ada member=ben
		ada: admit bea member
		ada: note for all members
		host: told ada ben bea
		ben: note for all members
		host: told ben bea
		ada: dismiss bea
		ben: note for who is left
		host: told ben
	`},
	{"one who is waited for is replaced", "deal.yaml", deal + `
		anna: fire submit
		dora: sign confirmation
		anna: dismiss dora
		host: signed confirmation
		dora: fire confirm !author
		anna: succeed dora dina customer
		dina: reads customer.company=Rossi
		dina: fire confirm !blocked signature confirmation by customer
		dina: sign confirmation; fire confirm
		host: signed confirmation dina
	`},
	{"the last who can bring anybody in does not leave", "board.yaml", `
		ada: create chair=ada member=ben
		ada: dismiss ada !blocked
		ada: dismiss ada chair !blocked
		ada: dismiss ben; dismiss ada !blocked
		ada: admit ben chair; dismiss ada      # in one entry, if that is the order
		ada: note still here? !author
		ben: admit bea member
		ben: dismiss ben member
		ben: dismiss ben !blocked
		ben: admit bob chair
		ben: dismiss ben chair
		bob: dismiss bob !blocked
		bob: dismiss bea
		bob: admit cleo member
	`},
	{"a clock that is wrong is corrected by the host's", "deal.yaml", `
		host: later 100000h                # the clock of whoever creates is the machine's
		anna: create sales=anna care=carl
		anna: admit dora customer
		dora: note hello
	`},
})

// TestScenarios plays what the promises say.
func TestScenarios(t *testing.T) {
	lines, refused := 0, 0
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			w := play(t, sc.template, sc.script)
			lines, refused = lines+w.lines, refused+w.refused
		})
	}
	if len(scenarios) == 0 || refused < 2*len(scenarios) {
		t.Errorf("%d scenarios with %d refusals", len(scenarios), refused)
	}
	t.Logf("%d scenarios, %d lines, %d of them refused", len(scenarios), lines, refused)
}
