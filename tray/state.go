package tray

import (
	"slices"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// State is what a log says: who takes part, what the sections hold (as
// commitments and files, never as content), who attested and signed what, and
// whose turn it is. It follows from log and template alone, so that author,
// host and every reader have the same one.
//
// A State is never modified. Applying an entry makes the next one, which shares
// with it whatever the entry did not touch; so it is safe for concurrent use.
type State struct {
	template *template.Template
	head     store.Head
	suite    section.Suite
	created  time.Time
	now      time.Time // of the last entry
	name     string    // of the lifecycle's state
	since    time.Time // when that state was entered

	order      []string               // participants whose part has not ended, as they came
	people     map[string]*Person     // all who ever came, by id
	keys       map[string]string      // every key that was ever used, by whom: a participant or an invite
	invites    map[string]*invite     // that are open, by id
	closed     map[string]*Invite     // and those that are not any more
	places     map[entry.Place]*place // that were written
	said       map[said]*attestation  // the last word on each condition
	signatures map[signed]*signature  // the last of each participant
	blobs      digests                // that the log introduced
	dropped    digests                // of them, those whose invite is closed
}

// Person is a participant of a tray.
type Person struct {
	ID        string   // thumbprint of the first key
	Roles     []string // in the template's order; none when its part has ended
	Joined    uint64   // the entry that brought it in
	Succeeds  string   // id of the participant whose part this is, or empty
	key       sign.PublicKey
	recipient section.Recipient // in the tray's suite
	keyed     int               // how many times the keys were replaced
	order     int
}

// Key gives the participant's present key.
func (p *Person) Key() sign.PublicKey { return p.key }

// Ended reports whether the participant has no role left.
func (p *Person) Ended() bool { return len(p.Roles) == 0 }

// copy gives a person of the caller's own, since states share theirs.
func (p *Person) copy() *Person {
	if p == nil {
		return nil
	}
	own := *p
	own.Roles = slices.Clone(p.Roles)
	return &own
}

func (p *Person) has(role string) bool { return slices.Contains(p.Roles, role) }

// invite is a place that is kept for whoever holds a secret.
type invite struct {
	by        string
	seq       uint64 // the entry that made it
	key       sign.PublicKey
	recipient section.Recipient
	roles     []string
	expires   time.Time
	succeeds  string
	files     []sign.Hash // made for it
}

// place is a section, or an instance of one, that was written.
type place struct {
	number     uint64
	root       sign.Hash
	author     string
	seq        uint64
	at         time.Time
	files      files
	public     section.Content // of a public section
	weight     int             // of that, in bytes: see weightOf
	unreadable []string        // readers who said so
	before     *place          // the revision before, without its own before
}

// said is what a condition's word is about.
type said struct {
	condition, instance string
}

// attestation is the last word on a condition.
type attestation struct {
	by      string
	seq     uint64
	outcome string
	engine  string
	on      []entry.Revision
}

// Template gives the template that the tray is kept by.
func (s *State) Template() *template.Template { return s.template }

// Head gives the place in the log that the state is at.
func (s *State) Head() store.Head { return s.head }

// Name gives the lifecycle's state.
func (s *State) Name() string { return s.name }

// Since tells when that state was entered, as the author of the entry claimed.
func (s *State) Since() time.Time { return s.since }

// Final reports whether no event leads on.
func (s *State) Final() bool { return s.template.Lifecycle().Final(s.name) }

// Suite gives how the tray's sections are encrypted.
func (s *State) Suite() section.Suite { return s.suite }

// Participants gives everybody who came in, in that order.
func (s *State) Participants() []*Person {
	out := s.everybody()
	for i := range out {
		out[i] = out[i].copy()
	}
	return out
}

// everybody gives all who ever came, in that order.
func (s *State) everybody() []*Person {
	out := make([]*Person, len(s.people))
	for _, p := range s.people {
		out[p.order] = p
	}
	return out
}

// Participant gives one participant, or nil.
func (s *State) Participant(id string) *Person { return s.people[id].copy() }

// in gives the participants that have one of the roles now, in order.
func (s *State) in(roles ...string) []string {
	var out []string
	for _, id := range s.order {
		p := s.people[id]
		if slices.ContainsFunc(roles, p.has) {
			out = append(out, id)
		}
	}
	return out
}

// managers gives the roles that manage every one of roles.
func (s *State) managers(roles []string) []string {
	var out []string
	for _, r := range s.template.Roles() {
		if !slices.ContainsFunc(roles, func(role string) bool { return !slices.Contains(r.Manages, role) }) {
			out = append(out, r.Name)
		}
	}
	return out
}

// managersOf gives the roles that manage any of roles.
func (s *State) managersOf(roles []string) []string {
	var out []string
	for _, role := range roles {
		out = append(out, s.template.Managers(role)...)
	}
	return compactRoles(s.template, out)
}

// manages reports whether each of roles is managed by a role of p.
func (s *State) manages(p *Person, roles []string) bool {
	for _, role := range roles {
		if !slices.ContainsFunc(p.Roles, func(own string) bool {
			return slices.Contains(s.template.Role(own).Manages, role)
		}) {
			return false
		}
	}
	return true
}

// mayRead reports whether somebody with these roles reads the place in the
// present state. id is empty for an invite.
func (s *State) mayRead(p entry.Place, id string, roles []string) bool {
	sec := s.template.Section(p.Section)
	if sec.Public {
		return true
	}
	for _, r := range sec.Read {
		if len(r.In) > 0 && !slices.Contains(r.In, s.name) {
			continue
		}
		if r.Role == template.Self && id == p.Instance && len(roles) > 0 || slices.Contains(roles, r.Role) {
			return true
		}
	}
	return false
}

// readers gives the participants that read a place in the present state, in the
// order in which a write names them.
func (s *State) readers(p entry.Place) []string {
	var out []string
	for _, id := range s.order {
		if s.mayRead(p, id, s.people[id].Roles) {
			out = append(out, id)
		}
	}
	return out
}

// readerRoles gives the roles that read a section in the present state, or
// could in another.
func (s *State) readerRoles(name string) []string {
	var out []string
	sec := s.template.Section(name)
	for _, r := range sec.Read {
		if r.Role == template.Self {
			out = append(out, sec.Per...)
		} else {
			out = append(out, r.Role)
		}
	}
	return compactRoles(s.template, out)
}

// compactRoles sorts roles as the template does, each once.
func compactRoles(t *template.Template, roles []string) []string {
	var out []string
	for _, r := range t.Roles() {
		if slices.Contains(roles, r.Name) {
			out = append(out, r.Name)
		}
	}
	return out
}

// audience gives who reads a note or a reason of author: the roles that the
// template names, or those that manage any of his own; and he himself.
func (s *State) audience(author *Person, named, own []string) []string {
	out := s.in(s.audienceRoles(named, own)...)
	if i, found := slices.BinarySearchFunc(out, author.ID, s.comparePeople); !found {
		out = slices.Insert(out, i, author.ID)
	}
	return out
}

func (s *State) audienceRoles(named, own []string) []string {
	if len(named) > 0 {
		return named
	}
	return s.managersOf(own)
}

// comparePeople orders participants as they came.
func (s *State) comparePeople(a, b string) int { return s.personOrder(a) - s.personOrder(b) }

// mayWrite reports whether a participant may write a place in the present
// state: one of its roles may edit the section now, and is among its writers.
func (s *State) mayWrite(p entry.Place, who *Person) bool {
	return s.mayWriteIn(s.template.State(s.name), p, who)
}

// mayWriteIn is mayWrite in any state.
func (s *State) mayWriteIn(state *template.State, p entry.Place, who *Person) bool {
	sec := s.template.Section(p.Section)
	for _, e := range state.Edit {
		if who.has(e.Role) && slices.Contains(e.Sections, p.Section) &&
			(slices.Contains(sec.Write, e.Role) || who.ID == p.Instance && slices.Contains(sec.Write, template.Self)) {
			return true
		}
	}
	return false
}

// editors gives the roles that may write a section in the present state.
func (s *State) editors(name string) []string {
	return compactRoles(s.template, editorsIn(s.template.State(s.name), name))
}

func editorsIn(state *template.State, name string) (roles []string) {
	for _, e := range state.Edit {
		if slices.Contains(e.Sections, name) {
			roles = append(roles, e.Role)
		}
	}
	return roles
}

// writers gives the participants who may write any of places in the present state.
func (s *State) writers(places []entry.Place) []string {
	return slices.DeleteFunc(slices.Clone(s.order), func(id string) bool {
		return !slices.ContainsFunc(places, func(p entry.Place) bool { return s.mayWrite(p, s.people[id]) })
	})
}

// isPlace reports whether a place exists: its section does, and it has an
// instance exactly if the section is per a role, which the instance has.
func (s *State) isPlace(p entry.Place) bool {
	sec := s.template.Section(p.Section)
	if sec == nil {
		return false
	}
	if len(sec.Per) == 0 {
		return p.Instance == ""
	}
	who := s.people[p.Instance]
	return who != nil && slices.ContainsFunc(sec.Per, who.has)
}

// canRead reports whether a participant can tell what the place holds now: what
// is public, a file that he has, or nothing, where he would read it.
func (s *State) canRead(p entry.Place, id string) bool {
	at := s.places[p]
	if at == nil {
		return s.mayRead(p, id, s.people[id].Roles)
	}
	return s.template.Section(p.Section).Public || s.holds(at, id)
}

// present gives what a place holds now.
func (s *State) present(p entry.Place) entry.Revision {
	r := entry.Revision{Place: p}
	if at := s.places[p]; at != nil {
		r.Number, r.Root = at.number, at.root
	}
	return r
}

// instances gives whose instances of sections are meant when actor does
// something in a role: his own if they are per that role, else everybody's who is
// there, so that nobody narrows them by taking a further part; and one empty
// instance if none of the sections is per a role. A template names together only
// sections that are per the same roles.
func (s *State) instances(sections []string, actor, role string) []string {
	for _, name := range sections {
		if per := s.template.Section(name).Per; len(per) > 0 {
			if slices.Contains(per, role) {
				return []string{actor}
			}
			return s.in(per...)
		}
	}
	return []string{""}
}

// placesOf gives the places that sections mean for an instance.
func (s *State) placesOf(sections []string, instance string) []entry.Place {
	out := make([]entry.Place, len(sections))
	for i, name := range sections {
		out[i].Section = name
		if len(s.template.Section(name).Per) > 0 {
			out[i].Instance = instance
		}
	}
	return out
}
