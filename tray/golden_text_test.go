package tray

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/tray/entry"
)

// The text of a golden tray is put together here, of what the library gives as
// data: its own String methods may come to say the same in other words, and what
// was recorded stays.

// goldenText tells all that somebody can see of a tray.
func goldenText(t *testing.T, a *Archive, me *Identity) string {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	inventory, err := a.Check(ctx)
	check(err)
	fmt.Fprintf(&b, "file: %d blobs, %d missing\n", inventory.Blobs, len(inventory.Missing))
	report, err := Verify(ctx, a, a.Tray(), &a.head, me)
	check(err)
	goldenReport(&b, report)
	tr, err := Open(ctx, a, a.Tray(), me)
	check(err)
	goldenState(&b, tr.State())
	v, err := tr.View(ctx)
	check(err)
	for _, x := range v.Sections() {
		content, err := json.Marshal(x.Content())
		check(err)
		fmt.Fprintf(&b, "view of %s: revision %d by %s at %s, %s, editable %v: %s\n", placeName(x.Place), x.Revision, x.Author, goldenTime(x.Time), x.Status, x.Editable, content)
	}
	for step, err := range tr.Timeline(ctx) {
		check(err)
		fmt.Fprintf(&b, "entry %d at %s by %s as %s, from %q to %s, line %v\n", step.Seq, goldenTime(step.Time), step.Author, roleList(step.Roles), step.From, step.To, step.Line)
		for _, act := range step.Acts {
			fmt.Fprintf(&b, "  %s\n", goldenAct(t, act))
		}
	}
	for text, err := range tr.Texts(ctx) {
		check(err)
		fmt.Fprintf(&b, "%s %s in %d by %s to %v, %s: %q\n", text.Kind, text.ID, text.Seq, text.Author, text.To, text.Status, text.Body())
	}
	return b.String()
}

func goldenTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func goldenReport(b *strings.Builder, r *Report) {
	fmt.Fprintf(b, "verified %v, pinned %v, head %v, state %s\n", r.Verified, r.Pinned, r.Head, r.State)
	for _, x := range r.Sections {
		fmt.Fprintf(b, "section %s: revision %d, root %v, by %s, %s\n", placeName(x.Place), x.Number, x.Root, x.Author, x.Status)
	}
	for _, c := range r.Conditions {
		fmt.Fprintf(b, "condition %s of %q: %s, %s by %q in %d\n", c.Condition, c.Instance, c.Result, c.Basis, c.By, c.Seq)
	}
	for _, x := range r.Signatures {
		fmt.Fprintf(b, "signature %s: by %s as %s in %d at %s, %s, fresh %v\n", x.Signature, x.Participant, x.Role, x.Seq, goldenTime(x.Time), x.Language, x.Fresh)
	}
}

// goldenState tells what a state says beyond its report, in ids.
func goldenState(b *strings.Builder, s *State) {
	fmt.Fprintf(b, "suite %s, since %s, turn %v, final %v\n", s.Suite(), goldenTime(s.Since()), s.Turn(), s.Final())
	for _, p := range s.Participants() {
		fmt.Fprintf(b, "participant %s key %v from %d, ended %v: %s\n", p.ID, p.Key(), p.Joined, p.Ended(), roleList(p.Roles))
	}
	for _, p := range s.sortedPlaces() {
		at := s.places[p]
		fmt.Fprintf(b, "revision %d of %s: in %d, %d files, unreadable to %d\n", at.number, placeName(p), at.seq, len(at.files.all()), len(at.unreadable))
	}
	for _, o := range s.Owed() {
		fmt.Fprintf(b, "owed: %s to %v, by %v, anew by %v\n", placeName(o.Place), o.To, o.By, o.Anew)
	}
	for _, id := range slices.Sorted(maps.Keys(s.invites)) {
		x := s.invites[id]
		fmt.Fprintf(b, "invite %s as %s until %s\n", id, roleList(x.roles), goldenTime(x.expires))
	}
	for _, digest := range slices.SortedFunc(s.dropped.all(), compareHashes) {
		fmt.Fprintf(b, "dropped %v\n", digest)
	}
}

// goldenAct tells an act with all its data.
func goldenAct(t *testing.T, act Act) string {
	t.Helper()
	revisions := func(on []entry.Revision) string {
		var parts []string
		for _, r := range on {
			parts = append(parts, fmt.Sprintf("%s revision %d", placeName(r.Place), r.Number))
		}
		return strings.Join(parts, ", ")
	}
	outcomes := func(list []entry.Outcome) string {
		var parts []string
		for _, o := range list {
			parts = append(parts, fmt.Sprintf("%s of %q %s", o.Condition, o.Instance, o.Result))
		}
		return strings.Join(parts, ", ")
	}
	switch a := act.(type) {
	case DidCreate:
		return fmt.Sprintf("create: %s, template %v", a.Suite, a.Template)
	case DidAdmit:
		return fmt.Sprintf("admit: %s as %s, after %q", a.Participant, roleList(a.Roles), a.Succeeds)
	case DidInvite:
		return fmt.Sprintf("invite: %s as %s until %s, after %q", a.Invite, roleList(a.Roles), goldenTime(a.Expires), a.Succeeds)
	case DidWithdraw:
		return "withdraw: " + a.Invite
	case DidJoin:
		return fmt.Sprintf("join: by %s as %s", a.Invite, roleList(a.Roles))
	case DidDismiss:
		return fmt.Sprintf("dismiss: %s as %s", a.Participant, roleList(a.Roles))
	case DidRekey:
		return "rekey"
	case DidWrite:
		return fmt.Sprintf("write: %s, root %v, public %v, %d bytes to %v", revisions([]entry.Revision{a.Revision}), a.Root, a.Public, a.Size, a.To)
	case DidShare:
		return fmt.Sprintf("share: %s revision %d, %d bytes to %v", placeName(a.Place), a.Number, a.Size, a.To)
	case DidNotRead:
		return fmt.Sprintf("unreadable: %s revision %d", placeName(a.Place), a.Number)
	case DidAttest:
		return fmt.Sprintf("attest: by %s on %s: %s", a.Engine, revisions(a.On), outcomes(a.Outcomes))
	case DidSign:
		return fmt.Sprintf("sign: %s as %s, %s, over %s", a.Signature, a.Role, a.Language, revisions(a.Covers))
	case DidFire:
		return fmt.Sprintf("fire: %s as %s from %s to %s, reason %q: %s", a.Event, a.Role, a.From, a.To, a.Reason, outcomes(a.Outcomes))
	case DidNote:
		return fmt.Sprintf("note: %s to %v", a.ID, a.To)
	}
	t.Fatalf("an act that the golden text does not know: %T", act)
	return ""
}
