// Command offer is the program of README.md: a seller offers, a buyer orders, and
// the host that keeps their tray reads nothing of it.
package main

import (
	"context"
	"embed"
	"fmt"
	"log"

	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

//go:embed offer.yaml
var fsys embed.FS

func main() {
	ctx := context.Background()

	// README.md shows what follows.
	seller, buyer := must(tray.NewIdentity()), must(tray.NewIdentity()) // their keys: Export keeps them

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

	// To here.
	fmt.Println(b.State().Name())
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
