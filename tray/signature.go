package tray

import (
	"slices"
	"time"

	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// signed is whose signature it is.
type signed struct {
	signature, participant string
}

// signature is the last one that somebody gave.
type signature struct {
	role     string
	seq      uint64
	at       time.Time
	language string
	covers   []entry.Revision
	ended    bool // the signer lost the role since, and may have it again
}

// covers gives the revisions that a signature by actor, who signs in its role,
// covers now.
func (s *State) covers(sig *template.Signature, actor string) []entry.Revision {
	return s.covering(sig)(actor)
}

// covering is covers for many: what a signature covers whoever signs is found
// once, since there can be a thousand of them.
func (s *State) covering(sig *template.Signature) func(actor string) []entry.Revision {
	shared := make(map[string][]entry.Revision) // by section
	for _, name := range sig.Covers {
		if !slices.Contains(s.template.Section(name).Per, sig.By) {
			for _, instance := range s.allInstances([]string{name}) {
				shared[name] = append(shared[name], s.present(s.placesOf([]string{name}, instance)[0]))
			}
		}
	}
	return func(actor string) []entry.Revision {
		var out []entry.Revision
		for _, name := range sig.Covers {
			if slices.Contains(s.template.Section(name).Per, sig.By) {
				out = append(out, s.present(entry.Place{Section: name, Instance: actor}))
			} else {
				out = append(out, shared[name]...)
			}
		}
		return out
	}
}

// fresh reports whether a participant's signature stands: given in a role that
// he has had ever since, over the present revision of all that it covers.
func (s *State) fresh(name, participant string) bool {
	return s.stands(name, participant, s.covering(s.template.Signature(name)))
}

func (s *State) stands(name, participant string, covering func(actor string) []entry.Revision) bool {
	got := s.signatures[signed{name, participant}]
	if got == nil || got.ended {
		return false
	}
	signed := got.covers // in the order of what it covers now: that of sections, and in it of participants
	for _, r := range covering(participant) {
		i := slices.Index(signed, r)
		if i < 0 {
			return false
		}
		signed = signed[i+1:]
	}
	return true
}

// signers gives those whose signature stands, in the order of participants.
func (s *State) signers(name string) []string {
	sig := s.template.Signature(name)
	covering := s.covering(sig)
	return slices.DeleteFunc(s.in(sig.By), func(id string) bool { return !s.stands(name, id, covering) })
}
