package sign_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
)

// besideFloor measures run and floor in turns, a slice of each for each turn
// of b.Loop, and reports the median of their ratios: on a machine that others
// use too, that is steady where the times are not.
func besideFloor(b *testing.B, floor, run func()) {
	b.Helper()
	var ratios []float64
	for b.Loop() {
		t0 := time.Now()
		floor()
		t1 := time.Now()
		run()
		t2 := time.Now()
		ratios = append(ratios, float64(t2.Sub(t1))/float64(t1.Sub(t0)))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "x-floor")
	b.ReportMetric(0, "ns/op") // it would count the floor
}

// authors are three keys; line i of a log is signed by authors[i%3].
func authors(tb testing.TB) (private []ed25519.PrivateKey, public [][32]byte) {
	for i := range 3 {
		k := testKey(byte(10 + i))
		private = append(private, k)
		public = append(public, [32]byte(k[32:]))
	}
	return private, public
}

const benchKind sign.Kind = "vassoio-test"

// benchLog makes n lines with payloads of 450 bytes, and a decode function
// that costs next to nothing.
func benchLog(tb testing.TB, n int) ([][]byte, sign.Decode[int]) {
	private, public := authors(tb)
	lines := make([][]byte, n)
	for i := range lines {
		payload := fmt.Appendf(nil, "%450d", i)
		line, err := sign.Sign(benchKind, payload, private[i%3])
		if err != nil {
			tb.Fatal(err)
		}
		lines[i] = line
	}
	return lines, func(i int, payload []byte) (int, [32]byte, error) { return i, public[i%3], nil }
}

func each(lines [][]byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// verifyFloor does what is the least for a log: SHA-256 of each line, and one
// call of crypto/ed25519.
func verifyFloor(lines [][]byte, keys []ed25519.PublicKey, signatures [][]byte) bool {
	ok := true
	for i, l := range lines {
		sum := sha256.Sum256(l)
		ok = ok && sum != [32]byte{} && ed25519.Verify(keys[i%3], l[:len(l)-87], signatures[i])
	}
	return ok
}

func BenchmarkOpenAll(b *testing.B) {
	_, public := authors(b)
	keys := []ed25519.PublicKey{public[0][:], public[1][:], public[2][:]}
	for _, n := range []int{1, 10, 100, 1000, 10000} {
		b.Run(fmt.Sprintf("lines=%d", n), func(b *testing.B) {
			lines, decode := benchLog(b, n)
			signatures := make([][]byte, n)
			for i, l := range lines {
				signatures[i] = decode64(b, string(l[len(l)-86:]))
			}
			besideFloor(b,
				func() {
					if !verifyFloor(lines, keys, signatures) {
						b.Fatal("the floor refuses")
					}
				},
				func() {
					got := 0
					for _, err := range sign.OpenAll(benchKind, each(lines), decode) {
						if err != nil {
							b.Fatal(err)
						}
						got++
					}
					if got != n {
						b.Fatalf("%d of %d", got, n)
					}
				})
		})
	}
}

// BenchmarkReadAll has the same floor less the signatures.
func BenchmarkReadAll(b *testing.B) {
	for _, n := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprintf("lines=%d", n), func(b *testing.B) {
			lines, decode := benchLog(b, n)
			besideFloor(b,
				func() {
					for _, l := range lines {
						if sha256.Sum256(l) == [32]byte{} {
							b.Fatal("the hash of nothing")
						}
					}
				},
				func() {
					for _, err := range sign.ReadAll(benchKind, each(lines), decode) {
						if err != nil {
							b.Fatal(err)
						}
					}
				})
		})
	}
}

// BenchmarkOpen is one line, with a key that was checked before.
func BenchmarkOpen(b *testing.B) {
	lines, _ := benchLog(b, 1)
	line := lines[0]
	signature := decode64(b, string(line[len(line)-86:]))
	key := testPublic(b, testKey(10))
	raw := ed25519.PublicKey(key.Bytes())
	besideFloor(b,
		func() {
			sum := sha256.Sum256(line)
			if sum == [32]byte{} || !ed25519.Verify(raw, line[:len(line)-87], signature) {
				b.Fatal("the floor refuses")
			}
		},
		func() {
			if _, err := sign.Open(benchKind, line, just(key)); err != nil {
				b.Fatal(err)
			}
		})
}

// BenchmarkSign has as its floor the signature alone; Sign also checks the
// key and verifies what was signed.
func BenchmarkSign(b *testing.B) {
	key := testKey(10)
	payload := fmt.Appendf(nil, "%450d", 0)
	besideFloor(b,
		func() {
			if _, err := key.Sign(nil, payload, crypto.Hash(0)); err != nil {
				b.Fatal(err)
			}
		},
		func() {
			if _, err := sign.Sign(benchKind, payload, key); err != nil {
				b.Fatal(err)
			}
		})
}

// BenchmarkNewPublicKey has as its floor one verification, which is what a
// caller who does not keep keys would add the check to.
func BenchmarkNewPublicKey(b *testing.B) {
	key := testKey(10)
	message := []byte("message")
	signature := ed25519.Sign(key, message)
	public := ed25519.PublicKey(key[32:])
	besideFloor(b,
		func() {
			if !ed25519.Verify(public, message, signature) {
				b.Fatal("the floor refuses")
			}
		},
		func() {
			if _, err := sign.NewPublicKey(public); err != nil {
				b.Fatal(err)
			}
		})
}
