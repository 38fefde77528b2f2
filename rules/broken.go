package rules

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
)

// An EvalError says that a rule broke: its expression divided by zero, took an
// item that is not there, or got a number that is too large; or that a function
// of the application did. It holds no values.
//
// Where and Reason are for whoever may read what was evaluated, as a violation's
// message is: which expression broke, and at what, can tell which choice was made,
// or that a field applies.
type EvalError struct {
	Where  string // "products.total compute", "rule covered"
	Reason string

	condition string // that does not come to an outcome
	always    bool   // whatever the values are
	cause     error  // of the application, whose text may hold values
}

// Error names the condition that came to no outcome, and nothing that depends on
// the values, but for a function or format of the application that broke: whoever
// runs it is told its name, and by which rule it was called.
func (e *EvalError) Error() string {
	if e.always || e.cause != nil {
		return e.Where + ": " + e.Reason
	}
	return e.condition + ": an expression broke"
}

// Format prints Error, whatever the verb, so that nothing of the cause is.
func (e EvalError) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.Error()) }

// Unwrap returns why a function or format of the application broke: nil if none
// did, and the rule is to blame. Its text is the application's and may hold values.
func (e *EvalError) Unwrap() error { return e.cause }

// A ComputeError says that computed fields broke, beside a content in which they
// are absent, and so is what is computed from them.
type ComputeError struct {
	Section string
	Broken  []*EvalError // of each field one, in the order in which they are computed
	// Fields are the static paths of the fields that are absent for it:
	// "products.lines[].net", and "products.total", which is computed from it. As
	// those in Broken, they are for whoever may read the section.
	Fields []string
}

// Error names the section.
func (e *ComputeError) Error() string { return e.Section + " has fields that cannot be computed" }

// Unwrap gives what broke.
func (e *ComputeError) Unwrap() []error {
	out := make([]error, len(e.Broken))
	for i, broken := range e.Broken {
		out[i] = broken
	}
	return out
}

// breaks gives the error of a program that broke.
func (p *program) breaks(reason string) *EvalError {
	return &EvalError{Where: p.where, Reason: reason, condition: p.condition}
}

// ownErrors are those of this package, whose texts hold no values.
var ownErrors = []error{
	errDecimalDigits, errDecimalText, errDecimalScale, errDivision, errMoneyText, errCurrencyText, errCurrencies, errNoAmounts,
	errDateText, errDateRange, errWorkdayRange, errZone,
}

// engineErrors are how those errors of the engine begin that are worth telling. In
// all that it says, a value stands behind such words and never before them: so a
// value has no influence on what is found here.
var engineErrors = []struct{ text, reason string }{
	{"division by zero", "division by zero"},
	{"modulus by zero", "division by zero"},
	{"integer overflow", reasonTooLarge},
	{"unsigned integer overflow", reasonTooLarge},
	{"duration overflow", reasonTooLarge},
	{"timestamp overflow", reasonTooLarge},
	{"index out of bounds", "there is no item of that index"},
	{"no such key", "there is no entry of that key"},
	{"no such overload", "a value has the wrong type"},
}

const reasonTooLarge = "a number is too large"

// broken turns an error of the engine, whose text may hold values, into one
// that holds none.
func (p *program) broken(err error) error {
	if own := (*callError)(nil); errors.As(err, &own) {
		e := p.breaks(own.Error())
		e.cause = own.cause
		return e
	}
	if e := (*types.Err)(nil); errors.As(err, &e) {
		err = e.Unwrap() // which, else, is compared by its text
	}
	if i := slices.IndexFunc(ownErrors, func(own error) bool { return errors.Is(err, own) }); i >= 0 {
		return p.breaks(ownErrors[i].Error())
	}
	for _, known := range engineErrors {
		if strings.HasPrefix(err.Error(), known.text) {
			return p.breaks(known.reason)
		}
	}
	return p.breaks("it cannot be evaluated")
}
