package tray

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// closing is a deal from its creation to its end, in all types of events.
const closing = deal + `
	sam:  set bid.price=12
	sue:  set bid.price=13
	anna: fire tender
	anna: fire submit
	dora: sign confirmation it; set box.complaint=late
	dora: fire confirm
	carl: set credit.limit=900; sign approval; fire validate
	crow: fire finish
`

// closingEvents tells of each entry what became of the tray, what was written
// and signed, and whose turn it is.
const closingEvents = `
 0 created  →filling                       turn sales supplier
 1 changed filling→filling                 turn sales supplier
 2 changed filling→filling facts customer products turn sales supplier
 3 changed filling→filling bid             turn sales supplier
 4 changed filling→filling bid             turn sales supplier
 5 moved filling→filling                   turn sales supplier
 6 moved filling→signing                   turn customer
 7 changed signing→signing box +confirmation turn customer
 8 moved signing→validating                turn care
 9 moved validating→checked credit +approval turn crm
10 closed checked→done                     turn
`

// summary is one line of closingEvents.
func summary(ev Event) string {
	parts := []string{fmt.Sprint(ev.Seq), string(ev.Type), ev.From + "→" + ev.To}
	for _, r := range ev.Written() {
		parts = append(parts, r.Section)
	}
	for _, name := range ev.Signed() {
		parts = append(parts, "+"+name)
	}
	return strings.Join(append(append(parts, "turn"), ev.Turn...), " ")
}

func summaries(events []Event) string {
	out := make([]string, len(events))
	for i, ev := range events {
		out[i] = summary(ev)
	}
	return strings.Join(out, "\n")
}

func TestEvents(t *testing.T) {
	w := play(t, "deal.yaml", closing)
	events, err := collect(t, w.host.Events(w.ctx, ""))
	if err != nil {
		t.Fatal(err)
	}
	want := spaces.ReplaceAllString(strings.ReplaceAll(strings.TrimSpace(closingEvents), "\n ", "\n"), " ")
	if got := summaries(events); got != want {
		t.Fatalf("told\n%s\nwant\n%s", got, want)
	}
	ids := make(map[string]bool)
	for i, ev := range events {
		ids[ev.ID()] = true
		if ev.Tray != w.id || ev.Template != "deal" || ev.Version != 1 || ev.Refusal != nil || ev.ID() != fmt.Sprintf("%v/%d", w.id, i) {
			t.Errorf("%+v", ev)
		}
	}
	if len(ids) != len(events) {
		t.Errorf("%d ids of %d events", len(ids), len(events))
	}
	steps, err := collect(t, w.trayOf(w.actor("anna")).Timeline(w.ctx))
	if err != nil || len(steps) != len(events) {
		t.Fatal(err)
	}
	for i, ev := range events {
		if fmt.Sprint(ev.Step) != fmt.Sprint(steps[i]) || ev.Line != steps[i].Line {
			t.Errorf("the timeline says %v, the event %v", steps[i], ev.Step)
		}
	}
}

// twoTrays gives a store with two trays whose entries alternate, and their ids.
func twoTrays(t *testing.T) (*world, [2]sign.Hash) {
	w := newWorld(t, "deal.yaml")
	var ids [2]sign.Hash
	var actors [2]map[string]*actor
	for _, part := range []string{deal, "anna: fire submit", "dora: sign confirmation it\ndora: fire confirm", "carl: fire return; reason no"} {
		for i := range ids {
			w.id, w.actors = ids[i], actors[i]
			if w.actors == nil {
				w.actors = make(map[string]*actor)
			}
			w.play(part)
			ids[i], actors[i] = w.id, w.actors
		}
	}
	return w, ids
}

// twice is a store whose feed tells everything twice, the second time later.
type twice struct{ store.Store }

func (s twice) Feed(ctx context.Context, after store.Cursor) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for range 2 {
			for c, err := range s.Store.Feed(ctx, after) {
				if !yield(c, err) {
					return
				}
			}
		}
	}
}

// TestEventsAreTheSame asks from every cursor, hosts that know the trays and
// hosts that do not, one that forgets, and a store that repeats itself.
func TestEventsAreTheSame(t *testing.T) {
	w, ids := twoTrays(t)
	all, err := collect(t, w.host.Events(w.ctx, ""))
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[sign.Hash]uint64)
	for _, ev := range all {
		if ev.Seq != seen[ev.Tray] {
			t.Errorf("entry %d of a tray follows %d", ev.Seq, seen[ev.Tray])
		}
		seen[ev.Tray]++
	}
	if len(seen) != 2 || seen[ids[0]] != 7 || seen[ids[1]] != 7 || all[0].Tray == all[len(all)-1].Tray {
		t.Fatalf("%v", seen)
	}
	same := func(what string, want, got []Event, err error) {
		t.Helper()
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s: %d events instead of %d: %v", what, len(got), len(want), err)
		}
		for i := range got {
			if got[i].ID() != want[i].ID() || summary(got[i]) != summary(want[i]) || fmt.Sprint(got[i].Step) != fmt.Sprint(want[i].Step) {
				t.Fatalf("%s: %v instead of %v", what, got[i], want[i])
			}
		}
	}
	for i, ev := range all {
		rest, err := collect(t, w.host.Events(w.ctx, ev.Cursor))
		same("a host", all[i+1:], rest, err)
		rest, err = collect(t, NewHost(w.store).Events(w.ctx, ev.Cursor))
		same("a new host", all[i+1:], rest, err)
		for next := range NewHost(w.store).Events(w.ctx, ev.Cursor) {
			same("one at a time", all[i+1:i+2], []Event{next}, nil)
			break
		}
	}
	got, err := collect(t, NewHost(twice{w.store}).Events(w.ctx, ""))
	same("twice", slices.Concat(all, all), got, err)
}

// TestEventsOfABrokenTray changes one of two trays: it is told as broken from
// there on, and the other as ever.
func TestEventsOfABrokenTray(t *testing.T) {
	w, ids := twoTrays(t)
	all, err := collect(t, w.host.Events(w.ctx, ""))
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for n := range uint64(7) {
		for name, change := range map[string]func(l [][]byte) [][]byte{
			"changed": func(l [][]byte) [][]byte { l[n][len(l[n])-3] ^= 1; return l },
			"cut":     func(l [][]byte) [][]byte { return l[:n] },
			"dropped": func(l [][]byte) [][]byte { return slices.Delete(l, int(n), int(n)+1) },
		} {
			cases++
			s := oneTray{served{Store: w.store, lines: change}, w.store, ids[0]}
			for _, from := range []int{0, 3, 7} { // some of these hosts begin behind the place
				cursor, rest := store.Cursor(""), all
				if from > 0 {
					cursor, rest = all[from-1].Cursor, all[from:]
				}
				got, err := collect(t, NewHost(s).Events(w.ctx, cursor))
				if err != nil || len(got) != len(rest) {
					t.Fatalf("%s %d: %d events: %v", name, n, len(got), err)
				}
				for i, ev := range got {
					if ev.ID() != rest[i].ID() || ev.Cursor != rest[i].Cursor {
						t.Fatalf("%s %d: %v", name, n, ev)
					}
					if ev.Tray != ids[0] || ev.Seq < n {
						if ev.Type == Broken || summary(ev) != summary(rest[i]) {
							t.Fatalf("%s %d: told %v, %v", name, n, ev, ev.Refusal)
						}
					} else if ev.Type != Broken || ev.Refusal == nil || len(ev.Acts) > 0 || n > 0 && ev.Refusal.Seq != n {
						t.Fatalf("%s %d: told %+v", name, n, ev)
					}
				}
			}
		}
	}
	if cases != 21 {
		t.Fatalf("%d cases", cases)
	}
}

// oneTray serves one tray from another store.
type oneTray struct {
	served
	store.Store
	id sign.Hash
}

func (s oneTray) Log(ctx context.Context, tray sign.Hash, from uint64) iter.Seq2[[]byte, error] {
	if tray == s.id {
		return s.served.Log(ctx, tray, from)
	}
	return s.Store.Log(ctx, tray, from)
}

func (s oneTray) Head(ctx context.Context, tray sign.Hash) (store.Head, error) {
	return s.Store.Head(ctx, tray)
}

func (s oneTray) Append(ctx context.Context, after store.Head, line []byte, blobs ...[]byte) error {
	return s.Store.Append(ctx, after, line, blobs...)
}

func (s oneTray) Blob(ctx context.Context, tray, digest sign.Hash) ([]byte, error) {
	return s.Store.Blob(ctx, tray, digest)
}

func (s oneTray) Feed(ctx context.Context, after store.Cursor) iter.Seq2[store.Change, error] {
	return s.Store.Feed(ctx, after)
}

func TestEventsFail(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	ill := errors.New("the disk is ill")
	canceled, cancel := context.WithCancel(w.ctx)
	cancel()
	same := func(l [][]byte) [][]byte { return nil }
	for name, c := range map[string]struct {
		ctx   context.Context
		s     store.Store
		after store.Cursor
		want  error
	}{
		"no such cursor": {w.ctx, w.store, "x", store.ErrInvalid},
		"canceled":       {canceled, w.store, "", context.Canceled},
		"an ill log":     {w.ctx, served{w.store, same, ill}, "", ill},
		"ill blobs":      {w.ctx, illBlobs{w.store, ill}, "", ill},
	} {
		if events, err := collect(t, NewHost(c.s).Events(c.ctx, c.after)); len(events) != 0 || !errors.Is(err, c.want) {
			t.Errorf("%s: %d events, %v", name, len(events), err)
		}
	}
	w.store.lost[w.tpl.Digest()] = true
	events, err := collect(t, NewHost(w.store).Events(w.ctx, ""))
	if err != nil || len(events) != 3 {
		t.Fatalf("without the template: %v", err)
	}
	for _, ev := range events {
		if ev.Type != Broken || !errors.Is(ev.Refusal, store.ErrNotFound) {
			t.Errorf("without the template: %v", ev)
		}
	}
}

// TestTurn follows whose turn it is where several work at once.
func TestTurn(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	for _, c := range []struct{ script, want string }{
		{"anna: create sales=anna care=carl crm=crow", "sales supplier"},
		{"anna: admit dora customer; admit dan customer", "sales supplier"},
		{"anna: set customer.company=Rossi; set products.amount=700", "sales supplier"},
		{"anna: fire submit", "customer"},
		{"dora: sign confirmation en\ndora: fire confirm", "care"},
		{"carl: fire return; reason no", "sales supplier"},
		{"anna: fire cancel", ""},
	} {
		w.play(c.script)
		if got := strings.Join(w.state().Turn(), " "); got != c.want {
			t.Errorf("after %q it is the turn of %q", c.script, got)
		}
	}
	w = newWorld(t, "board.yaml")
	for _, c := range []struct{ script, want string }{
		{"ada: create chair=ada member=max member=mia", "chair"},
		{"ada: set motion.text=more; fire open", "member"},
		{"max: sign any; sign two; sign every", "chair member"}, // one is enough for an event, not for the others
		{"mia: sign two; sign every", "chair"},
	} {
		w.play(c.script)
		if got := strings.Join(w.state().Turn(), " "); got != c.want {
			t.Errorf("after %q it is the turn of %q", c.script, got)
		}
	}
}

func TestCloudEvent(t *testing.T) {
	w := play(t, "deal.yaml", closing)
	events, err := collect(t, w.host.Events(w.ctx, ""))
	if err != nil {
		t.Fatal(err)
	}
	ev := events[9]
	got, err := ev.CloudEvent("https://app.example/trays")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"specversion":"1.0","id":"TRAY/9","source":"https://app.example/trays","type":"io.github.vassoio.tray.moved",` +
		`"subject":"TRAY","time":"` + ev.Time.Format(time.RFC3339) + `","datacontenttype":"application/json",` +
		`"data":{"tray":"TRAY","seq":9,"template":"deal","version":1,"author":"carl","roles":["care"],"event":"validate",` +
		`"from":"validating","to":"checked","sections":[{"section":"credit","revision":1}],"signatures":["approval"],"turn":["crm"]}}`
	if text := w.names(strings.ReplaceAll(string(got), w.id.String(), "TRAY")); text != want {
		t.Errorf("\n%s\nwant\n%s", text, want)
	}
	for _, ev := range events {
		text, err := ev.CloudEvent("urn:example:trays")
		if err != nil {
			t.Fatal(err)
		}
		var attributes map[string]any
		if err := json.Unmarshal(text, &attributes); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"specversion", "id", "source", "type", "subject", "time", "datacontenttype"} {
			if s, _ := attributes[name].(string); s == "" {
				t.Errorf("event %d has no %s", ev.Seq, name)
			}
		}
		for _, value := range []string{"Rossi", "39021", "700", "900", "small", "late", "pass"} {
			if strings.Contains(string(text), `"`+value) {
				t.Errorf("event %d holds %q", ev.Seq, value)
			}
		}
	}
	for _, source := range []string{"", "%", "a b", "http://[::1", ":", "\x00"} {
		if text, err := ev.CloudEvent(source); err == nil || text != nil {
			t.Errorf("source %q was taken", source)
		}
	}
	broken := Event{Type: Broken, Tray: w.id, Step: Step{Seq: 3}, Refusal: &Refusal{Code: Forged, Seq: 2}}
	text, err := broken.CloudEvent("/trays")
	if err != nil || !strings.Contains(string(text), `"data":{"tray":"`+w.id.String()+`","seq":3,"broken":{"seq":2,"code":"forged"}}`) || strings.Contains(string(text), `"time"`) {
		t.Errorf("%s: %v", text, err)
	}
}
