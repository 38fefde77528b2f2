package rules

import "strings"

// A Warning is something in a definition that is legal and probably not meant.
type Warning struct {
	Pos     Position
	Where   string // "rule covered", "products.total check"
	Code    string // one of the Lint constants
	Message string
}

// String formats the warning as a diagnostic is.
func (w Warning) String() string {
	return Diagnostic{Pos: w.Pos, Where: w.Where, Message: w.Message}.String()
}

// Codes of warnings.
const (
	LintConstant    = "constant"    // an expression that reads nothing: it always gives the same
	LintWhole       = "whole"       // a rule reads a whole section, so it is evaluated at every edit, and by nobody who cannot read all of it
	LintTranslation = "translation" // a text lacks a language that other texts of the definition have
	LintUnused      = "unused"      // a fact that nothing reads
	LintMessage     = "message"     // a rule without a message: people see its id only
)

// Lint lists what is legal but doubtful, in the order of the definition.
func (s *Set) Lint() []Warning {
	l := &linter{set: s, used: map[string]bool{}, languages: s.languages()}
	for _, sec := range s.order {
		l.texts(sec.def.Pos, "section "+sec.def.Name, sec.def.Title)
		for _, f := range sec.rec.fields {
			f.each(l.field)
		}
		for _, r := range sec.folds {
			l.rule(r)
		}
	}
	for _, id := range s.ruleIDs {
		l.rule(s.conditions[id].rule)
	}
	for _, def := range s.def.Conditions {
		l.program(s.conditions[def.ID].test, def.Pos.of("expression"))
	}
	for _, def := range s.def.Facts {
		if !l.used[def.Name] {
			l.add(def.Pos.of(""), "fact "+def.Name, LintUnused, "nothing reads this fact")
		}
	}
	return l.found
}

type linter struct {
	set       *Set
	found     []Warning
	used      map[string]bool // facts
	languages []string
}

func (l *linter) add(pos Position, where, code, message string) {
	l.found = append(l.found, Warning{pos, where, code, message})
}

// program looks at one expression.
func (l *linter) program(p *program, pos Position) {
	if p == nil {
		return
	}
	for _, name := range p.facts {
		l.used[name] = true
	}
	if len(p.sections)+len(p.olds)+len(p.facts) == 0 {
		message := "it reads nothing, so it always gives the same"
		switch a := p.run(&activation{in: l.set.Input()}); {
		case a.is(true):
			message = "it reads nothing and always holds"
		case a.is(false):
			message = "it reads nothing and never holds"
		case a.state == answerError:
			message = "it reads nothing and always breaks"
		}
		l.add(pos, p.where, LintConstant, message)
	}
	for _, name := range p.wholes {
		l.add(pos, p.where, LintWhole, "it reads the whole section "+name+", so it runs again after every edit there; name the fields that it needs")
	}
}

func (l *linter) field(n *node) {
	f := n.field
	l.program(n.requiredIf, f.Pos.of("required_if"))
	l.program(n.when, f.Pos.of("when"))
	// A computed constant is a default that cannot be changed: that is meant.
	if n.compute != nil && len(n.compute.sections) > 0 {
		l.program(n.compute, f.Pos.of("compute"))
	}
	l.program(n.check, f.Pos.of("check"))
	for i, c := range f.Choices {
		l.program(n.choiceWhen[i], c.Pos.of("when"))
		l.texts(c.Pos, n.path+" choice "+c.Name, c.Title)
	}
	l.texts(f.Pos, n.path, f.Title, f.Help, f.Message)
}

func (l *linter) rule(r *rule) {
	l.program(r.test, r.def.Pos.of("rule"))
	if r.message != nil {
		for _, name := range r.message.facts {
			l.used[name] = true
		}
	}
	if len(r.def.Message) == 0 && r.def.MessageExpr == "" {
		l.add(r.def.Pos.of(""), "rule "+r.def.ID, LintMessage, "without a message people see the id of the rule only")
	}
	l.texts(r.def.Pos, "rule "+r.def.ID, r.def.Message)
}

// texts reports languages that are missing.
func (l *linter) texts(pos Positions, where string, texts ...Text) {
	for _, t := range texts {
		if len(t) == 0 {
			continue
		}
		var missing []string
		for _, lang := range l.languages {
			if _, ok := t[lang]; !ok {
				missing = append(missing, lang)
			}
		}
		if len(missing) > 0 {
			l.add(pos.of(""), where, LintTranslation, "a text here is not translated to "+strings.Join(missing, ", "))
		}
	}
}

// languages lists every language of the definition's texts, sorted.
func (s *Set) languages() []string {
	seen := map[string]bool{}
	add := func(texts ...Text) {
		for _, t := range texts {
			for lang := range t {
				seen[lang] = true
			}
		}
	}
	for _, sec := range s.order {
		add(sec.def.Title)
		for _, f := range sec.rec.fields {
			f.each(func(n *node) {
				add(n.field.Title, n.field.Help, n.field.Message)
				for _, c := range n.field.Choices {
					add(c.Title)
				}
			})
		}
	}
	for _, r := range s.def.Rules {
		add(r.Message)
	}
	return sorted(seen)
}
