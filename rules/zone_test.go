package rules

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Zones that can be named, by name or offset, for all parts of a datetime. The
// moment is November 22, 2026, 23:30 in the offset +01:00, a Sunday.
func TestTimeZones(t *testing.T) {
	table(t, map[string]Result{
		`s.when.getHours("Europe/Rome") == 23`:            Pass,
		`s.when.getHours("Asia/Kolkata") == 4`:            Pass,
		`s.when.getMinutes("Asia/Kolkata") == 0`:          Pass,
		`s.when.getDate("Asia/Tokyo") == 23`:              Pass,
		`s.when.getDayOfMonth("Asia/Tokyo") == 22`:        Pass, // from 0
		`s.when.getDayOfWeek("Asia/Tokyo") == 1`:          Pass,
		`s.when.getDayOfYear("Asia/Tokyo") == 326`:        Pass,
		`s.when.getMonth("America/New_York") == 10`:       Pass,
		`s.when.getFullYear("Pacific/Apia") == 2026`:      Pass,
		`s.when.getSeconds("Europe/Rome") == 0`:           Pass,
		`s.when.getMilliseconds("Europe/Rome") == 0`:      Pass,
		`s.when.getHours("UTC") == 22`:                    Pass,
		`s.when.getHours() == 22`:                         Pass,
		`s.when.getHours("+01:00") == 23`:                 Pass,
		`s.when.getHours("01:00") == 23`:                  Pass,
		`s.when.getHours("-09:30") == 13`:                 Pass,
		`s.when.getHours("-00:30") == 22`:                 Pass,
		`s.when.getMinutes("-00:30") == 0`:                Pass,
		`s.when.getHours("+23:59") == 22`:                 Pass,
		`s.when.getHours("EST") == 22`:                    Fail,
		`s.when.getHours("+0" + string(s.n) + ":00") < 2`: Pass, // a zone that is made up
		`s.when.getHours(s.text) == 22`:                   Error,
	})
}

// A zone that an expression names is one that there is, and never the machine's
// own.
func TestZoneMistakes(t *testing.T) {
	for _, c := range []struct {
		zone, want string
		frozen     bool // it is refused, too, where the definition is in use
	}{
		{"Local", `the machine's own time zone is another for each reader; name one, such as "Europe/Rome"`, true},
		{"", `the machine's own time zone is another for each reader; name one, such as "Europe/Rome"`, true},
		{"+25:00", `a time zone is a name such as "Europe/Rome", or an offset such as "+01:00", to 23:59`, true},
		{"+24:00", `a time zone is a name`, true},
		{"+01:60", `a time zone is a name`, true},
		{"+1:00", `a time zone is a name`, true},
		{"+01", `a time zone is a name`, true},
		{"localtime", `a time zone is a name`, true},
		{"right/Europe/Rome", `a time zone is a name`, true},
		{"europe/rome", `a time zone is a name`, true},
		{"Europe/../Local", `a time zone is a name`, true},
		{"/etc/localtime", `a time zone is a name`, true},
		{"Europe/Rome ", `a time zone is a name`, true},
		{"Europe/Roma", `there is no time zone "Europe/Roma"; did you mean "Europe/Rome"?`, false},
		{"Europe/rome", `there is no time zone "Europe/rome"; did you mean "Europe/Rome"?`, false},
		{"Factory", `there is no time zone "Factory"`, false},
		{"Mars/Olympus", `there is no time zone "Mars/Olympus"`, false},
	} {
		d := small(`s.when.getHours("` + c.zone + `") == 1`)
		_, err := Compile(d)
		if err == nil || !strings.HasPrefix(err.Error(), "1:17: condition c0: "+c.want) || !strings.HasSuffix(err.Error(), "\n |                 ^") {
			t.Errorf("%q: %v", c.zone, err)
		}
		s, err := CompileFrozen(d)
		if c.frozen {
			if err == nil {
				t.Errorf("%q: accepted where it is in use", c.zone)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: refused where it is in use: %v", c.zone, err)
			continue
		}
		in := s.Input()
		must(t, in.Section("s", map[string]any{"when": "2026-11-22T23:30:00+01:00"}))
		if got := told(s.Eval("c0", in)); got != "error; condition c0: there is no time zone of that name, and no such offset" {
			t.Errorf("%q: %s", c.zone, got)
		}
	}
}

// What content names as a zone is one of those, or breaks the rule with a reason.
func TestZonesOfContent(t *testing.T) {
	s := compiled(t, small(`s.when.getHours(s.text) == 23`))
	for zone, want := range map[string]string{
		"Europe/Rome": "pass", "+01:00": "pass", "UTC": "fail",
		"Local": "", "localtime": "", "Localtime": "", "posixrules": "", "right/Europe/Rome": "", "posix/Europe/Rome": "",
		"europe/rome": "", "Europe": "", "Europe/Roma": "", "+25:00": "", "+1:00": "", "-": "", ":": "", "+:": "", "../UTC": "",
		"/usr/share/zoneinfo/UTC": "", "Etc/../UTC": "", " UTC": "", "utc": "",
	} {
		if want == "" {
			want = "error; condition c0: there is no time zone of that name, and no such offset"
		}
		in := s.Input()
		must(t, in.Section("s", map[string]any{"text": zone, "when": "2026-11-22T23:30:00+01:00"}))
		if got := told(s.Eval("c0", in)); got != want {
			t.Errorf("%q: %s, want %s", zone, got, want)
		}
	}
}

// Every zone that can be named is there, whatever the machine has.
func TestZoneTable(t *testing.T) {
	names := zoneNames()
	if len(names) < 500 || !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Fatalf("%d names, sorted %v", len(names), slices.IsSorted(names))
	}
	for _, name := range names {
		if _, err := zoneOf(name); err != nil || !zonePattern.MatchString(name) || name == "Local" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nothing depends on the time zone of the machine.
func TestMachinesZone(t *testing.T) {
	d := small()
	winter := `timestamp("2026-01-15T12:00:00+01:00")`
	for _, e := range []string{
		`s.when.date() == date("2026-11-22")`, `s.when.getHours() == 22`, `string(s.when) == "2026-11-22T23:30:00+01:00"`,
		// Summers, in which the clocks are set forward where it is +01:00 in winter.
		`string(s.when + duration("4800h")) == "2027-06-10T23:30:00+01:00"`, `string(s.when - duration("4800h")) == "2026-05-06T23:30:00+01:00"`,
		`(s.when + duration("4800h")).date() == date("2027-06-10")`,
		winter + `.date() == date("2026-01-15")`, `string(` + winter + ` + duration("4380h")) == "2026-07-17T00:00:00+01:00"`,
		`(` + winter + ` + duration("4379h30m")).date() == date("2026-07-16")`,
		`string(s.at.map(x, x + duration("4380h"))[0]) == "2026-07-17T00:00:00+01:00"`,
		`string(seen + duration("4380h")) == "2026-07-17T00:00:00+01:00"`,
		`string(timestamp(1768474800)) == "2026-01-15T11:00:00Z"`, `s.later.date() == date("2027-06-10")`,
		`s.when.getHours(s.text) == 23`, `s.day.weekday() == 6`, `s.when > ` + winter,
	} {
		d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(len(d.Conditions)), Expr: e})
	}
	d.Sections[0].Fields = append(d.Sections[0].Fields,
		Field{Name: "at", Kind: KindList, Of: &Field{Kind: KindDatetime}},
		Field{Name: "later", Kind: KindDatetime, Compute: `when + duration("4800h")`})
	d.Facts = []Fact{{Name: "seen", Type: Field{Kind: KindDatetime}}}
	content := map[string]any{"text": "Europe/Rome", "n": int64(3), "day": "2026-01-31", "long": "1d12h", "money": "12.50",
		"when": "2026-11-22T23:30:00+01:00", "at": []any{"2026-01-15T12:00:00+01:00"}}
	told := func() string {
		s := compiled(t, d)
		made, err := s.Compute("s", content)
		must(t, err)
		out := []string{made["later"].(string)}
		in := s.Input()
		must(t, in.Section("s", made))
		must(t, in.Fact("seen", "2026-01-15T12:00:00+01:00"))
		for _, c := range s.Conditions() {
			out = append(out, c.ID+" "+outcome(s.Eval(c.ID, in)))
		}
		return strings.Join(out, "\n")
	}
	machine := time.Local
	defer func() { time.Local = machine }()
	time.Local = time.UTC
	want := told()
	if strings.Count(want, "pass") < len(d.Conditions) || !strings.HasPrefix(want, "2027-06-10T23:30:00+01:00\n") {
		t.Errorf("in UTC:\n%s", want)
	}
	for _, name := range []string{"Europe/Rome", "Europe/London", "America/New_York", "Asia/Tokyo", "Africa/Lagos", "Antarctica/Troll"} {
		var err error
		time.Local, err = time.LoadLocation(name)
		must(t, err)
		if got := told(); got != want {
			t.Errorf("in %s:\n%s\nin UTC:\n%s", name, got, want)
		}
	}
	t.Logf("%d conditions in 7 zones", len(d.Conditions))
}

// The entries of a map come in another order each time, so nobody walks them.
func TestNoOrderOfMaps(t *testing.T) {
	for _, e := range []string{
		`{"a": 1, "b": 2}.map(k, k)[0] == "a"`, `{"a": 1, "b": 2}.filter(k, true)[0] == "a"`, `{"a": 1, "b": 2}.transformList(k, v, v)[0] == 1`,
		`{"a": 1, "b": 2}.all(k, k != "")`, `{"a": 1, "b": 2}.exists(k, v, v == 1)`, `{"a": 1, "b": 2}.exists_one(k, k == "a")`,
		`dyn({"a": 1, "b": 2}).map(k, k)[0] == "a"`, `(s.n > 1 ? dyn({"a": 1}) : dyn([1])).map(k, k)[0] == "a"`,
		`[{"a": 1, "b": 2}].all(m, m.map(k, k)[0] == "a")`, `optional.of({"a": 1, "b": 2}).optMap(m, m.map(k, k)[0]).value() == "a"`,
		`cel.bind(m, {"a": 1, "b": 2}, m.map(k, k)[0] == "a")`,
	} {
		for _, compile := range []func(Definition) (*Set, error){Compile, CompileFrozen} {
			if _, err := compile(small(e)); err == nil || !strings.Contains(err.Error(), "the entries of a map come in no order; write a list") {
				t.Errorf("%s: %v", e, err)
			}
		}
	}
	for range 20 { // more than chance
		table(t, map[string]Result{
			`{"b": 1, "a": 2, "c": 3}["a"] == 2`:                              Pass,
			`"a" in {"b": 1, "a": 2, "c": 3}`:                                 Pass,
			`{"b": 1, "a": 2} == {"a": 2, "b": 1}`:                            Pass,
			`"%s".format([{"b": 1, "a": 2, "c": 3}]) == "{a: 2, b: 1, c: 3}"`: Pass,
		})
	}
}
