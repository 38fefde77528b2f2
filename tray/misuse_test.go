package tray

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// Whatever is left out of the calls that begin is told, and nothing panics.
func TestNothingGiven(t *testing.T) {
	s := openSale(t)
	tpl, me := s.buyer.State().template, have(NewIdentity())(t)
	link := have(s.buyer.Invite(s.ctx, "bidder"))(t)
	who := Bind("buyer", me.Card())
	calls := map[string]struct {
		call func() error
		want string
	}{
		"create without a host":      {func() error { _, err := Create(s.ctx, nil, tpl, me, who); return err }, "no host"},
		"create without a template":  {func() error { _, err := Create(s.ctx, s.host, nil, me, who); return err }, "no template"},
		"create without an identity": {func() error { _, err := Create(s.ctx, s.host, tpl, nil, who); return err }, "no identity"},
		"create without anybody":     {func() error { _, err := Create(s.ctx, s.host, tpl, me); return err }, "not among those admitted"},
		"create with nothing":        {func() error { _, err := Create(s.ctx, s.host, tpl, me, nil); return err }, "not among those admitted"},
		"invite with nothing":        {func() error { _, err := s.buyer.Invite(s.ctx, "nobody", nil); return err }, "no role nobody"},
		"admit with nothing": {func() error {
			d := s.buyer.Draft()
			d.Admit(me.Card(), "nobody", nil)
			return d.Commit(s.ctx)
		}, "no role nobody"},
		"join without a host":      {func() error { _, err := Join(s.ctx, nil, link, me); return err }, "no host"},
		"join without an identity": {func() error { _, err := Join(s.ctx, s.host, link, nil); return err }, "no identity"},
		"join without a link":      {func() error { _, err := Join(s.ctx, s.host, Link{}, me); return err }, "not found"},
		"join without its secret":  {func() error { _, err := Join(s.ctx, s.host, Link{Head: link.Head}, me); return err }, "invite"},
		"open without a host":      {func() error { _, err := Open(s.ctx, nil, s.buyer.ID(), me); return err }, "no host"},
		"open at, without a host":  {func() error { _, err := OpenAt(s.ctx, nil, s.buyer.State().Head(), me); return err }, "no host"},
		"verify without a host":    {func() error { _, err := Verify(s.ctx, nil, s.buyer.ID(), nil, me); return err }, "no host"},
		"open nothing":             {func() error { _, err := Open(s.ctx, s.host, sign.Hash{}, me); return err }, "not found"},
		"invite to nothing":        {func() error { _, err := s.buyer.Invite(s.ctx, ""); return err }, "no role is named: there are buyer, bidder"},
		"admit to nothing": {func() error {
			d := s.buyer.Draft()
			d.Admit(me.Card(), "")
			return d.Commit(s.ctx)
		}, "no role is named: there are buyer, bidder"},
		"dismiss nobody": {func() error {
			d := s.buyer.Draft()
			d.Dismiss("nobody")
			return d.Commit(s.ctx)
		}, "no participant of this id"},
		"encode nil": {func() error {
			d := s.buyer.Draft()
			d.Encode("notice", nil)
			return d.Commit(s.ctx)
		}, "notice: type: a struct or a map is expected, not nil"},
		"encode a nil struct": {func() error {
			d := s.buyer.Draft()
			d.Encode("notice", (*struct{})(nil))
			return d.Commit(s.ctx)
		}, "notice: type: a struct or a map is expected, not nil"},
		"set a section": {func() error {
			d := s.buyer.Draft()
			d.Set("notice", map[string]any{"object": "x"})
			return d.Commit(s.ctx)
		}, "notice: form: section.field is expected"},
		"another currency": {func() error {
			d := s.buyer.Draft()
			d.Set("notice.ceiling", "1 USD")
			return d.Commit(s.ctx)
		}, "currency: an amount in EUR or CHF"},
	}
	for name, c := range calls {
		if err := c.call(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// What is decoded wrongly is told by field and type, and no value.
func TestDecodeMisfit(t *testing.T) {
	s := openSale(t)
	s.publish(t)
	s.bid(t, s.bidders[0], "73.50")
	own := have(s.bidders[0].View(s.ctx))(t)
	buyers := have(s.buyer.View(s.ctx))(t)
	var into struct {
		Price  string `json:"price"`
		Amount int    `json:"amount"`
	}
	cases := map[string]struct {
		err  error
		want string
	}{
		"a float": {own.Decode("bid", new(struct {
			Price float64 `json:"price"`
		})), "section bid does not fit: price, of type money, is decoded into float64"},
		"a text": {own.Decode("bid", new(struct {
			Amount string `json:"amount"`
		})), "section bid does not fit: amount, of type integer, is decoded into string"},
		"without a tag":           {own.Decode("bid", new(struct{ Amount []bool })), "section bid does not fit: Amount is decoded into []bool"},
		"a list":                  {own.Decode("bid", new([]string)), "does not fit the type"},
		"no pointer":              {own.Decode("bid", into), "section bid is decoded through a pointer"},
		"nil":                     {own.Decode("bid", nil), "section bid is decoded through a pointer"},
		"a nil pointer":           {own.Decode("bid", (*struct{})(nil)), "section bid is decoded through a pointer"},
		"somebody's, which is no": {buyers.Decode("bid", &into), "bid is per bidder, and the viewer has none: name whose is meant (see View.SectionOf)"},
		"no section":              {own.Decode("bids", &into), "no section bids"},
		"of no section":           {own.Section("bids").Decode(&into), "no section bids"},
		"of nobody":               {own.SectionOf("bid", "nobody").Decode(&into), "no section bid of nobody"},
	}
	for name, c := range cases {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) || strings.Contains(c.err.Error(), "73") {
			t.Errorf("%s: %v, want %q", name, c.err, c.want)
		}
	}
	half := struct {
		Price  *big.Rat `json:"price"`
		Amount int      `json:"amount"`
	}{Amount: 7}
	if err := own.Decode("bid", &half); err == nil || half.Price != nil || half.Amount != 7 {
		t.Errorf("what does not fit leaves a part behind: %v, %v", err, half)
	}
	if err := own.Decode("bid", &into); err != nil || into.Price != "73.50 EUR" || into.Amount != 1 {
		t.Errorf("%v: %+v", err, into)
	}
}

// No section holds nothing, and says that it is none; a path that is misspelt can be told
// from a field that is empty; and what is read as an exact number can be written.
func TestViewTraps(t *testing.T) {
	s := openSale(t)
	s.publish(t)
	v := have(s.buyer.View(s.ctx))(t)
	for what, none := range map[string]*SectionView{
		"misspelt": v.Section("bids"), "without a name": v.Section(""), "of the viewer, who has none": v.Section("bid"), "of a participant, and per nobody": v.SectionOf("notice", s.buyer.Me().ID),
		"of nobody": v.SectionOf("bid", "nobody"), "of whoever only looks": have(have(Open(s.ctx, s.host, s.buyer.ID(), nil))(t).View(s.ctx))(t).Section("bid"),
	} {
		value, ok := none.Get("price")
		if none.Status != None || none.Revision != 0 || none.Author != "" || !none.Time.IsZero() || none.Editable || none.Anew != nil || value != nil || ok || none.Content() != nil || none.Text("price") != "" {
			t.Errorf("%s: %v %v %v %v", what, none, value, ok, none.Content())
		}
		if _, ok := none.Decimal("price"); ok || !errors.Is(none.Decode(new(map[string]any)), NotFound) || strings.Contains(none.String(), "%!") {
			t.Errorf("%s: %v is read", what, none)
		}
	}
	for path, want := range map[string]bool{
		"notice.object": true, "bid.price": true, "terms.least": true,
		"notice.objekt": false, "notices.object": false, "notice": false, "": false, "bid.price.currency": false, "bid.": false, ".price": false, "notice.object[0]": false,
	} {
		if got := v.Has(path); got != want {
			t.Errorf("Has(%q): %v", path, got)
		}
	}

	s.bid(t, s.bidders[0], "73.50")
	amount, currency, ok := have(s.bidders[0].View(s.ctx))(t).Money("bid.price")
	if !ok || currency != "EUR" {
		t.Fatal(currency, ok)
	}
	d := s.bidders[0].Draft()
	d.Set("bid.price", amount.Add(amount, amount))
	if err := d.Commit(s.ctx); err != nil {
		t.Fatal(err)
	}
	if got := have(s.bidders[0].View(s.ctx))(t).Text("bid.price"); got != "147.00 EUR" {
		t.Error(got)
	}
	d.Set("bid.price", amount.SetFrac64(1, 3))
	var values *section.ValuesError
	if err := d.Commit(s.ctx); !errors.As(err, &values) || values.Problems[0].Code != section.CodeScale {
		t.Error(err)
	}
}

// A library may be given around a host or beneath it; and the host has none.
func TestLibraryBeneathHost(t *testing.T) {
	m := openMarket(t)
	beneath := NewHost(With(With(m.host.store, acme("Spring")), acme("Tagliere")))
	if _, ok := beneath.store.(*store.Memory); !ok {
		t.Errorf("the host keeps trays in %T", beneath.store)
	}
	buyer := have(Open(m.ctx, beneath, m.seller.ID(), m.b))(t)
	if err := propose(t, m.ctx, buyer); err != nil {
		t.Errorf("with a library beneath the host: %v", err)
	}

	// One that is mistaken keeps nobody else from the host, nor the host from its work.
	m = openMarket(t)
	bad := acme("x")
	bad.Functions[0].Args = []rules.Kind{rules.KindInteger}
	beneath = NewHost(With(m.host.store, bad))
	if _, err := Open(m.ctx, beneath, m.seller.ID(), m.b); !errors.As(err, new(*rules.LibraryError)) {
		t.Errorf("a mistaken library: %v", err)
	}
	if state, err := beneath.State(m.ctx, m.seller.ID()); err != nil || state.Name() != "open" {
		t.Error(err)
	}
	around := have(Open(m.ctx, With(beneath, acme("Tagliere")), m.seller.ID(), m.b))(t)
	if err := propose(t, m.ctx, around); err != nil {
		t.Errorf("with another around: %v", err)
	}
	if name := beneath.states.of(m.seller.ID()).Name(); name != "proposed" {
		t.Errorf("the host is at %s", name)
	}
}

// A declaration is signed in the language of a tag that has none of its own, and
// in no other.
func TestSignInALanguageOfARegion(t *testing.T) {
	for tag, want := range map[string]string{"it-CH": "it", "it": "it", "en-GB-oed": "en", "fr": "", "-it": "", "": "", "it_IT": "", "ita": ""} {
		w := stage(t, "signing")
		d := w.trayOf(w.actor("dora")).Draft()
		d.Sign("confirmation", tag)
		err := d.Commit(w.ctx)
		if (err == nil) != (want != "") || err != nil && !errors.Is(err, BadSign) {
			t.Errorf("%q: %v", tag, err)
			continue
		}
		if err == nil {
			g := w.state().signatures[signed{"confirmation", w.actor("dora").me.ID()}]
			if g == nil || g.language != want {
				t.Errorf("%q is signed in %v", tag, g)
			}
		}
	}
}

// A template without signatures has none to name.
func TestNoSignatureToGive(t *testing.T) {
	s := openSale(t)
	if len(s.buyer.State().template.Signatures()) > 0 {
		t.Fatal("the template has signatures by now")
	}
	d := s.buyer.Draft()
	d.Sign("approval", "en")
	if err := d.Commit(s.ctx); !errors.Is(err, NotFound) || !strings.Contains(err.Error(), "no signature approval: the template has none") {
		t.Error(err)
	}
}
