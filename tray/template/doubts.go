package template

import (
	"slices"
	"strings"
)

// Soundness is told together with mistakes, of whatever does not depend on them:
// who cannot write a section because his role is misspelt there is told of the
// spelling, and not that nobody may write it.

// doubts are what is wrong before soundness is judged.
type doubts struct {
	mistakes []string // paths
	graph    bool     // none of them is about which state leads to which
	edits    bool     // nor about who edits what in a state
}

func (r *report) doubts() doubts {
	d := doubts{graph: true, edits: true}
	for path, code := range r.paths {
		d.add(path, code)
	}
	for _, p := range r.problems { // of which some have no path of their own
		d.add(p.Path, p.Code)
	}
	return d
}

// lifecycleMembers are what states and events say.
var lifecycleMembers = []string{"title", "due", "final", "edit", "from", "to", "by", "guard", "attest", "valid", "signed", "reason"}

func (d *doubts) add(path string, code Code) {
	d.mistakes = append(d.mistakes, path)
	rest, ok := strings.CutPrefix(path, "lifecycle")
	if !ok {
		return
	}
	steps := strings.SplitN(rest, ".", 5) // "", "events", name, member
	if len(steps) < 4 {
		if code != CodeLifecycle { // what that says is judged of the graph as it is
			d.graph, d.edits = false, false
		}
		return
	}
	member, _, _ := strings.Cut(steps[3], "[")
	switch nearest(member, lifecycleMembers) {
	case "title", "due", "by", "guard", "attest", "valid", "signed", "reason":
	case "edit":
		d.edits = false
	default:
		d.graph = false
		d.edits = d.edits && steps[1] == "events"
	}
}

// sound reports whether nothing is wrong at some paths and inside them.
func (d *doubts) sound(paths ...string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool {
		return slices.ContainsFunc(d.mistakes, func(p string) bool { return inside(path, p) })
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
		return j.Section(name) == nil || !isID(name) || slices.ContainsFunc(j.mistakes, func(p string) bool {
			return p == path || inside(path, p) &&
				!inside(path+".fields", p) && !inside(path+".title", p) && !inside(path+".attest", p)
		})
	})
}
