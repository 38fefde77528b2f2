package tray

import (
	"context"
	"iter"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
)

// TextKind tells notes from reasons.
type TextKind string

const (
	NoteText   TextKind = "note"   // left beside everything else: [Draft.Note]
	ReasonText TextKind = "reason" // why an event was fired: [Draft.Reason]
)

// Text is a note, or the reason of an event, as the handle's participant sees
// it. It prints without what it says.
type Text struct {
	Kind   TextKind
	ID     string // as in [DidNote] and [DidFire]
	Seq    uint64 // the entry that it came in
	Time   time.Time
	Author string
	Event  string   // that a reason is for
	To     []string // participants whom it was sealed to
	Status Status   // Readable, or why it is not
	body   string
}

// Body gives what it says, or "" if it cannot be read.
func (x Text) Body() string { return x.body }

// String gives kind, id, author and status, not the text.
func (x Text) String() string {
	return string(x.Kind) + " " + x.ID + " by " + x.Author + ", " + string(x.Status)
}

// GoString is String, so that no text is printed by mistake.
func (x Text) GoString() string { return x.String() }

// Texts gives all notes and reasons, in the order of the log, and opens those
// that the handle's participant can read. Errors are as in [Tray.Timeline], or
// the medium's.
func (t *Tray) Texts(ctx context.Context) iter.Seq2[Text, error] {
	return func(yield func(Text, error) bool) {
		var texts []Text
		var files []entry.File
		err := t.history(ctx, func(_ *State, e *entry.Entry) error {
			for _, op := range e.Ops {
				x := Text{Kind: NoteText, Seq: e.Seq, Time: e.Time, Author: e.Author}
				var sealed *entry.Sealed
				switch op := op.(type) {
				case *entry.Note:
					sealed = &op.Sealed
				case *entry.Fire:
					sealed, x.Kind, x.Event = op.Reason, ReasonText, op.Event
				}
				if sealed != nil {
					x.ID, x.To = sealed.ID, sealed.File.To
					texts, files = append(texts, x), append(files, sealed.File)
				}
			}
			return nil
		})
		if err != nil {
			yield(Text{}, err)
			return
		}
		s := t.State()
		for i := range texts {
			if err := t.read(ctx, s, &texts[i], &files[i]); err != nil {
				yield(Text{}, err)
				return
			}
			if !yield(texts[i], nil) {
				return
			}
		}
	}
}

// read opens a text, if it is sealed to the handle's participant.
func (t *Tray) read(ctx context.Context, s *State, x *Text, f *entry.File) error {
	x.Status = Opaque
	as := t.as(s)
	me := s.mine(as)
	if me == nil {
		return nil
	}
	for i, id := range f.To {
		if id != me.ID {
			continue
		}
		want := textHeader(s.head.Tray, string(x.Kind), x.ID, x.Author)
		rev, status, err := openFile(ctx, t.host, s, f, i, func(blob []byte, slot section.Slot) (section.Revision, error) {
			return s.openText(blob, slot, want, as.readers)
		})
		if err != nil {
			return err
		}
		x.Status = status
		x.body, _ = rev.Content["text"].(string)
	}
	return nil
}

// openText opens a note or a reason. It has no root in the log: all readers have
// one file, whose digest its author signed, and so one text.
func (s *State) openText(blob []byte, slot section.Slot, want section.Header, keys []section.Identity) (section.Revision, error) {
	plain, err := section.Unseal(blob, s.suite, slot, keys...)
	if err != nil {
		return section.Revision{}, err
	}
	rev, err := s.template.NoteSchema().Unmarshal(plain)
	if err != nil {
		return section.Revision{}, &section.ContradictionError{What: "encoding", Err: err}
	}
	if rev.Header != want {
		return section.Revision{}, &section.ContradictionError{What: "header"}
	}
	return rev, nil
}
