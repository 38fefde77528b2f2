package tray

import (
	"bytes"
	"iter"
	"slices"

	"github.com/vassoio/vassoio/sign"
)

// digests is an immutable set of hashes that shares its memory with the sets it
// was made from: sorted runs, each at least twice as long as the next, merged
// as they grow (Bentley and Saxe's logarithmic method), and what came last. A
// state holds every blob that its log introduced, and a state is never modified,
// so a plain map would be copied at each entry.
type digests struct {
	runs [][]sign.Hash // never modified, longest first
	last []sign.Hash   // never modified, in no order, fewer than maxLast
}

// maxLast is up to where copying a few hashes costs less than keeping order.
const maxLast = 16

func compareHashes(a, b sign.Hash) int { return bytes.Compare(a[:], b[:]) }

func (d digests) has(h sign.Hash) bool {
	for _, run := range d.runs {
		if _, ok := slices.BinarySearchFunc(run, h, compareHashes); ok {
			return true
		}
	}
	return slices.Contains(d.last, h)
}

func (d digests) len() int {
	n := len(d.last)
	for _, run := range d.runs {
		n += len(run)
	}
	return n
}

// with gives the set that has h too.
func (d digests) with(h sign.Hash) digests {
	last := append(make([]sign.Hash, 0, len(d.last)+1), d.last...)
	last = append(last, h)
	if len(last) < maxLast {
		return digests{d.runs, last}
	}
	slices.SortFunc(last, compareHashes)
	return digests{runs: withRun(d.runs, last)}
}

// withRun gives the runs with one more.
func withRun(runs [][]sign.Hash, run []sign.Hash) [][]sign.Hash {
	n := len(runs)
	for n > 0 && len(runs[n-1]) <= len(run) {
		run = merge(runs[n-1], run)
		n--
	}
	return append(slices.Clone(runs[:n]), run)
}

func merge(a, b []sign.Hash) []sign.Hash {
	out := make([]sign.Hash, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compareHashes(a[0], b[0]) < 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// sorted gives the set as one run.
func (d digests) sorted() []sign.Hash {
	out := slices.SortedFunc(slices.Values(d.last), compareHashes)
	for _, run := range slices.Backward(d.runs) { // the short ones first
		out = merge(run, out)
	}
	return out
}

// block gives the hashes one after the other, sorted; nil if there are none.
func (d digests) block() []byte {
	var out []byte
	for _, h := range d.sorted() {
		out = append(out, h[:]...)
	}
	return out
}

// parseDigests reads what block gives, and nothing else.
func parseDigests(block []byte) (digests, bool) {
	n := len(block) / len(sign.Hash{})
	if n == 0 {
		return digests{}, len(block) == 0
	}
	run := make([]sign.Hash, n)
	for i := range run {
		rest := block[copy(run[i][:], block):]
		if block = rest; i > 0 && compareHashes(run[i-1], run[i]) >= 0 {
			return digests{}, false
		}
	}
	return digests{runs: [][]sign.Hash{run}}, len(block) == 0
}

func (d digests) all() iter.Seq[sign.Hash] {
	return func(yield func(sign.Hash) bool) {
		for _, run := range append(slices.Clip(d.runs), d.last) {
			for _, h := range run {
				if !yield(h) {
					return
				}
			}
		}
	}
}
