package rulestest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// needy is a set that needs a function and a format of the application.
func needy(t *testing.T) *rules.Set {
	t.Helper()
	set, err := rules.Compile(rules.Definition{
		Functions: []rules.Function{{Name: "knownArticle", Args: []rules.Kind{rules.KindText}, Result: rules.KindBoolean}},
		Formats:   []rules.Format{{Name: "acme_code"}},
		Sections: []rules.Section{{Name: "offer", Fields: []rules.Field{
			{Name: "article", Kind: rules.KindText}, {Name: "code", Kind: rules.KindText, Format: "acme_code"},
		}}},
		Conditions: []rules.Condition{{ID: "known", Expr: `knownArticle(offer.article)`}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

const needyTests = `
fixtures: {base: {offer: {article: Tagliere, code: A-1}}}
tests:
  - {name: right, from: base, expect: {known: pass, valid.offer: pass}}
  - {name: wrong, from: base, set: {offer.article: x, offer.code: x}, expect: {known: fail, valid.offer: {fail: [offer.code.format]}}}
`

// Without what only the application has, each case says what is lacking; with
// it they are as they should be.
func TestLibrary(t *testing.T) {
	lacking := needy(t)
	having, err := lacking.With(rules.Library{
		Functions: []rules.Function{{
			Name: "knownArticle", Args: []rules.Kind{rules.KindText}, Result: rules.KindBoolean,
			Call: func(args []any) (any, error) { return args[0] == "Tagliere", nil },
		}},
		Formats: []rules.Format{{Name: "acme_code", Check: func(s string) bool { return strings.HasPrefix(s, "A-") }}},
	})
	if err != nil {
		t.Fatal(err)
	}
	run := func(set *rules.Set, tests string) *rulestest.Report {
		suite, err := rulestest.Parse("offer_test.yaml", []byte(tests))
		if err != nil {
			t.Fatal(err)
		}
		report, err := rulestest.Check(rulestest.Bare(set), suite)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	if r := run(having, needyTests); failures(r) != "" || r.Coverage.Percent() != 100 {
		t.Errorf("with: %s\n%v", failures(r), r.Coverage)
	}
	r := run(lacking, needyTests)
	for _, want := range []string{
		"known: want pass, got unknown for want of the application's [knownArticle]",
		"valid.offer: want fail, got unknown for want of the application's [acme_code]",
	} {
		if r.Failed() != 2 || !strings.Contains(failures(r), want) {
			t.Errorf("without: %s, not %s", failures(r), want)
		}
	}

	const lacks = "tests: [{name: x, from: base, expect: {known: {lacks: [knownArticle]}, valid.offer: {lacks: [acme_code]}}}]\nfixtures: {base: {offer: {article: x, code: x}}}"
	if r := run(lacking, lacks); failures(r) != "" || !slices.Equal(r.Coverage.Untested, []string{"valid.offer", "known"}) {
		t.Errorf("lacking: %s, %v", failures(r), r.Coverage)
	}
	if r := run(having, lacks); r.Failed() != 1 || !strings.Contains(failures(r), "known: want unknown, got fail") {
		t.Errorf("lacking nothing: %s", failures(r))
	}
	wrong := strings.ReplaceAll(lacks, "[acme_code]", "[knownArticle]")
	if r := run(lacking, wrong); !strings.Contains(failures(r), "want unknown for want of the application's [knownArticle], got unknown for want of the application's [acme_code]") {
		t.Errorf("lacking another: %s", failures(r))
	}

	text, err := rulestest.Scaffold(rulestest.Bare(lacking), "")
	if err != nil {
		t.Fatal(err)
	}
	if r := run(lacking, string(text)); r.Failed() > 0 || !strings.Contains(string(text), "{lacks: [knownArticle]}") {
		t.Errorf("%s\n%s", failures(r), text)
	}
}
