// Package entry is the log of a tray as data: the entries, the ops in them, and
// the one JSON encoding of each.
//
// A log is lines. A line is a compact JWS of kind [Kind], its payload an
// [Entry]: which tray, which place, the hash of the line before, when, by whom,
// and one or more ops that are applied together or not at all. Three more
// objects stand inside ops: the [Card] of a participant, signed by its own key,
// the [Claim] by which a newcomer proves that he holds an invite's secret, and
// the [Sealed] free text of a note or reason.
//
// An object has exactly one accepted encoding. Parse functions read it, write
// it again and compare, so that what was hashed and signed is what is meant:
// members stand in a fixed order, an optional one is left out when empty, there
// are no spaces and no escapes, and strings are printable ASCII without any of
// " \ < > &. Free text is sealed content, never log.
//
// The package knows nothing of rights: whether an entry may be where it is, is
// decided by package tray, which applies it to the state before. It is for
// programs that read logs, and for tests that forge them.
package entry
