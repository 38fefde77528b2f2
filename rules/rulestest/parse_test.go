package rulestest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules/rulestest"
)

func TestMistakes(t *testing.T) {
	test := func(s string) string { return "tests: [{name: x, " + s + "}]" }
	cases := []struct{ name, text, told string }{
		{"nothing", "", "1:1: the text is empty"},
		{"no tests", "fixtures: {}", "1:1: there are no tests"},
		{"not YAML", "tests: [", "not YAML: "},
		{"path without quotes", test("set: {s.lines[1].net: 5}, expect: {a: pass}"), `1:25: not YAML: between braces a path with [ ] stands in quotes: "s.lines[1].net"`},
		{"path without quotes, below", "tests:\n  - name: x\n    set: {a.b: 1, s.lines[1]: 5}\n    expect: {a: pass}", `3:19: not YAML: between braces a path with [ ] stands in quotes: "s.lines[1]"`},
		{"path in quotes, and another mistake", test(`set: {"s.lines[1].net": 5, expect: {a: pass}`), "not YAML: did not find"},
		{"list without quotes", "tests: [{name: x, set: {a.b: [1}}]", "not YAML: did not find"},
		{"not UTF-8", "tests: \xff", "1:1: the text is not UTF-8"},
		{"two documents", test("expect: {a: pass}") + "\n---\nx: y", "a second document begins here"},
		{"a list", "[]", "1:1: a mapping is expected here"},
		{"key", "test: []", `1:1: unknown key "test"; did you mean "tests"?`},
		{"key of options", "options: {noow: x}\n" + test("expect: {a: pass}"), `1:11: unknown key "noow"; did you mean "now"?`},
		{"key of a test", test("form: base, expect: {a: pass}"), `1:19: unknown key "form"`},
		{"key twice", test("expect: {a: pass}, expect: {b: pass}"), `key "expect" is given twice`},
		{"field twice", "fixtures: {a: {b: {c: 1, c: 2}}}\n" + test("expect: {a: pass}"), `1:26: key "c" is given twice`},
		{"key that is a number", test("expect: {1: pass}"), "1:28: a key is a plain text"},
		{"anchor", "fixtures: &a {}\n" + test("expect: {a: pass}"), "1:11: anchors and aliases are not allowed"},
		{"alias", "fixtures: *a\n", "not YAML"},
		{"tag", "fixtures: !!map {}\n" + test("expect: {a: pass}"), "1:11: tags are not allowed"},
		{"no name", "tests: [{expect: {a: pass}}]", "1:9: a test has a name and expects something"},
		{"empty name", `tests: [{name: "", expect: {a: pass}}]`, "a text is expected here"},
		{"no expectation", test("from: a"), "a test has a name and expects something"},
		{"empty expectation", test("expect: {}"), "a test has a name and expects something"},
		{"two of a name", "tests: [{name: x, expect: {a: pass}}, {name: x, expect: {a: pass}}]", `1:39: there are two tests of the name "x"`},
		{"outcome", test("expect: {a: passes}"), `1:31: there is no outcome "passes"; did you mean "pass"?`},
		{"two outcomes", test("expect: {a: {fail: x, unknown: y}}"), "one outcome is expected, not both fail and unknown"},
		{"no outcome", test("expect: {a: {}}"), "an outcome is missing"},
		{"place without an outcome", test("expect: {a: {at: b.c}}"), "an outcome is missing"},
		{"place of the unknown", test("expect: {a: {unknown: [b], at: b.c}}"), "only what fails, or warns, does so at a field"},
		{"message that is a number", test("expect: {a: {fail: 3}}"), "1:38: a text is expected here"},
		{"sections that are none", test("expect: {a: {unknown: b}}"), "a list is expected here"},
		{"list of expectations", test("expect: [a]"), "a mapping is expected here"},
		{"tests that are a mapping", "tests: {a: b}", "a list is expected here"},
		{"row that is short", "tables: [{name: x, set: [a.b], expect: [c], rows: [[1]]}]", "1:52: a row is a list of 1 values and 1 outcomes"},
		{"row that is none", "tables: [{name: x, set: [a.b], expect: [c], rows: [1]}]", "a row is a list"},
		{"no rows", "tables: [{name: x, expect: [c]}]", "a test has a name and expects something"},
		{"outcome of a row", "tables: [{name: x, expect: [c], rows: [[perhaps]]}]", `there is no outcome "perhaps"`},
		{"instance of nobody", test("as: a, instance: others, expect: {a: pass}"), `an instance is "own" or "other"`},
		{"functions that are none", test("expect: {a: {lacks: b}}"), "a list is expected here"},
		{"deep", "fixtures: {a: {b: {c: " + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "}}}\n" + test("expect: {a: pass}"), "more than 32 lists and mappings in each other"},
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := rulestest.Parse("f", []byte(c.text))
			if s != nil || err == nil {
				t.Fatal("it is accepted")
			}
			if got := strings.Join(mistakes(err), "\n"); !strings.Contains(got, c.told) || !strings.HasPrefix(got, "f:") {
				t.Errorf("told as %q, without %q", got, c.told)
			}
		})
	}
}

// All mistakes are told at once, in the order of the text.
func TestAllMistakes(t *testing.T) {
	_, err := rulestest.Parse("f", []byte("tests:\n  - {name: a, expect: {x: perhaps}, nome: b}\nfixture: {}\noptions: {lang: 3}\n"))
	want := []string{
		`f:2:27: there is no outcome "perhaps"; there are pass, fail, unknown, error, warning, skipped`,
		`f:2:37: unknown key "nome"; did you mean "name"?`,
		`f:3:1: unknown key "fixture"; did you mean "fixtures"?`,
		`f:4:17: a text is expected here`,
	}
	if got := mistakes(err); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

func TestTables(t *testing.T) {
	r := check(t, `tables:
  - name: limits
    from: base
    set: [credit.limit, credit.parts]
    expect: [covered, parts]
    rows:
      - [20, 10, pass, pass]
      - [10, 0, {fail: over the limit}, error]
      - [~, 30, unknown, fail]
      - [15.5, 30, fail, fail]
`)
	if got, want := failures(r), "order_test.yaml:18:20: covered: want fail, got pass"; got != want {
		t.Errorf("%s", got)
	}
	if len(r.Results) != 4 || r.Results[3].Name != "limits/4" || r.Results[3].At != "order_test.yaml:18:9" {
		t.Errorf("%+v", r.Results)
	}
}

func TestBounds(t *testing.T) {
	rows := func(n int) string {
		return "tables: [{name: x, expect: [c], rows: [" + strings.Repeat("[pass],", n) + "]}]"
	}
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"cases", rows(10_000), true},
		{"one case more", rows(10_001), false},
		{"bytes", rows(1) + "#" + strings.Repeat(" ", 1<<20-len(rows(1))-1), true},
		{"one byte more", rows(1) + "#" + strings.Repeat(" ", 1<<20-len(rows(1))), false},
		{"depth", "fixtures: {a: {b: {c: " + strings.Repeat("[", 29) + strings.Repeat("]", 29) + "}}}\n" + rows(1), true},
		{"one deeper", "fixtures: {a: {b: {c: " + strings.Repeat("[", 30) + strings.Repeat("]", 30) + "}}}\n" + rows(1), false},
	} {
		if _, err := rulestest.Parse("f", []byte(c.text)); (err == nil) != c.ok {
			t.Errorf("%s: %.200s", c.name, fmt.Sprint(err))
		}
	}
}

// Nothing makes the parser or the evaluation panic, and what is read is
// evaluated case by case.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"tests: [{name: x, from: base, as: sales, expect: {covered: {unknown: [credit]}}}]",
		`tests: [{name: x, from: base, set: {"products.lines[1].price": 3, "products.lines[0]": ~}, old: base, expect: {covered: {fail: a, at: b}, keep: skipped}}]`,
		"tables: [{name: x, set: [credit.limit], expect: [covered], rows: [[1, pass], [2.5, {absent: [a]}]]}]",
		"tests: [{name: x, facts: {today: 3, signed: {receipt: 0x1}}, expect: {guard.close: {error: x}}}]",
	} {
		f.Add(seed)
	}
	tpl := template(f)
	f.Fuzz(func(t *testing.T, tests string) {
		s, err := rulestest.Parse("f", []byte(fixtures+tests))
		if err != nil {
			if len(mistakes(err)) == 0 {
				t.Errorf("an error without mistakes: %v", err)
			}
			return
		}
		r, err := rulestest.Check(tpl, s)
		if err != nil || len(r.Results) != len(s.Cases) {
			t.Errorf("%d cases, %d results: %v", len(s.Cases), len(r.Results), err)
		}
	})
}
