package template

import (
	"strings"
	"testing"
)

// handed is a rule over two sections, due when the tray leaves state two.
const handed = `template: handed
version: 1
roles:
  r: {manages: [r, w]}
  w: {}
sections:
  a: {read: [w, READ], write: [w], fields: {x: {type: integer}}}
  b: {read: [r], write: [w], fields: {y: {type: integer}}}
rules:
  less: {rule: RULE, at: go, attest: [r]}
lifecycle:
  initial: one
  states:
    one: {edit: {w: [ONE]}}
    two: {edit: {w: [TWO]}}
    end: {final: true}
  events:
    on: {from: one, to: two, by: [r, w]}
    go: {from: two, to: end, by: [BY]}
    BACK
`

// A word on a condition is that of who had all that was written last: in the
// state where it was, or after it, or kept from there.
func TestAttestedInTime(t *testing.T) {
	const back, stay = "back: {from: two, to: one, by: [w]}", "give: {from: one, to: end, by: [w]}"
	const refused, doubted, sound = "nobody ", "once a is written in state two", ""
	cases := []struct{ name, read, rule, one, two, by, back, want string }{
		{"read before it is written only", "{role: r, in: [one]}", "a.x < b.y", "b", "a", "r", stay, refused},
		{"the same, and the other is written again", "{role: r, in: [one]}", "a.x < b.y", "b", "a, b", "r", stay, refused},
		{"read where it is written again", "{role: r, in: [one]}", "a.x < b.y", "b", "a", "r", back, sound},
		{"kept from where it was written", "{role: r, in: [one]}", "a.x < b.y", "a", "b", "r", stay, sound},
		{"written once more", "{role: r, in: [one]}", "a.x < b.y", "a", "a, b", "r", stay, doubted},
		{"read where it is written", "{role: r, in: [two]}", "a.x < b.y", "b", "a", "r", stay, sound},
		{"read after it", "{role: r, in: [two]}", "a.x < b.y", "a", "b", "r", stay, sound},
		{"read too late", "{role: r, in: [end]}", "a.x < b.y && b.y < 9", "a", "b", "r", stay, refused},
		{"of the moment, by who fires", "r", "a.x < b.y && state == 'two'", "a", "b", "r", stay, sound},
		{"of the moment, kept", "{role: r, in: [one]}", "a.x < b.y && state == 'two'", "a", "b", "r", stay, sound},
		{"of the moment, by another", "r", "a.x < b.y && state == 'two'", "a", "b", "w", stay, refused},
		{"of the moment, read before only", "{role: r, in: [one]}", "a.x < b.y && state == 'two'", "b", "a", "r", stay, refused},
	}
	for _, c := range cases {
		text := strings.NewReplacer("READ", c.read, "RULE", c.rule, "ONE", c.one, "TWO", c.two, "BY", c.by, "BACK", c.back).Replace(handed)
		tpl, err := loadText(text)
		problems, _ := err.(Problems)
		if err == nil {
			problems = tpl.Warnings()
		}
		said := problems.Error()
		switch c.want {
		case refused:
			if err == nil || len(problems) != 1 || !strings.Contains(said, refused) {
				t.Errorf("%s: it is not refused: %s", c.name, said)
			}
		case doubted:
			if err != nil || !strings.Contains(said, doubted) {
				t.Errorf("%s: it is not doubted: %s", c.name, said)
			}
		default:
			if err != nil || strings.Contains(said, "once ") {
				t.Errorf("%s: %s", c.name, said)
			}
		}
	}
	t.Logf("%d templates", len(cases))
}

// The word of whoever writes the one opaque section counts, though he does not
// read it; on what is of the moment, if he fires.
func TestAttestedByWriter(t *testing.T) {
	for _, c := range []struct {
		rule, by string
		ok       bool
	}{
		{"a.x < 5", "r", true},
		{"a.x < 5 && state == 'two'", "w", false}, // no word of a writer's counts
		{"a.x > old.a.x && state == 'two'", "w", true},
		{"a.x > old.a.x && state == 'two'", "r", false},
	} {
		text := strings.NewReplacer("w, READ", "{role: r, in: [one]}", "RULE", c.rule, ", attest: [r]", "", "ONE", "b", "TWO", "a", "BY", c.by, "BACK", "").Replace(handed)
		if _, err := loadText(text); (err == nil) != c.ok {
			t.Errorf("%s, fired by %s: %v", c.rule, c.by, err)
		}
	}
}

// sealed asks for bids that are sealed until they are judged.
const sealed = `template: bids
version: 1
roles:
  buyer:    {manages: [buyer, supplier, notary]}
  supplier: {}
  notary:   {}
sections:
  bid: {per: supplier, read: [self, READERS], write: [self], fields: {price: {type: integer, required: true}}}
signatures:
  honest: {by: supplier, covers: [bid], declare: We mean it, required: CONDITION ATTEST}
lifecycle:
  initial: bidding
  states:
    bidding: {edit: {supplier: [bid]}}
    judging: {}
    end:     {final: true}
  events:
    close: {from: bidding, to: judging, by: BY CLOSE}
    judge: {from: judging, to: end, by: [buyer] JUDGE}
    drop:  {from: [bidding, judging], to: end, by: [buyer] DROP}
`

// A word of others counts where it can be had: by those who hold what the condition
// reads when the tray leaves the state.
func TestSaidByWhomItBinds(t *testing.T) {
	const later, signed = "{role: buyer, in: [judging]}", ", signed: [honest]"
	const inBidding, buyerLater = "state bidding is said by supplier alone", "let buyer read bid by then, or lead "
	for _, c := range []struct{ name, readers, condition, attest, close, judge, drop, want, advice string }{
		{"read later", later, "bid.price > 1000", "", signed, "", "", "required.honest holds when close needs it in " + inBidding, buyerLater + "close"},
		{"read never", "{role: buyer, in: [end]}", "bid.price > 1000", "", signed, "", "", "when close needs it in " + inBidding, buyerLater + "close"},
		{"read by none", "self", "bid.price > 1000", "", signed, "", "", "when close needs it in " + inBidding, "let another role read bid, or"},
		{"read later by two", later + ", {role: notary, in: [judging]}", "bid.price > 1000", "", signed, "", "", "when close needs it in " + inBidding, "let buyer or notary read bid by then"},
		{"needed in two states, in one too early", later, "bid.price > 1000", "", "", "", signed, "when drop needs it in " + inBidding, buyerLater + "drop"},
		{"needed where it is read", later, "bid.price > 1000", "", "", signed, "", "", ""},
		{"read from the beginning", "buyer", "bid.price > 1000", "", signed, "", signed, "", ""},
		{"read by the buyer before, and kept", "{role: buyer, in: [bidding]}", "bid.price > 1000", "", "", signed, "", "", ""},
		{"read by a third", later + ", notary", "bid.price > 1000", "", signed, "", "", "", ""},
		{"meant so", later, "bid.price > 1000", ", attest: [supplier]", signed, "", "", "", ""},
		{"meant so, and the buyer's word besides", later, "bid.price > 1000", ", attest: [supplier, buyer]", signed, "", "", "", ""},
		{"asked for nowhere it is unread", later, "bid.price > 1000", "", "", signed, signed, "when drop needs it in " + inBidding, buyerLater + "drop"},
		{"of the moment, and who reads it does not fire", later + ", notary", "bid.price > 1000 && state == 'bidding'", "", signed, "", "", inBidding, "let buyer read bid by then"},
		{"said by who fires, of the moment", "buyer", "bid.price > 1000 && state == 'bidding'", "", signed, "", "", "", ""},
	} {
		by := "[buyer]"
		if strings.Contains(c.condition, "state") {
			by = "[supplier, buyer]"
		}
		readers := c.readers
		if readers == "self" {
			readers = ""
		}
		text := strings.NewReplacer("READERS", readers, "CONDITION", `"`+c.condition+`"`, "ATTEST", c.attest, "BY", by, "CLOSE", c.close, "JUDGE", c.judge, "DROP", c.drop).Replace(sealed)
		tpl, err := loadText(text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		said := ""
		for _, w := range tpl.Warnings() {
			if strings.Contains(w.Message, "whom it binds") {
				said += w.String() + "\n"
				if w.Path != "signatures.honest.required" || w.Code != CodeSoundness {
					t.Errorf("%s: it is told as %s of %s", c.name, w.Code, w.Path)
				}
			}
		}
		if c.want == "" && said != "" || !strings.Contains(said, c.want) || !strings.Contains(said, c.advice) || strings.Count(said, "\n") > 1 {
			t.Errorf("%s: told %q, want %q and %q", c.name, said, c.want, c.advice)
		}
	}
}
