package tray

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
)

// editsTemplate has lists and records in each other.
const editsTemplate = `
template: edits
version: 1
roles: {one: {manages: [one]}}
sections:
  s:
    read: [one]
    write: [one]
    fields:
      n: {type: integer}
      when: {type: date}
      tags: {type: list, of: {type: text}}
      r: {type: record, fields: {a: {type: text}, n: {type: integer}}}
      l:
        type: list
        of:
          p: {type: integer}
          t: {type: list, of: {type: text}}
lifecycle:
  initial: open
  states: {open: {edit: {one: [s]}}, shut: {final: true}}
  events: {shut: {from: open, to: shut, by: [one]}}
`

// TestEditsAsTold makes edits that replace each other, and the same ones one
// after the other: wherever none of those is wrong, both come to the same.
func TestEditsAsTold(t *testing.T) {
	schema := inline(t, editsTemplate).Schema("s")
	random := rand.New(rand.NewPCG(7, 7))
	item := func() any {
		return map[string]any{"p": random.IntN(90), "t": []any{"x", "y"}}
	}
	values := []func() (string, any){
		func() (string, any) { return "n", random.IntN(9) },
		func() (string, any) { return "tags", []any{"a", "b", "c"} },
		func() (string, any) {
			return fmt.Sprintf("tags[%d]", random.IntN(3)), string(rune('d' + random.IntN(9)))
		},
		func() (string, any) { return fmt.Sprintf("tags[%d]", random.IntN(3)), "" },
		func() (string, any) { return "r", map[string]any{"a": "k", "n": random.IntN(9)} },
		func() (string, any) { return "r.a", []any{nil, "m", "n"}[random.IntN(3)] },
		func() (string, any) { return "l", []any{item(), item()} },
		func() (string, any) { return "l", []any{item(), item(), item(), map[string]any{}} },
		func() (string, any) { return "l", (*int)(nil) },
		func() (string, any) { return fmt.Sprintf("l[%d]", random.IntN(3)), item() },
		func() (string, any) { return fmt.Sprintf("l[%d]", random.IntN(3)), nil },
		func() (string, any) { return fmt.Sprintf("l[%d].p", random.IntN(4)), random.IntN(90) },
		func() (string, any) { return fmt.Sprintf("l[%d].t[%d]", random.IntN(3), random.IntN(3)), "z" },
		func() (string, any) { return fmt.Sprintf("l[%d].t[%d]", random.IntN(3), random.IntN(3)), nil },
		func() (string, any) { return fmt.Sprintf("l[%d].t", random.IntN(3)), []any{"u", "v"} },
		func() (string, any) {
			return "", map[string]any{"n": 1, "l": []any{item(), item()}, "tags": []any{"q"}}
		},
	}
	compared, replaced := 0, 0
	for range 30000 {
		base, err := schema.Coerce(map[string]any{"l": []any{item(), item(), item()}, "tags": []any{"A", "B"}})
		if err != nil {
			t.Fatal(err)
		}
		var all, told edits
		for range 2 + random.IntN(6) {
			path, value := values[random.IntN(len(values))]()
			var at section.Path
			if path != "" {
				if at, err = section.ParsePath(path); err != nil {
					t.Fatal(err)
				}
			}
			all, told = all.with(edit{at, value}), append(told, edit{at, value})
		}
		want, wrong := told.on(base, schema)
		if wrong != nil {
			continue
		}
		compared++
		if len(all) < len(told) {
			replaced++
		}
		got, err := all.on(base, schema)
		for _, c := range []section.Content{got, want} { // a record for a field that was taken back may be left
			if r, ok := c["r"].(map[string]any); ok && len(r) == 0 {
				delete(c, "r")
			}
		}
		if err != nil || !section.Equal(map[string]any(got), map[string]any(want)) {
			t.Fatalf("%v\ngives %v (%v)\nwant  %v", told, got, err, want)
		}
	}
	if compared < 5000 || replaced < 2000 {
		t.Errorf("%d compared, in %d of them something was replaced", compared, replaced)
	}
}

// TestMendedEdits tells something wrong and then right: nothing is left of the
// mistake. A step without a value drops.
func TestMendedEdits(t *testing.T) {
	schema := inline(t, editsTemplate).Schema("s")
	type step struct {
		path  string
		value any
	}
	type drop struct{}
	bad := map[string]any{"p": "much"}
	for _, x := range []struct {
		name  string
		steps []step
		want  string // content, or the paths that are wrong still
	}{
		{"a field", []step{{"when", "31/12/2026"}, {"when", "2026-12-31"}}, `{"when":"2026-12-31"}`},
		{"cleared", []step{{"when", "31/12/2026"}, {"when", nil}}, `{}`},
		{"dropped", []step{{"when", "31/12/2026"}, {"when", drop{}}}, `{}`},
		{"and wrong again", []step{{"when", "2026-12-31"}, {"when", "31/12/2026"}}, `when`},
		{"another one", []step{{"when", "31/12/2026"}, {"n", 3}}, `when`},
		{"a name that begins alike", []step{{"n", "x"}, {"nn", drop{}}}, `n`},
		{"what is around it", []step{{"r.n", "x"}, {"r", map[string]any{"a": "k"}}}, `{"r":{"a":"k"}}`},
		{"all of it", []step{{"r.n", "x"}, {"nn", 3}, {"", map[string]any{"n": 1}}}, `{"n":1}`},
		{"in what was told as a whole", []step{{"", map[string]any{"n": "x", "when": "2026-12-31"}}, {"n", 2}}, `{"n":2,"when":"2026-12-31"}`},
		{"deep in it", []step{{"", map[string]any{"l": []any{bad, map[string]any{"p": 2}}}}, {"l[0].p", 1}}, `{"l":[{"p":1},{"p":2}]}`},
		{"an unknown field in it", []step{{"", map[string]any{"nn": 1, "n": 2}}, {"nn", drop{}}}, `{"n":2}`},
		{"cleared in it", []step{{"", map[string]any{"nn": 1, "n": 2}}, {"nn", nil}}, `{"n":2}`},
		{"an unknown field", []step{{"nn", 1}, {"n", 2}}, `nn`},
		{"an unknown field, dropped", []step{{"nn", 1}, {"n", 2}, {"nn", drop{}}}, `{"n":2}`},
		{"what was unknown is not hidden", []step{{"", map[string]any{"n": 2}}, {"nn", nil}}, `nn`},
		{"items build on those before", []step{{"l[0].p", "x"}, {"l[1].p", 2}, {"l[0].p", 1}}, `{"l":[{"p":1},{"p":2}]}`},
		{"a new item, removed", []step{{"l[0].p", 1}, {"l[1].p", "x"}, {"l[1]", nil}}, `{"l":[{"p":1}]}`},
		{"another item, removed", []step{{"l[0].p", 1}, {"l[1].p", "x"}, {"l[0]", nil}}, `l[1].p`},
		{"a later item, removed", []step{{"l[0].p", "x"}, {"l[1]", nil}, {"l[0].p", 4}, {"l[1]", drop{}}}, `{"l":[{"p":4}]}`},
		{"a mistake is not of the item that moves up", []step{{"l", []any{map[string]any{"p": 1}, map[string]any{"p": 2}}}, {"l[0].t[0]", 3}, {"l[0]", nil}, {"l[0].t[0]", "t"}}, `{"l":[{"p":2,"t":["t"]}]}`},
		{"an item in a list that was told", []step{{"tags", []any{"a", 7, "c"}}, {"tags[1]", nil}}, `{"tags":["a","c"]}`},
		{"twice the same removal", []step{{"tags", []any{"a", "b", "c"}}, {"tags[0]", nil}, {"tags[0]", nil}}, `{"tags":["c"]}`},
		{"a list of a type of its own is told again", []step{{"l", []map[string]string{{"p": "x"}}}, {"l[0].p", 1}}, `l[0].p`},
	} {
		var all edits
		given := make([]any, 0, len(x.steps))
		for _, s := range x.steps {
			var at section.Path
			var err error
			if s.path != "" {
				if at, err = section.ParsePath(s.path); err != nil {
					t.Fatal(err)
				}
			}
			if s.value == (any)(drop{}) {
				all = all.without(at)
				continue
			}
			all = all.with(edit{at, s.value})
			given = append(given, s.value)
		}
		before := fmt.Sprint(given...)
		content, err := all.on(nil, schema)
		got := ""
		if values := (*section.ValuesError)(nil); errors.As(err, &values) {
			var paths []string
			for _, p := range values.Problems {
				paths = append(paths, p.Path)
			}
			got = strings.Join(slices.Compact(paths), " ")
		} else if err != nil {
			t.Fatal(err)
		} else if data, err := schema.Encode(content); err != nil {
			t.Fatal(err)
		} else {
			got = string(data)
		}
		if got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
		if fmt.Sprint(given...) != before || bad["p"] != "much" {
			t.Errorf("%s: the caller's values were modified", x.name)
		}
	}
}
