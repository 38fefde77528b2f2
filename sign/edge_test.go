package sign_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"fmt"
	"testing"

	"filippo.io/edwards25519"

	"github.com/vassoio/vassoio/sign"
)

// TestEdgeCases makes signatures of every kind on which implementations of
// Ed25519 disagree (Chalkias et al., "Taming the many EdDSAs", 2020): key and R
// are each a multiple of the base point, or zero times it, plus each point of
// small order, in each encoding that a decoder takes; S is what fits, and the
// same plus the order of the group. Of them all only those are accepted that
// any signer makes.
func TestEdgeCases(t *testing.T) {
	// 2^255-19, as a second encoding of y = i; and the two of x = -0.
	var odd [][]byte
	for i := range 19 {
		for _, bit := range []byte{0, 0x80} {
			raw := bytes.Repeat([]byte{0xff}, 32)
			raw[0], raw[31] = 0xed+byte(i), 0x7f|bit
			odd = append(odd, raw)
		}
	}
	minusOne, one := bytes.Repeat([]byte{0xff}, 32), make([]byte, 32)
	minusOne[0], one[0], one[31] = 0xec, 1, 0x80
	odd = append(odd, minusOne, one)

	type variant struct {
		raw   []byte
		times *edwards25519.Scalar // of the base point
		sound bool                 // what a signer makes
	}
	t8 := point(t, fromHex(t, torsion))
	variants := func(seed byte) (all []variant) {
		some, err := new(edwards25519.Scalar).SetUniformBytes(bytes.Repeat([]byte{seed}, 64))
		if err != nil {
			t.Fatal(err)
		}
		for _, times := range []*edwards25519.Scalar{some, edwards25519.NewScalar()} {
			p := new(edwards25519.Point).ScalarBaseMult(times)
			for i := range 8 {
				all = append(all, variant{p.Bytes(), times, times == some && i == 0})
				for _, raw := range odd {
					if q, err := new(edwards25519.Point).SetBytes(raw); err == nil && q.Equal(p) == 1 {
						all = append(all, variant{raw, times, false})
					}
				}
				p.Add(p, t8)
			}
		}
		return all
	}
	order := fromHex(t, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")

	keys, signatures, accepted, goAccepts := 0, 0, 0, 0
	for _, a := range variants(3) {
		k, err := sign.NewPublicKey(a.raw)
		if (err == nil) != a.sound {
			t.Errorf("key %x: %v", a.raw, err)
		}
		for _, r := range variants(5) {
			for i := range 8 { // the part of small order that is left depends on the hash
				message := fmt.Appendf(nil, "message %d", i)
				hash := sha512.Sum512(bytes.Join([][]byte{r.raw, a.raw, message}, nil))
				h, err := new(edwards25519.Scalar).SetUniformBytes(hash[:])
				if err != nil {
					t.Fatal(err)
				}
				s := new(edwards25519.Scalar).MultiplyAdd(h, a.times, r.times).Bytes()
				for _, tooLarge := range []bool{false, true} {
					if tooLarge {
						carry := 0
						for j := range s {
							carry += int(s[j]) + int(order[j])
							s[j], carry = byte(carry), carry>>8
						}
					}
					sig := bytes.Join([][]byte{r.raw, s}, nil)
					if ed25519.Verify(a.raw, message, sig) {
						goAccepts++
					}
					good := a.sound && r.sound && !tooLarge
					switch err := k.Verify(message, sig); {
					case (err == nil) != good:
						t.Errorf("key %x, signature %x: %v", a.raw, sig, err)
					case good:
						accepted++
					case !a.sound:
						keys++
					default:
						signatures++
					}
				}
			}
		}
	}
	if accepted != 8 || keys < 1000 || signatures < 100 || goAccepts <= accepted {
		t.Error("too few cases")
	}
	t.Logf("%d refused by their key, %d by their signature, %d accepted; crypto/ed25519 alone accepts %d",
		keys, signatures, accepted, goAccepts)
}
