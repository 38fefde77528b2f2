package rules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/operators"
)

// What an expression can name, with its types in the words of templates, is in
// testdata/language.txt, one thing a line: what is documented is held against
// it, and what an update of the engine adds, changes or takes away is seen.
func TestLanguage(t *testing.T) {
	env, err := baseEnv()
	must(t, err)
	env, err = env.Extend(calendar{}.library()...)
	must(t, err)
	var lines []string
	for name, f := range env.Functions() {
		lines = append(lines, languageOf(name, f)...)
	}
	for _, m := range env.Macros() {
		line := "macro " + m.Function() + "(" + strconv.Itoa(m.ArgCount()) + ")"
		if m.IsReceiverStyle() {
			line = "macro _." + strings.TrimPrefix(line, "macro ")
		}
		lines = append(lines, line)
	}
	for _, f := range formats {
		line := "format " + f.name + " " + f.function
		if f.revised {
			line += " revised"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	if len(lines) < 200 {
		t.Fatalf("%d lines: there are far more", len(lines))
	}
	golden(t, "testdata/language.txt", strings.Join(lines, "\n")+"\n")
}

var operatorName = regexp.MustCompile(`^(_|!|-|@in$|in$)`)

// languageOf lists what a function or operator takes and gives. Of the engine's
// types those are left out that no field has; a function of which nothing is
// left is listed as "besides".
func languageOf(name string, f *decls.FunctionDecl) (lines []string) {
	switch {
	case name == operators.OptSelect:
		return []string{"operator value .? name = optional"}
	case name == "in", name == "_in_", strings.HasPrefix(name, "__"), strings.Contains(name, "@") && name != operators.In:
		return nil // other names of an operator, and what macros expand to
	}
	for _, o := range f.OverloadDecls() {
		words := make([]string, len(o.ArgTypes()))
		for i, t := range o.ArgTypes() {
			words[i] = languageWord(t)
		}
		result := languageWord(o.ResultType())
		switch {
		case slices.Contains(append(words, result), ""):
			continue
		case len(words) == 1 && words[0] == result && slices.Contains([]string{"string", "int", "bool", "duration", "timestamp"}, name):
			continue // string("a") does nothing
		case operatorName.MatchString(name):
			lines = append(lines, "operator "+operation(name, words)+" = "+result)
			continue
		}
		call := name + "(" + strings.Join(words, ", ") + ")"
		if o.IsMemberFunction() {
			call = words[0] + "." + name + "(" + strings.Join(words[1:], ", ") + ")"
		}
		lines = append(lines, "function "+call+" = "+result)
	}
	if len(lines) == 0 {
		lines = []string{"besides " + name}
	}
	return lines
}

// operation writes an operator between its operands.
func operation(name string, words []string) string {
	name = strings.Replace(name, "@in", "_ in _", 1)
	for _, w := range words {
		if i := strings.Index(name, "_"); i >= 0 {
			name = name[:i] + " " + w + " " + name[i+1:]
		}
	}
	return strings.Join(strings.Fields(name), " ")
}

// languageWord is a type in the words of templates; "" if no field has such values.
func languageWord(t *cel.Type) string {
	name := cel.FormatCELType(t)
	optional := strings.HasPrefix(name, "optional_type(")
	switch {
	case optional:
		return "optional"
	case strings.HasPrefix(name, "map("):
		return "map"
	case strings.HasPrefix(name, "list("):
		inner := languageWord(t.Parameters()[0])
		switch inner {
		case "":
			return ""
		case "value":
			return "list"
		}
		return "list of " + inner
	case t.Kind() == cel.TypeParamType("T").Kind():
		return "value"
	}
	for _, strange := range []string{"double", "uint", "bytes", "dyn", "type"} {
		if name == strange || strings.HasPrefix(name, strange+"(") {
			return ""
		}
	}
	return typeWord(name)
}
