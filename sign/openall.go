package sign

import (
	"crypto/ed25519"
	"iter"
	"sync"
)

// Opened is one line of many.
type Opened[T any] struct {
	Value T    // what decode made of the payload
	Line  Hash // the chain hash: SHA-256 of the line without its newline
	Size  int  // of the line, in bytes without its newline
}

// Decode makes a value of the payload of line i, counted from 0, and says with
// which Ed25519 key it must be signed: the 32 bytes, not checked yet.
//
// It runs on several goroutines at once and before the payload is verified, so
// it must not change anything outside, nor panic, whatever the payload: that
// would end the program. It must not keep payload: the memory is used again.
type Decode[T any] func(i int, payload []byte) (value T, key [ed25519.PublicKeySize]byte, err error)

// OpenAll verifies many lines of one kind, as [Open] does, on all cores
// (GOMAXPROCS), and gives the results in the order of the lines. Keys are
// checked as [NewPublicKey] does, and remembered while the sequence runs.
//
// The first error, of lines, of decode or of a line, ends the sequence; it is
// a [*LineError] that wraps it. What came before was verified. The chain, that
// is whether each line names the [Hash] of the one before, is the caller's to
// check: only he knows where a payload says it.
//
// Lines are taken on the goroutine of the caller, some ahead of the result
// that he is given, and copied, so that lines may use its memory again. When
// the sequence ends, or the caller leaves it, no goroutine is left behind.
func OpenAll[T any](kind Kind, lines iter.Seq2[[]byte, error], decode Decode[T]) iter.Seq2[Opened[T], error] {
	var keys keyCache
	return readLines(kind, lines, func(p *parser, i int, line []byte, payload []byte) (T, error) {
		value, raw, err := decode(i, payload)
		if err != nil {
			return value, err
		}
		key, err := keys.check(raw)
		if err != nil {
			return value, err
		}
		return value, p.verify(line, key)
	})
}

// ReadAll is [OpenAll] without keys and signatures: it checks kind and
// spelling, decodes and hashes, which takes a fraction of the time.
//
// Use it only for lines whose chain ends in a hash that this program already
// trusts, such as that of a head which it verified with OpenAll before and
// kept where nobody else writes; and use no value before the chain was
// followed to that hash. A host's word for a head is not enough, and neither
// is a file that holds both the head and the lines.
func ReadAll[T any](kind Kind, lines iter.Seq2[[]byte, error], decode Decode[T]) iter.Seq2[Opened[T], error] {
	return readLines(kind, lines, func(_ *parser, i int, _ []byte, payload []byte) (T, error) {
		value, _, err := decode(i, payload)
		return value, err
	})
}

// readLines parses and hashes lines and has each finished by open, on all
// cores.
func readLines[T any](kind Kind, lines iter.Seq2[[]byte, error], open func(p *parser, i int, line, payload []byte) (T, error)) iter.Seq2[Opened[T], error] {
	return func(yield func(Opened[T], error) bool) {
		start, err := kind.start()
		if err != nil {
			yield(Opened[T]{}, &LineError{Err: err})
			return
		}
		inOrder(lines, yield, func() func(int, []byte) (Opened[T], error) {
			var p parser
			return func(i int, line []byte) (Opened[T], error) {
				payload, err := p.parse(start, line)
				if err != nil {
					return Opened[T]{}, err
				}
				value, err := open(&p, i, line, payload)
				return Opened[T]{Value: value, Line: Sum(line), Size: len(line)}, err
			}
		})
	}
}

// keyCache remembers which keys were found good: the check costs as much as a
// signature, and a log has few authors. The zero value is ready to use.
type keyCache struct {
	mu   sync.RWMutex
	good map[[ed25519.PublicKeySize]byte]bool
}

func (c *keyCache) check(raw [ed25519.PublicKeySize]byte) (PublicKey, error) {
	c.mu.RLock()
	good := c.good[raw]
	c.mu.RUnlock()
	if good {
		return PublicKey{raw: raw}, nil
	}
	key, err := NewPublicKey(raw[:])
	if err != nil {
		return PublicKey{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.good == nil || len(c.good) >= maxCachedKeys {
		c.good = make(map[[ed25519.PublicKeySize]byte]bool)
	}
	c.good[raw] = true
	return key, nil
}
