package tray

import (
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

const page = "https://app.example/orders?id=7"

func links(t testing.TB) []Link {
	t.Helper()
	var out []Link
	for _, suite := range []section.Suite{section.PQ, section.Classic} {
		l, err := newLink(suite)
		if err != nil {
			t.Fatal(err)
		}
		l.Head = store.Head{Tray: sign.Sum([]byte("a")), Length: 3, Hash: sign.Sum([]byte("b"))}
		out = append(out, l)
	}
	return out
}

func TestLink(t *testing.T) {
	for _, l := range links(t) {
		for _, base := range []string{page, ""} {
			got, err := ParseLink(l.Reveal(base))
			if err != nil || got.Head != l.Head || got.secret.Reveal() != l.secret.Reveal() || got.ID() != l.ID() {
				t.Errorf("%v, %v", got, err)
			}
		}
		text := l.Reveal(page)
		secret := l.secret.Reveal()
		head := l.Head.String()
		cases := map[string]string{
			"empty":                "",
			"no fragment":          page,
			"an empty fragment":    page + "#",
			"another version":      strings.Replace(text, linkPrefix, "vassoio2.", 1),
			"another fragment":     page + "#top",
			"two fragments":        page + "#top" + text[len(page):],
			"no head":              page + "#" + linkPrefix + secret,
			"an empty head":        page + "#" + linkPrefix + "/" + secret,
			"half a head":          page + "#" + linkPrefix + head[:80] + "/" + secret,
			"a head in capitals":   strings.Replace(text, head[:64], strings.ToUpper(head[:64]), 1),
			"no secret":            page + "#" + linkPrefix + head + "/",
			"a secret cut":         text[:len(text)-1],
			"a letter more":        text + "A",
			"a line more":          text + "\n",
			"spaces behind":        text + " ",
			"spaces before":        strings.Replace(text, "/"+secret, "/ "+secret, 1),
			"a secret in small":    strings.Replace(text, secret, strings.ToLower(secret), 1),
			"another secret":       strings.Replace(text, secret, "AGE-SECRET-KEY-1", 1),
			"a recipient":          strings.Replace(text, secret, l.secret.Recipient().String(), 1),
			"a comment":            text + " # mine",
			"a query behind":       text + "?x=1",
			"percent-encoded":      strings.ReplaceAll(text, "/", "%2F"),
			"more than its bounds": strings.Repeat("x", maxLink) + text,
		}
		for name, text := range cases {
			_, err := ParseLink(text)
			if !errors.Is(err, Malformed) {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if strings.Contains(err.Error(), secret[20:40]) {
				t.Errorf("%s: the error shows the secret", name)
			}
		}
		for i := range secret { // a checksum is in it
			spoiled := text[:len(text)-len(secret)+i] + string('2'+secret[i]%2) + text[len(text)-len(secret)+i+1:]
			if spoiled == text {
				continue
			}
			if _, err := ParseLink(spoiled); !errors.Is(err, Malformed) {
				t.Errorf("letter %d of the secret: %v", i, err)
			}
		}
	}
}

func FuzzParseLink(f *testing.F) {
	for _, l := range links(f) {
		f.Add(l.Reveal(page))
		f.Add(l.Reveal(""))
		f.Add(l.Reveal(page) + "\n")
	}
	f.Add("#" + linkPrefix)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ParseLink(text)
		if err != nil {
			if !errors.Is(err, Malformed) {
				t.Fatal(err)
			}
			return
		}
		base, _, _ := strings.Cut(text, "#")
		if again := l.Reveal(base); again != text {
			t.Errorf("%d bytes become %d", len(text), len(again))
		}
	})
}

func FuzzParseCard(f *testing.F) {
	me, err := NewIdentity()
	if err != nil {
		f.Fatal(err)
	}
	card := string(me.Card())
	f.Add(card)
	f.Add(card + "\n")
	f.Add(strings.Replace(card, ".", "..", 1))
	f.Add(card[:len(card)-1] + "~")
	f.Fuzz(func(t *testing.T, text string) {
		card, err := ParseCard(text)
		if err != nil {
			if !errors.Is(err, BadCard) || card != "" {
				t.Fatal(err)
			}
			return
		}
		if string(card) != text || card.ID() == "" {
			t.Errorf("%d bytes become %d", len(text), len(card))
		}
	})
}
