package tray

import (
	"slices"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

func (c *change) create(op *entry.Create) *Refusal {
	if op.Format != entry.Format {
		return refuse(Unsupported, "a log of another format than %s", entry.Format)
	}
	if op.Template != c.template.Digest() {
		return refuse(BadRoot, "the tray is kept by another template")
	}
	c.suite = section.Suite(op.Suite)
	if c.suite != section.PQ && c.suite != section.Classic {
		return refuse(Unsupported, "a suite that this version does not know")
	}
	return nil
}

// openCard reads a card and checks it: signed by its own key, which is sound
// and was never used in the tray, with a recipient that encrypting to works.
func (c *change) openCard(jws string) (sign.PublicKey, section.Recipient, *Refusal) {
	var none section.Recipient
	open := openCard
	if c.pinned {
		open = readCard
	}
	key, card, err := open(jws)
	if err != nil {
		return key, none, &Refusal{Code: BadCard, Detail: "the card does not prove itself", Err: err}
	}
	recipient, err := c.parseRecipient(recipientOf(card, c.suite))
	if err != nil {
		return key, none, &Refusal{Code: BadCard, Detail: "the card has no sound recipient for the tray's suite", Err: err}
	}
	return key, recipient, nil
}

// parseRecipient reads a recipient in the tray's suite that encrypting to works.
func (c *change) parseRecipient(text string) (section.Recipient, error) {
	if c.pinned {
		return section.ReadRecipient(c.suite, text)
	}
	return section.ParseRecipient(c.suite, text)
}

// openClaim reads a claim, signed by the key of its invite.
func (c *change) openClaim(jws string, key sign.PublicKey) (*entry.Claim, error) {
	if c.pinned {
		return readClaim(jws)
	}
	return openClaim(jws, key)
}

// checkRoles demands roles of the template, in its order, each once.
func (c *change) checkRoles(roles []string) *Refusal {
	if len(roles) == 0 || !slices.Equal(compactRoles(c.template, roles), roles) {
		return refuse(NotFound, "roles are those of the template, in its order, each once")
	}
	return nil
}

// managing demands that the author manages roles.
func (c *change) managing(roles []string) *Refusal {
	if c.manages(c.author, roles) {
		return nil
	}
	r := refuse(NoRight, "the author does not manage these roles")
	r.Blockers = []Blocker{c.needRole("manage", roleList(roles), c.managers(roles))}
	return r
}

// taken reports whether a key was a participant's, or is that of an open invite.
// That of a closed one is nobody's: an invite says whatever key it wants, and could
// otherwise keep out whoever has that key.
func (c *change) taken(key sign.PublicKey) bool {
	id, used := c.keys[key.String()]
	return used && (c.people[id] != nil || c.invites[id] != nil)
}

// enter brings in a participant under a key that was never a participant's.
func (c *change) enter(key sign.PublicKey, recipient section.Recipient, roles []string, succeeds string) (*Person, *Refusal) {
	if c.taken(key) {
		return nil, refuse(BadKey, "the key was used in this tray before")
	}
	if succeeds != "" && (c.people[succeeds] == nil || !c.people[succeeds].Ended()) {
		return nil, refuse(NotFound, "only somebody whose part has ended can be succeeded")
	}
	p := &Person{ID: key.Thumbprint(), Roles: roles, Joined: c.entry.Seq, Succeeds: succeeds, key: key, recipient: recipient, order: len(c.people)}
	c.setKey(key, p.ID)
	c.takesPart(p)
	return p, nil
}

// takesPart sets what a participant is now, and keeps the order of those who have a
// part. Who has none is in no list that rules walk: however many went, they cost those
// who are there nothing.
func (c *change) takesPart(p *Person) {
	c.setPerson(p)
	i, there := slices.BinarySearchFunc(c.order, p.ID, c.comparePeople)
	switch {
	case !there && !p.Ended():
		c.order = slices.Insert(slices.Clone(c.order), i, p.ID)
	case there && p.Ended():
		c.order = slices.Delete(slices.Clone(c.order), i, i+1)
	}
}

func (c *change) admit(op *entry.Admit) *Refusal {
	if err := c.checkRoles(op.Roles); err != nil {
		return err
	}
	if c.entry.Seq > 0 {
		if err := c.managing(op.Roles); err != nil {
			return err
		}
	}
	key, recipient, err := c.openCard(op.Card)
	if err != nil {
		return err
	}
	if p := c.people[c.keys[key.String()]]; p != nil {
		if p.key != key || p.recipient.String() != recipient.String() || op.Succeeds != "" || slices.ContainsFunc(op.Roles, p.has) {
			return refuse(BadCard, "who is known is admitted to roles that he does not have, by his last card")
		}
		more := *p
		more.Roles = compactRoles(c.template, append(slices.Clone(p.Roles), op.Roles...))
		c.takesPart(&more)
		c.sameAuthor(&more)
		return c.crowded(p.ID, op.Roles)
	}
	p, err := c.enter(key, recipient, op.Roles, op.Succeeds)
	if err != nil {
		return err
	}
	if err := c.crowded(p.ID, op.Roles); err != nil {
		return err
	}
	if p.ID == c.entry.Author && key.String() == c.entry.Key { // of the first entry: no other author comes in
		c.author = p
	}
	return nil
}

// sameAuthor keeps the author what the entry made of him.
func (c *change) sameAuthor(p *Person) {
	if c.author != nil && c.author.ID == p.ID {
		c.author = p
	}
}

func (c *change) invite(op *entry.Invite) *Refusal {
	if err := c.checkRoles(op.Roles); err != nil {
		return err
	}
	if err := c.managing(op.Roles); err != nil {
		return err
	}
	parse := sign.ParsePublicKey
	if c.pinned {
		parse = sign.ReadPublicKey
	}
	key, err := parse(op.Key)
	if err != nil {
		return &Refusal{Code: BadKey, Detail: "the invite's key", Err: err}
	}
	if _, used := c.keys[op.Key]; used {
		return refuse(BadKey, "the key was used in this tray before")
	}
	recipient, err := c.parseRecipient(op.Recipient)
	if err != nil {
		return &Refusal{Code: BadInvite, Detail: "the invite's recipient", Err: err}
	}
	if op.Succeeds != "" && (c.people[op.Succeeds] == nil || !c.people[op.Succeeds].Ended()) {
		return refuse(NotFound, "only somebody whose part has ended can be succeeded")
	}
	if left := op.Expires.Sub(c.now); left <= 0 || left > maxInviteTime {
		return refuse(BadInvite, "an invite is good for some time, at most %v", maxInviteTime)
	}
	if len(c.invites) == maxInvites {
		return c.fullOfInvites()
	}
	id := key.Thumbprint()
	c.setKey(key, id)
	c.setInvite(id, &invite{by: c.author.ID, seq: c.entry.Seq, key: key, recipient: recipient, roles: op.Roles, expires: op.Expires, succeeds: op.Succeeds})
	return c.crowded(id, op.Roles)
}

// fullOfInvites refuses one more, naming who can withdraw one of those that are
// open.
func (c *change) fullOfInvites() *Refusal {
	r := refuse(TooMany, "more than %d open invites: one is withdrawn first, or expires", maxInvites)
	r.Blockers = c.makeRoom(nil, nil, c.openInvites())
	return r
}

// crowded refuses more participants than there can be, and more instances of a
// section than the lists of an entry have room for; open invites counted: so a join is
// never refused for it. Who has just come, or is invited, is not who could make room.
func (c *change) crowded(last string, roles []string) *Refusal {
	others := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == last })
	}
	if len(c.order)+len(c.invites) > maxParticipants {
		r := refuse(TooMany, "more than %d participants, open invites counted", maxParticipants)
		r.Blockers = c.makeRoom(c.template.RoleNames(), others(c.order), others(c.openInvites()))
		return r
	}
	for _, sec := range c.template.Sections() {
		in := func(role string) bool { return slices.Contains(sec.Per, role) }
		if !slices.ContainsFunc(roles, in) {
			continue
		}
		people := c.in(sec.Per...)
		invites := slices.DeleteFunc(c.openInvites(), func(id string) bool { return !slices.ContainsFunc(c.invites[id].roles, in) })
		if len(people)+len(invites) > template.MaxInstances {
			r := refuse(TooMany, "more than %d instances of %s, open invites counted", template.MaxInstances, sec.Name)
			r.Blockers = c.makeRoom(sec.Per, others(people), others(invites))
			return r
		}
	}
	return nil
}

// makeRoom names who can end what any of some participants is by roles, and who can
// withdraw any of some invites.
func (s *State) makeRoom(roles, people, invites []string) (out []Blocker) {
	var held, dismiss, withdraw []string
	for _, id := range people {
		own := slices.DeleteFunc(slices.Clone(s.people[id].Roles), func(role string) bool { return !slices.Contains(roles, role) })
		held = append(held, own...)
		dismiss = append(dismiss, s.managers(own)...)
	}
	for _, id := range invites {
		withdraw = append(withdraw, s.managers(s.invites[id].roles)...)
	}
	if len(people) > 0 {
		out = append(out, s.needRole("dismiss", roleList(compactRoles(s.template, held)), compactRoles(s.template, dismiss)))
	}
	if len(invites) > 0 {
		out = append(out, s.needRole("withdraw", "", compactRoles(s.template, withdraw)))
	}
	return out
}

func (c *change) withdraw(op *entry.Withdraw) *Refusal {
	inv := c.invites[op.Invite]
	if inv == nil {
		return c.noInvite(op.Invite)
	}
	if err := c.managing(inv.roles); err != nil {
		return err
	}
	c.closeInvite(op.Invite, InviteWithdrawn)
	return nil
}

// closeInvite ends an invite; the files that were made for it are dropped.
func (c *change) closeInvite(id string, how InviteStatus) {
	closed := c.invites[id].tell(id, how)
	if how == InviteUsed {
		closed.UsedBy = c.author.ID
	}
	set(&c.closed, &c.copied.closed, id, &closed)
	for _, blob := range c.invites[id].files {
		c.dropped = c.dropped.with(blob)
	}
	unset(&c.invites, &c.copied.invites, id)
}

// expireInvites closes the invites whose time is over.
func (c *change) expireInvites() {
	for id, inv := range c.invites {
		if !c.now.Before(inv.expires) {
			c.closeInvite(id, InviteExpired)
		}
	}
}

func (c *change) join(op *entry.Join) *Refusal {
	inv := c.invites[op.Invite]
	if inv == nil {
		return c.noPlace(op.Invite)
	}
	claim, err := c.openClaim(op.Claim, inv.key)
	if err != nil {
		return &Refusal{Code: BadInvite, Detail: "the claim does not prove itself", Err: err}
	}
	if claim.Tray != c.head.Tray || claim.Invite != op.Invite || claim.Card != sign.Sum([]byte(op.Card)) {
		return refuse(BadInvite, "the claim is for another tray, invite or card")
	}
	key, recipient, refused := c.openCard(op.Card)
	if refused != nil {
		return refused
	}
	if key.String() != c.entry.Key || key.Thumbprint() != c.entry.Author {
		return refuse(BadKey, "a join is signed by the key that joins")
	}
	p, refused := c.enter(key, recipient, inv.roles, inv.succeeds)
	if refused != nil {
		return refused
	}
	c.author = p
	c.joined = inv
	c.closeInvite(op.Invite, InviteUsed)
	return nil
}

func (c *change) dismiss(op *entry.Dismiss) *Refusal {
	p := c.people[op.Participant]
	if p == nil {
		return refuse(NotFound, "no participant of this id")
	}
	if err := c.checkRoles(op.Roles); err != nil {
		return err
	}
	if slices.ContainsFunc(op.Roles, func(role string) bool { return !p.has(role) }) {
		return refuse(NotFound, "the participant does not have these roles")
	}
	if err := c.managing(op.Roles); err != nil {
		return err
	}
	less := *p
	less.Roles = slices.DeleteFunc(slices.Clone(p.Roles), func(role string) bool { return slices.Contains(op.Roles, role) })
	c.takesPart(&less)
	c.withdrawn(&less)
	c.revoke(p.ID, op.Roles)
	c.sameAuthor(&less)
	return nil
}

// withdrawn closes the open invites that somebody made and could not make with
// the roles that remain to him: he may know their links, and read on by them.
func (c *change) withdrawn(p *Person) {
	for _, id := range c.openInvites() {
		if inv := c.invites[id]; inv.by == p.ID && !c.manages(p, inv.roles) {
			c.closeInvite(id, InviteWithdrawn)
		}
	}
}

// revoke ends for good what somebody signed in roles that he loses: should he be
// given one again, he has not signed in it.
func (c *change) revoke(participant string, roles []string) {
	for _, sig := range c.template.Signatures() {
		by := signed{sig.Name, participant}
		if got := c.signatures[by]; got != nil && slices.Contains(roles, got.role) {
			ended := *got
			ended.ended = true
			set(&c.signatures, &c.copied.signatures, by, &ended)
		}
	}
}

// rekey replaces the author's keys, once in an entry: whoever takes a stranger's
// card for his own could otherwise go on to the next, and leave the stranger with a
// key that is a former one.
func (c *change) rekey(op *entry.Rekey) *Refusal {
	key, recipient, err := c.openCard(op.Card)
	if err != nil {
		return err
	}
	if c.taken(key) {
		return refuse(BadKey, "the key was used in this tray before")
	}
	if c.rekeyed {
		return refuse(BadOrder, "an entry replaces keys once")
	}
	c.rekeyed = true
	p := *c.author
	p.key, p.recipient, p.keyed = key, recipient, p.keyed+1
	c.setPerson(&p)
	c.setKey(key, p.ID)
	c.sameAuthor(&p)
	return nil
}
