package tray

import (
	"context"
	"os"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// rich is a tray with every kind of op in its log.
type rich struct {
	id        sign.Hash
	memory    *store.Memory
	host      *Host
	lines     [][]byte
	blobs     [][][]byte // that came with each line
	people    map[string]*Identity
	template  *template.Template
	withdrawn sign.Hash // a blob that was made for an invite that was withdrawn
}

// recorder keeps what is appended, to make other logs of it.
type recorder struct {
	*store.Memory
	r *rich
}

func (s recorder) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	err := s.Memory.Append(ctx, after, line, blobs...)
	if err == nil {
		s.r.lines = append(s.r.lines, line)
		s.r.blobs = append(s.r.blobs, blobs)
	}
	return err
}

// prefix gives a store with the first n entries.
func (r *rich) prefix(t testing.TB, n int) *store.Memory {
	t.Helper()
	m := store.NewMemory()
	r.fill(t, m, n)
	return m
}

// fill appends the first n entries to a store.
func (r *rich) fill(t testing.TB, s store.Store, n int) {
	t.Helper()
	head := store.Head{Tray: r.id}
	for i := range n {
		if err := s.Append(t.Context(), head, r.lines[i], r.blobs[i]...); err != nil {
			t.Fatal(err)
		}
		head.Length, head.Hash = head.Length+1, sign.Sum(r.lines[i])
	}
}

func loadDeal() (*template.Template, error) {
	return template.Load(os.DirFS("testdata"), "deal.yaml")
}

func dealTemplate(t testing.TB) *template.Template {
	t.Helper()
	tpl, err := loadDeal()
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// newRich plays the history.
func newRich(t testing.TB) *rich {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	r := &rich{memory: store.NewMemory(), people: make(map[string]*Identity), template: dealTemplate(t)}
	r.host = NewHost(recorder{r.memory, r})
	for _, name := range []string{"sales", "customer", "care", "care2", "supplier", "other", "crm"} {
		id, err := NewIdentity()
		check(err)
		r.people[name] = id
	}
	sales, err := Create(ctx, r.host, r.template, r.people["sales"], InSuite(section.Classic),
		Bind("sales", r.people["sales"].Card()), Bind("care", r.people["care"].Card()), Bind("supplier", r.people["supplier"].Card()))
	check(err)
	r.id = sales.ID()
	open := func(name string) *Tray {
		tr, err := Open(ctx, r.host, r.id, r.people[name])
		check(err)
		return tr
	}
	commit := func(tr *Tray, fill func(d *Draft)) {
		t.Helper()
		check(tr.Sync(ctx))
		d := tr.Draft()
		fill(d)
		check(d.Commit(ctx))
	}
	care, supplier := open("care"), open("supplier")
	commit(sales, func(d *Draft) {
		d.Set("facts.kind", "small")
		d.Set("customer.company", "Rossi")
		d.Set("customer.phone", "+39021234")
		d.Set("products.amount", "720.20")
	})
	commit(sales, func(d *Draft) { d.Set("facts.count", 3) })
	link, err := sales.Invite(ctx, "customer")
	check(err)
	lost, err := sales.Invite(ctx, "customer")
	check(err)
	commit(sales, func(d *Draft) {
		key, err := lost.key()
		check(err)
		public, err := sign.Public(key)
		check(err)
		id := public.Thumbprint()
		if inv := sales.State().invites[id]; inv != nil && len(inv.files) > 0 {
			r.withdrawn = inv.files[0]
		} else {
			t.Fatal("no file was made for the invite")
		}
		d.Withdraw(id)
	})
	customer, err := Join(ctx, r.host, link, r.people["customer"])
	check(err)
	commit(supplier, func(d *Draft) { d.Set("bid.price", "10.00") })
	commit(sales, func(d *Draft) { d.Admit(r.people["other"].Card(), "supplier") })
	commit(open("other"), func(d *Draft) { d.Set("bid.price", "9.00") })
	commit(sales, func(d *Draft) { d.Fire("tender") })
	commit(sales, func(d *Draft) { d.Dismiss(r.people["other"].ID()) })
	commit(supplier, func(d *Draft) { d.Note("a little note") })
	commit(sales, func(d *Draft) { d.Fire("submit") })
	commit(customer, func(d *Draft) { d.Set("box.complaint", "late again") })
	commit(care, func(d *Draft) { d.Unreadable("products") })
	commit(sales, func(d *Draft) { d.Note("shares what care could not read") })
	commit(customer, func(d *Draft) { d.Fire("return"); d.Reason("the company's name") })
	next, err := NewIdentity()
	check(err)
	check(care.Rekey(ctx, next))
	r.people["care"] = care.as(care.State())
	commit(sales, func(d *Draft) { d.Set("customer.company", "Rossi S.p.A."); d.Fire("submit") })
	commit(customer, func(d *Draft) { d.Sign("confirmation", "it"); d.Fire("confirm") })
	commit(care, func(d *Draft) { d.Admit(r.people["care2"].Card(), "care") })
	commit(care, func(d *Draft) { d.Set("credit.limit", "1000.00"); d.Sign("approval", "en") })
	commit(open("care2"), func(d *Draft) { d.Sign("approval", "en") })
	commit(care, func(d *Draft) { d.Fire("validate") })
	commit(sales, func(d *Draft) { d.Admit(r.people["crm"].Card(), "crm") })
	commit(open("crm"), func(d *Draft) { d.Fire("finish") })
	commit(care, func(d *Draft) { d.Note("and shares credit to sales") })
	_, err = sales.Invite(ctx, "customer") // one that stays open
	check(err)
	r.demandEveryOp(t)
	return r
}

// demandEveryOp fails if the history lost a kind of op.
func (r *rich) demandEveryOp(t testing.TB) {
	t.Helper()
	seen := make(map[string]int)
	each := func(yield func([]byte, error) bool) {
		for _, line := range r.lines {
			if !yield(line, nil) {
				return
			}
		}
	}
	for o, err := range sign.OpenAll(entry.Kind, each, decodeEntry) {
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range o.Value.Ops {
			seen[op.Name()]++
		}
	}
	for _, name := range []string{"create", "admit", "invite", "withdraw", "join", "dismiss", "rekey", "write", "share", "unreadable", "attest", "sign", "fire", "note"} {
		if seen[name] == 0 {
			t.Errorf("no op %s in the history", name)
		}
	}
}
