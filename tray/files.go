package tray

import (
	"iter"
	"maps"
	"slices"

	"github.com/vassoio/vassoio/tray/entry"
)

// file is an age file of a place, with whose it is and what the readers' keys
// were at the time.
type file struct {
	entry.File
	by    string
	keyed []int // -1 for an invite
}

// files are the age files of a place: the one that its write made, and those that were
// shared since. They are never changed. Nobody holds most of them where somebody goes on
// replacing his keys, so what is shared is kept by whom it is for, too, and the latest is
// looked at first: keys only grow newer along a log.
type files struct {
	written *file
	shared  *filed
	of      map[string]*filed // of those, by participant or invite
	weight  int               // about how many bytes they take
}

// filed is a file, and those before it.
type filed struct {
	*file
	before *filed
}

// with gives the files and one more; the first is that of the write.
func (f files) with(one *file) files {
	f.of = maps.Clone(f.of)
	f.add(one)
	return f
}

// add is with, for files that are nobody's yet.
func (f *files) add(one *file) {
	f.weight += placeWeight + len(one.To)*readerWeight
	if f.written == nil {
		f.written = one
		return
	}
	f.shared = &filed{one, f.shared}
	if f.of == nil {
		f.of = make(map[string]*filed)
	}
	for _, id := range one.To {
		f.of[id] = &filed{one, f.of[id]}
	}
}

// all gives them in the order of the log.
func (f files) all() []*file {
	if f.written == nil {
		return nil
	}
	var out []*file
	for x := f.shared; x != nil; x = x.before {
		out = append(out, x.file)
	}
	out = append(out, f.written)
	slices.Reverse(out)
	return out
}

// made gives those for a participant or an invite, the latest first, each with its
// place among those whom the file is for.
func (f files) made(id string) iter.Seq2[int, *file] {
	return func(yield func(int, *file) bool) {
		for x := f.of[id]; x != nil; x = x.before {
			if !yield(slices.Index(x.To, id), x.file) {
				return
			}
		}
		if f.written == nil {
			return
		}
		if i := slices.Index(f.written.To, id); i >= 0 {
			yield(i, f.written)
		}
	}
}

// filesOf gives those files of a place that are for who has this id now: what was
// made for an invite is not for a participant whose key it used.
func (s *State) filesOf(at *place, id string) iter.Seq2[int, *file] {
	return func(yield func(int, *file) bool) {
		for i, f := range at.files.made(id) {
			if (f.keyed[i] < 0) == (s.people[id] == nil) && !yield(i, f) {
				return
			}
		}
	}
}

// hasFile reports whether there is one.
func (s *State) hasFile(at *place, id string) bool {
	for range s.filesOf(at, id) {
		return true
	}
	return false
}

// holds reports whether a file of the place is sealed to the present keys of a
// participant, or to an invite, and it did not say that it cannot read it.
func (s *State) holds(at *place, id string) bool {
	if slices.Contains(at.unreadable, id) {
		return false
	}
	keyed := s.keyedOf(id)
	for i, f := range at.files.made(id) {
		if f.keyed[i] <= keyed {
			return f.keyed[i] == keyed
		}
	}
	return false
}

// keyedOf gives how many times a participant's keys were replaced; -1 of an invite,
// so that what was made for it is not for a participant whose key it used.
func (s *State) keyedOf(id string) int {
	if p := s.people[id]; p != nil {
		return p.keyed
	}
	return -1
}

// tried reports whether somebody made a file of the place for the present keys of
// another: one who says that he cannot read it has nothing more to expect of him.
func (s *State) tried(at *place, by, id string) bool {
	p := s.people[id]
	if p == nil {
		return false
	}
	for i, f := range at.files.made(id) {
		if f.keyed[i] < p.keyed {
			break
		}
		if f.by == by {
			return true
		}
	}
	return false
}

// isHeld reports whether somebody who is there holds a file of a place: of a public
// one nobody does. Its author, if a file was sealed to him, knows what he wrote, though
// he replaced his keys or says that he cannot read it; unless somebody else says so, too,
// since what a host lost is lost to its author as well.
func (s *State) isHeld(at *place) bool {
	if p := s.people[at.author]; p != nil && !p.Ended() && s.hasFile(at, p.ID) &&
		!slices.ContainsFunc(at.unreadable, func(id string) bool {
			other := s.people[id]
			return id != at.author && other != nil && !other.Ended()
		}) {
		return true
	}
	return slices.ContainsFunc(s.order, func(id string) bool { return s.holds(at, id) })
}
