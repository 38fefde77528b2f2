package section

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrNotReader says that no identity given opens its place among the
	// recipients of a blob.
	ErrNotReader = errors.New("section: none of the identities opens its place among the readers")

	// ErrMalformed says that a blob is not an age v1 file that this package
	// could have written: armored, cut, too large, or something else entirely.
	ErrMalformed = errors.New("section: not a sealed section")

	// ErrContradiction says that a blob is not what the log says about it.
	// The error that wraps it is a *[ContradictionError].
	ErrContradiction = errors.New("section: the blob contradicts what was signed")

	// ErrKey says that the text of a recipient or identity was refused.
	ErrKey = errors.New("section: malformed key")

	// ErrProof says that a proof does not lead to the root.
	ErrProof = errors.New("section: the proof does not lead to the root")
)

// A ContradictionError names what in a blob is not what was signed. The
// digest of a blob stands in its author's signed entry, so provided that the
// digest was checked, only its author can have caused it.
type ContradictionError struct {
	// What is one of "stanzas" (their number, kinds or shape), "stanza" (the
	// reader's own cannot be unwrapped by anybody), "mac", "payload",
	// "padding", "encoding", "root", or "header." and the member that
	// differs, such as "header.author".
	What string
	Err  error // the cause, if there is more to say; it holds no values
}

// Error says what contradicts, and why if that is known.
func (e *ContradictionError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%v: %s: %v", ErrContradiction, e.What, e.Err)
	}
	return fmt.Sprintf("%v: %s", ErrContradiction, e.What)
}

// Unwrap lets errors.Is find [ErrContradiction], and errors.As the cause.
func (e *ContradictionError) Unwrap() []error {
	if e.Err != nil {
		return []error{ErrContradiction, e.Err}
	}
	return []error{ErrContradiction}
}

// An EncodingError says where bytes are not the one encoding: of a content, of
// a path or of a root.
type EncodingError struct {
	Offset int    // of the first byte that cannot be right
	Path   string // of the field, "" outside of fields
	Reason string // what was expected
}

// Error says where and what was expected, and nothing of what is there.
func (e *EncodingError) Error() string {
	if e.Path != "" {
		return fmt.Sprintf("section: encoding: %s at byte %d: %s", e.Path, e.Offset, e.Reason)
	}
	return fmt.Sprintf("section: encoding: byte %d: %s", e.Offset, e.Reason)
}

// A Code is the kind of a [Problem], for programs that act on it.
type Code string

// The kinds of problems.
const (
	CodeUnknown   Code = "unknown"   // no such field or section; Detail suggests one
	CodeType      Code = "type"      // a Go or JSON type that the kind does not take
	CodeForm      Code = "form"      // the right type, but not of the kind's form
	CodeRange     Code = "range"     // a number or duration too large
	CodeMax       Code = "max"       // too many characters, items or bytes
	CodeScale     Code = "scale"     // more decimals than the scale keeps
	CodeChoice    Code = "choice"    // not one of the choices
	CodeCurrency  Code = "currency"  // not one of the currencies of the field
	CodeAbsent    Code = "absent"    // an item of a list without a value
	CodeIndex     Code = "index"     // a position beyond the end of a list
	CodeName      Code = "name"      // of a schema: not [a-z][a-z0-9_]*
	CodeDuplicate Code = "duplicate" // of a schema: a name declared twice
	CodeMissing   Code = "missing"   // of a schema: something the kind needs
	CodeMisplaced Code = "misplaced" // of a schema: something the kind does not take
	CodeLimit     Code = "limit"     // of a schema: beyond a limit of this package
)

// A Problem is one mistake: where, of which kind, and what was expected
// there. It never holds the value.
type Problem struct {
	Path   string // "lines[3].price"; "" for the whole
	Code   Code
	Detail string // what was expected, in English; see [Problem.Message]

	italian string
}

// String gives path, code and detail.
func (p Problem) String() string {
	if p.Path == "" {
		return string(p.Code) + ": " + p.Detail
	}
	return p.Path + ": " + string(p.Code) + ": " + p.Detail
}

// A ValuesError lists everything wrong with a content, at most [MaxProblems],
// in the order of the schema.
type ValuesError struct{ Problems []Problem }

// Error lists the problems, without values.
func (e *ValuesError) Error() string { return "section: values: " + list(e.Problems) }

// A SchemaError lists everything wrong with the declaration of fields, at
// most [MaxProblems].
type SchemaError struct{ Problems []Problem }

// Error lists the problems.
func (e *SchemaError) Error() string { return "section: schema: " + list(e.Problems) }

func list(problems []Problem) string {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
	}
	if len(texts) == MaxProblems {
		texts = append(texts, "and maybe more")
	}
	return strings.Join(texts, "; ")
}

// report collects problems.
type report struct{ problems []Problem }

func (r *report) add(path string, code Code, detail string) {
	r.note(Problem{Path: path, Code: code, Detail: detail})
}

func (r *report) note(p Problem) {
	if !r.full() {
		r.problems = append(r.problems, p)
	}
}

// full says that nothing more is going to be listed, so looking is pointless.
func (r *report) full() bool { return len(r.problems) == MaxProblems }
