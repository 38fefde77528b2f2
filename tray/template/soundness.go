package template

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// judge looks for what is legal and unwise: a tray of the template would get
// stuck, or somebody could be cheated. What surely does is an error, what may
// be meant so is a warning. Where the template has mistakes, it looks at what
// does not depend on them, and at no warnings.
func (t *Template) judge(out *report) {
	j := &judge{Template: t, doubts: out.doubts(), reach: newReach(&t.def), errors: out, warnings: newReport(t.source), held: map[[2]string]stateSet{}}
	j.order(t.def.Lifecycle)
	if len(t.def.Roles) == 0 || len(t.def.Lifecycle.States) == 0 {
		return // nobody could do anything, which has been told
	}
	for i := range t.def.Sections {
		j.section(&t.def.Sections[i])
	}
	for i := range t.def.Conditions {
		j.condition(&t.def.Conditions[i])
	}
	for i := range t.def.Signatures {
		j.signature(&t.def.Signatures[i])
	}
	for i := range t.def.Lifecycle.States {
		j.state(&t.def.Lifecycle.States[i])
	}
	j.room()
	if len(out.problems) > 0 {
		return // nobody asks for the warnings
	}
	j.lint()
	for i := range t.def.Roles {
		j.role(t.def.Roles[i].Name)
	}
	j.unclear()
	j.unused()
	j.translations()
	t.warnings = j.warnings.sorted()
}

// lint passes on what package rules finds doubtful in expressions. What it says
// of languages and of facts is left out: it does not see all texts, and the
// facts are not the template's.
func (j *judge) lint() {
	for _, w := range j.rules.Lint() {
		switch w.Code {
		case rules.LintConstant, rules.LintWhole, rules.LintNeverFalse, rules.LintNeverTrue, rules.LintAbsent:
			message, advice, _ := strings.Cut(w.Message, "; ")
			j.warnings.expression(w.Pos.File, w.Pos.Line, w.Pos.Column, w.Source, message, advice)
		case rules.LintMessage:
			j.warnings.add(w.Pos.File, CodeMissing, "%s", w.Message)
		}
	}
}

// unclear passes on what is unwise about how expressions were written.
func (j *judge) unclear() {
	if j.source == nil {
		return
	}
	for _, d := range j.source.unclear {
		j.warnings.suggest(d.path, CodeSyntax, d.advice, "%s", d.message)
	}
}

type judge struct {
	*Template
	doubts
	reach
	errors, warnings *report

	// before holds, for each state, the states that a tray may have been in
	// when it is there, itself included; after, by number, those that it may be in
	// when it has been there.
	before map[string]stateSet
	after  []stateSet

	held map[[2]string]stateSet // by role and section: see holds
}

// order fills in before and after.
func (j *judge) order(l Lifecycle) {
	into := make(map[string][]string) // by state, those that an event leads from
	for _, e := range l.Events {
		into[e.To] = append(into[e.To], e.From...)
	}
	j.before, j.after = make(map[string]stateSet, len(l.States)), make([]stateSet, len(l.States))
	for i, s := range l.States {
		seen := j.one(s.Name)
		for queue := []string{s.Name}; len(queue) > 0; queue = queue[1:] {
			for _, from := range into[queue[0]] {
				if one := j.one(from); one&^seen != 0 {
					seen |= one
					queue = append(queue, from)
				}
			}
		}
		j.before[s.Name] = seen
		seen.numbers(func(n int) { j.after[n] |= 1 << i })
	}
}

// earlier reports whether a tray in state may be in one of some states, or have
// been in one.
func (j *judge) earlier(state string, in stateSet) bool { return j.before[state]&in != 0 }

// writable are the states in which some role can write a section.
func (j *judge) writable(s *Section) (in stateSet) {
	for _, writes := range j.writes {
		in |= writes[s.Name]
	}
	return in
}

// readable are the states in which one of the roles reads all of the sections.
func (j *judge) readable(opaque []*Section, roles []string) (in stateSet) {
	for _, role := range roles {
		in |= j.readsAll(opaque, role)
	}
	return in
}

func (j *judge) section(s *Section) {
	path := "sections." + s.Name
	if !j.edits || !j.access(s.Name) {
		return
	}
	demanded := j.demands(path+".fields", s.Fields)
	writable := j.writable(s)
	if writable == 0 {
		out, code := j.warnings, CodeSoundness
		if demanded {
			out = j.errors
		}
		out.suggest(path, code, "name it in the \"edit\" of a state, for a role in its \"write\"", "nobody may write this section in any state")
		return
	}
	for i, r := range s.Read {
		if slices.Contains(s.Per, r.Role) {
			j.warnings.suggest(fmt.Sprintf("%s.read[%d]", path, i), CodeSoundness, "write self if each is to read its own only", "%s reads every instance, those of others in the role too", r.Role)
		}
	}
	for i, role := range s.Write {
		if slices.Contains(s.Per, role) {
			j.warnings.suggest(fmt.Sprintf("%s.write[%d]", path, i), CodeSoundness, "write self if each is to write its own only", "%s writes every instance, those of others in the role too", role)
		}
	}
	asked := false
	for _, e := range j.def.Lifecycle.Events {
		i := slices.Index(e.Valid, s.Name)
		if i < 0 {
			continue
		}
		asked = true
		for _, from := range e.From {
			if demanded && j.graph && !j.earlier(from, writable) {
				j.errors.suggest(fmt.Sprintf("lifecycle.events.%s.valid[%d]", e.Name, i), CodeSoundness,
					"let somebody edit it there or before, or ask for it later",
					"%s has required fields, and in state %s nobody can have written it yet", s.Name, from)
			}
		}
	}
	if demanded && !asked {
		j.warnings.suggest(path, CodeSoundness, "name it in the \"valid\" of an event", "it has required fields, and no event asks whether it is valid")
	}
}

// demands reports whether a section without content can be invalid.
func (j *judge) demands(path string, fields []rules.Field) bool {
	return slices.ContainsFunc(fields, func(f rules.Field) bool {
		return f.Compute == "" && (f.Required || f.RequiredIf != "") && j.sound(path+"."+f.Name+".compute")
	})
}

// conditionPath is where a condition is written.
func conditionPath(id string) (path, attest string) {
	kind, name, _ := strings.Cut(id, ".")
	switch kind {
	case "valid", "change":
		path = "sections." + name
		return path, path + ".attest"
	case "rule":
		path = "rules." + name
		return path, path + ".attest"
	case "guard":
		path = "lifecycle.events." + name
		return path + ".guard", path + ".attest"
	}
	path = "signatures." + name
	return path + ".required", path + ".attest"
}

func (j *judge) condition(c *Condition) {
	path, attestPath := conditionPath(c.ID)
	opaque := opaqueOf(&j.def, c.Sections)
	if !j.sound(attestPath) || !j.access(c.Sections...) {
		return
	}
	advisory := len(c.Needs) > 0 && j.warns(c.ID)
	if strings.HasPrefix(c.ID, "rule.") && len(c.Events) == 0 && !c.AtWrites() && !advisory && j.sound(path+".at") && j.members("valid") {
		j.errors.suggest(path, CodeSoundness, "name events in its \"at\"", "the rule is due at no event: none asks that all it reads be valid")
	}
	if len(opaque) == 0 || len(j.def.Lifecycle.States) == 0 {
		return
	}
	for i, role := range c.Attest {
		if j.readsAll(opaque, role) == 0 {
			j.errors.add(fmt.Sprintf("%s[%d]", attestPath, i), CodeSoundness, "%s cannot attest %s: it never reads all of %s", role, c.ID, sectionNames(opaque))
		}
	}
	if len(c.Attest) == 0 && !c.Writer {
		j.errors.suggest(path, CodeSoundness, "let one role read them all", "nobody can evaluate %s: no role reads %s together", c.ID, readersOf(opaque))
		return
	}
	who := j.attestation(c, path, opaque)
	for _, event := range c.Events {
		if e := j.Event(event); e != nil && j.graph && j.edits && j.sound("lifecycle.events."+event+".by") {
			j.attested(who, e)
		}
	}
	if c.AtWrites() {
		j.lookBack(c, path, opaque[0])
	}
}

// lookBack warns of who writes a section and does not read it, where a rule
// compares it with what it was: he can write it once.
func (j *judge) lookBack(c *Condition, path string, s *Section) {
	for _, r := range j.def.Roles {
		if blind := j.names(j.writes[r.Name][s.Name] &^ j.reads[r.Name][s.Name]); len(blind) > 0 {
			j.warnings.suggest(path, CodeSoundness, "let it read the section", "%s can write %s once only in state %s: %s compares it with what was there before, which it cannot read", r.Name, s.Name, blind[0], c.ID)
		}
	}
}

func (j *judge) signature(s *Signature) {
	path := "signatures." + s.Name
	if !j.sound(path+".by", path+".covers", path+".blind", path+".required") || !j.access(s.Covers...) {
		return
	}
	if j.SignedByEach(s.Name) && s.Quorum != "one" && j.sound(path+".quorum") {
		j.errors.suggest(path+".quorum", CodeSoundness, "leave it out",
			"each %s signs for himself where required reads what is per %s, so that there is no quorum", s.By, s.By)
	}
	opaque := opaqueOf(&j.def, s.Covers)
	signs := j.readsAll(opaque, s.By)
	if s.Blind {
		signs = j.every
	}
	for _, state := range j.def.Lifecycle.States {
		if state.Final {
			signs &^= j.one(state.Name)
		}
	}
	disturbed := j.disturbed(s)
	asked := false
	for _, e := range j.def.Lifecycle.Events {
		if !slices.Contains(e.Signed, s.Name) {
			continue
		}
		asked = true
		for _, from := range e.From {
			if !j.graph || j.errors.full() {
				continue
			}
			if !j.earlier(from, signs) {
				j.errors.suggest(path+".by", CodeSoundness, "let it read them, or say \"blind: true\"",
					"%s must sign for %s, and in state %s cannot have read all of %s", s.By, e.Name, from, sectionNames(opaque))
			}
			for _, d := range disturbed[from] {
				j.errors.suggest(d.path, CodeSoundness,
					"let it be edited in a state before", "%s may change %s while %s signs it for %s (signature %s)", d.role, d.section, s.By, e.Name, s.Name)
			}
		}
	}
	switch {
	case asked, !j.members("signed"):
	case s.Required || s.RequiredIf != "":
		j.errors.suggest(path, CodeSoundness, "name it in the \"signed\" of an event", "the signature is required, and no event asks for it")
	default:
		j.warnings.suggest(path, CodeSoundness, "name it in the \"signed\" of an event", "no event asks for this signature")
	}
}

// A disturbance is an edit that others may make of what one signs.
type disturbance struct{ path, role, section string }

// disturbed tells who may change what another signs, by the state in which he
// signs it: his signature would go stale under his hands.
func (j *judge) disturbed(s *Signature) map[string][]disturbance {
	covers := make(map[string]bool, len(s.Covers))
	for _, name := range s.Covers {
		covers[name] = true
	}
	found := map[string][]disturbance{}
	for _, state := range j.def.Lifecycle.States {
		for i, edit := range state.Edit {
			if edit.Role == s.By {
				continue
			}
			for k, name := range edit.Sections {
				if covers[name] && j.writes[edit.Role][name]&j.one(state.Name) != 0 {
					path := fmt.Sprintf("%s[%d]", element("lifecycle.states."+state.Name+".edit", i, edit.Role, false), k)
					found[state.Name] = append(found[state.Name], disturbance{path, edit.Role, name})
				}
			}
		}
	}
	return found
}

func (j *judge) state(s *State) {
	path := "lifecycle.states." + s.Name
	for i, e := range s.Edit {
		at := element(path+".edit", i, e.Role, false)
		for k, name := range e.Sections {
			if j.Role(e.Role) != nil && j.Section(name) != nil && j.access(name) && !j.Section(name).WrittenBy(e.Role) {
				j.errors.suggest(fmt.Sprintf("%s[%d]", at, k), CodeSoundness, fmt.Sprintf("name it in the \"write\" of %s", name),
					"%s is no writer of %s", e.Role, name)
			}
		}
	}
	if s.Final && len(s.Edit) > 0 {
		j.warnings.add(path+".edit", CodeSoundness, "the state is final, and can still be edited")
	}
	if s.Final && s.Due != "" {
		j.warnings.add(path+".due", CodeSoundness, "the state is final: nothing is due any more")
	}
}

// role warns of a role that can do nothing.
func (j *judge) role(name string) {
	reads := func(s Section) bool {
		return s.WrittenBy(name) || slices.ContainsFunc(s.Read, func(r Reader) bool {
			return r.Role == name || r.Role == Self && slices.Contains(s.Per, name)
		})
	}
	fires := func(e Event) bool { return slices.Contains(e.By, name) }
	signs := func(s Signature) bool { return s.By == name }
	if !slices.ContainsFunc(j.def.Sections, reads) && !slices.ContainsFunc(j.def.Lifecycle.Events, fires) &&
		!slices.ContainsFunc(j.def.Signatures, signs) && len(j.Role(name).Manages) == 0 {
		j.warnings.add("roles."+name, CodeSoundness, "the role reads, writes, signs, fires and manages nothing")
	}
}

func sectionNames(sections []*Section) string {
	names := make([]string, len(sections))
	for i, s := range sections {
		names[i] = s.Name
	}
	return strings.Join(names, ", ")
}

// readersOf lists sections, each with who reads it.
func readersOf(sections []*Section) string {
	texts := make([]string, len(sections))
	for i, s := range sections {
		var roles []string
		for _, r := range s.Read {
			roles = append(roles, r.Role)
		}
		texts[i] = fmt.Sprintf("%s (read by %s)", s.Name, strings.Join(roles, ", "))
	}
	return strings.Join(texts, ", ")
}
