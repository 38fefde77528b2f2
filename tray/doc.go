// Package tray is a document that several parties fill in together: each writes
// and reads its own sections only, rules guide the fields, a lifecycle says
// whose turn it is, and the parties sign. The application that keeps trays, the
// host, enforces all of it without being able to read the opaque sections.
//
// There are only a few types: [Host], [Tray], [Draft], [View] and [State], and
// the private side of a participant, an [Identity].
//
// # A tray
//
// A tray is a log of signed entries and the blobs that they name. It is kept by
// a template (package template), for life. Whoever creates it admits the first
// participants by their cards:
//
//	tpl, err := template.Load(fsys, "order.yaml")
//	host := tray.NewHost(store)                  // package store keeps, the host verifies
//	me, err := tray.NewIdentity()
//	t, err := tray.Create(ctx, host, tpl, me, tray.Bind("sales", me.Card()), tray.Bind("care", care))
//
// Somebody who has no keys yet is invited by a link, and reads what is meant for
// him as soon as he joins:
//
//	link, err := t.Invite(ctx, "customer")       // mail link.Reveal("https://app.example/orders")
//	t, err := tray.Join(ctx, host, link, customer)
//
// # Changing it
//
// A draft collects changes and commits them as one entry: all or nothing.
//
//	d := t.Draft()
//	d.Set("customer.company", "Rossi S.r.l.")
//	d.Encode("products", order)                  // a struct
//	d.Sign("confirmation", "it")
//	d.Fire("submit")
//	err = d.Commit(ctx)
//
// What may not be is a [*Refusal], with all that is wrong at once: its [Code] says
// why, its blockers what is missing and who can provide it, and its messages tell
// people. If others were faster the draft is rebased; a field that two gave different
// values is a [*ConflictError]. Nothing is lost: the draft is still there. What is told again
// replaces what was told before, and [Draft.Drop] takes back. [Draft.View] shows
// what the tray would hold, totals included.
//
// # Reading it
//
// A [View] is what a participant sees at one moment: sections opened, checked
// against what their authors signed. [State] is what everybody sees: who takes
// part, revisions, signatures, the lifecycle's state. [Tray.Can] tells what an
// event waits for.
//
// # Following it
//
// [Tray.Timeline] tells who did what and when, [Tray.Texts] opens the notes and
// reasons in it, and [Tray.Waiting] lists what waits for a participant: what to
// edit, to sign, to fire. [Host.Events] tells what happened in all trays of a
// host, in ids and names, for programs that act on it:
//
//	for ev, err := range host.Events(ctx, cursor) {
//		...                                      // ev.Type, ev.To, ev.Turn
//		cursor = ev.Cursor                       // keep it
//	}
//
// # Functions of the application
//
// A template may need functions and formats that not every application has.
// Whoever has them opens trays through [With], and attests the conditions over
// them; whoever has not is told so by the blocker, which names who can. So is he
// whose own broke; once it works, an empty draft attests. The host needs none.
//
//	t, err := tray.Open(ctx, tray.With(host, library), id, me)
//
// # A host elsewhere
//
// Handles in another process than the host take, instead of it, a [store.Store] of
// the application's that passes Append, Head, Log and Blob on to it; Feed is not
// asked for, and tells of all trays, so it stays at the host. What goes wrong has to
// arrive as what it is: [store.ErrNotFound] and the other errors of package store, a
// [*store.ConflictError] with its head, a [*Refusal] or [*UndecidedError] as JSON. Such a store may be a
// [Clock], too. Who may ask for what is for the application to decide: the host
// refuses what is invalid, and serves whoever knows a tray's id.
//
// # Trust
//
// A handle believes nothing that it did not verify. [Open] verifies a whole log;
// who was there before pins a head and uses [OpenAt], or keeps a snapshot and
// uses [Resume], and finds out when the host serves a shorter log or another
// one. Everything that changes a tray goes three steps, the same for author,
// host and reader: verify the line, apply the entry to the state, commit.
// [Verify] reads a whole tray and reports, by name, what of it holds.
//
// SPEC.md gives the bytes, and what is promised and what is not.
package tray
