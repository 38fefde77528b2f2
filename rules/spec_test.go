package rules

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What SPEC.md lists for readers without CEL is what there is: types, severities,
// formats, names that are reserved, and the names of functions and macros.
func TestSpecLists(t *testing.T) {
	b, err := os.ReadFile("../SPEC.md")
	if err != nil {
		t.Fatal(err)
	}
	spec := string(b)
	row := func(member string) []string {
		t.Helper()
		_, rest, ok := strings.Cut(spec, "\n| "+member+" | ")
		if !ok {
			t.Fatalf("SPEC.md has no row of %s", member)
		}
		line, _, _ := strings.Cut(rest, "\n")
		var names []string
		for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(line, -1) {
			names = append(names, m[1])
		}
		return names
	}
	_, rest, ok := strings.Cut(spec, "and no function that of one of expressions, or of a macro:\n\n")
	block, _, ok2 := strings.Cut(rest, "\n\n")
	if !ok || !ok2 {
		t.Fatal("SPEC.md lists no functions")
	}
	base, err := baseEnv()
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for name := range base.Functions() {
		taken[name] = true
	}
	for _, m := range base.Macros() {
		taken[m.Function()] = true
	}
	for _, name := range calendarFunctions {
		taken[name] = true
	}
	maps.DeleteFunc(taken, func(name string, _ bool) bool { return !functionName.MatchString(name) }) // operators, and those in namespaces
	kinds := append(kindNames(scalarKinds), string(KindChoice), string(KindList), string(KindRecord))
	for what, lists := range map[string][2][]string{
		"reserved names": {row("reserved"), reservedNames},
		"types":          {row("`type`"), kinds},
		"formats":        {slices.DeleteFunc(row("`format`"), func(s string) bool { return s == "text" || s == "needs" }), formatNames()},
		"severities":     {row("`severity`"), {SeverityError, SeverityWarning}},
		"functions":      {strings.Fields(block), slices.Collect(maps.Keys(taken))},
	} {
		told, is := slices.Sorted(slices.Values(lists[0])), slices.Sorted(slices.Values(lists[1]))
		if !slices.Equal(told, is) {
			t.Errorf("%s in SPEC.md are\n%v, not\n%v", what, told, is)
		}
		if len(is) == 0 {
			t.Errorf("no %s", what)
		}
		t.Logf("%d %s", len(is), what)
	}
}
