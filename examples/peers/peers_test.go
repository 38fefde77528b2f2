package peers

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// valid is a form on which every rule holds.
var valid = Form{
	One:   Section{"IT12345", 10, true, "IT60X", 1, true, "note", 5, true, "value9"},
	Two:   Section{"IT", 7, false, "Rossi S.r.l. 2", 2, true, "a", 3, true, "b"},
	Three: Section{"A10", 3, true, "data", 4, true, "name", 2, true, "x"},
}

// invalid is one on which ten of them fail.
var invalid = Form{
	One:   Section{"it12345", 101, false, "IT60X", 1, true, "", 5, false, "value"},
	Two:   Section{"ES", 7, false, "Rossi & C.", 2, true, "b", 0, true, "b"},
	Three: Section{"A10", 3, true, "data", 4, true, "name", 5, true, "x"},
}

// TestVerdicts: on thousands of forms, each peer gives on each rule that it can
// express the verdict of package rules; and each rule was seen to hold and to fail.
func TestVerdicts(t *testing.T) {
	ours := load(t, Vassoio(all))
	if v := verdicts(t, ours, &valid); slices.Contains(v[:], false) {
		t.Errorf("valid: %v", v)
	}
	if v := verdicts(t, ours, &invalid); count(v) != 10 {
		t.Errorf("invalid: %v", v)
	}
	forms := []*Form{&valid, &invalid}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		forms = append(forms, randomForm(r))
	}
	for _, p := range Peers {
		t.Run(p.Name, func(t *testing.T) {
			peer, part := load(t, p), load(t, Vassoio(p.Rules))
			var held, failed [20]int
			compared := 0
			for _, f := range forms {
				want, some, got := verdicts(t, ours, f), verdicts(t, part, f), verdicts(t, peer, f)
				for _, i := range p.Rules {
					if got[i] != want[i] || some[i] != want[i] {
						t.Fatalf("rule %d (%s) on %+v: %v, %v with these rules alone, want %v", i, Rules[i], *f, got[i], some[i], want[i])
					}
					if want[i] {
						held[i]++
					} else {
						failed[i]++
					}
					compared++
				}
			}
			for _, i := range p.Rules {
				if held[i] < 100 || failed[i] < 100 {
					t.Errorf("rule %d held %d times and failed %d times", i, held[i], failed[i])
				}
			}
			t.Logf("%d rules of %d, %d verdicts on %d forms", len(p.Rules), len(Rules), compared, len(forms))
		})
	}
}

func load(t testing.TB, p Peer) Engine {
	t.Helper()
	e, err := p.Load()
	if err != nil {
		t.Fatal(p.Name, err)
	}
	return e
}

func verdicts(t testing.TB, e Engine, f *Form) Verdicts {
	t.Helper()
	check, err := e.Fill(f)
	if err != nil {
		t.Fatal(err)
	}
	v, err := check()
	if err != nil {
		t.Fatalf("%v on %+v", err, *f)
	}
	return v
}

func count(v Verdicts) (n int) {
	for _, holds := range v {
		if holds {
			n++
		}
	}
	return n
}

var texts = []string{
	"IT", "FR", "IT12345", "DE123", "IT12", "it12345", "IT60X", "ITè", "ITèè", "Ipsum 0", "value0", "value12", "value", "a", "A10", "ba0", "b",
	"Rossi S.r.l. 2", "Rossi & C.", "ès", strings.Repeat("a", 29), strings.Repeat("è", 30), strings.Repeat("0", 60),
}

func randomForm(r *rand.Rand) *Form {
	text := func() string { return texts[r.IntN(len(texts))] }
	number := func() int64 {
		if r.IntN(8) == 0 {
			return 100 + r.Int64N(3)
		}
		return r.Int64N(9) - 2
	}
	boolean := func() bool { return r.IntN(2) == 0 }
	section := func() Section {
		return Section{text(), number(), boolean(), text(), number(), boolean(), text(), number(), boolean(), text()}
	}
	f := &Form{section(), section(), section()}
	if boolean() {
		f.One.F6 = ""
	}
	if r.IntN(4) == 0 { // three equal texts are rare otherwise
		f.One.F0, f.Three.F0 = f.Two.F0, f.Two.F0
	}
	return f
}

// BenchmarkPeers compares each peer with package rules over the same rules: check
// (a form that is filled in), refuse (one on which half of the rules fail), fill
// (filled in and checked) and load. x-vassoio is how many times as long the peer
// takes.
func BenchmarkPeers(b *testing.B) {
	for _, p := range Peers {
		ours := Vassoio(p.Rules)
		b.Run(p.Name, func(b *testing.B) {
			for _, a := range actions {
				b.Run(a.name, func(b *testing.B) { compare(b, a.of(b, p), a.of(b, ours)) })
			}
		})
	}
}

var actions = []struct {
	name string
	of   func(testing.TB, Peer) func()
}{
	{"check", func(t testing.TB, p Peer) func() { return checking(t, p, &valid) }},
	{"refuse", func(t testing.TB, p Peer) func() { return checking(t, p, &invalid) }},
	{"fill", func(t testing.TB, p Peer) func() {
		e := load(t, p)
		return func() { verdicts(t, e, &valid) }
	}},
	{"load", func(t testing.TB, p Peer) func() { return func() { load(t, p) } }},
}

func checking(t testing.TB, p Peer, f *Form) func() {
	check, err := load(t, p).Fill(f)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := check(); err != nil {
			t.Fatal(err)
		}
	}
}

// compare runs both in turns, in short slices, and reports the median of the
// ratios, which a noisy machine disturbs least, and of each side's times.
func compare(b *testing.B, peer, ours func()) {
	const slice = 100 * time.Microsecond
	timed := func(f func()) float64 {
		n, start := 0, time.Now()
		for time.Since(start) < slice {
			f()
			n++
		}
		return float64(time.Since(start)) / float64(n)
	}
	peer()
	ours()
	var ratios, theirs, own []float64
	for start := time.Now(); len(ratios) < 11 || time.Since(start) < time.Second; {
		p, o := timed(peer), timed(ours)
		ratios, theirs, own = append(ratios, p/o), append(theirs, p), append(own, o)
	}
	for b.Loop() {
		peer()
	}
	b.ReportMetric(median(ratios), "x-vassoio")
	b.ReportMetric(median(theirs)/1000, "µs")
	b.ReportMetric(median(own)/1000, "µs-vassoio")
	b.ReportMetric(0, "ns/op") // of the peer alone, which the line above says better
}

func median(s []float64) float64 {
	slices.Sort(s)
	return s[len(s)/2]
}
