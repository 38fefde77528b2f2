package tray

import (
	"context"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// follower replays trays as a feed tells of them. Of a tray that the feed tells
// of again and again it reads ahead, twice as far each time: lines are verified
// on all cores, and their keys checked once for many.
type follower struct {
	host  *Host
	trays recent[*followed]
	ahead int // bytes of the lines that were read ahead, of all trays
}

// followed is where one tray is.
type followed struct {
	state *State     // after the last entry that was told
	last  *State     // before it, if it is known
	ahead []replayed // the entries after it
	batch uint64     // how many to read the next time
}

// replayed is an entry that was verified, and the state after it.
type replayed struct {
	entry *entry.Entry
	state *State
	size  int // of its line, and of what the state may share with no other
}

const (
	// maxBatch bounds the lines of one tray that are read ahead: by then
	// reading them one by one would cost hardly more.
	maxBatch = 256
	// maxAhead bounds their bytes and those of the states after them, for all trays
	// together, but for one line.
	maxAhead = 4 << 20
)

// entry gives an entry of a tray, verified, and the state after it. Usually it
// is the one after the last that was told, or the last of its log, which the
// host knows; otherwise the log is replayed up to it.
func (f *follower) entry(ctx context.Context, tray sign.Hash, seq uint64) (*State, *entry.Entry, error) {
	at := f.trays.of(tray)
	if at == nil || at.state.head.Length != seq {
		if known := f.host.states.of(tray); known != nil && known.head.Length == seq+1 {
			e, err := f.last(ctx, known)
			if err == nil {
				f.start(known)
			}
			return known, e, err
		}
		var err error
		if at, err = f.before(ctx, tray, seq); err != nil {
			return nil, nil, err
		}
	}
	for {
		if len(at.ahead) == 0 {
			if err := f.read(ctx, at, seq); err != nil {
				return nil, nil, err
			}
		}
		next := at.ahead[0]
		at.ahead[0] = replayed{} // which is nobody's any more
		at.ahead = at.ahead[1:]
		at.last, at.state, f.ahead = at.state, next.state, f.ahead-next.size
		if len(at.ahead) == 0 {
			f.host.states.keep(at.state)
			f.follow(at)
		}
		if at.state.head.Length == seq+1 {
			return at.state, next.entry, nil
		}
	}
}

// before gives where to read an entry from: the latest state before it that is
// known.
func (f *follower) before(ctx context.Context, tray sign.Hash, seq uint64) (*followed, error) {
	at := f.trays.of(tray)
	var latest *State
	if at != nil && at.state.head.Length <= seq {
		latest = at.state
	}
	for _, known := range []*State{f.host.states.of(tray), f.host.told.of(tray)} {
		if known != nil && known.head.Length <= seq && (latest == nil || latest.head.Length < known.head.Length) {
			latest, at = known, nil
		}
	}
	switch {
	case latest != nil && at != nil:
		return at, nil
	case latest != nil:
		return f.start(latest), nil
	}
	t, err := f.host.template(ctx, tray)
	if err != nil {
		return nil, err
	}
	return f.start(newState(t, tray)), nil
}

// read verifies lines that follow, up to the one that is asked for and maybe
// some more: at least one.
func (f *follower) read(ctx context.Context, at *followed, seq uint64) error {
	s := at.state
	n := max(at.batch, min(seq+1-s.head.Length, maxBatch))
	at.batch, at.ahead = min(2*at.batch, maxBatch), nil
	lines := firstLines(f.host.store.Log(ctx, s.head.Tray, s.head.Length), n)
	for o, err := range sign.OpenAll(entry.Kind, lines, decodeEntry) {
		if err != nil {
			err = lineRefusal(s, err)
		} else {
			s, err = s.applyVerified(o.Value, o.Line)
		}
		if err != nil && len(at.ahead) > 0 {
			return nil // its turn will come
		}
		if err != nil {
			return err
		}
		size := o.Size + s.listed()*mapWeight
		at.ahead = append(at.ahead, replayed{o.Value, s, size})
		if f.ahead += size; f.ahead > maxAhead {
			return nil
		}
	}
	if len(at.ahead) == 0 {
		return &Refusal{Code: BadChain, Seq: s.head.Length, Op: -1, Detail: "the log is shorter than the store told"}
	}
	return nil
}

// last reads the entry that a verified state ends with.
func (f *follower) last(ctx context.Context, s *State) (*entry.Entry, error) {
	lines := firstLines(f.host.store.Log(ctx, s.head.Tray, s.head.Length-1), 1)
	for o, err := range sign.ReadAll(entry.Kind, lines, decodeEntry) {
		if err != nil {
			return nil, lineRefusal(s, err)
		}
		if o.Line == s.head.Hash {
			return o.Value, nil
		}
	}
	return nil, &Refusal{Code: BadChain, Seq: s.head.Length - 1, Op: -1, Detail: "the last entry is not the one that was verified"}
}

// start follows a tray from a state.
func (f *follower) start(s *State) *followed {
	f.stop(f.trays.forget(s.head.Tray))
	at := &followed{state: s, batch: 1}
	f.follow(at)
	return at
}

// follow keeps where a tray is, and others as far as there is room for them.
func (f *follower) follow(at *followed) {
	for _, gone := range f.trays.keep(at) {
		f.stop(gone)
	}
}

// stop forgets what was read ahead of a tray.
func (f *follower) stop(at *followed) {
	if at == nil {
		return
	}
	for _, r := range at.ahead {
		f.ahead -= r.size
	}
}

// leave has the host keep where the trays are, for whoever asks what is new: by then
// the host itself may know a later state only. It is the state before the last
// entry that was told, since that is told again where it was not dealt with.
func (f *follower) leave() {
	for _, at := range f.trays.all() {
		s := at.last
		if s == nil {
			s = at.state
		}
		f.host.told.forget(s.head.Tray) // of two that ask, the one behind pays for no more than lies between them
		f.host.told.keep(s)
	}
}

func (at *followed) at() *State { return at.state }
