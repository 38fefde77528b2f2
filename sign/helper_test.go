package sign_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

// testKey is the private key whose 32 bytes are all seed.
func testKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func testPublic(tb testing.TB, key ed25519.PrivateKey) sign.PublicKey {
	tb.Helper()
	k, err := sign.Public(key)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// just is the keyOf of somebody who expects one author.
func just(k sign.PublicKey) func([]byte) (sign.PublicKey, error) {
	return func([]byte) (sign.PublicKey, error) { return k, nil }
}

func encode64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func decode64(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
