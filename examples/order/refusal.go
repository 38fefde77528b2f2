package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray"
)

// A refusal is data: blockers, of which those that break a rule have a message
// in the language that was asked for, and problems of values that a field does
// not take, which have one, too. Its text, in ids and English, is for developers.

// mistakes tells people what is wrong: where, by what, and what to do.
func (s *story) mistakes(blockers []tray.Blocker, refused error) []string {
	var out, other []string
	if values := (*section.ValuesError)(nil); errors.As(refused, &values) {
		for _, p := range values.Problems {
			out = append(out, fmt.Sprintf("%s (%s): %s", p.Path, p.Code, p.Message(s.lang())))
		}
	}
	if computed := (*rules.ComputeError)(nil); errors.As(refused, &computed) {
		for _, broken := range computed.Broken {
			out = append(out, fmt.Sprintf(s.in("%s: cannot be computed; is a number too large?"), broken.Where))
		}
	}
	for _, b := range blockers {
		switch {
		case b.Violation != nil:
			where := b.Path
			if where == "" { // the rule names no field
				where = b.Name
			}
			out = append(out, fmt.Sprintf("%s (%s): %s", where, b.Violation.Reason, b.Violation.Message(s.lang())))
		case b.Need == tray.NeedSignature && b.Stale:
			out = append(out, fmt.Sprintf(s.in("signature “%s” of %s is stale: what it covers has changed"), s.title(b.Name), s.roles(b.Roles)))
		case b.Need == tray.NeedSignature:
			out = append(out, fmt.Sprintf(s.in("signature “%s” of %s is missing"), s.title(b.Name), s.roles(b.Roles)))
		default: // that a section is not valid, of which the fields have been told
			other = append(other, b.String())
		}
	}
	if len(out) == 0 {
		return other
	}
	return out
}

func (s *story) title(signature string) string { return s.tpl.Signature(signature).Title.In(s.lang()) }

// refusalOf gives the refusal that an error is, or the error.
func refusalOf(err error) (*tray.Refusal, error) {
	var refusal *tray.Refusal
	if !errors.As(err, &refusal) {
		return nil, err
	}
	return refusal, nil
}

// sound fails if the draft would be refused, with all that is wrong with it.
func (s *story) sound(d *tray.Draft) error {
	blockers, err := d.Can(s.ctx)
	if err != nil { // more than blockers can say
		refusal, err := refusalOf(err)
		if err != nil {
			return err
		}
		return s.notAccepted(refusal.Blockers, refusal)
	}
	if len(blockers) > 0 {
		return s.notAccepted(blockers, nil)
	}
	return nil
}

func (s *story) notAccepted(blockers []tray.Blocker, refused error) error {
	all := s.mistakes(blockers, refused)
	if len(all) == 0 {
		return refused
	}
	return errors.New(s.in("the order is not accepted:") + "\n  " + strings.Join(all, "\n  "))
}

// refused commits a draft that must be refused, because something is needed, and
// prints why, and that the host saw nothing of it.
func (s *story) refused(d *tray.Draft, because tray.Blocker) error {
	err := d.Commit(s.ctx)
	if err == nil {
		return fmt.Errorf("step %d should have been refused for %s, and was not", s.steps, because.Name)
	}
	refusal, err := refusalOf(err)
	if err != nil {
		return err
	}
	found := false
	for _, b := range refusal.Blockers {
		found = found || b.Need == because.Need && b.Name == because.Name && b.Stale == because.Stale
	}
	if !found {
		return fmt.Errorf("step %d was refused for something else than %s: %w", s.steps, because.String(), refusal)
	}
	for _, text := range s.mistakes(refusal.Blockers, refusal) {
		s.told("%s", text)
	}
	length, err := s.length()
	if err != nil {
		return err
	}
	if length != s.shown {
		return fmt.Errorf("step %d was refused, and left an entry", s.steps)
	}
	return s.hostSees()
}
