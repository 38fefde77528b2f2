package rules

import (
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

func TestInputWithAtOnce(t *testing.T) {
	s := compiled(t, small(`s.n > 2`))
	in := s.Input()
	must(t, in.Section("s", map[string]any{"n": int64(3)}))
	var users sync.WaitGroup
	for i := range 8 {
		users.Go(func() {
			with, err := in.With("s", map[string]any{"n": int64(i)})
			if err != nil || (s.Eval("c0", with).Result == Pass) != (i > 2) || s.Eval("c0", in).Result != Pass {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	users.Wait()
}
