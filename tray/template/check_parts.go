package template

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

func (c *checker) role(path string, r Role) {
	c.text(path+".title", r.Title, maxText)
	c.references(path+".manages", "role", r.Manages, c.roles)
}

// managed reports a role that nobody manages, unless another is named that is
// none: this one may be meant.
func (c *checker) managed(path string, r Role) {
	manages := func(m Role) bool { return slices.Contains(m.Manages, r.Name) }
	if isID(r.Name) && !c.managesNone && !slices.ContainsFunc(c.d.Roles, manages) {
		c.out.suggest(path, CodeMissing, fmt.Sprintf("name it in the \"manages\" of a role, perhaps in %s itself", r.Name),
			"nobody manages this role, so nobody can be admitted to it later")
	}
}

func (c *checker) section(path string, s Section) {
	c.text(path+".title", s.Title, maxText)
	c.references(path+".per", "role", s.Per, c.roles)
	c.readers(path, s)
	for i, name := range s.Write {
		if c.crowded(path+".write", len(s.Write)) {
			break
		}
		c.party(path, fmt.Sprintf("%s.write[%d]", path, i), name, s, slices.Index(s.Write, name) < i)
	}
	c.references(path+".attest", "role", s.Attest, c.roles)
	c.some(path+".fields", "a section needs fields", len(s.Fields))
	c.fields(path+".fields", s.Fields)
}

func (c *checker) readers(section string, s Section) {
	path := section + ".read"
	switch {
	case s.Public && len(s.Read) > 0:
		c.out.add(path, CodeValue, "a public section is read by everybody; leave \"read\" out")
	case !s.Public && !c.out.known(section+".public"):
		c.some(path, "somebody must read the section; or it is public", len(s.Read))
	}
	for i, r := range s.Read {
		if c.crowded(path, len(s.Read)) {
			break
		}
		at := fmt.Sprintf("%s[%d]", path, i)
		role := at
		if len(r.In) > 0 {
			role += ".role"
		}
		twice := slices.IndexFunc(s.Read, func(o Reader) bool { return o.Role == r.Role }) < i
		c.party(section, role, r.Role, s, twice)
		c.references(at+".in", "state", r.In, c.states)
	}
}

// party checks a reader or writer: a role, or self where a participant has an
// instance.
func (c *checker) party(section, path, name string, s Section, twice bool) {
	switch {
	case name == Self:
		if len(s.Per) == 0 {
			if c.out.known(section + ".per") {
				c.out.follow(path, CodeValue)
				return
			}
			c.out.suggest(path, CodeValue, "say \"per\" which role", "self is for sections of which each participant has an instance")
			return
		}
	case !c.reference(path, "role", name, c.roles):
		return
	}
	if twice {
		c.out.add(path, CodeDuplicate, "%s is named twice", quote(name))
	}
}

// fields checks names and texts. Types, bounds and expressions are checked by
// the packages that give them their meaning.
func (c *checker) fields(path string, fields []rules.Field) {
	seen := make(map[string]bool, len(fields))
	for i, f := range fields {
		at := element(path, i, f.Name, seen[f.Name])
		switch {
		case !isID(f.Name):
			c.out.add(at, CodeName, "%s", badName(f.Name))
		case seen[f.Name]:
			c.out.add(at, CodeDuplicate, "%s is defined twice", quote(f.Name))
		}
		seen[f.Name] = true
		c.field(at, f)
	}
}

func (c *checker) field(path string, f rules.Field) {
	c.text(path+".title", f.Title, maxText)
	c.text(path+".help", f.Help, maxText)
	c.text(path+".message", f.Message, maxText)
	if f.Kind == "" {
		c.out.add(path+".type", CodeMissing, "a field needs a type")
	}
	if f.Required && f.RequiredIf != "" {
		c.out.add(path+".required", CodeValue, "a field is required always or by a condition, not both")
	}
	for _, e := range []struct{ key, text string }{
		{"required_if", f.RequiredIf}, {"when", f.When}, {"compute", f.Compute}, {"check", f.Check},
		{"message_expression", f.MessageExpr}, {"format", f.Format}, {"min", f.Min}, {"max", f.Max}, {"severity", f.Severity},
	} {
		c.printable(path+"."+e.key, e.text)
	}
	for i, choice := range f.Choices {
		at := element(path+".choices", i, choice.Name, false)
		c.text(at+".title", choice.Title, maxText)
		c.printable(at, choice.Name)
		c.printable(at+".when", choice.When)
	}
	if f.Of != nil {
		of := *f.Of
		if of.Kind == rules.KindRecord {
			c.fields(path+".of", of.Fields) // "of" holds them directly
			of.Fields = nil
		}
		c.field(path+".of", of)
	}
	if len(f.Fields) > 0 {
		c.fields(path+".fields", f.Fields)
	}
}

func (c *checker) rule(path string, r Rule) {
	c.text(path+".message", r.Message, maxText)
	if strings.TrimSpace(r.Expr) == "" {
		c.out.add(path+".rule", CodeMissing, "a rule needs an expression")
	}
	c.printable(path+".rule", r.Expr)
	c.printable(path+".message_expression", r.MessageExpr)
	c.printable(path+".field", r.Field)
	c.printable(path+".reason", r.Reason)
	c.references(path+".at", "event", r.At, c.events)
	c.references(path+".attest", "role", r.Attest, c.roles)
}

func (c *checker) signature(path string, s Signature) {
	c.text(path+".title", s.Title, maxText)
	c.reference(path+".by", "role", s.By, c.roles)
	c.some(path+".covers", "name the sections that the signature covers", len(s.Covers))
	c.references(path+".covers", "section", s.Covers, c.sections)
	c.samePer(path+".covers", s.Covers)
	c.some(path+".declare", "say what the signature declares", len(s.Declare))
	c.text(path+".declare", s.Declare, maxDeclaration)
	c.printable(path+".required_if", s.RequiredIf)
	if s.Required && s.RequiredIf != "" {
		c.out.add(path+".required", CodeValue, "a signature is required always or by a condition, not both")
	}
	if _, ok := quorum(s.Quorum); !ok {
		c.out.add(path+".quorum", CodeValue, "a quorum is \"one\", \"all\" or a number from 1 to %d", maxQuorum)
	}
	c.references(path+".attest", "role", s.Attest, c.roles)
	if len(s.Attest) > 0 && s.RequiredIf == "" && !c.out.known(path+".required") {
		c.out.add(path+".attest", CodeValue, "there is no condition to attest: the signature is not required by one")
	}
}

func (c *checker) state(path string, s State) {
	c.text(path+".title", s.Title, maxText)
	if s.Due != "" {
		if _, err := parseDue(s.Due); err != nil {
			c.out.add(path+".due", CodeValue, "%v", err)
		}
	}
	seen := make(map[string]bool, len(s.Edit))
	for i, e := range s.Edit {
		if c.crowded(path+".edit", len(s.Edit)) {
			break
		}
		at := element(path+".edit", i, e.Role, seen[e.Role])
		if c.reference(at, "role", e.Role, c.roles) && seen[e.Role] {
			c.out.add(at, CodeDuplicate, "%s is named twice", quote(e.Role))
		}
		seen[e.Role] = true
		c.some(at, "name the sections that the role may write", len(e.Sections))
		c.references(at, "section", e.Sections, c.sections)
	}
}

// event checks all but the graph, which is the lifecycle's.
func (c *checker) event(path string, e Event) {
	c.text(path+".title", e.Title, maxText)
	for i, from := range e.From {
		c.stateReference(fmt.Sprintf("%s.from[%d]", path, i), from)
	}
	c.stateReference(path+".to", e.To)
	c.some(path+".by", "somebody must be able to fire the event", len(e.By))
	c.references(path+".by", "role", e.By, c.roles)
	c.printable(path+".guard", e.Guard)
	c.references(path+".attest", "role", e.Attest, c.roles)
	if len(e.Attest) > 0 && e.Guard == "" && !c.out.known(path+".guard") {
		c.out.add(path+".attest", CodeValue, "there is no guard to attest")
	}
	c.references(path+".valid", "section", e.Valid, c.sections)
	c.references(path+".signed", "signature", e.Signed, c.signatures)
	if e.Reason != nil {
		c.references(path+".reason.read", "role", e.Reason.Read, c.roles)
	}
}

// samePer reports sections of which each participant of some role has an
// instance, named together with others of which those of another role have:
// nobody could say which instances belong together.
func (c *checker) samePer(path string, sections []string) {
	var first *Section
	for _, name := range sections {
		i, ok := c.sections.index[name]
		if !ok || len(c.d.Sections[i].Per) == 0 {
			continue
		}
		s := &c.d.Sections[i]
		if first == nil {
			first = s
			continue
		}
		if !sameSet(first.Per, s.Per) && !c.out.touched("sections."+first.Name+".per") && !c.out.touched("sections."+s.Name+".per") {
			c.out.add(path, CodeValue, "%s and %s are per different roles; sections named together must be per the same", quote(first.Name), quote(s.Name))
			return
		}
	}
}

func sameSet(a, b []string) bool {
	in := func(list []string) func(string) bool {
		return func(s string) bool { return !slices.Contains(list, s) }
	}
	return !slices.ContainsFunc(a, in(b)) && !slices.ContainsFunc(b, in(a))
}
