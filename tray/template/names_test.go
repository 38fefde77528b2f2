package template_test

import (
	"os"
	"slices"
	"testing"

	"github.com/vassoio/vassoio/tray/template"
)

func TestNames(t *testing.T) {
	tpl, err := template.Load(os.DirFS("testdata"), "order.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got := tpl.RoleNames(); !slices.Equal(got, []string{"sales", "customer", "care"}) {
		t.Errorf("roles %q", got)
	}
	if got := tpl.StateNames(); !slices.Equal(got, []string{"filling", "signing", "validating", "validated", "void"}) {
		t.Errorf("states %q", got)
	}
	for _, c := range []struct {
		role, section string
		want          bool
	}{{"care", "credit", true}, {"sales", "credit", false}, {"sales", "products", true}, {"nobody", "credit", false}, {"care", "nothing", false}} {
		if got := tpl.ReadBy(c.role, c.section, "filling"); got != c.want {
			t.Errorf("%s reads %s: %v", c.role, c.section, got)
		}
	}
}

// The initial state comes first, wherever it stands.
func TestStateNamesBeginWithTheInitial(t *testing.T) {
	tpl, err := template.Load(os.DirFS("testdata"), "order.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := tpl.Definition()
	slices.Reverse(d.Lifecycle.States)
	tpl, err = template.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	if got := tpl.StateNames(); !slices.Equal(got, []string{"filling", "void", "validated", "validating", "signing"}) {
		t.Errorf("states %q", got)
	}
}
