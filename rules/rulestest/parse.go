package rulestest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Parse reads a test file; name is what positions and reports call it. The
// error is of type [Mistakes]. Whether the rules, fields and roles that it
// names exist is for [Check] to say.
func Parse(name string, text []byte) (*Suite, error) {
	s, found := parse(name, text)
	if len(found) > 0 {
		return nil, found.sorted()
	}
	return s, nil
}

// parse gives what could be read in spite of mistakes.
func parse(name string, text []byte) (*Suite, Mistakes) {
	r := &reader{file: name}
	s := &Suite{Name: name, Fixtures: map[string]Content{}}
	if root := r.root(text); root != nil {
		r.suite(s, root)
	}
	s.mentions, s.given = r.mentions, r.given
	return s, r.found
}

func (r *reader) suite(s *Suite, root *yaml.Node) {
	r.object(root,
		key{"template", r.text(&s.Template)},
		key{"options", func(n *yaml.Node) {
			r.object(n, key{"now", r.now(&s.Options.Now)}, key{"lang", r.naming(aLanguage, &s.Options.Lang)})
		}},
		key{"fixtures", func(n *yaml.Node) {
			r.each(n, func(name string, _, v *yaml.Node) { s.Fixtures[name] = r.content(v) })
		}},
		key{"tests", func(n *yaml.Node) {
			r.items(n, func(n *yaml.Node) { r.add(s, n, r.test(n)) })
		}},
		key{"tables", func(n *yaml.Node) {
			r.items(n, func(n *yaml.Node) { r.table(s, n) })
		}},
	)
	if len(s.Cases) == 0 && len(r.found) == 0 {
		r.mistake(root, "there are no tests")
	}
	seen := map[string]bool{}
	for _, c := range s.Cases {
		if seen[c.Name] {
			r.found = append(r.found, Mistake{c.Pos, "there are two tests of the name " + strconv.Quote(c.Name)})
		}
		seen[c.Name] = true
	}
}

// now reads the time that it is.
func (r *reader) now(into *string) func(n *yaml.Node) {
	return func(n *yaml.Node) {
		if r.text(into)(n); *into == "" {
			return
		}
		if _, err := time.Parse(time.RFC3339, *into); err != nil {
			r.mistake(n, "%q is no time such as \"2026-08-02T15:00:00Z\"", *into)
		}
	}
}

func (r *reader) content(n *yaml.Node) Content {
	out := Content{}
	r.keys(aField, n)
	r.each(n, func(section string, _, v *yaml.Node) {
		if v.Kind == yaml.ScalarNode && v.Tag == "!!null" {
			out[section] = map[string]any{} // written, without any field
			return
		}
		r.giveFields(section, v)
		out[section] = r.record(v)
	})
	return out
}

func (r *reader) add(s *Suite, n *yaml.Node, c Case) {
	if len(s.Cases) == maxCases {
		r.mistake(n, "more than %d tests", maxCases)
	}
	if len(s.Cases) < maxCases+1 {
		s.Cases = append(s.Cases, c)
	}
}

// common are the keys that tests and tables have alike.
func (r *reader) common(c *Case) []key {
	return []key{
		{"name", r.text(&c.Name)},
		{"from", r.naming(aFixture, &c.From)},
		{"old", r.naming(aFixture, &c.Old)},
		{"as", r.naming(aRole, &c.As)},
		{"instance", func(n *yaml.Node) {
			var whose string
			if r.text(&whose)(n); whose != "own" && whose != "other" {
				r.mistake(n, "an instance is \"own\" or \"other\"")
			}
			c.Other = whose == "other"
		}},
		{"state", r.naming(aState, &c.State)},
		{"hide", r.namings(aSection, &c.Hide)},
		{"facts", func(n *yaml.Node) {
			r.keys(aFact, n)
			r.giveFacts(n)
			c.Facts = r.record(n)
		}},
	}
}

func (r *reader) test(n *yaml.Node) Case {
	c := Case{Pos: r.pos(n)}
	r.object(n, append(r.common(&c),
		key{"set", func(n *yaml.Node) {
			r.keys(aField, n)
			c.Set = r.record(n)
			for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
				if path := n.Content[i].Value; strings.Contains(path, ".") {
					r.give(path, n.Content[i+1])
				} else {
					r.giveFields(path, n.Content[i+1])
				}
			}
		}},
		key{"expect", func(n *yaml.Node) {
			r.each(n, func(rule string, k, v *yaml.Node) {
				e := Expectation{Rule: rule, Pos: r.pos(k)}
				r.mention(aRule, rule, k)
				r.expectation(&e, v)
				c.Expect = append(c.Expect, e)
			})
		}},
	)...)
	r.complete(n, c.Name != "" && len(c.Expect) > 0)
	return c
}

func (r *reader) complete(n *yaml.Node, ok bool) {
	if !ok && len(r.found) == 0 {
		r.mistake(n, "a test has a name and expects something")
	}
}

// table reads tests that differ in a few values: a row for each, with the
// values to set, then the outcomes.
func (r *reader) table(s *Suite, n *yaml.Node) {
	var c Case
	var set, expect []string
	var rows []*yaml.Node
	r.object(n, append(r.common(&c),
		key{"set", r.namings(aField, &set)},
		key{"expect", r.namings(aRule, &expect)},
		key{"rows", func(n *yaml.Node) { r.items(n, func(n *yaml.Node) { rows = append(rows, n) }) }},
	)...)
	r.complete(n, c.Name != "" && len(expect) > 0 && len(rows) > 0)
	for i, row := range rows {
		if row.Kind != yaml.SequenceNode || len(row.Content) != len(set)+len(expect) {
			r.mistake(row, "a row is a list of %d values and %d outcomes", len(set), len(expect))
			continue
		}
		one := c
		one.Pos = r.pos(row)
		one.Name += "/" + strconv.Itoa(i+1)
		one.Set = make(map[string]any, len(set))
		for i, path := range set {
			one.Set[path] = r.value(row.Content[i])
			r.give(path, row.Content[i])
		}
		one.Expect = make([]Expectation, len(expect))
		for i, rule := range expect {
			v := row.Content[len(set)+i]
			one.Expect[i] = Expectation{Rule: rule, Pos: r.pos(v)}
			r.expectation(&one.Expect[i], v)
		}
		r.add(s, row, one)
	}
}

// expectation reads what a rule has to say: an outcome ("pass"), or a mapping
// from it to more (fail: "the message", at: a.path).
func (r *reader) expectation(e *Expectation, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		e.Outcome = Outcome(n.Value)
		if !slices.Contains(outcomes, e.Outcome) {
			r.mistake(n, "there is no outcome %q%s", n.Value, known(n.Value, outcomeNames()))
		}
		return
	}
	outcome := func(o Outcome, read func(n *yaml.Node)) func(n *yaml.Node) {
		return func(n *yaml.Node) {
			switch {
			case e.Outcome == Fail && o == Error, e.Outcome == Error && o == Fail:
				o = Fail // and something broke beside it
			case e.Outcome != "" && e.Outcome != o:
				r.mistake(n, "one outcome is expected, not both %s and %s", e.Outcome, o)
			}
			e.Outcome = o
			read(n)
		}
	}
	broken := func(n *yaml.Node) { // the message, or the rules that are broken
		if n.Kind == yaml.SequenceNode {
			r.namings(aViolation, &e.Violations)(n)
			return
		}
		r.text(&e.Message)(n)
	}
	r.object(n,
		key{"fail", outcome(Fail, broken)},
		key{"warning", outcome(Warning, broken)},
		key{"at", r.naming(aPlace, &e.At)},
		key{"unknown", outcome(Unknown, r.namings(aReading, &e.Sections))},
		key{"absent", outcome(Unknown, r.namings(anAbsence, &e.Absent))},
		key{"lacks", outcome(Unknown, r.namings(aNeed, &e.Lacks))},
		key{"error", outcome(Error, r.text(&e.Reason))},
	)
	switch {
	case e.Outcome == "" && len(r.found) == 0:
		r.mistake(n, "an outcome is missing: fail, warning, unknown or error")
	case e.At != "" && e.Outcome != Fail && e.Outcome != Warning:
		r.mistake(n, "only what fails, or warns, does so at a field")
	}
}
