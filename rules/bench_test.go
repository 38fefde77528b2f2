package rules

import (
	"slices"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// compare runs the measured code and its floor in turns, in short slices, and
// reports the median of the ratios, which a noisy machine disturbs least.
func compare(b *testing.B, measured, floor func()) {
	const slice = 200 * time.Microsecond
	timed := func(f func()) float64 {
		n, start := 0, time.Now()
		for time.Since(start) < slice {
			f()
			n++
		}
		return float64(time.Since(start)) / float64(n)
	}
	measured()
	floor()
	var ratios []float64
	start := time.Now()
	for len(ratios) < 11 || time.Since(start) < time.Second {
		ratios = append(ratios, timed(measured)/timed(floor))
	}
	b.ResetTimer()
	for b.Loop() {
		measured()
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
}

// form is 30 fields under 20 rules, each a condition of its own.
func form() Definition {
	d := Definition{}
	kinds := []Field{
		{Kind: KindText, Max: "60"}, {Kind: KindInteger}, {Kind: KindBoolean},
	}
	for _, name := range []string{"one", "two", "three"} {
		s := Section{Name: name}
		for i := range 10 {
			f := kinds[i%3]
			f.Name = "f" + itoa(i)
			s.Fields = append(s.Fields, f)
		}
		d.Sections = append(d.Sections, s)
	}
	expressions := []string{
		`one.f0.matches("^[A-Z]{2}[0-9]{3,11}$")`, `one.f1 >= 1 && one.f1 <= 100`, `one.f2 || two.f2`,
		`one.f3.size() > 3 && one.f3.startsWith("IT")`, `one.f4 + two.f4 < three.f4 * 100`, `!one.f5 || one.f6 != ""`,
		`two.f0 in ["IT", "FR", "DE", "value0"]`, `two.f1 * 2 > one.f1`, `two.f3.matches("^[a-zA-Z0-9 .-]*$")`,
		`two.f6 != two.f9`, `two.f7 > 0 ? two.f8 : one.f8`, `three.f0.endsWith("0") && three.f3.contains("a")`,
		`three.f1 % 2 == 1 || three.f4 > 3`, `has(three.f5) && three.f5`, `three.f6.size() + three.f9.size() < 60`,
		`three.f7 >= one.f7 - two.f7`, `one.f9.matches("^value[0-9]+$")`, `(one.f1 > 3 && two.f1 > 3) || three.f1 > 3`,
		`one.f0 != two.f0 || two.f0 != three.f0`, `three.f8 && (one.f2 || two.f5)`,
	}
	for i, e := range expressions {
		// At keeps each a condition of its own.
		d.Rules = append(d.Rules, Rule{ID: "r" + itoa(i), Expr: e, At: []string{"submit"}})
	}
	return d
}

func formContent() map[string]any {
	c := map[string]any{}
	for i := range 10 {
		c["f"+itoa(i)] = []any{"value" + itoa(i), int64(7 + i), true}[i%3]
	}
	return c
}

// bare compiles the same expressions with the engine alone.
func bare(b *testing.B, d Definition, option cel.EvalOption) []cel.Program {
	b.Helper()
	env := bareEnv(b, d)
	var out []cel.Program
	for _, r := range d.Rules {
		a, issues := env.Compile(r.Expr)
		if issues.Err() != nil {
			b.Fatal(issues.Err())
		}
		p, err := env.Program(a, cel.EvalOptions(cel.OptOptimize|option))
		must(b, err)
		out = append(out, p)
	}
	return out
}

func bareEnv(b *testing.B, d Definition) *cel.Env {
	b.Helper()
	return extended(b, compiled(b, d).sections)
}

// extended is one environment for all expressions, as a careful user of the
// engine makes it.
func extended(b *testing.B, sections map[string]*section) *cel.Env {
	var options []cel.EnvOption
	for name := range sections {
		options = append(options, cel.Variable(name, cel.ObjectType(name)))
	}
	p := &provider{records: map[string]*recordType{}}
	for name, sec := range sections {
		p.records[name] = sec.rec
	}
	env, err := newEnv(p, calendar{}, options)
	must(b, err)
	return env
}

// prepared is an activation with one map of values for each section, which the
// engine reads fastest among what needs no code of one's own.
func prepared(content map[string]any) map[string]any {
	values := map[string]any{}
	for k, v := range content {
		values[k] = types.DefaultTypeAdapter.NativeToValue(v)
	}
	return map[string]any{"one": values, "two": values, "three": values}
}

func filled(b *testing.B, s *Set) *Input {
	b.Helper()
	in := s.Input()
	for _, name := range []string{"one", "two", "three"} {
		must(b, in.Section(name, formContent()))
	}
	return in
}

// BenchmarkEval evaluates 20 rules over 30 fields; the floor is the engine's
// optimized programs over a prepared activation.
func BenchmarkEval(b *testing.B) {
	d := form()
	s := compiled(b, d)
	in := filled(b, s)
	programs := bare(b, d, 0)
	act, err := cel.NewActivation(prepared(formContent()))
	must(b, err)
	ids := s.ruleIDs
	b.ReportAllocs()
	compare(b,
		func() {
			for _, id := range ids {
				if v := s.Eval(id, in); v.Result != Pass && v.Result != Fail {
					b.Fatal(v)
				}
			}
		},
		func() { runAll(b, programs, act) })
}

func runAll(b *testing.B, programs []cel.Program, act cel.Activation) {
	for _, p := range programs {
		var out ref.Val
		out, _, err := p.Eval(act)
		if err != nil || out == nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEvalHidden is the same with one section that cannot be read; the
// floor is the engine's partial evaluation.
func BenchmarkEvalHidden(b *testing.B) {
	d := form()
	s := compiled(b, d)
	in := filled(b, s)
	must(b, in.Hidden("two"))
	programs := bare(b, d, cel.OptPartialEval)
	values := prepared(formContent())
	delete(values, "two")
	act, err := cel.PartialVars(values, cel.AttributePattern("two"))
	must(b, err)
	b.ReportAllocs()
	compare(b,
		func() {
			for _, id := range s.ruleIDs {
				if v := s.Eval(id, in); v.Result == Error {
					b.Fatal(v)
				}
			}
		},
		func() { runAll(b, programs, act) })
}

// BenchmarkInput fills in the values of 30 fields and evaluates 20 rules: what
// a form does for each edit when it keeps nothing. The floor is the evaluation.
func BenchmarkInput(b *testing.B) {
	d := form()
	s := compiled(b, d)
	in := filled(b, s)
	eval := func(in *Input) {
		for _, id := range s.ruleIDs {
			s.Eval(id, in)
		}
	}
	compare(b, func() { eval(filled(b, s)) }, func() { eval(in) })
}

// edits are the changes of each field of [form], with the content of its
// section after the change.
func edits(s *Set) (changed [][]string, sections []string, contents []map[string]any) {
	for _, sec := range s.order {
		for i, f := range sec.rec.fields {
			content := formContent()
			content[f.field.Name] = []any{"other", int64(2), false}[i%3]
			changed, sections, contents = append(changed, []string{f.path}), append(sections, sec.def.Name), append(contents, content)
		}
	}
	return changed, sections, contents
}

// BenchmarkAffected evaluates what depends on one changed field, each of the
// 30 in turn; the floor is all of it, as often.
func BenchmarkAffected(b *testing.B) {
	s := compiled(b, form())
	in := filled(b, s)
	changed, _, _ := edits(s)
	b.ReportAllocs()
	compare(b,
		func() {
			for _, paths := range changed {
				for v := range s.EvalChanged(in, paths) {
					_ = v
				}
			}
		},
		func() { evalAll(s, in, len(changed)) })
}

// BenchmarkEdit is the same with what comes before: an input with the section
// as it is after the change.
func BenchmarkEdit(b *testing.B) {
	s := compiled(b, form())
	in := filled(b, s)
	changed, sections, contents := edits(s)
	b.ReportAllocs()
	compare(b,
		func() {
			for i, paths := range changed {
				edited, err := in.With(sections[i], contents[i])
				must(b, err)
				for v := range s.EvalChanged(edited, paths) {
					_ = v
				}
			}
		},
		func() { evalAll(s, in, len(changed)) })
}

func evalAll(s *Set, in *Input, times int) {
	for range times {
		for i := range s.infos {
			s.Eval(s.infos[i].ID, in)
		}
	}
}

// BenchmarkLoad compiles 50 rules; the floor is the engine's parsing, checking
// and planning of the same in one environment.
func BenchmarkLoad(b *testing.B) {
	d := form()
	for i := range 30 {
		r := d.Rules[i%20]
		r.ID = "s" + itoa(i)
		d.Rules = append(d.Rules, r)
	}
	records := compiled(b, d).sections
	compare(b, func() { compiled(b, d) }, func() { bareLoad(b, d, records) })
}

func bareLoad(b *testing.B, d Definition, sections map[string]*section) {
	env := extended(b, sections)
	for _, r := range d.Rules {
		a, issues := env.Compile(r.Expr)
		if issues.Err() != nil {
			b.Fatal(issues.Err())
		}
		if _, err := env.Program(a, cel.EvalOptions(cel.OptOptimize)); err != nil {
			b.Fatal(err)
		}
	}
}
