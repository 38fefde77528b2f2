package main

import (
	"context"
	"fmt"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// story is the play: each act makes its changes, says what happened, and fails
// if something else did.
type story struct {
	*cast
	teller
	ctx  context.Context
	tpl  *template.Template
	data order

	id                          sign.Hash // of the tray
	asSales, asCustomer, asCare *tray.Tray
	link                        string     // what the customer is mailed
	early                       store.Head // somewhere in the middle
	shown                       uint64     // entries that the host was said to see
}

// play plays it all, as long as it can be told.
func (s *story) play() error {
	acts := []func() error{
		s.open, s.fill, s.invite, s.join, s.confirm, s.assess, s.correct, s.validate,
		s.closed, s.replay, s.changeByte, s.serveStale, s.openCredit, s.leave,
	}
	for _, act := range acts {
		if err := act(); err != nil {
			return err
		}
		if s.err != nil {
			break
		}
	}
	s.println("\n" + fmt.Sprintf(s.in("All of it happened. order.tray and the store are in %s"), s.dir))
	if s.err != nil {
		return fmt.Errorf(s.in("the story cannot be printed: %w"), s.err)
	}
	return nil
}
