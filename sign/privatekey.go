package sign

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/ssh"
)

// The PEM types that are read and written.
const (
	pemOpenSSH = "OPENSSH PRIVATE KEY"
	pemPKCS8   = "PRIVATE KEY"
)

// GenerateKey makes a private key of 32 bytes from random, which is
// crypto/rand if nil. A reader of one's own makes a key that is as secret as
// its bytes are: that is for tests.
func GenerateKey(random io.Reader) (ed25519.PrivateKey, error) {
	if random == nil {
		random = rand.Reader
	}
	var seed [ed25519.SeedSize]byte
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return nil, fmt.Errorf("sign: generating a key: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed[:]), nil
}

// Public returns the public half of s, checked as [NewPublicKey] does. The
// signer may be an [ed25519.PrivateKey], what [FromSSH] returns, or anything
// else that signs with Ed25519 (an HSM, a key management service). A signer
// that is nil or has a key of another type is a [*KeyError].
func Public(s crypto.Signer) (PublicKey, error) {
	if s == nil {
		return PublicKey{}, &KeyError{Reason: reasonNone}
	}
	// Public of a private key that is too short would panic.
	if private, ok := s.(ed25519.PrivateKey); ok && len(private) != ed25519.PrivateKeySize {
		return PublicKey{}, &KeyError{Reason: reasonLength}
	}
	public, ok := s.Public().(ed25519.PublicKey)
	if !ok {
		return PublicKey{}, &KeyError{Reason: reasonType}
	}
	return NewPublicKey(public)
}

// ParsePrivateKey reads an Ed25519 private key from a file in the format of
// OpenSSH, maybe encrypted with passphrase, or of PKCS#8 (RFC 8410), which
// must not be encrypted. Text before and after the PEM block is refused, white
// space apart. A passphrase is ignored if the key is not encrypted.
//
// Errors wrap [ErrPassphrase] if the passphrase is missing or wrong, and
// [ErrMalformed]; keys of other types, and keys whose public half is not that
// of the private one, are a [*KeyError]. The latter would let a signer be
// tricked into giving the private key away.
func ParsePrivateKey(file, passphrase []byte) (ed25519.PrivateKey, error) {
	if len(file) > MaxKeyFile {
		return nil, malformed("private key file too long")
	}
	file = bytes.TrimSpace(file)
	block, rest := pem.Decode(file)
	if block == nil || len(rest) != 0 || len(block.Headers) != 0 || !bytes.HasPrefix(file, []byte("-----BEGIN ")) {
		return nil, malformed("a private key file is one PEM block without headers")
	}
	switch block.Type {
	case pemOpenSSH:
		return parseOpenSSH(file, block.Bytes, passphrase)
	case pemPKCS8:
		// The error is not wrapped: it could describe the secret that it is about.
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, malformed("PKCS#8 private key")
		}
		private, ok := key.(ed25519.PrivateKey)
		if !ok {
			return nil, &KeyError{Reason: reasonType}
		}
		return private, nil
	case "ENCRYPTED PRIVATE KEY":
		return nil, malformed("an encrypted private key must be in the format of OpenSSH")
	case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY":
		return nil, &KeyError{Reason: reasonType}
	}
	return nil, malformed("not a private key file")
}

// parseOpenSSH reads the format that OpenSSH's PROTOCOL.key describes. Package
// ssh does the work; the envelope is looked at before, so that neither a key
// of another type nor a costly key derivation gets that far.
func parseOpenSSH(file, der, passphrase []byte) (ed25519.PrivateKey, error) {
	errFormat := malformed("OpenSSH private key")
	var envelope struct {
		Cipher, KDF, KDFOptions string
		Keys                    uint32
		Public, Private         []byte
		Rest                    []byte `ssh:"rest"`
	}
	body, ok := bytes.CutPrefix(der, []byte("openssh-key-v1\x00"))
	if !ok || ssh.Unmarshal(body, &envelope) != nil || envelope.Keys != 1 || len(envelope.Rest) != 0 {
		return nil, errFormat
	}
	public, err := parseSSHBlob(envelope.Public)
	if err != nil {
		return nil, err
	}
	parse := func() (any, error) { return ssh.ParseRawPrivateKey(file) }
	if envelope.Cipher != "none" {
		if len(passphrase) == 0 {
			return nil, ErrPassphrase
		}
		var kdf struct {
			Salt   string
			Rounds uint32
		}
		if ssh.Unmarshal([]byte(envelope.KDFOptions), &kdf) != nil || kdf.Rounds > MaxKDFRounds {
			return nil, malformed("key derivation of an OpenSSH private key")
		}
		parse = func() (any, error) { return ssh.ParseRawPrivateKeyWithPassphrase(file, passphrase) }
	}
	key, err := parse()
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, errFormat // not wrapped: it could describe the secret
	}
	private, ok := key.(*ed25519.PrivateKey)
	if !ok {
		return nil, &KeyError{Reason: reasonType}
	}
	if err := checkPrivate(*private); err != nil {
		return nil, err
	}
	if !bytes.Equal(public.raw[:], (*private)[ed25519.SeedSize:]) {
		return nil, &KeyError{Reason: reasonHalves}
	}
	return *private, nil
}

// checkPrivate makes sure that the second half of key, which is the public
// key, belongs to the first. Signing with a wrong one gives the key away.
func checkPrivate(key ed25519.PrivateKey) error {
	if len(key) != ed25519.PrivateKeySize {
		return &KeyError{Reason: reasonLength}
	}
	if !ed25519.NewKeyFromSeed(key.Seed()).Equal(key) {
		return &KeyError{Reason: reasonHalves}
	}
	return nil
}

// MarshalOpenSSH returns key as a file in the format of OpenSSH, with comment
// (which is not secret) and encrypted if passphrase is not empty. Two files of
// one key differ, since the format has random parts. Errors: [*KeyError], and
// [ErrMalformed] for a comment that is too long.
func MarshalOpenSSH(key ed25519.PrivateKey, comment string, passphrase []byte) ([]byte, error) {
	if len(comment) > MaxComment {
		return nil, malformed("comment too long")
	}
	if err := checkPrivate(key); err != nil {
		return nil, err
	}
	var block *pem.Block
	var err error
	if len(passphrase) == 0 {
		block, err = ssh.MarshalPrivateKey(key, comment)
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, comment, passphrase)
	}
	if err != nil {
		return nil, fmt.Errorf("sign: OpenSSH private key: %w", err)
	}
	return pem.EncodeToMemory(block), nil
}

// MarshalPKCS8 returns key as a PEM file in the format of PKCS#8 (RFC 8410),
// not encrypted: the form that OpenSSL and key management services take. A
// key that is broken is a [*KeyError].
func MarshalPKCS8(key ed25519.PrivateKey) ([]byte, error) {
	if err := checkPrivate(key); err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("sign: PKCS#8 private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemPKCS8, Bytes: der}), nil
}
