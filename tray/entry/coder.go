package entry

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/vassoio/vassoio/sign"
)

// ErrMalformed is what a payload is refused with that is not the one encoding
// of an entry, a card or a claim. The error that wraps it says where.
var ErrMalformed = errors.New("not in the one encoding")

// ErrLimit is the [ErrMalformed] of what has more parts or bytes than the format
// allows.
var ErrLimit = fmt.Errorf("%w: beyond a limit", ErrMalformed)

// coder writes or reads the one JSON encoding of the log's objects. Each object
// lists its members once, in one method that serves both ways, so that reader
// and writer cannot differ:
//
//	func (o *Withdraw) members(c *coder) { c.text("invite", &o.Invite, isThumbprint) }
//
// Why not encoding/json? It accepts many spellings of one value (duplicate and
// misspelt members, escapes, spaces), and it takes five times as long.
// Strings need no escapes, since the format has none: printable ASCII without
// " \ < > &.
type coder struct {
	buf      []byte
	pos      int  // reading or checking: how far
	reading  bool // buf is read
	checking bool // what was read from buf is written once more, and must stand in buf
	first    bool // no member of the object was written or read yet
	err      error
}

// object runs members between braces.
func (c *coder) object(members func(*coder)) {
	c.literal("{")
	c.first = true
	members(c)
	c.first = false
	c.literal("}")
}

// fail keeps the first failure: later ones follow from it.
func (c *coder) fail(format string, args ...any) { c.failAs(ErrMalformed, format, args...) }

// exceed is fail for what is more than the format allows.
func (c *coder) exceed(max int, of string) { c.failAs(ErrLimit, "more than %d %s", max, of) }

func (c *coder) failAs(kind error, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: at byte %d: %s", kind, c.pos, fmt.Sprintf(format, args...))
	}
}

// literal writes s, or demands it.
func (c *coder) literal(s string) {
	switch {
	case !c.reading:
		c.put(s)
	case !c.accept(s):
		c.fail("%s expected", s)
	}
}

// put writes s.
func (c *coder) put(s string) {
	if !c.checking {
		c.buf = append(c.buf, s...)
	} else if !c.accept(s) {
		c.fail("not the one encoding")
	}
}

// accept reads s if it is next.
func (c *coder) accept(s string) bool {
	if c.err != nil || len(c.buf)-c.pos < len(s) || string(c.buf[c.pos:c.pos+len(s)]) != s {
		return false
	}
	c.pos += len(s)
	return true
}

// name writes or demands a member's name.
func (c *coder) name(name string) {
	if !c.reading {
		if !c.first {
			c.put(",")
		}
		c.put(`"`)
		c.put(name)
		c.put(`":`)
	} else if !c.acceptName(name) {
		c.fail("member %q expected", name)
	}
	c.first = false
}

func (c *coder) acceptName(name string) bool {
	start := c.pos
	if (c.first || c.accept(",")) && c.accept(`"`) && c.accept(name) && c.accept(`":`) {
		return true
	}
	c.pos = start
	return false
}

// optional reports whether a member is there: when writing, if present says so;
// when reading, if its name is next, which is then read.
func (c *coder) optional(name string, present bool) bool {
	if !c.reading {
		if present {
			c.name(name)
		}
		return present
	}
	if !c.acceptName(name) {
		return false
	}
	c.first = false
	return true
}

// raw writes or reads a string between quotes. What valid lets through must be
// printable: no string needs an escape.
func (c *coder) raw(s *string, valid func(string) bool) {
	if !c.reading {
		if !c.checking && !valid(*s) { // what is checked was valid when it was read
			c.fail("a string that the format does not allow")
			return
		}
		c.put(`"`)
		c.put(*s)
		c.put(`"`)
		return
	}
	c.literal(`"`)
	if c.err != nil {
		return
	}
	rest := c.buf[c.pos:]
	n := bytes.IndexByte(rest, '"')
	if n < 0 {
		c.fail("string without end")
		return
	}
	text := string(rest[:n])
	if !valid(text) {
		c.fail("a string that the format does not allow")
		return
	}
	c.pos += n + 1
	*s = text
}

func (c *coder) text(name string, s *string, valid func(string) bool) {
	c.name(name)
	c.raw(s, valid)
}

func (c *coder) optText(name string, s *string, valid func(string) bool) {
	if c.optional(name, *s != "") {
		c.raw(s, valid)
	}
}

func (c *coder) number(name string, n *uint64) {
	c.name(name)
	if !c.reading {
		if *n > maxNumber {
			c.fail("number above 2^53-1")
		}
		var digits [20]byte
		c.put(string(strconv.AppendUint(digits[:0], *n, 10)))
		return
	}
	start := c.pos
	for c.pos < len(c.buf) && c.buf[c.pos]-'0' <= 9 {
		c.pos++
	}
	digits := string(c.buf[start:c.pos])
	v, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || v > maxNumber || len(digits) > 1 && digits[0] == '0' {
		c.fail("number expected")
		return
	}
	*n = v
}

func (c *coder) hash(name string, h *sign.Hash) {
	c.name(name)
	c.rawHash(h)
}

func (c *coder) optHash(name string, h *sign.Hash) {
	if !c.optional(name, !h.IsZero()) {
		return
	}
	if c.rawHash(h); c.reading && h.IsZero() {
		c.fail("a zero hash stands for none, and is left out")
	}
}

// rawHash writes or reads a hash between quotes.
func (c *coder) rawHash(h *sign.Hash) {
	c.literal(`"`)
	if !c.reading {
		var digits [hashText]byte
		hex.Encode(digits[:], h[:])
		c.put(string(digits[:32])) // in halves, which need no memory of their own
		c.put(string(digits[32:]))
	} else if c.err == nil {
		end := min(c.pos+hashText, len(c.buf))
		if err := h.UnmarshalText(c.buf[c.pos:end]); err != nil {
			c.fail("hash expected")
			return
		}
		c.pos = end
	}
	c.literal(`"`)
}

func (c *coder) time(name string, t *time.Time) {
	s := ""
	if !c.reading {
		s = formatTime(*t)
	}
	c.text(name, &s, func(s string) bool {
		at, ok := parseTime(s)
		if ok && c.reading {
			*t = at
		}
		return ok
	})
}

// list writes or reads an array of at most max elements, the elements by each;
// an empty one is left out.
func list[T any](c *coder, name string, items *[]T, max int, each func(*coder, *T)) {
	if !c.optional(name, len(*items) > 0) {
		return
	}
	c.literal("[")
	if !c.reading {
		if len(*items) > max {
			c.exceed(max, name)
		}
		for i := range *items {
			if i > 0 {
				c.literal(",")
			}
			each(c, &(*items)[i])
		}
	} else {
		for c.err == nil {
			if len(*items) == max {
				c.exceed(max, name)
				return
			}
			var none T
			*items = append(*items, none)
			each(c, &(*items)[len(*items)-1])
			if !c.accept(",") {
				break
			}
		}
	}
	c.literal("]")
}

// texts is a list of strings.
func (c *coder) texts(name string, items *[]string, max int, valid func(string) bool) {
	list(c, name, items, max, func(c *coder, s *string) { c.raw(s, valid) })
}

// encode gives the one encoding of an object, which takes about size bytes.
func encode(members func(*coder), size int) ([]byte, error) {
	c := &coder{buf: make([]byte, 0, size)}
	c.object(members)
	if c.err == nil && len(c.buf) > MaxPayload {
		c.exceed(MaxPayload, "bytes")
	}
	return c.buf, c.err
}

// decode reads an object and encodes it again, comparing as it goes: what is
// accepted is what would have been written.
func decode(payload []byte, members func(*coder)) error {
	if len(payload) > MaxPayload {
		return fmt.Errorf("%w: more than %d bytes", ErrLimit, MaxPayload)
	}
	for _, c := range []*coder{{buf: payload, reading: true}, {buf: payload, checking: true}} {
		c.object(members)
		if c.err == nil && c.pos != len(payload) {
			c.fail("end expected")
		}
		if c.err != nil {
			return c.err
		}
	}
	return nil
}
