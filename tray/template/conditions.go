package template

import (
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// The ids of conditions.
func validID(section string) string      { return "valid." + section }
func changeID(section string) string     { return "change." + section }
func ruleID(rule string) string          { return "rule." + rule }
func guardID(event string) string        { return "guard." + event }
func requiredID(signature string) string { return "required." + signature }

// conditions makes the table of conditions from what the compiled expressions
// read. The order is fixed: the sections' validity, what their fields demand of
// the revision before, the rules that stand for themselves, guards, and what
// makes signatures required.
func conditions(c *checker, d *Definition, infos []rules.Info) []Condition {
	byID := make(map[string]rules.Info, len(infos))
	folded := make(map[string]bool)
	for _, info := range infos {
		byID[info.ID] = info
		for _, id := range info.Folded {
			folded[id] = true
		}
	}
	reach := newReach(d)
	var table []Condition
	add := func(id, path string, attest, events []string) {
		info, ok := byID[id]
		if !ok {
			return // a rule that belongs to one section's validity, a section that does not look back, or what is wrong
		}
		row := Condition{ID: id, Facts: info.Facts, Old: info.Old, Needs: info.Needs, Events: events}
		row.Sections = inOrder(d, info.Sections)
		advisory := c.advisory(&row)
		if strings.HasPrefix(id, "rule.") && events == nil && !advisory {
			row.Events = whereValid(d, row.Sections)
		}
		c.samePer(path, row.Sections)
		if !advisory || len(row.Events) > 0 || row.Old {
			c.replayable(info)
		}
		c.attest(d, reach, &row, path, attest)
		if row.AtWrites() {
			c.looksBack(&row, info.Paths, path, attest)
		}
		table = append(table, row)
	}
	for _, s := range d.Sections {
		add(validID(s.Name), "sections."+s.Name, s.Attest, whereValid(d, []string{s.Name}))
	}
	for _, s := range d.Sections {
		add(changeID(s.Name), "sections."+s.Name, s.Attest, nil)
	}
	for _, r := range d.Rules {
		if folded[ruleID(r.ID)] && len(r.Attest) > 0 && !c.out.known("rules."+r.ID+".at") {
			c.out.suggest("rules."+r.ID+".attest", CodeValue, "say it there, or give the rule an \"at\"",
				"the rule is part of the validity of its one section, whose \"attest\" counts")
		}
		add(ruleID(r.ID), "rules."+r.ID, r.Attest, r.At)
	}
	for _, e := range d.Lifecycle.Events {
		add(guardID(e.Name), "lifecycle.events."+e.Name, e.Attest, []string{e.Name})
	}
	for _, s := range d.Signatures {
		var events []string
		for _, e := range d.Lifecycle.Events {
			if slices.Contains(e.Signed, s.Name) {
				events = append(events, e.Name)
			}
		}
		add(requiredID(s.Name), "signatures."+s.Name, s.Attest, events)
	}
	return table
}

// advisory reports a rule that only warns, and that needs the application: not
// everybody can tell, so nothing waits for it unless it says at which event.
func (c *checker) advisory(row *Condition) bool {
	i := slices.IndexFunc(c.d.Rules, func(r Rule) bool { return ruleID(r.ID) == row.ID })
	return i >= 0 && len(row.Needs) > 0 &&
		(c.d.Rules[i].Severity == rules.SeverityWarning || c.out.known("rules."+c.d.Rules[i].ID+".severity")) // which may be meant
}

// replayable reports a public condition on which two readers of one log may
// differ. Everybody comes to its outcome by himself, so it cannot rest on a table
// that a later version of a reader has revised, nor on what only some have.
func (c *checker) replayable(info rules.Info) {
	if info.Replayable || len(opaqueOf(c.d, info.Sections)) > 0 {
		return
	}
	advice := "give a pattern or choices instead, or make a section that it reads opaque"
	if len(info.Needs) > 0 {
		advice = "make a section that it reads opaque, or warn only, by a rule with \"severity: warning\" that is due at no event and reads no \"old\""
	}
	for _, d := range info.Differs {
		if rule, ok := strings.CutSuffix(d.Pos.File, ".rule"); ok && c.out.known(rule+".severity") {
			continue // it may be meant to warn only
		}
		d.Message += ", and whoever replays a log comes to the outcome of a public condition himself"
		c.out.diagnostic(d, advice)
	}
}

// looksBack reports what cannot be told whenever a section is written. At events
// alone it would be no use: two writes in a row would evade it.
func (c *checker) looksBack(row *Condition, reads []string, path string, given []string) {
	if slices.ContainsFunc(row.Sections, func(name string) bool { return c.out.known("sections." + name + ".public") }) {
		return // one that reads as opaque may be meant to be public
	}
	written, opaque := strings.Join(row.Sections, " or "), opaqueOf(c.d, row.Sections)
	if slices.Contains(row.Facts, FactRole) {
		c.out.suggest(path, CodeExpression, "leave the role out, or make it the guard of an event",
			"what reads old is due whenever %s is written, where nobody acts in a role", written)
	}
	if len(opaque) > 1 {
		c.out.suggest(path, CodeExpression, "look back at one section, or make it the guard of an event",
			"what reads old is due whenever %s is written, by somebody who need not read the other", written)
	}
	if i := slices.IndexFunc(reads, func(read string) bool { return c.wasPublic(read) }); i >= 0 && len(opaque) > 0 {
		c.out.suggest(path, CodeExpression, "look back in a rule over the public section alone, or in the guard of an event",
			"it reads %s, which is public, but is due only when %s is written: two writes in a row would evade it", reads[i], opaque[0].Name)
	}
	if len(opaque) == 1 && len(given) > 0 && !row.Writer {
		c.out.suggest(path+".attest", CodeValue, "leave it out, or make it the guard of an event",
			"what reads old is due whenever %s is written, and so told by its writer", written)
	}
}

// wasPublic reports whether a path leads into what a public section was before.
func (c *checker) wasPublic(path string) bool {
	before, ok := strings.CutPrefix(path, "old.")
	name, _, _ := strings.Cut(before, ".")
	return ok && slices.ContainsFunc(c.d.Sections, func(s Section) bool { return s.Public && s.Name == name })
}

// attest sets whose word counts on a condition. That of whoever writes its one
// opaque section does as well, unless others are given, or it depends on a moment
// that is not the write's; on a change it always does, for it is due then.
func (c *checker) attest(d *Definition, reach reach, row *Condition, path string, given []string) {
	opaque := opaqueOf(d, row.Sections)
	change := strings.HasPrefix(row.ID, "change.")
	if len(opaque) == 0 {
		if len(given) > 0 && !change {
			c.out.add(path+".attest", CodeValue, "everybody can evaluate this condition, nobody need attest it")
		}
		return
	}
	if len(given) > 0 {
		row.Attest, row.Writer = given, change
		return
	}
	for _, r := range d.Roles {
		if reach.readsAll(opaque, r.Name) != 0 {
			row.Attest = append(row.Attest, r.Name)
		}
	}
	back := row.Old && (change || strings.HasPrefix(row.ID, "rule."))
	row.Writer = len(opaque) == 1 && (len(row.Facts) == 0 || back)
}

// inOrder sorts names of sections as the template does.
func inOrder(d *Definition, names []string) []string {
	var sorted []string
	for _, s := range d.Sections {
		if slices.Contains(names, s.Name) {
			sorted = append(sorted, s.Name)
		}
	}
	return sorted
}

// whereValid are the events whose "valid" names all of the sections.
func whereValid(d *Definition, sections []string) []string {
	var events []string
	for _, e := range d.Lifecycle.Events {
		missing := func(s string) bool { return !slices.Contains(e.Valid, s) }
		if len(sections) > 0 && !slices.ContainsFunc(sections, missing) {
			events = append(events, e.Name)
		}
	}
	return events
}

// opaqueOf are those of the named sections that are not public.
func opaqueOf(d *Definition, names []string) []*Section {
	var opaque []*Section
	for i := range d.Sections {
		if s := &d.Sections[i]; !s.Public && slices.Contains(names, s.Name) {
			opaque = append(opaque, s)
		}
	}
	return opaque
}
