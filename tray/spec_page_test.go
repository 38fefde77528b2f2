package tray

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestSpecPage follows the sample as whoever reads SPEC.md does: with the page,
// base64, JSON, SHA-256 and Ed25519, and nothing else of this module.
func TestSpecPage(t *testing.T) {
	page := readSpec(t)
	if err := followPage(page); err != nil {
		t.Fatal(err)
	}
	// Each part is held against another: a character changed in one is found.
	broken := 0
	for _, part := range []string{
		"**Line 0**", "**Line 1**", "**Line 2**", "**Entry 0**", "**Entry 1**", "**Entry 2**", "The **head**", "The **card**", "The **template**",
	} {
		_, text, ok := strings.Cut(page, "\n"+part)
		if !ok {
			t.Fatalf("no %s", part)
		}
		from := len(page) - len(text) + strings.Index(text, "```\n") + 4
		until := from + strings.Index(page[from:], "\n```")
		for i := from; i < until; i += 1 + (until-from)/50 {
			if c := page[i]; c < 'A' || c > 'z' || c == '\\' || strings.Contains(page[i-1:i+3], "…") {
				continue
			}
			changed := page[:i] + string(page[i]^1) + page[i+1:]
			if broken++; followPage(changed) == nil {
				t.Errorf("%s: %q for %q at byte %d passes", part, changed[i], page[i], i-from)
			}
		}
	}
	t.Logf("%d changes", broken)
	if broken < 200 {
		t.Error("too few changes")
	}
}

// followPage recomputes the hashes of the sample, and checks its signatures.
func followPage(page string) error {
	block := func(title string) (head, text string, err error) {
		_, rest, ok := strings.Cut(page, "\n"+title)
		head, rest, ok2 := strings.Cut(rest, "\n\n```\n")
		text, _, ok3 := strings.Cut(rest, "\n```\n")
		if !ok || !ok2 || !ok3 {
			return "", "", fmt.Errorf("no %s", title)
		}
		return head, text, nil
	}
	joined := func(text string) string { return strings.ReplaceAll(text, "\n", "") }
	hash := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	var tray, last string
	n := 0
	for ; strings.Contains(page, fmt.Sprintf("\n**Line %d**", n)); n++ {
		_, text, err := block(fmt.Sprintf("**Line %d**", n))
		if err != nil {
			return err
		}
		title, shown, err := block(fmt.Sprintf("**Entry %d**", n))
		if err != nil {
			return err
		}
		line := joined(text)
		payload, err := verifyPage(line)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if !strings.Contains(title, "`"+hash(line)+"`") {
			return fmt.Errorf("line %d has another hash", n)
		}
		if err := samePayload(payload, shown); err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
		var e struct{ Tray, Prev string }
		if err := json.Unmarshal(payload, &e); err != nil || e.Tray != tray || e.Prev != last {
			return fmt.Errorf("entry %d does not follow: %v", n, err)
		}
		if n == 0 {
			if err := followCreation(payload, block); err != nil {
				return err
			}
			tray = hash(line)
		}
		last = hash(line)
	}
	_, head, err := block("The **head**")
	if err != nil {
		return err
	}
	if n != 3 || head != fmt.Sprintf("%s/%d/%s", tray, n, last) {
		return fmt.Errorf("another head after %d lines", n)
	}
	return nil
}

// followCreation holds template and card on the page against entry 0.
func followCreation(payload []byte, block func(string) (string, string, error)) error {
	for title, member := range map[string]string{"The **template**": "template", "The **card**": "card"} {
		_, text, err := block(title)
		if err != nil {
			return err
		}
		text = strings.ReplaceAll(text, "\n", "")
		if member == "card" {
			if _, err := verifyPage(text); err != nil {
				return fmt.Errorf("card: %w", err)
			}
		} else {
			text = fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
		}
		if !bytes.Contains(payload, []byte(`"`+member+`":"`+text+`"`)) {
			return fmt.Errorf("another %s", member)
		}
	}
	return nil
}

// verifyPage checks a line's signature by the key in its payload, which it gives.
func verifyPage(line string) ([]byte, error) {
	parts := strings.Split(line, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("%d parts", len(parts))
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return nil, err
		}
	}
	var signed struct{ Key string }
	if err := json.Unmarshal(decoded[1], &signed); err != nil {
		return nil, err
	}
	key, err := base64.RawURLEncoding.DecodeString(signed.Key)
	if err != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, []byte(parts[0]+"."+parts[1]), decoded[2]) {
		return nil, fmt.Errorf("not signed: %v", err)
	}
	return decoded[1], nil
}

// samePayload compares a payload with the page, where cards are cut.
func samePayload(payload []byte, shown string) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(shown)); err != nil {
		return err
	}
	parts := strings.Split(compact.String(), "…")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	if !regexp.MustCompile("^" + strings.Join(parts, `[A-Za-z0-9._-]+`) + "$").Match(payload) {
		return fmt.Errorf("the page shows another payload")
	}
	return nil
}
