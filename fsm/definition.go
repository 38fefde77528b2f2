package fsm

// Definition is a lifecycle as somebody wrote it, sound or not.
type Definition struct {
	Initial string // name of the state in which a document begins
	States  []State
	Events  []Event
}

// State is a stage that a document can be in.
type State struct {
	Name  string // [a-z][a-z0-9_]*, at most MaxName bytes, unique among states
	Final bool   // the document is finished: no event leads out
}

// Event leads from any of its sources to its one target. What ends elsewhere is
// another event, so that whoever fires one knows where it leads.
type Event struct {
	Name string   // [a-z][a-z0-9_]*, at most MaxName bytes, unique among events
	From []string // names of states, at least one, each once
	To   string   // name of a state; it may be among From
}

// clone copies d, so that what the caller does with its slices afterwards
// cannot change a lifecycle that was checked.
func (d Definition) clone() Definition {
	c := Definition{Initial: d.Initial}
	c.States = append(c.States, d.States...)
	for _, e := range d.Events {
		e.From = append([]string(nil), e.From...)
		c.Events = append(c.Events, e)
	}
	return c
}

// isID reports whether s is an id: [a-z][a-z0-9_]*.
func isID(s string) bool {
	for i := range len(s) {
		letter := 'a' <= s[i] && s[i] <= 'z'
		rest := '0' <= s[i] && s[i] <= '9' || s[i] == '_'
		if !letter && (i == 0 || !rest) {
			return false
		}
	}
	return s != ""
}
