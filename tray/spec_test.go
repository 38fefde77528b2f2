package tray

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// SPEC.md is held against the code: its sample against the vectors in
// testdata/spec, its limits against the constants, its threats against the
// tests that it names. With
//
//	go test ./tray -run TestSpecSample -spec
//
// the sample is written into it anew; vectors are made only where none are, for
// a new version of the format.
var writeSpec = flag.Bool("spec", false, "write the sample into SPEC.md")

const specFile = "../SPEC.md"

func readSpec(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(specFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSpecSample(t *testing.T) {
	const begin, end = "<!-- sample -->\n", "<!-- end of the sample -->"
	dir := filepath.Join("testdata", "spec")
	if _, err := os.Stat(filepath.Join(dir, "sample.tray")); *writeSpec && os.IsNotExist(err) {
		makeSample(t, dir)
	}
	want := renderSample(t, dir)
	spec := readSpec(t)
	before, rest, ok := strings.Cut(spec, begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("SPEC.md has no place for the sample")
	}
	if *writeSpec {
		if err := os.WriteFile(specFile, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got != want {
		t.Errorf("the sample in SPEC.md is not that of the vectors (go test ./tray -run TestSpecSample -spec):\n%s", want)
	}
}

// makeSample makes the vectors: a seller offers, a buyer orders.
func makeSample(t *testing.T, dir string) {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	tpl, err := template.Load(os.DirFS(dir), "offer.yaml")
	check(err)
	host := NewHost(store.NewMemory())
	clock := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	host.Now = func() time.Time { return clock }
	people := make(map[string]*Identity)
	for _, name := range []string{"seller", "buyer"} {
		signer, err := sign.GenerateKey(nil)
		check(err)
		reader, err := section.GenerateIdentity(section.Classic)
		check(err)
		people[name], err = NewIdentityWith(signer, reader)
		check(err)
		var b bytes.Buffer
		check(people[name].Export(&b))
		check(os.WriteFile(filepath.Join(dir, name+".key"), b.Bytes(), 0o644))
	}
	seller, err := Create(ctx, host, tpl, people["seller"], InSuite(section.Classic), Bind("seller", people["seller"].Card()), Bind("buyer", people["buyer"].Card()))
	check(err)
	clock = clock.Add(7 * time.Minute)
	d := seller.Draft()
	d.Set("offer.item", "Vassoio in legno d'ulivo")
	d.Set("offer.price", "49.90")
	d.Fire("propose")
	check(d.Commit(ctx))
	clock = clock.Add(3 * time.Hour)
	buyer, err := Open(ctx, host, seller.ID(), people["buyer"])
	check(err)
	d = buyer.Draft()
	d.Sign("order", "it")
	d.Fire("order")
	check(d.Commit(ctx))
	var b bytes.Buffer
	_, err = Export(ctx, host, seller.ID(), &b)
	check(err)
	check(os.WriteFile(filepath.Join(dir, "sample.tray"), b.Bytes(), 0o644))
}

// fence is a block of text as it is.
func fence(b *strings.Builder, title, text string) {
	fmt.Fprintf(b, "%s\n\n```\n%s\n```\n\n", title, strings.TrimRight(text, "\n"))
}

// wrap breaks a long line, where nothing tells a break from none but the length.
func wrap(s string) string {
	const width = 118
	var b strings.Builder
	for ; len(s) > width; s = s[width:] {
		b.WriteString(s[:width] + "\n")
	}
	return b.String() + s
}

func decodePart(t *testing.T, line string, part int) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(line, ".")[part])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// indented shows JSON in lines; the encoding itself has none. Long strings are
// cut: they stand in full elsewhere.
func indented(t *testing.T, raw []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`("(?:card|claim)": "[^"]{60})[^"]*"`).ReplaceAllString(b.String(), `$1…"`)
}

// renderSample shows the vectors, and checks them on the way by means of its
// own: base64, JSON and hashes as SPEC.md describes them.
func renderSample(t *testing.T, dir string) string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(dir, "sample.tray"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := openArchive(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	files := unpack(t, file)
	var out strings.Builder
	var list strings.Builder
	for _, f := range files {
		fmt.Fprintf(&list, "%8d  %s\n", len(f.data), f.name)
	}
	fence(&out, "**The file** `sample.tray`, as `unzip -l` shows it:", list.String())

	lines := strings.Split(strings.TrimSuffix(string(files[len(files)-2].data), "\n"), "\n")
	for i, line := range lines {
		fence(&out, fmt.Sprintf("**Line %d** of `log`, one line, broken here to fit the page:", i), wrap(line))
		if i == 0 {
			fence(&out, "Its header, the first part, which is that of all entries:", string(decodePart(t, line, 0)))
		}
		fence(&out, fmt.Sprintf("**Entry %d**, the payload of line %d, indented here; SHA-256 of the line is `%s`:", i, i, sign.Sum([]byte(line))),
			indented(t, decodePart(t, line, 1)))
	}
	head := a.head.String()
	fence(&out, "The **head** after entry 2:", head)

	card := regexp.MustCompile(`"card":"([^"]+)"`).FindSubmatch(decodePart(t, lines[0], 1))
	fence(&out, "The **card** of the seller in entry 0, a JWS of its own:", wrap(string(card[1])))
	fence(&out, "Its header and payload:", string(decodePart(t, string(card[1]), 0))+"\n"+string(decodePart(t, string(card[1]), 1)))

	key, err := os.ReadFile(filepath.Join(dir, "buyer.key"))
	if err != nil {
		t.Fatal(err)
	}
	me, err := ParseIdentity(bytes.NewReader(key))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := section.Unseal(files[1].data, section.Classic, section.Slot{Index: 1, Of: 2}, me.Readers()...)
	if err != nil {
		t.Fatal(err)
	}
	fence(&out, fmt.Sprintf("The **content** of `offer`, revision 1, which `age -d -i buyer.key blobs/%s…` gives, followed by %d spaces:",
		files[1].name[len(archiveBlob):][:8], section.Padded(len(plain))-len(plain)), wrap(string(plain)))
	fence(&out, "Its **commitment**, SHA-256 in hexadecimal:", renderRoot(t, plain, lines[1]))
	fence(&out, "The **template**, `template.json`, one line, broken here:", wrap(string(files[len(files)-1].data)))
	fence(&out, "The **key file** of the buyer:", string(key))
	return strings.TrimSuffix(out.String(), "\n")
}

// renderRoot computes a root by a transcription of the text of SPEC.md.
func renderRoot(t *testing.T, plain []byte, line string) string {
	t.Helper()
	var r struct {
		Header map[string]any
		Salt   string
		Fields map[string]json.RawMessage
	}
	if err := json.Unmarshal(plain, &r); err != nil {
		t.Fatal(err)
	}
	lp := func(parts ...string) []byte {
		var b []byte
		for _, p := range parts {
			b = append(binary.BigEndian.AppendUint64(b, uint64(len(p))), p...)
		}
		return b
	}
	hash := func(parts ...[]byte) []byte {
		sum := sha256.Sum256(bytes.Join(parts, nil))
		return sum[:]
	}
	salt, err := base64.RawURLEncoding.DecodeString(r.Salt)
	if err != nil {
		t.Fatal(err)
	}
	text := func(member string) string { s, _ := r.Header[member].(string); return s }
	leaves := [][]byte{hash([]byte{0}, lp("vassoio/v1/header", text("tray"), text("kind"), text("name"), text("instance"),
		fmt.Sprint(r.Header["revision"]), text("author")))}
	var out strings.Builder
	fmt.Fprintf(&out, "leaf 0 header  %x\n", leaves[0])
	for i, field := range []string{"item", "price", "until"} {
		mac := hmac.New(sha256.New, salt)
		mac.Write(lp("vassoio/v1/salt", field))
		value, present := r.Fields[field]
		flag := []byte{0}
		if present {
			flag[0] = 1
		}
		own := mac.Sum(nil)
		leaf := hash([]byte{0}, lp("vassoio/v1/field", text("name"), field, string(own)), flag, lp(string(value)))
		leaves = append(leaves, leaf)
		fmt.Fprintf(&out, "leaf %d %-7s %x  salt %x  value %s\n", i+1, field, leaf, own, value)
	}
	left, right := hash([]byte{1}, leaves[0], leaves[1]), hash([]byte{1}, leaves[2], leaves[3])
	root := fmt.Sprintf("%x", hash([]byte{1}, left, right))
	fmt.Fprintf(&out, "leaves 0 and 1 %x\nleaves 2 and 3 %x\nroot           %s\n", left, right, root)
	if !bytes.Contains(decodePart(t, line, 1), []byte(`"root":"`+root+`"`)) {
		t.Fatal("the root is not that of the log")
	}
	return out.String()
}

// Each threat in SPEC.md names tests that exist.
func TestSpecThreats(t *testing.T) {
	_, table, ok := strings.Cut(readSpec(t), "\n## Threats")
	if !ok {
		t.Fatal("SPEC.md has no table of threats")
	}
	tests := make(map[string]bool)
	for _, pkg := range []string{"sign", "section", "rules", "fsm", "tray", "tray/entry", "tray/store", "tray/template", "examples/order"} {
		files, err := filepath.Glob(filepath.Join("..", pkg, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
					tests[pkg+"."+fn.Name.Name] = true
				}
			}
		}
	}
	played := make(map[string]bool)
	for _, s := range scenarios {
		played[s.name] = true
	}
	rows, named := 0, 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) < 2 || strings.HasPrefix(cells[1], " ---") || strings.HasPrefix(cells[1], " threat ") {
			continue
		}
		if len(cells) != 5 {
			t.Errorf("a row of another form:%s", cells[1])
			continue
		}
		rows++
		names := regexp.MustCompile("`([a-z/]+\\.(?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllStringSubmatch(cells[3], -1)
		for _, scenario := range regexp.MustCompile(`\*([^*]+)\*`).FindAllStringSubmatch(cells[3], -1) {
			if !played[scenario[1]] {
				t.Errorf("there is no scenario %q", scenario[1])
			}
		}
		if len(names) == 0 {
			t.Errorf("no test is named:%s", cells[1])
		}
		for _, name := range names {
			if named++; !tests[name[1]] {
				t.Errorf("there is no test %s:%s", name[1], cells[1])
			}
		}
	}
	t.Logf("%d threats, %d tests named", rows, named)
	if rows < 30 {
		t.Error("too few threats")
	}
}
