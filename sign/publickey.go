package sign

import (
	"crypto/ed25519"
	"fmt"

	"filippo.io/edwards25519"
)

// PublicKey is an Ed25519 public key that was checked when it came in, the first
// time: see [ReadPublicKey].
//
// It is comparable and may be a map key. The zero value means "no key": it
// verifies nothing, and no key in any text form turns into it.
type PublicKey struct {
	raw [ed25519.PublicKeySize]byte
}

// NewPublicKey checks the 32 bytes of an Ed25519 public key (RFC 8032,
// section 5.1.5) and copies them. It refuses, with a [*KeyError], what is not
//
//   - a point of the curve in its canonical encoding: a second encoding of a
//     key would be a second participant;
//   - of the group of prime order: under a key of small order anybody can
//     make signatures that [crypto/ed25519] accepts, and a key with a part of
//     small order makes signatures on which implementations disagree.
func NewPublicKey(raw []byte) (PublicKey, error) {
	if len(raw) != ed25519.PublicKeySize {
		return PublicKey{}, &KeyError{Reason: reasonLength}
	}
	k := PublicKey{raw: [ed25519.PublicKeySize]byte(raw)}
	p, err := new(edwards25519.Point).SetBytes(raw)
	if err != nil {
		return PublicKey{}, &KeyError{Reason: reasonPoint}
	}
	if [ed25519.PublicKeySize]byte(p.Bytes()) != k.raw {
		return PublicKey{}, &KeyError{Reason: reasonCanonical}
	}
	if new(edwards25519.Point).MultByCofactor(p).Equal(edwards25519.NewIdentityPoint()) == 1 {
		return PublicKey{}, &KeyError{Reason: reasonSmallOrder}
	}
	if !primeOrder(p) {
		return PublicKey{}, &KeyError{Reason: reasonTorsion}
	}
	return k, nil
}

// primeOrder reports whether L·p is the identity, L being the order of the
// group. L itself is 0 as a scalar, so it compares (L-1)·p with -p. Time that
// depends on p is no concern: p is public.
func primeOrder(p *edwards25519.Point) bool {
	zero := edwards25519.NewScalar()
	one, err := edwards25519.NewScalar().SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
	if err != nil {
		return false
	}
	minusOne := edwards25519.NewScalar().Subtract(zero, one) // L-1
	q := new(edwards25519.Point).VarTimeDoubleScalarBaseMult(minusOne, p, zero)
	return q.Equal(new(edwards25519.Point).Negate(p)) == 1
}

// ParsePublicKey reads the text form that [PublicKey.String] writes and checks
// the key as [NewPublicKey] does. Text that is not in the one accepted form is
// an error that wraps [ErrMalformed].
func ParsePublicKey(s string) (PublicKey, error) {
	raw, err := parseKeyText(s)
	if err != nil {
		return PublicKey{}, err
	}
	return NewPublicKey(raw[:])
}

// ReadPublicKey is [ParsePublicKey] without looking at the point, which is
// nearly all of its time: for a key that ParsePublicKey accepted before, from
// where nobody can have changed it since. Under a key that is not sound anybody
// could sign, so use it for nothing that came from somebody else.
func ReadPublicKey(s string) (PublicKey, error) {
	raw, err := parseKeyText(s)
	if err != nil {
		return PublicKey{}, err
	}
	k := PublicKey{raw: raw}
	if k.IsZero() {
		return PublicKey{}, &KeyError{Reason: reasonSmallOrder}
	}
	return k, nil
}

func parseKeyText(s string) (raw [ed25519.PublicKeySize]byte, err error) {
	if len(s) != keyText {
		return raw, malformed(fmt.Sprintf("a public key is %d characters of base64url", keyText))
	}
	b, ok := decodeStrict(url64, s)
	if !ok {
		return raw, malformed("a public key is base64url without padding")
	}
	return [ed25519.PublicKeySize]byte(b), nil
}

// String returns 43 characters: the 32 bytes in base64url without padding, as
// in the "x" of a JWK. The zero key returns "".
func (k PublicKey) String() string {
	if k.IsZero() {
		return ""
	}
	return url64.EncodeToString(k.raw[:])
}

// Bytes returns a copy of the 32 bytes.
func (k PublicKey) Bytes() []byte { return append([]byte(nil), k.raw[:]...) }

// IsZero reports whether k is the zero PublicKey, which stands for "none".
func (k PublicKey) IsZero() bool { return k == PublicKey{} }

// MarshalText returns the text form. Marshalling the zero key is a [*KeyError]:
// there is no text for it to be read back from.
func (k PublicKey) MarshalText() ([]byte, error) {
	if k.IsZero() {
		return nil, &KeyError{Reason: reasonNone}
	}
	return url64.AppendEncode(nil, k.raw[:]), nil
}

// UnmarshalText reads the text form and checks the key, as [ParsePublicKey]
// does; on an error k is left as it was.
func (k *PublicKey) UnmarshalText(text []byte) error {
	parsed, err := ParsePublicKey(string(text))
	if err != nil {
		return err
	}
	*k = parsed
	return nil
}

// identity is the encoding of the neutral element of the curve.
var identity = [32]byte{1}

// Verify returns nil if sig, 64 bytes, is k's signature of message, and an
// error that wraps [ErrSignature] otherwise.
//
// The equation is that of [crypto/ed25519]: without cofactor, S below the
// order of the group, R compared as bytes (RFC 8032, section 5.1.7, the
// stricter variant). A signature whose R is of small order is refused as well:
// it gives away the private key, and other strict implementations refuse it.
func (k PublicKey) Verify(message, sig []byte) error {
	if k.IsZero() {
		return fmt.Errorf("%w: no key", ErrSignature)
	}
	if len(sig) != ed25519.SignatureSize {
		return fmt.Errorf("%w: not of %d bytes", ErrSignature, ed25519.SignatureSize)
	}
	// k is in the group of prime order, so the R that Verify computes, S·B -
	// h·k, is too, and the one point of small order in there is the identity.
	if [32]byte(sig[:32]) == identity {
		return fmt.Errorf("%w: R is of small order", ErrSignature)
	}
	if !ed25519.Verify(k.raw[:], message, sig) {
		return ErrSignature
	}
	return nil
}
