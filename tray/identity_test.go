package tray

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
)

func exported(t *testing.T, id *Identity) string {
	t.Helper()
	var b strings.Builder
	if err := id.Export(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// identities are of every make: new ones, such as have SSH keys, and such as
// have earlier keys.
func identities(t *testing.T) map[string]*Identity {
	t.Helper()
	out := make(map[string]*Identity)
	key, err := sign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []section.Identity
	for _, suite := range []section.Suite{section.PQ, section.Classic, section.PQ} {
		r, err := section.GenerateIdentity(suite)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	ssh, err := section.NewSSHIdentity(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, readers := range map[string][]section.Identity{
		"new": all[:2], "with an SSH key": {ssh}, "with an SSH key between": {all[0], ssh, all[1]}, "with earlier keys": all,
	} {
		if out[name], err = NewIdentityWith(key, readers...); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestIdentityExport(t *testing.T) {
	cases := identities(t)
	for name, id := range cases {
		text := exported(t, id)
		again, err := ParseIdentity(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again.Card() != id.Card() || len(again.Readers()) != len(id.Readers()) || exported(t, again) != text {
			t.Errorf("%s: another identity", name)
		}
		for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			if !strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "AGE-SECRET-KEY-") {
				t.Errorf("%s: a line that age does not take", name)
			}
		}
	}
	if len(cases) == 0 {
		t.Error("no cases")
	}
}

func TestParseIdentityRefuses(t *testing.T) {
	const known = "AGE-SECRET-KEY-"
	text := exported(t, identities(t)["with an SSH key between"])
	lines := strings.SplitAfter(text, "\n")
	with := func(i int, line string) string {
		out := append([]string(nil), lines...)
		out[i] = line
		return strings.Join(out, "")
	}
	cases := map[string]string{
		"nothing":                      "",
		"no signing key":               with(1, ""),
		"a signing key cut short":      with(1, lines[1][:len(lines[1])-9]+"\n"),
		"a signing key in no base64":   with(1, identityKey+"%%%\n"),
		"another kind of signing key":  with(1, identityKey+base64.StdEncoding.EncodeToString([]byte("RSA"))+"\n"),
		"an age key cut short":         with(2, lines[2][:len(lines[2])-2]+"\n"),
		"an age key of another letter": with(2, strings.Replace(lines[2], "1", "1B", 1)),
		"an SSH key in no base64":      with(3, identitySSH+"%%%\n"),
		"an SSH key that is none":      with(3, identitySSH+base64.StdEncoding.EncodeToString([]byte("no PEM"))+"\n"),
		"a line of another kind":       text + "hunter2\n",
		"a recipient":                  text + "age1xyz\n",
		"too long":                     text + strings.Repeat("#", maxIdentity),
	}
	for name, c := range cases {
		id, err := ParseIdentity(strings.NewReader(c))
		if id != nil || !errors.Is(err, Malformed) && !errors.Is(err, section.ErrKey) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), known) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error tells the secret", name)
		}
	}
	t.Logf("%d files refused", len(cases))
}

// A signer that holds its key elsewhere has none to export.
func TestIdentityOfAnAgent(t *testing.T) {
	key, err := sign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := section.GenerateIdentity(section.Classic)
	if err != nil {
		t.Fatal(err)
	}
	id, err := NewIdentityWith(struct{ ed25519.PrivateKey }{key}, r)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := id.Export(&b); err == nil || b.Len() > 0 {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
}

func FuzzParseIdentity(f *testing.F) {
	f.Add([]byte(identityKey + "MC4CAQAwBQYDK2VwBCIEIMSqcrodMSGQ/20XAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"))
	f.Add([]byte(identitySSH + "LS0t\n# x\n\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		id, err := ParseIdentity(bytes.NewReader(file))
		if err != nil {
			return
		}
		text := exported(t, id)
		again, err := ParseIdentity(strings.NewReader(text))
		if err != nil || exported(t, again) != text {
			t.Errorf("parse and export differ: %v", err)
		}
	})
}

// TestRekeyOpensWhatWas changes the keys of somebody to whom a note was sealed:
// nobody shares that to his new keys, but the handle has both, and so has an
// identity that is given both.
func TestRekeyOpensWhatWas(t *testing.T) {
	w := play(t, "deal.yaml", deal+"dora: note remember this\nanna: fire submit\ndora: set box.complaint=too late\n")
	dora, next := w.actor("dora"), &actor{}
	w.newKeys(next)
	note := func(tr *Tray) Text {
		t.Helper()
		texts, err := collect(t, tr.Texts(w.ctx))
		if err != nil || len(texts) != 1 {
			t.Fatalf("%d texts, %v", len(texts), err)
		}
		return texts[0]
	}
	if err := w.trayOf(dora).Rekey(w.ctx, next.me); err != nil {
		t.Fatal(err)
	}
	both, err := NewIdentityWith(next.signer, next.reader, dora.reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, tr := range map[string]*Tray{"the handle": w.trayOf(dora), "both keys": have(Open(w.ctx, w.host, w.id, both))(t)} {
		if x := note(tr); x.Status != Readable || x.Body() != "remember this" {
			t.Errorf("%s: the note is %s", name, x.Status)
		}
		if v := have(tr.View(w.ctx))(t); v.Text("customer.company") != "Rossi" {
			t.Errorf("%s: what was shared anew is %s", name, v.Section("customer").Status)
		}
	}
	if x := note(have(Open(w.ctx, w.host, w.id, next.me))(t)); x.Status != Unreadable {
		t.Errorf("by the new keys alone the note is %s", x.Status)
	}
}
