package tray

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// writes makes a case of a write by anna of the products, spoiled.
func writes(name string, code Code, spoil func(*forger, *entry.Write)) hostile {
	return hostile{"filling", "write", name, code, func(f *forger) []byte {
		op := f.write("products", "anna", "amount", 8)
		spoil(f, op)
		return f.by("anna", op)
	}}
}

// shares makes a case of a share of the products to duca, who has none, spoiled.
func shares(name string, code Code, by string, spoil func(*forger, *entry.Share)) hostile {
	return hostile{"signing", "share", name, code, func(f *forger) []byte {
		op := f.share("products", "duca")
		spoil(f, op)
		return f.by(by, op)
	}}
}

// publishes makes a case of a public section whose header is no encoding of one.
func publishes(name string, spoil func(plain string) string) hostile {
	return hostile{"filling", "write", "a public section " + name, Malformed, func(f *forger) []byte {
		op := f.write("facts", "anna", "kind", "small")
		plain, err := base64.RawURLEncoding.DecodeString(op.Public)
		if spoiled := spoil(string(plain)); err == nil && spoiled != string(plain) {
			op.Public = base64.RawURLEncoding.EncodeToString([]byte(spoiled))
		} else {
			f.Fatal("nothing is spoiled")
		}
		return f.by("anna", op)
	}}
}

// compares makes a case of a write that is compared with the revision before,
// and of which what that came to is said otherwise than it should be.
func compares(name string, code Code, by, place string, spoil func(*forger, *entry.Attest)) hostile {
	return hostile{"bidding", "write", "what is compared with the revision before, " + name, code, func(f *forger) []byte {
		p := f.place(place)
		field, value := "fee", 6
		outcomes := []entry.Outcome{{Condition: "change.notice", Result: "pass"}, {Condition: "rule.told", Result: "pass"}}
		if p.Section == "bid" {
			field, value = "price", 2
			outcomes = []entry.Outcome{{Condition: "change.bid", Instance: p.Instance, Result: "pass"}}
		}
		op := f.write(place, by, field, value)
		if p.Section == "notice" {
			op = f.publish("notice", by, map[string]any{"fee": value, "note": "longer"})
		}
		attest := &entry.Attest{Engine: "forged", On: []entry.Revision{op.Revision}, Outcomes: outcomes}
		spoil(f, attest)
		if attest.Outcomes == nil {
			return f.by(by, op)
		}
		return f.by(by, op, attest)
	}}
}

// hostileSections misuse the ops that write, share and complain.
var hostileSections = []hostile{
	compares("attested not at all", Blocked, "ada", "notice", func(f *forger, op *entry.Attest) { op.Outcomes = nil }),
	compares("attested otherwise than everybody sees", BadOutcome, "ada", "notice", func(f *forger, op *entry.Attest) { op.Outcomes[0].Result = "unknown" }),
	compares("attested on the revision before", BadAttest, "ada", "notice", func(f *forger, op *entry.Attest) { op.On[0] = f.state().present(op.On[0].Place) }),
	compares("attested in part", Blocked, "ada", "notice", func(f *forger, op *entry.Attest) { op.Outcomes = op.Outcomes[:1] }),
	compares("attested out of order", BadOrder, "ada", "notice", func(f *forger, op *entry.Attest) { slices.Reverse(op.Outcomes) }),
	compares("of one's own, attested not at all", Blocked, "bea", "bid/bea", func(f *forger, op *entry.Attest) { op.Outcomes = nil }),
	compares("of one's own, said not to hold", Blocked, "bea", "bid/bea", func(f *forger, op *entry.Attest) { op.Outcomes[0].Result = "fail" }),
	compares("of one's own, attested for another", BadAttest, "bea", "bid/bea", func(f *forger, op *entry.Attest) {
		op.Outcomes[0].Instance = f.participant("bob")
		op.On[0] = f.state().present(f.place("bid/bob"))
	}),
	{"bidding", "write", "what its rule over the revision before refuses, said to hold", BadOutcome, func(f *forger) []byte {
		op := f.write("notice", "ada", "fee", 4)
		return f.by("ada", op, &entry.Attest{Engine: "forged", On: []entry.Revision{op.Revision},
			Outcomes: []entry.Outcome{{Condition: "change.notice", Result: "pass"}, {Condition: "rule.told", Result: "pass"}}})
	}},
	{"bidding", "write", "what its rule over the revision before refuses, and said so", Blocked, func(f *forger) []byte {
		op := f.write("notice", "ada", "fee", 4)
		return f.by("ada", op, &entry.Attest{Engine: "forged", On: []entry.Revision{op.Revision},
			Outcomes: []entry.Outcome{{Condition: "change.notice", Result: "fail"}, {Condition: "rule.told", Result: "fail"}}})
	}},
	{"shut", "write", "what only he holds who is dismissed just before", Blocked, func(f *forger) []byte {
		op := f.write("request", "abel", "text", "second")
		op.File = f.file([]byte("{}"), f.ids("abel")...)
		return f.by("abel", f.ends("cleo", "clerk"), &entry.Unreadable{Place: op.Place, Number: 1}, op)
	}},
	{"alone", "write", "what nobody else has, attested not at all", Blocked, func(f *forger) []byte {
		return f.by("bob", f.write("bid/bob", "bob", "price", 9))
	}},
	{"alone", "write", "what he says, just before, that he cannot read", Blocked, func(f *forger) []byte {
		return f.by("bob", &entry.Unreadable{Place: f.place("bid/bob"), Number: 1}, f.write("bid/bob", "bob", "price", 9))
	}},
	{"alone", "write", "what was there before his new keys, just replaced", Blocked, func(f *forger) []byte {
		fresh := &actor{}
		f.newKeys(fresh)
		op := f.write("bid/bob", "bob", "price", 9)
		return f.by("bob", &entry.Rekey{Card: string(fresh.me.Card())}, op)
	}},
	{"bidding", "attest", "what everybody compares, and nothing was written", BadAttest, func(f *forger) []byte {
		return f.by("ada", f.attest("pass", "change.notice"))
	}},
	{"bidding", "attest", "what everybody compares, before it is written", BadAttest, func(f *forger) []byte {
		return f.by("ada", f.attest("pass", "change.notice"), f.write("notice", "ada", "fee", 7))
	}},
	writes("a revision too far", BadRevision, func(f *forger, op *entry.Write) { op.Number++ }),
	writes("a revision again", BadRevision, func(f *forger, op *entry.Write) { op.Number-- }),
	writes("without a root", BadRoot, func(f *forger, op *entry.Write) { op.Root = sign.Hash{} }),
	writes("a section that is none", NotFound, func(f *forger, op *entry.Write) { op.Section = "prices" }),
	writes("an instance of what has none", NotFound, func(f *forger, op *entry.Write) { op.Instance = f.participant("anna") }),
	writes("an opaque section in the open", BadRoot, func(f *forger, op *entry.Write) { op.Public = "e30" }),
	writes("without one of its readers", BadReaders, func(f *forger, op *entry.Write) { op.File = f.file([]byte("{}"), f.ids("anna", "carl")...) }),
	writes("to one reader more", BadReaders, func(f *forger, op *entry.Write) {
		op.File = f.file([]byte("{}"), append(slices.Clone(op.File.To), f.participant("crow"))...)
	}),
	writes("to a stranger as well", BadReaders, func(f *forger, op *entry.Write) {
		op.File = f.file([]byte("{}"), append(slices.Clone(op.File.To), f.participant("stranger"))...)
	}),
	writes("to one reader twice", BadReaders, func(f *forger, op *entry.Write) {
		op.File = f.file([]byte("{}"), append(slices.Clone(op.File.To), f.participant("anna"))...)
	}),
	writes("to its readers in another order", BadReaders, func(f *forger, op *entry.Write) {
		to := slices.Clone(op.File.To)
		slices.Reverse(to)
		op.File = f.file([]byte("{}"), to...)
	}),
	writes("to whose part has ended", BadReaders, func(f *forger, op *entry.Write) {
		op.File = f.file([]byte("{}"), append(slices.Clone(op.File.To), f.participant("sol"))...)
	}),
	writes("to nobody", BadReaders, func(f *forger, op *entry.Write) { op.File = f.file([]byte("{}")) }),
	writes("a file that another wrote", BadBlob, func(f *forger, op *entry.Write) {
		op.File = f.state().places[f.place("customer")].files.written.File
	}),
	writes("a file without bytes", BadBlob, func(f *forger, op *entry.Write) { op.File.Size = 0 }),
	writes("a file that is too large", BadBlob, func(f *forger, op *entry.Write) { op.File.Size = 1 << 40 }),
	{"filling", "write", "twice in one entry", BadOrder, func(f *forger) []byte {
		again := f.write("products", "anna", "amount", 9)
		again.Number++
		return f.by("anna", f.write("products", "anna", "amount", 8), again)
	}},
	{"filling", "write", "one file for two sections", BadBlob, func(f *forger) []byte {
		one, other := f.write("products", "anna", "amount", 8), f.write("bid/sam", "sam", "price", 1)
		other.File = one.File
		other.Place = f.place("customer")
		other.Number = 2
		return f.by("anna", one, other)
	}},
	{"filling", "write", "by a reader who is no writer", NoRight, func(f *forger) []byte { return f.by("carl", f.write("products", "carl", "amount", 8)) }},
	{"filling", "write", "what only others write, in any state", NoRight, func(f *forger) []byte { return f.by("dora", f.write("products", "dora", "amount", 8)) }},
	{"done", "write", "when all is done, by who never could", NoRight, func(f *forger) []byte { return f.by("carl", f.write("products", "carl", "amount", 8)) }},
	{"signing", "write", "another's instance, when nobody's turn it is", NoRight, func(f *forger) []byte { return f.by("sam", f.write("bid/sue", "sam", "price", 500)) }},
	{"signing", "write", "one's own instance, when nobody's turn it is", NotNow, func(f *forger) []byte { return f.by("sam", f.write("bid/sam", "sam", "price", 500)) }},
	{"filling", "write", "before his turn", NotNow, func(f *forger) []byte { return f.by("dora", f.write("customer", "dora", "company", "B")) }},
	{"filling", "write", "another's instance", NoRight, func(f *forger) []byte { return f.by("sam", f.write("bid/sue", "sam", "price", 500)) }},
	{"filling", "write", "an instance of whose part has ended", NotFound, func(f *forger) []byte { return f.by("sam", f.write("bid/stan", "sam", "price", 5)) }},
	{"filling", "write", "a section by participant without saying whose", NotFound, func(f *forger) []byte {
		op := f.write("bid/sam", "sam", "price", 5)
		op.Instance = ""
		return f.by("sam", op)
	}},
	{"filling", "write", "against a rule over what was there before", Blocked, func(f *forger) []byte {
		return f.by("anna", f.write("customer", "anna", "company", "B")) // and not attested
	}},
	{"filling", "write", "a public section as a file", BadRoot, func(f *forger) []byte {
		op := f.write("products", "anna", "amount", 8)
		op.Revision = f.write("facts", "anna", "kind", "small").Revision
		return f.by("anna", op)
	}},
	{"filling", "write", "a public section under another root", BadRoot, func(f *forger) []byte {
		op := f.write("facts", "anna", "kind", "small")
		op.Root[0] ^= 1
		return f.by("anna", op)
	}},
	{"filling", "write", "a public section as another author", BadRoot, func(f *forger) []byte {
		return f.by("anna", f.write("facts", "dora", "kind", "small"))
	}},
	{"filling", "write", "a public section of another revision", BadRoot, func(f *forger) []byte {
		op := f.write("facts", "anna", "kind", "small")
		r := op.Revision
		r.Number++
		plain, root := f.plain(r, f.participant("anna"), map[string]any{"kind": "large"})
		op.Root, op.Public = root, base64.RawURLEncoding.EncodeToString(plain)
		return f.by("anna", op)
	}},
	{"filling", "write", "a public section that is no JSON", Malformed, func(f *forger) []byte {
		op := f.write("facts", "anna", "kind", "small")
		op.Public = base64.RawURLEncoding.EncodeToString([]byte("kind: small"))
		return f.by("anna", op)
	}},
	publishes("with a name in a list", func(plain string) string {
		return strings.Replace(plain, `"name":"facts"`, `"name":["facts"]`, 1)
	}),
	publishes("with a kind that is a list of kinds", func(plain string) string {
		return strings.Replace(plain, `"kind":"section"`, `"kind":["section"]`, 1)
	}),
	publishes("that is a note with a revision", func(plain string) string {
		return strings.Replace(plain, `"kind":"section"`, `"kind":"note"`, 1)
	}),
	publishes("of no revision", func(plain string) string {
		return strings.Replace(plain, `"revision":2,`, ``, 1)
	}),
	{"filling", "write", "a public section in a second spelling of base64url", Malformed, func(f *forger) []byte {
		op := f.write("facts", "anna", "kind", "small")
		op.Public = "e31" // decodes as e30 does, if spare bits are let through
		return f.by("anna", op)
	}},
	{"done", "write", "when all is done", NotNow, func(f *forger) []byte { return f.by("anna", f.write("products", "anna", "amount", 8)) }},
	{"validating", "write", "when the turn is another's", NotNow, func(f *forger) []byte { return f.by("dora", f.write("customer", "dora", "company", "B")) }},

	shares("by who has no file", NoRight, "crow", func(*forger, *entry.Share) {}),
	shares("by who should get it", NoRight, "duca", func(*forger, *entry.Share) {}),
	shares("to who does not read it", BadReaders, "anna", func(f *forger, op *entry.Share) { op.File = f.file([]byte("{}"), f.ids("crow")...) }),
	shares("to who reads another section", BadReaders, "anna", func(f *forger, op *entry.Share) { op.File = f.file([]byte("{}"), f.ids("duca", "sam")...) }),
	shares("to whose part has ended", BadReaders, "anna", func(f *forger, op *entry.Share) { op.File = f.file([]byte("{}"), f.ids("sol")...) }),
	shares("to who has a file", BadReaders, "anna", func(f *forger, op *entry.Share) { op.File = f.file([]byte("{}"), f.ids("dora")...) }),
	shares("to one twice", BadReaders, "anna", func(f *forger, op *entry.Share) { op.File = f.file([]byte("{}"), f.ids("duca", "duca")...) }),
	shares("to a participant and an invite", BadReaders, "anna", func(f *forger, op *entry.Share) { op.File = f.file([]byte("{}"), f.ids("duca", "link")...) }),
	shares("to nobody", BadReaders, "anna", func(f *forger, op *entry.Share) { op.File.To = nil }),
	shares("to a stranger", NotFound, "anna", func(f *forger, op *entry.Share) { op.File = f.file([]byte("{}"), f.ids("stranger")...) }),
	shares("to an invite that was withdrawn", NotFound, "anna", func(f *forger, op *entry.Share) { op.File = f.file([]byte("{}"), f.ids("gone")...) }),
	shares("a file that is there", BadBlob, "anna", func(f *forger, op *entry.Share) {
		op.File.Blob = f.state().places[f.place("customer")].files.written.Blob
	}),
	shares("a revision that is no more", BadRevision, "anna", func(f *forger, op *entry.Share) { op.Number-- }),
	shares("what was not written", NotFound, "anna", func(f *forger, op *entry.Share) { op.Section, op.Number = "credit", 0 }),
	shares("what is public", NotFound, "anna", func(f *forger, op *entry.Share) { op.Section = "facts" }),
	shares("an instance of what has none", NotFound, "anna", func(f *forger, op *entry.Share) { op.Instance = f.participant("anna") }),
	{"signing", "share", "to an invite that does not read it", BadReaders, func(f *forger) []byte { return f.by("anna", f.share("bid/sam", "link")) }},

	{"filling", "unreadable", "by who is no reader", NotFound, func(f *forger) []byte {
		return f.by("crow", &entry.Unreadable{Place: f.place("customer"), Number: 1})
	}},
	{"filling", "unreadable", "another revision", BadRevision, func(f *forger) []byte {
		return f.by("dora", &entry.Unreadable{Place: f.place("customer"), Number: 2})
	}},
	{"filling", "unreadable", "what was not written", NotFound, func(f *forger) []byte {
		return f.by("carl", &entry.Unreadable{Place: f.place("credit")})
	}},
	{"filling", "unreadable", "twice", NotFound, func(f *forger) []byte {
		op := &entry.Unreadable{Place: f.place("customer"), Number: 1}
		return f.by("dora", op, op)
	}},
	{"filling", "unreadable", "again, under new keys", NotFound, func(f *forger) []byte {
		op := &entry.Unreadable{Place: f.place("customer"), Number: 1}
		return f.by("dora", op, &entry.Rekey{Card: string(f.actor("mallory").me.Card())}, op)
	}},
	{"filling", "unreadable", "and shared to oneself", BadReaders, func(f *forger) []byte {
		return f.by("dora", &entry.Unreadable{Place: f.place("customer"), Number: 1}, f.share("customer", "dora"))
	}},
}

// audience gives who reads a note of somebody.
func (f *forger) audience(who string) []string {
	p := f.state().people[f.participant(who)]
	return f.state().audience(p, nil, p.Roles)
}

// signs makes a case of a signature by dora, spoiled.
func signs(name string, code Code, spoil func(*forger, *entry.Sign)) hostile {
	return hostile{"signing", "sign", name, code, func(f *forger) []byte {
		op := f.sign("confirmation", "customer", "dora")
		spoil(f, op)
		return f.by("dora", op)
	}}
}

// attests makes a case of an attestation that the tray is over its limit,
// spoiled.
func attests(name string, code Code, by string, spoil func(*forger, *entry.Attest)) hostile {
	return hostile{"validating", "attest", name, code, func(f *forger) []byte {
		op := f.attest("pass", "rule.covered")
		spoil(f, op)
		return f.by(by, op)
	}}
}

// follows makes a case of an op between what carl attests and the event for which
// he does.
func follows(name string, then func(*forger) entry.Op) hostile {
	return hostile{"validating", "attest", "followed by " + name, BadOrder, func(f *forger) []byte {
		op := f.fire("validate", "care", "carl")
		for i := range op.Outcomes {
			op.Outcomes[i].Result = "pass"
		}
		return f.by("carl", f.sign("approval", "care", "carl"), f.attest("pass", "valid.credit", "rule.covered", "guard.validate"), then(f), op)
	}}
}

// returns makes a case of a return for correction by carl, spoiled.
func returns(name string, code Code, spoil func(*forger, *entry.Fire)) hostile {
	return hostile{"validating", "fire", name, code, func(f *forger) []byte {
		op := f.fire("return", "care", "carl")
		op.Reason = &entry.Sealed{ID: f.nonce(), File: f.file([]byte("{}"), f.audience("carl")...)}
		spoil(f, op)
		return f.by("carl", op)
	}}
}

// hostileProcess misuse the ops by which the process goes on.
var hostileProcess = []hostile{
	{"validating", "attest", "twice in one entry", BadOrder, func(f *forger) []byte {
		return f.by("carl", f.attest("pass", "valid.credit"), f.attest("pass", "valid.customer"))
	}},
	{"bidding", "attest", "what everybody compares, twice", BadOrder, func(f *forger) []byte {
		op := f.publish("notice", "ada", map[string]any{"fee": 6, "note": "longer"})
		attest := &entry.Attest{Engine: "forged", On: []entry.Revision{op.Revision},
			Outcomes: []entry.Outcome{{Condition: "change.notice", Result: "pass"}, {Condition: "rule.told", Result: "pass"}}}
		return f.by("ada", op, attest, attest)
	}},
	follows("a signature that its guard may count", func(f *forger) entry.Op { return f.sign("approval", "care", "carl") }),
	follows("an admission that its guard counts", func(f *forger) entry.Op { return f.admit("dino", "care") }),
	follows("a dismissal that its guard counts", func(f *forger) entry.Op {
		return &entry.Dismiss{Participant: f.participant("carl"), Roles: []string{"care"}}
	}),
	follows("a write of what it is on", func(f *forger) entry.Op { return f.write("credit", "carl", "limit", 900) }),
	follows("a note", func(f *forger) entry.Op { return f.note(f.audience("carl")...) }),
	attests("by whose word does not count", BadAttest, "dora", func(*forger, *entry.Attest) {}),
	attests("by who cannot read it", BadAttest, "anna", func(*forger, *entry.Attest) {}), // sales reads the credit in the end only
	attests("on a revision that is no more", BadAttest, "carl", func(f *forger, op *entry.Attest) { op.On[0].Number-- }),
	attests("on another content", BadAttest, "carl", func(f *forger, op *entry.Attest) { op.On[1].Root[0] ^= 1 }),
	attests("on a part of what is read", BadAttest, "carl", func(f *forger, op *entry.Attest) { op.On = op.On[:1] }),
	attests("on more than is read", BadAttest, "carl", func(f *forger, op *entry.Attest) { op.On = append(op.On, f.state().present(f.place("customer"))) }),
	attests("on nothing", BadAttest, "carl", func(f *forger, op *entry.Attest) { op.On = nil }),
	attests("in another order of sections", BadAttest, "carl", func(f *forger, op *entry.Attest) { slices.Reverse(op.On) }),
	attests("nothing", BadAttest, "carl", func(f *forger, op *entry.Attest) { op.On, op.Outcomes = nil, nil }),
	attests("a condition that is none", NotFound, "carl", func(f *forger, op *entry.Attest) { op.Outcomes[0].Condition = "rule.mine" }),
	attests("a condition that everybody evaluates", NotFound, "carl", func(f *forger, op *entry.Attest) { op.Outcomes[0].Condition = "guard.submit" }),
	attests("an instance of what has none", NotFound, "carl", func(f *forger, op *entry.Attest) { op.Outcomes[0].Instance = f.participant("carl") }),
	attests("one condition twice", BadOrder, "carl", func(f *forger, op *entry.Attest) { op.Outcomes = append(op.Outcomes, op.Outcomes[0]) }),
	{"done", "attest", "when all is done", NotNow, func(f *forger) []byte { return f.by("carl", f.attest("pass", "rule.covered")) }},
	{"signing", "attest", "and cancel, and attest", BadOrder, func(f *forger) []byte {
		op := f.fire("cancel", "sales", "anna")
		return f.by("anna", op, f.attest("pass", "rule.named"))
	}},
	{"validating", "attest", "conditions out of order", BadOrder, func(f *forger) []byte { return f.by("carl", f.attest("pass", "rule.covered", "valid.credit")) }},
	{"validating", "attest", "what depends on the moment, before it", BadAttest, func(f *forger) []byte { return f.by("carl", f.attest("pass", "guard.validate")) }},

	signs("a signature that is none", NotFound, func(f *forger, op *entry.Sign) { op.Signature = "consent" }),
	signs("in a role that it is not for", NoRight, func(f *forger, op *entry.Sign) { op.Role = "sales" }),
	signs("another's signature", NoRight, func(f *forger, op *entry.Sign) { *op = *f.sign("approval", "care", "dora") }),
	signs("another declaration", BadSign, func(f *forger, op *entry.Sign) { op.Declaration = sign.Sum([]byte("I confirm nothing")) }),
	signs("a declaration of another language", BadSign, func(f *forger, op *entry.Sign) { op.Language = "it" }),
	signs("in a language that there is not", BadSign, func(f *forger, op *entry.Sign) { op.Language = "fr" }),
	signs("a revision that is no more", BadSign, func(f *forger, op *entry.Sign) { op.Covers[0].Number-- }),
	signs("another content", BadSign, func(f *forger, op *entry.Sign) { op.Covers[1].Root[0] ^= 1 }),
	signs("less than it covers", BadSign, func(f *forger, op *entry.Sign) { op.Covers = op.Covers[:1] }),
	signs("nothing", BadSign, func(f *forger, op *entry.Sign) { op.Covers = nil }),
	signs("more than it covers", BadSign, func(f *forger, op *entry.Sign) { op.Covers = append(op.Covers, f.state().present(f.place("facts"))) }),
	signs("out of order", BadSign, func(f *forger, op *entry.Sign) { slices.Reverse(op.Covers) }),
	{"signing", "sign", "without a role in the tray that is for it", NoRight, func(f *forger) []byte { return f.by("carl", f.sign("confirmation", "customer", "carl")) }},
	{"signing", "sign", "what he cannot read", BadSign, func(f *forger) []byte { return f.by("duca", f.sign("confirmation", "customer", "duca")) }},
	{"done", "sign", "when all is done", NotNow, func(f *forger) []byte { return f.by("dora", f.sign("confirmation", "customer", "dora")) }},

	returns("an event that is none", NotFound, func(f *forger, op *entry.Fire) { op.Event = "rewind" }),
	returns("to another state", NotNow, func(f *forger, op *entry.Fire) { op.To = "done" }),
	returns("from another state", NotNow, func(f *forger, op *entry.Fire) { op.From = "signing" }),
	returns("in a role that he does not have", NoRight, func(f *forger, op *entry.Fire) { op.Role = "customer" }),
	returns("in a role that it is not for", NoRight, func(f *forger, op *entry.Fire) { op.Role = "sales" }),
	returns("without the reason", BadReason, func(f *forger, op *entry.Fire) { op.Reason, f.blobs = nil, nil }),
	returns("with a reason to one more", BadReaders, func(f *forger, op *entry.Fire) {
		op.Reason.File = f.file([]byte("{}"), append(slices.Clone(op.Reason.File.To), f.participant("dora"))...)
	}),
	returns("with a reason that was given before", BadBlob, func(f *forger, op *entry.Fire) {
		op.Reason.File = f.state().places[f.place("credit")].files.written.File
	}),
	returns("with outcomes that it does not need", BadOutcome, func(f *forger, op *entry.Fire) {
		op.Outcomes = []entry.Outcome{{Condition: "valid.credit", Result: "pass"}}
	}),
	{"validating", "fire", "and go on", BadOrder, func(f *forger) []byte {
		op := f.fire("return", "care", "carl")
		op.Reason = &entry.Sealed{ID: f.nonce(), File: f.file([]byte("{}"), f.audience("carl")...)}
		return f.by("carl", op, f.note(f.audience("carl")...))
	}},
	{"validating", "fire", "with a reason that nobody asked for", BadReason, func(f *forger) []byte {
		op := f.fire("validate", "care", "carl")
		for i := range op.Outcomes {
			op.Outcomes[i].Result = "pass"
		}
		op.Reason = &entry.Sealed{ID: f.nonce(), File: f.file([]byte("{}"), f.audience("carl")...)}
		return f.by("carl", f.sign("approval", "care", "carl"), f.attest("pass", "valid.credit", "rule.covered", "guard.validate"), op)
	}},
	{"validating", "fire", "without the signature", Blocked, func(f *forger) []byte {
		op := f.fire("validate", "care", "carl")
		for i := range op.Outcomes {
			op.Outcomes[i].Result = "pass"
		}
		return f.by("carl", f.attest("pass", "guard.validate"), op)
	}},
	{"validating", "fire", "with an outcome that nobody attested", BadOutcome, func(f *forger) []byte {
		op := f.fire("validate", "care", "carl")
		for i := range op.Outcomes {
			op.Outcomes[i].Result = "pass"
		}
		return f.by("carl", f.sign("approval", "care", "carl"), op)
	}},
	{"validating", "fire", "with an outcome left out", BadOutcome, func(f *forger) []byte {
		op := f.fire("validate", "care", "carl")
		op.Outcomes = op.Outcomes[1:]
		return f.by("carl", f.sign("approval", "care", "carl"), op)
	}},
	{"validating", "fire", "on what is unknown", Blocked, func(f *forger) []byte {
		return f.by("carl", f.sign("approval", "care", "carl"), f.fire("validate", "care", "carl"))
	}},
	{"validating", "fire", "on what he says does not hold", Blocked, func(f *forger) []byte {
		op := f.fire("validate", "care", "carl")
		i := slices.IndexFunc(op.Outcomes, func(o entry.Outcome) bool { return o.Condition == "guard.validate" })
		op.Outcomes[i].Result = "fail"
		return f.by("carl", f.sign("approval", "care", "carl"), f.attest("fail", "guard.validate"), op)
	}},
	{"filling", "fire", "with another outcome than everybody sees", BadOutcome, func(f *forger) []byte {
		op := f.fire("submit", "sales", "anna")
		for i := range op.Outcomes {
			if op.Outcomes[i].Condition == "guard.submit" {
				op.Outcomes[i].Result = "unknown"
			}
		}
		return f.by("anna", op)
	}},
	{"signing", "fire", "on a signature of a part that ended and began anew", Blocked, func(f *forger) []byte {
		ended := &entry.Dismiss{Participant: f.participant("anna"), Roles: []string{"customer"}}
		return f.by("anna", f.admit("anna", "customer"), f.sign("confirmation", "customer", "anna"), ended,
			f.admit("anna", "customer"), f.fire("confirm", "customer", "anna"))
	}},
	{"bidding", "fire", "on one's own instance, in a role that it is not per", BadOutcome, func(f *forger) []byte {
		op := f.fire("close", "buyer", "ada")
		op.Outcomes = op.Outcomes[:1]
		return f.by("ada", op)
	}},
	{"bidding", "fire", "on all instances, in the role that they are per", BadOutcome, func(f *forger) []byte {
		op := f.fire("ready", "bidder", "ada")
		op.Outcomes = f.fire("close", "buyer", "ada").Outcomes
		return f.by("ada", op)
	}},
	{"bidding", "fire", "on one signature, where each signs for himself", Blocked, func(f *forger) []byte {
		op := f.fire("check", "buyer", "ada")
		for i := range op.Outcomes {
			op.Outcomes[i].Result = "pass"
		}
		return f.by("ada", f.sign("large", "bidder", "ada"), f.attest("pass", "required.large"), op)
	}},
	{"closed", "sign", "one's own instance, in a role that it is not per", BadSign, func(f *forger) []byte {
		op := f.sign("choice", "buyer", "ada")
		op.Covers = op.Covers[:1]
		return f.by("ada", op)
	}},
	{"closed", "sign", "all instances, in the role that they are per", BadSign, func(f *forger) []byte {
		op := f.sign("offer", "bidder", "ada")
		op.Covers = f.sign("choice", "buyer", "ada").Covers
		return f.by("ada", op)
	}},
	{"filling", "fire", "with a reason that the event knows none of", BadReason, func(f *forger) []byte {
		op := f.fire("submit", "sales", "anna")
		op.Reason = &entry.Sealed{ID: f.nonce(), File: f.file([]byte("{}"), f.audience("anna")...)}
		return f.by("anna", op)
	}},
	{"filling", "fire", "another's event", NoRight, func(f *forger) []byte { return f.by("dora", f.fire("submit", "sales", "dora")) }},
	{"filling", "fire", "an event of another state", NotNow, func(f *forger) []byte { return f.by("dora", f.fire("confirm", "customer", "dora")) }},
	{"done", "fire", "when all is done", NotNow, func(f *forger) []byte { return f.by("anna", f.fire("cancel", "sales", "anna")) }},

	{"filling", "note", "to one more", BadReaders, func(f *forger) []byte {
		return f.by("dora", f.note(append(f.audience("dora"), f.participant("crow"))...))
	}},
	{"filling", "note", "past who should read it", BadReaders, func(f *forger) []byte { return f.by("dora", f.note(f.ids("dora")...)) }},
	{"filling", "note", "to nobody", BadReaders, func(f *forger) []byte { return f.by("dora", f.note()) }},
	{"filling", "note", "of a blob that is there", BadBlob, func(f *forger) []byte {
		op := f.note(f.audience("dora")...)
		op.File.Blob = f.state().places[f.place("products")].files.written.Blob
		return f.by("dora", op)
	}},
}
