package sign

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/ssh"
)

// sshPrefix is what stands before the 32 bytes of an ssh-ed25519 key: the name
// and the length of the key, each with its own length (RFC 8709, section 4).
const sshPrefix = "\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"

// std64 is the base64 of SSH keys, with padding.
var std64 = base64.StdEncoding.Strict()

// SSH returns the key as a line of an OpenSSH authorized_keys or .pub file,
// "ssh-ed25519 AAAA…", without comment and newline. The zero key returns "".
func (k PublicKey) SSH() string {
	if k.IsZero() {
		return ""
	}
	return ssh.KeyAlgoED25519 + " " + std64.EncodeToString(append([]byte(sshPrefix), k.raw[:]...))
}

// ParseSSH reads the content of an OpenSSH .pub file: one line with an
// ssh-ed25519 key, and maybe a comment, which is ignored. It checks the key as
// [NewPublicKey] does.
//
// The options that authorized_keys allows before a key are refused, since they
// restrict what the key may be used for. An error wraps [ErrMalformed], or is
// a [*KeyError] for keys of other types, certificates and keys on a FIDO
// device (sk-ssh-ed25519) among them.
func ParseSSH(s string) (PublicKey, error) {
	s = strings.TrimRight(s, "\r\n")
	if len(s) > MaxKeyText || strings.ContainsAny(s, "\r\n") {
		return PublicKey{}, malformed("an SSH public key is one line, not as long as that")
	}
	algorithm, rest, ok := strings.Cut(s, " ")
	if !ok {
		return PublicKey{}, malformed("an SSH public key is a name, a space and base64")
	}
	if algorithm != ssh.KeyAlgoED25519 {
		return PublicKey{}, &KeyError{Reason: reasonType}
	}
	text, _, _ := strings.Cut(rest, " ")
	blob, ok := decodeStrict(std64, text)
	if !ok || len(blob) == 0 {
		return PublicKey{}, malformed("an SSH public key is base64 with padding")
	}
	return parseSSHBlob(blob)
}

// parseSSHBlob reads the wire form of an SSH public key (RFC 8709, section 4).
func parseSSHBlob(blob []byte) (PublicKey, error) {
	raw, ok := strings.CutPrefix(string(blob), sshPrefix)
	if !ok {
		return PublicKey{}, &KeyError{Reason: reasonType}
	}
	return NewPublicKey([]byte(raw))
}

// FromSSH makes a signer of one that an SSH agent holds (or of any other
// [ssh.Signer] with an ssh-ed25519 key), so that the private key stays there:
//
//	signers, err := agent.NewClient(conn).Signers()
//	...
//	s, err := sign.FromSSH(signers[0])
//
// Keys of other types, certificates and FIDO keys are a [*KeyError]. The
// signer's Sign takes a message that was not hashed, as [crypto.Hash](0) says.
func FromSSH(s ssh.Signer) (crypto.Signer, error) {
	if s == nil || s.PublicKey() == nil {
		return nil, &KeyError{Reason: reasonNone}
	}
	k, err := parseSSHBlob(s.PublicKey().Marshal())
	if err != nil {
		return nil, err
	}
	return &sshSigner{signer: s, public: k}, nil
}

type sshSigner struct {
	signer ssh.Signer
	public PublicKey
}

func (s *sshSigner) Public() crypto.PublicKey { return ed25519.PublicKey(s.public.Bytes()) }

func (s *sshSigner) Sign(rand io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts == nil || opts.HashFunc() != 0 {
		return nil, fmt.Errorf("%w: an SSH key signs messages, not hashes", ErrSignature)
	}
	sig, err := s.signer.Sign(rand, message)
	if err != nil {
		return nil, fmt.Errorf("sign: SSH signer: %w", err)
	}
	if sig == nil || sig.Format != ssh.KeyAlgoED25519 {
		return nil, fmt.Errorf("%w: the SSH signer made one of another type", ErrSignature)
	}
	return sig.Blob, nil
}
