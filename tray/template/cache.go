package template

import (
	"container/list"
	"errors"
	"sync"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/sign"
)

// DefaultCache is how many templates a [Cache] keeps unless told otherwise. A
// host serves few kinds of trays.
const DefaultCache = 64

// maxCacheWeight bounds what they take, in bytes, but for the last: an honest
// template takes from a tenth of a megabyte to some, and one that was made for it
// tens.
const maxCacheWeight = 256 << 20

// Cache compiles each template once and shares it: a host has thousands of
// trays of a few templates. It is safe for concurrent use; the zero Cache is
// ready, and keeps the [DefaultCache] templates used last, fewer of large ones.
type Cache struct {
	// Size is how many templates are kept; DefaultCache if 0. It must not be
	// changed after the first use.
	Size int
	// Library is given to every template that is parsed: see [Template.With].
	// Nor must it be changed.
	Library rules.Library

	mu      sync.Mutex
	kept    map[sign.Hash]*list.Element
	order   list.List // of *Template, latest used first
	weight  int       // of them
	pending map[sign.Hash]*pending
}

// pending is a template that is being compiled by whoever asked first. It is
// not among those that are kept yet: what will be refused must not push out
// what is good.
type pending struct {
	done chan struct{} // closed when t and err are set
	t    *Template
	err  error
}

// errAbandoned is for those who waited for a call that did not return.
var errAbandoned = errors.New("template: not compiled")

// Parse does what the function [Parse] does, but for bytes that it has seen
// lately returns the template that it has. Refusals are not kept. The error is a
// *[rules.LibraryError] where the template declares a function otherwise than
// the Library does.
func (c *Cache) Parse(canonical []byte) (t *Template, err error) {
	if len(canonical) > maxSize {
		return Parse(canonical) // which refuses it, without hashing it
	}
	digest := sign.Sum(canonical)
	c.mu.Lock()
	if t := c.find(digest); t != nil {
		c.mu.Unlock()
		return t, nil
	}
	if p, ok := c.pending[digest]; ok {
		c.mu.Unlock()
		<-p.done
		return p.t, p.err
	}
	if c.pending == nil {
		c.pending = make(map[sign.Hash]*pending)
	}
	p := &pending{done: make(chan struct{}), err: errAbandoned}
	c.pending[digest] = p
	c.mu.Unlock()

	defer func() { // even if Parse should panic, nobody waits forever
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.pending, digest)
		if t != nil {
			t = c.keep(t)
			p.t, p.err = t, nil
		} else if err != nil {
			p.err = err
		}
		close(p.done)
	}()
	if t, err = Parse(canonical); err != nil {
		return nil, err
	}
	return t.With(c.Library)
}

// Get returns the template of a digest if it is kept, and nil otherwise.
func (c *Cache) Get(digest sign.Hash) *Template {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.find(digest)
}

// Add keeps a template that was loaded or compiled, unless its like is kept,
// and returns the one that is.
func (c *Cache) Add(t *Template) *Template {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.keep(t)
}

// find returns the template of a digest, nil if it is not kept.
func (c *Cache) find(digest sign.Hash) *Template {
	e, ok := c.kept[digest]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*Template)
}

// keep keeps a template, and drops the one that was not used for longest.
func (c *Cache) keep(t *Template) *Template {
	if has := c.find(t.digest); has != nil {
		return has
	}
	if c.kept == nil {
		c.kept = make(map[sign.Hash]*list.Element)
	}
	c.kept[t.digest] = c.order.PushFront(t)
	c.weight += t.Weight()
	size := c.Size
	if size <= 0 {
		size = DefaultCache
	}
	for c.order.Len() > size || c.weight > maxCacheWeight && c.order.Len() > 1 {
		last := c.order.Remove(c.order.Back()).(*Template)
		delete(c.kept, last.digest)
		c.weight -= last.Weight()
	}
	return t
}
