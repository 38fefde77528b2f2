package store_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/store"
)

// A tray begins with the line that names it. Whoever appends says where he saw
// the log end; who comes second learns where it ends now.
func Example() {
	ctx := context.Background()
	s := store.NewMemory()

	first := []byte("the-line-that-makes-the-tray")
	start := store.Head{Tray: sign.Sum(first)}
	if err := s.Append(ctx, start, first); err != nil {
		log.Fatal(err)
	}
	seen, err := s.Head(ctx, start.Tray)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("Anna and Bruno see", seen.Length, "entry")

	blob := []byte("a sealed section")
	fmt.Println("Anna:", s.Append(ctx, seen, []byte("annas-line"), blob))

	err = s.Append(ctx, seen, []byte("brunos-line"))
	var conflict *store.ConflictError
	if errors.As(err, &conflict) {
		fmt.Println("Bruno: the log has", conflict.Head.Length, "entries by now; what is new:")
		for line, err := range s.Log(ctx, seen.Tray, seen.Length) {
			fmt.Printf("  %s %v\n", line, err)
		}
		fmt.Println("Bruno:", s.Append(ctx, conflict.Head, []byte("brunos-line")))
	}
	content, err := s.Blob(ctx, seen.Tray, sign.Sum(blob))
	fmt.Printf("%s %v\n", content, err)
	// Output:
	// Anna and Bruno see 1 entry
	// Anna: <nil>
	// Bruno: the log has 2 entries by now; what is new:
	//   annas-line <nil>
	// Bruno: <nil>
	// a sealed section <nil>
}

// The feed tells what happened since a cursor, in all trays. The cursor outlives
// the store that gave it.
func ExampleDir_Feed() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "trays")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	var cursor store.Cursor
	names := make(map[sign.Hash]string)
	for _, name := range []string{"order-1", "order-2"} {
		s, err := store.OpenDir(filepath.Join(folder, "store"))
		if err != nil {
			log.Fatal(err)
		}
		tray := sign.Sum([]byte(name))
		names[tray] = name
		if err := s.Append(ctx, store.Head{Tray: tray}, []byte(name)); err != nil {
			log.Fatal(err)
		}
		for change, err := range s.Feed(ctx, cursor) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(names[change.Tray], "entry", change.Seq)
			cursor = change.Cursor
		}
		if err := s.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// order-1 entry 0
	// order-2 entry 0
}

// A pinned head is kept as text.
func ExampleParseHead() {
	tray, last := sign.Sum([]byte("first")), sign.Sum([]byte("last"))
	pinned := store.Head{Tray: tray, Length: 12, Hash: last}.String()
	head, err := store.ParseHead(pinned)
	fmt.Println(head.Length, head.Tray == tray, head.Hash == last, err)

	_, err = store.ParseHead(pinned + "\n")
	fmt.Println(errors.Is(err, store.ErrInvalid))
	// Output:
	// 12 true true <nil>
	// true
}

// A store of one's own begins with what every store refuses.
func ExampleCheckAppend() {
	line := []byte("eyJ0eXAi.eyJ0cmF5.c2lnbmF0dXJl")
	hash, err := store.CheckAppend(store.Head{Tray: sign.Sum(line)}, line)
	fmt.Println(hash == sign.Sum(line), err)
	_, err = store.CheckAppend(store.Head{Tray: hash, Length: 1, Hash: hash}, []byte("two words"))
	fmt.Println(errors.Is(err, store.ErrInvalid), err)
	// Output:
	// true <nil>
	// true store: invalid argument: a line is printable ASCII without spaces; byte 3 is not
}
