package tray_test

import (
	"errors"
	"maps"
	"math/big"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

func openKinds(t *testing.T) *tray.Tray {
	tpl := must(template.Load(os.DirFS("testdata"), "kinds.yaml"))(t)
	me := must(tray.NewIdentity())(t)
	return must(tray.Create(t.Context(), tray.NewHost(store.NewMemory()), tpl, me, tray.InSuite(section.Classic), tray.Bind("one", me.Card())))(t)
}

// What encoding/json makes of a Go value that is no text of its field is refused
// with the place, and no text that looks like a fraction is worked out.
func TestEncodeTakesTexts(t *testing.T) {
	tr := openKinds(t)
	for name, c := range map[string]struct {
		content any
		want    string
	}{
		"a fraction":      {map[string]any{"decimal": big.NewRat(5, 2)}, "all.decimal form"},
		"of money":        {map[string]any{"price": big.NewRat(5, 2)}, "all.price form"},
		"in a list":       {map[string]any{"lines": []any{map[string]any{"price": "5/2"}}}, "all.lines[0].price form"},
		"a clock":         {map[string]any{"date": time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}, "all.date form"},
		"a duration":      {map[string]any{"duration": 90 * time.Minute}, "all.duration type"},
		"an exponent":     {map[string]any{"decimal": "1e2"}, "all.decimal form"},
		"for an integer":  {map[string]any{"integer": big.NewRat(1, 2)}, "all.integer type"},
		"for a record":    {map[string]any{"place": "1/2"}, "all.place type"},
		"a list, for one": {map[string]any{"decimal": []string{"1.50"}}, "all.decimal type"},
	} {
		d := tr.Draft()
		d.Encode("all", c.content)
		err := d.Commit(t.Context())
		var values *section.ValuesError
		if !errors.As(err, &values) || len(values.Problems) != 1 || values.Problems[0].Path+" "+string(values.Problems[0].Code) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	d := tr.Draft()
	d.Encode("all", map[string]any{"text": "1/2", "decimal": big.NewRat(3, 1), "lines": []any{map[string]any{"price": "3 EUR"}}})
	if err := d.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := must(tr.View(t.Context()))(t)
	if got := v.Text("all.text") + " " + v.Text("all.decimal"); got != "1/2 3.00" {
		t.Errorf("%q", got)
	}
}

// A text is never worked out: of a few bytes some would become a number of many
// megabytes.
func TestEncodeHugeTexts(t *testing.T) {
	for _, text := range []string{"0x1p-10000000", "0x1p10000000", "1e1000000", "1e-1000000", "1/3e1000000", "0b1p-9999999", "1_0/3", "+5/2", "0x5/2", "5/2 "} {
		d := openKinds(t).Draft()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 20 {
			d.Encode("all", map[string]any{"decimal": text, "price": text})
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
			t.Errorf("%s: %d bytes are used", text, used)
		}
		var values *section.ValuesError
		if err := d.Commit(t.Context()); !errors.As(err, &values) || len(values.Problems) != 2 {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// What a view hands out is the caller's: whatever he does to it, nobody else sees.
func TestViewsAreTheirOwn(t *testing.T) {
	ctx, tr := t.Context(), openKinds(t)
	d := tr.Draft()
	d.Set("all.lines[0].price", "3 EUR")
	d.Set("all.place.town", "Torino")
	if err := d.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	v := must(tr.View(ctx))(t)
	list, _ := v.List("all.lines")
	list[0].(map[string]any)["price"] = "4.00 EUR"
	list[0] = nil
	place, _ := v.Get("all.place")
	place.(map[string]any)["town"] = "Roma"
	content := v.Section("all").Content()
	content["lines"].([]any)[0].(map[string]any)["price"] = "5.00 EUR"
	clear(content)
	clear(v.Sections())
	v.Me().Roles[0] = "nobody"
	tr.Me().Roles[0] = "nobody"
	tr.State().Participants()[0].Roles[0] = "nobody"
	tr.State().Participant(tr.Me().ID).Roles[0] = "nobody"

	for name, v := range map[string]*tray.View{"the view": v, "the next view": must(tr.View(ctx))(t)} {
		if v.Text("all.lines[0].price") != "3.00 EUR" || v.Text("all.place.town") != "Torino" {
			t.Errorf("%s reads %v", name, slices.Sorted(maps.Keys(v.Section("all").Content())))
		}
		if v.Me().Roles[0] != "one" || tr.Me().Roles[0] != "one" {
			t.Errorf("%s: the viewer is %v", name, v.Me().Roles)
		}
	}
	d = tr.Draft()
	d.Set("all.integer", 3)
	if err := d.Commit(ctx); err != nil {
		t.Error(err)
	}
}
