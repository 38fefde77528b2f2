package section

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"filippo.io/age"
)

// A Suite is the family of keys that a tray is sealed to. It is fixed when a
// tray is created; keys of two suites never meet in one blob.
type Suite string

const (
	// PQ is age's hybrid of ML-KEM-768 and X25519, which a quantum computer
	// does not break.
	PQ Suite = "pq"
	// Classic is X25519, and ssh-ed25519 for those who have only an SSH key.
	Classic Suite = "classic"
)

func (s Suite) valid() bool { return s == PQ || s == Classic }

// A Recipient is the public side of a reader. The zero value is none.
type Recipient struct {
	suite Suite
	text  string
	age   age.Recipient
}

// ParseRecipient reads a recipient of the suite: "age1pq1…" for [PQ];
// "age1…", or "ssh-ed25519 …" without options and comment, for [Classic]. It
// takes one spelling of each, and makes sure that encrypting to it works,
// since one recipient to whom it does not would block every write. The error
// wraps [ErrKey].
func ParseRecipient(suite Suite, s string) (Recipient, error) {
	r, err := ReadRecipient(suite, s)
	if err != nil {
		return Recipient{}, err
	}
	if _, ok := r.age.(*age.X25519Recipient); ok {
		return r, nil // it is not of low order, which is all that could be wrong
	}
	trial := make([]byte, 16) // the size of a file key
	rand.Read(trial)
	if _, err := r.age.Wrap(trial); err != nil {
		return Recipient{}, keyError("recipient", "nothing can be encrypted to it")
	}
	return r, nil
}

// ReadRecipient is [ParseRecipient] without trying to encrypt, which is most of
// its time: for a recipient that ParseRecipient accepted before, from where nobody
// can have changed it since. Sealing to one to whom nothing can be encrypted
// fails, and harms nobody else.
func ReadRecipient(suite Suite, s string) (Recipient, error) {
	r := Recipient{suite: suite, text: s}
	var err error
	switch {
	case len(s) > MaxKeyText:
		return Recipient{}, keyError("recipient", "too long")
	case suite == PQ && strings.HasPrefix(s, "age1pq1"):
		var k *age.HybridRecipient
		if k, err = age.ParseHybridRecipient(s); err == nil && k.String() == s {
			r.age = k
		}
	case suite == Classic && strings.HasPrefix(s, "age1") && !strings.HasPrefix(s, "age1pq1"):
		var k *age.X25519Recipient
		if k, err = age.ParseX25519Recipient(s); err == nil && k.String() == s {
			if lowOrder(s) {
				return Recipient{}, keyError("recipient", "nothing can be encrypted to it")
			}
			r.age = k
		}
	case suite == Classic && strings.HasPrefix(s, sshPrefix):
		r.age = parseSSHRecipient(s)
	default:
		return Recipient{}, keyError("recipient", "not of the suite")
	}
	if r.age == nil {
		return Recipient{}, keyError("recipient", "not in its one spelling")
	}
	return r, nil
}

// keyError never wraps what age says, which may quote the key.
func keyError(what, reason string) error { return fmt.Errorf("%w: %s: %s", ErrKey, what, reason) }

// String is the text that [ParseRecipient] reads.
func (r Recipient) String() string { return r.text }

// Suite is the suite that r is for.
func (r Recipient) Suite() Suite { return r.suite }

// An Identity is the secret side of a reader. It prints and logs as redacted;
// only [Identity.Reveal] gives the secret away. The zero value opens nothing.
type Identity struct{ k *identity }

// identity stands behind a pointer, and its secret behind functions: package
// fmt calls no methods on unexported fields, and with a verb that does not fit
// it follows a pointer ("%s" of a struct around an Identity).
type identity struct {
	recipient Recipient
	secret    func() string
	unwrap    func([]*age.Stanza) ([]byte, error)
}

func newIdentity(r Recipient, secret string, k age.Identity) Identity {
	return Identity{&identity{r, func() string { return secret }, k.Unwrap}}
}

// GenerateIdentity makes a new identity of the suite.
func GenerateIdentity(suite Suite) (Identity, error) {
	switch suite {
	case PQ:
		k, err := age.GenerateHybridIdentity()
		if err != nil {
			return Identity{}, fmt.Errorf("section: generating an identity: %w", err)
		}
		return hybridIdentity(k), nil
	case Classic:
		k, err := age.GenerateX25519Identity()
		if err != nil {
			return Identity{}, fmt.Errorf("section: generating an identity: %w", err)
		}
		return x25519Identity(k), nil
	}
	return Identity{}, keyError("identity", "unknown suite")
}

// ParseIdentity reads the secret text of an identity: "AGE-SECRET-KEY-PQ-1…",
// "AGE-SECRET-KEY-1…", or an OpenSSH private key of type ssh-ed25519 without a
// passphrase, in PEM. White space around it is ignored. The error wraps
// [ErrKey] and never quotes the text.
func ParseIdentity(s string) (Identity, error) {
	if len(s) > MaxKeyText {
		return Identity{}, keyError("identity", "too long")
	}
	s = strings.TrimSpace(s)
	switch {
	case strings.HasPrefix(s, "AGE-SECRET-KEY-PQ-1"):
		if k, err := age.ParseHybridIdentity(s); err == nil && k.String() == s {
			return hybridIdentity(k), nil
		}
	case strings.HasPrefix(s, "AGE-SECRET-KEY-1"):
		if k, err := age.ParseX25519Identity(s); err == nil && k.String() == s {
			return x25519Identity(k), nil
		}
	case strings.HasPrefix(s, "-----BEGIN OPENSSH PRIVATE KEY-----"):
		return parseSSHIdentity(s)
	}
	return Identity{}, keyError("identity", "neither an age nor an OpenSSH secret key")
}

func hybridIdentity(k *age.HybridIdentity) Identity {
	r := k.Recipient()
	return newIdentity(Recipient{PQ, r.String(), r}, k.String(), k)
}

func x25519Identity(k *age.X25519Identity) Identity {
	r := k.Recipient()
	return newIdentity(Recipient{Classic, r.String(), r}, k.String(), k)
}

// Suite is the suite of the identity, "" for the zero value.
func (i Identity) Suite() Suite { return i.Recipient().suite }

// Recipient is the public side.
func (i Identity) Recipient() Recipient {
	if i.k == nil {
		return Recipient{}
	}
	return i.k.recipient
}

// Reveal returns the secret, as [ParseIdentity] reads it: to store it, never
// to print it.
func (i Identity) Reveal() string {
	if i.k == nil {
		return ""
	}
	return i.k.secret()
}

const redacted = "section.Identity(redacted)"

var errRedacted = errors.New("section: an identity is not marshaled; store what Reveal returns")

// String is the same for every identity.
func (i Identity) String() string { return redacted }

// GoString is the same for every identity.
func (i Identity) GoString() string { return redacted }

// Format prints the same for every identity, whatever the verb.
func (i Identity) Format(s fmt.State, verb rune) { _, _ = io.WriteString(s, redacted) }

// LogValue logs the same for every identity.
func (i Identity) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON always fails: an identity gets into no document by accident.
func (i Identity) MarshalJSON() ([]byte, error) { return nil, errRedacted }

// MarshalText always fails, as [Identity.MarshalJSON] does.
func (i Identity) MarshalText() ([]byte, error) { return nil, errRedacted }
