package tray_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// The program of README.md, between the two lines.
func Example_readme() {
	ctx, fsys := context.Background(), fstest.MapFS{"offer.yaml": {Data: []byte(offer)}}
	seller, buyer := must(tray.NewIdentity()), must(tray.NewIdentity())
	// ----
	tpl := must(template.Load(fsys, "offer.yaml")) // your template; mistakes come with file:line:column
	host := tray.NewHost(store.NewMemory())        // or store.OpenDir(path)

	// The seller opens a tray, fills in the offer and hands it on.
	t := must(tray.Create(ctx, host, tpl, seller, tray.Bind("seller", seller.Card())))
	d := t.Draft()
	d.Set("offer.item", "Vassoio in legno d'ulivo")
	d.Set("offer.price", "49.90")
	d.Fire("propose")
	check(d.Commit(ctx)) // one signed entry, or a *tray.Refusal: what is missing, and who can provide it
	link := must(t.Invite(ctx, "buyer"))

	// The buyer joins by the link, and reads at once.
	b := must(tray.Join(ctx, host, link, buyer))
	view := must(b.View(ctx))
	fmt.Println(view.Text("offer.item"), view.Text("offer.price"))

	d = b.Draft()
	d.Set("address.street", "Via Roma 1") // in a section that the seller cannot read
	d.Sign("order", "it")
	d.Fire("order")
	check(d.Commit(ctx))
	// ----
	// Output: Vassoio in legno d'ulivo 49.90
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_readme_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "```go\n")
	shown, _, _ = strings.Cut(shown, "```")
	_, run, _ := strings.Cut(string(source), "\t// ----\n")
	run, _, _ = strings.Cut(run, "\t// ----\n")
	run = strings.TrimPrefix(strings.ReplaceAll(run, "\n\t", "\n"), "\t")
	if shown == "" || shown != run {
		t.Errorf("README.md shows\n%s\nand what runs is\n%s", shown, run)
	}
}
