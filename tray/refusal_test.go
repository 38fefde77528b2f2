package tray

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/rules"
)

// A refusal arrives through JSON as it was sent, but for its causes, which are not
// sent at all.
func TestRefusalThroughJSON(t *testing.T) {
	clock := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	sent := &Refusal{Code: BadSkew, Seq: 7, Op: -1, Detail: "the entry's time is not the host's", Clock: clock,
		Blockers: []Blocker{{Need: NeedField, Name: "rule.covered", Path: "products.total", Instance: "x", Sections: []string{"products"},
			Roles: []string{"sales"}, Participants: []string{"y"}, Needs: []string{"isSku"}, Stale: true, Dismiss: []string{"care"},
			Violation: &rules.Violation{Rule: "rule.covered", Path: "products.total"}}},
		Also: []*Refusal{{Code: Blocked, Op: 2, Detail: "submit cannot be fired yet"}}}
	if n := reflect.TypeFor[Blocker]().NumField(); n != 13 {
		t.Errorf("a blocker has %d fields, this test knows 13", n)
	}
	text, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	var got Refusal
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&got, sent) || !errors.Is(&got, BadSkew) || !errors.Is(&got, Blocked) || !got.Clock.Equal(clock) {
		t.Errorf("sent\n%+v\ngot\n%+v", sent, got)
	}

	caused := *sent
	caused.Err = fmt.Errorf("a secret of %w", io.EOF)
	caused.Blockers = []Blocker{{Need: NeedAttestation, Name: "rule.covered", Err: errors.New("a secret")}}
	text, err = json.Marshal(&caused)
	if err != nil || strings.Contains(string(text), "secret") {
		t.Errorf("%s, %v", text, err)
	}
	if err := json.Unmarshal(text, &got); err != nil || got.Err != nil || got.Blockers[0].Err != nil {
		t.Errorf("%+v, %v", got, err)
	}
}
