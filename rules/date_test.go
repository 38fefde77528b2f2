package rules

import (
	"math/rand/v2"
	"testing"
	"time"

	"cel.dev/cel-go/common/types"
)

func TestParseDate(t *testing.T) {
	for _, s := range []string{"2026-01-31", "2024-02-29", "0001-01-01", "9999-12-31", "1969-12-31", "1970-01-01", "2000-02-29"} {
		if d, ok := parseDate(s); !ok || d.String() != s {
			t.Errorf("%q: %v %v", s, d, ok)
		}
	}
	for _, s := range []string{"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "0000-01-01", "10000-01-01", "2026-01-31T00:00:00Z", " 2026-01-31", "1900-02-29", "2026/01/31", "2026-04-31"} {
		if _, ok := parseDate(s); ok {
			t.Errorf("%q was accepted", s)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	f.Add("2026-01-31")
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := parseDate(s); ok && d.String() != s {
			t.Errorf("%q became %v", s, d)
		}
	})
}

// Calendar arithmetic agrees with package time.
func TestDatesAgainstTime(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	start := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 5000 {
		at := start.AddDate(0, 0, r.IntN(maxCalendarDays))
		d, n := dateOf(at), int64(r.IntN(2000)-1000)
		want := at.AddDate(0, 0, int(n))
		if got, ok := d.addDays(n); ok != (want.Year() >= 1 && want.Year() <= 9999) || ok && got.String() != want.Format(time.DateOnly) {
			t.Fatalf("%v + %d days = %v, %v", d, n, got, ok)
		}
		// A month later, time overflows into the month after; then the last
		// day of the month is right.
		want = at.AddDate(0, int(n), 0)
		if want.Day() != at.Day() {
			want = want.AddDate(0, 0, -want.Day())
		}
		if got, ok := d.addMonths(n); ok && got.String() != want.Format(time.DateOnly) {
			t.Fatalf("%v + %d months = %v, want %v", d, n, got, want)
		}
	}
}

// Working days against counting day by day.
func TestWorkdays(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	holidays := map[date]bool{}
	for _, s := range small().Holidays {
		d, _ := parseDate(s)
		holidays[d] = true
	}
	c := calendar{holidays}
	begin, _ := parseDate("2026-11-01")
	for range 3000 {
		d, n := begin+date(r.IntN(90)), int64(r.IntN(40)-20)
		got, ok := c.addWorkdays(d, n).(date)
		if !ok {
			t.Fatal("error")
		}
		back := c.workdaysUntil(d, got)
		if n > 0 && back != types.Int(n) {
			t.Fatalf("%v + %d working days = %v, which is %v working days", d, n, got, back)
		}
		if n != 0 && !c.isWorkday(got) {
			t.Fatalf("%v + %d = %v is no working day", d, n, got)
		}
		step := date(1)
		if n < 0 {
			step = -1
		}
		count := int64(0)
		for day := d; day != got; {
			day += step
			weekday := day.time().Weekday()
			if weekday != time.Saturday && weekday != time.Sunday && !holidays[day] {
				count++
			}
		}
		if count != max(n, -n) {
			t.Fatalf("%v to %v: %d working days, want %d", d, got, count, n)
		}
	}
	if v := c.addWorkdays(begin, maxWorkdays); types.IsError(v) {
		t.Error("at the bound: refused")
	}
	if v := c.addWorkdays(begin, maxWorkdays+1); !types.IsError(v) {
		t.Error("past the bound: accepted")
	}
}

func TestDateExpressions(t *testing.T) {
	table(t, map[string]Result{
		`s.day.addDays(1) == date("2026-02-01")`:                           Pass,
		`s.day.addMonths(1) == date("2026-02-28")`:                         Pass,
		`s.day.addMonths(-11) == date("2025-02-28")`:                       Pass,
		`s.day.addMonths(25) == date("2028-02-29")`:                        Pass,
		`s.day.addMonths(1).addMonths(1) == date("2026-03-28")`:            Pass, // a last day is not kept
		`date("2024-02-29").addMonths(12) == date("2025-02-28")`:           Pass,
		`date("2024-02-29").addMonths(-12) == date("2023-02-28")`:          Pass,
		`date("2026-03-31").addMonths(-1) == date("2026-02-28")`:           Pass,
		`date("2026-12-31").addMonths(2) == date("2027-02-28")`:            Pass,
		`s.day.addMonths(0) == s.day && s.day.addDays(0) == s.day`:         Pass,
		`s.day.addDays(-31) == date("2025-12-31")`:                         Pass,
		`date("2028-02-28").addDays(1) == date("2028-02-29")`:              Pass,
		`date("2026-02-28").addDays(1) == date("2026-03-01")`:              Pass,
		`s.day.daysUntil(date("2026-01-01")) == -30`:                       Pass,
		`s.day.daysUntil(s.day) == 0`:                                      Pass,
		`date("0001-01-01").daysUntil(date("9999-12-31")) == 3652058`:      Pass,
		`date("2026-01-01") - s.day == days(-30)`:                          Pass,
		`date("2026-01-01") - s.day < days(0)`:                             Pass,
		`date("9999-12-31") - date("0001-01-01") > days(1)`:                Error,
		`date("0001-01-01").addDays(-1) < s.day`:                           Error,
		`s.day.addDays(9223372036854775807) > s.day`:                       Error,
		`s.day.addMonths(-9223372036854775808) < s.day`:                    Error,
		`s.day < date("2026-02-01") && s.day >= date("2026-01-31")`:        Pass,
		`s.day.daysUntil(date("2026-02-10")) == 10`:                        Pass,
		`date("2026-02-10") - s.day == days(10)`:                           Pass,
		`s.day.year() == 2026 && s.day.month() == 1 && s.day.day() == 31`:  Pass,
		`s.day.weekday() == 6`:                                             Pass,
		`s.day.isWorkday()`:                                                Fail,
		`date("2026-12-24").addWorkdays(1) == date("2026-12-28")`:          Pass,
		`date("2026-12-24").workdaysUntil(date("2027-01-04")) == 5`:        Pass,
		`date("2027-01-04").workdaysUntil(date("2026-12-24")) == -5`:       Pass,
		`date("2026-12-28").addWorkdays(-1) == date("2026-12-24")`:         Pass,
		`date("2026-12-25").addWorkdays(0) == date("2026-12-25")`:          Pass,
		`date("2026-12-25").isWorkday() || date("2026-12-26").isWorkday()`: Fail,
		`date("2026-12-24").isWorkday() && date("2026-12-28").isWorkday()`: Pass,
		`date("2026-12-25").workdaysUntil(date("2026-12-27")) == 0`:        Pass,
		`date("2026-12-27").workdaysUntil(date("2026-12-25")) == 0`:        Pass,
		`date("2026-12-24").workdaysUntil(date("2026-12-24")) == 0`:        Pass,
		`date("0001-01-01").workdaysUntil(s.day) > 0`:                      Error,
		`date("9999-12-31").addWorkdays(1) > s.day`:                        Error,
		`date("9999-12-31").addDays(1) > s.day`:                            Error,
		`date("0001-01-01").addMonths(-1) < s.day`:                         Error,
		`s.day.addWorkdays(1000000) > s.day`:                               Error,
		`date(s.text) == s.day`:                                            Error,
		`s.when.date() == date("2026-11-22")`:                              Pass,
		`timestamp("2026-11-22T22:30:00Z").date() == s.when.date()`:        Pass,
		`timestamp("2026-11-23T12:30:00+14:00").date() == s.when.date()`:   Fail, // one moment, two days
		`timestamp("2026-11-23T12:30:00+14:00") == s.when`:                 Pass,
		`timestamp("2026-11-22T23:30:00Z") == s.when`:                      Fail,
		`s.when < timestamp("2026-11-22T23:00:00Z")`:                       Pass,
		`s.when >= timestamp("2026-11-22T11:30:00-11:00")`:                 Pass,
		`s.when in [timestamp("2026-11-22T22:30:00Z")]`:                    Pass,
		`(s.when + duration("1h")).date() == date("2026-11-23")`:           Pass, // in its own offset still
		`timestamp("2026-11-23T22:30:00Z") - s.when == days(1)`:            Pass,
		`s.when - timestamp("2026-11-23T22:30:00Z") == days(-1)`:           Pass,
		`string(s.when) == "2026-11-22T23:30:00+01:00"`:                    Pass,
		`timestamp("9999-12-31T23:59:59Z") + days(1) > s.when`:             Error,
		`days(100000) + days(100000) > s.long`:                             Error,
		`s.long - days(2) < days(0)`:                                       Pass,
		`s.long.getHours() == 36`:                                          Pass,
		`s.long.getDays() == 1`:                                            Pass, // of 36 hours
		`(days(1) - days(1) - s.long).getDays() == -1`:                     Pass, // towards zero, not down
		`duration("23h59m59s").getDays() == 0`:                             Pass,
		`duration("-23h59m59s").getDays() == 0`:                            Pass,
		`duration("24h").getDays() == 1 && days(-1).getDays() == -1`:       Pass,
		`days(100000).getDays() == 100000`:                                 Pass,
		`days(-100000).getDays() == -100000`:                               Pass,
		`(days(100000) + days(1)).getDays() == 100001`:                     Pass, // no field holds it, and it has days
		`(date("2026-03-31") - s.day).getDays() == 59`:                     Pass,
		`(timestamp("2026-11-20T22:30:01Z") - s.when).getDays() == -1`:     Pass,
		`days(3).getDays() == s.day.daysUntil(s.day.addDays(3))`:           Pass,
		`(days(100000) + days(100000)).getDays() > 0`:                      Error,
		`days(-100001) < s.long`:                                           Error,
		`days(100000) > s.long && days(-100000) < s.long`:                  Pass,
		`s.when + days(1) > timestamp("2026-11-23T22:00:00Z")`:             Pass,
		`s.when.getHours() == 22`:                                          Pass,
		`s.long == days(1) + duration("12h")`:                              Pass,
		`s.long > days(2)`:                                                 Fail,
		`days(1000000) > s.long`:                                           Error,
		`string(s.day) == "2026-01-31"`:                                    Pass,
		`s.day in [date("2026-01-31")]`:                                    Pass,
	})
	refused(t, `s.day + 1 > s.day`, `s.day > "2026-01-01"`, `s.day == s.when`, `date("2026-02-30") == s.day`, `now() > s.when`, `s.day.addDays("1") > s.day`, `s.day + days(1) > s.day`,
		`s.day.getDays() == 1`, `s.when.getDays() == 1`, `getDays(s.long) == 1`, `s.long.getDays(1) == 1`, `s.n.getDays() == 1`, `s.long.days() == 1`)
}

// Holidays are those of the definition, and of no other.
func TestHolidaysOfOne(t *testing.T) {
	none := small(`date("2026-12-25").isWorkday()`, `date("2026-12-26").isWorkday()`)
	none.Holidays = nil
	some := small(`date("2026-12-25").isWorkday()`, `date("2026-12-26").isWorkday()`)
	for _, c := range []struct {
		d    Definition
		want Result
	}{{none, Pass}, {some, Fail}, {none, Pass}} {
		s := compiled(t, c.d)
		if got := s.Eval("c0", s.Input()).Result; got != c.want {
			t.Errorf("Christmas, with %d holidays: %s, want %s", len(c.d.Holidays), got, c.want)
		}
		if got := s.Eval("c1", s.Input()).Result; got != Fail { // a Saturday
			t.Errorf("a Saturday, with %d holidays: %s", len(c.d.Holidays), got)
		}
	}
}
