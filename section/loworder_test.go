package section

import (
	"crypto/ecdh"
	"errors"
	"math/big"
	"slices"
	"testing"

	"filippo.io/age"
)

// bech32 encodes 32 bytes as an age recipient (BIP 173).
func bech32(data []byte) string {
	const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	words := new(big.Int).Lsh(new(big.Int).SetBytes(data), 4) // 256 bits in 52 words of five
	digits := make([]byte, 52)
	for i := range digits {
		digits[len(digits)-1-i] = byte(new(big.Int).And(new(big.Int).Rsh(words, uint(5*i)), big.NewInt(31)).Int64())
	}
	sum := uint32(1)
	for _, v := range slices.Concat([]byte{3, 3, 3, 0, 'a' & 31, 'g' & 31, 'e' & 31}, digits, make([]byte, 6)) {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			sum ^= g * (top >> i & 1)
		}
	}
	sum ^= 1
	for i := range 6 {
		digits = append(digits, byte(sum>>(5*(5-i))&31))
	}
	text := "age1"
	for _, d := range digits {
		text += charset[d : d+1]
	}
	return text
}

// smallOrder finds all coordinates of small order of Curve25519 and its twist:
// those that doubling leads to 0, over 1, -1 or themselves.
func smallOrder() []*big.Int {
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	mod := func(v *big.Int) *big.Int { return v.Mod(v, p) }
	// u(2P) = (u²-1)² / 4u(u²+Au+1) is 0 for 1 and -1. It is v = ±1 where
	// (u²-1)² = 4vu(u²+Au+1), or with w = u+1/u, w² - 4vw - 4(1+vA) = 0.
	root := func(v *big.Int) *big.Int { return new(big.Int).ModSqrt(mod(new(big.Int).Set(v)), p) }
	half := new(big.Int).ModInverse(big.NewInt(2), p)
	found := []*big.Int{big.NewInt(0), big.NewInt(1), new(big.Int).Sub(p, big.NewInt(1))}
	add := func(u *big.Int) {
		if !slices.ContainsFunc(found, func(f *big.Int) bool { return f.Cmp(u) == 0 }) {
			found = append(found, u)
		}
	}
	for _, v := range []int64{1, -1} {
		d := root(big.NewInt(4 + 4*(1+v*486662))) // of w = 2v ± √(4v² + 4(1+vA))
		if d == nil {
			continue
		}
		for _, sign := range []int64{1, -1} {
			w := mod(new(big.Int).Add(big.NewInt(2*v), new(big.Int).Mul(d, big.NewInt(sign))))
			e := root(new(big.Int).Sub(new(big.Int).Mul(w, w), big.NewInt(4))) // of u = (w ± √(w²-4))/2
			if e == nil {
				continue
			}
			for _, sign := range []int64{1, -1} {
				u := new(big.Int).Add(w, new(big.Int).Mul(e, big.NewInt(sign)))
				add(mod(u.Mul(u, half)))
			}
		}
	}
	return found
}

// TestLowOrder works out which recipients are of low order, in all spellings,
// and compares with the list, and with what age and crypto/ecdh say.
func TestLowOrder(t *testing.T) {
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	var texts []string
	for _, u := range smallOrder() {
		for _, spelled := range []*big.Int{u, new(big.Int).Add(u, p)} {
			if spelled.BitLen() > 255 {
				continue
			}
			for _, top := range []uint{0, 1} {
				spelled := new(big.Int).SetBit(spelled, 255, top)
				raw := spelled.FillBytes(make([]byte, 32))
				slices.Reverse(raw)
				point, err := ecdh.X25519().NewPublicKey(raw)
				if err != nil {
					t.Fatal(err)
				}
				key := must[*ecdh.PrivateKey](t)(ecdh.X25519().NewPrivateKey(slices.Repeat([]byte{9}, 32)))
				if _, err := key.ECDH(point); err == nil {
					t.Errorf("%x is not of low order", raw)
				}
				texts = append(texts, bech32(raw))
			}
		}
	}
	if len(texts) != 14 {
		t.Fatalf("%d recipients of low order", len(texts))
	}
	for _, text := range texts {
		k, err := age.ParseX25519Recipient(text)
		if err != nil {
			t.Fatalf("age does not read %s: %v", text, err)
		}
		if _, err := k.Wrap(make([]byte, 16)); err == nil {
			t.Errorf("age encrypts to %s", text)
		}
		if !lowOrder(text) {
			t.Errorf("%s is not in the list", text)
		}
		if _, err := ReadRecipient(Classic, text); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
