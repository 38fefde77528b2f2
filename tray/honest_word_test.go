package tray

import "testing"

// A commit says again what somebody said wrongly on the present revisions: the
// last word decides, and a wrong one does not stand.
func TestHonestWordOverridesWrongOne(t *testing.T) {
	for _, wrong := range []string{"fail", "unknown", "error"} {
		w := play(t, "deal.yaml", deal)
		f := &forger{world: w}
		about := said{condition: "valid.customer"}
		if word := w.state().word(about, nil); word == nil || word.outcome != "pass" {
			t.Fatalf("it begins with %v", word)
		}
		if err := f.append(f.by("anna", f.attest(wrong, "valid.customer")), false); err != nil {
			t.Fatal(err)
		}
		if word := w.state().word(about, nil); word.outcome != wrong {
			t.Fatalf("%s was not said", wrong)
		}
		w.play("anna: note once more\n")
		word := w.state().word(about, nil)
		if word.outcome != "pass" {
			t.Errorf("%s still stands", wrong)
		}
		at := word.seq
		w.play("anna: note and again\n")
		if word := w.state().word(about, nil); word.seq != at {
			t.Errorf("what stands was said again, in entry %d after %d", word.seq, at)
		}
	}
}
