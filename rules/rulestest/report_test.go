package rulestest_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/rules/rulestest"
)

const two = `tests:
  - {name: good & <well>, from: base, expect: {covered: pass}}
  - {name: bad, from: base, expect: {covered: fail, few: unknown, valid.products: pass}}
`

func TestText(t *testing.T) {
	r := check(t, two)
	r.Template = "order.yaml"
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	want := `order_test.yaml
  ok   good & <well>
  FAIL bad
       order_test.yaml:11:38: covered: want fail, got pass
       order_test.yaml:11:53: few: want unknown, got pass
order.yaml: 2 cases, 1 failed
coverage: `
	if got := b.String(); !strings.HasPrefix(got, want) {
		t.Errorf("%s", got)
	}
	if err := r.WriteText(broken{}); !errors.Is(err, errBroken) {
		t.Errorf("to a broken writer: %v", err)
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestJSON(t *testing.T) {
	r := check(t, two)
	r.Template = "order.yaml"
	var b strings.Builder
	if err := rulestest.WriteJSON(&b, r, r); err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Template               string
		Cases, Failed, Percent int
		Results                []rulestest.Result
		Coverage               rulestest.Coverage
	}
	if err := json.Unmarshal([]byte(b.String()), &all); err != nil || len(all) != 2 {
		t.Fatalf("%d reports: %v", len(all), err)
	}
	got := all[1]
	if got.Template != "order.yaml" || got.Cases != 2 || got.Failed != 1 || got.Percent != r.Coverage.Percent() ||
		len(got.Results) != 2 || got.Results[1].Failures[0].String() != r.Results[1].Failures[0].String() ||
		got.Coverage.String() != r.Coverage.String() {
		t.Errorf("%+v\n%s", got, b.String())
	}
	if !strings.Contains(b.String(), `"name": "good & <well>"`) {
		t.Error("names are escaped for HTML")
	}
	var none strings.Builder
	if err := rulestest.WriteJSON(&none); err != nil || none.String() != "[]\n" {
		t.Errorf("of no reports: %q %v", none.String(), err)
	}
	if err := rulestest.WriteJSON(broken{}, r); !errors.Is(err, errBroken) {
		t.Errorf("to a broken writer: %v", err)
	}
}

func TestJUnit(t *testing.T) {
	r := check(t, two)
	r.Template = "order.yaml"
	var b strings.Builder
	if err := rulestest.WriteJUnit(&b, r, r); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Suites []struct {
			Name     string `xml:"name,attr"`
			Tests    int    `xml:"tests,attr"`
			Failures int    `xml:"failures,attr"`
			Property struct {
				Name  string `xml:"name,attr"`
				Value int    `xml:"value,attr"`
			} `xml:"properties>property"`
			Out   string `xml:"system-out"`
			Cases []struct {
				Class   string `xml:"classname,attr"`
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if len(got.Suites) != 2 {
		t.Fatalf("%s", b.String())
	}
	s := got.Suites[1]
	if s.Name != "order.yaml" || s.Tests != 2 || s.Failures != 1 || len(s.Cases) != 2 ||
		s.Cases[0].Name != "good & <well>" || s.Cases[0].Class != "order_test" || s.Cases[0].Failure != nil ||
		s.Cases[1].Failure.Message != "want fail, got pass" || strings.Count(s.Cases[1].Failure.Text, "\n") != 1 {
		t.Errorf("%s", b.String())
	}
	if s.Property.Name != "coverage" || s.Property.Value != r.Coverage.Percent() || s.Out != r.Coverage.String() ||
		!strings.Contains(s.Out, "products.total.computed: no violation of compute is expected") {
		t.Errorf("%s", b.String())
	}
	if err := rulestest.WriteJUnit(broken{}, r); !errors.Is(err, errBroken) {
		t.Errorf("to a broken writer: %v", err)
	}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func TestCheckFS(t *testing.T) {
	good := fixtures + "tests: [{name: x, from: base, expect: {covered: pass}}]"
	named := func(template string) string { return "template: " + template + "\n" + good }
	tpl := file("")
	for _, c := range []struct {
		name  string
		files fstest.MapFS
		want  string // templates and numbers of results, or a part of the error
		ok    bool
	}{
		{"beside", fstest.MapFS{"order_test.yaml": file(good), "order.yaml": tpl}, "order.yaml 1", true},
		{"in a folder", fstest.MapFS{"a/b/order_test.yaml": file(good), "a/b/order.yaml": tpl}, "a/b/order.yaml 1", true},
		{"named", fstest.MapFS{"a/x_test.yaml": file(named("order.yaml")), "a/order.yaml": tpl}, "a/order.yaml 1", true},
		{"two of one", fstest.MapFS{"a_test.yaml": file(named("order.yaml")), "order_test.yaml": file(good), "order.yaml": tpl}, "order.yaml 2", true},
		{"two templates", fstest.MapFS{"a_test.yaml": file(good), "b_test.yaml": file(good), "a.yaml": tpl, "b.yaml": tpl}, "a.yaml 1, b.yaml 1", true},
		{"no test file", fstest.MapFS{"order.yaml": tpl}, "there is no file *_test.yaml", false},
		{"nothing at all", fstest.MapFS{}, "there is no file *_test.yaml", false},
		{"no template", fstest.MapFS{"order_test.yaml": file(good)}, "order.yaml", false},
		{"template elsewhere", fstest.MapFS{"a/x_test.yaml": file(named("order.yaml")), "order.yaml": tpl}, "a/order.yaml", false},
		{"mistakes", fstest.MapFS{"a/order_test.yaml": file("tests: 3"), "a/order.yaml": tpl}, "a/order_test.yaml:1:8: a list is expected here", false},
	} {
		reports, err := rulestest.CheckFS(c.files, load(t))
		var got []string
		for _, r := range reports {
			got = append(got, r.Template+" "+string(rune('0'+len(r.Results))))
		}
		switch {
		case c.ok && (err != nil || strings.Join(got, ", ") != c.want):
			t.Errorf("%s: %q %v", c.name, got, err)
		case !c.ok && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := rulestest.CheckFS(fstest.MapFS{}, func(fs.FS, string) (orders, error) { return orders{}, nil }); err == nil {
		t.Error("no file succeeds")
	}
}

func TestNumberOfFiles(t *testing.T) {
	files := fstest.MapFS{"order.yaml": file("")}
	test := file("template: order.yaml\ntests: [{name: x, as: sales, expect: {covered: unknown}}]")
	for i := range 1001 {
		if i == 1000 {
			if r, err := rulestest.CheckFS(files, load(t)); err != nil || len(r) != 1 || len(r[0].Results) != 1000 {
				t.Errorf("1000 files: %v", err)
			}
		}
		files[fmt.Sprintf("a%d_test.yaml", i)] = test
	}
	if _, err := rulestest.CheckFS(files, load(t)); err == nil || !strings.Contains(err.Error(), "more than 1000 files") {
		t.Errorf("1001 files: %v", err)
	}
}

// Run makes a subtest of each case, and fails where one does: this test runs
// itself to see it.
func TestRun(t *testing.T) {
	files := fstest.MapFS{"order.yaml": file(""), "order_test.yaml": file(fixtures + two), "none_test.yaml": file(fixtures + two)}
	if os.Getenv("RULESTEST_INNER") == "1" {
		rulestest.Run(t, files, load(t))
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestRun$", "-test.v")
	cmd.Env = append(os.Environ(), "RULESTEST_INNER=1")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Errorf("it succeeds:\n%s", out)
	}
	for _, want := range []string{
		"--- PASS: TestRun/order_test/good_&_<well>",
		"--- FAIL: TestRun/order_test/bad",
		"order_test.yaml:11:38: covered: want fail, got pass",
		"order.yaml: coverage: ",
		"--- FAIL: TestRun/none ",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("without %q:\n%s", want, out)
		}
	}
}

// What cannot be tested is told in each form of the report, and leaves alone what can.
func TestBrokenReports(t *testing.T) {
	files := fstest.MapFS{
		"absent_test.yaml": file(fixtures + two),
		"good_test.yaml":   file(fixtures + two), "good.yaml": file(""),
		"wrong_test.yaml": file("tests: [{name: x, expect: {few: pas}}]"), "wrong.yaml": file(""),
		"wrong/a_test.yaml": file("template: both.yaml\ntests: 3"), "wrong/b_test.yaml": file("template: both.yaml\ntests: 4"),
	}
	reports, err := rulestest.CheckFS(files, load(t))
	if got := mistakes(err); len(got) != 3 || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	want := []struct {
		template, broken string
		results, failed  int
	}{
		{"absent.yaml", "open absent.yaml: file does not exist", 0, 1},
		{"good.yaml", "", 2, 1},
		{"wrong/both.yaml", "wrong/a_test.yaml:2:8: a list is expected here\nwrong/b_test.yaml:2:8: a list is expected here\nopen wrong/both.yaml: file does not exist", 0, 1},
		{"wrong.yaml", `wrong_test.yaml:1:33: there is no outcome "pas"; did you mean "pass"?`, 0, 1},
	}
	if len(reports) != len(want) {
		t.Fatalf("%d reports", len(reports))
	}
	var text strings.Builder
	for i, r := range reports {
		w := want[i]
		if r.Template != w.template || r.Broken != w.broken || len(r.Results) != w.results || r.Failed() != w.failed || r.Coverage.Percent() == 100 {
			t.Errorf("%s: %q, %d results, %d failed, %v", r.Template, r.Broken, len(r.Results), r.Failed(), r.Coverage)
		}
		if err := r.WriteText(&text); err != nil {
			t.Error(err)
		}
	}
	var junit, json strings.Builder
	if err := errors.Join(rulestest.WriteJUnit(&junit, reports...), rulestest.WriteJSON(&json, reports...)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ form, got, want string }{
		{"text", text.String(), "absent.yaml: nothing was tested\nopen absent.yaml: file does not exist\n"},
		{"text", text.String(), "good.yaml: 2 cases, 1 failed\n"},
		{"junit", junit.String(), `<testsuite name="absent.yaml" tests="1" failures="0" errors="1">`},
		{"junit", junit.String(), `<testcase classname="wrong/both" name="can be tested">` + "\n" + `      <error message="wrong/a_test.yaml:2:8: a list is expected here">wrong/a_test.yaml:2:8: a list is expected here&#xA;`},
		{"junit", junit.String(), `<testsuite name="good.yaml" tests="2" failures="1">`},
		{"json", json.String(), `"broken": "open absent.yaml: file does not exist",`},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("%s without %q:\n%s", c.form, c.want, c.got)
		}
	}
}

// All that is wrong in test files is told at once, where it stands.
func TestMistakesOfFiles(t *testing.T) {
	wrong := `options: {now: yesterday, lang: xx}
fixtures:
  base:
    products:
      lines: [{sku: a, prise: 10}, {sku: b, prise: {x: 1}}]
      dy: 2026-08-02
    credits: {limit: 20, parts: {a: 1}}
  other: {credit: ~}
tests:
  - {name: a, from: bass, old: other, as: seller, state: shut, hide: [credit, credits], expect: {cover: pass}}
  - name: b
    form: base
    set: {products.totl: 1, "products.lines[0].sku": x, "products.lines[12].price.x": 3, "products..x": 1, credit: {limi: 3}}
    facts: {moon: full, signed: {receipt: 1}}
    expect: {products.lines.require: pass, few: passes}
tables:
  - {name: c, set: [credit.limit, credit.limits], expect: [covered, cover], rows: [[1, 2, pass, pass]]}
`
	_, err := rulestest.CheckFS(fstest.MapFS{
		"a_test.yaml": file(wrong), "a.yaml": file(""), "z/b_test.yaml": file("tests: [{name: x, as: me, expect: {few: fail}}]"), "z/b.yaml": file(""),
		"good_test.yaml": file(fixtures + two), "good.yaml": file(""),
	}, load(t))
	rules := "; there are valid.products, rule.few, valid.credit, rule.parts, valid.notes, rule.covered, rule.keep, guard.close, guard.send"
	want := []string{
		`a_test.yaml:1:16: "yesterday" is no time such as "2026-08-02T15:00:00Z"`,
		`a_test.yaml:1:33: no message of the template is in "xx"; there are en, it`,
		`a_test.yaml:5:24: there is no field products.lines[].prise; did you mean "price"?`,
		`a_test.yaml:5:45: there is no field products.lines[].prise; did you mean "price"?`,
		`a_test.yaml:6:7: there is no field products.dy; did you mean "day"?`,
		`a_test.yaml:7:5: there is no section "credits"; did you mean "credit"?`,
		`a_test.yaml:10:21: there is no fixture "bass"; did you mean "base"?`,
		`a_test.yaml:10:43: there is no role "seller"; there are sales, care`,
		`a_test.yaml:10:58: there is no state "shut"; there are open, closed`,
		`a_test.yaml:10:79: there is no section "credits"; did you mean "credit"?`,
		`a_test.yaml:10:98: cover: there is no such rule` + rules,
		`a_test.yaml:12:5: unknown key "form"; did you mean "from"?`,
		`a_test.yaml:13:11: there is no field products.totl; did you mean "total"?`,
		`a_test.yaml:13:57: there is no field products.lines[].price.x; there are none`,
		`a_test.yaml:13:90: "products..x" is no path such as "products.lines[1].price"`,
		`a_test.yaml:13:117: there is no field credit.limi; did you mean "limit"?`,
		`a_test.yaml:14:13: there is no fact "moon"; there are now, role, signed, state, today`,
		`a_test.yaml:15:14: products.lines.require: there is no such rule; did you mean "products.lines.required"?`,
		`a_test.yaml:15:49: there is no outcome "passes"; did you mean "pass"?`,
		`a_test.yaml:17:35: there is no field credit.limits; did you mean "limit"?`,
		`a_test.yaml:17:69: cover: there is no such rule` + rules,
		`z/b_test.yaml:1:23: there is no role "me"; there are sales, care`,
	}
	if got := mistakes(err); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	many := "tests: [{name: x, hide: [" + strings.Repeat("credits, ", 201) + "], expect: {few: pass}}]"
	_, err = rulestest.CheckFS(fstest.MapFS{"a_test.yaml": file(many), "a.yaml": file("")}, load(t))
	if got := mistakes(err); len(got) != 201 || !strings.HasSuffix(got[200], "more than 200 names of nothing") {
		t.Errorf("%d mistakes: %v", len(got), got)
	}
	_, err = rulestest.CheckFS(fstest.MapFS{"a_test.yaml": file(wrong)}, load(t))
	if got := mistakes(err); len(got) != 3 || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a template: %v", err)
	}
}
