// Package store keeps trays: append-only logs of lines, and the blobs that the
// lines name.
//
// A store is dumb. It looks into no line and into no blob, it trusts whoever
// calls it, and it knows no keys; the host in front of it does the verifying.
// What it does promise is little, and hard: an entry is appended whole or not at
// all, only where its author saw the log end, and it is still there after the
// power fails.
//
// There are few words. A tray is named by the hash of its first line. Its [Head]
// says where its log ends. [Store.Append] adds a line after a head, or returns a
// [*ConflictError] with the head that the log has by now; the caller reads what
// is new and tries again:
//
//	err := s.Append(ctx, head, line, blobs...)
//	if conflict := (*store.ConflictError)(nil); errors.As(err, &conflict) {
//		for line, err := range s.Log(ctx, head.Tray, head.Length) {
//			// verify, apply, rebase
//		}
//	}
//
// [Store.Feed] tells what happened in all trays, from a [Cursor] on; keep the
// cursor of the last [Change] that was dealt with, and nothing is missed.
//
// [Memory] lasts as long as the process; [Dir] is a folder of plain files, safe
// against crashes and shared between processes. Any other store begins its Append
// with [CheckAppend], and can be tested by the suite of package storetest.
package store
