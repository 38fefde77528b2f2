package template

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
)

// The line of a mistake in the YAML is the first up to which the text gives the same
// error, of templates that are broken at random. A search through all lines is the
// oracle; it parses a text as often as it can be halved.
func TestErrorLine(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const signs = "{}[]:,'\"|>-#&*!%@`\t\n ?"
	order := []byte(readText(t, "order.yaml"))
	cases := 0
	for i := range 1500 {
		text := bytes.Clone(order)
		if i%5 == 0 {
			text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
		}
		if i%3 == 0 { // a line that is not read at once
			text = bytes.Replace(text, []byte("I confirm"), bytes.Repeat([]byte("I do confirm "), 100), 1)
		}
		if i%7 == 0 {
			text = append([]byte("\ufeff"), text...)
		}
		for range 1 + r.IntN(3) {
			at := 1 + r.IntN(len(text)-1)
			sign := signs[r.IntN(len(signs))]
			switch r.IntN(5) {
			case 0:
				text[at] = sign
			case 1:
				text = append(text[:at:at], text[at+1:]...)
			case 2:
				text = append(append(text[:at:at], sign), text[at:]...)
			case 3:
				text = append(append(text[:at:at], "\n\n  # a comment\n"...), text[at:]...)
			case 4:
				text = append(text[:at:at], "  "...)
			}
		}
		reached, err := decodeAll(text)
		if err == nil || err == io.EOF {
			continue
		}
		cases++
		if got, want := errorLine(text, err, reached), slowErrorLine(text, err); got != want {
			t.Errorf("line %d, want %d: %v\n%s", got, want, err, text)
		}
	}
	t.Logf("%d broken texts", cases)
	if cases < 300 {
		t.Error("too few to show anything")
	}
}

func slowErrorLine(text []byte, err error) int {
	lines := bytes.SplitAfter(text, []byte("\n"))
	n, ends := 0, make([]int, len(lines))
	for i, line := range lines {
		n += len(line)
		ends[i] = n
	}
	low, high := 0, len(lines)-1
	for low < high {
		middle := (low + high) / 2
		if _, e := decodeAll(text[:ends[middle]]); e != nil && e.Error() == err.Error() {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low + 1
}
