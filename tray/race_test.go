package tray

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// crowd makes identities of the classic suite.
func crowd(t *testing.T, n int) []*Identity {
	w := &world{TB: t}
	out := make([]*Identity, n)
	for i := range out {
		a := &actor{}
		w.newKeys(a)
		out[i] = a.me
	}
	return out
}

// fields is a template of one section with n fields that all members write.
func fields(t *testing.T, n int) *template.Template {
	t.Helper()
	d := template.Definition{
		Name: "crowd", Version: 1,
		Roles:    []template.Role{{Name: "member", Manages: []string{"member"}}},
		Sections: []template.Section{{Name: "sheet", Read: []template.Reader{{Role: "member"}}, Write: []string{"member"}}},
		Lifecycle: template.Lifecycle{
			Initial: "open",
			States:  []template.State{{Name: "open", Edit: []template.Edit{{Role: "member", Sections: []string{"sheet"}}}}, {Name: "shut", Final: true}},
			Events:  []template.Event{{Name: "shut", From: []string{"open"}, To: "shut", By: []string{"member"}}},
		},
	}
	for i := range n {
		d.Sections[0].Fields = append(d.Sections[0].Fields, rules.Field{Name: fmt.Sprintf("f%d", i), Kind: rules.KindText})
	}
	tpl, err := template.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// TestWriters has 32 writers, four handles of each of 8 participants, write one
// section at once through one host: each his own field, twice. Every
// update is an entry, and the last of each is there in the end.
func TestWriters(t *testing.T) {
	const writers, rounds = 32, 2
	ctx, tpl, host := t.Context(), fields(t, writers), NewHost(newFaulty())
	people := crowd(t, writers/4)
	var who []CreateOption
	for _, me := range people {
		who = append(who, Bind("member", me.Card()))
	}
	first, err := Create(ctx, host, tpl, people[0], append(who, InSuite(section.Classic))...)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var written atomic.Int64
	for i := range writers {
		wg.Go(func() {
			mine, err := Open(ctx, host, first.ID(), people[i%len(people)])
			for round := range rounds {
				if err != nil {
					break
				}
				d := mine.Draft()
				d.Set(fmt.Sprintf("sheet.f%d", i), fmt.Sprintf("%d of %d", round, i))
				if err = d.Commit(ctx); err == nil {
					written.Add(1)
				}
			}
			if err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if err := first.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	v, err := first.View(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range writers {
		if got, want := v.Text(fmt.Sprintf("sheet.f%d", i)), fmt.Sprintf("%d of %d", rounds-1, i); got != want {
			t.Errorf("field %d is %q, want %q", i, got, want)
		}
	}
	if n, want := v.Section("sheet").Revision, uint64(writers*rounds); n != want || first.State().Head().Length != want+1 || uint64(written.Load()) != want {
		t.Errorf("%d updates were acknowledged, %d revisions are there", written.Load(), n)
	}
	t.Logf("%d writers, %d updates, none lost", writers, written.Load())
}

// gate is a store that lets nobody append before so many have come.
type gate struct {
	*store.Memory
	missing atomic.Int64
	open    chan struct{}
}

func (g *gate) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	if after.Length > 0 {
		if g.missing.Add(-1) == 0 {
			close(g.open)
		}
		<-g.open
	}
	return g.Memory.Append(ctx, after, line, blobs...)
}

// TestVerifiedAtOnce has entries for one place all verified before the first of
// them is stored: one is, and the others are made anew behind it.
func TestVerifiedAtOnce(t *testing.T) {
	const writers = 4
	g := &gate{Memory: store.NewMemory(), open: make(chan struct{})}
	g.missing.Store(writers)
	ctx, tpl, host, me := t.Context(), fields(t, writers), NewHost(g), crowd(t, 1)[0]
	first, err := Create(ctx, host, tpl, me, InSuite(section.Classic), Bind("member", me.Card()))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range writers {
		mine, err := Open(ctx, host, first.ID(), me)
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			d := mine.Draft()
			d.Set(fmt.Sprintf("sheet.f%d", i), "here")
			if err := d.Commit(ctx); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	s, err := NewHost(g).State(ctx, first.ID())
	if err != nil || s.Head().Length != writers+1 {
		t.Fatalf("%d entries, %v", s.Head().Length, err)
	}
	if err := first.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	v, err := first.View(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range writers {
		if v.Text(fmt.Sprintf("sheet.f%d", i)) != "here" {
			t.Errorf("update %d is lost", i)
		}
	}
}

// TestOneHandle has many goroutines use one handle.
func TestOneHandle(t *testing.T) {
	const users = 16
	ctx, tpl, host := t.Context(), fields(t, users), NewHost(newFaulty())
	me := crowd(t, 1)[0]
	mine, err := Create(ctx, host, tpl, me, InSuite(section.Classic), Bind("member", me.Card()))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range users {
		wg.Go(func() {
			d := mine.Draft()
			d.Set(fmt.Sprintf("sheet.f%d", i), "here")
			if err := d.Commit(ctx); err != nil {
				t.Errorf("user %d: %v", i, err)
			}
			if _, err := mine.View(ctx); err != nil {
				t.Errorf("user %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	v, err := mine.View(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range users {
		if v.Text(fmt.Sprintf("sheet.f%d", i)) != "here" {
			t.Errorf("update %d is lost", i)
		}
	}
}

// TestJoinRaces has newcomers race for the place of an invite, 1,000 times: one
// wins, the others are told that the invite was used, and take part in a later
// race. Trays, each with some races one after the other, share host and
// identities, and as many run at once as there are cores.
func TestJoinRaces(t *testing.T) {
	const trays, perTray, runners = 500, 2, 3
	r := races{T: t, host: NewHost(store.NewMemory()), tpl: fields(t, 1), chair: crowd(t, 1)[0], pool: crowd(t, perTray+runners), runners: runners}
	start := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for next.Add(1) <= trays {
				if err := r.tray(perTray); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	won, refused := r.won.Load(), r.refused.Load()
	if won != trays*perTray || refused != won*(runners-1) {
		t.Errorf("%d races, %d winners, %d refused", trays*perTray, won, refused)
	}
	t.Logf("%d races of %d by one invite each: %d winners, %d refused, in %v", trays*perTray, runners, won, refused, time.Since(start).Round(time.Millisecond))
}

// races are what all trays share, and how they ended.
type races struct {
	*testing.T
	host         *Host
	tpl          *template.Template
	chair        *Identity
	pool         []*Identity
	runners      int
	won, refused atomic.Int64
}

// tray has races for the invites of a new tray.
func (r *races) tray(n int) error {
	ctx := r.Context()
	mine, err := Create(ctx, r.host, r.tpl, r.chair, InSuite(section.Classic), Bind("member", r.chair.Card()))
	if err != nil {
		return err
	}
	waiting := slices.Clone(r.pool)
	for range n {
		link, err := mine.Invite(ctx, "member")
		if err != nil {
			return err
		}
		errs := make([]error, r.runners)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = Join(ctx, r.host, link, waiting[i]) })
		}
		wg.Wait()
		winner := -1
		for i, err := range errs {
			switch {
			case err == nil && winner >= 0:
				return errors.New("two joined by one invite")
			case err == nil:
				winner = i
			case errors.Is(err, BadInvite):
				r.refused.Add(1)
			default:
				return fmt.Errorf("refused for another reason: %w", err)
			}
		}
		if winner < 0 {
			return errors.New("nobody joined")
		}
		if err := mine.Sync(ctx); err != nil {
			return err
		}
		if people := mine.State().Participants(); people[len(people)-1].ID != waiting[winner].ID() {
			return errors.New("the log has another winner")
		}
		r.won.Add(1)
		waiting = slices.Delete(waiting, winner, winner+1)
	}
	return nil
}
