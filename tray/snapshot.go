package tray

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// A snapshot is two lines: its version and the SHA-256 of the second in
// hexadecimal, then the state as JSON. The sum finds what disks do; against
// people only the place where the snapshot is kept helps.
const snapshotMark = "vassoio-snapshot/1 "

// Snapshot gives what the handle has verified, its head included, for
// [Resume] to start from: opening again then costs what is new, however long
// the log is.
//
// Keep it where you keep the pinned head, since it is believed: whoever can
// write it decides who takes part in the tray and what was signed. It holds no
// keys, and no content but that of public sections. It is read by the version
// of the library that wrote it, and maybe by others; whatever refuses it,
// [OpenAt] with the head does the same from the log.
//
// It fails with [TooMany] for a state that is too large.
func (t *Tray) Snapshot() ([]byte, error) {
	s := t.State()
	if s.head.Length == 0 {
		return nil, refuse(BadChain, "a tray without entries")
	}
	return s.snapshot()
}

func (s *State) snapshot() ([]byte, error) {
	rec, err := s.record()
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(rec)
	if err != nil {
		return nil, err
	}
	out := fmt.Appendf(nil, "%s%v\n%s\n", snapshotMark, sign.Sum(body), body)
	if len(out) > maxSnapshot {
		return nil, refuse(TooMany, "a snapshot of more than %d bytes", maxSnapshot)
	}
	return out, nil
}

// Resume opens a tray from a snapshot of what was verified before, and verifies
// only what the log has grown by since. It fails with a [*ForkError] if the
// host serves a log that does not continue what the snapshot says, or a shorter
// one; and with [Malformed] if the snapshot is damaged or of another version.
//
// The template comes from the host, by the digest in the snapshot, or is the one
// of that digest that an in-process host has compiled. me is as in
// [Open]. Where only what follows the snapshot is bad, there is a handle besides
// the error, as from [OpenAt].
func Resume(ctx context.Context, host store.Store, snapshot []byte, me *Identity) (*Tray, error) {
	rec, err := parseSnapshot(snapshot)
	if err != nil {
		return nil, err
	}
	head, err := store.ParseHead(rec.Head)
	if err != nil || head.Length == 0 {
		return nil, badSnapshot("the head")
	}
	from, cache, err := templatesOf(host)
	if err != nil {
		return nil, err
	}
	t := cache.Get(rec.Template)
	if t == nil {
		if t, err = readTemplate(ctx, from, head.Tray, rec.Template, cache); err != nil {
			return nil, err
		}
	}
	s, err := rec.state(head, t)
	if err != nil {
		return nil, err
	}
	if again, err := s.snapshot(); err != nil || !bytes.Equal(again, snapshot) {
		return nil, badSnapshot("not the one encoding")
	}
	return newTray(host, me, s).reached(ctx)
}

// badSnapshot refuses a snapshot, and says what of it.
func badSnapshot(what string) error { return fmt.Errorf("%w: snapshot: %s", Malformed, what) }

// parseSnapshot reads the lines of a snapshot.
func parseSnapshot(snapshot []byte) (*stateRecord, error) {
	if len(snapshot) > maxSnapshot {
		return nil, badSnapshot(fmt.Sprintf("more than %d bytes", maxSnapshot))
	}
	rest, ok := bytes.CutPrefix(snapshot, []byte(snapshotMark))
	if !ok {
		return nil, badSnapshot("not of this version")
	}
	sum, body, ok := bytes.Cut(rest, []byte("\n"))
	if !ok || !bytes.HasSuffix(body, []byte("\n")) {
		return nil, badSnapshot("cut short")
	}
	body = body[:len(body)-1]
	if string(sum) != sign.Sum(body).String() {
		return nil, badSnapshot("the check sum is another")
	}
	rec := new(stateRecord)
	if err := json.Unmarshal(body, rec); err != nil {
		return nil, badSnapshot("the state") // whose error may quote it
	}
	return rec, nil
}
