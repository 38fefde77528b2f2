package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
)

// Reasons of violations, for programs. A rule may give its own.
const (
	ReasonRequired     = "required"     // the field is demanded and absent
	ReasonFormat       = "format"       // the text does not have the declared format
	ReasonBounds       = "bounds"       // the value, length or number of items is out of bounds
	ReasonChoice       = "choice"       // the value is no choice, or none that is offered here
	ReasonCurrency     = "currency"     // the amount is in none of the currencies of the field
	ReasonCheck        = "check"        // the field's check does not hold
	ReasonComputed     = "computed"     // the value is not what the field's expression gives
	ReasonInapplicable = "inapplicable" // the field is there, and does not apply
	ReasonRule         = "rule"         // a rule over sections does not hold
)

// A Violation is one thing that is wrong in the data. Printing it gives ids
// and paths, which tell that a field applies and what it breaks; what may hold
// values is behind [Violation.Message].
type Violation struct {
	Rule     string // "customer.phone.format", "rule.covered"
	Path     string // where in the data: "products.lines[3].price"; empty if a rule names no field
	Reason   string
	Severity string // SeverityError or SeverityWarning

	member  string      // of the field, that declares what is violated: see [Demand]
	text    Text        // of the definition, or of this package
	message *program    // replaces text where it can be evaluated
	act     *activation // for message
}

// String gives rule, path and reason, without values.
func (v Violation) String() string {
	s := v.Rule
	if v.Path != "" {
		s += " at " + v.Path
	}
	return s + ": " + v.Reason
}

// Message explains the violation to people, in a language or the nearest that
// the definition has. It may hold values of the sections that the evaluator
// can read, and none of any other: expressions in messages are evaluated under
// the same restrictions as the condition.
func (v Violation) Message(lang string) string {
	if v.message != nil {
		act := *v.act
		act.lang = v.message.language(lang, v.text)
		if a := v.message.run(&act); a.state == answerKnown {
			if s, ok := a.value.(types.String); ok && usable(string(s)) {
				return string(s)
			}
		}
	}
	return v.text.In(lang)
}

// language gives the tag that the expression of a message is to go by: the nearest
// of those that it has words for, or the text that it replaces.
func (p *program) language(lang string, text Text) string {
	tags := nearest(lang)
	for _, tag := range tags {
		if _, ok := text[tag]; ok || slices.Contains(p.texts, tag) {
			return tag
		}
	}
	return tags[1]
}

// usable refuses what an expression should not have made a message of.
func usable(s string) bool {
	return strings.TrimSpace(s) != "" && len(s) <= maxMessage && utf8.ValidString(s) && !strings.ContainsAny(s, "\n\r")
}

// prepare makes the violation of a rule over sections, but for the activation.
func (r *rule) prepare() {
	r.broken = Violation{
		Rule: r.id, Path: r.def.Field, Reason: r.def.Reason, Severity: r.def.Severity,
		text: r.def.Message, message: r.message,
	}
	if r.broken.Reason == "" {
		r.broken.Reason = ReasonRule
	}
	if r.broken.Severity == "" {
		r.broken.Severity = SeverityError
	}
	if len(r.broken.text) == 0 {
		r.broken.text = Text{"en": "rule " + r.def.ID + " does not hold", "it": "la regola " + r.def.ID + " non è rispettata"}
	}
}

// violation describes a rule over sections that does not hold.
func (r *rule) violation(act *activation) Violation {
	v := r.broken
	v.act = act
	return v
}

// violation describes what is wrong with the value of a field.
func (n *node) violation(act *activation, path, reason string, text Text) Violation {
	v := Violation{Rule: n.path + "." + reason, Path: path, Reason: reason, Severity: SeverityError, member: n.member(reason), text: text}
	if reason == ReasonCheck {
		if len(n.field.Message) > 0 {
			v.text = n.field.Message
		}
		if n.field.Severity != "" {
			v.Severity = n.field.Severity
		}
		if n.message != nil {
			v.message = n.message
			v.act = &activation{in: act.in, items: slices.Clone(act.items)}
		}
	}
	return v
}

// outOfBounds describes a value, length or number of items that is too low or
// too high.
func (n *node) outOfBounds(act *activation, path string, low bool) Violation {
	v := n.violation(act, path, ReasonBounds, textBounds(n.field, low))
	if v.member = "max"; low {
		v.member = "min"
	}
	return v
}

// The texts of this package.
var (
	textRequired     = Text{"en": "a value is required", "it": "il valore è obbligatorio"}
	textInapplicable = Text{"en": "does not apply here and must be empty", "it": "qui non si applica e deve restare vuoto"}
	textChoice       = Text{"en": "is none of the choices that are offered here", "it": "non è tra le scelte possibili"}
	textCheck        = Text{"en": "is not acceptable", "it": "non è accettabile"}
	textComputed     = Text{"en": "is not what is computed from the other fields", "it": "non corrisponde al valore calcolato"}
	textFormat       = Text{"en": "does not have the right form", "it": "non ha la forma giusta"}
)

// textBounds names the bound that was missed.
func textBounds(f Field, low bool) Text {
	least, most := Text{"en": "must be at least ", "it": "deve essere almeno "}, Text{"en": "must be at most ", "it": "deve essere al massimo "}
	unit := Text{}
	switch f.Kind {
	case KindText:
		unit = Text{"en": " characters", "it": " caratteri"}
	case KindList:
		unit = Text{"en": " items", "it": " elementi"}
	}
	out := Text{}
	for _, lang := range []string{"en", "it"} {
		if low {
			out[lang] = least[lang] + f.Min + unit[lang]
		} else {
			out[lang] = most[lang] + f.Max + unit[lang]
		}
	}
	return out
}
