package fsm

import (
	"errors"
	"fmt"
	"strings"
)

// ErrEngine tells that the engine did not do what the checked table says, or
// refused it. It cannot happen unless the library is broken; nothing is then
// decided.
var ErrEngine = errors.New("fsm: engine and table disagree")

// UnknownStateError tells that the lifecycle has no such state.
type UnknownStateError struct {
	State      string
	Suggestion string // the state that was probably meant, or empty
}

// Error names the state, and the one that was probably meant.
func (e *UnknownStateError) Error() string {
	return unknown("state", e.State, e.Suggestion)
}

// UnknownEventError tells that the lifecycle has no such event.
type UnknownEventError struct {
	Event      string
	Suggestion string // the event that was probably meant, or empty
}

// Error names the event, and the one that was probably meant.
func (e *UnknownEventError) Error() string {
	return unknown("event", e.Event, e.Suggestion)
}

// NotAllowedError tells that the event exists, but not in this state.
type NotAllowedError struct {
	Event string
	State string
	From  []string // the states in which the event can happen, as defined
}

// Error names the event, the state, and the states in which it can happen.
func (e *NotAllowedError) Error() string {
	from := make([]string, len(e.From))
	for i, s := range e.From {
		from[i] = quote(s)
	}
	return fmt.Sprintf("fsm: event %s cannot happen in state %s, only in %s", quote(e.Event), quote(e.State), strings.Join(from, ", "))
}

func unknown(kind, name, suggestion string) string {
	s := fmt.Sprintf("fsm: there is no %s %s", kind, quote(name))
	if suggestion != "" {
		s += fmt.Sprintf("; did you mean %q?", suggestion)
	}
	return s
}
