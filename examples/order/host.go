package main

import (
	"fmt"

	"github.com/vassoio/vassoio/tray"
)

// closed: sales is told by the host's feed that the process is over.
func (s *story) closed() error {
	var last tray.Event
	for ev, err := range s.host.Events(s.ctx, "") {
		if err != nil {
			return err
		}
		if ev.Tray == s.id { // others may be kept there, too
			last = ev
		}
	}
	if last.Type != tray.Closed || last.To != "validated" {
		return fmt.Errorf("the host's feed ends with %q to %q", last.Type, last.To)
	}
	s.say("sales", "is told by the host's feed that the tray is closed: %s→%s by %s", last.From, last.To, s.in(s.name(last.Author)))
	if err := s.asSales.Sync(s.ctx); err != nil {
		return err
	}
	return s.hostSees()
}

// replay: the host verifies everything again, without a key.
func (s *story) replay() error {
	s.say("host", "replays the whole log with no key")
	r, err := tray.Verify(s.ctx, s.folder, s.id, nil, nil)
	switch {
	case err != nil:
		return err
	case !r.Verified:
		return r.Refusal
	case r.State != "validated" || len(r.Sections) != 3 || len(r.Signatures) != 1:
		return fmt.Errorf("the log is in state %s, with %d sections and %d signatures", r.State, len(r.Sections), len(r.Signatures))
	}
	s.add("%d entries verified, state %s", r.Head.Length, r.State)
	authors := map[string]*tray.Identity{"customer": s.customer, "products": s.sales, "credit": s.care}
	for _, x := range r.Sections {
		if x.Status != tray.Opaque {
			return fmt.Errorf("section %s is %s for the host", x.Section, x.Status)
		}
		if x.Author != authors[x.Section].ID() {
			return fmt.Errorf("section %s was last written by %s", x.Section, s.name(x.Author))
		}
		s.add("section %s: revision %d by %s, opaque", x.Section, x.Number, s.in(s.name(x.Author)))
	}
	for _, x := range r.Signatures {
		if !x.Fresh || x.Participant != s.customer.ID() {
			return fmt.Errorf("signature %s of %s does not stand", x.Signature, s.name(x.Participant))
		}
		s.add("signature %s: by %s, in entry %d, stands", x.Signature, s.in(s.name(x.Participant)), x.Seq)
	}
	for _, x := range r.Conditions {
		if x.Basis != tray.Attested {
			return fmt.Errorf("condition %s is known as %s", x.Condition, x.Basis)
		}
		s.add("condition %s: %s, attested by %s in entry %d", x.Condition, x.Result, s.in(s.name(x.By)), x.Seq)
	}
	return nil
}
