package tray_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// features are what README.md says that the library gives, each with Examples
// that show it.
var features = map[string][]string{
	"Opaque sections.":             {"tray.ExampleOpen_public", "tray.ExampleDraft_Of", "section.ExampleUnseal"},
	"Sections for each.":           {"tray.ExampleView_SectionOf"},
	"Enforcement without reading.": {"tray.ExampleVerify", "tray.ExampleHost_Events"},
	"Rules of your own.":           {"tray.ExampleWith", "tray/template.ExampleTemplate_With"},
	"Evidence.":                    {"tray.ExampleOpenAt", "tray.ExampleResume", "tray.ExampleDraft_Sign"},
	"Refusals that help.":          {"tray.ExampleTray_Can", "tray.ExampleBlocker_Message", "tray.ExampleConflictError", "tray.ExampleDraft_Drop", "tray.ExampleDraft_View"},
	"Standard parts.":              {"tray.ExampleExport", "tray.ExampleIdentity_Export", "sign.ExampleOpenAll"},
}

// Every feature and every package that README.md lists has an Example that runs.
func TestReadmeHasExamples(t *testing.T) {
	readme := string(must(os.ReadFile("../README.md"))(t))
	_, gives, _ := strings.Cut(readme, "## What it gives")
	gives, _, _ = strings.Cut(gives, "\n## ")
	listed := regexp.MustCompile(`(?m)^- \*\*(.+?)\*\*`).FindAllStringSubmatch(gives, -1)
	if len(listed) == 0 || len(listed) != len(features) {
		t.Errorf("README.md lists %d features, and %d are known", len(listed), len(features))
	}
	for _, m := range listed {
		if len(features[m[1]]) == 0 {
			t.Errorf("no Example shows %q", m[1])
		}
		for _, name := range features[m[1]] {
			dir, example, _ := strings.Cut(name, ".")
			if !runs(t, dir, example) {
				t.Errorf("%s: no %s has an output", m[1], name)
			}
		}
	}

	packages := regexp.MustCompile("(?m)^\\| \\[`([a-z/]+)`\\]").FindAllStringSubmatch(readme, -1)
	if len(packages) < 8 {
		t.Errorf("README.md lists %d packages", len(packages))
	}
	for _, m := range packages {
		if m[1] != "examples" && !runs(t, m[1], "Example") {
			t.Errorf("package %s has no Example", m[1])
		}
	}
}

// runs reports whether a package has an Example whose name begins so, and which
// has an output, without which it is not run.
func runs(t *testing.T, dir, prefix string) bool {
	t.Helper()
	for _, file := range must(filepath.Glob(filepath.Join("..", dir, "example*_test.go")))(t) {
		for _, part := range strings.Split(string(must(os.ReadFile(file))(t)), "\nfunc ")[1:] {
			if strings.HasPrefix(part, prefix) && strings.Contains(part, "// Output:") {
				return true
			}
		}
	}
	return false
}
