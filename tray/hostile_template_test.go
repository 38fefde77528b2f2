package tray

import (
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// endless is a template whose public guard of "cancel" takes years over a list
// of a thousand numbers: one that Compile accepts, with longer lists.
func endless(t *testing.T, from *template.Template) *template.Template {
	t.Helper()
	d := from.Definition()
	d.Conditions = nil
	d.Sections[0].Fields = append(d.Sections[0].Fields,
		rules.Field{Name: "numbers", Kind: rules.KindList, Max: "4", Of: &rules.Field{Kind: rules.KindInteger}})
	for i := range d.Lifecycle.Events {
		if e := &d.Lifecycle.Events[i]; e.Name == "cancel" {
			e.Guard = "facts.numbers.all(a, facts.numbers.all(b, facts.numbers.all(c, facts.numbers.all(d, a + b + c + d > 0))))"
		}
	}
	sound, err := template.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	return longer(t, sound)
}

// TestEndlessTemplate serves a tray whose template no host should have let in:
// an honest one refuses it, and a client of one that is not is not held up.
func TestEndlessTemplate(t *testing.T) {
	w := play(t, "deal.yaml", "anna: create sales=anna care=carl\n")
	w.tpl = endless(t, w.tpl)
	f := &forger{world: w}
	line := f.first("anna", f.create("anna")...)
	if err := f.append(line, true); !errors.Is(err, Malformed) {
		t.Errorf("the host: %v", err)
	}

	// The store of another host, which lets everything in.
	w.id = sign.Sum(line)
	head := store.Head{Tray: w.id}
	plant := func(line []byte) {
		t.Helper()
		if err := w.store.Append(w.ctx, head, line, f.blobs...); err != nil {
			t.Fatal(err)
		}
		head = store.Head{Tray: w.id, Length: head.Length + 1, Hash: sign.Sum(line)}
		f.blobs = nil
	}
	plant(line)
	numbers := make([]any, 1000)
	for i := range numbers {
		numbers[i] = int64(i + 1)
	}
	plant(f.by("anna", f.write("facts", "anna", "numbers", numbers)))
	if _, err := Open(w.ctx, w.host, w.id, w.actor("anna").me); err != nil {
		t.Errorf("a tray in which nothing was decided: %v", err)
	}
	fire := f.fire("cancel", "sales", "anna")
	if len(fire.Outcomes) != 1 || fire.Outcomes[0].Result != notRun {
		t.Fatalf("outcomes %v", fire.Outcomes)
	}
	fire.Outcomes[0].Result = string(rules.Pass) // as it would be, some day
	forged := f.by("anna", fire)
	planted := f.served(t, append(w.log(), forged)...)
	_, err := planted.State(w.ctx, w.id)
	leaves(t, "replay", err, 2, "guard.cancel")
}

// TestEvasiveTemplate begins a tray of a template whose rule looks back at a public
// section, and reads an opaque one too: two writes of the public one, whose author
// need not read the other, would evade it. Nobody takes the tray for valid.
func TestEvasiveTemplate(t *testing.T) {
	w := play(t, "deal.yaml", "anna: create sales=anna care=carl\n")
	f := &forger{world: w}
	sound := string(w.tpl.Canonical())
	for _, rule := range []string{
		`!has(old.facts.count) || facts.count <= old.facts.count || customer.vat != \"\"`,
		`customer.vat != \"\" || has(old.facts.kind)`,
		`customer.vat == old.customer.vat || facts.kind != old.facts.kind`,
	} {
		tpl := strings.NewReplacer(
			`!has(old.customer.vat) || has(customer.vat) \u0026\u0026 customer.vat == old.customer.vat\n`, rule,
			`!has(old.customer.vat) || has(customer.vat) && customer.vat == old.customer.vat\n`, rule,
			`"condition":"rule.steady","sections":["customer"]`, `"condition":"rule.steady","sections":["facts","customer"]`,
			`"writer":true,"events":["submit","confirm"]},{"condition":"guard.`, `"writer":true},{"condition":"guard.`,
		).Replace(sound)
		e := f.entry("anna", f.create("anna")...)
		e.Tray, e.Seq, e.Prev = sign.Hash{}, 0, sign.Hash{}
		e.Ops[0].(*entry.Create).Template = sign.Sum([]byte(tpl))
		line := f.line(e, f.actor("anna").signer)
		file := rewrite(t, []content{{archiveMark, []byte(ArchiveType)}, {archiveLog, append(line, '\n')}, {archiveTemplate, []byte(tpl)}})
		if err := verified(t, file); !errors.Is(err, Malformed) || !strings.Contains(err.Error(), "two writes in a row would evade it") {
			t.Errorf("%s: %v", rule, err)
		}
		head := store.Head{Tray: sign.Sum(line)}
		if err := w.host.Append(w.ctx, head, line, []byte(tpl)); !errors.Is(err, Malformed) {
			t.Errorf("%s: the host: %v", rule, err)
		}
	}
}

// verified opens a file and verifies it.
func verified(t *testing.T, file []byte) error {
	t.Helper()
	a, err := openArchive(file)
	if err == nil {
		_, err = a.Check(t.Context())
	}
	return err
}
