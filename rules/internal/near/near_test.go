package near

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	known := []string{"total", "lines", "discount", "a", "ab", "covered.by", "covered.at", strings.Repeat("x", 65)}
	for _, c := range []struct{ name, want string }{
		{"totl", "total"}, {"lnies", "lines"}, {"discuont", "discount"}, {"dscnt", ""}, {"dscunt", "discount"}, {"b", "a"},
		{"total", ""}, {"xyz", ""}, {"covered.xx", "covered.at"}, {strings.Repeat("x", 64), ""}, {strings.Repeat("x", 66), ""},
	} {
		if got := Name(c.name, known); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
	if Name("a", nil) != "" {
		t.Error("a name where there are none")
	}
}

// distance gives what the definition says, as far as it matters.
func TestDistance(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	word := func(n int) string {
		b := make([]byte, random.IntN(n))
		for i := range b {
			b[i] = "abc"[random.IntN(3)]
		}
		return string(b)
	}
	near := 0
	for range 20_000 {
		a, b := word(9), word(9)
		if got, want := distance(a, b), slowDistance(a, b); min(got, maxTypos+1) != min(want, maxTypos+1) {
			t.Fatalf("%q to %q: %d, want %d", a, b, got, want)
		} else if want <= maxTypos {
			near++
		}
	}
	if near < 2000 {
		t.Errorf("only %d words are near", near)
	}
}

// slowDistance is the optimal string alignment as it is defined.
func slowDistance(a, b string) int {
	switch {
	case a == "":
		return len(b)
	case b == "":
		return len(a)
	case a[0] == b[0]:
		return slowDistance(a[1:], b[1:])
	}
	d := min(slowDistance(a[1:], b), slowDistance(a, b[1:]), slowDistance(a[1:], b[1:])) + 1
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		d = min(d, slowDistance(a[2:], b[2:])+1)
	}
	return d
}
