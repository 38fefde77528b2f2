package sign_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

// The key of RFC 8037, appendix A.2, and its thumbprint, A.3.
const (
	rfc8037X          = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
	rfc8037Thumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
)

func TestJWK(t *testing.T) {
	accepted := map[string]string{
		"canonical":        `{"crv":"Ed25519","kty":"OKP","x":"` + rfc8037X + `"}`,
		"order of the RFC": `{"kty":"OKP","crv":"Ed25519","x":"` + rfc8037X + `"}`,
		"white space":      " {\n \"kty\" : \"OKP\",\t\"crv\":\"Ed25519\", \"x\":\"" + rfc8037X + "\" }\n",
		"other members":    `{"kid":"k1","kty":"OKP","use":"sig","alg":"EdDSA","key_ops":["verify"],"crv":"Ed25519","x":"` + rfc8037X + `","other":{"a":[1,null]}}`,
		"alg of RFC 9864":  `{"kty":"OKP","alg":"Ed25519","crv":"Ed25519","x":"` + rfc8037X + `"}`,
	}
	for name, text := range accepted {
		k, err := sign.ParseJWK([]byte(text))
		if err != nil || k.String() != rfc8037X || k.Thumbprint() != rfc8037Thumbprint {
			t.Errorf("%s: %s, %s, %v", name, k, k.Thumbprint(), err)
		}
		if back, err := sign.ParseJWK(k.JWK()); err != nil || back != k {
			t.Errorf("%s: back: %v, %v", name, back, err)
		}
	}
	if got := string(mustJWK(t, accepted["canonical"]).JWK()); got != accepted["canonical"] {
		t.Errorf("JWK = %s", got)
	}
}

func mustJWK(t *testing.T, text string) sign.PublicKey {
	t.Helper()
	k, err := sign.ParseJWK([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestJWKRefused(t *testing.T) {
	const x = `"x":"` + rfc8037X + `"`
	const ed = `"kty":"OKP","crv":"Ed25519"`
	padTo := func(n int) string {
		head := `{` + ed + `,` + x + `,"pad":"`
		return head + strings.Repeat("a", n-len(head)-2) + `"}`
	}
	if _, err := sign.ParseJWK([]byte(padTo(sign.MaxKeyText))); err != nil {
		t.Errorf("at the bound: %v", err)
	}
	malformed := map[string]string{
		"too long":            padTo(sign.MaxKeyText + 1),
		"empty":               ``,
		"null":                `null`,
		"array":               `[{` + ed + `,` + x + `}]`,
		"string":              `"` + rfc8037X + `"`,
		"no members":          `{}`,
		"cut":                 `{` + ed + `,` + x,
		"trailing comma":      `{` + ed + `,` + x + `,}`,
		"trailing object":     `{` + ed + `,` + x + `}{}`,
		"trailing bytes":      `{` + ed + `,` + x + `} x`,
		"no colon":            `{` + ed + `,"x"}`,
		"duplicate":           `{` + ed + `,` + x + `,` + x + `}`,
		"duplicate, escaped":  `{` + ed + `,` + x + `,"\u0078":"AAAA"}`,
		"duplicate, unneeded": `{` + ed + `,` + x + `,"kid":"a","kid":"a"}`,
		"no x":                `{` + ed + `}`,
		"x null":              `{` + ed + `,"x":null}`,
		"x number":            `{` + ed + `,"x":1}`,
		"x short":             `{` + ed + `,"x":"` + rfc8037X[1:] + `"}`,
		"x padded":            `{` + ed + `,"x":"` + rfc8037X + `="}`,
		"x spare bits":        `{` + ed + `,"x":"` + rfc8037X[:42] + `p"}`,
		"X":                   `{` + ed + `,"X":"` + rfc8037X + `"}`,
		"no kty":              `{"crv":"Ed25519",` + x + `}`,
		"kty number":          `{"kty":1,"crv":"Ed25519",` + x + `}`,
		"Kty":                 `{"Kty":"OKP","crv":"Ed25519",` + x + `}`,
	}
	for name, text := range malformed {
		if k, err := sign.ParseJWK([]byte(text)); !errors.Is(err, sign.ErrMalformed) || !k.IsZero() {
			t.Errorf("%s: %v, %v", name, k, err)
		}
	}
	for _, c := range []struct{ name, text, reason string }{
		{"EC", `{"kty":"EC","crv":"P-256",` + x + `,"y":"AA"}`, "not an Ed25519"},
		{"RSA", `{"kty":"RSA","n":"AQ","e":"AQAB"}`, "not an Ed25519"},
		{"oct", `{"kty":"oct","k":"` + rfc8037X + `"}`, "not an Ed25519"},
		{"kty in lower case", `{"kty":"okp","crv":"Ed25519",` + x + `}`, "not an Ed25519"},
		{"Ed448", `{"kty":"OKP","crv":"Ed448",` + x + `}`, "not an Ed25519"},
		{"X25519", `{"kty":"OKP","crv":"X25519",` + x + `}`, "not an Ed25519"},
		{"no crv", `{"kty":"OKP",` + x + `}`, "not an Ed25519"},
		{"private", `{` + ed + `,` + x + `,"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}`, "private"},
		{"use enc", `{` + ed + `,` + x + `,"use":"enc"}`, "not meant"},
		{"use null", `{` + ed + `,` + x + `,"use":null}`, "not meant"},
		{"alg none", `{` + ed + `,` + x + `,"alg":"none"}`, "not meant"},
		{"alg ECDH-ES", `{` + ed + `,` + x + `,"alg":"ECDH-ES"}`, "not meant"},
		{"alg number", `{` + ed + `,` + x + `,"alg":1}`, "not meant"},
		{"key_ops sign", `{` + ed + `,` + x + `,"key_ops":["sign"]}`, "not meant"},
		{"key_ops string", `{` + ed + `,` + x + `,"key_ops":"verify"}`, "not meant"},
		{"key_ops empty", `{` + ed + `,` + x + `,"key_ops":[]}`, "not meant"},
		{"small order", `{` + ed + `,"x":"` + encode64(fromHex(t, torsion)) + `"}`, "small order"},
	} {
		k, err := sign.ParseJWK([]byte(c.text))
		refused(t, c.name, err, c.reason)
		if !k.IsZero() {
			t.Errorf("%s: released a key", c.name)
		}
	}
}
