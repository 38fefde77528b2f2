package store

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/sign"
)

func TestHead(t *testing.T) {
	tray, hash := sign.Sum([]byte("tray")), sign.Sum([]byte("line"))
	for _, h := range []Head{
		{Tray: tray},
		{Tray: tray, Length: 1, Hash: tray},
		{Tray: tray, Length: 2, Hash: hash},
		{Tray: tray, Length: math.MaxUint64, Hash: hash},
	} {
		if got, err := ParseHead(h.String()); err != nil || got != h {
			t.Errorf("%v: %v, %v", h, got, err)
		}
	}
	T, H, Z := tray.String(), hash.String(), sign.Hash{}.String()
	for _, s := range []string{
		"", "/", "//", T, T + "/", T + "/2", T + "/2/", T + "//" + H, "/2/" + H,
		T + "/0/" + H, T + "/0/" + T, T + "/2/" + Z, T + "/1/" + H, // heads that cannot be
		Z + "/0/" + Z, Z + "/2/" + H,
		T + "/02/" + H, T + "/+2/" + H, T + "/-2/" + H, T + "/ 2/" + H, T + "/2.0/" + H, T + "/0x2/" + H, T + "/1_0/" + H,
		T + "/18446744073709551616/" + H,
		strings.ToUpper(T) + "/2/" + H, T + "/2/" + strings.ToUpper(H),
		T[1:] + "/2/" + H, T + "0/2/" + H, T + "/2/" + H[1:], T + "/2/" + H + "0",
		T + "/2/" + H + "/", T + "/2/" + H + "\n", " " + T + "/2/" + H, T + "/2//" + H,
		T + "/2/" + H + "/2", T + "\\2\\" + H, T + "/٢/" + H,
	} {
		if h, err := ParseHead(s); !errors.Is(err, ErrInvalid) || h != (Head{}) {
			t.Errorf("%q: %v, %v", s, h, err)
		}
	}
}

func FuzzParseHead(f *testing.F) {
	tray, hash := sign.Sum([]byte("tray")), sign.Sum([]byte("line"))
	f.Add(Head{Tray: tray}.String())
	f.Add(Head{Tray: tray, Length: 1, Hash: tray}.String())
	f.Add(Head{Tray: tray, Length: 12, Hash: hash}.String())
	f.Fuzz(func(t *testing.T, s string) {
		if h, err := ParseHead(s); err == nil && h.String() != s {
			t.Errorf("%q is also a spelling of %v", s, h)
		}
	})
}

func FuzzFeedLine(f *testing.F) {
	tray, hash := sign.Sum([]byte("tray")), sign.Sum([]byte("line"))
	f.Add(string(formatFeedLine(Head{Tray: tray, Length: 1, Hash: tray})))
	f.Add(string(formatFeedLine(Head{Tray: tray, Length: math.MaxUint64, Hash: hash})))
	f.Fuzz(func(t *testing.T, s string) {
		tray, seq, ok := parseFeedLine([]byte(s))
		if !ok {
			return
		}
		hash, _ := sign.ParseHash(s[len(s)-64:])
		if seq == math.MaxUint64 {
			return // the number of no entry: a length would not hold it
		}
		if again := string(formatFeedLine(Head{tray, seq + 1, hash})); again != s+"\n" {
			t.Errorf("%q is also a spelling of %q", s, again)
		}
	})
}

func FuzzStagedName(f *testing.F) {
	tray, hash := sign.Sum([]byte("tray")), sign.Sum([]byte("line"))
	folder := stagedName(tray) + "/"
	f.Add(strings.TrimPrefix(stagedBlobName(Head{tray, 7, hash}, tray), folder))
	f.Add("lost+found")
	f.Fuzz(func(t *testing.T, s string) {
		entry, digest, ok := parseStaged(tray, s)
		if again := stagedBlobName(entry, digest); ok && again != folder+s {
			t.Errorf("%q is also a spelling of %q", s, again)
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	f.Add("", int64(0))
	f.Add("1", int64(1))
	f.Add("12", int64(11))
	f.Add("9223372036854775807", int64(math.MaxInt64))
	f.Add("18446744073709551615", int64(math.MaxInt64))
	f.Add("0", int64(7))
	f.Add("01", int64(7))
	f.Fuzz(func(t *testing.T, s string, end int64) {
		if end < 0 {
			return // of no feed
		}
		n, err := parseCursor(Cursor(s), end)
		if err != nil {
			if !errors.Is(err, ErrInvalid) || n != 0 {
				t.Fatalf("%q: %d, %v", s, n, err)
			}
			return
		}
		again := strconv.FormatInt(n, 10)
		if n == 0 {
			again = ""
		}
		if again != s || n > end {
			t.Errorf("%q is also a spelling of %q, in a feed of %d", s, again, end)
		}
	})
}

// Of the feed's line that limits.go bounds, this is the longest.
func TestMaxFeedLine(t *testing.T) {
	if n := len(formatFeedLine(Head{Length: math.MaxUint64})); n != maxFeedLine {
		t.Errorf("%d bytes, the bound says %d", n, maxFeedLine)
	}
}
