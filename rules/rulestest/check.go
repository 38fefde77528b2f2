package rulestest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// Check evaluates the cases of suites of one template. A case that names
// something that there is not (a rule, a role, a fixture, a field) fails; the
// error is the expression engine's alone.
func Check(tpl Template, suites ...*Suite) (*Report, error) {
	r, err := newRunner(tpl)
	if err != nil {
		return nil, err
	}
	return r.report(suites), nil
}

func (r *runner) report(suites []*Suite) *Report {
	out := &Report{}
	for _, s := range suites {
		if out.Template == "" {
			out.Template = s.Template
		}
		for i := range s.Cases {
			out.Results = append(out.Results, r.check(s, &s.Cases[i]))
		}
	}
	out.Coverage = r.measure()
	return out
}

// A runner evaluates cases over one template.
type runner struct {
	tpl       Template
	set       *rules.Set
	coverage  *rules.Coverage
	sections  map[string]rules.Section
	factTypes map[string]rules.Field
	infos     map[string]rules.Info
	folded    map[string]string           // rule to the condition that it belongs to
	demanded  map[string]string           // what a field demands of the revision before, to its condition
	seen      map[string]map[Outcome]bool // by condition or folded rule
}

func newRunner(tpl Template) (*runner, error) {
	r := &runner{
		tpl: tpl, set: tpl.Rules(), sections: map[string]rules.Section{}, factTypes: map[string]rules.Field{},
		infos: map[string]rules.Info{}, folded: map[string]string{}, demanded: map[string]string{}, seen: map[string]map[Outcome]bool{},
	}
	var err error
	if r.coverage, err = r.set.Coverage(); err != nil {
		return nil, fmt.Errorf("rulestest: %w", err)
	}
	def := r.set.Definition()
	for _, s := range def.Sections {
		r.sections[s.Name] = s
	}
	for _, f := range def.Facts {
		r.factTypes[f.Name] = f.Type
	}
	for _, info := range r.set.Conditions() {
		r.infos[info.ID] = info
		for _, id := range info.Folded {
			r.folded[id] = info.ID
		}
		for _, demand := range info.Demands {
			r.demanded[demand] = info.ID
		}
	}
	return r, nil
}

// check evaluates one case.
func (r *runner) check(s *Suite, c *Case) Result {
	out := Result{File: s.Name, Name: c.Name, At: place(c.Pos)}
	fail := func(pos rules.Position, rule, format string, args ...any) {
		if pos == (rules.Position{}) {
			pos = c.Pos
		}
		out.Failures = append(out.Failures, Failure{At: place(pos), Rule: rule, Message: fmt.Sprintf(format, args...)})
	}
	if len(c.Expect) == 0 {
		fail(c.Pos, "", "the case expects nothing, so it cannot fail")
		return out
	}
	in, err := r.input(s, c)
	if err != nil {
		fail(c.Pos, "", "%v", err)
		return out
	}
	lang := s.Options.Lang
	if lang == "" {
		lang = "en"
	}
	for i := range c.Expect {
		want := &c.Expect[i]
		if !slices.Contains(outcomes, want.Outcome) {
			fail(want.Pos, want.Rule, "there is no outcome %q%s", want.Outcome, known(string(want.Outcome), outcomeNames()))
			continue
		}
		id, field, ok := r.resolve(want.Rule)
		if !ok {
			fail(want.Pos, want.Rule, "%s", r.noRule(want.Rule))
			continue
		}
		v := r.eval(id, in)
		if field {
			v = r.ofField(v, want.Rule, in)
		}
		if difference := differ(want, v, lang); difference != "" {
			fail(want.Pos, want.Rule, "%s", difference)
			continue
		}
		if len(v.Lacks) == 0 { // else the rule said nothing
			r.note(id, field, want, v.Violations, lang)
		}
	}
	return out
}

func (r *runner) eval(id string, in *rules.Input) rules.Verdict {
	if _, ok := r.folded[id]; ok {
		return r.set.EvalRule(id, in)
	}
	return r.set.Eval(id, in)
}

func outcomeNames() []string {
	names := make([]string, len(outcomes))
	for i, o := range outcomes {
		names[i] = string(o)
	}
	return names
}

// ofField is the verdict on one demand of a field: that of the section, where
// it is not in the way. Whether a choice is offered can be told by the section's
// change, for some choices of a field, and by its validity, for the others.
func (r *runner) ofField(v rules.Verdict, rule string, in *rules.Input) rules.Verdict {
	section, changes := strings.CutPrefix(v.ID, "change.")
	v = demandOf(v, rule)
	if changes && v.Result == rules.Pass && strings.HasSuffix(rule, "."+rules.ReasonChoice) {
		if valid := demandOf(r.eval("valid."+section, in), rule); valid.Result != rules.Pass {
			return valid
		}
	}
	return v
}

func demandOf(v rules.Verdict, rule string) rules.Verdict {
	if v.Result != rules.Fail && v.Result != rules.Pass {
		return v
	}
	out := rules.Verdict{ID: rule, Result: rules.Pass, Skipped: v.Skipped}
	for _, found := range v.Violations {
		if found.Rule == rule {
			out.Violations = append(out.Violations, found)
			if found.Severity == rules.SeverityError {
				out.Result = rules.Fail
			}
		}
	}
	if broken := (*rules.EvalError)(nil); out.Result == rules.Pass && errors.As(v.Err, &broken) && strings.HasPrefix(broken.Where, rule[:strings.LastIndexByte(rule, '.')]+" ") {
		out.Result, out.Err = rules.Error, v.Err // nor is it kept
	}
	return out
}

// outcomeOf names the outcome of a verdict as tests do.
func outcomeOf(v rules.Verdict) Outcome {
	switch {
	case v.Skipped:
		return Skipped
	case v.Result == rules.Pass && len(v.Violations) > 0:
		return Warning
	}
	return Outcome(v.Result)
}

// differ says how a verdict is not what was expected; "" if it is.
func differ(want *Expectation, v rules.Verdict, lang string) string {
	got := outcomeOf(v)
	if got != want.Outcome {
		return fmt.Sprintf("want %s, got %s", want.Outcome, describe(v, lang))
	}
	switch want.Outcome {
	case Fail, Warning:
		if want.Violations != nil {
			if found := violated(v); !sameNames(found, want.Violations) {
				return fmt.Sprintf("want violations of %s, got %s", list(want.Violations), describe(v, lang))
			}
		}
		if want.Message+want.At != "" && !slices.ContainsFunc(v.Violations, func(found rules.Violation) bool {
			return want.describes(found, lang)
		}) {
			return fmt.Sprintf("want %s, got %s", expected(want), describe(v, lang))
		}
	case Unknown:
		if want.Sections != nil && !sameNames(v.Hidden, want.Sections) {
			return fmt.Sprintf("want unknown for want of the sections %s, got %s", list(want.Sections), describe(v, lang))
		}
		if want.Absent != nil && !sameNames(v.Absent, want.Absent) {
			return fmt.Sprintf("want unknown for want of the fields %s, got %s", list(want.Absent), describe(v, lang))
		}
		if want.Lacks != nil && !sameNames(v.Lacks, want.Lacks) {
			return fmt.Sprintf("want unknown for want of the application's %s, got %s", list(want.Lacks), describe(v, lang))
		}
	}
	if want.Reason != "" && reasonOf(v) != want.Reason {
		return fmt.Sprintf("want error %q, got %s", want.Reason, describe(v, lang))
	}
	return ""
}

// describes reports whether a violation has the message and the place that are
// wanted.
func (want *Expectation) describes(found rules.Violation, lang string) bool {
	return (want.Message == "" || found.Message(lang) == want.Message) && (want.At == "" || found.Path == want.At)
}

func expected(want *Expectation) string {
	s := string(want.Outcome)
	if want.Message != "" {
		s += fmt.Sprintf(" %q", want.Message)
	}
	if want.At != "" {
		s += " at " + want.At
	}
	return s
}

// describe tells a verdict in a line.
func describe(v rules.Verdict, lang string) string {
	s := string(outcomeOf(v))
	for i, found := range v.Violations {
		if i > 0 {
			s += ","
		}
		s += " " + found.Rule
		if found.Path != "" {
			s += " at " + found.Path
		}
		s += fmt.Sprintf(" %q", found.Message(lang))
	}
	if len(v.Hidden) > 0 {
		s += " for want of the sections " + list(v.Hidden)
	}
	if len(v.Absent) > 0 {
		s += " for want of the fields " + list(v.Absent)
	}
	if len(v.Lacks) > 0 {
		s += " for want of the application's " + list(v.Lacks)
	}
	if v.Err != nil {
		s += fmt.Sprintf(" %q", reasonOf(v))
	}
	return s
}

func reasonOf(v rules.Verdict) string {
	var broken *rules.EvalError
	if errors.As(v.Err, &broken) {
		return broken.Reason
	}
	return ""
}

func violated(v rules.Verdict) []string {
	found := make([]string, len(v.Violations))
	for i := range v.Violations {
		found[i] = v.Violations[i].Rule
	}
	return found
}

func sameNames(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func list(names []string) string { return "[" + strings.Join(names, ", ") + "]" }

// place formats a position; "" for none.
func place(p rules.Position) string {
	if p.Line == 0 {
		return p.File
	}
	return p.String()
}
