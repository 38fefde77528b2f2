package entry

import (
	"time"

	"github.com/vassoio/vassoio/sign"
)

// Op is one change in an entry. The types of this package that implement it are
// all there are: an op of another name is refused, since it might change
// rights.
type Op interface {
	// Name is the value of the member "op".
	Name() string
	members(*coder)
}

// opMembers writes an op, or reads the op that its name announces.
func opMembers(c *coder, op *Op) {
	c.object(func(c *coder) {
		name := ""
		if !c.reading {
			name = (*op).Name()
		}
		c.text("op", &name, isID)
		if c.reading && c.err == nil {
			if *op = newOp(name); *op == nil {
				c.fail("unknown op %q", name)
			}
		}
		if c.err == nil {
			(*op).members(c)
		}
	})
}

func newOp(name string) Op {
	switch name {
	case "create":
		return new(Create)
	case "admit":
		return new(Admit)
	case "invite":
		return new(Invite)
	case "withdraw":
		return new(Withdraw)
	case "join":
		return new(Join)
	case "dismiss":
		return new(Dismiss)
	case "rekey":
		return new(Rekey)
	case "write":
		return new(Write)
	case "share":
		return new(Share)
	case "unreadable":
		return new(Unreadable)
	case "attest":
		return new(Attest)
	case "sign":
		return new(Sign)
	case "fire":
		return new(Fire)
	case "note":
		return new(Note)
	}
	return nil
}

// Format is the version of the log format that this package reads and writes.
const Format = "vassoio/1"

// Create opens a tray. It is the first op of entry 0, and of no other.
type Create struct {
	Format   string    // [Format]
	Nonce    string    // 16 random bytes in hexadecimal, so that no two trays have one id
	Suite    string    // "pq" or "classic"
	Template sign.Hash // digest of the canonical template
}

// Name gives "create", the op's first member.
func (*Create) Name() string { return "create" }

func (o *Create) members(c *coder) {
	c.text("format", &o.Format, isAny)
	c.text("nonce", &o.Nonce, isNonce)
	c.text("suite", &o.Suite, isID)
	c.hash("template", &o.Template)
}

// Admit brings in a participant whose card is known, or gives another role to
// one who is there.
type Admit struct {
	Card     string // JWS of kind [CardKind]
	Roles    []string
	Succeeds string // optional: id of the ended participant whose part this is
}

// Name gives "admit", the op's first member.
func (*Admit) Name() string { return "admit" }

func (o *Admit) members(c *coder) {
	c.text("card", &o.Card, isJWS)
	c.texts("roles", &o.Roles, MaxRoles, isID)
	c.optText("succeeds", &o.Succeeds, isThumbprint)
}

// Invite opens a place for whoever holds a secret. Its id is the thumbprint of
// its key.
type Invite struct {
	Key       string // Ed25519 public key of the secret, base64url
	Recipient string // age recipient of the secret, in the tray's suite
	Roles     []string
	Expires   time.Time
	Succeeds  string // optional, as in Admit
}

// Name gives "invite", the op's first member.
func (*Invite) Name() string { return "invite" }

func (o *Invite) members(c *coder) {
	c.text("key", &o.Key, isThumbprint)
	c.text("recipient", &o.Recipient, isAny)
	c.texts("roles", &o.Roles, MaxRoles, isID)
	c.time("expires", &o.Expires)
	c.optText("succeeds", &o.Succeeds, isThumbprint)
}

// Withdraw closes an invite that nobody used.
type Withdraw struct {
	Invite string
}

// Name gives "withdraw", the op's first member.
func (*Withdraw) Name() string { return "withdraw" }

func (o *Withdraw) members(c *coder) { c.text("invite", &o.Invite, isThumbprint) }

// Join takes the place that an invite keeps. Its entry is signed by the new
// key, and holds besides it only shares to the newcomer.
type Join struct {
	Invite string
	Card   string // JWS of kind [CardKind], the newcomer's
	Claim  string // JWS of kind [ClaimKind], by the invite's key
}

// Name gives "join", the op's first member.
func (*Join) Name() string { return "join" }

func (o *Join) members(c *coder) {
	c.text("invite", &o.Invite, isThumbprint)
	c.text("card", &o.Card, isJWS)
	c.text("claim", &o.Claim, isJWS)
}

// Dismiss ends a participant's roles. Who has none left reads nothing that is
// written later.
type Dismiss struct {
	Participant string
	Roles       []string
}

// Name gives "dismiss", the op's first member.
func (*Dismiss) Name() string { return "dismiss" }

func (o *Dismiss) members(c *coder) {
	c.text("participant", &o.Participant, isThumbprint)
	c.texts("roles", &o.Roles, MaxRoles, isID)
}

// Rekey replaces its author's key and recipients. The id stays.
type Rekey struct {
	Card string // JWS of kind [CardKind], by the new key
}

// Name gives "rekey", the op's first member.
func (*Rekey) Name() string { return "rekey" }

func (o *Rekey) members(c *coder) { c.text("card", &o.Card, isJWS) }

// File names the age file that holds a sealed content.
type File struct {
	Blob sign.Hash // SHA-256 of the file
	Size uint64    // in bytes
	To   []string  // participants (or invites) that it is sealed to, in the order of its stanzas
}

func (f *File) members(c *coder) {
	c.hash("blob", &f.Blob)
	c.number("size", &f.Size)
	c.texts("to", &f.To, MaxTo, isThumbprint)
}

// Place names a section, or one participant's instance of it.
type Place struct {
	Section  string
	Instance string // participant id, for a section that is per a role; else empty
}

func (p *Place) members(c *coder) {
	c.text("section", &p.Section, isID)
	c.optText("instance", &p.Instance, isThumbprint)
}

// Revision names what a place held: a revision and its root. Number 0 and a
// zero root say that nothing was written yet.
type Revision struct {
	Place
	Number uint64
	Root   sign.Hash
}

func (r *Revision) members(c *coder) {
	r.Place.members(c)
	c.number("revision", &r.Number)
	c.optHash("root", &r.Root)
}

func revision(c *coder, r *Revision) { c.object(r.members) }

// Write gives a section its next revision.
type Write struct {
	Revision        // Number is one more than the present one, Root is never zero
	File     File   // where the section is opaque; sealed to its readers after the entry
	Public   string // where it is public: its content, base64url
}

// Name gives "write", the op's first member.
func (*Write) Name() string { return "write" }

func (o *Write) members(c *coder) {
	o.Revision.members(c)
	if c.optional("public", o.Public != "") {
		c.raw(&o.Public, isBase64)
	} else {
		o.File.members(c)
	}
}

// Share adds a file of a section's present revision for readers who have none.
type Share struct {
	Place
	Number uint64
	File   File
}

// Name gives "share", the op's first member.
func (*Share) Name() string { return "share" }

func (o *Share) members(c *coder) {
	o.Place.members(c)
	c.number("revision", &o.Number)
	o.File.members(c)
}

// Unreadable says that the author cannot read the present revision of a
// section although a file of it is sealed to him.
type Unreadable struct {
	Place
	Number uint64
}

// Name gives "unreadable", the op's first member.
func (*Unreadable) Name() string { return "unreadable" }

func (o *Unreadable) members(c *coder) {
	o.Place.members(c)
	c.number("revision", &o.Number)
}

// Outcome is how a condition came out: "pass", "fail", "unknown" or "error".
type Outcome struct {
	Condition string
	Instance  string // for a condition over sections that are per a role
	Result    string
}

func outcome(c *coder, r *Outcome) {
	c.object(func(c *coder) {
		c.text("condition", &r.Condition, isCondition)
		c.optText("instance", &r.Instance, isThumbprint)
		c.text("outcome", &r.Result, isOutcome)
	})
}

// Attest states how conditions came out over sections that its author read.
type Attest struct {
	Engine   string     // which evaluated them, such as "cel-go/v0.33.2"
	On       []Revision // all that the conditions read, each once, in the template's order
	Outcomes []Outcome
}

// Name gives "attest", the op's first member.
func (*Attest) Name() string { return "attest" }

func (o *Attest) members(c *coder) {
	c.text("engine", &o.Engine, isAny)
	list(c, "on", &o.On, MaxRefs, revision)
	list(c, "outcomes", &o.Outcomes, MaxRefs, outcome)
}

// Sign gives a signature of the template over the present revisions of what it
// covers. The line's own JWS is the signature.
type Sign struct {
	Role        string
	Signature   string
	Language    string     // in which the declaration was read
	Declaration sign.Hash  // SHA-256 of its text
	Covers      []Revision // in the template's order
}

// Name gives "sign", the op's first member.
func (*Sign) Name() string { return "sign" }

func (o *Sign) members(c *coder) {
	c.text("role", &o.Role, isID)
	c.text("signature", &o.Signature, isID)
	c.text("language", &o.Language, isLanguage)
	c.hash("declaration", &o.Declaration)
	list(c, "covers", &o.Covers, MaxRefs, revision)
}

// Sealed is free text: a note, or the reason of an event.
type Sealed struct {
	ID   string // 16 random bytes in hexadecimal, bound inside
	File File
}

func (s *Sealed) members(c *coder) {
	c.text("id", &s.ID, isNonce)
	s.File.members(c)
}

// Fire moves the tray to the next state. It is the last op of its entry.
type Fire struct {
	Role     string
	Event    string
	From     string    // the state before
	To       string    // the state after
	Outcomes []Outcome // of each condition that the event needs, in the template's order
	Reason   *Sealed   // where the template asks for one
}

// Name gives "fire", the op's first member.
func (*Fire) Name() string { return "fire" }

func (o *Fire) members(c *coder) {
	c.text("role", &o.Role, isID)
	c.text("event", &o.Event, isID)
	c.text("from", &o.From, isID)
	c.text("to", &o.To, isID)
	list(c, "outcomes", &o.Outcomes, MaxRefs, outcome)
	if c.optional("reason", o.Reason != nil) {
		if o.Reason == nil {
			o.Reason = new(Sealed)
		}
		c.object(o.Reason.members)
	}
}

// Note is a free text to its author's audience.
type Note struct {
	Sealed
}

// Name gives "note", the op's first member.
func (*Note) Name() string { return "note" }

func (o *Note) members(c *coder) { o.Sealed.members(c) }
