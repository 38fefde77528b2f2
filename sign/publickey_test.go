package sign_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"filippo.io/edwards25519"

	"github.com/vassoio/vassoio/sign"
)

// torsion is a point of order 8.
const torsion = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"

func point(tb testing.TB, raw []byte) *edwards25519.Point {
	tb.Helper()
	p, err := new(edwards25519.Point).SetBytes(raw)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func fromHex(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// refused fails the test unless err is a KeyError whose reason contains reason.
func refused(t *testing.T, name string, err error, reason string) {
	t.Helper()
	var ke *sign.KeyError
	if !errors.As(err, &ke) || !strings.Contains(ke.Reason, reason) {
		t.Errorf("%s: %v, want a key error with %q", name, err, reason)
	}
}

func TestNewPublicKeyRefused(t *testing.T) {
	good := testKey(1)[32:]
	t8 := point(t, fromHex(t, torsion))
	count := 0
	try := func(name string, raw []byte, reason string) {
		count++
		k, err := sign.NewPublicKey(raw)
		refused(t, name, err, reason)
		if !k.IsZero() {
			t.Errorf("%s: released a key", name)
		}
	}

	try("nothing", nil, "length")
	try("31 bytes", good[:31], "length")
	try("33 bytes", append(bytes.Clone(good), 0), "length")
	try("64 bytes", testKey(1), "length")

	// The multiples of a point of order 8 are all the points of small order;
	// added to a good key they make the seven keys that only strict
	// implementations tell from it.
	p := edwards25519.NewIdentityPoint()
	for i := range 8 {
		try("small order", p.Bytes(), "small order")
		if i > 0 {
			try("with a part of small order", new(edwards25519.Point).Add(point(t, good), p).Bytes(), "prime order")
		}
		p.Add(p, t8)
	}

	// 2^255-19+i, for i from 0 to 18, is a second encoding of y = i. With the
	// sign bit set, y = 1 and y = -1 have one too, since their x is 0.
	for i := range 19 {
		for _, sign := range []byte{0, 0x80} {
			raw := bytes.Repeat([]byte{0xff}, 32)
			raw[0], raw[31] = 0xed+byte(i), 0x7f|sign
			if _, err := new(edwards25519.Point).SetBytes(raw); err != nil {
				try("y too large, off the curve", raw, "curve")
			} else {
				try("y too large", raw, "canonical")
			}
		}
	}
	minusOne := bytes.Repeat([]byte{0xff}, 32)
	minusOne[0] = 0xec
	one := make([]byte, 32)
	one[0], one[31] = 1, 0x80
	try("x = -0 at y = 1", one, "canonical")
	try("x = -0 at y = -1", minusOne, "canonical")

	// About half of all y have no x.
	off := 0
	for y := byte(2); off < 20; y++ {
		raw := make([]byte, 32)
		raw[0] = y
		if _, err := new(edwards25519.Point).SetBytes(raw); err != nil {
			try("off the curve", raw, "curve")
			off++
		}
	}
	t.Logf("%d keys refused", count)
}

func TestNewPublicKeyAccepted(t *testing.T) {
	for seed := range byte(50) {
		raw := []byte(testKey(seed)[32:])
		k, err := sign.NewPublicKey(raw)
		if err != nil || !bytes.Equal(k.Bytes(), raw) {
			t.Fatalf("seed %d: %x, %v", seed, k.Bytes(), err)
		}
		raw[0] ^= 1
		if k.Bytes()[0] == raw[0] {
			t.Fatal("the key shares the caller's memory")
		}
		k.Bytes()[0] ^= 1
		if k.Bytes()[0] == raw[0] {
			t.Fatal("the caller shares the key's memory")
		}
	}
}

func TestPublicKeyText(t *testing.T) {
	k := testPublic(t, testKey(7))
	const text = "6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw" // made with another library, as are those in TestForms
	if k.String() != text {
		t.Errorf("String = %s", k)
	}
	if back, err := sign.ParsePublicKey(text); err != nil || back != k {
		t.Errorf("ParsePublicKey = %v, %v", back, err)
	}
	type document struct{ Key sign.PublicKey }
	j, err := json.Marshal(document{k})
	if err != nil || string(j) != `{"Key":"`+text+`"}` {
		t.Errorf("JSON %s, %v", j, err)
	}
	var d document
	if err := json.Unmarshal(j, &d); err != nil || d.Key != k {
		t.Errorf("JSON back %v, %v", d, err)
	}
	if _, err := json.Marshal(document{}); err == nil {
		t.Error("the zero key was marshalled")
	}
	if err := d.Key.UnmarshalText(nil); err == nil || d.Key != k {
		t.Errorf("unmarshalled nothing: %v, %v", d, err)
	}
}

// TestForms compares with what Python's cryptography 48 makes of the key.
func TestForms(t *testing.T) {
	k := testPublic(t, testKey(7))
	for what, pair := range map[string][2]string{
		"SSH":        {k.SSH(), "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"},
		"JWK":        {string(k.JWK()), `{"crv":"Ed25519","kty":"OKP","x":"6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw"}`},
		"thumbprint": {k.Thumbprint(), "--6IM5l0OosLj9yWskISYhUA3n_3CURQkmrYMSha_ck"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s = %s, want %s", what, pair[0], pair[1])
		}
	}
	var none sign.PublicKey
	if none.String()+none.SSH()+string(none.JWK())+none.Thumbprint() != "" || !none.IsZero() {
		t.Error("the zero key has a text form")
	}
}

func TestParsePublicKeyRefused(t *testing.T) {
	text := testPublic(t, testKey(7)).String()
	cases := map[string]string{
		"empty":            "",
		"one short":        text[:42],
		"one long":         text + "A",
		"padded":           text + "=",
		"standard base64":  strings.ReplaceAll(text, "-", "+"),
		"newline inside":   text[:20] + "\n" + text[20:42],
		"newline at end":   text[:42] + "\n",
		"space":            " " + text[:42],
		"not ASCII":        "é" + text[:41],
		"hexadecimal":      hex.EncodeToString(testKey(7)[32:]),
		"spare bit 1":      text[:42] + "x",
		"spare bit 2":      text[:42] + "y",
		"both spare bits":  text[:42] + "z",
		"hash of that len": strings.Repeat("a", 64),
	}
	for name, s := range cases {
		if k, err := sign.ParsePublicKey(s); !errors.Is(err, sign.ErrMalformed) || !k.IsZero() {
			t.Errorf("%s: %v, %v", name, k, err)
		}
		if k, err := sign.ReadPublicKey(s); !errors.Is(err, sign.ErrMalformed) || !k.IsZero() {
			t.Errorf("%s, read: %v, %v", name, k, err)
		}
	}
	_, err := sign.ParsePublicKey(strings.Repeat("A", 43))
	refused(t, "the zero key", err, "small order")
	_, err = sign.ReadPublicKey(strings.Repeat("A", 43))
	refused(t, "the zero key, read", err, "small order")
}

// What was checked before is read as it was; that it was, is believed.
func TestReadPublicKey(t *testing.T) {
	k := testPublic(t, testKey(7))
	if read, err := sign.ReadPublicKey(k.String()); err != nil || read != k {
		t.Errorf("%v, %v", read, err)
	}
	if _, err := sign.ReadPublicKey(encode64(fromHex(t, torsion))); err != nil {
		t.Errorf("the point was looked at: %v", err)
	}
}

func TestVerify(t *testing.T) {
	private := testKey(3)
	k := testPublic(t, private)
	message := []byte("a message")
	sig := ed25519.Sign(private, message)
	if err := k.Verify(message, sig); err != nil {
		t.Fatal(err)
	}
	bad := func(name string, k sign.PublicKey, message, sig []byte) {
		t.Helper()
		if err := k.Verify(message, sig); !errors.Is(err, sign.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad("another message", k, []byte("A message"), sig)
	bad("another key", testPublic(t, testKey(4)), message, sig)
	bad("no key", sign.PublicKey{}, message, sig)
	bad("no signature", k, message, nil)
	bad("63 bytes", k, message, sig[:63])
	bad("65 bytes", k, message, append(bytes.Clone(sig), 0))
	for i := range sig {
		for bit := range 8 {
			flipped := bytes.Clone(sig)
			flipped[i] ^= 1 << bit
			bad("flipped bit", k, message, flipped)
		}
	}
	// Under the zero key, were it taken as 32 bytes, crypto/ed25519 accepts
	// signatures that anybody can make.
	forged := make([]byte, 64)
	accepted := 0
	for i := range 64 {
		m := []byte{byte(i)}
		if ed25519.Verify(make([]byte, 32), m, forged) {
			accepted++
			bad("forged", sign.PublicKey{}, m, forged)
		}
	}
	if accepted == 0 {
		t.Error("no forgery to refuse")
	}
}

// TestVerifySmallOrderR makes what only the owner of a key can make: a
// signature whose R is the identity, which crypto/ed25519 accepts. With R any
// other point of small order there is none that it accepts.
func TestVerifySmallOrderR(t *testing.T) {
	private := testKey(3)
	k := testPublic(t, private)
	message := []byte("a message")
	digest := sha512.Sum512(private.Seed())
	a, err := new(edwards25519.Scalar).SetBytesWithClamping(digest[:32])
	if err != nil {
		t.Fatal(err)
	}
	t8 := point(t, fromHex(t, torsion))
	r := edwards25519.NewIdentityPoint()
	accepted := 0
	for range 8 {
		h := sha512.New()
		h.Write(r.Bytes())
		h.Write(private[32:])
		h.Write(message)
		c, err := new(edwards25519.Scalar).SetUniformBytes(h.Sum(nil))
		if err != nil {
			t.Fatal(err)
		}
		sig := append(r.Bytes(), new(edwards25519.Scalar).Multiply(c, a).Bytes()...)
		if ed25519.Verify(ed25519.PublicKey(private[32:]), message, sig) {
			accepted++
		}
		if err := k.Verify(message, sig); !errors.Is(err, sign.ErrSignature) {
			t.Errorf("R = %x: %v", r.Bytes(), err)
		}
		r.Add(r, t8)
	}
	if accepted != 1 {
		t.Errorf("crypto/ed25519 accepts %d of them, so this test tests nothing", accepted)
	}
}
