package fsm

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Diagram says how [Lifecycle.Mermaid] draws. Its zero value draws names and
// marks nothing.
type Diagram struct {
	// Current is the state to mark. A state that does not exist is not marked.
	Current string

	// StateLabel and EventLabel give the text to draw for a name, such as its
	// title in the reader's language. Where a function is nil, or what it
	// returns has nothing to show, the name is drawn.
	StateLabel func(state string) string
	EventLabel func(event string) string
}

// Mermaid returns the lifecycle as source of a Mermaid state diagram
// (stateDiagram-v2, https://mermaid.js.org/syntax/stateDiagram), states and
// events as defined. It ends in a newline.
//
// A label can hold any text. It can neither end its line nor start any syntax of
// Mermaid, Markdown or HTML, so the source may stand in a page or in a fenced
// code block as it is.
func (l *Lifecycle) Mermaid(d Diagram) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range l.def.States {
		fmt.Fprintf(&b, "    state \"%s\" as %s\n", label(s.Name, d.StateLabel), node(s.Name))
	}
	fmt.Fprintf(&b, "    [*] --> %s\n", node(l.def.Initial))
	for _, e := range l.def.Events {
		text := label(e.Name, d.EventLabel)
		for _, from := range e.From {
			fmt.Fprintf(&b, "    %s --> %s : %s\n", node(from), node(e.To), text)
		}
	}
	for _, s := range l.def.States {
		if s.Final {
			fmt.Fprintf(&b, "    %s --> [*]\n", node(s.Name))
		}
	}
	if _, ok := l.states[d.Current]; ok {
		// A border and bold type stand out in light and in dark themes alike; a
		// colour would hide the text in one of them.
		b.WriteString("    classDef current stroke-width:4px,font-weight:bold\n")
		fmt.Fprintf(&b, "    class %s current\n", node(d.Current))
	}
	return b.String()
}

// node is the id of a state in a diagram. The prefix keeps it apart from the
// words of Mermaid: a state may be called "end", "note", "state" or "class".
func node(state string) string { return "s_" + state }

// label returns the text to draw for name, fit to stand in a diagram.
func label(name string, of func(string) string) string {
	if of != nil {
		if text := escape(of(name)); text != "" {
			return text
		}
	}
	return escape(name)
}

// direction finds the one word that Mermaid's lexer looks for anywhere in a
// line: "direction LR" in a label would turn the diagram.
var direction = regexp.MustCompile(`(?i)(directio)(n)`)

// escape keeps letters, digits and spaces of text as they are, with the marks
// that stand inside a word, and writes every other character as an entity code
// of Mermaid (#58; for a colon): which of them mean something depends on its
// version. White space becomes one space, what cannot be printed is dropped.
func escape(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	inWord := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	var b strings.Builder
	for i, r := range runes {
		switch {
		case r == ' ', inWord(i), unicode.IsMark(r):
			b.WriteRune(r)
		case strings.ContainsRune("_-.'", r) && inWord(i-1) && inWord(i+1):
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteString("#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return direction.ReplaceAllString(strings.TrimSpace(b.String()), "${1}#110;")
}
