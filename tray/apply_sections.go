package tray

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

func (c *change) write(op *entry.Write) *Refusal {
	if err := c.mayBeWritten(op.Place); err != nil {
		return err
	}
	if slices.Contains(c.written, op.Place) {
		return refuse(BadOrder, "%s is written twice", op.Section)
	}
	before := c.places[op.Place]
	if op.Number != c.present(op.Place).Number+1 {
		return refuse(BadRevision, "this is not the next revision of %s", op.Section)
	}
	if op.Root.IsZero() {
		return refuse(BadRoot, "%s has no root", op.Section)
	}
	at := &place{number: op.Number, root: op.Root, author: c.author.ID, seq: c.entry.Seq, at: c.now}
	if before != nil {
		old := *before
		old.before = nil
		at.before = &old
	}
	if c.template.Section(op.Section).Public != (op.Public != "") {
		return refuse(BadRoot, "a public section stands in the log, an opaque one does not")
	}
	if op.Public != "" {
		content, err := c.openPublic(op)
		if err != nil {
			return err
		}
		at.public, at.weight = content, weightOf(map[string]any(content))
	} else {
		if err := c.sealedTo(&op.File); err != nil {
			return err
		}
		at.files.add(c.file(&op.File))
	}
	c.written = append(c.written, op.Place)
	c.setPlace(op.Place, at)
	return nil
}

// mayBeWritten demands that a place exists, and that the author may write it.
func (c *change) mayBeWritten(p entry.Place) *Refusal {
	if !c.isPlace(p) {
		if sec := c.template.Section(p.Section); sec != nil && len(sec.Per) > 0 {
			return refuse(NotFound, "%s is per %s: nobody with such a role is named (see Draft.Of)", p.Section, strings.Join(sec.Per, " and "))
		}
		return refuse(NotFound, "no section %s of this instance", p.Section)
	}
	if c.mayWrite(p, c.author) {
		return nil
	}
	code := NoRight
	if slices.ContainsFunc(c.template.States(), func(state template.State) bool { return c.mayWriteIn(&state, p, c.author) }) {
		code = NotNow // but in another state
	}
	r := refuse(code, "%s may not write %s in state %s", roleList(c.author.Roles), p.Section, c.name)
	b := Blocker{Need: NeedRole, Act: "write", Name: p.Section, Instance: p.Instance, Sections: []string{p.Section}, Roles: c.editors(p.Section), Participants: c.writers([]entry.Place{p})}
	if len(b.Roles) == 0 {
		b.Need = NeedState
		for _, state := range c.template.States() {
			b.Roles = append(b.Roles, editorsIn(&state, p.Section)...)
		}
		b.Roles = compactRoles(c.template, b.Roles)
	}
	r.Blockers = []Blocker{b}
	return r
}

// openPublic reads the content of a public section, which is bound and
// committed to like any other.
func (c *change) openPublic(op *entry.Write) (section.Content, *Refusal) {
	plain, err := base64.RawURLEncoding.Strict().DecodeString(op.Public)
	if err != nil {
		return nil, refuse(Malformed, "%s is not base64url", op.Section)
	}
	schema := c.template.Schema(op.Section)
	rev, err := schema.Unmarshal(plain)
	if err != nil {
		return nil, &Refusal{Code: Malformed, Detail: op.Section, Err: err}
	}
	if rev.Header != c.header(op.Revision, c.author.ID) {
		return nil, refuse(BadRoot, "%s is bound to another place", op.Section)
	}
	root, err := schema.Root(rev)
	if err != nil || sign.Hash(root) != op.Root {
		return nil, refuse(BadRoot, "%s is not what its root says", op.Section)
	}
	if rev.Content == nil {
		rev.Content = section.Content{}
	}
	return rev.Content, nil
}

// header gives what the content of a revision is bound to.
func (s *State) header(r entry.Revision, author string) section.Header {
	return section.Header{
		Tray: s.head.Tray.String(), Kind: "section", Name: r.Section, Instance: r.Instance,
		Revision: r.Number, Author: author,
	}
}

// file notes by whom and to what keys a file was made.
func (c *change) file(f *entry.File) *file {
	keyed := make([]int, len(f.To))
	for i, id := range f.To {
		keyed[i] = c.keyedOf(id)
	}
	return &file{*f, c.author.ID, keyed}
}

func (c *change) share(op *entry.Share) *Refusal {
	at := c.places[op.Place]
	if at == nil || at.public != nil || !c.isPlace(op.Place) {
		return refuse(NotFound, "there is nothing to share in %s", op.Section)
	}
	if op.Number != at.number {
		return refuse(BadRevision, "this is not the present revision of %s", op.Section)
	}
	if err := c.mayShare(op, at); err != nil {
		return err
	}
	if err := c.introduce(&op.File); err != nil {
		return err
	}
	more := *at
	more.files = at.files.with(c.file(&op.File))
	more.unreadable = slices.DeleteFunc(slices.Clone(at.unreadable), func(id string) bool { return slices.Contains(op.File.To, id) })
	c.setPlace(op.Place, &more)
	c.shared = append(c.shared, op)
	for _, id := range op.File.To {
		if inv := c.invites[id]; inv != nil {
			with := *inv
			with.files = append(slices.Clip(inv.files), op.File.Blob)
			c.setInvite(id, &with)
		}
	}
	return nil
}

// mayShare checks who shares to whom: somebody who had the content, to readers
// who do not; an invite by itself, so that its file can be dropped with it; and
// a newcomer only to himself what the invite held.
func (c *change) mayShare(op *entry.Share, at *place) *Refusal {
	had := at.author == c.author.ID || c.hasFile(at, c.author.ID)
	if c.joined != nil {
		had = false
		for _, f := range at.files.made(c.joined.key.Thumbprint()) {
			had = had || slices.Contains(c.joined.files, f.Blob)
		}
		if !slices.Equal(op.File.To, []string{c.author.ID}) {
			return refuse(BadReaders, "a newcomer shares to himself alone")
		}
	}
	if !had {
		return refuse(NoRight, "the author has no file of %s to share", op.Section)
	}
	if len(op.File.To) == 0 {
		return refuse(BadReaders, "a share of %s to nobody", op.Section)
	}
	for i, id := range op.File.To {
		_, invited := c.invites[id]
		switch {
		case slices.Contains(op.File.To[:i], id), invited && len(op.File.To) > 1:
			return refuse(BadReaders, "a share names each reader once, and an invite alone")
		case c.people[id] == nil && !invited:
			return refuse(NotFound, "a share to somebody who is not there")
		case c.holds(at, id):
			return refuse(BadReaders, "a share of %s to somebody who has a file of it", op.Section)
		case id == c.author.ID && slices.Contains(at.unreadable, id):
			return refuse(BadReaders, "who cannot read %s cannot share it to himself", op.Section)
		}
	}
	return nil
}

func (c *change) reportUnreadable(op *entry.Unreadable) *Refusal {
	at := c.places[op.Place]
	if at == nil || !c.holds(at, c.author.ID) {
		return refuse(NotFound, "no file of %s is sealed to the author", op.Section)
	}
	if op.Number != at.number {
		return refuse(BadRevision, "this is not the present revision of %s", op.Section)
	}
	less := *at
	less.unreadable = append(slices.Clip(at.unreadable), c.author.ID)
	c.setPlace(op.Place, &less)
	return nil
}
