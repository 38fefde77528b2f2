package rules

import (
	"regexp"
	"slices"
	"strings"
)

// Affected returns the ids of the conditions to evaluate again after the
// values at these paths changed, in the order of [Set.Conditions]. A path may
// name an item: "products.lines[3].price".
func (s *Set) Affected(paths []string) []string {
	static := staticPaths(paths)
	var few [32]int
	numbers := s.paths.find(few[:0], static)
	ids := make([]string, len(numbers))
	for i, n := range numbers {
		ids[i] = s.infos[n].ID
	}
	return ids
}

// Recomputed returns the static paths of the computed fields that follow from the
// values at some paths, those that follow from these included. With them, [Set.Affected] tells what to evaluate after an edit.
func (s *Set) Recomputed(paths []string) []string {
	changed := staticPaths(paths)
	var follow []string
	for again := true; again; {
		again = false
		for _, sec := range s.order {
			for _, f := range sec.rec.fields {
				f.each(func(n *node) {
					if n.compute != nil && !slices.Contains(follow, n.path) && touches(n.compute.refs, changed) {
						follow = append(follow, n.path)
						changed, again = append(slices.Clip(changed), n.path), true
					}
				})
			}
		}
	}
	return follow
}

// A pathIndex tells which of some numbered things read a path. What reads a
// path reads all that is in it, and part of all that it is in.
type pathIndex map[string]*readers

// readers are the things that read one path.
type readers struct {
	at   []int // that path itself
	over []int // it, or what is in it
	up   *readers
}

// add says that thing n, the highest so far, reads the paths.
func (x pathIndex) add(n int, paths ...string) {
	once := func(list []int) []int {
		if len(list) == 0 || list[len(list)-1] != n {
			list = append(list, n)
		}
		return list
	}
	for _, path := range paths {
		r := x.entry(path)
		r.at = once(r.at)
		for ; r != nil; r = r.up {
			r.over = once(r.over)
		}
	}
}

func (x pathIndex) entry(path string) *readers {
	r := x[path]
	if r == nil {
		r = &readers{}
		if up, ok := above(path); ok {
			r.up = x.entry(up)
		}
		x[path] = r
	}
	return r
}

// find returns the things that read any of the static paths, in order, in the
// memory of out as far as it goes.
func (x pathIndex) find(out []int, paths []string) []int {
	for _, path := range paths {
		r := x[path]
		if r != nil {
			out = append(out, r.over...)
			r = r.up
		} else { // nothing reads what is in it
			for more := true; r == nil && more; {
				path, more = above(path)
				r = x[path]
			}
		}
		for ; r != nil; r = r.up {
			out = append(out, r.at...)
		}
	}
	if len(out) < 2 {
		return out
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// above returns the path that a path stands in: the list of "lines[]", the
// record of "lines[].price".
func above(path string) (string, bool) {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return path[:i], true
		}
	}
	return "", false
}

// index fills in which conditions, and which parts of them, read what.
func (s *Set) index() {
	s.paths = pathIndex{}
	for i := range s.infos {
		s.paths.add(i, s.infos[i].Paths...)
	}
	for _, sec := range s.order {
		sec.parts = pathIndex{}
		for i, f := range sec.rec.fields {
			sec.parts.add(i, f.path)
			f.each(func(n *node) {
				for _, p := range append([]*program{n.when, n.requiredIf, n.compute, n.check}, n.choiceWhen...) {
					if p != nil {
						sec.parts.add(i, p.refs...)
					}
				}
			})
		}
		for i, r := range sec.folds {
			sec.parts.add(len(sec.rec.fields)+i, r.test.refs...)
		}
	}
}

var itemIndex = regexp.MustCompile(`\[[0-9]*\]`)

// staticPaths replaces the indexes in paths by "[]".
func staticPaths(paths []string) []string {
	for i, path := range paths {
		if strings.Contains(path, "[") {
			paths = slices.Clone(paths)
			for j := i; j < len(paths); j++ {
				paths[j] = itemIndex.ReplaceAllString(paths[j], "[]")
			}
			break
		}
	}
	return paths
}

// touches reports whether one of the paths is, holds or stands in one of the
// others.
func touches(refs, paths []string) bool {
	for _, ref := range refs {
		for _, path := range paths {
			if within(ref, path) || within(path, ref) {
				return true
			}
		}
	}
	return false
}

// within reports whether the first path is the second, or below it.
func within(path, above string) bool {
	rest, ok := strings.CutPrefix(path, above)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
