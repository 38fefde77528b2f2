package rulestest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/rules/rulestest"
)

// changing is a section whose fields demand something of the revision before.
func changing(t *testing.T) rulestest.Template {
	t.Helper()
	set, err := rules.Compile(rules.Definition{Sections: []rules.Section{{Name: "bid", Fields: []rules.Field{
		{Name: "price", Kind: rules.KindInteger, Check: "this < old.price", Message: rules.Text{"en": "bids fall"}},
		{Name: "grade", Kind: rules.KindChoice, Choices: []rules.Choice{{Name: "a", When: `old.grade != "b"`}, {Name: "b", When: "price > 3"}}},
		{Name: "tags", Kind: rules.KindList, Of: &rules.Field{Kind: rules.KindText, Check: "!(this in old.tags)"}},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	return rulestest.Bare(set)
}

// TestChangeExpectations demands that tests can name what is due at writes, as
// conditions and as what fields demand.
func TestChangeExpectations(t *testing.T) {
	fixtures := `fixtures:
  before: {bid: {price: 5, grade: b, tags: [x]}}
  lower:  {bid: {price: 4}}
`
	cases := []struct{ name, test, right, wrong, told string }{
		{"condition", "from: lower, old: before", "change.bid: pass", "change.bid: fail", "want fail, got pass"},
		{"skipped", "from: lower", "change.bid: skipped", "change.bid: pass", "want pass, got skipped"},
		{"violation", "from: before, old: lower", "change.bid: {fail: [bid.price.check]}", "change.bid: {fail: [bid.grade.choice]}", `got fail bid.price.check at bid.price "bids fall"`},
		{"no part of the validity", "from: before, old: lower", "valid.bid: pass", "valid.bid: fail", "want fail, got pass"},
		{"demand", "from: before, old: lower", "bid.price.check: {fail: bids fall, at: bid.price}", "bid.price.check: pass", "got fail bid.price.check"},
		{"demand that is met", "from: lower, old: before", "bid.price.check: pass", "bid.price.check: fail", "got pass"},
		{"demand at the first revision", "from: lower", "bid.price.check: skipped", "bid.price.check: pass", "want pass, got skipped"},
		{"demand of items", "from: lower, old: before, set: {bid.tags: [y, x]}", `"bid.tags[].check": {fail: is not acceptable, at: "bid.tags[1]"}`, `"bid.tags[].check": pass`, "got fail"},
		{"choice by the revision before", "from: lower, old: before, set: {bid.grade: a}", "bid.grade.choice: fail", "bid.grade.choice: pass", "got fail"},
		{"choice by the present", "from: lower, old: before, set: {bid.grade: b, bid.price: 2}", "bid.grade.choice: fail", "bid.grade.choice: pass", "got fail"},
		{"choice that is offered", "from: lower, old: before, set: {bid.grade: b}", "bid.grade.choice: pass", "bid.grade.choice: fail", "got pass"},
		{"hidden", "from: lower, old: before, hide: [bid]", "change.bid: {unknown: [bid, old.bid]}", "change.bid: {unknown: [bid]}", "got unknown for want of the sections"},
	}
	for _, c := range cases {
		for tests, told := range map[string]string{c.right: "", c.wrong: c.told} {
			s, err := rulestest.Parse("bid_test.yaml", []byte(fixtures+"tests: [{name: x, "+c.test+", expect: {"+tests+"}}]"))
			if err != nil {
				t.Fatal(err)
			}
			r, err := rulestest.Check(changing(t), s)
			if err != nil {
				t.Fatal(err)
			}
			if got := failures(r); told == "" && got != "" || !strings.Contains(got, told) {
				t.Errorf("%s: %s is told as %q, and not %q", c.name, tests, got, told)
			}
		}
	}
	if len(cases) == 0 {
		t.Error("no cases")
	}
}

// TestChangeCoverage demands that what is due at writes is missed where no test
// shows it, and nothing is that cannot be shown.
func TestChangeCoverage(t *testing.T) {
	r, err := rulestest.Check(changing(t))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Coverage.Untested, []string{"valid.bid", "change.bid"}) {
		t.Errorf("untested: %q", r.Coverage.Untested)
	}
	s, err := rulestest.Parse("bid_test.yaml", []byte(`fixtures:
  a: {bid: {price: 5}}
  b: {bid: {price: 4}}
tests:
  - {name: falls, from: b, old: a, expect: {change.bid: pass, valid.bid: pass}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if r, err = rulestest.Check(changing(t), s); err != nil {
		t.Fatal(err)
	}
	if got := gaps(r); !slices.Contains(got, "change.bid: never expected to fail") || slices.Contains(got, "valid.bid: never expected to fail") || slices.Contains(got, "change.bid: never expected to pass") ||
		slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, "change.bid: ") && strings.Contains(g, "unknown") }) {
		t.Errorf("gaps: %q", got)
	}
	scaffold, err := rulestest.Scaffold(changing(t), "")
	if err != nil || !strings.Contains(string(scaffold), "change.bid: skipped") {
		t.Errorf("a first test file: %v\n%s", err, scaffold)
	}
}
