package template

import (
	"slices"
	"strings"
)

// Soundness is told together with mistakes, of whatever does not depend on them:
// who cannot write a section because his role is misspelt there is told of the
// spelling, and not that nobody may write it.

// doubts notes what is wrong before soundness is judged.
func (j *judge) doubts() {
	j.graph, j.edits = true, true
	for path, code := range j.errors.paths {
		j.doubt(path, code)
	}
	for _, p := range j.errors.problems { // of which some have no path of their own
		j.doubt(p.Path, p.Code)
	}
}

func (j *judge) doubt(path string, code Code) {
	j.mistakes = append(j.mistakes, path)
	rest, ok := strings.CutPrefix(path, "lifecycle")
	if !ok {
		return
	}
	steps := strings.SplitN(rest, ".", 5) // "", "events", name, member
	if len(steps) < 4 {
		if code != CodeLifecycle { // what that says is judged of the graph as it is
			j.graph, j.edits = false, false
		}
		return
	}
	switch member, _, _ := strings.Cut(steps[3], "["); member {
	case "title", "due", "by", "guard", "attest", "valid", "signed", "reason":
	case "edit":
		j.edits = false
	default:
		j.graph = false
		j.edits = j.edits && steps[1] == "events"
	}
}

// sound reports whether nothing is wrong at some paths and inside them.
func (j *judge) sound(paths ...string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool {
		return slices.ContainsFunc(j.mistakes, func(p string) bool { return inside(path, p) })
	})
}

// members reports whether nothing is wrong with a member of all events.
func (j *judge) members(member string) bool {
	return j.graph && !slices.ContainsFunc(j.def.Lifecycle.Events, func(e Event) bool {
		return !j.sound("lifecycle.events." + e.Name + "." + member)
	})
}

// access reports whether nothing is wrong with who reads and writes sections.
func (j *judge) access(sections ...string) bool {
	return !slices.ContainsFunc(sections, func(name string) bool {
		path := "sections." + name
		return j.Section(name) == nil || slices.ContainsFunc(j.mistakes, func(p string) bool {
			return p == path || inside(path, p) &&
				!inside(path+".fields", p) && !inside(path+".title", p) && !inside(path+".attest", p)
		})
	})
}
