package entry_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// A log is read with the keys that its entries name: whether these are the right
// ones, and whether the ops may be there, package tray decides.
func Example() {
	key, err := sign.GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	me, _ := sign.Public(key)
	payload, err := (&entry.Entry{Tray: sign.Sum([]byte("first line")), Seq: 7, Prev: sign.Sum([]byte("line 6")),
		Time: time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC), Author: me.Thumbprint(), Key: me.String(),
		Ops: []entry.Op{&entry.Dismiss{Participant: me.Thumbprint(), Roles: []string{"buyer"}}}}).Encode()
	if err != nil {
		log.Fatal(err)
	}
	line, err := sign.Sign(entry.Kind, payload, key)
	if err != nil {
		log.Fatal(err)
	}

	payload, err = sign.Open(entry.Kind, line, func(payload []byte) (sign.PublicKey, error) {
		e, err := entry.Parse(payload)
		if err != nil {
			return sign.PublicKey{}, err
		}
		return sign.ParsePublicKey(e.Key)
	})
	if err != nil {
		log.Fatal(err)
	}
	e, _ := entry.Parse(payload)
	fmt.Println(e.Seq, e.Ops[0].Name())

	_, err = entry.Parse(append(payload, ' '))
	fmt.Println(errors.Is(err, entry.ErrMalformed))
	// Output:
	// 7 dismiss
	// true
}
