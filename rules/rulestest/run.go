package rulestest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"testing"
)

// suffix is what the names of test files end in.
const suffix = "_test.yaml"

// CheckFS evaluates every test file (*_test.yaml) of a file system; load loads
// a template, as template.Load does. A test file is of the template that it
// names, in the folder where it stands; if it names none, of the one that it is
// named after: order_test.yaml of order.yaml. There is a report for each
// template, in the order of the files.
//
// Of a template that cannot be loaded, or of which a test file is written wrongly,
// names what there is not, or gives a field what is not of its type, nothing is
// evaluated: its report is [Report.Broken], and the error says it, too. It is of type
// [Mistakes] for what test files have, all of it, and has the error of load in it for
// what templates have. There are no reports at all where files cannot be read, or
// there is no test file.
func CheckFS[T Template](fsys fs.FS, load func(fs.FS, string) (T, error)) ([]*Report, error) {
	names, err := testFiles(fsys)
	if err != nil {
		return nil, err
	}
	var order []*tested
	of := map[string]*tested{}
	for _, name := range names {
		text, err := read(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("rulestest: %w", err)
		}
		s, found := parse(name, text)
		if s.Template == "" {
			s.Template = strings.TrimSuffix(name, suffix) + ".yaml"
		} else {
			s.Template = path.Join(path.Dir(name), s.Template)
		}
		t := of[s.Template]
		if t == nil {
			t = &tested{name: s.Template}
			of[s.Template], order = t, append(order, t)
		}
		t.suites, t.mistakes = append(t.suites, s), append(t.mistakes, found...)
	}
	var reports []*Report
	var mistakes Mistakes
	var broken []error // templates
	for _, t := range order {
		var r *runner
		tpl, err := load(fsys, t.name)
		if err == nil {
			r, err = newRunner(tpl)
		}
		if err != nil {
			broken = append(broken, err)
		}
		reports = append(reports, t.report(r, err))
		mistakes = append(mistakes, t.mistakes...)
	}
	if len(mistakes) > 0 {
		broken = append([]error{mistakes.sorted()}, broken...)
	}
	if len(broken) == 1 {
		return reports, broken[0] // as it is
	}
	return reports, errors.Join(broken...)
}

// tested is a template with its test files.
type tested struct {
	name     string
	suites   []*Suite
	mistakes Mistakes // of its test files
}

// report evaluates the test files, or says why not; err is what the template has.
func (t *tested) report(r *runner, err error) *Report {
	if err == nil {
		for _, s := range t.suites {
			t.mistakes = append(t.mistakes, r.mistakes(s)...)
			t.mistakes = append(t.mistakes, r.wrongValues(s)...)
		}
	}
	if len(t.mistakes) > 0 {
		err = errors.Join(t.mistakes.sorted(), err)
	}
	if err != nil {
		return &Report{Template: t.name, Broken: err.Error(), Coverage: Coverage{Total: 1}}
	}
	return r.report(t.suites)
}

// testFiles lists the test files; to have none is an error, since a test that
// tests nothing must not succeed.
func testFiles(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, suffix) {
			names = append(names, name)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("rulestest: %w", err)
	case len(names) == 0:
		return nil, fmt.Errorf("rulestest: there is no file *%s", suffix)
	case len(names) > maxFiles:
		return nil, fmt.Errorf("rulestest: more than %d files *%s", maxFiles, suffix)
	}
	return names, nil
}

// read reads a file, one byte beyond the limit at most.
func read(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read from: nothing can be lost
	return io.ReadAll(io.LimitReader(file, maxFile+1))
}

// Run runs every test file of a file system as [CheckFS] does, each case as a
// subtest of t, and logs the coverage:
//
//	func TestRules(t *testing.T) {
//		for _, r := range rulestest.Run(t, os.DirFS("."), template.Load) {
//			if r.Coverage.Percent() < 100 {
//				t.Error(r.Coverage)
//			}
//		}
//	}
func Run[T Template](t *testing.T, fsys fs.FS, load func(fs.FS, string) (T, error)) []*Report {
	t.Helper()
	reports, err := CheckFS(fsys, load)
	if len(reports) == 0 {
		t.Fatal(err)
	}
	for _, r := range reports {
		r.Subtests(t)
		if r.Broken == "" {
			t.Logf("%s: %v", r.Template, r.Coverage)
		}
	}
	return reports
}

// Subtests makes each case of the report a subtest of t, and one that fails of a
// report that is broken.
func (r *Report) Subtests(t *testing.T) {
	t.Helper()
	if r.Broken != "" {
		t.Run(strings.TrimSuffix(r.Template, ".yaml"), func(t *testing.T) { t.Error(r.Broken) })
	}
	for _, c := range r.Results {
		t.Run(path.Join(strings.TrimSuffix(c.File, ".yaml"), c.Name), func(t *testing.T) {
			for _, f := range c.Failures {
				t.Error(f)
			}
		})
	}
}
