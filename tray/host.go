package tray

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// Host is a store that lets in only what verifies. It has no key and reads no
// opaque section, and enforces the whole process all the same: author, rights,
// lifecycle, signatures, attestations. It is the only thing to expose to
// others; the store behind it is dumb.
//
// [NewHost] makes one. Set its fields before first use; their zero values are good.
type Host struct {
	// Now is the clock that entries are compared with, and that clients in the
	// same program go by; time.Now if nil.
	Now func() time.Time
	// Skew is how far an entry's time may be from the clock; two minutes if
	// zero.
	Skew time.Duration
	// Admit is asked, before the first entry of a tray is stored, whether trays
	// of this template are welcome; all sound templates are if nil.
	Admit func(context.Context, *template.Template) error

	store     store.Store
	equipped  *equipped // what handles on the host evaluate with; nil for nothing
	templates *template.Cache
	states    recent[*State] // the last that was verified
	told      recent[*State] // where Events was
}

// NewHost puts a host around a store. If the store came from [With], handles that
// are opened on the host itself have the library, as if With had been put around
// the host; the host does not use it.
func NewHost(s store.Store) *Host {
	h := &Host{store: s, templates: new(template.Cache)}
	for e, ok := s.(*equipped); ok; e, ok = h.store.(*equipped) {
		if h.equipped == nil {
			h.equipped = e
		}
		h.store = e.Store
	}
	return h
}

const defaultSkew = 2 * time.Minute

var _ store.Store = (*Host)(nil)

// Append verifies an entry and stores it with its blobs. It fails with a [*Refusal]
// if the entry cannot be there, with an [*UndecidedError] if this host cannot tell,
// so that nothing is stored that it did not decide, and like the store's Append
// otherwise: in particular with a [*store.ConflictError] if the log has grown, or
// if there is no such tray. A store that was rolled back or swapped is a
// [*ForkError], as for [Host.State].
func (h *Host) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	e, err := h.open(line)
	if err != nil {
		return err
	}
	before, err := h.before(ctx, after, e, blobs)
	if err != nil {
		return err
	}
	next, err := before.applyVerified(e, sign.Sum(line))
	if err != nil {
		return err
	}
	if err := h.admit(ctx, next, e, blobs); err != nil {
		return err
	}
	if err := h.store.Append(ctx, after, line, blobs...); err != nil {
		return err
	}
	h.states.keep(next)
	return nil
}

// open verifies the signature of a line.
func (h *Host) open(line []byte) (*entry.Entry, error) {
	var e *entry.Entry
	_, err := sign.Open(entry.Kind, line, func(payload []byte) (key sign.PublicKey, err error) {
		var raw [32]byte
		if e, raw, err = decodeEntry(0, payload); err == nil {
			key, err = sign.NewPublicKey(raw[:])
		}
		return key, err
	})
	if err != nil {
		return nil, lineRefusal(new(State), err)
	}
	return e, nil
}

// before gives the state that an entry is to follow.
func (h *Host) before(ctx context.Context, after store.Head, e *entry.Entry, blobs [][]byte) (*State, error) {
	if after.Length > 0 {
		s, err := h.State(ctx, after.Tray)
		switch {
		case err == nil && s.head != after:
			err = &store.ConflictError{Head: s.head}
		case errors.Is(err, store.ErrNotFound): // the tray, or its template
			if _, headErr := h.store.Head(ctx, after.Tray); errors.Is(headErr, store.ErrNotFound) {
				err = &store.ConflictError{Head: store.Head{Tray: after.Tray}}
			}
		}
		return s, err
	}
	create, ok := e.Ops[0].(*entry.Create)
	if !ok {
		return nil, refuse(BadOrder, "create is the first op of the first entry")
	}
	for _, blob := range blobs {
		if sign.Sum(blob) != create.Template {
			continue
		}
		t, err := h.templates.Parse(blob)
		if err != nil {
			return nil, &Refusal{Code: Malformed, Op: 0, Detail: "the template", Err: err}
		}
		return newState(t, after.Tray), nil
	}
	return nil, refuse(BadBlob, "the template does not come with the first entry")
}

// admit checks what is prudence, not validity: the entry's time against the
// clock, a new tray's template, and that exactly the blobs that the entry names
// come with it, sealed as it says.
func (h *Host) admit(ctx context.Context, next *State, e *entry.Entry, blobs [][]byte) error {
	now, skew := h.Clock(), h.Skew
	if skew == 0 {
		skew = defaultSkew
	}
	if d := e.Time.Sub(now); d > skew || d < -skew {
		return &Refusal{Code: BadSkew, Seq: e.Seq, Op: -1, Clock: now, Detail: "the entry's time is not the host's: is a clock wrong?"}
	}
	given := make(map[sign.Hash][]byte, len(blobs))
	for _, blob := range blobs {
		given[sign.Sum(blob)] = blob
	}
	if e.Seq == 0 {
		delete(given, next.template.Digest())
		if err := h.welcome(ctx, next.template); err != nil {
			return err
		}
	}
	for i, op := range e.Ops {
		f := fileOf(op)
		if f == nil {
			continue
		}
		blob, ok := given[f.Blob]
		if !ok || uint64(len(blob)) != f.Size {
			return &Refusal{Code: BadBlob, Seq: e.Seq, Op: i, Detail: "a blob of the entry is missing or of another size"}
		}
		delete(given, f.Blob)
		if n, err := section.Inspect(blob, next.suite); err != nil || n != len(f.To) {
			return &Refusal{Code: BadBlob, Seq: e.Seq, Op: i, Detail: "a blob is not sealed to as many as it should be", Err: err}
		}
	}
	if len(given) > 0 {
		return &Refusal{Code: BadBlob, Seq: e.Seq, Op: -1, Detail: "a blob that the entry does not name"}
	}
	return nil
}

// Clock tells the host's time, for which clients ask.
func (h *Host) Clock() time.Time {
	if h.Now != nil {
		return h.Now()
	}
	return time.Now()
}

// welcome asks whether trays of a template may be made here.
func (h *Host) welcome(ctx context.Context, t *template.Template) error {
	if _, err := template.Compile(t.Definition()); err != nil {
		return &Refusal{Code: Malformed, Detail: "the template is not sound", Err: err}
	}
	if h.Admit != nil {
		return h.Admit(ctx, t)
	}
	return nil
}

// fileOf gives the file that an op introduces, or nil.
func fileOf(op entry.Op) *entry.File {
	switch op := op.(type) {
	case *entry.Write:
		if op.Public == "" {
			return &op.File
		}
	case *entry.Share:
		return &op.File
	case *entry.Note:
		return &op.File
	case *entry.Fire:
		if op.Reason != nil {
			return &op.Reason.File
		}
	}
	return nil
}

// State replays a tray's log, without any key, and gives its state. What was
// verified before is not verified again. It fails with a [*Refusal] for a log that
// does not verify, with an [*UndecidedError] for one of which this host cannot
// tell, and with a [*ForkError] if the store does not hold what it held when the
// host last looked: it was rolled back, or is another. To believe it all the same,
// as after a backup was put back on purpose, takes a new Host. A tray that the store
// does not have, or not any more, is [store.ErrNotFound].
func (h *Host) State(ctx context.Context, tray sign.Hash) (*State, error) {
	s := h.states.of(tray)
	if s == nil {
		t, err := h.template(ctx, tray)
		if err != nil {
			return nil, err
		}
		s = newState(t, tray)
	}
	next, err := grown(ctx, h.store, s)
	if next != s { // what verified before a line that did not is not verified again either
		h.states.keep(next)
	}
	if err != nil {
		return nil, err
	}
	return next, nil
}

// template gives the compiled template of a tray, shared by all trays of it.
func (h *Host) template(ctx context.Context, tray sign.Hash) (*template.Template, error) {
	return loadTemplate(ctx, h.store, tray, h.templates)
}

// Head passes on the store's.
func (h *Host) Head(ctx context.Context, tray sign.Hash) (store.Head, error) {
	return h.store.Head(ctx, tray)
}

// Log passes on the store's: whoever reads it verifies it himself.
func (h *Host) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return h.store.Log(ctx, tray, from)
}

// Blob passes on the store's.
func (h *Host) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	return h.store.Blob(ctx, tray, digest)
}

// loadTemplate reads the template that the first entry of a tray names.
func loadTemplate(ctx context.Context, s store.Store, tray sign.Hash, cache *template.Cache) (*template.Template, error) {
	for line, err := range s.Log(ctx, tray, 0) {
		if err != nil {
			return nil, err
		}
		if sign.Sum(line) != tray {
			return nil, refuse(BadChain, "the log is of another tray")
		}
		one := func(yield func([]byte, error) bool) { yield(line, nil) }
		for o, err := range sign.OpenAll(entry.Kind, one, decodeEntry) {
			if err != nil {
				return nil, lineRefusal(new(State), err)
			}
			create, ok := o.Value.Ops[0].(*entry.Create)
			if !ok {
				return nil, refuse(BadOrder, "create is the first op of the first entry")
			}
			return readTemplate(ctx, s, tray, create.Template, cache)
		}
	}
	return nil, store.ErrNotFound
}

// readTemplate reads the template of a tray, by its digest.
func readTemplate(ctx context.Context, s store.Store, tray, digest sign.Hash, cache *template.Cache) (*template.Template, error) {
	blob, err := s.Blob(ctx, tray, digest)
	if err != nil {
		return nil, fmt.Errorf("tray: the template: %w", readError{err})
	}
	if sign.Sum(blob) != digest { // before it costs a compilation
		return nil, refuse(BadRoot, "the tray is kept by another template")
	}
	t, err := cache.Parse(blob)
	var library *rules.LibraryError
	if errors.As(err, &library) { // the application's mistake
		return nil, err
	}
	if err != nil {
		return nil, &Refusal{Code: Malformed, Detail: "the template", Err: err}
	}
	return t, nil
}

// Feed passes on the store's.
func (h *Host) Feed(ctx context.Context, after store.Cursor) iter.Seq2[store.Change, error] {
	return h.store.Feed(ctx, after)
}
