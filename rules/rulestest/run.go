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
// The error says that a test file or a template cannot be read, or that there
// is no test file. It is of type [Mistakes] where test files are written wrongly,
// name what there is not, or give a field what is not of its type: then nothing
// is evaluated, and all of it is told.
func CheckFS[T Template](fsys fs.FS, load func(fs.FS, string) (T, error)) ([]*Report, error) {
	names, err := testFiles(fsys)
	if err != nil {
		return nil, err
	}
	var order []string
	var mistakes Mistakes
	suites := map[string][]*Suite{}
	for _, name := range names {
		text, err := read(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("rulestest: %w", err)
		}
		s, found := parse(name, text)
		mistakes = append(mistakes, found...)
		if s.Template == "" {
			s.Template = strings.TrimSuffix(name, suffix) + ".yaml"
		} else {
			s.Template = path.Join(path.Dir(name), s.Template)
		}
		if suites[s.Template] == nil {
			order = append(order, s.Template)
		}
		suites[s.Template] = append(suites[s.Template], s)
	}
	var reports []*Report
	for _, name := range order {
		tpl, err := load(fsys, name)
		if err != nil && len(mistakes) > 0 {
			return nil, errors.Join(mistakes.sorted(), err)
		}
		if err != nil {
			return nil, err
		}
		r, err := newRunner(tpl)
		if err != nil {
			return nil, err
		}
		for _, s := range suites[name] {
			mistakes = append(mistakes, r.mistakes(s)...)
			mistakes = append(mistakes, r.wrongValues(s)...)
		}
		if len(mistakes) > 0 {
			continue // what the others cover would mislead
		}
		reports = append(reports, r.report(suites[name]))
	}
	if len(mistakes) > 0 {
		return nil, mistakes.sorted()
	}
	return reports, nil
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
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		r.Subtests(t)
		t.Logf("%s: %v", r.Template, r.Coverage)
	}
	return reports
}

// Subtests makes each case of the report a subtest of t.
func (r *Report) Subtests(t *testing.T) {
	t.Helper()
	for _, c := range r.Results {
		t.Run(path.Join(strings.TrimSuffix(c.File, ".yaml"), c.Name), func(t *testing.T) {
			for _, f := range c.Failures {
				t.Error(f)
			}
		})
	}
}
