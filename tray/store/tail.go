package store

import (
	"container/list"
	"sync"

	"github.com/vassoio/vassoio/sign"
)

// tail is what a directory store remembers of one log: where it ends, and where
// some of its lines begin. All of it is on disk, so none of it ever changes: a
// log that grows gets another tail. A file of another size than the tail's was
// written to since.
type tail struct {
	head   Head
	size   int64   // of the log up to its last newline, in bytes
	stride uint64  // offsets[i] is where entry i*stride begins
	starts []int64 // at most maxOffsets
}

// grow returns the tail after one more line. The older tail stays as it was:
// the slice that they share is only appended to, by the one who holds the tray.
func (t tail) grow(hash sign.Hash, length int) tail {
	n := t.head.Length
	if t.stride == 0 {
		t.stride = 1
	}
	if len(t.starts) == maxOffsets && n%t.stride == 0 {
		thinned := make([]int64, 0, maxOffsets)
		for i := 0; i < len(t.starts); i += 2 {
			thinned = append(thinned, t.starts[i])
		}
		t.starts, t.stride = thinned, 2*t.stride
	}
	if n%t.stride == 0 {
		t.starts = append(t.starts, t.size)
	}
	t.head = Head{Tray: t.head.Tray, Length: n + 1, Hash: hash}
	t.size += int64(length) + 1
	return t
}

// find returns the last entry up to seq whose offset is known. The log must have
// an entry seq.
func (t tail) find(seq uint64) (entry uint64, offset int64) {
	i := seq / t.stride
	return i * t.stride, t.starts[i]
}

// tails remembers the tails used last. A tail that was forgotten costs one
// reading of its log.
type tails struct {
	mu     sync.Mutex
	byTray map[sign.Hash]*list.Element
	recent list.List // of tail, the one used last in front
}

func (c *tails) get(tray sign.Hash) (tail, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byTray[tray]
	if e == nil {
		return tail{}, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(tail), true
}

func (c *tails) put(t tail) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byTray[t.head.Tray]; e != nil {
		e.Value = t
		c.recent.MoveToFront(e)
		return
	}
	c.byTray[t.head.Tray] = c.recent.PushFront(t)
	if c.recent.Len() > maxTails {
		c.remove(c.recent.Back())
	}
}

func (c *tails) drop(tray sign.Hash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byTray[tray]; e != nil {
		c.remove(e)
	}
}

func (c *tails) remove(e *list.Element) {
	c.recent.Remove(e)
	delete(c.byTray, e.Value.(tail).head.Tray)
}
