package rules

import (
	"strings"

	"cel.dev/cel-go/common/ast"
)

// A Warning is something in a definition that is legal and probably not meant.
type Warning struct {
	Pos     Position
	Where   string // "rule covered", "products.total check"
	Code    string // one of the Lint constants
	Message string // what is doubtful, and after a semicolon what to do
	// Source is the line of the expression, Caret the column in it, from 1; 0
	// where there is no expression.
	Source string
	Caret  int
}

// String formats the warning as a diagnostic is.
func (w Warning) String() string {
	return Diagnostic{Pos: w.Pos, Where: w.Where, Message: w.Message, Source: w.Source, Caret: w.Caret}.String()
}

// Codes of warnings.
const (
	LintConstant    = "constant"    // an expression that reads nothing: it always gives the same
	LintNeverFalse  = "never_false" // a part that can never be false, by types, bounds and constants, in content that is valid; or all of it, which cannot fail
	LintNeverTrue   = "never_true"  // a part that can never be true, or all of it, which cannot pass
	LintWhole       = "whole"       // a rule reads a whole section, so it is evaluated at every edit, and by nobody who cannot read all of it
	LintTranslation = "translation" // a text lacks a language that other texts of the definition have
	LintUnused      = "unused"      // a fact that nothing reads
	LintAbsent      = "absent"      // a condition reads a field that may be absent, and comes to no outcome while it is
	LintMessage     = "message"     // a rule without a message: people see its id only
)

// Lint lists what is legal but doubtful, in the order of the definition.
func (s *Set) Lint() []Warning {
	l := &linter{set: s, used: map[string]bool{}, inputs: map[*node]*node{}, languages: s.languages()}
	for _, sec := range s.order {
		l.texts(sec.def.Pos, "section "+sec.def.Name, sec.def.Title)
		for _, f := range sec.rec.fields {
			f.each(l.field)
		}
		for _, r := range sec.folds {
			l.rule(r, true)
		}
	}
	for _, id := range s.ruleIDs {
		r := s.conditions[id].rule
		if l.rule(r, false); r.def.Severity != SeverityWarning {
			l.absent(r.test)
		}
	}
	for _, def := range s.def.Conditions {
		l.program(s.conditions[def.ID].test, false)
		l.absent(s.conditions[def.ID].test)
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
	inputs    map[*node]*node // of computed fields, what they may lack
	languages []string
}

func (l *linter) add(pos Position, where, code, message string) {
	l.found = append(l.found, Warning{Pos: pos, Where: where, Code: code, Message: message})
}

// at adds a warning about a part of an expression.
func (l *linter) at(p *program, part ast.Expr, code, message string) {
	line, column := begin(p.origin.checked.NativeRep(), part)
	scope := p.origin.scope
	if lines := strings.Split(scope.source, "\n"); line <= len(lines) {
		column = beginning(lines[line-1], column)
	}
	d := scope.locate(line, column, message)
	l.found = append(l.found, Warning{Pos: d.Pos, Where: d.Where, Code: code, Message: d.Message, Source: d.Source, Caret: d.Caret})
}

// program looks at one expression; within says that it belongs to the validity
// of its one section.
func (l *linter) program(p *program, within bool) {
	if p == nil {
		return
	}
	for _, name := range p.facts {
		l.used[name] = true
	}
	root := p.origin.checked.NativeRep().Expr()
	if len(p.sections)+len(p.olds)+len(p.facts)+len(p.needs) == 0 {
		message := "it reads nothing, so it always gives the same"
		switch a := p.run(&activation{in: l.set.Input()}); {
		case a.is(true):
			message = "it reads nothing and always holds"
		case a.is(false):
			message = "it reads nothing and never holds"
		case a.state == answerError:
			message = "it reads nothing and always breaks"
		}
		l.at(p, root, LintConstant, message+"; name the fields that it is about, or leave it out")
	} else {
		l.decisions(p, within)
	}
	for _, name := range p.wholes {
		part := root
		ast.PostOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
			if part == root && e.Kind() == ast.IdentKind && e.AsIdent() == sectionVar(name) {
				part = e
			}
		}))
		l.at(p, part, LintWhole, "it reads the whole section "+name+", so it runs again after every edit there; name the fields that it needs")
	}
}

// decisions reports the parts of an expression that always give the same.
func (l *linter) decisions(p *program, within bool) {
	root := p.origin.checked.NativeRep().Expr()
	for _, d := range l.set.decisions(p, within) {
		what, code := "this part", LintNeverFalse
		if d.expr == root {
			what = "this"
		}
		never := "false"
		if !d.value {
			never, code = "true", LintNeverTrue
		}
		advice := "leave it out, or compare with what can differ"
		switch d.why {
		case whyRequired:
			advice = "leave it out"
		case whyEmpty:
			advice = "ask has() of it"
		}
		l.at(p, d.expr, code, what+" can never be "+never+": "+d.why+"; "+advice)
	}
}

func (l *linter) field(n *node) {
	f := n.field
	l.program(n.requiredIf, true)
	l.program(n.when, true)
	// A computed constant is a default that cannot be changed: that is meant.
	if n.compute != nil && len(n.compute.sections) > 0 {
		l.program(n.compute, true)
		l.absentComputed(n)
	}
	l.program(n.check, true)
	for i, c := range f.Choices {
		l.program(n.choiceWhen[i], true)
		l.texts(c.Pos, n.path+" choice "+c.Name, c.Title)
	}
	l.texts(f.Pos, n.path, f.Title, f.Help, f.Message)
}

func (l *linter) rule(r *rule, within bool) {
	l.program(r.test, within)
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
	return sortedKeys(seen)
}
