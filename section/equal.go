package section

import (
	"maps"
	"slices"
)

// Equal says whether two values in canonical form are the same.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case Content:
		return equalRecords(a, b)
	case map[string]any:
		return equalRecords(a, b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Equal)
	case nil, string, int64, bool:
		return a == b
	}
	return false
}

func equalRecords(a map[string]any, b any) bool {
	if c, ok := b.(Content); ok {
		b = map[string]any(c)
	}
	m, ok := b.(map[string]any)
	return ok && maps.EqualFunc(a, m, Equal)
}

// Diff returns the top-level fields in which two contents differ, sorted.
func Diff(a, b Content) []string {
	var out []string
	for name, v := range a {
		if w, ok := b[name]; !ok || !Equal(v, w) {
			out = append(out, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
