package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// teller prints the story, in a language.
type teller struct {
	language
	out   io.Writer
	steps int
	err   error // the first of the writer's: an untold story did not happen
}

// indent is where what belongs to a step begins, width where lines should end.
const (
	indent = "            "
	width  = 100
)

// say prints a step, and who takes it.
func (t *teller) say(who, format string, args ...any) {
	t.steps++
	t.print(fmt.Sprintf("%2d %-8s ", t.steps, t.in(who)), fmt.Sprintf(t.in(format), args...))
}

// add prints what else is to be said of a step.
func (t *teller) add(format string, args ...any) { t.print(indent, fmt.Sprintf(t.in(format), args...)) }

// told prints what somebody is told who may not do what he tried.
func (t *teller) told(format string, args ...any) {
	t.print(indent+"✗ ", fmt.Sprintf(t.in(format), args...))
}

// print prints a text behind a head, in as many lines as it takes.
func (t *teller) print(head, text string) {
	line := head
	for i, word := range strings.Split(text, " ") {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			t.println(line)
			line = indent + "    " + word
			continue
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	t.println(line)
}

func (t *teller) println(line string) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.out, line)
	}
}
