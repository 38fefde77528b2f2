package tray

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
)

// titled has titles for everything that people are told of.
const titled = `
template: titled
version: 1
roles:
  sales:    {title: {en: Sales, it: Commerciale}, manages: [sales, supplier]}
  supplier: {title: {en: Supplier, it: Fornitore}}
sections:
  order:
    title: {en: Order, it: Ordine}
    read: [sales]
    write: [sales]
    fields:
      company: {type: text, required: true, title: {en: Company, it: Ragione sociale}}
      lines: {type: list, title: {en: Lines, it: Righe}, of: {n: {type: integer, min: 1, title: {en: Quantity, it: Quantità}}}}
  bid:
    title: {en: Bid, it: Offerta}
    per: supplier
    read: [self, sales]
    write: [self]
    fields: {price: {type: decimal, scale: 2, required: true, title: {en: Price, it: Prezzo}}}
rules:
  small: {rule: order.lines.size() < 3, message: {en: too many lines, it: troppe righe}}
  plain: {rule: order.lines.size() < 2}
signatures:
  seal:
    {title: {en: Approval, it: Approvazione}, by: sales, covers: [order], declare: {en: I approve, it: Approvo}, required: true}
lifecycle:
  initial: open
  states:
    open: {edit: {sales: [order], supplier: [bid]}}
    shut: {final: true}
  events:
    go: {title: {en: Close, it: Chiudi}, from: open, to: shut, by: [sales], valid: [order, bid], signed: [seal], reason: required}
`

// actsOf gives all that the source says that only others may do, by need.
func actsOf(t *testing.T) map[Need][]string {
	t.Helper()
	out := map[Need][]string{}
	said := regexp.MustCompile(`(Need: Need(\w+), Act: |needRole\(|c\.acts\(.+?, )"(\w+)"`)
	read := regexp.MustCompile(`\.(due|anew)\(.+?, "(\w+)"\)`)
	for _, file := range have(filepath.Glob("*.go"))(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source := string(have(os.ReadFile(file))(t))
		for _, m := range read.FindAllStringSubmatch(source, -1) {
			out[NeedRevision] = append(out[NeedRevision], m[2])
			if m[1] == "due" {
				out[NeedShare] = append(out[NeedShare], m[2])
			}
		}
		for _, m := range said.FindAllStringSubmatch(source, -1) {
			need := NeedRole
			if m[2] == "State" || m[3] == "write" { // which becomes the other where nobody can
				out[NeedState] = append(out[NeedState], m[3])
			}
			if m[2] != "State" {
				out[need] = append(out[need], m[3])
			}
		}
	}
	return out
}

// Everything that a refusal can say has words in both languages: whoever adds a code,
// a need, an act or a kind of condition finds out here that it has none.
func TestEverythingHasWords(t *testing.T) {
	tpl := inline(t, titled)
	names := map[string][]string{"fire": {"go"}, "sign": {"seal"}, "write": {"order", "bid"}, "manage": {"sales", "sales, supplier"}}
	var blockers []Blocker
	acts := actsOf(t)
	if len(acts[NeedRole]) < 8 || len(acts[NeedState]) < 3 || len(acts[NeedShare]) < 2 || len(acts[NeedRevision]) < 2 {
		t.Fatalf("found acts %v", acts)
	}
	for _, need := range constants(t, "blocker.go", "Need") {
		b := Blocker{Need: Need(need), Name: "order", Sections: []string{"order"}, Roles: []string{"sales", "supplier"}, Dismiss: []string{"sales"}}
		switch b.Need {
		case NeedState, NeedRole:
			for _, act := range acts[b.Need] {
				of := names[act]
				if of == nil {
					of = []string{"sales"}
				}
				for _, name := range of {
					b.Act, b.Name = act, name
					blockers = append(blockers, b)
				}
			}
			b.Act, b.Name, b.Instance = "write", "bid", "somebody"
			b.Sections = []string{"bid"}
		case NeedShare, NeedRevision:
			for _, act := range acts[b.Need] {
				b.Act = act
				blockers = append(blockers, b)
			}
		case NeedField:
			b.Path, b.Name = "order.lines[1].n", "order.lines.n.bounds"
		case NeedCondition, NeedAttestation, NeedDecision:
			for _, id := range []string{"valid.order", "change.order", "guard.go", "required.seal", "rule.small", "rule.plain"} {
				b.Name = id
				blockers = append(blockers, b)
			}
		case NeedSignature:
			b.Name, b.Stale = "seal", true
			blockers = append(blockers, b)
			b.Stale = false
		case NeedReason:
			b.Name = "go"
		}
		blockers = append(blockers, b)
	}
	texts := map[string][]string{}
	for _, lang := range []string{"en", "it"} {
		for i := range blockers {
			b := &blockers[i]
			kind, _ := titles{tpl, lang}.about(b)
			if _, ok := blockerWords[kind]; !ok {
				t.Errorf("there are no words for %q", kind)
			}
			for _, roles := range [][]string{b.Roles, nil} {
				b := *b
				b.Roles = roles
				texts[lang] = append(texts[lang], b.Message(tpl, lang))
			}
		}
		codes := constants(t, "refusal.go", "Code")
		if len(codes) != 25 {
			t.Fatalf("%d codes", len(codes))
		}
		for _, code := range codes {
			if codeWords[Code(code)] == nil {
				t.Errorf("there are no words for %q", code)
			}
			texts[lang] = append(texts[lang], (&Refusal{Code: Code(code)}).Messages(tpl, lang)...)
		}
		for _, status := range constants(t, "invite.go", "InviteStatus") {
			if status != string(InviteOpen) && inviteWords[InviteStatus(status)] == nil {
				t.Errorf("there are no words for an invite that is %s", status)
			}
			texts[lang] = append(texts[lang], (&Refusal{Code: BadInvite, Invite: InviteStatus(status)}).Messages(tpl, lang)...)
		}
	}
	ids := regexp.MustCompile(`\b(sales|supplier|bid)\b|%!|valid\.|guard\.|\s\s|\(\s|"`)
	for i, text := range texts["en"] {
		if it := texts["it"][i]; text == it || ids.MatchString(text) || ids.MatchString(it) || text == "" || it == "" {
			t.Errorf("%q, %q", text, it)
		}
	}
	t.Logf("%d texts", len(texts["en"]))
}

// What people read: the titles, what the rules say, and who can help.
func TestMessages(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, titled)
	w.play("anna: create sales=anna supplier=bea")
	d := w.draft(w.actor("anna"))
	d.Set("order.lines", []any{map[string]any{"n": 0}, map[string]any{"n": 1}, map[string]any{"n": 1}})
	d.Fire("go")
	refusal := func() *Refusal {
		r, _ := d.Commit(w.ctx).(*Refusal)
		if r == nil {
			t.Fatal("not refused")
		}
		return r
	}
	has := func(lang string, want ...string) {
		t.Helper()
		if got := refusal().Messages(w.tpl, lang); !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", lang, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	has("it-CH",
		"manca la firma «Approvazione» (può firmare: Commerciale)",
		"Ordine › Ragione sociale: il valore è obbligatorio (può compilare: Commerciale)",
		"Ordine › Righe 1 › Quantità: deve essere almeno 1 (può correggere: Commerciale)",
		"troppe righe (può correggere: Commerciale)",
		"la regola plain non è rispettata (può correggere: Commerciale)",
		"Offerta › Prezzo (Fornitore): il valore è obbligatorio (può compilare: Fornitore)",
		"«Chiudi»: occorre un motivo (può indicarlo: Commerciale)",
	)
	has("fr",
		"the signature “Approval” is missing (Sales can sign)",
		"Order › Company: a value is required (Sales can fill it in)",
		"Order › Lines 1 › Quantity: must be at least 1 (Sales can correct it)",
		"too many lines (Sales can correct it)",
		"rule plain does not hold (Sales can correct it)",
		"Bid › Price (Supplier): a value is required (Supplier can fill it in)",
		"“Close” asks for a reason (Sales can give one)",
	)

	// What came through JSON has the words of the template.
	var sent Refusal
	if err := json.Unmarshal(have(json.Marshal(refusal()))(t), &sent); err != nil {
		t.Fatal(err)
	}
	got := sent.Messages(w.tpl, "it")
	for _, want := range []string{"troppe righe (può correggere: Commerciale)", "la regola «plain» non è rispettata (può correggere: Commerciale)"} {
		if !slices.Contains(got, want) {
			t.Errorf("through JSON: %q", got)
		}
	}

	d = w.draft(w.actor("anna"))
	d.Set("order.compny", "secret")
	d.Set("order.lines[0].n", "secret")
	has("it", `order.compny: il campo non esiste; forse "company"?`,
		"Ordine › Righe 1 › Quantità: un numero intero da -9007199254740991 a 9007199254740991")
}

// What a later version sends is told all the same, and names that the template does
// not have, or paths that lead nowhere, are no more than that.
func TestMessagesOfStrangers(t *testing.T) {
	tpl := inline(t, titled)
	for _, b := range []Blocker{
		{}, {Need: "future", Name: "x"}, {Need: NeedRole, Act: "future"}, {Need: NeedField, Path: "x.y[", Name: ""},
		{Need: NeedCondition, Name: "valid.nothing", Instance: "x", Sections: []string{"nothing"}}, {Need: NeedCondition, Name: "x"},
		{Need: NeedAttestation, Name: "guard.x"}, {Need: NeedSignature, Name: "%s%d"}, {Need: NeedReason, Name: "x", Roles: []string{"boss"}},
		{Need: NeedField, Path: "order.company", Name: "order.company.required", Violation: &rules.Violation{Reason: rules.ReasonRequired}},
	} {
		for _, lang := range []string{"en", "it", ""} {
			if text := b.Message(tpl, lang); strings.TrimSpace(text) == "" || strings.Contains(text, "%!") {
				t.Errorf("%+v: %q", b, text)
			}
		}
	}
	r := &Refusal{Code: "future", Err: &section.ValuesError{}}
	if got := r.Messages(tpl, "it"); len(got) > 0 { // of values there are none
		t.Errorf("%q", got)
	}
	if got := (&Refusal{Code: "future"}).Messages(tpl, "it"); !slices.Equal(got, []string{"è stato rifiutato"}) {
		t.Errorf("%q", got)
	}
}
