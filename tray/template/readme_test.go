package template

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
	"github.com/vassoio/vassoio/section"
	"go.yaml.in/yaml/v3"
)

// What the page shows loads, without a warning: templates as they are, and what
// is a part of one in the whole template; and its test file finds nothing.
func TestPageLoads(t *testing.T) {
	_, blocks := readPage(t)
	root := newValidator(t).root["properties"].(map[string]any)
	files, parts := 0, 0
	for _, block := range blocks {
		node := parsed(t, block)
		first, known := node.Content[0].Value, true
		for i := 0; i < len(node.Content); i += 2 {
			known = known && root[node.Content[i].Value] != nil
		}
		switch {
		case first == "template":
			flawless(t, block)
		case strings.Contains(block, "\ntests:\n"):
			files++
			suite, err := rulestest.Parse("expenses_test.yaml", []byte(block))
			if err != nil {
				t.Fatal(err)
			}
			report, err := rulestest.Check(flawless(t, whole(t)), suite)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(report.Results); report.Failed() > 0 || n < 5 {
				var text strings.Builder
				_ = report.WriteText(&text)
				t.Errorf("%d cases:\n%s", n, &text)
			}
		case known:
			parts++
			flawless(t, placed(t, nil, block))
		default:
			parts++
			flawless(t, placed(t, []string{"sections", "trip", "fields"}, block))
		}
	}
	if files != 1 || parts < 3 {
		t.Errorf("%d test files and %d parts", files, parts)
	}
}

// places are where the keys of a table stand in the whole template.
var places = map[string]struct {
	def    string // of schema.json
	member []string
}{
	"file":      {"", nil},
	"role":      {"role", []string{"roles", "manager"}},
	"section":   {"section", []string{"sections", "approval"}},
	"reader":    {"reader", []string{"sections", "approval", "read"}},
	"field":     {"field", []string{"sections", "trip", "fields", "slip"}},
	"choice":    {"choice", []string{"sections", "trip", "fields", "means", "choices", "plane"}},
	"rule":      {"rule", []string{"rules", "within"}},
	"signature": {"signature", []string{"signatures", "truth"}},
	"lifecycle": {"lifecycle", []string{"lifecycle"}},
	"state":     {"state", []string{"lifecycle", "states", "checking"}},
	"event":     {"event", []string{"lifecycle", "events", "approve"}},
	"reason":    {"reason", []string{"lifecycle", "events", "return", "reason"}},
	"needs":     {"needs", []string{"needs"}},
	"function":  {"function", []string{"needs", "functions", "known"}},
}

// Every key has a line on the page, and the page has no other.
func TestPageKeys(t *testing.T) {
	tables, _ := readPage(t)
	documented := map[string][]string{}
	for _, table := range tables {
		if table.columns[0] != "in" {
			continue
		}
		for _, row := range table.rows {
			documented[row[0]] = append(documented[row[0]], spans(row[1])...)
		}
	}
	root := newValidator(t).root
	defs := root["$defs"].(map[string]any)
	seen := map[string]bool{}
	for name, place := range places {
		seen[name] = true
		properties := root["properties"]
		switch {
		case name == "needs":
			properties = root["properties"].(map[string]any)["needs"].(map[string]any)["properties"]
		case name != "file":
			schema := defs[place.def].(map[string]any)
			if either, ok := schema["anyOf"].([]any); ok { // nothing, or an object
				schema = either[1].(map[string]any)
			}
			properties = schema["properties"]
		}
		want, got := slices.Sorted(maps.Keys(properties.(map[string]any))), documented[name]
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the page has for a %s %v, the schema %v", name, got, want)
		}
	}
	for name := range documented {
		if !seen[name] {
			t.Errorf("the page tells of %q, which is no part of a template", name)
		}
	}
	for name, def := range defs { // those that have keys of their own
		if _, ok := def.(map[string]any)["properties"]; ok && !seen[name] {
			t.Errorf("the page does not tell of a %s", name)
		}
	}
}

// Those keys of which the page says so take one name without brackets.
func TestPageOneName(t *testing.T) {
	defs := newValidator(t).root["$defs"].(map[string]any)
	var want []string
	for _, def := range defs {
		properties, _ := def.(map[string]any)["properties"].(map[string]any)
		for key, schema := range properties {
			either, _ := schema.(map[string]any)["anyOf"].([]any)
			if schema.(map[string]any)["$ref"] == "#/$defs/oneOrMore" || len(either) == 2 && either[1].(map[string]any)["type"] == "array" {
				want = append(want, key)
			}
		}
	}
	told, _, _ := strings.Cut(paragraph(t, "Every key is known", "may do without them in "), ".")
	same(t, "keys", spans(told), want)
}

// What the page gives as an example of a key loads where the key stands.
func TestPageKeyExamples(t *testing.T) {
	tables, _ := readPage(t)
	examples := 0
	for _, table := range tables {
		if table.columns[0] != "in" {
			continue
		}
		for _, row := range table.rows {
			for _, example := range spans(row[4]) {
				examples++
				if key, _, ok := strings.Cut(example, ":"); !ok || !slices.Contains(spans(row[1]), key) {
					t.Errorf("%q is no example of %s", example, row[1])
					continue
				}
				if err := loadExample(t, row[0], example); err != nil {
					t.Errorf("%s: %s: %v", row[0], example, err)
				}
			}
		}
	}
	if examples < 50 {
		t.Errorf("%d examples: there are far more", examples)
	}
}

// bodies are the fields of which the examples of keys are a part, where they are
// of no integer.
var bodies = map[string]string{
	"type": "", "compute": "type: decimal\nscale: 2", "format": "type: text", "scale": "type: decimal",
	"currencies": "type: money\nscale: 2", "choices": "type: choice", "of": "type: list", "fields": "type: record",
	"message": checked, "message_expression": checked, "severity": checked,
}

const checked = "type: text\ncheck: this != purpose"

func loadExample(t *testing.T, in, example string) error {
	t.Helper()
	place := places[in].member
	switch in {
	case "reader":
		if !strings.HasPrefix(example, "role:") {
			example = "role: manager, " + example
		}
		place, example = place[:2], "read: [payroll, {"+example+"}]"
	case "function":
		if !strings.HasPrefix(example, "result:") {
			example += "\nresult: text"
		}
		if strings.HasPrefix(example, "member:") {
			example += "\nargs: text"
		}
	case "field":
		key, _, _ := strings.Cut(example, ":")
		body, ok := bodies[key]
		if !ok {
			body = "type: integer"
		}
		example = body + "\n" + example
	}
	_, err := loadNamed("expenses.yaml", placed(t, place, example))
	return err
}

// Every type has a line, and what the page writes of it is a value of it, in
// forms and in expressions.
func TestPageTypes(t *testing.T) {
	var kinds []string
	more := map[string]string{
		"decimal": "scale: 2", "money": "scale: 2", "choice": "choices: [train]", "list": "of: {type: integer}",
		"record": "fields: {town: {type: text}}",
	}
	for _, row := range under(t, "Types").rows {
		kind := spans(row[0])[0]
		kinds = append(kinds, kind)
		written, expressions := spans(row[1]), spans(row[3])
		if len(written) == 0 || len(expressions) == 0 {
			t.Errorf("%s: how is it written?", kind)
		}
		if kind == "record" { // of which expressions read the fields
			expressions = nil
		}
		body := "type: " + kind + "\n" + more[kind]
		tpl, err := loadNamed("expenses.yaml", placed(t, places["field"].member, body))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range written {
			var v any = w
			if slices.Contains([]string{"integer", "boolean", "list", "record"}, kind) {
				if err := yaml.Unmarshal([]byte(w), &v); err != nil {
					t.Fatal(err)
				}
			}
			content, err := tpl.Schema("trip").Coerce(map[string]any{"slip": v})
			if err != nil || content["slip"] == nil {
				t.Errorf("%s: %s: %v", kind, w, err)
			}
		}
		for _, e := range expressions {
			if _, err := loadNamed("expenses.yaml", placed(t, places["field"].member, body+"\ncheck: |\n  this == "+e)); err != nil {
				t.Errorf("%s: %s: %v", kind, e, err)
			}
		}
	}
	want := newValidator(t).root["$defs"].(map[string]any)["kind"].(map[string]any)["enum"].([]any)
	if fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("the page has %v, the schema %v", kinds, want)
	}
}

// What is left out has the maximum that the page tells.
func TestPageDefaults(t *testing.T) {
	tpl, err := loadNamed("expenses.yaml", placed(t, []string{"sections", "trip", "fields"}, "slip: {type: text}\nslips: {type: list, of: {type: date}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, f := range tpl.Section("trip").Fields {
		if strings.HasPrefix(f.Name, "slip") {
			told = append(told, string(f.Kind)+" "+f.Max)
		}
	}
	row := slices.IndexFunc(under(t, "Fields").rows, func(row []string) bool { return strings.Contains(row[1], "`max`") })
	if cell := under(t, "Fields").rows[row][3]; cell != strings.Join(told, ", ") {
		t.Errorf("the page says %q, and it is %q", cell, told)
	}
}

var boundOf = regexp.MustCompile(`^(.+) ([0-9]+)( KiB)?$`)

// boundOfRules gives a constant that the rules have for themselves.
func boundOfRules(t *testing.T, name string) int {
	t.Helper()
	text, err := os.ReadFile("../../rules/limits.go")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^\t` + name + `\s*= ([^/\n]+)`).FindStringSubmatch(string(text))
	if m == nil {
		t.Fatalf("the rules have no %s", name)
	}
	v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, m[1])
	if err != nil {
		t.Fatal(err)
	}
	n, ok := constant.Int64Val(v.Value)
	if !ok {
		t.Fatalf("%s is %s", name, v.Value)
	}
	return int(n)
}

// Every bound of the page is where it is: as much is taken, and one more is not.
func TestPageBounds(t *testing.T) {
	constants := map[string]int{
		"the file": maxSize, "roles": maxRoles, "sections": maxSections, "fields in all": maxFields,
		"lists and records in each other": maxDepth, "rules": maxRules, "signatures": maxSignatures,
		"states": maxStates, "events": maxEvents, "holidays": maxHolidays, "languages of a text": maxLanguages,
		"participants with an instance of a section": MaxInstances, "fields of a section": section.MaxFields, "choices of a field": section.MaxChoices,
		"bytes of all expressions": boundOfRules(t, "maxExpressions"), "operators in a row": boundOfRules(t, "maxExpressionChain"),
		"calls, lists and maps in each other": boundOfRules(t, "maxExpressionDepth"), "walks such as `all` in each other": boundOfRules(t, "maxVariables"),
		"names, values, operators and calls of an expression": boundOfRules(t, "maxExpressionNodes"), "units that all conditions can cost": boundOfRules(t, "maxCost"),
	}
	field := func(format string) func(n int) error {
		return func(n int) error {
			_, err := loadNamed("expenses.yaml", placed(t, []string{"sections", "trip", "fields"}, fmt.Sprintf(format, n)+"\n"))
			return err
		}
	}
	tried := map[string]func(n int) error{
		"characters of a text": field("slip: {type: text, max: %d}"),
		"items of a list":      field("slip: {type: list, of: {type: boolean}, max: %d}"),
		"bytes of an expression": func(n int) error {
			check := `this != "` + strings.Repeat("a", n-len(`this != ""`)) + `"`
			_, err := loadNamed("expenses.yaml", placed(t, []string{"sections", "trip", "fields"}, "slip:\n  type: text\n  check: |-\n    "+check+"\n"))
			return err
		},
	}
	for bound := range strings.SplitSeq(strings.TrimSuffix(paragraph(t, "A template may come from a stranger", "At most: "), "."), "; ") {
		m := boundOf.FindStringSubmatch(bound)
		if m == nil {
			t.Errorf("%q is no bound", bound)
			continue
		}
		what := m[1]
		most, err := strconv.Atoi(m[2])
		if err != nil {
			t.Fatal(err)
		}
		if m[3] != "" {
			most <<= 10
		}
		if want, ok := constants[what]; ok {
			delete(constants, what)
			if most != want {
				t.Errorf("%s: the page says %d, and it is %d", what, most, want)
			}
			continue
		}
		try, ok := tried[what]
		if !ok {
			t.Errorf("nobody knows whether the bound of %s is true", what)
			continue
		}
		delete(tried, what)
		if err := try(most); err != nil {
			t.Errorf("%s: %d: %v", what, most, err)
		}
		if try(most+1) == nil {
			t.Errorf("%s: %d are taken", what, most+1)
		}
	}
	if len(constants)+len(tried) > 0 {
		t.Errorf("the page does not tell of %v %v", constants, tried)
	}
}

// Every fact has a line, with its type.
func TestPageFacts(t *testing.T) {
	tables, _ := readPage(t)
	i := slices.IndexFunc(tables, func(table table) bool { return table.columns[0] == "fact" })
	if i < 0 {
		t.Fatal("there is no table of facts")
	}
	var told []string
	for _, row := range tables[i].rows {
		told = append(told, spans(row[0])[0]+" "+row[1])
	}
	var want []string
	for _, f := range facts(&Definition{Roles: []Role{{Name: "a"}}, Lifecycle: Lifecycle{States: []State{{Name: "c"}}}, Signatures: []Signature{{Name: "b"}}}, newReport(nil)) {
		want = append(want, f.Name+" "+string(f.Type.Kind))
	}
	if !slices.Equal(told, want) || len(want) != len(factNames) {
		t.Errorf("the page has %v, and there are %v", told, want)
	}
}

// Every outcome has a line.
func TestPageOutcomes(t *testing.T) {
	var told []rules.Result
	for _, row := range under(t, "What cannot be read").rows {
		told = append(told, rules.Result(strings.Trim(row[0], "*")))
	}
	if want := []rules.Result{rules.Pass, rules.Fail, rules.Unknown, rules.Error}; !slices.Equal(told, want) {
		t.Errorf("the page has %v, and there are %v", told, want)
	}
}
