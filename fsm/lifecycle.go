package fsm

import (
	"fmt"
	"slices"
)

// Lifecycle is a definition that was found sound. It never changes, and all its
// methods are safe for concurrent use. Only [New] makes one.
type Lifecycle struct {
	def     Definition
	states  map[string]int      // position of each state
	events  map[string]int      // position of each event
	table   map[step]string     // where each step leads
	allowed map[string][]string // events of each state, as defined
	engine  *engine
}

// step is an event in a state.
type step struct{ state, event string }

// New checks d and makes a lifecycle of it. The error is [Problems], which holds
// everything that is wrong with d. New keeps none of d's slices.
func New(d Definition) (*Lifecycle, error) {
	if problems := check(d); len(problems) > 0 {
		return nil, problems
	}
	d = d.clone()
	l := &Lifecycle{
		def:     d,
		states:  make(map[string]int, len(d.States)),
		events:  make(map[string]int, len(d.Events)),
		table:   map[step]string{},
		allowed: map[string][]string{},
		engine:  newEngine(d),
	}
	for i, s := range d.States {
		l.states[s.Name] = i
	}
	for i, e := range d.Events {
		l.events[e.Name] = i
		for _, from := range e.From {
			l.table[step{from, e.Name}] = e.To
			l.allowed[from] = append(l.allowed[from], e.Name)
		}
	}
	return l, nil
}

// Initial returns the state in which a document begins.
func (l *Lifecycle) Initial() string { return l.def.Initial }

// States returns the names of all states, as defined.
func (l *Lifecycle) States() []string {
	names := make([]string, len(l.def.States))
	for i, s := range l.def.States {
		names[i] = s.Name
	}
	return names
}

// Final reports whether state is final. A state that does not exist is not.
func (l *Lifecycle) Final(state string) bool {
	i, ok := l.states[state]
	return ok && l.def.States[i].Final
}

// Events returns the events that can happen in state, as defined: none if it is
// final or does not exist.
func (l *Lifecycle) Events(state string) []string {
	return slices.Clone(l.allowed[state])
}

// Next returns the state that event leads to from state. It remembers nothing:
// the caller keeps the state of his document. The errors are
// [*UnknownStateError], [*UnknownEventError], [*NotAllowedError], and
// [ErrEngine] if the library is broken.
func (l *Lifecycle) Next(state, event string) (string, error) {
	to, ok := l.table[step{state, event}]
	if !ok {
		return "", l.refusal(state, event)
	}
	got, err := l.engine.fire(state, event)
	if err != nil {
		return "", fmt.Errorf("%w: event %s in state %s: %w", ErrEngine, quote(event), quote(state), err)
	}
	if got != to {
		return "", fmt.Errorf("%w: event %s in state %s leads to %s, not %s", ErrEngine, quote(event), quote(state), quote(to), quote(got))
	}
	return to, nil
}

// refusal says why the table has no such step.
func (l *Lifecycle) refusal(state, event string) error {
	if _, ok := l.states[state]; !ok {
		meant := closest(state, len(l.def.States), func(i int) string { return l.def.States[i].Name })
		return &UnknownStateError{State: state, Suggestion: meant}
	}
	i, ok := l.events[event]
	if !ok {
		meant := closest(event, len(l.def.Events), func(i int) string { return l.def.Events[i].Name })
		return &UnknownEventError{Event: event, Suggestion: meant}
	}
	return &NotAllowedError{Event: event, State: state, From: slices.Clone(l.def.Events[i].From)}
}
