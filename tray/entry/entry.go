package entry

import (
	"time"

	"github.com/vassoio/vassoio/sign"
)

// Kinds of signed objects. Each has its own JWS header, so that no signature
// over one of them passes for a signature over another. All begin with
// [ReservedKinds].
const (
	Kind      sign.Kind = "vassoio-entry"
	CardKind  sign.Kind = "vassoio-card"
	ClaimKind sign.Kind = "vassoio-claim"
)

// ReservedKinds is how the kinds of this format begin, those that are still to
// come included. Whoever signs something else with a participant's key gives it a
// kind that does not.
const ReservedKinds = "vassoio"

// Entry is one line of a log.
type Entry struct {
	Tray   sign.Hash // the hash of entry 0; zero in entry 0 itself
	Seq    uint64    // place in the log, from 0
	Prev   sign.Hash // hash of the line before; zero in entry 0
	Time   time.Time // claimed by the author, whole seconds, UTC
	Author string    // participant id: the thumbprint of the author's first key
	Key    string    // the author's present key, base64url
	Ops    []Op
}

// Parse reads the payload of an entry. It fails with [ErrMalformed] if the
// payload is not the one encoding of an entry.
func Parse(payload []byte) (*Entry, error) {
	e := new(Entry)
	if err := decode(payload, e.members); err != nil {
		return nil, err
	}
	return e, nil
}

// Encode gives the payload of an entry. It fails with [ErrMalformed] if a
// member holds what the format does not allow.
func (e *Entry) Encode() ([]byte, error) { return encode(e.members, usual) }

func (e *Entry) members(c *coder) {
	c.optHash("tray", &e.Tray)
	c.number("seq", &e.Seq)
	c.optHash("prev", &e.Prev)
	c.time("time", &e.Time)
	c.text("author", &e.Author, isThumbprint)
	c.text("key", &e.Key, isThumbprint)
	list(c, "ops", &e.Ops, MaxOps, opMembers)
	if len(e.Ops) == 0 {
		c.fail("an entry without ops")
	}
	if first := e.Seq == 0; first != e.Tray.IsZero() || first != e.Prev.IsZero() {
		c.fail("tray and prev stand in every entry but the first")
	}
}

// Card is what a participant shows: its key, and how to encrypt to it. A card
// is signed by its own key, which proves possession.
type Card struct {
	Key     string // Ed25519 public key, base64url
	PQ      string // age recipient of the suite pq
	Classic string // age or ssh-ed25519 recipient of the suite classic
}

// ParseCard reads the payload of a card.
func ParseCard(payload []byte) (*Card, error) {
	k := new(Card)
	if err := decode(payload, k.members); err != nil {
		return nil, err
	}
	return k, nil
}

// Encode gives the payload of a card.
func (k *Card) Encode() ([]byte, error) { return encode(k.members, usual) }

func (k *Card) members(c *coder) {
	c.text("key", &k.Key, isThumbprint)
	c.optText("pq", &k.PQ, isAny)
	c.optText("classic", &k.Classic, isAny)
}

// Claim ties the key of a newcomer to the invite whose secret he holds. It is
// signed by the invite's key.
type Claim struct {
	Tray   sign.Hash
	Invite string    // thumbprint of the invite's key
	Card   sign.Hash // of the newcomer's card, as it stands in the join
}

// ParseClaim reads the payload of a claim.
func ParseClaim(payload []byte) (*Claim, error) {
	m := new(Claim)
	if err := decode(payload, m.members); err != nil {
		return nil, err
	}
	return m, nil
}

// Encode gives the payload of a claim.
func (m *Claim) Encode() ([]byte, error) { return encode(m.members, usual) }

func (m *Claim) members(c *coder) {
	c.hash("tray", &m.Tray)
	c.text("invite", &m.Invite, isThumbprint)
	c.hash("card", &m.Card)
}
