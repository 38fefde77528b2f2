package rules

import (
	"iter"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// An answer is what one program gave.
type answer struct {
	value  ref.Val // where it is known
	state  answerState
	absent []string // static paths of absent fields that stopped it, sorted
	lacks  []string // functions of the application that stopped it, since they are not there
	err    error    // *EvalError; of a message also ErrTooDear
}

type answerState int

const (
	answerKnown   answerState = iota
	answerSkipped             // it reads old, and there is none
	answerAbsent              // it stopped at absent fields alone
	answerLacking             // it stopped at a function that is not there
	answerHidden              // it stopped at a section that cannot be read
	answerError               // the expression broke
)

func (a answer) is(b bool) bool { return a.state == answerKnown && a.value == types.Bool(b) }

// run evaluates the program.
func (p *program) run(act *activation) answer {
	if p.stopped != nil {
		return answer{state: answerError, err: p.stopped}
	}
	if p.skips(act.in) {
		return answer{state: answerSkipped}
	}
	plan := p.plan
	if act.in.coverage != nil {
		plan = act.in.coverage.watched(p)
	}
	out, _, err := plan.Eval(act)
	if err != nil {
		return answer{state: answerError, err: p.broken(err)}
	}
	if u, ok := out.(*types.Unknown); ok {
		return p.unknown(u)
	}
	return answer{value: out}
}

// unknown tells absent fields, functions that are not there and hidden sections
// by their trails.
func (p *program) unknown(u *types.Unknown) answer {
	a := answer{state: answerAbsent}
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, trail := range trails {
			if path, ok := strings.CutPrefix(trail.Variable(), absentPrefix); ok {
				a.absent = append(a.absent, path)
			} else if strings.HasPrefix(trail.Variable(), lackPrefix) {
				a.state, a.lacks = max(a.state, answerLacking), p.lacks
			} else {
				a.state = answerHidden
			}
		}
	}
	slices.Sort(a.absent)
	a.absent = slices.Compact(a.absent)
	return a
}

// A Result is the outcome of a condition.
type Result string

// The four outcomes. Only Pass lets the process go on.
const (
	Pass    Result = "pass"
	Fail    Result = "fail"
	Unknown Result = "unknown" // sections cannot be read, fields are absent, or functions are not there
	Error   Result = "error"   // the rule itself broke
)

// A Verdict is the outcome of one condition over one input.
type Verdict struct {
	ID string
	// Result is empty, and none of the four, where the condition was not run: then Err
	// wraps [ErrTooDear]. Another version may run it, so nothing follows from that.
	Result Result
	// Hidden names, for Unknown, every section that the condition reads and
	// the evaluator cannot: "credit", or "old.credit" for its revision before.
	Hidden []string
	// Absent are, for Unknown, the static paths of the fields that stopped it,
	// such as "products.lines[].price": they are absent, or hold more than their
	// maximum. They are for whoever may read what was evaluated: where a value
	// decides which field is looked at, they tell it.
	Absent []string
	// Lacks names, for Unknown for want of them, every function and format of the
	// application that the condition needs and the evaluator does not have, by
	// whatever value it came to need one: see [Set.With]. Whoever has them may come
	// to a definite outcome.
	Lacks []string
	// Violations say what is wrong, for Fail, and hold the warnings of any
	// outcome; of more than 1000, the first.
	Violations []Violation
	// Err is an *EvalError: for Error, and for Fail where a rule broke beside those
	// that fail. Or it wraps ErrTooDear.
	Err error
	// Skipped says that the condition reads the revision before, and there is
	// none; it counts as Pass.
	Skipped bool
}

// Eval evaluates a condition. An id that is none gives the outcome Error.
func (s *Set) Eval(id string, in *Input) Verdict { return s.eval(id, s.conditions[id], in, nil) }

// EvalChanged evaluates the conditions that [Set.Affected] lists, in its order,
// but of "valid.<section>" only those parts that depend on the fields at these
// paths: enough for a form whose other parts were evaluated before, never for a
// decision.
func (s *Set) EvalChanged(in *Input, paths []string) iter.Seq[Verdict] {
	return func(yield func(Verdict) bool) {
		changed := staticPaths(paths)
		var few [32]int
		for _, n := range s.paths.find(few[:0], changed) {
			if c := s.listed[n]; !yield(s.eval(c.id, c, in, changed)) {
				return
			}
		}
	}
}

// The verdict is filled in where it is returned, since it is large to copy.
func (s *Set) eval(id string, c *condition, in *Input, changed []string) (v Verdict) {
	switch v.ID = id; {
	case c == nil || in.set != s:
		v.Result, v.Err = Error, &EvalError{Where: id, Reason: "there is no such condition, or the input is of another set", always: true}
	case c.skips(in): // which takes no running
		v.Result, v.Skipped = Pass, true
	case c.stopped != nil:
		v.Err = c.stopped
	case c.section != nil:
		c.valid(in, changed, &v)
	case c.rule != nil:
		c.evalRule(in, &v)
	default:
		c.verdict(c.test, in, &v)
	}
	return v
}

// skips reports whether the condition reads a revision before, and there is none.
func (c *condition) skips(in *Input) bool {
	switch {
	case c.back:
		return !in.has(oldVar(c.section.def.Name))
	case c.section != nil:
		return false
	case c.rule != nil:
		return c.rule.test.skips(in)
	}
	return c.test.skips(in)
}

func (p *program) skips(in *Input) bool {
	return slices.ContainsFunc(p.oldVars, func(old string) bool { return !in.has(old) })
}

// verdict turns the answer of a single program into the condition's verdict.
func (c *condition) verdict(p *program, in *Input, v *Verdict) {
	a := p.run(&in.root)
	switch {
	case p.stopped != nil:
		v.Err = p.stopped
	case a.state == answerError:
		v.Result, v.Err = Error, a.err
	case a.state == answerKnown && a.value == types.True:
		v.Result = Pass
	case a.state == answerKnown:
		v.Result = Fail
	default:
		v.Result, v.Absent, v.Hidden, v.Lacks = Unknown, a.absent, c.hidden(in), a.lacks
	}
}

// hidden lists the sections that the condition reads and the evaluator cannot.
// The static references name them all, where the engine reports only those at
// which it happened to stop.
func (c *condition) hidden(in *Input) []string {
	var out []string
	add := func(variable, name string) {
		if in.hides(variable) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if c.section != nil {
		add(sectionVar(c.section.def.Name), c.section.def.Name)
	}
	for _, p := range c.programs() {
		if p.says {
			continue
		}
		for _, name := range p.sections {
			add(sectionVar(name), name)
		}
		for _, name := range p.olds {
			add(oldVar(name), "old."+name)
		}
	}
	slices.Sort(out)
	return out
}

// evalRule evaluates a rule that is a condition of its own.
func (c *condition) evalRule(in *Input, v *Verdict) {
	if c.verdict(c.rule.test, in, v); v.Result == Fail {
		v.Violations = []Violation{c.rule.violation(&in.root)}
		if v.Violations[0].Severity == SeverityWarning {
			v.Result = Pass
		}
	}
}
