package rules

import (
	_ "embed"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // so that a name means something on machines without a table, and in a browser

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// zoneFile lists the time zones that can be named: those of the table that comes
// with Go, spelled as there. What else a machine takes for the name of a zone,
// such as "Local" or a file that leads to its own, would be another zone on the next.
//
//go:embed zones.txt
var zoneFile string

var zoneNames = sync.OnceValue(func() []string { return strings.Fields(zoneFile) })

var (
	offsetPattern = regexp.MustCompile(`^([+-]?([01][0-9]|2[0-3]):[0-5][0-9]|UTC)$`)
	// zonePattern is of what may be the name of a zone, of a later table too.
	zonePattern = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

	errZone = errors.New("there is no time zone of that name, and no such offset")
)

// zoneOf gives the zone of a name or of an offset, never that of the machine.
func zoneOf(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	if offsetPattern.MatchString(name) {
		return time.FixedZone("", offsetSeconds(name)), nil
	}
	if _, ok := slices.BinarySearch(zoneNames(), name); !ok {
		return nil, errZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil { // the machine's own table is broken
		return nil, errZone
	}
	return zone, nil
}

// offsetSeconds reads "+01:00", "-09:30" or "01:00".
func offsetSeconds(offset string) int {
	digits := strings.TrimLeft(offset, "+-")
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[3:])
	seconds := hours*3600 + minutes*60
	if offset[0] == '-' {
		return -seconds
	}
	return seconds
}

// pinned gives a moment in the offset that it was written with. Where that is
// the machine's own, time.Parse puts it into the machine's zone, and a sum with
// a duration would follow the clocks that are changed there.
func pinned(t time.Time) time.Time {
	if t.Location() != time.Local {
		return t
	}
	_, offset := t.Zone()
	return t.In(time.FixedZone("", offset))
}

// zoned are the functions that give a part of a datetime, with their overloads
// that take a zone.
var zoned = map[string]string{
	overloads.TimeGetFullYear:     overloads.TimestampToYearWithTz,
	overloads.TimeGetMonth:        overloads.TimestampToMonthWithTz,
	overloads.TimeGetDayOfYear:    overloads.TimestampToDayOfYearWithTz,
	overloads.TimeGetDayOfMonth:   overloads.TimestampToDayOfMonthZeroBasedWithTz,
	overloads.TimeGetDate:         overloads.TimestampToDayOfMonthOneBasedWithTz,
	overloads.TimeGetDayOfWeek:    overloads.TimestampToDayOfWeekWithTz,
	overloads.TimeGetHours:        overloads.TimestampToHoursWithTz,
	overloads.TimeGetMinutes:      overloads.TimestampToMinutesWithTz,
	overloads.TimeGetSeconds:      overloads.TimestampToSecondsWithTz,
	overloads.TimeGetMilliseconds: overloads.TimestampToMillisecondsWithTz,
}

// zoneLibrary replaces what the engine does with time zones.
func zoneLibrary() []cel.EnvOption {
	options := []cel.EnvOption{cel.Function(overloads.TypeConvertTimestamp,
		cel.Overload(overloads.StringToTimestamp, []*cel.Type{cel.StringType}, cel.TimestampType,
			cel.UnaryBinding(func(text ref.Val) ref.Val {
				v := text.(types.String).ConvertToType(types.TimestampType)
				if t, ok := v.(types.Timestamp); ok {
					return types.Timestamp{Time: pinned(t.Time)}
				}
				return v
			})))}
	for function, overload := range zoned {
		options = append(options, cel.Function(function,
			cel.MemberOverload(overload, []*cel.Type{cel.TimestampType, cel.StringType}, cel.IntType,
				cel.BinaryBinding(func(moment, name ref.Val) ref.Val {
					zone, err := zoneOf(string(name.(types.String)))
					if err != nil {
						return celError(err)
					}
					there := types.Timestamp{Time: moment.(types.Timestamp).In(zone)}
					return there.Receive(function, "", nil)
				}))))
	}
	return options
}

// zone checks the time zone that a part of a datetime is asked for.
func (r *resolver) zone(e, zone ast.Expr) {
	name, literal := literalText(zone)
	if literal && offsetPattern.MatchString(name) {
		return
	}
	// A named zone depends on a table that is revised; an offset does not.
	r.differ(e.ID(), "the table of named time zones is revised; an offset such as \"+01:00\" is not")
	if !literal {
		return
	}
	switch _, known := slices.BinarySearch(zoneNames(), name); {
	case name == "" || name == "Local":
		r.mistake(zone.ID(), "the machine's own time zone is another for each reader; name one, such as \"Europe/Rome\"")
	case !zonePattern.MatchString(name):
		r.mistake(zone.ID(), "a time zone is a name such as \"Europe/Rome\", or an offset such as \"+01:00\", to 23:59")
	case !known: // perhaps to a later version
		r.imprudent(zone, "there is no time zone "+strconv.Quote(name), name, zoneNames())
	}
}
