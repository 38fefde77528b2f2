package tray

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// nth is a state that stands for one of tray n.
func nth(n int, t *template.Template) *State {
	return &State{template: t, head: store.Head{Tray: sign.Sum(fmt.Append(nil, n)), Length: 1}}
}

// What is kept of trays is bounded: in number, in bytes, and in the templates
// that are held by them; and what was used last stays.
func TestRecent(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	large := func(s *State) *State {
		s.places = map[entry.Place]*place{{Section: "facts"}: {publicSize: maxRecentWeight / publicWeight / 10}}
		return s
	}
	for _, tt := range []struct {
		name       string
		make       func(n int) *State
		many, kept int
	}{
		{"many", func(n int) *State { return nth(n, w.tpl) }, maxRecent + 100, maxRecent},
		{"large", func(n int) *State { return large(nth(n, w.tpl)) }, 100, 9},
		{"too large", func(n int) *State {
			s := large(nth(n, w.tpl))
			s.places[entry.Place{Section: "facts"}].publicSize *= 20
			return s
		}, 10, 1},
		{"of many templates", func(n int) *State { return nth(n, new(template.Template)) }, maxRecentTemplates + 20, maxRecentTemplates},
	} {
		var r recent[*State]
		first, gone := tt.make(0), 0
		for n := range tt.many {
			s := tt.make(n)
			gone += len(r.keep(s))
			if r.of(s.head.Tray) != s {
				t.Fatalf("%s: %d was not kept", tt.name, n)
			}
			if tt.kept > 1 && n > 0 && r.of(first.head.Tray) == nil {
				t.Fatalf("%s: what is asked for all the time was dropped for %d", tt.name, n)
			}
		}
		weight := 0
		for _, e := range r.kept {
			weight += e.Value.(weighed[*State]).value.weight()
		}
		if len(r.kept) != tt.kept || r.order.Len() != tt.kept || r.weight != weight || gone != tt.many-tt.kept {
			t.Errorf("%s: %d of %d kept in %d bytes, %d gone; want %d", tt.name, len(r.kept), tt.many, r.weight, gone, tt.kept)
		}
		for tray := range r.kept {
			if r.forget(tray) == nil || r.of(tray) != nil {
				t.Errorf("%s: not forgotten", tt.name)
			}
		}
		if r.weight != 0 || len(r.templates) != 0 || r.order.Len() != 0 || r.forget(first.head.Tray) != nil {
			t.Errorf("%s: %d bytes and %d templates of nothing", tt.name, r.weight, len(r.templates))
		}
	}
}

// The later state of a tray is kept, whichever came first.
func TestRecentIsTheLatest(t *testing.T) {
	tpl := newWorld(t, "deal.yaml").tpl
	var r recent[*State]
	for _, length := range []uint64{2, 3, 1} {
		s := nth(0, tpl)
		s.head.Length = length
		r.keep(s)
	}
	if s := r.of(nth(0, tpl).head.Tray); s.head.Length != 3 || len(r.kept) != 1 || r.templates[tpl] != 1 {
		t.Errorf("at entry %d, %d kept", s.head.Length, len(r.kept))
	}
}

// A state's weight is near what it takes: many participants with keys of either
// suite, and sections that are sealed to all of them.
func TestWeight(t *testing.T) {
	for _, suite := range []section.Suite{section.PQ, section.Classic} {
		w := newWorld(t, "bench.yaml")
		mem := store.NewMemory()
		me, err := NewIdentity()
		if err != nil {
			t.Fatal(err)
		}
		who := []CreateOption{Bind("one", me.Card())}
		for range 60 {
			other, err := NewIdentity()
			if err != nil {
				t.Fatal(err)
			}
			who = append(who, Bind("two", other.Card()))
		}
		tr, err := Create(t.Context(), mem, w.tpl, me, append(who, InSuite(suite))...)
		if err != nil {
			t.Fatal(err)
		}
		d := tr.Draft()
		d.Set("first.text", "x")
		if err := d.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		host, before := NewHost(mem), heap()
		host.templates.Add(w.tpl)
		s, err := host.State(t.Context(), tr.ID())
		if err != nil {
			t.Fatal(err)
		}
		used := heap() - before
		t.Logf("%s: %d bytes, said to be %d", suite, used, s.weight())
		if weight := int64(s.weight()); weight < used/2 || weight > 4*used {
			t.Errorf("%s: %d bytes, said to be %d", suite, used, weight)
		}
		runtime.KeepAlive(host)
		runtime.KeepAlive(tr)
		runtime.KeepAlive(who)
	}
}
