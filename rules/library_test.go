package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// needy is a definition that needs functions and a format of the application.
func needy(conditions ...string) Definition {
	d := small(conditions...)
	d.Sections = append(d.Sections, Section{Name: "coded", Fields: []Field{
		{Name: "code", Kind: KindText, Format: "acme_code", Required: true}, {Name: "n", Kind: KindInteger, Max: "9", Check: "1 / this >= 0"},
	}})
	d.Functions = []Function{
		{Name: "known", Args: []Kind{KindText, KindInteger}, Result: KindBoolean},
		{Name: "taxed", Member: true, Args: []Kind{KindDecimal}, Result: KindDecimal},
		{Name: "label", Args: []Kind{KindText}, Result: KindText},
		{Name: "count", Args: []Kind{KindInteger}, Result: KindInteger},
		{Name: "ready", Result: KindBoolean},
	}
	d.Formats = []Format{{Name: "acme_code"}}
	return d
}

var errTest = errors.New("value 4711 is out of order")

func acme() Library {
	return Library{
		Functions: []Function{
			{Name: "known", Args: []Kind{KindText, KindInteger}, Result: KindBoolean, Call: func(a []any) (any, error) { return a[0] == "abc" && a[1] == int64(3), nil }},
			{Name: "taxed", Member: true, Args: []Kind{KindDecimal}, Result: KindDecimal, Call: func(a []any) (any, error) { return "15.25", nil }},
			{Name: "label", Args: []Kind{KindText}, Result: KindText, Call: func(a []any) (any, error) {
				switch a[0] {
				case "fail":
					return nil, errTest
				case "panic":
					panic("4711")
				case "long":
					return strings.Repeat("x", defaultText+1), nil
				case "longest":
					return strings.Repeat("x", defaultText), nil
				case "bytes":
					return "\xff", nil
				}
				return a[0], nil
			}},
			{Name: "count", Args: []Kind{KindInteger}, Result: KindInteger, Call: func(a []any) (any, error) {
				switch a[0] {
				case int64(1):
					return "1", nil
				case int64(2):
					return int64(maxInteger + 1), nil
				case int64(3):
					return nil, nil
				}
				return a[0], nil
			}},
			{Name: "ready", Result: KindBoolean, Call: func([]any) (any, error) { return true, nil }},
			{Name: "unused", Result: KindBoolean, Call: func([]any) (any, error) { return true, nil }},
		},
		Formats: []Format{{Name: "acme_code", Describe: Text{"en": "A- and digits"}, Check: func(s string) bool {
			if s == "panic" {
				panic("4711")
			}
			return strings.HasPrefix(s, "A-")
		}}},
	}
}

var content = map[string]any{"text": "abc", "n": int64(3), "money": "12.50"}

// Whoever has the functions and formats evaluates; each other condition says
// what is lacking, and decides nothing that they could.
func TestLibrary(t *testing.T) {
	cases := []struct{ expr, with, without string }{
		{`known(s.text, s.n)`, "pass", "unknown known"},
		{`known(s.text, 4)`, "fail", "unknown known"},
		{`!known(s.text, 4) && ready()`, "pass", "unknown known ready"},
		{`s.money.taxed() == decimal("15.25")`, "pass", "unknown taxed"},
		{`label("") == ""`, "pass", "unknown label"},
		{`size(label("longest")) == 1000`, "pass", "unknown label"},
		{`[1, 2].exists(i, known(s.text, i + 1))`, "pass", "unknown known"},
		{`cel.bind(x, label(s.text), x == "abc")`, "pass", "unknown label"},
		// What is known decides all the same.
		{`s.n == 4 && known(s.text, s.n)`, "fail", "fail"},
		{`known(s.text, s.n) || s.n == 3`, "pass", "pass"},
		{`s.n == 3 ? true : ready()`, "pass", "pass"},
		{`s.n == 4 ? true : ready()`, "pass", "unknown ready"},
		// An absent field is lacking to everybody.
		{`known(s.text, s.n) && s.day < date("2026-01-01")`, "unknown absent s.day", "unknown known absent s.day"},
		{`known(s.text, 4) && s.day < date("2026-01-01")`, "fail", "unknown known absent s.day"},
		{`label(string(s.day)) == ""`, "unknown absent s.day", "unknown absent s.day"},
		// What breaks, and what is refused.
		{`label("fail") == "x"`, "error label() failed", "unknown label"},
		{`label("panic") == "x"`, "error label() panicked", "unknown label"},
		{`label("long") == "x"`, "error label() " + brokeResult, "unknown label"},
		{`label("bytes") == "x"`, "error label() " + brokeResult, "unknown label"},
		{`count(1) == 1`, "error count() " + brokeResult, "unknown count"},
		{`count(2) == 1`, "error count() " + brokeResult, "unknown count"},
		{`count(3) == 1`, "error count() " + brokeResult, "unknown count"},
		{`count(9007199254740992) == 1`, "error count() " + brokeArgument, "unknown count"},
	}
	exprs := make([]string, len(cases))
	for i, c := range cases {
		exprs[i] = c.expr
	}
	lacking := compiled(t, needy(exprs...))
	having, err := lacking.With(acme())
	must(t, err)
	say := func(v Verdict) string {
		out := string(v.Result)
		var broken *EvalError
		if errors.As(v.Err, &broken) {
			out += " " + broken.Reason
		}
		if len(v.Lacks) > 0 {
			out += " " + strings.Join(v.Lacks, " ")
		}
		if len(v.Absent) > 0 {
			out += " absent " + strings.Join(v.Absent, " ")
		}
		return out
	}
	for i, c := range cases {
		for set, want := range map[*Set]string{having: c.with, lacking: c.without} {
			in := set.Input()
			must(t, in.Section("s", content))
			v := set.Eval("c"+itoa(i), in)
			if got := say(v); got != want {
				t.Errorf("%s: %s, want %s", c.expr, got, want)
			}
			if v.Err != nil && strings.Contains(v.Err.Error(), "4711") {
				t.Errorf("%s: the error holds a value: %v", c.expr, v.Err)
			}
			if strings.Contains(c.with, "failed") && set == having && !errors.Is(v.Err, errTest) {
				t.Errorf("%s: %v wraps nothing", c.expr, v.Err)
			}
		}
	}
	t.Logf("%d conditions, each with and without", len(cases))
	// Everything but what is lacking is the same for both.
	for i, info := range lacking.Conditions() {
		other := having.Conditions()[i]
		if info.Cost != other.Cost || !slices.Equal(info.Needs, other.Needs) || info.Replayable != other.Replayable {
			t.Errorf("%+v\nand %+v", info, other)
		}
		if needs := info.ID != "valid.s"; needs == info.Replayable || needs != (len(info.Needs) > 0) {
			t.Errorf("%s: replayable %v, needs %v", info.ID, info.Replayable, info.Needs)
		}
	}
	if again, err := having.With(Library{}); err != nil || evalOf(t, again, "c0").Result != Pass {
		t.Errorf("an empty library takes away what was there: %v", err)
	}
}

// A format of the application is one of a field.
func TestLibraryFormats(t *testing.T) {
	lacking := compiled(t, needy())
	having, err := lacking.With(acme())
	must(t, err)
	for _, c := range []struct {
		content       map[string]any
		with, without string
	}{
		{map[string]any{"code": "A-1"}, "pass", "unknown acme_code"},
		{map[string]any{"code": "B-1"}, "fail coded.code.format", "unknown acme_code"},
		{map[string]any{"code": "panic"}, "error coded.code format: the format acme_code panicked", "unknown acme_code"},
		{map[string]any{"code": "panic", "n": int64(10)}, "fail coded.n.bounds coded.code format: the format acme_code panicked", "fail coded.n.bounds"},
		{map[string]any{"code": "A-1", "n": int64(0)}, "error valid.coded: an expression broke", "unknown acme_code"},
		{map[string]any{}, "fail coded.code.required", "fail coded.code.required"},
		{map[string]any{"code": "B-1", "n": int64(10)}, "fail coded.code.format coded.n.bounds", "fail coded.n.bounds"},
	} {
		for set, want := range map[*Set]string{having: c.with, lacking: c.without} {
			in := set.Input()
			must(t, in.Section("coded", c.content))
			v := set.Eval("valid.coded", in)
			got := strings.Join(append([]string{string(v.Result)}, v.Lacks...), " ")
			for _, x := range v.Violations {
				got += " " + x.Rule
				if x.Reason == ReasonFormat && x.Message("en") != "A- and digits" {
					t.Errorf("message %q", x.Message("en"))
				}
			}
			if v.Err != nil {
				got += " " + v.Err.Error()
			}
			if got != want {
				t.Errorf("%v: %s, want %s", c.content, got, want)
			}
		}
	}
}

// A rule that only warns, and that not everybody can tell, stands for itself.
func TestAdvisory(t *testing.T) {
	d := needy()
	d.Rules = []Rule{
		{ID: "firm", Expr: `known(s.text, s.n)`},
		{ID: "advice", Expr: `known(s.text, 4)`, Severity: SeverityWarning},
		{ID: "plain", Expr: `s.n > 0`, Severity: SeverityWarning},
	}
	set := compiled(t, d)
	var ids []string
	for _, info := range set.Conditions() {
		ids = append(ids, info.ID+"("+strings.Join(info.Folded, " ")+")")
	}
	if got, want := strings.Join(ids, " "), "valid.s(rule.firm rule.plain) valid.coded() rule.advice()"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for id, want := range map[string]string{"valid.s": "unknown [known]", "rule.advice": "unknown [known]", "valid.coded": "fail []"} {
		if v := evalOf(t, set, id); fmt.Sprintf("%s %v", v.Result, v.Lacks) != want {
			t.Errorf("%s: %+v, want %s", id, v, want)
		}
	}
	set, err := set.With(acme())
	must(t, err)
	if v := evalOf(t, set, "rule.advice"); v.Result != Pass || len(v.Violations) != 1 {
		t.Errorf("%+v", v)
	}
	if v := evalOf(t, set, "valid.s"); v.Result != Pass {
		t.Errorf("%+v", v)
	}
}

func TestLibraryRefused(t *testing.T) {
	call := func([]any) (any, error) { return nil, nil }
	check := func(string) bool { return true }
	many := make([]Function, maxFunctions+1)
	cases := []struct {
		what string
		d    Definition
		l    *Library // nil: the definition itself is refused
		want string
	}{
		{"a name of the engine", Definition{Functions: []Function{{Name: "size", Result: KindText}}}, nil, "another function"},
		{"a name of this package", Definition{Functions: []Function{{Name: "isIban", Result: KindText}}}, nil, "another function"},
		{"a name of the calendar", Definition{Functions: []Function{{Name: "isWorkday", Result: KindText}}}, nil, "another function"},
		{"a macro", Definition{Functions: []Function{{Name: "exists", Result: KindText}}}, nil, "another function"},
		{"declared twice", Definition{Functions: []Function{{Name: "f", Result: KindText}, {Name: "f", Result: KindText}}}, nil, "another function"},
		{"a function named as a format", Definition{Functions: []Function{{Name: "f", Result: KindText}}, Formats: []Format{{Name: "f"}}}, nil, "or a format"},
		{"a capital", Definition{Functions: []Function{{Name: "F", Result: KindText}}}, nil, "names of functions"},
		{"no name", Definition{Functions: []Function{{Result: KindText}}}, nil, "names of functions"},
		{"a long name", Definition{Functions: []Function{{Name: strings.Repeat("f", 64), Result: KindText}}}, nil, "names of functions"},
		{"no result", Definition{Functions: []Function{{Name: "f"}}}, nil, "has a result"},
		{"a list", Definition{Functions: []Function{{Name: "f", Args: []Kind{KindList}, Result: KindText}}}, nil, "scalar kind"},
		{"a mistyped kind", Definition{Functions: []Function{{Name: "f", Args: []Kind{"txt"}, Result: KindText}}}, nil, `did you mean "text"`},
		{"a member of nothing", Definition{Functions: []Function{{Name: "f", Member: true, Result: KindText}}}, nil, "on which it is called"},
		{"too many arguments", Definition{Functions: []Function{{Name: "f", Args: make([]Kind, maxArguments+1), Result: KindText}}}, nil, "at most 8"},
		{"too many functions", Definition{Functions: many}, nil, "at most 100 functions"},
		{"too many formats", Definition{Formats: make([]Format, maxFormats+1)}, nil, "at most 100 formats"},
		{"a format of this package", Definition{Formats: []Format{{Name: "iban"}}}, nil, "another format"},
		{"a format twice", Definition{Formats: []Format{{Name: "f"}, {Name: "f"}}}, nil, "another format"},
		{"a format in capitals", Definition{Formats: []Format{{Name: "fOrm"}}}, nil, "names of formats"},
		{"a format that is not declared", Definition{Sections: []Section{{Name: "s", Fields: []Field{{Name: "f", Kind: KindText, Format: "acme_cod"}}}}, Formats: []Format{{Name: "acme_code"}}}, nil, `did you mean "acme_code"`},
		{"a wrong call", needy(`known(s.n, s.text)`), nil, "does not take"},
		{"in when", func() Definition { d := needy(); d.Sections[1].Fields[1].When = "ready()"; return d }(), nil, "the same to everybody"},
		{"in compute", func() Definition { d := needy(); d.Sections[1].Fields[1].Compute = "count(3)"; return d }(), nil, "the same to everybody"},

		{"another argument", needy(), &Library{Functions: []Function{{Name: "label", Args: []Kind{KindInteger}, Result: KindText, Call: call}}}, "declared as label(text) text, and given as label(integer) text"},
		{"another result", needy(), &Library{Functions: []Function{{Name: "ready", Result: KindText, Call: call}}}, "declared as ready() boolean, and given as ready() text"},
		{"no member", needy(), &Library{Functions: []Function{{Name: "taxed", Args: []Kind{KindDecimal}, Result: KindDecimal, Call: call}}}, "declared as decimal.taxed() decimal, and given as taxed(decimal) decimal"},
		{"no call", needy(), &Library{Functions: []Function{{Name: "ready", Result: KindBoolean}}}, "has no Call"},
		{"no check", needy(), &Library{Formats: []Format{{Name: "acme_code"}}}, "has no Check"},
		{"twice", needy(), &Library{Functions: []Function{{Name: "x", Result: KindText, Call: call}, {Name: "x", Result: KindText, Call: call}}}, "twice"},
		{"a format twice", needy(), &Library{Formats: []Format{{Name: "x", Check: check}, {Name: "x", Check: check}}}, "twice"},
		{"a wrong kind", needy(), &Library{Functions: []Function{{Name: "x", Result: KindRecord, Call: call}}}, "scalar kind"},
		{"mistaken where nothing is needed", small(), &Library{Functions: []Function{{Name: "x", Result: KindText}}}, "has no Call"},
		{"several versions", needy(), &Library{Functions: []Function{
			{Name: "ready", Args: []Kind{KindText}, Result: KindBoolean, Call: call}, {Name: "ready", Result: KindBoolean, Call: call},
		}}, ""},
	}
	for _, c := range cases {
		set, err := Compile(c.d)
		if c.l != nil && err == nil {
			_, err = set.With(*c.l)
			var mistaken *LibraryError
			if c.want != "" && !errors.As(err, &mistaken) {
				t.Errorf("%s: %T", c.what, err)
			}
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
	t.Logf("%d cases", len(cases))
}

func evalOf(t *testing.T, set *Set, id string) Verdict {
	t.Helper()
	in := set.Input()
	must(t, in.Section("s", content))
	return set.Eval(id, in)
}

// Whether the application is to blame is told by what an outcome's error wraps;
// beside a rule that broke by itself it is what is told.
func TestApplicationBroke(t *testing.T) {
	breaks := func(name string, call func([]any) (any, error)) Function {
		return Function{Name: name, Args: []Kind{KindInteger}, Result: KindBoolean, Call: call}
	}
	d := Definition{
		Functions: []Function{
			breaks("fails", func([]any) (any, error) { return nil, errors.New("down") }),
			breaks("panics", func([]any) (any, error) { panic("down") }),
			breaks("odd", func([]any) (any, error) { return "yes", nil }),
			breaks("works", func([]any) (any, error) { return true, nil }),
		},
		Formats: []Format{{Name: "shaky", Check: func(string) bool { panic("down") }}},
	}
	cases := map[string]struct {
		first, second Field
		own           bool // the application is to blame
	}{
		"a function fails":           {Field{Check: `fails(this)`}, Field{}, true},
		"it panics":                  {Field{Check: `panics(this)`}, Field{}, true},
		"it gives another kind":      {Field{Check: `odd(this)`}, Field{}, true},
		"a format panics":            {Field{Check: `1 / (this - this) == 1`}, Field{Kind: KindText, Format: "shaky"}, true},
		"first the rule, then it":    {Field{Check: `1 / (this - this) == 1`}, Field{Check: `fails(this)`}, true},
		"first it, then the rule":    {Field{Check: `fails(this)`}, Field{Check: `1 / (this - this) == 1`}, true},
		"the rule alone":             {Field{Check: `1 / (this - this) == 1`}, Field{}, false},
		"the rule, by what it gives": {Field{Check: `works(this * 9007199254740991 * 9)`}, Field{}, false},
	}
	for name, c := range cases {
		def := d
		c.first.Name, c.first.Kind, c.second.Name = "a", KindInteger, "b"
		if c.second.Kind == "" {
			c.second.Kind = KindInteger
		}
		def.Sections = []Section{{Name: "s", Fields: []Field{c.first, c.second}}}
		set := compiled(t, def)
		in := set.Input()
		content := map[string]any{"a": int64(3), "b": any(int64(3))}
		if c.second.Kind == KindText {
			content["b"] = "x"
		}
		if err := in.Section("s", content); err != nil {
			t.Fatal(err)
		}
		v := set.Eval("valid.s", in)
		if v.Result != Error || (errors.Unwrap(v.Err) != nil) != c.own || strings.Contains(v.Err.Error(), "down") {
			t.Errorf("%s: %s, %v, %v", name, v.Result, v.Err, errors.Unwrap(v.Err))
		}
	}
}
