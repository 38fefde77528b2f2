package peers

import (
	"fmt"
	"strconv"

	"github.com/vassoio/vassoio/rules"
)

// Rules are the twenty rules in CEL, as package rules and protovalidate read them.
var Rules = [20]string{
	`one.f0.matches("^[A-Z]{2}[0-9]{3,11}$")`,
	`one.f1 >= 1 && one.f1 <= 100`,
	`one.f2 || two.f2`,
	`one.f3.size() > 3 && one.f3.startsWith("IT")`,
	`one.f4 + two.f4 < three.f4 * 100`,
	`!one.f5 || has(one.f6)`,
	`two.f0 in ["IT", "FR", "DE", "value0"]`,
	`two.f1 * 2 > one.f1`,
	`two.f3.matches("^[a-zA-Z0-9 .-]*$")`,
	`two.f6 != two.f9`,
	`two.f7 > 0 ? two.f8 : one.f8`,
	`three.f0.endsWith("0") && three.f3.contains("a")`,
	`three.f1 % 2 == 1 || three.f4 > 3`,
	`has(three.f5) && three.f5`,
	`three.f6.size() + three.f9.size() < 60`,
	`three.f7 >= one.f7 - two.f7`,
	`one.f9.matches("^value[0-9]+$")`,
	`(one.f1 > 3 && two.f1 > 3) || three.f1 > 3`,
	`one.f0 != two.f0 || two.f0 != three.f0`,
	`three.f8 && (one.f2 || two.f5)`,
}

// Vassoio is package rules with those of [Rules] that have the given numbers.
func Vassoio(numbers []int) Peer {
	return Peer{"vassoio", numbers, func() (Engine, error) { return loadVassoio(numbers) }}
}

type vassoio struct {
	set     *rules.Set
	numbers []int
	ids     []string
}

func loadVassoio(numbers []int) (Engine, error) {
	var d rules.Definition
	for _, name := range []string{"one", "two", "three"} {
		s := rules.Section{Name: name}
		for i := range 10 {
			f := []rules.Field{
				{Kind: rules.KindText, Max: "60"}, {Kind: rules.KindInteger}, {Kind: rules.KindBoolean},
			}[i%3]
			f.Name = "f" + strconv.Itoa(i)
			s.Fields = append(s.Fields, f)
		}
		d.Sections = append(d.Sections, s)
	}
	v := &vassoio{numbers: numbers}
	for _, n := range numbers {
		id := "r" + strconv.Itoa(n)
		// At keeps each rule a condition of its own.
		d.Rules = append(d.Rules, rules.Rule{ID: id, Expr: Rules[n], At: []string{"submit"}})
		v.ids = append(v.ids, "rule."+id)
	}
	var err error
	v.set, err = rules.Compile(d)
	return v, err
}

func (v *vassoio) Fill(f *Form) (func() (Verdicts, error), error) {
	in := v.set.Input()
	for name, s := range map[string]*Section{"one": &f.One, "two": &f.Two, "three": &f.Three} {
		if err := in.Section(name, s.fields()); err != nil {
			return nil, err
		}
	}
	return func() (out Verdicts, err error) {
		for i, id := range v.ids {
			verdict := v.set.Eval(id, in)
			switch verdict.Result {
			case rules.Pass:
				out[v.numbers[i]] = true
			case rules.Fail:
			default:
				return out, fmt.Errorf("%s: %s %v", id, verdict.Result, verdict.Err)
			}
		}
		return out, nil
	}, nil
}
