package rules

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The index finds what comparing every path with every other does.
func TestPathIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	path := func() string {
		steps := []string{"a", "b", "ab", "a[]", "b[]"}
		var out []string
		for range 1 + random.IntN(4) {
			out = append(out, steps[random.IntN(len(steps))])
		}
		return strings.Join(out, ".")
	}
	paths := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = path()
		}
		return out
	}
	found := 0
	for range 2000 {
		x := pathIndex{}
		reads := make([][]string, 1+random.IntN(6))
		for i := range reads {
			reads[i] = paths(random.IntN(4))
			x.add(i, reads[i]...)
		}
		changed := paths(1 + random.IntN(3))
		var want []int
		for i := range reads {
			if touches(reads[i], changed) {
				want = append(want, i)
			}
		}
		got := x.find(nil, changed)
		if !slices.Equal(got, want) {
			t.Fatalf("%v of %v: %v, want %v", changed, reads, got, want)
		}
		found += len(got)
	}
	if found < 1000 {
		t.Errorf("only %d were found", found)
	}
}

// The caller's paths stay as they are.
func TestStaticPaths(t *testing.T) {
	in := []string{"a.b", "a.l[3].x[12].y", "a.l[]"}
	if got := strings.Join(staticPaths(in), " "); got != "a.b a.l[].x[].y a.l[]" {
		t.Error(got)
	}
	if in[1] != "a.l[3].x[12].y" {
		t.Errorf("the caller's path is now %s", in[1])
	}
}
