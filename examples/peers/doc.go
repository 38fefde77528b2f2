// Package peers puts the same twenty rules over the same thirty fields to
// package rules and to three other libraries of Go: protovalidate (CEL over
// Protocol Buffers), OPA (Rego over JSON) and go-playground/validator (tags of
// structs). Its tests hold them to one verdict on each rule of each form; its
// benchmarks then say what a verdict costs in each. README.md has the figures.
package peers

// A Form is what is checked: three sections of ten fields.
type Form struct {
	One, Two, Three Section
}

// A Section has a text, an integer and a boolean in turns.
type Section struct {
	F0 string
	F1 int64
	F2 bool
	F3 string
	F4 int64
	F5 bool
	F6 string // absent where it is empty; the other texts are never empty
	F7 int64
	F8 bool
	F9 string
}

// fields gives the section as a map, with what is absent left out: the form in
// which two of the engines take it.
func (s *Section) fields() map[string]any {
	m := map[string]any{
		"f0": s.F0, "f1": s.F1, "f2": s.F2, "f3": s.F3, "f4": s.F4, "f5": s.F5, "f7": s.F7, "f8": s.F8, "f9": s.F9,
	}
	if s.F6 != "" {
		m["f6"] = s.F6
	}
	return m
}

// An Engine is one library with the rules loaded into it.
type Engine interface {
	// Fill makes of a form what the engine reads. What it returns checks the
	// form, as often as it is called.
	Fill(*Form) (check func() (Verdicts, error), err error)
}

// Verdicts say of each of [Rules] whether it holds.
type Verdicts [20]bool

// A Peer is a library that can be loaded.
type Peer struct {
	Name string
	// Rules are the numbers of those that the library can express. The verdict
	// on any other is false, and its cost is nobody's.
	Rules []int
	Load  func() (Engine, error)
}

// Peers are the libraries that are compared with [Vassoio].
var Peers = []Peer{
	{"protovalidate", all, loadProtovalidate},
	{"opa", all, loadOPA},
	{"validator", tagged, loadValidator},
}

var all = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}
