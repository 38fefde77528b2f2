package tray

import (
	"context"
	"errors"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
)

// View shows what the tray would hold if the draft were committed where it was
// begun, with what is computed, so that a form can show a total before: the
// sections that the draft changes are shown as it leaves them, [Readable], with
// the revision that it builds on. State is that in which the draft was begun. What
// others did since is not in it; nor are values that fields do not take, which
// Commit tells together with what else it would refuse, nor computed fields that
// break. View fails with the [*Refusal] of Commit where a section cannot be put
// together at all, since only some fields are set of what cannot be read.
func (d *Draft) View(ctx context.Context) (*View, error) {
	v, err := d.t.view(ctx, d.base)
	if err != nil {
		return nil, err
	}
	k := d.t.compose(ctx, d.base, v.me)
	for p := range d.plan.edits {
		x := v.SectionOf(p.Section, p.Instance)
		if x.Status == None {
			continue
		}
		content, _, err := d.merge(k, p)
		if err != nil && !errors.As(err, new(*section.ValuesError)) && !errors.As(err, new(*rules.ComputeError)) {
			return nil, err
		}
		x.Status, x.content = Readable, content
	}
	return v, nil
}
