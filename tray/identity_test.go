package tray

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"slices"
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
		"two identities":               text + exported(t, identities(t)["new"]),
		"one twice":                    text + text,
		"a second signing key":         text + lines[1],
		"a second that is none":        text + identityKey + "%%%\n",
		"no reading key":               lines[0] + lines[1],
		"no present reading key":       lines[0] + lines[1] + identityOld + "\n" + lines[2],
		"an earlier key cut short":     text + identityOld + "\n" + lines[2][:len(lines[2])-2] + "\n",
		"too long":                     text + strings.Repeat("#", maxIdentity),
	}
	for name, c := range cases {
		id, err := ParseIdentity(strings.NewReader(c))
		if id != nil || !errors.Is(err, Malformed) {
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
	const key, reader = "MC4CAQAwBQYDK2VwBCIEIL9ctkktCAWzwthdPToWoZ0/vlv59Uuo0J3rfU4Tyc6D\n", "AGE-SECRET-KEY-12UFD8AFVPWHTWXWSH4752ADZTGED8HYW8Y0687NWG7NEVMZDD4VQJD5W68\n"
	f.Add([]byte(identityKey + key + reader))
	f.Add([]byte(identityKey + key + reader + identityOld + "\n" + reader))
	f.Add([]byte(identityKey + key + reader + identityKey + key))
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

// Without a key to read with nobody can be admitted, so there is no identity.
func TestNewIdentityWithRefuses(t *testing.T) {
	key, err := sign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := section.GenerateIdentity(section.Classic)
	if err != nil {
		t.Fatal(err)
	}
	for name, readers := range map[string][]section.Identity{
		"none to read with": nil, "an empty one": {{}}, "an empty one before": {{}, r}, "an empty one behind": {r, {}},
	} {
		if id, err := NewIdentityWith(key, readers...); id != nil || !errors.Is(err, section.ErrKey) {
			t.Errorf("%s: %v, %v", name, id, err)
		}
	}
	for name, signer := range map[string]crypto.Signer{"nobody": nil, "half a key": key[:32]} {
		if id, err := NewIdentityWith(signer, r); id != nil || !errors.As(err, new(*sign.KeyError)) {
			t.Errorf("signed by %s: %v, %v", name, id, err)
		}
	}
}

// What is kept is read with and no more: the card shows the newest recipient of each
// suite that the identity has itself, also after export and parse.
func TestKeeping(t *testing.T) {
	all := identities(t)
	lone, err := sign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	classic, err := section.GenerateIdentity(section.Classic)
	if err != nil {
		t.Fatal(err)
	}
	all["classic alone"], err = NewIdentityWith(lone, classic)
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for newer, next := range all {
		for older, old := range all {
			pairs++
			card, text := next.Card(), exported(t, next)
			both := next.Keeping(old)
			again, err := ParseIdentity(strings.NewReader(exported(t, both)))
			if err != nil {
				t.Fatalf("%s keeping %s: %v", newer, older, err)
			}
			for name, id := range map[string]*Identity{"kept": both, "read again": again, "kept twice": again.Keeping(old).Keeping(next)} {
				want := next.Readers()
				for _, r := range old.Readers() {
					if !holdsReader(want, r) {
						want = append(want, r)
					}
				}
				if !slices.EqualFunc(id.Readers(), want, sameReader) {
					t.Errorf("%s keeping %s, %s: reads with %d, want %d", newer, older, name, len(id.Readers()), len(want))
				}
				if id.Card() != card || id.ID() != next.ID() {
					t.Errorf("%s keeping %s, %s: another card", newer, older, name)
				}
			}
			if exported(t, again) != exported(t, both) {
				t.Errorf("%s keeping %s is not read as it was written", newer, older)
			}
			if exported(t, next) != text {
				t.Errorf("%s is changed by keeping %s", newer, older)
			}
			if key := exported(t, both); strings.Count(key, identityKey) != 1 || !strings.HasPrefix(key, strings.Join(strings.SplitAfterN(text, "\n", 3)[:2], "")) {
				t.Errorf("%s keeping %s: the signing key of the other is written", newer, older)
			}
		}
		if got := next.Keeping(nil); got.Card() != next.Card() || len(got.Readers()) != len(next.Readers()) {
			t.Errorf("%s keeping nothing is another", newer)
		}
	}
	if pairs < 25 {
		t.Errorf("%d pairs", pairs)
	}
}

func sameReader(a, b section.Identity) bool { return a.Reveal() == b.Reveal() }

func holdsReader(in []section.Identity, r section.Identity) bool {
	return slices.ContainsFunc(in, func(x section.Identity) bool { return sameReader(x, r) })
}

// What could not be read again is not written.
func TestExportBound(t *testing.T) {
	id := identities(t)["new"]
	var last string
	for n := range 1000 {
		var b bytes.Buffer
		err := id.Export(&b)
		if err != nil {
			if n < 100 || b.Len() > 0 {
				t.Errorf("%v, %d bytes, of %d keys", err, b.Len(), n)
			}
			if _, err := ParseIdentity(strings.NewReader(last)); err != nil {
				t.Error(err)
			}
			return
		}
		last = b.String()
		key, err := sign.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		ssh, err := section.NewSSHIdentity(key)
		if err != nil {
			t.Fatal(err)
		}
		id = id.with([]section.Identity{ssh})
	}
	t.Error("a thousand keys are written")
}

// TestRekeyOpensWhatWas changes the keys of somebody to whom a note and a reason were
// sealed: nobody shares those to his new keys, but the handle has both, and so has an
// identity that keeps the earlier keys, and its file, however often they are changed.
func TestRekeyOpensWhatWas(t *testing.T) {
	w := play(t, "deal.yaml", deal+"dora: note remember this\nanna: fire submit\ndora: set box.complaint=too late\ndora: fire return; reason the price is wrong\n")
	dora := w.actor("dora")
	texts := func(tr *Tray) (out []string) {
		t.Helper()
		got, err := collect(t, tr.Texts(w.ctx))
		if err != nil || len(got) != 2 {
			t.Fatalf("%d texts, %v", len(got), err)
		}
		for _, x := range got {
			out = append(out, string(x.Status)+" "+x.Body())
		}
		return out
	}
	want := []string{"readable remember this", "readable the price is wrong"}
	kept, tr := dora.me, w.trayOf(dora)
	for times := 1; times <= 3; times++ {
		next := &actor{}
		w.newKeys(next)
		kept = next.me.Keeping(kept)
		if err := tr.Rekey(w.ctx, next.me); err != nil { // the handle keeps them by itself
			t.Fatal(err)
		}
		again, err := ParseIdentity(strings.NewReader(exported(t, kept)))
		if err != nil {
			t.Fatal(err)
		}
		for name, tr := range map[string]*Tray{"the handle": tr, "what keeps": have(Open(w.ctx, w.host, w.id, kept))(t), "its file": have(Open(w.ctx, w.host, w.id, again))(t)} {
			if got := texts(tr); !slices.Equal(got, want) {
				t.Errorf("%d times, %s: %q", times, name, got)
			}
			if v := have(tr.View(w.ctx))(t); v.Text("customer.company") != "Rossi" || tr.Me().ID != dora.me.ID() {
				t.Errorf("%d times, %s: what was shared anew is %s", times, name, v.Section("customer").Status)
			}
		}
		if got := texts(have(Open(w.ctx, w.host, w.id, next.me))(t)); got[0] != "unreadable " || got[1] != "unreadable " {
			t.Errorf("by the new keys alone: %q", got)
		}
		if v := w.state().people[dora.me.ID()]; v.recipient.String() != next.reader.Recipient().String() {
			t.Error("it is sealed to earlier keys")
		}
	}
}
