package sign_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/vassoio/vassoio/sign"
)

// onCores runs a test for one core, which works without goroutines, and for
// more than there may be.
func onCores(t *testing.T, test func(t *testing.T)) {
	for _, n := range []int{1, 2, 5} {
		t.Run(fmt.Sprintf("cores=%d", n), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			synctest.Test(t, test) // fails if a goroutine is left
		})
	}
}

// reusing yields lines as a careful reader of a file does: in memory that it
// overwrites once the consumer asks for the next.
func reusing(lines [][]byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var buf []byte
		for _, l := range lines {
			buf = append(buf[:0], l...)
			if !yield(buf, nil) {
				return
			}
			clear(buf)
		}
	}
}

// log makes n lines, the payload of each its number, and returns how to decode
// them.
func log(t testing.TB, n int) ([][]byte, sign.Decode[string]) {
	private, public := authors(t)
	lines := make([][]byte, n)
	for i := range lines {
		line, err := sign.Sign(kind, fmt.Appendf(nil, "entry %d", i), private[i%3])
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = line
	}
	return lines, func(i int, payload []byte) (string, [32]byte, error) {
		return string(payload), public[i%3], nil
	}
}

// all is OpenAll or ReadAll.
type all func(sign.Kind, iter.Seq2[[]byte, error], sign.Decode[string]) iter.Seq2[sign.Opened[string], error]

func TestOpenAllOrder(t *testing.T) {
	lines, decode := log(t, 700)
	onCores(t, func(t *testing.T) {
		for name, f := range map[string]all{"OpenAll": sign.OpenAll[string], "ReadAll": sign.ReadAll[string]} {
			for _, n := range []int{0, 1, 2, 3, 15, 16, 17, 64, 700} {
				seq := f(kind, reusing(lines[:n]), decode)
				for range 2 { // a sequence can be used again
					i := 0
					for got, err := range seq {
						want := sign.Opened[string]{Value: fmt.Sprintf("entry %d", i), Line: sign.Sum(lines[i]), Size: len(lines[i])}
						if err != nil || got != want {
							t.Fatalf("%s: line %d of %d: %v, %v", name, i, n, got, err)
						}
						i++
					}
					if i != n {
						t.Fatalf("%s: %d of %d lines", name, i, n)
					}
				}
			}
		}
	})
}

// fails checks that seq gives the first at lines well, then an error for
// line at that wraps want, and nothing more.
func fails(t *testing.T, seq iter.Seq2[sign.Opened[string], error], at int, want error) {
	t.Helper()
	i, failed := 0, 0
	for got, err := range seq {
		if failed > 0 {
			t.Fatalf("failure at %d: more after the error", at)
		}
		if err == nil {
			if got.Value != fmt.Sprintf("entry %d", i) {
				t.Fatalf("failure at %d: line %d is %q", at, i, got.Value)
			}
			i++
			continue
		}
		failed++
		var le *sign.LineError
		if !errors.As(err, &le) || le.Index != at || !errors.Is(err, want) || got != (sign.Opened[string]{}) {
			t.Fatalf("failure at %d: %v, %v, want %v", at, got, err, want)
		}
	}
	if i != at || failed != 1 {
		t.Fatalf("failure at %d: %d lines and %d errors", at, i, failed)
	}
}

func TestOpenAllErrors(t *testing.T) {
	const n = 40
	lines, decode := log(t, n)
	errSource, errDecode := errors.New("disk"), errors.New("decode")
	var private, public = authors(t)
	count := 0
	onCores(t, func(t *testing.T) {
		for at := range n {
			with := func(line []byte) iter.Seq2[[]byte, error] {
				l := slices.Clone(lines)
				l[at] = line
				return reusing(l)
			}
			change := func(i int) []byte {
				l := bytes.Clone(lines[at])
				if l[i]++; l[i] < 'B' || l[i] > 'Z' {
					l[i] = 'A' // a letter in any case, so the spelling stays right
				}
				return l
			}
			otherKind, err := sign.Sign("another", []byte("x"), private[at%3])
			if err != nil {
				t.Fatal(err)
			}
			otherKey, err := sign.Sign(kind, fmt.Appendf(nil, "entry %d", at), private[(at+1)%3])
			if err != nil {
				t.Fatal(err)
			}
			fails(t, sign.OpenAll(kind, with(change(len(lines[at])-50)), decode), at, sign.ErrSignature)
			fails(t, sign.OpenAll(kind, with(otherKey), decode), at, sign.ErrSignature)
			for _, f := range []all{sign.OpenAll[string], sign.ReadAll[string]} {
				fails(t, f(kind, with(change(0)), decode), at, sign.ErrMalformed)
				fails(t, f(kind, with(lines[at][:len(lines[at])-1]), decode), at, sign.ErrMalformed)
				fails(t, f(kind, with(nil), decode), at, sign.ErrMalformed)
				fails(t, f(kind, with(bytes.Repeat([]byte{'A'}, sign.MaxLine+1)), decode), at, sign.ErrMalformed)
				fails(t, f(kind, with(otherKind), decode), at, sign.ErrKind)
				fails(t, f(kind, reusing(lines), func(i int, payload []byte) (string, [32]byte, error) {
					if i >= at { // the lines after it fail too, maybe before it
						return "secret", public[i%3], errDecode
					}
					return decode(i, payload)
				}), at, errDecode)
				fails(t, f(kind, func(yield func([]byte, error) bool) {
					for _, l := range lines[:at] {
						if !yield(l, nil) {
							return
						}
					}
					yield(nil, errSource)
				}, decode), at, errSource)
				count += 7
			}
			// A key that NewPublicKey refuses is refused whatever it signed.
			bad := sign.OpenAll(kind, reusing(lines), func(i int, payload []byte) (string, [32]byte, error) {
				if i == at {
					return "", [32]byte(fromHex(t, torsion)), nil
				}
				return decode(i, payload)
			})
			given := 0
			for _, err := range bad {
				var le *sign.LineError
				var ke *sign.KeyError
				if err == nil {
					given++
				} else if !errors.As(err, &le) || le.Index != at || !errors.As(err, &ke) {
					t.Errorf("key of small order at %d: %v", at, err)
				}
			}
			if given != at {
				t.Errorf("key of small order at %d: %d lines", at, given)
			}
			count += 3
		}
		// What ReadAll does not look at.
		forged := slices.Clone(lines)
		forged[3] = bytes.Clone(forged[3])
		forged[3][len(forged[3])-50] ^= 1
		for _, err := range sign.ReadAll(kind, reusing(forged), decode) {
			if err != nil {
				t.Errorf("ReadAll looked at a signature: %v", err)
			}
		}
		fails(t, sign.OpenAll("Not A Kind", reusing(lines), decode), 0, sign.ErrKind)
	})
	t.Logf("%d logs refused", count)
}

// TestOpenAllBreak leaves the sequence after each number of lines; onCores
// finds goroutines that stay.
func TestOpenAllBreak(t *testing.T) {
	lines, decode := log(t, 60)
	onCores(t, func(t *testing.T) {
		for after := range len(lines) + 1 {
			n, closed := 0, false
			source := func(yield func([]byte, error) bool) {
				defer func() { closed = true }()
				reusing(lines)(yield)
			}
			for range sign.OpenAll(kind, source, decode) {
				n++
				if n > after {
					break
				}
			}
			if !closed {
				t.Fatalf("break after %d: the source was left open", after)
			}
		}
		// The same for a consumer that panics.
		func() {
			defer func() { recover() }()
			for range sign.OpenAll(kind, reusing(lines), decode) {
				panic("consumer")
			}
		}()
		// And for iter.Pull, which ends the sequence from outside.
		next, stop := iter.Pull2(sign.OpenAll(kind, reusing(lines), decode))
		if got, err, ok := next(); got.Value != "entry 0" || err != nil || !ok {
			t.Errorf("next = %v, %v, %t", got, err, ok)
		}
		stop()
	})
}

// TestOpenAllLookAhead: a consumer that stands still keeps the source from
// being read without end.
func TestOpenAllLookAhead(t *testing.T) {
	lines, decode := log(t, 3)
	onCores(t, func(t *testing.T) {
		read := 0
		endless := func(yield func([]byte, error) bool) {
			for {
				read++
				if !yield(lines[read%3], nil) {
					return
				}
			}
		}
		shifted := func(i int, payload []byte) (string, [32]byte, error) { return decode(i+1, payload) }
		given, most := 0, 0
		for _, err := range sign.OpenAll(kind, endless, shifted) {
			if err != nil {
				t.Fatal(err)
			}
			given++
			most = max(most, read-given)
			if given == 3000 {
				break
			}
		}
		if limit := runtime.GOMAXPROCS(0)*2*16 + 16; most > limit {
			t.Errorf("%d lines ahead, more than %d", most, limit)
		}
		t.Logf("at most %d lines ahead", most)
	})
}

// TestOpenAllLookAheadBytes: it is read less far ahead where lines are long.
func TestOpenAllLookAheadBytes(t *testing.T) {
	key, err := sign.GenerateKey(bytes.NewReader(make([]byte, 64)))
	if err != nil {
		t.Fatal(err)
	}
	line, err := sign.Sign(kind, bytes.Repeat([]byte("x"), 100<<10), key)
	if err != nil {
		t.Fatal(err)
	}
	decode := func(int, []byte) (string, [32]byte, error) { return "", [32]byte(key[32:]), nil }
	onCores(t, func(t *testing.T) {
		read := 0
		endless := func(yield func([]byte, error) bool) {
			for {
				read++
				if !yield(line, nil) {
					return
				}
			}
		}
		given, most := 0, 0
		for _, err := range sign.OpenAll(kind, endless, decode) {
			if err != nil {
				t.Fatal(err)
			}
			given++
			most = max(most, read-given)
			if given == 100 {
				break
			}
		}
		// 128 KiB for each core, so one line, and the one that goes beyond.
		if limit := runtime.GOMAXPROCS(0) + 1; most > limit {
			t.Errorf("%d lines of %d bytes ahead, more than %d", most, len(line), limit)
		}
	})
}

// TestOpenAllAllCores: several decodes run at the same time.
func TestOpenAllAllCores(t *testing.T) {
	const cores = 3
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	lines, decode := log(t, 2*cores)
	var here atomic.Int32
	together := make(chan struct{})
	for _, err := range sign.OpenAll(kind, reusing(lines), func(i int, payload []byte) (string, [32]byte, error) {
		if here.Add(1) == cores {
			close(together)
		}
		<-together // each of the first waits for the others
		return decode(i, payload)
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestOpenAllManyKeys has more authors than are remembered.
func TestOpenAllManyKeys(t *testing.T) {
	const n = 1100 // more than maxCachedKeys
	var lines [][]byte
	var public [][32]byte
	for i := range n {
		seed := bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 20)
		key, err := sign.GenerateKey(bytes.NewReader(seed))
		if err != nil {
			t.Fatal(err)
		}
		line, err := sign.Sign(kind, fmt.Appendf(nil, "entry %d", i), key)
		if err != nil {
			t.Fatal(err)
		}
		lines, public = append(lines, line), append(public, [32]byte(key[32:]))
	}
	decode := func(i int, payload []byte) (string, [32]byte, error) { return string(payload), public[i%n], nil }
	i := 0
	for got, err := range sign.OpenAll(kind, reusing(slices.Concat(lines, lines)), decode) {
		if err != nil || got.Value != fmt.Sprintf("entry %d", i%n) {
			t.Fatalf("line %d: %v, %v", i, got, err)
		}
		i++
	}
	if i != 2*n {
		t.Errorf("%d lines", i)
	}
}

func TestLineError(t *testing.T) {
	err := error(&sign.LineError{Index: 3, Err: sign.ErrSignature})
	if !strings.HasPrefix(err.Error(), "line 3: ") || !errors.Is(err, sign.ErrSignature) {
		t.Error(err)
	}
}
