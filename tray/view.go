package tray

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/tray/entry"
)

// View is what a participant can see of a tray at one moment: sections that it
// can open, opened, and the state of everything else. It never changes.
type View struct {
	State    *State
	me       *Person
	sections []*SectionView
}

// SectionView is one section, or one participant's instance of it.
type SectionView struct {
	entry.Place
	Status   Status
	Revision uint64    // 0 if nothing was written
	Author   string    // id of who wrote it
	Time     time.Time // when, as he claimed
	By       string    // where the viewer has a file that is Unreadable, Missing or Contradicting: who made it, which may be another who shared the section
	Editable bool      // may be written by the viewer now
	Anew     []string  // where the viewer cannot read it and nobody is left to share it: participants who may write it now
	content  section.Content
	schema   *section.Schema
}

// View opens what the participant can read of the tray as it was last verified
// (see [Tray.Sync]).
func (t *Tray) View(ctx context.Context) (*View, error) {
	return t.view(ctx, t.State())
}

// view opens what the participant can read of a state.
func (t *Tray) view(ctx context.Context, s *State) (*View, error) {
	v := &View{State: s, me: s.mine(t.as(s))}
	for _, sec := range s.template.Sections() {
		for _, instance := range s.allInstances([]string{sec.Name}) {
			p := s.placesOf([]string{sec.Name}, instance)[0]
			x := &SectionView{Place: p, schema: s.template.Schema(sec.Name)}
			if at := s.places[p]; at != nil {
				x.Revision, x.Author, x.Time = at.number, at.author, at.at
			}
			rev, status, by, err := t.revision(ctx, s, p, s.places[p])
			if err != nil {
				return nil, err
			}
			x.Status, x.By, x.content = status, by, rev.Content
			if v.me != nil {
				x.Editable = s.mayWrite(p, v.me)
				if waiting, _ := s.waitingFor(p); slices.Contains(waiting, v.me.ID) {
					_, x.Anew = s.givers(p, s.holders(p), v.me.ID)
				}
			}
			v.sections = append(v.sections, x)
		}
	}
	return v, nil
}

// Me gives the viewer, or nil for somebody who only looks.
func (v *View) Me() *Person { return v.me.copy() }

// Sections gives all sections in the template's order, and all instances of
// each.
func (v *View) Sections() []*SectionView { return slices.Clone(v.sections) }

// Section gives a section by name, the viewer's own instance where it is per a
// role. Where there is none, the result's Status is [None], and it holds nothing.
func (v *View) Section(name string) *SectionView {
	if sec := v.State.template.Section(name); sec != nil && len(sec.Per) > 0 && v.me != nil {
		return v.SectionOf(name, v.me.ID)
	}
	return v.SectionOf(name, "")
}

// SectionOf gives a participant's instance of a section that is per a role, as
// [View.Section] does.
func (v *View) SectionOf(name, participant string) *SectionView {
	p := entry.Place{Section: name, Instance: participant}
	i := slices.IndexFunc(v.sections, func(x *SectionView) bool { return x.Place == p })
	if i < 0 {
		return &SectionView{Place: p, Status: None, schema: noSchema}
	}
	return v.sections[i]
}

// noSchema is that of no section.
var noSchema = new(section.Schema)

// Get gives a field by section and path, as in "products.lines[0].price": in
// the forms that package section documents. ok is false if it is empty, or
// cannot be read.
func (v *View) Get(path string) (value any, ok bool) {
	x, rest := v.at(path)
	return x.Get(rest)
}

// Decode reads a section into a struct as [SectionView.Decode] does. It fails if
// the section cannot be read.
func (v *View) Decode(name string, into any) error {
	x := v.Section(name)
	if sec := v.State.template.Section(name); x.Status == None && sec != nil {
		return refuse(NotFound, "%s is per %s, and the viewer has none: name whose is meant (see View.SectionOf)", name, strings.Join(sec.Per, " and "))
	}
	return x.Decode(into)
}

// Get gives a field of the section by its path.
func (x *SectionView) Get(path string) (value any, ok bool) {
	p, err := section.ParsePath(path)
	if err != nil {
		return nil, false
	}
	value, ok = x.schema.Get(x.content, p)
	return clone(value), ok
}

// Content gives the whole section, or nil if it cannot be read.
func (x *SectionView) Content() section.Content {
	if x.content == nil {
		return nil
	}
	return section.Content(clone(map[string]any(x.content)).(map[string]any))
}

// clone copies a value, since what was opened is shared by all views of a handle.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = clone(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = clone(item)
		}
		return out
	}
	return v
}

// Decode reads the section into a struct, through its json tags. Exact numbers
// are texts there: a float takes no decimal and no money, which is an amount and
// its currency in one text. Where a value does not fit, what the struct held stays.
func (x *SectionView) Decode(into any) error {
	if x.Status == None {
		return refuse(NotFound, "no section %s", strings.Join(nonEmpty(x.Section, x.Instance), " of "))
	}
	if x.Status != Readable && x.Status != Unwritten {
		return fmt.Errorf("tray: section %s is %s", x.Section, x.Status)
	}
	data, err := x.schema.Encode(x.content)
	if err != nil {
		return err
	}
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return fmt.Errorf("tray: section %s is decoded through a pointer, which is not nil", x.Section)
	}
	whole := reflect.New(target.Type().Elem()) // so that no half of it is left behind
	whole.Elem().Set(target.Elem())
	if err := json.Unmarshal(data, whole.Interface()); err != nil {
		return fmt.Errorf("tray: section %s %s", x.Section, x.misfit(err))
	}
	target.Elem().Set(whole.Elem())
	return nil
}

// misfit says why a section was not decoded, without a value, which the decoder's
// own text may hold.
func (x *SectionView) misfit(err error) string {
	var misfit *json.UnmarshalTypeError
	if !errors.As(err, &misfit) || misfit.Field == "" {
		return "does not fit the type that it is decoded into"
	}
	kind := ""
	if p, err := section.ParsePath(misfit.Field); err == nil {
		if f, ok := x.schema.Field(p); ok {
			kind = ", of type " + string(f.Kind) + ","
		}
	}
	return fmt.Sprintf("does not fit: %s%s is decoded into %s", misfit.Field, kind, misfit.Type)
}

// Can tells what an event waits for if the participant fired it now, with
// everything that he can find out by reading: nothing if a draft can do so that
// says no more. What the draft that fires can bring itself is among it: a reason
// ([NeedReason]), a signature of his own ([NeedSignature]), fields and sections
// that he edits. A form that asks for these takes such blockers for what it is to
// ask, and leaves the event to be fired; the others are for somebody else, or
// another time.
func (t *Tray) Can(ctx context.Context, event string) ([]Blocker, error) {
	s := t.State()
	d := t.draft(s)
	d.Fire(event)
	return d.can(ctx, s)
}

// Can tells what would refuse the draft's event if it were committed now:
// nothing if it can be.
func (d *Draft) Can(ctx context.Context) ([]Blocker, error) {
	return d.can(ctx, d.t.State())
}

func (d *Draft) can(ctx context.Context, s *State) ([]Blocker, error) {
	k, err := d.compose(ctx, s)
	if left := (*UndecidedError)(nil); errors.As(err, &left) {
		return []Blocker{s.conditionBlocker(entry.Outcome{Condition: left.Condition, Instance: left.Instance, Result: notRun})}, nil
	}
	refusal, ok := err.(*Refusal)
	if !ok || k == nil || len(refusal.Blockers) == 0 || slices.ContainsFunc(k.told, func(r *Refusal) bool { return len(r.Blockers) == 0 }) {
		return nil, err // what cannot be said by blockers
	}
	return refusal.Blockers, nil
}
