package sign_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

// vectors reads a file of public test vectors into v, or skips the test: they
// are no part of the project. The folder is the one that VASSOIO_VECTORS
// names, or shared/vectors beside the checkout.
func vectors(t *testing.T, name string, v any) {
	t.Helper()
	dir := os.Getenv("VASSOIO_VECTORS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "vectors")
	}
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("no vectors: %s is not there", name)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}

// TestCCTV goes through each edge case of the encodings of A and R. The flags
// say what must happen: a key is refused if it is not canonical or has a part
// of small order, then a signature if R does or the equation without cofactor
// does not hold.
func TestCCTV(t *testing.T) {
	var cases []struct {
		Number        int
		Key, Sig, Msg string
		Flags         []string
	}
	vectors(t, "cctv-ed25519/ed25519vectors.json", &cases)
	keys, signatures, accepted, goAccepts := 0, 0, 0, 0
	for _, c := range cases {
		has := func(flag string) bool { return slices.Contains(c.Flags, flag) }
		raw, sig := fromHex(t, c.Key), fromHex(t, c.Sig)
		if ed25519.Verify(raw, []byte(c.Msg), sig) {
			goAccepts++
		}
		want := ""
		switch {
		case has("non_canonical_A"):
			want = "canonical"
		case has("low_order_A"):
			want = "small order"
		case has("low_order_component_A"):
			want = "prime order"
		}
		k, err := sign.NewPublicKey(raw)
		if want != "" {
			refused(t, c.Key, err, want)
			keys++
			continue
		}
		if err != nil {
			t.Errorf("case %d: the key is refused: %v", c.Number, err)
			continue
		}
		good := !has("low_order_R") && !has("low_order_residue") && !has("non_canonical_R")
		if err := k.Verify([]byte(c.Msg), sig); (err == nil) != good {
			t.Errorf("case %d: %v, flags %v", c.Number, err, c.Flags)
		}
		if good {
			accepted++
		} else {
			signatures++
		}
	}
	if len(cases) != 914 || keys == 0 || signatures == 0 {
		t.Errorf("%d cases, %d keys and %d signatures refused", len(cases), keys, signatures)
	}
	t.Logf("%d cases: %d refused by their key, %d by their signature, %d accepted; crypto/ed25519 alone accepts %d",
		len(cases), keys, signatures, accepted, goAccepts)
}

// TestSpeccheck: each of the twelve cases of "Taming the many EdDSAs" (Chalkias
// et al., 2020) is accepted by some implementation; none is here.
func TestSpeccheck(t *testing.T) {
	var cases []struct {
		Message, Signature string
		Key                string `json:"pub_key"`
	}
	vectors(t, "ed25519-speccheck/cases.json", &cases)
	keys := 0
	for i, c := range cases {
		k, err := sign.NewPublicKey(fromHex(t, c.Key))
		if err != nil {
			keys++
			continue
		}
		if err := k.Verify(fromHex(t, c.Message), fromHex(t, c.Signature)); err == nil {
			t.Errorf("case %d is accepted", i)
		}
	}
	if len(cases) != 12 {
		t.Errorf("%d cases", len(cases))
	}
	t.Logf("%d cases refused, %d of them by their key", len(cases), keys)
}

func TestWycheproofEd25519(t *testing.T) {
	var file struct {
		TestGroups []struct {
			PublicKey    struct{ PK string }
			PublicKeyJWK json.RawMessage
			Tests        []struct {
				ID               int `json:"tcId"`
				Msg, Sig, Result string
			}
		}
	}
	vectors(t, "wycheproof/ed25519_test.json", &file)
	count := map[string]int{}
	for _, g := range file.TestGroups {
		k, err := sign.NewPublicKey(fromHex(t, g.PublicKey.PK))
		if err != nil {
			t.Fatal(err)
		}
		// These JWKs have a kid, which is ignored.
		if j, err := sign.ParseJWK(g.PublicKeyJWK); err != nil || j != k {
			t.Errorf("JWK: %v, %v", j, err)
		}
		count["key"]++
		for _, c := range g.Tests {
			err := k.Verify(fromHex(t, c.Msg), fromHex(t, c.Sig))
			if (err == nil) != (c.Result == "valid") {
				t.Errorf("case %d: %v, want %s", c.ID, err, c.Result)
			}
			count[c.Result]++
		}
	}
	if count["valid"] == 0 || count["valid"]+count["invalid"] != 151 {
		t.Errorf("%v", count)
	}
	t.Logf("%d keys as JWK; %d valid, %d invalid", count["key"], count["valid"], count["invalid"])
}

// TestWycheproofJWS: every JWS of other algorithms is refused, whether it is
// valid as such or not, and before anybody is asked for a key.
func TestWycheproofJWS(t *testing.T) {
	var file struct {
		TestGroups []struct {
			Tests []struct {
				ID  int             `json:"tcId"`
				JWS json.RawMessage // a string; an object for the JSON forms
			}
		}
	}
	vectors(t, "wycheproof/json_web_signature_test.json", &file)
	count := 0
	for _, g := range file.TestGroups {
		for _, c := range g.Tests {
			line := []byte(c.JWS)
			var s string
			if json.Unmarshal(c.JWS, &s) == nil {
				line = []byte(s)
			}
			_, err := sign.Open("vassoio-test", line, func([]byte) (sign.PublicKey, error) {
				t.Errorf("case %d got as far as its key", c.ID)
				return sign.PublicKey{}, nil
			})
			if err == nil {
				t.Errorf("case %d is accepted", c.ID)
			}
			count++
		}
	}
	if count != 401 {
		t.Errorf("%d cases", count)
	}
	t.Logf("%d lines refused", count)
}

// TestWycheproofJWK: none of these keys and key sets is an Ed25519 key.
func TestWycheproofJWK(t *testing.T) {
	var file struct {
		TestGroups []struct{ Public, Private json.RawMessage }
	}
	vectors(t, "wycheproof/json_web_key_test.json", &file)
	count := 0
	try := func(jwk json.RawMessage) {
		if len(jwk) == 0 {
			return
		}
		count++
		if k, err := sign.ParseJWK(jwk); err == nil {
			t.Errorf("%s is accepted as %s", jwk, k)
		}
	}
	for _, g := range file.TestGroups {
		for _, jwk := range []json.RawMessage{g.Public, g.Private} {
			try(bytes.TrimSpace(jwk))
			var set struct{ Keys []json.RawMessage }
			if json.Unmarshal(jwk, &set) == nil {
				for _, k := range set.Keys {
					try(k)
				}
			}
		}
	}
	if count == 0 {
		t.Error("no keys")
	}
	t.Logf("%d keys and key sets refused", count)
}
