package rules

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
)

// An input with another content says what one that was filled in with it says,
// whatever was there before, and leaves the other alone.
func TestInputWith(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(5, 6)), roots: parts}
	d := vault()
	for i := range 40 {
		d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: g.boolean(3)})
	}
	s, err := CompileFrozen(d)
	must(t, err)
	outcomes := func(in *Input) string {
		out := ""
		for _, info := range s.infos {
			out += outcome(s.Eval(info.ID, in)) + "\n"
		}
		return out
	}
	differ := 0
	for range 300 {
		contents := map[string]map[string]any{}
		for _, part := range parts {
			contents[part] = g.content()
		}
		hidden := g.IntN(1 << len(parts))
		in := partly(t, s, contents, hidden)
		before := outcomes(in)
		section := g.pick("open", "secret")
		edited := g.content()
		for name, v := range contents[section] { // most of it stays as it is
			if g.IntN(4) > 0 {
				edited[name] = v
			}
		}
		with, err := in.With(section, edited)
		must(t, err)
		for i, part := range parts {
			if part == section {
				contents[part], hidden = edited, hidden&^(1<<i)
			}
		}
		got, want := outcomes(with), outcomes(partly(t, s, contents, hidden))
		if got != want {
			t.Fatalf("%v\n%s, and filled in at once\n%s", contents, got, want)
		}
		if outcomes(in) != before {
			t.Fatal("the input that was there has changed")
		}
		if got != before {
			differ++
		}
		// What is made of it is filled in further without a trace, too.
		must(t, with.Hidden("open"))
		must(t, with.OldHidden("secret"))
		if outcomes(in) != before {
			t.Fatal("filling in the one changed the other")
		}
	}
	if differ < 100 {
		t.Errorf("only %d edits made a difference", differ)
	}
	for name, content := range map[string]map[string]any{"other": {}, "open": {"amount": "1"}, "secret": {"none": true}} {
		if in, err := s.Input().With(name, content); err == nil || in != nil {
			t.Errorf("%s %v is accepted", name, content)
		}
	}
}

// Inputs that are made of each other are filled in further at the same time, and
// none of them says anything of what the others were given.
func TestInputsAreIndependent(t *testing.T) {
	d := small(`s.n == n && (old.s.n == n)`)
	d.Facts = []Fact{{Name: "n", Type: Field{Kind: KindInteger}}}
	s := compiled(t, d)
	fine := func(errs ...error) {
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	}
	fill := func(in *Input, n int64) {
		fine(in.Fact("n", n), in.Old("s", map[string]any{"n": n}))
	}
	says := func(in *Input, want string) {
		if got := outcome(s.Eval("c0", in)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	base := s.Input()
	fill(base, 100)
	fine(base.Section("s", map[string]any{"n": int64(100)}))
	var users sync.WaitGroup
	for i := range int64(8) {
		users.Go(func() {
			for range 20 {
				one, err := base.With("s", map[string]any{"n": i})
				fine(err)
				says(one, "fail")
				fill(one, i)
				other, err := one.With("s", map[string]any{"n": i + 1})
				fine(err, other.OldHidden("s"), other.Fact("n", i+1))
				says(other, "unknown; old.s")
				fine(other.Hidden("s"))
				says(other, "unknown; old.s; s")
				says(one, "pass")
				says(base, "pass")
			}
		})
	}
	users.Wait()
}
