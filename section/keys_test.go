package section

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

func newID(t testing.TB, suite Suite) Identity {
	t.Helper()
	return must[Identity](t)(GenerateIdentity(suite))
}

func newSSH(t testing.TB) Identity {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return must[Identity](t)(NewSSHIdentity(key))
}

func TestIdentityRoundTrip(t *testing.T) {
	for _, id := range []Identity{newID(t, PQ), newID(t, Classic), newSSH(t)} {
		for _, text := range []string{id.Reveal(), "\n" + id.Reveal() + "\r\n"} {
			back := must[Identity](t)(ParseIdentity(text))
			if back.Reveal() != id.Reveal() || back.Recipient().String() != id.Recipient().String() || back.Suite() != id.Suite() {
				t.Errorf("%s: another identity came back", id.Suite())
			}
			blob := must[[]byte](t)(Seal([]byte("{}"), []Recipient{id.Recipient()}))
			if b, err := Unseal(blob, id.Suite(), Slot{0, 1}, back); err != nil || string(b) != "{}" {
				t.Errorf("%s: %q, %v", id.Suite(), b, err)
			}
		}
		r := must[Recipient](t)(ParseRecipient(id.Suite(), id.Recipient().String()))
		if r.String() != id.Recipient().String() || r.Suite() != id.Suite() {
			t.Error("another recipient came back")
		}
	}
	if (Identity{}).Reveal() != "" || (Identity{}).Suite() != "" || (Identity{}).Recipient().String() != "" {
		t.Error("the zero identity is somebody")
	}
	if _, err := GenerateIdentity("x"); !errors.Is(err, ErrKey) {
		t.Error(err)
	}
}

func TestIdentityNeverPrints(t *testing.T) {
	for _, id := range []Identity{newID(t, PQ), newID(t, Classic), newSSH(t)} {
		inside := struct {
			Public  Identity
			private Identity
			Pointer *Identity
		}{id, id, &id}
		secret := id.Reveal()
		if lines := strings.Split(secret, "\n"); len(lines) > 1 {
			secret = lines[2] // of a PEM: base64 that holds the key
		}
		secret = secret[10:40]
		leaks := func(how, out string) {
			if out == "" || strings.Contains(strings.ToUpper(out), strings.ToUpper(secret)) || strings.Contains(strings.ToLower(out), fmt.Sprintf("%x", secret)) {
				t.Errorf("%s gives %d bytes, the secret among them", how, len(out))
			}
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s", "%t"} {
			for i, v := range []any{id, &id, inside, &inside, []Identity{id}, map[string]Identity{"a": id}} {
				leaks(fmt.Sprint(verb, " of ", i), fmt.Sprintf(verb, v))
			}
		}
		for _, v := range []any{id, inside, &id} {
			var out bytes.Buffer
			for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
				slog.New(h).Info("a", "id", v)
			}
			leaks("slog", out.String())
		}
		leaks("String", id.String())
		leaks("GoString", id.GoString())
		for _, v := range []any{id, inside} {
			if _, err := json.Marshal(v); err == nil {
				t.Error("marshaled as JSON")
			}
			if err := gob.NewEncoder(io.Discard).Encode(v); err == nil {
				t.Error("encoded as gob")
			}
		}
		if _, err := xml.Marshal(id); err == nil {
			t.Error("marshaled as XML")
		}
	}
}

func TestParseIdentityRefuses(t *testing.T) {
	pq, classic := newID(t, PQ).Reveal(), newID(t, Classic).Reveal()
	_, key, _ := ed25519.GenerateKey(nil)
	locked := must[*pem.Block](t)(ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte("x")))
	sshText := newSSH(t).Reveal()
	tests := map[string]string{
		"nothing": "", "words": "correct horse", "recipient": newID(t, PQ).Recipient().String(), "lower case": strings.ToLower(classic), "cut": classic[:len(classic)-1], "longer": classic + "Q", "changed": classic[:30] + "QQ" + classic[32:],
		"pq cut": pq[:len(pq)-1], "pq lower case": strings.ToLower(pq), "pq as classic": strings.Replace(pq, "PQ-", "", 1), "two": classic + "\n" + pq, "comment": "# me\n" + classic, "plugin": "AGE-PLUGIN-X-1QQ",
		"passphrase": string(pem.EncodeToMemory(locked)), "PEM cut": sshText[:len(sshText)-5], "two PEM": sshText + "\n" + sshText, "PEM and words": sshText + "\nx", "PEM broken": strings.Replace(sshText, "b3BlbnNzaC1rZXktdjE", "b3BlbnNzaC1rZXktdjI", 1), "another PEM": strings.ReplaceAll(sshText, "OPENSSH", "RSA"), "too long": strings.Repeat("A", MaxKeyText+1),
	}
	for name, in := range tests {
		id, err := ParseIdentity(in)
		if !errors.Is(err, ErrKey) || id != (Identity{}) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i := 0; i+12 < len(in); i++ {
			if strings.Contains(err.Error(), in[i:i+12]) {
				t.Errorf("%s: the error quotes the key: %v", name, err)
				break
			}
		}
	}
	for _, key := range []ed25519.PrivateKey{nil, make([]byte, 32), make([]byte, 65)} {
		if _, err := NewSSHIdentity(key); !errors.Is(err, ErrKey) {
			t.Errorf("%d bytes: %v", len(key), err)
		}
	}
}

func TestParseRecipientRefuses(t *testing.T) {
	pq, classic, sshKey := newID(t, PQ).Recipient().String(), newID(t, Classic).Recipient().String(), newSSH(t).Recipient().String()
	sshWire := func(key []byte) string {
		return sshPrefix + base64.StdEncoding.EncodeToString(append([]byte("\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"), key...))
	}
	zero := make([]byte, 32)
	one := append([]byte{1}, zero[1:]...)
	tests := []struct {
		name  string
		suite Suite
		in    string
	}{
		{"nothing", PQ, ""}, {"nothing", Classic, ""}, {"unknown suite", "x", classic}, {"no suite", "", classic}, {"classic for pq", PQ, classic}, {"pq for classic", Classic, pq}, {"ssh for pq", PQ, sshKey}, {"identity", PQ, newID(t, PQ).Reveal()},
		{"upper case", Classic, strings.ToUpper(classic)}, {"upper case pq", PQ, strings.ToUpper(pq)}, {"cut", Classic, classic[:len(classic)-1]}, {"cut pq", PQ, pq[:len(pq)-1]}, {"changed", Classic, classic[:20] + "qq" + classic[22:]}, {"space before", Classic, " " + classic}, {"line end", Classic, classic + "\n"}, {"line end pq", PQ, pq + "\n"},
		{"zero point", Classic, "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"}, {"tag", Classic, "age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e"}, {"plugin", Classic, "age1yubikey1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e"},
		{"comment", Classic, sshKey + " me@home"}, {"options", Classic, "no-pty " + sshKey}, {"two spaces", Classic, strings.Replace(sshKey, " ", "  ", 1)}, {"line end ssh", Classic, sshKey + "\n"}, {"ssh cut", Classic, sshKey[:len(sshKey)-4]}, {"ssh longer", Classic, sshKey + "AAAA"}, {"rsa", Classic, "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQC7"}, {"rsa inside", Classic, sshPrefix + "AAAAB3NzaC1yc2EAAAADAQABAAAAQQC7"},
		{"identity point", Classic, sshWire(one)}, {"low order", Classic, sshWire(zero)}, {"not on the curve", Classic, sshWire(append([]byte{2}, zero[1:]...))}, {"short key", Classic, sshWire(zero[:31])}, {"ssh line break inside", Classic, sshKey[:40] + "\n" + sshKey[40:]},
		{"too long", Classic, "age1" + strings.Repeat("q", MaxKeyText)},
	}
	for _, tt := range tests {
		r, err := ParseRecipient(tt.suite, tt.in)
		if !errors.Is(err, ErrKey) || r != (Recipient{}) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err != nil && len(tt.in) > 20 && strings.Contains(err.Error(), tt.in[:20]) {
			t.Errorf("%s: the error quotes the text: %v", tt.name, err)
		}
		// Without the trial, a sound spelling of a bad point passes, and no more.
		untried := []string{"identity point", "low order"}
		if r, err := ReadRecipient(tt.suite, tt.in); slices.Contains(untried, tt.name) != (err == nil) {
			t.Errorf("%s, read: %v", tt.name, err)
		} else if err == nil {
			if _, err := Seal([]byte("{}"), []Recipient{r}); err == nil {
				t.Errorf("%s: something was sealed to it", tt.name)
			}
		}
	}
}

// A file holds the public half too; one that is not the private half's is
// refused, since nobody could open what is sealed to it.
func TestSSHHalves(t *testing.T) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewSSHIdentity(key); err != nil {
		t.Fatal(err)
	}
	for i := ed25519.SeedSize; i < len(key); i++ {
		bad := bytes.Clone(key)
		bad[i] ^= 1
		if _, err := NewSSHIdentity(bad); !errors.Is(err, ErrKey) {
			t.Errorf("byte %d of the public half changed: %v", i, err)
		}
	}
}
