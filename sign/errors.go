package sign

import "errors"

// ErrMalformed says that bytes or text are not in their one accepted form.
var ErrMalformed = errors.New("sign: malformed")
