package tray

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// A scenario is the history of a tray as text, one step a line:
//
//	anna: create sales=anna care=carl        who does what
//	anna: set customer.company=Rossi; fire submit
//	dora: fire confirm !blocked signature confirmation by customer
//	host: state signing
//
// The acts of a line that change a draft are one entry, committed at its end;
// with "begin" among them the draft is kept, until "commit". What follows "!" is
// how the line is refused: a Code, for "blocked" with the need and name of a
// blocker, "stale" if it is, and who can provide; "conflict" with a path; "fork",
// "nothing". A line that is not refused must succeed, and one that is refused
// must leave the log as it was. "host" stands for whoever has no key. The verbs
// are in the tables below.
//
// After the last line the log is replayed in every way there is, and must give
// one state. What was written stands in no error and, but for public sections,
// nowhere in the log.
type world struct {
	testing.TB
	ctx     context.Context
	store   *faulty
	host    *Host
	tpl     *template.Template
	pq      bool // in that suite, instead of classic, which is the faster
	clock   time.Time
	actors  map[string]*actor
	links   map[string]Link
	id      sign.Hash
	line    string // of the scenario, that is being played
	lines   int
	refused int      // lines
	said    []string // contents of fields and texts, which nothing but readers may show
}

// actor is somebody with keys, and what he has of the tray.
type actor struct {
	name   string
	signer ed25519.PrivateKey
	former ed25519.PrivateKey // before he changed his keys
	reader section.Identity
	me     *Identity
	tray   *Tray
	kept   *Draft
}

func newWorld(t testing.TB, templateFile string) *world {
	t.Helper()
	tpl, err := template.Load(os.DirFS("testdata"), templateFile)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, ctx: context.Background(), store: newFaulty(), tpl: tpl,
		clock: time.Now().Truncate(time.Second), actors: make(map[string]*actor), links: make(map[string]Link)}
	w.host = NewHost(w.store)
	w.host.Now = func() time.Time { return w.clock }
	return w
}

// play plays a scenario on a new tray.
func play(t testing.TB, templateFile, script string) *world {
	t.Helper()
	w := newWorld(t, templateFile)
	w.play(script)
	return w
}

// play goes on with a scenario.
func (w *world) play(script string) {
	w.Helper()
	before := w.lines
	for line := range strings.Lines(script) {
		if line, _, _ = strings.Cut(line, "#"); strings.TrimSpace(line) != "" {
			w.lines++
			w.line = strings.TrimSpace(line)
			w.step(w.line)
		}
	}
	if w.lines == before {
		w.Fatal("a scenario without lines")
	}
	w.checkReplays()
}

func (w *world) failf(format string, args ...any) {
	w.Helper()
	w.Fatalf("%q: %s", w.line, fmt.Sprintf(format, args...))
}

func (w *world) step(line string) {
	w.Helper()
	line, refusal, refused := strings.Cut(line, " !")
	who, rest, ok := strings.Cut(line, ":")
	if !ok {
		w.failf("no actor")
	}
	before := w.length()
	err := w.acts(w.actor(who), strings.Split(rest, ";"))
	w.tellsNothing(fmt.Sprintf("%v %+v %#v", err, err, err))
	if !refused && err != nil {
		w.failf("%v", err)
	}
	if refused {
		w.refused++
		if err == nil {
			w.failf("not refused")
		}
		if problem := mismatch(err, strings.Fields(refusal)); problem != "" {
			w.failf("%s: %v", problem, err)
		}
		if after := w.length(); after != before {
			w.failf("refused, and the log has %d entries instead of %d", after, before)
		}
	}
}

// tellsNothing fails the test if a text holds what somebody wrote.
func (w *world) tellsNothing(text string) {
	w.Helper()
	for _, value := range w.said {
		if strings.Contains(text, value) {
			w.failf("what was written is told: %s", text)
		}
	}
}

// acts plays the acts of a line, and commits its draft.
func (w *world) acts(a *actor, acts []string) error {
	var d *Draft
	begun := false
	for _, act := range acts {
		verb, arg, _ := strings.Cut(strings.TrimSpace(act), " ")
		if note := drafting[verb]; note != nil {
			if d == nil {
				d = w.draft(a)
			}
			d = note(w, d, arg)
			continue
		}
		switch do := doing[verb]; {
		case verb == "begin":
			d, begun = w.draft(a), true
			a.kept = d
		case verb == "commit":
			d = a.kept
		case do == nil:
			w.failf("no verb %q", verb)
		default:
			if err := do(w, a, arg); err != nil {
				return err
			}
		}
	}
	if d == nil || begun {
		return nil
	}
	return d.Commit(w.ctx)
}

// draft begins a draft of what the log holds now.
func (w *world) draft(a *actor) *Draft {
	t := w.trayOf(a)
	if err := t.Sync(w.ctx); err != nil {
		w.failf("%v", err)
	}
	return t.Draft()
}

// mismatch compares an error with the refusal that is expected, and says what is
// wrong.
func mismatch(err error, want []string) string {
	switch want[0] {
	case "conflict":
		var conflict *ConflictError
		if !errors.As(err, &conflict) {
			return "no conflict"
		}
		for _, path := range want[1:] {
			if !slices.ContainsFunc(conflict.Conflicts, func(c Conflict) bool { return c.Path == path }) {
				return "no conflict at " + path
			}
		}
		return ""
	case "fork":
		return unless(errors.Is(err, ErrFork), "no fork")
	case "nothing":
		return unless(errors.Is(err, ErrNothing), "something to commit")
	}
	if !errors.Is(err, Code(want[0])) {
		return "not refused with " + want[0]
	}
	if len(want) == 1 {
		return ""
	}
	var refusal *Refusal
	errors.As(err, &refusal)
	for _, b := range refusal.Blockers {
		got := []string{string(b.Need), b.Name}
		if slices.Contains([]string{"manage", "admit", "withdraw", "dismiss"}, b.Act) {
			got[1] = b.Act
		}
		if b.Stale {
			got = append(got, "stale")
		}
		if len(want) > 3 && want[len(want)-2] == "by" {
			got = append(got, "by", strings.Join(b.Roles, ","))
		}
		if slices.Equal(got, want[1:]) {
			return ""
		}
	}
	return "not blocked by " + strings.Join(want[1:], " ")
}

func unless(ok bool, problem string) string {
	if ok {
		return ""
	}
	return problem
}

func (w *world) actor(name string) *actor {
	a := w.actors[name]
	if a == nil {
		a = &actor{name: name}
		w.newKeys(a)
		w.actors[name] = a
	}
	return a
}

func (w *world) suite() section.Suite {
	if w.pq {
		return section.PQ
	}
	return section.Classic
}

// newKeys gives an actor an identity of the tray's suite.
func (w *world) newKeys(a *actor) {
	signer, err := sign.GenerateKey(nil)
	if err == nil {
		a.signer = signer
		a.reader, err = section.GenerateIdentity(w.suite())
	}
	if err == nil {
		a.me, err = NewIdentityWith(a.signer, a.reader)
	}
	if err != nil {
		w.Fatal(err)
	}
}

// trayOf gives an actor's handle, opened when it is first used.
func (w *world) trayOf(a *actor) *Tray {
	if a.tray == nil {
		me := a.me
		if a.name == "host" {
			me = nil
		}
		t, err := Open(w.ctx, w.host, w.id, me)
		if err != nil {
			w.failf("opening the tray: %v", err)
		}
		w.use(a, t)
	}
	return a.tray
}

func (w *world) use(a *actor, t *Tray) {
	a.tray = t
}

// participant gives an actor's id in the tray, which outlives his keys.
func (w *world) participant(name string) string {
	a := w.actor(name)
	if a.tray != nil {
		if me := a.tray.Me(); me != nil {
			return me.ID
		}
	}
	return a.me.ID()
}

func (w *world) length() uint64 {
	head, err := w.store.Head(w.ctx, w.id)
	if err != nil && w.id != (sign.Hash{}) {
		w.Fatal(err)
	}
	return head.Length
}

// state gives what a host without keys knows.
func (w *world) state() *State {
	s, err := w.host.State(w.ctx, w.id)
	if err != nil {
		w.failf("%v", err)
	}
	return s
}

// place reads a place: "credit", or "bid/bruno" of somebody's instance.
func (w *world) place(text string) entry.Place {
	name, of, ok := strings.Cut(text, "/")
	if !ok {
		return entry.Place{Section: name}
	}
	return entry.Place{Section: name, Instance: w.participant(of)}
}

// checkReplays compares what the host keeps with what others come to: a host
// that starts anew, a reader with a pinned head, and each of the actors, who
// applied their own entries before anybody else did.
func (w *world) checkReplays() {
	w.Helper()
	for _, line := range w.log() {
		payload, err := w.entryOf(line).Encode()
		if err != nil {
			w.Fatal(err)
		}
		w.tellsNothing(string(payload))
	}
	want := w.state()
	anew, err := NewHost(w.store).State(w.ctx, w.id)
	if err != nil {
		w.Fatal(err)
	}
	w.sameState("a new host", want, anew)
	pinned, err := OpenAt(w.ctx, w.host, want.Head(), nil)
	if err != nil {
		w.Fatal(err)
	}
	w.sameState("from a pinned head", want, pinned.State())
	for _, a := range w.actors {
		if a.tray != nil {
			if err := a.tray.Sync(w.ctx); err != nil {
				w.Fatal(err)
			}
			w.sameState(a.name, want, a.tray.State())
		}
	}
}

func (w *world) sameState(who string, want, got *State) {
	w.Helper()
	a, b := *want, *got
	a.template, b.template = nil, nil // of the host, and of a host that starts anew
	a.dropped, b.dropped, a.blobs, b.blobs = digests{}, digests{}, digests{}, digests{}
	if !reflect.DeepEqual(a, b) {
		w.Fatalf("%s came to another state", who)
	}
	for name, sets := range map[string][2]digests{"blobs": {want.blobs, got.blobs}, "dropped": {want.dropped, got.dropped}} {
		sorted := func(d digests) []sign.Hash { return slices.SortedFunc(d.all(), compareHashes) }
		if !slices.Equal(sorted(sets[0]), sorted(sets[1])) {
			w.Fatalf("%s came to other %s", who, name)
		}
	}
}

// faulty is a store that loses and changes what it is told to.
type faulty struct {
	*store.Memory
	lost    map[sign.Hash]bool
	changed map[sign.Hash][]byte
}

func newFaulty() *faulty {
	return &faulty{store.NewMemory(), make(map[sign.Hash]bool), make(map[sign.Hash][]byte)}
}

func (f *faulty) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	if f.lost[digest] {
		return nil, store.ErrNotFound
	}
	if blob, ok := f.changed[digest]; ok {
		return blob, nil
	}
	return f.Memory.Blob(ctx, tray, digest)
}
