package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules/rulestest"
	"github.com/vassoio/vassoio/tray/template"
)

// The test file of the loan, as a program's own tests would run it.
func TestLoan(t *testing.T) {
	for _, r := range rulestest.Run(t, os.DirFS("templates"), template.Load) {
		if r.Coverage.Percent() < 100 {
			t.Error(r.Coverage)
		}
	}
}

func output(t *testing.T, args ...string) string {
	t.Helper()
	var b strings.Builder
	if err := run(args, &b); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	return b.String()
}

func TestShow(t *testing.T) {
	got := output(t)
	for _, want := range []string{
		"rule.secured\n  reads       guarantee.deposit, guarantee.insured, request.total\n",
		"  request.items[].value: valid.request, rule.secured, required.receipt\n",
		"loan.yaml: 23 cases, 0 failed\ncoverage: 100% (50 of 50)\n",
		"coverage: 68% (34 of 50)\n",
		"loan.yaml:58:28: rule careful: what begins here is never false\n    request.items.all(i, i.value <= decimal(\"5000\"))\n                         ^\n",
		"loan.yaml:12:58: sections.request.fields.until.check: there is no \"form\" here; did you mean \"from\"?",
		"7 problems",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q:\n%s", want, got)
		}
	}
}

// What cannot be tested is in the report, whatever its form, and is a failure.
func TestBrokenTemplate(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.yaml": "vassoio: 1\nid: [", "a_test.yaml": "tests: []\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for format, want := range map[string]string{"text": "a.yaml: nothing was tested\n", "json": `"broken": "`, "junit": "<error message="} {
		var b strings.Builder
		if err := run([]string{"-dir", dir, "-format", format}, &b); !errors.Is(err, errBroken) || !strings.Contains(b.String(), want) || !strings.Contains(b.String(), "a.yaml:2:") {
			t.Errorf("%s: %v\n%s", format, err, b.String())
		}
	}
}

func TestFormats(t *testing.T) {
	type report struct{ Cases, Failed, Percent int }
	var reports []report
	if err := json.Unmarshal([]byte(output(t, "-format", "json")), &reports); err != nil || !slices.Equal(reports, []report{{23, 0, 100}}) {
		t.Errorf("%+v %v", reports, err)
	}
	if got := output(t, "-format", "junit"); !strings.Contains(got, `<testsuite name="loan.yaml" tests="23" failures="0">`) {
		t.Error(got)
	}
	var b strings.Builder
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-format", "pdf"}, "text, json or junit"},
		{[]string{"-dir", t.TempDir()}, "no file *_test.yaml"},
		{[]string{"-dir", "/no/such/folder"}, "/no/such/folder"},
		{[]string{"-dir", "main.go"}, "not a folder"},
		{[]string{"-scaffold", "none.yaml"}, "none.yaml"},
		{[]string{"-explain", "none.yaml"}, "none.yaml"},
		{[]string{"-nothing"}, "-nothing"},
		{[]string{"templates"}, `"templates": there are flags only`},
	} {
		if err := run(c.args, &b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, without %q", c.args, err, c.want)
		}
	}
	if got := output(t, "-h"); !strings.Contains(got, "-scaffold") {
		t.Errorf("help: %s", got)
	}
}

// A template to scaffold or explain is a file like any other, or one of the folder.
func TestTemplatePaths(t *testing.T) {
	abs, err := filepath.Abs("../order/order.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-scaffold", "../order/order.yaml"}, `template: "order.yaml"`},
		{[]string{"-scaffold", abs}, `template: "order.yaml"`},
		{[]string{"-scaffold", "loan.yaml"}, `template: "loan.yaml"`},
		{[]string{"-scaffold", "templates/loan.yaml"}, `template: "loan.yaml"`},
		{[]string{"-dir", "../order", "-scaffold", "order.yaml"}, `template: "order.yaml"`},
		{[]string{"-dir", "templates", "-scaffold", "../order/order.yaml"}, `template: "order.yaml"`},
		{[]string{"-explain", "../order/order.yaml"}, "valid.customer\n"},
		{[]string{"-dir", "templates", "-explain", "loan.yaml"}, "valid.request\n"},
	} {
		if got := output(t, c.args...); !strings.Contains(got, c.want) {
			t.Errorf("%q: %s", c.args, got)
		}
	}
}

// A folder with a first test file succeeds; with a wrong one it fails.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	tpl, err := fs.ReadFile(files, "templates/loan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("loan.yaml", string(tpl))
	first := output(t, "-dir", dir, "-scaffold", "loan.yaml")
	if got := output(t, "-dir", dir, "-explain", "loan.yaml"); !strings.HasPrefix(got, "valid.request\n") || !strings.Contains(got, "\n# What is doubtful\nloan.yaml:") {
		t.Error(got)
	}
	write("loan_test.yaml", first)
	if got := output(t, "-dir", dir); !strings.Contains(got, "14 cases, 0 failed\ncoverage: 68%") {
		t.Error(got)
	}
	write("loan_test.yaml", strings.Replace(first, "required.receipt: fail", "required.receipt: pass", 1))
	var b strings.Builder
	if err := run([]string{"-dir", dir}, &b); !errors.Is(err, errFailed) || !strings.Contains(b.String(), "required.receipt: want pass, got fail") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

// Over several templates, too, a program reads one document.
func TestOneDocument(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"loan", "other"} {
		for _, suffix := range []string{".yaml", "_test.yaml"} {
			text, err := fs.ReadFile(files, "templates/loan"+suffix)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name+suffix), []byte(strings.ReplaceAll(string(text), "loan.yaml", name+".yaml")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	var reports []struct{ Template string }
	if err := json.Unmarshal([]byte(output(t, "-dir", dir, "-format", "json")), &reports); err != nil || len(reports) != 2 || reports[0].Template != "loan.yaml" || reports[1].Template != "other.yaml" {
		t.Errorf("%v %v", reports, err)
	}
	got := xml.NewDecoder(strings.NewReader(output(t, "-dir", dir, "-format", "junit")))
	var suites struct {
		XMLName xml.Name   `xml:"testsuites"`
		Suites  []struct{} `xml:"testsuite"`
	}
	if err := got.Decode(&suites); err != nil || len(suites.Suites) != 2 {
		t.Errorf("%+v %v", suites, err)
	}
	if rest, err := got.Token(); err == nil {
		if text, ok := rest.(xml.CharData); !ok || strings.TrimSpace(string(text)) != "" {
			t.Errorf("after the document stands %v", rest)
		}
	}
}

// A first test file of any template can be read, and succeeds.
func TestScaffoldOfTemplates(t *testing.T) {
	for dir, names := range map[string][]string{
		"../../tray/template/testdata": {"order.yaml", "leave.yaml", "everything.yaml"},
		"../order":                     {"order.yaml"},
	} {
		for _, name := range names {
			tpl, err := template.Load(os.DirFS(dir), name)
			if err != nil {
				t.Fatal(err)
			}
			text, err := rulestest.Scaffold(tpl, name)
			if err != nil {
				t.Fatal(err)
			}
			suite, err := rulestest.Parse(name, text)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			report, err := rulestest.Check(tpl, suite)
			if err != nil {
				t.Fatal(err)
			}
			if report.Failed() > 0 || len(report.Results) < 2 || len(report.Coverage.Untested) > 0 || strings.Contains(string(text), "does not do") {
				var b strings.Builder
				err := report.WriteText(&b)
				t.Errorf("%v %s\n%s", err, b.String(), text)
			}
			// Every place is one of the file.
			for _, g := range report.Coverage.Missing {
				if !strings.HasPrefix(g.At, name+":") {
					t.Errorf("%s %s is at %q", g.Where, g.What, g.At)
				}
			}
		}
	}
}
