package fsm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const sound = "i filling; s filling; s signing; f done; e submit signing filling; e sign done signing"

// Every problem is written "path code", and "?suggestion" where there is one.
var problemTests = []struct {
	name string
	def  string
	want []string
}{
	{"nothing at all", "", []string{"states missing", "initial missing"}},
	{"no initial state", strings.Replace(sound, "i filling", "", 1), []string{"initial missing"}},
	{"initial state misspelt", strings.Replace(sound, "i filling", "i fillng", 1), []string{"initial unknown_state ?filling"}},
	{"initial state unlike any", strings.Replace(sound, "i filling", "i xyz", 1), []string{"initial unknown_state"}},
	{"initial state is final", "i a; f a", []string{"initial initial_final"}},
	{"initial state is final, others told once", "i a; f a; s b; e x a b", []string{"initial initial_final"}},
	{"no final state", "i a; s a; s b; e x b a; e y a b", []string{"states no_final"}},
	{"no events", "i a; s a; f b", []string{"states.a dead_end", "states.b unreachable"}},

	{"name with a capital", "i A; s A; f b; e x b A", []string{"states[0] name"}},
	{"name with a dash", "i a; s a; f b-c; e x b-c a", []string{"states[1] name"}},
	{"name with a digit first", "i a; s a; f 2b; e x 2b a", []string{"states[1] name"}},
	{"name with an underscore first", "i a; s a; f _b; e x _b a", []string{"states[1] name"}},
	{"name with a letter beyond ASCII", "i a; s a; f perché; e x perché a", []string{"states[1] name"}},
	{"name with a control character", "i a; s a; f b\x00; e x b\x00 a", []string{"states[1] name"}},
	{"name with a dot", "i a; s a; f b; e x.to b a", []string{"events[0] name"}},
	{"empty name of a state", "i a; s a; f b; s ; e x b a", []string{"states[2] name", "states[2] unreachable", "states[2] dead_end"}},
	{"empty name of an event", "i a; s a; f b; e  b a", []string{"events[0] name"}},

	{"state twice", sound + "; s signing", []string{"states[3] duplicate"}},
	{"state three times", sound + "; s signing; f signing", []string{"states[3] duplicate", "states[4] duplicate"}},
	{"event twice", sound + "; e submit signing filling", []string{"events[2] duplicate"}},
	{"event twice, elsewhere", sound + "; e submit done signing", []string{"events[2] duplicate"}},
	{"a fault within the second", sound + "; e submit dome signing", []string{"events[2] duplicate", "events[2].to unknown_state ?done"}},
	{"source twice", "i a; s a; f b; e x b a a", []string{"events.x.from[1] duplicate"}},
	{"unknown source twice", "i a; s a; f b; e x b a q q", []string{"events.x.from[1] unknown_state", "events.x.from[2] duplicate"}},

	{"no source", sound + "; e lost done", []string{"events.lost.from missing"}},
	{"no target", sound + "; e lost  signing", []string{"events.lost.to missing"}},
	{"empty source", sound + "; e lost done signing ", []string{"events.lost.from[1] unknown_state"}},
	{"empty source beside an empty name", "i a; s a; f b; s ; e x b a ; e y  a", []string{"states[2] name", "events.y.to missing"}},
	{"target misspelt", strings.Replace(sound, "submit signing", "submit signign", 1), []string{"events.submit.to unknown_state ?signing"}},
	{"target unlike any", strings.Replace(sound, "submit signing", "submit archive", 1), []string{"events.submit.to unknown_state"}},
	{"source misspelt", strings.Replace(sound, "done signing", "done Signing", 1), []string{"events.sign.from[0] unknown_state ?signing"}},
	{"an event where a state belongs", strings.Replace(sound, "done signing", "done sign", 1), []string{"events.sign.from[0] unknown_state"}},
	{"a wrong name is not suggested", "i a; s a; f in-review; e x in_review a", []string{"states[1] name", "events.x.to unknown_state"}},

	{"out of a final state", sound + "; e reopen filling done", []string{"events.reopen.from[0] final_source"}},
	{"out of a final state, to itself", sound + "; e note done signing done", []string{"events.note.from[1] final_source"}},
	{"unreachable", sound + "; s lost; e find done lost", []string{"states.lost unreachable"}},
	{"unreachable, and final", sound + "; f lost", []string{"states.lost unreachable"}},
	{"unreachable pair", sound + "; s p; s q; e pq q p; e qp p q; e out done q", []string{"states.p unreachable", "states.q unreachable"}},
	{"reachable out of a final state only", sound + "; s late; e reopen late done; e close done late", []string{"events.reopen.from[0] final_source", "states.late unreachable"}},
	{"dead end", sound + "; s stuck; e jam stuck signing", []string{"states.stuck dead_end"}},
	{"dead end with a self-loop", sound + "; s stuck; e jam stuck signing; e again stuck stuck", []string{"states.stuck dead_end"}},
	{"dead end of two", sound + "; s p; s q; e jam p signing; e pq q p; e qp p q", []string{"states.p dead_end", "states.q dead_end"}},
	{"neither reached nor left", sound + "; s island", []string{"states.island unreachable", "states.island dead_end"}},

	{"all at once", "i filing; s filling; s Signing; f done; e submit done filling filling; e submit dnoe filling; e back filling done; s lost",
		[]string{"states[1] name", "initial unknown_state ?filling", "events.submit.from[1] duplicate", "events[1] duplicate", "events[1].to unknown_state ?done",
			"events.back.from[0] final_source", "states[1] unreachable", "states[1] dead_end", "states.lost unreachable", "states.lost dead_end"}},
	{"no guess, so nothing of the graph", sound + "; s lost; e submit2 archive filling", []string{"events.submit2.to unknown_state"}},
}

func written(ps Problems) []string {
	var s []string
	for _, p := range ps {
		line := p.Path + " " + string(p.Code)
		if p.Suggestion != "" {
			line += " ?" + p.Suggestion
		}
		s = append(s, line)
	}
	return s
}

func TestProblems(t *testing.T) {
	mustNew(t, def(sound))
	names := map[string]bool{}
	codes := map[string]bool{}
	for _, tt := range problemTests {
		if names[tt.name] {
			t.Errorf("two tests %q", tt.name)
		}
		names[tt.name] = true
		d := def(tt.def)
		l, err := New(d)
		var ps Problems
		if !errors.As(err, &ps) || l != nil {
			t.Errorf("%s: New = %v, %v; want Problems", tt.name, l, err)
			continue
		}
		if got := written(ps); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
		for _, p := range ps {
			codes[string(p.Code)] = true
			if _, err := locate(d, p.Path); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	}
	// CodeLimit has a test of its own.
	if len(problemTests) < 40 || len(codes) != 9 {
		t.Errorf("%d tests saw %d codes", len(problemTests), len(codes))
	}
	t.Logf("%d tests saw %d codes", len(problemTests), len(codes))
}

func TestProblemsError(t *testing.T) {
	for _, tt := range []struct{ def, want string }{
		{"i a; s a; f b; e x b a a", `fsm: events.x.from[1]: the source "a" stands there already; remove one of the two`},
		{"i filing; s filling; f b; e x b filling; s i-q", `fsm: 4 problems
	states[2]: "i-q" is no name; use a lower-case letter, then lower-case letters, digits or _
	initial: there is no state "filing"; did you mean "filling"?
	states[2]: no event leads from the initial state to "i-q"; add one, or remove the state
	states[2]: no final state can be reached from "i-q"; add an event that leads on, or make the state final`},
		{"i a\x1b[31m\u202e; s a; f b; e x b a", `fsm: initial: there is no state "a\x1b[31m\u202e"`},
		{"i x" + strings.Repeat("à", 1000) + "; s a; f b; e x b a", `fsm: initial: there is no state "x` + strings.Repeat("à", 31) + `…"`},
	} {
		_, err := New(def(tt.def))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%.80q:\n got %v\nwant %s", tt.def, err, tt.want)
		}
	}
}

// large returns a sound definition with that many states, events and, in one
// event, sources; names is the length of its longest names.
func large(states, events, sources, names int) Definition {
	name := func(prefix string, i int) string {
		s := fmt.Sprintf("%s%d", prefix, i)
		return s + strings.Repeat("_", max(0, names-len(s)))
	}
	d := Definition{Initial: name("s", 0)}
	for i := range states - 1 {
		d.States = append(d.States, State{Name: name("s", i)})
	}
	d.States = append(d.States, State{Name: name("s", states-1), Final: true})
	for i := range events {
		from, to := i%(states-1), i%(states-1)+1
		d.Events = append(d.Events, Event{Name: name("e", i), From: []string{name("s", from)}, To: name("s", to)})
	}
	d.Events[0].From = nil
	for i := range sources {
		d.Events[0].From = append(d.Events[0].From, name("s", i))
	}
	return d
}

func TestLimits(t *testing.T) {
	l := mustNew(t, large(MaxStates, MaxEvents, MaxStates-1, MaxName))
	if n := len(l.States()); n != MaxStates {
		t.Errorf("%d states", n)
	}
	// A final state has no event, so no sound definition has MaxStates sources;
	// one past it is refused for that alone.
	for _, tt := range []struct {
		name string
		def  Definition
		want []string
	}{
		{"sources at the bound", large(MaxStates, 63, MaxStates, 1), []string{"events.e0.from[63] final_source"}},
		{"states", large(MaxStates+1, 64, 1, 1), []string{"states limit"}},
		{"events", large(3, MaxEvents+1, 1, 1), []string{"events limit"}},
		{"sources", large(MaxStates, 63, MaxStates+1, 1), []string{"events[0].from limit"}},
		{"all three", large(MaxStates+1, MaxEvents+1, MaxStates+1, 1), []string{"states limit", "events limit"}},
		{"nothing else is said then", Definition{Events: make([]Event, MaxEvents+1)}, []string{"events limit"}},
		{"names", large(2, 1, 1, MaxName+1), []string{"states[0] limit", "states[1] limit", "events[0] limit"}},
	} {
		_, err := New(tt.def)
		var ps Problems
		if !errors.As(err, &ps) || !slices.Equal(written(ps), tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, written(ps), tt.want)
		}
	}
}

// A definition that is wrong everywhere ends soon and says a hundred things,
// each with the suggestion that belongs to it.
func TestManyProblems(t *testing.T) {
	d := large(MaxStates, MaxEvents, 1, MaxName)
	for i := range d.Events {
		d.Events[i].From = nil
		for j := range MaxStates {
			d.Events[i].From = append(d.Events[i].From, fmt.Sprintf("S%d%s", j, strings.Repeat("_", MaxName-len(fmt.Sprintf("S%d", j)))))
		}
		d.Events[i].To = "nowhere"
	}
	_, err := New(d)
	var ps Problems
	if !errors.As(err, &ps) || len(ps) != maxProblems {
		t.Fatalf("%d problems, want %d", len(ps), maxProblems)
	}
	for _, p := range ps {
		// Each source is known but for one letter's case; no target is like any.
		want := ""
		if source, err := locate(d, p.Path); err == nil && p.Code == CodeUnknownState && strings.HasPrefix(source, "S") {
			want = strings.ToLower(source)
		}
		if p.Suggestion != want {
			t.Errorf("%s: want the suggestion %q", p, want)
		}
	}
}

// The hundredth problem may be the first of several that one event has.
func TestManyProblemsOfOneEvent(t *testing.T) {
	for before := range 3 {
		d := def(strings.Repeat("s ;", before))
		d.Events = make([]Event, MaxEvents)
		_, err := New(d)
		var ps Problems
		if !errors.As(err, &ps) || len(ps) != maxProblems {
			t.Errorf("%d problems, want %d", len(ps), maxProblems)
		}
	}
}
