package tray

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
)

// Identity is a participant's private side: a key to sign with and age
// identities to read with. It prints as its id alone.
type Identity struct {
	signer  func() crypto.Signer // behind a function, where package fmt does not get: it asks no Format of unexported fields
	public  sign.PublicKey
	readers []section.Identity // the present ones first, at most one of each suite; then earlier ones
	card    Card
}

// NewIdentity makes an identity with new keys: one for signing and one for
// reading in each suite, so that it can take part in any tray.
func NewIdentity() (*Identity, error) {
	signer, err := sign.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	var readers []section.Identity
	for _, suite := range []section.Suite{section.PQ, section.Classic} {
		id, err := section.GenerateIdentity(suite)
		if err != nil {
			return nil, err
		}
		readers = append(readers, id)
	}
	return NewIdentityWith(signer, readers...)
}

// NewIdentityWith makes an identity of keys that exist: a signer, which may be
// an agent, an HSM or a KMS (see package sign), and age identities, the first
// of each suite for what is to come and further ones for what was sealed to
// earlier keys.
func NewIdentityWith(signer crypto.Signer, readers ...section.Identity) (*Identity, error) {
	public, err := sign.Public(signer)
	if err != nil {
		return nil, err
	}
	recipients := make(map[section.Suite]string)
	for _, r := range readers {
		if _, ok := recipients[r.Suite()]; !ok {
			recipients[r.Suite()] = r.Recipient().String()
		}
	}
	card, err := newCard(signer, recipients)
	if err != nil {
		return nil, err
	}
	return &Identity{signer: func() crypto.Signer { return signer }, public: public, readers: readers, card: card}, nil
}

// Card gives what others need to admit the identity.
func (id *Identity) Card() Card { return id.card }

// PublicKey gives the key that the identity signs with.
func (id *Identity) PublicKey() sign.PublicKey { return id.public }

// Readers gives the age identities, the present ones first.
func (id *Identity) Readers() []section.Identity { return slices.Clone(id.readers) }

// ID gives the id that a tray knows the identity by, as long as the tray never
// knew it by an earlier key.
func (id *Identity) ID() string { return id.public.Thumbprint() }

// String gives the id, and no secret.
func (id *Identity) String() string { return "identity " + id.ID() }

// GoString gives the id, and no secret.
func (id *Identity) GoString() string { return id.String() }

// LogValue gives the id, and no secret.
func (id *Identity) LogValue() slog.Value { return slog.StringValue(id.String()) }

// MarshalJSON fails: an identity is secret, and is kept by Export.
func (id *Identity) MarshalJSON() ([]byte, error) {
	return nil, errors.New("tray: an identity is secret: use Export")
}

const (
	identityTitle = "# vassoio identity "
	identityKey   = "# signing key (PKCS#8): "
	identitySSH   = "# reading key (OpenSSH): "
)

// Export writes the identity, secrets and all, as a file of age identities with
// the signing key in a comment: `age -d -i FILE` opens with it what is sealed
// to the identity. SSH keys stand in comments, too, since age takes one of those
// from a file of its own only. It fails if the signer does not give its key
// away.
func (id *Identity) Export(w io.Writer) error {
	key, ok := id.signer().(ed25519.PrivateKey)
	if !ok {
		return errors.New("tray: the signing key is held elsewhere and cannot be exported")
	}
	file, err := sign.MarshalPKCS8(key)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(file)
	var b strings.Builder
	b.WriteString(identityTitle + id.ID() + "\n")
	b.WriteString(identityKey + base64.StdEncoding.EncodeToString(block.Bytes) + "\n")
	for _, r := range id.readers {
		secret := r.Reveal()
		if strings.Contains(secret, "\n") { // PEM
			secret = identitySSH + base64.StdEncoding.EncodeToString([]byte(secret))
		}
		b.WriteString(secret + "\n")
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// maxIdentity bounds an identity's file: a dozen of keys.
const maxIdentity = 64 << 10

// ParseIdentity reads what Export writes. Its errors hold nothing of the file.
func ParseIdentity(r io.Reader) (*Identity, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxIdentity+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxIdentity {
		return nil, fmt.Errorf("%w: an identity's file of more than %d bytes", Malformed, maxIdentity)
	}
	var signer ed25519.PrivateKey
	var readers []section.Identity
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxIdentity+1)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if encoded, ok := strings.CutPrefix(line, identitySSH); ok {
			secret, err := base64.StdEncoding.Strict().DecodeString(encoded)
			if err != nil {
				return nil, fmt.Errorf("%w: line %d: the reading key is not base64", Malformed, n)
			}
			line = string(secret)
		}
		if encoded, ok := strings.CutPrefix(line, identityKey); ok && signer == nil {
			der, err := base64.StdEncoding.Strict().DecodeString(encoded)
			if err != nil {
				return nil, fmt.Errorf("%w: line %d: the signing key is not base64", Malformed, n)
			}
			signer, err = sign.ParsePrivateKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil)
			if err != nil {
				return nil, fmt.Errorf("%w: line %d: the signing key: %w", Malformed, n, err)
			}
		} else if line != "" && !strings.HasPrefix(line, "#") {
			id, err := section.ParseIdentity(line)
			if err != nil {
				return nil, fmt.Errorf("%w: line %d: %w", Malformed, n, err)
			}
			readers = append(readers, id)
		}
	}
	if signer == nil {
		return nil, fmt.Errorf("%w: no signing key", Malformed)
	}
	return NewIdentityWith(signer, readers...)
}
