package main

import (
	"bytes"
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/tray/template"
)

// newStory makes a story of the shipped order, by a template.
func newStory(t *testing.T, yaml []byte) *story {
	t.Helper()
	tpl, err := template.Load(fstest.MapFS{"order.yaml": {Data: yaml}}, "order.yaml")
	if err != nil {
		t.Fatal(err)
	}
	people, err := newCast(t.TempDir(), false, "en")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { people.folder.Close() })
	data, err := readOrder("", "en")
	if err != nil {
		t.Fatal(err)
	}
	return &story{cast: people, teller: teller{out: io.Discard, language: "en"}, ctx: context.Background(), tpl: tpl, data: data}
}

// If anything does not happen as the story wants it, the program fails.
func TestEverythingHasToHappen(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"a phone may be anything":      {"required: true, format: phone", "required: true", "step 2 should have been refused for customer.phone.format"},
		"the sum is another":           {"l.price * l.quantity", "l.price", "the total is 66.60, not 1673.50"},
		"nobody has to sign":           {`products.total > decimal("500")`, `products.total > decimal("5000")`, "step 9 should have been refused for confirmation"},
		"the limit never binds":        {"products.total <= credit.limit", "products.total >= credit.limit", "step 12 should have been refused for rule.covered"},
		"the limit is another":         {"products.total <= credit.limit", "products.total < credit.limit", "rule.covered"},
		"sales is not told the reason": {"reason: {required: true, read: [sales, customer]}", "reason: {required: true, read: [customer]}", "sales cannot read why the tray came back"},
		"the order is not signed":      {"covers: [customer, products]", "covers: [customer]", "step 15 should have been refused for confirmation"},
		"sales may know the limit":     {"read: [care]\n", "read: [care, sales]\n", "sales opens the credit section"},
		"the host may read":            {"read: [sales, customer, care]\n    write: [sales, customer]\n", "public: true\n    write: [sales, customer]\n", "section customer is readable for the host"},
		"the customer may know it":     {"read: [care]\n", "read: [care, customer]\n", "customer opens the credit section"},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Count(string(orderYAML), c.from) != 1 {
				t.Fatalf("%q is not in the template once", c.from)
			}
			changed := bytes.Replace(orderYAML, []byte(c.from), []byte(c.to), 1)
			var out bytes.Buffer
			s := newStory(t, changed)
			s.out = &out
			err := s.play()
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(out.String(), "All of it") {
				t.Errorf("%v, not %q, after\n%s", err, c.want, out.String())
			}
		})
	}
}

// full is a medium that takes some bytes and no more.
type full struct{ room int }

var errFull = errors.New("no space left")

func (w *full) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// A story that nobody could read did not happen.
func TestOutputFails(t *testing.T) {
	whole, err := play(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{0, 1, len(whole) / 2, strings.Index(whole, "All of it")} {
		err := run(context.Background(), []string{"-dir", t.TempDir()}, &full{room})
		if !errors.Is(err, errFull) || !strings.Contains(err.Error(), "the story cannot be printed") {
			t.Errorf("after %d of %d bytes: %v", room, len(whole), err)
		}
	}
}

// TestMain makes the tests the program itself, for tests that start it.
func TestMain(m *testing.M) {
	if os.Getenv("ORDER_IS_STARTED") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// As which program a shell sees it end: what cannot be printed is no success.
func TestStandardOutput(t *testing.T) {
	if runtime.GOOS == "windows" { // has no such shell
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for redirected, succeeds := range map[string]bool{">&-": false, ">&- <&-": false, "-h >&-": false, ">/dev/null": true, "-h >/dev/null": true, "<&-": true} {
		dir := t.TempDir()
		cmd := exec.Command("sh", "-c", `exec "$0" -lang it `+redirected, self)
		cmd.Env = append(os.Environ(), "ORDER_IS_STARTED=1", "TMPDIR="+dir)
		var told bytes.Buffer
		cmd.Stderr = &told
		err := cmd.Run()
		var exit *exec.ExitError
		switch {
		case succeeds && err != nil:
			t.Errorf("%s: %v %s", redirected, err, told.String())
		case !succeeds && (!errors.As(err, &exit) || exit.ExitCode() != 1 || told.Len() == 0):
			t.Errorf("%s: %v, %q", redirected, err, told.String())
		}
		if left, err := os.ReadDir(dir); err != nil || !succeeds && len(left) > 0 {
			t.Errorf("%s: %d folders are left, %v", redirected, len(left), err)
		}
	}
}

// An order that is not played leaves no folder, if none was asked for.
func TestTemporaryFolder(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c, p map[string]any)
		room   int // of the output
		want   int // folders
	}{
		"played":           {func(_, _ map[string]any) {}, 1 << 20, 1},
		"not printed":      {func(_, _ map[string]any) {}, 1000, 0},
		"a wrong value":    {func(_, p map[string]any) { p["delivery"] = "2026-02-30" }, 1 << 20, 0},
		"a broken rule":    {func(c, _ map[string]any) { delete(c, "sdi") }, 1 << 20, 0},
		"too many lines":   {func(_, p map[string]any) { p["lines"] = lines(501) }, 1 << 20, 0},
		"a lost total":     {func(_, p map[string]any) { p["total"] = "1673.50" }, 1 << 20, 0},
		"an unknown field": {func(c, _ map[string]any) { c["compny"] = "x" }, 1 << 20, 0},
	} {
		file, dir := changed(t, c.change), t.TempDir()
		t.Setenv("TMPDIR", dir)
		t.Setenv("TMP", dir)
		err := run(context.Background(), []string{"-data", file}, &full{c.room})
		left, _ := os.ReadDir(dir)
		if (err == nil) != (c.want == 1) || len(left) != c.want {
			t.Errorf("%s: %v, %d folders are left", name, err, len(left))
		}
	}
}

// What cannot be left as a whole leaves what was there before, and nothing else.
func TestLeaveAll(t *testing.T) {
	good := func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }
	bad := func(w io.Writer) error { return errors.Join(good(w), errFull) }
	for name, c := range map[string]struct {
		a, b func(io.Writer) error
		want string
	}{
		"both":            {good, good, "new"},
		"not the first":   {bad, good, "old"},
		"not the second":  {good, bad, "old"},
		"none of the two": {bad, bad, "old"},
	} {
		dir := t.TempDir()
		at := func(name string) string { return filepath.Join(dir, name) }
		for _, name := range []string{"a", "b"} {
			if err := os.WriteFile(at(name), []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		err := leaveAll(dir, []leaving{{at("a"), c.a}, {at("b"), c.b}})
		if errors.Is(err, errFull) != (c.want == "old") || err != nil && c.want == "new" {
			t.Errorf("%s: %v", name, err)
		}
		if now := contents(t, dir); len(now) != 2 || string(now["a"]) != c.want || string(now["b"]) != c.want {
			t.Errorf("%s: %q", name, now)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := leaveAll(dir, []leaving{{filepath.Join(dir, "a"), good}}); err == nil || len(contents(t, dir)) > 0 {
		t.Errorf("a file in the place of a folder: %v", err)
	}
}

// A file of a tray that the store has lost something of is not left.
func TestNothingIsMissing(t *testing.T) {
	s := newStory(t, orderYAML)
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	if err := s.fill(); err != nil {
		t.Fatal(err)
	}
	blobs, err := filepath.Glob(filepath.Join(s.dir, "store", "trays", "*", "blobs", "*"))
	if err != nil || len(blobs) == 0 {
		t.Fatalf("%d blobs, %v", len(blobs), err)
	}
	if err := os.Remove(blobs[0]); err != nil {
		t.Fatal(err)
	}
	if err := s.leave(); err == nil || !strings.Contains(err.Error(), "1 files are missing") || len(contents(t, s.dir)) > 0 {
		t.Errorf("%v, %d files", err, len(contents(t, s.dir)))
	}
}

// watch looks on while something is printed.
type watch func(line string)

func (look watch) Write(p []byte) (int, error) {
	look(string(p))
	return len(p), nil
}

// The customer has no keys until he is invited.
func TestCustomerComesWithoutKeys(t *testing.T) {
	s := newStory(t, orderYAML)
	invited, made := false, 0
	s.out = watch(func(line string) {
		switch {
		case strings.Contains(line, "invites the customer"):
			invited = true
		case strings.Contains(line, "had no keys"):
			made++
			if s.customer != nil || !invited {
				t.Errorf("he has keys: %v, is invited: %v", s.customer, invited)
			}
		case (s.customer != nil) != (made > 0):
			t.Errorf("he has keys: %v, at %s", s.customer, line)
		}
	})
	if err := s.play(); err != nil || made != 1 {
		t.Errorf("he made keys %d times, %v", made, err)
	}
}

// Of a step that is refused, and of a look, the host sees nothing, and it is said.
func TestEachStepSaysWhatTheHostSees(t *testing.T) {
	out, err := play(t)
	if err != nil {
		t.Fatal(err)
	}
	steps := regexp.MustCompile(`(?m)^[ \d]\d `).Split(out, -1)[1:]
	if len(steps) < 20 {
		t.Fatalf("%d steps", len(steps))
	}
	nothing := 0
	for _, step := range steps {
		byHost := strings.HasPrefix(step, "host ") || strings.Contains(step, "changes one byte")
		if seen := strings.Contains(step, "  host: "); seen == byHost {
			t.Errorf("what the host sees is told: %v, of\n%s", seen, step)
		}
		if strings.Contains(step, "✗") && strings.Contains(step, "  host: ") != strings.Contains(step, "host: nothing") {
			t.Errorf("refused, and the host sees something:\n%s", step)
		}
		nothing += strings.Count(step, "host: nothing")
	}
	if nothing < 8 {
		t.Errorf("nothing is seen of %d steps", nothing)
	}
	if lines := strings.Count(out, "\n"); lines > 100 {
		t.Errorf("the story has %d lines", lines)
	}
	for line := range strings.Lines(out) {
		if n := len([]rune(line)) - 1; n > width && !strings.HasPrefix(line, "All of it") {
			t.Errorf("%d characters: %s", n, line)
		}
	}
}

// Every text of the program is there in Italian, with the same values in it, and
// nothing else is.
func TestItalian(t *testing.T) {
	used := map[string]bool{"sales": true, "customer": true, "care": true, "the link": true, "create": true, "join": true}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			texts := call.Args
			switch calledAs(call) {
			case "say":
				texts = texts[:2]
			case "add", "told", "in":
				texts = texts[:1]
			case "wrong":
				texts = texts[1:2]
			default:
				return true
			}
			for _, text := range texts {
				if lit, ok := text.(*ast.BasicLit); ok {
					if english, err := strconv.Unquote(lit.Value); err == nil && english != "%s" {
						used[english] = true
					}
				}
			}
			return true
		})
	}
	verbs := regexp.MustCompile(`%[a-z]`)
	for english := range used {
		if verbs.ReplaceAllString(english, "") == "…" {
			continue
		}
		if there, ok := italian[english]; !ok || !slices.Equal(verbs.FindAllString(english, -1), verbs.FindAllString(there, -1)) {
			t.Errorf("%q is %q in Italian", english, there)
		}
	}
	for english := range italian {
		if !used[english] {
			t.Errorf("%q is said nowhere", english)
		}
	}
	if len(used) < 50 {
		t.Fatalf("%d texts", len(used))
	}
	out, err := play(t, "-lang", "it")
	if err != nil {
		t.Fatal(err)
	}
	if english := regexp.MustCompile(`(?i) (the|of|to|by|is|and|with) `).FindAllString(out, -1); len(english) > 0 {
		t.Errorf("%q is English, in\n%s", english, out)
	}
}

func calledAs(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// What is wrong with an order is told in the language that was asked for, all of
// it and nothing else: not the mistake that the story makes itself.
func TestMistakesOfTheOrder(t *testing.T) {
	several := func(c, p map[string]any) {
		c["city"] = 5
		delete(c, "sdi")
		c["compny"] = "x"
		p["lines"].([]any)[0].(map[string]any)["price"] = "0.875"
		p["lines"].([]any)[1].(map[string]any)["quantity"] = 0
	}
	for _, c := range []struct {
		lang   string
		change func(c, p map[string]any)
		want   string
	}{
		{"en", several, `the order is not accepted:
  Customer › City: a text: UTF-8 without control characters, line breaks and tabs apart
  customer.compny: no such field; did you mean "company"?
  Products › Lines 1 › Price: a decimal such as "12.55" with at most 2 decimals and 30 digits`},
		{"it", several, `l'ordine non è accettato:
  Cliente › Città: un testo: UTF-8 senza caratteri di controllo, salvo a capo e tabulazioni
  customer.compny: il campo non esiste; forse "company"?
  Prodotti › Righe 1 › Prezzo: un numero decimale come "12.55", con al massimo 2 decimali e 30 cifre`},
		{"it", func(_, p map[string]any) {
			p["lines"].([]any)[0].(map[string]any)["price"] = strings.Repeat("9", 28)
		}, `l'ordine non è accettato:
  Prodotti › Totale: non si può calcolare; un numero è troppo grande?`},
		{"it", func(_, p map[string]any) { p["lines"] = lines(501) }, `l'ordine non è accettato:
  Prodotti › Righe: un elenco di al massimo 500 elementi`},
		{"it", func(c, p map[string]any) {
			delete(c, "sdi")
			delete(c, "phone")
			p["lines"].([]any)[1].(map[string]any)["quantity"] = -2
		}, `l'ordine non è accettato:
  Cliente › Telefono: il valore è obbligatorio (può compilare: Commerciale) [customer.phone.required]
  Cliente › Codice destinatario: per la fattura serve un codice destinatario o una PEC (può correggere: Commerciale) [rule.reachable]
  Prodotti › Righe 2 › Quantità: deve essere almeno 1 (può correggere: Commerciale) [products.lines[].quantity.bounds]`},
	} {
		out, err := play(t, "-lang", c.lang, "-data", changed(t, c.change))
		if err == nil {
			t.Errorf("it was played:\n%s", out)
			continue
		}
		got, want := strings.Split(err.Error(), "\n"), strings.Split(c.want, "\n")
		slices.Sort(got[1:])
		slices.Sort(want[1:])
		if !slices.Equal(got, want) {
			t.Errorf("%v\nnot\n%s", err, c.want)
		}
	}
}

// What Windows writes, what other programs escape, null for what is absent, and
// a file as large as can be, are no mistakes.
func TestOtherSpellings(t *testing.T) {
	spelled := func(old, new string) string {
		if strings.Count(string(orderJSON), old) != 1 {
			t.Fatalf("%q is not in the order once", old)
		}
		return strings.Replace(string(orderJSON), old, new, 1)
	}
	for name, text := range map[string]string{
		"byte order mark": "\ufeff" + string(orderJSON),
		"CRLF":            strings.ReplaceAll(string(orderJSON), "\n", "\r\n"),
		"escapes":         spelled("Reggello", `Re\u0067gello \uD83E\uded2 \\ud800`),
		"no total":        spelled(`"lines"`, `"total": null, "lines"`),
		"the largest":     string(orderJSON) + strings.Repeat(" ", maxOrder-len(orderJSON)),
	} {
		file := filepath.Join(t.TempDir(), "order.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := play(t, "-data", file); err != nil || !strings.Contains(out, "1673.50") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
