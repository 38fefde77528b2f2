// Command rules shows what is known about the rules of a template: who can
// decide what, what its test file says of it, and how much of it is tested.
//
//	go run ./examples/rules [-dir DIR] [-format text|json|junit] [-scaffold TEMPLATE] [-explain TEMPLATE]
//
// Without flags it explains the template of a loan of equipment, runs its test
// file, prints the coverage, shows what a first test file would cover, and
// then what is said of a broken template. With -dir it tests the templates of
// a folder instead, with the test files (*_test.yaml) that stand beside them,
// and exits with status 1 if a case fails, or something cannot be tested. With -scaffold it writes a first
// test file for a template, with -explain it tells of one who can decide what, which
// conditions run again after an edit, and what is doubtful: TEMPLATE is a path, or
// a file of the folder.
//
// How to write a template, and its test file, is told in tray/template/README.md.
package main

import (
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/vassoio/vassoio/rules/rulestest"
	"github.com/vassoio/vassoio/tray/template"
)

//go:embed templates broken
var files embed.FS

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "rules:", err)
		os.Exit(1)
	}
}

var (
	errFailed = errors.New("there are cases that failed")
	errBroken = errors.New("there are templates or test files that cannot be used")
)

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("rules", flag.ContinueOnError)
	flags.SetOutput(out)
	dir := flags.String("dir", "", "folder of templates and test files")
	format := flags.String("format", "text", "of the report: text, json or junit")
	scaffold := flags.String("scaffold", "", "template for which to write a first test file: a path, or a file of -dir")
	explain := flags.String("explain", "", "template of which to tell who can decide what: a path, or a file of -dir")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q: there are flags only; -h lists them", flags.Arg(0))
	}
	fsys, err := fs.Sub(files, "templates")
	if err != nil {
		return err
	}
	if *dir != "" {
		if info, err := os.Stat(*dir); err != nil {
			return err
		} else if !info.IsDir() {
			return fmt.Errorf("-dir %s: not a folder", *dir)
		}
		fsys = os.DirFS(*dir)
	}
	switch {
	case *scaffold != "":
		return writeScaffold(out, fsys, *dir != "", *scaffold)
	case *explain != "":
		return writeExplanation(out, fsys, *dir != "", *explain)
	case *dir != "" || *format != "text":
		return test(out, fsys, *format)
	}
	return show(out, fsys)
}

// show is the program without flags.
func show(out io.Writer, fsys fs.FS) error {
	tpl, err := template.Load(fsys, "loan.yaml")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "# Who can decide what in loan.yaml")
	fmt.Fprint(out, tpl.Explain())

	fmt.Fprintln(out, "\n# Its test file")
	if err := test(out, fsys, "text"); err != nil {
		return err
	}

	fmt.Fprintln(out, "\n# What a first test file, as -scaffold writes it, would cover")
	if err := begin(out, tpl); err != nil {
		return err
	}

	fmt.Fprintln(out, "\n# What is said of a broken template")
	broken, err := fs.Sub(files, "broken")
	if err != nil {
		return err
	}
	_, err = template.Load(broken, "loan.yaml")
	var problems template.Problems
	if !errors.As(err, &problems) {
		return fmt.Errorf("the broken template: %v", err)
	}
	fmt.Fprintln(out, problems)
	fmt.Fprintf(out, "%d problems\n", len(problems))
	return nil
}

// test runs the test files of a folder.
func test(out io.Writer, fsys fs.FS, format string) error {
	reports, broken := rulestest.CheckFS(fsys, template.Load)
	if len(reports) == 0 {
		return broken
	}
	var err error
	switch format {
	case "junit":
		err = rulestest.WriteJUnit(out, reports...)
	case "json":
		err = rulestest.WriteJSON(out, reports...)
	case "text":
		for _, r := range reports {
			err = errors.Join(err, r.WriteText(out))
		}
	default:
		err = fmt.Errorf("-format %s: text, json or junit", format)
	}
	switch {
	case err != nil:
		return err
	case broken != nil:
		return errBroken // of which the reports say why
	}
	for _, r := range reports {
		if r.Failed() > 0 {
			return errFailed
		}
	}
	return nil
}

// begin prints the coverage of a first test file.
func begin(out io.Writer, tpl *template.Template) error {
	text, err := rulestest.Scaffold(tpl, "")
	if err != nil {
		return err
	}
	suite, err := rulestest.Parse("first_test.yaml", text)
	if err != nil {
		return err
	}
	report, err := rulestest.Check(tpl, suite)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, report.Coverage)
	return nil
}

// find leads to a template: in the folder first, if one is given, else wherever
// the path leads, else among those that are shipped.
func find(fsys fs.FS, given bool, name string) (fs.FS, string) {
	_, err := os.Stat(name)
	there := err == nil
	_, err = fs.Stat(fsys, name)
	if within := err == nil; there && !(given && within) || !within {
		return os.DirFS(filepath.Dir(name)), filepath.Base(name)
	}
	return fsys, name
}

func writeExplanation(out io.Writer, fsys fs.FS, given bool, name string) error {
	fsys, name = find(fsys, given, name)
	tpl, err := template.Load(fsys, name)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprint(out, tpl.Explain()); err != nil {
		return err
	}
	if doubts := tpl.Warnings(); len(doubts) > 0 {
		_, err = fmt.Fprintf(out, "\n# What is doubtful\n%v\n", doubts)
	}
	return err
}

func writeScaffold(out io.Writer, fsys fs.FS, given bool, name string) error {
	fsys, name = find(fsys, given, name)
	tpl, err := template.Load(fsys, name)
	if err != nil {
		return err
	}
	text, err := rulestest.Scaffold(tpl, name)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}
