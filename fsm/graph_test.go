package fsm

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// refProblems says what is wrong with a definition whose names are all right.
func refProblems(d Definition) (ps []string) {
	finals := map[string]bool{}
	for _, s := range d.States {
		finals[s.Name] = s.Final
	}
	noFinal := !slices.ContainsFunc(d.States, func(s State) bool { return s.Final })
	if noFinal {
		ps = append(ps, "states no_final")
	}
	if finals[d.Initial] {
		ps = append(ps, "initial initial_final")
	}
	legal := d
	legal.Events = nil
	for _, e := range d.Events {
		if len(e.From) == 0 {
			ps = append(ps, "events."+e.Name+".from missing")
		}
		from := []string{}
		for i, s := range e.From {
			if finals[s] {
				ps = append(ps, fmt.Sprintf("events.%s.from[%d] final_source", e.Name, i))
			} else {
				from = append(from, s)
			}
		}
		legal.Events = append(legal.Events, Event{e.Name, from, e.To})
	}
	if finals[d.Initial] || slices.ContainsFunc(d.Events, func(e Event) bool { return len(e.From) == 0 }) {
		return ps
	}
	for _, s := range d.States {
		if !refLeads(legal, d.Initial, s.Name) {
			ps = append(ps, "states."+s.Name+" unreachable")
		}
		ends := slices.ContainsFunc(d.States, func(f State) bool { return f.Final && refLeads(legal, s.Name, f.Name) })
		if !noFinal && !ends {
			ps = append(ps, "states."+s.Name+" dead_end")
		}
	}
	return ps
}

// compare checks New, and all that follows from it, against the reference.
func compare(t *testing.T, d Definition) (accepted bool) {
	t.Helper()
	want := refProblems(d)
	l, err := New(d)
	var ps Problems
	if err != nil && !errors.As(err, &ps) {
		t.Fatalf("%+v: %v", d, err)
	}
	if got := written(ps); !slices.Equal(got, want) {
		t.Fatalf("%+v:\n got %q\nwant %q", d, got, want)
	}
	if (len(want) == 0) != refSound(d) {
		t.Fatalf("%+v: the references differ", d)
	}
	if err == nil {
		checkAgainst(t, l, d)
	}
	return err == nil
}

func subset(names []string, bits int) (some []string) {
	for i, n := range names {
		if bits>>i&1 == 1 {
			some = append(some, n)
		}
	}
	return some
}

// All graphs of so many states and events.
func TestExhaustive(t *testing.T) {
	for _, size := range []struct{ states, events int }{{1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}, {2, 3}, {3, 1}, {3, 2}} {
		names := []string{"a", "b", "c"}[:size.states]
		kinds := size.states << size.states // of one event: sources and target
		total, accepted := 0, 0
		for initial := range names {
			for finals := range 1 << size.states {
				d := Definition{Initial: names[initial]}
				for i, n := range names {
					d.States = append(d.States, State{n, finals>>i&1 == 1})
				}
				all := 1
				for range size.events {
					all *= kinds
				}
				for code := range all {
					d.Events = nil
					for i := range size.events {
						kind := code % kinds
						code /= kinds
						d.Events = append(d.Events, Event{
							Name: []string{"x", "y", "z"}[i],
							From: subset(names, kind%(1<<size.states)),
							To:   names[kind>>size.states],
						})
					}
					total++
					if compare(t, d) {
						accepted++
					}
				}
			}
		}
		t.Logf("%d states, %d events: %d of %d graphs are sound", size.states, size.events, accepted, total)
		// Two states, and one event between them, are the least that is sound.
		if wanted := size.states > 1 && size.events >= size.states-1; (accepted > 0) != wanted {
			t.Errorf("%d states, %d events: %d graphs are sound", size.states, size.events, accepted)
		}
	}
}

// Larger graphs at random, most of them with a way from beginning to end.
func TestRandomGraphs(t *testing.T) {
	const rounds = 3000
	accepted := 0
	for seed := range uint64(rounds) {
		rng := rand.New(rand.NewPCG(seed, 1))
		states, finals := 2+rng.IntN(12), 1
		if states > 3 {
			finals += rng.IntN(2)
		}
		var d Definition
		var names []string
		for i := range states {
			names = append(names, fmt.Sprintf("s%d", i))
			d.States = append(d.States, State{names[i], i >= states-finals})
		}
		d.Initial = names[0]
		event := func(from, to string) {
			d.Events = append(d.Events, Event{fmt.Sprintf("e%d", len(d.Events)), []string{from}, to})
		}
		for i := range states - finals {
			if rng.IntN(40) > 0 {
				event(names[i], names[i+1])
			}
		}
		if finals == 2 {
			event(names[states-3], names[states-1])
		}
		for range rng.IntN(8) {
			n := states - finals
			if rng.IntN(20) == 0 {
				n = states
			}
			e := Event{Name: fmt.Sprintf("e%d", len(d.Events)), To: names[rng.IntN(states)]}
			for _, i := range rng.Perm(n)[:1+rng.IntN(n)] {
				e.From = append(e.From, names[i])
			}
			d.Events = append(d.Events, e)
		}
		rng.Shuffle(len(d.Events), func(i, j int) { d.Events[i], d.Events[j] = d.Events[j], d.Events[i] })
		rng.Shuffle(len(d.States), func(i, j int) { d.States[i], d.States[j] = d.States[j], d.States[i] })
		if compare(t, d) {
			accepted++
		}
	}
	t.Logf("%d of %d graphs are sound", accepted, rounds)
	if accepted < rounds/4 || accepted > rounds*9/10 {
		t.Errorf("%d of %d graphs are sound: too few of one kind", accepted, rounds)
	}
}
