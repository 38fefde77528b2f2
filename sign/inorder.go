package sign

import (
	"iter"
	"runtime"
	"sync"
	"sync/atomic"
)

// inOrder gives yield, in the order of lines, what work makes of each, up to
// and with the first error. newWork is called once for each goroutine, so that
// work may have memory of its own.
//
// The caller's goroutine reads lines into batches, which the workers take. It
// gives out the oldest batch once that is done, and waits for it when it may
// not go further ahead.
func inOrder[R any](lines iter.Seq2[[]byte, error], yield func(R, error) bool, newWork func() func(i int, line []byte) (R, error)) {
	cores := runtime.GOMAXPROCS(0)
	if cores == 1 {
		inTurn(lines, yield, newWork())
		return
	}
	w := &workers[R]{
		max:     cores,
		newWork: newWork,
		jobs:    make(chan *batch[R], cores*maxBatches),
		ring:    make([]batch[R], cores*maxBatches),
	}
	defer w.stop()

	var failed error
	n := 0
	b := w.fresh(n)
	for line, err := range lines {
		if err == nil && len(line) > MaxLine {
			err = malformed("line too long") // before it is copied
		}
		if err != nil {
			failed = &LineError{Index: n, Err: err}
			break
		}
		b.add(line)
		n++
		// Batches grow with the lines that are done, so that a short log, too,
		// keeps all cores busy to its end.
		if len(b.ends) < min(1+n/(32*cores), maxBatch) && len(b.text) < maxBatchBytes {
			continue
		}
		w.submit(b)
		// One for one, so that no worker waits while the consumer goes through all
		// that is ready.
		for given := false; w.full() || w.ready() && !given; given = true {
			if !w.oldest().giveTo(yield) {
				return
			}
		}
		b = w.fresh(n)
	}
	if len(b.ends) > 0 {
		w.submit(b)
	}
	for !w.empty() {
		if !w.oldest().giveTo(yield) {
			return
		}
	}
	if failed != nil {
		var none R
		yield(none, failed)
	}
}

// inTurn is inOrder for one core, where handing lines over gains nothing.
func inTurn[R any](lines iter.Seq2[[]byte, error], yield func(R, error) bool, work func(i int, line []byte) (R, error)) {
	var none R
	n := 0
	for line, err := range lines {
		r := none
		if err == nil {
			r, err = work(n, line)
		}
		if err != nil {
			yield(none, &LineError{Index: n, Err: err})
			return
		}
		if !yield(r, nil) {
			return
		}
		n++
	}
}

// batch is some lines, and once done what became of them.
type batch[R any] struct {
	first int    // index of the first line
	text  []byte // the lines, one after the other
	ends  []int  // where each of them ends in text

	out  []R   // up to the line that failed
	err  error // a *LineError, or nil
	done chan struct{}
}

func (b *batch[R]) add(line []byte) {
	b.text = append(b.text, line...)
	b.ends = append(b.ends, len(b.text))
}

// run works on the lines until one fails or stopped says that nobody waits.
func (b *batch[R]) run(work func(i int, line []byte) (R, error), stopped *atomic.Bool) {
	start := 0
	for j, end := range b.ends {
		if stopped.Load() {
			return
		}
		r, err := work(b.first+j, b.text[start:end:end])
		if err != nil {
			b.err = &LineError{Index: b.first + j, Err: err}
			return
		}
		b.out = append(b.out, r)
		start = end
	}
}

// giveTo waits for the batch and reports whether there may be another one.
func (b *batch[R]) giveTo(yield func(R, error) bool) bool {
	<-b.done
	for _, r := range b.out {
		if !yield(r, nil) {
			return false
		}
	}
	if b.err != nil {
		var none R
		yield(none, b.err)
		return false
	}
	return true
}

// workers are up to max goroutines, and the batches that are under way.
type workers[R any] struct {
	max     int
	newWork func() func(i int, line []byte) (R, error)
	jobs    chan *batch[R] // holds all batches of the ring, so sending never waits
	running int
	group   sync.WaitGroup
	stopped atomic.Bool

	ring       []batch[R]
	head, tail int // batches head..tail-1, modulo len(ring), are under way
	lines      int // of these batches
	bytes      int // of these lines
}

func (w *workers[R]) empty() bool { return w.head == w.tail }
func (w *workers[R]) full() bool {
	return w.tail-w.head == len(w.ring) || w.lines >= w.max*maxAhead || w.bytes >= w.max*maxAheadBytes
}

// ready reports whether the oldest batch is done.
func (w *workers[R]) ready() bool {
	return !w.empty() && len(w.ring[w.head%len(w.ring)].done) > 0
}

// fresh returns the batch to fill next; its first line is number n. The ring
// must not be full.
func (w *workers[R]) fresh(n int) *batch[R] {
	b := &w.ring[w.tail%len(w.ring)]
	if b.done == nil {
		b.done = make(chan struct{}, 1)
	}
	clear(b.out)
	if cap(b.text) > 2*maxBatchBytes {
		b.text = nil // one long line is not remembered by each batch
	}
	*b = batch[R]{first: n, text: b.text[:0], ends: b.ends[:0], out: b.out[:0], done: b.done}
	return b
}

// submit hands over what fresh returned. A goroutine is started for it as long
// as there are not enough, so that a short log does not start them in vain.
func (w *workers[R]) submit(b *batch[R]) {
	w.tail++
	w.lines += len(b.ends)
	w.bytes += len(b.text)
	w.jobs <- b
	if w.running == w.max {
		return
	}
	w.running++
	w.group.Go(func() {
		work := w.newWork()
		for b := range w.jobs {
			b.run(work, &w.stopped)
			b.done <- struct{}{}
		}
	})
}

// oldest returns the batch that was submitted first and takes it out of the
// ring; it may be given out until the next fresh.
func (w *workers[R]) oldest() *batch[R] {
	b := &w.ring[w.head%len(w.ring)]
	w.head++
	w.lines -= len(b.ends)
	w.bytes -= len(b.text)
	return b
}

// stop ends the goroutines and waits for them.
func (w *workers[R]) stop() {
	w.stopped.Store(true)
	close(w.jobs)
	w.group.Wait()
}
