package template

import (
	"fmt"
	"strings"
)

// String is the explanation as text, for people.
func (e Explanation) String() string {
	var b strings.Builder
	for _, d := range e.Conditions {
		d.write(&b)
	}
	b.WriteString("\nafter an edit of\n")
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "  %s: %s\n", f.Path, strings.Join(f.Conditions, ", "))
	}
	return b.String()
}

func (d Decision) write(b *strings.Builder) {
	b.WriteString(d.ID)
	if d.Advisory {
		b.WriteString(" (a warning)")
	}
	b.WriteByte('\n')
	line := func(label, text string) { fmt.Fprintf(b, "  %-11s %s\n", label, text) }
	list := func(label string, names []string) {
		if len(names) > 0 {
			line(label, strings.Join(names, ", "))
		}
	}
	list("with", d.Rules)
	list("reads", d.Fields)
	list("of sections", d.Sections)
	list("and facts", d.Facts)
	list("needs", d.Needs)
	switch {
	case d.Public && len(d.Needs) > 0:
		line("decided by", "everybody who has what it needs, with no key")
	case d.Public:
		line("decided by", "everybody, with no key")
	}
	for _, a := range d.Deciders {
		whose := ""
		if a.Own {
			whose = ", on its own instance"
		}
		line("decided by", a.Role+a.where()+whose)
	}
	for _, a := range d.Writers {
		line("or by", a.Role+" who writes "+a.Section+a.where())
	}
	if !d.Public && len(d.Facts) > 0 {
		line("decided in", "the very entry that needs it, by its author")
	}
	list("due at", d.Events)
	list("and writes", d.Writes)
	for _, a := range d.Unknown {
		what := a.Section
		if a.Own {
			what += " of others"
		}
		line("unknown to", a.Role+a.where()+", who cannot read "+what)
	}
}

// where tells the states, if they are not all.
func (a Access) where() string {
	switch {
	case a.Every:
		return ""
	case len(a.States) == 0:
		return " in no state"
	}
	return " in " + strings.Join(a.States, ", ")
}
