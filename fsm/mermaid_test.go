package fsm

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

var update = flag.Bool("update", false, "write the golden diagrams anew")

var italian = map[string]string{
	"filling": "In compilazione", "signing": "Da firmare", "validating": "Verifica: fido & dati",
	"validated": "Convalidato", "void": `Annullato ("nullo")`,
	"submit": "Invia", "remind": "Sollecita; di nuovo", "return": "Rimanda\nper correzione",
	"confirm": "Confermo l'ordine", "cancel": "  ",
}

func TestMermaid(t *testing.T) {
	in := func(name string) string { return italian[name] }
	keywords := def("i state; s state; s end; s note; s class; s default; s direction; f style; " +
		"e direction end state; e tb note end; e lr class note; e scale default class; e classdef direction default; e end style direction")
	for _, tt := range []struct {
		file    string
		def     Definition
		diagram Diagram
	}{
		{"order.mmd", order(), Diagram{}},
		{"order-current.mmd", order(), Diagram{Current: "signing"}},
		{"order-titles.mmd", order(), Diagram{Current: "void", StateLabel: in, EventLabel: in}},
		{"order.mmd", order(), Diagram{Current: "nowhere"}},
		{"order.mmd", order(), Diagram{StateLabel: func(string) string { return "\u200b\n" }}},
		{"keywords.mmd", keywords, Diagram{Current: "direction"}},
	} {
		got := mustNew(t, tt.def).Mermaid(tt.diagram)
		checkDiagram(t, got)
		file := filepath.Join("testdata", tt.file)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\n got\n%s\nwant\n%s", tt.file, got, want)
		}
	}
}

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"in_review", "in_review"},
		{"Verifica età", "Verifica età"},
		{"e\u0301te\u0301", "e\u0301te\u0301"},
		{"確認待ち", "確認待ち"},
		{"l'ordine v1.2 pre-check", "l'ordine v1.2 pre-check"},
		{"  a \t\r\n b\u2028c\u00a0d ", "a b c d"},

		{`a "quoted" b`, "a #34;quoted#34; b"},
		{"a: b; c", "a#58; b#59; c"},
		{"#35;", "#35;35#59;"},
		{"&lt;b>", "#38;lt#59;b#62;"},
		{"<script>x</script>", "#60;script#62;x#60;#47;script#62;"},
		{"a --> b", "a #45;#45;#62; b"},
		{"a -- b", "a #45;#45; b"},
		{"<<fork>>", "#60;#60;fork#62;#62;"},
		{"[[choice]] {x}", "#91;#91;choice#93;#93; #123;x#125;"},
		{"%% comment", "#37;#37; comment"},
		{"%%{init: {}}%%", "#37;#37;#123;init#58; #123;#125;#125;#37;#37;"},
		{"1. item", "1#46; item"},
		{"- item", "#45; item"},
		{"**bold** _it_ `code` $x$", "#42;#42;bold#42;#42; #95;it#95; #96;code#96; #36;x#36;"},
		{`a\nb`, "a#92;nb"},
		{"---", "#45;#45;#45;"},
		{"direction LR", "directio#110; LR"},
		{"a DIRECTION tb", "a DIRECTIO#110; tb"},
		{"direc\u200btion TB", "directio#110; TB"},
		{"ﬂ°°60¶ß", "ﬂ#176;#176;60#182;ß"},

		{"a\x00\x1b\x7fb", "ab"},
		{"a\u202eb\ufeffc", "abc"},
		{"a\xffb", "a#65533;b"},
		{"\u200b \x07", ""},
		{"😀", "#128512;"},
	} {
		if got := escape(tt.text); got != tt.want {
			t.Errorf("escape(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

var (
	// What follows "directio" can be no n: see the variable direction.
	labelText     = `(?:[\p{L}\p{M}\p{Nd} _.'-]|#[0-9]+;)+`
	diagramLine   = regexp.MustCompile(`\A(?:    state "(` + labelText + `)" as s_[a-z0-9_]+|    \[\*\] --> s_[a-z0-9_]+|    s_[a-z0-9_]+ --> \[\*\]|    s_[a-z0-9_]+ --> s_[a-z0-9_]+ : (` + labelText + `)|    classDef current stroke-width:4px,font-weight:bold|    class s_[a-z0-9_]+ current)\z`)
	labelEntity   = regexp.MustCompile(`#([0-9]+);`)
	wordDirection = regexp.MustCompile(`(?i)direction`)
)

// checkDiagram fails unless every line is one of the few forms there are, so
// that no label got out of its place.
func checkDiagram(t *testing.T, source string) {
	t.Helper()
	lines := strings.Split(source, "\n")
	if lines[0] != "stateDiagram-v2" || lines[len(lines)-1] != "" || len(lines) < 4 {
		t.Fatalf("no diagram:\n%s", source)
	}
	for _, line := range lines[1 : len(lines)-1] {
		m := diagramLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("line %q of\n%s", line, source)
		}
		for _, text := range m[1:] {
			if wordDirection.MatchString(text) || strings.Contains(text, "--") {
				t.Fatalf("label %q", text)
			}
		}
	}
}

// A label reads back as the text that was given, but for spaces and what cannot
// be printed; and no text breaks the diagram.
func FuzzMermaid(f *testing.F) {
	for _, s := range []string{"", "Da firmare", "a\"b", "#35;", "direction LR", "\xff", "a--b", "---", "%%{init}%%", "\u2028", "<<fork>>", "e\u0301", "ﬂ°°60¶ß"} {
		f.Add(s)
	}
	l, err := New(order())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		same := func(string) string { return text }
		checkDiagram(t, l.Mermaid(Diagram{Current: "filling", StateLabel: same, EventLabel: same}))
		shown := labelEntity.ReplaceAllStringFunc(escape(text), func(s string) string {
			r, err := strconv.Atoi(s[1 : len(s)-1])
			if err != nil {
				t.Fatal(err)
			}
			return string(rune(r))
		})
		want := strings.Map(func(r rune) rune {
			if !unicode.IsPrint(r) && !unicode.IsMark(r) {
				return -1
			}
			return r
		}, strings.Join(strings.Fields(strings.ToValidUTF8(text, "\ufffd")), " "))
		// Each invalid byte is shown, ToValidUTF8 makes one of a run of them.
		if strings.ContainsRune(want, '\ufffd') {
			return
		}
		if shown != strings.TrimSpace(want) {
			t.Fatalf("%q is shown as %q", text, shown)
		}
	})
}
