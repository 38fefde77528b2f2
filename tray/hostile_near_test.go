package tray

import (
	"errors"
	"slices"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// A desk has rights that lie close together: see testdata/desk.yaml.
const (
	atEmpty = "cleo: create clerk=cleo guest=gil guest=gwen\n"
	atDesk  = atEmpty + `
		gil:  set notice.count=1; set box.text=hello; set score.mark=1
		cleo: admit abel clerk guest
	`
	atShut = atDesk + `
		gil:  sign waiver
		cleo: fire close
		cleo: set request.text=first
		cleo: fire look
	`
)

// words attests, behind ops of the same entry, that conditions hold: on what the
// ops write, and else on what there is.
func (f *forger) words(ops []entry.Op, about ...said) *entry.Attest {
	s := f.state()
	out := &entry.Attest{Engine: "forged"}
	var read []entry.Place
	for _, x := range about {
		out.Outcomes = append(out.Outcomes, entry.Outcome{Condition: x.condition, Instance: x.instance, Result: "pass"})
		read = append(read, s.placesOf(s.template.Condition(x.condition).Sections, x.instance)...)
	}
	out.On = s.presentAll(read)
	for i := range out.On {
		for _, op := range ops {
			if w, ok := op.(*entry.Write); ok && w.Place == out.On[i].Place {
				out.On[i] = w.Revision
			}
		}
	}
	return out
}

// saying puts words on conditions behind ops.
func (f *forger) saying(ops []entry.Op, about ...said) []entry.Op {
	return append(ops, f.words(ops, about...))
}

// ends ends roles of somebody.
func (f *forger) ends(who string, roles ...string) *entry.Dismiss {
	return &entry.Dismiss{Participant: f.participant(who), Roles: roles}
}

// fair are words on what the second revision of a desk's request is compared by,
// for each guest.
func (f *forger) fair(guests ...string) (about []said) {
	for _, who := range guests {
		about = append(about, said{"rule.fair", f.participant(who)})
	}
	return about
}

// bids are the ops by which ada writes her bid anew.
func (f *forger) bids() []entry.Op {
	return f.saying([]entry.Op{f.write("bid/ada", "ada", "price", 4)}, said{"change.bid", f.participant("ada")})
}

// before puts an op before the attestation that ends ops.
func before(ops []entry.Op, op entry.Op) []entry.Op { return slices.Insert(ops, len(ops)-1, op) }

// signsBid signs, behind bids, that ada can pay the bond.
func (f *forger) signsBid(bids []entry.Op) *entry.Sign {
	op := f.sign("large", "bidder", "ada")
	op.Covers = []entry.Revision{bids[0].(*entry.Write).Revision}
	return op
}

// checks fires, as one who bids, an event that needs the signature of whose bid
// is large, when nobody said whether the bid is.
func (f *forger) checks() *entry.Fire {
	op := f.fire("check", "bidder", "ada")
	op.Outcomes[0].Result = "unknown"
	return op
}

// nextInvite gives an invite and what becomes its id.
func (f *forger) nextInvite(roles ...string) (op *entry.Invite, id string) {
	op = f.invite(roles...)
	return op, f.public(f.lastInvite).Thumbprint()
}

// toInvite shares something to an invite that the same entry makes.
func (f *forger) toInvite(place string, to ...string) *entry.Share {
	p := f.place(place)
	return &entry.Share{Place: p, Number: f.state().present(p).Number, File: f.file([]byte("{}"), to...)}
}

// hostileNear use a right for what lies beside it.
var hostileNear = []hostile{
	{"filling", "admit", "to the part of nobody", NotFound, func(f *forger) []byte {
		op := f.admit("dino", "customer")
		op.Succeeds = f.participant("stranger")
		return f.by("anna", op)
	}},
	{"filling", "invite", "to the part of nobody", NotFound, func(f *forger) []byte {
		op := f.invite("customer")
		op.Succeeds = f.participant("stranger")
		return f.by("anna", op)
	}},

	{"filling", "dismiss", "oneself, and go on", NoRight, func(f *forger) []byte {
		return f.by("anna", f.ends("anna", "sales"), f.admit("dino", "customer"))
	}},

	{"desk", "write", "a section that is his another time, while another is", NotNow, func(f *forger) []byte {
		return f.by("gil", f.write("request", "gil", "text", "mine"))
	}},
	{"desk", "write", "to whose instance it is, and who does not read it", BadReaders, func(f *forger) []byte {
		op := f.write("grade/gil", "cleo", "mark", "6")
		op.File = f.file([]byte("{}"), f.ids("cleo", "gil", "abel", "dino")...)
		return f.by("cleo", op)
	}},
	{"desk", "write", "for nobody, since all who read it leave", BadReaders, func(f *forger) []byte {
		op := f.write("box", "abel", "text", "for nobody")
		op.File = f.file([]byte("{}"))
		return f.by("abel", op, f.ends("cleo", "clerk"), f.ends("dino", "clerk"), f.ends("abel", "clerk"))
	}},
	{"filling", "write", "for somebody whom the entry brings in after it", BadReaders, func(f *forger) []byte {
		op := f.write("products", "anna", "amount", 8)
		op.File = f.file([]byte("{}"), append(op.File.To, f.participant("dino"))...)
		return f.by("anna", op, f.admit("dino", "customer"))
	}},
	{"filling", "write", "and bring in a reader after it", BadReaders, func(f *forger) []byte {
		return f.by("anna", f.write("products", "anna", "amount", 8), f.admit("dino", "customer"))
	}},
	{"filling", "note", "for somebody whom the entry brings in after it", BadReaders, func(f *forger) []byte {
		return f.by("carl", f.note(f.ids("anna", "carl", "dino")...), f.admit("dino", "care"))
	}},
	{"bidding", "write", "one's own instance, and end one's part", BadReaders, func(f *forger) []byte {
		return f.by("ada", f.bids()[0], f.ends("ada", "buyer", "bidder"))
	}},
	{"shut", "write", "what is compared for each instance, said for one", Blocked, func(f *forger) []byte {
		return f.by("cleo", f.saying([]entry.Op{f.write("request", "cleo", "text", "second")}, f.fair("gil")...)...)
	}},

	{"filling", "share", "an instance of whose part has ended", NotFound, func(f *forger) []byte {
		return f.by("anna", f.ends("sam", "supplier"), f.admit("dino", "sales"), f.share("bid/sam", "dino"))
	}},
	{"signing", "share", "to a participant and an invite, who both wait for it", BadReaders, func(f *forger) []byte {
		invite, id := f.nextInvite("customer")
		return f.by("anna", invite, f.toInvite("products", f.participant("duca"), id))
	}},
	{"signing", "share", "to an invite, and withdraw it", BadReaders, func(f *forger) []byte {
		invite, id := f.nextInvite("customer")
		return f.by("anna", invite, f.toInvite("products", id), &entry.Withdraw{Invite: id})
	}},

	{"signing", "attest", "what he wrote a part of, where others' word counts", BadAttest, func(f *forger) []byte {
		return f.by("dora", f.saying([]entry.Op{f.write("customer", "dora", "company", "B")}, said{"rule.named", ""})...)
	}},
	{"validating", "attest", "what he reads, where others' word counts", BadAttest, func(f *forger) []byte {
		return f.by("carl", f.attest("pass", "rule.named"))
	}},
	{"validating", "attest", "what depends on the moment, with what he writes", BadAttest, func(f *forger) []byte {
		return f.by("carl", f.saying([]entry.Op{f.write("credit", "carl", "limit", 900)}, said{"guard.validate", ""})...)
	}},
	{"desk", "attest", "what he does not read, having written the public part", BadAttest, func(f *forger) []byte {
		op := f.publish("notice", "gil", map[string]any{"count": "2"})
		return f.by("gil", f.saying([]entry.Op{op}, said{"rule.heard", ""}, said{"rule.level", ""})...)
	}},
	{"empty", "attest", "what he will not read, before it is written", BadAttest, func(f *forger) []byte {
		return f.by("gil", f.words(nil, said{"rule.told", ""}))
	}},
	{"desk", "attest", "what everybody compares, with the event at which it is due", BadAttest, func(f *forger) []byte {
		return f.by("cleo", f.words(nil, said{"rule.level", ""}), f.fire("close", "clerk", "cleo"))
	}},

	{"signing", "sign", "in a role that he has, and that it is not for", NoRight, func(f *forger) []byte {
		return f.by("anna", f.admit("anna", "customer"), f.sign("confirmation", "sales", "anna"))
	}},
	signs("nothing, in a language that there is not", BadSign, func(f *forger, op *entry.Sign) {
		op.Language, op.Declaration = "fr", sign.Sum(nil)
	}),
	{"validating", "sign", "what was written to former keys", BadSign, func(f *forger) []byte {
		written, op := f.write("credit", "carl", "limit", 900), f.sign("approval", "care", "carl")
		op.Covers[0] = written.Revision
		return f.by("carl", written, &entry.Rekey{Card: string(f.actor("mallory").me.Card())}, op)
	}},
	{"validating", "sign", "what he wrote and says he cannot read", BadSign, func(f *forger) []byte {
		written, op := f.write("credit", "carl", "limit", 900), f.sign("approval", "care", "carl")
		op.Covers[0] = written.Revision
		return f.by("carl", written, &entry.Unreadable{Place: written.Place, Number: written.Number}, op)
	}},

	{"signing", "fire", "in a role that he has, and that it is not for", NoRight, func(f *forger) []byte {
		return f.by("anna", f.admit("anna", "customer"), f.fire("confirm", "sales", "anna"))
	}},
	{"shut", "fire", "on a word that counted when it was given", BadOutcome, func(f *forger) []byte {
		op := f.fire("look", "clerk", "cleo")
		op.Outcomes[0].Result = "pass"
		return f.by("cleo", op)
	}},
	{"filling", "fire", "another's event, of another state", NotNow, func(f *forger) []byte { return f.by("dora", f.fire("finish", "customer", "dora")) }},
	{"bidding", "fire", "on the signatures of all, of whom nobody is left", Blocked, func(f *forger) []byte {
		op := f.fire("close", "buyer", "ada")
		op.Outcomes = nil
		return f.by("ada", f.ends("ada", "bidder"), f.ends("bea", "bidder"), f.ends("bob", "bidder"), op)
	}},
	{"bidding", "fire", "when nobody said whether he must sign", Blocked, func(f *forger) []byte {
		return f.by("ada", append(f.bids(), f.checks())...)
	}},
}

// rightful lie as close, on the other side: everybody takes them. The client
// would make them otherwise, or not at all.
var rightful = []hostile{
	{"filling", "create", "and admit somebody twice, before oneself", "", func(f *forger) []byte {
		ops := f.create("dora")
		return f.first("dora", ops[0], f.admit("carl", "care"), f.admit("carl", "crm"), ops[1])
	}},
	{"filling", "invite", "to the part of somebody whose part has ended", "", func(f *forger) []byte {
		op := f.invite("customer")
		op.Succeeds = f.participant("sol")
		return f.by("anna", op)
	}},
	{"filling", "write", "for somebody who went and is admitted again after it", "", func(f *forger) []byte {
		op := f.write("products", "anna", "amount", 8)
		var to []string
		for _, p := range f.state().Participants() {
			if p.ID == f.participant("sol") || slices.Contains(op.File.To, p.ID) {
				to = append(to, p.ID)
			}
		}
		op.File = f.file([]byte("{}"), to...)
		f.blobs = f.blobs[1:]
		return f.by("anna", op, f.admit("sol", "sales"))
	}},
	{"desk", "share", "what he wrote and does not read", "", func(f *forger) []byte { return f.by("gil", f.share("box", "dino")) }},
	{"desk", "attest", "what he wrote and does not read", "", func(f *forger) []byte {
		return f.by("gil", f.saying([]entry.Op{f.write("box", "gil", "text", "more")}, said{"rule.told", ""})...)
	}},
	{"desk", "attest", "what he reads, and a public part", "", func(f *forger) []byte { return f.by("cleo", f.words(nil, said{"rule.heard", ""})) }},
	{"shut", "write", "the public part of what is compared", "", func(f *forger) []byte {
		op := f.write("score/gil", "gil", "mark", "2")
		return f.by("gil", op)
	}},
	{"shut", "write", "what is compared for each instance, said for each", "", func(f *forger) []byte {
		return f.by("cleo", f.saying([]entry.Op{f.write("request", "cleo", "text", "second")}, f.fair("gil", "gwen", "abel")...)...)
	}},
	{"left", "write", "what is compared, and nobody who is there holds", "", func(f *forger) []byte {
		return f.by("abel", f.write("request", "abel", "text", "second"))
	}},
	{"bidding", "write", "one's own instance, when another has no word", "", func(f *forger) []byte {
		ops := f.bids()
		first := ops[0].(*entry.Write)
		first.File = f.file([]byte("{}"), first.File.To...)
		return f.by("ada", append([]entry.Op{f.admit("dino", "bidder")}, ops...)...)
	}},
	{"bidding", "fire", "when nobody said whether he must sign, and he did", "", func(f *forger) []byte {
		bids := f.bids()
		return f.by("ada", append(before(bids, f.signsBid(bids)), f.checks())...)
	}},
	{"shut", "fire", "on how many signed", "", func(f *forger) []byte {
		op := f.fire("end", "clerk", "cleo")
		for i := range op.Outcomes {
			if op.Outcomes[i].Condition != "guard.end" {
				op.Outcomes[i].Result = "pass"
			}
		}
		return f.by("cleo", f.words(nil, f.fair("gil", "gwen", "abel")...), op)
	}},
}

// TestRefusalSaysWhere has entries refused for one op, and for what all of them
// come to: the refusal names the entry, and the op or none.
func TestRefusalSaysWhere(t *testing.T) {
	f := &forger{world: stage(t, "filling")}
	if s := f.state(); s.created.IsZero() || s.Since().Before(s.created) {
		t.Errorf("created at %v, in its state since %v", s.created, s.Since())
	}
	leave := f.note(f.audience("anna")...)
	again := f.write("products", "anna", "amount", 9)
	for want, ops := range map[int][]entry.Op{
		0:  {&entry.Withdraw{Invite: f.invited("gone")}, leave},
		2:  {leave, again, again},
		-1: {leave, f.note(f.ids("anna", "crow")...)},
	} {
		var r *Refusal
		if err := f.append(f.by("anna", ops...), false); !errors.As(err, &r) || r.Op != want || r.Seq != f.state().head.Length {
			t.Errorf("op %d: %v", want, err)
		}
	}
}

// TestNobodyReadsSaysWho refuses what nobody could read, and names who can bring
// a reader.
func TestNobodyReadsSaysWho(t *testing.T) {
	f := &forger{world: stage(t, "filling")}
	if err := f.append(f.by("anna", f.admit("anna", "customer"), f.fire("submit", "sales", "anna")), false); err != nil {
		t.Fatal(err)
	}
	f.blobs = nil
	var r *Refusal
	ends := f.ends("carl", "care")
	if err := f.append(f.by("anna", f.write("box", "anna", "complaint", "unheard"), ends), false); !errors.As(err, &r) || r.Code != BadReaders {
		t.Fatal(err)
	}
	if len(r.Blockers) != 1 || r.Blockers[0].Need != NeedReader || !slices.Equal(r.Blockers[0].Sections, []string{"box"}) || !slices.Equal(r.Blockers[0].Roles, []string{"sales", "care"}) {
		t.Errorf("%+v", r.Blockers)
	}
}

// TestRightful plants each behind a log, and opens it as TestHostile does.
func TestRightful(t *testing.T) {
	worlds := make(map[string]*world)
	for _, h := range rightful {
		t.Run(h.op+"/"+h.name, func(t *testing.T) {
			if worlds[h.stage] == nil {
				worlds[h.stage] = stage(t, h.stage)
			}
			f := &forger{world: worlds[h.stage]}
			line := h.forge(f)
			planted, id := f.planted(t, line, h.op == "create")
			if s, err := planted.State(f.ctx, id); err != nil || s.head.Hash != sign.Sum(line) {
				t.Errorf("keyless replay: %v", err)
			}
		})
	}
	if len(rightful) == 0 {
		t.Error("no cases")
	}
}
