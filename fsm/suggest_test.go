package fsm

import (
	"strings"
	"testing"
)

func TestClosest(t *testing.T) {
	known := []string{"filling", "signing", "in_review", "void", "a", "b", "Wrong", "end", "awaiting_reply", strings.Repeat("m", MaxName), strings.Repeat("l", MaxName+1)}
	for _, tt := range []struct{ name, want string }{
		{"signing", "signing"},
		{"signign", "signing"},
		{"singing", "signing"},
		{"sining", "signing"},
		{"siigning", "signing"},
		{"Signing", "signing"},
		{"in-review", "in_review"},
		{"In-Review", "in_review"},
		{"inreview", "in_review"},
		{"viod", "void"},
		{"A", "a"},
		{"ent", "end"},
		{"awaxxxng_reply", "awaiting_reply"},
		{strings.Repeat("m", MaxName-1), strings.Repeat("m", MaxName)},

		{"", ""},
		{"c", ""},
		{"ab", ""},
		{"eat", ""},
		{"awaxxxxg_reply", ""},
		{strings.Repeat("m", MaxName+1), ""},
		{"avoided", ""},
		{"sign", ""},
		{"filling_the_form", ""},
		{"wrong", ""}, // no id itself
		{strings.Repeat("l", MaxName), ""},
		{strings.Repeat("l", MaxName+1), ""},
		{"\xff\xfe", ""},
	} {
		if got := closest(tt.name, len(known), func(i int) string { return known[i] }); got != tt.want {
			t.Errorf("closest(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// refDistance is the definition of the distance.
func refDistance(a, b string) int {
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	x, y := len(a)-1, len(b)-1
	d := refDistance(a[:x], b[:y])
	if a[x] != b[y] {
		d++
	}
	d = min(d, refDistance(a[:x], b)+1, refDistance(a, b[:y])+1)
	if x > 0 && y > 0 && a[x] == b[y-1] && a[x-1] == b[y] {
		d = min(d, refDistance(a[:x-1], b[:y-1])+1)
	}
	return d
}

// All pairs of words of at most four letters out of three.
func TestDistance(t *testing.T) {
	words := []string{""}
	for i := 0; len(words[i]) < 4; i++ {
		for _, c := range "abc" {
			words = append(words, words[i]+string(c))
		}
	}
	n := 0
	for _, a := range words {
		for _, b := range words {
			n++
			if got, want := distance(a, b), refDistance(a, b); got != want {
				t.Fatalf("distance(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
	if t.Logf("%d pairs", n); n != 121*121 {
		t.Errorf("%d pairs", n)
	}
}
