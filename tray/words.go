package tray

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/template"
)

// Messages says to people what is wrong, each thing in a line: by the titles of the
// template that the tray is kept by, in English or Italian, as [rules.Text.In]
// chooses. What rules of the template say of themselves comes first, as
// [rules.Violation.Message] gives it, and may hold values; nothing else does.
func (r *Refusal) Messages(t *template.Template, lang string) []string {
	var out []string
	for _, x := range append([]*Refusal{r}, r.Also...) {
		out = append(out, x.words(t, lang, len(r.Blockers) > 0)...)
	}
	for i := range r.Blockers {
		out = append(out, r.Blockers[i].Message(t, lang))
	}
	return out
}

// words says what is wrong but for blockers, in which most codes are told.
func (r *Refusal) words(t *template.Template, lang string, blockers bool) (out []string) {
	if values := (*section.ValuesError)(nil); errors.As(r.Err, &values) {
		for _, p := range values.Problems {
			out = append(out, oneLine(t.Label(p.Path, lang)+": "+p.Message(lang)))
		}
		return out
	}
	if computed := (*rules.ComputeError)(nil); errors.As(r.Err, &computed) {
		for _, broken := range computed.Broken {
			path, _, _ := strings.Cut(broken.Where, " ")
			out = append(out, oneLine(fmt.Sprintf(wordsComputed.In(lang), t.Label(path, lang))))
		}
		return out
	}
	switch r.Code {
	case Blocked, NoRight, NotNow, BadReaders, BadReason, BadAttest, TooMany:
		if blockers {
			return nil
		}
	case BadInvite:
		if text, ok := inviteWords[r.Invite]; ok {
			return []string{text.In(lang)}
		}
	}
	text, ok := codeWords[r.Code]
	if !ok {
		text = wordsRefused // a code of a later version
	}
	return []string{text.In(lang)}
}

// Message says to people what is missing, and who can provide it: see
// [Refusal.Messages]. Whose instance it is, the application can say besides, which
// knows who is behind [Blocker.Instance].
func (b *Blocker) Message(t *template.Template, lang string) string {
	x := titles{t, lang}
	kind, name := x.about(b)
	words, ok := blockerWords[kind]
	if !ok { // a need of a later version
		words = wording{wordsMissing, wordsProvide}
	}
	text := words.what.In(lang)
	if strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, name)
	}
	if can := words.can.In(lang); can != "" {
		if len(b.Needs) > 0 {
			can += fmt.Sprintf(wordsWith.In(lang), strings.Join(b.Needs, ", "))
		}
		text += " (" + x.whoCan(can, b.Roles)
		if len(b.Dismiss) > 0 {
			text += "; " + x.whoCan(wordsDismiss.In(lang), b.Dismiss)
		}
		text += ")"
	}
	switch {
	case errors.Is(b.Err, rules.ErrTooDear):
		text += "; " + wordsDear.In(lang)
	case b.Err != nil:
		text += "; " + wordsBroke.In(lang)
	}
	return oneLine(text)
}

// titles calls the parts of a template as people do.
type titles struct {
	*template.Template
	lang string
}

// about gives the words that a blocker takes, and what they are said of.
func (x titles) about(b *Blocker) (words, name string) {
	words = string(b.Need)
	switch b.Need {
	case NeedState, NeedRole:
		words += " " + b.Act
		switch b.Act {
		case "write":
			if b.Need == NeedRole && b.Instance != "" {
				words += " own"
			}
			return words, x.section(b.Name, b)
		case "sign":
			return words, x.signature(b.Name)
		case "fire":
			return words, x.event(b.Name)
		}
		return words, x.roles(strings.Split(b.Name, ", "))
	case NeedField:
		if b.Violation != nil && b.Violation.Reason == rules.ReasonRequired {
			words += " required"
		}
		return words, x.Label(b.Path, x.lang) + x.of(b) + ": " + x.broken(b)
	case NeedCondition, NeedAttestation, NeedDecision:
		kind, of, _ := strings.Cut(b.Name, ".")
		if b.Need != NeedDecision {
			words += " " + kind
		}
		switch kind {
		case "valid", "change":
			return words, x.section(of, b)
		case "guard":
			return words, x.event(of)
		case "required":
			return words, x.signature(of)
		}
		return words, x.broken(b) + x.of(b)
	case NeedSignature:
		if b.Stale {
			words += " stale"
		}
		return words, x.signature(b.Name)
	case NeedReason:
		return words, x.event(b.Name)
	case NeedShare, NeedRevision:
		words += " " + b.Act
	}
	return words, x.section(b.Name, b)
}

// broken says what a rule has to say: for who evaluated it, of what he found. What
// came through JSON has the rule's own words only.
func (x titles) broken(b *Blocker) string {
	if b.Violation != nil {
		if text := b.Violation.Message(x.lang); text != "" {
			return text
		}
	}
	if r := x.Rule(b.Name); r != nil && len(r.Message) > 0 {
		return r.Message.In(x.lang)
	}
	return fmt.Sprintf(wordsRule.In(x.lang), b.Name[strings.LastIndexByte(b.Name, '.')+1:])
}

// section gives the title of a section, and in whose instance of it.
func (x titles) section(name string, b *Blocker) string { return x.Label(name, x.lang) + x.of(b) }

// of says in which roles somebody has an instance.
func (x titles) of(b *Blocker) string {
	for _, name := range b.Sections {
		if sec := x.Section(name); b.Instance != "" && sec != nil && len(sec.Per) > 0 {
			return " (" + x.roles(sec.Per) + ")"
		}
	}
	return ""
}

func (x titles) signature(name string) string {
	if sig := x.Signature(name); sig != nil {
		return x.title(sig.Title, name)
	}
	return name
}

func (x titles) event(name string) string {
	if ev := x.Event(name); ev != nil {
		return x.title(ev.Title, name)
	}
	return name
}

// roles gives titles of roles, one of which will do.
func (x titles) roles(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = name
		if role := x.Role(name); role != nil {
			out[i] = x.title(role.Title, name)
		}
	}
	return strings.Join(out, wordsOr.In(x.lang))
}

func (x titles) title(title rules.Text, name string) string {
	if text := title.In(x.lang); text != "" {
		return text
	}
	return name
}

// whoCan says who can do something, or that nobody can.
func (x titles) whoCan(can string, roles []string) string {
	if len(roles) == 0 {
		return fmt.Sprintf(wordsNobody.In(x.lang), can)
	}
	return fmt.Sprintf(wordsCan.In(x.lang), x.roles(roles), can)
}

// oneLine keeps a text that comes from a template from looking like two, or like
// another: it has no line breaks, controls, or marks that turn the order of letters.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return c
	}, s)
}
