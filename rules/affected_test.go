package rules

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The index finds what comparing every path with every other does.
func TestPathIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	path := func() string {
		steps := []string{"a", "b", "ab", "a[]", "b[]"}
		var out []string
		for range 1 + random.IntN(4) {
			out = append(out, steps[random.IntN(len(steps))])
		}
		return strings.Join(out, ".")
	}
	paths := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = path()
		}
		return out
	}
	found := 0
	for range 2000 {
		x := pathIndex{}
		reads := make([][]string, 1+random.IntN(6))
		for i := range reads {
			reads[i] = paths(random.IntN(4))
			x.add(i, reads[i]...)
		}
		changed := paths(1 + random.IntN(3))
		var want []int
		for i := range reads {
			if touches(reads[i], changed) {
				want = append(want, i)
			}
		}
		got := x.find(nil, changed)
		if !slices.Equal(got, want) {
			t.Fatalf("%v of %v: %v, want %v", changed, reads, got, want)
		}
		found += len(got)
	}
	if found < 1000 {
		t.Errorf("only %d were found", found)
	}
}

// The caller's paths stay as they are.
func TestStaticPaths(t *testing.T) {
	in := []string{"a.b", "a.l[3].x[12].y", "a.l[]"}
	if got := strings.Join(staticPaths(in), " "); got != "a.b a.l[].x[].y a.l[]" {
		t.Error(got)
	}
	if in[1] != "a.l[3].x[12].y" {
		t.Errorf("the caller's path is now %s", in[1])
	}
}

// What is told after an edit is what was told before it, with what depends on the
// edited field told anew; nothing else differs.
func TestEvalChanged(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(11, 12)), roots: []string{"", ""}}
	told := func(violations []Violation) []string {
		out := make([]string, len(violations))
		for i, v := range violations {
			out[i] = v.String()
		}
		slices.Sort(out)
		return out
	}
	differ := 0
	for range 40 {
		d := vault()
		fields := d.Sections[0].Fields
		for i := range fields {
			switch g.IntN(4) {
			case 0:
				fields[i].Check = g.boolean(2)
			case 1:
				fields[i].RequiredIf = g.boolean(2)
			case 2:
				fields[i].When = g.pick("vip", "has(note)", "amount > 1", "tags.size() < 2")
			}
		}
		g.roots = []string{"open", "secret"}
		for i := range 10 {
			d.Rules = append(d.Rules, Rule{ID: "r" + itoa(i), Expr: g.boolean(3)})
		}
		g.roots = []string{"", ""}
		s, err := CompileFrozen(d)
		must(t, err)
		for range 20 {
			before := s.Input()
			content, edited := g.content(), map[string]any{}
			must(t, before.Section("open", content))
			must(t, before.Section("secret", g.content()))
			for name, v := range content {
				edited[name] = v
			}
			field := fields[g.IntN(len(fields))].Name
			if delete(edited, field); g.IntN(4) > 0 {
				if v, ok := g.content()[field]; ok {
					edited[field] = v
				}
			}
			after, err := before.With("open", edited)
			must(t, err)
			paths := []string{"open." + field}
			affected := s.Affected(paths)
			was := map[string]Verdict{}
			for v := range s.EvalChanged(before, paths) {
				was[v.ID] = v
			}
			for v := range s.EvalChanged(after, paths) {
				if len(affected) == 0 || affected[0] != v.ID {
					t.Fatalf("%s is told, and affected are %q", v.ID, affected)
				}
				affected = affected[1:]
				want, gone := told(s.Eval(v.ID, after).Violations), told(was[v.ID].Violations)
				got := told(v.Violations)
				for _, x := range told(s.Eval(v.ID, before).Violations) {
					if i := slices.Index(gone, x); i >= 0 {
						gone = slices.Delete(gone, i, i+1)
					} else {
						got = append(got, x)
					}
				}
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Fatalf("%+v\n%v, then %v\n%s: %q, want %q", fields, content, edited, v.ID, got, want)
				}
				if s.conditions[v.ID].section == nil && outcome(v) != outcome(s.Eval(v.ID, after)) {
					t.Fatalf("%s: %s", v.ID, outcome(v))
				}
				if len(want) > len(told(v.Violations)) {
					differ++ // less was evaluated, and more is wrong
				}
			}
			if len(affected) > 0 {
				t.Fatalf("%q are affected, and not told", affected)
			}
		}
	}
	if differ < 100 {
		t.Errorf("only %d were told in part", differ)
	}

	s := compiled(t, order())
	for range s.EvalChanged(s.Input(), []string{"products"}) {
		break // as far as somebody wants to know
	}
	for v := range s.EvalChanged(compiled(t, order()).Input(), []string{"products"}) {
		if v.Result != Error {
			t.Errorf("%s over the input of another set: %s", v.ID, v.Result)
		}
	}
	for v := range s.EvalChanged(s.Input(), nil) {
		t.Errorf("%s is told, and nothing changed", v.ID)
	}
}
