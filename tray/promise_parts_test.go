package tray

// partings are histories of parts that end and begin, and of what is owed to whom.
var partings = []scenario{
	{"an invite closes with the part of whoever made it", "deal.yaml", deal + `
		anna: admit sol sales care; admit cleo care
		anna: invite hers customer
		sol:  invite his customer
		sol:  invite other care
		sol:  invite ours supplier
		anna: dismiss sol care             # as sales he manages them all
		host: dropped 0
		anna: admit sol care
		carl: dismiss sol sales !right
		anna: dismiss sol sales            # as care he manages care
		host: dropped 2                    # of customer and products, for one
		dino: join his !invite
		dino: join ours !invite
		cara: join other
		anna: withdraw his !invite
		duca: join hers
		duca: reads customer.company=Rossi
		anna: admit sol sales              # what closed stays closed
		dino: join his !invite
	`},
	{"new keys leave an invite open", "deal.yaml", deal + `
		anna: invite link customer
		anna: rekey
		duca: join link
		duca: reads customer.company=Rossi
	`},
	{"nothing is shared to an invite that closes in the same entry", "deal.yaml", deal + `
		anna: admit sol sales
		sol:  invite his customer
		anna: set customer.company=Bianchi; dismiss sol
		dino: join his !invite
	`},
	{"a signature does not revive with the role", "deal.yaml", deal + `
		anna: admit dora crm; fire submit
		dora: sign confirmation
		host: signed confirmation dora
		anna: dismiss dora crm             # another role is no matter
		host: signed confirmation dora
		anna: admit dora crm
		anna: dismiss dora customer
		host: signed confirmation
		anna: admit dora customer
		host: signed confirmation
		dora: fire confirm !blocked signature confirmation stale by customer
		dora: sign confirmation
		anna: dismiss dora customer; admit dora customer
		host: signed confirmation
		dora: fire confirm !blocked signature confirmation stale by customer
		dora: sign confirmation; fire confirm
	`},
	{"a signature outlasts whose part it covers, and covers nobody who comes later", "tender.yaml", atClosed + `
		ada:  sign choice
		host: signed choice ada
		ada:  dismiss bea
		host: signed choice ada
		ada:  dismiss bob
		host: signed choice ada
		ada:  admit ben bidder
		host: signed choice
		ada:  fire award !blocked signature choice stale by buyer
	`},
	{"for each role, somebody is left who can bring others in", "deal.yaml", deal + `
		anna: dismiss anna !blocked role admit by sales
		anna: dismiss anna sales !blocked role admit by sales
		anna: admit cleo care
		carl: dismiss cleo
		anna: dismiss carl # sales brings in care, too
		anna: admit sol sales; dismiss anna
		sol:  admit cora care
	`},
	{"nobody narrows what he answers for by taking a further part", "tender.yaml", `
		ada: create buyer=ada bidder=bea bidder=bob
		ada: admit ada bidder; set bid.price=5
		ada: fire ready                    # as a bidder, of his own bid
		bea: fire ready !blocked field bid.price.required by bidder
		bea: set bid.terms=net
		bea: fire ready !blocked field bid.price.required by bidder
		bea: set bid.price=7
		bea: fire ready
		ada: sign offer
		bea: sign offer
		ada: fire close; as buyer !blocked field bid.price.required by bidder
		ada: fire close !blocked field bid.price.required by bidder
		bob: set bid.price=9; sign offer
		ada: fire close
		ada: sign choice
		host: signed choice ada
		ada: admit bert bidder             # his bid is none that was compared
		host: signed choice
		ada: dismiss bert
		host: signed choice ada
		ada: fire award
	`},
	{"each signs for himself where his own section demands it", "tender.yaml", `
		ada: create buyer=ada bidder=bea bidder=bob bidder=ben
		bea: set bid.price=150
		bob: set bid.price=160
		ada: fire check; as buyer !blocked section bid by bidder
		ben: set bid.price=9
		ada: fire check; as buyer !blocked signature large by bidder
		bea: sign large
		ada: fire check; as buyer !blocked signature large by bidder
		bea: fire check                    # of her own bid
		bob: fire check !blocked signature large by bidder
		bob: sign large
		ada: fire check; as buyer          # ben need not sign
		bob: set bid.price=155
		bea: fire check
		bob: fire check !blocked signature large stale by bidder
		ada: fire check; as buyer !blocked signature large stale by bidder
		bob: set bid.price=80              # too little for it to be demanded
		ada: fire check; as buyer
	`},
	{"what a field was is compared at every write", "tender.yaml", `
		ada: create buyer=ada bidder=bea bidder=bob
		bea: set bid.price=0.50            # breaks a bound, which is no matter before an event
		bea: set bid.price=7 !blocked field bid.price.check by bidder
		bea: clear bid.price
		bea: set bid.price=7; set bid.terms=net
		bea: set bid.price=8 !blocked field bid.price.check
		bea: set bid.terms=gross !blocked field bid.terms.choice
		bea: set bid.price=6
		bea: set bid.price=7; fire ready !blocked field bid.price.check by bidder
		bea: fire ready
		ada: set notice.fee=5             # public: everybody compares it
		ada: set notice.fee=4 !blocked field notice.fee.check by buyer
		ada: set notice.fee=6 !blocked condition rule.told by buyer
		ada: set notice.fee=6; set notice.note=longer
		bob: set bid.price=9; sign offer
		bea: sign offer
		ada: set notice.fee=5; fire close !blocked field notice.fee.check by buyer
		ada: fire close
		ada: set notice.fee=5             # in this state it may fall
		ada: rekey
		ada: set notice.fee=4
	`},
	{"a share that fails is due again, from somebody else", "deal.yaml", deal + `
		dora: reads customer.company=Rossi
		dora: unreadable customer
		dora: unreadable customer !unknown # nobody gave her another file since
		host: owed customer to dora by carl
		anna: note hers is what cannot be read
		host: owed customer to dora by carl
		dora: anew customer
		carl: note on it
		host: owed
		dora: reads customer.company=Rossi
		dora: unreadable customer
		host: owed customer to dora anew anna
		dora: anew customer anna
		carl: anew customer
		anna: note once more
		carl: note once more
		dora: unreadable customer !unknown
		host: owed customer to dora anew anna
		anna: admit sol sales              # whom anna gives what he can give
		sol:  note hello
		dora: reads customer.company=Rossi
		dora: unreadable customer
		anna: whole customer company=Rossi, phone=+39021
		host: owed
		sam:  unreadable customer !unknown # not for him at all
		dora: unreadable bid !unknown
	`},
	{"new keys are given what the former could not read", "deal.yaml", deal + `
		dora: unreadable customer
		carl: note on it
		dora: unreadable customer
		dora: rekey
		dora: unreadable customer !unknown
		host: owed customer to dora by anna carl
		anna: note on it
		dora: reads customer.company=Rossi
	`},
	{"who waits for what nobody can share is told who can write", "deal.yaml", deal + `
		anna: fire submit
		dora: set customer.company=Bianchi; sign confirmation
		host: loses customer
		anna: unreadable customer
		dora: fire confirm !blocked share customer by care
		carl: unreadable customer
		host: owed customer to anna carl anew dora
		dora: fire confirm !blocked revision customer by customer
		dora: unreadable customer
		dora: whole customer company=Bianchi, phone=+39021
		host: owed
		dora: set customer.company=Verdi; sign confirmation
		anna: note seen
		dora: fire confirm
	`},
	{"who never writes a section is told so, whose turn it is not, that", "deal.yaml", deal + `
		dora: set products.amount=1 !right
		dora: set customer.company=Bianchi !state
		sam:  of sue; set bid.price=1 !right
		anna: fire submit
		sam:  of sue; set bid.price=1 !right
		sam:  set bid.price=1 !state
		dora: set products.amount=1 !right
		crow: whole box complaint=none !right
	`},
}
