package sign

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"strings"
	"testing"
)

func TestKeyCacheBound(t *testing.T) {
	var c keyCache
	var first [32]byte
	for i := range maxCachedKeys + 2 {
		seed := make([]byte, ed25519.SeedSize)
		binary.BigEndian.PutUint32(seed, uint32(i))
		raw := [32]byte(ed25519.NewKeyFromSeed(seed)[32:])
		for range 2 {
			if k, err := c.check(raw); err != nil || k.raw != raw {
				t.Fatalf("key %d: %v, %v", i, k, err)
			}
		}
		if want := i%maxCachedKeys + 1; len(c.good) != want {
			t.Fatalf("%d keys are remembered after %d", len(c.good), i+1)
		}
		if i == 0 {
			first = raw
		}
	}
	if _, err := c.check(first); err != nil {
		t.Errorf("a key that was forgotten: %v", err)
	}
	n := len(c.good)
	if _, err := c.check([32]byte{}); err == nil || len(c.good) != n {
		t.Errorf("a bad key: %v", err)
	}
}

// FuzzParse: whatever is accepted is, put together again, what was given.
// (FuzzOpen could not tell: nobody forges a signature.)
func FuzzParse(f *testing.F) {
	const kind Kind = "vassoio-test"
	start, err := kind.start()
	if err != nil {
		f.Fatal(err)
	}
	sig := strings.Repeat("A", sigText)
	f.Add(string(start) + "e30." + sig)
	f.Add(string(start) + "e3x." + sig)
	f.Add(string(start) + "e3\n0." + sig)
	f.Add(string(start) + "." + sig)
	f.Add(string(start) + "e30." + sig[1:] + "\n")
	f.Add("eyJhbGciOiJFZERTQSIsInR5cCI6ImErandzIn0.e30." + sig)
	f.Fuzz(func(t *testing.T, line string) {
		var p parser
		payload, err := p.parse(start, []byte(line))
		if err != nil {
			return
		}
		again := url64.AppendEncode(bytes.Clone(start), payload)
		again = url64.AppendEncode(append(again, '.'), p.sig[:])
		if string(again) != line {
			t.Errorf("%q is accepted for %q", line, again)
		}
	})
}
