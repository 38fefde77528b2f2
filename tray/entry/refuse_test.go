package entry_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vassoio/vassoio/tray/entry"
)

func golden(t testing.TB) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/ops.golden")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(lines) < 14 {
		t.Fatal("no golden lines")
	}
	return lines
}

// TestOneEncoding changes, removes and inserts every byte of every golden line.
// What is still read must be something else, and be written as it was read: no
// two spellings have one meaning.
func TestOneEncoding(t *testing.T) {
	meant := make(map[string]string) // what was read, written again, by what was read
	tried, read := 0, 0
	try := func(payload string) {
		tried++
		e, err := entry.Parse([]byte(payload))
		if err != nil {
			if !errors.Is(err, entry.ErrMalformed) {
				t.Fatalf("%v\n%s", err, payload)
			}
			return
		}
		read++
		again := string(encoded(t, e))
		if before, ok := meant[again]; again != payload || ok && before != payload {
			t.Fatalf("two spellings:\n%s\n%s", payload, again)
		}
		meant[again] = payload
	}
	for _, line := range golden(t) {
		for i := range line {
			for _, c := range []byte("\x00 \"\\&,:.}]01aAzZ_-=\x80") {
				try(line[:i] + string([]byte{c}) + line[i+1:])
				try(line[:i] + string([]byte{c}) + line[i:])
			}
			try(line[:i] + string([]byte{line[i] ^ 0x20}) + line[i+1:])
			try(line[:i] + line[i+1:])
			if _, err := entry.Parse([]byte(line[:i])); err == nil {
				t.Fatalf("cut at %d, and read", i)
			}
		}
	}
	if read == 0 || read > tried/2 {
		t.Errorf("%d of %d were read", read, tried)
	}
	t.Logf("%d spellings tried, %d read, each as itself", tried, read)
}

// replaced are changes of golden lines that other readers of JSON let through,
// or that would change a right unseen.
var replaced = []struct{ name, old, new string }{
	{"empty", "", ""},
	{"member twice", `"seq":`, `"seq":1,"seq":`},
	{"member of another case", `"author"`, `"Author"`},
	{"members swapped", `"author":"`, `"key":"`},
	{"unknown member in front", `{"tray"`, `{"x":"y","tray"`},
	{"unknown member at the end", `]}`, `],"x":"y"}`},
	{"unknown op", `"op":"fire"`, `"op":"fires"`},
	{"op of no name", `"op":"fire"`, `"op":""`},
	{"op not named first", `{"op":"withdraw","invite"`, `{"invite"`},
	{"no ops", `"ops":[`, `"ops":[],"x":[`},
	{"null", `"seq":1`, `"seq":null`},
	{"number as text", `"seq":1`, `"seq":"1"`},
	{"leading zero", `"seq":1`, `"seq":01`},
	{"sign", `"seq":1`, `"seq":+1`},
	{"negative", `"seq":1`, `"seq":-1`},
	{"fraction", `"seq":1`, `"seq":1.0`},
	{"exponent", `"seq":1`, `"seq":1e0`},
	{"2^53", `"seq":1,`, `"seq":9007199254740992,`},
	{"2^64+1", `"seq":1,`, `"seq":18446744073709551617,`},
	{"no number", `"seq":1,`, `"seq":,`},
	{"escape of a letter", `"op":"fire"`, `"op":"\u0066ire"`},
	{"escape of a slash", `"op":"fire"`, `"op":"\/fire"`},
	{"not ASCII", `"op":"fire"`, `"op":"fïre"`},
	{"bad UTF-8", `"op":"fire"`, "\"op\":\"f\xffre\""},
	{"line separator", `"op":"fire"`, "\"op\":\"fi\u2028re\""},
	{"space after a colon", `"op":"fire"`, `"op": "fire"`},
	{"newline at the end", `]}`, "]}\n"},
	{"more behind it", `]}`, "]}{}"},
	{"byte order mark", `{"tray"`, "\ufeff{\"tray\""},
	{"hash in upper case", `"tray":"`, `"tray":"A`},
	{"local time", `Z","author"`, `+01:00","author"`},
	{"fraction of a second", `Z","author"`, `.5Z","author"`},
	{"lower-case z", `Z","author"`, `z","author"`},
	{"comma at the end of a list", `}]}`, `},]}`},
	{"comma at the end of an object", `]}`, `],}`},
	{"single quotes", `"op":"fire"`, `'op':'fire'`},
	{"comment", `"op":"fire"`, `"op":/**/"fire"`},
}

func TestRefused(t *testing.T) {
	for _, r := range replaced {
		n := 0
		for _, line := range golden(t)[1:] {
			payload := strings.Replace(line, r.old, r.new, 1)
			if r.old == "" {
				payload = ""
			} else if payload == line {
				continue
			}
			n++
			if e, err := entry.Parse([]byte(payload)); !errors.Is(err, entry.ErrMalformed) || e != nil {
				t.Errorf("%s: %v\n%s", r.name, err, payload)
			}
		}
		if n == 0 {
			t.Errorf("%s: in no golden line", r.name)
		}
	}
	if len(replaced) == 0 {
		t.Error("no cases")
	}
}

// TestEmptyLists shows that an empty list has one spelling: none.
func TestEmptyLists(t *testing.T) {
	s := newSource(1)
	e := s.entry(&entry.Admit{Card: s.jws()})
	payload := string(encoded(t, e))
	if strings.Contains(payload, "roles") {
		t.Error("an empty list is written")
	}
	spoiled := strings.Replace(payload, `}]}`, `,"roles":[]}]}`, 1)
	if _, err := entry.Parse([]byte(spoiled)); spoiled == payload || !errors.Is(err, entry.ErrMalformed) {
		t.Errorf("an empty list is read: %v", err)
	}
	spoiled = strings.Replace(payload, `}]}`, `,"roles":[""]}]}`, 1)
	if _, err := entry.Parse([]byte(spoiled)); !errors.Is(err, entry.ErrMalformed) {
		t.Errorf("an empty role is read: %v", err)
	}
}

// TestNotEncoded gives Encode what the format does not allow.
func TestNotEncoded(t *testing.T) {
	s := newSource(2)
	key := s.thumbprint()
	first := func(spoil func(*entry.Entry)) *entry.Entry {
		e := &entry.Entry{Tray: s.hash(), Seq: 1, Prev: s.hash(), Time: s.time(), Author: key, Key: key, Ops: []entry.Op{&entry.Withdraw{Invite: key}}}
		spoil(e)
		return e
	}
	cases := map[string]*entry.Entry{
		"no ops":                      first(func(e *entry.Entry) { e.Ops = nil }),
		"no tray":                     first(func(e *entry.Entry) { e.Tray = [32]byte{} }),
		"no previous hash":            first(func(e *entry.Entry) { e.Prev = [32]byte{} }),
		"first with a tray":           first(func(e *entry.Entry) { e.Seq = 0 }),
		"2^53":                        first(func(e *entry.Entry) { e.Seq = 1 << 53 }),
		"no author":                   first(func(e *entry.Entry) { e.Author = "" }),
		"author cut":                  first(func(e *entry.Entry) { e.Author = key[1:] }),
		"author of spare bits":        first(func(e *entry.Entry) { e.Author = key[:42] + "B" }),
		"author in standard base64":   first(func(e *entry.Entry) { e.Author = "+" + key[1:] }),
		"year 10000":                  first(func(e *entry.Entry) { e.Time = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"year 0":                      first(func(e *entry.Entry) { e.Time = time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC) }),
		"year -1":                     first(func(e *entry.Entry) { e.Time = time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"quote":                       first(func(e *entry.Entry) { e.Ops[0] = &entry.Attest{Engine: `a"b`} }),
		"newline":                     first(func(e *entry.Entry) { e.Ops[0] = &entry.Attest{Engine: "a\nb"} }),
		"not ASCII":                   first(func(e *entry.Entry) { e.Ops[0] = &entry.Attest{Engine: "è"} }),
		"no engine":                   first(func(e *entry.Entry) { e.Ops[0] = &entry.Attest{} }),
		"role in upper case":          first(func(e *entry.Entry) { e.Ops[0] = &entry.Admit{Card: s.jws(), Roles: []string{"Sales"}} }),
		"role with a dash":            first(func(e *entry.Entry) { e.Ops[0] = &entry.Admit{Card: s.jws(), Roles: []string{"a-b"}} }),
		"role that begins with digit": first(func(e *entry.Entry) { e.Ops[0] = &entry.Admit{Card: s.jws(), Roles: []string{"1a"}} }),
		"card of two parts":           first(func(e *entry.Entry) { e.Ops[0] = &entry.Admit{Card: "a.b"} }),
		"card of four parts":          first(func(e *entry.Entry) { e.Ops[0] = &entry.Admit{Card: "a.b.c.d"} }),
		"fifth outcome": first(func(e *entry.Entry) {
			e.Ops[0] = &entry.Attest{Engine: "x", Outcomes: []entry.Outcome{{Condition: "rule.a", Result: "maybe"}}}
		}),
		"condition without kind": first(func(e *entry.Entry) {
			e.Ops[0] = &entry.Attest{Engine: "x", Outcomes: []entry.Outcome{{Condition: "a", Result: "pass"}}}
		}),
		"instance that is no participant": first(func(e *entry.Entry) {
			e.Ops[0] = &entry.Unreadable{Place: entry.Place{Section: "a", Instance: "me"}}
		}),
		"section in upper case": first(func(e *entry.Entry) { e.Ops[0] = &entry.Unreadable{Place: entry.Place{Section: "A"}} }),
		"reader that is no participant": first(func(e *entry.Entry) {
			e.Ops[0] = &entry.Share{Place: entry.Place{Section: "a"}, File: entry.File{Blob: s.hash(), Size: 1, To: []string{"me"}}}
		}),
		"content that is not base64url": first(func(e *entry.Entry) {
			e.Ops[0] = &entry.Write{Revision: entry.Revision{Place: entry.Place{Section: "a"}}, Public: "e30="}
		}),
		"short nonce": first(func(e *entry.Entry) { e.Ops[0] = &entry.Note{Sealed: entry.Sealed{ID: "00"}} }),
		"language": first(func(e *entry.Entry) {
			e.Ops[0] = &entry.Sign{Role: "a", Signature: "b", Language: "it_IT", Declaration: s.hash()}
		}),
	}
	for name, e := range cases {
		if b, err := e.Encode(); !errors.Is(err, entry.ErrMalformed) {
			t.Errorf("%s: %v\n%s", name, err, b)
		}
	}
	if _, err := first(func(*entry.Entry) {}).Encode(); err != nil {
		t.Errorf("nothing is wrong: %v", err)
	}
}

// TestLimits meets each bound, and passes it by one.
func TestLimits(t *testing.T) {
	s := newSource(3)
	repeat := func(n int, text string) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = text
		}
		return out
	}
	withdraw := &entry.Withdraw{Invite: s.thumbprint()}
	outcome := entry.Outcome{Condition: "rule.a", Result: "pass"}
	place := entry.Revision{Place: entry.Place{Section: "a"}}
	cases := []struct {
		name string
		max  int
		op   func(n int) []entry.Op
	}{
		{"ops", entry.MaxOps, func(n int) (ops []entry.Op) {
			for range n {
				ops = append(ops, withdraw)
			}
			return ops
		}},
		{"readers", entry.MaxTo, func(n int) []entry.Op {
			return []entry.Op{&entry.Share{Place: place.Place, File: entry.File{Blob: s.hash(), Size: 1, To: repeat(n, s.thumbprint())}}}
		}},
		{"roles", entry.MaxRoles, func(n int) []entry.Op { return []entry.Op{&entry.Admit{Card: s.jws(), Roles: repeat(n, "a")}} }},
		{"revisions", entry.MaxRefs, func(n int) []entry.Op {
			op := &entry.Attest{Engine: "x"}
			for range n {
				op.On = append(op.On, place)
			}
			return []entry.Op{op}
		}},
		{"outcomes", entry.MaxRefs, func(n int) []entry.Op {
			op := &entry.Attest{Engine: "x"}
			for range n {
				op.Outcomes = append(op.Outcomes, outcome)
			}
			return []entry.Op{op}
		}},
		{"covers", entry.MaxRefs, func(n int) []entry.Op {
			op := &entry.Sign{Role: "a", Signature: "b", Language: "en", Declaration: s.hash()}
			for range n {
				op.Covers = append(op.Covers, place)
			}
			return []entry.Op{op}
		}},
		{"letters of an id", 64, func(n int) []entry.Op {
			return []entry.Op{&entry.Admit{Card: s.jws(), Roles: []string{strings.Repeat("a", n)}}}
		}},
		{"letters of a language", 35, func(n int) []entry.Op {
			return []entry.Op{&entry.Sign{Role: "a", Signature: "b", Language: strings.Repeat("a", n), Declaration: s.hash()}}
		}},
	}
	for _, c := range cases {
		e := &entry.Entry{Tray: s.hash(), Seq: 1, Prev: s.hash(), Time: s.time(), Author: s.thumbprint(), Key: s.thumbprint()}
		e.Ops = c.op(c.max)
		payload := encoded(t, e)
		if _, err := entry.Parse(payload); err != nil {
			t.Errorf("%d %s: %v", c.max, c.name, err)
		}
		e.Ops = c.op(c.max + 1)
		if _, err := e.Encode(); !errors.Is(err, entry.ErrMalformed) {
			t.Errorf("%d %s are written: %v", c.max+1, c.name, err)
		}
		if _, err := entry.Parse(oneMore(t, c.name, payload)); !errors.Is(err, entry.ErrMalformed) {
			t.Errorf("%d %s are read: %v", c.max+1, c.name, err)
		}
	}
}

// oneMore repeats the last element of the last list of a payload, or the last
// letter of what has too few; Encode would not.
func oneMore(t *testing.T, name string, payload []byte) []byte {
	t.Helper()
	text := string(payload)
	element := map[string]string{"ops": "{", "readers": `"`, "roles": `"`, "revisions": "{", "outcomes": "{", "covers": "{"}[name]
	if element == "" {
		return []byte(strings.Replace(text, "aaaa", "aaaaa", 1))
	}
	body := strings.TrimSuffix(text, "]}]}") // of a list in the one op
	tail := "]}]}"
	if name == "ops" {
		body, tail = strings.TrimSuffix(text, "]}"), "]}"
	}
	i := strings.LastIndex(body, ","+element)
	if i < 0 || body == text {
		t.Fatalf("no list of %s", name)
	}
	return []byte(body + body[i:] + tail)
}

func TestPayloadLimit(t *testing.T) {
	s := newSource(4)
	e := &entry.Entry{Tray: s.hash(), Seq: 1, Prev: s.hash(), Time: s.time(), Author: s.thumbprint(), Key: s.thumbprint()}
	op := &entry.Write{Revision: entry.Revision{Place: entry.Place{Section: "a"}, Number: 1, Root: s.hash()}, Public: "A"}
	e.Ops = []entry.Op{op}
	op.Public = strings.Repeat("A", 1+entry.MaxPayload-len(encoded(t, e)))
	payload := encoded(t, e)
	if len(payload) != entry.MaxPayload {
		t.Fatalf("%d bytes", len(payload))
	}
	if _, err := entry.Parse(payload); err != nil {
		t.Error(err)
	}
	op.Public += "A"
	if _, err := e.Encode(); !errors.Is(err, entry.ErrMalformed) {
		t.Errorf("a byte too many is written: %v", err)
	}
	if _, err := entry.Parse([]byte(strings.Replace(string(payload), `"AAAA`, `"AAAAA`, 1))); !errors.Is(err, entry.ErrMalformed) {
		t.Errorf("a byte too many is read: %v", err)
	}
}

// TestErrors shows that an error says where, and nothing of what is there.
func TestErrors(t *testing.T) {
	line := golden(t)[3]
	i := strings.Index(line, `"invite":"`) + len(`"invite":"`)
	secret := "hunter2~" + line[i+8:]
	_, err := entry.Parse([]byte(line[:i] + secret))
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "at byte") {
		t.Errorf("%v", err)
	}
}
