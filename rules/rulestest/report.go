package rulestest

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// A Report is what became of the cases of one template. Its messages may hold
// values of the fixtures.
type Report struct {
	Template string `json:"template"` // name of its file
	// Broken says why nothing was evaluated, if nothing was: what is wrong with the
	// template or with its test files. There are no results then, and nothing is covered.
	Broken   string   `json:"broken,omitempty"`
	Results  []Result `json:"results"`
	Coverage Coverage `json:"coverage"`
}

// A Result is what became of one case. It succeeded if nothing failed.
type Result struct {
	File     string    `json:"file,omitempty"`
	Name     string    `json:"name"`
	At       string    `json:"at,omitempty"` // file:line:column of the case
	Failures []Failure `json:"failures,omitempty"`
}

// A Failure is an expectation that did not come true, or, without a Rule, a
// case that could not be evaluated.
type Failure struct {
	At      string `json:"at,omitempty"` // file:line:column of the expectation
	Rule    string `json:"rule,omitempty"`
	Message string `json:"message"`
}

// String gives place, rule and message on one line.
func (f Failure) String() string {
	s := f.Message
	if f.Rule != "" {
		s = f.Rule + ": " + s
	}
	if f.At != "" {
		s = f.At + ": " + s
	}
	return s
}

// Failed counts the cases that failed; that a report is broken counts as one.
func (r *Report) Failed() int {
	n := 0
	if r.Broken != "" {
		n++
	}
	for i := range r.Results {
		if len(r.Results[i].Failures) > 0 {
			n++
		}
	}
	return n
}

// WriteText writes the report for people: the cases, the coverage, and what is
// missing to it.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	if r.Broken != "" {
		_, err := fmt.Fprintf(w, "%s: nothing was tested\n%s\n", r.Template, r.Broken)
		return err
	}
	file := ""
	for _, c := range r.Results {
		if c.File != file {
			file = c.File
			fmt.Fprintf(&b, "%s\n", file)
		}
		word := "ok  "
		if len(c.Failures) > 0 {
			word = "FAIL"
		}
		fmt.Fprintf(&b, "  %s %s\n", word, c.Name)
		for _, f := range c.Failures {
			fmt.Fprintf(&b, "       %s\n", f)
		}
	}
	fmt.Fprintf(&b, "%s: %d cases, %d failed\n", r.Template, len(r.Results), r.Failed())
	r.Coverage.write(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (c Coverage) write(b *strings.Builder) {
	fmt.Fprintf(b, "coverage: %d%% (%d of %d)\n", c.Percent(), c.Covered, c.Total)
	for _, g := range c.Missing {
		b.WriteString("  ")
		if g.At != "" {
			b.WriteString(g.At + ": ")
		}
		fmt.Fprintf(b, "%s: %s\n", g.Where, g.What)
		if g.Column > 0 {
			fmt.Fprintf(b, "    %s\n    %s^\n", strings.ReplaceAll(g.Source, "\t", " "), strings.Repeat(" ", g.Column-1))
		}
	}
}

// String gives the percentage, the counts, and what is missing.
func (c Coverage) String() string {
	var b strings.Builder
	c.write(&b)
	return strings.TrimSuffix(b.String(), "\n")
}

// WriteJSON writes reports as one JSON array, with the percentage and the counts
// beside the members of each.
func WriteJSON(w io.Writer, reports ...*Report) error {
	type report Report // without methods
	type counted struct {
		report
		Cases   int `json:"cases"`
		Failed  int `json:"failed"`
		Percent int `json:"percent"`
	}
	all := make([]counted, len(reports))
	for i, r := range reports {
		all[i] = counted{report(*r), len(r.Results), r.Failed(), r.Coverage.Percent()}
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(all)
}

// The elements of JUnit's XML that build servers read.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string        `xml:"name,attr"`
		Tests    int           `xml:"tests,attr"`
		Failures int           `xml:"failures,attr"`
		Errors   int           `xml:"errors,attr,omitempty"`
		Coverage junitProperty `xml:"properties>property"`
		Cases    []junitCase   `xml:"testcase"`
		Out      string        `xml:"system-out,omitempty"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value int    `xml:"value,attr"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitFailure `xml:"failure"`
		Error   *junitFailure `xml:"error"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes reports in the XML form of JUnit, which build servers read:
// a suite for each template. It has no place for coverage: the percentage is a
// property of the suite, and what is missing is its output. A broken report is a suite
// of one test, which is an error.
func WriteJUnit(w io.Writer, reports ...*Report) error {
	var out junitSuites
	for _, r := range reports {
		if r.Broken != "" {
			first, _, _ := strings.Cut(r.Broken, "\n")
			out.Suites = append(out.Suites, junitSuite{Name: r.Template, Tests: 1, Errors: 1, Cases: []junitCase{{
				Class: strings.TrimSuffix(r.Template, ".yaml"), Name: "can be tested", Error: &junitFailure{Message: first, Text: r.Broken},
			}}})
			continue
		}
		s := junitSuite{
			Name: r.Template, Tests: len(r.Results), Failures: r.Failed(),
			Coverage: junitProperty{"coverage", r.Coverage.Percent()}, Out: r.Coverage.String(),
		}
		for _, c := range r.Results {
			jc := junitCase{Class: strings.TrimSuffix(c.File, ".yaml"), Name: c.Name}
			if len(c.Failures) > 0 {
				lines := make([]string, len(c.Failures))
				for i, f := range c.Failures {
					lines[i] = f.String()
				}
				jc.Failure = &junitFailure{Message: c.Failures[0].Message, Text: strings.Join(lines, "\n")}
			}
			s.Cases = append(s.Cases, jc)
		}
		out.Suites = append(out.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
