package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// The test binary runs itself as another process, which appends to the store in
// the folder of the first variable until it is killed, or until it has appended
// as often as the second says. It prints each entry once it is acknowledged.
const (
	writerFolder = "STORE_TEST_WRITER"
	writerCount  = "STORE_TEST_COUNT"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(writerFolder); path != "" {
		count, _ := strconv.Atoi(os.Getenv(writerCount))
		if err := write(path, count, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// trays that the writers write to, by their first lines.
var firstLines = [][]byte{[]byte("tray-0"), []byte("tray-1"), []byte("tray-2"), []byte("tray-3")}

// write lets a goroutine for each tray append to it. Every entry has a blob of
// the same content, and says who wrote it.
func write(path string, count int, out io.Writer) error {
	d, err := store.OpenDir(path)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	failed := make(chan error, len(firstLines))
	for _, first := range firstLines {
		wg.Go(func() {
			tray := sign.Sum(first)
			h, err := d.Head(context.Background(), tray)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				failed <- err
				return
			}
			h.Tray = tray
			for i := 0; count == 0 || i < count; {
				line := fmt.Appendf(nil, "%d-%d-%s", os.Getpid(), i, strings.Repeat("y", i*37%3000))
				if h.Length == 0 {
					line = first
				}
				err := d.Append(context.Background(), h, line, line)
				var conflict *store.ConflictError
				switch {
				case errors.As(err, &conflict):
					h = conflict.Head
				case err != nil:
					failed <- err
					return
				default:
					hash := sign.Sum(line)
					fmt.Fprintf(out, "%v %d %v\n", tray, h.Length, hash)
					h, i = store.Head{Tray: tray, Length: h.Length + 1, Hash: hash}, i+1
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	return errors.Join(<-failed, d.Close())
}

// child starts a writer in another process.
func child(t *testing.T, path string, count int) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerFolder+"="+path, writerCount+"="+strconv.Itoa(count))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// acknowledged are the entries that writers printed: "<tray> <number>" to hash.
type acknowledged map[string]string

// note takes down what a writer printed. A last line may be cut.
func (a acknowledged) note(t *testing.T, line string) {
	part := strings.Split(line, " ")
	if len(part) != 3 || len(part[2]) != 64 {
		return
	}
	key := part[0] + " " + part[1]
	if old, ok := a[key]; ok && old != part[2] {
		t.Errorf("two entries were acknowledged as %s", key)
	}
	a[key] = part[2]
}

// check compares a store with what was acknowledged in it, and the feed and the
// blobs with its logs; it returns the number of entries.
func (a acknowledged) check(t *testing.T, path string) int {
	t.Helper()
	d, err := store.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	entries, found := 0, 0
	for _, first := range firstLines {
		tray, seq := sign.Sum(first), 0
		for line, err := range d.Log(t.Context(), tray, 0) {
			if errors.Is(err, store.ErrNotFound) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			hash := sign.Sum(line)
			want, ok := a[fmt.Sprintf("%v %d", tray, seq)]
			if ok && want != hash.String() {
				t.Fatalf("entry %d is not the one that was acknowledged", seq)
			}
			if ok {
				found++
			}
			if _, err := d.Blob(t.Context(), tray, hash); err != nil {
				t.Fatalf("blob of entry %d: %v", seq, err)
			}
			seq++
		}
		entries += seq
		next := uint64(0)
		for change, err := range d.Feed(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			if change.Tray != tray {
				continue
			}
			if change.Seq > next {
				t.Fatalf("the feed told entry %d after %d others", change.Seq, next)
			}
			next = max(next, change.Seq+1)
		}
		if next != uint64(seq) {
			t.Fatalf("the feed told %d entries of %d", next, seq)
		}
	}
	if found != len(a) {
		t.Fatalf("LOST: %d entries of %d acknowledged", len(a)-found, len(a))
	}
	return entries
}

// TestKill kills a writing process at random moments, and looks each time at
// what it leaves.
func TestKill(t *testing.T) {
	kills := 220
	if testing.Short() {
		kills = 20
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var path string
	acked, entries, total, inDoubt := acknowledged{}, 0, 0, 0
	for i := range kills {
		if i%20 == 0 { // so that the check of everything stays cheap
			path, acked = t.TempDir(), acknowledged{}
		}
		before := len(acked)
		cmd, out := child(t, path, 0)
		first := make(chan struct{})
		read := make(chan struct{})
		go func() {
			defer close(read)
			for n := 0; out.Scan(); n++ {
				acked.note(t, out.Text())
				if n == 0 {
					close(first)
				}
			}
		}()
		if i%4 != 0 { // otherwise while it opens the store
			select {
			case <-first:
			case <-time.After(10 * time.Second):
			}
		}
		time.Sleep(time.Duration(rng.IntN(20_000)) * time.Microsecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-read
		if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "kill") {
			t.Fatalf("the writer was not killed but ended: %v", err)
		}
		if t.Failed() {
			return
		}
		entries = acked.check(t, path)
		total += len(acked) - before
		inDoubt = max(inDoubt, entries-len(acked))
	}
	if total < kills {
		t.Fatalf("%d entries in %d lives: nothing was tested", total, kills)
	}
	t.Logf("%d kills, %d entries acknowledged, none lost; at most %d in one folder came without having been acknowledged", kills, total, inDoubt)
}

// TestTwoProcesses lets two processes, and this one, write to the same trays of
// one folder.
func TestTwoProcesses(t *testing.T) {
	const count = 60
	path, acked := t.TempDir(), acknowledged{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 2 {
		cmd, out := child(t, path, count)
		wg.Go(func() {
			for out.Scan() {
				mu.Lock()
				acked.note(t, out.Text())
				mu.Unlock()
			}
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
	if err := write(path, count, io.Discard); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	entries := acked.check(t, path)
	if want := 3 * count * len(firstLines); entries != want || len(acked) != want*2/3 {
		t.Fatalf("%d entries, %d acknowledged to the others; want %d and %d", entries, len(acked), want, want*2/3)
	}
	t.Logf("three writers, %d entries in %d trays, each where its writer was told", entries, len(firstLines))
}
