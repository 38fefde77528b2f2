package template

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// validator checks the part of JSON Schema that schema.json uses; any other
// keyword is a failure, so that none is ignored.
type validator struct{ root map[string]any }

func newValidator(t *testing.T) validator {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(JSONSchema(), &root); err != nil {
		t.Fatal(err)
	}
	return validator{root}
}

func (v validator) check(schema map[string]any, value any, path string) error {
	for _, keyword := range slices.Sorted(maps.Keys(schema)) {
		if err := v.keyword(schema, keyword, schema[keyword], value, path); err != nil {
			return err
		}
	}
	return nil
}

func (v validator) keyword(schema map[string]any, keyword string, arg, value any, path string) error {
	object, isObject := value.(map[string]any)
	list, isList := value.([]any)
	text, isText := value.(string)
	number, isNumber := value.(float64)
	fail := func(ok bool) error {
		if ok {
			return nil
		}
		return fmt.Errorf("%s: %s %v", path, keyword, arg)
	}
	switch keyword {
	case "$schema", "$id", "$defs", "title", "description":
		return nil
	case "$ref":
		def := v.root["$defs"].(map[string]any)[strings.TrimPrefix(arg.(string), "#/$defs/")]
		return v.check(def.(map[string]any), value, path)
	case "type":
		types, ok := arg.([]any)
		if !ok {
			types = []any{arg}
		}
		is := map[string]bool{
			"object": isObject, "array": isList, "string": isText, "number": isNumber, "null": value == nil,
			"integer": isNumber && number == float64(int64(number)),
		}
		_, is["boolean"] = value.(bool)
		return fail(slices.ContainsFunc(types, func(t any) bool { return is[t.(string)] }))
	case "const":
		return fail(value == arg)
	case "if":
		if v.check(arg.(map[string]any), value, path) != nil {
			return nil
		}
		return v.check(schema["then"].(map[string]any), value, path)
	case "then":
		return nil // of "if"
	case "enum":
		return fail(slices.Contains(arg.([]any), value))
	case "anyOf":
		var errs []string
		for _, s := range arg.([]any) {
			err := v.check(s.(map[string]any), value, path)
			if err == nil {
				return nil
			}
			errs = append(errs, err.Error())
		}
		return fmt.Errorf("%s: none of: %s", path, strings.Join(errs, "; "))
	case "properties":
		for name, s := range arg.(map[string]any) {
			if member, ok := object[name]; ok {
				if err := v.check(s.(map[string]any), member, path+"."+name); err != nil {
					return err
				}
			}
		}
		return nil
	case "required":
		for _, name := range arg.([]any) {
			if _, ok := object[name.(string)]; isObject && !ok {
				return fmt.Errorf("%s: %v is missing", path, name)
			}
		}
		return nil
	case "additionalProperties":
		known, _ := schema["properties"].(map[string]any)
		for name, member := range object {
			if _, ok := known[name]; ok {
				continue
			}
			if arg == false {
				return fmt.Errorf("%s: %s is unknown", path, name)
			}
			if err := v.check(arg.(map[string]any), member, path+"."+name); err != nil {
				return err
			}
		}
		return nil
	case "propertyNames":
		for name := range object {
			if err := v.check(arg.(map[string]any), name, path+"."+name); err != nil {
				return err
			}
		}
		return nil
	case "items":
		for i, item := range list {
			if err := v.check(arg.(map[string]any), item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return nil
	case "pattern":
		return fail(!isText || regexp.MustCompile(arg.(string)).MatchString(text))
	case "minLength":
		return fail(!isText || len(text) >= int(arg.(float64)))
	case "maxLength":
		return fail(!isText || len(text) <= int(arg.(float64)))
	case "minimum":
		return fail(!isNumber || number >= arg.(float64))
	case "maximum":
		return fail(!isNumber || number <= arg.(float64))
	case "maxItems":
		return fail(!isList || len(list) <= int(arg.(float64)))
	case "minProperties":
		return fail(!isObject || len(object) >= int(arg.(float64)))
	case "maxProperties":
		return fail(!isObject || len(object) <= int(arg.(float64)))
	case "uniqueItems":
		seen := map[string]bool{}
		for _, item := range list {
			if key := fmt.Sprint(item); seen[key] {
				return fail(false)
			} else {
				seen[key] = true
			}
		}
		return nil
	}
	return fmt.Errorf("schema.json uses %q, which this test does not know", keyword)
}

// editorValue is YAML as an editor's validator sees it: JSON, where dates are
// text.
func editorValue(t *testing.T, text string) any {
	t.Helper()
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		t.Fatal(err)
	}
	var convert func(n *yaml.Node) any
	convert = func(n *yaml.Node) any {
		switch n.Kind {
		case yaml.MappingNode:
			m := map[string]any{}
			for i := 0; i < len(n.Content); i += 2 {
				m[n.Content[i].Value] = convert(n.Content[i+1])
			}
			return m
		case yaml.SequenceNode:
			list := []any{}
			for _, item := range n.Content {
				list = append(list, convert(item))
			}
			return list
		}
		var v any
		switch n.Tag {
		case "!!int", "!!float", "!!bool", "!!null":
			if err := n.Decode(&v); err != nil {
				t.Fatal(err)
			}
			if i, ok := v.(int); ok {
				return float64(i)
			}
			return v
		}
		return n.Value
	}
	return convert(node.Content[0])
}

func TestSchemaAccepts(t *testing.T) {
	v := newValidator(t)
	for _, name := range []string{"leave.yaml", "order.yaml", "everything.yaml"} {
		if err := v.check(v.root, editorValue(t, readText(t, name)), name); err != nil {
			t.Error(err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	v := newValidator(t)
	base := readText(t, "order.yaml")
	tests := []struct{ old, new string }{
		{"version: 1", "version: 0"},
		{"version: 1", "version: one"},
		{"version: 1", "version: 1\nrole: {}"},
		{"template: order", "template: Order"},
		{"template: order\n", ""},
		{"manages: [care]", "manage: [care]"},
		{"manages: [care]", "manages: care"},
		{"read: [care]", "read: [care, {roles: sales}]"},
		{"read: [care]", "reads: [care]"},
		{"write: [care]", "write: [care, care]"},
		{"type: decimal, scale: 2, required: true}\nrules", "type: number, scale: 2, required: true}\nrules"},
		{"type: decimal, scale: 2, required: true}\nrules", "type: money, required: true}\nrules"},
		{"type: decimal, scale: 2, required: true}\nrules", "type: money, scale: 19, required: true}\nrules"},
		{"type: decimal, scale: 2, required: true}\nrules", "type: money, scale: 2, currencies: EUR}\nrules"},
		{"type: decimal, scale: 2, required: true}\nrules", "type: money, scale: 2, currencies: [eur]}\nrules"},
		{"type: decimal, scale: 2, required: true}\nrules", "type: money, scale: 2, currencies: [EUR, EUR]}\nrules"},
		{"{type: decimal, scale: 2, required: true}\nrules", "{scale: 2, required: true}\nrules"},
		{"company: {type: text", "company: {type: text, scale: many"},
		{"company: {type: text", "company: {type: text, severity: fatal"},
		{"company: {type: text", "company: {type: choice, choices: [a, a]"},
		{"company: {type: text", "company: {type: text, title: {english: x}"},
		{"company: {type: text", "Company: {type: text"},
		{"    by: customer\n", ""},
		{"by: customer\n", "by: customer\n    quorum: none\n"},
		{"by: customer\n", "by: customer\n    quorum: 0\n"},
		{"due: 72h", "due: soon"},
		{"  initial: filling\n", ""},
		{"void:       {final: true}", "void:       {final: 1}"},
		{"to: signing, ", ""},
		{"by: [sales], reason: required}", "by: [sales], reason: maybe}"},
		{"lifecycle:\n", "lifecycles:\n"},
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
	for _, test := range tests {
		if strings.Count(base, test.old) != 1 {
			t.Errorf("%q stands %d times in the template", test.old, strings.Count(base, test.old))
			continue
		}
		if v.check(v.root, editorValue(t, strings.Replace(base, test.old, test.new, 1)), "") == nil {
			t.Errorf("%q is accepted", test.new)
		}
	}
	t.Logf("%d templates", len(tests))
}

// The schema and the loader know the same keys: the loader names those that it
// knows where one is unknown.
func TestSchemaKnowsTheKeys(t *testing.T) {
	v := newValidator(t)
	objects := []struct{ def, old, new string }{
		{"", "version: 1", "version: 1\nzzzzzz: 1"},
		{"role", "care:     {", "care:     {zzzzzz: 1, "},
		{"section", "    read: [care]", "    zzzzzz: 1\n    read: [care]"},
		{"reader", "read: [care]", "read: [{role: care, zzzzzz: 1}]"},
		{"field", "company: {", "company: {zzzzzz: 1, "},
		{"choice", "company: {type: text", "company: {type: choice, choices: {a: {title: A, zzzzzz: 1}}"},
		{"rule", "  covered:\n", "  covered:\n    zzzzzz: 1\n"},
		{"signature", "  confirmation:\n", "  confirmation:\n    zzzzzz: 1\n"},
		{"lifecycle", "lifecycle:\n", "lifecycle:\n  zzzzzz: 1\n"},
		{"state", "void:       {", "void:       {zzzzzz: 1, "},
		{"event", "submit:   {", "submit:   {zzzzzz: 1, "},
		{"reason", "by: [sales], reason: required", "by: [sales], reason: {zzzzzz: 1}"},
	}
	base := readText(t, "order.yaml")
	for _, o := range objects {
		if strings.Count(base, o.old) != 1 {
			t.Errorf("%q stands %d times in the template", o.old, strings.Count(base, o.old))
			continue
		}
		_, err := loadText(strings.Replace(base, o.old, o.new, 1))
		i := slices.IndexFunc(problemsOf(t, err), func(p Problem) bool { return p.Code == CodeKey })
		if i < 0 {
			t.Errorf("%s: %v", o.def, err)
			continue
		}
		known := strings.Split(strings.TrimPrefix(problemsOf(t, err)[i].Suggestion, "known here: "), ", ")
		schema := v.root
		if o.def != "" {
			schema = v.root["$defs"].(map[string]any)[o.def].(map[string]any)
		}
		if either, ok := schema["anyOf"].([]any); ok { // nothing, or an object
			schema = either[1].(map[string]any)
		}
		properties := schema["properties"].(map[string]any)
		slices.Sort(known)
		if want := slices.Sorted(maps.Keys(properties)); !slices.Equal(known, want) {
			t.Errorf("%s: the loader knows %v, the schema %v", o.def, known, want)
		}
	}
	t.Logf("%d kinds of objects", len(objects))
}
