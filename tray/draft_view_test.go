package tray

import (
	"errors"
	"strings"
	"testing"
)

// TestDraftView looks at drafts before they are committed.
func TestDraftView(t *testing.T) {
	w := newWorld(t, "deal.yaml")
	w.tpl = inline(t, total)
	w.play(`
		anna: create one=anna
		anna: set s.a=2; set s.b=3
	`)
	anna := w.trayOf(w.actor("anna"))
	length := w.length()
	for _, x := range []struct {
		name string
		do   func(*Draft)
		want string // a, b, total and small, or the code of a refusal
	}{
		{"nothing", func(d *Draft) {}, "2.00 3.00 6.00 "},
		{"a field", func(d *Draft) { d.Set("s.b", "4.5") }, "2.00 4.50 9.00 "},
		{"cleared", func(d *Draft) { d.Set("s.b", nil) }, "2.00   "},
		{"what is computed", func(d *Draft) { d.Set("s.total", "1") }, "2.00 3.00 6.00 "},
		{"whole", func(d *Draft) { d.Encode("s", map[string]any{"b": 7, "small": true}) }, " 7.00  true"},
		{"a value that is not taken", func(d *Draft) { d.Set("s.a", "4"); d.Set("s.b", "many"); d.Set("s.small", true) }, "4.00   true"},
		{"mended", func(d *Draft) { d.Set("s.b", "many"); d.Set("s.b", 5) }, "2.00 5.00 10.00 "},
		{"a mistake elsewhere", func(d *Draft) { d.Set("x.y", 1); d.Set("s.z", 1); d.Fire("shot"); d.Set("s.a", 1) }, "1.00 3.00 3.00 "},
		{"too much, and a value that is not taken", func(d *Draft) {
			d.Set("s.a", strings.Repeat("7", 20))
			d.Set("s.b", strings.Repeat("7", 20))
			d.Set("s.small", "x")
		}, strings.Repeat("7", 20) + ".00 " + strings.Repeat("7", 20) + ".00  "},
		{"too much", func(d *Draft) { d.Set("s.a", strings.Repeat("7", 20)); d.Set("s.b", strings.Repeat("7", 20)) },
			strings.Repeat("7", 20) + ".00 " + strings.Repeat("7", 20) + ".00  "},
	} {
		d := anna.Draft()
		x.do(d)
		for range 2 { // looking changes nothing
			v, err := d.View(w.ctx)
			if err != nil {
				t.Errorf("%s: %v", x.name, err)
				continue
			}
			s := v.Section("s")
			got := strings.Join([]string{s.Text("a"), s.Text("b"), v.Text("s.total"), s.Text("small")}, " ")
			if got != x.want || s.Revision != 1 || s.Status != Readable {
				t.Errorf("%s: %q of revision %d, %s; want %q", x.name, got, s.Revision, s.Status, x.want)
			}
		}
		if now, err := anna.View(w.ctx); err != nil || now.Text("s.total") != "6.00" {
			t.Errorf("%s: the tray holds something else: %v", x.name, err)
		}
	}
	if w.length() != length {
		t.Error("something was committed")
	}

	begun := anna.Draft()
	begun.Set("s.a", 10)
	w.play("anna: set s.b=100")
	if v, err := begun.View(w.ctx); err != nil || v.Text("s.total") != "30.00" || v.Section("s").Revision != 1 {
		t.Errorf("what others did since is in it: %v", err)
	}
	if err := begun.Commit(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.play("anna: reads s.total=1000.00")
}

// TestDraftViewOfOthers looks at what its author cannot read, and at nobody's.
func TestDraftViewOfOthers(t *testing.T) {
	w := play(t, "deal.yaml", deal+`
		sam: set bid.price=7
		anna: fire submit
		dora: set box.complaint=slowly
	`)
	d := w.draft(w.actor("dora"))
	d.Set("box.complaint", "quickly")
	if _, err := d.View(w.ctx); !errors.Is(err, NoRight) {
		t.Errorf("a field of what she cannot read: %v", err)
	}
	d.Encode("box", map[string]any{"complaint": "quickly"})
	d.Set("bid.price", 3)
	v, err := d.View(w.ctx)
	if err != nil || v.Text("box.complaint") != "quickly" || v.Section("box").Status != Readable || v.Text("customer.company") != "Rossi" {
		t.Fatalf("%v", err)
	}
	if x := v.SectionOf("bid", w.participant("sam")); x.Status == Readable || x.Text("price") != "" {
		t.Errorf("sam's bid: %+v", x)
	}
	anna := w.draft(w.actor("anna"))
	anna.Of(w.participant("sam")).Set("bid.price", 5)
	if v, err = anna.View(w.ctx); err != nil || v.SectionOf("bid", w.participant("sam")).Text("price") != "5.00" {
		t.Errorf("sam's bid as anna drafts it: %v", err)
	}
}
