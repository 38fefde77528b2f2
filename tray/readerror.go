package tray

import "errors"

// readError is an error of a store while it was read from. It is what it is, to
// [errors.Is] and [errors.As], but for what this package finds by itself: a host that
// says that a line is forged, or that the log is another one, has shown nothing.
type readError struct{ err error }

func (e readError) Error() string { return e.err.Error() }

func (e readError) Is(target error) bool {
	_, finding := target.(Code)
	return !finding && errors.Is(e.err, target)
}

func (e readError) As(target any) bool {
	switch target.(type) {
	case **Refusal, **UndecidedError, **ForkError:
		return false
	}
	return errors.As(e.err, target)
}
