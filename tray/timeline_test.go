package tray

import (
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// told is a history with every act in it.
const told = `
	anna: create sales=anna care=carl crm=crow
	anna: admit dora customer; admit sam supplier
	anna: set customer.company=Rossi; set customer.phone=+39021; set products.amount=700; set facts.kind=small
	sam:  set bid.price=12
	anna: invite later customer
	anna: withdraw later
	anna: invite link care
	cara: join link
	carl: rekey
	anna: note Ask for the other address
	cara: unreadable customer
	anna: fire submit
	host: later 1h
	dora: sign confirmation it
	dora: fire confirm
	carl: fire return; reason The company is unknown
	anna: dismiss cara
	anna: admit anna care; admit sol sales; dismiss anna sales
`

const toldSteps = `
 0 anna (sales)     →filling: created, suite classic; admitted anna as sales; admitted carl as care; admitted crow as crm
 1 anna (sales)     filling→filling: admitted dora as customer; admitted sam as supplier; attested …
 2 anna (sales)     filling→filling: wrote facts revision 1, public; wrote customer revision 1, … bytes to 3; wrote products revision 1, … bytes to 3; attested …
 3 sam (supplier)   filling→filling: wrote bid of sam revision 1, … bytes to 2; attested …
 4 anna (sales)     filling→filling: invited customer by later; shared customer revision 1, … bytes to 1; shared products revision 1, … bytes to 1
 5 anna (sales)     filling→filling: withdrew invite later
 6 anna (sales)     filling→filling: invited care by link; shared customer revision 1, … bytes to 1; shared products revision 1, … bytes to 1
 7 cara (care)      filling→filling: joined as care by link; shared customer revision 1, … bytes to 1; shared products revision 1, … bytes to 1
 8 carl (care)      filling→filling: replaced the keys; shared customer revision 1, … bytes to 1; shared products revision 1, … bytes to 1; attested …
 9 anna (sales)     filling→filling: left a note to 1
10 cara (care)      filling→filling: cannot read customer revision 1
11 anna (sales)     filling→signing: shared customer revision 1, … bytes to 1; fired submit from filling to signing as sales
12 dora (customer)  signing→signing: signed confirmation as customer
13 dora (customer)  signing→validating: fired confirm from signing to validating as customer
14 carl (care)      validating→filling: fired return from validating to filling as care, with a reason
15 anna (sales)     filling→filling: dismissed cara as care
16 anna (sales)     filling→filling: admitted anna as care; admitted sol as sales; dismissed anna as sales; shared customer revision 1, … bytes to 1; shared products revision 1, … bytes to 1; shared bid of sam revision 1, … bytes to 1
`

// names puts the names of actors and links in place of their ids.
func (w *world) names(text string) string {
	for name := range w.actors {
		text = strings.ReplaceAll(text, w.participant(name), name)
	}
	for name, link := range w.links {
		key, err := link.key()
		if err != nil {
			w.Fatal(err)
		}
		public, _ := sign.Public(key)
		text = strings.ReplaceAll(text, public.Thumbprint(), name)
	}
	return text
}

// collect reads a sequence to its end, and fails if anything follows an error.
func collect[T any](t testing.TB, seq iter.Seq2[T, error]) (out []T, failed error) {
	t.Helper()
	for x, err := range seq {
		switch {
		case failed != nil:
			t.Fatal("something follows an error")
		case err != nil:
			failed = err
		default:
			out = append(out, x)
		}
	}
	return out, failed
}

// spaces are of a table; variable is what a step says that depends on chance or
// on which conditions are due.
var spaces, variable = regexp.MustCompile(` +`), regexp.MustCompile(`\d+ bytes|attested [^;]*`)

func TestTimeline(t *testing.T) {
	w := play(t, "deal.yaml", told)
	for _, who := range []string{"anna", "dora", "host"} {
		steps, err := collect(t, w.trayOf(w.actor(who)).Timeline(w.ctx))
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		text.WriteString("\n")
		for i, x := range steps {
			head := fmt.Sprintf("%d %s %s (%s): ", x.Seq, x.Time.Format(time.RFC3339), x.Author, roleList(x.Roles))
			acts, ok := strings.CutPrefix(x.String(), head)
			if !ok || x.Seq != uint64(i) {
				t.Fatalf("step %d says %s", i, x)
			}
			acts = variable.ReplaceAllStringFunc(acts, func(s string) string {
				if strings.HasSuffix(s, "bytes") {
					return "… bytes"
				}
				return "attested …"
			})
			fmt.Fprintf(&text, "%d %s (%s) %s→%s: %s\n", x.Seq, x.Author, roleList(x.Roles), x.From, x.To, acts)
		}
		want := strings.ReplaceAll(spaces.ReplaceAllString(toldSteps, " "), "\n ", "\n")
		if got := w.names(text.String()); got != want {
			t.Fatalf("%s sees\n%s\nwant\n%s", who, got, want)
		}
		if d := steps[12].Time.Sub(steps[11].Time); d != time.Hour {
			t.Errorf("the signature came %v later", d)
		}
		if last := steps[len(steps)-1]; last.Line != w.state().Head().Hash {
			t.Error("the last step is of another line")
		}
		for _, x := range steps {
			if got, want := len(x.Written()), map[uint64]int{2: 3, 3: 1}[x.Seq]; got != want {
				t.Errorf("step %d wrote %d sections", x.Seq, got)
			}
			if got, want := strings.Join(x.Signed(), " "), map[uint64]string{12: "confirmation"}[x.Seq]; got != want {
				t.Errorf("step %d signed %q", x.Seq, got)
			}
			if got, want := x.Event(), map[uint64]string{11: "submit", 13: "confirm", 14: "return"}[x.Seq]; got != want {
				t.Errorf("step %d fired %q", x.Seq, got)
			}
		}
	}
}

// TestTimelineHasAllActs demands that every op that the format knows is told.
func TestTimelineHasAllActs(t *testing.T) {
	w := play(t, "deal.yaml", told)
	steps, err := collect(t, w.trayOf(w.actor("anna")).Timeline(w.ctx))
	if err != nil {
		t.Fatal(err)
	}
	kinds := make(map[string]bool)
	for _, x := range steps {
		for _, act := range x.Acts {
			kinds[fmt.Sprintf("%T", act)] = true
		}
	}
	ops := make(map[string]bool)
	for _, e := range w.entries() {
		for _, op := range e.Ops {
			ops[op.Name()] = true
		}
	}
	if len(kinds) != len(ops) || len(kinds) != 14 {
		t.Fatalf("%d kinds of acts for %d of ops", len(kinds), len(ops))
	}
}

// entries reads the log.
func (w *world) entries() (out []*entry.Entry) {
	for o, err := range sign.OpenAll(entry.Kind, w.store.Log(w.ctx, w.id, 0), decodeEntry) {
		if err != nil {
			w.Fatal(err)
		}
		out = append(out, o.Value)
	}
	return out
}

func TestTimelineEndsWhereItIsVerified(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	behind := w.trayOf(w.actor("dora"))
	w.play("anna: fire submit")
	verified, err := Open(w.ctx, w.host, w.id, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.actor("dora").tray = behind
	before := behind.State()
	w.slip("anna", func(k *composer) error {
		sealed, blob, err := k.text("note", "one more", nil, k.author.Roles)
		if err != nil {
			return err
		}
		return k.add(&entry.Note{Sealed: *sealed}, blob)
	})
	if behind.State() != before {
		t.Fatal("the handle moved")
	}
	steps, err := collect(t, verified.Timeline(w.ctx))
	if err != nil || len(steps) != int(verified.State().Head().Length) || len(steps) != int(w.length())-1 {
		t.Fatalf("%d steps of %d entries: %v", len(steps), w.length(), err)
	}
	for range verified.Timeline(w.ctx) {
		break // the consumer may leave
	}
	for x, err := range newTray(w.host, nil, newState(w.tpl, w.id)).Timeline(w.ctx) {
		t.Errorf("of nothing verified: %v, %v", x, err)
	}
}

// TestTimelineIsChecked serves other lines than those that were verified: no step
// is given, and the error says so.
func TestTimelineIsChecked(t *testing.T) {
	w := play(t, "deal.yaml", told)
	other := play(t, "deal.yaml", told)
	foreign, err := served{Store: other.store, lines: func(l [][]byte) [][]byte { return l }}.all(w.ctx, other.id)
	if err != nil {
		t.Fatal(err)
	}
	verified := w.state()
	n := int(verified.Head().Length)
	cases := map[string]func(l [][]byte) [][]byte{
		"dropped":      func(l [][]byte) [][]byte { return slices.Delete(l, 2, 3) },
		"cut":          func(l [][]byte) [][]byte { return l[:n-1] },
		"swapped":      func(l [][]byte) [][]byte { l[2], l[3] = l[3], l[2]; return l },
		"another tray": func([][]byte) [][]byte { return foreign },
		"nothing":      func([][]byte) [][]byte { return nil },
		"the last":     func(l [][]byte) [][]byte { return append(l[:n-1], foreign[n-1]) },
	}
	for i := range n { // a bit of the signature, which nobody verifies here: the chain shows it
		cases[fmt.Sprintf("entry %d", i)] = func(l [][]byte) [][]byte {
			l[i][len(l[i])-3] ^= 1
			return l
		}
	}
	for name, lines := range cases {
		tr := newTray(served{Store: w.store, lines: lines}, w.actor("anna").me, verified)
		steps, err := collect(t, tr.Timeline(w.ctx))
		var refusal *Refusal
		if len(steps) != 0 || !errors.Is(err, ErrFork) && !errors.As(err, &refusal) {
			t.Errorf("%s: %d steps, %v", name, len(steps), err)
		}
		texts, err := collect(t, tr.Texts(w.ctx))
		if len(texts) != 0 || err == nil {
			t.Errorf("%s: %d texts, %v", name, len(texts), err)
		}
	}
	ill := errors.New("the disk is ill")
	tr := newTray(served{w.store, func(l [][]byte) [][]byte { return l[:5] }, ill}, nil, verified)
	if steps, err := collect(t, tr.Timeline(w.ctx)); len(steps) != 0 || !errors.Is(err, ill) || errors.Is(err, ErrFork) {
		t.Errorf("an ill disk: %v", err)
	}
}
