package rules

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A condition over nothing but absent fields names each that it reads and no
// other, whatever was evaluated over the same input before, or is meanwhile.
func TestEachAbsentFieldIsNamed(t *testing.T) {
	const fields = 12
	g := rand.New(rand.NewPCG(9, 10))
	d := wide(fields, "3", Field{Kind: KindInteger})
	want := map[string][]string{}
	for c := range 200 {
		paths := map[string]bool{}
		sum := func() string {
			terms := make([]string, 1+g.IntN(4))
			for i := range terms {
				f := "f" + itoa(g.IntN(fields))
				paths["s.list[]."+f] = true
				terms[i] = "l." + f
			}
			return strings.Join(terms, " + ")
		}
		e := "cel.bind(x, " + sum() + ", (x + " + sum() + ") + (x + " + sum() + ") > x)"
		if g.IntN(2) == 0 {
			e += " && " + sum() + " > 0"
		}
		id := "c" + itoa(c)
		d.Conditions = append(d.Conditions, Condition{ID: id, Expr: "s.list.all(l, " + e + ")"})
		want[id] = sortedKeys(paths)
	}
	s := compiled(t, d)
	in := s.Input()
	must(t, in.Section("s", map[string]any{"list": []any{map[string]any{}, map[string]any{}, map[string]any{}}}))
	named := func(ids []string) {
		for _, id := range ids {
			if v := s.Eval(id, in); !slices.Equal(v.Absent, want[id]) {
				t.Errorf("%s: %s for want of %q, want %q", id, v.Result, v.Absent, want[id])
			}
		}
	}
	ids := sortedKeys(want)
	named(ids)
	slices.Reverse(ids)
	named(ids)
	var users sync.WaitGroup
	for range 4 {
		users.Go(func() { named(ids) })
	}
	users.Wait()
}

// What is hidden is not forgotten over what is absent, nor is a function that is
// not there.
func TestAbsentHidesNothing(t *testing.T) {
	d := small(
		`cel.bind(x, s.n + s.m + s.k, (x + old.s.n) + (x + s.l) > 0)`,
		`cel.bind(x, s.n + s.m + s.k, (x + f(1)) + (x + s.l) > 0)`,
	)
	for _, name := range []string{"m", "k", "l"} {
		d.Sections[0].Fields = append(d.Sections[0].Fields, Field{Name: name, Kind: KindInteger})
	}
	d.Functions = []Function{{Name: "f", Args: []Kind{KindInteger}, Result: KindInteger}}
	s := compiled(t, d)
	in := s.Input()
	must(t, in.Section("s", nil))
	must(t, in.OldHidden("s"))
	for i, want := range []answerState{answerHidden, answerLacking} {
		if got := s.conditions["c"+itoa(i)].test.run(&in.root).state; got != want {
			t.Errorf("%s: %d, want %d", d.Conditions[i].Expr, got, want)
		}
	}
}

// An expression pays for the names of all absent fields that the engine carries
// from each step to the next.
func TestNamesOfAbsentFieldsCost(t *testing.T) {
	d := wide(200, "30", Field{Kind: KindInteger})
	terms := make([]string, 200)
	for i := range terms {
		terms[i] = "a.f" + itoa(i)
	}
	d.Conditions = []Condition{
		{ID: "listed", Expr: "s.list.all(a, [" + strings.Join(terms, ", ") + "].size() > 3)"},
		{ID: "found", Expr: `s.list.all(a, ["` + strings.ReplaceAll(strings.Join(terms, `", "`), "a.", "") + `"].all(n, dyn(a)[n] == 1))`},
	}
	s := compiled(t, d)
	in := s.Input()
	items := make([]any, 30)
	for i := range items {
		items[i] = map[string]any{}
	}
	must(t, in.Section("s", map[string]any{"list": items}))
	for _, info := range s.Conditions()[1:] {
		var v Verdict
		bytes := float64(allocated(func() { v = s.Eval(info.ID, in) })) / float64(info.Cost)
		if len(v.Absent) != 200 || bytes > 150 {
			t.Errorf("%s: %s, %d names, %.0f bytes a unit", info.ID, v.Result, len(v.Absent), bytes)
		}
	}
}
