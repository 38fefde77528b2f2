package tray

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// InviteTime is how long an invite is good for, unless [Until] says otherwise.
const InviteTime = 14 * 24 * time.Hour

// Admit brings in the participant of a card, again if he had gone, or gives one who
// is there a further role. See [Also] and [Succeeding] for what more can be said.
func (d *Draft) Admit(card Card, role string, more ...AdmitOption) {
	in := part{roles: []string{role}}
	for _, option := range more {
		if option != nil {
			option.admit(&in)
		}
	}
	d.people(cmp.Or(card.ID(), string(card)), func(k *composer) error {
		named, err := comesInAs(k.template, in.roles)
		if err != nil {
			return err
		}
		return k.add(&entry.Admit{Card: string(card), Roles: named, Succeeds: in.succeeds})
	})
}

// Dismiss ends roles of a participant, all of them if none are named. What only
// he could read is lost to the tray: see [Tray.Orphans]. Open invites that he
// made close, but those that he could still make: he may know their links, by
// which he would read on. What he signed in these roles counts no more, also if
// he is admitted to them again.
func (d *Draft) Dismiss(participant string, roles ...string) {
	d.people(participant, func(k *composer) error {
		ending := roles
		if p := k.people[participant]; p != nil && len(roles) == 0 {
			ending = p.Roles // at this attempt: another may have ended some
		}
		named, err := rolesOf(k.template, ending)
		if err != nil {
			return err
		}
		before := k.canBring()
		if err := k.add(&entry.Dismiss{Participant: participant, Roles: named}); err != nil {
			return err
		}
		after := k.canBring()
		lost := slices.DeleteFunc(before, func(role string) bool { return slices.Contains(after, role) })
		if len(k.told) == 0 && len(lost) > 0 {
			r := refuse(Blocked, "nobody would be left to bring in %s: admit a successor first", roleList(lost))
			r.Blockers = []Blocker{{Need: NeedRole, Act: "admit", Name: roleList(lost), Roles: k.managersOf(lost)}}
			return r
		}
		return nil
	})
}

// comesInAs is rolesOf for somebody who comes in, which is to a role.
func comesInAs(t *template.Template, roles []string) ([]string, error) {
	if roles[0] == "" {
		return nil, refuse(NotFound, "no role is named: there are %s", roleList(t.RoleNames()))
	}
	return rolesOf(t, roles)
}

// people notes what is done about a participant or an invite.
func (d *Draft) people(about string, do func(*composer) error) {
	d.plan.calls++
	d.plan.people = append(d.plan.people, peopleOp{about, do})
}

// rolesOf gives roles in the template's order, each once.
func rolesOf(t *template.Template, roles []string) ([]string, error) {
	for _, role := range roles {
		if t.Role(role) == nil {
			return nil, refuse(NotFound, "no role %s: there are %s", role, roleList(t.RoleNames()))
		}
	}
	return compactRoles(t, roles), nil
}

// canBring gives the roles to which somebody can be brought in, by those who are
// there or by whom they can bring in.
func (s *State) canBring() []string {
	return canBring(s.template, func(role string) bool { return len(s.in(role)) > 0 })
}

// canBring does so for a template, where somebody is in the roles that are held.
func canBring(t *template.Template, held func(role string) bool) []string {
	var out []string
	var bring func(role *template.Role)
	bring = func(role *template.Role) {
		for _, name := range role.Manages {
			if !slices.Contains(out, name) {
				out = append(out, name)
				bring(t.Role(name))
			}
		}
	}
	for _, role := range t.Roles() {
		if held(role.Name) {
			bring(&role)
		}
	}
	return compactRoles(t, out)
}

// Withdraw closes an open invite, by its id: that of the link, or of one among
// [State.Invites]. Who manages its roles can. What was shared to it is dropped, and
// whoever has opened the link has read it.
func (d *Draft) Withdraw(invite string) {
	d.people(invite, func(k *composer) error {
		return k.add(&entry.Withdraw{Invite: invite})
	})
}

// Invite opens a place in a role for whoever is given the link, for [InviteTime].
// What is read in that role now is shared to the link. It is a commit of its own.
// See [Until], [Also] and [Succeeding] for what more can be said. Once it was sent to the
// host, the link is returned with the error, too: the invite is open if [State.Invites]
// lists it later.
func (t *Tray) Invite(ctx context.Context, role string, more ...InviteOption) (Link, error) {
	in := part{roles: []string{role}}
	for _, option := range more {
		if option != nil {
			option.invite(&in)
		}
	}
	link, err := newLink(t.State().suite)
	if err != nil {
		return Link{}, err
	}
	key, err := link.key()
	if err != nil {
		return Link{}, err
	}
	public, err := sign.Public(key)
	if err != nil {
		return Link{}, err
	}
	d := t.Draft()
	d.people(public.Thumbprint(), func(k *composer) error {
		until := in.expires
		if until.IsZero() {
			until = k.now.Add(InviteTime)
		}
		named, err := comesInAs(k.template, in.roles)
		if err != nil {
			return err
		}
		return k.add(&entry.Invite{Key: public.String(), Recipient: link.secret.Recipient().String(),
			Roles: named, Expires: until.UTC().Truncate(time.Second), Succeeds: in.succeeds})
	})
	err = d.Commit(ctx)
	if err != nil && len(d.plan.sent) == 0 {
		return Link{}, err
	}
	link.Head = t.State().head
	return link, err
}

// Join takes the place that a link keeps, and opens the tray: what the place
// may read can be read at once. The log must contain the head in the link, and
// all of it is verified: whoever made the link may have made up what comes
// before, together with the host, which is that of [Create]. It fails with
// [BadInvite] if the invite was used, withdrawn or has expired: the [Refusal] says
// which, and its blocker who can invite anew. Whoever has joined by the link, with the
// same identity, is let in again: maybe the answer was lost.
func Join(ctx context.Context, host store.Store, link Link, me *Identity) (*Tray, error) {
	if me == nil {
		return nil, errNoIdentity
	}
	t, err := openTo(ctx, host, link.Head, me, verifyTo)
	if err != nil {
		return nil, err
	}
	key, err := link.key()
	if err != nil {
		return nil, err
	}
	public, err := sign.Public(key)
	if err != nil {
		return nil, err
	}
	id := public.Thumbprint()
	claim := entry.Claim{Tray: link.Head.Tray, Invite: id, Card: sign.Sum([]byte(me.card))}
	payload, err := claim.Encode()
	if err != nil {
		return nil, err
	}
	proof, err := sign.Sign(entry.ClaimKind, payload, key)
	if err != nil {
		return nil, err
	}
	op := &entry.Join{Invite: id, Card: string(me.card), Claim: string(proof)}
	err = t.append(ctx, func(s *State) (*proposal, error) { return t.joining(ctx, s, link, id, op) })
	if err != nil && !t.joined(ctx, id) {
		return nil, err
	}
	return t, nil
}

// joined reports whether the handle's identity has taken the place of an invite,
// maybe in an entry whose answer was lost: the entry, which nobody else can sign, is
// in the log, and what it made of him is there.
func (t *Tray) joined(ctx context.Context, invite string) bool {
	s := t.State()
	me := t.as(s)
	p := s.mine(me)
	if p == nil || p.Ended() || p.key != me.public {
		return false
	}
	lines := firstLines(t.host.Log(ctx, s.head.Tray, p.Joined), 1)
	for o, err := range sign.OpenAll(entry.Kind, lines, decodeEntry) {
		if err != nil {
			return false
		}
		join, ok := o.Value.Ops[0].(*entry.Join)
		return ok && join.Invite == invite && o.Value.Tray == s.head.Tray && o.Value.Key == me.public.String()
	}
	return false
}

// joining makes the entry of a join: it, and shares to the newcomer of what the
// invite held and he may read.
func (t *Tray) joining(ctx context.Context, s *State, link Link, invite string, op *entry.Join) (*proposal, error) {
	k := t.compose(ctx, s, nil)
	k.proposal.author = t.as(s).ID()
	k.entry.Author = k.proposal.author
	if err := k.add(op); err != nil {
		return nil, err
	}
	for _, p := range k.sortedPlaces() {
		if len(k.entry.Ops) == entry.MaxOps {
			break // what is left is due: others share it
		}
		if !k.isPlace(p) || !k.mayHold(p, k.author.ID) {
			continue
		}
		rev, status, _, err := open(ctx, t.host, s, p, s.places[p], invite, []section.Identity{link.secret}, opened{})
		if err != nil {
			return nil, err
		}
		if status != Readable {
			continue
		}
		plain, err := k.template.Schema(p.Section).Marshal(rev)
		if err != nil {
			return nil, err
		}
		if err := k.shareTo(p, plain, []string{k.author.ID}); err != nil {
			return nil, err
		}
	}
	return k.proposal, nil
}

// Rekey replaces the handle's keys by those of next, and shares to them what
// could be read. Notes and reasons are shared to nobody, so next keeps the keys
// that they were sealed to; and since only next signs from then on, it is stored
// first:
//
//	next, err := tray.NewIdentity()
//	next = next.Keeping(me)
//	err = next.Export(file)
//	err = t.Rekey(ctx, next)
//
// The handle goes on with next, and reads by its earlier keys even if next does
// not keep them. Where the answer was lost it does so as soon as it finds the entry
// in the log, and to call Rekey again with next is no mistake.
func (t *Tray) Rekey(ctx context.Context, next *Identity) error {
	if next == nil {
		return errNoIdentity
	}
	d := t.Draft()
	d.people(next.ID(), func(k *composer) error {
		return k.add(&entry.Rekey{Card: string(next.card)})
	})
	t.will(next)
	err := d.Commit(ctx)
	s := t.State()
	if p := s.mine(t.as(s)); p != nil && p.key == next.public {
		return nil // if not now, then before an answer was lost
	}
	return err
}

// Orphans gives the sections that nobody could read any more if a participant
// were dismissed: ask before doing it. Successors would have to write them
// anew.
func (t *Tray) Orphans(participant string) []entry.Place {
	s := t.State()
	var out []entry.Place
	for _, p := range s.sortedPlaces() {
		at := s.places[p]
		if at.public != nil || !s.holds(at, participant) {
			continue
		}
		others := false
		for _, id := range s.order {
			others = others || id != participant && s.holds(at, id)
		}
		if !others {
			out = append(out, p)
		}
	}
	return out
}
