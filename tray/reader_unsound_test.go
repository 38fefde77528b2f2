package tray

import (
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"filippo.io/edwards25519"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// unsound are logs that are in order but for what few programs check: templates
// whose table of conditions says something else than their expressions, keys of
// which a part is of small order, signatures that are the neutral element's.
func (x *readerFiles) unsound() {
	w := play(x, "deal.yaml", "anna: create sales=anna")
	f := &forger{world: w}
	canonical := string(w.tpl.Canonical())
	first := func(tpl string, ops ...entry.Op) []byte { return f.created(x, tpl, ops...) }
	changed := 0
	for _, c := range []struct{ from, to string }{
		{`"condition":"rule.covered","sections":["products","credit"],"attest":["care"]`, `"condition":"rule.covered","sections":["products","credit"],"attest":["customer"]`},
		{`"condition":"rule.covered","sections":["products","credit"],"attest":["sales","care"]`, `"condition":"rule.covered","sections":["products","credit"],"attest":["customer"]`},
		{`,"writer":true`, ``},
		{`"events":["submit"`, `"events":["cancel"`},
		{`{"condition":"valid.customer"`, `{"condition":"valid.products"`},
		{`"format":"vassoio-template/1"`, `"format":"vassoio-template/2"`},
		{`{"role":"customer"}`, `{"role":"customer","manages":["owner"]}`},
		{`"version":1`, `"version":01`},
		{`"version":1`, `"version":1,"strict":false`},
		{`"template":"deal"`, `"template":"deal","template":"deal"`},
		{`{"format"`, `{ "format"`},
		{`,"conditions":`, `,"needs":{},"conditions":`},
	} {
		if tpl := strings.Replace(canonical, c.from, c.to, 1); tpl != canonical {
			changed++
			x.refused("a template with "+c.to, first(tpl, f.create("anna")...), Malformed)
		}
	}
	// Its table is what it gives; but what is due at writes is not for the writer to say.
	told := strings.NewReplacer(`old.customer.vat\n"}`, `old.customer.vat\n","attest":["care"]}`,
		`"old":true,"attest":["sales","customer","care"],"writer":true`, `"old":true,"attest":["care"]`).Replace(canonical)
	if len(told) != len(canonical)+len(`,"attest":["care"]`)-len(`"sales","customer",`)-len(`,"writer":true`) {
		x.Errorf("no rule that looks back in %s", canonical)
	}
	x.refused("a template with what looks back and is told by others", first(told, f.create("anna")...), Malformed)
	needs := string(openMarket(x).tpl.Canonical())
	for _, c := range []struct{ from, to string }{
		{`"needs":["knownArticle"]}`, `"needs":["knownArticle"],"events":["propose"]}`},
		{`"needs":["knownArticle"]}`, `"old":true,"needs":["knownArticle"]}`},
		{`"needs":["acme_code"],"attest"`, `"needs":["acme_cod"],"attest"`},
		{`"formats":["acme_code"]`, `"formats":["acme_code","acme_code"]`},
		{`"formats":["acme_code"]`, `"formats":["knownArticle"]`},
		{`,"formats":["acme_code"]`, `,"formats":[]`},
		{`{"function":"knownArticle","args":["text"],"result":"boolean"}`, `{"function":"knownArticle","result":"boolean","args":["text"]}`},
		{`"args":["text"],"result":"boolean"`, `"args":["text"],"result":"list"`},
		{`"args":["text"],"result":"boolean"`, `"member":false,"args":["text"],"result":"boolean"`},
		{`"function":"knownArticle"`, `"function":"KnownArticle"`},
		{`"condition":"valid.notice","sections":["notice"]`, `"condition":"valid.notice","sections":["notice"],"needs":["knownArticle"]`},
		{`"severity":"warning"`, `"severity":"error"`},
	} {
		tpl := strings.Replace(needs, c.from, c.to, 1)
		if tpl == needs {
			x.Errorf("no %s in %s", c.from, needs)
		}
		changed++
		x.refused("a template that needs, with "+c.to, first(tpl, f.create("anna")...), Malformed)
	}
	kinds := string(newWorld(x, "kinds.yaml").tpl.Canonical())
	const money = `"currencies":["EUR","CHF"]`
	many := make([]string, 301) // section.MaxCurrencies and one
	for i := range many {
		many[i] = fmt.Sprintf(`"A%c%c"`, 'A'+i/26, 'A'+i%26)
	}
	for _, c := range []struct{ name, from, to string }{
		{"twice", money, `"currencies":["EUR","EUR"]`},
		{"and a fact that there is not", `"condition":"valid.shown","sections":["shown"]`, `"condition":"valid.shown","sections":["shown"],"facts":["signed"]`},
		{"in small letters", money, `"currencies":["EUR","chf"]`},
		{"of two letters", money, `"currencies":["EUR","CH"]`},
		{"of four letters", money, `"currencies":["EURO","CHF"]`},
		{"with a digit", money, `"currencies":["EUR","C1F"]`},
		{"with another letter", money, `"currencies":["EUR","ÈUR"]`},
		{"with a line feed", money, `"currencies":["EUR","CHF\n"]`},
		{"that is empty", money, `"currencies":["EUR",""]`},
		{"none", money, `"currencies":[]`},
		{"that is a number", money, `"currencies":["EUR",756]`},
		{"not in a list", money, `"currencies":"EUR"`},
		{"too many", money, `"currencies":[` + strings.Join(many, ",") + `]`},
		{"of an integer", `"type":"integer"`, `"type":"integer","currencies":["EUR"]`},
		{"of the items of a list", `"of":{"type":"record"`, `"of":{"type":"record","currencies":["EUR"]`},
	} {
		tpl := strings.Replace(kinds, c.from, c.to, 1)
		if tpl == kinds {
			x.Errorf("no %s in %s", c.from, kinds)
		}
		changed++
		x.refused("a template with a currency "+c.name, first(tpl, f.create("anna")...), Malformed)
	}
	if changed < 30 {
		x.Errorf("only %d templates were changed", changed)
	}

	// The card of a key with a part of order 8, signed so that Verify of package
	// ed25519 takes it: for one payload in eight that part falls away.
	eight, err := hex.DecodeString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
	if err != nil {
		x.Fatal(err)
	}
	torsion, err := new(edwards25519.Point).SetBytes(eight)
	if err != nil {
		x.Fatal(err)
	}
	secret := scalarOf("a key")
	mixed := new(edwards25519.Point).Add(new(edwards25519.Point).ScalarBaseMult(secret), torsion)
	for n := 0; ; n++ {
		card := entry.Card{Key: base64.RawURLEncoding.EncodeToString(mixed.Bytes()), Classic: f.actor("anna").reader.Recipient().String()}
		jws := signedBy(x, entry.CardKind, encoded(x, &card), secret, mixed, scalarOf(fmt.Sprint("nonce", n)))
		message, sig := cutLine(x, jws)
		if ed25519.Verify(mixed.Bytes(), message, sig) {
			ops := f.create("anna")
			x.refused("a key with a part of order 8", first(canonical, append(ops, &entry.Admit{Card: jws, Roles: []string{"care"}})...), BadCard)
			break
		}
		if n == 1000 {
			x.Fatal("no signature")
		}
	}

	// An entry whose signature has the neutral element as R.
	public := new(edwards25519.Point).ScalarBaseMult(secret)
	card := entry.Card{Key: base64.RawURLEncoding.EncodeToString(public.Bytes()), Classic: f.actor("anna").reader.Recipient().String()}
	for name, nonce := range map[string]*edwards25519.Scalar{"": scalarOf("nonce"), "a signature of which R is the neutral element": edwards25519.NewScalar()} {
		key, err := sign.ParsePublicKey(card.Key)
		if err != nil {
			x.Fatal(err)
		}
		ops := f.create("anna")
		ops[1] = &entry.Admit{Card: signedBy(x, entry.CardKind, encoded(x, &card), secret, public, scalarOf("card")), Roles: []string{"sales"}}
		e := f.entry("anna", ops...)
		e.Tray, e.Seq, e.Prev, e.Key, e.Author = sign.Hash{}, 0, sign.Hash{}, card.Key, key.Thumbprint()
		line := signedBy(x, entry.Kind, encoded(x, e), secret, public, nonce)
		file := rewrite(x, []content{{archiveMark, []byte(ArchiveType)}, {archiveLog, []byte(line + "\n")}, {archiveTemplate, []byte(canonical)}})
		if name == "" {
			x.accepted("a key of our own making", file, nil) // so it is the nonce alone
		} else {
			x.refused(name, file, Forged)
		}
	}
}

// created makes a file of one entry, which creates a tray of a template.
func (f *forger) created(t testing.TB, tpl string, ops ...entry.Op) []byte {
	t.Helper()
	e := f.entry("anna", ops...)
	e.Tray, e.Seq, e.Prev = sign.Hash{}, 0, sign.Hash{}
	e.Ops[0].(*entry.Create).Template = sign.Sum([]byte(tpl))
	line := f.line(e, f.actor("anna").signer)
	return rewrite(t, []content{{archiveMark, []byte(ArchiveType)}, {archiveLog, append(line, '\n')}, {archiveTemplate, []byte(tpl)}})
}

func scalarOf(seed string) *edwards25519.Scalar {
	wide := sha512.Sum512([]byte(seed))
	s, _ := edwards25519.NewScalar().SetUniformBytes(wide[:])
	return s
}

func encoded(t testing.TB, o interface{ Encode() ([]byte, error) }) []byte {
	t.Helper()
	b, err := o.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func cutLine(t testing.TB, line string) (message, sig []byte) {
	t.Helper()
	i := strings.LastIndexByte(line, '.')
	sig, err := base64.RawURLEncoding.DecodeString(line[i+1:])
	if err != nil {
		t.Fatal(err)
	}
	return []byte(line[:i]), sig
}

// signedBy makes a line like package sign, by a scalar and with a nonce that it
// would not use.
func signedBy(t testing.TB, kind sign.Kind, payload []byte, secret *edwards25519.Scalar, public *edwards25519.Point, nonce *edwards25519.Scalar) string {
	t.Helper()
	enc := base64.RawURLEncoding
	message := enc.EncodeToString([]byte(`{"alg":"EdDSA","typ":"`+string(kind)+`+jws"}`)) + "." + enc.EncodeToString(payload)
	r := new(edwards25519.Point).ScalarBaseMult(nonce).Bytes()
	wide := sha512.Sum512(slices.Concat(r, public.Bytes(), []byte(message)))
	k, err := edwards25519.NewScalar().SetUniformBytes(wide[:])
	if err != nil {
		t.Fatal(err)
	}
	s := edwards25519.NewScalar().MultiplyAdd(k, secret, nonce)
	return message + "." + enc.EncodeToString(slices.Concat(r, s.Bytes()))
}
