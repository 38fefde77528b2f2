package tray

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// smallOrder is a key under which anybody can sign.
var smallOrder = strings.Repeat("A", 43)

// hostilePeople misuse the ops by which participants come, change and go.
var hostilePeople = []hostile{
	{"filling", "create", "of another format", Unsupported, func(f *forger) []byte {
		ops := f.create("dora")
		ops[0].(*entry.Create).Format = "vassoio/2"
		return f.first("dora", ops...)
	}},
	{"filling", "create", "of an unknown suite", Unsupported, func(f *forger) []byte {
		ops := f.create("dora")
		ops[0].(*entry.Create).Suite = "none"
		return f.first("dora", ops...)
	}},
	{"filling", "create", "in a suite that the card has no recipient for", BadCard, func(f *forger) []byte {
		ops := f.create("dora")
		ops[0].(*entry.Create).Suite = "pq"
		return f.first("dora", ops...)
	}},
	{"filling", "create", "without its creator", NotAuthor, func(f *forger) []byte { return f.first("dora", f.create("anna")...) }},
	{"filling", "create", "in another's name", NotAuthor, func(f *forger) []byte {
		e := f.entry("carl", f.create("carl")...)
		e.Tray, e.Seq, e.Prev, e.Key = sign.Hash{}, 0, sign.Hash{}, f.public(f.actor("dora").signer).String()
		f.blobs = append(f.blobs, f.tpl.Canonical())
		return f.line(e, f.actor("dora").signer)
	}},
	{"filling", "create", "in another's name, by the key of whom it admits", NotAuthor, func(f *forger) []byte {
		e := f.entry("dora", f.create("dora")...)
		e.Tray, e.Seq, e.Prev, e.Author = sign.Hash{}, 0, sign.Hash{}, f.participant("carl")
		f.blobs = append(f.blobs, f.tpl.Canonical())
		return f.line(e, f.actor("dora").signer)
	}},
	{"filling", "create", "with an event", BadOrder, func(f *forger) []byte {
		return f.first("dora", append(f.create("dora"), f.fire("submit", "sales", "dora"))...)
	}},
	{"filling", "create", "with an invite", BadOrder, func(f *forger) []byte {
		return f.first("dora", append(f.create("dora"), f.invite("customer"))...)
	}},
	{"filling", "create", "in the year 0", Malformed, func(f *forger) []byte {
		e := f.entry("dora", f.create("dora")...)
		e.Tray, e.Seq, e.Prev = sign.Hash{}, 0, sign.Hash{}
		payload, _ := e.Encode()
		f.blobs = append(f.blobs, f.tpl.Canonical())
		year := fmt.Sprintf(`"time":"%04d-`, e.Time.Year())
		return f.raw(entry.Kind, bytes.Replace(payload, []byte(year), []byte(`"time":"0000-`), 1), f.actor("dora").signer)
	}},
	{"filling", "create", "after the admission", BadOrder, func(f *forger) []byte {
		ops := f.create("dora")
		return f.first("dora", ops[1], ops[0])
	}},
	{"filling", "create", "twice", BadOrder, func(f *forger) []byte {
		ops := f.create("dora")
		return f.first("dora", ops[0], ops[0], ops[1])
	}},
	{"filling", "create", "to a role that is none", NotFound, func(f *forger) []byte {
		return f.first("dora", f.create("dora")[0], f.admit("dora", "boss"))
	}},

	{"filling", "admit", "by who does not manage the role", NoRight, func(f *forger) []byte { return f.by("carl", f.admit("dino", "customer")) }},
	{"filling", "admit", "oneself to more", NoRight, func(f *forger) []byte { return f.by("dora", f.admit("dora", "sales")) }},
	{"filling", "admit", "one managed role and another", NoRight, func(f *forger) []byte { return f.by("carl", f.admit("dino", "customer", "care")) }},
	{"filling", "entry", "that creates in the middle of the log", BadOrder, func(f *forger) []byte { return f.by("anna", f.create("dino")...) }},
	{"filling", "admit", "by a card of somebody else's key", BadCard, func(f *forger) []byte {
		card := entry.Card{Key: f.public(f.actor("dino").signer).String(), Classic: f.actor("dora").reader.Recipient().String()}
		return f.by("anna", &entry.Admit{Card: f.card(f.actor("dora").signer, card), Roles: []string{"customer"}})
	}},
	{"filling", "admit", "by a card of a key that anybody signs for", BadCard, func(f *forger) []byte {
		return f.by("anna", &entry.Admit{Card: f.card(f.actor("dora").signer, entry.Card{Key: smallOrder, Classic: f.actor("dora").reader.Recipient().String()}), Roles: []string{"customer"}})
	}},
	{"filling", "admit", "by a card without recipient", BadCard, func(f *forger) []byte {
		return f.by("anna", &entry.Admit{Card: f.card(f.actor("dino").signer, entry.Card{Key: f.public(f.actor("dino").signer).String()}), Roles: []string{"customer"}})
	}},
	{"filling", "admit", "by a card that would start a program", BadCard, func(f *forger) []byte {
		card := entry.Card{Key: f.public(f.actor("dino").signer).String(), Classic: "age1yubikey1qgqqqqqq"}
		return f.by("anna", &entry.Admit{Card: f.card(f.actor("dino").signer, card), Roles: []string{"customer"}})
	}},
	{"filling", "admit", "by a claim for a card", BadCard, func(f *forger) []byte {
		return f.by("anna", &entry.Admit{Card: f.claim(f.actor("dino").signer, entry.Claim{Tray: f.id, Invite: f.invited("link"), Card: f.id}), Roles: []string{"customer"}})
	}},
	{"filling", "admit", "whose part has ended, with another recipient", BadCard, func(f *forger) []byte {
		card := entry.Card{Key: f.public(f.actor("sol").signer).String(), Classic: f.actor("dino").reader.Recipient().String()}
		return f.by("anna", &entry.Admit{Card: f.card(f.actor("sol").signer, card), Roles: []string{"sales"}})
	}},
	{"filling", "admit", "whose part has ended, by who does not manage the role", NoRight, func(f *forger) []byte { return f.by("carl", f.admit("sol", "sales")) }},
	{"filling", "admit", "whose part has ended, as a successor", BadCard, func(f *forger) []byte {
		op := f.admit("sol", "sales")
		op.Succeeds = f.participant("stan")
		return f.by("anna", op)
	}},
	{"filling", "admit", "by a former key", BadCard, func(f *forger) []byte {
		card := entry.Card{Key: f.public(f.actor("anna").former).String(), Classic: f.actor("anna").reader.Recipient().String()}
		return f.by("anna", &entry.Admit{Card: f.card(f.actor("anna").former, card), Roles: []string{"crm"}})
	}},
	{"filling", "admit", "by the key of an invite", BadKey, func(f *forger) []byte {
		signer := f.secret("link")
		card := entry.Card{Key: f.public(signer).String(), Classic: f.actor("dino").reader.Recipient().String()}
		return f.by("anna", &entry.Admit{Card: f.card(signer, card), Roles: []string{"customer"}})
	}},
	{"filling", "admit", "who is there with another recipient", BadCard, func(f *forger) []byte {
		card := entry.Card{Key: f.public(f.actor("dora").signer).String(), Classic: f.actor("dino").reader.Recipient().String()}
		return f.by("anna", &entry.Admit{Card: f.card(f.actor("dora").signer, card), Roles: []string{"crm"}})
	}},
	{"filling", "admit", "who is there by a former key", BadCard, func(f *forger) []byte {
		anna := f.actor("anna")
		card := entry.Card{Key: f.public(anna.former).String(), Classic: anna.reader.Recipient().String()}
		return f.by("anna", &entry.Admit{Card: f.card(anna.former, card), Roles: []string{"supplier"}})
	}},
	{"filling", "admit", "who is there to the part of somebody who is not", BadCard, func(f *forger) []byte {
		op := f.admit("dora", "crm")
		op.Succeeds = f.participant("sol")
		return f.by("anna", op)
	}},
	{"filling", "admit", "who is there to the role he has", BadCard, func(f *forger) []byte { return f.by("anna", f.admit("dora", "customer")) }},
	{"filling", "admit", "to no role", NotFound, func(f *forger) []byte { return f.by("anna", f.admit("dino")) }},
	{"filling", "admit", "to a role that is none", NotFound, func(f *forger) []byte { return f.by("anna", f.admit("dino", "boss")) }},
	{"filling", "admit", "to roles out of order", NotFound, func(f *forger) []byte { return f.by("anna", f.admit("dino", "care", "customer")) }},
	{"filling", "admit", "to one role twice", NotFound, func(f *forger) []byte { return f.by("anna", f.admit("dino", "care", "care")) }},
	{"filling", "admit", "to the part of somebody who is there", NotFound, func(f *forger) []byte {
		op := f.admit("dino", "customer")
		op.Succeeds = f.participant("dora")
		return f.by("anna", op)
	}},

	{"filling", "invite", "by who does not manage the role", NoRight, func(f *forger) []byte { return f.by("dora", f.invite("customer")) }},
	{"filling", "invite", "to no role", NotFound, func(f *forger) []byte { return f.by("anna", f.invite()) }},
	{"filling", "invite", "of a key in use", BadKey, func(f *forger) []byte {
		op := f.invite("customer")
		op.Key = f.public(f.actor("dora").signer).String()
		return f.by("anna", op)
	}},
	{"filling", "invite", "of the key of one that was withdrawn", BadKey, func(f *forger) []byte {
		op := f.invite("customer")
		op.Key = f.public(f.secret("gone")).String()
		return f.by("anna", op)
	}},
	{"filling", "invite", "of a key that anybody signs for", BadKey, func(f *forger) []byte {
		op := f.invite("customer")
		op.Key = smallOrder
		return f.by("anna", op)
	}},
	{"filling", "invite", "to a recipient of the other suite", BadInvite, func(f *forger) []byte {
		op := f.invite("customer")
		op.Recipient = "age1pq1" + strings.Repeat("q", 100)
		return f.by("anna", op)
	}},
	{"filling", "invite", "that has expired", BadInvite, func(f *forger) []byte {
		op := f.invite("customer")
		op.Expires = f.clock.UTC()
		return f.by("anna", op)
	}},
	{"filling", "invite", "until the year 0", Malformed, func(f *forger) []byte {
		op := f.invite("customer")
		year := fmt.Sprintf(`"expires":"%04d-`, op.Expires.Year())
		return f.text("anna", op, func(s string) string { return strings.Replace(s, year, `"expires":"0000-`, 1) })
	}},
	{"filling", "invite", "for more than a year", BadInvite, func(f *forger) []byte {
		op := f.invite("customer")
		op.Expires = f.clock.UTC().Add(maxInviteTime + time.Second)
		return f.by("anna", op)
	}},
	{"filling", "invite", "to the part of somebody who is there", NotFound, func(f *forger) []byte {
		op := f.invite("customer")
		op.Succeeds = f.participant("dora")
		return f.by("anna", op)
	}},
	{"filling", "invite", "one too many", TooMany, func(f *forger) []byte {
		var ops []entry.Op // one is open
		for range maxInvites {
			ops = append(ops, f.invite("customer"))
		}
		return f.by("anna", ops...)
	}},

	{"filling", "withdraw", "by who does not manage the role", NoRight, func(f *forger) []byte {
		return f.by("carl", &entry.Withdraw{Invite: f.invited("link")})
	}},
	{"filling", "withdraw", "twice", BadInvite, func(f *forger) []byte { return f.by("anna", &entry.Withdraw{Invite: f.invited("gone")}) }},
	{"filling", "withdraw", "a participant", BadInvite, func(f *forger) []byte { return f.by("anna", &entry.Withdraw{Invite: f.participant("dora")}) }},
	{"filling", "withdraw", "after it expired", BadInvite, func(f *forger) []byte {
		return f.spoiled("anna", &entry.Withdraw{Invite: f.invited("link")}, func(e *entry.Entry) { e.Time = e.Time.Add(InviteTime) })
	}},

	{"filling", "join", "by an invite that was withdrawn", BadInvite, func(f *forger) []byte { return f.by("dino", f.join("gone", "dino", f.secret("gone"))) }},
	{"filling", "join", "after it expired", BadInvite, func(f *forger) []byte {
		return f.spoiled("dino", f.join("link", "dino", f.secret("link")), func(e *entry.Entry) { e.Time = e.Time.Add(InviteTime) })
	}},
	{"filling", "join", "without the secret", BadInvite, func(f *forger) []byte { return f.by("dino", f.join("link", "dino", f.actor("dino").signer)) }},
	{"filling", "join", "by the claim of another card", BadInvite, func(f *forger) []byte {
		op := f.join("link", "dino", f.secret("link"))
		op.Card = string(f.actor("mallory").me.Card())
		return f.by("mallory", op)
	}},
	{"filling", "join", "by a claim to another tray", BadInvite, func(f *forger) []byte {
		op := f.join("link", "dino", f.secret("link"))
		op.Claim = f.claim(f.secret("link"), entry.Claim{Tray: sign.Sum(nil), Invite: op.Invite, Card: sign.Sum([]byte(op.Card))})
		return f.by("dino", op)
	}},
	{"filling", "join", "by a claim to another invite", BadInvite, func(f *forger) []byte {
		op := f.join("link", "dino", f.secret("link"))
		op.Claim = f.claim(f.secret("link"), entry.Claim{Tray: f.id, Invite: f.invited("gone"), Card: sign.Sum([]byte(op.Card))})
		return f.by("dino", op)
	}},
	{"filling", "join", "by a card for a claim", BadInvite, func(f *forger) []byte {
		op := f.join("link", "dino", f.secret("link"))
		op.Claim = op.Card
		return f.by("dino", op)
	}},
	{"filling", "join", "for somebody else", BadKey, func(f *forger) []byte { return f.by("mallory", f.join("link", "dino", f.secret("link"))) }},
	{"filling", "join", "for somebody else, in whose name, by one's own key", BadKey, func(f *forger) []byte {
		return f.spoiled("mallory", f.join("link", "dino", f.secret("link")), func(e *entry.Entry) { e.Author = f.participant("dino") })
	}},
	{"filling", "join", "in another's name", BadKey, func(f *forger) []byte {
		return f.spoiled("dino", f.join("link", "dino", f.secret("link")), func(e *entry.Entry) { e.Author = f.participant("anna") })
	}},
	{"filling", "join", "by who is there", BadKey, func(f *forger) []byte { return f.by("dora", f.join("link", "dora", f.secret("link"))) }},
	{"filling", "join", "by a card that does not prove itself", BadCard, func(f *forger) []byte {
		op := f.join("link", "dino", f.secret("link"))
		op.Card = f.card(f.actor("mallory").signer, entry.Card{Key: f.public(f.actor("dino").signer).String(), Classic: f.actor("mallory").reader.Recipient().String()})
		op.Claim = f.claim(f.secret("link"), entry.Claim{Tray: f.id, Invite: op.Invite, Card: sign.Sum([]byte(op.Card))})
		return f.by("dino", op)
	}},
	{"filling", "join", "and leave a note", BadOrder, func(f *forger) []byte {
		return f.by("dino", f.join("link", "dino", f.secret("link")), f.note(f.ids("dino")...))
	}},
	{"filling", "join", "and write", BadOrder, func(f *forger) []byte {
		return f.by("dino", f.join("link", "dino", f.secret("link")), f.write("customer", "dino", "company", "Mine"))
	}},
	{"filling", "join", "and share to another", BadReaders, func(f *forger) []byte {
		return f.by("dino", f.join("link", "dino", f.secret("link")), f.share("customer", "crow"))
	}},
	{"signing", "join", "and share to another who waits for it", BadReaders, func(f *forger) []byte {
		return f.by("dino", f.join("link", "dino", f.secret("link")), f.share("customer", "duca"))
	}},
	{"signing", "join", "and share to another as well", BadReaders, func(f *forger) []byte {
		return f.by("dino", f.join("link", "dino", f.secret("link")), f.share("customer", "duca", "dino"))
	}},
	{"filling", "join", "and share what the invite did not hold", NoRight, func(f *forger) []byte {
		return f.by("dino", f.join("link", "dino", f.secret("link")), f.share("bid/sam", "dino"))
	}},
	{"filling", "join", "and sign", BadOrder, func(f *forger) []byte {
		return f.by("dino", f.join("link", "dino", f.secret("link")), f.sign("confirmation", "customer", "dino"))
	}},

	{"filling", "dismiss", "by who does not manage the role", NoRight, func(f *forger) []byte {
		return f.by("sue", &entry.Dismiss{Participant: f.participant("sam"), Roles: []string{"supplier"}})
	}},
	{"filling", "dismiss", "one's own manager", NoRight, func(f *forger) []byte {
		return f.by("carl", &entry.Dismiss{Participant: f.participant("anna"), Roles: []string{"sales"}})
	}},
	{"filling", "dismiss", "nobody", NotFound, func(f *forger) []byte {
		return f.by("anna", &entry.Dismiss{Participant: f.participant("stranger"), Roles: []string{"sales"}})
	}},
	{"filling", "dismiss", "from a role that he does not have", NotFound, func(f *forger) []byte {
		return f.by("anna", &entry.Dismiss{Participant: f.participant("dora"), Roles: []string{"care"}})
	}},
	{"filling", "dismiss", "from no role", NotFound, func(f *forger) []byte { return f.by("anna", &entry.Dismiss{Participant: f.participant("dora")}) }},
	{"filling", "dismiss", "twice", NotFound, func(f *forger) []byte {
		op := &entry.Dismiss{Participant: f.participant("dora"), Roles: []string{"customer"}}
		return f.by("anna", op, op)
	}},
	{"bidding", "admit", "one instance too many", TooMany, func(f *forger) []byte {
		var ops []entry.Op
		for len(f.state().in("bidder"))+len(ops) <= template.MaxInstances {
			a := &actor{}
			f.newKeys(a)
			ops = append(ops, &entry.Admit{Card: string(a.me.Card()), Roles: []string{"bidder"}})
		}
		return f.by("ada", ops...)
	}},
	{"filling", "dismiss", "and withdraw the invite that closed with it", BadInvite, func(f *forger) []byte {
		return f.by("anna", &entry.Dismiss{Participant: f.participant("anna"), Roles: []string{"sales"}}, &entry.Withdraw{Invite: f.invited("link")})
	}},
	{"filling", "dismiss", "and share to the invite that closed with it", NotFound, func(f *forger) []byte {
		return f.by("anna", f.admit("anna", "supplier"), &entry.Dismiss{Participant: f.participant("anna"), Roles: []string{"sales"}}, f.share("customer", "link"))
	}},

	{"filling", "rekey", "twice, past a stranger's key", BadOrder, func(f *forger) []byte {
		return f.by("dora", &entry.Rekey{Card: string(f.actor("dino").me.Card())}, &entry.Rekey{Card: string(f.actor("mallory").me.Card())})
	}},
	{"filling", "rekey", "to a key in use", BadKey, func(f *forger) []byte { return f.by("dora", &entry.Rekey{Card: string(f.actor("carl").me.Card())}) }},
	{"filling", "rekey", "back to a former key", BadKey, func(f *forger) []byte {
		card := entry.Card{Key: f.public(f.actor("anna").former).String(), Classic: f.actor("anna").reader.Recipient().String()}
		return f.by("anna", &entry.Rekey{Card: f.card(f.actor("anna").former, card)})
	}},
	{"filling", "rekey", "to the key of an invite", BadKey, func(f *forger) []byte {
		card := entry.Card{Key: f.public(f.secret("link")).String(), Classic: f.actor("dora").reader.Recipient().String()}
		return f.by("dora", &entry.Rekey{Card: f.card(f.secret("link"), card)})
	}},
	{"filling", "rekey", "to a key that he does not have", BadCard, func(f *forger) []byte {
		card := entry.Card{Key: f.public(f.actor("mallory").signer).String(), Classic: f.actor("dora").reader.Recipient().String()}
		return f.by("dora", &entry.Rekey{Card: f.card(f.actor("dora").signer, card)})
	}},
	{"filling", "rekey", "by the new key", BadKey, func(f *forger) []byte {
		e := f.entry("dora", &entry.Rekey{Card: string(f.actor("mallory").me.Card())})
		e.Key = f.public(f.actor("mallory").signer).String()
		return f.line(e, f.actor("mallory").signer)
	}},
}
