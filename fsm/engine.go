package fsm

import (
	"context"
	"errors"
	"sync"

	looplab "github.com/looplab/fsm"
)

// engine takes steps with looplab/fsm. A machine of that library holds one
// current state behind locks, so each step borrows a machine of its own:
// goroutines never wait for each other, and a machine is built once for each
// processor rather than once for each step.
type engine struct {
	machines sync.Pool // of *looplab.FSM, all with the same transitions
}

func newEngine(d Definition) *engine {
	events := make([]looplab.EventDesc, len(d.Events))
	for i, e := range d.Events {
		events[i] = looplab.EventDesc{Name: e.Name, Src: e.From, Dst: e.To}
	}
	return &engine{machines: sync.Pool{New: func() any {
		return looplab.NewFSM(d.Initial, events, nil)
	}}}
}

// fire returns the state that event leads to from state. The caller has checked
// both names: the machine would take any.
func (e *engine) fire(state, event string) (string, error) {
	m := e.machines.Get().(*looplab.FSM)
	m.SetState(state)
	err := m.Event(context.Background(), event)
	// A self-loop is reported as an error that wraps none.
	var loop looplab.NoTransitionError
	if err != nil && (!errors.As(err, &loop) || loop.Err != nil) {
		return "", err // the machine is not used again
	}
	to := m.Current()
	e.machines.Put(m)
	return to, nil
}
