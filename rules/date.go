package rules

import (
	"errors"
	"reflect"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// date is a calendar date as a value of the expression language: days since
// 1970-01-01, in the proleptic Gregorian calendar, years 1 to 9999. It has no
// clock and no zone, so it means the same to everybody who replays.
type date int64

var dateType = types.NewObjectType("date", traits.ComparerType|traits.SubtractorType)

var (
	errDateText     = errors.New("text is no date (year-month-day)")
	errDateRange    = errors.New("date is out of the years 1 to 9999")
	errWorkdayRange = errors.New("too many working days")
)

const secondsPerDay = 24 * 60 * 60

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// parseDate reads "2006-01-02", a day that exists.
func parseDate(s string) (date, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 || len(s) != len(time.DateOnly) {
		return 0, false
	}
	// Unix seconds before 1970 are negative multiples of a day: exact.
	return date(t.Unix() / secondsPerDay), true
}

func (d date) time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String formats the date as "2006-01-02".
func (d date) String() string { return d.time().Format(time.DateOnly) }

// addDays reports false where the result is out of the calendar.
func (d date) addDays(n int64) (date, bool) {
	if n < -maxCalendarDays || n > maxCalendarDays {
		return 0, false
	}
	return (d + date(n)).checked()
}

// addMonths keeps the day of the month, or takes the month's last: one month
// after January 31 is the end of February.
func (d date) addMonths(n int64) (date, bool) {
	if n < -maxCalendarDays || n > maxCalendarDays {
		return 0, false
	}
	t := d.time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dateOf(first.AddDate(0, 0, min(t.Day(), last)-1)).checked()
}

func (d date) checked() (date, bool) {
	y := d.time().Year()
	return d, y >= 1 && y <= 9999
}

// Compare implements traits.Comparer.
func (d date) Compare(other ref.Val) ref.Val {
	e, ok := other.(date)
	switch {
	case !ok:
		return types.MaybeNoSuchOverloadErr(other)
	case d < e:
		return types.IntNegOne
	case d > e:
		return types.IntOne
	}
	return types.IntZero
}

// Subtract implements traits.Subtractor: the time from one date to the other.
func (d date) Subtract(other ref.Val) ref.Val {
	e, ok := other.(date)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return daysDuration(int64(d - e))
}

// Equal implements ref.Val.
func (d date) Equal(other ref.Val) ref.Val {
	e, ok := other.(date)
	return types.Bool(ok && d == e)
}

// ConvertToType implements ref.Val.
func (d date) ConvertToType(t ref.Type) ref.Val {
	switch t {
	case types.StringType:
		return types.String(d.String())
	case types.TypeType:
		return dateType
	}
	return types.NewErr("date cannot become %s", t.TypeName())
}

// ConvertToNative implements ref.Val.
func (d date) ConvertToNative(t reflect.Type) (any, error) {
	if t.Kind() == reflect.String {
		return d.String(), nil
	}
	return nil, errors.New("date has no native form but text")
}

// Type implements ref.Val.
func (d date) Type() ref.Type { return dateType }

// Value implements ref.Val.
func (d date) Value() any { return d.String() }

func daysDuration(n int64) ref.Val {
	if n < -maxDurationDays || n > maxDurationDays {
		return celError(errDateRange)
	}
	return types.Duration{Duration: time.Duration(n) * 24 * time.Hour}
}

func dateResult(d date, ok bool) ref.Val {
	if !ok {
		return celError(errDateRange)
	}
	return d
}

// calendar knows the working days of one definition.
type calendar struct{ holidays map[date]bool }

func (c calendar) isWorkday(d date) bool {
	// 1970-01-01 was a Thursday.
	switch weekday := ((int64(d)+3)%7 + 7) % 7; weekday {
	case 5, 6:
		return false
	}
	return !c.holidays[d]
}

// addWorkdays returns the n-th working day after d (before it, if negative);
// for 0 it is d itself, whatever day that is.
func (c calendar) addWorkdays(d date, n int64) ref.Val {
	if n < -maxWorkdays || n > maxWorkdays {
		return celError(errWorkdayRange)
	}
	step := date(1)
	if n < 0 {
		step, n = -1, -n
	}
	for walked := 0; n > 0; walked++ {
		if walked > 2*maxWorkdays {
			return celError(errWorkdayRange) // a definition of holidays only
		}
		if d += step; c.isWorkday(d) {
			n--
		}
	}
	return dateResult(d.checked())
}

// workdaysUntil counts the working days after d up to and including e;
// negative if e is before d.
func (c calendar) workdaysUntil(d, e date) ref.Val {
	if e < d {
		n, ok := c.workdaysUntil(e-1, d-1).(types.Int)
		if !ok {
			return celError(errWorkdayRange)
		}
		return -n
	}
	if e-d > 2*maxWorkdays {
		return celError(errWorkdayRange)
	}
	n := types.Int(0)
	for day := d + 1; day <= e; day++ {
		if c.isWorkday(day) {
			n++
		}
	}
	return n
}

// dateLibrary declares dates and whole days.
func dateLibrary() []cel.EnvOption {
	day, num := cel.ObjectType("date"), cel.IntType
	part := func(name string, get func(time.Time) int) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload("date_"+name, []*cel.Type{day}, num,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return types.Int(get(v.(date).time())) })))
	}
	move := func(name string, by func(date, int64) (date, bool)) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload("date_"+name, []*cel.Type{day, num}, day,
			cel.BinaryBinding(func(d, n ref.Val) ref.Val { return dateResult(by(d.(date), int64(n.(types.Int)))) })))
	}
	compare := func(operator, name string) cel.EnvOption {
		return cel.Function(operator, cel.Overload(name, []*cel.Type{day, day}, cel.BoolType))
	}
	return []cel.EnvOption{
		cel.Function("date",
			cel.Overload("string_to_date", []*cel.Type{cel.StringType}, day,
				cel.UnaryBinding(func(v ref.Val) ref.Val {
					d, ok := parseDate(string(v.(types.String)))
					if !ok {
						return celError(errDateText)
					}
					return d
				})),
			// The day as it is written in the datetime's own offset.
			cel.MemberOverload("timestamp_date", []*cel.Type{cel.TimestampType}, day,
				cel.UnaryBinding(func(v ref.Val) ref.Val {
					return dateResult(dateOf(v.(types.Timestamp).Time).checked())
				}))),
		compare("_<_", "less_date"), compare("_<=_", "less_equals_date"),
		compare("_>_", "greater_date"), compare("_>=_", "greater_equals_date"),
		cel.Function("_-_", cel.Overload("subtract_date", []*cel.Type{day, day}, cel.DurationType)),
		cel.Function("string", cel.Overload("date_to_string", []*cel.Type{day}, cel.StringType,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return v.ConvertToType(types.StringType) }))),
		move("addDays", date.addDays),
		move("addMonths", date.addMonths),
		cel.Function("daysUntil", cel.MemberOverload("date_daysUntil", []*cel.Type{day, day}, num,
			cel.BinaryBinding(func(d, e ref.Val) ref.Val { return types.Int(e.(date) - d.(date)) }))),
		part("year", time.Time.Year),
		part("month", func(t time.Time) int { return int(t.Month()) }),
		part("day", time.Time.Day),
		// ISO 8601: Monday is 1, Sunday 7.
		part("weekday", func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }),
		cel.Function("days", cel.Overload("int_to_days", []*cel.Type{num}, cel.DurationType,
			cel.UnaryBinding(func(n ref.Val) ref.Val { return daysDuration(int64(n.(types.Int))) }))),
		// As the engine's own getHours: all of the duration, without its fraction.
		cel.Function("getDays", cel.MemberOverload("duration_getDays", []*cel.Type{cel.DurationType}, num,
			cel.UnaryBinding(func(d ref.Val) ref.Val { return types.Int(d.(types.Duration).Duration / (24 * time.Hour)) }))),
	}
}

// calendarFunctions are the names of the functions that depend on the holidays
// of the definition.
var calendarFunctions = []string{"isWorkday", "addWorkdays", "workdaysUntil"}

// library declares them.
func (c calendar) library() []cel.EnvOption {
	day := cel.ObjectType("date")
	return []cel.EnvOption{
		cel.Function("isWorkday", cel.MemberOverload("date_isWorkday", []*cel.Type{day}, cel.BoolType,
			cel.UnaryBinding(func(d ref.Val) ref.Val { return types.Bool(c.isWorkday(d.(date))) }))),
		cel.Function("addWorkdays", cel.MemberOverload("date_addWorkdays", []*cel.Type{day, cel.IntType}, day,
			cel.BinaryBinding(func(d, n ref.Val) ref.Val { return c.addWorkdays(d.(date), int64(n.(types.Int))) }))),
		cel.Function("workdaysUntil", cel.MemberOverload("date_workdaysUntil", []*cel.Type{day, day}, cel.IntType,
			cel.BinaryBinding(func(d, e ref.Val) ref.Val { return c.workdaysUntil(d.(date), e.(date)) }))),
	}
}
