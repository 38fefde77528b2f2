package sign

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
)

// Kind names what a payload is, so that an object of one kind can never be
// taken for one of another: "vassoio-entry", say. It is 1 to [MaxKind]
// characters out of a–z, 0–9 and the hyphen.
//
// The header of a line is a constant of its kind, which the typ member shows,
// as {"alg":"EdDSA","typ":"vassoio-entry+jws"}.
type Kind string

// What stands in the protected header before and after the kind. There is no
// other member and no other order. EdDSA, not RFC 9864's Ed25519, since that
// is the name that JOSE libraries know.
const (
	headerStart = `{"alg":"EdDSA","typ":"`
	headerEnd   = `+jws"}`
)

func (k Kind) valid() bool {
	if len(k) == 0 || len(k) > MaxKind {
		return false
	}
	for _, c := range []byte(k) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}

// start returns how each line of kind k starts: the header in base64url, and
// the dot that follows it.
func (k Kind) start() ([]byte, error) {
	if !k.valid() {
		return nil, fmt.Errorf("%w: a kind is 1 to %d characters out of a-z, 0-9 and -", ErrKind, MaxKind)
	}
	return append(url64.AppendEncode(nil, []byte(headerStart+string(k)+headerEnd)), '.'), nil
}

// Sign returns payload, signed by s, as a compact JWS (RFC 7515, section 7.1):
// one line, printable, without newline. What s returned is verified before it
// is released, so a broken or hostile signer costs an error and no more.
//
// Errors wrap [ErrKind] for an impossible kind, [ErrMalformed] for a payload
// that is empty or longer than [MaxPayload], [ErrSignature] if the signer's
// signature does not hold, or what the signer said; a signer that is not
// Ed25519 is a [*KeyError].
func Sign(kind Kind, payload []byte, s crypto.Signer) ([]byte, error) {
	line, err := kind.start()
	if err != nil {
		return nil, err
	}
	if err := checkPayload(len(payload)); err != nil {
		return nil, err
	}
	public, err := Public(s)
	if err != nil {
		return nil, err
	}
	line = url64.AppendEncode(line, payload)
	// The signer gets a copy: what it does with it cannot change the line.
	sig, err := s.Sign(rand.Reader, bytes.Clone(line), crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("sign: signer: %w", err)
	}
	if err := public.Verify(line, sig); err != nil {
		return nil, fmt.Errorf("%w: it came from the signer", err)
	}
	return url64.AppendEncode(append(line, '.'), sig), nil
}

// Open verifies a line that [Sign] made and returns its payload, in memory of
// its own. keyOf says whose signature it must be; it may look into payload for
// that, remembering that nothing of it is verified yet, and must not keep it.
//
// There is exactly one accepted line for each payload and signature. Errors
// wrap [ErrKind] if the line is of another kind, [ErrMalformed] if it is
// spelled in any way but that of Sign, [ErrSignature], or what keyOf returned.
// A JWS with another algorithm, another header or none, in a JSON form, or
// with a detached payload is malformed.
func Open(kind Kind, line []byte, keyOf func(payload []byte) (PublicKey, error)) ([]byte, error) {
	start, err := kind.start()
	if err != nil {
		return nil, err
	}
	var p parser
	payload, err := p.parse(start, line)
	if err != nil {
		return nil, err
	}
	payload = bytes.Clone(payload)
	key, err := keyOf(p.payload)
	if err != nil {
		return nil, err
	}
	if err := p.verify(line, key); err != nil {
		return nil, err
	}
	return payload, nil
}

// Read is [Open] without key and signature: it checks kind and spelling. It is
// for the lines that [ReadAll] is for, and for what such lines hold.
func Read(kind Kind, line []byte) ([]byte, error) {
	start, err := kind.start()
	if err != nil {
		return nil, err
	}
	return new(parser).parse(start, line)
}

// parser takes lines apart. Its memory is used again for the next line.
type parser struct {
	payload []byte                      // of the last line
	sig     [ed25519.SignatureSize]byte // of the last line
}

// parse checks the spelling of line, which must begin with start, and returns
// its payload, valid until the next call.
func (p *parser) parse(start, line []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(line, start)
	if !ok {
		return nil, p.otherHeader(line)
	}
	payload, sig, ok := bytes.Cut(rest, []byte{'.'})
	if !ok || len(sig) != sigText {
		return nil, malformed("a line is header, payload and signature, with dots between")
	}
	if err := checkPayload(url64.DecodedLen(len(payload))); err != nil {
		return nil, err
	}
	// Each part has one spelling. The header was compared and the dots stand
	// where they must, so this is the whole line.
	if _, ok = appendStrict(p.sig[:0], url64, sig); !ok { // as long as p.sig
		return nil, malformed("spelling of the signature")
	}
	if p.payload, ok = appendStrict(p.payload[:0], url64, payload); !ok {
		return nil, malformed("spelling of the payload")
	}
	return p.payload, nil
}

// verify checks the signature of line, the one that was parsed last.
func (p *parser) verify(line []byte, key PublicKey) error {
	return key.Verify(line[:len(line)-sigText-1], p.sig[:])
}

// otherHeader tells a line of another kind from one that is none at all.
func (p *parser) otherHeader(line []byte) error {
	text, _, ok := bytes.Cut(line, []byte{'.'})
	if !ok || len(text) > url64.EncodedLen(maxHeader) {
		return malformed("no header")
	}
	header, ok := appendStrict(nil, url64, text)
	if !ok {
		return malformed("spelling of the header")
	}
	inner, ok1 := bytes.CutPrefix(header, []byte(headerStart))
	inner, ok2 := bytes.CutSuffix(inner, []byte(headerEnd))
	if !ok1 || !ok2 || !Kind(inner).valid() {
		return malformed("header")
	}
	return ErrKind
}

// checkPayload bounds the length of a payload. An empty one is refused because
// in a compact JWS it looks like a payload that is kept elsewhere (RFC 7515,
// appendix F).
func checkPayload(n int) error {
	if n == 0 || n > MaxPayload {
		return malformed(fmt.Sprintf("a payload is 1 to %d bytes", MaxPayload))
	}
	return nil
}
