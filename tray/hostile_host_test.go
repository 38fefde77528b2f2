package tray

import (
	"errors"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
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
