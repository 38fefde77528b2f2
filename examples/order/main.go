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
	"errors"
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
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q: there are flags only; -h lists them", flags.Arg(0))
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
	if old := keyFiles(*dir); len(old) > 0 && !*keys { // they would open nothing of the order that is played now
		return fmt.Errorf("%s is of an order played before; give -keys, which writes everybody's keys anew, or another -dir", old[0])
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
	if file == "" {
		file = "order.json"
	} else {
		var err error
		if raw, err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	var order map[string]map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&order); err != nil {
		return nil, fmt.Errorf("%s: %w", place(file, raw, err), err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s:%d: something follows the order", file, lineAt(raw, dec.InputOffset()))
	}
	for name := range order {
		if name != "customer" && name != "products" {
			return nil, fmt.Errorf("%s: sales fills in customer and products, not %q", file, name)
		}
	}
	return order, nil
}

// place gives file and line of an error of package json.
func place(file string, raw []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := int64(len(raw)) // where a text ends too early
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	return fmt.Sprintf("%s:%d", file, lineAt(raw, offset))
}

// lineAt gives the line of the character before an offset.
func lineAt(raw []byte, offset int64) int {
	return 1 + bytes.Count(raw[:max(0, offset-1)], []byte("\n"))
}
