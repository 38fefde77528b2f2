package rules

import (
	"slices"
	"strconv"
	"strings"
)

// A Format is the application's own: a named shape of text, for the Format of
// fields. A definition declares it as it does a [Function], without its Check
// if need be. Like a Call, a Check is the application's own code, which nothing
// bounds in time: keep it to a look-up in memory.
type Format struct {
	Name string `json:"format"` // a small letter, then small letters, digits and _

	Pos Positions `json:"-"`
	// Describe says what is expected, where a text does not have the format.
	Describe Text `json:"-"`
	// Check reports whether a text has the format. It must be a pure function,
	// safe for concurrent use; a panic of it becomes the outcome [Error].
	Check func(text string) bool `json:"-"`
}

// guarded asks the application, and survives it.
func (f *Format) guarded(text string) (ok bool, err error) {
	defer func() {
		if recover() != nil {
			ok, err = false, &callError{"the format " + f.Name, brokePanicked, errPanic}
		}
	}()
	return f.Check(text), nil
}

// formats declares the formats of the application.
func (r *reporter) formats(fs []Format) map[string]*Format {
	known := make(map[string]*Format, len(fs))
	fs = slices.Clone(fs)
	for i := range fs {
		f := &fs[i]
		where := "format " + f.Name
		_, ours := formatByName(f.Name)
		switch {
		case !idPattern.MatchString(f.Name):
			r.at(f.Pos.of(""), where, "names of formats are a lower-case letter, then up to 62 of a-z 0-9 _")
		case ours || known[f.Name] != nil:
			r.at(f.Pos.of(""), where, "there is another format of this name")
		default:
			known[f.Name] = f
		}
	}
	return known
}

// A Library is what an application has of its own for the definitions that name
// it. It may have more than any of them needs, and functions of one name that
// are called differently, for versions of a definition.
type Library struct {
	Functions []Function // each with its Call
	Formats   []Format   // each with its Check
}

// A LibraryError says what is wrong with a [Library], one thing in each line.
type LibraryError struct{ Mistakes []string }

// Error lists the mistakes.
func (e *LibraryError) Error() string { return "rules: " + strings.Join(e.Mistakes, "\nrules: ") }

// check finds what is wrong with a library whatever the definition.
func (l Library) check() (mistakes []string) {
	for i, f := range l.Functions {
		switch mistake := f.mistake(); {
		case mistake != "":
			mistakes = append(mistakes, "function "+strconv.Quote(f.Name)+": "+mistake)
		case f.Call == nil:
			mistakes = append(mistakes, "function "+f.Name+" has no Call")
		case slices.ContainsFunc(l.Functions[:i], f.same):
			mistakes = append(mistakes, "function "+f.String()+" stands there twice")
		}
	}
	for i, f := range l.Formats {
		switch {
		case f.Check == nil:
			mistakes = append(mistakes, "format "+strconv.Quote(f.Name)+" has no Check")
		case slices.ContainsFunc(l.Formats[:i], func(o Format) bool { return o.Name == f.Name }):
			mistakes = append(mistakes, "format "+strconv.Quote(f.Name)+" stands there twice")
		}
	}
	return mistakes
}

// With returns a set that evaluates with what the library has of the functions
// and formats that the definition declares; it is otherwise the same, and so is
// s. The error is a *[LibraryError], where the library is mistaken, or has a
// function under a name that is declared, and that is called differently.
func (s *Set) With(l Library) (*Set, error) {
	mistakes := l.check()
	d := s.def
	d.Functions, d.Formats = slices.Clone(d.Functions), slices.Clone(d.Formats)
	for i := range d.Functions {
		f := &d.Functions[i]
		if own := slices.IndexFunc(l.Functions, f.same); own >= 0 {
			f.Call = l.Functions[own].Call
			continue
		}
		var others []string
		for _, o := range l.Functions {
			if o.Name == f.Name {
				others = append(others, o.String())
			}
		}
		if len(others) > 0 {
			mistakes = append(mistakes, "a function is declared as "+f.String()+", and given as "+strings.Join(others, " and as "))
		}
	}
	for i := range d.Formats {
		for _, o := range l.Formats {
			if o.Name == d.Formats[i].Name {
				d.Formats[i].Check, d.Formats[i].Describe = o.Check, o.Describe
			}
		}
	}
	if len(mistakes) > 0 {
		return nil, &LibraryError{mistakes}
	}
	if len(d.Functions)+len(d.Formats) == 0 {
		return s, nil
	}
	// What it costs was for whoever compiled s.
	return CompileFrozen(d)
}
