package rulestest

import "github.com/vassoio/vassoio/rules"

// A Template is what is tested. That of package tray/template is one; [Bare]
// makes one of a set of rules alone.
type Template interface {
	// Rules are the compiled conditions.
	Rules() *rules.Set
	// RoleNames are the roles that a case can be evaluated as.
	RoleNames() []string
	// StateNames are the states, the initial one first.
	StateNames() []string
	// ReadBy reports whether a role reads a section in a state.
	ReadBy(role, section, state string) bool
	// ReadsEach reports whether a role that reads a section in a state reads
	// everybody's instance, where each participant has one of his own; of any
	// other section it reports what ReadBy does.
	ReadsEach(role, section, state string) bool
	// Position finds the place in the template's file for a position of the
	// definition: its File is a path there, line and column count from 1
	// within what stands at the path. It is zero where there is no file.
	Position(path string, line, column int) rules.Position
}

// Bare makes a [Template] of a set: it has no roles, and its positions are
// those of the definition as they are.
func Bare(set *rules.Set) Template { return bare{set} }

type bare struct{ set *rules.Set }

func (b bare) Rules() *rules.Set                      { return b.set }
func (b bare) RoleNames() []string                    { return nil }
func (b bare) StateNames() []string                   { return nil }
func (b bare) ReadBy(role, section, _ string) bool    { return false }
func (b bare) ReadsEach(role, section, _ string) bool { return false }
func (b bare) Position(file string, line, column int) rules.Position {
	return rules.Position{File: file, Line: line, Column: column}
}

// A Suite is the cases of one test file, or of one Go test.
type Suite struct {
	Name     string // of the file: "order_test.yaml"
	Template string // of the template's file, if the test file names it
	Options  Options
	Fixtures map[string]Content
	Cases    []Case

	mentions []mention // of the file
	given    []given
}

// Options hold for every case of a suite.
type Options struct {
	// Now is the time of the facts "now" and "today": RFC 3339, whole seconds.
	// Without it, these facts are absent.
	Now string
	// Lang is the language of messages; English by default.
	Lang string
}

// Content is section → field → value. Values are those of package rules in
// their canonical form, and what files write more easily: an integer of any Go
// kind or as a [json.Number], a decimal without its last zeros, money likewise
// and without its currency where there is one only. A computed field that is
// not given is computed, and absent where that breaks.
type Content = map[string]map[string]any

// A Case is one evaluation: some content, seen by somebody, and what is
// expected of the rules.
type Case struct {
	Name string
	// From names the fixture with the content; without one, nothing is written.
	From string
	// Set changes the content: by path ("products.lines[1].price"), nil takes
	// away, and the index after the last item of a list adds one.
	Set map[string]any
	// Old names the fixture with the content before the revision.
	Old string
	// As is the role that evaluates: what it cannot read in State is hidden.
	// Without it everything is readable.
	As string
	// Other says that the instances of sections which each participant has of
	// his own are those of somebody else than who evaluates.
	Other bool
	// State is the state of the tray, and the fact "state"; the initial one by
	// default.
	State string
	// Hide are further sections that cannot be read.
	Hide []string
	// Facts are further facts by name.
	Facts map[string]any
	// Expect is what the rules have to say. Rules that are not named are not
	// evaluated.
	Expect []Expectation
	Pos    rules.Position // where the case is written
}

// An Expectation is what one rule has to say.
type Expectation struct {
	// Rule is a condition ("valid.customer", "rule.covered", "guard.submit"),
	// a rule by its own id ("covered"), or what a field demands, by the rule
	// of its violation ("customer.vat.required").
	Rule    string
	Outcome Outcome
	// Message and At, where they are not empty, must be those of one
	// violation, for fail and warning.
	Message string
	At      string
	// Violations, where it is not nil, are the rules of all violations, in any
	// order, for fail and warning.
	Violations []string
	// Sections and Absent, where they are not nil, are what is missing, for
	// unknown: sections that cannot be read, paths of fields without a value.
	Sections []string
	Absent   []string
	// Lacks, where it is not nil, are the functions and formats of the
	// application that the template needs and was not given, for unknown.
	Lacks []string
	// Reason, where it is not empty, is why a rule broke: for error, or beside
	// those that fail.
	Reason string
	Pos    rules.Position // where the expectation is written
}

// An Outcome is what a rule can be expected to say.
type Outcome string

// The outcomes are those of package rules, and two ways to pass that a test
// should tell from the others.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown"
	Error   Outcome = "error"
	Warning Outcome = "warning" // it passes, and finds something that is a warning
	Skipped Outcome = "skipped" // it passes, for it reads the content before and there is none
)

var outcomes = []Outcome{Pass, Fail, Unknown, Error, Warning, Skipped}
