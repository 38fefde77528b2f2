package sign_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/crypto/ssh/agent"

	"github.com/vassoio/vassoio/sign"
)

// A payload is signed, and the line verified by somebody who knows the key.
func Example() {
	key, err := sign.GenerateKey(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	anna, err := sign.Public(key)
	if err != nil {
		fmt.Println(err)
		return
	}

	const kind sign.Kind = "example-note"
	line, err := sign.Sign(kind, []byte(`{"note":"delivered"}`), key)
	if err != nil {
		fmt.Println(err)
		return
	}

	payload, err := sign.Open(kind, line, func([]byte) (sign.PublicKey, error) { return anna, nil })
	fmt.Printf("%s, %v\n", payload, err)

	// Change anything, and it is no longer anna's.
	line = bytes.Replace(line, []byte("."), []byte(".e"), 1)
	_, err = sign.Open(kind, line, func([]byte) (sign.PublicKey, error) { return anna, nil })
	fmt.Println(err != nil)
	// Output:
	// {"note":"delivered"}, <nil>
	// true
}

// Lines of one kind are not lines of another, whoever signed them.
func ExampleOpen_kind() {
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	line, err := sign.Sign("example-offer", []byte(`{"price":"1.00"}`), key)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = sign.Open("example-order", line, func([]byte) (sign.PublicKey, error) { return sign.Public(key) })
	fmt.Println(errors.Is(err, sign.ErrKind))
	// Output: true
}

// A log of three entries, each of which names the hash of the one before and
// the key of its author.
func ExampleOpenAll() {
	type entry struct {
		Prev   sign.Hash
		Author sign.PublicKey
		Text   string
	}
	const kind sign.Kind = "example-entry"
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	author, err := sign.Public(key)
	if err != nil {
		fmt.Println(err)
		return
	}

	var log [][]byte
	var prev sign.Hash
	for _, text := range []string{"opened", "filled in", "closed"} {
		payload, err := json.Marshal(entry{prev, author, text})
		if err != nil {
			fmt.Println(err)
			return
		}
		line, err := sign.Sign(kind, payload, key)
		if err != nil {
			fmt.Println(err)
			return
		}
		log = append(log, line)
		prev = sign.Sum(line)
	}

	lines := func(yield func([]byte, error) bool) {
		for _, line := range log {
			if !yield(line, nil) {
				return
			}
		}
	}
	// A real decode accepts one encoding of each entry, and nothing else.
	decode := func(i int, payload []byte) (e entry, key [32]byte, err error) {
		err = json.Unmarshal(payload, &e)
		return e, [32]byte(e.Author.Bytes()), err
	}

	prev = sign.Hash{}
	for e, err := range sign.OpenAll(kind, lines, decode) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(e.Value.Text, e.Value.Prev == prev)
		prev = e.Line
	}
	head := prev // worth keeping

	// With the head in a safe place, hashes are enough the next time. No value
	// is used before the chain was followed to its end.
	prev = sign.Hash{}
	for e, err := range sign.ReadAll(kind, lines, decode) {
		if err != nil || e.Value.Prev != prev {
			fmt.Println("not the log that was verified", err)
			return
		}
		prev = e.Line
	}
	fmt.Println("the same log:", prev == head)
	// Output:
	// opened true
	// filled in true
	// closed true
	// the same log: true
}

// A key of OpenSSH, locked with a passphrase.
func ExampleParsePrivateKey() {
	file, err := os.ReadFile("testdata/openssh_locked")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = sign.ParsePrivateKey(file, nil)
	if errors.Is(err, sign.ErrPassphrase) {
		fmt.Println("what is the passphrase?")
	}
	key, err := sign.ParsePrivateKey(file, []byte("correct horse"))
	if err != nil {
		fmt.Println(err)
		return
	}
	bruno, err := sign.Public(key)
	fmt.Println(bruno.SSH(), err)
	// Output:
	// what is the passphrase?
	// ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIwDh/yUS3/SPQZpe53SUAWPUABDvQFvf0xvzqSPlQX/ <nil>
}

// A key as it goes to other programs: PKCS#8 for OpenSSL and key services.
func ExampleMarshalPKCS8() {
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	file, err := sign.MarshalPKCS8(key)
	fmt.Printf("%s%v\n", file, err)
	// Output:
	// -----BEGIN PRIVATE KEY-----
	// MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
	// -----END PRIVATE KEY-----
	// <nil>
}

// The key stays in the agent, which only signs.
func ExampleFromSSH() {
	// In a program: conn, err := net.Dial("unix", os.Getenv("SSH_AUTH_SOCK")).
	conn, server := net.Pipe()
	defer conn.Close()
	keyring := agent.NewKeyring()
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	if err := keyring.Add(agent.AddedKey{PrivateKey: &key}); err != nil {
		fmt.Println(err)
		return
	}
	go agent.ServeAgent(keyring, server)

	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		fmt.Println(err)
		return
	}
	me, err := sign.FromSSH(signers[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := sign.Sign("example-note", []byte("hello"), me)
	if err != nil {
		fmt.Println(err)
		return
	}
	payload, err := sign.Open("example-note", line, func([]byte) (sign.PublicKey, error) { return sign.Public(me) })
	fmt.Printf("%s, %v\n", payload, err)
	// Output: hello, <nil>
}

// The key of RFC 8037, appendix A, and its thumbprint.
func ExampleParseJWK() {
	k, err := sign.ParseJWK([]byte(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`))
	fmt.Println(k.Thumbprint(), err)
	fmt.Println(string(k.JWK()))
	// Output:
	// kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k <nil>
	// {"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
}

// A public key as people paste it, comment and all.
func ExampleParseSSH() {
	k, err := sign.ParseSSH("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM6ViueCMTV6ucBPV946GmoLfRaUar/fPpnw1GGfegj7 anna@example.com\n")
	fmt.Println(k, err)
	// Output: zpWK54IxNXq5wE9X3joaagt9FpRqv98-mfDUYZ96CPs <nil>
}

// A key under which anybody can sign is refused when it comes in.
func ExampleNewPublicKey() {
	weak := make([]byte, 32)
	message, forged := []byte{9}, make([]byte, 64) // nobody signed this
	fmt.Println("crypto/ed25519:", ed25519.Verify(weak, message, forged))
	_, err := sign.NewPublicKey(weak)
	fmt.Println(err)
	// Output:
	// crypto/ed25519: true
	// sign: key refused: of small order, so that anybody can sign for it
}

func ExampleSum() {
	fmt.Println(sign.Sum([]byte("abc")))
	// Output: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
}
