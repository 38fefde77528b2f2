// Command order plays an order from sales to customer to customer service:
// sealed, ruled, signed, and verified by a host that cannot read it.
//
//	go run ./examples/order [-data FILE.json] [-lang it|en] [-dir DIR] [-keys]
//
// It prints each step, who did it, and what the host could see of it, and then
// what becomes of attempts to cheat. It exits with status 0 only if all of it
// happened. It leaves the store and order.tray in DIR, a temporary folder by
// default, and with -keys everybody's keys, so that all of it can be examined.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"testing/fstest"

	"github.com/vassoio/vassoio/tray/template"
)

var (
	//go:embed order.yaml
	orderYAML []byte
	//go:embed order.json
	orderJSON []byte
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "order:", err)
		os.Exit(1)
	}
}

// run is the program; it fails if anything did not happen as it should.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("order", flag.ContinueOnError)
	flags.SetOutput(out)
	data := flags.String("data", "", "order data: an object section → field → value, as JSON")
	lang := flags.String("lang", "en", "language of messages: it or en")
	dir := flags.String("dir", "", "where to leave order.tray and the store (default: a temporary folder)")
	keys := flags.Bool("keys", false, "leave everybody's keys there, too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *lang != "it" && *lang != "en" {
		return fmt.Errorf("-lang %s: it or en", *lang)
	}
	order, err := readOrder(*data)
	if err != nil {
		return err
	}
	if *dir == "" {
		if *dir, err = os.MkdirTemp("", "vassoio-order-"); err != nil {
			return err
		}
	} else if err := os.MkdirAll(*dir, 0o700); err != nil {
		return err
	}
	tpl, err := template.Load(fstest.MapFS{"order.yaml": {Data: orderYAML}}, "order.yaml")
	if err != nil {
		return err
	}
	c, err := newCast(*dir)
	if err != nil {
		return err
	}
	s := &story{cast: c, ctx: ctx, out: out, lang: *lang, tpl: tpl, data: order}
	if *keys {
		if err := c.exportKeys(); err != nil {
			return err
		}
	}
	for _, act := range []func() error{s.fill, s.invite, s.confirm, s.validate, s.closed, s.replay, s.cheat, s.leave} {
		if err := act(); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "\nAll of it happened. order.tray and the store are in %s\n", *dir)
	return nil
}

// readOrder reads section → field → value, numbers as they are written.
func readOrder(file string) (map[string]map[string]any, error) {
	raw := orderJSON
	if file != "" {
		var err error
		if raw, err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	var order map[string]map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&order); err != nil {
		return nil, fmt.Errorf("order data: %w", err)
	}
	for name := range order {
		if name != "customer" && name != "products" {
			return nil, fmt.Errorf("order data: sales fills in customer and products, not %q", name)
		}
	}
	return order, nil
}
