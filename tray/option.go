package tray

import (
	"slices"
	"time"

	"github.com/vassoio/vassoio/section"
)

// CreateOption says with what a tray begins: [Bind] with whom, [InSuite] how its
// sections are encrypted.
type CreateOption interface{ create(*beginning) }

// beginning is what a tray begins with.
type beginning struct {
	suite section.Suite
	cards []Card // each once, in order
	roles map[Card][]string
}

type binding struct {
	role string
	card Card
}

func (x binding) create(b *beginning) {
	if _, bound := b.roles[x.card]; !bound {
		b.cards = append(b.cards, x.card)
	}
	b.roles[x.card] = append(b.roles[x.card], x.role)
}

// Bind admits the participant of a card to a role. Bindings of one card to
// several roles add up.
func Bind(role string, card Card) CreateOption { return binding{role, card} }

// complete refuses a beginning after which some role would be nobody's for ever.
// Such a tray is valid, and of no use. That the author is not bound is told later.
func (b *beginning) complete(s *State, me *Identity) error {
	held := func(role string) bool {
		return slices.ContainsFunc(b.cards, func(card Card) bool { return slices.Contains(b.roles[card], role) })
	}
	if !slices.ContainsFunc(b.cards, func(card Card) bool { return card.ID() == me.ID() }) {
		return nil
	}
	come := canBring(s.template, held)
	lost := slices.DeleteFunc(s.template.RoleNames(), func(role string) bool { return held(role) || slices.Contains(come, role) })
	if len(lost) == 0 {
		return nil
	}
	managers := s.managersOf(lost)
	r := refuse(Blocked, "nobody could ever bring in %s: bind a participant to %s", roleList(lost), orList(managers))
	r.Blockers = []Blocker{{Need: NeedRole, Act: "admit", Name: roleList(lost), Roles: managers}}
	return r
}

type inSuite section.Suite

func (x inSuite) create(b *beginning) { b.suite = section.Suite(x) }

// InSuite has the sections encrypted in a suite, which stays that of the tray:
// [section.Classic] where participants have SSH keys or X25519 recipients only.
func InSuite(suite section.Suite) CreateOption { return inSuite(suite) }

// InviteOption says more about an invite: [Until], [Also] or [Succeeding].
type InviteOption interface{ invite(*part) }

// AdmitOption says more about whom a draft admits: [Also] or [Succeeding]. It
// goes for an invite as well.
type AdmitOption interface {
	InviteOption
	admit(*part)
}

// part is what somebody comes in for.
type part struct {
	roles    []string
	succeeds string    // id of the ended participant whose part it is, or empty
	expires  time.Time // of an invite: after InviteTime if zero
}

type also []string

func (x also) invite(p *part) { p.roles = append(p.roles, x...) }
func (x also) admit(p *part)  { x.invite(p) }

// Also gives further roles.
func Also(roles ...string) AdmitOption { return also(roles) }

type succeeding string

func (x succeeding) invite(p *part) { p.succeeds = string(x) }
func (x succeeding) admit(p *part)  { x.invite(p) }

// Succeeding gives the part of a participant whose own has ended, by his id. The
// log says who succeeds whom; nothing else passes on. The successor reads what
// his roles read once it is shared to him; of sections that are per his role he
// has an instance of his own, empty, and his predecessor's is out of the process.
func Succeeding(participant string) AdmitOption { return succeeding(participant) }

type until time.Time

func (x until) invite(p *part) { p.expires = time.Time(x) }

// Until has an invite expire at a time, in whole seconds.
func Until(t time.Time) InviteOption { return until(t) }
