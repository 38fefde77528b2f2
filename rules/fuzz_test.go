package rules

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

// No expression makes the compiler or the evaluator panic, and what it reads
// from a hidden section decides nothing.
func FuzzExpression(f *testing.F) {
	for _, e := range aliases {
		f.Add(e)
	}
	f.Fuzz(func(t *testing.T, e string) {
		d := vault()
		d.Conditions = []Condition{{ID: "c", Expr: e}}
		s, err := Compile(d)
		if err != nil {
			return
		}
		hidden, full := inputs(t, s)
		v := s.Eval("c", hidden)
		if v.Result != Pass && v.Result != Fail {
			return
		}
		for _, in := range full {
			if w := s.Eval("c", in); w.Result != v.Result {
				t.Errorf("hidden: %s, with it: %s (%v)", v.Result, w.Result, w.Err)
			}
		}
	})
}

// expressionPlaces puts an expression in each place that a definition has for
// one, of vault with a choice beside.
var expressionPlaces = []func(d *Definition, e string){
	func(d *Definition, e string) { d.Sections[0].Fields[0].When = e },
	func(d *Definition, e string) { d.Sections[0].Fields[1].RequiredIf = e },
	func(d *Definition, e string) { d.Sections[0].Fields[2].Check = e },
	func(d *Definition, e string) { d.Sections[0].Fields[0].Compute = e },
	func(d *Definition, e string) { d.Sections[0].Fields[3].Of.Check = e },
	func(d *Definition, e string) { d.Sections[0].Fields[4].Of.Fields[1].When = e },
	func(d *Definition, e string) { d.Sections[0].Fields[8].Choices[0].When = e },
	func(d *Definition, e string) {
		d.Sections[0].Fields[2].Check, d.Sections[0].Fields[2].MessageExpr = "false", e
	},
	func(d *Definition, e string) { d.Rules = []Rule{{ID: "r", Expr: "open.amount < 0", MessageExpr: e}} },
	func(d *Definition, e string) { d.Rules = []Rule{{ID: "r", Expr: e}} },
	func(d *Definition, e string) { d.Conditions = []Condition{{ID: "c", Expr: e}} },
}

// A feed makes contents from bytes: absent fields, right values, values of a
// wrong type, and what no decoder makes. Each text and number can be told.
type feed []byte

const (
	fedWord   = "xyzzy"
	fedNumber = 70707
)

func (f *feed) next() int {
	if len(*f) == 0 {
		return 0
	}
	b := (*f)[0]
	*f = (*f)[1:]
	return int(b)
}

func (f *feed) content(fields []Field) map[string]any {
	out := map[string]any{}
	for _, field := range fields {
		switch f.next() % 5 {
		case 0:
		case 1:
			out[field.Name] = f.any(3)
		default:
			out[field.Name] = f.right(field)
		}
	}
	if f.next() == 255 {
		out[fedWord] = f.any(1)
	}
	return out
}

// right is a value of a field's type, beyond its bounds now and then.
func (f *feed) right(field Field) any {
	n := f.next()
	switch field.Kind {
	case KindInteger:
		return int64(fedNumber) * int64(n-2)
	case KindBoolean:
		return n%2 == 0
	case KindText, KindChoice:
		return strings.Repeat(fedWord, 1+n%4)
	case KindMoney:
		return []string{"70707.00 CHF", "-70707.00 CHF", "70707.00 EUR", "0.00 CHF"}[n%4]
	case KindList:
		items := make([]any, n%8)
		for i := range items {
			items[i] = f.right(*field.Of)
		}
		return items
	}
	return f.content(field.Fields)
}

func (f *feed) any(depth int) any {
	values := []any{
		nil, true, int64(fedNumber), int64(math.MinInt64), fedNumber, uint8(7), float64(fedNumber), math.NaN(), math.Inf(1),
		fedWord, "", fedWord + "\xff\x00", strings.Repeat(fedWord, 300), json.Number("70707"), []string{fedWord}, map[any]any{fedWord: 1},
		[]byte(fedWord), []any(nil), map[string]any(nil), struct{ X string }{fedWord}, new(int), func() {},
	}
	n := f.next()
	switch {
	case depth > 0 && n%4 == 0:
		return []any{f.any(depth - 1), f.any(depth - 1)}
	case depth > 0 && n%4 == 1:
		return map[string]any{"amount": f.any(depth - 1), "note": f.any(depth - 1), fedWord: f.any(depth - 1)}
	}
	return values[n/4%len(values)]
}

// No expression, wherever it stands, and no content makes an evaluation panic,
// and no verdict or error prints anything of the content.
func FuzzEvaluate(f *testing.F) {
	bare := []string{`amount > 3`, `this == note`, `has(vip) && vip`, `lang + note`, `lines.map(l, l.amount).sum()`, `old.note != this`, `1 / amount == 1`, `tags[amount] == note`, `fees.sum() > price`, `inner.amount * 2`, `{"a": true}[note]`, `{"a": true}[open.note]`, `int(open.note) > 1`, `timestamp(note) > timestamp("2026-01-01T00:00:00Z")`}
	for i, e := range append(bare, aliases...) {
		for j := range expressionPlaces {
			if i < len(bare) || i%len(expressionPlaces) == j {
				f.Add(e, uint8(j), []byte{2, 3, 2, 0, 2, 1, 2, 2, 1, 8, 9, 2, 2, 1, 3, 2, 1, 0, 2, 5, 1, 6, 7, 255, uint8(i), 77, 33, 2})
				f.Add(e, uint8(j), []byte(strings.Repeat("\x02\x03", 40)))
			}
		}
	}
	f.Add(`open.amount > 1`, uint8(9), []byte(strings.Repeat("\xff", 40)))   // a field that is not declared
	f.Add(`{"a": true}["b"]`, uint8(6), []byte(strings.Repeat("\x04", 200))) // in the condition of the choice made
	for n := range 100 {
		f.Add(`open.amount > 1`, uint8(9), []byte{1, byte(n), byte(n + 1), byte(n + 2), byte(n + 3)})        // of the wrong type
		f.Add(`open.amount > 1`, uint8(9), []byte{0, 0, 0, 0, 1, byte(n), byte(n + 1), 21, byte(n + 2), 37}) // in a list
	}
	f.Fuzz(func(t *testing.T, e string, place uint8, bytes []byte) {
		d := vault()
		d.Sections[0].Fields = vault().Sections[0].Fields // which the sections share
		d.Sections[0].Fields = append(d.Sections[0].Fields, Field{Name: "kind", Kind: KindChoice, Choices: []Choice{{Name: fedWord}, {Name: "other"}}})
		expressionPlaces[int(place)%len(expressionPlaces)](&d, e)
		s, err := CompileFrozen(d)
		if err != nil {
			return
		}
		fed := feed(bytes)
		in := s.Input()
		quiet := func(what string, text string) {
			if strings.Contains(text, fedWord) || strings.Contains(text, "70707") {
				t.Errorf("%s prints a value: %s", what, text)
			}
		}
		for _, sec := range d.Sections {
			for _, give := range []func(string, map[string]any) error{in.Section, in.Old} {
				content := fed.content(sec.Fields)
				if err := give(sec.Name, content); err != nil {
					quiet("the error of a content", err.Error())
				}
				if _, err := s.Compute(sec.Name, content); err != nil {
					quiet("the error of a computation", err.Error())
				}
			}
		}
		if fed.next()%3 == 1 {
			must(t, in.Hidden("secret"))
		}
		for _, info := range s.Conditions() {
			v := s.Eval(info.ID, in)
			quiet(info.ID, fmt.Sprint(v))
			for _, violation := range v.Violations {
				violation.Message("it")
			}
		}
		for v := range s.EvalChanged(in, []string{"open.amount", "open.lines[1]"}) {
			quiet(v.ID, fmt.Sprint(v))
		}
	})
}
