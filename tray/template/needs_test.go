package template

import (
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// What a condition needs is part of the table, which Parse makes again.
func TestNeedsInTable(t *testing.T) {
	canonical := string(loadFile(t, "everything.yaml").Canonical())
	for _, c := range []struct{ from, to string }{
		{`"needs":["lot"],`, ``},
		{`"needs":["blacklisted"],`, ``},
		{`,"needs":["distance"]}`, `}`},
		{`,"needs":["distance"]}`, `,"needs":["distance"],"events":["award"]}`},
		{`"needs":["blacklisted"]`, `"needs":["distance"]`},
		{`"needs":["blacklisted"]`, `"needs":["blacklisted","distance"]`},
		{`"condition":"rule.below","sections":["call","bid"]`, `"condition":"rule.below","sections":["call","bid"],"needs":["lot"]`},
	} {
		changed := strings.Replace(canonical, c.from, c.to, 1)
		if changed == canonical {
			t.Errorf("there is no %s", c.from)
		}
		if _, err := Parse([]byte(changed)); !errors.Is(err, ErrNotCanonical) || !strings.Contains(err.Error(), "table of conditions") {
			t.Errorf("%s: %v", c.to, err)
		}
	}
	for _, c := range []struct{ from, to string }{
		{`"member":true,`, `"member":false,`},
		{`"function":"distance","member":true`, `"member":true,"function":"distance"`},
		{`"formats":["lot"]`, `"formats":["lot"],"tables":[]`},
		{`"needs":{`, `"needs":{"functions":[],`},
	} {
		changed := strings.Replace(canonical, c.from, c.to, 1)
		if _, err := Parse([]byte(changed)); changed == canonical || err == nil {
			t.Errorf("%s is taken", c.to)
		}
	}
}

// A definition written in Go declares functions; it cannot give them.
func TestNeedsWithCall(t *testing.T) {
	d := tidy()
	d.Needs.Functions = []rules.Function{{Name: "known", Result: rules.KindBoolean, Call: func([]any) (any, error) { return true, nil }}}
	if p := problemsOf(t, func() error { _, err := Compile(d); return err }()); len(p) != 1 || p[0].Path != "needs.functions.known" || !strings.Contains(p[0].Message, "Template.With") {
		t.Errorf("%v", p)
	}
	d.Needs.Functions[0].Call = nil
	tpl, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(tpl.Canonical()); err != nil {
		t.Error(err)
	}
	d.Needs = Needs{Functions: []rules.Function{}, Formats: []string{}}
	if tpl, err = Compile(d); err != nil || strings.Contains(string(tpl.Canonical()), "needs") {
		t.Errorf("%v\n%s", err, tpl.Canonical())
	}
}

// A cache gives every template its library, once.
func TestCacheLibrary(t *testing.T) {
	canonical := loadFile(t, "everything.yaml").Canonical()
	call := func([]any) (any, error) { return false, nil }
	with := Cache{Library: rules.Library{Functions: []rules.Function{
		{Name: "blacklisted", Args: []rules.Kind{rules.KindText}, Result: rules.KindBoolean, Call: call},
	}}}
	tpl, err := with.Parse(canonical)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := with.Parse(canonical); again != tpl || err != nil {
		t.Errorf("parsed again: %v", err)
	}
	in := tpl.Rules().Input()
	if err := in.Section("verdict", map[string]any{"winner": "Rossi"}); err != nil {
		t.Fatal(err)
	}
	if v := tpl.Rules().Eval("rule.decent", in); v.Result != rules.Pass {
		t.Errorf("%+v", v)
	}
	wrong := Cache{Library: rules.Library{Functions: []rules.Function{{Name: "blacklisted", Result: rules.KindBoolean, Call: call}}}}
	var mistaken *rules.LibraryError
	if tpl, err := wrong.Parse(canonical); tpl != nil || !errors.As(err, &mistaken) {
		t.Errorf("%v", err)
	}
}
