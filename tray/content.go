package tray

import (
	"context"
	"errors"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// Status says what became of a section for whoever looks at it.
type Status string

const (
	None          Status = "none"          // there is no such section, or it is per a role and nobody's instance is meant
	Unwritten     Status = "unwritten"     // nothing was written yet
	Readable      Status = "readable"      // opened, and what the log says it is
	Opaque        Status = "opaque"        // not for this reader
	Due           Status = "due"           // for this reader, but nobody has shared it yet
	Unreadable    Status = "unreadable"    // a file is sealed to this reader, and none of his keys opens it
	Missing       Status = "missing"       // the host does not have the file
	Contradicting Status = "contradicting" // the file is not what the log says: whoever made it, the author or who shared it, misled his readers
)

// revision opens what a place holds, at, if the handle's participant can; at is
// nil for a place that was not written. by is who made the file that he was given and
// that cannot be read. An error is the medium's, never the content's: that is in the
// status.
func (t *Tray) revision(ctx context.Context, s *State, p entry.Place, at *place) (rev section.Revision, status Status, by string, err error) {
	var none section.Revision
	if at == nil {
		return none, Unwritten, "", nil
	}
	if at.public != nil {
		return section.Revision{Content: at.public}, Readable, "", nil
	}
	known := t.remembered(p, at)
	if known.seen {
		return known.rev, Readable, "", nil
	}
	as := t.as(s)
	me := s.mine(as)
	if me == nil {
		return none, Opaque, "", nil
	}
	rev, status, by, err = open(ctx, t.host, s, p, at, me.ID, as.readers, known)
	if status == Opaque && s.mayRead(p, me.ID, me.Roles) {
		status = Due
	}
	if status == Readable {
		t.remember(p, opened{root: at.root, rev: rev, seen: true})
	}
	return rev, status, by, err
}

// opened is a revision that was opened or sealed here before.
type opened struct {
	root sign.Hash
	rev  section.Revision
	seen bool      // the host had a file of it
	blob sign.Hash // if not, the one that was sealed here: the host is still to show it
}

// remembered gives what is known of a place's revision; the zero value if
// nothing is.
func (t *Tray) remembered(p entry.Place, at *place) opened {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.opened[p]; known.root == at.root && known.rev.Header.Revision == at.number {
		return known
	}
	return opened{}
}

// remember keeps a revision, in place of an older one.
func (t *Tray) remember(p entry.Place, what opened) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.opened[p]; !ok || known.rev.Header.Revision <= what.rev.Header.Revision {
		t.opened[p] = what
	}
}

// open opens a revision for a grantee, a participant or an invite, from the
// latest file that is sealed to it. The file that was sealed here has to be
// there like any other, but need not be decrypted. Where none can be read, it tells of
// the latest one that contradicts the log, or else of the latest, and by whom it is.
func open(ctx context.Context, host store.Store, s *State, p entry.Place, at *place, grantee string, keys []section.Identity, known opened) (rev section.Revision, status Status, by string, err error) {
	want := s.header(entry.Revision{Place: p, Number: at.number}, at.author)
	status = Opaque
	for i, f := range s.filesOf(at, grantee) {
		rev, st, err := openFile(ctx, host, s, &f.File, i, func(blob []byte, slot section.Slot) (section.Revision, error) {
			if f.Blob == known.blob {
				return known.rev, nil
			}
			return s.template.Schema(p.Section).Open(blob, s.suite, slot, want, section.Root(at.root), keys...)
		})
		if err != nil || st == Readable {
			return rev, st, "", err
		}
		if status == Opaque || st == Contradicting && status != Contradicting {
			status, by = st, f.by
		}
	}
	return section.Revision{}, status, by, nil
}

// openFile fetches a file, checks that it is the one that the log names, and
// opens it.
func openFile(ctx context.Context, host store.Store, s *State, f *entry.File, i int, open func([]byte, section.Slot) (section.Revision, error)) (section.Revision, Status, error) {
	var none section.Revision
	blob, err := host.Blob(ctx, s.head.Tray, f.Blob)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrCorrupt):
		return none, Missing, nil
	case err != nil:
		return none, Missing, err
	case uint64(len(blob)) != f.Size || sign.Sum(blob) != f.Blob:
		return none, Missing, nil
	}
	rev, err := open(blob, section.Slot{Index: i, Of: len(f.To)})
	switch {
	case err == nil:
		return rev, Readable, nil
	case errors.Is(err, section.ErrNotReader):
		return none, Unreadable, nil
	}
	return none, Contradicting, nil
}
