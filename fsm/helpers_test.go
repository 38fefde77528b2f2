package fsm

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// order is the lifecycle of an order: two ways back, a self-loop, two ends.
func order() Definition {
	return Definition{
		Initial: "filling",
		States: []State{
			{Name: "filling"}, {Name: "signing"}, {Name: "validating"},
			{Name: "validated", Final: true}, {Name: "void", Final: true},
		},
		Events: []Event{
			{Name: "submit", From: []string{"filling"}, To: "signing"},
			{Name: "remind", From: []string{"signing"}, To: "signing"},
			{Name: "return", From: []string{"signing", "validating"}, To: "filling"},
			{Name: "confirm", From: []string{"signing"}, To: "validating"},
			{Name: "validate", From: []string{"validating"}, To: "validated"},
			{Name: "cancel", From: []string{"filling", "signing"}, To: "void"},
		},
	}
}

func mustNew(t testing.TB, d Definition) *Lifecycle {
	t.Helper()
	l, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// def reads a definition: "i name" the initial state, "s name" a state, "f name"
// a final one, "e name to from from…" an event; one on a line, or after a ";".
// Whatever it cannot read it skips.
func def(text string) Definition {
	var d Definition
	for line := range strings.SplitSeq(strings.ReplaceAll(text, ";", "\n"), "\n") {
		switch w := strings.Split(strings.TrimLeft(line, " \t"), " "); {
		case w[0] == "i" && len(w) > 1:
			d.Initial = w[1]
		case (w[0] == "s" || w[0] == "f") && len(w) > 1:
			d.States = append(d.States, State{Name: w[1], Final: w[0] == "f"})
		case w[0] == "e" && len(w) > 2:
			d.Events = append(d.Events, Event{Name: w[1], To: w[2], From: w[3:]})
		}
	}
	return d
}

// The reference: what the package promises, written as plainly as possible and
// sharing nothing with it.

var idPattern = regexp.MustCompile(`\A[a-z][a-z0-9_]{0,63}\z`)

// refNext looks for the step in the definition itself.
func refNext(d Definition, state, event string) (string, bool) {
	for _, e := range d.Events {
		for _, from := range e.From {
			if e.Name == event && from == state {
				return e.To, true
			}
		}
	}
	return "", false
}

// refLeads tells by trying all paths, shortest first, whether one leads from a
// to b.
func refLeads(d Definition, a, b string) bool {
	at := map[string]bool{a: true}
	for range d.States {
		for _, e := range d.Events {
			for _, from := range e.From {
				if at[from] {
					at[e.To] = true
				}
			}
		}
	}
	return at[b]
}

// refSound tells whether a definition is sound: every sentence of the package
// comment in turn.
func refSound(d Definition) bool {
	var states, events, finals []string
	for _, s := range d.States {
		if !idPattern.MatchString(s.Name) || slices.Contains(states, s.Name) {
			return false
		}
		states = append(states, s.Name)
		if s.Final {
			finals = append(finals, s.Name)
		}
	}
	if !slices.Contains(states, d.Initial) || slices.Contains(finals, d.Initial) || len(finals) == 0 {
		return false
	}
	for _, e := range d.Events {
		if !idPattern.MatchString(e.Name) || slices.Contains(events, e.Name) || !slices.Contains(states, e.To) || len(e.From) == 0 {
			return false
		}
		events = append(events, e.Name)
		for i, from := range e.From {
			if !slices.Contains(states, from) || slices.Contains(finals, from) || slices.Contains(e.From[:i], from) {
				return false
			}
		}
	}
	for _, s := range states {
		ends := slices.ContainsFunc(finals, func(f string) bool { return refLeads(d, s, f) })
		if !ends || !refLeads(d, d.Initial, s) {
			return false
		}
	}
	return len(states) <= 64 && len(events) <= 128
}

// checkAgainst compares every answer of l with the definition.
func checkAgainst(t *testing.T, l *Lifecycle, d Definition) (steps int) {
	t.Helper()
	if l.Initial() != d.Initial {
		t.Fatalf("Initial() = %q, want %q", l.Initial(), d.Initial)
	}
	var names []string
	for _, s := range d.States {
		names = append(names, s.Name)
		if l.Final(s.Name) != s.Final {
			t.Fatalf("Final(%q) = %v", s.Name, !s.Final)
		}
		var events []string
		for _, e := range d.Events {
			steps++
			want, ok := refNext(d, s.Name, e.Name)
			got, err := l.Next(s.Name, e.Name)
			var not *NotAllowedError
			switch {
			case ok && (err != nil || got != want):
				t.Fatalf("Next(%q, %q) = %q, %v; want %q", s.Name, e.Name, got, err, want)
			case ok:
				events = append(events, e.Name)
			case got != "" || !errors.As(err, &not):
				t.Fatalf("Next(%q, %q) = %q, %v; want a NotAllowedError", s.Name, e.Name, got, err)
			case not.State != s.Name || not.Event != e.Name || !slices.Equal(not.From, e.From):
				t.Fatalf("Next(%q, %q): %+v", s.Name, e.Name, not)
			}
		}
		if got := l.Events(s.Name); !slices.Equal(got, events) {
			t.Fatalf("Events(%q) = %q, want %q", s.Name, got, events)
		}
	}
	if got := l.States(); !slices.Equal(got, names) {
		t.Fatalf("States() = %q, want %q", got, names)
	}
	return steps
}

var pathPattern = regexp.MustCompile(`\A(?:(initial|states|events)|(states|events)(?:\.(\w+)|\[(\d+)\])(?:\.(to|from)(?:\[(\d+)\])?)?)\z`)

// locate follows the path of a problem to the text that it speaks of, as a
// caller does who has to underline it in a file.
func locate(d Definition, path string) (string, error) {
	m := pathPattern.FindStringSubmatch(path)
	if m == nil {
		return "", fmt.Errorf("path %q has no known form", path)
	}
	kind, name, number, member, source := m[2], m[3], m[4], m[5], m[6]
	if m[1] == "initial" {
		return d.Initial, nil
	}
	if m[1] != "" {
		return m[1], nil
	}
	var names []string
	for _, s := range d.States {
		names = append(names, s.Name)
	}
	if kind == "events" {
		names = nil
		for _, e := range d.Events {
			names = append(names, e.Name)
		}
	}
	i := slices.Index(names, name)
	if number != "" {
		i, _ = strconv.Atoi(number)
	}
	if i < 0 || i >= len(names) {
		return "", fmt.Errorf("path %q leads nowhere", path)
	}
	switch {
	case member == "":
		return names[i], nil
	case kind == "states":
		return "", fmt.Errorf("path %q: a state has no %s", path, member)
	case member == "to":
		return d.Events[i].To, nil
	case source == "":
		return strings.Join(d.Events[i].From, " "), nil
	}
	j, _ := strconv.Atoi(source)
	if j >= len(d.Events[i].From) {
		return "", fmt.Errorf("path %q leads nowhere", path)
	}
	return d.Events[i].From[j], nil
}
