package storetest_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/store/storetest"
)

// audited is a store that somebody wrote, on top of another one.
type audited struct {
	store.Store
	entries atomic.Int64
}

func newAudited() *audited { return &audited{Store: store.NewMemory()} }

func (a *audited) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	err := a.Store.Append(ctx, after, line, blobs...)
	if err == nil {
		a.entries.Add(1)
	}
	return err
}

// ExampleRun is compiled only: a suite runs under go test, as that of audited
// does in TestRun.
func ExampleRun() {
	// In the store's own tests: func TestAudited(t *testing.T) { ... }
	_ = func(t *testing.T) {
		storetest.Run(t, func(t testing.TB) store.Store {
			return newAudited() // new and empty; t.Cleanup closes what is to be closed
		})
	}
}

func TestRun(t *testing.T) {
	opened := 0
	storetest.Run(t, func(testing.TB) store.Store { opened++; return newAudited() })
	if opened == 0 {
		t.Error("no store was opened")
	}
}
