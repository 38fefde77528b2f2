package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// play runs the program and gives what it printed.
func play(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(context.Background(), append(args, "-dir", t.TempDir()), &out)
	return out.String(), err
}

// changed gives the shipped data, changed.
func changed(t *testing.T, change func(customer, products map[string]any)) string {
	t.Helper()
	var data map[string]map[string]any
	if err := json.Unmarshal(orderJSON, &data); err != nil {
		t.Fatal(err)
	}
	change(data["customer"], data["products"])
	raw, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "order.json")
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func lines(n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = map[string]any{"sku": fmt.Sprintf("SKU-%04d", i), "quantity": i%9 + 1, "price": fmt.Sprintf("%d.%02d", i%50, i%100)}
	}
	return out
}

func TestOrderIsPlayed(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {
			"Customer › Phone: an international phone number",
			"total, computed from the lines: 1673.50",
			"the signature “Confirmation” is missing (Customer can sign)",
			"✗ the order exceeds the credit limit (Customer service can correct it)",
			"✗ the invite was used before",
			"✗ Customer: a new invite is needed (Sales can invite)",
			"is stale: what it covers has changed",
			"is told by the host's feed that the tray is closed: validating→validated by care",
			"a rollback: 10 entries were pinned, and 5 are served",
			"the section is opaque",
		},
		"it": {
			"un numero di telefono internazionale",
			"manca la firma «Conferma» (può firmare: Cliente)",
			"✗ Cliente: occorre un nuovo invito (può invitare: Commerciale)",
			"l'ordine supera il fido",
			"firma «Confermo questi dati",
			"host: niente",
			"la sezione è opaca",
			"È successo tutto",
		},
	} {
		t.Run(lang, func(t *testing.T) {
			out, err := play(t, "-lang", lang, "-keys")
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, text := range want {
				if !strings.Contains(out, text) {
					t.Errorf("%q is not in the story:\n%s", text, out)
				}
			}
		})
	}
}

// The host's lines and all that stands in the store tell no content.
func TestNothingReadableIsLeft(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	if err := run(context.Background(), []string{"-dir", dir}, &out); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(name)
		for _, secret := range []string{"Frantoio", "00743110157", "+390574123456", "1673.50", "fido"} {
			if bytes.Contains(data, []byte(secret)) && !bytes.Contains(data, []byte(`"vassoio-template/1"`)) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
		return err
	})
	if err != nil || files < 10 {
		t.Fatalf("%d files, %v", files, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "order.tray")); err != nil {
		t.Error(err)
	}
	if keys, _ := filepath.Glob(filepath.Join(dir, "*.key")); len(keys) > 0 {
		t.Errorf("keys are left without -keys: %v", keys)
	}
}

// Orders that the program did not ship with.
func TestOtherOrders(t *testing.T) {
	cases := map[string]struct {
		change func(customer, products map[string]any)
		want   string // in the error; empty if it is played
	}{
		"hundreds of lines":  {func(_, p map[string]any) { p["lines"] = lines(450) }, ""},
		"as many as allowed": {func(_, p map[string]any) { p["lines"] = lines(500) }, ""},
		"one more":           {func(_, p map[string]any) { p["lines"] = lines(501) }, "Products › Lines:"},
		"thousands":          {func(_, p map[string]any) { p["lines"] = lines(5000) }, "Products › Lines:"},
		"foreign characters": {func(c, _ map[string]any) {
			c["company"] = "Łódź e\u0301 株式会社 \u202eאבג\u202c \u2028 🫒"
		}, ""},
		"a small order":     {func(_, p map[string]any) { p["lines"] = lines(2) }, ""},
		"a free order":      {func(_, p map[string]any) { p["lines"] = lines(1) }, ""},
		"zero quantity":     {func(_, p map[string]any) { p["lines"].([]any)[3].(map[string]any)["quantity"] = 0 }, "Products › Lines 4 › Quantity:"},
		"negative quantity": {func(_, p map[string]any) { p["lines"].([]any)[1].(map[string]any)["quantity"] = -2 }, "Products › Lines 2 › Quantity:"},
		"half a piece":      {func(_, p map[string]any) { p["lines"].([]any)[1].(map[string]any)["quantity"] = 1.5 }, "Products › Lines 2 › Quantity:"},
		"a comma":           {func(_, p map[string]any) { p["lines"].([]any)[0].(map[string]any)["price"] = "0,87" }, "Products › Lines 1 › Price:"},
		"a negative price":  {func(_, p map[string]any) { p["lines"].([]any)[0].(map[string]any)["price"] = "-0.87" }, "Products › Lines 1 › Price:"},
		"a huge quantity": {func(_, p map[string]any) {
			p["lines"].([]any)[0].(map[string]any)["quantity"] = json.Number("1" + strings.Repeat("0", 30))
		}, "Products › Lines 1 › Quantity:"},
		"beyond 2^53": {func(_, p map[string]any) {
			p["lines"].([]any)[0].(map[string]any)["quantity"] = json.Number("9007199254740993")
		}, "Products › Lines 1 › Quantity:"},
		"a quantity in quotes": {func(_, p map[string]any) { p["lines"].([]any)[0].(map[string]any)["quantity"] = "3" }, "Products › Lines 1 › Quantity:"},
		"a quantity of null":   {func(_, p map[string]any) { p["lines"].([]any)[0].(map[string]any)["quantity"] = nil }, "Products › Lines 1 › Quantity:"},
		"a line of null":       {func(_, p map[string]any) { p["lines"].([]any)[1] = nil }, "Products › Lines 2:"},
		"a company of null":    {func(c, _ map[string]any) { c["company"] = nil }, "Customer › Company: a value is required"},
		"other digits":         {func(_, p map[string]any) { p["lines"].([]any)[0].(map[string]any)["price"] = "٣.٠٠" }, "Products › Lines 1 › Price:"},
		"no such day":          {func(_, p map[string]any) { p["delivery"] = "2026-02-30" }, "Products › Delivery: a calendar date"},
		"a terminal's escape":  {func(c, _ map[string]any) { c["company"] = "\x1b[2J" }, "Customer › Company: a text"},
		"a field of a line":    {func(_, p map[string]any) { p["lines"].([]any)[0].(map[string]any)["discount"] = "1" }, "products.lines[0].discount: no such field"},
		"a huge price":         {func(_, p map[string]any) { p["lines"].([]any)[0].(map[string]any)["price"] = strings.Repeat("9", 40) }, "Products › Lines 1 › Price:"},
		"corrected already":    {func(c, p map[string]any) { c["pec"], p["delivery"] = "frantoiorossi@pec.example", "2027-01-11" }, ""},
		"three decimals":       {func(_, p map[string]any) { p["lines"].([]any)[0].(map[string]any)["price"] = "0.875" }, "Products › Lines 1 › Price:"},
		"no lines":             {func(_, p map[string]any) { delete(p, "lines") }, "Products › Lines:"},
		"no company":           {func(c, _ map[string]any) { c["company"] = "" }, "Customer › Company:"},
		"a wrong VAT number":   {func(c, _ map[string]any) { c["vat"] = "00743110158" }, "Customer › VAT number:"},
		"no way to invoice":    {func(c, _ map[string]any) { delete(c, "sdi") }, "Customer › SDI code:"},
		"an unknown field":     {func(c, _ map[string]any) { c["compny"] = "x" }, "company"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			out, err := play(t, "-data", changed(t, c.change))
			switch {
			case c.want == "" && err != nil:
				t.Errorf("%v\n%s", err, out)
			case c.want != "" && err == nil:
				t.Error("it was played")
			case c.want != "" && !strings.Contains(err.Error(), c.want):
				t.Errorf("%q is not in: %v", c.want, err)
			}
		})
	}
}

// Where an order is such that something is not refused, this is said.
func TestOrdersOfWhichLessIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		price   string
		refused int
		told    []string
	}{
		"large": {"500.01", 10, nil},
		"small": {"500", 8, []string{"need not be signed"}},
		"free":  {"0", 7, []string{"need not be signed", "within any limit"}},
	} {
		out, err := play(t, "-data", changed(t, func(_, p map[string]any) {
			p["lines"] = []any{map[string]any{"sku": "X", "quantity": 1, "price": c.price}}
		}))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := strings.Count(out, "✗"); n != c.refused || strings.Count(out, "(so small")+strings.Count(out, "(an order for") != len(c.told) {
			t.Errorf("%s: %d refusals, not %d, in\n%s", name, n, c.refused, out)
		}
		for _, text := range c.told {
			if !strings.Contains(out, text) {
				t.Errorf("%s: %q is not told in\n%s", name, text, out)
			}
		}
	}
}

func TestArguments(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"credit": {"limit": "1000000"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-lang", "fr"}, "it or en"},
		{[]string{"-data", "nowhere"}, "nowhere: there is no such file"},
		{[]string{"-data", "nowhere", "-lang", "it"}, "nowhere: il file non c'è"},
		{[]string{"-data", bad}, `bad.json: sales fills in customer and products, not "credit"`},
		{[]string{"-data", bad, "-lang", "it"}, `bad.json: le vendite compilano customer e products, non "credit"`},
		{[]string{"-data", write("a.json", "{\n\"customer\": {},\n\n }\n")}, "a.json:4:2: not JSON: '}' is not expected here"},
		{[]string{"-data", write("a.json", "{\n\"è\": ü"), "-lang", "it"}, "a.json:2:6: non è JSON: 'ü' qui non ci sta"},
		{[]string{"-data", write("a.json", "{\"customer\": NaN}")}, "a.json:1:14: not JSON: 'N' is not"},
		{[]string{"-data", write("a.json", "\x1b[2J")}, `a.json:1:1: not JSON: '\x1b' is not`},
		{[]string{"-data", write("a.json", strings.Repeat("[", 20_000)), "-lang", "it"}, "troppo profondo"},
		{[]string{"-data", write("a.json", "{\"customer\": {\"city\": "+strings.Repeat("[", 20_000))}, "too deep"},
		{[]string{"-data", write("b.json", "{\n\"customer\":\n3}\n")}, "b.json:3:1: an object section → field → value is expected"},
		{[]string{"-data", write("b.json", "[]")}, "b.json:1:1: an object section → field → value is expected"},
		{[]string{"-data", write("c.json", "{\n\"customer\":\n")}, "c.json:3:1: not JSON: the text ends too early"},
		{[]string{"-data", write("c.json", "{\"customer\": \""), "-lang", "it"}, "c.json:1:15: non è JSON: il testo finisce troppo presto"},
		{[]string{"-data", write("d.json", "{\n}\n\n []\n")}, "d.json:4:2: something follows"},
		{[]string{"-data", write("d.json", "{}x")}, "d.json:1:3: something follows"},
		{[]string{"-data", write("e.json", " \n")}, "e.json:1:1: the file is empty"},
		{[]string{"-data", write("e.json", ""), "-lang", "it"}, "e.json:1:1: il file è vuoto"},
		{[]string{"-data", write("f.json", "{\n\"customer\": {\"city\": \"Citt\xe0\"}}\n")}, "f.json:2:27: the text is not UTF-8"},
		{[]string{"-data", write("f.json", "\xff\xfe{\x00}\x00")}, "f.json:1:1: the text is not UTF-8"},
		{[]string{"-data", write("g.json", "{\"customer\": {\"cap\": \"50066\",\n\"cap\": \"00184\"}, \"products\": {}}")}, `g.json:2:5: "cap" is there twice`},
		{[]string{"-data", write("h.json", "{\"customer\": {}, \"products\": {\"lines\": [{\"sku\": 1}, {\"sku\": 1,\n\"\\u0073ku\": 2}]}}")}, `h.json:2:10: "sku" is there twice`},
		{[]string{"-data", write("i.json", "{\"customer\": {},\n\"customer\": {}}")}, `i.json:2:10: "customer" is there twice`},
		{[]string{"-data", write("s.json", `{"customer": {"city": "\\\ud800"}}`)}, `s.json:1:26: half a character: \ud800`},
		{[]string{"-data", write("s.json", `{"customer": {"city": "\udc00\ud800"}}`), "-lang", "it"}, `s.json:1:24: mezzo carattere: \udc00`},
		{[]string{"-data", write("s.json", `{"customer": {"city": "\ud83e\u0041"}}`)}, `s.json:1:24: half a character: \ud83e`},
		{[]string{"-data", write("s.json", `{"customer": {"city": "\ud83e\uded2\ud83e"}}`)}, `s.json:1:36: half a character: \ud83e`},
		{[]string{"-data", write("s.json", "{\"customer\":\n{\"\\uDFFF\": 1}}")}, `s.json:2:3: half a character: \uDFFF`},
		{[]string{"-data", write("t.json", `{"customer": {}, "products": {"total": "1.00"}}`)}, "t.json: products.total is computed from the lines; leave it out"},
		{[]string{"-data", write("t.json", `{"customer": {}, "products": {"total": 1673.50}}`), "-lang", "it"}, "t.json: products.total si calcola dalle righe"},
		{[]string{"-data", write("l.json", strings.Repeat(" ", maxOrder+1))}, "l.json: the file is larger than 4 MiB"},
		{[]string{"-data", "/dev/zero", "-lang", "it"}, "/dev/zero: il file"}, // larger, or not there
		{[]string{"-data", write("j.json", "{\"customer\": {}}")}, `j.json: the section "products" is missing`},
		{[]string{"-data", write("k.json", "null")}, `k.json: the section "customer" is missing`},
		{[]string{"-data", write("k.json", `{"customer": {}, "products": null}`)}, `k.json: the section "products" is missing`},
		{[]string{"-data", write("k.json", `{"Customer": {}, "products": {}}`)}, `not "Customer"`},
		{[]string{"-data", t.TempDir()}, "this is a folder, not a file"},
		{[]string{"-data", t.TempDir(), "-lang", "it"}, "è una cartella"},
		{[]string{"-lang", ""}, "it or en"},
		{[]string{"-what"}, "-what"},
	} {
		if _, err := play(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, without %q", c.args, err, c.want)
		}
	}
	var out bytes.Buffer
	if err := run(context.Background(), []string{"-lang", "it", "order.json"}, &out); err == nil || !strings.Contains(err.Error(), `"order.json"`) {
		t.Errorf("an argument that is no flag: %v", err)
	}
	out.Reset()
	if err := run(context.Background(), []string{"-h"}, &out); err != nil || !strings.Contains(out.String(), "-lang") {
		t.Errorf("help: %v %s", err, out.String())
	}
}

// What an order left, its keys above all, is not overwritten by another.
func TestKeysOfAnotherOrder(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		want string // in the error; empty if it is played
	}{
		{[]string{"-keys"}, ""},
		{nil, "sales.key is of an order played before; give another -dir"},
		{[]string{"-keys"}, "sales.key is of an order played before; give another -dir"},
		{[]string{"-lang", "it"}, "sales.key è di un ordine giocato prima; serve un'altra -dir"},
	} {
		before := contents(t, dir)
		err := run(context.Background(), append(c.args, "-dir", dir), io.Discard)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, not %q", c.args, err, c.want)
		}
		after := contents(t, dir)
		for name, now := range after {
			if same := bytes.Equal(before[name], now); same != (c.want != "") {
				t.Errorf("%v: %s is left as it was: %v", c.args, name, same)
			}
		}
		if len(after) != 4 {
			t.Errorf("%v: %d files", c.args, len(after))
		}
	}
	only := t.TempDir()
	if err := os.WriteFile(filepath.Join(only, "order.tray"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"-dir", only}, io.Discard); err == nil || !strings.Contains(err.Error(), "order.tray is of an order played before") {
		t.Errorf("beside an order without keys: %v", err)
	}
	for _, name := range []string{"sales.key", "customer.key", "care.key"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

// contents reads the files of a folder, those in folders apart.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string][]byte)
	for _, e := range entries {
		if e.Type().IsRegular() {
			if out[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}
