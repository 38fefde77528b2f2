package tray

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestHandlesPrintNothing prints handles with every verb: an application logs
// them sooner or later.
func TestHandlesPrintNothing(t *testing.T) {
	w := play(t, "deal.yaml", deal+"anna: note the-secret-note\n")
	anna := w.trayOf(w.actor("anna"))
	view, err := anna.View(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	var text Text
	for x, err := range anna.Texts(w.ctx) {
		if err != nil {
			t.Fatal(err)
		}
		text = x
	}
	if text.Body() != "the-secret-note" || view.Text("customer.company") != "Rossi" {
		t.Fatal("nothing to hide")
	}
	seed := w.actor("anna").signer.Seed()
	secrets := []string{"Rossi", hex.EncodeToString([]byte("Rossi")), "secret-note", hex.EncodeToString([]byte("secret-note")),
		hex.EncodeToString(seed), strings.Trim(fmt.Sprint([]byte(seed)), "[]"), strings.Trim(fmt.Sprintf("%v", ed25519.PrivateKey(seed)[:8]), "[]"),
		strings.Trim(fmt.Sprintf("%s", struct{ x []byte }{seed[:4]}), "{[]}"), "%!s(uint8="}
	me := w.actor("anna").me
	for name, x := range map[string]any{"tray": anna, "view": view, "section": view.Section("customer"), "text": text, "text's address": &text,
		"identity": me, "identity's value": *me, "wrapped": struct{ X any }{anna}, "identity in a field": struct{ x *Identity }{me}, "identity in a struct": struct{ X *Identity }{me}} {
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "x", x)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "x", x)
		fmt.Fprintf(&log, "%d", Conflict{Path: "customer.company", Mine: "Rossi", Theirs: []any{"Rossi"}})
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			fmt.Fprintf(&log, verb+"\n", x)
		}
		for i, secret := range secrets {
			if strings.Contains(strings.ToLower(log.String()), strings.ToLower(secret)) {
				t.Errorf("%s: shows secret %d", name, i)
			}
		}
	}
}
