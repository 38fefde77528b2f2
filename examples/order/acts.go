package main

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/vassoio/vassoio/tray"
)

// signedAbove is the total above which the template wants the customer to sign.
var signedAbove = big.NewRat(500, 1)

// open: sales opens a tray.
func (s *story) open() (err error) {
	if s.sales, err = tray.NewIdentity(); err != nil {
		return err
	}
	if s.care, err = tray.NewIdentity(); err != nil {
		return err
	}
	s.say("sales", "opens a tray of template %s; customer service is in from the start", s.tpl.Name())
	s.asSales, err = tray.Create(s.ctx, s.host, s.tpl, s.sales, tray.Bind("sales", s.sales.Card()), tray.Bind("care", s.care.Card()))
	if err != nil {
		return err
	}
	s.id = s.asSales.ID()
	return s.hostSees()
}

// fill: sales fills in the order with a mistake, mends it, and submits.
func (s *story) fill() error {
	d := s.asSales.Draft()
	for name, fields := range s.data {
		d.Encode(name, fields)
	}
	d.Fire("submit")
	if err := s.sound(d); err != nil { // the mistakes that came with the data
		return err
	}
	d.Set("customer.phone", "ordini@frantoiorossi.example")
	s.say("sales", "fills in customer and products, an e-mail address for the phone, and submits")
	if err := s.refused(d, tray.Blocker{Need: tray.NeedField, Name: "customer.phone.format"}); err != nil {
		return err
	}
	d.Set("customer.phone", s.data["customer"]["phone"])
	s.say("sales", "mends it, and submits")
	if err := s.commit(d); err != nil {
		return err
	}
	return s.readTotal()
}

// readTotal: sales reads the total, and adds up by itself.
func (s *story) readTotal() error {
	v, err := s.asSales.View(s.ctx)
	if err != nil {
		return err
	}
	var products struct {
		Lines []struct {
			Quantity int64  `json:"quantity"`
			Price    string `json:"price"`
		} `json:"lines"`
		Total string `json:"total"`
	}
	if err := v.Decode("products", &products); err != nil {
		return err
	}
	sum := new(big.Rat)
	for _, line := range products.Lines {
		price, _ := new(big.Rat).SetString(line.Price)
		sum.Add(sum, price.Mul(price, new(big.Rat).SetInt64(line.Quantity)))
	}
	if sum.FloatString(2) != products.Total {
		return fmt.Errorf("the total is %s, not %s", products.Total, sum.FloatString(2))
	}
	s.say("sales", "reads the total, computed from the lines: %s", products.Total)
	return s.hostSees()
}

// commit commits a draft, and prints what the host could see of it.
func (s *story) commit(d *tray.Draft) error {
	if err := d.Commit(s.ctx); err != nil {
		return err
	}
	return s.hostSees()
}

// invite: sales invites the customer, who has no keys.
func (s *story) invite() error {
	s.say("sales", "invites the customer by a link, whose secret no browser sends to a server")
	link, err := s.asSales.Invite(s.ctx, "customer")
	if err != nil {
		return err
	}
	s.link = link.Reveal("https://orders.example/t")
	s.add("%s…", s.link[:strings.IndexByte(s.link, '#')+20]) // not the secret
	return s.hostSees()
}

// join: the customer makes keys, joins and reads, and nobody does so again.
func (s *story) join() (err error) {
	s.say("customer", "had no keys, and makes them")
	if s.customer, err = tray.NewIdentity(); err != nil {
		return err
	}
	if err := s.hostSees(); err != nil {
		return err
	}
	s.say("customer", "joins by the link, nobody else being online, and reads")
	link, err := tray.ParseLink(s.link)
	if err != nil {
		return err
	}
	if s.asCustomer, err = tray.Join(s.ctx, s.host, link, s.customer); err != nil {
		return err
	}
	v, err := s.asCustomer.View(s.ctx)
	if err != nil {
		return err
	}
	for _, name := range []string{"customer", "products"} {
		if x := v.Section(name); x.Status != tray.Readable {
			return fmt.Errorf("section %s is %s for the customer", name, x.Status)
		}
	}
	s.add("%q, total %s", v.Text("customer.company"), v.Text("products.total"))
	if err := s.hostSees(); err != nil {
		return err
	}
	s.say("somebody", "tries the link again")
	stranger, err := tray.NewIdentity()
	if err != nil {
		return err
	}
	_, err = tray.Join(s.ctx, s.host, link, stranger)
	refusal, err := refusalOf(err)
	if err != nil || refusal.Invite != tray.InviteUsed {
		return fmt.Errorf("the link is not refused as used: %v, %w", refusal, err)
	}
	for _, text := range refusal.Messages(s.tpl, s.lang()) {
		s.told("%s", text)
	}
	return s.hostSees()
}

// confirm: the customer corrects its data, signs and confirms.
func (s *story) confirm() error {
	v, err := s.asCustomer.View(s.ctx)
	if err != nil {
		return err
	}
	d := s.asCustomer.Draft()
	d.Set("customer.pec", other(v.Text("customer.pec"), "frantoiorossi@pec.example", "ordini@pec.example"))
	d.Fire("confirm")
	if s.mustSign(v) {
		s.say("customer", "corrects its certified e-mail address and confirms, without signing")
		if err := s.refused(d, tray.Blocker{Need: tray.NeedSignature, Name: "confirmation"}); err != nil {
			return err
		}
	} else {
		s.add("(so small an order need not be signed: nothing is refused for want of it)")
	}
	s.say("customer", "signs “%s” and confirms", s.tpl.Signature("confirmation").Declare.In(s.lang()))
	d.Sign("confirmation", s.lang())
	return s.commit(d)
}

// other gives a value that is not the present one.
func other(present, first, second string) string {
	if present == first {
		return second
	}
	return first
}

// mustSign tells whether the order is so large that the customer has to sign.
func (s *story) mustSign(v *tray.View) bool {
	total, ok := new(big.Rat).SetString(v.Text("products.total"))
	return ok && total.Cmp(signedAbove) > 0
}

// assess: customer service gives no credit yet, is refused, and returns the tray.
func (s *story) assess() (err error) {
	if s.asCare, err = tray.Open(s.ctx, s.host, s.id, s.care); err != nil {
		return err
	}
	s.early = s.asCare.State().Head()
	v, err := s.asCare.View(s.ctx)
	if err != nil {
		return err
	}
	s.say("care", "fills in the credit section, which nobody else can open: no credit yet")
	d := s.asCare.Draft()
	d.Set("credit.limit", "0")
	d.Set("credit.grade", "b")
	if err := s.commit(d); err != nil {
		return err
	}
	if v.Text("products.total") != "0.00" { // which no limit is too low for
		s.say("care", "tries to validate")
		d = s.asCare.Draft()
		d.Fire("validate")
		if err := s.refused(d, tray.Blocker{Need: tray.NeedCondition, Name: "rule.covered"}); err != nil {
			return err
		}
	} else {
		s.add("(an order for nothing is within any limit: nothing is refused for it)")
	}
	s.say("care", "returns the tray with a reason")
	d = s.asCare.Draft()
	d.Fire("return")
	d.Reason(s.in("The delivery is too early for the credit check."))
	return s.commit(d)
}

// correct: sales corrects the order, and the signature has to be given again.
func (s *story) correct() error {
	if err := s.asSales.Sync(s.ctx); err != nil {
		return err
	}
	v, err := s.asSales.View(s.ctx)
	if err != nil {
		return err
	}
	reason, err := s.reason()
	if err != nil {
		return err
	}
	s.say("sales", "reads the reason, moves the delivery date, and submits again")
	s.add("“%s”", reason)
	d := s.asSales.Draft()
	d.Set("products.delivery", other(v.Text("products.delivery"), "2027-01-11", "2027-01-18"))
	d.Fire("submit")
	if err := s.commit(d); err != nil {
		return err
	}
	if err := s.asCustomer.Sync(s.ctx); err != nil {
		return err
	}
	d = s.asCustomer.Draft()
	d.Fire("confirm")
	if s.mustSign(v) {
		s.say("customer", "confirms with the signature that it gave before")
		if err := s.refused(d, tray.Blocker{Need: tray.NeedSignature, Name: "confirmation", Stale: true}); err != nil {
			return err
		}
	}
	s.say("customer", "reads what changed, signs again and confirms")
	d.Sign("confirmation", s.lang())
	return s.commit(d)
}

// reason reads why the tray came back.
func (s *story) reason() (string, error) {
	for text, err := range s.asSales.Texts(s.ctx) {
		if err != nil {
			return "", err
		}
		if text.Event == "return" && text.Status == tray.Readable {
			return text.Body(), nil
		}
	}
	return "", errors.New("sales cannot read why the tray came back")
}

// validate: customer service grants the credit, and is done.
func (s *story) validate() error {
	if err := s.asCare.Sync(s.ctx); err != nil {
		return err
	}
	v, err := s.asCare.View(s.ctx)
	if err != nil {
		return err
	}
	s.say("care", "grants credit for the whole order and validates")
	d := s.asCare.Draft()
	d.Set("credit.limit", v.Text("products.total"))
	d.Fire("validate")
	return s.commit(d)
}
