package tray

import (
	"encoding/base64"
	"os"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/template"
)

// kinds are values of every kind, and money in spellings that are not the one.
func (x *readerFiles) kinds() {
	tpl, err := template.Load(os.DirFS("testdata"), "kinds.yaml")
	if err != nil {
		x.Fatal(err)
	}
	me, err := NewIdentity()
	if err != nil {
		x.Fatal(err)
	}
	w := newWorld(x, "kinds.yaml")
	t, err := Create(w.ctx, w.host, tpl, me, InSuite(section.Classic), Bind("one", me.Card()))
	if err != nil {
		x.Fatal(err)
	}
	d := t.Draft()
	for path, value := range map[string]any{
		"all.text": "a\n\"b\"", "all.choice": "b", "all.integer": -9007199254740991, "all.decimal": "-0.05", "all.price": "-12.5", "all.yen": "1200 JPY", "all.boolean": false,
		"all.date": "2028-02-29", "all.datetime": "2026-01-31T10:00:00-09:30", "all.duration": "72h", "all.lines[0].price": "0 ZZZ", "all.place.town": "Torino",
		"shown.price": "3 CHF", "shown.yen": -7,
	} {
		d.Set(path, value)
	}
	if err := d.Commit(w.ctx); err != nil {
		x.Fatal(err)
	}
	file, _ := export(x, w.host, t.ID())
	x.accepted("every kind", file, nil)
	x.accepted("every kind, to its author", file, me)

	f := &forger{world: play(x, "kinds.yaml", "anna: create one=anna")}
	spelled := func(field, value string) []byte {
		op := f.write("shown", "anna", field, map[string]string{"price": "12.50 EUR", "open": "12.50 XYZ", "yen": "7 JPY"}[field])
		fields := f.tpl.Schema("shown").Fields()
		for i := range fields {
			fields[i] = section.Field{Name: fields[i].Name, Kind: section.Text} // so that anything can be signed
		}
		lax, err := section.NewSchema(fields)
		if err != nil {
			x.Fatal(err)
		}
		salt := section.Salt{1}
		r := section.Revision{Header: f.state().header(op.Revision, f.participant("anna")), Salt: salt, Content: section.Content{field: value}}
		plain, err := lax.Marshal(r)
		if err != nil {
			x.Fatal(err)
		}
		root, err := lax.Root(r)
		if err != nil {
			x.Fatal(err)
		}
		op.Root, op.Public = sign.Hash(root), base64.RawURLEncoding.EncodeToString(plain)
		m, id := f.planted(x, f.by("anna", op), false)
		return pack(x, m, id, f.tpl, nil)
	}
	for field, values := range map[string][]string{
		"price": {"12.50 EUR", "0.00 CHF", "-0.01 EUR", "9999999999999999999999999999.99 EUR"}, "open": {"12.50 XYZ"}, "yen": {"0 JPY", "-7 JPY", "999999999999999999999999999999 JPY"},
	} {
		for _, value := range values {
			x.accepted("money spelled "+value, spelled(field, value), nil)
		}
	}
	for field, values := range map[string][]string{
		"price": {"12.50", "12.5 EUR", "12.500 EUR", "12 EUR", "-0.00 EUR", "012.50 EUR", "+1.00 EUR", ".50 EUR", "1e2 EUR", "12,50 EUR", "12.50 USD", "12.50 eur", "12.50  EUR", "12.50 EUR ", " 12.50 EUR", "12.50EUR",
			"EUR 12.50", "12.50 EUR\n", "12.50\u00a0EUR", "\u0661.00 EUR", "99999999999999999999999999999.99 EUR"},
		"open": {"12.50 XY", "12.50 WXYZ", "12.50 X1Z", "12.50 \uff38\uff39\uff3a"},
		"yen":  {"7", "7.0 JPY", "7. JPY", "-0 JPY", "07 JPY", "7 EUR", "9999999999999999999999999999999 JPY"},
	} {
		for _, value := range values {
			x.refused("money spelled "+value, spelled(field, value), Malformed)
		}
	}
}
