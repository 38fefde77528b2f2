package template

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// Every way to say the same template otherwise is refused.
func TestParseRefuses(t *testing.T) {
	canonical := string(loadFile(t, "order.yaml").Canonical())
	tests := []struct{ name, old, new string }{
		{"space", `{"format"`, `{ "format"`},
		{"line end", `{"format"`, "\n" + `{"format"`},
		{"unknown member", `{"format"`, `{"x":1,"format"`},
		{"unknown member of a role", `{"role":"care","title"`, `{"role":"care","x":1,"title"`},
		{"unknown member of a field", `"name":"sku"`, `"name":"sku","x":null`},
		{"null member", `"title":{"en":"Order confirmation"`, `"notes":null,"title":{"en":"Order confirmation"`},
		{"empty member", `"lifecycle":{"initial"`, `"notes":[],"lifecycle":{"initial"`},
		{"false member", `{"name":"total"`, `{"required":false,"name":"total"`},
		{"member given twice", `"version":1`, `"version":1,"version":1`},
		{"other letter case", `"version":1`, `"Version":1`},
		{"other order of members", `"template":"order","version":1`, `"version":1,"template":"order"`},
		{"other order of languages", `{"en":"I confirm these data","it":"Confermo questi dati"}`, `{"it":"Confermo questi dati","en":"I confirm these data"}`},
		{"number with an exponent", `"version":1`, `"version":1e0`},
		{"number with a point", `"version":1`, `"version":1.0`},
		{"number as text", `"version":1`, `"version":"1"`},
		{"escape without need", `"template":"order"`, `"template":"\u006frder"`},
		{"escaped ampersand", `I confirm these data`, `I confirm \u0026 data`},
		{"escaped slash", `I confirm these data`, `I confirm\/data`},
		{"default left out", `,"quorum":"one"`, ``},
		{"bound left out", `"format":"phone","max":"1000"`, `"format":"phone"`},
		{"duration in hours", `"due":"3d"`, `"due":"72h"`},
		{"other format", `"format":"vassoio-template/1"`, `"format":"vassoio-template/2"`},
		{"no format", `"format":"vassoio-template/1",`, ``},
		{"other events in the table", `"condition":"valid.credit","sections":["credit"],"attest":["care"],"writer":true,"events":["validate"]`, `"condition":"valid.credit","sections":["credit"],"attest":["care"],"writer":true`},
		{"other attesters in the table", `"condition":"valid.credit","sections":["credit"],"attest":["care"]`, `"condition":"valid.credit","sections":["credit"],"attest":["care","sales"]`},
		{"other sections in the table", `"sections":["products","credit"]`, `"sections":["credit"]`},
		{"other order of sections in the table", `"sections":["products","credit"]`, `"sections":["credit","products"]`},
		{"no table", canonical[strings.Index(canonical, `,"conditions"`):], `}`},
		{"empty table", canonical[strings.Index(canonical, `"conditions"`):], `"conditions":[]}`},
		{"more after its end", canonical[len(canonical)-30:], canonical[len(canonical)-30:] + "{}"},
		{"line end after its end", canonical[len(canonical)-30:], canonical[len(canonical)-30:] + "\n"},
		{"expression that does not compile", `products.total \u003c= credit.limit`, `products.totl \u003c= credit.limit`},
		{"not an object", canonical, `[]`},
		{"null", canonical, `null`},
		{"nothing", canonical, ``},
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			old := strings.ReplaceAll(test.old, `\u003c`, "<")
			if strings.Count(canonical, old) != 1 {
				t.Fatalf("%q stands %d times in it", old, strings.Count(canonical, old))
			}
			text := strings.Replace(canonical, old, strings.ReplaceAll(test.new, `\u003c`, "<"), 1)
			tpl, err := Parse([]byte(text))
			var problems Problems
			if tpl != nil || !errors.Is(err, ErrNotCanonical) && !errors.As(err, &problems) {
				t.Errorf("got %v, %v", tpl, err)
			}
		})
	}
	t.Logf("%d encodings", len(tests))
}

func TestParseSaysWhy(t *testing.T) {
	canonical := loadFile(t, "order.yaml").Canonical()
	for _, test := range []struct{ old, new, want string }{
		{`"writer":true,"events":["submit","validate"]`, `"events":["submit","validate"]`, "table of conditions"},
		{`"quorum":"one"`, `"quorum":"1"`, ""}, // another template, and its one encoding
		{`"due":"3d"`, `"due":"72h"`, "differs at byte"},
		{`"version":1`, `"version":1,"x":2`, "cannot be decoded"},
		{`"format":"vassoio-template/1"`, `"format":"x"`, "format"},
	} {
		_, err := Parse(bytes.Replace(canonical, []byte(test.old), []byte(test.new), 1))
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.new, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want %q", test.new, err, test.want)
		}
	}
}

// No proper prefix is a template.
func TestParseTruncated(t *testing.T) {
	canonical := loadFile(t, "order.yaml").Canonical()
	for n := range canonical {
		if _, err := Parse(canonical[:n]); !errors.Is(err, ErrNotCanonical) {
			t.Fatalf("%d bytes of %d: %v", n, len(canonical), err)
		}
	}
	t.Logf("%d prefixes", len(canonical))
}

// Whatever bit of it changes, it is refused or another template. Most of what
// is still a template is a changed text or name; the digest tells.
func TestParseFlipped(t *testing.T) {
	canonical := loadFile(t, "leave.yaml").Canonical()
	step := 7
	if testing.Short() {
		step = 31
	}
	refused, other := 0, 0
	for bit := 0; bit < 8*len(canonical); bit += step {
		flipped := bytes.Clone(canonical)
		flipped[bit/8] ^= 1 << (bit % 8)
		tpl, err := Parse(flipped)
		switch {
		case err != nil:
			refused++
		case !bytes.Equal(tpl.Canonical(), flipped):
			t.Fatalf("bit %d: another encoding was accepted", bit)
		default:
			other++
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
	t.Logf("%d refused, %d other templates", refused, other)
}

// The error of Parse never quotes what it was given: it may be anything.
func TestParseErrorsAreSilent(t *testing.T) {
	for _, text := range []string{
		`{"format":"secret"}`, `{"secret":1}`, `{"format":"vassoio-template/1","version":"secret"}`, `secret`, `{"format":"vassoio-template/1","roles":["secret"]}`,
	} {
		if _, err := Parse([]byte(text)); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The strings of the canonical JSON are as JSON.stringify writes them.
func TestEncodingOfStrings(t *testing.T) {
	d := tidy()
	d.Title = map[string]string{"en": "<a> & \"b\" \\ /\tc\nd é 日本 😀 \u00a0"}
	tpl, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	want := `"title":{"en":"<a> & \"b\" \\ /\tc\nd é 日本 😀 ` + "\u00a0" + `"}`
	if !strings.Contains(string(tpl.Canonical()), want) {
		t.Errorf("got %s", tpl.Canonical())
	}
	if _, err := Parse(tpl.Canonical()); err != nil {
		t.Error(err)
	}
}

// A section that nobody writes says so.
func TestNobodyWrites(t *testing.T) {
	d := with(func(d *Definition) {
		d.Sections[2].Write = nil
		d.Lifecycle.States[1].Edit[0].Sections = []string{"answer", "file"}
	})
	tpl, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(tpl.Canonical()), `"section":"notice","public":true,"write":[]`) {
		t.Errorf("got %s", tpl.Canonical())
	}
	if _, err := Parse(tpl.Canonical()); err != nil {
		t.Error(err)
	}
	if _, err := Parse(bytes.Replace(tpl.Canonical(), []byte(`"write":[]`), []byte(`"write":null`), 1)); !errors.Is(err, ErrNotCanonical) {
		t.Errorf("null for none: %v", err)
	}
}

// What conditions could cost is for whoever lets a template in.
func TestParseDoesNotPrice(t *testing.T) {
	list := rules.Field{Name: "l", Kind: rules.KindList, Max: "5000", Of: &rules.Field{Kind: rules.KindInteger}}
	for name, change := range map[string]func(*Definition){
		"guard": func(d *Definition) { d.Lifecycle.Events[1].Guard = `notice.l.all(x, notice.l.all(y, x + y > 0))` },
		"check": func(d *Definition) { d.Sections[2].Fields[1].Check = `this.all(x, this.all(y, x + y > 0))` },
		"without a bound": func(d *Definition) {
			d.Lifecycle.Events[1].Guard = `[[notice.l]].flatten().flatten().size() > 1 && string(notice.l.map(x, string(x)).join(string(notice.l.size()))).split("").distinct().size() > 1`
		},
	} {
		d := with(func(d *Definition) {
			d.Sections[2].Fields = append(d.Sections[2].Fields, list)
			change(d)
		})
		_, err := Compile(d)
		if p := problemsOf(t, err); len(p) != 1 || !strings.Contains(p[0].Message, "cost") {
			t.Errorf("%s: Compile says %v", name, err)
		}
		tpl, err := compile(d, frozen, newReport(nil))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		parsed, err := Parse(tpl.Canonical())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		stopped := 0
		for _, c := range parsed.Conditions() {
			if v := parsed.Rules().Eval(c.ID, parsed.Rules().Input()); errors.Is(v.Err, rules.ErrTooDear) && v.Result == "" {
				stopped++
			}
		}
		if stopped != 1 {
			t.Errorf("%s: %d conditions are stopped", name, stopped)
		}
	}
}

// Who has a tray of an unwise template can read it all the same.
func TestParseDoesNotJudge(t *testing.T) {
	d := tidy()
	d.Lifecycle.States[0].Edit = nil // nobody can write what "ask" needs
	if _, err := Compile(d); err == nil {
		t.Fatal("Compile accepts it")
	}
	tpl, err := compile(d, frozen, newReport(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(tpl.Canonical()); err != nil {
		t.Error(err)
	}
}
