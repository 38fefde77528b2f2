package template

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	errDue     = errors.New(`a duration is written like "3d12h": days, hours, minutes, seconds`)
	errDueZero = errors.New("a duration is longer than nothing")
	errDueLong = fmt.Errorf("a duration has at most %d days", maxDue)
)

var duePattern = regexp.MustCompile(`^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$`)

var dueUnits = [4]struct {
	letter  string
	seconds int64
}{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}

// parseDue reads a duration of whole seconds and writes it in its one form,
// largest unit first: "72h" is "3d".
func parseDue(s string) (string, error) {
	match := duePattern.FindStringSubmatch(s)
	if match == nil || s == "" {
		return "", errDue
	}
	var total int64
	for i, unit := range dueUnits {
		if match[i+1] != "" {
			n, err := strconv.ParseInt(match[i+1], 10, 64)
			if err != nil {
				return "", errDue
			}
			total += n * unit.seconds // nine digits of days are far from 64 bits
		}
	}
	switch {
	case total == 0:
		return "", errDueZero
	case total > maxDue*86400:
		return "", errDueLong
	}
	var b strings.Builder
	for _, unit := range dueUnits {
		if n := total / unit.seconds; n > 0 {
			b.WriteString(strconv.FormatInt(n, 10) + unit.letter)
			total -= n * unit.seconds
		}
	}
	return b.String(), nil
}
