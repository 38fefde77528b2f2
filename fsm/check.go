package fsm

import "fmt"

// checker collects what is wrong with a definition.
type checker struct {
	def      Definition
	state    map[string]int // first position of each named state
	event    map[string]int // first position of each named event
	problems Problems

	// edges are the transitions between positions of states, misspelt names
	// followed to where they were probably meant to lead.
	edges []edge

	// lost tells that a name led nowhere, not even by a suggestion. Anything
	// might have been meant, so nothing is said about what can be reached.
	lost bool
}

type edge struct{ from, to int }

// check returns everything that is wrong with d, nil if it is sound.
func check(d Definition) Problems {
	c := &checker{def: d, state: map[string]int{}, event: map[string]int{}}
	if c.limits(); len(c.problems) > 0 {
		return c.problems
	}
	c.states()
	initial := c.initial()
	c.events()
	if !c.lost && !c.full() && initial >= 0 {
		c.graph(initial)
	}
	return c.problems
}

// full tells that enough was reported; whatever loops then stops.
func (c *checker) full() bool { return len(c.problems) >= maxProblems }

func (c *checker) report(path string, code Code, format string, args ...any) {
	c.add(Problem{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) add(p Problem) {
	if !c.full() {
		c.problems = append(c.problems, p)
	}
}

func (c *checker) limits() {
	if n := len(c.def.States); n > MaxStates {
		c.report("states", CodeLimit, "there are %d states, and %d are allowed", n, MaxStates)
	}
	if n := len(c.def.Events); n > MaxEvents {
		c.report("events", CodeLimit, "there are %d events, and %d are allowed", n, MaxEvents)
		return
	}
	for i, e := range c.def.Events {
		if n := len(e.From); n > MaxStates {
			c.report(fmt.Sprintf("events[%d].from", i), CodeLimit, "there are %d sources, and %d are allowed", n, MaxStates)
		}
	}
}

func (c *checker) states() {
	final := false
	for i, s := range c.def.States {
		c.name("states", s.Name, i, c.state)
		final = final || s.Final
	}
	switch {
	case len(c.def.States) == 0:
		c.lost = true
		c.report("states", CodeMissing, "there are no states; define an initial and a final one")
	case !final:
		c.report("states", CodeNoFinal, "no state is final, so nothing would ever be finished; mark one as final")
	}
}

// initial returns the position of the initial state, -1 when the graph cannot
// be judged from it.
func (c *checker) initial() int {
	name := c.def.Initial
	if name == "" {
		c.report("initial", CodeMissing, "no initial state is named; say where a document begins")
		return -1
	}
	i, ok := c.resolve("initial", name)
	if ok && c.def.States[i].Final {
		// Every other state would be unreachable: one mistake, told once.
		c.report("initial", CodeInitialFinal, "the initial state %s is final, so a document would be finished when it begins; begin in another state", quote(c.def.States[i].Name))
		return -1
	}
	return i
}

func (c *checker) events() {
	for i, e := range c.def.Events {
		if c.full() {
			return
		}
		c.name("events", e.Name, i, c.event)
		c.transitions(path("events", e.Name, i, c.event), e)
	}
}

// transitions checks where an event leads from and to, and notes its edges.
func (c *checker) transitions(at string, e Event) {
	if len(e.From) == 0 {
		c.lost = true
		c.report(at+".from", CodeMissing, "the event has no source; name the states in which it can happen")
	}
	var sources []int
	seen := map[string]bool{}
	for i, from := range e.From {
		if c.full() {
			return
		}
		here := fmt.Sprintf("%s.from[%d]", at, i)
		if seen[from] {
			c.report(here, CodeDuplicate, "the source %s stands there already; remove one of the two", quote(from))
			continue
		}
		seen[from] = true
		s, ok := c.resolve(here, from)
		if !ok {
			continue
		}
		if c.def.States[s].Final {
			c.report(here, CodeFinalSource, "state %s is final, so no event may lead out of it; remove it from the sources, or make it not final", quote(c.def.States[s].Name))
			continue
		}
		sources = append(sources, s)
	}
	if e.To == "" {
		c.lost = true
		c.report(at+".to", CodeMissing, "the event has no target; name the state that it leads to")
		return
	}
	to, ok := c.resolve(at+".to", e.To)
	if !ok {
		return
	}
	for _, s := range sources {
		c.edges = append(c.edges, edge{s, to})
	}
}

// name checks the name of the i-th state or event, and notes it in known: also
// a bad one, so that whatever refers to it is not reported as well.
func (c *checker) name(kind, name string, i int, known map[string]int) {
	_, twice := known[name]
	if !twice {
		known[name] = i
	}
	here := path(kind, name, i, known)
	switch {
	case len(name) > MaxName:
		c.report(here, CodeLimit, "the name %s has %d bytes, and %d are allowed", quote(name), len(name), MaxName)
	case !isID(name):
		c.report(here, CodeName, "%s is no name; use a lower-case letter, then lower-case letters, digits or _", quote(name))
	case twice:
		c.report(here, CodeDuplicate, "the name %s is taken by %s[%d]; choose another", quote(name), kind, known[name])
	}
}

// resolve returns the position of the state that name means, by way of the
// suggestion if there is one.
func (c *checker) resolve(at, name string) (int, bool) {
	if i, ok := c.state[name]; ok {
		return i, true
	}
	meant := closest(name, len(c.def.States), func(i int) string { return c.def.States[i].Name })
	c.add(Problem{
		Path:       at,
		Code:       CodeUnknownState,
		Message:    "there is no state " + quote(name),
		Suggestion: meant,
	})
	if meant == "" {
		c.lost = true
		return -1, false
	}
	return c.state[meant], true
}

// path names the i-th state or event: by its name, or by its position where the
// name does not say which one is meant.
func path(kind, name string, i int, known map[string]int) string {
	if isID(name) && len(name) <= MaxName && known[name] == i {
		return kind + "." + name
	}
	return fmt.Sprintf("%s[%d]", kind, i)
}
