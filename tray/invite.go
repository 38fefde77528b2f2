package tray

import (
	"cmp"
	"slices"
	"time"
)

// InviteStatus is what became of an invite.
type InviteStatus string

// What an invite can have come to. A refusal for [BadInvite] says it, too.
const (
	InviteOpen      InviteStatus = "open"      // nobody has joined by it, and its time is not over
	InviteUsed      InviteStatus = "used"      // somebody joined by it
	InviteWithdrawn InviteStatus = "withdrawn" // by [Draft.Withdraw], or with the part of who made it
	InviteExpired   InviteStatus = "expired"   // its time was over when an entry came
	InviteUnknown   InviteStatus = "unknown"   // the tray never had it
)

// Invite is a place that is or was kept for whoever holds a link. What it says
// stands in the log; the link's secret does not.
type Invite struct {
	ID       string // by which it can be withdrawn: see [Link.ID]
	Status   InviteStatus
	Roles    []string // in the template's order
	By       string   // id of who made it
	Seq      uint64   // the entry that made it
	Expires  time.Time
	Succeeds string // id of the participant whose part it gives, or empty
	UsedBy   string // id of the participant who joined by it, or empty
}

// Invites gives all invites that were ever made, in that order: those that are open
// are to be withdrawn by [Draft.Withdraw], by whoever manages their roles. An invite
// whose time is over stands as open until the next entry, as everything in a State;
// nobody can use it all the same.
func (s *State) Invites() []Invite {
	var out []Invite
	for id, v := range s.invites {
		out = append(out, v.tell(id, InviteOpen))
	}
	for _, x := range s.closed {
		out = append(out, *x)
	}
	for i := range out {
		out[i].Roles = slices.Clone(out[i].Roles)
	}
	slices.SortFunc(out, func(a, b Invite) int { return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.ID, b.ID)) })
	return out
}

// tell gives what everybody may know of an invite.
func (v *invite) tell(id string, status InviteStatus) Invite {
	return Invite{ID: id, Status: status, Roles: v.roles, By: v.by, Seq: v.seq, Expires: v.expires, Succeeds: v.succeeds}
}

// noInvite refuses what takes an open invite, and says what became of it.
func (s *State) noInvite(id string) *Refusal {
	r := refuse(BadInvite, "the tray never had an invite of this id")
	r.Invite = InviteUnknown
	if x := s.closed[id]; x != nil {
		r.Invite = x.Status
		r.Detail = "the invite was " + string(x.Status)
		if x.Status == InviteExpired {
			r.Detail = "the invite has expired"
		}
	}
	return r
}

// noPlace is noInvite for who would join, naming who can invite him anew.
func (s *State) noPlace(id string) *Refusal {
	r := s.noInvite(id)
	if x := s.closed[id]; x != nil {
		r.Blockers = []Blocker{s.needRole("invite", roleList(x.Roles), s.managers(x.Roles))}
	}
	return r
}
