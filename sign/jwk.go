package sign

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
)

// JWK returns the key as a JSON Web Key (RFC 8037, section 2) with the three
// required members, in the order and spelling over which the thumbprint is
// taken: {"crv":"Ed25519","kty":"OKP","x":"…"}. The zero key returns nil.
func (k PublicKey) JWK() []byte {
	if k.IsZero() {
		return nil
	}
	return []byte(`{"crv":"Ed25519","kty":"OKP","x":"` + k.String() + `"}`)
}

// Thumbprint returns the key's JWK thumbprint (RFC 7638; RFC 8037, appendix
// A.3): SHA-256 of [PublicKey.JWK], 43 characters of base64url without
// padding. The zero key returns "".
func (k PublicKey) Thumbprint() string {
	if k.IsZero() {
		return ""
	}
	h := Sum(k.JWK())
	return url64.EncodeToString(h[:])
}

// ParseJWK reads an Ed25519 public key from a JSON Web Key and checks it as
// [NewPublicKey] does. JWKs come from other programs, so members that are
// not needed may be there, in any order, and are ignored, as RFC 7517 asks.
//
// An error wraps [ErrMalformed] if data is not one JSON object without
// duplicate members, in which kty, crv and x are strings and x is spelled in
// the one way. It is a [*KeyError] if the key is of another type, is a private
// key, or says by use, alg or key_ops that it is for something else.
func ParseJWK(data []byte) (PublicKey, error) {
	if len(data) > MaxKeyText {
		return PublicKey{}, malformed("JWK too long")
	}
	jwk, err := members(data)
	if err != nil {
		return PublicKey{}, err
	}
	text := func(name string) string {
		var s string
		if raw, ok := jwk[name]; !ok || json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return s
	}
	kty, crv, x := text("kty"), text("crv"), text("x")
	if kty == "" {
		return PublicKey{}, malformed("JWK without kty")
	}
	if kty != "OKP" || crv != "Ed25519" {
		return PublicKey{}, &KeyError{Reason: reasonType}
	}
	if _, ok := jwk["d"]; ok {
		return PublicKey{}, &KeyError{Reason: reasonPrivate}
	}
	if _, ok := jwk["use"]; ok && text("use") != "sig" {
		return PublicKey{}, &KeyError{Reason: reasonUse}
	}
	// RFC 9864 calls the algorithm by the curve's name, RFC 8037 EdDSA.
	if _, ok := jwk["alg"]; ok && text("alg") != "EdDSA" && text("alg") != "Ed25519" {
		return PublicKey{}, &KeyError{Reason: reasonUse}
	}
	if raw, ok := jwk["key_ops"]; ok {
		var ops []string
		if json.Unmarshal(raw, &ops) != nil || !slices.Contains(ops, "verify") {
			return PublicKey{}, &KeyError{Reason: reasonUse}
		}
	}
	return ParsePublicKey(x)
}

// members takes a JSON object apart. It exists because decoding into a struct
// would match names in any letter case and let the last of several win, so
// that two programs could read two keys from one JWK.
func members(data []byte) (map[string]json.RawMessage, error) {
	errObject := malformed("a JWK is one JSON object without duplicate members")
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errObject
	}
	out := make(map[string]json.RawMessage)
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errObject
		}
		var raw json.RawMessage
		if _, dup := out[name]; dup || d.Decode(&raw) != nil {
			return nil, errObject
		}
		out[name] = raw
	}
	if _, err := d.Token(); err != nil {
		return nil, errObject
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errObject
	}
	return out, nil
}
