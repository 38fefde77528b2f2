package tray

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vassoio/vassoio/tray/store"
)

// Code names why a change was refused. A Code is an error, so that
//
//	errors.Is(err, tray.Blocked)
//
// tells one refusal from another. Author, host and reader refuse one entry with
// the same code.
type Code string

const (
	Malformed   Code = "malformed"   // bytes that are not what they should be
	Forged      Code = "forged"      // a signature that does not hold
	Unsupported Code = "unsupported" // a version of the format that this library does not know
	BadChain    Code = "chain"       // tray, place or previous hash are not those of the log
	BadTime     Code = "time"        // earlier than the entry before
	BadSkew     Code = "skew"        // too far from the host's clock
	NotAuthor   Code = "author"      // the author is no participant, or his part has ended
	BadKey      Code = "key"         // not the author's present key, or a key in use
	BadCard     Code = "card"        // a card that does not prove or does not fit
	NoRight     Code = "right"       // none of the author's roles may do this here
	NotNow      Code = "state"       // the tray's state does not allow it
	NotFound    Code = "unknown"     // a name that the template or the tray does not have
	BadOrder    Code = "order"       // ops that cannot stand together, or not in this order
	BadRevision Code = "revision"    // not the present revision, or not the next one
	BadRoot     Code = "root"        // content and commitment do not fit
	BadReaders  Code = "readers"     // not the readers, or none
	BadBlob     Code = "blob"        // a blob that was introduced before, is missing or not what it should be
	BadInvite   Code = "invite"      // an invite that is unknown, used, expired or withdrawn
	BadAttest   Code = "attestation" // an attestation by somebody whose word does not count, or not on what the condition reads
	BadSign     Code = "signature"   // a signature over something else than what it should cover
	BadOutcome  Code = "outcome"     // outcomes that do not follow from the log
	BadReason   Code = "reason"      // a reason that is missing, or not asked for
	BadValue    Code = "value"       // values that fields do not take
	Blocked     Code = "blocked"     // something that the event needs is missing
	TooMany     Code = "limit"       // more than the format allows
)

// Error gives the code itself.
func (c Code) Error() string { return string(c) }

// Refusal says why a change was refused, what is missing and who can provide
// it. Its text holds ids and paths, never values; Messages are for people. It goes
// through JSON, without its causes, so that a host elsewhere can send it.
type Refusal struct {
	Code     Code
	Seq      uint64 // the place that the entry would have had
	Op       int    // which of its ops, from 0; -1 if it is the entry as a whole
	Detail   string
	Blockers []Blocker    // of Also, too, each once: first what is missing, then the fields that break rules, the first thousand
	Err      error        `json:"-"` // the cause, if it is another error
	Clock    time.Time    // the host's, with BadSkew
	Invite   InviteStatus // what became of the invite, with BadInvite
	Also     []*Refusal   // of a draft: what else is wrong with it, each for a code of its own
}

// Error gives code, detail, causes and blockers, in ids and paths.
func (r *Refusal) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "refused (%s)", r.Code)
	if r.Detail != "" {
		b.WriteString(": ")
		b.WriteString(r.Detail)
	}
	if r.Err != nil {
		b.WriteString(": ")
		b.WriteString(r.Err.Error())
	}
	for _, other := range r.Also {
		b.WriteString("\n\talso ")
		b.WriteString(other.Error())
	}
	for i := range r.Blockers {
		b.WriteString("\n\t")
		b.WriteString(r.Blockers[i].String())
	}
	return b.String()
}

// Is makes errors.Is find the code, and those of Also.
func (r *Refusal) Is(target error) bool {
	return target == error(r.Code) || slices.ContainsFunc(r.Also, func(other *Refusal) bool { return other.Is(target) })
}

// Unwrap gives the causes.
func (r *Refusal) Unwrap() []error {
	var causes []error
	if r.Err != nil {
		causes = append(causes, r.Err)
	}
	for _, other := range r.Also {
		causes = append(causes, other.Unwrap()...)
	}
	return causes
}

// together makes one refusal of several, in their order; nil of none.
func together(refusals []*Refusal) error {
	if len(refusals) == 0 {
		return nil
	}
	first := *refusals[0]
	first.Blockers = slices.Clone(first.Blockers)
	for _, r := range refusals[1:] {
		other := *r
		other.Blockers = nil
		first.Also = append(first.Also, &other)
		for _, b := range r.Blockers {
			first.Blockers = withBlocker(first.Blockers, b)
		}
	}
	return &first
}

// refuse makes a refusal; apply adds the place.
func refuse(code Code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Op: -1, Detail: fmt.Sprintf(format, args...)}
}

// ErrFork is what a [ForkError] wraps.
var ErrFork = errors.New("tray: the log is not the one that was pinned")

// ForkError says that a host serves another log than the one whose head the
// caller pinned, or a shorter one. It is evidence against the host, never a
// reason to start over from what it serves.
type ForkError struct {
	Pinned, Got store.Head
}

// Error tells a rollback from a fork, and where.
func (e *ForkError) Error() string {
	if e.Got.Length < e.Pinned.Length {
		return fmt.Sprintf("%v: %d entries were pinned, %d are served (rollback)", ErrFork, e.Pinned.Length, e.Got.Length)
	}
	return fmt.Sprintf("%v: another entry %d (fork)", ErrFork, e.Pinned.Length-1)
}

// Unwrap returns [ErrFork].
func (e *ForkError) Unwrap() error { return ErrFork }
