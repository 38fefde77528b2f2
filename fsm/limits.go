package fsm

// A definition may come from a stranger. These bounds hold before anything
// else is looked at, so the work that New does is bounded by them as well.
const (
	// MaxStates bounds the states of a lifecycle, and so the sources of an
	// event. The largest processes that people draw on one page have about
	// thirty.
	MaxStates = 64

	// MaxEvents bounds the events of a lifecycle: two for each state leave room
	// for a way on and a way back everywhere.
	MaxEvents = 128

	// MaxName bounds the name of a state or event, in bytes, as every id of a
	// template is bounded.
	MaxName = 64

	// maxProblems bounds what New reports. Nobody reads on after a hundred, and
	// each unknown name is compared with every known one.
	maxProblems = 100
)
