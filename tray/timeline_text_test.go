package tray

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
)

// remarks is a history with notes, and with reasons that are given and not.
const remarks = deal + `
	anna: note The first note
	anna: fire submit
	dora: note The second note; set box.complaint=late
	dora: fire return; reason The company is another
	anna: fire submit
	anna: fire cancel
`

func TestTexts(t *testing.T) {
	w := play(t, "deal.yaml", remarks)
	all := []string{
		"note of anna at 3, : readable The first note",
		"note of dora at 5, : readable The second note",
		"reason of dora at 6, return: readable The company is another",
	}
	hidden := func(text string) string {
		head, _, _ := strings.Cut(text, ": ")
		return head + ": opaque "
	}
	for who, want := range map[string][]string{
		"anna": all, // who manages customers, too
		"dora": {hidden(all[0]), all[1], all[2]},
		"carl": {hidden(all[0]), hidden(all[1]), hidden(all[2])},
		"host": {hidden(all[0]), hidden(all[1]), hidden(all[2])},
	} {
		texts, err := collect(t, w.trayOf(w.actor(who)).Texts(w.ctx))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range texts {
			got = append(got, fmt.Sprintf("%s of %s at %d, %s: %s %s", x.Kind, w.names(x.Author), x.Seq, x.Event, x.Status, x.Body()))
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				if printed := fmt.Sprintf(verb, x); x.Status == Readable && strings.Contains(printed, "The ") || strings.Contains(fmt.Sprintf(verb, &x), "The ") {
					t.Errorf("%s prints what it says: %s", verb, printed)
				}
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s reads\n%s\nwant\n%s", who, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	// The timeline leads to them.
	steps, err := collect(t, w.trayOf(w.actor("host")).Timeline(w.ctx))
	if err != nil {
		t.Fatal(err)
	}
	texts, _ := collect(t, w.trayOf(w.actor("anna")).Texts(w.ctx))
	for _, x := range texts {
		found := false
		for _, act := range steps[x.Seq].Acts {
			switch act := act.(type) {
			case DidNote:
				found = found || act.ID == x.ID && x.Kind == NoteText
			case DidFire:
				found = found || act.Reason == x.ID && x.Kind == ReasonText && act.Event == x.Event
			}
		}
		if !found {
			t.Errorf("no act leads to %v", x)
		}
	}
}

// TestTextsThatLie spoils notes in every way that the log cannot show.
func TestTextsThatLie(t *testing.T) {
	const id = "000102030405060708090a0b0c0d0e0f"
	other := play(t, "deal.yaml", deal)
	for name, c := range map[string]struct {
		spoil func(h *section.Header)
		wrap  func(plain []byte) []byte
		blind bool // sealed to somebody else's keys
		want  Status
	}{
		"sound":            {want: Readable},
		"another tray":     {spoil: func(h *section.Header) { h.Tray = other.id.String() }, want: Contradicting},
		"a reason":         {spoil: func(h *section.Header) { h.Kind = "reason" }, want: Contradicting},
		"another id":       {spoil: func(h *section.Header) { h.Name = strings.Repeat("f", 32) }, want: Contradicting},
		"another author":   {spoil: func(h *section.Header) { h.Author = strings.Repeat("A", 43) }, want: Contradicting},
		"an instance":      {spoil: func(h *section.Header) { h.Instance = strings.Repeat("A", 43) }, want: Contradicting},
		"not the encoding": {wrap: func(plain []byte) []byte { return append(plain, 'x') }, want: Contradicting},
		"another's keys":   {blind: true, want: Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			w := play(t, "deal.yaml", deal)
			w.slip("dora", func(k *composer) error {
				h := textHeader(k.head.Tray, "note", id, k.author.ID)
				if c.spoil != nil {
					c.spoil(&h)
				}
				salt, err := section.NewSalt(rand.Reader)
				if err != nil {
					return err
				}
				plain, err := k.template.NoteSchema().Marshal(section.Revision{Header: h, Salt: salt, Content: section.Content{"text": "A secret"}})
				if err != nil {
					return err
				}
				if c.wrap != nil {
					plain = c.wrap(plain)
				}
				to := k.audience(k.author, nil, k.author.Roles)
				from := to
				if c.blind {
					from = []string{k.author.ID, k.author.ID}
				}
				file, blob, err := k.sealTo("it", plain, from, nil)
				file.To = to
				if err != nil {
					return err
				}
				return k.add(&entry.Note{Sealed: entry.Sealed{ID: id, File: file}}, blob)
			})
			anna := w.trayOf(w.actor("anna"))
			if err := anna.Sync(w.ctx); err != nil {
				t.Fatal(err)
			}
			texts, err := collect(t, anna.Texts(w.ctx))
			if err != nil || len(texts) != 1 || texts[0].Status != c.want || (texts[0].Body() != "") != (c.want == Readable) {
				t.Fatalf("%v: %v", texts, err)
			}
		})
	}
}

func TestTextsThatAreGone(t *testing.T) {
	w := play(t, "deal.yaml", remarks)
	anna := w.trayOf(w.actor("anna"))
	for _, e := range w.entries() {
		for _, op := range e.Ops {
			switch op := op.(type) {
			case *entry.Note:
				w.store.lost[op.File.Blob] = true
			case *entry.Fire:
				if op.Reason != nil {
					w.store.changed[op.Reason.File.Blob] = []byte("x")
				}
			}
		}
	}
	texts, err := collect(t, anna.Texts(w.ctx))
	if err != nil || len(texts) != 3 {
		t.Fatalf("%v: %v", texts, err)
	}
	for _, x := range texts {
		if x.Status != Missing || x.Body() != "" {
			t.Errorf("%v", x)
		}
	}
	ill := errors.New("the disk is ill")
	tr := newTray(illBlobs{w.store, ill}, w.actor("anna").me, anna.State())
	if texts, err := collect(t, tr.Texts(w.ctx)); len(texts) != 0 || !errors.Is(err, ill) {
		t.Errorf("an ill disk: %v, %v", texts, err)
	}
}
