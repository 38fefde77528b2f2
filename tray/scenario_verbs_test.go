package tray

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// drafting holds the verbs that change a draft.
var drafting = map[string]func(w *world, d *Draft, arg string) *Draft{
	"set": func(w *world, d *Draft, arg string) *Draft {
		path, value, _ := strings.Cut(arg, "=")
		w.says(value)
		d.Set(path, value)
		return d
	},
	"clear": func(w *world, d *Draft, arg string) *Draft {
		d.Set(arg, nil)
		return d
	},
	"whole": func(w *world, d *Draft, arg string) *Draft { // whole section field=value, ...
		name, fields, _ := strings.Cut(arg, " ")
		content := make(map[string]any)
		for f := range strings.SplitSeq(fields, ",") {
			if k, v, ok := strings.Cut(strings.TrimSpace(f), "="); ok {
				w.says(v)
				content[k] = v
			}
		}
		d.Encode(name, content)
		return d
	},
	"json": func(w *world, d *Draft, arg string) *Draft { // json section {...}, all of it
		name, text, _ := strings.Cut(arg, " ")
		var content map[string]any
		if err := json.Unmarshal([]byte(text), &content); err != nil {
			w.failf("%v", err)
		}
		d.Encode(name, content)
		return d
	},
	"odd":        func(w *world, d *Draft, arg string) *Draft { d.Encode(arg, 3); return d }, // what is no struct
	"drop":       func(w *world, d *Draft, arg string) *Draft { d.Drop(arg); return d },
	"forget":     func(w *world, d *Draft, arg string) *Draft { d.Drop(w.participant(arg)); return d },
	"of":         func(w *world, d *Draft, arg string) *Draft { return d.Of(w.participant(arg)) },
	"as":         func(w *world, d *Draft, arg string) *Draft { d.As(arg); return d },
	"fire":       func(w *world, d *Draft, arg string) *Draft { d.Fire(arg); return d },
	"reason":     func(w *world, d *Draft, arg string) *Draft { w.says(arg); d.Reason(arg); return d },
	"note":       func(w *world, d *Draft, arg string) *Draft { w.says(arg); d.Note(arg); return d },
	"unreadable": func(w *world, d *Draft, arg string) *Draft { d.Unreadable(arg); return d },
	"withdraw": func(w *world, d *Draft, arg string) *Draft {
		key, err := w.links[arg].key()
		if err != nil {
			w.Fatal(err)
		}
		public, _ := sign.Public(key)
		d.Withdraw(public.Thumbprint())
		return d
	},
	"sign": func(w *world, d *Draft, arg string) *Draft {
		name, language, ok := strings.Cut(arg, " ")
		if !ok {
			language = "en"
		}
		d.Sign(name, language)
		return d
	},
	"admit": func(w *world, d *Draft, arg string) *Draft { // admit who roles...
		f := strings.Fields(arg)
		d.Admit(w.actor(f[0]).me.Card(), f[1], Also(f[2:]...))
		return d
	},
	"succeed": func(w *world, d *Draft, arg string) *Draft { // succeed whom who roles...
		f := strings.Fields(arg)
		d.Admit(w.actor(f[1]).me.Card(), f[2], Also(f[3:]...), Succeeding(w.participant(f[0])))
		return d
	},
	"dismiss": func(w *world, d *Draft, arg string) *Draft {
		f := strings.Fields(arg)
		d.Dismiss(w.participant(f[0]), f[1:]...)
		return d
	},
}

// doing holds the verbs that act at once, and those that look.
var doing = map[string]func(w *world, a *actor, arg string) error{
	"create": func(w *world, a *actor, arg string) error { // create role=who ...
		var who []CreateOption
		for f := range strings.FieldsSeq(arg) {
			role, name, _ := strings.Cut(f, "=")
			who = append(who, Bind(role, w.actor(name).me.Card()))
		}
		t, err := createAt(w, a.me, who)
		if err == nil {
			w.id = t.ID()
			w.use(a, t)
		}
		return err
	},
	"invite": func(w *world, a *actor, arg string) error { // invite link roles... [for 24h]
		roles, limit, limited := strings.Cut(arg, " for ")
		f := strings.Fields(roles)
		more := []InviteOption{Also(f[2:]...)}
		if limited {
			d, err := time.ParseDuration(limit)
			if err != nil {
				return err
			}
			more = append(more, Until(w.clock.Add(d)))
		}
		link, err := w.trayOf(a).Invite(w.ctx, f[1], more...)
		if err == nil {
			w.links[f[0]], err = ParseLink(link.Reveal("https://app.example/"))
		}
		return err
	},
	"join": func(w *world, a *actor, arg string) error {
		t, err := joinAt(w, w.links[arg], a.me)
		if err == nil {
			w.use(a, t)
		}
		return err
	},
	"rekey": func(w *world, a *actor, arg string) error {
		t := w.trayOf(a)
		next := &actor{}
		w.newKeys(next)
		if err := t.Rekey(w.ctx, next.me); err != nil {
			return err
		}
		a.former = a.signer
		a.signer, a.reader, a.me = next.signer, next.reader, next.me
		a.tray = nil // opened again, with the new keys alone
		w.trayOf(a)
		return nil
	},
	"can": func(w *world, a *actor, arg string) error {
		t := w.trayOf(a)
		if err := t.Sync(w.ctx); err != nil {
			return err
		}
		blockers, err := t.Can(w.ctx, arg)
		if len(blockers) > 0 {
			return &Refusal{Code: Blocked, Op: -1, Blockers: blockers}
		}
		return err
	},
	"reads": func(w *world, a *actor, arg string) error { // reads path=value
		path, want, _ := strings.Cut(arg, "=")
		if got := w.view(a).Text(path); got != want {
			w.failf("reads %q", got)
		}
		return nil
	},
	"sees": func(w *world, a *actor, arg string) error { // sees place status
		name, want, _ := strings.Cut(arg, " ")
		p := w.place(name)
		x := w.view(a).SectionOf(p.Section, p.Instance)
		if string(x.Status) != want {
			w.failf("sees %+v", x)
		}
		return nil
	},
	"edits": func(w *world, a *actor, arg string) error { // edits all that may be written, and no more
		var got []string
		for _, x := range w.view(a).Sections() {
			if x.Editable {
				got = append(got, x.Section)
			}
		}
		if !slices.Equal(got, strings.Fields(arg)) {
			w.failf("edits %v", got)
		}
		return nil
	},
	"state": func(w *world, a *actor, arg string) error {
		if got := w.state().Name(); got != arg {
			w.failf("state %s", got)
		}
		return nil
	},
	"signed": func(w *world, a *actor, arg string) error { // signed signature who...
		f := strings.Fields(arg)
		var want []string
		for _, name := range f[1:] {
			want = append(want, w.participant(name))
		}
		if got := w.state().signers(f[0]); !slices.Equal(got, want) {
			w.failf("signed by %d participants, or by others", len(got))
		}
		return nil
	},
	"told": func(w *world, a *actor, arg string) error { // told who may read the last note or reason
		log, to := w.log(), []string(nil)
		for _, op := range w.entryOf(log[len(log)-1]).Ops {
			switch op := op.(type) {
			case *entry.Note:
				to = op.File.To
			case *entry.Fire:
				if op.Reason != nil {
					to = op.Reason.File.To
				}
			}
		}
		var want []string
		for name := range strings.FieldsSeq(arg) {
			want = append(want, w.participant(name))
		}
		if !slices.Equal(to, want) {
			w.failf("told to %d others", len(to))
		}
		return nil
	},
	"dropped": func(w *world, a *actor, arg string) error { // dropped how many blobs
		n := 0
		for range w.state().dropped.all() {
			n++
		}
		if strconv.Itoa(n) != arg {
			w.failf("%d blobs are dropped", n)
		}
		return nil
	},
	"owed": func(w *world, a *actor, arg string) error { // owed section to who... by who..., or anew who...
		var got []string
		names := func(ids []string) {
			for _, id := range ids {
				for name := range w.actors {
					if w.participant(name) == id {
						got = append(got, name)
					}
				}
			}
		}
		for _, o := range w.state().Owed() {
			got = append(got, o.Section, "to")
			names(o.To)
			if len(o.By) > 0 {
				got = append(got, "by")
				names(o.By)
			} else {
				got = append(got, "anew")
				names(o.Anew)
			}
		}
		if !slices.Equal(got, strings.Fields(arg)) {
			w.failf("%v", got)
		}
		return nil
	},
	"anew": func(w *world, a *actor, arg string) error { // anew section who..., as the actor's view names them
		f := strings.Fields(arg)
		var want []string
		for _, name := range f[1:] {
			want = append(want, w.participant(name))
		}
		if x := w.view(a).Section(f[0]); !slices.Equal(x.Anew, want) {
			w.failf("%d who can write it anew", len(x.Anew))
		}
		return nil
	},
	"later": func(w *world, a *actor, arg string) error {
		d, err := time.ParseDuration(arg)
		w.clock = w.clock.Add(d)
		return err
	},
	"loses": func(w *world, a *actor, arg string) error { // loses the files of a place
		for _, f := range w.state().places[w.place(arg)].files.all() {
			w.store.lost[f.Blob] = true
		}
		return nil
	},
}

// createAt creates a tray. The clock of a new handle is the machine's; it is
// corrected by the host's, which is the world's.
func createAt(w *world, me *Identity, who []CreateOption) (*Tray, error) {
	return Create(w.ctx, w.host, w.tpl, me, append(who, InSuite(w.suite()))...)
}

func joinAt(w *world, link Link, me *Identity) (*Tray, error) { return Join(w.ctx, w.host, link, me) }

func (w *world) view(a *actor) *View {
	t := w.trayOf(a)
	if err := t.Sync(w.ctx); err != nil {
		w.failf("%v", err)
	}
	v, err := t.View(w.ctx)
	if err != nil {
		w.failf("%v", err)
	}
	return v
}

// says remembers what is long enough to be no accident elsewhere.
func (w *world) says(value string) {
	if len(value) >= 5 {
		w.said = append(w.said, value)
	}
}
