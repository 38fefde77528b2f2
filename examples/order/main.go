// Command order plays an order from sales to customer to customer service:
// sealed, ruled, signed, and verified by a host that cannot read it.
//
//	go run ./examples/order [-data FILE.json] [-lang it|en] [-dir DIR] [-keys]
//
// It prints each step, who did it, and what the host could see of it, and then
// what becomes of attempts to cheat. It exits with status 0 only if all of it
// happened, and could be printed. It leaves the store and order.tray in DIR, a
// temporary folder by default (which goes if anything fails), and with -keys
// everybody's keys, so that all of it can be examined.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing/fstest"

	"github.com/vassoio/vassoio/tray/template"
)

//go:embed order.yaml
var orderYAML []byte

func main() {
	if err := run(context.Background(), os.Args[1:], standardOutput()); err != nil {
		fmt.Fprintln(os.Stderr, "order:", err)
		os.Exit(1)
	}
}

// run is the program; it fails if anything did not happen as it should.
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	var data, lang, dir string
	var keys bool
	flags := flag.NewFlagSet("order", flag.ContinueOnError)
	flags.StringVar(&data, "data", "", "order data: an object section → field → value, as JSON")
	flags.StringVar(&lang, "lang", "en", "language of the story and of what is wrong with an order: it or en")
	flags.StringVar(&dir, "dir", "", "where to leave order.tray and the store (default: a temporary folder)")
	flags.BoolVar(&keys, "keys", false, "leave everybody's keys there, too")
	flags.SetOutput(io.Discard) // main prints the error
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		var help strings.Builder
		flags.SetOutput(&help)
		flags.PrintDefaults()
		_, err := io.WriteString(out, help.String())
		return err
	case err != nil:
		return fmt.Errorf("%w; -h lists the flags", err)
	case flags.NArg() > 0:
		return fmt.Errorf(language(lang).in("%q: there are flags only; -h lists them"), flags.Arg(0))
	case lang != "it" && lang != "en":
		return fmt.Errorf("-lang %q: it or en", lang)
	}
	order, err := readOrder(data, language(lang))
	if err != nil {
		return err
	}
	tpl, err := template.Load(fstest.MapFS{"order.yaml": {Data: orderYAML}}, "order.yaml")
	if err != nil {
		return err
	}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "vassoio-order-"); err != nil {
			return err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, os.RemoveAll(dir))
			}
		}()
	}
	c, err := newCast(dir, keys, language(lang))
	if err != nil {
		return err
	}
	defer c.folder.Close()
	s := &story{cast: c, teller: teller{out: out, language: language(lang)}, ctx: ctx, tpl: tpl, data: order}
	return s.play()
}
