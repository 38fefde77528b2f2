package fsm

import (
	"context"
	"slices"
	"testing"
	"time"

	looplab "github.com/looplab/fsm"
)

// BenchmarkFire fires the events of an order, beside looplab/fsm alone on one
// instance that keeps its state. The two take turns in short slices, so that
// what else the machine does falls on both; x-floor is the median of the ratios.
func BenchmarkFire(b *testing.B) {
	d := order()
	l := mustNew(b, d)
	walk := []string{"submit", "return", "submit", "confirm", "return"} // a circle
	const slice = 200                                                   // circles

	state := d.Initial
	ours := func() {
		for _, event := range walk {
			next, err := l.Next(state, event)
			if err != nil {
				b.Fatal(err)
			}
			state = next
		}
	}
	var events looplab.Events
	for _, e := range d.Events {
		events = append(events, looplab.EventDesc{Name: e.Name, Src: e.From, Dst: e.To})
	}
	machine := looplab.NewFSM(d.Initial, events, nil)
	floor := func() {
		for _, event := range walk {
			if err := machine.Event(context.Background(), event); err != nil {
				b.Fatal(err)
			}
		}
	}
	timed := func(circle func()) time.Duration {
		begin := time.Now()
		for range slice {
			circle()
		}
		return time.Since(begin)
	}

	var ratios []float64
	var own, bare time.Duration
	for b.Loop() {
		f, o := timed(floor), timed(ours)
		bare, own = bare+f, own+o
		ratios = append(ratios, float64(o)/float64(f))
	}
	slices.Sort(ratios)
	steps := float64(len(ratios) * slice * len(walk))
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
	b.ReportMetric(float64(own.Nanoseconds())/steps, "ns/step")
	b.ReportMetric(float64(bare.Nanoseconds())/steps, "ns/floor-step")
	b.ReportMetric(0, "ns/op") // of a slice of both: says nothing
}

// BenchmarkFireParallel shows that goroutines do not wait for each other.
func BenchmarkFireParallel(b *testing.B) {
	l := mustNew(b, order())
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := l.Next("filling", "submit"); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
