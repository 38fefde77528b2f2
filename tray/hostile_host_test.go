package tray

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// imprudent are valid entries that a host refuses all the same: because of their
// blobs, or of its clock. Whoever finds them in a log takes them.
var imprudent = []hostile{
	{"filling", "write", "without its blob", BadBlob, func(f *forger) []byte {
		line := f.by("anna", f.write("products", "anna", "amount", 8))
		f.blobs = nil
		return line
	}},
	{"filling", "write", "with a blob more", BadBlob, func(f *forger) []byte {
		f.file([]byte("{}"), f.ids("anna")...)
		return f.by("anna", f.write("products", "anna", "amount", 8))
	}},
	{"filling", "write", "with a blob of another size", BadBlob, func(f *forger) []byte {
		op := f.write("products", "anna", "amount", 8)
		op.File.Size++
		return f.by("anna", op)
	}},
	{"filling", "write", "with a blob that is sealed to one more", BadBlob, func(f *forger) []byte {
		op := f.write("products", "anna", "amount", 8)
		f.blobs = nil
		to := op.File.To
		op.File = f.file([]byte("{}"), append(f.ids("crow"), to...)...)
		op.File.To = to
		return f.by("anna", op)
	}},
	{"filling", "write", "with a blob that is no age file", BadBlob, func(f *forger) []byte {
		op := f.write("products", "anna", "amount", 8)
		f.blobs = [][]byte{[]byte("amount: 8")}
		op.File.Blob, op.File.Size = sign.Sum(f.blobs[0]), uint64(len(f.blobs[0]))
		return f.by("anna", op)
	}},
	{"filling", "note", "a second further ahead than clocks may differ", BadSkew, func(f *forger) []byte {
		return f.spoiled("dora", f.note(f.audience("dora")...), func(e *entry.Entry) { e.Time = e.Time.Add(2*time.Minute + time.Second) })
	}},
	{"filling", "note", "of the day after tomorrow", BadSkew, func(f *forger) []byte {
		return f.spoiled("dora", f.note(f.audience("dora")...), func(e *entry.Entry) { e.Time = e.Time.Add(48 * time.Hour) })
	}},
}

// TestHostileToHost shows the line between prudence and validity: the host
// refuses, replay does not.
func TestHostileToHost(t *testing.T) {
	w := stage(t, "filling")
	for _, h := range imprudent {
		t.Run(h.op+"/"+h.name, func(t *testing.T) {
			f := &forger{world: w}
			line := h.forge(f)
			if err := f.append(line, false); !errors.Is(err, h.code) {
				t.Errorf("the host: %v, want %s", err, h.code)
			}
			planted, id := f.planted(t, line, false)
			if _, err := planted.State(w.ctx, id); err != nil {
				t.Errorf("replay: %v", err)
			}
		})
	}
	if len(imprudent) == 0 {
		t.Error("no cases")
	}
	w.checkReplays()
}

// twoFaced is a host that serves another log to one goroutine while it answers
// another.
type twoFaced struct {
	store.Store
	other     store.Store
	in        string // the answer in the midst of which it turns
	meanwhile func() // once
	turned    bool   // other answers
}

func (h *twoFaced) face() store.Store {
	if h.turned {
		return h.other
	}
	return h.Store
}

func (h *twoFaced) turn(in string) {
	if f := h.meanwhile; f != nil && in == h.in {
		h.meanwhile, h.turned = nil, true
		f()
		h.turned = false
	}
}

func (h *twoFaced) Head(ctx context.Context, tray sign.Hash) (store.Head, error) {
	return h.face().Head(ctx, tray)
}

func (h *twoFaced) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		h.turn("log")
		h.face().Log(ctx, tray, from)(yield)
	}
}

func (h *twoFaced) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	err := h.face().Append(ctx, after, line, blobs...)
	h.turn("append")
	return err
}

// TestTwoLogsToOneHandle serves two logs that part where a handle is, to two
// goroutines that use it at once: it takes the one that it was told first, and
// finds the other out.
func TestTwoLogsToOneHandle(t *testing.T) {
	for _, in := range []string{"log", "append"} {
		t.Run(in, func(t *testing.T) {
			w := stage(t, "filling")
			f := &forger{world: w}
			note := func(who string) []byte { return f.by(who, f.note(f.audience(who)...)) }
			other, _ := f.planted(t, note("anna"), false)
			lines := w.log()
			if in == "log" { // the one that comes too late, and is longer
				lines = append(lines, note("dora"))
				e := f.entry("dora", f.note(f.audience("dora")...))
				e.Seq, e.Prev = e.Seq+1, sign.Sum(lines[len(lines)-1])
				lines = append(lines, f.line(e, f.actor("dora").signer))
			}
			h := &twoFaced{Store: w.served(t, lines...), other: other, in: in}
			tr := newTray(h, w.actor("carl").me, w.state())
			h.meanwhile = func() {
				if err := tr.Sync(w.ctx); err != nil {
					t.Errorf("the first: %v", err)
				}
			}
			d := tr.Draft()
			d.Note("so be it")
			if err := d.Commit(w.ctx); !errors.Is(err, ErrFork) {
				t.Errorf("the second: %v, want a fork", err)
			}
			if end, err := other.Head(w.ctx, w.id); err != nil || tr.State().head != end {
				t.Errorf("the handle is at %v, %v; it had taken %v", tr.State().head, err, end)
			}
		})
	}
}
