package rules

// A Function is a host's own: a pure function of its arguments, called in
// expressions by name, or on its first argument where Member is set. Whoever
// does not run this host cannot replay a condition that calls it.
type Function struct {
	Name   string
	Member bool
	Args   []Kind // scalars
	Result Kind   // a scalar
	// Call gets and returns values in their canonical form. Its error becomes
	// the error of the verdict, so its text must carry no values.
	Call func(args []any) (any, error)
}
