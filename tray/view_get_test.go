package tray_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// Each getter gives what its kind holds, and nothing of any other kind.
func TestTypedGetters(t *testing.T) {
	ctx := t.Context()
	tpl := must(template.Load(os.DirFS("testdata"), "kinds.yaml"))(t)
	me := must(tray.NewIdentity())(t)
	tr := must(tray.Create(ctx, tray.NewHost(store.NewMemory()), tpl, me, tray.InSuite(section.Classic), tray.Bind("one", me.Card())))(t)
	d := tr.Draft()
	for field, value := range map[string]any{
		"text": "abc", "number": "12.50", "amount": "12.50 EUR", "day_text": "2026-01-31", "integer": 7, "decimal": "12.5", "price": "12.51", "yen": "1200 JPY",
		"boolean": true, "date": "2026-01-31", "datetime": "2026-01-31T10:00:00+01:00", "lines[0].price": "3 CHF", "duration": "25h30m",
	} {
		d.Set("all."+field, value)
	}
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	v := must(tr.View(ctx))(t)
	// Those of the section give what those of the view give, those of none nothing.
	x, none := v.Section("all"), v.Section("other")
	if none.Status != tray.None {
		t.Fatal("there is another section")
	}
	getters := map[string]func(path string) (string, bool){
		"integer": func(p string) (string, bool) { n, ok := v.Integer(p); return time.Duration(n).String(), ok },
		"boolean": func(p string) (string, bool) {
			b, ok := v.Boolean(p)
			return map[bool]string{true: "true", false: "false"}[b], ok
		},
		"decimal": func(p string) (string, bool) {
			r, ok := v.Decimal(p)
			if !ok {
				return "", r != nil
			}
			return r.FloatString(2), true
		},
		"money": func(p string) (string, bool) {
			r, currency, ok := v.Money(p)
			if !ok {
				return "", r != nil || currency != ""
			}
			return r.FloatString(2) + " " + currency, true
		},
		"date":     func(p string) (string, bool) { at, ok := v.Date(p); return at.Format(time.RFC3339), ok },
		"datetime": func(p string) (string, bool) { at, ok := v.Datetime(p); return at.Format(time.RFC3339), ok },
		"duration": func(p string) (string, bool) { d, ok := v.Duration(p); return d.String(), ok },
	}
	of := func(p string) (*tray.SectionView, string) {
		name, rest, _ := strings.Cut(p, ".")
		return map[string]*tray.SectionView{"all": x, "other": none}[name], rest
	}
	inSection := map[string]func(path string) (string, bool){
		"integer": func(p string) (string, bool) {
			x, p := of(p)
			n, ok := x.Integer(p)
			return time.Duration(n).String(), ok
		},
		"boolean": func(p string) (string, bool) { x, p := of(p); b, ok := x.Boolean(p); return fmt.Sprint(b), ok },
		"decimal": func(p string) (string, bool) {
			x, p := of(p)
			r, ok := x.Decimal(p)
			if !ok {
				return "", r != nil
			}
			return r.FloatString(2), true
		},
		"money": func(p string) (string, bool) {
			x, p := of(p)
			r, currency, ok := x.Money(p)
			if !ok {
				return "", r != nil || currency != ""
			}
			return r.FloatString(2) + " " + currency, true
		},
		"date": func(p string) (string, bool) { x, p := of(p); at, ok := x.Date(p); return at.Format(time.RFC3339), ok },
		"datetime": func(p string) (string, bool) {
			x, p := of(p)
			at, ok := x.Datetime(p)
			return at.Format(time.RFC3339), ok
		},
		"duration": func(p string) (string, bool) { x, p := of(p); d, ok := x.Duration(p); return d.String(), ok },
	}
	want := map[string]map[string]string{ // by getter, then field
		"integer": {"integer": "7ns"}, "boolean": {"boolean": "true"}, "decimal": {"decimal": "12.50"},
		"money": {"price": "12.51 EUR", "yen": "1200.00 JPY", "lines[0].price": "3.00 CHF", "net": "6.26 EUR"},
		"date":  {"date": "2026-01-31T00:00:00Z"}, "datetime": {"datetime": "2026-01-31T10:00:00+01:00"},
		"duration": {"duration": "25h30m0s"},
	}
	fields := []string{"text", "number", "amount", "day_text", "integer", "decimal", "price", "yen", "boolean", "date", "datetime", "duration", "empty", "net",
		"lines", "lines[0]", "lines[0].price", "lines[1].price", "lines[x]", "nothing", ""}
	cases := 0
	for kind, get := range getters {
		for _, field := range fields {
			for _, path := range []string{"all." + field, "other." + field} {
				cases++
				wanted, is := want[kind][field]
				if path[:3] != "all" {
					is = false
				}
				for _, get := range []func(string) (string, bool){get, inSection[kind]} {
					if got, ok := get(path); ok != is || is && got != wanted {
						t.Errorf("%s of %s: %q, %v; want %q, %v", kind, path, got, ok, wanted, is)
					}
				}
			}
		}
	}
	if v.Text("all.price") != "12.51 EUR" || v.Text("all.yen") != "1200 JPY" {
		t.Errorf("as text: %q, %q", v.Text("all.price"), v.Text("all.yen"))
	}
	if x.Text("price") != "12.51 EUR" || none.Text("price") != "" {
		t.Errorf("of the section as text: %q, %q", x.Text("price"), none.Text("price"))
	}
	if items, ok := x.List("lines"); !ok || len(items) != 1 {
		t.Error("the list of the section")
	}
	if items, ok := none.List("lines"); ok || items != nil {
		t.Error("a list of nothing")
	}
	t.Logf("%d cases", cases)
}

// A duration comes back as it was given, up to the longest.
func TestDurations(t *testing.T) {
	ctx := t.Context()
	tpl := must(template.Load(os.DirFS("testdata"), "kinds.yaml"))(t)
	me := must(tray.NewIdentity())(t)
	tr := must(tray.Create(ctx, tray.NewHost(store.NewMemory()), tpl, me, tray.InSuite(section.Classic), tray.Bind("one", me.Card())))(t)
	const day = 24 * time.Hour
	for _, want := range []time.Duration{0, time.Second, time.Minute, 90 * time.Minute, day - time.Second, day, 2*day + 3*time.Second, 36*day + 5*time.Hour + 7*time.Minute + 9*time.Second, section.MaxDays * day} {
		d := tr.Draft()
		d.Set("all.duration", want)
		if v, err := d.View(ctx); err != nil {
			t.Error(err)
		} else if got, ok := v.Duration("all.duration"); !ok || got != want {
			t.Errorf("%v, %v; want %v", got, ok, want)
		}
	}
}

// Money is refused as other values are, without being told.
func TestDraftOfMoney(t *testing.T) {
	ctx := t.Context()
	tpl := must(template.Load(os.DirFS("testdata"), "kinds.yaml"))(t)
	me := must(tray.NewIdentity())(t)
	tr := must(tray.Create(ctx, tray.NewHost(store.NewMemory()), tpl, me, tray.InSuite(section.Classic), tray.Bind("one", me.Card())))(t)
	for path, value := range map[string]any{"all.price": "77.77 CHF", "all.yen": "7777", "all.empty": 77.77, "all.decimal": "77.77 EUR", "all.lines[0].price": "77.777 EUR"} {
		d := tr.Draft()
		d.Set(path, value)
		err := d.Commit(ctx)
		var values *section.ValuesError
		if !errors.As(err, &values) || len(values.Problems) != 1 || values.Problems[0].Path != path || strings.Contains(err.Error(), "77") {
			t.Errorf("%s: %v", path, err)
		}
	}
	d := tr.Draft()
	d.Encode("all", struct {
		Price json.Number `json:"price"`
		Yen   string      `json:"yen"`
	}{"12.5", "3 JPY"})
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if v := must(tr.View(ctx))(t); v.Text("all.price") != "12.50 EUR" || v.Text("all.yen") != "3 JPY" {
		t.Errorf("%q, %q", v.Text("all.price"), v.Text("all.yen"))
	}
}
