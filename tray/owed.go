package tray

import (
	"slices"

	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// Owed is a section that is meant for somebody who has no file of it: for a
// newcomer, say, or since the tray came to a state that shows it to him. Any
// commit of somebody who holds it shares it, also one of an empty draft.
type Owed struct {
	entry.Place
	To []string // participants and open invites that wait for it
	By []string // participants who hold it; if none is left, it has to be written anew
}

// Owed tells, from the log alone, what is owed to whom and who can give it: so
// that a host knows whom to remind.
func (s *State) Owed() []Owed {
	var out []Owed
	for _, p := range s.sortedPlaces() {
		people, invited := s.waitingFor(p)
		if len(people)+len(invited) > 0 {
			out = append(out, Owed{p, append(people, invited...), s.holders(p)})
		}
	}
	return out
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
		return s.people[id].Ended() || at == nil || !s.holds(at, id)
	})
}

// attester names what stands in the way of somebody's word on a condition: that
// those whose word counts were not shared what it reads, or else their word.
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
		if people, _ := s.waitingFor(p); slices.ContainsFunc(people, func(id string) bool { return slices.Contains(b.Participants, id) }) {
			b = Blocker{Need: NeedShare, Name: p.Section, Participants: s.holders(p)}
			for _, id := range b.Participants {
				b.Roles = append(b.Roles, s.people[id].Roles...)
			}
			b.Roles = compactRoles(s.template, b.Roles)
			return b
		}
	}
	return b
}
