package rulestest

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// format is the inverse of steps.
func format(way []any) string {
	var b strings.Builder
	for i, step := range way {
		switch step := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(step) + "]")
		case string:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

func TestPathsRefused(t *testing.T) {
	for _, path := range []string{"", ".", "a.", ".a", "a..b", "[0]", "a[]", "a[-1]", "a[01]", "a[10000]", "a[1", "a]1[", "A", "a.B", "a b", "a[0]b", "è", "a\n"} {
		if way, err := steps(path); err == nil {
			t.Errorf("%q is read as %v", path, way)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"a", "a.b", "a.b[0].c", "a[9999][0]", "a_1.b2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		way, err := steps(path)
		if err != nil {
			return
		}
		if got := format(way); got != path {
			t.Errorf("%q is formatted as %q", path, got)
		}
		again, err := steps(format(way))
		if err != nil || !reflect.DeepEqual(again, way) {
			t.Errorf("%q is read again as %v: %v", path, again, err)
		}
	})
}

func TestComparePaths(t *testing.T) {
	ordered := []string{"a", "a.b", "a.l", "a.l[2]", "a.l[2].x", "a.l[10]", "b"}
	for i, a := range ordered {
		for j, b := range ordered {
			got := comparePaths(a, b)
			if (i < j) != (got < 0) || (i == j) != (got == 0) {
				t.Errorf("%s and %s: %d", a, b, got)
			}
		}
	}
}
