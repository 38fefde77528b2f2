// Package near finds the name that was probably meant by one that there is not.
package near

// maxTypos bounds how far a name may be from one that was probably meant: with more
// mistakes in it, it is another, and a search through thousands takes too long.
const maxTypos = 3

// Name gives the known name that was probably meant, of equally near ones the
// first in alphabetical order; "" if none is near, or the name itself is known.
func Name(name string, known []string) string {
	best, least := "", min(max(1, len(name)/3), maxTypos)+1
	for _, k := range known {
		if d := distance(name, k); d < least || d == least && best != "" && k < best {
			best, least = k, d
		}
	}
	if best == name {
		return ""
	}
	return best
}

// distance counts insertions, deletions, replacements and swaps of
// neighbours (optimal string alignment) that turn a into b; beyond maxTypos, it
// gives any number that is.
func distance(a, b string) int {
	const beyond, longest = maxTypos + 1, 64
	if len(a) > longest || len(b) > longest || max(len(a)-len(b), len(b)-len(a)) > maxTypos {
		return beyond
	}
	var rows [3][longest + 1]int
	before, previous, row := &rows[2], &rows[0], &rows[1]
	for j := range len(b) + 1 {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		// So far from the diagonal, as many letters were added or left out.
		from, to := max(1, i-maxTypos), min(len(b), i+maxTypos)
		if row[from-1] = i; from > 1 {
			row[from-1] = beyond
		}
		least := row[from-1]
		for j := from; j <= to; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, previous[j-1]+cost)
			if j < i+maxTypos {
				row[j] = min(row[j], previous[j]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= beyond {
			return beyond
		}
		before, previous, row = previous, row, before
	}
	return previous[len(b)]
}
