package tray

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// Need says what kind of thing a blocker waits for.
type Need string

const (
	NeedState       Need = "state"       // in this state nobody can write the section or fire the event: the Roles can in another
	NeedRole        Need = "role"        // to write, sign or fire it, or to manage people, is for other roles
	NeedReader      Need = "reader"      // nobody who is there reads the section: its readers' managers can bring one
	NeedSection     Need = "section"     // a section was not written yet
	NeedField       Need = "field"       // a field breaks a rule, or is not filled in
	NeedCondition   Need = "condition"   // a condition does not hold, and which fields break it is not known, or it is a rule that names none
	NeedDecision    Need = "decision"    // everybody evaluates a condition, and this program does not, since it could take too long: see [UndecidedError]
	NeedAttestation Need = "attestation" // nobody who can read said how a condition comes out
	NeedShare       Need = "share"       // those who could attest or sign were not shared a section yet: whoever holds it does by his next commit
	NeedRevision    Need = "revision"    // those who could attest or sign cannot read a section, and nobody is left to share it: it has to be written anew
	NeedSignature   Need = "signature"   // a signature was not given, or is stale
	NeedReason      Need = "reason"      // the event asks for a reason
)

// Blocker is one thing that an event waits for, and who can provide it. One thing
// to do is one blocker: where whoever asks can tell which fields break a condition,
// they are the blockers ([NeedField]), and the condition is none besides; where he
// cannot, since others attested it who read more, or nobody did, it is the blocker
// ([NeedCondition], [NeedAttestation]). Its slices are shared: read them, do not
// write on them.
type Blocker struct {
	Need         Need
	Name         string   // of the condition, signature or section; of the event where a state or reason is missing; of what a role is needed for, none for invites
	Act          string   // where a role or another state is needed, what only the Roles may do with Name: "write", "sign", "fire", "manage", "admit", "invite", "withdraw" or "dismiss"; what a section has to be read for: "attest" or "sign"
	Instance     string   // whose instance, for sections that are per a role
	Path         string   // of the field, where one is known
	Sections     []string // that are concerned: that the condition reads, the signature covers, the field stands in, or is to be written or read
	Roles        []string // that can provide it
	Participants []string // ids of those who are there in these roles
	Needs        []string // functions and formats of the application that whoever provides it must have
	Stale        bool     // a signature was given, and something that it covers changed since
	Dismiss      []string // roles that can dismiss the participant of an unwritten Instance, so that it is waited for no more

	// Err is set where whoever asks could attest, but a function or format of
	// his application broke. It names the rule and the function; what it wraps is
	// the application's own error, whose text may hold values. Or it is
	// [rules.ErrTooDear], wrapped, where his program does not evaluate the condition.
	Err error `json:"-"`

	// Violation is the broken rule, where whoever asks could evaluate it: of a
	// field, or of a condition that is a rule which names none. Its message may
	// hold values, and so is no part of String.
	Violation *rules.Violation
}

// String says in a sentence what is missing and who can provide it, in ids: for
// developers. [Blocker.Message] says it to people.
func (b *Blocker) String() string {
	var s strings.Builder
	what, can := b.missing()
	s.WriteString(what)
	switch {
	case b.Need == NeedRole, b.Need == NeedDecision:
	case len(b.Roles) > 0:
		fmt.Fprintf(&s, ": %s can %s", orList(b.Roles), can)
	case len(b.Sections) > 0 && b.Need != NeedField:
		fmt.Fprintf(&s, ": nobody can %s now", can)
	}
	if len(b.Needs) > 0 {
		fmt.Fprintf(&s, " with %s", strings.Join(b.Needs, ", "))
	}
	if len(b.Dismiss) > 0 {
		fmt.Fprintf(&s, ", or %s can dismiss %s", orList(b.Dismiss), b.Instance)
	}
	switch {
	case errors.Is(b.Err, rules.ErrTooDear):
		fmt.Fprintf(&s, " (%v)", b.Err)
	case b.Err != nil:
		fmt.Fprintf(&s, " (%v: once that works, an empty draft attests)", b.Err)
	}
	return s.String()
}

// missing gives the two halves of the sentence: what is missing, and what those
// can do who can provide it.
func (b *Blocker) missing() (what, can string) {
	name := strings.Join(nonEmpty(b.Name, b.Instance), " of ")
	over := ""
	if len(b.Sections) > 0 {
		over = " over " + strings.Join(b.Sections, ", ")
	}
	switch b.Need {
	case NeedState:
		return "nobody can " + b.Act + " " + name + " in this state", b.Act + " it in another"
	case NeedRole:
		if b.Name == "" {
			name = "an invite"
		}
		by := b.Roles
		if b.Instance != "" && len(b.Participants) > 0 {
			by = b.Participants
		}
		if len(by) == 0 {
			return "nobody can " + b.Act + " " + name + " now", ""
		}
		return "only " + orList(by) + " can " + b.Act + " " + name, ""
	case NeedReader:
		return "nobody who is there reads " + name, "bring in a reader"
	case NeedSection:
		return name + " is not written yet", "write it"
	case NeedField:
		return strings.Join(nonEmpty(b.Path, b.Instance), " of ") + " breaks " + b.Name, "mend it"
	case NeedCondition:
		return name + over + " does not hold", "change that"
	case NeedDecision:
		return name + over + " is not evaluated by this program, since it could take too long", ""
	case NeedAttestation:
		return name + over + " is not attested", "attest it"
	case NeedShare:
		return b.Name + " is not shared to those who " + b.Act + over, "share it by any commit"
	case NeedRevision:
		return b.Name + " cannot be read by those who " + b.Act + over + ", nor shared to them", "write it anew"
	case NeedSignature:
		if b.Stale {
			return name + over + " was signed, and what it covers changed since", "sign it again"
		}
		return name + over + " is not signed", "sign it"
	case NeedReason:
		return name + " asks for a reason", "give one"
	}
	return string(b.Need) + " " + name, "provide it"
}

// withBlocker adds a blocker to others, unless they name the same.
func withBlocker(to []Blocker, b Blocker) []Blocker {
	if slices.ContainsFunc(to, b.same) {
		return to
	}
	return append(to, b)
}

// same reports whether two blockers name one thing. Who can provide it follows
// from what it is.
func (b *Blocker) same(other Blocker) bool {
	return b.Need == other.Need && b.Name == other.Name && b.Act == other.Act && b.Instance == other.Instance && b.Path == other.Path
}

func orList(names []string) string { return strings.Join(names, " or ") }
