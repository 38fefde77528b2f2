package tray

import (
	"errors"
	"io"
	"testing"

	"github.com/vassoio/vassoio/tray/store"
)

// A host finds out that the store behind it is not the one that it verified.
func TestHostFindsAnotherStore(t *testing.T) {
	ctx := t.Context()
	r := newRich(t)
	n := len(r.lines)
	kinds := map[string]func(t testing.TB) store.Store{
		"memory": func(testing.TB) store.Store { return store.NewMemory() },
		"dir": func(t testing.TB) store.Store {
			d := have(store.OpenDir(t.TempDir()))(t)
			t.Cleanup(func() { d.Close() })
			return d
		},
	}
	for kind, fresh := range kinds {
		filled := func(t testing.TB, lines, others int) store.Store {
			s := fresh(t)
			r.fill(t, s, lines)
			for range others {
				tr := have(Open(ctx, NewHost(s), r.id, r.people["sales"]))(t)
				d := tr.Draft()
				d.Note("another history")
				if err := d.Commit(ctx); err != nil {
					t.Fatal(err)
				}
			}
			return s
		}
		for name, c := range map[string]struct {
			lines, others int
			want          error
		}{
			"rolled back by one":         {n - 1, 0, ErrFork},
			"rolled back to the first":   {1, 0, ErrFork},
			"another, of the length":     {n - 1, 1, ErrFork},
			"another, shorter":           {3, 1, ErrFork},
			"another, longer":            {n - 1, 2, ErrFork},
			"another, two longer":        {n - 1, 3, ErrFork},
			"lost":                       {0, 0, store.ErrNotFound},
			"a copy":                     {n, 0, nil},
			"a copy that has gone ahead": {n, 2, nil},
		} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				behind := &struct{ store.Store }{filled(t, n, 0)}
				host := NewHost(behind)
				good := have(host.State(ctx, r.id))(t)
				before := behind.Store
				behind.Store = filled(t, c.lines, c.others)
				served, err := behind.Head(ctx, r.id)
				if there := c.lines > 0; errors.Is(err, store.ErrNotFound) == there {
					t.Fatal(err)
				}
				for _, what := range []func() error{
					func() error { _, err := host.State(ctx, r.id); return err },
					func() error { _, err := Export(ctx, host, r.id, io.Discard); return err },
					func() error {
						if c.want != ErrFork {
							return c.want
						}
						return host.Append(ctx, served, r.lines[n-1], r.blobs[n-1]...)
					},
				} {
					if got := what(); !errors.Is(got, c.want) || c.want == nil && got != nil {
						t.Errorf("%v, want %v", got, c.want)
					}
				}
				var fork *ForkError
				if _, e := host.State(ctx, r.id); errors.As(e, &fork) && (fork.Pinned != good.head || fork.Got.Length > good.head.Length || c.lines+c.others <= n && fork.Got != served) {
					t.Errorf("%+v, of %+v", fork, served)
				}
				if now, _ := behind.Head(ctx, r.id); now != served {
					t.Errorf("the store was changed: it has %v", now)
				}
				if s, e := NewHost(behind).State(ctx, r.id); err == nil && (e != nil || s.head != served) {
					t.Errorf("a host that knew nothing: %v", e)
				}
				if behind.Store = before; c.want != nil {
					if s, err := host.State(ctx, r.id); err != nil || s.head != good.head {
						t.Errorf("the store that it knows: %v", err)
					}
				}
			})
		}
	}
}
