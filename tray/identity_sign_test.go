package tray

import (
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// Nobody can be made to sign what a tray is made of: neither by the kind that he is
// asked for, nor by a payload that is one.
func TestIdentitySign(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	dora := w.actor("dora")
	tr := w.trayOf(dora)
	e := tr.entry(w.state(), &proposal{author: dora.me.ID(), ops: []entry.Op{&entry.Dismiss{Participant: dora.me.ID(), Roles: []string{"customer"}}}})
	payload, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}

	library := []sign.Kind{entry.Kind, entry.CardKind, entry.ClaimKind}
	for _, kind := range append(library, "vassoio", "vassoio-", "vassoio-note", "vassoio2-entry", "vassoioentry", "Vassoio-entry", "", "vassoio-entry+jws", sign.Kind(strings.Repeat("k", sign.MaxKind+1))) {
		if line, err := dora.me.Sign(kind, payload); line != nil || !errors.Is(err, sign.ErrKind) {
			t.Errorf("%q: %v, %s", kind, err, line)
		}
	}
	if line, err := dora.me.Sign("app-login", nil); line != nil || !errors.Is(err, sign.ErrMalformed) {
		t.Errorf("nothing is signed: %v, %s", err, line)
	}

	line, err := dora.me.Sign("app-login", payload)
	if err != nil {
		t.Fatal(err)
	}
	key := w.state().Participant(dora.me.ID()).Key()
	by := func(key sign.PublicKey) func([]byte) (sign.PublicKey, error) {
		return func([]byte) (sign.PublicKey, error) { return key, nil }
	}
	if got, err := sign.Open("app-login", line, by(key)); err != nil || string(got) != string(payload) {
		t.Errorf("by the participant's key: %v", err)
	}
	for _, kind := range append(library, "app-logi", "app-login2") {
		if _, err := sign.Open(kind, line, by(key)); !errors.Is(err, sign.ErrKind) {
			t.Errorf("it passes for %s: %v", kind, err)
		}
	}
	for name, key := range map[string]sign.PublicKey{"another's": w.actor("anna").me.PublicKey(), "none": {}} {
		if _, err := sign.Open("app-login", line, by(key)); !errors.Is(err, sign.ErrSignature) {
			t.Errorf("by the key that is %s: %v", name, err)
		}
	}

	head := w.state().Head()
	real, err := sign.Sign(entry.Kind, payload, dora.signer)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(line), ".")
	header, _, _ := strings.Cut(string(real), ".")
	for name, forged := range map[string]string{"as it is": string(line), "under the header of an entry": header + "." + rest} {
		if err := w.host.Append(w.ctx, head, []byte(forged)); !errors.Is(err, Malformed) && !errors.Is(err, Forged) {
			t.Errorf("%s it is taken for an entry: %v", name, err)
		}
	}
	if got := w.state().Head(); got != head {
		t.Error("the log has grown")
	}
}

// After new keys a signature by the former one is no more than that.
func TestIdentitySignAfterRekey(t *testing.T) {
	w := play(t, "deal.yaml", deal)
	dora, next := w.actor("dora"), &actor{}
	w.newKeys(next)
	id := dora.me.ID()
	if err := w.trayOf(dora).Rekey(w.ctx, next.me); err != nil {
		t.Fatal(err)
	}
	present := func([]byte) (sign.PublicKey, error) {
		return have(w.host.State(w.ctx, w.id))(t).Participant(id).Key(), nil
	}
	for name, c := range map[string]struct {
		me   *Identity
		want error
	}{"former": {dora.me, sign.ErrSignature}, "present": {next.me, nil}, "present, keeping": {next.me.Keeping(dora.me), nil}} {
		line := have(c.me.Sign("app-login", []byte("x")))(t)
		if _, err := sign.Open("app-login", line, present); !errors.Is(err, c.want) {
			t.Errorf("by the %s key: %v", name, err)
		}
	}
}
