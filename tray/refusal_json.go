package tray

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode"
)

// UnmarshalJSON reads what a host elsewhere sends, who may lie: a refusal is as this
// package makes it, with what else is wrong beside it and no deeper, and its texts
// are of printable characters.
func (r *Refusal) UnmarshalJSON(text []byte) error {
	type plain Refusal // without methods
	var in struct {
		plain
		Also []*struct {
			plain
			Also json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	out := Refusal(in.plain)
	ok := out.printable()
	for _, x := range in.Also {
		if x == nil || len(x.Also) > 0 && string(x.Also) != "null" {
			return errBadRefusal
		}
		other := Refusal(x.plain)
		ok = ok && other.printable()
		out.Also = append(out.Also, &other)
	}
	if !ok {
		return errBadRefusal
	}
	*r = out
	return nil
}

var errBadRefusal = errors.New("tray: this is no refusal as a host makes it")

// printable reports whether nothing in a refusal that is its own, not those beside it,
// could pass for something else on a screen or in a log.
func (r *Refusal) printable() bool {
	texts := []string{string(r.Code), r.Detail, string(r.Invite)}
	for i := range r.Blockers {
		b := &r.Blockers[i]
		texts = append(texts, string(b.Need), b.Name, b.Act, b.Instance, b.Path)
		for _, list := range [][]string{b.Sections, b.Roles, b.Participants, b.Needs, b.Dismiss} {
			texts = append(texts, list...)
		}
		if v := b.Violation; v != nil {
			texts = append(texts, v.Rule, v.Path, v.Reason, v.Severity)
		}
	}
	for _, s := range texts {
		if strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) {
			return false
		}
	}
	return true
}
