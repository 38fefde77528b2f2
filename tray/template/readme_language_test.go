package template

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// vocabulary is what package rules says that an expression can name, by kind:
// function, operator, macro, format, besides.
func vocabulary(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../rules/testdata/language.txt")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		kind, thing, _ := strings.Cut(strings.TrimSpace(line), " ")
		found[kind] = append(found[kind], thing)
	}
	return found
}

// callTables are those of the operators and functions.
func callTables(t *testing.T) (found []table) {
	t.Helper()
	tables, _ := readPage(t)
	for _, table := range tables {
		if strings.HasSuffix(table.columns[0], "→ result") {
			found = append(found, table)
		}
	}
	if len(found) < 5 {
		t.Fatalf("%d tables of functions", len(found))
	}
	return found
}

var (
	alternatives = regexp.MustCompile(`\([a-z]+(?: or [a-z]+)+\)\.|[a-z]+(?: or [a-z]+)+`)
	operand      = regexp.MustCompile(`^(?:- )?((?:list of )?[a-z]+)`)
	macroCall    = regexp.MustCompile(`^([a-z]+\.)?([a-zA-Z_]+)\((.*)\)$`)
)

// expand writes a signature out: "integer or decimal + the same → the same" is
// one line for integers and one for decimals.
func expand(signature string) []string {
	if at := alternatives.FindStringIndex(signature); at != nil {
		var lines []string
		group, dot := strings.CutSuffix(signature[at[0]:at[1]], ").")
		for option := range strings.SplitSeq(strings.TrimPrefix(group, "("), " or ") {
			if dot {
				option += "."
			}
			lines = append(lines, expand(signature[:at[0]]+option+signature[at[1]:])...)
		}
		return lines
	}
	line := strings.Replace(signature, " → ", " = ", 1)
	if m := operand.FindStringSubmatch(line); m != nil {
		line = strings.ReplaceAll(line, "the same", m[1])
		line = strings.Replace(line, "an item", strings.TrimPrefix(m[1], "list of "), 1)
	}
	return []string{line}
}

// Every function and operator stands on the page with its types, and the page
// has no other.
func TestPageFunctions(t *testing.T) {
	known := vocabulary(t)
	var told, macros []string
	for _, table := range callTables(t) {
		for _, row := range table.rows {
			for _, signature := range spans(row[0]) {
				if !strings.Contains(signature, " → ") { // "and so <="
					continue
				}
				lines := expand(signature)
				if name := macroName(signature); slices.Contains(known["macro"], name) && !slices.Contains(known["function"], lines[0]) {
					macros = append(macros, name)
					continue
				}
				told = append(told, lines...)
			}
		}
	}
	for _, table := range callTables(t) { // what holds of < holds of the others
		for _, row := range table.rows {
			if strings.Contains(row[0], "`<=`, `>`, `>=`") {
				for _, line := range expand(spans(row[0])[0]) {
					for _, operator := range spans(row[0])[1:] {
						told = append(told, strings.Replace(line, " < ", " "+operator+" ", 1))
					}
				}
			}
		}
	}
	for _, row := range under(t, "Formats").rows {
		for _, call := range spans(row[1]) {
			told = append(told, formatCall(call))
		}
	}
	beside := map[string]bool{} // whether there is one
	for _, name := range spans(paragraph(t, "CEL, the language, has more", "no use for: ")) {
		beside[name] = false
	}
	documented := func(things []string) []string {
		return slices.DeleteFunc(slices.Clone(things), func(thing string) bool {
			name, _, _ := strings.Cut(strings.TrimPrefix(thing, "_."), "(")
			_, ok := beside[name]
			if ok {
				beside[name] = true
			}
			return ok
		})
	}
	calls := documented(slices.Concat(known["function"], known["operator"]))
	same(t, "functions and operators", told, calls)
	same(t, "macros", macros, documented(known["macro"]))
	for _, name := range documented(known["besides"]) {
		t.Errorf("the page does not tell of %s", name)
	}
	for name, known := range beside {
		if !known {
			t.Errorf("the page tells of %s, which there is not", name)
		}
	}
	t.Logf("%d functions and operators, %d macros", len(calls), len(macros))
}

// macroName names a call by its name and the number of its arguments, of which
// there may be any where … stands for them.
func macroName(signature string) string {
	call, _, _ := strings.Cut(signature, " → ")
	m := macroCall.FindStringSubmatch(call)
	if m == nil {
		return ""
	}
	args := strings.Count(m[3], ",") + 1
	if strings.HasSuffix(m[3], "…") {
		args = 0
	}
	name := fmt.Sprintf("%s(%d)", m[2], args)
	if m[1] != "" {
		name = "_." + name
	}
	return name
}

// formatCall is a call of a format's function with its types.
func formatCall(call string) string {
	name, args, _ := strings.Cut(strings.TrimSuffix(call, ")"), "(")
	var types []string
	for _, arg := range strings.FieldsFunc(args, func(r rune) bool { return r == ',' || r == ' ' }) {
		if arg == "true" || arg == "false" {
			types = append(types, "boolean")
		} else {
			types = append(types, "integer")
		}
	}
	return "text." + name + "(" + strings.Join(types, ", ") + ") = boolean"
}

// same compares two sets, and names what either has alone.
func same(t *testing.T, what string, told, want []string) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("there are no %s", what)
	}
	for _, w := range want {
		if !slices.Contains(told, w) {
			t.Errorf("%s: the page does not have %s", what, w)
		}
	}
	for i, w := range told {
		if !slices.Contains(want, w) {
			t.Errorf("%s: the page has %s, which there is not", what, w)
		}
		if slices.Index(told, w) < i {
			t.Errorf("%s: the page has %s twice", what, w)
		}
	}
}

// tried is a template in which an expression is tried. It has the holidays that
// the page tells, and reads what is sealed: so tables that are revised can be used.
const tried = `template: tried
version: 1
holidays: [2026-12-25]
roles:
  author: {manages: [author]}
sections:
  form:
    read: [author]
    write: [author]
    fields:
      given:  {type: integer}
      absent: {type: integer}
lifecycle:
  initial: open
  states:
    open: {edit: {author: [form]}}
    done: {final: true}
  events:
    close:
      from: open
      to: done
      by: [author]
      guard: |
        has(form.given) && (EXPRESSION)
`

// eval gives the verdict on an expression.
func eval(t *testing.T, expression string) (rules.Verdict, error) {
	t.Helper()
	tpl, err := loadNamed("tried.yaml", strings.Replace(tried, "EXPRESSION", expression, 1))
	if err != nil {
		return rules.Verdict{}, err
	}
	in := tpl.Rules().Input()
	if err := in.Section("form", map[string]any{"given": int64(1)}); err != nil {
		t.Fatal(err)
	}
	return tpl.Rules().Eval("guard.close", in), nil
}

// Every example gives what stands beside it.
func TestPageResults(t *testing.T) {
	seen := 0
	if told := spans(paragraph(t, "A date has no clock", "")); !slices.Contains(told, strings.Split(tried, "\n")[2]) {
		t.Errorf("the page has other holidays: %v", told)
	}
	for _, table := range callTables(t) {
		for _, row := range table.rows {
			seen++
			example := spans(row[2])
			if len(example) != 1 {
				t.Errorf("%s: has no example", row[0])
				continue
			}
			result := spans(row[3])
			reason, broken := strings.CutPrefix(row[3], "error: ")
			if broken || len(result) != 1 {
				result = example
			}
			v, err := eval(t, "("+example[0]+") == ("+result[0]+")")
			switch refusal, refused := strings.CutPrefix(row[3], "refused: "); {
			case refused && (err == nil || !strings.Contains(err.Error(), refusal)):
				t.Errorf("%s: %v", example[0], err)
			case refused:
			case err != nil:
				t.Error(err)
			case broken:
				var why *rules.EvalError
				if !errors.As(v.Err, &why) || !strings.Contains(why.Reason, reason) {
					t.Errorf("%s: %v %v", example[0], v.Result, v.Err)
				}
			case len(spans(row[3])) != 1 || v.Result != rules.Pass:
				t.Errorf("%s does not give %s: %v %v", example[0], row[3], v.Result, v.Err)
			}
		}
	}
	t.Logf("%d examples", seen)
	if seen < 80 {
		t.Errorf("there are far more")
	}
}

// An example that gives another than what is said is found.
func TestPageResultsCanFail(t *testing.T) {
	if v, err := eval(t, `(7 / 2) == (4)`); err != nil || v.Result != rules.Fail {
		t.Errorf("%v %v", v.Result, err)
	}
}

// Every format has a line, and takes and refuses what it says.
func TestPageFormats(t *testing.T) {
	var told []string
	for _, row := range under(t, "Formats").rows {
		name, right, wrong := spans(row[0])[0], spans(row[3]), spans(row[4])
		line := name + " " + strings.TrimSuffix(spans(row[1])[0], "()")
		if strings.HasSuffix(row[0], "*") {
			line += " revised"
		}
		told = append(told, line)
		if len(right) != 1 || len(wrong) != 1 {
			t.Errorf("%s: %d right and %d wrong", name, len(right), len(wrong))
			continue
		}
		tpl, err := loadNamed("expenses.yaml", placed(t, places["field"].member, "type: text\nformat: "+name))
		if err != nil {
			t.Error(err)
			continue
		}
		for text, want := range map[string]bool{right[0]: true, wrong[0]: false} {
			in := tpl.Rules().Input()
			if err := in.Section("trip", map[string]any{"slip": text}); err != nil {
				t.Fatal(err)
			}
			v := tpl.Rules().Eval("valid.trip", in)
			has := !slices.ContainsFunc(v.Violations, func(v rules.Violation) bool { return v.Reason == rules.ReasonFormat })
			if has != want {
				t.Errorf("%s: %s: %v", name, text, has)
			}
			if v, err := eval(t, fmt.Sprintf("%q.%s", text, spans(row[1])[0])); err != nil || (v.Result == rules.Pass) != want {
				t.Errorf("%s: %s: %v %v", name, text, v.Result, err)
			}
		}
	}
	same(t, "formats", told, vocabulary(t)["format"])
}

// What is said of a common slip is said of it.
func TestPageSlips(t *testing.T) {
	base := whole(t)
	slips := under(t, "Common slips").rows
	for _, row := range slips {
		written, said := spans(row[0]), row[1]
		if len(written) != 1 || len(said) < 8 {
			t.Errorf("%v", row)
			continue
		}
		at, line := "  approval:", "      slip: "+written[0]+"\n"
		if strings.HasPrefix(written[0], "rule:") {
			at, line = "\nsignatures:", "  slip:\n    at: approve\n    message: no\n    "+written[0]
		}
		if strings.Count(base, at) != 1 {
			t.Fatalf("%q stands %d times in the template", at, strings.Count(base, at))
		}
		tpl, err := loadNamed("expenses.yaml", strings.Replace(base, at, line+at, 1))
		text := fmt.Sprint(err)
		said, warning := strings.CutPrefix(said, "warning: ")
		if err == nil {
			text = tpl.Warnings().Error()
		}
		if (err == nil) != warning || !strings.Contains(text, said) {
			t.Errorf("%s: %s", written[0], text)
		}
	}
	if len(slips) < 15 {
		t.Errorf("%d slips", len(slips))
	}
}

// The page tells where each kind of name can be read: it is refused elsewhere.
func TestPageNames(t *testing.T) {
	field := places["field"].member
	read := map[string]struct{ yes, no string }{
		"fact in check":              {"type: date\ncheck: this != today", "type: date\nwhen: from == today"},
		"fact in required":           {"type: text\nrequired: role == 'employee'", "type: date\ncompute: today"},
		"old in check":               {"type: date\ncheck: this != old.from", "type: date\ncompute: old.from"},
		"this in message_expression": {"type: text\ncheck: this != purpose\nmessage_expression: this", "type: text\nwhen: this == purpose"},
		"lang in message_expression": {"type: text\ncheck: this != purpose\nmessage_expression: lang", "type: text\ncheck: this != lang"},
		"the section around":         {"type: list\nof: {a: {type: date, check: this != from}}", "type: list\nof: {a: {type: date, check: this != approval.limit}}"},
		"choices":                    {"type: choice\nchoices: {a: {title: A, when: role == 'employee'}}", "type: choice\nchoices: {a: {title: A, when: this == 'a'}}"},
	}
	for _, name := range slices.Sorted(maps.Keys(read)) {
		if _, err := loadNamed("expenses.yaml", placed(t, field, read[name].yes)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := loadNamed("expenses.yaml", placed(t, field, read[name].no)); err == nil {
			t.Errorf("%s: %q is taken", name, read[name].no)
		}
	}
}

// What the page says of absent fields is so, of each place where there can be one.
func TestPageAbsent(t *testing.T) {
	type outcome struct {
		result rules.Result
		reason string // of the violation of the field
	}
	given := map[string]any{"slip": int64(1)}
	cases := []struct {
		in, fragment string
		content      map[string]any
		want         outcome
	}{
		{"a field's `check`", "type: integer\ncheck: this > km", given, outcome{}},
		{"a field's `required`", "type: integer\nrequired: km > 3", nil, outcome{}},
		{"a field's `when`", "type: integer\nwhen: km > 3", given, outcome{reason: rules.ReasonInapplicable}},
		{"a field's `compute`", "type: integer\ncompute: km + 1", nil, outcome{}},
		{"a choice's `when`", "type: choice\nchoices: {a: {title: A, when: km > 3}}", map[string]any{"slip": "a"}, outcome{reason: rules.ReasonChoice}},
		{"a rule that is part of whether one section is valid", "", nil, outcome{}},
		{"another rule, a guard, a signature's `required`", "", nil, outcome{result: rules.Unknown}},
	}
	tables, _ := readPage(t)
	i := slices.IndexFunc(tables, func(table table) bool { return table.columns[0] == "an absent field in" })
	if i < 0 || len(tables[i].rows) != len(cases) {
		t.Fatal("the table of absent fields is another")
	}
	for i, row := range tables[i].rows {
		c := cases[i]
		if row[0] != c.in {
			t.Errorf("%s stands for %s", row[0], c.in)
			continue
		}
		text := placed(t, places["field"].member, "type: integer")
		ids := []string{"valid.trip"}
		switch {
		case c.fragment != "":
			text = placed(t, places["field"].member, c.fragment)
		case c.want.result == rules.Unknown:
			ids = []string{"rule.within", "guard.approve", "required.truth"}
		default:
			text = placed(t, []string{"rules", "slip"}, "rule: trip.km > 3")
		}
		tpl, err := loadNamed("expenses.yaml", text)
		if err != nil {
			t.Error(err)
			continue
		}
		in := tpl.Rules().Input()
		for section, content := range map[string]map[string]any{"trip": c.content, "approval": {}} {
			if err := in.Section(section, content); err != nil {
				t.Fatal(err)
			}
		}
		if err := in.Fact("today", "2026-01-31"); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			v := tpl.Rules().Eval(id, in)
			reason := ""
			for _, violation := range v.Violations {
				if violation.Path == "trip.slip" || violation.Reason == rules.ReasonRule {
					reason = violation.Reason
				}
			}
			if v.Err != nil || reason != c.want.reason || c.want.result != "" && v.Result != c.want.result {
				t.Errorf("%s: %s: %v %q %v", c.in, id, v.Result, reason, v.Err)
			}
		}
	}
}
