package sign_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/vassoio/vassoio/sign"
)

func TestSSH(t *testing.T) {
	k := testPublic(t, testKey(7))
	line := k.SSH()
	for name, text := range map[string]string{
		"as written":     line,
		"newline":        line + "\n",
		"Windows":        line + "\r\n",
		"comment":        line + " anna@example.com",
		"long comment":   line + " anna on her notebook, 2026\n",
		"trailing space": line + " ",
		"at the bound":   line + " " + strings.Repeat("c", sign.MaxKeyText-len(line)-1),
	} {
		if back, err := sign.ParseSSH(text); err != nil || back != k {
			t.Errorf("%s: %v, %v", name, back, err)
		}
	}
	theirs, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
	if err != nil || strings.TrimSpace(string(ssh.MarshalAuthorizedKey(theirs))) != line {
		t.Errorf("package ssh reads another key: %v", err)
	}
	for _, name := range []string{"openssh.pub", "openssh_locked.pub"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		k, err := sign.ParseSSH(string(text))
		if err != nil || !strings.HasPrefix(string(text), k.SSH()+" ") {
			t.Errorf("%s: %v, %v", name, k, err)
		}
	}
}

func TestSSHRefused(t *testing.T) {
	line := testPublic(t, testKey(7)).SSH()
	_, b64, _ := strings.Cut(line, " ")
	blob, err := base64.StdEncoding.DecodeString(b64)
	if err != nil {
		t.Fatal(err)
	}
	encoded := func(b []byte) string { return "ssh-ed25519 " + base64.StdEncoding.EncodeToString(b) }
	for name, text := range map[string]string{
		"empty":              "",
		"name alone":         "ssh-ed25519",
		"base64 alone":       b64,
		"no base64":          "ssh-ed25519 ",
		"two spaces":         "ssh-ed25519  " + b64,
		"two lines":          line + "\n" + line,
		"two lines, comment": line + " c\n" + line,
		"inner newline":      line[:40] + "\n" + line[40:],
		"cut":                line[:len(line)-1],
		"padded":             line + "=",
		"base64url":          "ssh-ed25519 " + strings.ReplaceAll(b64, "/", "_") + "_",
		"too long":           line + " " + strings.Repeat("c", sign.MaxKeyText-len(line)),
	} {
		if k, err := sign.ParseSSH(text); !errors.Is(err, sign.ErrMalformed) || !k.IsZero() {
			t.Errorf("%s: %v, %v", name, k, err)
		}
	}
	for _, c := range []struct{ name, text, reason string }{
		{"RSA", "ssh-rsa AAAAB3NzaC1yc2E=", "not an Ed25519"},
		{"ECDSA", "ecdsa-sha2-nistp256 AAAA", "not an Ed25519"},
		{"FIDO", "sk-ssh-ed25519@openssh.com " + b64, "not an Ed25519"},
		{"certificate", "ssh-ed25519-cert-v01@openssh.com " + b64, "not an Ed25519"},
		{"upper case", "SSH-ED25519 " + b64, "not an Ed25519"},
		{"options", `command="ls" ` + line, "not an Ed25519"},
		{"leading space", " " + line, "not an Ed25519"},
		{"another type inside", encoded(bytes.Replace(blob, []byte("ed25519"), []byte("ed25518"), 1)), "not an Ed25519"},
		{"nothing inside", encoded([]byte{0}), "not an Ed25519"},
		{"length 33", encoded(append(bytes.Replace(blob, []byte{0, 0, 0, 32}, []byte{0, 0, 0, 33}, 1), 0)), "not an Ed25519"},
		{"trailing byte", encoded(append(bytes.Clone(blob), 0)), "length"},
		{"short key", encoded(blob[:len(blob)-1]), "length"},
		{"small order", encoded(append(bytes.Clone(blob[:19]), fromHex(t, torsion)...)), "small order"},
	} {
		k, err := sign.ParseSSH(c.text)
		refused(t, c.name, err, c.reason)
		if !k.IsZero() {
			t.Errorf("%s: released a key", c.name)
		}
	}
}

// newAgent serves an SSH agent that holds keys.
func newAgent(t testing.TB, keys ...any) agent.ExtendedAgent {
	t.Helper()
	keyring := agent.NewKeyring()
	for _, k := range keys {
		if err := keyring.Add(agent.AddedKey{PrivateKey: k}); err != nil {
			t.Fatal(err)
		}
	}
	client, server := net.Pipe()
	go agent.ServeAgent(keyring, server)
	t.Cleanup(func() { client.Close() })
	return agent.NewClient(client)
}

func TestFromSSHAgent(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private := testKey(7)
	signers, err := newAgent(t, &private, other).Signers()
	if err != nil || len(signers) != 2 {
		t.Fatal(len(signers), err)
	}
	s, err := sign.FromSSH(signers[0])
	if err != nil {
		t.Fatal(err)
	}
	k := testPublic(t, private)
	if got, err := sign.Public(s); err != nil || got != k {
		t.Errorf("Public = %v, %v", got, err)
	}
	payload := []byte("signed by an agent")
	line, err := sign.Sign("vassoio-test", payload, s)
	if err != nil {
		t.Fatal(err)
	}
	// Ed25519 is deterministic: it is the line that the key itself makes.
	if want, err := sign.Sign("vassoio-test", payload, private); err != nil || !bytes.Equal(line, want) {
		t.Errorf("%s, %v", want, err)
	}
	if _, err := s.Sign(rand.Reader, payload, crypto.SHA512); err == nil {
		t.Error("signed what claims to be a hash")
	}
	if _, err := s.Sign(rand.Reader, payload, nil); err == nil {
		t.Error("signed without options")
	}
	_, err = sign.FromSSH(signers[1])
	refused(t, "ECDSA in the agent", err, "not an Ed25519")
	_, err = sign.FromSSH(nil)
	refused(t, "no signer", err, "none")
}

// sshStub answers as it is told.
type sshStub struct {
	public    ssh.PublicKey
	signature *ssh.Signature
	err       error
}

func (s sshStub) PublicKey() ssh.PublicKey                       { return s.public }
func (s sshStub) Sign(io.Reader, []byte) (*ssh.Signature, error) { return s.signature, s.err }

func TestFromSSHHostile(t *testing.T) {
	private := testKey(7)
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	errAgent := errors.New("the agent is locked")
	for _, c := range []struct {
		name      string
		signature *ssh.Signature
		err, want error
	}{
		{"error", nil, errAgent, errAgent},
		{"nothing", nil, nil, sign.ErrSignature},
		{"empty", &ssh.Signature{Format: "ssh-ed25519"}, nil, sign.ErrSignature},
		{"another type", &ssh.Signature{Format: "ssh-rsa", Blob: ed25519.Sign(private, []byte("payload"))}, nil, sign.ErrSignature},
		{"of another message", &ssh.Signature{Format: "ssh-ed25519", Blob: ed25519.Sign(private, []byte("x"))}, nil, sign.ErrSignature},
	} {
		s, err := sign.FromSSH(sshStub{public, c.signature, c.err})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Sign(rand.Reader, []byte("payload"), crypto.Hash(0)); c.name == "another type" && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if line, err := sign.Sign("vassoio-test", []byte("payload"), s); !errors.Is(err, c.want) || line != nil {
			t.Errorf("%s: %s, %v", c.name, line, err)
		}
	}
	_, err = sign.FromSSH(sshStub{})
	refused(t, "no public key", err, "none")
}
