package template

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// dense is a template with n rules that all are one expression, and with one field
// whose check is like it.
func dense(expr string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `template: t
version: 1
roles: {r: {manages: [r]}}
sections:
  s:
    read: [r]
    write: [r]
    fields:
      a: {type: integer}
      l: {type: list, max: 2, of: {type: integer}}
      b: {type: boolean, check: '%s'}
rules:
`, strings.ReplaceAll(expr, "s.", ""))
	for i := range n {
		fmt.Fprintf(&b, "  x%d: {rule: '%s', message: no, at: [e]}\n", i, expr)
	}
	b.WriteString("lifecycle:\n  initial: z\n  states: {z: {edit: {r: [s]}}, y: {final: true}}\n  events: {e: {from: z, to: y, by: [r]}}\n")
	return b.String()
}

// A template's weight is not less than what it takes, whatever it is full of.
func TestWeight(t *testing.T) {
	texts := map[string]string{"largest": largest()}
	for name, c := range map[string]struct {
		part string
		many int
	}{
		"exists": {"s.l.exists(x,x>1)||", 30}, "all": {"s.l.all(x,x>1)||", 30}, "exists_one": {"s.l.exists_one(x,x>1)||", 20},
		"map": {"s.l.map(x,x)==[]||", 20}, "filter": {"s.l.filter(x,x>1)==[]||", 20}, "a list of its own": {"[1].all(x,x>0)||", 20},
		"has": {"has(s.a)||", 60}, "bind": {"cel.bind(x,s.b,x)||", 30}, "fields": {"s.b&&", 190}, "not": {"!s.b||", 100},
		"comparisons": {"s.a>1||", 100}, "in": {"1 in[s.a]||", 60}, "little": {"", 0},
	} {
		for _, n := range []int{1, 10} {
			texts[fmt.Sprint(name, n)] = dense(strings.Repeat(c.part, c.many)+"s.b", n)
		}
	}
	canonical := map[string][]byte{"order.yaml": loadFile(t, "order.yaml").Canonical()}
	for name, text := range texts {
		tpl, err := loadText(text)
		if err != nil {
			t.Errorf("%s: %.300s", name, err)
			continue
		}
		canonical[name] = tpl.Canonical()
	}
	for name, c := range canonical {
		before := heap()
		tpl, err := Parse(c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		used, weight := heap()-before, int64(tpl.Weight())
		t.Logf("%s: %d bytes of text, %d of memory, said to be %d", name, len(c), used, weight)
		if weight < used || weight > 4*used {
			t.Errorf("%s: %d bytes, said to be %d", name, used, weight)
		}
		runtime.KeepAlive(tpl)
	}
}

// heap gives the bytes that are in use.
func heap() int64 {
	var m runtime.MemStats
	for range 2 { // what has a finalizer goes with the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A cache keeps fewer templates of those that take much.
func TestCacheIsBoundedInBytes(t *testing.T) {
	var cache Cache
	large := func(n int) *Template {
		tpl := &Template{canonical: make([]byte, maxCacheWeight/textWeight/10)}
		tpl.digest[0] = byte(n)
		return tpl
	}
	for n := range 30 {
		cache.Add(large(n))
		if cache.find(large(n).digest) == nil || cache.weight > maxCacheWeight {
			t.Fatalf("%d: %d bytes are kept", n, cache.weight)
		}
	}
	if cache.order.Len() != 9 || len(cache.kept) != 9 {
		t.Errorf("%d are kept", cache.order.Len())
	}
	huge := &Template{canonical: make([]byte, 2*maxCacheWeight/textWeight)}
	huge.digest[1] = 1
	if cache.Add(huge); cache.order.Len() != 1 || cache.find(huge.digest) == nil || cache.weight != huge.Weight() {
		t.Errorf("%d are kept in %d bytes", cache.order.Len(), cache.weight)
	}
}
