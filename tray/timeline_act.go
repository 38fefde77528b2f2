package tray

import (
	"fmt"
	"strings"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// Act is one thing that a step did. The types of this package that implement
// it, whose names begin with Did, are all there are. They name what was done,
// to whom or to what; contents, keys' proofs and files stay in the log.
type Act interface {
	// String says it in ids.
	String() string
	act()
}

// DidCreate opened the tray.
type DidCreate struct {
	Suite    string
	Template sign.Hash
}

// DidAdmit brought in a participant, or gave one who was there further roles.
type DidAdmit struct {
	Participant string
	Roles       []string
	Succeeds    string // id of whose part it is, or empty
}

// DidInvite opened a place for whoever holds a link.
type DidInvite struct {
	Invite   string // its id
	Roles    []string
	Expires  time.Time
	Succeeds string
}

// DidWithdraw closed an invite that nobody had used.
type DidWithdraw struct{ Invite string }

// DidJoin took the place of an invite.
type DidJoin struct {
	Invite string
	Roles  []string
}

// DidDismiss ended roles of a participant.
type DidDismiss struct {
	Participant string
	Roles       []string
}

// DidRekey replaced the author's keys.
type DidRekey struct{}

// DidWrite gave a section its next revision.
type DidWrite struct {
	entry.Revision
	Public bool
	Size   uint64   // of the sealed file, in bytes; 0 for a public section
	To     []string // whom it was sealed to; nobody for a public section
}

// DidShare sealed a revision to further readers: participants or invites.
type DidShare struct {
	entry.Place
	Number uint64
	Size   uint64 // of the sealed file, in bytes
	To     []string
}

// DidNotRead told that the author cannot read what was sealed to him.
type DidNotRead struct {
	entry.Place
	Number uint64
}

// DidAttest said how conditions came out over revisions.
type DidAttest struct {
	Engine   string
	On       []entry.Revision
	Outcomes []entry.Outcome
}

// DidSign gave a signature over revisions.
type DidSign struct {
	Signature, Role, Language string
	Covers                    []entry.Revision
}

// DidFire led the tray from one state to the next.
type DidFire struct {
	Event, Role, From, To string
	Outcomes              []entry.Outcome
	Reason                string // id of the reason, see [Tray.Texts]; empty if none was given
}

// DidNote left a note.
type DidNote struct {
	ID string   // see [Tray.Texts]
	To []string // whom it was sealed to
}

func (DidCreate) act()   {}
func (DidAdmit) act()    {}
func (DidInvite) act()   {}
func (DidWithdraw) act() {}
func (DidJoin) act()     {}
func (DidDismiss) act()  {}
func (DidRekey) act()    {}
func (DidWrite) act()    {}
func (DidShare) act()    {}
func (DidNotRead) act()  {}
func (DidAttest) act()   {}
func (DidSign) act()     {}
func (DidFire) act()     {}
func (DidNote) act()     {}

// String names the suite.
func (a DidCreate) String() string { return "created, suite " + a.Suite }

// String names participant, roles and whom he succeeds.
func (a DidAdmit) String() string {
	return "admitted " + a.Participant + " as " + roleList(a.Roles) + succession(a.Succeeds)
}

// String names roles, invite and whom its guest succeeds.
func (a DidInvite) String() string {
	return "invited " + roleList(a.Roles) + " by " + a.Invite + succession(a.Succeeds)
}

func succession(id string) string {
	if id == "" {
		return ""
	}
	return " after " + id
}

// String names the invite.
func (a DidWithdraw) String() string { return "withdrew invite " + a.Invite }

// String names roles and invite.
func (a DidJoin) String() string { return "joined as " + roleList(a.Roles) + " by " + a.Invite }

// String names participant and roles.
func (a DidDismiss) String() string {
	return "dismissed " + a.Participant + " as " + roleList(a.Roles)
}

// String tells that it was done.
func (a DidRekey) String() string { return "replaced the keys" }

// String names place and revision, and how many it was sealed to.
func (a DidWrite) String() string {
	if a.Public {
		return fmt.Sprintf("wrote %s revision %d, public", placeName(a.Place), a.Number)
	}
	return fmt.Sprintf("wrote %s revision %d, %d bytes to %d", placeName(a.Place), a.Number, a.Size, len(a.To))
}

// String names place and revision, and how many it was shared to.
func (a DidShare) String() string {
	return fmt.Sprintf("shared %s revision %d, %d bytes to %d", placeName(a.Place), a.Number, a.Size, len(a.To))
}

// String names place and revision.
func (a DidNotRead) String() string {
	return fmt.Sprintf("cannot read %s revision %d", placeName(a.Place), a.Number)
}

// String lists the outcomes.
func (a DidAttest) String() string { return "attested " + outcomeList(a.Outcomes) }

// String names signature and role.
func (a DidSign) String() string { return "signed " + a.Signature + " as " + a.Role }

// String names event, states and role.
func (a DidFire) String() string {
	s := "fired " + a.Event + " from " + a.From + " to " + a.To + " as " + a.Role
	if a.Reason != "" {
		s += ", with a reason"
	}
	return s
}

// String tells how many it was sealed to.
func (a DidNote) String() string { return fmt.Sprintf("left a note to %d", len(a.To)) }

// placeName gives "section" or "section of participant".
func placeName(p entry.Place) string { return strings.Join(nonEmpty(p.Section, p.Instance), " of ") }

func outcomeList(outcomes []entry.Outcome) string {
	texts := make([]string, len(outcomes))
	for i, o := range outcomes {
		texts[i] = strings.Join(nonEmpty(o.Condition, o.Instance), " of ") + "=" + o.Result
	}
	return strings.Join(texts, ", ")
}

// act tells what an op of author did; s is the state after its entry.
func (s *State) act(op entry.Op, author string) (Act, error) {
	switch op := op.(type) {
	case *entry.Create:
		return DidCreate{op.Suite, op.Template}, nil
	case *entry.Admit:
		key, _, err := readCard(op.Card) // the entry was applied
		return DidAdmit{s.keys[key.String()], op.Roles, op.Succeeds}, err
	case *entry.Invite:
		key, err := sign.ReadPublicKey(op.Key)
		return DidInvite{key.Thumbprint(), op.Roles, op.Expires, op.Succeeds}, err
	case *entry.Withdraw:
		return DidWithdraw{op.Invite}, nil
	case *entry.Join:
		return DidJoin{op.Invite, s.people[author].Roles}, nil
	case *entry.Dismiss:
		return DidDismiss{op.Participant, op.Roles}, nil
	case *entry.Rekey:
		return DidRekey{}, nil
	case *entry.Write:
		return DidWrite{op.Revision, op.Public != "", op.File.Size, op.File.To}, nil
	case *entry.Share:
		return DidShare{op.Place, op.Number, op.File.Size, op.File.To}, nil
	case *entry.Unreadable:
		return DidNotRead{op.Place, op.Number}, nil
	case *entry.Attest:
		return DidAttest{op.Engine, op.On, op.Outcomes}, nil
	case *entry.Sign:
		return DidSign{op.Signature, op.Role, op.Language, op.Covers}, nil
	case *entry.Fire:
		a := DidFire{Event: op.Event, Role: op.Role, From: op.From, To: op.To, Outcomes: op.Outcomes}
		if op.Reason != nil {
			a.Reason = op.Reason.ID
		}
		return a, nil
	case *entry.Note:
		return DidNote{op.ID, op.File.To}, nil
	}
	return nil, refuse(Unsupported, "no act is known for op %s", op.Name())
}
