package sign_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

// abc is SHA-256("abc"), from FIPS 180-4's examples.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

func TestHashText(t *testing.T) {
	h := sign.Sum([]byte("abc"))
	if h.String() != abc {
		t.Errorf("Sum = %s, want %s", h, abc)
	}
	back, err := sign.ParseHash(abc)
	if err != nil || back != h {
		t.Errorf("ParseHash = %v, %v", back, err)
	}
	if h.IsZero() || !(sign.Hash{}).IsZero() {
		t.Error("IsZero")
	}
	type document struct{ Prev sign.Hash }
	text, err := json.Marshal(document{h})
	if err != nil || string(text) != `{"Prev":"`+abc+`"}` {
		t.Errorf("JSON %s, %v", text, err)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil || d.Prev != h {
		t.Errorf("JSON back %v, %v", d, err)
	}
}

func TestHashRefused(t *testing.T) {
	cases := map[string]string{
		"empty":            "",
		"one short":        abc[1:],
		"one long":         abc + "0",
		"upper case":       strings.ToUpper(abc),
		"one upper case":   "B" + abc[1:],
		"prefix":           "0x" + abc[2:],
		"space":            " " + abc[1:],
		"newline":          abc[:63] + "\n",
		"colon":            ":" + abc[1:],
		"slash":            "/" + abc[1:],
		"g":                "g" + abc[1:],
		"backquote":        "`" + abc[1:],
		"second of a pair": abc[:1] + "G" + abc[2:],
		"not ASCII":        "é" + abc[2:],
	}
	for name, text := range cases {
		h := sign.Sum(nil)
		if _, err := sign.ParseHash(text); !errors.Is(err, sign.ErrMalformed) {
			t.Errorf("%s: ParseHash: %v", name, err)
		}
		if err := h.UnmarshalText([]byte(text)); !errors.Is(err, sign.ErrMalformed) || h != sign.Sum(nil) {
			t.Errorf("%s: UnmarshalText: %v, and the hash is now %s", name, err, h)
		}
	}
}
