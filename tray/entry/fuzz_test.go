package entry_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/vassoio/vassoio/tray/entry"
)

// same is the property of every parser here: what is read is written again as it
// was, and what is refused is refused with one error.
func same(t *testing.T, payload []byte, parsed bool, err error, encode func() ([]byte, error)) {
	t.Helper()
	if err != nil {
		if parsed || !errors.Is(err, entry.ErrMalformed) {
			t.Errorf("%v", err)
		}
		return
	}
	again, err := encode()
	if err != nil || !bytes.Equal(again, payload) {
		t.Errorf("%v: %q is read, %q is written", err, payload, again)
	}
}

func FuzzParse(f *testing.F) {
	for _, line := range golden(f) {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := entry.Parse(payload)
		same(t, payload, e != nil, err, func() ([]byte, error) { return e.Encode() })
	})
}

func FuzzCard(f *testing.F) {
	s := newSource(5)
	for range 3 {
		b, err := (&entry.Card{Key: s.thumbprint(), PQ: maybe(s, s.any), Classic: maybe(s, s.any)}).Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		k, err := entry.ParseCard(payload)
		same(t, payload, k != nil, err, func() ([]byte, error) { return k.Encode() })
	})
}

func FuzzClaim(f *testing.F) {
	s := newSource(6)
	b, err := (&entry.Claim{Tray: s.hash(), Invite: s.thumbprint(), Card: s.hash()}).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, payload []byte) {
		c, err := entry.ParseClaim(payload)
		same(t, payload, c != nil, err, func() ([]byte, error) { return c.Encode() })
	})
}
