package sign_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/crypto/ssh"

	"github.com/vassoio/vassoio/sign"
)

func readFile(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestGenerateKey(t *testing.T) {
	k, err := sign.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 40)))
	if err != nil || !k.Equal(testKey(7)) {
		t.Errorf("from a reader: %v", err)
	}
	a, err1 := sign.GenerateKey(nil)
	b, err2 := sign.GenerateKey(nil)
	if err1 != nil || err2 != nil || a.Equal(b) || len(a) != ed25519.PrivateKeySize {
		t.Error("from crypto/rand")
	}
	if _, err := sign.GenerateKey(bytes.NewReader(make([]byte, 31))); err == nil {
		t.Error("31 bytes were enough")
	}
	broken := errors.New("no entropy")
	if _, err := sign.GenerateKey(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a broken reader: %v", err)
	}
}

// publicOnly is a crypto.Signer with whatever public key.
type publicOnly struct {
	crypto.Signer
	public crypto.PublicKey
}

func (s publicOnly) Public() crypto.PublicKey { return s.public }

func TestPublicRefused(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		signer crypto.Signer
		reason string
	}{
		{"nil", nil, "none"},
		{"ECDSA", ec, "not an Ed25519"},
		{"no private key", ed25519.PrivateKey(nil), "length"},
		{"seed alone", testKey(1)[:32], "length"},
		{"no public key", publicOnly{}, "not an Ed25519"},
		{"empty public key", publicOnly{public: ed25519.PublicKey(nil)}, "length"},
		{"bytes", publicOnly{public: make([]byte, 32)}, "not an Ed25519"},
		{"small order", publicOnly{public: ed25519.PublicKey(fromHex(t, torsion))}, "small order"},
	} {
		_, err := sign.Public(c.signer)
		refused(t, c.name, err, c.reason)
		_, err = sign.Sign("vassoio-test", []byte("payload"), c.signer)
		refused(t, c.name+", Sign", err, c.reason)
	}
}

// TestParsePrivateKeyFiles reads what ssh-keygen and openssl wrote.
func TestParsePrivateKeyFiles(t *testing.T) {
	t.Parallel()
	sshPublic := func(name string) string {
		k, err := sign.ParseSSH(string(readFile(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		return k.String()
	}
	for _, c := range []struct{ name, file, passphrase, public string }{
		{"OpenSSH", "openssh", "", sshPublic("openssh.pub")},
		{"OpenSSH, passphrase not needed", "openssh", "correct horse", sshPublic("openssh.pub")},
		{"OpenSSH, encrypted", "openssh_locked", "correct horse", sshPublic("openssh_locked.pub")},
		{"PKCS#8", "pkcs8.pem", "", strings.TrimSpace(string(readFile(t, "pkcs8.pub")))},
	} {
		file := readFile(t, c.file)
		spellings := [][]byte{file, bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")), bytes.TrimSpace(file), append([]byte("\n "), file...)}
		if c.file == "openssh_locked" {
			spellings = spellings[:1] // each takes half a second
		}
		for _, spelling := range spellings {
			k, err := sign.ParsePrivateKey(spelling, []byte(c.passphrase))
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if got := testPublic(t, k).String(); got != c.public {
				t.Errorf("%s: %s, want %s", c.name, got, c.public)
			}
		}
	}
}

func TestMarshalPrivateKey(t *testing.T) {
	t.Parallel()
	key := testKey(7)
	check := func(name string, file []byte, err error, passphrase string) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if len(file) > sign.MaxKeyFile {
			t.Errorf("%s: %d bytes", name, len(file))
		}
		if back, err := sign.ParsePrivateKey(file, []byte(passphrase)); err != nil || !back.Equal(key) {
			t.Errorf("%s: back: %v", name, err)
		}
	}
	file, err := sign.MarshalPKCS8(key)
	check("PKCS#8", file, err, "")
	file, err = sign.MarshalOpenSSH(key, "", nil)
	check("OpenSSH", file, err, "")
	long := strings.Repeat("c", sign.MaxComment)
	file, err = sign.MarshalOpenSSH(key, long, []byte("secret"))
	check("OpenSSH, encrypted", file, err, "secret")
	if bytes.Contains(file, key.Seed()) {
		t.Error("the seed stands in the file")
	}

	if _, err := sign.MarshalOpenSSH(key, long+"c", nil); !errors.Is(err, sign.ErrMalformed) {
		t.Errorf("comment past the bound: %v", err)
	}
	for name, bad := range map[string]ed25519.PrivateKey{
		"length": nil, "length of an Ed25519": key[:63], "do not belong together": append(bytes.Clone(key.Seed()), testKey(8)[32:]...),
	} {
		_, err := sign.MarshalPKCS8(bad)
		refused(t, "PKCS#8", err, name)
		_, err = sign.MarshalOpenSSH(bad, "", nil)
		refused(t, "OpenSSH", err, name)
	}
}

// TestOtherProgramsRead gives what Marshal wrote to ssh-keygen and openssl.
func TestOtherProgramsRead(t *testing.T) {
	t.Parallel()
	key := testKey(7)
	dir := t.TempDir()
	run := func(name string, file []byte, err error, program string, args ...string) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no %s here", program)
		}
		out, err := exec.Command(program, append(args, path)...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", program, err, out)
		}
		return string(out)
	}
	want := testPublic(t, key).SSH()
	file, err := sign.MarshalOpenSSH(key, "a comment", nil)
	if out := run("plain", file, err, "ssh-keygen", "-y", "-P", "", "-f"); !strings.HasPrefix(out, want) {
		t.Errorf("plain: %s", out)
	}
	file, err = sign.MarshalOpenSSH(key, "a comment", []byte("secret"))
	if out := run("locked", file, err, "ssh-keygen", "-y", "-P", "secret", "-f"); !strings.HasPrefix(out, want) {
		t.Errorf("locked: %s", out)
	}
	file, err = sign.MarshalPKCS8(key)
	out := run("pkcs8", file, err, "openssl", "pkey", "-pubout", "-in")
	block, _ := pem.Decode([]byte(out))
	if block == nil || !bytes.HasSuffix(block.Bytes, key[32:]) {
		t.Errorf("PKCS#8: %s", out)
	}
}

// patch decodes a PEM file, replaces from by to, which must be there once, and
// encodes it again.
func patch(tb testing.TB, file, from, to []byte) []byte {
	tb.Helper()
	block, _ := pem.Decode(file)
	if block == nil || bytes.Count(block.Bytes, from) != 1 {
		tb.Fatalf("%x is there %d times", from, bytes.Count(block.Bytes, from))
	}
	block.Bytes = bytes.Replace(block.Bytes, from, to, 1)
	return pem.EncodeToMemory(block)
}

func openSSH(tb testing.TB, key crypto.PrivateKey, passphrase string) []byte {
	tb.Helper()
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		tb.Fatal(err)
	}
	return pem.EncodeToMemory(block)
}

func pkcs8(tb testing.TB, key crypto.PrivateKey) []byte {
	tb.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func TestParsePrivateKeyRefused(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	plain, locked, p8 := readFile(t, "openssh"), readFile(t, "openssh_locked"), readFile(t, "pkcs8.pem")
	key := testKey(7)
	mixed := append(bytes.Clone(key.Seed()), testKey(8)[32:]...)
	name := []byte("\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20")
	lockedDER, _ := pem.Decode(locked)
	envelope := bytes.Clone(lockedDER.Bytes[bytes.Index(lockedDER.Bytes, name)+len(name):][:32])

	padTo := func(n int) []byte { return append(bytes.Clone(p8), bytes.Repeat([]byte("\n"), n-len(p8))...) }
	if _, err := sign.ParsePrivateKey(padTo(sign.MaxKeyFile), nil); err != nil {
		t.Errorf("at the bound: %v", err)
	}

	for _, c := range []struct {
		name       string
		file       []byte
		passphrase string
		want       string // a sentinel's text, or the reason of a KeyError
	}{
		{"empty", nil, "", "malformed"},
		{"text", []byte("hello"), "", "malformed"},
		{"past the bound", padTo(sign.MaxKeyFile + 1), "", "malformed"},
		{"cut", plain[:len(plain)-20], "", "malformed"},
		{"text before", append([]byte("x\n"), plain...), "", "malformed"},
		{"text after", append(bytes.Clone(plain), 'x'), "", "malformed"},
		{"two blocks", append(bytes.Clone(plain), p8...), "", "malformed"},
		{"headers", bytes.Replace(p8, []byte("KEY-----\n"), []byte("KEY-----\nA: b\n\n"), 1), "", "malformed"},
		{"public key", []byte("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAfU0Of2FTpptiQrUiq77mhf2kQg+INLEIw72uNp71Sfo=\n-----END PUBLIC KEY-----\n"), "", "malformed"},
		{"SSH public key", readFile(t, "openssh.pub"), "", "malformed"},
		{"PKCS#8, encrypted", readFile(t, "pkcs8_locked.pem"), "secret", "malformed"},
		{"PKCS#8, broken", patch(t, p8, []byte{0x2b, 0x65, 0x70}, []byte{0x2b, 0x65, 0x7f}), "", "malformed"},
		{"PKCS#8, X25519", patch(t, p8, []byte{0x2b, 0x65, 0x70}, []byte{0x2b, 0x65, 0x6e}), "", "not an Ed25519"},
		{"PKCS#8, ECDSA", pkcs8(t, ec), "", "not an Ed25519"},
		{"PKCS#8, RSA", pkcs8(t, rs), "", "not an Ed25519"},
		{"PKCS#1", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rs)}), "", "not an Ed25519"},
		{"OpenSSH, ECDSA", openSSH(t, ec, ""), "", "not an Ed25519"},
		{"OpenSSH, RSA", openSSH(t, rs, ""), "", "not an Ed25519"},
		{"OpenSSH, RSA, encrypted", openSSH(t, rs, "secret"), "", "not an Ed25519"},
		{"no passphrase", locked, "", "passphrase"},
		{"wrong passphrase", locked, "incorrect horse", "passphrase"},
		{"passphrase with newline", locked, "correct horse\n", "passphrase"},
		{"magic", patch(t, plain, []byte("openssh-key-v1"), []byte("openssh-key-v2")), "", "malformed"},
		{"cipher", patch(t, locked, []byte("aes256-ctr"), []byte("aes256-cbX")), "correct horse", "malformed"},
		{"KDF", patch(t, locked, []byte("bcrypt"), []byte("becrux")), "correct horse", "malformed"},
		{"public half inside", openSSH(t, ed25519.PrivateKey(mixed), ""), "", "do not belong together"},
		{"public half inside, encrypted", openSSH(t, ed25519.PrivateKey(mixed), "secret"), "secret", "do not belong together"},
		{"public half of the envelope", patch(t, locked, envelope, testKey(8)[32:]), "correct horse", "do not belong together"},
		{"small order in the envelope", patch(t, locked, envelope, fromHex(t, torsion)), "correct horse", "small order"},
	} {
		k, err := sign.ParsePrivateKey(c.file, []byte(c.passphrase))
		if k != nil {
			t.Errorf("%s: released a key", c.name)
		}
		var ke *sign.KeyError
		switch {
		case c.want == "malformed" && errors.Is(err, sign.ErrMalformed):
		case c.want == "passphrase" && errors.Is(err, sign.ErrPassphrase):
		case errors.As(err, &ke) && strings.Contains(ke.Reason, c.want):
		default:
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "horse") || len(err.Error()) > 120) {
			t.Errorf("%s: the error tells too much: %v", c.name, err)
		}
	}
}

// TestKDFRounds: a file that asks for one round too many is refused before
// anything is derived; at the bound the passphrase is tried.
func TestKDFRounds(t *testing.T) {
	t.Parallel()
	locked := readFile(t, "openssh_locked")
	block, _ := pem.Decode(locked)
	// The options are a salt of 16 bytes and the rounds, then the number of keys.
	at := bytes.Index(block.Bytes, []byte("\x00\x00\x00\x06bcrypt\x00\x00\x00\x18\x00\x00\x00\x10"))
	if at < 0 {
		t.Fatal("no KDF in the file")
	}
	for _, c := range []struct {
		rounds uint32
		want   error
	}{
		{0, sign.ErrMalformed},
		{sign.MaxKDFRounds, sign.ErrPassphrase},
		{sign.MaxKDFRounds + 1, sign.ErrMalformed},
		{1<<32 - 1, sign.ErrMalformed},
	} {
		if c.rounds == sign.MaxKDFRounds && testing.Short() {
			continue // it takes seconds
		}
		b := *block
		b.Bytes = bytes.Clone(block.Bytes)
		binary.BigEndian.PutUint32(b.Bytes[at+10+4+4+16:], c.rounds)
		if _, err := sign.ParsePrivateKey(pem.EncodeToMemory(&b), []byte("correct horse")); !errors.Is(err, c.want) {
			t.Errorf("%d rounds: %v, want %v", c.rounds, err, c.want)
		}
	}
}
