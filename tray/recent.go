package tray

import (
	"container/list"
	"sync"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/template"
)

// recent keeps where trays are that were asked for last, as far as memory goes:
// whoever makes many trays, or large ones, makes the others be replayed again,
// and no more. It is safe for concurrent use.
type recent[T interface{ at() *State }] struct {
	mu        sync.Mutex
	kept      map[sign.Hash]*list.Element // by tray
	order     list.List                   // of weighed[T], latest used first
	weight    int
	templates map[*template.Template]shared // since they hold it
}

// shared is a template, which all trays of it hold together.
type shared struct {
	trays  int // how many
	weight int
}

type weighed[T any] struct {
	value    T
	tray     sign.Hash
	template *template.Template
	weight   int
}

const (
	// maxRecent bounds the trays.
	maxRecent = 4096
	// maxRecentWeight bounds what their states and templates hold, in bytes.
	maxRecentWeight = 256 << 20
	// maxRecentTemplates bounds the templates that they are of.
	maxRecentTemplates = template.DefaultCache
)

// of gives what is kept of a tray, or nothing.
func (r *recent[T]) of(tray sign.Hash) (value T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.kept[tray]; e != nil {
		r.order.MoveToFront(e)
		value = e.Value.(weighed[T]).value
	}
	return value
}

// keep keeps value for its tray, unless what is kept is at a later entry, and
// gives what had to go for it.
func (r *recent[T]) keep(value T) (gone []T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := value.at()
	if e := r.kept[s.head.Tray]; e != nil {
		if e.Value.(weighed[T]).value.at().head.Length > s.head.Length {
			return nil
		}
		r.drop(e)
	}
	if r.kept == nil {
		r.kept, r.templates = make(map[sign.Hash]*list.Element), make(map[*template.Template]shared)
	}
	w := weighed[T]{value, s.head.Tray, s.template, s.weight()}
	r.kept[w.tray] = r.order.PushFront(w)
	r.weight += w.weight
	of := r.templates[w.template]
	if of.trays == 0 {
		of.weight = w.template.Weight()
		r.weight += of.weight
	}
	of.trays++
	r.templates[w.template] = of
	for len(r.kept) > maxRecent || len(r.templates) > maxRecentTemplates || r.weight > maxRecentWeight && len(r.kept) > 1 {
		gone = append(gone, r.drop(r.order.Back()))
	}
	return gone
}

// all gives what is kept, earliest used first.
func (r *recent[T]) all() (values []T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for e := r.order.Back(); e != nil; e = e.Prev() {
		values = append(values, e.Value.(weighed[T]).value)
	}
	return values
}

// forget drops what is kept of a tray.
func (r *recent[T]) forget(tray sign.Hash) (value T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.kept[tray]; e != nil {
		value = r.drop(e)
	}
	return value
}

func (r *recent[T]) drop(e *list.Element) T {
	w := r.order.Remove(e).(weighed[T])
	delete(r.kept, w.tray)
	r.weight -= w.weight
	of := r.templates[w.template]
	if of.trays--; of.trays == 0 {
		r.weight -= of.weight
		delete(r.templates, w.template)
	} else {
		r.templates[w.template] = of
	}
	return w.value
}

// What the parts of a state take, in bytes, measured.
const (
	stateWeight    = 4 << 10
	personWeight   = 1 << 10
	pqWeight       = 9 << 10 // of a post-quantum key, ready to encrypt to
	keyWeight      = 256     // of one that was used, with whose it is
	placeWeight    = 512
	readerWeight   = 80 // of a file
	revisionWeight = 160

	emptyWeight  = 56  // of a public section or a record in one, without any field
	recordWeight = 352 // with up to eight, and beyond them
	memberWeight = 80  // more for each
	listWeight   = 24
	itemWeight   = 16
	scalarWeight = 32 // and the bytes of a text, which may be rounded up by a quarter

	mapWeight = 64 // of what a state lists, in a map that it shares with no other state
)

// listed counts what a state has maps of: each of them it may share with none.
func (s *State) listed() int {
	return len(s.people) + len(s.keys) + len(s.invites) + len(s.closed) + len(s.places) + len(s.said) + len(s.signatures)
}

func (s *State) at() *State { return s }

// weight gives about how many bytes a state holds by itself.
func (s *State) weight() int {
	person := personWeight
	if s.suite == section.PQ {
		person += pqWeight
	}
	w := stateWeight + (len(s.people)+len(s.invites))*person + len(s.keys)*keyWeight + (s.blobs.len()+s.dropped.len())*len(sign.Hash{})
	w += len(s.closed) * placeWeight
	for _, i := range s.invites {
		w += len(i.files) * len(sign.Hash{})
	}
	for _, at := range s.places {
		for ; at != nil; at = at.before {
			w += placeWeight + at.weight + at.files.weight + len(at.unreadable)*readerWeight
		}
	}
	for _, a := range s.said {
		w += placeWeight + len(a.on)*revisionWeight
	}
	for _, g := range s.signatures {
		w += placeWeight + len(g.covers)*revisionWeight
	}
	return w
}

// weightOf gives about how many bytes a value of a public section takes. How many
// it was read from says little: a record of one field is 60 times its text.
func weightOf(v any) (w int) {
	switch v := v.(type) {
	case map[string]any:
		switch {
		case len(v) == 0:
			w = emptyWeight
		case len(v) <= 8:
			w = recordWeight
		default:
			w = recordWeight + len(v)*memberWeight
		}
		for _, value := range v {
			w += weightOf(value)
		}
	case []any:
		w = listWeight + cap(v)*itemWeight
		for _, item := range v {
			w += weightOf(item)
		}
	case string:
		w = scalarWeight + len(v)*5/4
	default:
		w = scalarWeight / 2
	}
	return w
}
