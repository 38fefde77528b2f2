package rules

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A walk evaluates "valid.<section>": the rules of every field, item by item,
// then the rules over the section alone. Or, with back, "change.<section>": those
// of the fields that read old, which the other leaves out.
type walk struct {
	set     *Set
	act     *activation // the input's own, but in a list
	back    bool
	changed []string // static paths to restrict it to; nil for all
	found   []Violation
	failed  bool     // a violation that is no warning
	hidden  bool     // something could not be told, since old is hidden
	absent  []string // facts that were not given
	lacking bool     // something could not be told for want of a function or format
	err     error    // the first rule that broke, or rather the first for the application
}

func (c *condition) valid(in *Input, changed []string, v *Verdict) {
	content, ok := in.values[c.section.number].(*record)
	if !ok {
		v.Result, v.Hidden = Unknown, c.hidden(in)
		return
	}
	w := &walk{set: in.set, act: &in.root, back: c.back, changed: changed}
	if c.back {
		w.changed = nil
		w.record(content)
	} else if changed == nil {
		w.record(content)
		for _, r := range c.section.folds {
			w.rule(r)
		}
	} else {
		var few [8]int
		for _, i := range c.section.parts.find(few[:0], w.changed) {
			if fields := content.typ.fields; i < len(fields) {
				w.field(fields[i], content, content.val(i))
			} else {
				w.rule(c.section.folds[i-len(fields)])
			}
		}
	}
	v.Violations = w.found
	switch {
	// A failure stands whatever the parts that could not be told would be.
	case w.failed:
		v.Result, v.Err = Fail, w.err
	case w.lacking: // before the error, which a failure might outdo
		v.Result, v.Hidden, v.Absent, v.Lacks = Unknown, c.hidden(in), w.absent, c.lacks()
	case w.err != nil:
		v.Result, v.Err = Error, w.err
	case w.hidden || len(w.absent) > 0:
		v.Result, v.Hidden, v.Absent = Unknown, c.hidden(in), w.absent
	default:
		v.Result = Pass
	}
}

// lacks lists the functions and formats that a condition over a section needs and
// that are not there: all, since which of them was needed can tell a value, such
// as the choice that was made.
func (c *condition) lacks() []string {
	var out []string
	for _, p := range c.programs() {
		if !p.says {
			out = append(out, p.lacks...)
		}
	}
	for _, f := range c.section.rec.fields {
		f.each(func(n *node) {
			if !c.back && n.own != nil && n.own.Check == nil {
				out = append(out, n.own.Name)
			}
		})
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rule evaluates a rule over the section alone.
func (w *walk) rule(r *rule) {
	if w.ask(r.test).is(false) {
		w.add(r.violation(w.act))
	}
}

// add takes down a violation, unless there are enough. The first that is no
// warning is taken all the same.
func (w *walk) add(v Violation) {
	fails := v.Severity == SeverityError
	if len(w.found) < maxViolations || fails && !w.failed {
		w.found = append(w.found, v)
	}
	w.failed = w.failed || fails
}

// mine reports whether a program, if there is one, belongs to what is evaluated.
func (w *walk) mine(p *program) bool { return p != nil && p.back == w.back }

// done reports that nothing which is found from here on would be told.
func (w *walk) done() bool { return w.failed && len(w.found) >= maxViolations }

// due reports whether a part is to be evaluated: one that concerns the field
// at a path, or reads through a program, what changed.
func (w *walk) due(path string, p *program) bool {
	if w.changed == nil {
		return true
	}
	if path != "" {
		for _, c := range w.changed {
			if within(path, c) || within(c, path) {
				return true
			}
		}
	}
	return p != nil && touches(p.refs, w.changed)
}

// ask runs a program and notes what stands in the way of a verdict. What is
// unknown because fields are absent does not: that they are there is the
// business of required. A fact that is not given does.
func (w *walk) ask(p *program) answer {
	a := p.run(w.act)
	w.lacking = w.lacking || len(a.lacks) > 0
	switch a.state {
	case answerHidden:
		w.hidden = true
	case answerError:
		w.broke(a.err)
	}
	for _, path := range a.absent {
		name, _, _ := strings.Cut(path, ".")
		if _, ok := w.set.facts[name]; ok {
			w.absent = append(w.absent, path)
		}
	}
	return a
}

// broke notes that a rule broke. Where the application did, that is the reason:
// once it works the outcome may be another.
func (w *walk) broke(err error) {
	if w.err == nil || errors.Unwrap(w.err) == nil && errors.Unwrap(err) != nil {
		w.err = err
	}
}

func (w *walk) record(r *record) {
	for i, n := range r.typ.fields {
		w.field(n, r, r.val(i))
	}
}

// field evaluates the rules of a field; val is nil where it is absent.
func (w *walk) field(n *node, r *record, val ref.Val) {
	if w.done() || w.back && !n.looksBack {
		return
	}
	path := spot{of: r.path, field: n.field.Name}
	if n.when != nil {
		a := w.ask(n.when)
		if a.state == answerError {
			return
		}
		// An absent input of the condition means that it does not hold.
		if !a.is(true) {
			if val != nil && w.mine(n.when) && w.due(n.path, n.when) {
				w.add(n.violation(w.act, path.String(), ReasonInapplicable, textInapplicable))
			}
			return
		}
	}
	told := false // all that there is to say: that there is no item is no bound besides
	broke := w.mine(n.compute) && w.due(n.path, n.compute) && !w.computed(n, r, val, path)
	if (n.field.Required && !w.back || w.mine(n.requiredIf)) && missing(val) && !broke && w.due(n.path, n.requiredIf) {
		if told = n.field.Required || w.ask(n.requiredIf).is(true); told {
			w.add(n.violation(w.act, path.String(), ReasonRequired, textRequired))
		}
	}
	if val != nil && !told {
		var raw any
		if n.field.Kind == KindList || types.IsUnknown(val) {
			raw = r.raw[n.field.Name]
		}
		w.value(n, raw, val, path)
	}
}

// A spot is where a value is: a field of what has a path, or an item of it. The
// path is made only of what is wrong.
type spot struct {
	of    string
	field string // or "", and it is an item
	item  int
}

func (s spot) String() string {
	if s.field != "" {
		return s.of + "." + s.field
	}
	return s.of + "[" + strconv.Itoa(s.item) + "]"
}

// missing reports an absent value; a list without items is none either.
func missing(val ref.Val) bool {
	if list, ok := val.(traits.Lister); ok {
		return list.Size() == types.IntZero
	}
	return val == nil
}

// computed checks that the value is what its expression gives, and reports whether
// that gives anything or breaks. Of one that breaks there is no value.
func (w *walk) computed(n *node, r *record, val ref.Val, path spot) bool {
	a := w.ask(n.compute)
	want, ok, err := n.computedValue(a)
	if err != nil && a.state != answerError {
		w.broke(err)
	}
	if ok != (val != nil) || ok && r.raw[n.field.Name] != want {
		w.add(n.violation(w.act, path.String(), ReasonComputed, textComputed))
	}
	return err == nil
}

// value evaluates the rules of a value that is there; raw is needed of a list,
// and of a text beyond its maximum.
func (w *walk) value(n *node, raw any, val ref.Val, path spot) {
	if w.back && types.IsUnknown(val) {
		return // it is beyond its maximum, and its validity says so
	}
	own := !w.back && w.due(n.path, nil)
	switch n.field.Kind {
	case KindText:
		text := textOf(val, raw)
		if own && !w.size(n, utf8.RuneCountInString(text), path) {
			return
		}
		if own && n.field.Format != "" && !w.hasFormat(n, text) {
			w.add(n.violation(w.act, path.String(), ReasonFormat, n.formatText()))
		}
	case KindChoice:
		i, ok := n.choices[textOf(val, raw)]
		if own && !ok || ok && w.mine(n.choiceWhen[i]) && w.due(n.path, n.choiceWhen[i]) && !w.offered(n.choiceWhen[i]) {
			w.add(n.violation(w.act, path.String(), ReasonChoice, textChoice))
		}
	case KindMoney:
		if own && !n.allows(val.(money).currency) {
			w.add(n.violation(w.act, path.String(), ReasonCurrency, n.currencyText()))
		}
		if own {
			w.bounds(n, val.(money).amount, path)
		}
	case KindList:
		if own && !w.size(n, len(raw.([]any)), path) {
			return
		}
		w.list(n, raw.([]any), val, path)
	case KindRecord:
		w.record(val.(*record))
	default:
		if own {
			w.bounds(n, val, path)
		}
	}
	if types.IsUnknown(val) {
		return // it is beyond its maximum, and that was said
	}
	if w.mine(n.check) && w.due(n.path, n.check) && w.ask(n.check).is(false) {
		w.add(n.violation(w.act, path.String(), ReasonCheck, textCheck))
	}
}

// textOf gives a text, also one beyond its maximum.
func textOf(val ref.Val, raw any) string {
	if s, ok := val.(types.String); ok {
		return string(s)
	}
	return raw.(string)
}

// offered reports whether a choice is offered, or it cannot be told that it is
// not.
func (w *walk) offered(p *program) bool {
	a := w.ask(p)
	return !a.is(false) && a.state != answerAbsent
}

// size checks the length of a text or the number of items of a list, and
// reports whether the value is small enough to go on with.
func (w *walk) size(n *node, size int, path spot) bool {
	if size < n.sizeMin {
		w.add(n.outOfBounds(w.act, path.String(), true))
	}
	if size > n.sizeMax {
		w.add(n.outOfBounds(w.act, path.String(), false))
	}
	return size <= n.sizeMax
}

func (w *walk) bounds(n *node, val ref.Val, path spot) {
	if n.min != nil && val.(traits.Comparer).Compare(n.min) == types.IntNegOne {
		w.add(n.outOfBounds(w.act, path.String(), true))
	}
	if n.max != nil && val.(traits.Comparer).Compare(n.max) == types.IntOne {
		w.add(n.outOfBounds(w.act, path.String(), false))
	}
}

// list evaluates the rules of the items, each with itself as the variable of
// the list's items.
func (w *walk) list(n *node, raw []any, val ref.Val, path spot) {
	items, ok := val.(traits.Lister)
	if len(raw) == 0 {
		return
	}
	list, around := path.String(), w.act
	w.act = &activation{in: around.in, items: append(slices.Clone(around.items), item{name: itemVar(n.path)})}
	innermost := &w.act.items[len(around.items)]
	for i := range raw {
		if w.done() {
			break
		}
		at := spot{of: list, item: i}
		if !ok { // an item of it is a text beyond its maximum
			w.size(n.elem, utf8.RuneCountInString(raw[i].(string)), at)
			continue
		}
		innermost.value = items.Get(types.Int(i))
		w.value(n.elem, raw[i], innermost.value, at)
	}
	w.act = around
}

// currencyText names the currencies of the field.
func (n *node) currencyText() Text {
	codes := strings.Join(n.field.Currencies, ", ")
	return Text{"en": "must be an amount in " + codes, "it": "deve essere un importo in " + codes}
}

// hasFormat reports whether a text has the declared format, or that cannot be
// told.
func (w *walk) hasFormat(n *node, text string) bool {
	switch {
	case n.own == nil:
		return n.valid(text)
	case n.own.Check == nil:
		w.lacking = true
		return true
	}
	ok, err := n.own.guarded(text)
	if err != nil {
		w.broke(&EvalError{Where: n.path + " format", Reason: err.Error(), cause: errors.Unwrap(err)})
	}
	return ok || err != nil
}

// formatText explains the declared format.
func (n *node) formatText() Text {
	if n.own != nil && len(n.own.Describe) > 0 {
		return n.own.Describe
	}
	if f, ok := formatByName(n.field.Format); ok && len(f.describe) > 0 {
		return f.describe
	}
	return textFormat
}
