package template

import (
	"container/list"
	"sync"

	"github.com/vassoio/vassoio/sign"
)

// DefaultCache is how many templates a [Cache] keeps unless told otherwise. A
// host serves few kinds of trays; each costs about a megabyte.
const DefaultCache = 64

// Cache compiles each template once and shares it: a host has thousands of
// trays of a few templates. It is safe for concurrent use; the zero Cache is
// ready, and keeps the [DefaultCache] templates used last.
type Cache struct {
	// Size is how many templates are kept; DefaultCache if 0. It must not be
	// changed after the first use.
	Size int

	mu    sync.Mutex
	byKey map[sign.Hash]*list.Element
	order list.List // of *cached, latest used first
}

// cached is a template that is compiled, or being compiled by whoever came
// first.
type cached struct {
	digest sign.Hash
	once   sync.Once
	t      *Template
	err    error
}

// Parse does what the function [Parse] does, but for bytes that it has seen
// lately returns the template that it has. Refusals are not kept.
func (c *Cache) Parse(canonical []byte) (*Template, error) {
	if len(canonical) > maxSize {
		return Parse(canonical) // refuses it, without hashing it
	}
	entry := c.entry(sign.Sum(canonical))
	entry.once.Do(func() { entry.t, entry.err = Parse(canonical) })
	if entry.err != nil {
		c.drop(entry)
	}
	return entry.t, entry.err
}

// Add keeps a template that was loaded or compiled, unless it has its like,
// and returns the one that is kept.
func (c *Cache) Add(t *Template) *Template {
	entry := c.entry(t.digest)
	entry.once.Do(func() { entry.t = t })
	if entry.err != nil { // cannot be: its bytes are canonical
		return t
	}
	return entry.t
}

// entry finds the entry of a digest, or makes one and drops the one that was
// not used for longest.
func (c *Cache) entry(digest sign.Hash) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[digest]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*cached)
	}
	if c.byKey == nil {
		c.byKey = make(map[sign.Hash]*list.Element)
	}
	size := c.Size
	if size <= 0 {
		size = DefaultCache
	}
	entry := &cached{digest: digest}
	c.byKey[digest] = c.order.PushFront(entry)
	for c.order.Len() > size {
		last := c.order.Back()
		delete(c.byKey, last.Value.(*cached).digest)
		c.order.Remove(last)
	}
	return entry
}

// drop forgets an entry.
func (c *Cache) drop(entry *cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[entry.digest]; ok && e.Value == entry {
		delete(c.byKey, entry.digest)
		c.order.Remove(e)
	}
}
