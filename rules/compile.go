package rules

import (
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
)

// A compiler holds what the compilation of one definition needs.
type compiler struct {
	*reporter
	env          *cel.Env
	provider     *provider
	sections     map[string]*section
	sectionNames []string // in the order of the definition
	facts        map[string]*node
	items        map[string]*node // elements of lists by the path of the list
	functionsOf  map[string]bool  // of the application, by name: whether there is a Call
	unsure       doubts
	jobs         []job
	bytes        int // of all expressions
}

// Compile checks a definition and prepares it for evaluation, for whoever
// writes it or lets it in. The error is of type [Diagnostics] and holds every
// mistake at once; the definition is not kept or changed.
func Compile(d Definition) (*Set, error) {
	c, set := compile(d)
	if c.prudence(set); len(c.found) > 0 {
		return nil, c.found
	}
	return set, nil
}

// Inspect tells what the conditions of a definition read. Where Compile fails,
// it tells this of those that are sound all the same, for whoever has more to say
// about a definition than its mistakes.
func Inspect(d Definition) []Info {
	c, set := compile(d)
	if c.full || set == nil { // who can tell what else is wrong?
		return nil
	}
	return set.sound()
}

// CompileFrozen does what Compile does, for a definition that is in use: a log
// exists that was written under it, and must mean the same to every version of
// this package. So it enforces what is frozen, and not what is prudent: a
// definition is never refused for its cost, which each version estimates as
// well as it can. A condition that could take far more than Compile admits
// is not run, and comes to no outcome: its [Verdict] has none, and [ErrTooDear].
func CompileFrozen(d Definition) (*Set, error) {
	c, set := compile(d)
	if len(c.found) > 0 {
		return nil, c.found
	}
	return set, nil
}

// compile checks all but the cost. What it finds wrong is in the compiler; then
// the set is incomplete, and nil where nothing could be made of the definition.
func compile(d Definition) (*compiler, *Set) {
	c := &compiler{
		reporter:    &reporter{},
		provider:    &provider{},
		sections:    map[string]*section{},
		facts:       map[string]*node{},
		items:       map[string]*node{},
		functionsOf: map[string]bool{},
	}
	set := &Set{sections: c.sections, facts: c.facts, conditions: map[string]*condition{}}
	if !c.counts(d) {
		return c, nil
	}
	if set.def = c.declare(d, set); c.env == nil {
		return c, nil
	}
	c.fieldExpressions(set)
	rules := c.ruleExpressions(d, set)
	c.compileAll()
	for _, s := range set.order {
		c.computeOrder(s)
	}
	c.arrange(rules, set)
	if len(c.found) == 0 {
		set.describe()
		set.index()
	}
	return c, set
}

// counts checks the numbers of things before anything is built from them.
func (c *compiler) counts(d Definition) bool {
	for _, l := range []struct {
		what       string
		count, max int
	}{
		{"sections", len(d.Sections), maxSections},
		{"facts", len(d.Facts), maxFacts},
		{"rules", len(d.Rules), maxRules},
		{"conditions", len(d.Conditions), maxConditions},
		{"functions", len(d.Functions), maxFunctions},
		{"formats", len(d.Formats), maxFormats},
		{"holidays", len(d.Holidays), maxHolidays},
	} {
		if l.count > l.max {
			c.at(Position{}, "definition", "at most "+strconv.Itoa(l.max)+" "+l.what)
		}
	}
	return len(c.found) == 0
}

// declare builds every type, and the environment of the expressions; it
// returns the definition with its defaults filled in.
func (c *compiler) declare(d Definition, set *Set) Definition {
	b := &builder{reporter: c.reporter, records: map[string]*recordType{}, formats: c.formats(d.Formats)}
	out := d
	out.Sections, out.Facts = nil, nil
	variables := []cel.EnvOption{cel.Variable(langVar, cel.StringType)}
	for _, def := range d.Sections {
		if c.sections[def.Name] != nil {
			c.at(def.Pos.of(""), "section "+def.Name, "there are two sections of this name")
			c.unsure.names = true // one may be meant to have another
			continue
		}
		before := len(c.found)
		s, named := b.section(def)
		s.wrong = len(c.found) > before
		if c.unsure.names = c.unsure.names || !named; !namable(def.Name) {
			continue
		}
		c.sections[def.Name] = s
		c.sectionNames = append(c.sectionNames, def.Name)
		s.number = len(set.order)
		set.order = append(set.order, s)
		for _, f := range s.rec.fields {
			variables = append(variables, cel.Variable(fieldVar(sectionVar(def.Name), f.field.Name), f.typ))
		}
		out.Sections = append(out.Sections, s.def)
		variables = append(variables,
			cel.Variable(sectionVar(def.Name), s.rec.typ),
			cel.Variable(oldVar(def.Name), s.rec.typ))
	}
	for _, def := range d.Facts {
		where := "fact " + def.Name
		if !b.name(def.Name, "fact", where, def.Pos) {
			c.unsure.names = true
			continue
		}
		if c.sections[def.Name] != nil || c.facts[def.Name] != nil {
			c.at(def.Pos.of(""), where, "there are two variables of this name")
			c.unsure.names = true
			continue
		}
		n := b.node(def.Type, def.Name, nil, 0)
		n.each(func(m *node) {
			if f := m.field; f.Required || f.RequiredIf != "" || f.When != "" || f.Compute != "" || f.Check != "" {
				c.at(def.Pos.of(""), where, "facts have a type only, no rules")
			}
		})
		c.facts[def.Name] = n
		def.Type = n.field
		out.Facts = append(out.Facts, def)
		variables = append(variables, cel.Variable(factVar(def.Name), n.typ))
	}
	for _, list := range b.lists {
		c.items[list.path] = list.elem
		variables = append(variables, cel.Variable(itemVar(list.path), list.elem.typ))
	}
	c.provider.records = b.records
	cal := calendar{holidays: map[date]bool{}}
	for _, text := range d.Holidays {
		day, ok := parseDate(text)
		if !ok {
			c.at(Position{}, "holidays", strconv.Quote(text)+" is no date such as \"2026-12-25\"")
		}
		cal.holidays[day] = true
	}
	before := len(c.found)
	variables = append(variables, c.functions(d.Functions, b.formats)...)
	c.unsure.functions = len(c.found) > before
	if c.unsure.any = len(c.found) > 0; c.unsure.any {
		variables = append(variables, cel.Variable(unsureVar, cel.DynType))
	}
	env, err := newEnv(c.provider, cal, variables)
	if err != nil {
		// Only a function of the application can bring this about.
		c.at(Position{}, "functions", "cannot be declared: "+err.Error())
		return out
	}
	c.env = env
	return out
}

// fieldExpressions takes down the rules of every field.
func (c *compiler) fieldExpressions(set *Set) {
	for _, s := range set.order {
		top := []frame{{base: []string{sectionVar(s.def.Name)}, path: s.def.Name, rec: s.rec}}
		for _, n := range s.rec.fields {
			c.field(s, n, top)
		}
	}
}

// field takes down the rules of a field and of what is below it. The frames are
// the records that it stands in, the innermost first.
func (c *compiler) field(s *section, n *node, frames []frame) {
	f := n.field
	this := append(slices.Clone(frames[0].base), f.Name)
	if n.parent != nil && n.parent.elem == n {
		this = []string{itemVar(n.parent.path)}
	}
	expression := func(member, src string, want *cel.Type, past, value, lang bool) *program {
		if src == "" {
			return nil
		}
		sc := &scope{where: n.path + " " + said(member), pos: f.Pos.of(member), section: s, frames: frames, past: past, lang: lang}
		if value {
			sc.this = this
		}
		if member == "compute" {
			sc.currencies = f.Currencies
		}
		return s.keep(c.expression(src, sc, want), n)
	}
	n.requiredIf = expression("required_if", f.RequiredIf, cel.BoolType, true, false, false)
	n.when = expression("when", f.When, cel.BoolType, false, false, false)
	n.compute = expression("compute", f.Compute, n.typ, false, false, false)
	n.check = expression("check", f.Check, cel.BoolType, true, true, false)
	n.message = expression("message_expression", f.MessageExpr, cel.StringType, true, true, true)
	for i, choice := range f.Choices {
		if choice.When != "" && n.choiceWhen != nil { // else the field is declared wrongly
			sc := &scope{where: n.path + " choice " + choice.Name, pos: choice.Pos.of("when"), section: s, frames: frames, past: true}
			n.choiceWhen[i] = s.keep(c.expression(choice.When, sc, cel.BoolType), n)
			if p := n.choiceWhen[i]; p != nil {
				p.where = n.path + " choices" // where it breaks: which of them is run tells the value
			}
		}
	}
	if n.elem != nil {
		inner := frames
		if n.elem.rec != nil {
			inner = append([]frame{{base: []string{itemVar(n.path)}, path: n.path + "[]", rec: n.elem.rec}}, frames...)
		}
		c.field(s, n.elem, inner)
	}
	if n.rec != nil {
		inner := frames
		if n.parent == nil || n.parent.elem != n { // an item of a list has its frame already
			inner = append([]frame{{base: this, path: n.path, rec: n.rec}}, frames...)
		}
		for _, m := range n.rec.fields {
			c.field(s, m, inner)
		}
	}
}

// said is a member as authors write it: in YAML one key takes yes, no or an
// expression, where the definition has two.
func said(member string) string { return strings.TrimSuffix(member, "_if") }

// lookBack sets apart those of a field's programs that read old: what they
// demand is due whenever the section is written, and no part of its validity.
func (s *section) lookBack(n *node) {
	s.lookBackBy(n, ReasonRequired, n.requiredIf)
	s.lookBackBy(n, ReasonChoice, n.choiceWhen...)
	s.lookBackBy(n, ReasonCheck, n.check)
	if n.message != nil {
		n.message.says = true
		n.message.back = n.check != nil && n.check.back
	}
}

func (s *section) lookBackBy(n *node, reason string, programs ...*program) {
	found := false
	for _, p := range programs {
		if p != nil && len(p.olds) > 0 {
			p.back, found = true, true
		}
	}
	if !found {
		return
	}
	s.changes = append(s.changes, n.path+"."+reason)
	for ; n != nil; n = n.parent {
		n.looksBack = true
	}
}

// keep adds a program to those of the section. One that stands at a field of
// a list's items runs for each item.
func (s *section) keep(p *program, at *node) *program {
	if p == nil {
		s.wrong = true
		return nil
	}
	p.times = 1
	if at != nil {
		p.times = at.times()
	}
	s.programs = append(s.programs, p)
	return p
}

// ruleExpressions takes down the rules over sections, which it returns, and the
// caller's conditions.
func (c *compiler) ruleExpressions(d Definition, set *Set) []*rule {
	for _, s := range set.order {
		set.conditions["valid."+s.def.Name] = &condition{id: "valid." + s.def.Name, section: s}
	}
	var rules []*rule
	for _, def := range d.Rules {
		where := "rule " + def.ID
		c.severity(def.Severity, where, def.Pos)
		if !idPattern.MatchString(def.ID) {
			c.at(def.Pos.of("id"), where, "rule ids are a lower-case letter, then up to 62 of a-z 0-9 _")
		}
		id := "rule." + def.ID
		if set.conditions[id] != nil {
			c.at(def.Pos.of(""), where, "there are two rules of this id")
			continue
		}
		r := &rule{def: def, id: id}
		r.test = c.expression(def.Expr, &scope{where: where, pos: def.Pos.of("rule"), past: true}, cel.BoolType)
		if def.MessageExpr != "" {
			r.message = c.expression(def.MessageExpr, &scope{where: where + " message_expression", pos: def.Pos.of("message_expression"), past: true, lang: true}, cel.StringType)
		}
		r.prepare()
		if def.Field != "" && !c.path(def.Field) && !c.unsureOf(def.Field) && !c.full {
			c.at(def.Pos.of("field"), where, "there is no field "+strconv.Quote(def.Field)+c.meantPath(def.Field))
		}
		set.conditions[id] = &condition{id: id, rule: r}
		rules = append(rules, r)
	}
	for _, def := range d.Conditions {
		where := "condition " + def.ID
		if !conditionID(def.ID) {
			c.at(def.Pos.of("id"), where, "ids of conditions are names joined by dots, and do not begin with \"valid.\", \"change.\" or \"rule.\"")
			continue
		}
		if set.conditions[def.ID] != nil {
			c.at(def.Pos.of("id"), where, "there are two conditions of this id")
			continue
		}
		test := c.expression(def.Expr, &scope{where: where, pos: def.Pos.of("expression"), past: true}, cel.BoolType)
		set.conditions[def.ID] = &condition{id: def.ID, test: test}
		set.conditionIDs = append(set.conditionIDs, def.ID)
	}
	slices.Sort(set.conditionIDs)
	return rules
}

// arrange gives each rule its place: in the "valid" of the one section that it
// reads, in its "change", or as a condition of its own. A rule over old is due at
// every write, so it is not part of what is due when a section must be valid. Nor
// is a warning that not everybody can tell: nothing should wait for it.
func (c *compiler) arrange(rules []*rule, set *Set) {
	for _, s := range set.order {
		for _, n := range s.rec.fields {
			n.each(s.lookBack)
		}
		if len(s.changes) > 0 {
			set.conditions["change."+s.def.Name] = &condition{id: "change." + s.def.Name, section: s, back: true}
		}
	}
	for _, r := range rules {
		if r.test == nil || r.test.wrong {
			continue
		}
		advisory := r.def.Severity == SeverityWarning && len(r.test.needs) > 0
		if s := r.test.sections; len(s) == 1 && len(r.test.facts)+len(r.test.olds)+len(r.def.At) == 0 && !advisory {
			owner := c.sections[s[0]]
			owner.folds = append(owner.folds, r)
			owner.keep(r.test, nil)
			set.folded = append(set.folded, r.id)
			delete(set.conditions, r.id)
			continue
		}
		set.ruleIDs = append(set.ruleIDs, r.id)
	}
}

func conditionID(id string) bool {
	head, _, _ := strings.Cut(id, ".")
	if head == "valid" || head == "change" || head == "rule" || len(id) > 200 {
		return false
	}
	for _, part := range strings.Split(id, ".") {
		if !idPattern.MatchString(part) {
			return false
		}
	}
	return true
}

// path reports whether a static path such as "products.lines[].price" or
// "products" exists.
func (c *compiler) path(path string) bool { return c.sections[path] != nil || c.lookup(path) != nil }

// lookup finds the field at a static path of a section or, with "old.", of its
// revision before; or a fact.
func (c *compiler) lookup(path string) *node {
	name, rest, deeper := strings.Cut(strings.TrimPrefix(path, "old."), ".")
	if s := c.sections[name]; s != nil && deeper {
		return s.rec.lookup(rest)
	}
	if n := c.facts[name]; n != nil {
		if !deeper {
			return n
		}
		if n.rec != nil {
			return n.rec.lookup(rest)
		}
	}
	return nil
}

// meantPath ends the message on a path at which nothing is: it may lead through
// the items of a list without saying so.
func (c *compiler) meantPath(path string) string {
	plain := func(path string) string { return strings.ReplaceAll(path, "[]", "") }
	want, through := plain(staticPaths([]string{path})[0]), ""
	for _, s := range c.sections {
		for _, f := range s.rec.fields {
			f.each(func(n *node) {
				if plain(n.path) == want && (through == "" || len(n.path) < len(through)) {
					through = n.path
				}
			})
		}
	}
	if through != "" {
		return "; did you mean " + strconv.Quote(through) + "?"
	}
	return suggest(path, c.topPaths())
}

// topPaths lists sections with their top-level fields, for suggestions.
func (c *compiler) topPaths() []string {
	var out []string
	for _, name := range c.sectionNames {
		for _, f := range c.sections[name].rec.fields {
			out = append(out, f.path)
		}
	}
	return out
}
