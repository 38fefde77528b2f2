package template

import (
	"strings"
	"testing"
)

// handed is a rule over two sections, due when the tray leaves state two.
const handed = `template: handed
version: 1
roles:
  r: {manages: [r, w]}
  w: {}
sections:
  a: {read: [w, READ], write: [w], fields: {x: {type: integer}}}
  b: {read: [r], write: [w], fields: {y: {type: integer}}}
rules:
  less: {rule: RULE, at: go, attest: [r]}
lifecycle:
  initial: one
  states:
    one: {edit: {w: [ONE]}}
    two: {edit: {w: [TWO]}}
    end: {final: true}
  events:
    on: {from: one, to: two, by: [r, w]}
    go: {from: two, to: end, by: [BY]}
    BACK
`

// A word on a condition is that of who had all that was written last: in the
// state where it was, or after it, or kept from there.
func TestAttestedInTime(t *testing.T) {
	const back, stay = "back: {from: two, to: one, by: [w]}", "give: {from: one, to: end, by: [w]}"
	const refused, doubted, sound = "nobody ", "once a is written in state two", ""
	cases := []struct{ name, read, rule, one, two, by, back, want string }{
		{"read before it is written only", "{role: r, in: [one]}", "a.x < b.y", "b", "a", "r", stay, refused},
		{"the same, and the other is written again", "{role: r, in: [one]}", "a.x < b.y", "b", "a, b", "r", stay, refused},
		{"read where it is written again", "{role: r, in: [one]}", "a.x < b.y", "b", "a", "r", back, sound},
		{"kept from where it was written", "{role: r, in: [one]}", "a.x < b.y", "a", "b", "r", stay, sound},
		{"written once more", "{role: r, in: [one]}", "a.x < b.y", "a", "a, b", "r", stay, doubted},
		{"read where it is written", "{role: r, in: [two]}", "a.x < b.y", "b", "a", "r", stay, sound},
		{"read after it", "{role: r, in: [two]}", "a.x < b.y", "a", "b", "r", stay, sound},
		{"read too late", "{role: r, in: [end]}", "a.x < b.y && b.y < 9", "a", "b", "r", stay, refused},
		{"of the moment, by who fires", "r", "a.x < b.y && state == 'two'", "a", "b", "r", stay, sound},
		{"of the moment, kept", "{role: r, in: [one]}", "a.x < b.y && state == 'two'", "a", "b", "r", stay, sound},
		{"of the moment, by another", "r", "a.x < b.y && state == 'two'", "a", "b", "w", stay, refused},
		{"of the moment, read before only", "{role: r, in: [one]}", "a.x < b.y && state == 'two'", "b", "a", "r", stay, refused},
	}
	for _, c := range cases {
		text := strings.NewReplacer("READ", c.read, "RULE", c.rule, "ONE", c.one, "TWO", c.two, "BY", c.by, "BACK", c.back).Replace(handed)
		tpl, err := loadText(text)
		problems, _ := err.(Problems)
		if err == nil {
			problems = tpl.Warnings()
		}
		said := problems.Error()
		switch c.want {
		case refused:
			if err == nil || len(problems) != 1 || !strings.Contains(said, refused) {
				t.Errorf("%s: it is not refused: %s", c.name, said)
			}
		case doubted:
			if err != nil || !strings.Contains(said, doubted) {
				t.Errorf("%s: it is not doubted: %s", c.name, said)
			}
		default:
			if err != nil || strings.Contains(said, "once ") {
				t.Errorf("%s: %s", c.name, said)
			}
		}
	}
	t.Logf("%d templates", len(cases))
}

// The word of whoever writes the one opaque section counts, though he does not
// read it; on what is of the moment, if he fires.
func TestAttestedByWriter(t *testing.T) {
	for _, c := range []struct {
		rule, by string
		ok       bool
	}{
		{"a.x < 5", "r", true},
		{"a.x < 5 && state == 'two'", "w", false}, // no word of a writer's counts
		{"a.x > old.a.x && state == 'two'", "w", true},
		{"a.x > old.a.x && state == 'two'", "r", false},
	} {
		text := strings.NewReplacer("w, READ", "{role: r, in: [one]}", "RULE", c.rule, ", attest: [r]", "", "ONE", "b", "TWO", "a", "BY", c.by, "BACK", "").Replace(handed)
		if _, err := loadText(text); (err == nil) != c.ok {
			t.Errorf("%s, fired by %s: %v", c.rule, c.by, err)
		}
	}
}
