package tray

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"github.com/vassoio/vassoio/sign"
)

var writeRandom = flag.Bool("random", false, "write the digests of a tray made from a seed anew")

// goldenRandom holds the digests of what a tray made from a seed is made of. It
// is no vector of the format: other versions of Go or age may draw from the seed
// in another order, which the first line tells.
const goldenRandom = "testdata/random.txt"

// TestNothingLeaks makes a tray twice from one seed and one clock, its people's
// keys included, with every line, file and byte of the archive the same: so
// nothing else, no order of a map and no clock of the machine, is in the format.
func TestNothingLeaks(t *testing.T) {
	// Sealing wraps for its readers on all cores; on one, they draw in order.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const seed, runs = 20261122, 3
	first := seeded(t, seed)
	for range runs - 1 {
		if again := seeded(t, seed); again != first {
			t.Fatalf("the same seed gives\n%s\nand\n%s", first, again)
		}
	}
	if seeded(t, seed+1) == first {
		t.Fatal("another seed gives the same: nothing is drawn from it")
	}
	got := fmt.Sprintf("%s\n%s", runtime.Version(), first)
	if *writeRandom {
		if err := os.WriteFile(goldenRandom, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenRandom)
	if err != nil {
		t.Fatal(err)
	}
	version, _, _ := strings.Cut(string(want), "\n")
	if got != string(want) && version == runtime.Version() {
		t.Errorf("the golden tray is\n%s\nnow\n%s", want, got)
	}
	t.Logf("%d runs, %d digests, recorded by %s", runs, strings.Count(first, "\n"), version)
}

// seeded makes a tray with everything that is drawn coming from a seed, and
// gives the digest of each of its parts.
func seeded(t *testing.T, seed uint64) string {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	w := newWorld(t, "deal.yaml")
	w.clock = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	w.play(reference)
	var b strings.Builder
	for i, line := range w.log() {
		fmt.Fprintf(&b, "line %d %v\n", i, sign.Sum(line))
	}
	var archive bytes.Buffer
	if _, err := Export(w.ctx, w.host, w.id, &archive); err != nil {
		t.Fatal(err)
	}
	for _, f := range unpack(t, archive.Bytes()) {
		fmt.Fprintf(&b, "file %s %x\n", f.name, sha256.Sum256(f.data))
	}
	fmt.Fprintf(&b, "archive %x\n", sha256.Sum256(archive.Bytes()))
	return b.String()
}
