package tray

import (
	"maps"
	"slices"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// roomy gives a list with room behind it, into which an append would write.
func roomy[T any](list []T) []T { return append(make([]T, 0, len(list)+8), list...) }

// roomyState gives a state all of whose lists have such room.
func roomyState(s *State) *State {
	out := *s
	out.places, out.invites = maps.Clone(s.places), maps.Clone(s.invites)
	for p, at := range s.places {
		with := *at
		with.unreadable = roomy(at.unreadable)
		out.places[p] = &with
	}
	for id, inv := range s.invites {
		with := *inv
		with.files = roomy(inv.files)
		out.invites[id] = &with
	}
	return &out
}

// TestStatesShareNoRoom applies two entries to one state, as do clients and hosts
// that race: what follows from the first is as it was.
func TestStatesShareNoRoom(t *testing.T) {
	w := stage(t, "signing")
	f := &forger{world: w}
	late := f.invite("customer")
	if err := f.append(f.by("anna", f.admit("duke", "customer"), late), false); err != nil {
		t.Fatal(err)
	}
	p := f.place("customer")
	toInvite := func() entry.Op {
		return &entry.Share{Place: p, Number: 1, File: f.file([]byte("{}"), f.public(f.lastInvite).Thumbprint())}
	}
	unreadable := func() entry.Op { return &entry.Unreadable{Place: p, Number: 1} }
	for name, two := range map[string][2]struct {
		who string
		op  entry.Op
	}{
		"shares":            {{"anna", f.share("customer", "duca")}, {"anna", f.share("customer", "duke")}},
		"shares to invites": {{"anna", toInvite()}, {"anna", toInvite()}},
		"not readable":      {{"anna", unreadable()}, {"dora", unreadable()}},
	} {
		s := roomyState(f.state())
		var first *State
		said := func() (out []any) {
			for _, file := range first.places[p].files.all() {
				out = append(out, file.Blob)
			}
			for _, id := range first.places[p].unreadable {
				out = append(out, id)
			}
			for _, id := range slices.Sorted(maps.Keys(first.invites)) {
				for _, blob := range first.invites[id].files {
					out = append(out, blob)
				}
			}
			return out
		}
		var before []any
		for i, x := range two {
			e := f.entry(x.who, x.op)
			next, err := s.applyVerified(e, sign.Sum([]byte(x.who)))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if i == 0 {
				first = next
				before = said()
			}
		}
		if !slices.Equal(before, said()) {
			t.Errorf("%s: the second entry changed the state after the first", name)
		}
	}
}

// Two edits of one draft's plan leave it, and each other, as they are.
func TestEditsShareNoRoom(t *testing.T) {
	at := func(path string) edit { return edit{section.Path{{Name: path}}, path} }
	all := edits(roomy([]edit{at("a"), at("b")}))
	x, y := all.with(at("x")), all.with(at("y"))
	z := all.with(edit{section.Path{{Name: "a"}}, "again"})
	if x[2].value != "x" || y[2].value != "y" || all[0].value != "a" || all[1].value != "b" || len(z) != 2 {
		t.Errorf("%v, %v, %v of %v", x, y, z, all)
	}
}

// Sets that share their runs are read at once.
func TestDigestsShareNoRoom(t *testing.T) {
	one := func(text string) []sign.Hash { return []sign.Hash{sign.Sum([]byte(text))} }
	runs := roomy([][]sign.Hash{one("run")})
	a, b := digests{runs, one("a")}, digests{runs, one("b")}
	for range a.all() {
		for range b.all() {
		}
	}
	var got []sign.Hash
	for h := range a.all() {
		for range b.all() {
		}
		got = append(got, h)
	}
	if want := slices.Concat(one("run"), one("a")); !slices.Equal(got, want) {
		t.Errorf("a set gives what is in another")
	}
}
