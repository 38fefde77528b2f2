package template

import (
	"slices"

	"github.com/vassoio/vassoio/tray/entry"
)

// room finds what could not be said in one entry once a section has as many
// instances as it may: an event that nobody could fire, a signature that nobody
// could give, a section that nobody could write.
func (j *judge) room() {
	for i := range j.def.Lifecycle.Events {
		e := &j.def.Lifecycle.Events[i]
		var fired, attested need
		for _, c := range j.Needs(e.Name) {
			fired.outcomes(c, j.instances(c.Sections))
			if len(c.Attest) > 0 && len(c.Facts) > 0 { // others can be attested before
				attested.outcomes(c, j.instances(c.Sections))
				attested.revisions(j, c.Sections, MaxInstances)
			}
		}
		j.fits("lifecycle.events."+e.Name, "the event needs", fired, attested)
	}
	for i := range j.def.Signatures {
		s := &j.def.Signatures[i]
		var covered need
		for _, name := range s.Covers {
			n := MaxInstances
			if slices.Contains(j.per(name), s.By) {
				n = 1 // his own
			}
			covered.revisions(j, []string{name}, n)
		}
		j.fits("signatures."+s.Name, "the signature covers", covered)
	}
	for i := range j.def.Sections {
		s := &j.def.Sections[i]
		var attested need
		for k := range j.def.Conditions {
			c := &j.def.Conditions[k]
			if !c.AtWrites() || !slices.Contains(c.Sections, s.Name) {
				continue
			}
			n := j.instances(c.Sections)
			if len(s.Per) > 0 {
				n = 1 // the one that is written
			}
			attested.outcomes(c, n)
			attested.revisions(j, c.Sections, n)
		}
		j.fits("sections."+s.Name, "a write needs", attested)
	}
}

// instances gives how many instances sections can mean together.
func (j *judge) instances(sections []string) int {
	if slices.ContainsFunc(sections, func(name string) bool { return len(j.per(name)) > 0 }) {
		return MaxInstances
	}
	return 1
}

// per gives the roles of which each participant has an instance of a section;
// none of one that there is not, which is told elsewhere.
func (j *judge) per(name string) []string {
	if s := j.Section(name); s != nil {
		return s.Per
	}
	return nil
}

// fits reports what takes more of an entry than is left for it.
func (j *judge) fits(path, what string, needs ...need) {
	bytes := 0
	for _, n := range needs {
		bytes += n.bytes
		if n.outcome > entry.MaxRefs || n.revision > entry.MaxRefs {
			bytes += maxNeed + 1
		}
	}
	if bytes > maxNeed {
		j.errors.suggest(path, CodeLimit, "spread it over several, or take sections that are per a role out of it",
			"%s more than fits an entry once sections that are per a role have %d instances each", what, MaxInstances)
	}
}

// need is what an op has to list.
type need struct {
	outcome, revision, bytes int
	places                   []string // sections whose revisions are listed
}

// outcomes adds those of a condition.
func (n *need) outcomes(c *Condition, instances int) {
	n.outcome += instances
	n.bytes += instances * (len(`{"condition":"","instance":"","outcome":"unknown"},`) + len(c.ID) + nameBytes)
}

// revisions adds those of sections, each once.
func (n *need) revisions(j *judge, sections []string, instances int) {
	for _, name := range sections {
		if slices.Contains(n.places, name) {
			continue
		}
		n.places = append(n.places, name)
		count := 1
		if len(j.per(name)) > 0 {
			count = instances
		}
		n.revision += count
		n.bytes += count * (len(`{"section":"","instance":"","revision":9007199254740991,"root":""},`) + len(name) + nameBytes + rootBytes)
	}
}

const (
	nameBytes = 43 // of a participant's id
	rootBytes = 64
)
