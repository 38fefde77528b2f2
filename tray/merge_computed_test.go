package tray

import (
	"errors"
	"fmt"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/store"
)

// till has computed fields at every depth.
const till = `
template: till
version: 1
roles: {one: {manages: [one]}}
sections:
  s:
    read: [one]
    write: [one]
    fields:
      note: {type: text}
      lines:
        type: list
        of:
          n: {type: integer}
          twice: {type: integer, compute: n * 2}
          box:
            type: record
            fields:
              m: {type: integer}
              half: {type: integer, compute: m * 3}
      rate: {type: record, fields: {r: {type: integer}, ten: {type: integer, compute: r * 10}}}
      total: {type: integer, compute: "lines.map(l, l.twice).sum()"}
lifecycle:
  initial: open
  states: {open: {edit: {one: [s]}}, shut: {final: true}}
  events: {shut: {from: open, to: shut, by: [one]}}
`

// What is merged is what people entered: nobody conflicts over what follows from it.
func TestMergeIgnoresComputed(t *testing.T) {
	ctx := t.Context()
	line := func(n, m int) map[string]any { return map[string]any{"n": n, "box": map[string]any{"m": m}} }
	whole := func(note string, r int, lines ...any) map[string]any {
		return map[string]any{"note": note, "lines": lines, "rate": map[string]any{"r": r}}
	}
	for _, c := range []struct {
		name         string
		theirs, mine func(d *Draft)
		conflicts    string // their paths, mine and theirs
		want         string // note, n, twice, half, ten, total
	}{
		{"what was there is encoded again, without what is computed",
			func(d *Draft) { d.Set("s.lines[0].n", 5); d.Set("s.rate.r", 6) },
			func(d *Draft) { d.Encode("s", whole("mine", 1, line(1, 1))) },
			"", "mine 5 10 3 60 10"},
		{"both set one value",
			func(d *Draft) { d.Set("s.lines[0].n", 5); d.Set("s.rate.r", 6) },
			func(d *Draft) { d.Set("s.lines[0].n", 5); d.Set("s.rate.r", 6); d.Set("s.note", "mine") },
			"", "mine 5 10 3 60 10"},
		{"both set one value deep inside",
			func(d *Draft) { d.Set("s.lines[0].box.m", 5) },
			func(d *Draft) { d.Set("s.lines[0].box.m", 5); d.Set("s.note", "mine") },
			"", "mine 1 2 15 10 2"},
		{"both encode one content",
			func(d *Draft) { d.Encode("s", whole("", 6, line(5, 5))) },
			func(d *Draft) { d.Encode("s", whole("mine", 6, line(5, 5))) },
			"", "mine 5 10 15 60 10"},
		{"what is computed is set",
			func(d *Draft) { d.Set("s.lines[0].n", 5) },
			func(d *Draft) {
				d.Set("s.total", 7)
				d.Set("s.lines[0].twice", 7)
				d.Set("s.lines[0].box.half", 7)
				d.Set("s.rate.ten", 7)
				d.Set("s.note", "mine")
			},
			"", "mine 5 10 3 10 10"},
		{"two values of an item",
			func(d *Draft) { d.Set("s.lines[0].n", 5) },
			func(d *Draft) { d.Set("s.lines[0].n", 6) },
			"s.lines [map[box:map[m:1] n:6]] [map[box:map[m:1] n:5]]", " 5 10 3 10 10"},
		{"two values deep inside",
			func(d *Draft) { d.Set("s.lines[0].box.m", 5) },
			func(d *Draft) { d.Set("s.lines[0].box.m", 6) },
			"s.lines [map[box:map[m:6] n:1]] [map[box:map[m:5] n:1]]", " 1 2 15 10 2"},
		{"two values in a record",
			func(d *Draft) { d.Set("s.rate.r", 5) },
			func(d *Draft) { d.Set("s.rate.r", 6) },
			"s.rate map[r:6] map[r:5]", " 1 2 3 50 2"},
		{"an item more, and another",
			func(d *Draft) { d.Set("s.lines[1].n", 5) },
			func(d *Draft) { d.Set("s.lines[0].n", 2) },
			"s.lines [map[box:map[m:1] n:2]] [map[box:map[m:1] n:1] map[n:5]]", " 1 2 3 10 12"},
		{"removed, and changed",
			func(d *Draft) { d.Set("s.lines", nil) },
			func(d *Draft) { d.Set("s.lines[0].n", 2) },
			"s.lines [map[box:map[m:1] n:2]] <nil>", "    10 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			host := NewHost(store.NewMemory())
			me := have(NewIdentity())(t)
			first := have(Create(ctx, host, inline(t, till), me, InSuite(section.Classic), Bind("one", me.Card())))(t)
			d := first.Draft()
			d.Encode("s", whole("", 1, line(1, 1)))
			if err := d.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			second := have(Open(ctx, host, first.ID(), me))(t)
			mine, theirs := first.Draft(), second.Draft()
			c.theirs(theirs)
			c.mine(mine)
			if err := theirs.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			err := mine.Commit(ctx)
			told := ""
			if conflict := (*ConflictError)(nil); errors.As(err, &conflict) {
				for _, x := range conflict.Conflicts {
					told += fmt.Sprint(x.Path, " ", x.Mine, " ", x.Theirs)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if told != c.conflicts {
				t.Errorf("conflicts: %q, want %q", told, c.conflicts)
			}
			if err := second.Sync(ctx); err != nil {
				t.Fatal(err)
			}
			v := have(second.View(ctx))(t)
			got := fmt.Sprintf("%s %s %s %s %s %s", v.Text("s.note"), v.Text("s.lines[0].n"), v.Text("s.lines[0].twice"),
				v.Text("s.lines[0].box.half"), v.Text("s.rate.ten"), v.Text("s.total"))
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
