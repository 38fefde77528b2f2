package sign_test

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

func FuzzParseHash(f *testing.F) {
	f.Add(abc)
	f.Add(strings.ToUpper(abc))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := sign.ParseHash(s)
		if (err != nil) != h.IsZero() && s != strings.Repeat("0", 64) {
			t.Errorf("%q: %s, %v", s, h, err)
		}
		if err == nil && h.String() != s {
			t.Errorf("%q is read as %s", s, h)
		}
	})
}

// checked fails the test if k is a key that should not have been released.
func checked(t *testing.T, k sign.PublicKey) {
	if _, err := sign.NewPublicKey(k.Bytes()); err != nil {
		t.Errorf("released a bad key: %v", err)
	}
}

func FuzzParsePublicKey(f *testing.F) {
	f.Add(testPublic(f, testKey(7)).String())
	f.Add(strings.Repeat("A", 43))
	f.Add(encode64(fromHex(f, torsion)))
	f.Fuzz(func(t *testing.T, s string) {
		k, err := sign.ParsePublicKey(s)
		if err != nil {
			return
		}
		checked(t, k)
		if k.String() != s {
			t.Errorf("%q is read as %s", s, k)
		}
	})
}

func FuzzParseJWK(f *testing.F) {
	k := testPublic(f, testKey(7))
	f.Add(k.JWK())
	f.Add([]byte(`{"kid":"none","kty":"OKP","crv":"Ed25519","x":"` + k.String() + `","y":[{}]}`))
	f.Add([]byte(`{"kty":"OKP","kty":"OKP"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := sign.ParseJWK(data)
		if err != nil {
			return
		}
		checked(t, k)
		if back, err := sign.ParseJWK(k.JWK()); err != nil || back != k {
			t.Errorf("%s is read back as %s, %v", k, back, err)
		}
	})
}

func FuzzParseSSH(f *testing.F) {
	line := testPublic(f, testKey(7)).SSH()
	f.Add(line)
	f.Add(line + " comment\n")
	f.Add("ssh-rsa AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		k, err := sign.ParseSSH(s)
		if err != nil {
			return
		}
		checked(t, k)
		if rest, ok := strings.CutPrefix(s, k.SSH()); !ok || rest != "" && !strings.ContainsAny(rest[:1], " \r\n") {
			t.Errorf("%q is read as %s", s, k.SSH())
		}
	})
}

func FuzzParsePrivateKey(f *testing.F) {
	for _, name := range []string{"openssh", "openssh_locked", "pkcs8.pem", "pkcs8_locked.pem"} {
		f.Add(readFile(f, name))
	}
	// Without a passphrase: with one each input could take seconds.
	f.Fuzz(func(t *testing.T, file []byte) {
		key, err := sign.ParsePrivateKey(file, nil)
		if err != nil {
			return
		}
		if !ed25519.NewKeyFromSeed(key.Seed()).Equal(key) {
			t.Error("the halves do not belong together")
		}
		for _, marshal := range []func(ed25519.PrivateKey) ([]byte, error){
			sign.MarshalPKCS8,
			func(k ed25519.PrivateKey) ([]byte, error) { return sign.MarshalOpenSSH(k, "", nil) },
		} {
			text, err := marshal(key)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := sign.ParsePrivateKey(text, nil); err != nil || !back.Equal(key) {
				t.Errorf("read back: %v", err)
			}
		}
	})
}

// FuzzOpen: the one accepted line for what was signed is the one that Sign
// makes. FuzzParse looks at the spelling of lines that nobody signed.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(golden))
	f.Add([]byte(golden + "\n"))
	f.Add([]byte(strings.Replace(golden, ".", "..", 1)))
	k := testPublic(f, testKey(7))
	f.Fuzz(func(t *testing.T, line []byte) {
		payload, err := sign.Open(kind, line, just(k))
		if err != nil {
			if !oneOf(err) || payload != nil {
				t.Errorf("%q, %v", payload, err)
			}
			return
		}
		if again, err := sign.Sign(kind, payload, testKey(7)); err != nil || !bytes.Equal(again, line) {
			t.Errorf("%q is accepted for %q", line, again)
		}
	})
}
