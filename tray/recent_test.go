package tray

import (
	"fmt"
	"runtime"
	"strings"
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
	large := func(s *State, times int) *State {
		s.places = map[entry.Place]*place{{Section: "facts"}: {weight: maxRecentWeight / 10 * times}}
		return s
	}
	for _, tt := range []struct {
		name       string
		make       func(n int) *State
		many, kept int
	}{
		{"many", func(n int) *State { return nth(n, w.tpl) }, maxRecent + 100, maxRecent},
		{"large", func(n int) *State { return large(nth(n, w.tpl), 1) }, 100, 9},
		{"too large", func(n int) *State { return large(nth(n, w.tpl), 20) }, 10, 1},
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
		for tpl := range r.templates {
			weight += tpl.Weight()
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
	if s := r.of(nth(0, tpl).head.Tray); s.head.Length != 3 || len(r.kept) != 1 || r.templates[tpl] != (shared{1, tpl.Weight()}) {
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

// What a public section takes in memory is not said to be less than it is,
// whatever shape makes most of few bytes.
func TestPublicWeight(t *testing.T) {
	flag := section.Field{Name: "a", Kind: section.Boolean}
	flags := section.Field{Name: "a", Kind: section.List, Max: 5, Of: &section.Field{Kind: section.Boolean}}
	record := func(fields ...section.Field) section.Field {
		return section.Field{Name: "a", Kind: section.Record, Fields: fields}
	}
	wide := make([]section.Field, 100)
	for i := range wide {
		wide[i] = section.Field{Name: fmt.Sprint("f", i), Kind: section.Boolean}
	}
	for _, c := range []struct {
		name  string
		of    section.Field
		item  string
		times int
	}{
		{"records of one record", record(record(record(flag))), `{"a":{"a":{}}}`, 5000},
		{"records of one field", record(flag), `{"a":true}`, 5000},
		{"records of none", record(flag), `{}`, 5000},
		{"records of nine fields", record(wide...), `{` + members(9) + `}`, 2000},
		{"records of fifteen fields", record(wide...), `{` + members(15) + `}`, 2000},
		{"records of a hundred fields", record(wide...), `{` + members(100) + `}`, 500},
		{"records of no item", record(flags), `{"a":[]}`, 5000},
		{"records of one item", record(flags), `{"a":[true]}`, 5000},
		{"records of five items", record(flags), `{"a":[true,true,true,true,true]}`, 5000},
		{"flags", flag, `true`, 5000},
		{"numbers", section.Field{Kind: section.Integer}, `1000`, 5000},
		{"short texts", section.Field{Kind: section.Text, Max: 100}, `"ab"`, 5000},
		{"texts of a size between two classes", section.Field{Kind: section.Text, Max: 1000}, `"` + strings.Repeat("x", 33) + `"`, 5000},
		{"long texts", section.Field{Kind: section.Text, Max: 1000}, `"` + strings.Repeat("x", 515) + `"`, 1000},
		{"dates", section.Field{Kind: section.Date}, `"2026-11-25"`, 5000},
	} {
		c.of.Name = ""
		schema, err := section.NewSchema([]section.Field{{Name: "l", Kind: section.List, Max: 5000, Of: &c.of}})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		encoded := []byte(`{"l":[` + strings.Repeat(c.item+",", c.times-1) + c.item + `]}`)
		before := heap()
		const copies = 4
		var kept [copies]section.Content
		for i := range kept {
			if kept[i], err = schema.Decode(encoded); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
		used, weight := (heap()-before)/copies, int64(weightOf(map[string]any(kept[0])))
		t.Logf("%s: %d bytes of text, %d of memory, said to be %d", c.name, len(encoded), used, weight)
		if weight < used || weight > 4*used {
			t.Errorf("%s: %d bytes, said to be %d", c.name, used, weight)
		}
		runtime.KeepAlive(&kept)
	}
}

// A public section weighs since it was written.
func TestPublicWeightIsKept(t *testing.T) {
	w := play(t, "deal.yaml", "anna: create sales=anna")
	w.play("anna: set facts.kind=small")
	at := w.state().places[w.place("facts")]
	if want := weightOf(map[string]any(at.public)); at.weight != want || want < recordWeight {
		t.Errorf("%d bytes, not %d", at.weight, want)
	}
	with := w.state().weight()
	at.weight = 0
	if without := w.state().weight(); with-without < recordWeight {
		t.Errorf("%d bytes with it, %d without", with, without)
	}
}

func members(n int) string {
	each := make([]string, n)
	for i := range each {
		each[i] = fmt.Sprintf(`"f%d":true`, i)
	}
	return strings.Join(each, ",")
}

// Every key that was ever used is kept, though nobody holds it any more.
func TestWeightOfKeys(t *testing.T) {
	w := play(t, "deal.yaml", "anna: create sales=anna")
	f := &forger{world: w}
	for range 8 {
		var ops []entry.Op
		for range 100 {
			ops = append(ops, f.invite("care"), &entry.Withdraw{Invite: f.public(f.lastInvite).Thumbprint()})
		}
		if err := f.append(f.by("anna", ops...), false); err != nil {
			t.Fatal(err)
		}
	}
	host, before := NewHost(w.store), heap()
	host.templates = w.host.templates
	s, err := host.State(t.Context(), w.id)
	if err != nil {
		t.Fatal(err)
	}
	used := heap() - before
	t.Logf("%d keys: %d bytes, said to be %d", len(s.keys), used, s.weight())
	if weight := int64(s.weight()); len(s.keys) != 801 || weight < used || weight > 4*used {
		t.Errorf("%d keys: %d bytes, said to be %d", len(s.keys), used, weight)
	}
	runtime.KeepAlive(host)
	runtime.KeepAlive(w)
}
