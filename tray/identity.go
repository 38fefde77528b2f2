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
	"github.com/vassoio/vassoio/tray/entry"
)

// Identity is a participant's private side: a key to sign with and age
// identities to read with. It prints as its id alone.
type Identity struct {
	signer  func() crypto.Signer // behind a function, where package fmt does not get: it asks no Format of unexported fields
	public  sign.PublicKey
	readers []section.Identity // the present ones first, at most one of each suite; then earlier ones
	present int                // how many are
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
// earlier keys. It needs one of them at least: nobody is admitted to whom nothing
// can be sealed, whatever his roles read. An error wraps [section.ErrKey] for
// those, and is a [*sign.KeyError] for the signer.
func NewIdentityWith(signer crypto.Signer, readers ...section.Identity) (*Identity, error) {
	public, err := sign.Public(signer)
	if err != nil {
		return nil, err
	}
	if len(readers) == 0 {
		return nil, fmt.Errorf("%w: an identity needs one to read with", section.ErrKey)
	}
	recipients := make(map[section.Suite]string)
	var present, earlier []section.Identity
	for _, r := range readers {
		suite := r.Suite()
		if suite == "" {
			return nil, fmt.Errorf("%w: an identity to read with is empty", section.ErrKey)
		}
		if recipients[suite] == "" {
			recipients[suite] = r.Recipient().String()
			present = append(present, r)
		} else {
			earlier = append(earlier, r)
		}
	}
	card, err := newCard(signer, recipients)
	if err != nil {
		return nil, err
	}
	id := &Identity{signer: func() crypto.Signer { return signer }, public: public, readers: present, present: len(present), card: card}
	return id.with(earlier), nil
}

// Keeping gives the identity with the age identities of old besides its own, to
// read what was sealed to those: notes and reasons, which nobody seals again, and
// sections that nobody shares anew. The card stays what it is, so that nothing is
// sealed to them from now on; the signing key of old is not kept. Export writes
// all of it.
func (id *Identity) Keeping(old *Identity) *Identity {
	if old == nil {
		return id
	}
	return id.with(old.readers)
}

// with adds earlier age identities, each once.
func (id *Identity) with(earlier []section.Identity) *Identity {
	more := *id
	more.readers = slices.Clone(id.readers)
	for _, r := range earlier {
		same := func(x section.Identity) bool { return x.Recipient().String() == r.Recipient().String() }
		if !slices.ContainsFunc(more.readers, same) {
			more.readers = append(more.readers, r)
		}
	}
	return &more
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

// Sign signs something of the application's own with the identity's key, such as
// the answer to a server that wants to know who asks for a log: a compact JWS of a
// kind of the application's, as [sign.Sign] makes. It fails with [sign.ErrKind] for
// a kind that begins as those of this package do ([entry.ReservedKinds]), so that
// nobody, whatever he is asked to sign, is made to sign an entry, a card or a claim.
//
// The server verifies it by the key that the participant has now, which
// [State.Participant] gives, and lets in nobody whose part has ended:
//
//	state, err := host.State(ctx, id)
//	who := state.Participant(participant)    // as the request claims, or from a session
//	if who == nil || who.Ended() {
//		...                                  // refused
//	}
//	payload, err := sign.Open(kind, line, func([]byte) (sign.PublicKey, error) { return who.Key(), nil })
//
// A signature says nothing of when and to whom it was given: it is good for ever,
// and for everybody, unless the payload says otherwise. So let it hold a challenge
// that the server made at random and takes once, the server's own name, the tray's
// id and what is asked for; and compare all of them.
func (id *Identity) Sign(kind sign.Kind, payload []byte) ([]byte, error) {
	if strings.HasPrefix(string(kind), entry.ReservedKinds) {
		return nil, fmt.Errorf("%w: %s… is for what trays are made of", sign.ErrKind, entry.ReservedKinds)
	}
	return sign.Sign(kind, payload, id.signer())
}

const (
	identityTitle = "# vassoio identity "
	identityKey   = "# signing key (PKCS#8): "
	identitySSH   = "# reading key (OpenSSH): "
	identityOld   = "# earlier reading keys:"
)

// Export writes the identity, secrets and all, as a file of age identities with
// the signing key in a comment: `age -d -i FILE` opens with it what is sealed
// to the identity. SSH keys stand in comments, too, since age takes one of those
// from a file of its own only. It fails if the signer does not give its key
// away, and for more keys than [ParseIdentity] takes.
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
	for i, r := range id.readers {
		if i == id.present {
			b.WriteString(identityOld + "\n")
		}
		secret := r.Reveal()
		if strings.Contains(secret, "\n") { // PEM
			secret = identitySSH + base64.StdEncoding.EncodeToString([]byte(secret))
		}
		b.WriteString(secret + "\n")
	}
	if b.Len() > maxIdentity {
		return fmt.Errorf("tray: an identity's file of more than %d bytes: it keeps too many earlier keys", maxIdentity)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// maxIdentity bounds an identity's file: a hundred keys.
const maxIdentity = 64 << 10

// ParseIdentity reads what Export writes: of one identity, so that two files one
// behind the other are refused (see [Identity.Keeping]). Its errors hold nothing
// of the file.
func ParseIdentity(r io.Reader) (*Identity, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxIdentity+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxIdentity {
		return nil, fmt.Errorf("%w: an identity's file of more than %d bytes", Malformed, maxIdentity)
	}
	var signer ed25519.PrivateKey
	var present, earlier []section.Identity
	readers := &present
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxIdentity+1)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == identityOld {
			readers = &earlier
			continue
		}
		if encoded, ok := strings.CutPrefix(line, identitySSH); ok {
			secret, err := base64.StdEncoding.Strict().DecodeString(encoded)
			if err != nil {
				return nil, fmt.Errorf("%w: line %d: the reading key is not base64", Malformed, n)
			}
			line = string(secret)
		}
		if encoded, ok := strings.CutPrefix(line, identityKey); ok {
			if signer != nil {
				return nil, fmt.Errorf("%w: line %d: a second signing key: one identity is read at a time", Malformed, n)
			}
			if signer, err = parseSigner(encoded); err != nil {
				return nil, fmt.Errorf("%w: line %d: the signing key: %w", Malformed, n, err)
			}
		} else if line != "" && !strings.HasPrefix(line, "#") {
			id, err := section.ParseIdentity(line)
			if err != nil {
				return nil, fmt.Errorf("%w: line %d: %w", Malformed, n, err)
			}
			*readers = append(*readers, id)
		}
	}
	if signer == nil {
		return nil, fmt.Errorf("%w: no signing key", Malformed)
	}
	id, err := NewIdentityWith(signer, present...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", Malformed, err)
	}
	return id.with(earlier), nil
}

// parseSigner reads a signing key: PKCS#8 in base64.
func parseSigner(encoded string) (ed25519.PrivateKey, error) {
	der, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return nil, errors.New("it is not base64")
	}
	return sign.ParsePrivateKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil)
}
