package tray

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/template"
)

// write adds the revisions that the draft makes.
func (d *Draft) write(k *composer) error {
	places := slices.SortedFunc(maps.Keys(d.plan.edits), k.comparePlaces)
	var problems []section.Problem
	for _, m := range d.plan.mistakes {
		problems = append(problems, m.problem)
	}
	k.wrong.everywhere = len(problems) > 0
	var conflicts []Conflict
	merged := make(map[entry.Place]section.Content)
	for _, p := range places {
		may := k.mayBeWritten(p)
		if may != nil {
			k.told = append(k.told, may)
			k.wrong.whole(p)
			if !k.isPlace(p) {
				continue
			}
		}
		content, found, err := d.merge(k, p)
		var values *section.ValuesError
		switch {
		case errors.As(err, &values):
			problems = append(problems, inSection(p.Section, values)...)
			k.wrong.fields(p, values)
		case may != nil && (err == nil || errors.As(err, new(*Refusal))):
			continue
		case err != nil:
			if err := k.tell(err); err != nil {
				return err
			}
			if content == nil {
				k.wrong.whole(p)
				continue
			}
		}
		if may == nil {
			conflicts = append(conflicts, found...)
			merged[p] = content
		}
	}
	if len(problems) > 0 {
		k.told = append(k.told, &Refusal{Code: BadValue, Seq: k.entry.Seq, Op: -1, Err: &section.ValuesError{Problems: problems}})
	}
	if len(conflicts) > 0 {
		return &ConflictError{conflicts}
	}
	for _, p := range places {
		content, ok := merged[p]
		if !ok {
			continue
		}
		if now, readable := k.revs[p]; readable && k.present(p).Number > 0 && section.Equal(map[string]any(now.Content), map[string]any(content)) && !k.lost(p) {
			continue // nothing changed, and no signature goes stale
		}
		err := k.put(p, content)
		if err != nil {
			k.wrong.whole(p)
		}
		if err := k.tell(err); err != nil {
			return err
		}
	}
	return nil
}

// inSection puts the section's name before the paths of problems.
func inSection(name string, e *section.ValuesError) []section.Problem {
	out := slices.Clone(e.Problems)
	for i := range out {
		out[i].Path = strings.TrimSuffix(name+"."+out[i].Path, ".")
	}
	return out
}

// sign adds a signature of the draft. It refuses to sign what changed since the
// draft was begun: the signer has not seen it.
func (d *Draft) sign(k *composer, x signing) error {
	k.wrong.signs = append(k.wrong.signs, x.name)
	sig := k.template.Signature(x.name)
	if sig == nil {
		all := k.template.SignatureNames()
		if len(all) == 0 {
			return refuse(NotFound, "no signature %s: the template has none", x.name)
		}
		return refuse(NotFound, "no signature %s: there are %s", x.name, roleList(all))
	}
	covers := k.covers(sig, k.author.ID)
	var moved []Conflict
	for _, r := range covers {
		seen := d.base.present(r.Place)
		if own := slices.Contains(k.written, r.Place); own && r.Number != seen.Number+1 || !own && r != seen {
			moved = append(moved, Conflict{Path: r.Section, Signature: x.name})
		}
	}
	if len(moved) > 0 {
		return &ConflictError{moved}
	}
	if err := k.seen(sig, covers); err != nil {
		return err
	}
	language := x.language
	declared, ok := sig.Declare[language]
	if !ok {
		language, _, _ = strings.Cut(language, "-")
		declared, ok = sig.Declare[language]
	}
	if !ok {
		return refuse(BadSign, "the declaration of %s is there in %s, not in %s", x.name, strings.Join(slices.Sorted(maps.Keys(sig.Declare)), ", "), x.language)
	}
	return k.add(&entry.Sign{Role: sig.By, Signature: x.name, Language: language,
		Declaration: sign.Sum([]byte(declared)), Covers: covers})
}

// seen demands that the signer can open what he signs, unless the signature is
// blind: having a file is validity, but who was given one that is not what the
// log says, or none by the host, saw nothing.
func (k *composer) seen(sig *template.Signature, covers []entry.Revision) error {
	if sig.Blind {
		return nil
	}
	var unread []entry.Place
	for _, r := range covers {
		_, readable, err := k.revision(r.Place)
		if err != nil {
			return err
		}
		if !readable {
			unread = append(unread, r.Place)
		}
	}
	if len(unread) > 0 {
		return k.unread(sig.Name, k.author.ID, unread)
	}
	return nil
}
