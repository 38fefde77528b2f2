package template

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
)

// versions gives canonical templates that differ in their version.
func versions(t testing.TB, n int) [][]byte {
	t.Helper()
	var all [][]byte
	for i := range n {
		d := tidy()
		d.Version = i + 1
		tpl, err := Compile(d)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, tpl.Canonical())
	}
	return all
}

func TestCacheShares(t *testing.T) {
	var cache Cache
	canonical := loadFile(t, "order.yaml").Canonical()
	first, err := cache.Parse(canonical)
	if err != nil {
		t.Fatal(err)
	}
	second, err := cache.Parse(bytes.Clone(canonical))
	if err != nil || second != first {
		t.Errorf("another template, %v", err)
	}
	canonical[10] = 'x'
	if third, err := cache.Parse(first.Canonical()); err != nil || third != first {
		t.Errorf("the cache kept the caller's bytes: %v", err)
	}
}

func TestCacheAdd(t *testing.T) {
	var cache Cache
	loaded := loadFile(t, "order.yaml")
	if cache.Add(loaded) != loaded {
		t.Error("what is added is not kept")
	}
	if parsed, err := cache.Parse(loaded.Canonical()); err != nil || parsed != loaded {
		t.Errorf("what was added is parsed again: %v", err)
	}
	if cache.Add(loadFile(t, "order.yaml")) != loaded {
		t.Error("its like took its place")
	}
}

func TestCacheIsBounded(t *testing.T) {
	for _, size := range []int{0, 1, 3} {
		cache := Cache{Size: size}
		if size == 0 {
			size = DefaultCache
		}
		all := versions(t, size+1)
		first, err := cache.Parse(all[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, canonical := range all[1:size] {
			if _, err := cache.Parse(canonical); err != nil {
				t.Fatal(err)
			}
		}
		if again, _ := cache.Parse(all[0]); again != first {
			t.Errorf("of %d, the first was dropped", size)
		}
		if _, err := cache.Parse(all[size]); err != nil {
			t.Fatal(err)
		}
		if cache.order.Len() != size || len(cache.kept) != size {
			t.Errorf("%d and %d are kept, want %d", cache.order.Len(), len(cache.kept), size)
		}
		if again, _ := cache.Parse(all[0]); (again == first) != (size > 1) {
			t.Errorf("of %d, what was used last was dropped", size)
		}
	}
}

func TestCacheKeepsNoRefusals(t *testing.T) {
	cache := Cache{Size: 1}
	good := loadFile(t, "order.yaml")
	cache.Add(good)
	for _, text := range [][]byte{nil, []byte("{}"), []byte(`{"format":"vassoio-template/1"}`), make([]byte, maxSize+1)} {
		if tpl, err := cache.Parse(text); tpl != nil || err == nil {
			t.Errorf("%d bytes are taken", len(text))
		}
	}
	if cache.order.Len() != 1 || len(cache.kept) != 1 || len(cache.pending) != 0 {
		t.Errorf("%d, %d and %d are kept", cache.order.Len(), len(cache.kept), len(cache.pending))
	}
	if again, err := cache.Parse(good.Canonical()); again != good || err != nil {
		t.Error("a refusal pushed out what is good")
	}
}

// However many ask at once for however many templates, one of each is made.
func TestCacheConcurrency(t *testing.T) {
	cache := Cache{Size: 4}
	all := versions(t, 3)
	var mu sync.Mutex
	made := map[*Template]bool{}
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			for i := range 50 {
				tpl, err := cache.Parse(all[(g+i)%len(all)])
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := cache.Parse([]byte(fmt.Sprint("bad ", g, i%3))); !errors.Is(err, ErrNotCanonical) {
					t.Error(err)
				}
				mu.Lock()
				made[tpl] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if cache.order.Len() != len(cache.kept) || cache.order.Len() > 4 {
		t.Errorf("%d and %d are kept", cache.order.Len(), len(cache.kept))
	}
	if len(made) != len(all) || len(cache.pending) != 0 {
		t.Errorf("%d templates made of %d, %d pending", len(made), len(all), len(cache.pending))
	}
}

// Whoever comes while a template is being compiled waits for it, and gets the
// same: the work is not done twice.
func TestCacheWaits(t *testing.T) {
	good := loadFile(t, "order.yaml")
	for _, want := range []pending{{t: good}, {err: errAbandoned}} {
		want.done = make(chan struct{})
		cache := Cache{pending: map[sign.Hash]*pending{good.Digest(): &want}}
		type answer struct {
			t   *Template
			err error
		}
		got := make(chan answer)
		go func() {
			t, err := cache.Parse(good.Canonical())
			got <- answer{t, err}
		}()
		select {
		case <-got:
			t.Fatal("it does not wait")
		case <-time.After(20 * time.Millisecond):
		}
		close(want.done)
		if a := <-got; a.t != want.t || a.err != want.err {
			t.Errorf("got %p, %v; want %p, %v", a.t, a.err, want.t, want.err)
		}
	}
}
