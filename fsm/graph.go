package fsm

// graph reports the states that cannot be reached and those that lead nowhere.
func (c *checker) graph(initial int) {
	forth, back := make([][]int, len(c.def.States)), make([][]int, len(c.def.States))
	for _, e := range c.edges {
		forth[e.from] = append(forth[e.from], e.to)
		back[e.to] = append(back[e.to], e.from)
	}
	var finals []int
	for i, s := range c.def.States {
		if s.Final {
			finals = append(finals, i)
		}
	}
	reached := reach(forth, initial)
	finishing := reach(back, finals...)

	for i, s := range c.def.States {
		if c.state[s.Name] != i {
			continue // a duplicate, reported as such
		}
		here := path("states", s.Name, i, c.state)
		if !reached[i] {
			c.report(here, CodeUnreachable, "no event leads from the initial state to %s; add one, or remove the state", quote(s.Name))
		}
		if len(finals) > 0 && !finishing[i] {
			c.report(here, CodeDeadEnd, "no final state can be reached from %s; add an event that leads on, or make the state final", quote(s.Name))
		}
	}
}

// reach returns which nodes can be reached from the given ones, which can be
// themselves.
func reach(next [][]int, from ...int) []bool {
	reached := make([]bool, len(next))
	for len(from) > 0 {
		n := from[len(from)-1]
		from = from[:len(from)-1]
		if !reached[n] {
			reached[n] = true
			from = append(from, next[n]...)
		}
	}
	return reached
}
