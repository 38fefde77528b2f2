package rulestest

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vassoio/vassoio/rules"
)

// maxScaffold bounds the texts and lists that a first test file has for the
// sake of their length: beyond, it could not be read.
const maxScaffold = 120

// scaffoldDemands writes a case for each demand of a field that a wrong value
// can be told for, and that is the only one of its field which it violates.
func (r *runner) scaffoldDemands(b *bytes.Buffer, s *Suite) {
	for _, d := range r.coverage.Demands() {
		path := d.Rule[:strings.LastIndexByte(d.Rule, '.')]
		at := strings.ReplaceAll(path, "[]", "[0]")
		section, rest, _ := strings.Cut(path, ".")
		f := fieldAt(r.sections[section].Fields, rest)
		wrong, ok := violating(f, d.Member)
		if !ok || d.Member == "required" && f.When == "" && !strings.Contains(rest, ".") {
			continue // or it is shown where nothing is written
		}
		c := Case{From: "base", Set: map[string]any{at: wrong}}
		in, err := r.input(s, &c)
		if err != nil {
			continue // an item of a list that is empty, say
		}
		id, _, _ := r.resolve(d.Rule)
		v := r.ofField(r.eval(id, in), d.Rule, in)
		if len(v.Violations) != 1 {
			continue
		}
		fmt.Fprintf(b, "  - name: %s against %s\n    from: base\n    set: {%s: %s}\n    expect: {%s: %s}\n",
			path, asWritten(d.Member), quotedName(at), flow(wrong), quotedName(d.Rule), outcomeOf(v))
	}
}

// fieldAt finds a field by its static path, which exists.
func fieldAt(fields []rules.Field, path string) rules.Field {
	step, rest, deeper := strings.Cut(path, ".")
	name, items := strings.CutSuffix(step, "[]")
	f := fields[slices.IndexFunc(fields, func(f rules.Field) bool { return f.Name == name })]
	if items {
		f = *f.Of
	}
	if deeper {
		return fieldAt(f.Fields, rest)
	}
	return f
}

// violating gives a value that a field must not have for the sake of a member;
// nil is no value. It may be wrong: whoever evaluates it sees.
func violating(f rules.Field, member string) (any, bool) {
	switch member {
	case "required", "required_if":
		return nil, true
	case "format":
		return "?", true
	case "choices":
		return "none of these", true
	case "currencies":
		for _, code := range []string{"EUR", "USD", "CHF", "GBP"} {
			if !slices.Contains(f.Currencies, code) {
				f.Currencies = []string{code}
				return sample(f), true
			}
		}
	case "compute", "when":
		v := sample(f)
		return v, v != nil
	case "min":
		return beside(f, f.Min, -1)
	case "max":
		return beside(f, f.Max, 1)
	}
	return nil, false // a check: who knows?
}

// beside is the value next to a bound, in a direction.
func beside(f rules.Field, bound string, step int) (any, bool) {
	switch f.Kind {
	case rules.KindText, rules.KindList:
		n, err := strconv.Atoi(bound)
		if n += step; err != nil || n < 0 || n > maxScaffold {
			return nil, false
		}
		if f.Kind == rules.KindText {
			return strings.Repeat("x", n), true
		}
		item := sample(*f.Of)
		return slices.Repeat([]any{item}, n), item != nil
	case rules.KindInteger, rules.KindDecimal, rules.KindMoney:
		v, ok := new(big.Rat).SetString(bound)
		if !ok {
			return nil, false
		}
		unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(f.Scale)), nil)
		text := v.Add(v, new(big.Rat).SetFrac(big.NewInt(int64(step)), unit)).FloatString(f.Scale)
		if f.Kind == rules.KindMoney {
			currency, _ := sample(f).(string)
			text += currency[len(currency)-len(" EUR"):]
		}
		if f.Kind == rules.KindInteger {
			n, err := strconv.ParseInt(text, 10, 64)
			return n, err == nil
		}
		return text, true
	case rules.KindDate:
		day, err := time.Parse(time.DateOnly, bound)
		return day.AddDate(0, 0, step).Format(time.DateOnly), err == nil
	case rules.KindDatetime:
		at, err := time.Parse(time.RFC3339, bound)
		return at.Add(time.Duration(step) * time.Second).Format(time.RFC3339), err == nil
	}
	return nil, false
}
