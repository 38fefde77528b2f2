package fsm

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is one thing that is wrong with a [Definition].
type Problem struct {
	// Path says where: "initial", "states", "events", "states.signing",
	// "events.submit", "events.submit.from", "events.submit.from[1]" or
	// "events.submit.to". Where a name cannot say which one is meant, because it
	// is no id or stands there a second time, the position counted from 0 does:
	// "states[3]", "events[2].to".
	//
	// A caller who knows where in a file each part was written looks the path
	// up, and for one that he has no place for, the path without its last
	// element.
	Path string

	// Code says of which kind it is, for programs.
	Code Code

	// Message says in a sentence what is wrong and what to do, for people.
	Message string

	// Suggestion is the name that was probably meant, or empty.
	Suggestion string
}

// Code is the kind of a [Problem], for programs that act on it. Codes are stable.
type Code string

// The kinds of problems.
const (
	CodeLimit        Code = "limit"         // more than MaxStates, MaxEvents or MaxName
	CodeName         Code = "name"          // a name that is no id
	CodeDuplicate    Code = "duplicate"     // a state, an event, or a source of one event, twice
	CodeMissing      Code = "missing"       // no states, no initial state, no source, no target
	CodeUnknownState Code = "unknown_state" // a state is named that is not defined
	CodeInitialFinal Code = "initial_final" // the initial state is final
	CodeFinalSource  Code = "final_source"  // an event leads out of a final state
	CodeNoFinal      Code = "no_final"      // no state is final
	CodeUnreachable  Code = "unreachable"   // a state that no sequence of events leads to
	CodeDeadEnd      Code = "dead_end"      // a state from which no final state can be reached
)

// String is the problem on one line: path, message and suggestion.
func (p Problem) String() string {
	s := p.Path + ": " + p.Message
	if p.Suggestion != "" {
		s += fmt.Sprintf("; did you mean %q?", p.Suggestion)
	}
	return s
}

// Problems is the error of [New]: everything that is wrong with a definition,
// in the order of the definition, then what is wrong with its graph. There is
// at least one, and at most a hundred are told.
type Problems []Problem

// Error lists the problems, one on a line when there are several.
func (ps Problems) Error() string {
	if len(ps) == 1 {
		return "fsm: " + ps[0].String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "fsm: %d problems", len(ps))
	for _, p := range ps {
		b.WriteString("\n\t" + p.String())
	}
	return b.String()
}

// quote makes a name fit for a message: a name that is not known yet to be an
// id may hold control characters, or be a megabyte long.
func quote(name string) string {
	if len(name) <= MaxName {
		return strconv.Quote(name)
	}
	cut := MaxName
	for cut > 0 && !utf8.RuneStart(name[cut]) {
		cut--
	}
	return strconv.Quote(name[:cut] + "…")
}
