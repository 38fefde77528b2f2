package sign_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

const (
	kind sign.Kind = "vassoio-test"

	// golden is {"hello":"tray"}, signed by testKey(7). It was made with
	// Python's cryptography 48: Ed25519 is deterministic, so there is no other.
	golden = "eyJhbGciOiJFZERTQSIsInR5cCI6InZhc3NvaW8tdGVzdCtqd3MifQ" +
		".eyJoZWxsbyI6InRyYXkifQ" +
		".A7DXM4MCMmDqrvmz-oYi0ZiTFzu2a81gmuFUaxF1oH6Jaqr4Mh9nS_a_mZ5H7yEttD8aqaUAuCIKArd3GEQtBw"
	goldenHash = "06e28accb5240208bc00506149c58fff3aa7b485987f1d6e27176ffff1cd9831"
)

func TestGolden(t *testing.T) {
	payload := []byte(`{"hello":"tray"}`)
	line, err := sign.Sign(kind, payload, testKey(7))
	if err != nil || string(line) != golden {
		t.Errorf("Sign = %s, %v", line, err)
	}
	if h := sign.Sum(line).String(); h != goldenHash {
		t.Errorf("Sum = %s", h)
	}
	var seen string
	got, err := sign.Open(kind, []byte(golden), func(p []byte) (sign.PublicKey, error) {
		seen = string(p)
		return testPublic(t, testKey(7)), nil
	})
	if err != nil || !bytes.Equal(got, payload) || seen != string(payload) {
		t.Errorf("Open = %s, %v; keyOf saw %s", got, err, seen)
	}
}

// open opens a line of kind that testKey(7) must have signed.
func open(t *testing.T, line string) error {
	t.Helper()
	payload, err := sign.Open(kind, []byte(line), just(testPublic(t, testKey(7))))
	if err != nil && payload != nil {
		t.Errorf("a payload and an error: %v", err)
	}
	return err
}

// oneOf reports whether err is one of the three ways in which a line is bad.
func oneOf(err error) bool {
	return errors.Is(err, sign.ErrMalformed) || errors.Is(err, sign.ErrKind) || errors.Is(err, sign.ErrSignature)
}

func TestOpenEachBit(t *testing.T) {
	count := 0
	for i := range len(golden) {
		for bit := range 8 {
			line := []byte(golden)
			line[i] ^= 1 << bit
			err := open(t, string(line))
			if !oneOf(err) {
				t.Errorf("bit %d of byte %d flipped: %v", bit, i, err)
			}
			if _, read := sign.Read(kind, line); (read == nil) != errors.Is(err, sign.ErrSignature) {
				t.Errorf("bit %d of byte %d flipped: %v, and read without the key: %v", bit, i, err, read)
			}
			count++
		}
	}
	t.Logf("%d lines refused", count)
}

func TestOpenEachLength(t *testing.T) {
	for n := range len(golden) {
		if err := open(t, golden[:n]); !oneOf(err) {
			t.Errorf("first %d bytes: %v", n, err)
		}
		if n > 0 {
			if err := open(t, golden[n:]); !oneOf(err) {
				t.Errorf("without the first %d bytes: %v", n, err)
			}
		}
		if err := open(t, golden[:n]+golden[n+1:]); !oneOf(err) {
			t.Errorf("without byte %d: %v", n, err)
		}
	}
	// What is no letter of base64url makes the spelling wrong, be the
	// signature right or not: ReadAll relies on that.
	count := 0
	for _, extra := range []string{"\n", "\r", "\r\n", " ", "\t", "=", "==", ".", "\x00", "é"} {
		for n := range len(golden) + 1 {
			if err := open(t, golden[:n]+extra+golden[n:]); !errors.Is(err, sign.ErrMalformed) {
				t.Errorf("%q at %d: %v", extra, n, err)
			}
			count++
		}
	}
	t.Logf("%d lines with something inserted refused", count)
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// respell returns the other texts that decode to the same bytes if spare bits
// are not looked at.
func respell(text string) []string {
	spare := map[int]int{2: 4, 3: 2}[len(text)%4] // bits
	last := strings.IndexByte(alphabet, text[len(text)-1])
	var out []string
	for i := 1; i < 1<<spare; i++ {
		out = append(out, text[:len(text)-1]+string(alphabet[last|i]))
	}
	return out
}

// TestOpenSpelling respells lines whose payloads end in 0, 2 and 4 spare bits.
func TestOpenSpelling(t *testing.T) {
	count := 0
	for _, payload := range []string{"{}.", "{}..", "{}...", "??>~~~>>>"} {
		line, err := sign.Sign(kind, []byte(payload), testKey(7))
		if err != nil {
			t.Fatal(err)
		}
		if err := open(t, string(line)); err != nil {
			t.Fatal(err)
		}
		part := strings.Split(string(line), ".")
		try := func(name string, parts ...string) {
			t.Helper()
			other := strings.Join(parts, ".")
			if other == string(line) {
				return // there is nothing to respell
			}
			if err := open(t, other); !errors.Is(err, sign.ErrMalformed) {
				t.Errorf("%q, %s: %v", payload, name, err)
			}
			count++
		}
		pad := func(s string) string { return s + strings.Repeat("=", (4-len(s)%4)%4) }
		std := func(s string) string { return strings.NewReplacer("-", "+", "_", "/").Replace(s) }
		for _, s := range respell(part[0]) {
			try("spare bits of the header", s, part[1], part[2])
		}
		for _, s := range respell(part[1]) {
			try("spare bits of the payload", part[0], s, part[2])
		}
		for _, s := range respell(part[2]) {
			try("spare bits of the signature", part[0], part[1], s)
		}
		try("header padded", pad(part[0]), part[1], part[2])
		try("payload padded", part[0], pad(part[1]), part[2])
		try("signature padded", part[0], part[1], pad(part[2]))
		try("the other alphabet in the payload", part[0], std(part[1]), part[2])
		try("the other alphabet in the signature", part[0], part[1], std(part[2]))
		// A line break for a character that is not there: same decoded length.
		try("line break for a character", part[0], part[1], "\n"+part[2][1:])
	}
	if count < 60 {
		t.Errorf("only %d spellings", count)
	}
	t.Logf("%d spellings refused", count)
}

// forge signs as Sign does, but with any header.
func forge(header, payload string, key ed25519.PrivateKey) string {
	m := encode64([]byte(header)) + "." + encode64([]byte(payload))
	return m + "." + encode64(ed25519.Sign(key, []byte(m)))
}

// TestOpenHeaders: the signatures are good, so only the header can be refused.
func TestOpenHeaders(t *testing.T) {
	const right = `{"alg":"EdDSA","typ":"vassoio-test+jws"}`
	if err := open(t, forge(right, "{}", testKey(7))); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		"empty":             ``,
		"no members":        `{}`,
		"alg alone":         `{"alg":"EdDSA"}`,
		"alg none":          `{"alg":"none","typ":"vassoio-test+jws"}`,
		"alg HS256":         `{"alg":"HS256","typ":"vassoio-test+jws"}`,
		"alg Ed25519":       `{"alg":"Ed25519","typ":"vassoio-test+jws"}`,
		"alg in lower case": `{"alg":"eddsa","typ":"vassoio-test+jws"}`,
		"Alg":               `{"Alg":"EdDSA","typ":"vassoio-test+jws"}`,
		"order":             `{"typ":"vassoio-test+jws","alg":"EdDSA"}`,
		"space":             `{"alg": "EdDSA","typ":"vassoio-test+jws"}`,
		"newline at end":    right + "\n",
		"space at start":    " " + right,
		"kid":               `{"alg":"EdDSA","kid":"1","typ":"vassoio-test+jws"}`,
		"kid at end":        `{"alg":"EdDSA","typ":"vassoio-test+jws","kid":"1"}`,
		"jwk":               `{"alg":"EdDSA","typ":"vassoio-test+jws","jwk":{}}`,
		"crit and b64":      `{"alg":"EdDSA","typ":"vassoio-test+jws","b64":false,"crit":["b64"]}`,
		"duplicate alg":     `{"alg":"EdDSA","alg":"EdDSA","typ":"vassoio-test+jws"}`,
		"duplicate typ":     `{"alg":"EdDSA","typ":"vassoio-test+jws","typ":"vassoio-test+jws"}`,
		"escape":            `{"alg":"EdDSA","typ":"vassoio\u002dtest+jws"}`,
		"typ without +jws":  `{"alg":"EdDSA","typ":"vassoio-test"}`,
		"typ JWT":           `{"alg":"EdDSA","typ":"JWT"}`,
		"typ application/":  `{"alg":"EdDSA","typ":"application/vassoio-test+jws"}`,
		"typ upper case":    `{"alg":"EdDSA","typ":"Vassoio-test+jws"}`,
		"typ empty":         `{"alg":"EdDSA","typ":"+jws"}`,
		"typ too long":      `{"alg":"EdDSA","typ":"` + strings.Repeat("a", sign.MaxKind+1) + `+jws"}`,
		"not JSON":          `alg=EdDSA`,
		"very long":         right + strings.Repeat(" ", 10000),
	}
	for name, header := range cases {
		if err := open(t, forge(header, "{}", testKey(7))); !errors.Is(err, sign.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}

	// The same line in the forms that are no compact JWS.
	p := strings.Split(forge(right, "{}", testKey(7)), ".")
	for name, line := range map[string]string{
		"flattened JSON":   `{"payload":"` + p[1] + `","protected":"` + p[0] + `","signature":"` + p[2] + `"}`,
		"general JSON":     `{"payload":"` + p[1] + `","signatures":[{"protected":"` + p[0] + `","signature":"` + p[2] + `"}]}`,
		"detached":         p[0] + ".." + p[2],
		"no signature":     p[0] + "." + p[1] + ".",
		"no dot":           p[0] + "." + p[1],
		"four parts":       strings.Join(p, ".") + "." + p[2],
		"JWE":              strings.Join(p, ".") + "." + p[0] + "." + p[1],
		"unencoded (7797)": p[0] + ".{}." + p[2],
		"data URL":         "data:," + strings.Join(p, "."),
	} {
		if err := open(t, line); !errors.Is(err, sign.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKinds(t *testing.T) {
	longest := sign.Kind(strings.Repeat("k", sign.MaxKind))
	good := []sign.Kind{kind, "vassoio-tes", "vassoio-test2", "a", "-", "0", longest}
	for _, a := range good {
		line, err := sign.Sign(a, []byte("{}"), testKey(7))
		if err != nil {
			t.Errorf("%s: %v", a, err)
			continue
		}
		for _, b := range good {
			_, err := sign.Open(b, line, just(testPublic(t, testKey(7))))
			if a == b && err != nil || a != b && !errors.Is(err, sign.ErrKind) {
				t.Errorf("%s opened as %s: %v", a, b, err)
			}
		}
	}
	for _, bad := range []sign.Kind{"", "A", "a b", "a_b", "a.b", "a+b", `a"b`, `a\b`, "é", "a\n", "a\x00", longest + "k"} {
		if line, err := sign.Sign(bad, []byte("{}"), testKey(7)); !errors.Is(err, sign.ErrKind) || line != nil {
			t.Errorf("Sign %q: %v", bad, err)
		}
		line := forge(`{"alg":"EdDSA","typ":"`+string(bad)+`+jws"}`, "{}", testKey(7))
		if _, err := sign.Open(bad, []byte(line), just(testPublic(t, testKey(7)))); !errors.Is(err, sign.ErrKind) {
			t.Errorf("Open %q: %v", bad, err)
		}
	}
}

func TestPayloadBounds(t *testing.T) {
	key := testKey(7)
	longest := sign.Kind(strings.Repeat("k", sign.MaxKind))
	for _, n := range []int{1, sign.MaxPayload} {
		payload := bytes.Repeat([]byte{'p'}, n)
		line, err := sign.Sign(longest, payload, key)
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if n == sign.MaxPayload && len(line) != sign.MaxLine {
			t.Errorf("the longest line is of %d bytes, not MaxLine", len(line))
		}
		if got, err := sign.Open(longest, line, just(testPublic(t, key))); err != nil || !bytes.Equal(got, payload) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	never := func([]byte) (sign.PublicKey, error) {
		t.Error("asked for a key")
		return sign.PublicKey{}, nil
	}
	for _, n := range []int{0, sign.MaxPayload + 1} {
		payload := strings.Repeat("p", n)
		if line, err := sign.Sign(longest, []byte(payload), key); !errors.Is(err, sign.ErrMalformed) || line != nil {
			t.Errorf("Sign %d bytes: %v", n, err)
		}
		// A short kind keeps the line below MaxLine: it is the payload that is too long.
		for _, k := range []sign.Kind{"a", longest} {
			line := forge(`{"alg":"EdDSA","typ":"`+string(k)+`+jws"}`, payload, key)
			if _, err := sign.Open(k, []byte(line), never); !errors.Is(err, sign.ErrMalformed) {
				t.Errorf("Open %d bytes: %v", n, err)
			}
		}
	}
	if _, err := sign.Open(kind, bytes.Repeat([]byte{'A'}, sign.MaxLine+1), never); !errors.Is(err, sign.ErrMalformed) {
		t.Errorf("line past the bound: %v", err)
	}
}

func TestOpenKeys(t *testing.T) {
	line := []byte(golden)
	right := testPublic(t, testKey(7))
	errUnknown := errors.New("nobody of that name")
	for _, c := range []struct {
		name  string
		keyOf func([]byte) (sign.PublicKey, error)
		want  error
	}{
		{"another key", just(testPublic(t, testKey(8))), sign.ErrSignature},
		{"no key", just(sign.PublicKey{}), sign.ErrSignature},
		{"error", func([]byte) (sign.PublicKey, error) { return right, errUnknown }, errUnknown},
		{"writes on the payload", func(p []byte) (sign.PublicKey, error) { clear(p); return right, nil }, nil},
	} {
		got, err := sign.Open(kind, line, c.keyOf)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil && string(got) != `{"hello":"tray"}` || err != nil && got != nil {
			t.Errorf("%s: released %q", c.name, got)
		}
	}
	if string(line) != golden {
		t.Error("Open wrote on the line")
	}
}

// signer is a crypto.Signer that does what it is told.
type signer struct {
	public crypto.PublicKey
	sign   func(message []byte, opts crypto.SignerOpts) ([]byte, error)
}

func (s signer) Public() crypto.PublicKey { return s.public }
func (s signer) Sign(_ io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.sign(message, opts)
}

func TestSignHostileSigners(t *testing.T) {
	key, other := testKey(7), testKey(8)
	errOffline := errors.New("the HSM is not there")
	for _, c := range []struct {
		name string
		sign func([]byte, crypto.SignerOpts) ([]byte, error)
		want error
	}{
		{"honest", func(m []byte, o crypto.SignerOpts) ([]byte, error) { return key.Sign(nil, m, o) }, nil},
		{"error", func([]byte, crypto.SignerOpts) ([]byte, error) { return nil, errOffline }, errOffline},
		{"error and a signature", func(m []byte, o crypto.SignerOpts) ([]byte, error) { return ed25519.Sign(key, m), errOffline }, errOffline},
		{"nothing", func([]byte, crypto.SignerOpts) ([]byte, error) { return nil, nil }, sign.ErrSignature},
		{"zeros", func([]byte, crypto.SignerOpts) ([]byte, error) { return make([]byte, 64), nil }, sign.ErrSignature},
		{"short", func(m []byte, _ crypto.SignerOpts) ([]byte, error) { return ed25519.Sign(key, m)[:63], nil }, sign.ErrSignature},
		{"long", func(m []byte, _ crypto.SignerOpts) ([]byte, error) { return append(ed25519.Sign(key, m), 0), nil }, sign.ErrSignature},
		{"wrong key", func(m []byte, _ crypto.SignerOpts) ([]byte, error) { return ed25519.Sign(other, m), nil }, sign.ErrSignature},
		{"wrong message", func([]byte, crypto.SignerOpts) ([]byte, error) { return ed25519.Sign(key, []byte("x")), nil }, sign.ErrSignature},
		{"changes the message, signs that", func(m []byte, _ crypto.SignerOpts) ([]byte, error) {
			m[len(m)-1] ^= 1
			return ed25519.Sign(key, m), nil
		}, sign.ErrSignature},
		{"changes the message after signing", func(m []byte, _ crypto.SignerOpts) ([]byte, error) {
			sig := ed25519.Sign(key, m)
			clear(m)
			return sig, nil
		}, nil},
		{"prehashed", func(m []byte, _ crypto.SignerOpts) ([]byte, error) {
			return key.Sign(nil, make([]byte, 64), crypto.SHA512)
		}, sign.ErrSignature},
	} {
		line, err := sign.Sign(kind, []byte(`{"hello":"tray"}`), signer{key.Public(), c.sign})
		if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil && string(line) != golden || err != nil && line != nil {
			t.Errorf("%s: released %s", c.name, line)
		}
	}
	// A key whose public half is another's: the signature would give it away.
	broken := append(ed25519.PrivateKey(bytes.Clone(key.Seed())), other[32:]...)
	if line, err := sign.Sign(kind, []byte("{}"), broken); !errors.Is(err, sign.ErrSignature) || line != nil {
		t.Errorf("mixed halves: %s, %v", line, err)
	}
}

// TestLineIsJWS takes a line apart as any JOSE library does.
func TestLineIsJWS(t *testing.T) {
	for i := range 20 {
		payload := []byte(strings.Repeat("x", i+1))
		line, err := sign.Sign(kind, payload, testKey(7))
		if err != nil {
			t.Fatal(err)
		}
		i := strings.LastIndexByte(string(line), '.')
		sig, err := base64.RawURLEncoding.DecodeString(string(line[i+1:]))
		if err != nil || !ed25519.Verify(ed25519.PublicKey(testKey(7)[32:]), line[:i], sig) {
			t.Errorf("payload of %d bytes: %v", len(payload), err)
		}
		if want := forge(fmt.Sprintf(`{"alg":"EdDSA","typ":"%s+jws"}`, kind), string(payload), testKey(7)); string(line) != want {
			t.Errorf("%s, want %s", line, want)
		}
	}
}
