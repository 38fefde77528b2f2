package tray

import (
	"fmt"
	"io"
)

// Handles, drafts, views and texts hold contents that were opened, identities and
// links keys, and an application prints them sooner or later. Package fmt asks
// String with some verbs only, and with others prints all that it reaches, so each
// type has a Format, which it asks with every one: of a value, so that it is asked
// for copies as for addresses.

// String gives the tray's id.
func (t *Tray) String() string { return "tray " + t.ID().String() }

// Format prints String, whatever the verb.
func (t *Tray) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// String gives the id of the tray that the draft is of, and nothing that it was
// told.
func (d Draft) String() string { return "draft of tray " + d.base.head.Tray.String() }

// Format prints String, whatever the verb.
func (d Draft) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, d.String()) }

// String gives the tray's id and state.
func (v View) String() string {
	return "view of tray " + v.State.head.Tray.String() + ", " + v.State.name
}

// Format prints String, whatever the verb.
func (v View) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// String names the section and its status, and no value.
func (x SectionView) String() string {
	return fmt.Sprintf("section %s: revision %d, %s", placeName(x.Place), x.Revision, x.Status)
}

// Format prints String, whatever the verb.
func (x SectionView) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, x.String()) }

// Format prints String, whatever the verb.
func (x Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, x.String()) }

// Format prints String, whatever the verb, of the value as of its address.
func (id Identity) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, id.String()) }

// Format prints String, whatever the verb.
func (l Link) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, l.String()) }

// Format prints String, whatever the verb.
func (c Conflict) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// Format prints Error, whatever the verb: where one does not fit, package fmt asks
// none of the conflicts.
func (e ConflictError) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.Error()) }
