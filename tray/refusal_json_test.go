package tray

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
)

// A host elsewhere may send anything for a refusal: what none can be is an error, and
// nothing that is taken breaks who prints it, or takes long to be printed.
func TestRefusalOfAHostElsewhere(t *testing.T) {
	deep := strings.Repeat(`{"Code":"blocked","Also":[`, 3000) + `{}` + strings.Repeat(`]}`, 3000)
	for name, text := range map[string]string{
		"null beside it":             `{"Also":[null]}`,
		"one beside one beside it":   `{"Also":[{"Also":[{}]}]}`,
		"an empty list, all the way": `{"Also":[{"Also":[]}]}`,
		"one in another, in another": deep,
		"a line break":               `{"Detail":"a\nb"}`,
		"an escape":                  `{"Code":"\u001b[2J"}`,
		"a turn of letters":          `{"Blockers":[{"Name":"a\u202eb"}]}`,
		"a mark in a list":           `{"Blockers":[{},{"Roles":["a","\u200f"]}]}`,
		"a break in a path":          `{"Blockers":[{"Violation":{"Path":"a\nb"}}]}`,
		"a break beside it":          `{"Also":[{"Detail":"a\u2028b"}]}`,
		"a number for a text":        `{"Detail":1}`,
		"no object":                  `[]`,
	} {
		r := Refusal{Code: Blocked, Detail: "as before"}
		if err := json.Unmarshal([]byte(text), &r); err == nil {
			t.Errorf("%s: taken: %v", name, &r)
		}
		if r.Code != Blocked || r.Detail != "as before" || r.Also != nil || r.Blockers != nil {
			t.Errorf("%s: changed what it was read into", name)
		}
	}
	for _, text := range []string{`{}`, `null`, `{"Also":null}`, `{"Also":[]}`, `{"Also":[{"Also":null}]}`, `{"Detail":"perché"}`, `{"Blockers":[{}]}`} {
		var r Refusal
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		_, _ = r.Error(), errors.Is(&r, Blocked)
	}
}

// A template's titles may come from a stranger: in a message they are one line.
func TestMessagesAreOneLine(t *testing.T) {
	tpl := inline(t, strings.ReplaceAll(titled, "Close", `"Close\nEverything is fine\u200f"`))
	for _, b := range []Blocker{
		{Need: NeedReason, Name: "go"},
		{Need: NeedRole, Act: "fire", Name: "go"},
		{Need: NeedCondition, Name: "rule.x\n", Violation: &rules.Violation{}},
	} {
		got := (&Refusal{Code: Blocked, Blockers: []Blocker{b}}).Messages(tpl, "en")
		if len(got) != 1 || strings.ContainsAny(got[0], "\n\u200f") {
			t.Errorf("%q", got)
		}
	}
}
