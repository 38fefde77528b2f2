package tray

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// Link invites somebody into a tray. Whoever holds it may take the place that
// it keeps, once, and reads until then what that place reads: hand it only to
// the one it is for. It prints redacted; Reveal gives the text.
//
// The secret is an age identity of the tray's suite. The key that claims the
// place is derived from it with HKDF-SHA-256, so that one secret does both.
type Link struct {
	Head   store.Head // of the log with the invite in it: the guest pins it
	secret section.Identity
}

// linkPrefix is the version of a link's fragment.
const linkPrefix = "vassoio1."

// newLink makes the secret of a link.
func newLink(suite section.Suite) (Link, error) {
	secret, err := section.GenerateIdentity(suite)
	return Link{secret: secret}, err
}

// key derives the key that claims the invite's place.
func (l Link) key() (ed25519.PrivateKey, error) {
	seed, err := hkdf.Key(sha256.New, []byte(l.secret.Reveal()), nil, "vassoio/v1/claim", ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// ID gives the invite's id in the tray, by which it can be withdrawn.
func (l Link) ID() string {
	key, err := l.key()
	if err != nil {
		return ""
	}
	public, err := sign.Public(key)
	if err != nil {
		return ""
	}
	return public.Thumbprint()
}

// Reveal gives the link's text behind a page's address, with everything in the
// fragment, which browsers send to no server: base is the address of a page of
// the application, or empty.
func (l Link) Reveal(base string) string {
	return base + "#" + linkPrefix + l.Head.String() + "/" + l.secret.Reveal()
}

// String tells the tray, and no secret.
func (l Link) String() string { return "link to tray " + l.Head.Tray.String() }

// GoString tells the tray, and no secret.
func (l Link) GoString() string { return l.String() }

// LogValue tells the tray, and no secret.
func (l Link) LogValue() slog.Value { return slog.StringValue(l.String()) }

// MarshalJSON fails: a link is secret, and is sent by Reveal.
func (l Link) MarshalJSON() ([]byte, error) {
	return nil, errors.New("tray: a link is secret: use Reveal")
}

// maxLink bounds a link's text, most of which is the application's address.
const maxLink = 8 << 10

// ParseLink reads what Reveal gives. Its errors hold nothing of the secret.
func ParseLink(s string) (Link, error) {
	if len(s) > maxLink {
		return Link{}, fmt.Errorf("%w: a link of more than %d bytes", Malformed, maxLink)
	}
	_, fragment, ok := strings.Cut(s, "#")
	rest, known := strings.CutPrefix(fragment, linkPrefix)
	if !ok || !known {
		return Link{}, fmt.Errorf("%w: a link ends in #%s and what follows it; was it cut?", Malformed, linkPrefix)
	}
	i := strings.LastIndexByte(rest, '/')
	if i < 0 {
		return Link{}, fmt.Errorf("%w: the link's head is missing", Malformed)
	}
	head, err := store.ParseHead(rest[:i])
	if err != nil {
		return Link{}, fmt.Errorf("%w: the link's head: %w", Malformed, err)
	}
	secret, err := section.ParseIdentity(rest[i+1:])
	if err != nil || secret.Reveal() != rest[i+1:] {
		return Link{}, fmt.Errorf("%w: the link's secret; was it cut, or something added?", Malformed)
	}
	return Link{head, secret}, nil
}
