package section

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"filippo.io/age"
)

// Seal encrypts r to its readers and returns the blob and the commitment that
// goes into the log. The error is that of [Schema.Marshal] or of the function
// [Seal].
func (s *Schema) Seal(r Revision, to []Recipient) ([]byte, Root, error) {
	e, err := s.encode(r)
	if err != nil {
		return nil, Root{}, err
	}
	root, err := s.rootOf(r, e)
	if err != nil {
		return nil, Root{}, err
	}
	blob, err := Seal(e.plaintext, to)
	return blob, root, err
}

// Seal pads plaintext with spaces and encrypts it: an age v1 file with one
// stanza for each recipient, in this order. Plaintext is JSON, or anything
// that does not end in a space, of 1 to [MaxPlaintext] bytes; there are 1 to
// [MaxReaders] recipients, all of one suite.
//
// Two recipients may be the same: a participant must not be able to block the
// writes of others by taking over somebody's key.
func Seal(plaintext []byte, to []Recipient) ([]byte, error) {
	switch {
	case len(plaintext) == 0 || plaintext[len(plaintext)-1] == ' ':
		return nil, errors.New("section: seal: plaintext is empty or ends in a space")
	case len(plaintext) > MaxPlaintext:
		return nil, fmt.Errorf("section: seal: plaintext has more than %d bytes", MaxPlaintext)
	case len(to) == 0:
		return nil, errors.New("section: seal: no recipients")
	case len(to) > MaxReaders:
		return nil, fmt.Errorf("section: seal: more than %d recipients", MaxReaders)
	}
	for i, r := range to {
		if r.age == nil {
			return nil, fmt.Errorf("section: seal: recipient %d is none", i)
		}
		if r.suite != to[0].suite {
			return nil, fmt.Errorf("section: seal: recipient %d is of another suite", i)
		}
	}
	var out bytes.Buffer
	out.Grow(len(to)*stanzaRoom + Padded(len(plaintext)) + 4096)
	w, err := age.Encrypt(&out, crowd(to))
	if err != nil {
		return nil, fmt.Errorf("section: seal: %w", err)
	}
	if _, err := w.Write(pad(plaintext)); err != nil {
		return nil, fmt.Errorf("section: seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("section: seal: %w", err)
	}
	return out.Bytes(), nil
}

// stanzaRoom is what the largest stanza takes, the pq one.
const stanzaRoom = 1600

// A crowd is all recipients as one, which wraps on all cores: a wrap is what
// sealing costs.
type crowd []Recipient

func (c crowd) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	stanzas, _, err := c.WrapWithLabels(fileKey)
	return stanzas, err
}

// WrapWithLabels passes on the labels by which age keeps post-quantum
// recipients and others apart. Within the crowd the suite has done so.
func (c crowd) WrapWithLabels(fileKey []byte) ([]*age.Stanza, []string, error) {
	stanzas := make([]*age.Stanza, len(c))
	labels := make([][]string, len(c))
	errs := make([]error, len(c))
	forEach(len(c), func(i int) { stanzas[i], labels[i], errs[i] = wrap(c[i].age, fileKey) })
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	return stanzas, labels[0], nil
}

// wrap makes the one stanza of a native recipient.
func wrap(r age.Recipient, fileKey []byte) (_ *age.Stanza, labels []string, err error) {
	var stanzas []*age.Stanza
	if l, ok := r.(age.RecipientWithLabels); ok {
		stanzas, labels, err = l.WrapWithLabels(fileKey)
	} else {
		stanzas, err = r.Wrap(fileKey)
	}
	if err == nil && len(stanzas) != 1 {
		err = errors.New("a native recipient has one stanza")
	}
	if err != nil {
		return nil, nil, err
	}
	return stanzas[0], labels, nil
}

// forEach calls f for 0 to n-1, on as many cores as there are, the caller's
// among them.
func forEach(n int, f func(int)) {
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			f(i)
		}
	}
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}
