package fsm

import "strings"

// closest returns which of the n known names was probably meant by name, or "".
// Letter case and "-" for "_" cost nothing, and of equals the first one wins. A
// known name that is itself wrong is never suggested.
func closest(name string, n int, known func(i int) string) string {
	if len(name) > MaxName {
		return ""
	}
	plain := strings.ReplaceAll(strings.ToLower(name), "-", "_")
	// A third of the letters may be wrong, three at most: beyond that the guess
	// would be worse than none.
	best, least := "", min(len(plain)/3, 3)+1
	for i := range n {
		k := known(i)
		if len(k) > MaxName || !isID(k) {
			continue
		}
		if d := distance(plain, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to make b of a (optimal string alignment).
func distance(a, b string) int {
	// Three rows of the table are enough: a swap looks back two.
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, above, row = above, row, before
		row[0] = i + 1
		for j := range len(b) {
			replace := above[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
