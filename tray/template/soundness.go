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
	j := &judge{Template: t, doubts: out.doubts(), errors: out, warnings: newReport(t.source), before: before(t.def.Lifecycle)}
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
		case rules.LintConstant, rules.LintWhole, rules.LintNeverFalse, rules.LintNeverTrue:
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
	errors, warnings *report

	// before holds, for each state, the states that a tray may have been in
	// when it is there, itself included.
	before map[string]map[string]bool
}

func before(l Lifecycle) map[string]map[string]bool {
	into := make(map[string][]string) // by state, those that an event leads from
	for _, e := range l.Events {
		into[e.To] = append(into[e.To], e.From...)
	}
	all := make(map[string]map[string]bool, len(l.States))
	for _, s := range l.States {
		seen := map[string]bool{s.Name: true}
		for queue := []string{s.Name}; len(queue) > 0; queue = queue[1:] {
			for _, from := range into[queue[0]] {
				if !seen[from] {
					seen[from] = true
					queue = append(queue, from)
				}
			}
		}
		all[s.Name] = seen
	}
	return all
}

// earlier reports whether ok holds of some state that a tray in state may be
// in, or have been in.
func (j *judge) earlier(state string, ok func(s *State) bool) bool {
	for i := range j.def.Lifecycle.States {
		s := &j.def.Lifecycle.States[i]
		if j.before[state][s.Name] && ok(s) {
			return true
		}
	}
	return false
}

// writable reports whether some role can write a section in a state.
func (j *judge) writable(s *Section) func(*State) bool {
	return func(state *State) bool {
		return slices.ContainsFunc(j.def.Roles, func(r Role) bool {
			return j.writes(r.Name, s, state)
		})
	}
}

// readable reports whether one of the roles reads all of the sections in a
// state.
func (j *judge) readable(opaque []*Section, roles []string) func(*State) bool {
	return func(state *State) bool {
		return slices.ContainsFunc(roles, func(r string) bool { return readsAll(opaque, r, state.Name) })
	}
}

func (j *judge) section(s *Section) {
	path := "sections." + s.Name
	if !j.edits || !j.access(s.Name) {
		return
	}
	demanded := j.demands(path+".fields", s.Fields)
	isWritable := j.writable(s)
	states := j.def.Lifecycle.States
	if !slices.ContainsFunc(states, func(state State) bool { return isWritable(&state) }) {
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
			if demanded && j.graph && !j.earlier(from, isWritable) {
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
	advisory := len(c.Needs) > 0 && j.rule(c.ID).Severity == rules.SeverityWarning
	if strings.HasPrefix(c.ID, "rule.") && len(c.Events) == 0 && !c.AtWrites() && !advisory && j.sound(path+".at") && j.members("valid") {
		j.errors.suggest(path, CodeSoundness, "name events in its \"at\"", "the rule is due at no event: none asks that all it reads be valid")
	}
	if len(opaque) == 0 || len(j.def.Lifecycle.States) == 0 {
		return
	}
	for i, role := range c.Attest {
		reads := j.readable(opaque, []string{role})
		if !slices.ContainsFunc(j.def.Lifecycle.States, func(s State) bool { return reads(&s) }) {
			j.errors.add(fmt.Sprintf("%s[%d]", attestPath, i), CodeSoundness, "%s cannot attest %s: it never reads all of %s", role, c.ID, sectionNames(opaque))
		}
	}
	if len(c.Attest) == 0 && !c.Writer {
		j.errors.suggest(path, CodeSoundness, "let one role read them all", "nobody can evaluate %s: no role reads %s together", c.ID, readersOf(opaque))
		return
	}
	for _, event := range c.Events {
		if e := j.Event(event); e != nil && j.graph && j.edits && j.sound("lifecycle.events."+event+".by") {
			j.attested(c, path, opaque, e)
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
		for i := range j.def.Lifecycle.States {
			if state := &j.def.Lifecycle.States[i]; state.Edits(r.Name, s.Name) && s.WrittenBy(r.Name) && !s.ReadBy(r.Name, state.Name) {
				j.warnings.suggest(path, CodeSoundness, "let it read the section", "%s can write %s once only in state %s: %s compares it with what was there before, which it cannot read", r.Name, s.Name, state.Name, c.ID)
				break
			}
		}
	}
}

func (j *judge) signature(s *Signature) {
	path := "signatures." + s.Name
	if !j.sound(path+".by", path+".covers", path+".blind", path+".required") || !j.access(s.Covers...) {
		return
	}
	if j.SignedByEach(s.Name) && s.Quorum != "one" {
		j.errors.suggest(path+".quorum", CodeSoundness, "leave it out",
			"each %s signs for himself where required reads what is per %s, so that there is no quorum", s.By, s.By)
	}
	opaque := opaqueOf(&j.def, s.Covers)
	reads := j.readable(opaque, []string{s.By})
	if s.Blind {
		reads = func(*State) bool { return true }
	}
	signs := func(state *State) bool { return !state.Final && reads(state) }
	asked := false
	for _, e := range j.def.Lifecycle.Events {
		if !slices.Contains(e.Signed, s.Name) {
			continue
		}
		asked = true
		for _, from := range e.From {
			if !j.graph {
				continue
			}
			if !j.earlier(from, signs) {
				j.errors.suggest(path+".by", CodeSoundness, "let it read them, or say \"blind: true\"",
					"%s must sign for %s, and in state %s cannot have read all of %s", s.By, e.Name, from, sectionNames(opaque))
			}
			j.undisturbed(s, &e, from)
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

// undisturbed reports who may change what another signs, in the state in which
// he signs it: his signature would go stale under his hands.
func (j *judge) undisturbed(s *Signature, e *Event, from string) {
	state := j.State(from)
	for i, edit := range state.Edit {
		for k, name := range edit.Sections {
			if j.Role(edit.Role) != nil && edit.Role != s.By && slices.Contains(s.Covers, name) && j.Section(name).WrittenBy(edit.Role) {
				j.errors.suggest(fmt.Sprintf("%s[%d]", element("lifecycle.states."+from+".edit", i, edit.Role, false), k), CodeSoundness,
					"let it be edited in a state before", "%s may change %s while %s signs it for %s (signature %s)", edit.Role, name, s.By, e.Name, s.Name)
			}
		}
	}
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
