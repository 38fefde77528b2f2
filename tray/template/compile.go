package template

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/vassoio/vassoio/fsm"
	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
)

// mode says how much is asked of a template.
type mode int

const (
	prudent mode = iota // that it is wise, too: for whoever writes one
	frozen              // that it means something: for whoever has a tray of it
)

// Compile checks a definition written in Go and compiles it. It fills in
// Format, Conditions and every default, in a copy; d is left as it is. The
// error is [Problems], with paths instead of positions.
func Compile(d Definition) (*Template, error) {
	return compile(d, prudent, newReport(d.Source))
}

// compile is the way of every template, from YAML, Go or JSON. The report may
// hold problems already; all that can be found besides is added.
func compile(d Definition, m mode, out *report) (*Template, error) {
	check := &checker{d: &d, out: out}
	if !check.check() {
		return nil, out.err()
	}
	d, err := clone(&d)
	if err != nil {
		return nil, err
	}
	t := &Template{source: d.Source}
	var infos []rules.Info
	t.rules, infos = compileRules(&d, m, out)
	t.lifecycle = compileLifecycle(d.Lifecycle, out)
	t.schemas = compileSchemas(&d, t.rules, out)
	fill(&d, t.rules)
	d.Conditions = conditions(check, &d, infos)
	if len(out.problems) == 0 {
		err = t.finish(&d, out)
	} else {
		t.index(d) // what is sound of it can be judged
	}
	if err == nil && m == prudent {
		t.judge(out)
	}
	if err == nil {
		err = out.err()
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// fill sets what was left to defaults; those of fields only if there is a set that
// has them. Whatever looks at a definition from here on finds it filled in, also
// where it has mistakes.
func fill(d *Definition, set *rules.Set) {
	d.Format = Format
	if set != nil {
		compiled := set.Definition()
		for i := range d.Sections {
			d.Sections[i].Fields = compiled.Sections[i].Fields
		}
	}
	for i := range d.Sections {
		if d.Sections[i].Write == nil {
			d.Sections[i].Write = []string{} // "nobody" is said, not left out
		}
	}
	for i := range d.Signatures {
		if d.Signatures[i].Quorum == "" {
			d.Signatures[i].Quorum = "one"
		}
	}
	for i := range d.Lifecycle.States {
		if s := &d.Lifecycle.States[i]; s.Due != "" {
			s.Due, _ = parseDue(s.Due) // checked
		}
	}
}

// finish encodes the definition, and makes the template of what was encoded.
func (t *Template) finish(d *Definition, out *report) error {
	var err error
	if t.canonical, err = encode(d); err != nil {
		return err
	}
	if len(t.canonical) > maxSize {
		out.add("", CodeLimit, "the template has %d bytes when compiled, more than %d", len(t.canonical), maxSize)
		return out.err()
	}
	t.digest = sign.Sum(t.canonical)
	t.index(t.Definition())
	t.note, err = section.NewSchema([]section.Field{{Name: "text", Kind: section.Text, Max: maxNote}})
	return err
}

// index makes what the accessors need of a definition.
func (t *Template) index(d Definition) {
	t.def = d
	t.roles = byName(t.def.Roles, func(r Role) string { return r.Name })
	t.sections = byName(t.def.Sections, func(s Section) string { return s.Name })
	t.signatures = byName(t.def.Signatures, func(s Signature) string { return s.Name })
	t.states = byName(t.def.Lifecycle.States, func(s State) string { return s.Name })
	t.events = byName(t.def.Lifecycle.Events, func(e Event) string { return e.Name })
	t.conditions = byName(t.def.Conditions, func(c Condition) string { return c.ID })
	t.needs = make(map[string][]*Condition)
	for i := range t.def.Conditions {
		c := &t.def.Conditions[i]
		for _, event := range c.Events {
			t.needs[event] = append(t.needs[event], c)
		}
	}
}

func byName[T any](list []T, name func(T) string) map[string]int {
	m := make(map[string]int, len(list))
	for i := range list {
		m[name(list[i])] = i
	}
	return m
}

// compileRules compiles every expression, and reports what is wrong with
// fields and expressions. Even if something is, it tells what the sound
// conditions read.
func compileRules(d *Definition, m mode, out *report) (*rules.Set, []rules.Info) {
	def := rules.Definition{Facts: facts(d, out)}
	if doubled := out.doubled("sections"); len(d.Sections) == 0 || doubled { // reported; it lacks a name, so that none is missed in expressions
		out.follow("sections", CodeDuplicate)
		def.Sections = []rules.Section{{Pos: at("sections")}}
	}
	if !out.within("holidays") {
		def.Holidays = d.Holidays
	}
	for _, f := range d.Needs.Functions {
		f.Pos = at(join("needs.functions", f.Name))
		def.Functions = append(def.Functions, f)
	}
	for i, name := range d.Needs.Formats {
		def.Formats = append(def.Formats, rules.Format{Name: name, Pos: at(fmt.Sprintf("needs.formats[%d]", i))})
	}
	seen := map[string]bool{}
	for i, s := range d.Sections {
		path := element("sections", i, s.Name, seen[s.Name])
		seen[s.Name] = true
		placeFields(path+".fields", s.Fields)
		instances := 1
		if len(s.Per) > 0 {
			instances = MaxInstances
		}
		def.Sections = append(def.Sections, rules.Section{Name: s.Name, Title: s.Title, Fields: s.Fields, Instances: instances, Pos: at(path, "fields")})
	}
	clear(seen)
	for i, r := range d.Rules {
		path := element("rules", i, r.ID, seen[r.ID])
		seen[r.ID] = true
		r.Rule.Pos = at(path, "rule", "message", "message_expression", "field", "reason", "severity")
		def.Rules = append(def.Rules, r.Rule)
	}
	condition := func(id, expr, path string) {
		if expr != "" {
			p := at(path)
			p["expression"] = p[""]
			def.Conditions = append(def.Conditions, rules.Condition{ID: id, Expr: expr, Pos: p})
		}
	}
	named := func(name string, i int) string {
		if isID(name) {
			return name
		}
		return fmt.Sprintf("unnamed%d", i) // which has been told
	}
	for i, e := range d.Lifecycle.Events {
		condition(guardID(named(e.Name, i)), e.Guard, "lifecycle.events."+e.Name+".guard")
	}
	for i, s := range d.Signatures {
		condition(requiredID(named(s.Name, i)), s.RequiredIf, "signatures."+s.Name+".required_if")
	}
	compile := rules.Compile
	if m == frozen { // what it could cost was for whoever admitted it
		compile = rules.CompileFrozen
	}
	set, err := compile(def)
	var wrong rules.Diagnostics
	switch {
	case errors.As(err, &wrong):
		for _, w := range wrong {
			message, suggestion, ok := strings.Cut(w.Message, "; did you mean ")
			if ok {
				suggestion = "did you mean " + suggestion
			}
			if suggestion == "" && d.Source.cutAt(w.Pos.File) {
				suggestion = cutMessage
			}
			w.Message = message
			out.diagnostic(w, suggestion)
		}
	case err != nil:
		out.add("", CodeExpression, "%v", err)
	default:
		return set, set.Conditions()
	}
	return nil, rules.Inspect(def)
}

// diagnostic passes on what package rules found.
func (r *report) diagnostic(d rules.Diagnostic, suggestion string) {
	if d.Caret > 0 {
		r.expression(d.Pos.File, d.Pos.Line, d.Pos.Column, d.Source, d.Message, suggestion)
	} else {
		r.suggest(d.Pos.File, CodeField, suggestion, "%s", d.Message)
	}
}

// at makes positions of which the file is a path and the line and column count
// from the start of the member. So a diagnostic tells the path, from which
// [Source] finds the place in the real file, however the text was quoted there.
func at(path string, members ...string) rules.Positions {
	p := rules.Positions{"": {File: path, Line: 1, Column: 1}}
	for _, m := range members {
		p[m] = rules.Position{File: path + "." + m, Line: 1, Column: 1}
	}
	return p
}

// placeFields gives such positions to fields, at every depth.
func placeFields(path string, fields []rules.Field) {
	seen := make(map[string]bool, len(fields))
	for i := range fields {
		f := &fields[i]
		placeField(element(path, i, f.Name, seen[f.Name]), f)
		seen[f.Name] = true
	}
}

func placeField(path string, f *rules.Field) {
	f.Pos = at(path, "name", "type", "title", "help", "required", "required_if", "when", "compute", "check", "message",
		"message_expression", "severity", "format", "min", "max", "scale", "currencies", "choices", "of", "fields")
	seen := make(map[string]bool, len(f.Choices))
	for i := range f.Choices {
		c := &f.Choices[i]
		c.Pos = at(element(path+".choices", i, c.Name, seen[c.Name]), "name", "title", "when")
		seen[c.Name] = true
	}
	placeFields(path+".fields", f.Fields)
	if f.Of != nil {
		placeField(path+".of", f.Of)
		placeFields(path+".of", f.Of.Fields) // "of" holds a record's fields directly
	}
}

// compileLifecycle checks the graph of states and events.
func compileLifecycle(l Lifecycle, out *report) *fsm.Lifecycle {
	d := fsm.Definition{Initial: l.Initial}
	for _, s := range l.States {
		d.States = append(d.States, fsm.State{Name: s.Name, Final: s.Final})
	}
	for _, e := range l.Events {
		d.Events = append(d.Events, fsm.Event{Name: e.Name, From: e.From, To: e.To})
	}
	certain := out.doubts().graph
	lifecycle, err := fsm.New(d)
	var wrong fsm.Problems
	switch {
	case errors.As(err, &wrong):
		for _, w := range wrong {
			if !certain && (w.Code == fsm.CodeUnreachable || w.Code == fsm.CodeDeadEnd || w.Code == fsm.CodeNoFinal) {
				continue // perhaps not so when the rest is mended
			}
			suggestion := ""
			if w.Suggestion != "" {
				suggestion = fmt.Sprintf("did you mean %q?", w.Suggestion)
			}
			code := CodeLifecycle
			if w.Code == fsm.CodeUnknownState {
				code = CodeReference
			}
			out.suggest("lifecycle."+w.Path, code, suggestion, "%s", w.Message)
		}
	case err != nil:
		out.add("lifecycle", CodeLifecycle, "%v", err)
	}
	return lifecycle
}

// compileSchemas makes the structure of each section. Sections that are known
// to be wrong are left out: their mistakes would be told twice.
func compileSchemas(d *Definition, set *rules.Set, out *report) map[string]*section.Schema {
	schemas := make(map[string]*section.Schema, len(d.Sections))
	for i, s := range d.Sections {
		path := "sections." + s.Name
		if out.misdeclared(path) {
			continue
		}
		fields := s.Fields
		if set != nil {
			fields = set.Definition().Sections[i].Fields // with every default
		}
		schema, err := section.NewSchema(structure(fields))
		var wrong *section.SchemaError
		switch {
		case errors.As(err, &wrong):
			for _, w := range wrong.Problems {
				out.add(fieldPath(path, w.Path), CodeField, "%s", w.Detail)
			}
		case err != nil:
			out.add(path, CodeField, "%v", err)
		}
		schemas[s.Name] = schema
	}
	return schemas
}

// structure is what package section needs to know of fields.
func structure(fields []rules.Field) []section.Field {
	out := make([]section.Field, len(fields))
	for i, f := range fields {
		o := section.Field{Name: f.Name, Kind: section.Kind(f.Kind), Scale: f.Scale, Currencies: f.Currencies}
		if f.Kind == rules.KindText || f.Kind == rules.KindList {
			o.Max, _ = strconv.Atoi(f.Max) // a compiled definition has one
		}
		for _, c := range f.Choices {
			o.Choices = append(o.Choices, c.Name)
		}
		if f.Of != nil {
			o.Of = &structure([]rules.Field{*f.Of})[0]
		}
		if len(f.Fields) > 0 {
			o.Fields = structure(f.Fields)
		}
		out[i] = o
	}
	return out
}

// fieldPath turns a path of values, "lines[].price", into that of the
// definition: "sections.products.fields.lines.of.price".
func fieldPath(section, path string) string {
	at, sep := section, ".fields."
	for step := range strings.SplitSeq(path, ".") {
		name, items := strings.CutSuffix(step, "[]")
		name, _, choice := strings.Cut(name, "#")
		if name == "" && !items {
			return at
		}
		at, sep = at+sep+name, ".fields."
		if choice {
			return at + ".choices"
		}
		if items {
			at, sep = at+".of", "."
		}
	}
	return at
}
