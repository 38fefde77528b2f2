package section

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	agetest "c2sp.org/CCTV/age"
)

// Where a blob is another thing than any age file, the outcome and why. All
// else is as the vectors say.
var otherOutcome = map[string][2]string{
	"hybrid_grease":           {"header failure", "a stanza of another kind beside"},
	"hybrid_and_x25519":       {"header failure", "a stanza of another kind beside"},
	"x25519_grease":           {"header failure", "a stanza of another kind beside"},
	"stanza_empty_body":       {"header failure", "a stanza of another kind beside"},
	"stanza_empty_last_line":  {"header failure", "a stanza of another kind beside"},
	"stanza_valid_characters": {"header failure", "a stanza of another kind beside"},
	"hybrid_uppercase":        {"header failure", "a stanza of another kind, not just another's"},
	"x25519_lowercase":        {"header failure", "a stanza of another kind, not just another's"},
	"stream_257_chunks":       {"header failure", "larger than MaxBlob"},
	"stream_257_chunks_full":  {"header failure", "larger than MaxBlob"},
	"stream_258_chunks":       {"header failure", "larger than MaxBlob"},
	"stream_empty_payload":    {"payload failure", "nothing is sealed"},
	"stream_no_nonce":         {"payload failure", "the nonce is part of the payload"},
	"stream_short_nonce":      {"payload failure", "the nonce is part of the payload"},
}

// TestCCTV runs the vectors of age (c2sp.org/CCTV/age) for binary files to
// native recipients, all but the check of the padding that they do not have.
func TestCCTV(t *testing.T) {
	entries := must[[]fs.DirEntry](t)(fs.ReadDir(agetest.Vectors, "."))
	outcomes, others := make(map[string]int), 0
	for _, e := range entries {
		v := parseVector(t, must[[]byte](t)(fs.ReadFile(agetest.Vectors, e.Name())))
		if len(v.ids) == 0 || v.armored {
			// Passwords and armor: no suite takes them.
			for _, suite := range []Suite{PQ, Classic} {
				if n, err := Inspect(v.file, suite); err == nil {
					t.Errorf("%s: inspected as %d readers", e.Name(), n)
				}
			}
			outcomes["no blob of any suite"]++
			continue
		}
		got, err := openAnywhere(v)
		outcome := "success"
		var c *ContradictionError
		switch {
		case errors.Is(err, ErrNotReader):
			outcome = "no match"
		case errors.As(err, &c) && c.What == "mac":
			outcome = "HMAC failure"
		case errors.As(err, &c) && c.What == "payload":
			outcome = "payload failure"
		case err != nil:
			outcome = "header failure"
		}
		want := v.expect
		if other, ok := otherOutcome[e.Name()]; ok {
			if want == other[0] {
				t.Errorf("%s: as the vector says", e.Name())
			}
			want = other[0]
			others++
		}
		if outcome != want {
			t.Errorf("%s: %s, want %s (%v)", e.Name(), outcome, want, err)
		}
		if err == nil && fmt.Sprintf("%x", sha256.Sum256(got)) != v.payload {
			t.Errorf("%s: another payload", e.Name())
		}
		if err != nil && got != nil {
			t.Errorf("%s: %d bytes released along with an error", e.Name(), len(got))
		}
		outcomes[outcome]++
	}
	if outcomes["success"] == 0 || outcomes["header failure"] == 0 || outcomes["payload failure"] == 0 || outcomes["no match"] == 0 || outcomes["HMAC failure"] == 0 {
		t.Error("some outcome never happened")
	}
	if others != len(otherOutcome) {
		t.Errorf("%d vectors with another outcome, want %d", others, len(otherOutcome))
	}
	t.Logf("%d vectors: %v, %d of them with another outcome than age's", len(entries), outcomes, others)
}

type vector struct {
	expect, payload string
	armored         bool
	ids             []Identity
	file            []byte
}

func parseVector(t *testing.T, b []byte) (v vector) {
	header, file, ok := bytes.Cut(b, []byte("\n\n"))
	if !ok {
		t.Fatal("no vector")
	}
	v.file = file
	for line := range strings.SplitSeq(string(header), "\n") {
		key, value, _ := strings.Cut(line, ": ")
		switch key {
		case "expect":
			v.expect = value
		case "payload":
			must[[]byte](t)(hex.DecodeString(value))
			v.payload = value
		case "identity":
			v.ids = append(v.ids, must[Identity](t)(ParseIdentity(value)))
		case "armored":
			v.armored = true
		case "compressed":
			r := must[io.ReadCloser](t)(zlib.NewReader(bytes.NewReader(v.file)))
			v.file = must[[]byte](t)(io.ReadAll(r))
		case "passphrase", "file key", "comment":
		default:
			t.Fatalf("unknown key %q", key)
		}
	}
	return v
}

// openAnywhere tries the identities at every place: the vectors have none.
func openAnywhere(v vector) ([]byte, error) {
	f, err := parseAgeFile(v.file, v.ids[0].Suite())
	if err != nil {
		return nil, err
	}
	for i := range f.stanzas {
		var got []byte
		if got, err = f.decrypt(i, v.ids); err == nil || !errors.Is(err, ErrNotReader) {
			return got, err
		}
	}
	return nil, err
}
