package tray

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/store"
)

// remote is a host as it is seen from another machine: its clock cannot be
// asked, and things happen around an append.
type remote struct {
	store.Store
	appends int
	before  func() error // the append does not take place if it fails
	after   func() error // it has taken place, and the answer is this
}

func (r *remote) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	r.appends++
	if r.before != nil {
		if err := r.before(); err != nil {
			return err
		}
	}
	err := r.Store.Append(ctx, after, line, blobs...)
	if err == nil && r.after != nil {
		return r.after()
	}
	return err
}

// pair is a tray of two members, far from each other.
type pair struct {
	*testing.T
	host   *Host
	way    *remote // of the first
	first  *Tray
	second *Tray
}

func newPair(t *testing.T, fieldCount int) *pair {
	t.Helper()
	p := &pair{T: t, host: NewHost(store.NewMemory())}
	p.way = &remote{Store: p.host}
	people := crowd(t, 2)
	var err error
	p.first, err = Create(t.Context(), p.way, fields(t, fieldCount), people[0], InSuite(section.Classic), Bind("member", people[0].Card()), Bind("member", people[1].Card()))
	if err == nil {
		p.second, err = Open(t.Context(), p.host, p.first.ID(), people[1])
	}
	if err != nil {
		t.Fatal(err)
	}
	p.way.appends = 0
	return p
}

// other has the second member set a field.
func (p *pair) other(field, value string) {
	p.Helper()
	if err := p.second.Sync(p.Context()); err != nil {
		p.Fatal(err)
	}
	d := p.second.Draft()
	d.Set("sheet."+field, value)
	if err := d.Commit(p.Context()); err != nil {
		p.Fatal(err)
	}
}

// holds compares the log's length, and what both read.
func (p *pair) holds(length uint64, want map[string]string) {
	p.Helper()
	for _, t := range []*Tray{p.first, p.second} {
		if err := t.Sync(p.Context()); err != nil {
			p.Fatal(err)
		}
		if got := t.State().Head().Length; got != length {
			p.Errorf("%d entries, want %d", got, length)
		}
		v, err := t.View(p.Context())
		if err != nil {
			p.Fatal(err)
		}
		for field, value := range want {
			if got := v.Text("sheet." + field); got != value {
				p.Errorf("%s is %q, want %q", field, got, value)
			}
		}
	}
}

// TestLostAnswer loses what a store answers: an entry that had arrived is found,
// and is not there twice; one that had not can be committed again.
func TestLostAnswer(t *testing.T) {
	lost := errors.New("connection reset")
	tests := []struct {
		name    string
		arrives bool
		others  int // entries that come after it before the author looks again
		answer  error
		want    error
	}{
		{"arrived", true, 0, lost, nil},
		{"arrived, and the time was over", true, 0, context.DeadlineExceeded, nil},
		{"arrived, and was sent once more on the way", true, 0, &store.ConflictError{}, nil},
		{"arrived, and another's after it", true, 1, lost, nil},
		{"arrived, and three of others after it", true, 3, lost, nil},
		{"arrived, another's after it, and was sent once more", true, 1, &store.ConflictError{}, nil},
		{"did not arrive", false, 0, lost, lost},
		{"did not arrive, but another's did", false, 1, lost, lost},
		{"did not arrive, three of others did", false, 3, lost, lost},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			p := newPair(t, 2)
			lose := func() error {
				p.way.before, p.way.after = nil, nil
				for i := range x.others {
					p.other("f1", fmt.Sprint("other ", i))
				}
				return x.answer
			}
			if x.arrives {
				p.way.after = lose
			} else {
				p.way.before = lose
			}
			d := p.first.Draft()
			d.Set("sheet.f0", "mine")
			if err := d.Commit(t.Context()); !errors.Is(err, x.want) {
				t.Fatalf("got %v, want %v", err, x.want)
			}
			if p.way.appends != 1 {
				t.Errorf("appended %d times", p.way.appends)
			}
			if x.want != nil {
				p.holds(uint64(1+x.others), map[string]string{"f0": ""})
			}
			again := d.Commit(t.Context())
			if x.want != nil && again != nil || x.want == nil && !errors.Is(again, ErrNothing) {
				t.Errorf("once more: %v", again)
			}
			p.holds(uint64(2+x.others), map[string]string{"f0": "mine"})
		})
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
}

// TestLostFirstAnswer is the same for the first entry of a tray.
func TestLostFirstAnswer(t *testing.T) {
	lost := errors.New("connection reset")
	for _, arrives := range []bool{true, false} {
		me, way := crowd(t, 1)[0], &remote{Store: NewHost(store.NewMemory())}
		fail := func() error { return lost }
		if arrives {
			way.after = fail
		} else {
			way.before = fail
		}
		tr, err := Create(t.Context(), way, fields(t, 1), me, InSuite(section.Classic), Bind("member", me.Card()))
		if arrives && (err != nil || tr.State().Head().Length != 1) || !arrives && !errors.Is(err, lost) {
			t.Errorf("arrived %v: %v", arrives, err)
		}
	}
}

// TestRebasedThrice has others commit each time that a draft is on its way.
func TestRebasedThrice(t *testing.T) {
	tests := []struct {
		name   string
		others []string // the fields that others set meanwhile
		want   error
	}{
		{"other fields", []string{"f1", "f2", "f3"}, nil},
		{"one other field", []string{"f1", "f1", "f1"}, nil},
		{"the same at last", []string{"f1", "f2", "f0"}, new(ConflictError)},
		{"the same at first", []string{"f0"}, new(ConflictError)},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			p := newPair(t, 4)
			n := 0
			p.way.before = func() error {
				if n < len(x.others) {
					p.other(x.others[n], fmt.Sprint("other ", n))
					n++
				}
				return nil
			}
			d := p.first.Draft()
			d.Set("sheet.f0", "mine")
			err := d.Commit(t.Context())
			want := map[string]string{"f0": "mine"}
			for i, field := range x.others {
				want[field] = fmt.Sprint("other ", i)
			}
			if x.want == nil {
				if err != nil || p.way.appends != len(x.others)+1 {
					t.Fatalf("%v after %d attempts", err, p.way.appends)
				}
				p.holds(uint64(2+len(x.others)), want)
				return
			}
			var conflict *ConflictError
			if !errors.As(err, &conflict) || len(conflict.Conflicts) != 1 || conflict.Conflicts[0].Path != "sheet.f0" || p.way.appends != len(x.others) {
				t.Fatalf("%v after %d attempts", err, p.way.appends)
			}
			p.holds(uint64(1+len(x.others)), want)
		})
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
}

// TestClockCorrected has clients go by their own clock: a host whose clock is
// another, within a day, is believed, once for each commit; beyond, it is not.
func TestClockCorrected(t *testing.T) {
	tests := []struct {
		name    string
		ahead   time.Duration // the host's clock before the machine's
		appends int
		refused bool
	}{
		{"right", 0, 1, false},
		{"an hour ahead", time.Hour, 2, false},
		{"an hour behind", -time.Hour, 2, false},
		{"nearly a day ahead", maxCorrection - time.Minute, 2, false},
		{"nearly a day behind", time.Minute - maxCorrection, 2, false},
		{"more than a day ahead", maxCorrection + time.Minute, 1, true},
		{"more than a day behind", -maxCorrection - time.Minute, 1, true},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			host := NewHost(store.NewMemory())
			host.Now = func() time.Time { return time.Now().Add(x.ahead) }
			me, way := crowd(t, 1)[0], &remote{Store: host}
			tr, err := Create(t.Context(), way, fields(t, 1), me, InSuite(section.Classic), Bind("member", me.Card()))
			if way.appends != x.appends {
				t.Errorf("appended %d times, want %d", way.appends, x.appends)
			}
			var refusal *Refusal
			if x.refused {
				if !errors.As(err, &refusal) || refusal.Code != BadSkew || refusal.Clock.IsZero() {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			way.appends = 0
			d := tr.Draft()
			d.Set("sheet.f0", "mine")
			if err := d.Commit(t.Context()); err != nil || way.appends != 1 {
				t.Errorf("the next commit: %v, appended %d times", err, way.appends)
			}
		})
	}
	if len(tests) == 0 {
		t.Fatal("no cases")
	}
}

// TestClockThatJumps has a host tell another time whenever it is asked.
func TestClockThatJumps(t *testing.T) {
	host := NewHost(store.NewMemory())
	var asked atomic.Int64
	host.Now = func() time.Time { return time.Now().Add(time.Duration(asked.Add(1)) * time.Hour) }
	me, way := crowd(t, 1)[0], &remote{Store: host}
	if _, err := Create(t.Context(), way, fields(t, 1), me, InSuite(section.Classic), Bind("member", me.Card())); !errors.Is(err, BadSkew) || way.appends != 2 {
		t.Errorf("%v, appended %d times", err, way.appends)
	}
}
