package tray_test

import (
	"errors"
	"maps"
	"math/big"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// amounts are as a program counts with them.
type amounts struct {
	Decimal *big.Rat `json:"decimal,omitempty"`
	Price   *big.Rat `json:"price,omitempty"`
	Yen     string   `json:"yen,omitempty"`
	Lines   []line   `json:"lines,omitempty"`
}

type line struct {
	Price any `json:"price"`
}

func openKinds(t *testing.T) *tray.Tray {
	tpl := must(template.Load(os.DirFS("testdata"), "kinds.yaml"))(t)
	me := must(tray.NewIdentity())(t)
	return must(tray.Create(t.Context(), tray.NewHost(store.NewMemory()), tpl, me, tray.InSuite(section.Classic), tray.Bind("one", me.Card())))(t)
}

// An exact number is encoded whether it is a whole one or not, and comes back.
func TestEncodeFractions(t *testing.T) {
	ctx, tr := t.Context(), openKinds(t)
	for _, c := range []struct{ decimal, price, want string }{
		{"3", "-7", "3.00 -7.00 EUR"}, {"5/2", "1/100", "2.50 0.01 EUR"}, {"-1/4", "0", "-0.25 0.00 EUR"}, {"99999999999999999999999999/100", "1/2", "999999999999999999999999.99 0.50 EUR"},
	} {
		given := amounts{Decimal: rat(c.decimal), Price: rat(c.price)}
		d := tr.Draft()
		d.Encode("all", given)
		if err := d.Commit(ctx); err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		v := must(tr.View(ctx))(t)
		decimal, _ := v.Decimal("all.decimal")
		price, currency, _ := v.Money("all.price")
		if got := v.Text("all.decimal") + " " + v.Text("all.price"); got != c.want || decimal.Cmp(given.Decimal) != 0 || price.Cmp(given.Price) != 0 || currency != "EUR" {
			t.Errorf("%+v: %s", c, got)
		}
		d = tr.Draft()
		d.Encode("all", amounts{Decimal: decimal, Price: price})
		if err := d.Commit(ctx); !errors.Is(err, tray.ErrNothing) {
			t.Errorf("%+v: what was read is no change: %v", c, err)
		}
	}
}

func rat(s string) *big.Rat {
	r, _ := new(big.Rat).SetString(s)
	return r
}

// What does not fit is refused as it would be from Set, and a text that looks
// like a fraction is none.
func TestEncodeFractionsRefused(t *testing.T) {
	tr := openKinds(t)
	long := strings.Repeat("7", 40)
	for name, c := range map[string]struct {
		content any
		want    string
	}{
		"more decimals":        {amounts{Decimal: rat("1/3")}, "all.decimal scale"},
		"a third decimal":      {amounts{Price: rat("1/1000")}, "all.price scale"},
		"no decimals":          {map[string]any{"yen": rat("1/2")}, "all.yen scale"},
		"no currency":          {map[string]any{"empty": rat("1/2")}, "all.empty form"},
		"in a list, likewise":  {amounts{Lines: []line{{rat("1/2")}}}, "all.lines[0].price form"},
		"too long":             {amounts{Decimal: rat(long + "/" + "3")}, "all.decimal range"},
		"far too long":         {amounts{Decimal: rat(long + long + "/" + "3")}, "all.decimal range"},
		"typed":                {map[string]any{"decimal": "5/2"}, "all.decimal form"},
		"typed for money":      {map[string]any{"price": "5/2"}, "all.price form"},
		"typed in a list":      {amounts{Lines: []line{{"5/2"}}}, "all.lines[0].price form"},
		"typed beside another": {map[string]any{"decimal": "5/2", "price": rat("1/2")}, "all.decimal form"},
		"not reduced":          {map[string]any{"decimal": "2/4"}, "all.decimal form"},
		"by nothing":           {map[string]any{"decimal": "1/0"}, "all.decimal form"},
		"an exponent":          {map[string]any{"decimal": "1e2"}, "all.decimal form"},
		"for an integer":       {map[string]any{"integer": rat("1/2")}, "all.integer type"},
		"for a date":           {map[string]any{"date": rat("1/2")}, "all.date form"},
		"instead of a record":  {map[string]any{"place": rat("1/2")}, "all.place type"},
		"a list for a decimal": {map[string]any{"decimal": []any{rat("1/2")}}, "all.decimal type"},
	} {
		d := tr.Draft()
		d.Encode("all", c.content)
		err := d.Commit(t.Context())
		var values *section.ValuesError
		if !errors.As(err, &values) || len(values.Problems) != 1 || values.Problems[0].Path+" "+string(values.Problems[0].Code) != c.want || strings.Contains(err.Error(), "77") {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	d := tr.Draft()
	d.Encode("all", map[string]any{"text": "1/2", "lines": []any{map[string]any{"price": "3 EUR"}}})
	if err := d.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := must(tr.View(t.Context()))(t).Text("all.text"); got != "1/2" {
		t.Errorf("a text is %q", got)
	}
}

// holder writes itself, and leads back to itself.
type holder struct {
	Self  any
	Price *big.Rat
}

func (h *holder) MarshalJSON() ([]byte, error) {
	return []byte(`{"price":"` + h.Price.String() + `"}`), nil
}

type embedded struct {
	Decimal big.Rat `json:"decimal"`
}

// A fraction is found wherever a content holds it, and is the draft's own.
func TestEncodeFindsFractions(t *testing.T) {
	circle := &holder{Price: rat("5/2")}
	circle.Self = []any{circle, map[string]any{"again": circle}}
	pointer := rat("5/2")
	for name, content := range map[string]any{
		"in a map":             map[string]*big.Rat{"decimal": rat("5/2")},
		"a pointer's pointer":  map[string]any{"decimal": &pointer},
		"by value":             &embedded{*rat("5/2")},
		"in an embedded one":   &struct{ embedded }{embedded{*rat("5/2")}},
		"of money in a circle": circle,
	} {
		tr := openKinds(t)
		d := tr.Draft()
		d.Encode("all", content)
		pointer.SetInt64(9)
		if err := d.Commit(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		v := must(tr.View(t.Context()))(t)
		if got := v.Text("all.decimal") + v.Text("all.price"); got != "2.50" && got != "2.50 EUR" {
			t.Errorf("%s: %s", name, got)
		}
		pointer.SetFrac64(5, 2)
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
