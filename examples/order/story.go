package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"

	"github.com/vassoio/vassoio/tray"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// story is the play: each act makes its changes, says what happened, and fails
// if something else did.
type story struct {
	*cast
	ctx   context.Context
	out   io.Writer
	lang  string
	tpl   *template.Template
	data  map[string]map[string]any
	steps int

	asSales, asCustomer, asCare *tray.Tray
	early                       store.Head // somewhere in the middle
}

// say prints a step and who takes it.
func (s *story) say(who, format string, args ...any) {
	s.steps++
	fmt.Fprintf(s.out, "%2d %-8s %s\n", s.steps, who, fmt.Sprintf(format, args...))
}

// told prints what somebody is told.
func (s *story) told(format string, args ...any) {
	fmt.Fprintf(s.out, "            ✗ %s\n", fmt.Sprintf(format, args...))
}

// commit commits a draft and prints what the host could see of it.
func (s *story) commit(t *tray.Tray, d *tray.Draft) error {
	if err := d.Commit(s.ctx); err != nil {
		return s.explain(err)
	}
	return s.hostSaw(t)
}

func (s *story) hostSaw(t *tray.Tray) error {
	text, err := s.seen(s.ctx, t.State().Head())
	if err == nil {
		fmt.Fprintf(s.out, "            host: %s\n", text)
	}
	return err
}

// explain adds to a refusal the messages in the language that was asked for.
func (s *story) explain(err error) error {
	var refusal *tray.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	lines := []string{err.Error()}
	for _, b := range refusal.Blockers {
		if b.Violation != nil {
			lines = append(lines, fmt.Sprintf("%s: %s", b.Violation.Path, b.Violation.Message(s.lang)))
		}
	}
	return errors.New(strings.Join(lines, "\n"))
}

// refused commits a draft that must be refused, for a blocker of this name, and
// prints why.
func (s *story) refused(d *tray.Draft, name string) error {
	err := d.Commit(s.ctx)
	var refusal *tray.Refusal
	switch {
	case err == nil:
		return fmt.Errorf("step %d should have been refused for %s, and was not", s.steps, name)
	case !errors.As(err, &refusal) || refusal.Code != tray.Blocked:
		return err
	}
	found := false
	for _, b := range refusal.Blockers {
		found = found || b.Name == name
		switch {
		case b.Violation != nil:
			where := b.Path
			if where == "" {
				where = b.Name
			}
			s.told("%s (%s): %s", where, b.Violation.Reason, b.Violation.Message(s.lang))
		case b.Need == tray.NeedSignature:
			stale := "is missing"
			if b.Stale {
				stale = "is stale: what it covers has changed"
			}
			s.told("signature %s of %s %s", b.Name, strings.Join(b.Roles, " or "), stale)
		}
	}
	if !found {
		return fmt.Errorf("step %d was refused for something else than %s: %w", s.steps, name, err)
	}
	return nil
}

// fill: sales opens the tray, makes a mistake, mends it, and submits.
func (s *story) fill() (err error) {
	s.say("sales", "opens a tray of template %s; customer service is in from the start", s.tpl.Name())
	s.asSales, err = tray.Create(s.ctx, s.host, s.tpl, s.sales, tray.Bind("sales", s.sales.Card()), tray.Bind("care", s.care.Card()))
	if err != nil {
		return err
	}
	if err := s.hostSaw(s.asSales); err != nil {
		return err
	}
	d := s.asSales.Draft()
	for _, name := range []string{"customer", "products"} {
		d.Encode(name, s.data[name])
	}
	phone := s.data["customer"]["phone"]
	d.Set("customer.phone", "ordini@frantoiorossi.example")
	d.Fire("submit")
	s.say("sales", "fills in customer and products, with an e-mail address for the phone, and submits")
	if err := s.refused(d, "customer.phone.format"); err != nil {
		return s.explain(err)
	}
	d.Set("customer.phone", phone)
	s.say("sales", "mends it, and submits")
	if err := s.commit(s.asSales, d); err != nil {
		return err
	}
	v, err := s.asSales.View(s.ctx)
	if err != nil {
		return err
	}
	s.say("sales", "reads the total, computed from the lines: %s", v.Text("products.total"))
	return nil
}

// invite: sales invites the customer, who had no keys; he joins and reads.
func (s *story) invite() error {
	s.say("sales", "invites the customer by a link")
	link, err := s.asSales.Invite(s.ctx, "customer")
	if err != nil {
		return err
	}
	if err := s.hostSaw(s.asSales); err != nil {
		return err
	}
	text := link.Reveal("https://orders.example/t")
	at := strings.LastIndexByte(text, '/')
	fmt.Fprintf(s.out, "            %s/… (the secret is in the fragment)\n", text[:at])
	if link, err = tray.ParseLink(text); err != nil {
		return err
	}
	s.say("customer", "joins by the link, nobody else being online, and reads")
	if s.asCustomer, err = tray.Join(s.ctx, s.host, link, s.customer); err != nil {
		return err
	}
	if err := s.hostSaw(s.asCustomer); err != nil {
		return err
	}
	v, err := s.asCustomer.View(s.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "            %s, total %s\n", v.Text("customer.company"), v.Text("products.total"))
	if _, err := tray.Join(s.ctx, s.host, link, s.care); !errors.Is(err, tray.BadInvite) {
		return fmt.Errorf("the link was good for a second time: %w", err)
	}
	return nil
}

// confirm: the customer corrects its data, signs and confirms.
func (s *story) confirm() error {
	d := s.asCustomer.Draft()
	d.Set("customer.pec", "frantoiorossi@pec.example")
	d.Fire("confirm")
	needed, err := s.needsSignature()
	if err != nil {
		return err
	}
	if needed {
		s.say("customer", "adds its certified e-mail address and confirms, without signing")
		if err := s.refused(d, "confirmation"); err != nil {
			return err
		}
	}
	s.say("customer", "signs “%s” and confirms", s.tpl.Signature("confirmation").Declare.In(s.lang))
	d.Sign("confirmation", s.lang)
	return s.commit(s.asCustomer, d)
}

// needsSignature tells whether the order is large enough for the signature to
// be required.
func (s *story) needsSignature() (bool, error) {
	v, err := s.asCustomer.View(s.ctx)
	if err != nil {
		return false, err
	}
	total, ok := new(big.Rat).SetString(v.Text("products.total"))
	return ok && total.Cmp(big.NewRat(500, 1)) > 0, nil
}

// validate: customer service refuses, returns, and validates in the end.
func (s *story) validate() (err error) {
	if s.asCare, err = tray.Open(s.ctx, s.host, s.asSales.ID(), s.care); err != nil {
		return err
	}
	s.early = s.asCare.State().Head()
	v, err := s.asCare.View(s.ctx)
	if err != nil {
		return err
	}
	total := v.Text("products.total")
	d := s.asCare.Draft()
	d.Set("credit.limit", "0")
	d.Set("credit.grade", "b")
	s.say("care", "fills in the credit section, which nobody else can open: no credit yet")
	if err := s.commit(s.asCare, d); err != nil {
		return err
	}
	if total != "0.00" {
		s.say("care", "tries to validate")
		d = s.asCare.Draft()
		d.Fire("validate")
		if err := s.refused(d, "rule.covered"); err != nil {
			return err
		}
	}
	s.say("care", "returns the tray with a reason")
	d = s.asCare.Draft()
	d.Fire("return")
	d.Reason("La consegna è troppo presto per la verifica del fido.")
	if err := s.commit(s.asCare, d); err != nil {
		return err
	}
	if err := s.correct(); err != nil {
		return err
	}
	s.say("care", "grants credit for the whole order and validates")
	if err := s.asCare.Sync(s.ctx); err != nil {
		return err
	}
	d = s.asCare.Draft()
	d.Set("credit.limit", total)
	d.Fire("validate")
	return s.commit(s.asCare, d)
}

// correct: sales corrects the order, and the signature has to be given again.
func (s *story) correct() error {
	if err := s.asSales.Sync(s.ctx); err != nil {
		return err
	}
	s.say("sales", "moves the delivery date and submits again")
	d := s.asSales.Draft()
	d.Set("products.delivery", "2027-01-11")
	d.Fire("submit")
	if err := s.commit(s.asSales, d); err != nil {
		return err
	}
	if err := s.asCustomer.Sync(s.ctx); err != nil {
		return err
	}
	needed, err := s.needsSignature()
	if err != nil {
		return err
	}
	d = s.asCustomer.Draft()
	d.Fire("confirm")
	if needed {
		s.say("customer", "confirms with the signature that it gave before")
		if err := s.refused(d, "confirmation"); err != nil {
			return err
		}
	}
	s.say("customer", "reads what changed, signs again and confirms")
	d.Sign("confirmation", s.lang)
	return s.commit(s.asCustomer, d)
}

// leave exports the tray as one file.
func (s *story) leave() error {
	f, err := os.Create(filepath.Join(s.dir, "order.tray"))
	if err != nil {
		return err
	}
	if _, err := tray.Export(s.ctx, s.host, s.asSales.ID(), f); err != nil {
		return err
	}
	return f.Close()
}
