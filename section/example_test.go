package section_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/vassoio/vassoio/section"
)

func mustSchema(fields ...section.Field) *section.Schema {
	s, err := section.NewSchema(fields)
	if err != nil {
		panic(err)
	}
	return s
}

var order = mustSchema(
	section.Field{Name: "company", Kind: section.Text, Max: 200},
	section.Field{Name: "total", Kind: section.Decimal, Scale: 2},
	section.Field{Name: "due", Kind: section.Date},
	section.Field{Name: "lines", Kind: section.List, Max: 50, Of: &section.Field{Kind: section.Record, Fields: []section.Field{
		{Name: "sku", Kind: section.Text},
		{Name: "quantity", Kind: section.Integer},
	}}},
)

var header = section.Header{
	Tray: strings.Repeat("5a", 32), Kind: section.HeaderSection, Name: "order", Revision: 1,
	Author: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Write a section for two readers, and open it as the second of them.
func Example() {
	sales := must(section.GenerateIdentity(section.PQ))
	care := must(section.GenerateIdentity(section.PQ))

	revision := section.Revision{
		Header:  header,
		Salt:    must(section.NewSalt(rand.Reader)),
		Content: must(order.Coerce(map[string]any{"company": "Rossi S.r.l.", "total": 12})),
	}
	blob, root, err := order.Seal(revision, []section.Recipient{sales.Recipient(), care.Recipient()})
	if err != nil {
		fmt.Println(err)
		return
	}

	opened, err := order.Open(blob, section.PQ, section.Slot{Index: 1, Of: 2}, header, root, care)
	fmt.Println(opened.Content["company"], opened.Content["total"], err)

	// Under another header it does not open, so it cannot be passed off.
	forged := header
	forged.Author = "mallory"
	_, err = order.Open(blob, section.PQ, section.Slot{Index: 1, Of: 2}, forged, root, care)
	fmt.Println(err)
	// Output:
	// Rossi S.r.l. 12.00 <nil>
	// section: the blob contradicts what was signed: header.author
}

func ExampleNewSchema() {
	_, err := section.NewSchema([]section.Field{
		{Name: "company", Kind: section.Text},
		{Name: "company", Kind: section.Text},
		{Name: "total", Kind: section.Decimal},
	})
	var problems *section.SchemaError
	if errors.As(err, &problems) {
		for _, p := range problems.Problems {
			fmt.Println(p)
		}
	}
	// Output:
	// company: duplicate: the name is declared twice
	// total: missing: a decimal needs a scale of 1 to 18
}

func ExampleSchema_Coerce() {
	_, err := order.Coerce(map[string]any{
		"compny": "Rossi S.r.l.",
		"total":  "12.345",
		"lines":  []map[string]any{{"sku": "A-1", "quantity": "three"}},
	})
	var problems *section.ValuesError
	if errors.As(err, &problems) {
		for _, p := range problems.Problems {
			fmt.Println(p)
		}
		fmt.Println(problems.Problems[0].Message("it"))
	}
	// Output:
	// total: scale: a decimal such as "12.55" with at most 2 decimals and 30 digits
	// lines[0].quantity: type: an integer from -9007199254740991 to 9007199254740991
	// compny: unknown: no such field; did you mean "company"?
	// un numero decimale come "12.55", con al massimo 2 decimali e 30 cifre
}

// An amount goes with its currency. Where that can be one only, it may be left out.
func ExampleSchema_Coerce_money() {
	bill := mustSchema(
		section.Field{Name: "total", Kind: section.Money, Scale: 2, Currencies: []string{"EUR"}},
		section.Field{Name: "paid", Kind: section.Money, Scale: 2, Currencies: []string{"EUR", "CHF"}},
	)
	content := must(bill.Coerce(map[string]any{"total": "12.5", "paid": "13 CHF"}))
	fmt.Println(string(must(bill.Encode(content))))

	_, err := bill.Coerce(map[string]any{"total": "12.505", "paid": "13 USD"})
	fmt.Println(err)
	// Output:
	// {"total":"12.50 EUR","paid":"13.00 CHF"}
	// section: values: total: scale: an amount such as "12.55 EUR" with at most 2 decimals and 30 digits, and its currency; paid: currency: an amount in EUR or CHF
}

func ExampleSchema_Encode() {
	content := must(order.Coerce(map[string]any{"total": "1.5", "company": "Caffè \"Roma\"\r\nTorino"}))
	encoded := must(order.Encode(content))
	fmt.Println(string(encoded))

	_, err := order.Decode([]byte(`{"total":"1.50", "company":"Roma"}`))
	fmt.Println(err)
	// Output:
	// {"company":"Caffè \"Roma\"\nTorino","total":"1.50"}
	// section: encoding: byte 15: expected the next declared field or the end of the record
}

func ExampleSchema_With() {
	before := must(order.Coerce(map[string]any{"company": "Rossi S.r.l."}))
	after := must(order.With(before, must(section.ParsePath("lines[0].quantity")), 3))
	fmt.Println(string(must(order.Encode(after))))
	fmt.Println(section.Diff(before, after))

	quantity, ok := order.Get(after, must(section.ParsePath("lines[0].quantity")))
	fmt.Println(quantity, ok)
	// Output:
	// {"company":"Rossi S.r.l.","lines":[{"quantity":3}]}
	// [lines]
	// 3 true
}

// Disclose one field to somebody who has only the root, from the signed log.
func ExampleSchema_Prove() {
	revision := section.Revision{
		Header:  header,
		Salt:    must(section.NewSalt(rand.Reader)),
		Content: must(order.Coerce(map[string]any{"company": "Rossi S.r.l.", "total": 12})),
	}
	root := must(order.Root(revision))
	text := must(must(order.Prove(revision, "total")).MarshalText())

	proof := must(section.ParseProof(text))
	total, err := order.Disclosed(proof, root)
	fmt.Println(total, err, strings.Contains(string(text), "Rossi"))

	proof.Value = []byte(`"1.00"`)
	fmt.Println(proof.Verify(root))
	// Output:
	// 12.00 <nil> false
	// section: the proof does not lead to the root: field
}

// A host without keys checks what it stores.
func ExampleInspect() {
	reader := must(section.GenerateIdentity(section.Classic)).Recipient()
	blob := must(section.Seal([]byte(`{"any":"JSON"}`), []section.Recipient{reader, reader, reader}))
	readers, err := section.Inspect(blob, section.Classic)
	fmt.Println(readers, err)

	_, err = section.Inspect(blob, section.PQ)
	fmt.Println(err)
	_, err = section.Inspect([]byte("-----BEGIN AGE ENCRYPTED FILE-----"), section.Classic)
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// section: the blob contradicts what was signed: stanzas
	// section: not a sealed section: not a binary age v1 file
}

// Spaces pad a plaintext, so what opens it reads JSON.
func ExampleUnseal() {
	id := must(section.GenerateIdentity(section.PQ))
	blob := must(section.Seal([]byte(`{"any":"JSON"}`), []section.Recipient{id.Recipient()}))
	plaintext, err := section.Unseal(blob, section.PQ, section.Slot{Index: 0, Of: 1}, id)
	fmt.Println(string(plaintext), json.Valid(plaintext), err)
	fmt.Println(section.Padded(14), section.Padded(4000))
	// Output:
	// {"any":"JSON"} true <nil>
	// 256 4096
}

func ExampleParseRecipient() {
	_, err := section.ParseRecipient(section.PQ, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO8zFaL4")
	fmt.Println(err)
	// Output:
	// section: malformed key: recipient: not of the suite
}

// An identity does not print itself by accident.
func ExampleIdentity() {
	id := must(section.GenerateIdentity(section.PQ))
	fmt.Printf("%v %+v %s\n", id, id, id)
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	log.Info("opened", "by", id)
	_, err := json.Marshal(id)
	fmt.Println(err != nil, strings.HasPrefix(id.Reveal(), "AGE-SECRET-KEY-PQ-1"))
	// Output:
	// section.Identity(redacted) section.Identity(redacted) section.Identity(redacted)
	// level=INFO msg=opened by=section.Identity(redacted)
	// true true
}
