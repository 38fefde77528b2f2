package tray

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// catalogue is a template that needs what only some applications have: a
// function, and a format.
const catalogue = `template: catalogue
version: 1
needs:
  functions: {knownArticle: {args: text, result: boolean}}
  formats: [acme_code]
roles:
  seller: {manages: [seller, buyer]}
  buyer: {}
sections:
  notice:
    public: true
    write: [seller]
    fields: {headline: {type: text}}
  offer:
    read: [seller, buyer]
    write: [seller]
    fields: {article: {type: text, required: true}}
  stock:
    read: [seller, buyer]
    write: [seller]
    fields: {code: {type: text, format: acme_code, required: true}}
rules:
  known: {rule: knownArticle(offer.article), message: an unknown article, at: propose}
  headline: {rule: knownArticle(notice.headline), message: name an article, severity: warning}
lifecycle:
  initial: open
  states:
    open:     {edit: {seller: [notice, offer, stock]}}
    proposed: {final: true}
  events:
    propose: {from: open, to: proposed, by: [seller, buyer], valid: [notice, offer, stock]}
`

func acme(known string) rules.Library {
	return rules.Library{
		Functions: []rules.Function{{
			Name: "knownArticle", Args: []rules.Kind{rules.KindText}, Result: rules.KindBoolean,
			Call: func(args []any) (any, error) { return args[0] == known, nil },
		}},
		Formats: []rules.Format{{Name: "acme_code", Check: func(s string) bool { return strings.HasPrefix(s, "A-") }}},
	}
}

// market is a tray of the catalogue: the seller's application has no library,
// the buyer's has.
type market struct {
	ctx           context.Context
	host          *Host
	seller, buyer *Tray
	a, b          *Identity
	tpl           *template.Template
}

func openMarket(t testing.TB) market {
	t.Helper()
	m := market{ctx: context.Background(), host: NewHost(store.NewMemory())}
	m.tpl = have(template.Load(fstest.MapFS{"catalogue.yaml": {Data: []byte(catalogue)}}, "catalogue.yaml"))(t)
	m.a, m.b = have(NewIdentity())(t), have(NewIdentity())(t)
	m.seller = have(Create(m.ctx, m.host, m.tpl, m.a, InSuite(section.Classic), Bind("seller", m.a.Card()), Bind("buyer", m.b.Card())))(t)
	d := m.seller.Draft()
	d.Set("notice.headline", "Spring")
	d.Set("offer.article", "Tagliere")
	d.Set("stock.code", "A-1")
	if err := d.Commit(m.ctx); err != nil {
		t.Fatal(err)
	}
	m.buyer = have(Open(m.ctx, With(m.host, acme("Tagliere")), m.seller.ID(), m.b))(t)
	return m
}

func propose(t testing.TB, ctx context.Context, tr *Tray) error {
	t.Helper()
	if err := tr.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	d := tr.Draft()
	d.Fire("propose")
	return d.Commit(ctx)
}

// Whoever lacks a function or format attests nothing that needs it, and is told
// who can; with the other's word the host, which has none either, lets him on.
func TestLibraryAttests(t *testing.T) {
	m := openMarket(t)
	var refusal *Refusal
	if err := propose(t, m.ctx, m.seller); !errors.As(err, &refusal) || refusal.Code != Blocked {
		t.Fatalf("the seller, without a library: %v", err)
	}
	var blocked []string
	for _, b := range refusal.Blockers {
		blocked = append(blocked, b.Name)
		if b.Need != NeedAttestation || !slices.Contains(b.Participants, m.buyer.Me().ID) {
			t.Errorf("%+v", b)
		}
		if want := map[string]string{"valid.stock": "with acme_code", "rule.known": "with knownArticle"}[b.Name]; want == "" || !strings.HasSuffix(b.String(), want) {
			t.Errorf("%s, want %q", b.String(), want)
		}
	}
	if len(blocked) != 2 {
		t.Errorf("blocked by %v", blocked)
	}
	for name := range m.seller.State().said {
		if cond := m.tpl.Condition(name.condition); len(cond.Needs) > 0 {
			t.Errorf("the seller attested %s", name.condition)
		}
	}

	// An empty draft of the buyer attests what he owes; then the seller goes on.
	if err := m.buyer.Draft().Commit(m.ctx); err != nil {
		t.Fatal(err)
	}
	if err := propose(t, m.ctx, m.seller); err != nil {
		t.Fatalf("the seller, with the buyer's word: %v", err)
	}
	if s := have(m.host.State(m.ctx, m.seller.ID()))(t); s.Name() != "proposed" {
		t.Errorf("the host is at %s", s.Name())
	}

	for name, c := range map[string]struct {
		host store.Store
		want string
	}{
		"without a library":     {m.host, "headline unknown advisory, valid.stock pass attested, rule.known pass attested"},
		"with the same":         {With(m.host, acme("Tagliere")), "headline pass advisory, valid.stock pass checked, rule.known pass checked"},
		"with one that differs": {With(m.host, acme("Spring")), "headline pass advisory, valid.stock pass checked, rule.known pass differs"},
	} {
		report := have(Verify(m.ctx, c.host, m.seller.ID(), nil, m.b))(t)
		got := map[string]string{}
		for _, x := range report.Conditions {
			if len(x.Needs) > 0 {
				got[x.Condition] = x.Result + " " + string(x.Basis)
			}
		}
		said := "headline " + got["rule.headline"] + ", valid.stock " + got["valid.stock"] + ", rule.known " + got["rule.known"]
		if !report.Verified || len(got) != 3 || said != c.want {
			t.Errorf("%s: %v %s, want %s", name, report.Verified, said, c.want)
		}
		if !strings.Contains(report.String(), "needs knownArticle\n") {
			t.Errorf("%s: the report does not tell what is needed\n%s", name, report)
		}
	}
}

// A wrong value is told to whoever has the library, and to nobody else.
func TestLibraryFails(t *testing.T) {
	m := openMarket(t)
	d := m.seller.Draft()
	d.Set("stock.code", "B-1")
	d.Set("offer.article", "Forchetta")
	if err := d.Commit(m.ctx); err != nil {
		t.Fatal(err)
	}
	var refusal *Refusal
	if err := propose(t, m.ctx, m.buyer); !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	var broken []string
	for _, b := range refusal.Blockers {
		if b.Violation != nil {
			broken = append(broken, b.Violation.Rule)
		}
	}
	slices.Sort(broken)
	if got := strings.Join(broken, " "); got != "rule.known stock.code.format" {
		t.Errorf("broken: %s", got)
	}
}

// A rule that only warns is shown to whoever can tell, and blocks nobody.
func TestLibraryWarns(t *testing.T) {
	m := openMarket(t)
	warned := func(host store.Store) (out []string) {
		tr := have(Open(m.ctx, host, m.seller.ID(), m.a))(t)
		for _, task := range have(tr.Waiting(m.ctx))(t) {
			if e, ok := task.(TaskEdit); ok && e.Place.Section == "notice" {
				for _, v := range e.Violations {
					out = append(out, v.Rule+" "+v.Severity)
				}
			}
		}
		return out
	}
	if got := warned(m.host); len(got) > 0 {
		t.Errorf("without a library: %v", got)
	}
	if got := warned(With(m.host, acme("Tagliere"))); !slices.Equal(got, []string{"rule.headline warning"}) {
		t.Errorf("with one: %v", got)
	}
	if events := m.tpl.Condition("rule.headline").Events; len(events) > 0 {
		t.Errorf("it is due at %v", events)
	}
}

// A library that calls the function otherwise is told, when a tray is opened
// with it and when a template is given it; the tray can be opened without.
func TestLibraryMistaken(t *testing.T) {
	m := openMarket(t)
	l := acme("x")
	l.Functions[0].Args = []rules.Kind{rules.KindInteger}
	const want = "declared as knownArticle(text) boolean, and given as knownArticle(integer) boolean"
	host := With(m.host, l)
	_, opened := Open(m.ctx, host, m.seller.ID(), m.b)
	_, pinned := OpenAt(m.ctx, host, m.seller.State().Head(), m.b)
	_, verified := Verify(m.ctx, host, m.seller.ID(), nil, m.b)
	_, given := m.tpl.With(l)
	for what, err := range map[string]error{"Open": opened, "OpenAt": pinned, "Verify": verified, "With": given} {
		var mistaken *rules.LibraryError
		if !errors.As(err, &mistaken) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := Open(m.ctx, m.host, m.seller.ID(), m.b); err != nil {
		t.Error(err)
	}
}

// The creator's library is that of his template, which stays what it is.
func TestLibraryOfTemplate(t *testing.T) {
	m := openMarket(t)
	tpl := have(m.tpl.With(acme("Tagliere")))(t)
	if tpl.Digest() != m.tpl.Digest() || !bytes.Equal(tpl.Canonical(), m.tpl.Canonical()) || tpl == m.tpl {
		t.Fatal("another template")
	}
	tr := have(Create(m.ctx, With(m.host, acme("Tagliere")), tpl, m.a, InSuite(section.Classic), Bind("seller", m.a.Card()), Bind("buyer", m.b.Card())))(t)
	d := tr.Draft()
	d.Set("notice.headline", "Spring")
	d.Set("offer.article", "Tagliere")
	d.Set("stock.code", "A-1")
	d.Fire("propose")
	if err := d.Commit(m.ctx); err != nil {
		t.Fatal(err)
	}
}

// The clock of a host is asked through its library, too.
func TestLibraryClock(t *testing.T) {
	then := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	host := &Host{Now: func() time.Time { return then }}
	if got := clock(With(host, rules.Library{})); !got.Equal(then) {
		t.Errorf("%v, want %v", got, then)
	}
}

// have gives what cannot fail.
func have[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
