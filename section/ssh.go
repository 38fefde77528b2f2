package section

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

const sshPrefix = "ssh-ed25519 "

// parseSSHRecipient returns nil for whatever is not one Ed25519 key in the one
// spelling of sshText.
func parseSSHRecipient(s string) age.Recipient {
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(s, sshPrefix))
	if err != nil {
		return nil
	}
	pub, err := ssh.ParsePublicKey(raw)
	if err != nil || pub.Type() != ssh.KeyAlgoED25519 || sshText(pub) != s {
		return nil
	}
	r, err := agessh.NewEd25519Recipient(pub)
	if err != nil {
		return nil
	}
	return r
}

// sshText is a line of authorized_keys without options and comment.
func sshText(pub ssh.PublicKey) string {
	return sshPrefix + base64.StdEncoding.EncodeToString(pub.Marshal())
}

func parseSSHIdentity(s string) (Identity, error) {
	block, rest := pem.Decode([]byte(s))
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		return Identity{}, keyError("identity", "not one PEM block")
	}
	raw, err := ssh.ParseRawPrivateKey([]byte(s))
	if _, locked := err.(*ssh.PassphraseMissingError); locked {
		return Identity{}, keyError("identity", "protected by a passphrase: unlock it first, see NewSSHIdentity")
	}
	key, ok := raw.(*ed25519.PrivateKey)
	if err != nil || !ok {
		return Identity{}, keyError("identity", "not an ssh-ed25519 private key")
	}
	return newSSHIdentity(*key, s)
}

// NewSSHIdentity makes an identity of the [Classic] suite from an Ed25519
// private key that is already in memory, such as one that a passphrase
// protects on disk. Its [Identity.Reveal] is an unprotected OpenSSH private
// key. The error wraps [ErrKey].
func NewSSHIdentity(key ed25519.PrivateKey) (Identity, error) {
	if len(key) != ed25519.PrivateKeySize {
		return Identity{}, keyError("identity", "not an Ed25519 private key")
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		return Identity{}, keyError("identity", "not an Ed25519 private key")
	}
	return newSSHIdentity(key, strings.TrimSpace(string(pem.EncodeToMemory(block))))
}

func newSSHIdentity(key ed25519.PrivateKey, secret string) (Identity, error) {
	// The two halves stand in the file one beside the other. What is sealed to a
	// public half that is not the private one's, nobody could open.
	if !key.Equal(ed25519.NewKeyFromSeed(key.Seed())) {
		return Identity{}, keyError("identity", "an ssh-ed25519 key whose public half is not that of the private one")
	}
	pub, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		return Identity{}, keyError("identity", "not an Ed25519 private key")
	}
	recipient, err := ParseRecipient(Classic, sshText(pub))
	if err != nil {
		return Identity{}, err
	}
	k, err := agessh.NewEd25519Identity(key)
	if err != nil {
		return Identity{}, keyError("identity", "not an Ed25519 private key")
	}
	return newIdentity(recipient, secret, k), nil
}
