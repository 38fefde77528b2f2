package template

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Who can decide what, of templates with readers by state, instances, public
// sections, facts, and needs; and of one that looks back.
func TestExplain(t *testing.T) {
	var all strings.Builder
	for _, file := range []string{"tray/template/testdata/order.yaml", "tray/template/testdata/everything.yaml", "examples/rules/templates/loan.yaml"} {
		tpl, err := Load(os.DirFS("../.."), file)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "# %s\n\n%v\n", tpl.Name(), tpl.Explain())
	}
	text := strings.NewReplacer("READ", "{role: r, in: [two]}", "RULE", "a.x > old.a.x && state == 'two'", ", attest: [r]", "",
		"ONE", "b", "TWO", "a", "BY", "r, w", "BACK", "").Replace(handed)
	tpl, err := loadText(text)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&all, "# %s\n\n%v", tpl.Name(), tpl.Explain())
	golden(t, "explain.txt", []byte(all.String()))
}

// Every condition of the table is explained, and each that can fail runs again
// after an edit of something that it reads.
func TestExplainsAll(t *testing.T) {
	for _, name := range []string{"order.yaml", "everything.yaml", "leave.yaml"} {
		tpl := loadFile(t, name)
		e := tpl.Explain()
		again := map[string]bool{}
		for _, f := range e.Fields {
			for _, id := range f.Conditions {
				again[id] = true
			}
		}
		if len(e.Conditions) != len(tpl.Conditions()) || len(again) == 0 {
			t.Fatalf("%s: %d of %d conditions", name, len(e.Conditions), len(tpl.Conditions()))
		}
		for i, d := range e.Conditions {
			if c := tpl.Conditions()[i]; d.ID != c.ID || again[d.ID] != (len(c.Sections) > 0) {
				t.Errorf("%s: %s: runs again %v, reads %v", name, d.ID, again[d.ID], c.Sections)
			}
		}
	}
}
