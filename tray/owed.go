package tray

import (
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// Owed is a section that is meant for somebody who has no file of it: for a
// newcomer, say, or since the tray came to a state that shows it to him. Any
// commit of somebody who holds it shares it, also one of an empty draft.
type Owed struct {
	entry.Place
	To   []string // participants and open invites that wait for it
	By   []string // participants who can share it: who hold it, and did not share it to them in vain
	Anew []string // if there are none: participants who may write it anew now
}

// Owed tells, from the log alone, what is owed to whom and who can give it: so
// that a host knows whom to remind.
func (s *State) Owed() []Owed {
	var out []Owed
	for _, p := range s.sortedPlaces() {
		people, invited := s.waitingFor(p)
		holders, first := s.holders(p), len(out)
		for _, id := range append(people, invited...) {
			by, anew := s.givers(p, holders, id)
			i := slices.IndexFunc(out[first:], func(o Owed) bool { return slices.Equal(o.By, by) })
			if i < 0 {
				out = append(out, Owed{p, []string{id}, by, anew})
			} else {
				out[first+i].To = append(out[first+i].To, id)
			}
		}
	}
	return out
}

// givers gives the participants who can share a place to somebody: of those who
// hold it, all but those whose file he says that he cannot read. Where nobody is
// left, anew are those who may write the place now.
func (s *State) givers(p entry.Place, holders []string, id string) (by, anew []string) {
	at := s.places[p]
	by = slices.DeleteFunc(slices.Clone(holders), func(holder string) bool { return s.tried(at, holder, id) })
	if len(by) > 0 {
		return by, nil
	}
	return nil, s.writers([]entry.Place{p})
}

// waitingFor gives the participants and the open invites that read a place and
// have no file of it.
func (s *State) waitingFor(p entry.Place) (people, invited []string) {
	at := s.places[p]
	if at == nil || at.public != nil || !s.isPlace(p) {
		return nil, nil
	}
	for _, id := range s.readers(p) {
		if !s.holds(at, id) {
			people = append(people, id)
		}
	}
	for _, id := range s.openInvites() {
		if s.mayRead(p, "", s.invites[id].roles) && !s.holds(at, id) {
			invited = append(invited, id)
		}
	}
	return people, invited
}

// holders gives the participants who are there and hold a place.
func (s *State) holders(p entry.Place) []string {
	at := s.places[p]
	return slices.DeleteFunc(slices.Clone(s.order), func(id string) bool {
		return at == nil || !s.holds(at, id)
	})
}

// lost reports whether somebody waits for a place that nobody is left to share to
// him: to write it anew, with the same content, is all that helps.
func (s *State) lost(p entry.Place) bool {
	people, invited := s.waitingFor(p)
	holders := s.holders(p)
	return slices.ContainsFunc(append(people, invited...), func(id string) bool { by, _ := s.givers(p, holders, id); return len(by) == 0 })
}

// attester names what stands in the way of somebody's word on a condition: that
// those whose word counts were not shared what it reads, or that nobody is left
// who could, or else their word.
func (s *State) attester(o entry.Outcome, cond *template.Condition) Blocker {
	b := s.blocker(NeedAttestation, o.Condition, cond.Attest)
	b.Needs = cond.Needs
	places := s.placesOf(cond.Sections, o.Instance)
	able := slices.DeleteFunc(slices.Clone(b.Participants), func(id string) bool {
		return slices.ContainsFunc(places, func(p entry.Place) bool { return !s.canRead(p, id) })
	})
	if len(able) > 0 {
		b.Participants = able
		return b
	}
	for _, p := range places {
		if due, ok := s.due(p, b.Participants, "attest"); ok {
			return due
		}
	}
	return b
}

// due says, where any of some participants waits for a place, who can share it to
// him, so that he can act; or who can write it anew, where nobody is left who could.
func (s *State) due(p entry.Place, to []string, act string) (b Blocker, ok bool) {
	people, _ := s.waitingFor(p)
	people = slices.DeleteFunc(people, func(id string) bool { return !slices.Contains(to, id) })
	if len(people) == 0 {
		return b, false
	}
	b = Blocker{Need: NeedShare, Act: act, Name: p.Section, Instance: p.Instance}
	at := s.places[p]
	for _, id := range s.holders(p) {
		if slices.ContainsFunc(people, func(to string) bool { return !s.tried(at, id, to) }) {
			b.Participants = append(b.Participants, id)
			b.Roles = append(b.Roles, s.people[id].Roles...)
		}
	}
	if len(b.Participants) == 0 {
		return s.anew(p, act), true
	}
	b.Roles = compactRoles(s.template, b.Roles)
	return b, true
}

// anew says that a place has to be written anew, so that it can be read, and by whom.
func (s *State) anew(p entry.Place, act string) Blocker {
	return Blocker{Need: NeedRevision, Act: act, Name: p.Section, Instance: p.Instance, Roles: s.editors(p.Section), Participants: s.writers([]entry.Place{p})}
}

// unread refuses a signature over places that the signer cannot read, naming who
// can share those that are due to him.
func (s *State) unread(signature, signer string, places []entry.Place) *Refusal {
	var names []string
	var blockers []Blocker
	for _, p := range places {
		names = append(names, strings.Join(nonEmpty(p.Section, p.Instance), " of "))
		if b, ok := s.due(p, []string{signer}, "sign"); ok {
			blockers = append(blockers, b)
		}
	}
	r := refuse(BadSign, "the signer of %s cannot read %s", signature, strings.Join(names, ", "))
	r.Blockers = blockers
	return r
}

// unwritten gives a place for want of which a condition does not hold, or cannot
// be told, whatever else is written: those who may write it now have not. That
// takes no reading: what was not written is known to be empty.
func (s *State) unwritten(o entry.Outcome, cond *template.Condition) (entry.Place, bool) {
	places := s.placesOf(cond.Sections, o.Instance)
	missing := slices.DeleteFunc(slices.Clone(places), func(p entry.Place) bool {
		return s.places[p] != nil || len(s.writers([]entry.Place{p})) == 0
	})
	if len(missing) == 0 {
		return entry.Place{}, false
	}
	in := s.template.Rules().Input()
	for _, p := range places {
		if at := s.places[p]; at != nil && in.Hidden(p.Section) != nil {
			return entry.Place{}, false
		}
	}
	verdict := s.template.Rules().Eval(cond.ID, in)
	for _, p := range missing {
		if verdict.Result == rules.Fail || slices.ContainsFunc(verdict.Absent, func(path string) bool { return strings.HasPrefix(path, p.Section+".") }) {
			return p, true
		}
	}
	return entry.Place{}, false
}

// sectionBlocker says that a place was not written, and by whom it can be; or
// who can do without its participant.
func (s *State) sectionBlocker(p entry.Place) Blocker {
	b := Blocker{Need: NeedSection, Name: p.Section, Instance: p.Instance, Sections: []string{p.Section}, Roles: s.editors(p.Section), Participants: s.writers([]entry.Place{p})}
	if who := s.people[p.Instance]; who != nil {
		b.Dismiss = s.managers(slices.DeleteFunc(slices.Clone(s.template.Section(p.Section).Per), func(role string) bool { return !who.has(role) }))
	}
	return b
}
