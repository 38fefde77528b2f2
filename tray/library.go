package tray

import (
	"time"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// With gives the way to a host for an application that has functions and formats
// of its own: a handle that is opened through it ([Open], [Join], [Resume],
// [Verify]) evaluates with them what the tray's template needs. To create a tray,
// give them to the template: [template.Template.With].
//
//	host := tray.With(host, rules.Library{Functions: …})
//	t, err := tray.Open(ctx, host, id, me)
//
// Opening a tray fails with a *[rules.LibraryError] where its template declares
// a function that the library has under that name, and that is called otherwise.
// Without the library, or of what it does not have, a handle evaluates and
// attests nothing, and others do. A host needs none: what it evaluates is public.
// Given to [NewHost] instead, the library is that of the handles on the host.
func With(host store.Store, l rules.Library) store.Store {
	return &equipped{Store: host, templates: template.Cache{Library: l}}
}

// equipped is a host as an application with a library sees it.
type equipped struct {
	store.Store
	templates template.Cache
}

// Clock is the host's, if it has one to ask.
func (e *equipped) Clock() time.Time { return clock(e.Store) }
