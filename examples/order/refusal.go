package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vassoio/vassoio/tray"
)

// A refusal is data: blockers, and values that fields do not take. Its text, in ids
// and English, is for developers; its messages are for people, in the language that
// was asked for.

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
		return s.notAccepted(refusal)
	}
	if len(blockers) > 0 {
		return s.notAccepted(&tray.Refusal{Code: tray.Blocked, Blockers: blockers})
	}
	return nil
}

func (s *story) notAccepted(refusal *tray.Refusal) error {
	return errors.New(s.in("the order is not accepted:") + "\n  " + strings.Join(s.messages(refusal), "\n  "))
}

// messages are a refusal's, with the id of the rule where one is broken, for those who
// read the story beside its template.
func (s *story) messages(refusal *tray.Refusal) []string {
	out := refusal.Messages(s.tpl, s.lang())
	for i, b := range refusal.Blockers { // whose messages are the last
		if text := &out[len(out)-len(refusal.Blockers)+i]; b.Need == tray.NeedField || b.Need == tray.NeedCondition {
			*text += " [" + b.Name + "]"
		}
	}
	return out
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
	for _, text := range s.messages(refusal) {
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
