package tray

import (
	"fmt"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/tray/entry"
)

// UndecidedError says that this program cannot tell whether an entry is valid: it
// records the outcome of a public condition that package rules does not run, since it
// could take too long ([rules.ErrTooDear], which it wraps). That is an estimate, and
// another version may make another one. So it is no [*Refusal], and nobody is to blame:
// the log is neither valid nor invalid from this entry on, and nothing is built on it.
// Of a draft, it says that its author cannot record an outcome to which his program does
// not come, or write a section of which it does not compute the fields.
//
// No sound template leads here: it takes one that no host should have let in, or
// a version whose estimates are quite other than those of the one that did.
type UndecidedError struct {
	Seq       uint64 // the entry, or the place that the draft's would have had
	Condition string
	Instance  string // of sections that are per a role
}

// Error names the entry and the condition.
func (e *UndecidedError) Error() string {
	return fmt.Sprintf("tray: entry %d is neither valid nor invalid to this program: %s: %v", e.Seq, nameOf(e.Condition, e.Instance), rules.ErrTooDear)
}

// Unwrap returns [rules.ErrTooDear].
func (e *UndecidedError) Unwrap() error { return rules.ErrTooDear }

// leave notes the first outcome of the entry that is not evaluated. The entry goes on
// with what it records: if it is refused then, it is invalid whatever the outcome is.
func (c *change) leave(o *entry.Outcome) {
	if c.undecided == nil {
		c.undecided = undecided(c.entry.Seq, o)
	}
}

// undecided gives the error for an outcome that is not evaluated.
func undecided(seq uint64, o *entry.Outcome) *UndecidedError {
	return &UndecidedError{Seq: seq, Condition: o.Condition, Instance: o.Instance}
}
