package tray

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// Tray is a participant's handle on one tray: what is known of its log, and
// what the participant could open. It is safe for concurrent use. It believes
// nothing that it did not verify, whatever the host says.
type Tray struct {
	host store.Store

	mu     sync.Mutex
	state  *State
	keys   []*Identity   // the one it was opened with, nil for somebody who only looks, and those of rekeys, done or not
	offset time.Duration // of the host's clock
	opened map[entry.Place]opened
}

// Create opens a new tray of a template, with the bound participants ([Bind]): me
// must be among them. The suite is [section.PQ] unless [InSuite] says otherwise.
//
// It is [Blocked] if there were roles in which nobody is and to which nobody could
// ever be brought in, by the bound or by whom they can bring in: what the template
// leaves to these roles would never be done. After an error of the way to the host
// there may be a tray all the same; to call Create again makes another.
//
// host is the application's [Host], or the way to one: a client of one that
// listens elsewhere, or what [With] gives. It is a [store.Store] since whoever
// makes a handle does not trust it, and needs no more of it than that it keeps
// what it is given. For the same reason a bare store will do, where it is shared
// with nobody: a folder, a test. But a bare store enforces nothing. Whoever else
// can write to it can append what is not valid, which every handle then refuses
// to read on from; there is no one to refuse it beforehand.
func Create(ctx context.Context, host store.Store, t *template.Template, me *Identity, with ...CreateOption) (*Tray, error) {
	switch {
	case host == nil:
		return nil, errNoHost
	case t == nil:
		return nil, errors.New("tray: no template is given")
	case me == nil:
		return nil, errNoIdentity
	}
	begin := beginning{suite: section.PQ, roles: make(map[Card][]string)}
	for _, option := range with {
		if option != nil {
			option.create(&begin)
		}
	}
	tr := newTray(host, me, newState(t, sign.Hash{}))
	nonce, err := newNonce()
	if err != nil {
		return nil, err
	}
	ops := []entry.Op{&entry.Create{Format: entry.Format, Nonce: nonce, Suite: string(begin.suite), Template: t.Digest()}}
	for _, card := range begin.cards {
		if _, err := ParseCard(string(card)); err != nil {
			return nil, err
		}
		named, err := rolesOf(t, begin.roles[card])
		if err != nil {
			return nil, err
		}
		ops = append(ops, &entry.Admit{Card: string(card), Roles: named})
	}
	if err := begin.complete(tr.State(), me); err != nil {
		return nil, err
	}
	err = tr.append(ctx, func(*State) (*proposal, error) {
		return &proposal{author: me.ID(), ops: ops, blobs: [][]byte{t.Canonical()}}, nil
	})
	if err != nil {
		return nil, err
	}
	return tr, nil
}

var (
	errNoHost     = errors.New("tray: no host is given")
	errNoIdentity = errors.New("tray: no identity is given")
)

func newTray(host store.Store, me *Identity, s *State) *Tray {
	return &Tray{host: host, state: s, keys: []*Identity{me}, opened: make(map[entry.Place]opened)}
}

// Open opens a tray that nothing is known of but its id: the whole log is
// verified. Whether the host withholds its end cannot be told; whoever was in
// the tray before uses [OpenAt] or [Resume], which can.
//
// host is that of [Create]: the handle verifies all that it reads, but a bare
// store keeps nobody from writing what no handle can read.
//
// me may be nil, to look at what needs no key.
func Open(ctx context.Context, host store.Store, id sign.Hash, me *Identity) (*Tray, error) {
	t, err := templateOf(ctx, host, id)
	if err != nil {
		return nil, err
	}
	tr := newTray(host, me, newState(t, id))
	if err := tr.Sync(ctx); err != nil {
		return nil, err
	}
	return tr, nil
}

// OpenAt opens a tray whose head was pinned: kept by the caller from a log that
// he verified, or had from somebody whom he trusts. It fails with a [*ForkError]
// if the host serves a log that does not contain it. What stands before the
// head was verified when it was pinned, so that no signature is verified again
// there, of lines, cards or claims: for a head from somebody whom you do not trust
// with that, use [Open], or [Verify] with it.
//
// Where the log contains the head, and only what follows is bad, or undecided, OpenAt returns
// both: the error that [Tray.Sync] has for it, and a handle that stands at the
// last entry that holds, at the head or behind it. Its state can be looked at and
// its sections read. Nothing can be committed to it while the host serves that
// log: every Sync and every commit fails with the same error. With any other error
// there is no handle.
func OpenAt(ctx context.Context, host store.Store, pinned store.Head, me *Identity) (*Tray, error) {
	return openTo(ctx, host, pinned, me, reopen)
}

// openTo opens a tray whose log must contain a head, up to which replay reads.
func openTo(ctx context.Context, host store.Store, pinned store.Head, me *Identity,
	replay func(*State, iter.Seq2[[]byte, error], store.Head) (*State, error)) (*Tray, error) {
	t, err := templateOf(ctx, host, pinned.Tray)
	if err != nil {
		return nil, err
	}
	s, err := replay(newState(t, pinned.Tray), host.Log(ctx, pinned.Tray, 0), pinned)
	if err != nil {
		return nil, err
	}
	return newTray(host, me, s).reached(ctx)
}

// reached follows the log from what the caller knew of it: if only what follows is
// bad or undecided, there is a handle; not if another log is served, or it cannot be read.
func (t *Tray) reached(ctx context.Context) (*Tray, error) {
	err := t.Sync(ctx)
	if err != nil && (errors.As(err, new(*ForkError)) || !errors.As(err, new(*Refusal)) && !errors.As(err, new(*UndecidedError))) {
		return nil, err
	}
	return t, err
}

// templateOf loads a tray's template.
func templateOf(ctx context.Context, host store.Store, id sign.Hash) (*template.Template, error) {
	s, cache, err := templatesOf(host)
	if err != nil {
		return nil, err
	}
	return loadTemplate(ctx, s, id, cache)
}

// templatesOf gives the store behind a host, and the templates that are compiled
// already: those that all trays of an in-process host share, and of any other
// store none.
func templatesOf(host store.Store) (store.Store, *template.Cache, error) {
	switch h := host.(type) {
	case nil:
		return nil, nil, errNoHost
	case *Host:
		if h.equipped != nil {
			return h.store, &h.equipped.templates, nil
		}
		return h.store, h.templates, nil
	case *equipped:
		return h.Store, &h.templates, nil
	}
	return host, new(template.Cache), nil
}

// Sync verifies what the log has grown by. It fails with a [*ForkError] if the
// log is shorter than it was, with a [*Refusal] if an entry is invalid, and with an
// [*UndecidedError] if this program cannot tell; the handle stays at what it had
// verified.
func (t *Tray) Sync(ctx context.Context) error {
	for {
		s := t.State()
		next, err := grown(ctx, t.host, s)
		if next == s || t.advance(s, next) {
			return err
		}
		// Another goroutine was faster. What it took in need not be what this one
		// was served: a host could tell each another log.
	}
}

// grown gives the state after what a log has grown by since s. A log that s does
// not stand in any more, being shorter or another one, is a [*ForkError].
func grown(ctx context.Context, from store.Store, s *State) (*State, error) {
	if s.head.Length > 0 {
		head, err := from.Head(ctx, s.head.Tray)
		if err != nil || head == s.head {
			return s, err
		}
		if head.Length <= s.head.Length {
			return s, &ForkError{Pinned: s.head, Got: head}
		}
	}
	next, err := verify(s, from.Log(ctx, s.head.Tray, s.head.Length))
	if errors.Is(err, BadChain) && s.head.Length > 0 && next == s {
		err = &ForkError{Pinned: s.head, Got: store.Head{Tray: s.head.Tray, Length: s.head.Length}}
	}
	return next, err
}

// advance takes the state that follows s, unless the handle has left s.
func (t *Tray) advance(s, next *State) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state != s {
		return false
	}
	t.state = next
	return true
}

// State gives what was last verified.
func (t *Tray) State() *State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

// ID gives the tray's id, the hash of its first line.
func (t *Tray) ID() sign.Hash { return t.State().head.Tray }

// Me gives the handle's participant in the present state, or nil.
func (t *Tray) Me() *Person { s := t.State(); return s.mine(t.as(s)).copy() }

// as gives the identity that acts on a state: the one whose key the participant has
// there. So a rekey counts from its entry on, whoever else commits meanwhile, and
// whether or not the host's answer arrives.
func (t *Tray) as(s *State) *Identity {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := s.mine(t.keys[0]); p != nil {
		for _, me := range t.keys {
			if p.key == me.public {
				return me
			}
		}
	}
	return t.keys[0]
}

// will has the handle go on with an identity once a state has its key.
func (t *Tray) will(next *Identity) {
	t.mu.Lock()
	defer t.mu.Unlock()
	same := func(me *Identity) bool { return me != nil && me.public == next.public }
	if !slices.ContainsFunc(t.keys, same) {
		t.keys = append(t.keys, next.Keeping(t.keys[len(t.keys)-1]))
	}
}

// mine finds the participant that an identity is.
func (s *State) mine(me *Identity) *Person {
	if me == nil {
		return nil
	}
	return s.people[s.keys[me.public.String()]]
}

// sign makes the entry's line, and the state after it.
func (t *Tray) sign(s *State, p *proposal) ([]byte, *State, error) {
	e := t.entry(s, p)
	payload, err := e.Encode()
	if err != nil {
		return nil, nil, err
	}
	line, err := sign.Sign(entry.Kind, payload, t.as(s).signer())
	if err != nil {
		return nil, nil, err
	}
	next, err := s.applyVerified(e, sign.Sum(line))
	return line, next, err
}

// entry puts ops into an entry that follows s.
func (t *Tray) entry(s *State, p *proposal) *entry.Entry {
	at := p.time
	if at.IsZero() {
		at = t.time(s)
	}
	e := &entry.Entry{
		Tray: s.head.Tray, Seq: s.head.Length, Prev: s.head.Hash, Time: at,
		Author: p.author, Ops: p.ops,
	}
	if me := t.as(s); me != nil {
		e.Key = me.public.String()
	}
	return e
}

// time is now by the host's clock, but never before the last entry.
func (t *Tray) time(s *State) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := clock(t.host).Add(t.offset).UTC().Truncate(time.Second)
	if now.Before(s.now) {
		return s.now
	}
	return now
}

// correct takes the host's clock for the right one, unless it is too far off.
func (t *Tray) correct(host time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	offset := host.Sub(clock(t.host))
	if offset.Abs() > maxCorrection {
		return false
	}
	t.offset = offset
	return true
}

// Clock is what a way to a host may have besides the methods of a [store.Store]:
// the time by the host's clock, with which handles stamp entries. A [Host] has it.
// Without it they go by the machine's clock, corrected by that of the host once it
// refuses an entry with [BadSkew] and tells its own.
type Clock interface {
	// Clock tells the time by the host's clock, or by the machine's where it is
	// not known.
	Clock() time.Time
}

// clock tells the time by the host's clock if it has one to ask, and by the
// machine's otherwise.
func clock(host store.Store) time.Time {
	if c, ok := host.(Clock); ok {
		return c.Clock()
	}
	return time.Now()
}
